/**
 * Tensor operations that stand both as `torch.name(tensor, ...)` and `tensor.name(...)`: arithmetic, reductions, views, joins.
 * Each answers a tensor whose shape and type PyTorch would give, or Unknown; it raises where PyTorch raises over shapes.
 */

import { type Machine, isMissing, PyBoxed, PyBytes, PyComplex, PyFloat, PyInstance, PyList, PyRange, PySlice, PyTuple, Unknown, type Bound, type Value } from '../evaluate/value.ts'
import { isFloating } from './tensor/promote.ts'
import { BINARY, REDUCE, UNARY, binary, concatenate, promotedType, reduce, unary, type Term } from './tensor/elementwise.ts'
import { indexTensor, type Index } from './tensor/indexing.ts'
import { broadcast, matmulShape, product, wrapDim } from './tensor/shape.ts'
import { MAX_KNOWN_ELEMENTS, clone, contiguous, convert, expand, makeLike, makeTensor, permute, reshape, select, slice, squeeze, tooClose, transpose, unsqueeze, valuesOf, view, viewOf, type TensorInfo } from './tensor/tensor.ts'
import { asInt, asNumber, infoOf, isTensor, readDtype, readShape, sequenceItems, stateOf, torchSize, wrap, type TorchTypes } from './torch-types.ts'

export type OperationBody = (m: Machine, types: TorchTypes, args: Bound) => Value

export interface Operation {
  /** With `input` first; a method's `self` is the same argument. */
  readonly signature: string
  readonly body: OperationBody
  readonly as: 'both' | 'method' | 'function'
}

export const UNKNOWN_CONTENTS = 'depends on the contents of a tensor'

/** The tensor argument, Unknown as it is; anything else raises as PyTorch does. */
export function tensorArgument(m: Machine, value: Value): TensorInfo | Unknown {
  if (isTensor(value)) return value.host.uninitialized === true ? m.unknown('a lazy tensor has no shape before its first input') : infoOf(value)
  if (value instanceof Unknown) return value
  return m.raise('TypeError', `expected a Tensor, not ${m.typeOf(value).name}`)
}

/** A tensor or Python number as an operand of arithmetic. */
export function termOf(m: Machine, value: Value): Term | Unknown | undefined {
  if (isTensor(value)) {
    const tensor = tensorArgument(m, value)
    return tensor instanceof Unknown ? tensor : { tensor }
  }
  if (value instanceof Unknown) return value
  if (value instanceof PyBoxed) return typeof value.value === 'string' || value.value instanceof PyBytes ? undefined : termOf(m, value.value)
  if (typeof value === 'boolean') return { number: Number(value), dtype: 'bool' }
  if (value instanceof PyFloat) return { number: value.value, dtype: 'float64' }
  if (value instanceof PyComplex) return { number: null, dtype: 'complex128' }
  const int = asInt(value)
  if (typeof int === 'number') return { number: int, dtype: 'int64' }
  return typeof value === 'bigint' ? { number: null, dtype: 'int64' } : undefined
}

export function arithmetic(m: Machine, types: TorchTypes, name: string, left: Value, right: Value): Value | undefined {
  const rule = BINARY.get(name)!
  const a = termOf(m, left)
  const b = termOf(m, right)
  if (a instanceof Unknown) return a
  if (b instanceof Unknown) return b
  if (a === undefined || b === undefined) return undefined
  const result = binary(rule, a, b, stateOf(types).defaultDtype)
  if (typeof result === 'string') return m.raise('RuntimeError', result)
  return result === undefined ? m.unknown('the element type of this operation is not known') : wrap(m, types, result)
}

const operations: Operation[] = []

function define(signature: string, body: OperationBody, as: Operation['as'] = 'both'): void {
  operations.push({ signature, body, as })
}

/** Defines an operation of one tensor that answers tensor data; `undefined` raises, null is Unknown. */
function defineView(signature: string, body: (m: Machine, tensor: TensorInfo, args: Bound, types: TorchTypes) => TensorInfo | Unknown | undefined | null, as: Operation['as'] = 'both'): void {
  define(signature, (m, types, args) => {
    const tensor = tensorArgument(m, args[0])
    if (tensor instanceof Unknown) return tensor
    const result = body(m, tensor, args, types)
    if (result instanceof Unknown) return result
    if (result === undefined) return m.raise('RuntimeError', 'the shape is not valid for this operation')
    return result === null ? m.unknown(UNKNOWN_CONTENTS) : wrap(m, types, result)
  }, as)
}

/** Reads `*dims` or one sequence of ints. */
function dimsOf(m: Machine, value: Value): number[] | Unknown {
  return readShape(m, value instanceof PyTuple && value.items.length === 1 && sequenceItems(value.items[0]!) ? [value.items[0]!] : sequenceItems(value) ?? [value])
}

function intOf(m: Machine, value: Value): number | Unknown {
  const int = asInt(value)
  return int ?? m.raise('TypeError', `expected an int, not ${m.typeOf(value).name}`)
}

/** Reads several ints; the first Unknown wins. */
function withInts(m: Machine, values: readonly Value[], body: (...ints: number[]) => TensorInfo | undefined | null): TensorInfo | Unknown | undefined | null {
  const ints: number[] = []
  for (const value of values) {
    const int = intOf(m, value)
    if (int instanceof Unknown) return int
    ints.push(int)
  }
  return body(...ints)
}

const BINARY_ALIASES: Readonly<Record<string, readonly string[]>> = { sub: ['subtract'], mul: ['multiply'], div: ['divide', 'true_divide'], gt: ['greater'], lt: ['less'], ge: ['greater_equal'], le: ['less_equal'], ne: ['not_equal'], remainder: [] }

