/**
 * Elementwise arithmetic, reductions and joins over tensors whose contents may or may not be known.
 * Contents are followed only where our double arithmetic gives PyTorch's own result.
 */

import { broadcast, product, wrapDim } from './shape.ts'
import { expand, makeLike, makeTensor, tooClose, valuesOf, type TensorInfo } from './tensor.ts'
import { floatingResult, resultType, type Operand } from './promote.ts'

/** A tensor, or a Python number with the type that it has in promotion. */
export type Term = { readonly tensor: TensorInfo } | { readonly number: number | null, readonly dtype: 'bool' | 'int64' | 'float64' | 'complex128' }

export interface BinaryRule {
  /** `undefined` where PyTorch's result cannot be told exactly. */
  readonly compute: ((a: number, b: number) => number | undefined) | undefined
  readonly result: 'promoted' | 'floating' | 'bool'
  /** The result may differ in the last places. */
  readonly approximate?: true
  /** Where approximate operands decide nothing. */
  readonly jumps?: (a: number, b: number) => boolean
}

const quotientJumps = (a: number, b: number) => b === 0 || tooClose(a / b, Math.round(a / b))
const floorDivide = (a: number, b: number) => (b === 0 ? undefined : Math.floor(a / b))

/** Source: the torch.* pages of the operators; integer division by zero and wrapping are left unknown. */
export const BINARY: ReadonlyMap<string, BinaryRule> = new Map<string, BinaryRule>([
  ['add', { compute: (a, b) => a + b, result: 'promoted' }],
  ['sub', { compute: (a, b) => a - b, result: 'promoted' }],
  ['mul', { compute: (a, b) => a * b, result: 'promoted' }],
  ['div', { compute: (a, b) => (b === 0 ? undefined : a / b), result: 'floating' }],
  ['floor_divide', { compute: floorDivide, result: 'promoted', jumps: quotientJumps }],
  ['remainder', { compute: (a, b) => (b === 0 ? undefined : a - b * Math.floor(a / b)), result: 'promoted', jumps: quotientJumps }],
  ['fmod', { compute: undefined, result: 'promoted' }],
  ['pow', { compute: (a, b) => (Number.isFinite(a ** b) ? a ** b : undefined), result: 'promoted', approximate: true }],
  ['atan2', { compute: undefined, result: 'floating' }],
  ['maximum', { compute: (a, b) => Math.max(a, b), result: 'promoted' }],
  ['minimum', { compute: (a, b) => Math.min(a, b), result: 'promoted' }],
  ['fmax', { compute: undefined, result: 'promoted' }],
  ['fmin', { compute: undefined, result: 'promoted' }],
  ['eq', { compute: (a, b) => Number(a === b), result: 'bool', jumps: tooClose }],
  ['ne', { compute: (a, b) => Number(a !== b), result: 'bool', jumps: tooClose }],
  ['lt', { compute: (a, b) => Number(a < b), result: 'bool', jumps: tooClose }],
  ['le', { compute: (a, b) => Number(a <= b), result: 'bool', jumps: tooClose }],
  ['gt', { compute: (a, b) => Number(a > b), result: 'bool', jumps: tooClose }],
  ['ge', { compute: (a, b) => Number(a >= b), result: 'bool', jumps: tooClose }],
  ['logical_and', { compute: (a, b) => Number(a !== 0 && b !== 0), result: 'bool' }],
  ['logical_or', { compute: (a, b) => Number(a !== 0 || b !== 0), result: 'bool' }],
  ['logical_xor', { compute: (a, b) => Number((a !== 0) !== (b !== 0)), result: 'bool' }],
  ['bitwise_and', { compute: undefined, result: 'promoted' }],
  ['bitwise_or', { compute: undefined, result: 'promoted' }],
  ['bitwise_xor', { compute: undefined, result: 'promoted' }],
  ['bitwise_left_shift', { compute: undefined, result: 'promoted' }],
  ['bitwise_right_shift', { compute: undefined, result: 'promoted' }],
])

function operandOf(term: Term): Operand {
  if ('tensor' in term) return { dtype: term.tensor.dtype, rank: term.tensor.shape.length > 0 ? 'dimensioned' : 'zero-dim' }
  return { dtype: term.dtype, rank: 'number' }
}

export function promotedType(terms: readonly Term[], defaultFloat: string): string | undefined {
  return resultType(terms.map(operandOf), defaultFloat)
}

