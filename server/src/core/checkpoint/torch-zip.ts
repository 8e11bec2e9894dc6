/** Reads what torch.save writes since 1.6: a zip with `<root>/data.pkl` and one record per storage. */

import type { Anatomy } from './anatomy.ts'
import type { Checkpoint } from './checkpoint.ts'
import { isFault, readEntry, dataOffset, entryFinder, foldCase } from './zip-directory.ts'
import type { EntryFinder, FindEntry, ReadFault, ZipDirectory } from './zip-directory.ts'
import type { ZipEntries, ZipEntry } from './zip-entries.ts'
import { encodeUtf8, latin1, startsWith } from './bytes.ts'
import { assemble } from './content.ts'
import type { StoredStorage } from './storage-record.ts'
import * as limits from './limits.ts'
import { PickleInput } from './pickle-input.ts'
import { runPickle } from './pickle-machine.ts'
import { PickleScan, scanAll } from './pickle-scan.ts'
import type { Reading } from './reading.ts'
import { storageOfPersistent } from './tensor-values.ts'
import { StorageRecord } from './storage-record.ts'
import { StorageTable } from './storage-table.ts'
import type { Storages } from './storage-table.ts'
import type { PyPersistent, StorageId, Value } from './values.ts'
import { walk } from './walk.ts'
import { isAtLeast } from './torch-release.ts'
import { formatBytes, formatCount } from '../measure/format.ts'

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

const storedNames = new Set(['data.pkl', 'version', 'byteorder', '.format_version', '.storage_alignment', '.data/serialization_id', '.data/version'])

export function readTorchZip(reading: Reading, archive: TorchArchive): Checkpoint {
  const { reader, anatomy, judge } = reading
  const refusal = archiveRefusal(reading, archive)
  if (refusal) {
    judge?.refuse(refusal)
    reading.problem('error', `torch refuses this archive: ${refusal}`)
  }
  warnOfDuplicates(reading, archive)
  const entry = record(archive, 'data.pkl')!
  const opened = openPickle(reading, archive, entry)
  if (isFault(opened)) {
    judge?.refuse(opened.fault)
    reading.problem('error', opened.fault, opened.at)
    scanOthers(reading, archive, new Set(['data.pkl']))
    claimRecords(reading, archive, { unnamed: 'unknown' })
    return reading.finish('torch-zip', 'other', reading.verdict())
  }
  const scan = new PickleScan(reading.seen, judge, { usualTensors: 'zip' })
  const result = runPickle(opened, scan)
  if (result.error) {
    if (result.overBudget) judge?.doubtThat(`data.pkl: ${result.error.message}`)
    else judge?.refuse(`data.pkl is broken: ${result.error.message}`)
    reading.problem('error', `data.pkl: ${result.error.message}${result.overBudget ? `; ${storageTotals(archive)}` : ''}`, result.error.at)
  }
  const byteOrder = readByteOrder(reading, archive)
  reading.torchVersionHint = versionHint(archive)
  const { storages, used } = findStorages(reading, archive, scan.persistentIds)
  // Of a pickle that broke off nobody knows which storages it names.
  scanOthers(reading, archive, storedNames, result.value === undefined ? undefined : used)
  claimRecords(reading, archive, { used, unnamed: result.value === undefined ? 'unknown' : 'unreachable' })
  if (result.value === undefined) return reading.finish('torch-zip', 'other', reading.verdict())
  const kind = describe(reading, result.value, storages, byteOrder === 'big')
  if (opened.left > 0 && entry.method === 0) reading.problem('warning', `${String(opened.left)} bytes follow the pickle in data.pkl`, opened.offset)
  anatomy.add(reader.bytes, reader.bytes, 'container')
  return reading.finish('torch-zip', kind, reading.verdict())
}