for (const name of BINARY.keys()) {
  for (const alias of [name, ...(BINARY_ALIASES[name] ?? [])]) {
    define(`${alias}(input, other, *, alpha=1, rounding_mode=None, out=None)`, (m, types, [input, other, _alpha, rounding]) => {
      if (name === 'eq' && !isTensor(input)) return m.unknown('torch.eq of something else')
      return arithmetic(m, types, name === 'div' && rounding !== null ? 'floor_divide' : name, input, other) ?? m.raise('TypeError', `${alias}() takes tensors and numbers`)
    })
  }
}
const CONJUGATES: ReadonlySet<string> = new Set(['conj', 'resolve_conj'])

/** Of a complex tensor conj() is a view with a bit of its own, which torch.save writes down; it is not followed here. */
export function lazilyConjugated(m: Machine, tensor: TensorInfo): Unknown | undefined {
  return tensor.dtype.startsWith('complex') ? m.unknown('a conjugated view of a complex tensor') : undefined
}

const UNARY_ALIASES: Readonly<Record<string, readonly string[]>> = { abs: ['absolute'], neg: ['negative'], trunc: ['fix'] }
for (const [name, rule] of UNARY) {
  for (const alias of [name, ...(UNARY_ALIASES[name] ?? [])]) {
    defineView(`${alias}(input, *, out=None)`, (m, tensor, _args, types) => (CONJUGATES.has(name) ? lazilyConjugated(m, tensor) : undefined) ?? unary(rule, tensor, stateOf(types).defaultDtype))
  }
}
for (const name of REDUCE.keys()) {
  define(`${name}(input, dim=None, keepdim=False, *args, dtype=None, correction=None, unbiased=None, p=None, out=None)`, (m, types, [input, dim, keepdim, _args, dtype]) => {
    const tensor = tensorArgument(m, input)
    if (tensor instanceof Unknown) return tensor
    // `norm` takes p before dim, `std` may take unbiased there; forms that mix them up are not followed.
    if (name === 'norm') return m.unknown('the arguments of norm are not followed')
    if (['std', 'var'].includes(name) && typeof dim === 'boolean') return reduceOver(m, types, name, tensor, null, false, null)
    return reduceOver(m, types, name, tensor, dim, keepdim, dtype)
  })
}

function reduceOver(m: Machine, types: TorchTypes, name: string, tensor: TensorInfo, dim: Value, keep: Value, dtype: Value): Value {
  const dims = dim === null ? null : dimsOf(m, dim)
  const type = readDtype(m, types, dtype)
  if (dims instanceof Unknown) return dims
  if (type instanceof Unknown) return type
  if (keep instanceof Unknown) return keep
  const result = reduce(REDUCE.get(name)!, tensor, dims, { keep: keep === true, dtype: type }, stateOf(types).defaultDtype)
  return result ? wrap(m, types, result) : m.raise('IndexError', 'Dimension out of range')
}

// max and min: of everything, along a dimension (a pair), or of two tensors.
for (const name of ['max', 'min']) {
  define(`${name}(input, dim=None, keepdim=False, *, other=None, out=None)`, (m, types, [input, dim, keepdim, other]) => {
    const second = isTensor(dim) && infoOf(dim).shape.length > 0 ? dim : other
    if (isTensor(second)) return arithmetic(m, types, name === 'max' ? 'maximum' : 'minimum', input, second)!
    const tensor = tensorArgument(m, input)
    if (tensor instanceof Unknown) return tensor
    const values = reduceOver(m, types, name === 'max' ? 'amax' : 'amin', tensor, dim, keepdim, null)
    return dim === null || values instanceof Unknown ? values : new PyTuple([values, reduceOver(m, types, name === 'max' ? 'argmax' : 'argmin', tensor, dim, keepdim, null)], types.pair)
  })
}

