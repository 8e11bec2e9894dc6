/** A zip seen as torch sees it: how its records are found, where their data starts, and why torch refuses the whole. Reads no pickle. */

import type { Anatomy } from './anatomy.ts'
import { encodeUtf8, latin1 } from './bytes.ts'
import * as limits from './limits.ts'
import type { Reading } from './reading.ts'
import { isFault, readEntry, dataOffset, entryFinder } from './zip-directory.ts'
import type { EntryFinder, FindEntry, ZipDirectory } from './zip-directory.ts'
import type { ZipEntries, ZipEntry } from './zip-entries.ts'

/** A zip with the records of a torch archive, seen as torch sees it. */
export interface TorchArchive {
  readonly directory: ZipDirectory
  readonly root: string
  readonly find: FindEntry
  readonly storage: EntryFinder['storage']
  /** True when names stand twice, so that readers may differ. */
  readonly ambiguous: boolean
  /** Where the data of every entry starts, by its position in the directory; NaN where that is not known. */
  readonly starts: Float64Array
}

/** Offset of the first byte of an entry's data; undefined where it is not known. */
export function startOf(archive: TorchArchive, entry: ZipEntry): number | undefined {
  const start = archive.starts[entry.index]!
  return Number.isNaN(start) ? undefined : start
}

/** The record of that name, the way torch looks it up. */
export function record(archive: TorchArchive, name: string): ZipEntry | undefined {
  return archive.find(`${archive.root}/${name}`)
}

export function openArchive(reading: Reading, directory: ZipDirectory): TorchArchive {
  const first = directory.entries.length === 0 ? '' : directory.entries.name(0)
  const root = first.includes('/') ? first.slice(0, first.indexOf('/')) : ''
  return { directory, root, ...entryFinder(directory.entries, root), starts: layOut(reading, directory) }
}

/** Why torch refuses the archive before it looks at any pickle; undefined when it does not. */
export function archiveRefusal(reading: Reading, archive: TorchArchive): string | undefined {
  const { directory, root } = archive
  if (directory.refusal) return directory.refusal
  if (directory.entries.length === 0) return 'the archive is empty'
  if (root === '') return `${directory.entries.name(0)} is not in a folder of the archive`
  const version = record(archive, '.data/version') ?? record(archive, 'version')
  if (version === undefined) return 'the archive has no version record'
  const text = readEntry(reading.reader, version, reading.options.inflate, 4096)
  if (isFault(text)) return text.fault
  const number = /^\s*[+-]?(\d{1,19})/.exec(latin1(text, 0, text.length))
  if (number === null) return 'the version record of the archive is no number'
  if (Number(number[1]) < 1 || Number(number[1]) > 10) return `the archive has version ${number[1]!}, torch reads 1 to 10`
  const folder = encodeUtf8(`${root}/`)
  const { entries } = directory
  for (let index = 0; index < entries.length; index++) {
    if (!entries.isValidName(index)) return `a name in the archive is not UTF-8 (${entries.name(index).slice(0, 40)})`
    if (!entries.startsWith(index, folder)) return `${entries.name(index)} is not in the folder ${root} of the archive`
  }
  return undefined
}

/**
 * Claims headers, padding, directory and end records, and finds where each entry's data starts. torch pads headers so
 * that data begins at a multiple of the alignment; where the next header stands exactly there, no local header needs
 * to be read. Other archives have theirs read, up to a limit.
 */
