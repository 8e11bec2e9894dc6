/**
 * Elementary functions of floats, rounded correctly. JavaScript engines may be a unit in the last place away from the C library that CPython
 * calls, and one unit decides what `int()` or `ceil()` of a logarithm gives; the C library is within 0.52 units, so the right answer is its answer.
 * Computed in fixed point over big integers. Needs nothing of the evaluator.
 */

/** Fraction bits of a fixed-point number: 53 of the result, 64 for cancellation, the rest so that a rounding boundary is never in doubt. */
const BITS = 208n
const ONE = 1n << BITS
/** Past this, reducing an argument by multiples of pi would need more bits of pi than are kept. */
const LARGEST_ANGLE = 2 ** 40

/** A finite double as `mantissa * 2 ** exponent`. */
export function decompose(x: number): { readonly mantissa: bigint, readonly exponent: number } {
  const view = new DataView(new ArrayBuffer(8))
  view.setFloat64(0, x)
  const bits = view.getBigUint64(0)
  const biased = Number((bits >> 52n) & 0x7ffn)
  const fraction = bits & 0xfffffffffffffn
  const mantissa = biased === 0 ? fraction : fraction | (1n << 52n)
  return { mantissa: x < 0 ? -mantissa : mantissa, exponent: Math.max(biased, 1) - 1075 }
}

function toFixed(x: number): bigint {
  const { mantissa, exponent } = decompose(x)
  const shift = BigInt(exponent) + BITS
  return shift >= 0n ? mantissa << shift : mantissa >> -shift
}

/** `value * 2 ** exponent` to the nearest double. */
export function scaled(value: bigint, exponent: number): number {
  if (value === 0n) return 0
  const length = (value < 0n ? -value : value).toString(16).length * 4
  // Keep 200 bits at most, with a sticky last bit, so that the conversion below cannot overflow and still rounds once.
  const surplus = length - 200
  const kept = surplus > 0 ? (value >> BigInt(surplus)) | 1n : value
  let result = Number(kept)
  let left = exponent + (surplus > 0 ? surplus : 0)
  while (left > 1000 && Number.isFinite(result)) { result *= 2 ** 1000; left -= 1000 }
  while (left < -1000 && result !== 0) { result *= 2 ** -1000; left += 1000 }
  return result * 2 ** left
}

function fromFixed(value: bigint): number {
  return scaled(value, -Number(BITS))
}

function multiply(a: bigint, b: bigint): bigint {
  return (a * b) >> BITS
}

function divide(a: bigint, b: bigint): bigint {
  return (a << BITS) / b
}

/** The integer part of a square root. */
export function integerRoot(n: bigint): bigint {
  if (n < 2n) return n
  let guess = 1n << BigInt(Math.ceil(n.toString(16).length * 2))
  for (;;) {
    const next = (guess + n / guess) >> 1n
    if (next >= guess) return guess
    guess = next
  }
}

/** atanh of a fixed-point number well below one. */
function inverseTanh(z: bigint): bigint {
  const square = multiply(z, z)
  let sum = 0n
  let power = z
  for (let n = 1n; power !== 0n && power !== -1n; n += 2n) {
    sum += power / n
    power = multiply(power, square)
  }
  return sum
}

const LN2 = 2n * inverseTanh(ONE / 3n)

/** The logarithm of `mantissa * 2 ** exponent`, both positive. */
function fixedLog(mantissa: bigint, exponent: number): bigint {
  const length = mantissa.toString(2).length
  let scale = exponent + length
  const shift = BITS - BigInt(length)
  let m = shift >= 0n ? mantissa << shift : mantissa >> -shift
  if (m < (ONE * 3n) / 4n) { m <<= 1n; scale-- }
  return BigInt(scale) * LN2 + 2n * inverseTanh(divide(m - ONE, m + ONE))
}

/** e to a fixed-point power, as `fraction * 2 ** exponent`. */
function fixedExp(x: bigint): { readonly fraction: bigint, readonly exponent: number } {
  const exponent = (x + (LN2 >> 1n)) / LN2
  const reduced = (x - exponent * LN2) >> 8n
  let sum = ONE
  let term = ONE
  for (let n = 1n; term !== 0n && term !== -1n; n++) {
    term = multiply(term, reduced) / n
    sum += term
  }
  for (let i = 0; i < 8; i++) sum = multiply(sum, sum)
  return { fraction: sum, exponent: Number(exponent) }
}

function logOf(x: number): bigint {
  const { mantissa, exponent } = decompose(x)
  return fixedLog(mantissa, exponent)
}

/** Natural logarithm of a positive integer of any size. */
export function logOfInteger(n: bigint): number {
  return fromFixed(fixedLog(n, 0))
}

/** Natural logarithm; like the others for finite arguments inside its domain, otherwise what Math answers. */
export function log(x: number): number {
  return Number.isFinite(x) && x > 0 ? fromFixed(logOf(x)) : Math.log(x)
}

export function log2(x: number): number {
  return Number.isFinite(x) && x > 0 ? fromFixed(divide(logOf(x), LN2)) : Math.log2(x)
}

export function exp(x: number): number {
  if (!Number.isFinite(x) || Math.abs(x) > 745 || x === 0) return Math.exp(x)
  const { fraction, exponent } = fixedExp(toFixed(x))
  return scaled(fraction, exponent - Number(BITS))
}

