/** Python's numbers without a machine: exact ints of any size, floats, and how both are printed. */

import { PyBoxed, PyComplex, PyFloat, type Value } from '../value.ts'

export type Int = number | bigint

/** A bigint back as a number while it is a safe integer, so that equal ints are identical. */
export function normalInt(value: bigint): Int {
  return value >= -9007199254740991n && value <= 9007199254740991n ? Number(value) : value
}

/** The int behind an int, a bool or an instance of an int subclass. */
export function intOf(value: Value): Int | undefined {
  if (typeof value === 'number' || typeof value === 'bigint') return value
  if (typeof value === 'boolean') return value ? 1 : 0
  if (value instanceof PyBoxed) {
    if (typeof value.value === 'number' || typeof value.value === 'bigint') return value.value
    if (typeof value.value === 'boolean') return value.value ? 1 : 0
  }
  return undefined
}

/** The double behind a float or an instance of a float subclass. */
export function floatOf(value: Value): number | undefined {
  if (value instanceof PyFloat) return value.value
  if (value instanceof PyBoxed && value.value instanceof PyFloat) return value.value.value
  return undefined
}

/** Any real number as a double. */
export function realOf(value: Value): number | undefined {
  const whole = intOf(value)
  return whole === undefined ? floatOf(value) : Number(whole)
}

export function strOfBoxed(value: Value): string | undefined {
  if (typeof value === 'string') return value
  return value instanceof PyBoxed && typeof value.value === 'string' ? value.value : undefined
}

export function complexOf(value: Value): PyComplex | undefined {
  if (value instanceof PyComplex) return value
  const real = realOf(value)
  return real === undefined ? undefined : new PyComplex(real, 0)
}

/** A native integer argument small enough for a JS number. */
export function smallInt(value: Value): number | undefined {
  const whole = intOf(value)
  return typeof whole === 'number' ? whole : undefined
}

/** Rounds towards minus infinity, as `//` does. */
export function floorDivide(a: Int, b: Int): Int {
  if (typeof a === 'number' && typeof b === 'number') {
    const quotient = Math.floor(a / b)
    // The double quotient is exact only while it is small; past that the division itself may have rounded.
    if (Math.abs(a) < 4503599627370496 && Math.abs(quotient) < 4503599627370496) {
      const remainder = a - quotient * b
      if (Number.isSafeInteger(quotient * b)) {
        if (remainder !== 0 && (remainder < 0) !== (b < 0)) return quotient - 1
        if (Math.abs(remainder) >= Math.abs(b)) return quotient + 1
        return quotient === 0 ? 0 : quotient
      }
    }
  }
  const x = BigInt(a)
  const y = BigInt(b)
  let quotient = x / y
  if (x % y !== 0n && (x < 0n) !== (y < 0n)) quotient -= 1n
  return normalInt(quotient)
}

/** The remainder with the divisor's sign. */
export function modulo(a: Int, b: Int): Int {
  if (typeof a === 'number' && typeof b === 'number') {
    const rest = a % b
    if (rest !== 0 && (rest < 0) !== (b < 0)) return rest + b
    return rest === 0 ? 0 : rest
  }
  const y = BigInt(b)
  const rest = BigInt(a) % y
  return normalInt(rest !== 0n && (rest < 0n) !== (y < 0n) ? rest + y : rest)
}

export function floatFloorDivide(a: number, b: number): number {
  const rest = floatModulo(a, b)
  const quotient = (a - rest) / b
  if (quotient === 0) return a / b < 0 || Object.is(a / b, -0) ? -0 : 0
  const floor = Math.floor(quotient)
  return quotient - floor > 0.5 ? floor + 1 : floor
}

export function floatModulo(a: number, b: number): number {
  const rest = a % b
  if (rest !== 0) return (b < 0) !== (rest < 0) ? rest + b : rest
  return b < 0 ? -0 : 0
}

/** `a / b` of two ints, correctly rounded as CPython rounds it; `undefined` when the result is too large for a float. */
export function trueDivide(a: Int, b: Int): number | undefined {
  if (typeof a === 'number' && typeof b === 'number') return a / b
  const x = BigInt(a)
  const y = BigInt(b)
  if (x === 0n) return y < 0n ? -0 : 0
  const isNegative = (x < 0n) !== (y < 0n)
  const n = x < 0n ? -x : x
  const d = y < 0n ? -y : y
  const shift = bitLength(n) - bitLength(d)
  // A quotient of 66 bits with a sticky last bit rounds once, in the conversion to a double.
  const scale = 65 - shift
  let quotient = scale >= 0 ? (n << BigInt(scale)) / d : n / (d << BigInt(-scale))
  const exact = scale >= 0 ? quotient * d === n << BigInt(scale) : quotient * (d << BigInt(-scale)) === n
  if (!exact) quotient |= 1n
  const result = scaleDouble(Number(quotient), -scale)
  return Number.isFinite(result) ? (isNegative ? -result : result) : undefined
}

function scaleDouble(value: number, exponent: number): number {
  let result = value
  let left = exponent
  while (left > 1000) { result *= 2 ** 1000; left -= 1000 }
  while (left < -1000) { result *= 2 ** -1000; left += 1000 }
  return result * 2 ** left
}

export function bitLength(value: Int): number {
  const size = value < 0 ? -BigInt(value) : BigInt(value)
  if (size === 0n) return 0
  const hex = size.toString(16)
  return (hex.length - 1) * 4 + (32 - Math.clz32(Number.parseInt(hex[0]!, 16)))
}

