/** math: exact where CPython is exact, doubles elsewhere. */

import { intPower } from '../operate/arithmetic.ts'
import { fn, type NativeModule, pure } from '../native.ts'
import { exactParts, floatOf, type Int, intOf, normalInt, realOf, trueDivide } from '../operate/numbers.ts'
import type { Interpreter } from '../run/frame.ts'
import { type Machine, PyFloat, PyTuple, Unknown, type Value } from '../value.ts'

function real(m: Machine, value: Value): number {
  const found = realOf(value)
  if (found !== undefined) return found
  const special = m.lookup(m.typeOf(value), '__float__')
  if (special !== undefined) return real(m, m.call(special, [value]))
  return m.raise('TypeError', `must be real number, not ${m.typeOf(value).name}`)
}

function int(m: Machine, value: Value): Int {
  const found = intOf(value)
  if (found !== undefined) return found
  const special = m.lookup(m.typeOf(value), '__index__')
  return special !== undefined ? int(m, m.call(special, [value])) : m.raise('TypeError', `'${m.typeOf(value).name}' object cannot be interpreted as an integer`)
}

function rounding(name: string, apply: (x: number) => number): Value {
  return pure(`${name}(x)`, (m, [x]) => {
    const whole = intOf(x)
    if (whole !== undefined) return whole
    const special = floatOf(x) === undefined ? m.lookup(m.typeOf(x), `__${name}__`) : undefined
    if (special !== undefined) return m.call(special, [x])
    const value = real(m, x)
    if (Number.isNaN(value)) m.raise('ValueError', 'cannot convert float NaN to integer')
    if (!Number.isFinite(value)) m.raise('OverflowError', 'cannot convert float infinity to integer')
    return normalInt(BigInt(apply(value)))
  })
}

function plain(name: string, apply: (x: number) => number, isValid: (x: number) => boolean = () => true): Value {
  return pure(`${name}(x)`, (m, [x]) => {
    const value = real(m, x)
    if (!isValid(value)) m.raise('ValueError', 'math domain error')
    const result = apply(value)
    if (!Number.isFinite(result) && Number.isFinite(value)) m.raise('OverflowError', 'math range error')
    return new PyFloat(result)
  })
}

function logarithm(name: string, apply: (x: number) => number, ofTwo: number): Value {
  return pure(`${name}(x, base=None)`, (m, [x, base]) => {
    const whole = intOf(x)
    if (whole !== undefined && whole <= 0) m.raise('ValueError', 'math domain error')
    const one = (value: Value): number => {
      const big = intOf(value)
      if (typeof big === 'bigint') {
        if (big <= 0n) m.raise('ValueError', 'math domain error')
        const bits = big.toString(2).length
        const shift = Math.max(0, bits - 53)
        return apply(Number(big >> BigInt(shift))) + shift * ofTwo
      }
      const number = real(m, value)
      if (number <= 0) m.raise('ValueError', 'math domain error')
      return apply(number)
    }
    const top = one(x)
    if (base === null) return new PyFloat(top)
    const bottom = one(base)
    if (bottom === 0) m.raise('ZeroDivisionError', 'float division by zero')
    return new PyFloat(top / bottom)
  })
}

function gcd(a: bigint, b: bigint): bigint {
  let x = a < 0n ? -a : a
  let y = b < 0n ? -b : b
  while (y !== 0n) [x, y] = [y, x % y]
  return x
}

function integerRoot(n: bigint): bigint {
  if (n < 2n) return n
  let x = BigInt(Math.floor(Math.sqrt(Number(n))))
  for (;;) {
    const y = (x + n / x) >> 1n
    if (y === x || y === x + 1n || y === x - 1n) { x = y; break }
    x = y
  }
  while (x * x > n) x--
  while ((x + 1n) * (x + 1n) <= n) x++
  return x
}

const MAX_FACTORIAL = 2000

