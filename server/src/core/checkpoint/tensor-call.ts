/**
 * A tensor the way torch.save nearly always writes it, as one small object: the record of the call that rebuilds it and
 * the tensor itself. What the pickle spells out besides (tuples, persistent id, empty hooks) is made again when asked for.
 */

import { elementBytes } from './dtypes.ts'
import type { StorageRecord } from './storage-record.ts'
import type { PyCall, PyDict, PyGlobal, PyPersistent, PyTuple, StorageId, TensorValue, Value } from './values.ts'
import { dict } from './values.ts'

/** The parts that a pickle puts into its memo, in the order in which it writes them; the last is the tensor itself. */
export const memoParts = { key: 1, id: 2, size: 4, stride: 8, hooks: 16, args: 32, tensor: 64 } as const

/** What all of them have in common. */
const same = { how: 'reduce', nothing: undefined, layout: 'strided', parts: [] as TensorValue['parts'], no: false } as const

interface Spelled { readonly id: PyTuple, readonly size: PyTuple, readonly stride: PyTuple, readonly hooks: PyDict, readonly args: PyTuple }

export class TensorCall implements PyCall, TensorValue {
  readonly kind = 'call'
  readonly callee: PyGlobal
  readonly at: number
  readonly storage: StorageRecord
  readonly offset: number
  readonly shape: readonly number[]
  readonly stride: readonly number[]
  /** Memo index of the first part, and one bit for each part that is in the memo; above them requires_grad and whether the id has a sixth member. */
  private readonly memoFrom: number
  private readonly flags: number
  declare state: Value | undefined
  declare items: Value[] | undefined
  declare entries: PyDict | undefined
  declare private spelled: Spelled | undefined

  constructor(callee: PyGlobal, at: number, storage: StorageRecord, offset: number, shape: readonly number[], stride: readonly number[], memoFrom: number, memoized: number, more: { readonly requiresGrad: boolean, readonly sixth: boolean }) {
    this.callee = callee
    this.at = at
    this.storage = storage
    this.offset = offset
    this.shape = shape
    this.stride = stride
    this.memoFrom = memoFrom
    this.flags = memoized | (more.requiresGrad ? 128 : 0) | (more.sixth ? 256 : 0)
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
    let count = elementBytes(this.storage.dtype)!
    for (const size of this.shape) count *= size
    return count
  }

  get layout(): 'strided' {
    return same.layout
  }

  get parameter(): boolean {
    return same.no
  }

  get requiresGrad(): boolean {
    return (this.flags & 128) !== 0
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

  /** What the memo holds at an index that belongs to this tensor. */
  inMemo(index: number): Value {
    let part = 1
    for (let left = index - this.memoFrom; part < memoParts.tensor; part <<= 1) {
      if ((this.flags & part) === 0) continue
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
    const idItems: Value[] = ['storage', storage.type, storage.key, storage.device, storage.count]
    if (this.flags & 256) idItems.push(null)
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