// --- views
define('view(input, *shape, dtype=None)', (m, types, [input, shape, dtype]) => {
  const tensor = tensorArgument(m, input)
  if (tensor instanceof Unknown) return tensor
  const items = (shape as PyTuple).items
  if (dtype !== null || (items.length === 1 && items[0] instanceof PyInstance && items[0].cls === types.dtype)) return m.unknown('a tensor seen as another element type')
  const sizes = readShape(m, items)
  if (sizes instanceof Unknown) return sizes
  const result = view(tensor, sizes)
  return result ? wrap(m, types, result) : m.raise('RuntimeError', 'shape is invalid for input')
}, 'method')
defineView('reshape(input, *shape)', (m, tensor, [, shape]) => {
  const sizes = dimsOf(m, shape)
  return sizes instanceof Unknown ? sizes : reshape(tensor, sizes)
})
for (const name of ['view_as', 'reshape_as', 'expand_as']) {
  defineView(`${name}(input, other)`, (m, tensor, [, other]) => {
    const like = tensorArgument(m, other)
    if (like instanceof Unknown) return like
    return name === 'expand_as' ? expand(tensor, like.shape) : reshape(tensor, like.shape)
  }, 'method')
}
defineView('flatten(input, start_dim=0, end_dim=-1)', (m, tensor, [, start, end]) => withInts(m, [start, end], (from, to) => {
  const a = wrapDim(from!, tensor.shape.length)
  const b = wrapDim(to!, tensor.shape.length)
  if (a === undefined || b === undefined || a > b) return undefined
  return reshape(tensor, [...tensor.shape.slice(0, a), product(tensor.shape.slice(a, b + 1)), ...tensor.shape.slice(b + 1)])
}))
defineView('ravel(input)', (_m, tensor) => reshape(tensor, [-1]))
defineView('unflatten(input, dim, sizes)', (m, tensor, [, dim, sizes]) => {
  const shape = dimsOf(m, sizes)
  if (shape instanceof Unknown) return shape
  return withInts(m, [dim], (at) => {
    const wrapped = wrapDim(at!, tensor.shape.length)
    return wrapped === undefined ? undefined : reshape(tensor, [...tensor.shape.slice(0, wrapped), ...shape, ...tensor.shape.slice(wrapped + 1)])
  })
})
defineView('permute(input, *dims)', (m, tensor, [, dims]) => {
  const order = dimsOf(m, dims)
  return order instanceof Unknown ? order : permute(tensor, order)
})
for (const name of ['transpose', 'swapaxes', 'swapdims']) defineView(`${name}(input, dim0, dim1)`, (m, tensor, [, a, b]) => withInts(m, [a, b], (x, y) => transpose(tensor, x!, y!)))
for (const name of ['movedim', 'moveaxis']) {
  defineView(`${name}(input, source, destination)`, (m, tensor, [, source, destination]) => {
    const from = dimsOf(m, source)
    const to = dimsOf(m, destination)
    if (from instanceof Unknown) return from
    if (to instanceof Unknown) return to
    const rank = tensor.shape.length
    const order: (number | undefined)[] = new Array<number | undefined>(rank).fill(undefined)
    const moved = from.map((dim) => wrapDim(dim, rank))
    to.forEach((dim, i) => { order[wrapDim(dim, rank) ?? -1] = moved[i] })
    const rest = tensor.shape.map((_, i) => i).filter((i) => !moved.includes(i))
    return permute(tensor, order.map((dim) => dim ?? rest.shift() ?? -1))
  })
}
defineView('t(input)', (_m, tensor) => (tensor.shape.length > 2 ? undefined : tensor.shape.length < 2 ? tensor : transpose(tensor, 0, 1)))
defineView('adjoint(input)', (m, tensor) => lazilyConjugated(m, tensor) ?? transpose(tensor, -2, -1))
defineView('unsqueeze(input, dim)', (m, tensor, [, dim]) => withInts(m, [dim], (at) => unsqueeze(tensor, at!)))
defineView('squeeze(input, dim=None)', (m, tensor, [, dim]) => {
  if (dim === null) return squeeze(tensor, null)
  const dims = dimsOf(m, dim)
  return dims instanceof Unknown ? dims : squeeze(tensor, dims)
})
defineView('expand(input, *size)', (m, tensor, [, size]) => {
  const shape = dimsOf(m, size)
  return shape instanceof Unknown ? shape : expand(tensor, shape)
}, 'method')
defineView('broadcast_to(input, size)', (m, tensor, [, size]) => {
  const shape = dimsOf(m, size)
  return shape instanceof Unknown ? shape : expand(tensor, shape)
})
for (const name of ['repeat', 'tile']) {
  defineView(name === 'repeat' ? 'repeat(input, *dims)' : 'tile(input, *dims)', (m, tensor, [, dims]) => {
    const given = dimsOf(m, dims)
    if (given instanceof Unknown) return given
    const counts = name === 'tile' && given.length < tensor.shape.length ? [...new Array<number>(tensor.shape.length - given.length).fill(1), ...given] : given
    if (counts.length < tensor.shape.length || counts.some((count) => count < 0)) return undefined
    const shape = [...new Array<number>(counts.length - tensor.shape.length).fill(1), ...tensor.shape]
    return makeTensor(shape.map((size, i) => size * counts[i]!), tensor.dtype, tensor.device)
  }, name === 'repeat' ? 'method' : 'both')
}
defineView('repeat_interleave(input, repeats, dim=None, *, output_size=None)', (m, tensor, [, repeats, dim]) => {
  if (isTensor(repeats) && infoOf(repeats).shape.length > 0) return null
  return withInts(m, dim === null ? [repeats] : [repeats, dim], (count, at) => {
    if (at === undefined) return makeTensor([product(tensor.shape) * count!], tensor.dtype, tensor.device)
    const wrapped = wrapDim(at, tensor.shape.length)
    return wrapped === undefined ? undefined : makeTensor(tensor.shape.with(wrapped, tensor.shape[wrapped]! * count!), tensor.dtype, tensor.device)
  })
})
defineView('select(input, dim, index)', (m, tensor, [, dim, index]) => withInts(m, [dim, index], (at, i) => {
  const wrapped = wrapDim(at!, tensor.shape.length)
  return wrapped === undefined ? undefined : select(tensor, wrapped, i!)
}))
defineView('narrow(input, dim, start, length)', (m, tensor, [, dim, start, length]) => withInts(m, [dim, start, length], (at, from, count) => {
  const wrapped = wrapDim(at!, tensor.shape.length)
  if (wrapped === undefined) return undefined
  const first = from! < 0 ? from! + tensor.shape[wrapped]! : from!
  return first < 0 || count! < 0 || first + count! > tensor.shape[wrapped]! ? undefined : slice(tensor, wrapped, first, count!, 1)
}))
defineView('diagonal(input, offset=0, dim1=0, dim2=1)', (m, tensor, [, offset, dim1, dim2]) => withInts(m, [offset, dim1, dim2], (shift, a, b) => {
  const first = wrapDim(a!, tensor.shape.length)
  const second = wrapDim(b!, tensor.shape.length)
  if (first === undefined || second === undefined || first === second || tensor.shape.length < 2) return undefined
  const count = Math.max(Math.min(tensor.shape[first]! + Math.min(shift!, 0), tensor.shape[second]! - Math.max(shift!, 0)), 0)
  const keep = tensor.shape.map((_, i) => i).filter((i) => i !== first && i !== second)
  const start = shift! >= 0 ? shift! * tensor.strides[second]! : -shift! * tensor.strides[first]!
  return viewOf(tensor, [...keep.map((i) => tensor.shape[i]!), count], [...keep.map((i) => tensor.strides[i]!), tensor.strides[first]! + tensor.strides[second]!], tensor.offset + start)
}))
defineView('unfold(input, dimension, size, step)', (m, tensor, [, dim, size, step]) => withInts(m, [dim, size, step], (at, width, stride) => {
  const wrapped = wrapDim(at!, tensor.shape.length)
  if (wrapped === undefined || stride! <= 0 || width! > tensor.shape[wrapped]!) return undefined
  const count = Math.floor((tensor.shape[wrapped]! - width!) / stride!) + 1
  return viewOf(tensor, [...tensor.shape.with(wrapped, count), width!], [...tensor.strides.with(wrapped, tensor.strides[wrapped]! * stride!), tensor.strides[wrapped]!])
}), 'method')
defineView('detach(input)', (_m, tensor) => tensor)
defineView('detach_copy(input)', (_m, tensor) => clone(tensor), 'function')
defineView('alias(input)', (_m, tensor) => tensor)
defineView('clone(input, *, memory_format=None)', (_m, tensor, [, format]) => (format === null ? clone(tensor) : null))
defineView('contiguous(input, memory_format=None)', (_m, tensor, [, format]) => (format === null ? contiguous(tensor) : null), 'method')
for (const name of ['triu', 'tril']) defineView(`${name}(input, diagonal=0, *, out=None)`, (_m, tensor) => (tensor.shape.length < 2 ? undefined : makeTensor(tensor.shape, tensor.dtype, tensor.device)))
for (const name of ['clamp', 'clip']) {
  define(`${name}(input, min=None, max=None, *, out=None)`, (m, types, [input, min, max]) => {
    let result: Value | undefined = input
    if (min !== null) result = arithmetic(m, types, 'maximum', result, min)
    if (max !== null && result !== undefined) result = arithmetic(m, types, 'minimum', result, max)
    return result ?? m.raise('TypeError', 'clamp() takes numbers or tensors')
  })
}
for (const name of ['clamp_min', 'clamp_max']) define(`${name}(input, bound)`, (m, types, [input, bound]) => arithmetic(m, types, name === 'clamp_min' ? 'maximum' : 'minimum', input, bound) ?? m.unknown(name))
defineView('round(input, *, decimals=0)', (_m, tensor, [, decimals], types) => unary({ compute: decimals === 0 ? roundHalfEven : undefined, result: 'same', jumps: (value) => tooClose(value - Math.floor(value), 0.5) }, tensor, stateOf(types).defaultDtype))
for (const name of ['cumsum', 'cumprod', 'logcumsumexp']) {
  defineView(`${name}(input, dim, *, dtype=None, out=None)`, (m, tensor, [, dim, dtype], types) => {
    const type = readDtype(m, types, dtype)
    if (type instanceof Unknown) return type
    const result = type ?? (isFloating(tensor.dtype) || tensor.dtype.startsWith('complex') ? tensor.dtype : 'int64')
    const values = name === 'cumsum' && tensor.shape.length === 1 ? valuesOf(tensor) : null
    let sum = 0
    const sums = values?.every(Number.isInteger) ? values.map((value) => (sum += value)) : null
    return withInts(m, [dim], (at) => (wrapDim(at!, tensor.shape.length) === undefined ? undefined : makeTensor(tensor.shape, result, tensor.device, sums)))
  })
}
defineView('diff(input, n=1, dim=-1, prepend=None, append=None)', (m, tensor, [, n, dim, prepend, append]) => {
  if (n !== 1 || prepend !== null || append !== null) return null
  return withInts(m, [dim], (at) => {
    const wrapped = wrapDim(at!, tensor.shape.length)
    if (wrapped === undefined || tensor.shape.length === 0) return undefined
    const values = tensor.shape.length === 1 ? valuesOf(tensor) : null
    return makeTensor(tensor.shape.with(wrapped, Math.max(tensor.shape[wrapped]! - 1, 0)), tensor.dtype, tensor.device, values ? values.slice(1).map((value, i) => value - values[i]!) : null, { approximate: tensor.storage.approximate })
  })
})
for (const name of ['flip', 'roll', 'rot90', 'fliplr', 'flipud']) {
  defineView(`${name}(input, *args, **kwargs)`, (_m, tensor) => {
    if (name === 'rot90') return null
    const values = name === 'flip' && tensor.shape.length === 1 ? valuesOf(tensor) : null
    return makeTensor(tensor.shape, tensor.dtype, tensor.device, values?.toReversed() ?? null, { approximate: tensor.storage.approximate })
  })
}
for (const name of ['softmax', 'log_softmax', 'softmin']) defineView(`${name}(input, dim=None, _stacklevel=3, dtype=None)`, (m, tensor, [, , , dtype], types) => {
  const type = readDtype(m, types, dtype)
  return type instanceof Unknown ? type : makeLike(tensor, type ?? tensor.dtype)
})
defineView('type_as(input, other)', (m, tensor, [, other]) => {
  const like = tensorArgument(m, other)
  return like instanceof Unknown ? like : convert(tensor, { dtype: like.dtype, device: like.device })
}, 'method')
defineView('masked_fill(input, mask, value)', (m, tensor, [, mask]) => {
  const other = tensorArgument(m, mask)
  if (other instanceof Unknown) return other
  const shape = broadcast(tensor.shape, other.shape)
  return shape && makeTensor(shape, tensor.dtype, tensor.device)
})
defineView('index_select(input, dim, index)', (m, tensor, [, dim, index]) => {
  const at = tensorArgument(m, index)
  if (at instanceof Unknown) return at
  return withInts(m, [dim], (d) => {
    const wrapped = wrapDim(d!, tensor.shape.length)
    return wrapped === undefined ? undefined : makeTensor(tensor.shape.length === 0 ? [] : tensor.shape.with(wrapped, product(at.shape)), tensor.dtype, tensor.device)
  })
})
defineView('gather(input, dim, index, *, sparse_grad=False)', (m, tensor, [, , index]) => {
  const at = tensorArgument(m, index)
  return at instanceof Unknown ? at : makeTensor(at.shape, tensor.dtype, tensor.device)
})
defineView('view_as_real(input)', (_m, tensor) => {
  const dtype = { complex64: 'float32', complex128: 'float64', complex32: 'float16' }[tensor.dtype]
  return dtype === undefined ? undefined : makeTensor([...tensor.shape, 2], dtype, tensor.device)
}, 'function')
defineView('view_as_complex(input)', (_m, tensor) => {
  const dtype = { float32: 'complex64', float64: 'complex128', float16: 'complex32' }[tensor.dtype]
  return dtype !== undefined && tensor.shape.at(-1) === 2 ? makeTensor(tensor.shape.slice(0, -1), dtype, tensor.device) : undefined
}, 'function')
defineView('diag(input, diagonal=0)', (m, tensor, [, offset]) => withInts(m, [offset], (shift) => {
  const { shape } = tensor
  if (shape.length === 1) return makeTensor([shape[0]! + Math.abs(shift!), shape[0]! + Math.abs(shift!)], tensor.dtype, tensor.device)
  if (shape.length !== 2) return undefined
  return makeTensor([Math.max(Math.min(shape[0]! + Math.min(shift!, 0), shape[1]! - Math.max(shift!, 0)), 0)], tensor.dtype, tensor.device)
}))

