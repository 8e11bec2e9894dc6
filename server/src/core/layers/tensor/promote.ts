/** Result types of arithmetic, after PyTorch's type promotion rules. Names are canonical dtype names; nothing here knows tensors. */

import { dtypeByName } from '../../model/dtypes.ts'

/** An operand: a tensor with dimensions, a tensor without, or a Python number. */
export interface Operand {
  readonly dtype: string
  readonly rank: 'dimensioned' | 'zero-dim' | 'number'
}

type Category = 0 | 1 | 2 | 3

function category(dtype: string): Category {
  if (dtype === 'bool') return 0
  const known = dtypeByName(dtype)
  if (known?.isComplex) return 3
  return known?.isFloatingPoint ? 2 : 1
}

const INTEGER_ORDER = ['uint8', 'int8', 'int16', 'int32', 'int64']
const FLOAT_ORDER = ['float16', 'float32', 'float64']

/** The narrowest type that holds both, within PyTorch's lattice; `undefined` where PyTorch refuses. */
export function promoteTypes(a: string, b: string): string | undefined {
  if (a === b) return a
  const [low, high] = category(a) <= category(b) ? [a, b] : [b, a]
  if (category(low) < category(high)) {
    if (category(high) !== 3 || category(low) < 2) return high
    return widerComplex(high, toComplex(low))
  }
  switch (category(high)) {
    case 1: return promoteIntegers(low, high)
    case 2: return promoteFloats(low, high)
    case 3: return widerComplex(low, high)
    default: return 'bool'
  }
}

function promoteIntegers(a: string, b: string): string | undefined {
  const i = INTEGER_ORDER.indexOf(a)
  const j = INTEGER_ORDER.indexOf(b)
  if (i < 0 || j < 0) return undefined
  if (i + j === 1) return 'int16' // uint8 with int8
  return INTEGER_ORDER[Math.max(i, j)]
}

function promoteFloats(a: string, b: string): string | undefined {
  if (a === 'bfloat16' || b === 'bfloat16') {
    const other = a === 'bfloat16' ? b : a
    if (other === 'float16') return 'float32'
    return FLOAT_ORDER.includes(other) ? other : undefined
  }
  const i = FLOAT_ORDER.indexOf(a)
  const j = FLOAT_ORDER.indexOf(b)
  return i < 0 || j < 0 ? undefined : FLOAT_ORDER[Math.max(i, j)]
}

function toComplex(floating: string): string {
  if (floating === 'float64') return 'complex128'
  return floating === 'float16' ? 'complex32' : 'complex64'
}

function widerComplex(a: string, b: string): string {
  const order = ['complex32', 'complex64', 'complex128']
  return order[Math.max(order.indexOf(a), order.indexOf(b))] ?? 'complex64'
}

/**
 * The result type of an elementwise operation. Dimensioned tensors decide within their category; zero-dim tensors and
 * Python numbers only lift the category (PyTorch, "Tensor Attributes": type promotion).
 */
export function resultType(operands: readonly Operand[], defaultFloat: string): string | undefined {
  let result: string | undefined
  for (const rank of ['dimensioned', 'zero-dim', 'number'] as const) {
    let own: string | undefined
    for (const operand of operands) {
      if (operand.rank !== rank) continue
      own = own === undefined ? operand.dtype : promoteTypes(own, operand.dtype)
      if (own === undefined) return undefined
    }
    if (own === undefined) continue
    if (rank === 'number') own = numberType(own, defaultFloat)
    if (result === undefined) result = own
    else if (category(own) > category(result)) {
      if (rank === 'number' && category(own) === 3 && category(result) === 2) result = toComplex(result)
      else if (category(own) === 3 && category(result) === 2) result = widerComplex(own, toComplex(result))
      else result = own
    }
  }
  return result
}

/** A Python float takes the default type, a Python int is a long. */
function numberType(dtype: string, defaultFloat: string): string {
  const kind = category(dtype)
  if (kind === 2) return defaultFloat
  return kind === 3 ? toComplex(defaultFloat) : dtype
}

export function isFloating(dtype: string): boolean {
  return category(dtype) === 2
}

export function isIntegral(dtype: string): boolean {
  return category(dtype) <= 1
}

/** The type of a division or a transcendental function: integers become the default float. */
export function floatingResult(dtype: string, defaultFloat: string): string {
  return isIntegral(dtype) ? defaultFloat : dtype
}
