/** `format(value, spec)`: the format specification mini-language. */

import type { Interpreter } from '../run/frame.ts'
import { NativeFunction, PyComplex, PyObject, Unknown, type Value } from '../value.ts'
import { exponentSuffix, fixedText, floatOf, floatRepr, type Int, intOf, significantDigits, strOfBoxed } from './numbers.ts'
import { textLength } from './subscript.ts'
import { strOf } from './text.ts'

interface Spec {
  readonly fill: string
  readonly align: string
  readonly sign: string
  readonly isAlternate: boolean
  /** `=` was written, not only meant by a leading zero. */
  readonly isPadded: boolean
  readonly width: number
  readonly grouping: string
  readonly precision: number | undefined
  readonly type: string
}

export function formatValue(m: Interpreter, value: Value, spec: string): string | Unknown {
  if (value instanceof Unknown) return value
  if (value instanceof PyObject) {
    const method = m.lookup(value.cls, '__format__')
    if (method !== undefined && !(method instanceof NativeFunction)) {
      const result = m.call(method, [value, spec])
      return typeof result === 'string' || result instanceof Unknown ? result : m.raise('TypeError', `__format__ must return a str, not ${m.typeOf(result).name}`)
    }
  }
  if (spec === '') return strOf(m, value)
  return plainFormat(m, value, spec)
}

/** The built-in types' own `__format__`. */
export function plainFormat(m: Interpreter, value: Value, spec: string): string | Unknown {
  const text = strOfBoxed(value)
  const parsed = parseSpec(m, spec, m.typeOf(value).name)
  if (text !== undefined) {
    if (parsed.type !== '' && parsed.type !== 's') unknownCode(m, parsed.type, 'str')
    if (parsed.isAlternate) m.raise('ValueError', 'Alternate form (#) not allowed in string format specifier')
    if (parsed.grouping !== '') m.raise('ValueError', `Cannot specify '${parsed.grouping}' with 's'.`)
    if (parsed.isPadded) m.raise('ValueError', '\'=\' alignment not allowed in string format specifier')
    if (parsed.sign !== '') m.raise('ValueError', 'Sign not allowed in string format specifier')
    const cut = parsed.precision === undefined ? text : Array.from(text).slice(0, parsed.precision).join('')
    return pad(m, cut, parsed, '<')
  }
  const whole = intOf(value)
  if (whole !== undefined) return FLOAT_TYPES.has(parsed.type) ? formatFloat(m, Number(whole), parsed) : formatInt(m, whole, parsed)
  const real = floatOf(value)
  if (real !== undefined) return formatFloat(m, real, parsed)
  if (value instanceof PyComplex) return m.unknown('formatting a complex number is not evaluated')
  m.raise('TypeError', `unsupported format string passed to ${m.typeOf(value).name}.__format__`)
}

const FLOAT_TYPES = new Set(['e', 'E', 'f', 'F', 'g', 'G', '%'])

function unknownCode(m: Interpreter, code: string, type: string): never {
  m.raise('ValueError', `Unknown format code '${code}' for object of type '${type}'`)
}