// --- products
for (const name of ['matmul', 'mm', 'bmm', 'mv', 'dot', 'inner_product']) {
  define(`${name}(input, other, *, out=None)`, (m, types, [input, other]) => {
    const a = tensorArgument(m, input)
    const b = tensorArgument(m, other)
    if (a instanceof Unknown) return a
    if (b instanceof Unknown) return b
    const rank = { mm: 2, bmm: 3 }[name]
    const shape = (rank === undefined || (a.shape.length === rank && b.shape.length === rank)) && matmulShape(a.shape, b.shape)
    if (!shape || a.dtype !== b.dtype) return m.raise('RuntimeError', 'matrices cannot be multiplied')
    return wrap(m, types, makeTensor(shape, a.dtype, a.device))
  })
}
for (const name of ['outer', 'ger']) {
  define(`${name}(input, vec2, *, out=None)`, (m, types, [input, other]) => {
    const a = tensorArgument(m, input)
    const b = tensorArgument(m, other)
    if (a instanceof Unknown) return a
    if (b instanceof Unknown) return b
    const dtype = promotedType([{ tensor: a }, { tensor: b }], stateOf(types).defaultDtype)
    if (a.shape.length !== 1 || b.shape.length !== 1 || dtype === undefined) return m.raise('RuntimeError', 'outer: expected vectors')
    return wrap(m, types, makeTensor([a.shape[0]!, b.shape[0]!], dtype, a.device))
  })
}
define('kron(input, other)', (m, types, [input, other]) => {
  const a = tensorArgument(m, input)
  const b = tensorArgument(m, other)
  if (a instanceof Unknown) return a
  if (b instanceof Unknown) return b
  const rank = Math.max(a.shape.length, b.shape.length)
  const pad = (shape: readonly number[]) => [...new Array<number>(rank - shape.length).fill(1), ...shape]
  const other_ = pad(b.shape)
  const dtype = promotedType([{ tensor: a }, { tensor: b }], stateOf(types).defaultDtype)
  return dtype === undefined ? m.unknown('element type of kron') : wrap(m, types, makeTensor(pad(a.shape).map((size, i) => size * other_[i]!), dtype, a.device))
})
define('einsum(equation, *operands)', (m, types, [equation, operands]) => einsum(m, types, equation, operands as PyTuple), 'function')

