/**
 * A tensor the way torch.save nearly always writes it, as one small object: the record of the call that rebuilds it and
 * the tensor itself. What the pickle spells out besides (tuples, persistent id, empty hooks) is made again when asked for.
 */

import type { StorageRecord } from './storage-record.ts'
import type { PyCall, PyDict, PyGlobal, PyPersistent, PyTuple, StorageId, TensorValue, Value } from './values.ts'
import { dict } from './values.ts'

/** The parts that a pickle puts into its memo, in the order in which it writes them; the last is the tensor itself. */
export const memoParts = { key: 1, id: 2, size: 4, stride: 8, hooks: 16, args: 32, tensor: 64 } as const

/** What all of them have in common. */
const same = { how: 'reduce', nothing: undefined, layout: 'strided', parts: [] as TensorValue['parts'], no: false } as const

/** What tensors of one shape have in common. */
export interface TensorForm {
  readonly callee: PyGlobal
  readonly shape: readonly number[]
  readonly stride: readonly number[]
  /** One bit for each part that is in the memo; above them requires_grad and whether the id has a sixth member. */
  readonly flags: number
}

/** Bits of `TensorForm.flags` above those of the parts. */
export const formFlags = { requiresGrad: 128, sixth: 256 } as const

interface Spelled { readonly id: PyTuple, readonly size: PyTuple, readonly stride: PyTuple, readonly hooks: PyDict, readonly args: PyTuple }

export class TensorCall implements PyCall, TensorValue {
  readonly kind = 'call'
  readonly form: TensorForm
  readonly storage: StorageRecord
  readonly offset: number
  readonly at: number
  declare state: Value | undefined
  declare items: Value[] | undefined
  declare entries: PyDict | undefined
  declare private spelled: Spelled | undefined

  constructor(form: TensorForm, storage: StorageRecord, offset: number, at: number) {
    this.form = form
    this.storage = storage
    this.offset = offset
    this.at = at
  }

  get callee(): PyGlobal {
    return this.form.callee
  }

  get shape(): readonly number[] {
    return this.form.shape
  }

  get stride(): readonly number[] {
    return this.form.stride
  }

  get how(): 'reduce' {
    return same.how
  }

  get loaded(): StorageId | undefined {
    return same.nothing
  }

  get tensor(): TensorValue {
    return this
  }

  get dtype(): string {
    return this.storage.dtype
  }

  get bytes(): number {
    let count = this.storage.type.width
    for (const size of this.form.shape) count *= size
    return count
  }

  get layout(): 'strided' {
    return same.layout
  }

  get parameter(): boolean {
    return same.no
  }

  get requiresGrad(): boolean {
    return (this.form.flags & formFlags.requiresGrad) !== 0
  }

  get parts(): readonly (readonly [string, TensorValue])[] {
    return same.parts
  }

  get opaque(): boolean {
    return same.no
  }

  get args(): PyTuple {
    return this.spell().args
  }

  /** The part that the memo holds at the nth of the indexes that belong to this tensor. */
  inMemo(nth: number): Value {
    let part = 1
    for (let left = nth; part < memoParts.tensor; part <<= 1) {
      if ((this.form.flags & part) === 0) continue
      if (left === 0) break
      left -= 1
    }
    if (part === memoParts.tensor) return this
    if (part === memoParts.key) return this.storage.key
    const spelled = this.spell()
    return part === memoParts.id ? spelled.id : part === memoParts.size ? spelled.size : part === memoParts.stride ? spelled.stride : part === memoParts.hooks ? spelled.hooks : spelled.args
  }

  private spell(): Spelled {
    if (this.spelled !== undefined) return this.spelled
    const { storage } = this
    const idItems: Value[] = ['storage', storage.type.global, storage.key, storage.device, storage.count]
    if (this.form.flags & formFlags.sixth) idItems.push(null)
    const id = tuple(idItems)
    const size = tuple(this.shape)
    const stride = tuple(this.stride)
    const hooks = dict('collections.OrderedDict')
    const persistent: PyPersistent = { kind: 'persistent', id, at: this.at, storage }
    this.spelled = { id, size, stride, hooks, args: tuple([persistent, this.offset, size, stride, this.requiresGrad, hooks]) }
    return this.spelled
  }
}

function tuple(items: readonly Value[]): PyTuple {
  return { kind: 'tuple', items }
}
