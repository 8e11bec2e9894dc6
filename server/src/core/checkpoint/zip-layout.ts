/**
 * Lays out a zip the way torch.save does: records stored, data at multiples of 64, sizes in descriptors and directory,
 * zip64 where it must be and always at the end (caffe2/serialize/inline_container.cc and its miniz).
 */

import { encodeUtf8 } from './bytes.ts'

export interface ZipRecord {
  readonly name: string
  readonly bytes: number
}

export interface PlacedRecord extends ZipRecord {
  readonly headerOffset: number
  readonly start: number
  /** Local header with its padding; sizes and checksum are zero in it. */
  readonly header: Uint8Array
}

export interface ZipLayout {
  readonly records: readonly PlacedRecord[]
  readonly directoryOffset: number
  readonly totalBytes: number
}

const alignment = 64
const wideLimit = 0xffffffff

export function layOutZip(root: string, records: readonly ZipRecord[]): ZipLayout {
  const placed: PlacedRecord[] = []
  let at = 0
  let directoryBytes = 0
  for (const { name, bytes } of records) {
    const path = encodeUtf8(`${root}/${name}`)
    const wide = wideExtra(bytes, at)
    const bare = at + 30 + path.length + wide.length + 4
    const start = Math.ceil(bare / alignment) * alignment
    placed.push({ name, bytes, headerOffset: at, start, header: localHeader(path, wide, start - bare) })
    directoryBytes += 46 + path.length + directoryExtra(bytes, at).length
    at = start + bytes + descriptorBytes(bytes, at)
  }
  return { records: placed, directoryOffset: at, totalBytes: at + directoryBytes + 98 }
}

/** What follows the data of a record: its checksum and sizes. */
export function dataDescriptor(record: PlacedRecord, crc: number): Uint8Array {
  const length = descriptorBytes(record.bytes, record.headerOffset)
  const bytes = new Uint8Array(length)
  if (length === 0) return bytes
  const view = new DataView(bytes.buffer)
  view.setUint32(0, 0x08074b50, true)
  view.setUint32(4, crc, true)
  if (length === 16) {
    view.setUint32(8, record.bytes, true)
    view.setUint32(12, record.bytes, true)
  } else {
    view.setBigUint64(8, BigInt(record.bytes), true)
    view.setBigUint64(16, BigInt(record.bytes), true)
  }
  return bytes
}

/** The directory and the end records; `crcs` are the checksums of the records in their order. */
export function directoryOf(root: string, layout: ZipLayout, crcs: readonly number[]): Uint8Array {
  const parts: Uint8Array[] = []
  layout.records.forEach((record, index) => { parts.push(directoryEntry(encodeUtf8(`${root}/${record.name}`), record, crcs[index]!)) })
  const bytes = parts.reduce((sum, part) => sum + part.length, 0)
  const end = new Uint8Array(98)
  const view = new DataView(end.buffer)
  const count = layout.records.length
  view.setUint32(0, 0x06064b50, true)
  view.setBigUint64(4, 44n, true)
  view.setUint16(12, 0x031e, true)
  view.setUint16(14, 45, true)
  view.setBigUint64(24, BigInt(count), true)
  view.setBigUint64(32, BigInt(count), true)
  view.setBigUint64(40, BigInt(bytes), true)
  view.setBigUint64(48, BigInt(layout.directoryOffset), true)
  view.setUint32(56, 0x07064b50, true)
  view.setBigUint64(64, BigInt(layout.directoryOffset + bytes), true)
  view.setUint32(72, 1, true)
  view.setUint32(76, 0x06054b50, true)
  view.setUint16(84, Math.min(count, 0xffff), true)
  view.setUint16(86, Math.min(count, 0xffff), true)
  view.setUint32(88, Math.min(bytes, wideLimit), true)
  view.setUint32(92, Math.min(layout.directoryOffset, wideLimit), true)
  return joined([...parts, end])
}

function localHeader(path: Uint8Array, wide: Uint8Array, padding: number): Uint8Array {
  const header = new Uint8Array(30)
  const view = new DataView(header.buffer)
  view.setUint32(0, 0x04034b50, true)
  view.setUint16(4, wide.length > 0 ? 45 : 0, true)
  view.setUint16(6, 0x0808, true)
  view.setUint16(26, path.length, true)
  view.setUint16(28, wide.length + 4 + padding, true)
  const fill = new Uint8Array(4 + padding).fill(0x5a)
  fill.set([0x46, 0x42, padding & 0xff, padding >> 8])
  return joined([header, path, wide, fill])
}

function directoryEntry(path: Uint8Array, record: PlacedRecord, crc: number): Uint8Array {
  const extra = directoryExtra(record.bytes, record.headerOffset)
  const entry = new Uint8Array(46)
  const view = new DataView(entry.buffer)
  view.setUint32(0, 0x02014b50, true)
  view.setUint16(6, extra.length > 0 ? 45 : 0, true)
  view.setUint16(8, 0x0808, true)
  view.setUint32(16, crc, true)
  view.setUint32(20, Math.min(record.bytes, wideLimit), true)
  view.setUint32(24, Math.min(record.bytes, wideLimit), true)
  view.setUint16(28, path.length, true)
  view.setUint16(30, extra.length, true)
  view.setUint32(42, Math.min(record.headerOffset, wideLimit), true)
  return joined([entry, path, extra])
}

/** The zip64 field of a local header: sizes, which a descriptor repeats. */
function wideExtra(bytes: number, headerOffset: number): Uint8Array {
  return wideField(bytes >= wideLimit ? [bytes, bytes] : [], headerOffset)
}

function directoryExtra(bytes: number, headerOffset: number): Uint8Array {
  return wideField(bytes >= wideLimit ? [bytes, bytes] : [], headerOffset)
}

function wideField(sizes: readonly number[], headerOffset: number): Uint8Array {
  const values = headerOffset >= wideLimit ? [...sizes, headerOffset] : sizes
  if (values.length === 0) return new Uint8Array(0)
  const field = new Uint8Array(4 + values.length * 8)
  const view = new DataView(field.buffer)
  view.setUint16(0, 1, true)
  view.setUint16(2, values.length * 8, true)
  values.forEach((value, index) => { view.setBigUint64(4 + index * 8, BigInt(value), true) })
  return field
}

function descriptorBytes(bytes: number, headerOffset: number): number {
  return bytes === 0 ? 0 : bytes >= wideLimit || headerOffset >= wideLimit ? 24 : 16
}

export function joined(parts: readonly Uint8Array[]): Uint8Array {
  const bytes = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0))
  let at = 0
  for (const part of parts) {
    bytes.set(part, at)
    at += part.length
  }
  return bytes
}