function layOut(reading: Reading, { entries, ...directory }: ZipDirectory): Float64Array {
  const { reader, anatomy } = reading
  const starts = new Float64Array(entries.length).fill(Number.NaN)
  const sorted = inFileOrder(entries)
  let alignment = 64
  let aligned = 0
  let headersRead = 0
  let headers = 0
  let padding = 0
  let told = false
  for (let position = 0; position < sorted.length; position++) {
    const index = sorted[position]!
    const next = position + 1 < sorted.length ? entries.headerOffset[sorted[position + 1]!]! : directory.offset
    const headerOffset = entries.headerOffset[index]!
    const bare = headerOffset + 30 + entries.nameBytes(index)
    let start = predicted(entries, index, bare, alignment, next)
    if (start < 0 && aligned < 3) {
      alignment = alignments.find((candidate) => predicted(entries, index, bare, candidate, next) >= 0) ?? alignment
      start = predicted(entries, index, bare, alignment, next)
    }
    if (start >= 0) aligned += 1
    else if (headersRead < limits.localHeaders) {
      headersRead += 1
      const found = dataOffset(reader, entries.get(index))
      if (!isFault(found)) start = found
      else if (entries.compressedBytes[index]! > 0) reading.problem('warning', found.fault, found.at)
    }
    if (start < 0) {
      if (!told) {
        told = true
        claimFrames(anatomy, entries, sorted, position, starts)
      }
      anatomy.add(headerOffset, Math.min(next, bare), 'container')
      continue
    }
    starts[index] = start
    const headerEnd = Math.min(start, bare + 4)
    const end = start + entries.compressedBytes[index]!
    if (aligned === position + 1) {
      // So far every record stands exactly where torch puts it: headers need no claims of their own.
      headers += headerEnd - headerOffset + (next - end)
      padding += start - headerEnd
      continue
    }
    if (aligned === position || !told) {
      // The first record that does not: those before it are claimed one by one after all.
      told = true
      claimFrames(anatomy, entries, sorted, position, starts)
    }
    anatomy.add(headerOffset, headerEnd, 'container')
    anatomy.add(headerEnd, start, 'padding')
    // A data descriptor: 12 to 24 bytes.
    if (next > end && next - end <= 24 && entries.flags(index) & 8) anatomy.add(end, next, 'container')
  }
  anatomy.add(directory.offset, directory.offset + directory.bytes, 'container')
  anatomy.add(Math.max(directory.endOffset, directory.offset + directory.bytes), directory.end, 'container')
  if (aligned === sorted.length && sorted.length > 0) anatomy.tile(entries.headerOffset[sorted[0]!]!, directory.offset, headers, padding)
  if (aligned > 0 && headersRead === 0 && aligned === countKnown(starts)) reading.alignment = alignment
  return starts
}

function countKnown(starts: Float64Array): number {
  return starts.reduce((count, start) => Number.isNaN(start) ? count : count + 1, 0)
}

/** Alignments that torch has used or can be told to use, the usual one first. */
const alignments = [64, 4096, 32, 16, 128, 256, 512, 1024, 2048]

/** Positions of the entries by where they stand in the file, which is nearly always the order of the directory. */
function inFileOrder({ length, headerOffset }: ZipEntries): Uint32Array {
  const order = new Uint32Array(length)
  for (let index = 0; index < length; index++) order[index] = index
  for (let index = 1; index < length; index++) if (headerOffset[index]! < headerOffset[index - 1]!) return order.sort((a, b) => headerOffset[a]! - headerOffset[b]! || a - b)
  return order
}

/** Claims headers, padding and descriptors of the first records one by one. */
function claimFrames(anatomy: Anatomy, entries: ZipEntries, sorted: Uint32Array, count: number, starts: Float64Array): void {
  for (let position = 0; position < count; position++) {
    const index = sorted[position]!
    const start = starts[index]!
    if (Number.isNaN(start)) continue
    const headerEnd = Math.min(start, entries.headerOffset[index]! + 30 + entries.nameBytes(index) + 4)
    anatomy.add(entries.headerOffset[index]!, headerEnd, 'container')
    anatomy.add(headerEnd, start, 'padding')
    anatomy.add(start + entries.compressedBytes[index]!, entries.headerOffset[sorted[position + 1]!]!, 'container')
  }
}

/** The start of the data by torch's own padding, when header, data and descriptor end exactly where the next header stands; -1 when they do not. */
function predicted(entries: ZipEntries, index: number, bare: number, alignment: number, next: number): number {
  if (!(entries.flags(index) & 8)) return -1
  const headerOffset = entries.headerOffset[index]!
  const compressedBytes = entries.compressedBytes[index]!
  if (headerOffset < 0xffffffff && compressedBytes < 0xffffffff) {
    const start = alignedAfter(bare + 4, alignment)
    return start + compressedBytes + (compressedBytes === 0 ? 0 : 16) === next ? start : -1
  }
  const extra = 4 + (compressedBytes >= 0xffffffff ? 16 : 0) + (headerOffset >= 0xffffffff ? 8 : 0)
  for (const more of [extra, 12, 20, 28, 0]) {
    const start = alignedAfter(bare + more + 4, alignment)
    if (start + compressedBytes + (compressedBytes === 0 ? 0 : 24) === next) return start
  }
  return -1
}

/** The next multiple of the alignment, in whole numbers only. */
function alignedAfter(at: number, alignment: number): number {
  const over = at % alignment
  return over === 0 ? at : at + alignment - over
}
