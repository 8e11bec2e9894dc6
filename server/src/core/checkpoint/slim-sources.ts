/** Which bytes of a storage a tensor needs, in the order of the file, and the strides it has over them alone. */

import { elementBytes } from './dtypes.ts'
import { contiguousStride, product } from './tensor-values.ts'
import type { TensorValue } from './values.ts'

export interface Source {
  /** Two tensors with the same id are made of the same bytes. */
  readonly id: string
  readonly whole: boolean
  /** First byte in the storage. */
  readonly start: number
  /** Bytes of one run, and the steps between runs, outermost first; steps in bytes. */
  readonly run: number
  readonly steps: readonly { readonly count: number, readonly step: number }[]
  /** Bytes altogether. */
  readonly bytes: number
  /** Strides of the tensor over its own bytes; undefined where they stay. */
  readonly stride: readonly number[] | undefined
  /** Bytes from the first to the last, when runs jump back and forth: then all of them are read first. */
  readonly reach?: number
}

/** A tensor up to this size is turned in memory. */
const turnedBytes = 64 * 1024 * 1024

/**
 * `own bytes` leaves out what the tensor does not touch. Elements keep the order in which they stand in the file, so
 * that reading goes forward only; a transposed tensor stays transposed.
 */
export function sourceOf(tensor: TensorValue, storageBytes: number, want: 'own bytes' | 'rows' | 'whole storage'): Source | string {
  const whole = wholeStorage(storageBytes)
  const shape = tensor.shape as readonly number[] | null
  const stride = tensor.stride
  const width = elementBytes(tensor.dtype)
  if (want === 'whole storage' || !shape || !stride || width === undefined) return whole
  const identity = `${String(tensor.offset)} ${String(shape)} ${String(stride)}`
  if (shape.includes(0)) return { id: identity, whole: false, start: 0, run: 0, steps: [], bytes: 0, stride: [...stride] }
  if (want === 'rows') return rowsOf(tensor, shape, stride, width, storageBytes, identity)
  const dimensions = shape.map((size, index) => ({ index, size, step: stride[index]! })).filter(({ size, step }) => size > 1 && step !== 0).sort((a, b) => b.step - a.step)
  let reach = 1
  for (const { size, step } of [...dimensions].reverse()) {
    // Steps shorter than what they step over: windows that overlap. Then the whole span goes as it is.
    if (step < reach) return span(tensor, shape, stride, width, identity)
    reach += (size - 1) * step
  }
  const own = new Array<number>(shape.length).fill(0)
  let elements = 1
  for (const { index, size } of [...dimensions].reverse()) {
    own[index] = elements
    elements *= size
  }
  shape.forEach((size, index) => { if (size === 1) own[index] = elements })
  // Innermost dimensions without gaps make one run.
  let run = 1
  let outer = dimensions.length
  while (outer > 0 && dimensions[outer - 1]!.step === run) {
    run *= dimensions[outer - 1]!.size
    outer -= 1
  }
  const start = tensor.offset * width
  if (outer === 0 && start === 0 && run * width === storageBytes) return { ...whole, stride: [...stride] }
  return { id: identity, whole: false, start, run: run * width, steps: dimensions.slice(0, outer).map(({ size, step }) => ({ count: size, step: step * width })), bytes: elements * width, stride: own }
}

export function wholeStorage(bytes: number): Source {
  return { id: 'whole', whole: true, start: 0, run: bytes, steps: [], bytes, stride: undefined }
}

/** Elements row by row, as safetensors wants them; a tensor that stands otherwise must fit into memory to be turned. */
function rowsOf(tensor: TensorValue, shape: readonly number[], stride: readonly number[], width: number, storageBytes: number, id: string): Source | string {
  let run = 1
  let outer = shape.length
  while (outer > 0 && (shape[outer - 1] === 1 || stride[outer - 1] === run)) {
    run *= shape[outer - 1]!
    outer -= 1
  }
  const start = tensor.offset * width
  const own = contiguousStride(shape)
  const bytes = product(shape) * width
  if (outer === 0 && start === 0 && bytes === storageBytes) return { ...wholeStorage(storageBytes), stride: own }
  const steps = shape.slice(0, outer).map((size, index) => ({ count: size, step: stride[index]! * width }))
  const forward = steps.every(({ step }, index) => index === 0 || step * steps[index]!.count <= steps[index - 1]!.step)
  const reach = shape.reduce((sum, size, index) => sum + (size - 1) * stride[index]!, 1) * width
  if (!forward && reach > turnedBytes) return `is not stored row by row, and is too large to be turned (${String(bytes)} bytes)`
  return { id, whole: false, start, run: run * width, steps, bytes, stride: own, ...(forward ? {} : { reach }) }
}

function span(tensor: TensorValue, shape: readonly number[], stride: readonly number[], width: number, id: string): Source {
  const last = shape.reduce((sum, size, index) => sum + (size - 1) * stride[index]!, 0)
  return { id, whole: false, start: tensor.offset * width, run: (last + 1) * width, steps: [], bytes: (last + 1) * width, stride: [...stride] }
}
