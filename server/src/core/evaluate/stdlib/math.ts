/** math: exact where Python is exact, and rounded as the C library rounds (see precise.ts). */

import type { NativeModule } from '../native.ts'
import { fn, pure } from '../native.ts'
import { floatOf, type Int, intOf, normalInt } from '../operate/numbers.ts'
import * as precise from '../precise.ts'
import { isMissing, type Machine, type NativeFunction, PyFloat, PyList, PyTuple, Unknown, type Value } from '../value.ts'
import { knownName } from './known-names.ts'

/** More bits than this make `factorial`, `comb` and `perm` answer Unknown: nothing that sizes a model is as large. */
const MAX_STEPS = 20_000

/** Any real number as a double, by `__float__` and `__index__` where needed. */
export function toReal(m: Machine, value: Value): number | Unknown {
  const float = floatOf(value)
  if (float !== undefined) return float
  const whole = intOf(value)
  if (whole !== undefined) {
    const real = Number(whole)
    return Number.isFinite(real) ? real : m.raise('OverflowError', 'int too large to convert to float')
  }
  if (value instanceof Unknown) return value
  for (const name of ['__float__', '__index__']) {
    const convert = m.lookup(m.typeOf(value), name)
    if (convert === undefined) continue
    const result = m.call(convert, [value])
    if (result instanceof Unknown) return result
    const real = floatOf(result) ?? intOf(result)
    if (real !== undefined) return Number(real)
  }
  return m.raise('TypeError', `must be real number, not ${m.typeOf(value).name}`)
}

/** Any whole number, by `__index__` where needed. */
export function toWhole(m: Machine, value: Value): Int | Unknown {
  const whole = intOf(value)
  if (whole !== undefined) return whole
  if (value instanceof Unknown) return value
  const convert = m.lookup(m.typeOf(value), '__index__')
  const result = convert === undefined ? undefined : m.call(convert, [value])
  if (result instanceof Unknown) return result
  const made = result === undefined ? undefined : intOf(result)
  return made ?? m.raise('TypeError', `'${m.typeOf(value).name}' object cannot be interpreted as an integer`)
}

/** A function of one real; what is not finite for a finite argument is a domain error, as in C. */
function real(name: string, compute: (x: number) => number, options: { range?: boolean } = {}): NativeFunction {
  return pure(`${name}(x, /)`, (m, [x]) => {
    const value = toReal(m, x)
    if (value instanceof Unknown) return value
    const result = compute(value)
    if (Number.isNaN(result) && !Number.isNaN(value)) m.raise('ValueError', 'math domain error')
    if (!Number.isFinite(result) && Number.isFinite(value)) m.raise(options.range === true ? 'OverflowError' : 'ValueError', options.range === true ? 'math range error' : 'math domain error')
    return new PyFloat(result)
  })
}

function twoReals(name: string, compute: (x: number, y: number, m: Machine) => Value): NativeFunction {
  return pure(`${name}(x, y, /)`, (m, [x, y]) => {
    const a = toReal(m, x)
    const b = toReal(m, y)
    return a instanceof Unknown ? a : b instanceof Unknown ? b : compute(a, b, m)
  })
}

function question(name: string, ask: (x: number) => boolean): NativeFunction {
  return pure(`${name}(x, /)`, (m, [x]) => {
    const value = toReal(m, x)
    return value instanceof Unknown ? value : ask(value)
  })
}

/** floor, ceil and trunc: ints stay, floats round, objects answer themselves. */
function rounding(name: 'floor' | 'ceil' | 'trunc'): NativeFunction {
  return pure(`${name}(x, /)`, (m, [x]) => {
    const whole = intOf(x)
    if (whole !== undefined) return whole
    const own = floatOf(x) === undefined ? m.lookup(m.typeOf(x), `__${name}__`) : undefined
    if (own !== undefined) return m.call(own, [x])
    if (name === 'trunc' && floatOf(x) === undefined) return m.raise('TypeError', `type ${m.typeOf(x).name} doesn't define __trunc__ method`)
    const value = toReal(m, x)
    return value instanceof Unknown ? value : wholeOf(m, Math[name](value))
  })
}

function wholeOf(m: Machine, value: number): Value {
  if (Number.isNaN(value)) return m.raise('ValueError', 'cannot convert float NaN to integer')
  if (!Number.isFinite(value)) return m.raise('OverflowError', 'cannot convert float infinity to integer')
  return normalInt(BigInt(value))
}

