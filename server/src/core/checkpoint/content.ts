/** Joins what a pickle names with where its storages lie: the tensor and storage lists, their share of the file, and what slimming needs. */

import type { Anatomy } from './anatomy.ts'
import type { CheckpointStorage, CheckpointTensor, Part, Problem, Role } from './checkpoint.ts'
import { coverage, newRunBudget } from './coverage.ts'
import type { Covered } from './coverage.ts'
import type { NamedTensor, Walked } from './walk.ts'
import type { TensorValue, Value } from './values.ts'

/** One storage in the file. */
export interface StoredStorage {
  readonly key: string
  readonly dtype: string
  readonly device: string
  /** Bytes that the file holds of it. */
  readonly bytes: number
  /** Offset of its first byte; undefined when only its local header tells. */
  readonly start: number | undefined
  /** Offset of the zip record that holds it, where there is one. */
  readonly headerOffset?: number
  /** CRC-32 of its bytes, as the zip's directory says; torch can be told not to compute it. */
  readonly crc?: number
  /** Where its deflated bytes stand, when the record is not stored plainly. */
  readonly deflated?: { readonly start: number, readonly bytes: number }
}

/** What is known of the tensors of a file, for reports, rules and slimming. */
export interface Content {
  readonly named: readonly NamedTensor[]
  readonly storages: ReadonlyMap<string, StoredStorage>
  readonly bigEndian: boolean
  readonly holdsModule: boolean
  /** What the pickle built; undefined for formats without one. */
  readonly root?: Value
  /** Bytes by role of every storage, and what no tensor reaches. */
  readonly reachable: ReadonlyMap<string, number>
}

const partOfRole: Record<Role, Part> = { weights: 'weights', optimizer: 'optimizer', ema: 'ema', other: 'other-tensors' }

/** The strided tensors with a storage that a tensor consists of: itself, or its parts. */
export function leaves(tensor: TensorValue): TensorValue[] {
  const own = tensor.storage !== null ? [tensor] : []
  return [...own, ...tensor.parts.flatMap(([, part]) => leaves(part))]
}

/** Fills the anatomy with the storages and builds the content; `problems` receives what is not as it should be. */
export function assemble(walked: Walked, storages: ReadonlyMap<string, StoredStorage>, bigEndian: boolean, anatomy: Anatomy, problems: Problem[], root?: Value): Content {
  const byStorage = new Map<string, Covered[]>()
  const cover = (key: string, tensor: TensorValue, role: Role): void => {
    const list = byStorage.get(key)
    if (list === undefined) byStorage.set(key, [{ tensor, role }])
    else if (!list.some((other) => other.tensor === tensor && other.role === role)) list.push({ tensor, role })
  }
  for (const named of walked.tensors) {
    const { tensor } = named
    if (tensor.parts.length === 0) {
      if (tensor.storage !== null) cover(tensor.storage.key, tensor, named.role)
      continue
    }
    for (const leaf of leaves(tensor)) cover(leaf.storage!.key, leaf, named.role)
  }
  const budget = newRunBudget()
  const reachable = new Map<string, number>()
  let inexact = false
  for (const storage of storages.values()) {
    const covered = coverage(byStorage.get(storage.key) ?? [], storage.bytes, budget)
    inexact ||= !covered.exact
    reachable.set(storage.key, covered.reachable)
    if (storage.deflated) {
      // Deflated bytes belong to their one owner as a whole; among several owners nobody can divide them.
      const owner = covered.byRole.size === 1 && covered.reachable === storage.bytes ? partOfRole[[...covered.byRole.keys()][0]!] : covered.reachable === 0 ? 'unreachable' : 'unknown'
      anatomy.add(storage.deflated.start, storage.deflated.start + storage.deflated.bytes, owner)
    } else if (storage.start !== undefined) anatomy.addShared(storage.start, storage.start + storage.bytes, Array.from(covered.byRole, ([role, bytes]) => [partOfRole[role], bytes] as const))
  }
  if (inexact) problems.push({ severity: 'warning', message: 'some tensors step through their storage too finely to be followed: what lies between their first and last element counts as reachable' })
  return { named: walked.tensors, storages, bigEndian, holdsModule: walked.holdsModule, reachable, ...(root === undefined ? {} : { root }) }
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
  return Array.from(content.storages.values(), ({ key, dtype, device, bytes }) => ({ key, dtype, device, bytes, reachableBytes: content.reachable.get(key) ?? 0 }))
}
