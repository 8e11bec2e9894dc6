/**
 * Reads the one way in which torch.save writes nearly every tensor, `_rebuild_tensor_v2(storage, offset, size, stride,
 * requires_grad, OrderedDict())` in protocol 2, without a symbol for each of its 35 opcodes. Whatever differs in one
 * byte is left to the machine, which reads any pickle; both give the same.
 */

import { elementBytes } from './dtypes.ts'
import type { PickleMemo } from './pickle-memo.ts'
import { StorageRecord, StorageRecords } from './storage-record.ts'
import type { StorageType } from './storage-record.ts'
import { formFlags, memoParts, TensorCall } from './tensor-call.ts'
import type { TensorForm } from './tensor-call.ts'
import { storageClassDtype } from './tensor-values.ts'
import type { PyGlobal, Value } from './values.ts'

/** Bytes that one tensor takes at most when it is written this way: 8 dimensions of 9 bytes twice, and 150 for the rest. */
export const idiomBytes = 320

/** Dimensions that are read here; more are rare. */
const dimensions = 8

/** Classes and devices of storages in one pickle; real ones have a handful. */
const types = 64

/** Shapes and strides that are remembered, so that layers of one shape share theirs. */
const remembered = 4096

export class TensorIdiom {
  /** Just past the tensor that was read last. */
  end = 0
  /** Opcodes that it took. */
  opcodes = 0
  /** True when nothing like the shape of the last tensor was met lately. */
  isNewForm = false
  /** True when the last tensor is the first that names its storage. */
  isNewStorage = false
  private readonly records = new StorageRecords()
  private readonly allowSixth: boolean
  private readonly shapes = new Array<readonly number[] | undefined>(remembered)
  private readonly sizes = new Array<number>(dimensions).fill(0)
  private readonly forms = new Array<TensorForm | undefined>(remembered)
  /** The last shape or stride among those that are remembered. */
  private slot = 0
  private hooks: PyGlobal | undefined
  private type: StorageType | undefined
  private buffer: Uint8Array = new Uint8Array(0)
  private at = 0

  /** `allowSixth`: legacy streams have a sixth member in their storage ids. */
  constructor(allowSixth: boolean) {
    this.allowSixth = allowSixth
  }

