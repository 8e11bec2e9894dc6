/**
 * A tensor without its weight: shape, strides, element type, device and the identity of its storage. Small known
 * contents are kept, because loops and shapes sometimes depend on them; everything else has unknown contents.
 * Immutable but for one thing: a write to a storage forgets its contents, which is sound on every path.
 */

import { dtypeByName } from '../../model/dtypes.ts'
import { contiguousStrides, expandStrides, inferShape, isContiguous, isDense, product, viewStrides, wrapDim, type Shape } from './shape.ts'

/** Contents of more elements than this are not kept: no constructor loops over more. */
export const MAX_KNOWN_ELEMENTS = 4096

/** What one or more tensors share. Identity is the object itself. */
export interface TensorStorage {
  readonly elements: number
  /** Known contents in storage order; null when unknown, and from the first write on. */
  values: readonly number[] | null
  /** What it was copied from, element by element, until the first write: two copies of one tensor hold the same. */
  copyOf?: TensorInfo | undefined
  /** True when the values may differ from PyTorch's in the last places: transcendental functions, ranges of floats. */
  readonly approximate: boolean
}

/** Relative distance from a discontinuity within which an approximate value decides nothing: some thirty units in the last place of a float32. */
const TOLERANCE = 2e-6

/** Whether two numbers are too close to be told apart when either is approximate. */
export function tooClose(a: number, b: number): boolean {
  return Math.abs(a - b) <= TOLERANCE * Math.max(1, Math.abs(a), Math.abs(b))
}

export interface TensorInfo {
  readonly storage: TensorStorage
  /** In elements. */
  readonly offset: number
  readonly shape: Shape
  readonly strides: Shape
  readonly dtype: string
  readonly device: string
}

/** A new contiguous tensor with a storage of its own. */
export function makeTensor(shape: Shape, dtype: string, device: string, values: readonly number[] | null = null, options: { approximate?: boolean } = {}): TensorInfo {
  const elements = product(shape)
  const kept = values !== null && elements <= MAX_KNOWN_ELEMENTS && values.length === elements ? values.map((value) => roundTo(dtype, value)) : null
  return {
    storage: { elements, values: kept !== null && kept.every((value) => value !== undefined) ? kept as number[] : null, approximate: options.approximate === true },
    offset: 0, shape, strides: contiguousStrides(shape), dtype, device,
  }
}

/** A new tensor whose every element is the same number. */
export function fillTensor(shape: Shape, dtype: string, device: string, value: number | null): TensorInfo {
  const elements = product(shape)
  const stored = value === null || elements > MAX_KNOWN_ELEMENTS ? undefined : roundTo(dtype, value)
  return {
    storage: { elements, values: stored === undefined ? null : repeated(stored, elements), approximate: false },
    offset: 0, shape, strides: contiguousStrides(shape), dtype, device,
  }
}

const MAX_REPEATED = 256
const repeatedValues = new Map<string, number[]>()

/** As many times the same number. Values are replaced, never written into, so that the thousands of norms of a zoo share theirs. */
function repeated(value: number, elements: number): number[] {
  const key = `${String(Object.is(value, -0) ? '-0' : value)}*${String(elements)}`
  const known = repeatedValues.get(key)
  if (known !== undefined) return known
  const made = new Array<number>(elements).fill(value)
  if (repeatedValues.size >= MAX_REPEATED) repeatedValues.clear()
  repeatedValues.set(key, made)
  return made
}

/** A new tensor in the layout that an elementwise operation over `like` gives. */
export function makeLike(like: TensorInfo, dtype: string, values: readonly number[] | null = null, options: { approximate?: boolean } = {}): TensorInfo {
  const made = makeTensor(like.shape, dtype, like.device, values, options)
  if (isContiguous(like.shape, like.strides) || !isDense(like.shape, like.strides)) return made
  return { ...made, storage: { elements: made.storage.elements, values: null, approximate: false }, strides: like.strides }
}