/** Names the tensors of what a pickle built and checks them against the storages; sets the reading's content. */
export function describe(reading: Reading, root: Value, storages: Storages, bigEndian: boolean): Checkpoint['kind'] {
  const known = (value: Value): StorageId | undefined => storageOfPersistent(value)
  const walked = walk(root, known)
  for (const { message, at } of walked.broken) {
    reading.problem('error', message, at)
    reading.judge?.refuse(message)
  }
  if (walked.bomb) reading.problem('error', 'a bomb: written out, the object has more than 100,000,000 values, though the file is small')
  if (walked.truncated) {
    reading.problem('error', 'the file holds more paths to its values than this reader follows: its tensors are not listed')
    if (walked.bomb) reading.judge?.refuse('more paths lead to its values than any reader can follow')
    else reading.judge?.doubtThat('more paths lead to its values than this reader follows')
    return walked.kind
  }
  reading.content = assemble(walked, storages, bigEndian, reading.anatomy, reading.problems, root)
  return walked.kind
}

/** What the archive says of its storages when its pickle cannot be read to its end. */
function storageTotals(archive: TorchArchive): string {
  const { entries } = archive.directory
  const prefix = encodeUtf8(`${archive.root}/data/`)
  let count = 0
  let bytes = 0
  for (let index = 0; index < entries.length; index++) {
    if (entries.numberAfter(index, prefix) < 0) continue
    count += 1
    bytes += entries.bytes[index]!
  }
  return `its tensors are not listed, their ${formatCount(count)} storages have ${formatBytes(bytes)}`
}

function openPickle(reading: Reading, archive: TorchArchive, entry: ZipEntry): PickleInput | ReadFault {
  const { reader } = reading
  if (entry.method === 0 && entry.bytes > limits.pickleInOneRead && !(entry.flags & 0x61)) {
    const start = startOf(archive, entry) ?? dataOffset(reader, entry)
    return isFault(start) ? start : PickleInput.inFile(reader, start, start + entry.bytes)
  }
  // The small records that torch writes right behind the pickle come with the same read.
  reader.keep(entry.headerOffset, 30 + entry.nameBytes + 128 + entry.compressedBytes + 700)
  const data = readEntry(reader, entry, reading.options.inflate, Math.max(limits.pickleInOneRead, limits.inflatedBytes))
  if (isFault(data)) return data
  return PickleInput.inMemory(data, startOf(archive, entry) ?? entry.headerOffset)
}

function readByteOrder(reading: Reading, archive: TorchArchive): 'little' | 'big' {
  const entry = record(archive, 'byteorder')
  if (entry === undefined) return 'little'
  const data = readEntry(reading.reader, entry, reading.options.inflate, 4096)
  const text = isFault(data) ? undefined : latin1(data, 0, data.length)
  if (text === 'little' || text === 'big') return text
  reading.judge?.refuse('its byteorder record is neither little nor big')
  reading.problem('error', 'torch refuses this archive: its byteorder record is neither little nor big', entry.headerOffset)
  return 'little'
}

/** Which releases write the records that are there (PRs 100994, 118719, 143880, 147788 of pytorch). */
function versionHint(archive: TorchArchive): string {
  if (record(archive, '.storage_alignment')) return '>=2.7'
  if (record(archive, '.format_version')) return '2.6 to 2.7'
  if (record(archive, 'byteorder')) return '2.1 to 2.6'
  return '1.6 to 2.0'
}

/** One storage per key that the pickle names and the archive holds. */
function findStorages(reading: Reading, archive: TorchArchive, ids: readonly (PyPersistent | StorageRecord)[]): { readonly storages: StorageTable, readonly used: Uint8Array } {
  const storages = new StorageTable()
  const { entries } = archive.directory
  const used = new Uint8Array(entries.length)
  const missing = new Set<string>()
  // Not over an iterator: every file comes through here once, which is too seldom for that to be made fast.
  ids.forEach((value) => {
    if (!(value instanceof StorageRecord)) {
      findDescribed(reading, archive, value, { storages, used, missing })
      return
    }
    const index = archive.storage(value.number)
    const start = index < 0 ? Number.NaN : archive.starts[index]!
    if (start >= 0 && entries.bytes[index] === value.bytes && entries.method(index) === 0 && !(entries.flags(index) & 0x61)) {
      // The name of a record is that of one storage: whoever used it had the same key.
      if (used[index] === 1) return
      storages.add(value.place(start, entries.crc(index)))
      used[index] = 1
      return
    }
    findStorage(reading, archive, value, value.at, index < 0 ? record(archive, `data/${value.key}`) : entries.get(index), { storages, used, missing })
  })
  return { storages, used }
}