function logarithm(m: Machine, x: Value, ofReal: (x: number) => number, ofHuge: (x: bigint) => number): number | Unknown {
  const whole = intOf(x)
  if (typeof whole === 'bigint') return whole > 0n ? ofHuge(whole) : m.raise('ValueError', 'math domain error')
  const value = toReal(m, x)
  if (value instanceof Unknown || Number.isNaN(value)) return value
  return value > 0 ? ofReal(value) : m.raise('ValueError', 'math domain error')
}

function hugeLog2(x: bigint): number {
  const length = x.toString(2).length
  const kept = Math.min(length, 60)
  return length - kept + precise.log2(Number(x >> BigInt(length - kept)))
}

const log = pure('log(x, base=?, /)', (m, [x, base]) => {
  const top = logarithm(m, x, precise.log, precise.logOfInteger)
  if (top instanceof Unknown) return top
  if (isMissing(base)) return new PyFloat(top)
  const bottom = logarithm(m, base, precise.log, precise.logOfInteger)
  if (bottom instanceof Unknown) return bottom
  if (bottom === 0) return m.raise('ZeroDivisionError', 'float division by zero')
  return new PyFloat(top / bottom)
})

const pow = twoReals('pow', (x, y, m) => {
  if (y === 0 || x === 1) return new PyFloat(1)
  if (x < 0 && Number.isFinite(x) && Number.isFinite(y) && !Number.isInteger(y)) return m.raise('ValueError', 'math domain error')
  if (x === 0 && y < 0) return m.raise('ValueError', 'math domain error')
  const result = x < 0 && Number.isFinite(y) ? precise.power(-x, y) * (y % 2 === 0 ? 1 : -1) : Math.abs(x) === 1 && !Number.isFinite(y) ? 1 : precise.power(x, y)
  if (!Number.isFinite(result) && Number.isFinite(x) && Number.isFinite(y)) return m.raise('OverflowError', 'math range error')
  return new PyFloat(result)
})

function allReals(m: Machine, iterable: Value): number[] | Unknown {
  const items = m.items(iterable)
  if (items instanceof Unknown) return items
  const values: number[] = []
  for (const item of items) {
    const value = toReal(m, item)
    if (value instanceof Unknown) return value
    values.push(value)
  }
  return values
}

const prod = fn('prod(iterable, /, *, start=1)', (m, [iterable, start]) => {
  const items = m.items(iterable)
  if (items instanceof Unknown) return items
  const multiply = m.getAttribute(m.importModule('operator'), 'mul')
  let product = start
  for (const item of items) {
    if (typeof item === 'number' && typeof product === 'number' && Number.isSafeInteger(product * item)) product *= item
    else product = m.call(multiply, [product, item])
  }
  return product
})

function gcd(a: bigint, b: bigint): bigint {
  let [x, y] = [a < 0n ? -a : a, b < 0n ? -b : b]
  while (y !== 0n) [x, y] = [y, x % y]
  return x
}

function manyWholes(name: string, start: bigint, combine: (a: bigint, b: bigint) => bigint): NativeFunction {
  return pure(`${name}(*integers)`, (m, [integers]) => {
    let result = start
    for (const one of (integers as PyTuple).items) {
      const whole = toWhole(m, one)
      if (whole instanceof Unknown) return whole
      result = combine(result, BigInt(whole))
    }
    return normalInt(result)
  })
}

/** n (n-1) ... (n-k+1). */
function falling(m: Machine, n: bigint, k: bigint): bigint | Unknown {
  if (k > MAX_STEPS) return m.unknown('an int of this size is not computed here')
  m.spend(Number(k))
  let result = 1n
  for (let i = 0n; i < k; i++) result *= n - i
  return result
}

function choice(name: 'perm' | 'comb'): NativeFunction {
  return pure(`${name}(n, k=None, /)`, (m, [n, k]) => {
    const whole = toWhole(m, n)
    const count = k === null && name === 'perm' ? whole : toWhole(m, k)
    if (whole instanceof Unknown) return whole
    if (count instanceof Unknown) return count
    if (whole < 0) return m.raise('ValueError', 'n must be a non-negative integer')
    if (count < 0) return m.raise('ValueError', 'k must be a non-negative integer')
    if (count > whole) return 0
    const least = name === 'comb' && BigInt(count) * 2n > BigInt(whole) ? BigInt(whole) - BigInt(count) : BigInt(count)
    const top = falling(m, BigInt(whole), least)
    if (top instanceof Unknown || name === 'perm') return top instanceof Unknown ? top : normalInt(top)
    const bottom = falling(m, least, least)
    return bottom instanceof Unknown ? bottom : normalInt(top / bottom)
  })
}