/** repr of a float: shortest digits, exponent form from 1e16 and below 1e-4. */
export function floatRepr(value: number): string {
  if (Number.isNaN(value)) return 'nan'
  if (!Number.isFinite(value)) return value < 0 ? '-inf' : 'inf'
  if (value === 0) return Object.is(value, -0) ? '-0.0' : '0.0'
  const [mantissa, exponentText] = value.toExponential().split('e') as [string, string]
  const exponent = Number(exponentText)
  const sign = mantissa.startsWith('-') ? '-' : ''
  const digits = mantissa.replace('-', '').replace('.', '')
  if (exponent < -4 || exponent >= 16) return `${sign}${digits[0]}${digits.length > 1 ? `.${digits.slice(1)}` : ''}e${exponentSuffix(exponent)}`
  if (exponent < 0) return `${sign}0.${'0'.repeat(-exponent - 1)}${digits}`
  if (digits.length <= exponent + 1) return `${sign}${digits}${'0'.repeat(exponent + 1 - digits.length)}.0`
  return `${sign}${digits.slice(0, exponent + 1)}.${digits.slice(exponent + 1)}`
}

export function exponentSuffix(exponent: number): string {
  return `${exponent < 0 ? '-' : '+'}${String(Math.abs(exponent)).padStart(2, '0')}`
}

export function complexRepr(value: PyComplex): string {
  const part = (number: number): string => floatRepr(number).replace(/\.0$/, '')
  if (value.re === 0 && !Object.is(value.re, -0)) return `${part(value.im)}j`
  const imaginary = part(value.im)
  return `(${part(value.re)}${imaginary.startsWith('-') ? '' : '+'}${imaginary}j)`
}

/** The exact fraction of a finite double: `mantissa * 2 ** exponent`. */
export function exactParts(value: number): { mantissa: bigint, exponent: number } {
  const view = new DataView(new ArrayBuffer(8))
  view.setFloat64(0, value)
  const bits = view.getBigUint64(0)
  const raw = Number((bits >> 52n) & 0x7ffn)
  const fraction = bits & 0xfffffffffffffn
  const mantissa = raw === 0 ? fraction : fraction | 0x10000000000000n
  return { mantissa: value < 0 ? -mantissa : mantissa, exponent: (raw === 0 ? 1 : raw) - 1075 }
}

/** |value| times 10^digits rounded half to even, exactly. */
export function scaledDigits(value: number, digits: number): bigint {
  const { mantissa, exponent } = exactParts(Math.abs(value))
  let numerator = mantissa
  let denominator = 1n
  if (exponent >= 0) numerator <<= BigInt(exponent)
  else denominator <<= BigInt(-exponent)
  if (digits >= 0) numerator *= 10n ** BigInt(digits)
  else denominator *= 10n ** BigInt(-digits)
  const quotient = numerator / denominator
  const rest = (numerator % denominator) * 2n
  return rest > denominator || (rest === denominator && quotient % 2n === 1n) ? quotient + 1n : quotient
}

/** Fixed-point text of |value| with this many digits after the point. */
export function fixedText(value: number, digits: number): string {
  const all = scaledDigits(value, digits).toString().padStart(digits + 1, '0')
  return digits === 0 ? all : `${all.slice(0, -digits)}.${all.slice(-digits)}`
}

/** Significant digits and decimal exponent of |value|, rounded half to even to `count` digits. */
export function significantDigits(value: number, count: number): { digits: string, exponent: number } {
  if (value === 0) return { digits: '0'.repeat(count), exponent: 0 }
  let exponent = Number(value.toExponential().split('e')[1])
  let digits = scaledDigits(value, count - 1 - exponent).toString()
  if (digits.length > count) { exponent++; digits = scaledDigits(value, count - 1 - exponent).toString() }
  if (digits.length > count) { exponent++; digits = digits.slice(0, count) }
  if (digits.length < count) { exponent--; digits = scaledDigits(value, count - 1 - exponent).toString() }
  return { digits, exponent }
}

/** `float(text)`; `undefined` where Python raises ValueError. */
export function parseFloatText(text: string): number | undefined {
  const trimmed = text.trim().toLowerCase()
  const special = /^([+-]?)(inf|infinity|nan)$/.exec(trimmed)
  if (special !== null) return special[2] === 'nan' ? Number.NaN : special[1] === '-' ? -Infinity : Infinity
  if (!/^[+-]?(\d+(_\d+)*\.?(\d+(_\d+)*)?|\.\d+(_\d+)*)(e[+-]?\d+(_\d+)*)?$/.test(trimmed)) return undefined
  return Number(trimmed.replaceAll('_', ''))
}

/** `int(text, base)`; `undefined` where Python raises ValueError. */
export function parseIntText(text: string, base: number): Int | undefined {
  let digits = text.trim().toLowerCase()
  const isNegative = digits.startsWith('-')
  if (isNegative || digits.startsWith('+')) digits = digits.slice(1)
  const prefix = /^0([xob])_?/.exec(digits)
  const prefixBase = prefix === null ? 0 : { x: 16, o: 8, b: 2 }[prefix[1] as 'x' | 'o' | 'b']
  let radix = base
  if (prefix !== null && (base === 0 || base === prefixBase)) { digits = digits.slice(prefix[0].length); radix = prefixBase } else if (base === 0) {
    if (/^0[0-9_]*[1-9]/.test(digits)) return undefined
    radix = 10
  }
  if (!/^[0-9a-z]+(_[0-9a-z]+)*$/.test(digits)) return undefined
  let value = 0n
  const plain = digits.replaceAll('_', '')
  if (radix === 10 && /^\d+$/.test(plain)) value = plain.length > 15 ? BigInt(plain) : BigInt(Number(plain))
  else {
    for (const digit of plain) {
      const number = Number.parseInt(digit, 36)
      if (!(number < radix)) return undefined
      value = value * BigInt(radix) + BigInt(number)
    }
  }
  return normalInt(isNegative ? -value : value)
}