/** The result of a binary operator; a message when the operands do not fit, `undefined` when the type is not known. */
export function binary(rule: BinaryRule, a: Term, b: Term, defaultFloat: string): TensorInfo | string | undefined {
  const terms = [a, b]
  const tensors = terms.flatMap((term) => ('tensor' in term ? [term.tensor] : []))
  const shape = broadcast(...tensors.map((tensor) => tensor.shape))
  if (!shape) return 'The size of the tensors does not match'
  const promoted = promotedType(terms, defaultFloat)
  if (promoted === undefined) return undefined
  const dtype = rule.result === 'bool' ? 'bool' : rule.result === 'floating' ? floatingResult(promoted, defaultFloat) : promoted
  const inherited = tensors.some((tensor) => tensor.storage.approximate)
  const values = combine(rule, a, b, shape, inherited)
  // A small whole power that a float32 holds exactly is computed exactly everywhere.
  const isApproximate = inherited || (rule.approximate === true && !/int|bool/.test(dtype) && !(values?.every((value) => Math.fround(value) === value) === true && isSmallWhole(b)))
  const approximate = isApproximate && rule.result !== 'bool'
  const same = tensors.find((tensor) => tensor.shape.length === shape.length && tensor.shape.every((size, i) => size === shape[i]))
  const device = (tensors.find((tensor) => tensor.shape.length > 0) ?? tensors[0])!.device
  return same ? { ...makeLike(same, dtype, values, { approximate }), device } : makeTensor(shape, dtype, device, values, { approximate })
}

function isSmallWhole(term: Term): boolean {
  const values = 'tensor' in term ? valuesOf(term.tensor) : term.number === null ? null : [term.number]
  return values?.every((value) => Number.isInteger(value) && value >= 0 && value <= 16) === true
}

function combine(rule: BinaryRule, a: Term, b: Term, shape: readonly number[], approximate: boolean): number[] | null {
  const count = product(shape)
  const left = spread(a, shape)
  const right = spread(b, shape)
  if (!rule.compute || !left || !right) return null
  const result: number[] = []
  for (let i = 0; i < count; i++) {
    const value = rule.compute(left(i), right(i))
    if (value === undefined || (approximate && rule.jumps?.(left(i), right(i)) === true)) return null
    result.push(value)
  }
  return result
}

function spread(term: Term, shape: readonly number[]): ((i: number) => number) | undefined {
  if (!('tensor' in term)) {
    const { number } = term
    return number === null ? undefined : () => number
  }
  const values = valuesOf(expand(term.tensor, shape) ?? term.tensor)
  return values ? (i) => values[i]! : undefined
}

export interface UnaryRule {
  readonly compute: ((a: number) => number | undefined) | undefined
  readonly result: 'same' | 'floating' | 'bool' | 'real'
  readonly approximate?: true
  readonly jumps?: (a: number) => boolean
}

const same = (compute: UnaryRule['compute']): UnaryRule => ({ compute, result: 'same' })
const stepped = (compute: UnaryRule['compute']): UnaryRule => ({ compute, result: 'same', jumps: (a) => tooClose(a, Math.round(a)) })
const transcendental = (compute: (a: number) => number): UnaryRule => ({ compute: (a) => (Number.isFinite(compute(a)) ? compute(a) : undefined), result: 'floating', approximate: true })
const floating = (compute?: UnaryRule['compute']): UnaryRule => ({ compute, result: 'floating' })

export const UNARY: ReadonlyMap<string, UnaryRule> = new Map<string, UnaryRule>([
  ['neg', same((a) => -a)], ['abs', { compute: Math.abs, result: 'real' }], ['sign', stepped(Math.sign)], ['floor', stepped(Math.floor)], ['ceil', stepped(Math.ceil)], ['trunc', stepped(Math.trunc)],
  ['square', same((a) => a * a)], ['relu', same((a) => Math.max(a, 0))], ['positive', same((a) => a)], ['frac', same(undefined)], ['conj', same(undefined)], ['resolve_conj', same(undefined)],
  ['bitwise_not', same(undefined)], ['nan_to_num', same(undefined)], ['clone_values', same((a) => a)],
  ['sqrt', floating((a) => (a >= 0 ? Math.sqrt(a) : undefined))], ['reciprocal', floating((a) => (a === 0 ? undefined : 1 / a))],
  ['exp', transcendental(Math.exp)], ['exp2', transcendental((a) => 2 ** a)], ['log', transcendental(Math.log)], ['log2', transcendental(Math.log2)], ['log10', transcendental(Math.log10)], ['log1p', transcendental(Math.log1p)], ['expm1', transcendental(Math.expm1)],
  ['sin', transcendental(Math.sin)], ['cos', transcendental(Math.cos)],
  ...['tan', 'asin', 'acos', 'atan', 'arcsin', 'arccos', 'arctan', 'sinh', 'cosh', 'tanh', 'asinh', 'acosh', 'atanh', 'rsqrt', 'sigmoid', 'erf', 'erfc', 'erfinv', 'lgamma', 'digamma', 'logit', 'deg2rad', 'rad2deg', 'i0', 'sinc'].map((name) => [name, floating()] as const),
  ['logical_not', { compute: (a) => Number(a === 0), result: 'bool' }], ['isnan', { compute: undefined, result: 'bool' }], ['isinf', { compute: undefined, result: 'bool' }], ['isfinite', { compute: undefined, result: 'bool' }], ['signbit', { compute: undefined, result: 'bool' }],
])