function einsum(m: Machine, types: TorchTypes, equation: Value, operands: PyTuple): Value {
  if (typeof equation !== 'string' || equation.includes('...')) return m.unknown('this form of einsum')
  const [inputs = '', output] = equation.replaceAll(' ', '').split('->')
  const items = operands.items.length === 1 ? sequenceItems(operands.items[0]!) ?? operands.items : operands.items
  const sizes = new Map<string, number>()
  const terms = inputs.split(',')
  if (terms.length !== items.length || output === undefined) return m.unknown('this form of einsum')
  let dtype: string | undefined
  for (const [i, term] of terms.entries()) {
    const tensor = tensorArgument(m, items[i]!)
    if (tensor instanceof Unknown) return tensor
    dtype = dtype === undefined ? tensor.dtype : promotedType([{ tensor }, { number: null, dtype: 'bool' }], dtype) === dtype ? dtype : undefined
    if (term.length !== tensor.shape.length) return m.raise('RuntimeError', 'einsum(): the number of subscripts does not match')
    for (const [k, letter] of [...term].entries()) {
      const size = tensor.shape[k]!
      const known = sizes.get(letter)
      if (known !== undefined && known !== size && known !== 1 && size !== 1) return m.raise('RuntimeError', 'einsum(): operands do not broadcast')
      sizes.set(letter, Math.max(known ?? 1, size))
    }
  }
  const shape = [...output].map((letter) => sizes.get(letter))
  if (dtype === undefined || shape.includes(undefined)) return m.unknown('this form of einsum')
  return wrap(m, types, makeTensor(shape as number[], dtype, 'cpu'))
}