  /** The tensor whose arguments begin at `from`, behind their MARK; undefined when they are written in any other way. Changes the memo only when it succeeds. */
  read(buffer: Uint8Array, from: number, memo: PickleMemo, callee: PyGlobal, at: number): TensorCall | undefined {
    const first = memo.next
    if (first < 0 || from + idiomBytes > buffer.length || buffer[from] !== 0x28) return undefined
    this.buffer = buffer
    this.at = from + 1
    if (this.recall(memo) !== 'storage') return undefined
    const type = this.recall(memo)
    if (type === undefined) return undefined
    let next = first
    let memoized = 0
    const keyAt = this.at
    let number: number
    if (buffer[keyAt] === 0x58) {
      const length = buffer[keyAt + 1]!
      if (buffer[keyAt + 2]! !== 0 || buffer[keyAt + 3]! !== 0 || buffer[keyAt + 4]! !== 0 || length === 0 || length > 20) return undefined
      number = numberIn(buffer, keyAt + 5, length)
      if (number < 0) return undefined
      this.at = keyAt + 5 + length
      if (this.put(next)) { memoized |= memoParts.key; next += 1 }
    } else {
      const recalled = this.recall(memo)
      if (typeof recalled !== 'string' || !/^(0|[1-9]\d{0,14})$/.test(recalled)) return undefined
      number = Number(recalled)
    }
    const device = this.recall(memo)
    const count = this.integer()
    if (typeof device !== 'string' || count < 0) return undefined
    const { type: before } = this
    const storageType = before?.global === type && before.device === device ? before : this.storageType(type, device)
    if (storageType === undefined) return undefined
    let sixth = false
    if (buffer[this.at] === 0x4e) {
      if (!this.allowSixth) return undefined
      sixth = true
      this.at += 1
    }
    if (buffer[this.at++] !== 0x74) return undefined
    if (this.put(next)) { memoized |= memoParts.id; next += 1 }
    if (buffer[this.at++] !== 0x51) return undefined
    const offset = this.integer()
    if (offset < 0) return undefined
    const shape = this.tuple()
    if (shape === undefined) return undefined
    if (shape.length > 0 && this.put(next)) { memoized |= memoParts.size; next += 1 }
    const shapeSlot = this.slot
    const stride = this.tuple()
    if (stride?.length !== shape.length) return undefined
    if (stride.length > 0 && this.put(next)) { memoized |= memoParts.stride; next += 1 }
    const flag = buffer[this.at++]
    if (flag !== 0x88 && flag !== 0x89) return undefined
    const hooks = this.recall(memo)
    if (hooks === undefined || hooks !== this.hooks) {
      if (!isOrderedDict(hooks)) return undefined
      this.hooks = hooks
    }
    if (buffer[this.at] !== 0x29 || buffer[this.at + 1] !== 0x52) return undefined
    this.at += 2
    if (this.put(next)) { memoized |= memoParts.hooks; next += 1 }
    if (buffer[this.at++] !== 0x74) return undefined
    if (this.put(next)) { memoized |= memoParts.args; next += 1 }
    if (buffer[this.at++] !== 0x52) return undefined
    if (this.put(next)) { memoized |= memoParts.tensor; next += 1 }
    if (!fits(shape, stride, offset, storageType.width, count)) return undefined
    let record = this.records.get(number)
    this.isNewStorage = record === undefined
    if (record === undefined) {
      record = new StorageRecord(storageType, number, count, at)
      this.records.add(record)
    } else if (record.type !== storageType || record.count !== count) return undefined
    const form = this.form(callee, shape, stride, memoized | (flag === 0x88 ? formFlags.requiresGrad : 0) | (sixth ? formFlags.sixth : 0), shapeSlot)
    const tensor = new TensorCall(form, record, offset, at)
    if (next > first) memo.putRun(tensor, next - first)
    this.end = this.at
    this.opcodes = 24 + 2 * shape.length
    return tensor
  }

  /** The global that its hooks name. */
  get hooksClass(): PyGlobal {
    return this.hooks!
  }

  private readonly types: StorageType[] = []

  /** The class and device of a storage, one object for all that share them; undefined when this is no such class. */
  private storageType(global: Value, device: string): StorageType | undefined {
    const known = this.types.find((type) => type.global === global && type.device === device)
    if (known !== undefined) {
      this.type = known
      return known
    }
    const dtype = storageClassDtype(global)
    // Types that are packed into fewer bits are measured elsewhere.
    if (dtype === undefined || dtype === 'quint4x2' || dtype === 'quint2x4' || this.types.length >= types) return undefined
    this.type = { global: global as PyGlobal, dtype, width: elementBytes(dtype)!, device }
    this.types.push(this.type)
    return this.type
  }

  /** Shape, stride and flags, one object for all tensors that share them. */
  private form(callee: PyGlobal, shape: readonly number[], stride: readonly number[], flags: number, shapeSlot: number): TensorForm {
    const slot = (shapeSlot * 31 + this.slot + flags) & (remembered - 1)
    const known = this.forms[slot]
    this.isNewForm = known?.shape !== shape || known.stride !== stride || known.flags !== flags
    if (known !== undefined && !this.isNewForm) return known
    const made = { callee, shape, stride, flags }
    this.forms[slot] = made
    return made
  }

  /** BINGET or LONG_BINGET of a plain value. */
  private recall(memo: PickleMemo): Value | undefined {
    const { buffer, at } = this
    if (buffer[at] === 0x68) {
      this.at = at + 2
      return memo.get(buffer[at + 1]!)
    }
    if (buffer[at] !== 0x6a) return undefined
    this.at = at + 5
    return memo.get(buffer[at + 1]! + buffer[at + 2]! * 0x100 + buffer[at + 3]! * 0x10000 + buffer[at + 4]! * 0x1000000)
  }

