/** Reads what torch.save writes since 1.6: a zip with `<root>/data.pkl` and one record per storage. */

import { claimRecords, scanOthers, storedNames, warnOfDuplicates } from './archive-members.ts'
import type { Checkpoint } from './checkpoint.ts'
import { isFault, readEntry, dataOffset } from './zip-directory.ts'
import type { ReadFault } from './zip-directory.ts'
import type { ZipEntry } from './zip-entries.ts'
import { encodeUtf8, latin1 } from './bytes.ts'
import { assemble } from './content.ts'
import type { StoredStorage } from './storage-record.ts'
import * as limits from './limits.ts'
import { PickleInput } from './pickle-input.ts'
import { runPickle } from './pickle-machine.ts'
import { PickleScan } from './pickle-scan.ts'
import type { Reading } from './reading.ts'
import { storageOfPersistent } from './tensor-values.ts'
import { StorageRecord } from './storage-record.ts'
import { StorageTable } from './storage-table.ts'
import type { Storages } from './storage-table.ts'
import { archiveRefusal, record, startOf } from './torch-archive.ts'
import type { TorchArchive } from './torch-archive.ts'
import type { PyPersistent, StorageId, Value } from './values.ts'
import { walk } from './walk.ts'
import { isAtLeast } from './torch-release.ts'
import { formatBytes, formatCount } from '../measure/format.ts'

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
