/** One storage of a checkpoint as its pickle names it and, once it is found, where the file keeps it. A single small object: there are as many as tensors. */

import type { Covered } from './coverage.ts'
import type { PyGlobal, StorageId } from './values.ts'

/** One storage in the file. */
export interface StoredStorage {
  readonly key: string
  readonly dtype: string
  readonly device: string
  /** Bytes that the file holds of it. */
  readonly bytes: number
  /** Offset of its first byte; undefined when only its local header tells. */
  readonly start: number | undefined
  /** CRC-32 of its bytes, as the zip's directory says; torch can be told not to compute it. */
  readonly crc?: number | undefined
  /** Where its deflated bytes stand, when the record is not stored plainly. */
  readonly deflated?: { readonly start: number, readonly bytes: number } | undefined
}

/** What the storages of one class on one device have in common. */
export interface StorageType {
  /** The class that the pickle names. */
  readonly global: PyGlobal
  readonly dtype: string
  /** Bytes of an element. */
  readonly width: number
  readonly device: string
}

export class StorageRecord implements StorageId, StoredStorage {
  readonly type: StorageType
  /** The key as a number. */
  readonly number: number
  readonly count: number
  /** Offset of the tensor that named it first. */
  readonly at: number
  /** Offset of its first byte in the file; undefined until it is found. */
  start: number | undefined = undefined
  /** The first tensor that stands on it, while the content is put together. */
  owner: Covered | undefined = undefined
  /** Its CRC-32 as a signed number, which takes no object of its own. */
  private check: number | undefined = undefined

  constructor(type: StorageType, number: number, count: number, at: number) {
    this.type = type
    this.number = number
    this.count = count
    this.at = at
  }

  get key(): string {
    return String(this.number)
  }

  get dtype(): string {
    return this.type.dtype
  }

  get device(): string {
    return this.type.device
  }

  /** What the pickle says it has: `count` times the element's bytes. */
  get bytes(): number {
    return this.count * this.type.width
  }

  get crc(): number | undefined {
    return this.check === undefined ? undefined : this.check >>> 0
  }

  /** Deflated storages are described by plain objects. */
  get deflated(): undefined {
    return undefined
  }

  /** The file holds all of it, stored plainly, from `start` on. */
  place(start: number, crc?: number): this {
    this.start = start
    if (crc !== undefined) this.check = crc | 0
    return this
  }
}

/** Numbers left out before a table is needed: the first tensors of a pickle are often written in another way. */
const gap = 64

/** All storages of one pickle; keys are numbers, and those that count up need no table to be found. */
export class StorageRecords {
  private readonly inOrder: (StorageRecord | undefined)[] = []
  private readonly others = new Map<number, StorageRecord>()

  get(number: number): StorageRecord | undefined {
    return number < this.inOrder.length ? this.inOrder[number] ?? this.others.get(number) : this.others.get(number)
  }

  add(record: StorageRecord): void {
    const { inOrder } = this
    const { number } = record
    if (number > inOrder.length + gap) {
      this.others.set(number, record)
      return
    }
    while (inOrder.length < number) inOrder.push(undefined)
    if (number === inOrder.length) inOrder.push(record)
    else inOrder[number] = record
  }
}
