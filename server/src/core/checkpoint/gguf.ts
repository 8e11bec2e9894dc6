/** Reads the header of a GGUF file: how many tensors it has, their shapes and types, as far as the types are known. */

import { u32, u64, utf8 } from './bytes.ts'
import type { Reader } from './bytes.ts'
import type { Checkpoint } from './checkpoint.ts'
import type { StoredStorage } from './storage-record.ts'
import * as limits from './limits.ts'
import type { Reading } from './reading.ts'
import { contiguousStride } from './tensor-values.ts'
import type { NamedTensor } from './walk.ts'
import type { TensorValue } from './values.ts'

/** ggml types: name, elements per block, bytes per block (ggml/include/ggml.h). */
const types: ReadonlyMap<number, readonly [string, number, number]> = new Map([
  [0, ['float32', 1, 4]], [1, ['float16', 1, 2]], [2, ['q4_0', 32, 18]], [3, ['q4_1', 32, 20]], [6, ['q5_0', 32, 22]], [7, ['q5_1', 32, 24]], [8, ['q8_0', 32, 34]], [9, ['q8_1', 32, 36]],
  [10, ['q2_k', 256, 84]], [11, ['q3_k', 256, 110]], [12, ['q4_k', 256, 144]], [13, ['q5_k', 256, 176]], [14, ['q6_k', 256, 210]], [15, ['q8_k', 256, 292]],
  [24, ['int8', 1, 1]], [25, ['int16', 1, 2]], [26, ['int32', 1, 4]], [27, ['int64', 1, 8]], [28, ['float64', 1, 8]], [30, ['bfloat16', 1, 2]],
])

const valueBytes = [1, 1, 2, 2, 4, 4, 4, 1, 0, 0, 8, 8, 8]

/** A position in the header, read through a window. */
class Cursor {
  at = 4
  failed = false
  private readonly reader: Reader
  private window = new Uint8Array(0)
  private base = 0

  constructor(reader: Reader) {
    this.reader = reader
  }

  private take(count: number): { readonly bytes: Uint8Array, readonly index: number } | undefined {
    if (this.failed || this.at + count > this.reader.bytes || count > limits.stringBytes) {
      this.failed = true
      return undefined
    }
    if (this.at < this.base || this.at + count > this.base + this.window.length) {
      this.base = this.at
      this.window = Uint8Array.from(this.reader.read(this.at, limits.pickleWindow + limits.stringBytes))
    }
    const index = this.at - this.base
    if (index + count > this.window.length) {
      this.failed = true
      return undefined
    }
    this.at += count
    return { bytes: this.window, index }
  }

  u32(): number {
    const found = this.take(4)
    return found ? u32(found.bytes, found.index) : 0
  }

  u64(): number {
    const found = this.take(8)
    return found ? u64(found.bytes, found.index) : 0
  }

  text(): string {
    const length = this.u64()
    const found = this.take(length)
    return found ? utf8(found.bytes, found.index, found.index + length) ?? '' : ''
  }

  skip(count: number): void {
    if (this.at + count > this.reader.bytes) this.failed = true
    else this.at += count
  }
}

export function readGguf(reading: Reading): Checkpoint {
  const { reader, anatomy } = reading
  const cursor = new Cursor(reader)
  const notAsked = { notAsked: 'a GGUF file holds no pickle' }
  reading.metadata['version'] = String(cursor.u32())
  const tensorCount = cursor.u64()
  const pairs = cursor.u64()
  let alignment = 32
  let budget = limits.walkedValues
  for (let index = 0; index < pairs && !cursor.failed; index++) {
    const key = cursor.text()
    const type = cursor.u32()
    if (key === 'general.alignment' && type === 4) {
      alignment = cursor.u32()
      continue
    }
    budget -= skipValue(cursor, type, budget)
    if (budget <= 0) cursor.failed = true
  }
  const found = readTensors(cursor, tensorCount)
  if (cursor.failed || found === undefined || alignment < 1) {
    reading.problem('error', 'the GGUF header is broken or cut off', cursor.at)
    return reading.finish('gguf', 'other', notAsked)
  }
  const dataStart = Math.ceil(cursor.at / alignment) * alignment
  reading.alignment = alignment
  reading.metadata['tensors'] = String(tensorCount)
  anatomy.add(0, cursor.at, 'container')
  anatomy.add(cursor.at, Math.min(dataStart, reader.bytes), 'padding')
  const named: NamedTensor[] = []
  const storages = new Map<string, StoredStorage>()
  let last = dataStart
  for (const { name, shape, type, offset } of found) {
    const [dtype, block, width] = types.get(type) ?? [`ggml type ${String(type)}`, 1, NaN]
    const count = shape.reduce((product, size) => product * size, 1)
    const bytes = Math.ceil(count / block) * width
    const start = dataStart + offset
    if (Number.isNaN(bytes) || start + bytes > reader.bytes) {
      reading.problem(Number.isNaN(bytes) ? 'warning' : 'error', Number.isNaN(bytes) ? `${name} has an element type that is not known here` : `${name} passes the end of the file`, start)
      continue
    }
    const tensor: TensorValue = { dtype, shape, stride: contiguousStride(shape), bytes, layout: 'strided', storage: { key: name, dtype, device: 'cpu', bytes, count }, offset: 0, parameter: false, requiresGrad: false, parts: [], opaque: true }
    named.push({ name, tensor, role: 'weights', hidden: false })
    storages.set(name, { key: name, dtype, device: 'cpu', bytes, start })
    if (start > last && start - last < alignment) anatomy.add(last, start, 'padding')
    anatomy.add(start, start + bytes, 'weights')
    last = Math.max(last, start + bytes)
  }
  if (reader.bytes > last && reader.bytes - last < alignment) anatomy.add(last, reader.bytes, 'padding')
  reading.content = { named, storages, bigEndian: false, holdsModule: false, reachable: new Map() }
  return reading.finish('gguf', 'state_dict', notAsked)
}

/** Skips a metadata value and returns how many steps that took. */
function skipValue(cursor: Cursor, type: number, budget: number): number {
  if (type === 8) {
    cursor.skip(cursor.u64())
    return 1
  }
  if (type !== 9) {
    const width = valueBytes[type]
    if (width === undefined || width === 0) cursor.failed = true
    else cursor.skip(width)
    return 1
  }
  const inner = cursor.u32()
  const count = cursor.u64()
  const width = valueBytes[inner]
  if (inner !== 8) {
    if (width === undefined || width === 0) cursor.failed = true
    else cursor.skip(width * count)
    return 1
  }
  for (let index = 0; index < count && index < budget && !cursor.failed; index++) cursor.skip(cursor.u64())
  return Math.min(count, budget)
}

function readTensors(cursor: Cursor, count: number): { readonly name: string, readonly shape: number[], readonly type: number, readonly offset: number }[] | undefined {
  if (count > limits.tensors) return undefined
  const list: { name: string, shape: number[], type: number, offset: number }[] = []
  for (let index = 0; index < count && !cursor.failed; index++) {
    const name = cursor.text()
    const dimensions = cursor.u32()
    if (dimensions > 8) return undefined
    const shape: number[] = []
    for (let dimension = 0; dimension < dimensions; dimension++) shape.unshift(cursor.u64())
    list.push({ name, shape, type: cursor.u32(), offset: cursor.u64() })
  }
  return cursor.failed ? undefined : list
}