// --- joins and splits
for (const name of ['cat', 'concat', 'concatenate']) define(`${name}(tensors, dim=0, *, axis=?, out=None)`, (m, types, [tensors, dim, axis]) => join(m, types, tensors, isMissing(axis) ? dim : axis, 'cat'), 'function')
for (const name of ['hstack', 'vstack', 'dstack', 'column_stack', 'row_stack']) define(`${name}(tensors, *, out=None)`, (m, types, [tensors]) => {
  const items = m.items(tensors)
  if (items instanceof Unknown) return items
  const infos = items.map((item) => tensorArgument(m, item))
  const bad = infos.find((info) => info instanceof Unknown)
  if (bad) return bad as Unknown
  const list = infos as TensorInfo[]
  if (name === 'vstack' || name === 'row_stack') return joined(m, types, list.map((info) => (info.shape.length === 0 ? reshape(info, [1, 1])! : info.shape.length === 1 ? unsqueeze(info, 0)! : info)), 0)
  if (name === 'hstack') return joined(m, types, list.map((info) => (info.shape.length === 0 ? reshape(info, [1])! : info)), (list[0]?.shape.length ?? 1) <= 1 ? 0 : 1)
  return m.unknown(`torch.${name}`)
}, 'function')
define('stack(tensors, dim=0, *, out=None)', (m, types, [tensors, dim]) => join(m, types, tensors, dim, 'stack'), 'function')

function join(m: Machine, types: TorchTypes, tensors: Value, dim: Value, how: 'cat' | 'stack'): Value {
  const items = m.items(tensors)
  const at = intOf(m, dim)
  if (items instanceof Unknown) return items
  if (at instanceof Unknown) return at
  const infos: TensorInfo[] = []
  for (const item of items) {
    const info = tensorArgument(m, item)
    if (info instanceof Unknown) return info
    if (how === 'cat') infos.push(info)
    else {
      if (infos[0] && String(info.shape) !== String(tensorArgument(m, items[0]!) instanceof Unknown ? '' : (tensorArgument(m, items[0]!) as TensorInfo).shape)) return m.raise('RuntimeError', 'stack expects each tensor to be equal size')
      const grown = unsqueeze(info, at)
      if (!grown) return m.raise('IndexError', 'Dimension out of range')
      infos.push(grown)
    }
  }
  return joined(m, types, infos, at)
}

function joined(m: Machine, types: TorchTypes, infos: readonly TensorInfo[], dim: number): Value {
  const result = concatenate(infos, dim)
  return typeof result === 'string' ? m.raise('RuntimeError', result) : wrap(m, types, result)
}

define('chunk(input, chunks, dim=0)', (m, types, [input, chunks, dim]) => pieces(m, types, input, dim, (size, count) => {
  const each = Math.ceil(size / count)
  const sizes: number[] = []
  for (let rest = size; rest > 0; rest -= each) sizes.push(Math.min(each, rest))
  return sizes.length === 0 ? [0] : sizes
}, chunks))
define('split(input, split_size_or_sections, dim=0)', (m, types, [input, sections, dim]) => {
  const listed = sequenceItems(sections)
  if (listed) {
    const sizes = readShape(m, listed)
    return sizes instanceof Unknown ? sizes : pieces(m, types, input, dim, () => sizes, 1)
  }
  return pieces(m, types, input, dim, (size, each) => {
    if (each <= 0) return undefined
    const sizes: number[] = []
    for (let rest = size; rest > 0; rest -= each) sizes.push(Math.min(each, rest))
    return sizes.length === 0 ? [0] : sizes
  }, sections)
})
define('unbind(input, dim=0)', (m, types, [input, dim]) => {
  const tensor = tensorArgument(m, input)
  const at = intOf(m, dim)
  if (tensor instanceof Unknown) return tensor
  if (at instanceof Unknown) return at
  const wrapped = wrapDim(at, tensor.shape.length)
  if (wrapped === undefined || tensor.shape.length === 0) return m.raise('IndexError', 'Dimension out of range')
  m.spend(tensor.shape[wrapped]!)
  return new PyTuple(Array.from({ length: tensor.shape[wrapped]! }, (_, i) => wrap(m, types, select(tensor, wrapped, i)!)))
})

function pieces(m: Machine, types: TorchTypes, input: Value, dim: Value, sizesOf: (size: number, count: number) => number[] | undefined, count: Value): Value {
  const tensor = tensorArgument(m, input)
  const at = intOf(m, dim)
  const number = intOf(m, count)
  if (tensor instanceof Unknown) return tensor
  if (at instanceof Unknown) return at
  if (number instanceof Unknown) return number
  const wrapped = wrapDim(at, tensor.shape.length)
  if (wrapped === undefined || tensor.shape.length === 0 || number <= 0) return m.raise('RuntimeError', 'cannot split this tensor')
  m.spend(tensor.shape[wrapped]!)
  const sizes = sizesOf(tensor.shape[wrapped]!, number)
  if (!sizes || sizes.reduce((a, b) => a + b, 0) !== tensor.shape[wrapped]!) return m.raise('RuntimeError', 'split sizes do not sum to the dimension')
  let start = 0
  return new PyTuple(sizes.map((size) => {
    const part = slice(tensor, wrapped, start, size, 1)
    start += size
    return wrap(m, types, part)
  }))
}