export const mathModule: NativeModule = {
  name: 'math',
  build: () => ({
    pi: new PyFloat(Math.PI), e: new PyFloat(Math.E), tau: new PyFloat(2 * Math.PI), inf: new PyFloat(Infinity), nan: new PyFloat(Number.NaN),
    floor: rounding('floor', Math.floor), ceil: rounding('ceil', Math.ceil), trunc: rounding('trunc', Math.trunc),
    sqrt: plain('sqrt', Math.sqrt, (x) => !(x < 0)), cbrt: plain('cbrt', Math.cbrt), exp: plain('exp', Math.exp), expm1: plain('expm1', Math.expm1), exp2: plain('exp2', (x) => 2 ** x),
    sin: plain('sin', Math.sin, (x) => Number.isFinite(x) || Number.isNaN(x)), cos: plain('cos', Math.cos, (x) => Number.isFinite(x) || Number.isNaN(x)), tan: plain('tan', Math.tan),
    asin: plain('asin', Math.asin, (x) => !(Math.abs(x) > 1)), acos: plain('acos', Math.acos, (x) => !(Math.abs(x) > 1)), atan: plain('atan', Math.atan),
    sinh: plain('sinh', Math.sinh), cosh: plain('cosh', Math.cosh), tanh: plain('tanh', Math.tanh), asinh: plain('asinh', Math.asinh), acosh: plain('acosh', Math.acosh, (x) => !(x < 1)),
    atanh: plain('atanh', Math.atanh, (x) => !(Math.abs(x) >= 1)), log1p: plain('log1p', Math.log1p, (x) => !(x <= -1)), fabs: plain('fabs', Math.abs),
    degrees: plain('degrees', (x) => x * (180 / Math.PI)), radians: plain('radians', (x) => x * (Math.PI / 180)),
    log: logarithm('log', Math.log, Math.LN2), log2: logarithm('log2', Math.log2, 1), log10: logarithm('log10', Math.log10, Math.LOG10E * Math.LN2),
    pow: pure('pow(x, y)', (m, [x, y]) => {
      const a = real(m, x)
      const b = real(m, y)
      if (a === 1 || b === 0) return new PyFloat(1)
      const result = a ** b
      if (Number.isNaN(result) && !Number.isNaN(a) && !Number.isNaN(b)) m.raise('ValueError', 'math domain error')
      if (!Number.isFinite(result) && Number.isFinite(a) && Number.isFinite(b)) m.raise(a === 0 ? 'ValueError' : 'OverflowError', a === 0 ? 'math domain error' : 'math range error')
      return new PyFloat(result)
    }),
    atan2: pure('atan2(y, x)', (m, [y, x]) => new PyFloat(Math.atan2(real(m, y), real(m, x)))),
    hypot: pure('hypot(*coordinates)', (m, [all]) => new PyFloat(Math.hypot(...(all as PyTuple).items.map((one) => real(m, one))))),
    fmod: pure('fmod(x, y)', (m, [x, y]) => { const b = real(m, y); return b === 0 ? m.raise('ValueError', 'math domain error') : new PyFloat(real(m, x) % b) }),
    copysign: pure('copysign(x, y)', (m, [x, y]) => { const b = real(m, y); const size = Math.abs(real(m, x)); return new PyFloat(b < 0 || Object.is(b, -0) ? -size : size) }),
    modf: pure('modf(x)', (m, [x]) => { const value = real(m, x); const whole = Math.trunc(value); return new PyTuple([new PyFloat(value - whole), new PyFloat(whole)]) }),
    frexp: pure('frexp(x)', (m, [x]) => {
      const value = real(m, x)
      if (value === 0 || !Number.isFinite(value)) return new PyTuple([new PyFloat(value), 0])
      const { mantissa, exponent } = exactParts(value)
      const bits = (mantissa < 0n ? -mantissa : mantissa).toString(2).length
      return new PyTuple([new PyFloat(Number(mantissa) / 2 ** bits), exponent + bits])
    }),
    ldexp: pure('ldexp(x, i)', (m, [x, i]) => new PyFloat(real(m, x) * 2 ** Number(int(m, i)))),
    isnan: pure('isnan(x)', (m, [x]) => Number.isNaN(real(m, x))), isinf: pure('isinf(x)', (m, [x]) => Math.abs(real(m, x)) === Infinity), isfinite: pure('isfinite(x)', (m, [x]) => Number.isFinite(real(m, x))),
    isclose: pure('isclose(a, b, *, rel_tol=1e-9, abs_tol=0.0)', (m, [a, b, relative, absolute]) => {
      const x = real(m, a)
      const y = real(m, b)
      if (x === y) return true
      if (!Number.isFinite(x) || !Number.isFinite(y)) return false
      return Math.abs(x - y) <= Math.max(real(m, relative) * Math.max(Math.abs(x), Math.abs(y)), real(m, absolute))
    }),
    gcd: pure('gcd(*integers)', (m, [all]) => normalInt((all as PyTuple).items.reduce<bigint>((sofar, one) => gcd(sofar, BigInt(int(m, one))), 0n))),
    lcm: pure('lcm(*integers)', (m, [all]) => normalInt((all as PyTuple).items.reduce<bigint>((sofar, one) => {
      const value = BigInt(int(m, one))
      const size = value < 0n ? -value : value
      return size === 0n || sofar === 0n ? 0n : sofar / gcd(sofar, size) * size
    }, 1n))),
    factorial: pure('factorial(n)', (m, [n]) => {
      const count = int(m, n)
      if (count < 0) m.raise('ValueError', 'factorial() not defined for negative values')
      if (count > MAX_FACTORIAL) return m.unknown('this factorial is too large to evaluate here')
      let result = 1n
      for (let i = 2n; i <= BigInt(count); i++) result *= i
      return normalInt(result)
    }),
    comb: pure('comb(n, k)', (m, [n, k]) => {
      const total = BigInt(int(m, n))
      let count = BigInt(int(m, k))
      if (total < 0n || count < 0n) m.raise('ValueError', 'n must be a non-negative integer')
      if (count > total) return 0
      if (count > total - count) count = total - count
      if (count > BigInt(MAX_FACTORIAL)) return m.unknown('this binomial is too large to evaluate here')
      let result = 1n
      for (let i = 1n; i <= count; i++) result = result * (total - count + i) / i
      return normalInt(result)
    }),
    perm: pure('perm(n, k=None)', (m, [n, k]) => {
      const total = BigInt(int(m, n))
      const count = k === null ? total : BigInt(int(m, k))
      if (count > BigInt(MAX_FACTORIAL)) return m.unknown('this permutation count is too large to evaluate here')
      let result = 1n
      for (let i = 0n; i < count; i++) result *= total - i
      return normalInt(count > total ? 0n : result)
    }),
    isqrt: pure('isqrt(n)', (m, [n]) => { const value = BigInt(int(m, n)); return value < 0n ? m.raise('ValueError', 'isqrt() argument must be nonnegative') : normalInt(integerRoot(value)) }),
    prod: fn('prod(iterable, *, start=1)', (m, [iterable, start]) => {
      const items = m.items(iterable)
      if (items instanceof Unknown) return items
      const multiply = m.getAttribute(m.importModule('operator'), 'mul')
      return items.reduce<Value>((sofar, one) => m.call(multiply, [sofar, one]), start)
    }),
    fsum: fn('fsum(iterable)', (m, [iterable]) => {
      const items = m.items(iterable)
      if (items instanceof Unknown) return items
      let numerator = 0n
      // Exact: every double is an integer multiple of 2^-1074.
      for (const one of items) { if (one instanceof Unknown) return one; const { mantissa, exponent } = exactParts(real(m, one)); numerator += mantissa << BigInt(exponent + 1074) }
      const sum = trueDivide(normalInt(numerator), normalInt(1n << 1074n))
      return sum === undefined ? m.unknown('this sum is not evaluated') : new PyFloat(sum)
    }),
    dist: pure('dist(p, q)', (m, [p, q]) => {
      const a = m.items(p)
      const b = m.items(q)
      return a instanceof Unknown ? a : b instanceof Unknown ? b : new PyFloat(Math.hypot(...a.map((one, i) => real(m, one) - real(m, b[i]!))))
    }),
    _ipow: pure('_ipow(a, b)', (m, [a, b]) => intPower(m as Interpreter, int(m, a), int(m, b))),
  }),
}
