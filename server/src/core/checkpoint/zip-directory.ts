/**
 * Lists a zip from its central directory alone, by the rules of the reader inside torch (miniz): the last end record
 * wins, names are found without regard to case, local headers count for nothing.
 */

import type { Inflate } from '../ports.ts'
import type { Reader } from './bytes.ts'
import { encodeUtf8, u16, u32, u64 } from './bytes.ts'
import * as limits from './limits.ts'
import { ZipEntries } from './zip-entries.ts'
import type { ZipEntry } from './zip-entries.ts'

export interface ZipDirectory {
  readonly entries: ZipEntries
  readonly offset: number
  readonly bytes: number
  /** Where the first of the end records starts (zip64 record, locator or end record). */
  readonly endOffset: number
  /** Just past the end record and its comment, or the end of the file. */
  readonly end: number
  /** Why torch refuses the whole archive although it can be listed. */
  readonly refusal: string | undefined
}

export interface ReadFault {
  readonly fault: string
  readonly at: number
}

export function isFault(value: unknown): value is ReadFault {
  return typeof value === 'object' && value !== null && 'fault' in value
}

const endSignature = 0x06054b50
const locatorSignature = 0x07064b50
const end64Signature = 0x06064b50
const entrySignature = 0x02014b50
const localSignature = 0x04034b50

export function readZipDirectory(reader: Reader): ZipDirectory | ReadFault {
  const found = findEnd(reader)
  if (isFault(found)) return found
  const { at: endAt, record: end } = found
  const diskEntries = u16(end, 8)
  let total = u16(end, 10)
  let onDisk = diskEntries
  let bytes = u32(end, 12)
  let offset = u32(end, 16)
  let disk = u16(end, 4)
  let startDisk = u16(end, 6)
  let endOffset = endAt
  if (endAt >= 76) {
    const locator = reader.read(endAt - 20, 20)
    if (locator.length === 20 && u32(locator, 0) === locatorSignature) {
      const at = u64(locator, 8)
      if (at > reader.bytes - 56) return { fault: 'the zip64 end record lies outside the file', at: endAt - 20 }
      const record = reader.read(at, 56)
      if (record.length === 56 && u32(record, 0) === end64Signature) {
        if (u64(record, 4) < 44) return { fault: 'the zip64 end record is too short', at }
        if (u32(locator, 16) !== 1) return { fault: 'the archive is spread over several disks', at: endAt - 20 }
        onDisk = u64(record, 24)
        total = u64(record, 32)
        bytes = u64(record, 40)
        offset = u64(record, 48)
        disk = u32(record, 16)
        startDisk = u32(record, 20)
        endOffset = Math.min(at, endAt)
      }
    }
  }
  if (total !== onDisk || ((disk !== 0 || startDisk !== 0) && (disk !== 1 || startDisk !== 1))) return { fault: 'the archive is spread over several disks', at: endAt }
  if (bytes < total * 46) return { fault: `a directory of ${String(bytes)} bytes cannot hold ${String(total)} records`, at: endAt }
  if (offset + bytes > reader.bytes) return { fault: 'the directory lies outside the file', at: endAt }
  if (total > limits.zipEntries || bytes > limits.zipDirectoryBytes) return { fault: `the directory has ${String(total)} records, more than this reader takes`, at: endAt }
  const listed = readEntries(reader, offset, bytes, total, disk)
  if (isFault(listed)) return listed
  const commentEnd = Math.min(endAt + 22 + u16(end, 20), reader.bytes)
  return { entries: listed.entries, offset, bytes, endOffset: Math.max(endOffset, 0), end: commentEnd, refusal: listed.refusal }
}

function findEnd(reader: Reader): { readonly at: number, readonly record: Uint8Array } | ReadFault {
  for (const reach of [limits.zipTailBytes, limits.zipSearchBytes]) {
    const start = Math.max(0, reader.bytes - reach)
    const tail = reader.keep(start, reader.bytes - start)
    for (let index = tail.length - 22; index >= 0; index--) {
      if (tail[index] === 0x50 && u32(tail, index) === endSignature) return { at: start + index, record: tail.subarray(index, index + 22) }
    }
    if (start === 0) break
  }
  return { fault: 'the end of the zip directory is missing: the file is cut off, or was not written to its end', at: reader.bytes }
}

