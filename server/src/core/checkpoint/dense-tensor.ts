/** A tensor that is the whole of its storage, row by row, as safetensors has them: one small object each. */

import type { StoredStorage } from './storage-record.ts'
import type { StorageId, TensorValue } from './values.ts'

/** What all of them have in common. */
const same = { device: 'cpu', nowhere: undefined, layout: 'strided', parts: [] as TensorValue['parts'], no: false, offset: 0 } as const

/** What a tensor and the file say of one storage, in one. */
export class DenseStorage implements StorageId, StoredStorage {
  readonly key: string
  readonly dtype: string
  readonly bytes: number
  readonly count: number
  readonly start: number

  constructor(key: string, dtype: string, bytes: number, count: number, start: number) {
    this.key = key
    this.dtype = dtype
    this.bytes = bytes
    this.count = count
    this.start = start
  }

  get device(): string {
    return same.device
  }

  get headerOffset(): undefined {
    return same.nowhere
  }

  get crc(): undefined {
    return same.nowhere
  }

  get deflated(): undefined {
    return same.nowhere
  }
}

export class DenseTensor implements TensorValue {
  readonly storage: DenseStorage
  readonly shape: readonly number[]
  readonly stride: readonly number[]

  constructor(storage: DenseStorage, shape: readonly number[], stride: readonly number[]) {
    this.storage = storage
    this.shape = shape
    this.stride = stride
  }

  get dtype(): string {
    return this.storage.dtype
  }

  get bytes(): number {
    return this.storage.bytes
  }

  get layout(): 'strided' {
    return same.layout
  }

  get offset(): number {
    return same.offset
  }

  get parameter(): boolean {
    return same.no
  }

  get requiresGrad(): boolean {
    return same.no
  }

  get parts(): TensorValue['parts'] {
    return same.parts
  }

  get opaque(): boolean {
    return same.no
  }
}
