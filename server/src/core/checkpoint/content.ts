/** Joins what a pickle names with where its storages lie: the tensor and storage lists, their share of the file, and what slimming needs. */

import type { Anatomy } from './anatomy.ts'
import type { CheckpointStorage, CheckpointTensor, Part, Problem, Role } from './checkpoint.ts'
import { coverage, fills, newRunBudget } from './coverage.ts'
import type { Covered } from './coverage.ts'
import { StorageRecord } from './storage-record.ts'
import type { StoredStorage } from './storage-record.ts'
import type { Storages } from './storage-table.ts'
import type { NamedTensor, Walked } from './walk.ts'
import type { TensorValue, Value } from './values.ts'

/** What is known of the tensors of a file, for reports, rules and slimming. */
export interface Content {
  readonly named: readonly NamedTensor[]
  readonly storages: Storages
  readonly bigEndian: boolean
  readonly holdsModule: boolean
  /** What the pickle built; undefined for formats without one. */
  readonly root?: Value
  /** Bytes that tensors reach of the storages that they do not reach as a whole, by key. */
  readonly reachable: ReadonlyMap<string, number>
}

const partOfRole: Record<Role, Part> = { weights: 'weights', optimizer: 'optimizer', ema: 'ema', other: 'other-tensors' }

/** The content of files that are known but hold no tensors to name. */
export const noTensors: Content = { named: [], storages: new Map(), bigEndian: false, holdsModule: false, reachable: new Map() }

/** The strided tensors with a storage that a tensor consists of: itself, or its parts. */
export function leaves(tensor: TensorValue): TensorValue[] {
  const own = tensor.storage !== null ? [tensor] : []
  return [...own, ...tensor.parts.flatMap(([, part]) => leaves(part))]
}

/** What stands on a storage besides the first tensor: the roles of each, as bits. */
type More = Map<TensorValue, number>

const roleBits: Record<Role, number> = { weights: 1, ema: 2, optimizer: 4, other: 8 }

/** Fills the anatomy with the storages and builds the content; `problems` receives what is not as it should be. */
export function assemble(walked: Walked, storages: Storages, bigEndian: boolean, anatomy: Anatomy, problems: Problem[], root?: Value): Content {
  const firsts = new Map<StoredStorage, Covered>()
  const shared = new Map<StoredStorage, More>()
  const cover = (tensor: TensorValue, named: NamedTensor): void => {
    const at = tensor.storage!
    const record = at instanceof StorageRecord && at.start !== undefined
    const storage: StoredStorage | undefined = record ? at : storages.get(at.key)
    if (storage === undefined) return
    const first = storage instanceof StorageRecord ? storage.owner : firsts.get(storage)
    if (first === undefined) {
      const owner = named.tensor === tensor ? named : { tensor, role: named.role }
      if (storage instanceof StorageRecord) storage.owner = owner
      else firsts.set(storage, owner)
    } else if (first.tensor !== tensor || first.role !== named.role) {
      let more = shared.get(storage)
      if (more === undefined) {
        more = new Map([[first.tensor, roleBits[first.role]]])
        shared.set(storage, more)
      }
      more.set(tensor, (more.get(tensor) ?? 0) | roleBits[named.role])
    }
  }
  walked.tensors.forEach((named) => {
    const { tensor } = named
    if (tensor.parts.length === 0) {
      if (tensor.storage !== null) cover(tensor, named)
    } else for (const leaf of leaves(tensor)) cover(leaf, named)
  })
  const budget = newRunBudget()
  const reachable = new Map<string, number>()
  let inexact = false
  storages.forEach((storage) => {
    const record = storage instanceof StorageRecord
    const first = record ? storage.owner : firsts.get(storage)
    // What tensors stand on a storage is only asked here.
    if (record) storage.owner = undefined
    const more = shared.size === 0 ? undefined : shared.get(storage)
    // Nearly every storage: one tensor, from its first byte to its last.
    if (more === undefined && first !== undefined && storage.start !== undefined && fills(first.tensor, storage.bytes)) {
      anatomy.add(storage.start, storage.start + storage.bytes, partOfRole[first.role])
      return
    }
    const covered = coverage(more === undefined ? first === undefined ? [] : [first] : listed(more), storage.bytes, budget)
    inexact ||= !covered.exact
    if (covered.reachable !== storage.bytes) reachable.set(storage.key, covered.reachable)
    if (storage.deflated) {
      // Deflated bytes belong to their one owner as a whole; among several owners nobody can divide them.
      const owner = covered.byRole.size === 1 && covered.reachable === storage.bytes ? partOfRole[[...covered.byRole.keys()][0]!] : covered.reachable === 0 ? 'unreachable' : 'unknown'
      anatomy.add(storage.deflated.start, storage.deflated.start + storage.deflated.bytes, owner)
    } else if (storage.start !== undefined) anatomy.addShared(storage.start, storage.start + storage.bytes, Array.from(covered.byRole, ([of, bytes]) => [partOfRole[of], bytes] as const))
  })
  if (inexact) problems.push({ severity: 'warning', message: 'some tensors step through their storage too finely to be followed: what lies between their first and last element counts as reachable' })
  return { named: walked.tensors, storages, bigEndian, holdsModule: walked.holdsModule, reachable, ...(root === undefined ? {} : { root }) }
}

function listed(more: More): Covered[] {
  const list: Covered[] = []
  for (const [tensor, bits] of more) for (const role of ['weights', 'ema', 'optimizer', 'other'] as const) if (bits & roleBits[role]) list.push({ tensor, role })
  return list
}

export function listTensors(content: Content): CheckpointTensor[] {
  const list: CheckpointTensor[] = []
  for (const { name, tensor, role, hidden } of content.named) {
    if (hidden) continue
    const plain: CheckpointTensor = { name, dtype: tensor.dtype, shape: tensor.shape, stride: tensor.stride, bytes: tensor.bytes, storage: tensor.storage?.key ?? null, role }
    if (tensor.layout === 'strided' && tensor.parts.length === 0 && tensor.className === undefined) list.push(plain)
    else {
      list.push({
        ...plain,
        ...(tensor.layout === 'strided' ? {} : { layout: tensor.layout }),
        ...(tensor.className === undefined ? {} : { class: tensor.className }),
        ...(tensor.parts.length === 0 ? {} : { parts: tensor.parts.map(([part, value]) => ({ name: part, dtype: value.dtype, shape: value.shape, bytes: value.bytes, storage: value.storage?.key ?? null })) }),
      })
    }
  }
  return list
}

export function listStorages(content: Content): CheckpointStorage[] {
  return Array.from(content.storages.values(), ({ key, dtype, device, bytes }) => ({ key, dtype, device, bytes, reachableBytes: content.reachable.get(key) ?? bytes }))
}