/** The number as the type stores it; `undefined` when that is not kept exactly here. */
export function roundTo(dtype: string, value: number): number | undefined {
  if (dtype === 'bool') return value === 0 ? 0 : 1
  const known = dtypeByName(dtype)
  if (!known || known.isComplex || dtype.startsWith('q')) return undefined
  if (known.isFloatingPoint) {
    if (dtype === 'float64') return value
    if (dtype === 'float32') return Math.fround(value)
    // Half types: small integers are exact in all of them but float8.
    return known.bytes === 2 && Number.isInteger(value) && Math.abs(value) <= 256 ? value : undefined
  }
  if (!Number.isFinite(value)) return undefined
  const whole = Math.trunc(value)
  if (!Number.isSafeInteger(whole)) return undefined
  const bits = known.bytes * 8
  if (bits === 64) return whole
  const span = 2 ** bits
  const wrapped = ((whole % span) + span) % span
  return dtype.startsWith('u') || wrapped < span / 2 ? wrapped : wrapped - span
}

/** Storage positions of the tensor's elements in logical order; `undefined` above the limit. */
function positions(tensor: TensorInfo): number[] | undefined {
  const count = product(tensor.shape)
  if (count > MAX_KNOWN_ELEMENTS) return undefined
  const result: number[] = [tensor.offset]
  if (count === 0) return []
  let current = result
  tensor.shape.forEach((size, dim) => {
    const stride = tensor.strides[dim]!
    const next: number[] = []
    for (const base of current) for (let i = 0; i < size; i++) next.push(base + i * stride)
    current = next
  })
  return current
}

/** The elements in logical order, or null when they are not known. */
export function valuesOf(tensor: TensorInfo): readonly number[] | null {
  const stored = tensor.storage.values
  if (stored === null) return null
  const at = positions(tensor)
  if (at === undefined) return null
  const result: number[] = []
  for (const position of at) {
    const value = stored[position]
    if (value === undefined) return null
    result.push(value)
  }
  return result
}

/** After a write whose effect is not followed. */
export function forgetValues(tensor: TensorInfo): void {
  tensor.storage.values = null
  tensor.storage.copyOf = undefined
}

/** The tensor that all elements were first copied from; itself for one that is no copy. */
export function sourceOf(tensor: TensorInfo): TensorInfo {
  return tensor.storage.copyOf !== undefined && elementsOf(tensor) === tensor.storage.elements ? tensor.storage.copyOf : tensor
}

function asCopy(made: TensorInfo, from: TensorInfo): TensorInfo {
  made.storage.copyOf = sourceOf(from)
  return made
}

export function elementsOf(tensor: TensorInfo): number {
  return product(tensor.shape)
}

/** The same elements in a contiguous storage of their own. */
function copyOf(tensor: TensorInfo, shape: Shape): TensorInfo {
  return makeTensor(shape, tensor.dtype, tensor.device, valuesOf(tensor), { approximate: tensor.storage.approximate })
}

/** The same storage under another shape, strides and offset. */
export function viewOf(tensor: TensorInfo, shape: Shape, strides: Shape, offset = tensor.offset): TensorInfo {
  return { ...tensor, shape, strides, offset }
}

/** `view`: `undefined` when the elements do not fit or the strides do not allow it. */
export function view(tensor: TensorInfo, requested: Shape): TensorInfo | undefined {
  const shape = inferShape(requested, elementsOf(tensor))
  const strides = shape && viewStrides(tensor.shape, tensor.strides, shape)
  return shape && strides && viewOf(tensor, shape, strides)
}

/** `reshape`: a view where possible, else a copy; `undefined` when the elements do not fit. */
export function reshape(tensor: TensorInfo, requested: Shape): TensorInfo | undefined {
  const shape = inferShape(requested, elementsOf(tensor))
  if (!shape) return undefined
  const strides = viewStrides(tensor.shape, tensor.strides, shape)
  return strides ? viewOf(tensor, shape, strides) : copyOf(tensor, shape)
}

export function permute(tensor: TensorInfo, dims: readonly number[]): TensorInfo | undefined {
  const order = dims.map((dim) => wrapDim(dim, tensor.shape.length))
  if (order.length !== tensor.shape.length || new Set(order).size !== order.length || order.includes(undefined)) return undefined
  return viewOf(tensor, order.map((dim) => tensor.shape[dim!]!), order.map((dim) => tensor.strides[dim!]!))
}