/** A positive finite base to a finite power; the caller handles signs, zeros and infinities. */
export function power(base: number, to: number): number {
  if (!(base > 0) || !Number.isFinite(base) || !Number.isFinite(to) || Math.abs(to) > 2 ** 60) return base ** to
  const product = multiply(logOf(base), toFixed(to))
  const limit = BigInt(760) << BITS
  if (product > limit || product < -limit) return base ** to
  const { fraction, exponent } = fixedExp(product)
  // A result that is exact in binary may come out a hair below; the rounding in `scaled` puts it right.
  return scaled(fraction, exponent - Number(BITS))
}

/** atan of a fixed-point number in [0, 1]. */
function fixedAtan(x: bigint): bigint {
  let z = x
  for (let i = 0; i < 3; i++) z = divide(z, ONE + integerRoot((ONE + multiply(z, z)) << BITS))
  const square = multiply(z, z)
  let sum = 0n
  let term = z
  for (let n = 1n; term !== 0n && term !== -1n; n += 2n) {
    sum += n % 4n === 1n ? term / n : -(term / n)
    term = multiply(term, square)
  }
  return sum << 3n
}

const PI = 4n * fixedAtan(ONE)

export function atan(x: number): number {
  if (!Number.isFinite(x) || Math.abs(x) < 2 ** -50) return Math.atan(x)
  return x < 0 ? -fromFixed(positiveAtan(toFixed(-x))) : fromFixed(positiveAtan(toFixed(x)))
}

function positiveAtan(x: bigint): bigint {
  return x <= ONE ? fixedAtan(x) : PI / 2n - fixedAtan(divide(ONE, x))
}

export function asin(x: number): number {
  if (!(Math.abs(x) < 1) || Math.abs(x) < 2 ** -50) return Math.asin(x)
  const value = toFixed(Math.abs(x))
  const result = fromFixed(positiveAtan(divide(value, integerRoot((ONE - multiply(value, value)) << BITS))))
  return x < 0 ? -result : result
}

export function acos(x: number): number {
  if (!(Math.abs(x) < 1)) return Math.acos(x)
  const value = toFixed(x)
  const root = integerRoot((ONE - multiply(value, value)) << BITS)
  if (value === 0n) return fromFixed(PI / 2n)
  return fromFixed(value > 0n ? positiveAtan(divide(root, value)) : PI - positiveAtan(divide(root, -value)))
}

/** Sine and cosine in fixed point. */
function circle(x: number): { readonly sine: bigint, readonly cosine: bigint } {
  const value = toFixed(x)
  const half = PI / 2n
  let quarter = value / half
  let rest = value - quarter * half
  if (rest < 0n) { rest += half; quarter-- }
  const square = multiply(rest, rest)
  let sine = 0n
  let cosine = 0n
  let term = ONE
  for (let n = 1n; term !== 0n && term !== -1n; n += 2n) {
    cosine += term
    term = multiply(term, rest) / n
    sine += term
    term = -multiply(term, rest) / (n + 1n)
  }
  if (square === 0n) { sine = rest; cosine = ONE }
  switch (Number(((quarter % 4n) + 4n) % 4n)) {
    case 0: return { sine, cosine }
    case 1: return { sine: cosine, cosine: -sine }
    case 2: return { sine: -sine, cosine: -cosine }
    default: return { sine: -cosine, cosine: sine }
  }
}

export function sin(x: number): number {
  return isAngle(x) ? fromFixed(circle(x).sine) : Math.sin(x)
}

export function cos(x: number): number {
  return isAngle(x) ? fromFixed(circle(x).cosine) : Math.cos(x)
}

export function tan(x: number): number {
  if (!isAngle(x)) return Math.tan(x)
  const { sine, cosine } = circle(x)
  return fromFixed(divide(sine, cosine))
}

function isAngle(x: number): boolean {
  return Number.isFinite(x) && Math.abs(x) < LARGEST_ANGLE && Math.abs(x) > 2 ** -50
}

/** The error function, by its series. */
export function erf(x: number): number {
  if (Number.isNaN(x) || x === 0) return x
  if (Math.abs(x) > 6) return Math.sign(x)
  return fromFixed(fixedErf(x))
}

export function erfc(x: number): number {
  if (Number.isNaN(x)) return x
  if (x < -6) return 2
  // Past this the difference from one has too few bits left.
  return x > 9 ? Number.NaN : fromFixed(ONE - fixedErf(x))
}

function fixedErf(x: number): bigint {
  const value = toFixed(x)
  const square = multiply(value, value)
  let term = value
  let sum = 0n
  for (let n = 0n; term !== 0n && term !== -1n; n++) {
    sum += term / (2n * n + 1n)
    term = -multiply(term, square) / (n + 1n)
  }
  return divide(2n * sum, integerRoot(PI << BITS))
}

/** The exact sum of finite doubles, rounded once. */
export function exactSum(values: readonly number[]): number {
  let sum = 0n
  for (const value of values) {
    const { mantissa, exponent } = decompose(value)
    sum += mantissa << BigInt(exponent + 1074)
  }
  return scaled(sum, -1074)
}

/** The square root of the sum of squares of finite doubles, rounded once. */
export function norm(values: readonly number[]): number {
  let sum = 0n
  for (const value of values) {
    const { mantissa, exponent } = decompose(value)
    sum += (mantissa << BigInt(exponent + 1074)) ** 2n
  }
  if (sum === 0n) return 0
  // 128 more bits below, so that the root is rounded in the conversion and not before.
  return scaled(integerRoot(sum << 256n), -1074 - 128)
}