interface Found { readonly storages: StorageTable, readonly used: Uint8Array, readonly missing: Set<string> }

/** A storage that the pickle describes in a way of its own. */
function findDescribed(reading: Reading, archive: TorchArchive, value: PyPersistent, found: Found): void {
  const { id, at } = value
  const storage = storageOfPersistent(value)
  if (storage !== undefined && (typeof id !== 'object' || id?.kind !== 'tuple' || id.items.length === 5)) {
    findStorage(reading, archive, storage, at, record(archive, `data/${storage.key}`), found)
    return
  }
  reading.judge?.refuse('a persistent id does not describe a storage')
  reading.problem('error', 'a persistent id does not describe a storage', at)
}

/** Notes where the archive keeps a storage, and everything that is not as it should be. */
function findStorage(reading: Reading, archive: TorchArchive, storage: StorageId, at: number, entry: ZipEntry | undefined, { storages, used, missing }: Found): void {
  // A key that was found before has used its entry.
  if ((entry === undefined || used[entry.index] === 1) && (storages.has(storage.key) || missing.has(storage.key))) return
  if (entry === undefined) {
    missing.add(storage.key)
    reading.judge?.refuse(`the storage data/${storage.key} is missing`)
    reading.problem('error', `the storage data/${storage.key} is missing from the archive`, at)
    return
  }
  if (entry.bytes !== storage.bytes) {
    const { release } = reading.options
    const isShort = entry.bytes < storage.bytes
    const why = `the storage data/${storage.key} is ${isShort ? 'shorter than its tensors' : 'longer than its pickle says'}`
    if (isAtLeast(release, 2, 13)) reading.judge?.refuse(why)
    else if (isAtLeast(release, 2, 7) && reading.judge) reading.judge.doubt ??= `${why}, and which releases refuse that is not known here`
    reading.problem(isShort ? 'error' : 'warning', `the storage data/${storage.key} has ${String(entry.bytes)} bytes, its ${isShort ? 'tensors want' : 'pickle says'} ${String(storage.bytes)}${isShort ? '' : '; torch 2.13 refuses that'}`, entry.headerOffset)
  }
  if (entry.flags & 0x61) {
    reading.judge?.refuse(`the storage data/${storage.key} is encrypted`)
    reading.problem('error', `the storage data/${storage.key} is encrypted`, entry.headerOffset)
  }
  storages.add(storedStorage(archive, storage.key, storage, entry))
  used[entry.index] = 1
}

/** Where the archive keeps a storage. */
export function storedStorage(archive: TorchArchive, key: string, storage: { readonly dtype: string, readonly device: string }, entry: ZipEntry): StoredStorage {
  const start = startOf(archive, entry)
  const plain: StoredStorage = { key, dtype: storage.dtype, device: storage.device, bytes: entry.bytes, start: entry.method === 0 ? start : undefined, crc: entry.crc }
  return entry.method === 0 || start === undefined ? plain : { ...plain, deflated: { start, bytes: entry.compressedBytes } }
}

/** Entries that differ only in case, or not at all: torch takes the last one, other readers the first. */
export function warnOfDuplicates(reading: Reading, archive: TorchArchive): void {
  if (!archive.ambiguous) return
  const seen = new Set<string>()
  for (const entry of archive.directory.entries) {
    const name = foldCase(entry.name)
    if (seen.has(name)) reading.problem('warning', `the archive holds ${entry.name} more than once: torch and other tools may read different ones`, entry.headerOffset)
    seen.add(name)
  }
}