define('where(condition, input=?, other=?, *, out=None)', (m, types, [condition, input, other]) => {
  if (isMissing(input)) return m.unknown(UNKNOWN_CONTENTS)
  const test = tensorArgument(m, condition)
  const a = termOf(m, input)
  const b = termOf(m, other)
  if (test instanceof Unknown) return test
  if (a instanceof Unknown || a === undefined) return a ?? m.raise('TypeError', 'where() takes tensors and numbers')
  if (b instanceof Unknown || b === undefined) return b ?? m.raise('TypeError', 'where() takes tensors and numbers')
  const shape = broadcast(test.shape, ...[a, b].flatMap((term) => ('tensor' in term ? [term.tensor.shape] : [])))
  const dtype = promotedType([a, b], stateOf(types).defaultDtype)
  if (!shape) return m.raise('RuntimeError', 'shapes do not broadcast')
  return dtype === undefined ? m.unknown('element type of where') : wrap(m, types, makeTensor(shape, dtype, test.device))
}, 'function')
for (const name of ['sort', 'topk', 'kthvalue', 'mode', 'median', 'cummax', 'cummin']) {
  define(`${name}(input, k=-1, dim=-1, *args, **kwargs)`, (m, types, [input, k, dim]) => {
    const tensor = tensorArgument(m, input)
    if (tensor instanceof Unknown) return tensor
    const count = asInt(k)
    const axis = asInt(dim)
    const rank = tensor.shape.length
    const along = typeof axis === 'number' ? axis < 0 ? axis + rank : axis : undefined
    const shape = name === 'topk' && typeof count === 'number' && along !== undefined && along >= 0 && along < rank ? tensor.shape.map((size, i) => (i === along ? count : size)) : name === 'sort' ? tensor.shape : undefined
    if (!shape) return m.unknown(`torch.${name}`)
    return new PyTuple([wrap(m, types, makeTensor(shape, tensor.dtype, tensor.device)), wrap(m, types, makeTensor(shape, 'int64', tensor.device))], types.pair)
  })
}
define('unique(input, sorted=True, return_inverse=False, return_counts=False, dim=None)', (m, types, [input, , inverse, counts, dim]) => {
  const tensor = tensorArgument(m, input)
  if (tensor instanceof Unknown) return tensor
  const values = valuesOf(tensor)
  if (values === null || tensor.storage.approximate || inverse !== false || dim !== null) return m.unknown(UNKNOWN_CONTENTS)
  const distinct = [...new Set(values)].sort((a, b) => a - b)
  const result = wrap(m, types, makeTensor([distinct.length], tensor.dtype, tensor.device, distinct))
  if (counts === false) return result
  return new PyTuple([result, wrap(m, types, makeTensor([distinct.length], 'int64', tensor.device, distinct.map((one) => values.filter((value) => value === one).length)))])
})
define('argsort(input, dim=-1, descending=False, stable=False)', (m, types, [input]) => {
  const tensor = tensorArgument(m, input)
  return tensor instanceof Unknown ? tensor : wrap(m, types, makeTensor(tensor.shape, 'int64', tensor.device))
})
define('numel(input)', (m, _types, [input]) => {
  const tensor = tensorArgument(m, input)
  return tensor instanceof Unknown ? tensor : product(tensor.shape)
})
define('is_tensor(obj)', (_m, _types, [obj]) => (obj instanceof Unknown ? obj : isTensor(obj)), 'function')
define('is_floating_point(input)', (m, _types, [input]) => {
  const tensor = tensorArgument(m, input)
  return tensor instanceof Unknown ? tensor : isFloating(tensor.dtype)
})
define('is_complex(input)', (m, _types, [input]) => {
  const tensor = tensorArgument(m, input)
  return tensor instanceof Unknown ? tensor : tensor.dtype.startsWith('complex')
})
define('size(input, dim=None)', (m, types, [input, dim]) => {
  const tensor = tensorArgument(m, input)
  if (tensor instanceof Unknown) return tensor
  if (dim === null) return torchSize(types, tensor.shape)
  const at = intOf(m, dim)
  if (at instanceof Unknown) return at
  const wrapped = wrapDim(at, tensor.shape.length)
  return wrapped === undefined || tensor.shape.length === 0 ? m.raise('IndexError', 'Dimension out of range') : tensor.shape[wrapped]!
}, 'method')

/** `tensor[index]`; Unknown where the result's shape is not known. */
export function getItem(m: Machine, types: TorchTypes, self: Value, index: Value): Value {
  const tensor = tensorArgument(m, self)
  if (tensor instanceof Unknown) return tensor
  const indices = readIndices(m, index)
  if (indices instanceof Unknown) return indices
  const result = indexTensor(tensor, indices)
  if (typeof result === 'string') return m.raise('IndexError', result)
  return result === null ? m.unknown(UNKNOWN_CONTENTS) : wrap(m, types, result)
}

