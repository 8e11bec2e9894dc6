/** Reads the header of numpy's own file format; an array of objects is a pickle. */

import { latin1, u16, u32 } from './bytes.ts'
import type { Checkpoint } from './checkpoint.ts'
import { noTensors } from './content.ts'
import type { StoredStorage } from './storage-record.ts'
import { numpyDtype } from './dtypes.ts'
import * as limits from './limits.ts'
import { PickleInput } from './pickle-input.ts'
import { scanAll } from './pickle-scan.ts'
import type { Reading } from './reading.ts'
import { contiguousStride, product } from './tensor-values.ts'
import type { TensorValue } from './values.ts'
import type { NamedTensor } from './walk.ts'

/** A numpy array on its own (numpy/lib/format.py). */
export function readNumpyFile(reading: Reading): Checkpoint {
  const { reader, anatomy } = reading
  const notAsked = { notAsked: 'torch.load does not read numpy files' }
  const array = readNumpyHeader(reader.read(0, Math.min(reader.bytes, 65_536 + 16)))
  if (typeof array === 'string') {
    reading.problem('error', array, 6)
    return reading.finish('numpy', 'other', notAsked)
  }
  anatomy.add(0, array.dataStart, 'container')
  if (array.dtype === 'object') {
    anatomy.add(array.dataStart, reader.bytes, 'pickle')
    scanAll(PickleInput.inFile(reader, array.dataStart, reader.bytes), reading.seen)
    reading.content = noTensors
    return reading.finish('numpy', 'other', notAsked)
  }
  const bytes = array.shape.reduce((total, size) => total * size, array.width)
  if (array.dataStart + bytes > reader.bytes) reading.problem('error', `the file is cut off: the array wants ${String(bytes)} bytes`, reader.bytes)
  const end = Math.min(array.dataStart + bytes, reader.bytes)
  const storage = { key: '0', dtype: array.dtype, device: 'cpu', bytes: end - array.dataStart, count: product(array.shape) }
  const tensor: TensorValue = { dtype: array.dtype, shape: array.shape, stride: contiguousStride(array.shape), bytes, layout: 'numpy', storage, offset: 0, parameter: false, requiresGrad: false, parts: [], opaque: true }
  const named: NamedTensor = { name: '.', tensor, role: 'other', hidden: false }
  const stored: StoredStorage = { key: '0', dtype: array.dtype, device: 'cpu', bytes: end - array.dataStart, start: array.dataStart }
  reading.content = { named: [named], storages: new Map([['0', stored]]), bigEndian: false, holdsModule: false, reachable: new Map() }
  anatomy.add(array.dataStart, end, 'other-tensors')
  return reading.finish('numpy', 'tensor', notAsked)
}

export interface NumpyHeader {
  readonly dtype: string
  readonly width: number
  readonly shape: readonly number[]
  readonly fortran: boolean
  readonly dataStart: number
}

export function readNumpyHeader(bytes: Uint8Array): NumpyHeader | string {
  if (bytes.length < 12) return 'the numpy header is cut off'
  const wide = bytes[6]! >= 2
  const length = wide ? u32(bytes, 8) : u16(bytes, 8)
  const start = wide ? 12 : 10
  if (start + length > bytes.length) return 'the numpy header is cut off'
  const text = latin1(bytes, start, start + length)
  const descr = /'descr':\s*'([^']{1,64})'/.exec(text)?.[1]
  const shape = /'shape':\s*\(([\d,\s]*)\)/.exec(text)?.[1]
  if (shape === undefined) return 'the numpy header is broken'
  const sizes = shape.split(',').map((part) => part.trim()).filter((part) => part !== '').map(Number)
  const type = descr === undefined ? undefined : numpyDtype(descr)
  if (sizes.some((size) => !Number.isSafeInteger(size)) || !Number.isSafeInteger(sizes.reduce((total, size) => total * size, type?.bytes ?? 1))) return 'the numpy header has no valid shape'
  if (type === undefined || sizes.length > limits.dimensions) return 'the numpy array has an element type that is not known here'
  return { dtype: type.name, width: type.bytes, shape: sizes, fortran: /'fortran_order':\s*True/.test(text), dataStart: start + length }
}