function readEntries(reader: Reader, offset: number, bytes: number, total: number, disk: number): { readonly entries: ZipEntries, readonly refusal: string | undefined } | ReadFault {
  const directory = reader.read(offset, bytes)
  const entries = new ZipEntries(directory, total)
  let refusal: string | undefined
  let at = 0
  for (let index = 0; index < total; index++) {
    if (at + 46 > directory.length || u32(directory, at) !== entrySignature) return { fault: `record ${String(index)} of the zip directory is broken`, at: offset + at }
    const flags = u16(directory, at + 8)
    const method = u16(directory, at + 10)
    const nameBytes = u16(directory, at + 28)
    const extraBytes = u16(directory, at + 30)
    const size = 46 + nameBytes + extraBytes + u16(directory, at + 32)
    if (at + size > directory.length) return { fault: `record ${String(index)} of the zip directory passes its end`, at: offset + at }
    let compressed = u32(directory, at + 20)
    let plain = u32(directory, at + 24)
    let header = u32(directory, at + 42)
    if (compressed === 0xffffffff || plain === 0xffffffff || header === 0xffffffff) {
      const wide = zip64Sizes(directory, at + 46 + nameBytes, extraBytes, { compressed, plain, header })
      if (wide === undefined) return { fault: `the 64-bit sizes of record ${String(index)} are missing`, at: offset + at }
      compressed = wide.compressed
      plain = wide.plain
      header = wide.header
    }
    const entryDisk = u16(directory, at + 34)
    if (entryDisk === 0xffff || (entryDisk !== disk && entryDisk !== 1)) return { fault: 'the archive is spread over several disks', at: offset + at }
    if ((method === 0 && compressed !== plain) || (plain > 0 && compressed === 0)) return { fault: `the sizes of record ${String(index)} contradict each other`, at: offset + at }
    if (header + 30 + compressed > reader.bytes) return { fault: `record ${String(index)} of the zip lies outside the file`, at: offset + at }
    if (flags & 0x2000) refusal ??= 'its directory is encrypted'
    const nameAt = at + 46
    let nameEnd = nameAt + nameBytes
    for (let scan = nameAt; scan < nameEnd; scan++) {
      if (directory[scan] === 0) {
        nameEnd = scan
        break
      }
    }
    entries.note(index, at, nameEnd - nameAt, compressed, plain, header)
    at += size
  }
  return { entries, refusal }
}

/** Sizes and offset with their 64-bit values where the 32-bit ones are full; undefined when those are missing. */
function zip64Sizes(bytes: Uint8Array, start: number, length: number, raw: { readonly compressed: number, readonly plain: number, readonly header: number }): typeof raw | undefined {
  for (let at = start; at + 4 <= start + length;) {
    const size = u16(bytes, at + 2)
    if (u16(bytes, at) === 1) {
      let field = at + 4
      const end = Math.min(at + 4 + size, start + length)
      const next = (value: number): number => {
        if (value !== 0xffffffff) return value
        field += 8
        return field <= end ? u64(bytes, field - 8) : NaN
      }
      const plain = next(raw.plain)
      const compressed = next(raw.compressed)
      const header = next(raw.header)
      return Number.isNaN(plain + compressed + header) ? undefined : { plain, compressed, header }
    }
    at += 4 + size
  }
  return raw
}

/** Where the data of an entry starts, from its local header; a fault when there is no header. */
export function dataOffset(reader: Reader, entry: ZipEntry): number | ReadFault {
  const header = reader.read(entry.headerOffset, 30)
  if (header.length < 30 || u32(header, 0) !== localSignature) return { fault: `${entry.name}: its local header is missing`, at: entry.headerOffset }
  const start = entry.headerOffset + 30 + u16(header, 26) + u16(header, 28)
  if (start + entry.compressedBytes > reader.bytes) return { fault: `${entry.name}: its data passes the end of the file`, at: start }
  return start
}

/** The content of an entry, inflated where it is deflated, as torch would get it. */
export function readEntry(reader: Reader, entry: ZipEntry, inflate: Inflate, maxBytes: number, { evenEncrypted = false }: { readonly evenEncrypted?: boolean } = {}): Uint8Array | ReadFault {
  if (!evenEncrypted && entry.flags & 0x61) return { fault: `${entry.name} is encrypted`, at: entry.headerOffset }
  if (entry.method !== 0 && entry.method !== 8) return { fault: `${entry.name} is compressed with method ${String(entry.method)}, which torch does not read`, at: entry.headerOffset }
  if (entry.bytes > maxBytes || entry.compressedBytes > maxBytes) return { fault: `${entry.name} has ${String(entry.bytes)} bytes, more than this reader takes`, at: entry.headerOffset }
  if (entry.compressedBytes === 0) return new Uint8Array(0)
  // One read for the header and, where its padding is torch's own, the data.
  reader.keep(entry.headerOffset, 30 + entry.nameBytes + 128 + entry.compressedBytes)
  const start = dataOffset(reader, entry)
  if (isFault(start)) return start
  const data = reader.read(start, entry.compressedBytes)
  if (data.length < entry.compressedBytes) return { fault: `${entry.name} cannot be read to its end`, at: start }
  if (entry.method === 0) return data
  const plain = inflate(data, entry.bytes)
  return plain?.length === entry.bytes ? plain : { fault: `${entry.name} does not inflate to the ${String(entry.bytes)} bytes it promises`, at: start }
}

