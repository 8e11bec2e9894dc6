/**
 * The bytes of the zip container that torch.save writes around records of known lengths. Owns alignment, data
 * descriptors, zip64 and the central directory; knows nothing of what the records hold.
 * Source: the behaviour of PyTorchStreamWriter and miniz, measured (test/oracle/serialize).
 */

import { utf8Bytes } from './pickle-bytes.ts'

const LOCAL_HEADER = 30
const CENTRAL_HEADER = 46
/** Zip64 end record, its locator and the end record: always written. */
const END_RECORDS = 56 + 20 + 22
/** Id and length of an extra field. */
const EXTRA_HEADER = 4
const ALIGNMENT = 64
/** From here on a length or an offset moves into a zip64 extra field. */
const ZIP64_FROM = 0xffffffff
const DESCRIPTOR = 16
const DESCRIPTOR64 = 24

/** Growing totals of an archive. */
export interface ArchiveMeter {
  readonly rootBytes: number
  position: number
  directory: number
}

/** `root` is the folder inside the archive, without its slash. */
export function startArchive(root: string): ArchiveMeter {
  return { rootBytes: utf8Bytes(root) + 1, position: 0, directory: 0 }
}

/** Appends a record, stored uncompressed, its data aligned. `name` is ASCII. */
export function addRecord(meter: ArchiveMeter, name: string, bytes: number): void {
  const nameBytes = meter.rootBytes + name.length
  const longLength = bytes >= ZIP64_FROM
  const longOffset = meter.position >= ZIP64_FROM
  const isZip64 = longLength || longOffset
  // A local header repeats both lengths, stored and original; so does the directory's.
  const zip64 = isZip64 ? EXTRA_HEADER + (longLength ? 16 : 0) + (longOffset ? 8 : 0) : 0
  const start = roundUp(meter.position + LOCAL_HEADER + nameBytes + zip64 + EXTRA_HEADER)
  meter.position = start + bytes + (bytes === 0 ? 0 : isZip64 ? DESCRIPTOR64 : DESCRIPTOR)
  meter.directory += CENTRAL_HEADER + nameBytes + zip64
}

/** The bytes of the file once the directory is written. */
export function archiveBytes(meter: ArchiveMeter): number {
  return meter.position + meter.directory + END_RECORDS
}

/**
 * The folder that torch names after the file: the last part of the path without its last extension.
 * `undefined` where nothing is left, which torch refuses.
 */
export function archiveRoot(fileName: string): string | undefined {
  const base = fileName.slice(Math.max(fileName.lastIndexOf('/'), fileName.lastIndexOf('\\')) + 1)
  const dot = base.lastIndexOf('.')
  const root = dot < 0 ? base : base.slice(0, dot)
  return root === '' ? undefined : root
}

function roundUp(position: number): number {
  return Math.ceil(position / ALIGNMENT) * ALIGNMENT
}
