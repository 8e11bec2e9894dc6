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
  /** Offset of the zip record that holds it, where there is one. */
  readonly headerOffset?: number | undefined
  /** CRC-32 of its bytes, as the zip's directory says; torch can be told not to compute it. */
  readonly crc?: number | undefined
  /** Where its deflated bytes stand, when the record is not stored plainly. */
  readonly deflated?: { readonly start: number, readonly bytes: number } | undefined
}

export class StorageRecord implements StorageId, StoredStorage {
  readonly key: string
  /** The key as a number. */
  readonly number: number
  readonly dtype: string
  readonly device: string
  readonly count: number
  /** What the pickle says it has: `count` times the element's bytes. */
  readonly bytes: number
  /** The class that the pickle names, and the offset of the tensor that named it first. */
  readonly type: PyGlobal
  readonly at: number
  /** Offset of its first byte in the file; undefined until it is found. */
  start: number | undefined = undefined
  headerOffset: number | undefined = undefined
  crc: number | undefined = undefined
  /** The first tensor that stands on it, while the content is put together. */
  owner: Covered | undefined = undefined

  constructor(key: string, number: number, type: PyGlobal, dtype: string, device: string, count: number, bytes: number, at: number) {
    this.key = key
    this.number = number
    this.type = type
    this.dtype = dtype
    this.device = device
    this.count = count
    this.bytes = bytes
    this.at = at
  }

  /** Deflated storages are described by plain objects. */
  get deflated(): undefined {
    return undefined
  }

  /** The file holds all of it, stored plainly, from `start` on. */
  place(start: number, headerOffset?: number, crc?: number): this {
    this.start = start
    this.headerOffset = headerOffset
    this.crc = crc
    return this
  }
}

/** All storages of one pickle by key; keys are numbers, and those that count up from 0 need no text to be found. */
export class StorageRecords {
  private readonly byNumber: StorageRecord[] = []
  private readonly byKey = new Map<string, StorageRecord>()

  get(key: string, number: number): StorageRecord | undefined {
    return number <= this.byNumber.length ? this.byNumber[number] : this.byKey.get(key)
  }

  add(record: StorageRecord): void {
    if (record.number === this.byNumber.length) this.byNumber.push(record)
    else this.byKey.set(record.key, record)
  }
}
