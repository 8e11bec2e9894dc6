/** Joins what a pickle names with where its storages lie: the tensor and storage lists, their share of the file, and what slimming needs. */

import type { Anatomy } from './anatomy.ts'
import type { CheckpointStorage, CheckpointTensor, Part, Problem, Role } from './checkpoint.ts'
import { coverage, fills, newRunBudget } from './coverage.ts'
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

/** The content of files that are known but hold no tensors to name. */
export const noTensors: Content = { named: [], storages: new Map(), bigEndian: false, holdsModule: false, reachable: new Map() }

/** The strided tensors with a storage that a tensor consists of: itself, or its parts. */
export function leaves(tensor: TensorValue): TensorValue[] {
  const own = tensor.storage !== null ? [tensor] : []
  return [...own, ...tensor.parts.flatMap(([, part]) => leaves(part))]
}

/** A storage and what stands on it, without a list for the one tensor that most have. */
interface Slot { readonly storage: StoredStorage, first: TensorValue | undefined, role: Role, more: Covered[] | undefined }

/** Fills the anatomy with the storages and builds the content; `problems` receives what is not as it should be. */
export function assemble(walked: Walked, storages: ReadonlyMap<string, StoredStorage>, bigEndian: boolean, anatomy: Anatomy, problems: Problem[], root?: Value): Content {
  const slots = new Map<string, Slot>()
  for (const storage of storages.values()) slots.set(storage.key, { storage, first: undefined, role: 'other', more: undefined })
  const cover = (tensor: TensorValue, role: Role): void => {
    const slot = slots.get(tensor.storage!.key)
    if (slot === undefined) return
    if (slot.first === undefined) {
      slot.first = tensor
      slot.role = role
    } else if (slot.first !== tensor || slot.role !== role) {
      slot.more ??= [{ tensor: slot.first, role: slot.role }]
      if (!slot.more.some((other) => other.tensor === tensor && other.role === role)) slot.more.push({ tensor, role })
    }
  }
  for (const { tensor, role } of walked.tensors) {
    if (tensor.parts.length === 0) {
      if (tensor.storage !== null) cover(tensor, role)
    } else for (const leaf of leaves(tensor)) cover(leaf, role)
  }
  const budget = newRunBudget()
  const reachable = new Map<string, number>()
  let inexact = false
  for (const { storage, first, role, more } of slots.values()) {
    // Nearly every storage: one tensor, from its first byte to its last.
    if (more === undefined && first !== undefined && storage.start !== undefined && fills(first, storage.bytes)) {
      reachable.set(storage.key, storage.bytes)
      anatomy.add(storage.start, storage.start + storage.bytes, partOfRole[role])
      continue
    }
    const covered = coverage(more ?? (first === undefined ? [] : [{ tensor: first, role }]), storage.bytes, budget)
    inexact ||= !covered.exact
    reachable.set(storage.key, covered.reachable)
    if (storage.deflated) {
      // Deflated bytes belong to their one owner as a whole; among several owners nobody can divide them.
      const owner = covered.byRole.size === 1 && covered.reachable === storage.bytes ? partOfRole[[...covered.byRole.keys()][0]!] : covered.reachable === 0 ? 'unreachable' : 'unknown'
      anatomy.add(storage.deflated.start, storage.deflated.start + storage.deflated.bytes, owner)
    } else if (storage.start !== undefined) anatomy.addShared(storage.start, storage.start + storage.bytes, Array.from(covered.byRole, ([of, bytes]) => [partOfRole[of], bytes] as const))
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