/** Finds an entry by name the way torch does. */
export type FindEntry = (name: string) => ZipEntry | undefined

/** What finding entries needs: names that are no plain storages by folded name, storages by their number. */
export interface EntryFinder {
  readonly find: FindEntry
  /** Position of the entry `<root>/data/<number>`, by its number; -1 when there is none. */
  readonly storage: (number: number) => number
  /** True when names stand twice, so that readers may differ. */
  readonly ambiguous: boolean
}

/**
 * miniz sorts the names with an unstable heap sort, without regard to the case of ASCII letters, and searches them by
 * halves; with names that stand twice, which entry it meets first depends on all the others, so the sort is repeated
 * here. Without any, storages are found by their number and only the other names are put into a table.
 */
export function entryFinder(entries: ZipEntries, root: string): EntryFinder {
  const prefix = encodeUtf8(`${root}/data/`)
  const byNumber = new Int32Array(entries.length * 2).fill(-1)
  const byName = new Map<string, number>()
  let ambiguous = false
  const storage = (number: number): number => number < byNumber.length ? byNumber[number]! : -1
  const others: number[] = []
  for (let index = 0; index < entries.length; index++) {
    const number = entries.numberAfter(index, prefix)
    if (number >= 0 && number < byNumber.length) {
      ambiguous ||= byNumber[number] !== -1
      byNumber[number] = index
    } else others.push(index)
  }
  const foldedPrefix = foldCase(`${root}/data/`)
  const find = (name: string): ZipEntry | undefined => {
    const folded = foldCase(name)
    if (folded.startsWith(foldedPrefix) && /^(0|[1-9]\d{0,8})$/.test(folded.slice(foldedPrefix.length))) {
      const found = storage(Number(folded.slice(foldedPrefix.length)))
      if (found >= 0) return entries.get(found)
    }
    const index = byName.get(folded)
    return index === undefined ? undefined : entries.get(index)
  }
  for (const index of others) {
    const name = foldCase(entries.name(index))
    ambiguous ||= find(name) !== undefined
    byName.set(name, index)
  }
  if (!ambiguous) return { find, storage, ambiguous }
  const exact = searchAsTorch(entries)
  return { find: exact, storage: (number) => exact(`${root}/data/${String(number)}`)?.index ?? -1, ambiguous }
}

function searchAsTorch(entries: ZipEntries): FindEntry {
  const names = Array.from(entries, (entry) => foldCase(entry.name))
  const order = heapSorted(names)
  return (name) => {
    const wanted = foldCase(name)
    let low = 0
    let high = order.length - 1
    while (low <= high) {
      const middle = low + ((high - low) >> 1)
      const here = names[order[middle]!]!
      if (here === wanted) return entries.get(order[middle]!)
      if (here < wanted) low = middle + 1
      else high = middle - 1
    }
    return undefined
  }
}

/** Indices of the names in the order in which miniz leaves them. */
function heapSorted(names: readonly string[]): number[] {
  const order = names.map((_, index) => index)
  const less = (a: number, b: number): boolean => names[order[a]!]! < names[order[b]!]!
  const swap = (a: number, b: number): void => { [order[a], order[b]] = [order[b]!, order[a]!] }
  const sift = (from: number, size: number): void => {
    for (let root = from; ;) {
      let child = root * 2 + 1
      if (child >= size) return
      if (child + 1 < size && less(child, child + 1)) child += 1
      if (!less(root, child)) return
      swap(root, child)
      root = child
    }
  }
  for (let start = (order.length - 2) >> 1; start >= 0; start--) sift(start, order.length)
  for (let end = order.length - 1; end > 0; end--) {
    swap(end, 0)
    sift(0, end)
  }
  return order
}

export function foldCase(name: string): string {
  return /[A-Z]/.test(name) ? name.replaceAll(/[A-Z]+/g, (letters) => letters.toLowerCase()) : name
}