const factorial = pure('factorial(n, /)', (m, [n]) => {
  if (floatOf(n) !== undefined) return m.raise('TypeError', '\'float\' object cannot be interpreted as an integer')
  const whole = toWhole(m, n)
  if (whole instanceof Unknown) return whole
  if (whole < 0) return m.raise('ValueError', 'factorial() not defined for negative values')
  const result = falling(m, BigInt(whole), BigInt(whole))
  return result instanceof Unknown ? result : normalInt(result)
})

const isclose = fn('isclose(a, b, *, rel_tol=1e-09, abs_tol=0)', (m, [a, b, relative, absolute]) => {
  const [x, y, r, t] = [toReal(m, a), toReal(m, b), toReal(m, relative), toReal(m, absolute)]
  for (const one of [x, y, r, t]) if (one instanceof Unknown) return one
  const [left, right, rel, abs] = [x, y, r, t] as [number, number, number, number]
  if (rel < 0 || abs < 0) return m.raise('ValueError', 'tolerances must be non-negative')
  if (left === right) return true
  if (!Number.isFinite(left) || !Number.isFinite(right)) return false
  const difference = Math.abs(left - right)
  return difference <= Math.abs(rel * right) || difference <= Math.abs(rel * left) || difference <= abs
})

const frexp = pure('frexp(x, /)', (m, [x]) => {
  const value = toReal(m, x)
  if (value instanceof Unknown) return value
  if (value === 0 || !Number.isFinite(value)) return new PyTuple([new PyFloat(value), 0])
  const { mantissa, exponent } = precise.decompose(Math.abs(value))
  const length = mantissa.toString(2).length
  return new PyTuple([new PyFloat(Math.sign(value) * precise.scaled(mantissa, -length)), exponent + length])
})

const ldexp = pure('ldexp(x, i, /)', (m, [x, i]) => {
  const value = toReal(m, x)
  const by = toWhole(m, i)
  if (value instanceof Unknown) return value
  if (by instanceof Unknown) return by
  if (value === 0 || !Number.isFinite(value)) return new PyFloat(value)
  const { mantissa, exponent } = precise.decompose(value)
  const result = precise.scaled(mantissa, Math.max(-5000, Math.min(5000, exponent + Number(by))))
  return Number.isFinite(result) ? new PyFloat(result) : m.raise('OverflowError', 'math range error')
})

const modf = pure('modf(x, /)', (m, [x]) => {
  const value = toReal(m, x)
  if (value instanceof Unknown) return value
  if (!Number.isFinite(value)) return new PyTuple([new PyFloat(Number.isNaN(value) ? value : value > 0 ? 0 : -0), new PyFloat(value)])
  const fraction = value % 1
  return new PyTuple([new PyFloat(fraction === 0 ? (value < 0 || Object.is(value, -0) ? -0 : 0) : fraction), new PyFloat(Math.trunc(value))])
})

const remainder = twoReals('remainder', (x, y, m) => {
  if (Number.isNaN(x) || Number.isNaN(y)) return new PyFloat(Number.NaN)
  if (!Number.isFinite(x) || y === 0) return m.raise('ValueError', 'math domain error')
  if (!Number.isFinite(y)) return new PyFloat(x)
  const size = Math.abs(y)
  const rest = Math.abs(x) % size
  const other = size - rest
  const isHalfEven = ((Math.abs(x) - rest) / size) % 2 === 0
  const nearest = rest < other || (rest === other && isHalfEven) ? rest : -other
  return new PyFloat(Math.sign(x) < 0 || Object.is(x, -0) ? -nearest : nearest)
})

const isqrt = pure('isqrt(n, /)', (m, [n]) => {
  const whole = toWhole(m, n)
  if (whole instanceof Unknown) return whole
  return whole < 0 ? m.raise('ValueError', 'isqrt() argument must be nonnegative') : normalInt(precise.integerRoot(BigInt(whole)))
})

function vectorNorm(m: Machine, values: readonly number[]): Value {
  if (values.some((one) => !Number.isFinite(one))) return new PyFloat(values.some((one) => Math.abs(one) === Number.POSITIVE_INFINITY) ? Number.POSITIVE_INFINITY : Number.NaN)
  m.spend(values.length)
  return new PyFloat(precise.norm(values))
}