function parseSpec(m: Interpreter, spec: string, type: string): Spec {
  const match = /^(?:(.)?([<>=^]))?([-+ ])?(z)?(#)?(0)?(\d+)?([,_])?(?:\.(\d+))?([a-zA-Z%])?$/su.exec(spec)
  if (match === null) m.raise('ValueError', spec.length > 0 && /[a-zA-Z]$/.test(spec) ? `Invalid format specifier '${spec}' for object of type '${type}'` : `Invalid format specifier '${spec}' for object of type '${type}'`)
  const width = Number(match[7] ?? 0)
  m.checkSize('characters', width)
  const precision = match[9] === undefined ? undefined : Number(match[9])
  if (precision !== undefined) m.checkSize('integerBits', precision)
  return {
    fill: match[1] ?? (match[6] !== undefined ? '0' : ' '), align: match[2] ?? (match[6] !== undefined ? '=' : ''), sign: match[3] ?? '',
    isAlternate: match[5] !== undefined, isPadded: match[2] === '=', width, grouping: match[8] ?? '', precision, type: match[10] ?? '',
  }
}

function pad(m: Interpreter, text: string, spec: Spec, standard: string, prefixLength = 0): string {
  const missing = spec.width - textLength(text)
  if (missing <= 0) return text
  const align = spec.align === '' || (spec.align === '=' && standard === '<') ? (spec.align === '=' ? '<' : standard) : spec.align
  switch (align) {
    case '<': return text + spec.fill.repeat(missing)
    case '^': return spec.fill.repeat(missing >> 1) + text + spec.fill.repeat(missing - (missing >> 1))
    case '=': return text.slice(0, prefixLength) + spec.fill.repeat(missing) + text.slice(prefixLength)
    default: return spec.fill.repeat(missing) + text
  }
}

/** Sign, prefix, grouped digits and padding together, since zero padding is grouped too. */
function padNumber(m: Interpreter, sign: string, prefix: string, digits: string, rest: string, spec: Spec, group: number): string {
  const lead = sign + prefix
  let whole = digits
  if (spec.grouping !== '' && spec.align === '=' && spec.fill === '0') {
    while (lead.length + grouped(whole, spec.grouping, group).length + rest.length < spec.width) whole = `0${whole}`
    const text = grouped(whole, spec.grouping, group)
    return lead + text + rest
  }
  return pad(m, lead + grouped(whole, spec.grouping, group) + rest, spec, '>', lead.length)
}

function grouped(digits: string, separator: string, size: number): string {
  if (separator === '') return digits
  let out = ''
  for (let i = 0; i < digits.length; i++) {
    if (i > 0 && (digits.length - i) % size === 0) out += separator
    out += digits[i]!
  }
  return out
}

function signOf(isNegative: boolean, spec: Spec): string {
  return isNegative ? '-' : spec.sign === '+' ? '+' : spec.sign === ' ' ? ' ' : ''
}

function formatInt(m: Interpreter, value: Int, spec: Spec): string {
  if (spec.precision !== undefined) m.raise('ValueError', 'Precision not allowed in integer format specifier')
  const isNegative = value < 0
  const size = isNegative ? -BigInt(value) : BigInt(value)
  const sign = signOf(isNegative, spec)
  if (spec.grouping === ',' && /^[boxXc]$/.test(spec.type)) m.raise('ValueError', `Cannot specify ',' with '${spec.type}'.`)
  switch (spec.type) {
    case '':
    case 'd':
    case 'n': return padNumber(m, sign, '', size.toString(), '', spec, 3)
    case 'b': return padNumber(m, sign, spec.isAlternate ? '0b' : '', size.toString(2), '', spec, 4)
    case 'o': return padNumber(m, sign, spec.isAlternate ? '0o' : '', size.toString(8), '', spec, 4)
    case 'x': return padNumber(m, sign, spec.isAlternate ? '0x' : '', size.toString(16), '', spec, 4)
    case 'X': return padNumber(m, sign, spec.isAlternate ? '0X' : '', size.toString(16).toUpperCase(), '', spec, 4)
    case 'c': return pad(m, String.fromCodePoint(Number(size)), spec, '<')
    default: unknownCode(m, spec.type, 'int')
  }
}

function formatFloat(m: Interpreter, value: number, spec: Spec): string {
  if (spec.type !== '' && !FLOAT_TYPES.has(spec.type) && spec.type !== 'n') unknownCode(m, spec.type, 'float')
  const isNegative = value < 0 || Object.is(value, -0)
  const sign = signOf(isNegative, spec)
  if (!Number.isFinite(value)) {
    const text = Number.isNaN(value) ? 'nan' : 'inf'
    return padNumber(m, sign, '', spec.type === 'E' || spec.type === 'F' || spec.type === 'G' ? text.toUpperCase() : text, spec.type === '%' ? '%' : '', { ...spec, grouping: '' }, 3)
  }
  const text = floatDigits(Math.abs(value), spec)
  const point = text.search(/[.e%E]/)
  return padNumber(m, sign, '', point < 0 ? text : text.slice(0, point), point < 0 ? '' : text.slice(point), spec, 3)
}

function floatDigits(size: number, spec: Spec): string {
  const { type, precision, isAlternate } = spec
  switch (type) {
    case 'f':
    case 'F': return withPoint(fixedText(size, precision ?? 6), isAlternate)
    case '%': return `${withPoint(fixedText(size * 100, precision ?? 6), isAlternate)}%`
    case 'e':
    case 'E': {
      const plain = exponentText(size, precision ?? 6)
      const text = isAlternate && !plain.includes('.') ? plain.replace('e', '.e') : plain
      return type === 'E' ? text.toUpperCase() : text
    }
    case 'g':
    case 'G':
    case 'n': {
      const text = generalText(size, Math.max(1, precision ?? 6), isAlternate)
      return type === 'G' ? text.toUpperCase() : text
    }
    default: {
      if (precision === undefined) {
        const shown = floatRepr(size)
        return isAlternate && !shown.includes('.') ? shown.replace('e', '.e') : shown
      }
      return generalText(size, Math.max(1, precision), isAlternate, true)
    }
  }
}

function withPoint(text: string, isAlternate: boolean): string {
  return isAlternate && !text.includes('.') ? `${text}.` : text
}

export function exponentText(size: number, precision: number): string {
  const { digits, exponent } = significantDigits(size, precision + 1)
  return `${digits[0]}${precision > 0 ? `.${digits.slice(1)}` : ''}e${exponentSuffix(exponent)}`
}

/** `g`; `keepsPoint` is the variant of an empty type, which shows at least one digit after the point. */
export function generalText(size: number, precision: number, isAlternate: boolean, keepsPoint = false): string {
  const { digits, exponent } = significantDigits(size, precision)
  const trim = (text: string): string => isAlternate ? text : text.includes('.') ? text.replace(/\.?0+$/, '') : text
  if (exponent < -4 || exponent >= precision - (keepsPoint ? 1 : 0)) {
    const mantissa = withPoint(trim(`${digits[0]}${digits.length > 1 ? `.${digits.slice(1)}` : ''}`), isAlternate)
    return `${mantissa}e${exponentSuffix(exponent)}`
  }
  const plain = exponent < 0 ? `0.${'0'.repeat(-exponent - 1)}${digits}` : digits.length > exponent + 1 ? `${digits.slice(0, exponent + 1)}.${digits.slice(exponent + 1)}` : digits
  const text = withPoint(trim(plain), isAlternate)
  return keepsPoint && !text.includes('.') ? `${text}.0` : text
}