function readIndices(m: Machine, index: Value): Index[] | Unknown {
  const items = index instanceof PyTuple ? index.items : [index]
  const result: Index[] = []
  for (const item of items) {
    if (item instanceof Unknown) return item
    if (item === null) result.push({ kind: 'new-axis' })
    else if (m.typeOf(item).name === 'ellipsis') result.push({ kind: 'ellipsis' })
    else if (item instanceof PySlice) {
      const bound = (value: Value): number | null | Unknown => (value === null ? null : intOf(m, value))
      const [start, stop, step] = [bound(item.lower), bound(item.upper), bound(item.step)]
      if (start instanceof Unknown) return start
      if (stop instanceof Unknown) return stop
      if (step instanceof Unknown) return step
      result.push({ kind: 'slice', start: start ?? null, stop: stop ?? null, step: step ?? 1 })
    } else if (typeof item === 'boolean') return m.unknown('a tensor indexed by a boolean')
    else if (isTensor(item) && (infoOf(item).shape.length > 0 || infoOf(item).dtype === 'bool')) result.push({ kind: 'tensor', tensor: infoOf(item) })
    else if (item instanceof PyList || item instanceof PyTuple) {
      const made = tensorFromNested(m, item, 'float32')
      if (made instanceof Unknown) return made
      result.push({ kind: 'tensor', tensor: made })
    } else {
      const value = asInt(item)
      if (value instanceof Unknown) return value
      if (value === undefined) return m.raise('TypeError', `tensors cannot be indexed by ${m.typeOf(item).name}`)
      result.push({ kind: 'int', value })
    }
  }
  return result
}

/** A `numpy.float64`. */
function isWideFloat(value: Value): boolean {
  return value instanceof PyBoxed && value.cls.name === 'float64' && value.cls.attrs.get('__module__') === 'numpy'
}

/** The items of an array of NumPy, as numpy-source.ts holds them. */
function arrayItems(value: Value): readonly Value[] | undefined {
  if (!(value instanceof PyInstance) || value.cls.name !== 'ndarray' || value.cls.attrs.get('__module__') !== 'numpy') return undefined
  const values = value.attrs?.get('_values')
  return values instanceof PyList ? values.items : undefined
}

/** What `torch.tensor(data)` makes of nested sequences and numbers; raises for ragged data. */
export function tensorFromNested(m: Machine, data: Value, defaultFloat: string, dtype?: string): TensorInfo | Unknown {
  const shape: number[] = []
  let known = true
  const values: number[] = []
  let category = 'bool' as 'bool' | 'int64' | 'float' | 'complex'
  const rank = ['bool', 'int64', 'float', 'complex'] as const
  let empty = true
  const lift = (to: typeof category) => { if (rank.indexOf(to) > rank.indexOf(category)) category = to }
  let tensorType: string | undefined
  let isWide = false
  const visit = (value: Value, depth: number): Unknown | undefined => {
    if (value instanceof Unknown) return value
    m.spend(1)
    if (isTensor(value)) {
      const info = tensorArgument(m, value)
      if (info instanceof Unknown) return info
      if (info.shape.length > 0 || depth > 32) return m.unknown('a tensor made of tensors')
      empty = false
      tensorType = info.dtype
      lift(info.dtype === 'bool' ? 'bool' : isFloating(info.dtype) ? 'float' : 'int64')
      const number = valuesOf(info)?.[0]
      if (number === undefined) known = false
      else values.push(number)
      return undefined
    }
    const array = arrayItems(value)
    // The numbers of a NumPy array are of 64 bits.
    if (array?.some((item) => item instanceof PyFloat || isWideFloat(item)) === true) isWide = true
    const items = array ?? (value instanceof PyTuple || value instanceof PyList ? value.items : value instanceof PyRange ? rangeItems(value) : undefined)
    if (items) {
      if (depth > 32) return m.raise('ValueError', 'too many dimensions')
      if (shape.length <= depth) {
        // A number was seen at this depth before a sequence, or this is the first descent.
        if (values.length > 0 || !known) return m.raise('ValueError', 'expected sequence of equal length')
        shape.push(items.length)
      } else if (shape[depth] !== items.length) return m.raise('ValueError', 'expected sequence of equal length')
      for (const item of items) {
        const bad = visit(item, depth + 1)
        if (bad) return bad
      }
      return undefined
    }
    if (depth !== shape.length) return m.raise('TypeError', 'not a sequence')
    empty = false
    if (typeof value === 'boolean') lift('bool')
    else if (value instanceof PyFloat) lift('float')
    else if (isWideFloat(value)) {
      isWide = true
      lift('float')
    }
    else if (value instanceof PyComplex) { lift('complex'); known = false; return undefined }
    else if (typeof value === 'number' || typeof value === 'bigint') lift('int64')
    else return typeof value === 'string' || value === null ? m.raise('TypeError', 'not a number') : m.unknown('a tensor made of something that is not a number')
    const number = asNumber(value)
    if (typeof number === 'number') values.push(number)
    else known = false
    return undefined
  }
  const bad = visit(data, 0)
  if (bad) return bad
  const inferred = isWide && category === 'float' ? (tensorType === undefined || tensorType === 'float64' ? 'float64' : undefined) : empty || category === 'float' ? (tensorType !== undefined && tensorType !== 'float32' ? undefined : defaultFloat) : category === 'complex' ? (defaultFloat === 'float64' ? 'complex128' : 'complex64') : category
  const type = dtype ?? inferred
  if (type === undefined) return m.unknown('the element type of a tensor made of tensors')
  return makeTensor(shape, type, 'cpu', known ? values : null)
}

function rangeItems(range: PyRange): readonly Value[] | undefined {
  return range.length > MAX_KNOWN_ELEMENTS ? undefined : Array.from({ length: range.length }, (_, i) => range.start + i * range.step)
}

function roundHalfEven(value: number): number {
  const low = Math.floor(value)
  const rest = value - low
  if (rest !== 0.5) return Math.round(value)
  return low % 2 === 0 ? low : low + 1
}

/** All of them; a name may stand once. */
export const OPERATIONS: readonly Operation[] = operations
