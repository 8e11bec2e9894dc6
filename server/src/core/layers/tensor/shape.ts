/**
 * Shape arithmetic of tensors: products, strides, broadcasting, views and slices, as PyTorch defines them.
 * Pure numbers; an impossible request is `undefined` or a message, never a guess.
 */

export type Shape = readonly number[]

/** The product of the shape: elements. */
export function product(shape: Shape): number {
  let total = 1
  for (const size of shape) total *= size
  return total
}

/** Row-major strides in elements; a size of 0 counts as 1, as in PyTorch. */
export function contiguousStrides(shape: Shape): number[] {
  const strides = new Array<number>(shape.length)
  let step = 1
  for (let i = shape.length - 1; i >= 0; i--) {
    strides[i] = step
    step *= Math.max(shape[i]!, 1)
  }
  return strides
}

export function isContiguous(shape: Shape, strides: Shape): boolean {
  let step = 1
  for (let i = shape.length - 1; i >= 0; i--) {
    if (shape[i] === 0) return true
    if (shape[i] !== 1) {
      if (strides[i] !== step) return false
      step *= shape[i]!
    }
  }
  return true
}

/** Every element of the storage range exactly once, in whatever dimension order: such strides survive elementwise operations. */
export function isDense(shape: Shape, strides: Shape): boolean {
  const order = shape.map((_, i) => i).filter((i) => shape[i] !== 1).sort((a, b) => strides[a]! - strides[b]!)
  let step = 1
  for (const i of order) {
    if (shape[i] === 0) return true
    if (strides[i] !== step) return false
    step *= shape[i]!
  }
  return true
}

/** The shape that all of them broadcast to, or `undefined` when they do not. */
export function broadcast(...shapes: Shape[]): number[] | undefined {
  const rank = Math.max(0, ...shapes.map((shape) => shape.length))
  const result = new Array<number>(rank).fill(1)
  for (const shape of shapes) {
    for (let i = 0; i < shape.length; i++) {
      const at = rank - shape.length + i
      const size = shape[i]!
      if (size === 1) continue
      if (result[at] !== 1 && result[at] !== size) return undefined
      result[at] = size
    }
  }
  return result
}

/** `dim` brought into 0..rank-1, or `undefined` when out of range. A rank of 0 behaves as 1. */
export function wrapDim(dim: number, rank: number): number | undefined {
  const size = Math.max(rank, 1)
  return dim >= -size && dim < size ? (dim + size) % size : undefined
}

/** Fills in the one -1 of a requested shape; `undefined` when the elements do not fit. */
export function inferShape(requested: Shape, elements: number): number[] | undefined {
  const missing = requested.indexOf(-1)
  if (requested.some((size, i) => size < 0 && !(size === -1 && i === missing))) return undefined
  if (missing < 0) return product(requested) === elements ? [...requested] : undefined
  const rest = product(requested.filter((_, i) => i !== missing))
  if (rest === 0 || elements % rest !== 0) return undefined
  return requested.map((size, i) => (i === missing ? elements / rest : size))
}

/** Strides of a view with another shape over the same storage, or `undefined` when it would need a copy. */
export function viewStrides(shape: Shape, strides: Shape, target: Shape): number[] | undefined {
  const elements = product(shape)
  if (elements === 0) return contiguousStrides(target)
  const result = new Array<number>(target.length).fill(1)
  let at = target.length - 1
  let base = shape.length > 0 ? strides[shape.length - 1]! : 1
  let chunk = 1
  let filled = 1
  for (let i = shape.length - 1; i >= 0; i--) {
    chunk *= shape[i]!
    const breaks = i === 0 || (shape[i - 1] !== 1 && strides[i - 1] !== chunk * base)
    if (!breaks) continue
    while (at >= 0 && (filled < chunk || target[at] === 1)) {
      result[at] = filled * base
      filled *= target[at]!
      at -= 1
    }
    if (filled !== chunk) return undefined
    if (i > 0) {
      base = strides[i - 1]!
      chunk = 1
      filled = 1
    }
  }
  for (; at >= 0; at--) if (target[at] !== 1) return undefined
  return result
}

/** Strides of `shape` seen as the larger `target` (0 where repeated), or `undefined` when it does not expand to it. */
export function expandStrides(shape: Shape, strides: Shape, target: Shape): { shape: number[], strides: number[] } | undefined {
  if (target.length < shape.length) return undefined
  const lead = target.length - shape.length
  const result = { shape: [] as number[], strides: [] as number[] }
  for (let i = 0; i < target.length; i++) {
    const own = i >= lead ? shape[i - lead]! : undefined
    const wanted = target[i] === -1 ? own : target[i]
    if (wanted === undefined || wanted < 0) return undefined
    if (own !== undefined && own !== wanted && own !== 1) return undefined
    result.shape.push(wanted)
    result.strides.push(own === wanted && own !== undefined ? strides[i - lead]! : own === undefined ? 0 : 0)
  }
  return result
}

/** Python's slice over a dimension: start, count and step (PyTorch allows positive steps only). */
export function sliceRange(size: number, start: number | null, stop: number | null, step: number): { start: number, count: number } {
  const clamp = (value: number) => Math.min(Math.max(value < 0 ? value + size : value, 0), size)
  const from = clamp(start ?? 0)
  const to = Math.max(clamp(stop ?? size), from)
  return { start: from, count: Math.ceil((to - from) / step) }
}

/** The result of a matrix product, or `undefined` when the shapes do not fit. */
export function matmulShape(a: Shape, b: Shape): number[] | undefined {
  if (a.length === 0 || b.length === 0) return undefined
  const left = a.length === 1 ? [1, a[0]!] : a
  const right = b.length === 1 ? [b[0]!, 1] : b
  if (left.at(-1) !== right.at(-2)) return undefined
  const batch = broadcast(left.slice(0, -2), right.slice(0, -2))
  if (!batch) return undefined
  if (a.length > 1) batch.push(left.at(-2)!)
  if (b.length > 1) batch.push(right.at(-1)!)
  return batch
}