export function unary(rule: UnaryRule, tensor: TensorInfo, defaultFloat: string): TensorInfo {
  const known = rule.compute && valuesOf(tensor)
  const { approximate } = tensor.storage
  const values = known ? known.map((value) => (approximate && rule.jumps?.(value) === true ? undefined : rule.compute!(value))) : null
  const real = { complex64: 'float32', complex128: 'float64', complex32: 'float16' }[tensor.dtype] ?? tensor.dtype
  const dtype = rule.result === 'bool' ? 'bool' : rule.result === 'floating' ? floatingResult(tensor.dtype, defaultFloat) : rule.result === 'real' ? real : tensor.dtype
  return makeLike(tensor, dtype, values?.every((value) => value !== undefined) ? values as number[] : null, { approximate: rule.jumps === undefined && (approximate || rule.approximate === true) })
}

export interface ReduceRule {
  readonly compute: ((values: readonly number[]) => number | undefined) | undefined
  readonly result: 'same' | 'sum' | 'floating' | 'bool' | 'int64'
}

const exactSum = (values: readonly number[]) => (values.every(Number.isInteger) ? values.reduce((a, b) => a + b, 0) : undefined)

export const REDUCE: ReadonlyMap<string, ReduceRule> = new Map<string, ReduceRule>([
  ['sum', { compute: exactSum, result: 'sum' }], ['nansum', { compute: undefined, result: 'sum' }], ['prod', { compute: (values) => (values.every(Number.isInteger) ? values.reduce((a, b) => a * b, 1) : undefined), result: 'sum' }],
  ['mean', { compute: undefined, result: 'same' }], ['std', { compute: undefined, result: 'same' }], ['var', { compute: undefined, result: 'same' }], ['norm', { compute: undefined, result: 'same' }], ['logsumexp', { compute: undefined, result: 'floating' }],
  ['amax', { compute: (values) => Math.max(...values), result: 'same' }], ['amin', { compute: (values) => Math.min(...values), result: 'same' }],
  ['all', { compute: (values) => Number(values.every((value) => value !== 0)), result: 'bool' }], ['any', { compute: (values) => Number(values.some((value) => value !== 0)), result: 'bool' }],
  ['argmax', { compute: undefined, result: 'int64' }], ['argmin', { compute: undefined, result: 'int64' }], ['count_nonzero', { compute: (values) => values.filter((value) => value !== 0).length, result: 'int64' }],
])

/** Over the given dimensions, or all when `dims` is null; `undefined` when a dimension does not exist. */
export function reduce(rule: ReduceRule, tensor: TensorInfo, dims: readonly number[] | null, options: { keep: boolean, dtype?: string | undefined }, defaultFloat: string): TensorInfo | undefined {
  const rank = tensor.shape.length
  const over = dims === null || dims.length === 0 ? tensor.shape.map((_, i) => i) : dims.map((dim) => wrapDim(dim, rank))
  if (over.includes(undefined)) return undefined
  const shape = tensor.shape.flatMap((size, i) => (over.includes(i) ? (options.keep ? [1] : []) : [size]))
  const integral = tensor.dtype === 'bool' || !/float|complex/.test(tensor.dtype)
  const dtype = options.dtype ?? { same: tensor.dtype, sum: integral ? 'int64' : tensor.dtype, floating: floatingResult(tensor.dtype, defaultFloat), bool: 'bool', int64: 'int64' }[rule.result]
  const values = over.length === rank && rule.compute ? valuesOf(tensor) : null
  const value = values && values.length > 0 ? rule.compute!(values) : undefined
  return makeTensor(shape, dtype, tensor.device, value === undefined ? null : [value], { approximate: tensor.storage.approximate })
}

/** `torch.cat`; a message when the shapes do not fit. */
export function concatenate(tensors: readonly TensorInfo[], dim: number): TensorInfo | string {
  // PyTorch still lets an empty one-dimensional tensor join anything.
  const solid = tensors.filter((tensor) => !(tensor.shape.length === 1 && tensor.shape[0] === 0))
  const first = solid[0] ?? tensors[0]
  if (!first) return 'expected a non-empty list of Tensors'
  if (first.shape.length === 0) return 'zero-dimensional tensor cannot be concatenated'
  const at = wrapDim(dim, first.shape.length)
  if (at === undefined) return 'Dimension out of range'
  let size = 0
  for (const tensor of solid) {
    if (tensor.shape.length !== first.shape.length || tensor.shape.some((one, i) => i !== at && one !== first.shape[i])) return 'Sizes of tensors must match except in the dimension joined'
    size += tensor.shape[at]!
  }
  const dtype = resultType(tensors.map((tensor) => ({ dtype: tensor.dtype, rank: 'dimensioned' })), 'float32')
  if (dtype === undefined) return 'types do not promote'
  const parts = solid.map((tensor) => valuesOf(tensor))
  let values: number[] | null = null
  if (parts.every((part) => part !== null) && solid.length > 0) {
    values = []
    const outer = product(first.shape.slice(0, at))
    const inner = product(first.shape.slice(at + 1))
    for (let i = 0; i < outer; i++) {
      solid.forEach((tensor, k) => {
        const chunk = tensor.shape[at]! * inner
        for (let j = 0; j < chunk; j++) values!.push(parts[k]![i * chunk + j]!)
      })
    }
  }
  return makeTensor(solid.length === 0 ? first.shape : first.shape.with(at, size), dtype, first.device, values, { approximate: solid.some((tensor) => tensor.storage.approximate) })
}
