/** Reads the stream that torch.save wrote before 1.6 (five pickles, then the storages), and plain pickles, which begin the same way. */

import { i64 } from './bytes.ts'
import type { Checkpoint } from './checkpoint.ts'
import { elementBytes } from './dtypes.ts'
import * as limits from './limits.ts'
import { PickleInput } from './pickle-input.ts'
import type { PickleResult } from './pickle-machine.ts'
import { runPickle } from './pickle-machine.ts'
import { PickleScan, scanAll } from './pickle-scan.ts'
import type { Reading } from './reading.ts'
import { StorageRecord } from './storage-record.ts'
import { StorageTable } from './storage-table.ts'
import { storageOfPersistent } from './tensor-values.ts'
import type { StorageId, Value } from './values.ts'
import { describe } from './torch-zip.ts'
import { readPlainPickle } from './plain-pickle.ts'

const magic = 0x1950a86a20f9469cfc6cn
const protocol = 1001

/** A file that begins like a pickle: a legacy checkpoint when the first pickle is torch's magic number. */
export function readLegacyOrPickle(reading: Reading): Checkpoint {
  const { reader, judge } = reading
  const input = PickleInput.inFile(reader, 0, reader.bytes)
  const firstScan = new PickleScan(reading.seen, judge, { reader })
  const first = runPickle(input, firstScan)
  if (first.value !== magic) return readPlainPickle(reading, first, firstScan, input)
  const version = runPickle(input, new PickleScan(reading.seen, judge))
  if (version.value !== protocol) return broken(reading, version, 'the protocol version is not 1001', input)
  const info = runPickle(input, new PickleScan(reading.seen, judge))
  if (info.value === undefined) return broken(reading, info, 'the system information is missing', input)
  const scan = new PickleScan(reading.seen, judge, { usualTensors: 'legacy' })
  const object = runPickle(input, scan)
  if (object.value === undefined) return broken(reading, object, 'the object is missing', input)
  const keys = runPickle(input, new PickleScan(reading.seen, judge))
  if (keys.value === undefined || typeof keys.value !== 'object' || (keys.value?.kind !== 'list' && keys.value?.kind !== 'tuple')) return broken(reading, keys, 'the list of storages is missing', input)
  reading.anatomy.add(0, input.offset, 'pickle')
  // Whatever machine wrote it, the storages of a legacy stream are little-endian (THPStorage_writeFileRaw).
  const storages = readStorages(reading, input.offset, keys.value.items, scan)
  const kind = describe(reading, object.value, storages, false)
  reading.torchVersionHint = '<1.6, or the old format by choice'
  return reading.finish('torch-legacy', kind, reading.verdict())
}

function broken(reading: Reading, result: PickleResult, message: string, input: PickleInput): Checkpoint {
  const at = result.error?.at ?? input.offset
  reading.problem('error', `${message}: ${result.error?.message ?? 'the stream is not what torch writes'}`, at)
  if (result.overBudget && result.error) reading.judge?.doubtThat(result.error.message)
  else reading.judge?.refuse(result.error ? `the stream is broken: ${result.error.message}` : message)
  reading.anatomy.add(0, input.offset, 'pickle')
  return reading.finish('torch-legacy', 'other', reading.verdict())
}

/** The storages stand behind the pickles in the order of the list: a count of 8 bytes, then the elements. */
function readStorages(reading: Reading, start: number, keys: readonly Value[], scan: PickleScan): StorageTable {
  const { reader, anatomy } = reading
  const named = new Map<string, StorageId>()
  for (const value of scan.persistentIds) {
    if (value instanceof StorageRecord) {
      if (!named.has(value.key)) named.set(value.key, value)
      continue
    }
    const { id, at } = value
    const storage = storageOfPersistent(value)
    if (storage === undefined) {
      if (typeof id === 'object' && id?.kind === 'tuple' && id.items[0] === 'module') continue
      reading.judge?.refuse('a persistent id does not describe a storage')
      reading.problem('error', 'a persistent id does not describe a storage', at)
    } else if (!named.has(storage.key)) named.set(storage.key, storage)
  }
  const storages = new StorageTable()
  let at = start
  let counts = 0
  // One after the other without gaps: totals are enough to account for them.
  const tiled = <T>(result: T): T => {
    anatomy.tile(start, Math.min(at, reader.bytes), Math.min(counts, reader.bytes - start), 0)
    return result
  }
  for (const [index, item] of keys.entries()) {
    if (index >= limits.tensors) {
      reading.problem('error', `more than ${String(limits.tensors)} storages`, at)
      break
    }
    const key = typeof item === 'string' || typeof item === 'number' ? String(item) : undefined
    const storage = key === undefined ? undefined : named.get(key)
    if (key === undefined || storage === undefined) return tiled(unfit(reading, storages, `storage ${String(index)} of the list belongs to no tensor`, at))
    const count = reader.read(at, 8)
    if (count.length < 8) return tiled(unfit(reading, storages, `the file is cut off: storage ${key} is missing`, at))
    const width = elementBytes(storage.dtype)!
    if (i64(count, 0) * width !== storage.bytes) return tiled(unfit(reading, storages, `storage ${key} says it has ${String(i64(count, 0))} elements, its tensors say ${String(storage.count)}`, at))
    counts += 8
    if (at + 8 + storage.bytes > reader.bytes) {
      at += 8
      return tiled(unfit(reading, storages, `the file is cut off inside storage ${key}`, reader.bytes))
    }
    if (storage instanceof StorageRecord ? storage.start === undefined : !storages.has(key)) storages.add(storage instanceof StorageRecord ? storage.place(at + 8) : { key, dtype: storage.dtype, device: storage.device, bytes: storage.bytes, start: at + 8 })
    at += 8 + storage.bytes
  }
  for (const [key, storage] of named) {
    if (storage.bytes > 0 && (storage instanceof StorageRecord ? storage.start === undefined : !storages.has(key))) reading.problem('warning', `storage ${key} is named, but the file does not hold it`)
  }
  trailing(reading, at)
  return tiled(storages)
}

/** What follows the storages: torch does not look at it. */
function trailing(reading: Reading, at: number): void {
  const { reader } = reading
  if (at >= reader.bytes) return
  const head = reader.read(at, 4)
  const zip = head[0] === 0x50 && head[1] === 0x4b
  reading.problem('warning', zip ? 'a zip archive follows the checkpoint: torch loads the legacy part, other tools may read the zip' : `${String(reader.bytes - at)} bytes follow the checkpoint; torch does not read them`, at)
  if (head[0] === 0x80) scanAll(PickleInput.inFile(reader, at, reader.bytes), reading.seen)
}

function unfit(reading: Reading, storages: StorageTable, message: string, at: number): StorageTable {
  reading.problem('error', message, at)
  reading.judge?.refuse(message)
  return storages
}