export function transpose(tensor: TensorInfo, a: number, b: number): TensorInfo | undefined {
  const rank = tensor.shape.length
  const first = wrapDim(a, rank)
  const second = wrapDim(b, rank)
  if (first === undefined || second === undefined) return undefined
  if (rank === 0) return tensor
  const order = tensor.shape.map((_, i) => (i === first ? second : i === second ? first : i))
  return permute(tensor, order)
}

export function unsqueeze(tensor: TensorInfo, dim: number): TensorInfo | undefined {
  const at = wrapDim(dim, tensor.shape.length + 1)
  if (at === undefined) return undefined
  const stride = at < tensor.shape.length ? tensor.shape[at]! * tensor.strides[at]! : 1
  return viewOf(tensor, tensor.shape.toSpliced(at, 0, 1), tensor.strides.toSpliced(at, 0, stride))
}

/** Without the given dimensions where they have size 1; without any when `dims` is null. */
export function squeeze(tensor: TensorInfo, dims: readonly number[] | null): TensorInfo | undefined {
  const chosen = dims?.map((dim) => wrapDim(dim, tensor.shape.length))
  if (chosen?.includes(undefined)) return undefined
  const keep = tensor.shape.map((size, i) => size !== 1 || (chosen !== undefined && !chosen.includes(i)))
  return viewOf(tensor, tensor.shape.filter((_, i) => keep[i]), tensor.strides.filter((_, i) => keep[i]))
}

export function expand(tensor: TensorInfo, requested: Shape): TensorInfo | undefined {
  const expanded = expandStrides(tensor.shape, tensor.strides, requested)
  return expanded && viewOf(tensor, expanded.shape, expanded.strides)
}

/** One index of a dimension, which goes away; `undefined` when out of range. */
export function select(tensor: TensorInfo, dim: number, index: number): TensorInfo | undefined {
  const size = tensor.shape[dim]
  if (size === undefined || index < -size || index >= size) return undefined
  const at = index < 0 ? index + size : index
  return viewOf(tensor, tensor.shape.toSpliced(dim, 1), tensor.strides.toSpliced(dim, 1), tensor.offset + at * tensor.strides[dim]!)
}

/** `count` indices of a dimension from `start` in steps; the caller has clamped them. */
export function slice(tensor: TensorInfo, dim: number, start: number, count: number, step: number): TensorInfo {
  return viewOf(tensor, tensor.shape.with(dim, count), tensor.strides.with(dim, tensor.strides[dim]! * step), tensor.offset + start * tensor.strides[dim]!)
}

/** A copy in a storage of its own; dense strides survive, as `clone()` preserves them. */
export function clone(tensor: TensorInfo): TensorInfo {
  if (isContiguous(tensor.shape, tensor.strides) || !isDense(tensor.shape, tensor.strides)) return asCopy(copyOf(tensor, tensor.shape), tensor)
  return asCopy(makeLike(tensor, tensor.dtype), tensor)
}

/** The contiguous form: itself when it already is. */
export function contiguous(tensor: TensorInfo): TensorInfo {
  return isContiguous(tensor.shape, tensor.strides) ? tensor : copyOf(tensor, tensor.shape)
}

/** Another element type or device: a copy where either changes, itself where not. */
export function convert(tensor: TensorInfo, target: { readonly dtype?: string | undefined, readonly device?: string | undefined }): TensorInfo {
  const dtype = target.dtype ?? tensor.dtype
  const device = target.device ?? tensor.device
  if (dtype === tensor.dtype && device === tensor.device) return tensor
  const values = valuesOf(tensor)
  const made = makeLike(tensor, dtype, values && isSafelyConverted(tensor, dtype, values) ? values : null, { approximate: tensor.storage.approximate && dtypeByName(dtype)?.isFloatingPoint === true })
  return asCopy({ ...made, device }, tensor)
}

/** An approximate float at an integer boundary decides no integer. */
function isSafelyConverted(from: TensorInfo, to: string, values: readonly number[]): boolean {
  if (!from.storage.approximate || dtypeByName(to)?.isFloatingPoint) return true
  return values.every((value) => !tooClose(value, Math.round(value)))
}