const fsum = pure('fsum(seq, /)', (m, [seq]) => {
  const values = allReals(m, seq)
  if (values instanceof Unknown) return values
  return new PyFloat(values.every(Number.isFinite) ? precise.exactSum(values) : values.reduce((a, b) => a + b, 0))
})

const sumprod = pure('sumprod(p, q, /)', (m, [p, q]) => {
  const builtins = m.importModule('operator')
  const [left, right] = [m.items(p), m.items(q)]
  if (left instanceof Unknown) return left
  if (right instanceof Unknown) return right
  if (left.length !== right.length) return m.raise('ValueError', 'Inputs are not the same length')
  if (![...left, ...right].every((one) => intOf(one) !== undefined)) return m.unknown('math.sumprod of floats is not computed here')
  const [mul, add] = [m.getAttribute(builtins, 'mul'), m.getAttribute(builtins, 'add')]
  return left.reduce<Value>((sum, one, i) => m.call(add, [sum, m.call(mul, [one, right[i]!])]), 0)
})

const dist = pure('dist(p, q, /)', (m, [p, q]) => {
  const [left, right] = [allReals(m, p), allReals(m, q)]
  if (left instanceof Unknown) return left
  if (right instanceof Unknown) return right
  return left.length === right.length ? vectorNorm(m, left.map((one, i) => one - right[i]!)) : m.raise('ValueError', 'both points must have the same number of dimensions')
})

const hypot = pure('hypot(*coordinates)', (m, [coordinates]) => {
  const values = allReals(m, new PyList([...(coordinates as PyTuple).items]))
  return values instanceof Unknown ? values : vectorNorm(m, values)
})

const functions: readonly NativeFunction[] = [
  real('sqrt', Math.sqrt), real('exp', precise.exp, { range: true }), real('expm1', Math.expm1, { range: true }), real('exp2', (x) => precise.power(2, x), { range: true }),
  real('log1p', Math.log1p), real('sin', precise.sin), real('cos', precise.cos), real('tan', precise.tan), real('asin', precise.asin), real('acos', precise.acos), real('atan', precise.atan),
  real('sinh', Math.sinh, { range: true }), real('cosh', Math.cosh, { range: true }), real('tanh', Math.tanh), real('asinh', Math.asinh), real('acosh', Math.acosh), real('atanh', Math.atanh),
  real('cbrt', Math.cbrt), real('fabs', Math.abs), real('degrees', (x) => x * (180 / Math.PI)), real('radians', (x) => x * (Math.PI / 180)), real('erf', precise.erf), real('erfc', precise.erfc),
  question('isnan', Number.isNaN), question('isinf', (x) => Math.abs(x) === Number.POSITIVE_INFINITY), question('isfinite', Number.isFinite),
  rounding('floor'), rounding('ceil'), rounding('trunc'), log, pow, prod, factorial, isclose, frexp, ldexp, modf, remainder, isqrt, fsum, sumprod, dist, hypot, choice('perm'), choice('comb'),
  manyWholes('gcd', 0n, gcd), manyWholes('lcm', 1n, (a, b) => (a === 0n || b === 0n ? 0n : (a * b < 0n ? -(a * b) : a * b) / gcd(a, b))),
  pure('log2(x, /)', (m, [x]) => { const result = logarithm(m, x, precise.log2, hugeLog2); return result instanceof Unknown ? result : new PyFloat(result) }),
  pure('log10(x, /)', (m, [x]) => { const result = logarithm(m, x, Math.log10, (huge) => precise.logOfInteger(huge) / Math.LN10); return result instanceof Unknown ? result : new PyFloat(result) }),
  twoReals('copysign', (x, y) => new PyFloat((y < 0 || Object.is(y, -0) ? -1 : 1) * Math.abs(x))),
  twoReals('fmod', (x, y, m) => (Number.isFinite(x) && y !== 0 ? new PyFloat(x % y) : Number.isNaN(x) || Number.isNaN(y) ? new PyFloat(Number.NaN) : m.raise('ValueError', 'math domain error'))),
  twoReals('atan2', (x, y) => new PyFloat(Math.atan2(x, y))),
]

export const mathModule: NativeModule = {
  name: 'math',
  build: () => ({
    ...Object.fromEntries(functions.map((one) => [one.name, one])),
    pi: new PyFloat(Math.PI), e: new PyFloat(Math.E), tau: new PyFloat(2 * Math.PI), inf: new PyFloat(Number.POSITIVE_INFINITY), nan: new PyFloat(Number.NaN),
  }),
  missing: knownName('math'),
}
