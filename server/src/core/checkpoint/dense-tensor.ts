/** A tensor that is the whole of its storage, row by row, as safetensors has them: one small object for the entry, the tensor and the storage. */

import type { StoredStorage } from './storage-record.ts'
import type { StorageId, TensorValue } from './values.ts'

/** What all of them have in common. */
const same = { device: 'cpu', nowhere: undefined, layout: 'strided', parts: [] as TensorValue['parts'], no: false, zero: 0 } as const

/** An element type, as one object for all tensors of it. */
export interface DenseType {
  readonly name: string
  readonly bits: number
}

/** A shape with the strides that go with it, as one object for all tensors of it. */
export interface DenseShape {
  readonly sizes: readonly number[]
  readonly stride: readonly number[]
}

export class DenseTensor implements TensorValue, StorageId, StoredStorage {
  readonly key: string
  /** First byte in the file, and just past the last one. */
  readonly start: number
  readonly end: number
  private readonly type: DenseType
  private readonly form: DenseShape

  constructor(key: string, type: DenseType, form: DenseShape, start: number, end: number) {
    this.key = key
    this.type = type
    this.form = form
    this.start = start
    this.end = end
  }

  get dtype(): string {
    return this.type.name
  }

  get bits(): number {
    return this.type.bits
  }

  get shape(): readonly number[] {
    return this.form.sizes
  }

  get stride(): readonly number[] {
    return this.form.stride
  }

  get bytes(): number {
    return this.end - this.start
  }

  get count(): number {
    return Math.floor((this.bytes * 8) / this.type.bits)
  }

  get storage(): this {
    return this
  }

  get device(): string {
    return same.device
  }

  get crc(): undefined {
    return same.nowhere
  }

  get deflated(): undefined {
    return same.nowhere
  }

  get layout(): 'strided' {
    return same.layout
  }

  get offset(): number {
    return same.zero
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
