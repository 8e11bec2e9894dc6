/** Reads `.pt2` archives of torch before 2.8: a program in JSON beside checkpoints of its weights, constants and inputs. */

import { memorySource } from './bytes.ts'
import type { Checkpoint } from './checkpoint.ts'
import type { StoredStorage } from './storage-record.ts'
import * as limits from './limits.ts'
import type { Reading } from './reading.ts'
import { plainTensor } from './tensor-values.ts'
import { warnOfDuplicates } from './archive-members.ts'
import { startOf } from './torch-archive.ts'
import type { TorchArchive } from './torch-archive.ts'
import type { StorageId, TensorValue } from './values.ts'
import type { NamedTensor } from './walk.ts'
import { isFault, readEntry } from './zip-directory.ts'

/** Members that are checkpoints themselves, and what their tensors are for. */
const members: ReadonlyMap<string, { readonly prefix: string, readonly role: 'weights' | 'other', readonly hidden: boolean }> = new Map([
  ['serialized_state_dict.pt', { prefix: '', role: 'weights', hidden: false }], ['serialized_state_dict.json', { prefix: '', role: 'weights', hidden: false }],
  ['serialized_constants.pt', { prefix: 'constants.', role: 'other', hidden: false }], ['serialized_example_inputs.pt', { prefix: 'inputs.', role: 'other', hidden: true }],
])

export function readOldExport(reading: Reading, archive: TorchArchive): Checkpoint {
  warnOfDuplicates(reading, archive)
  const named: NamedTensor[] = []
  const storages = new Map<string, StoredStorage>()
  const reachable = new Map<string, number>()
  for (const entry of archive.directory.entries) {
    const start = startOf(archive, entry)
    if (start === undefined) continue
    const end = start + entry.compressedBytes
    const member = members.get(entry.name)
    if (member === undefined) {
      reading.anatomy.add(start, end, entry.name.endsWith('.json') ? 'code' : entry.name === 'version' ? 'container' : 'unknown')
      continue
    }
    const inner = entry.method === 0 ? reading.reader.section(start, entry.bytes) : inflated(reading, archive, entry.name)
    if (inner === undefined) continue
    const { checkpoint, content } = reading.readAnother(inner, { ...reading.options, name: entry.name, files: undefined })
    for (const problem of checkpoint.problems) reading.problem(problem.severity, `${entry.name}: ${problem.message}`, problem.offset)
    for (const { name, why } of checkpoint.dangerousGlobals) reading.seen.acts.set(name, why)
    reading.anatomy.addShared(start, end, entry.method === 0 ? checkpoint.anatomy.map(({ part, bytes }) => [part, bytes] as const) : [['unknown', entry.compressedBytes]])
    const rename = (tensor: TensorValue): TensorValue => ({ ...plainTensor(tensor), storage: tensor.storage && renamed(tensor.storage, entry.name), parts: tensor.parts.map(([part, value]) => [part, rename(value)] as const) })
    for (const found of content?.named ?? []) named.push({ name: member.prefix + found.name, tensor: rename(found.tensor), role: member.role, hidden: member.hidden || found.hidden })
    for (const storage of content?.storages.values() ?? []) {
      const key = `${entry.name}:${storage.key}`
      storages.set(key, { key, dtype: storage.dtype, device: storage.device, bytes: storage.bytes, start: storage.start === undefined || entry.method !== 0 ? undefined : start + storage.start })
      const reached = content?.reachable.get(storage.key)
      if (reached !== undefined) reachable.set(key, reached)
    }
  }
  reading.content = { named, storages, bigEndian: false, holdsModule: false, reachable }
  return reading.finish('torch-export', 'other', { notAsked: 'torch.export.load reads this archive' })
}

function renamed(storage: StorageId, member: string): StorageId {
  return { ...storage, key: `${member}:${storage.key}` }
}

function inflated(reading: Reading, archive: TorchArchive, name: string): ReturnType<typeof memorySource> | undefined {
  const entry = Array.from(archive.directory.entries).find((other) => other.name === name)!
  const data = readEntry(reading.reader, entry, reading.options.inflate, limits.inflatedBytes)
  if (!isFault(data)) return memorySource(data)
  reading.problem('error', data.fault, data.at)
  return undefined
}