  /** BINPUT or LONG_BINPUT at the next index of the memo; false when there is none here. */
  private put(next: number): boolean {
    const { buffer, at } = this
    if (buffer[at] === 0x71 && buffer[at + 1] === next) {
      this.at = at + 2
      return true
    }
    if (buffer[at] !== 0x72 || buffer[at + 1]! + buffer[at + 2]! * 0x100 + buffer[at + 3]! * 0x10000 + buffer[at + 4]! * 0x1000000 !== next) return false
    this.at = at + 5
    return true
  }

  /** A number of 0 or more, below 2^53; -1 when there is none. */
  private integer(): number {
    const { buffer, at } = this
    switch (buffer[at]) {
      case 0x4b:
        this.at = at + 2
        return buffer[at + 1]!
      case 0x4d:
        this.at = at + 3
        return buffer[at + 1]! | (buffer[at + 2]! << 8)
      case 0x4a:
        this.at = at + 5
        return buffer[at + 4]! > 127 ? -1 : buffer[at + 1]! | (buffer[at + 2]! << 8) | (buffer[at + 3]! << 16) | (buffer[at + 4]! << 24)
      case 0x8a: {
        const length = buffer[at + 1]!
        if (length === 0 || length > 6 || buffer[at + 1 + length]! > 127) return -1
        let value = 0
        for (let index = length; index > 0; index--) value = value * 256 + buffer[at + 1 + index]!
        this.at = at + 2 + length
        return value
      }
      default: return -1
    }
  }

  /** A tuple of such numbers in any of the four ways to write one. */
  private tuple(): readonly number[] | undefined {
    const { buffer, sizes } = this
    let open = false
    if (buffer[this.at] === 0x29) {
      this.at += 1
      this.slot = 0
      return noSizes
    }
    if (buffer[this.at] === 0x28) {
      open = true
      this.at += 1
    }
    let length = 0
    let hash = 17
    for (;;) {
      const code = buffer[this.at]!
      if (code === 0x74 ? open : code >= 0x85 && code <= 0x87 && !open && code - 0x84 === length) break
      const size = length < dimensions ? this.integer() : -1
      if (size < 0) return undefined
      sizes[length++] = size
      hash = (hash * 31 + size) | 0
    }
    this.at += 1
    if (length === 0) return undefined
    const slot = (hash ^ (hash >>> 12)) & (remembered - 1)
    this.slot = slot
    const known = this.shapes[slot]
    if (known !== undefined && isSame(known, sizes, length)) return known
    const made = sizes.slice(0, length)
    this.shapes[slot] = made
    return made
  }
}

const noSizes: readonly number[] = []

function isSame(known: readonly number[], sizes: readonly number[], length: number): boolean {
  if (known.length !== length) return false
  for (let index = 0; index < length; index++) if (known[index] !== sizes[index]) return false
  return true
}

/** Whether the last element of the tensor lies inside the storage of `elements`, and its bytes can be counted. */
function fits(shape: readonly number[], stride: readonly number[], offset: number, width: number, elements: number): boolean {
  let count = width
  let last = offset
  for (let index = 0; index < shape.length; index++) {
    count *= shape[index]!
    last += (shape[index]! - 1) * stride[index]!
  }
  return Number.isSafeInteger(count) && (count === 0 || last < elements)
}

/** The number that ASCII digits without leading zeros spell; -1 when they do not. */
function numberIn(buffer: Uint8Array, from: number, length: number): number {
  if (length > 15 || (length > 1 && buffer[from] === 0x30)) return -1
  let number = 0
  for (let index = from; index < from + length; index++) {
    const digit = buffer[index]! - 0x30
    if (digit < 0 || digit > 9) return -1
    number = number * 10 + digit
  }
  return number
}

function isOrderedDict(value: Value | undefined): value is PyGlobal {
  return typeof value === 'object' && value?.kind === 'global' && value.path === 'collections.OrderedDict'
}
