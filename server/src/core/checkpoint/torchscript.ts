/** Reads a TorchScript archive: the module's tensors from data.pkl, constants, compiled code. Runs none of it. */

import { latin1 } from './bytes.ts'
import type { Checkpoint } from './checkpoint.ts'
import type { StoredStorage } from './storage-record.ts'
import { assemble } from './content.ts'
import * as limits from './limits.ts'
import { PickleInput } from './pickle-input.ts'
import { runPickle } from './pickle-machine.ts'
import { PickleScan, scanAll } from './pickle-scan.ts'
import type { Reading } from './reading.ts'
import { StorageRecord } from './storage-record.ts'
import { storageOfPersistent } from './tensor-values.ts'
import type { Value } from './values.ts'
import { warnOfDuplicates } from './archive-members.ts'
import { record, startOf } from './torch-archive.ts'
import { storedStorage } from './torch-zip.ts'
import type { TorchArchive } from './torch-archive.ts'
import { walk } from './walk.ts'
import type { DeclaredState, NamedTensor, Walked } from './walk.ts'
import { isFault, readEntry } from './zip-directory.ts'

export function readTorchScript(reading: Reading, archive: TorchArchive): Checkpoint {
  const { judge, anatomy } = reading
  warnOfDuplicates(reading, archive)
  if (reading.rules?.refusesOtherFormats !== false) judge?.refuse('torch.load refuses TorchScript archives with weights_only; torch.jit.load reads them')
  const storages = new Map<string, StoredStorage>()
  const data = readPickle(reading, archive, 'data.pkl', 'data', storages)
  const constants = readPickle(reading, archive, 'constants.pkl', 'constants', storages)
  const known = (folder: string) => (value: Value) => {
    const storage = storageOfPersistent(value)
    return storage && { ...storage, key: `${folder}/${storage.key}` }
  }
  const declared = declaredState(reading, archive)
  const tensors: NamedTensor[] = []
  let truncated = false
  for (const [value, folder, prefix] of [[data, 'data', ''], [constants, 'constants', 'constants.']] as const) {
    if (value === undefined) continue
    const walked = walk(value, known(folder), declared)
    truncated ||= walked.truncated
    for (const { message, at } of walked.broken) reading.problem('error', message, at)
    for (const named of walked.tensors) tensors.push({ ...named, name: `${prefix}${named.name}`, role: 'weights' })
  }
  const walked: Walked = { tensors, kind: 'torchscript', holdsModule: true, broken: [], truncated, bomb: false }
  const prefix = archive.root.length + 1
  for (const entry of archive.directory.entries) {
    const start = startOf(archive, entry)
    const local = entry.name.slice(prefix)
    if (start === undefined || storages.has(local)) continue
    const part = local.startsWith('code/') || local.endsWith('.debug_pkl') ? 'code' : local.endsWith('.pkl') ? 'pickle' : /^(data|constants|traced_inputs\w*|model_inputs)\/\d+$/.test(local) ? 'other-tensors' : /^(version|byteorder|\.data\/)/.test(local) ? 'container' : 'unknown'
    anatomy.add(start, start + entry.compressedBytes, part)
    if (/^(traced_inputs|model_inputs|bytecode|sharded).*\.pkl$/.test(local)) {
      const other = readEntry(reading.reader, entry, reading.options.inflate, limits.inflatedBytes)
      if (!isFault(other)) scanAll(PickleInput.inMemory(other, start), reading.seen)
    }
  }
  if (truncated) reading.problem('error', 'the file holds more paths to its values than this reader follows: its tensors are not listed')
  else if (data !== undefined) reading.content = assemble(walked, storages, false, anatomy, reading.problems)
  // TorchScript's pickles name its own compiled classes (`__torch__...`): they are code of the archive, never of Python.
  for (const name of [...reading.seen.uses.keys()]) if (name.startsWith('__torch__.')) reading.seen.uses.delete(name)
  const { options, rules } = reading
  if (rules?.refusesOtherFormats === false && reading.content) return reading.finish('torchscript', 'torchscript', { loads: true, needs: [], why: `torch.load of ${options.release.text} hands TorchScript archives to torch.jit.load, whatever weights_only says` })
  return reading.finish('torchscript', 'torchscript', reading.verdict())
}

/** The parameters and buffers that the compiled classes of an archive declare at their head. */
function declaredState(reading: Reading, archive: TorchArchive): DeclaredState {
  const byClass = new Map<string, Set<string>>()
  const folder = `${archive.root}/code/`
  let looked = 0
  for (const entry of archive.directory.entries) {
    const { name } = entry
    if (!name.startsWith(folder) || !name.endsWith('.py')) continue
    if (looked++ >= limits.membersLookedAt) break
    const code = readEntry(reading.reader, entry, reading.options.inflate, limits.inflatedBytes)
    const module = name.slice(folder.length, -3).replaceAll('/', '.')
    if (!isFault(code)) readClasses(latin1(code, 0, code.length), module, byClass)
  }
  return (className) => byClass.get(className)
}

function readClasses(code: string, module: string, byClass: Map<string, Set<string>>): void {
  let state: Set<string> | undefined
  for (const line of code.split('\n')) {
    const head = /^class (\w+)\(Module\):/.exec(line)
    if (head) {
      state = new Set()
      byClass.set(`${module}.${head[1]!}`, state)
      continue
    }
    const list = /^ {2}__(?:parameters|buffers)__ = \[(.*)\]/.exec(line)
    if (list) for (const [, name] of list[1]!.matchAll(/"([^"]*)"/g)) state?.add(name!)
  }
}

function readPickle(reading: Reading, archive: TorchArchive, name: string, folder: string, storages: Map<string, StoredStorage>): Value | undefined {
  const entry = record(archive, name)
  if (entry === undefined) return undefined
  const bytes = readEntry(reading.reader, entry, reading.options.inflate, limits.inflatedBytes)
  if (isFault(bytes)) {
    reading.problem('error', bytes.fault, bytes.at)
    return undefined
  }
  const scan = new PickleScan(reading.seen, null)
  const result = runPickle(PickleInput.inMemory(bytes, startOf(archive, entry) ?? entry.headerOffset), scan)
  if (result.error) reading.problem('error', `${name}: ${result.error.message}`, result.error.at)
  for (const value of scan.persistentIds) {
    if (value instanceof StorageRecord) continue
    const { at } = value
    const storage = storageOfPersistent(value)
    const key = storage && `${folder}/${storage.key}`
    if (storage === undefined || key === undefined || storages.has(key)) continue
    const stored = record(archive, key)
    if (stored === undefined) reading.problem('error', `the storage ${key} is missing from the archive`, at)
    else storages.set(key, storedStorage(archive, key, storage, stored))
  }
  return result.value
}