/** Looks for globals in every member that could be a pickle, whatever its name; torch reads none of them. */
export function scanOthers(reading: Reading, archive: TorchArchive, known: ReadonlySet<string>, used?: Uint8Array): number {
  let pickles = 0
  let looked = 0
  let heads = 0
  const prefix = archive.root.length + 1
  const { entries } = archive.directory
  for (let index = 0; index < entries.length; index++) {
    if (looked >= limits.membersLookedAt) break
    if (used?.[index] === 1 || entries.compressedBytes[index] === 0) continue
    const entry = entries.get(index)
    const { name } = entry
    const local = name.slice(prefix)
    const named = /\.(pkl|pickle|p|joblib|dill|pt|pth|bin|ckpt|dat|npy)$/i.test(name)
    if (known.has(local) && record(archive, local)?.index === index) continue
    if ((!named && entry.bytes > limits.inflatedBytes)) continue
    if (!named && /(^|\/)(weights|constants)\/|\.(py|so|cpp|debug_pkl)$|^code\//.test(local)) continue
    if (/^data\/\d+$/.test(local)) {
      // A storage that no tensor names, if the names are known: its first bytes tell whether it is one.
      const start = startOf(archive, entry)
      if (used === undefined || start === undefined || entry.method !== 0 || heads >= limits.localHeaders) continue
      heads += 1
      const head = reading.reader.read(start, 2)
      if (head[0] !== 0x80 || head[1]! > 5) continue
    }
    looked += 1
    const data = readEntry(reading.reader, entry, reading.options.inflate, limits.inflatedBytes, { evenEncrypted: true })
    if (isFault(data)) continue
    const at = startOf(archive, entry) ?? entry.headerOffset
    const body = startsWith(data, '\x93NUMPY') ? afterNumpyHeader(data) : data
    if (!couldBePickle(body, named)) continue
    pickles += 1
    scanAll(PickleInput.inMemory(body, at), reading.seen)
  }
  return pickles
}

function couldBePickle(data: Uint8Array, named: boolean): boolean {
  if (data.length < 2) return false
  if (data[0] === 0x80 && data[1]! <= 5) return true
  // Protocols 0 and 1 have no mark of their own: they end with STOP and begin with an opcode.
  return (named || data.at(-1) === 0x2e) && '(cI]})lFLNSVXUTGJKMi'.includes(String.fromCharCode(data[0]!))
}

export function afterNumpyHeader(data: Uint8Array): Uint8Array {
  const version = data[6] ?? 1
  const length = version === 1 ? data[8]! | (data[9]! << 8) : data[8]! | (data[9]! << 8) | (data[10]! << 16)
  return data.subarray(Math.min(data.length, (version === 1 ? 10 : 12) + length))
}

/** Claims the data of every record that is no storage named by the pickle. */
export function claimRecords(reading: Reading, archive: TorchArchive, { used, unnamed = 'unreachable' }: { readonly used?: Uint8Array, readonly unnamed?: 'unreachable' | 'unknown' } = {}): void {
  const prefix = archive.root.length + 1
  const { entries } = archive.directory
  for (let index = 0; index < entries.length; index++) {
    if (used?.[index] === 1 || entries.compressedBytes[index] === 0) continue
    const entry = entries.get(index)
    const start = startOf(archive, entry)
    if (start === undefined) continue
    const local = entry.name.slice(prefix)
    const part = local.endsWith('.pkl') || local.endsWith('.pickle') ? 'pickle'
      : local.startsWith('code/') || /\.(py|so|cpp|json|debug_pkl)$/.test(local) ? 'code'
        : storedNames.has(local) || /^(archive_format|archive_version|\.data\/)/.test(local) ? 'container'
          : local.startsWith('data/') && !local.includes('.') ? unnamed : 'unknown'
    reading.anatomy.add(start, start + entry.compressedBytes, part)
  }
}
