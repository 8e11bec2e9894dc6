/** `text % values`. */

import type { Interpreter } from '../run/frame.ts'
import { PyBytes, PyDict, PyObject, PyTuple, Unknown, type Value } from '../value.ts'
import { exponentText, generalText } from './format.ts'
import { fixedText, type Int, intOf, realOf } from './numbers.ts'
import { asciiOf, reprOf, strOf } from './text.ts'

const DIRECTIVE = /%(?:\(([^)]*)\))?([#0\- +]*)(\*|\d+)?(?:\.(\*|\d+)?)?[hlL]?(.)/gs

export function percentFormat(m: Interpreter, text: string, argument: Value): Value {
  const values: readonly Value[] = argument instanceof PyTuple ? argument.items : [argument]
  let used = 0
  let unknown: Unknown | undefined
  const next = (): Value => {
    const value = values[used++]
    if (value === undefined) m.raise('TypeError', 'not enough arguments for format string')
    return value
  }
  const result = text.replace(DIRECTIVE, (whole, name: string | undefined, flags: string, widthText: string | undefined, precisionText: string | undefined, type: string) => {
    if (type === '%') return '%'
    const width = widthText === '*' ? Number(intOf(next()) ?? 0) : Number(widthText ?? 0)
    const hasPrecision = /\.(\*|\d*)[hlL]?.$/s.test(whole)
    const precision = precisionText === '*' ? Number(intOf(next()) ?? 0) : hasPrecision ? Number(precisionText ?? 0) : undefined
    m.checkSize('characters', Math.abs(width))
    if (precision !== undefined) m.checkSize('integerBits', precision)
    const value = name === undefined ? next() : named(m, argument, name)
    if (value instanceof Unknown) { unknown ??= value; return '' }
    const piece = directive(m, type, flags, precision, value)
    if (piece instanceof Unknown) { unknown ??= piece; return '' }
    return padded(piece.sign, piece.body, Math.abs(width), width < 0 || flags.includes('-'), flags.includes('0') && piece.isNumber)
  })
  if (unknown !== undefined) return unknown
  if (used < values.length && !(argument instanceof PyDict) && argument instanceof PyTuple) m.raise('TypeError', 'not all arguments converted during string formatting')
  // What can be subscripted may be a mapping, and one need not be used.
  const mayBeMapping = argument instanceof PyObject && m.lookup(argument.cls, '__getitem__') !== undefined
  if (used === 0 && !(argument instanceof PyTuple) && !mayBeMapping && !(argument instanceof PyBytes) && !/%\(/.test(text)) m.raise('TypeError', 'not all arguments converted during string formatting')
  m.checkSize('characters', result.length)
  return result
}

function named(m: Interpreter, argument: Value, name: string): Value {
  if (!(argument instanceof PyDict)) m.raise('TypeError', 'format requires a mapping')
  return m.getItem(argument, name)
}

interface Piece { readonly sign: string, readonly body: string, readonly isNumber: boolean }

function directive(m: Interpreter, type: string, flags: string, precision: number | undefined, value: Value): Piece | Unknown {
  const words = (text: string | Unknown): Piece | Unknown => text instanceof Unknown ? text : { sign: '', body: precision === undefined ? text : Array.from(text).slice(0, precision).join(''), isNumber: false }
  switch (type) {
    case 's': return words(strOf(m, value))
    case 'r': return words(reprOf(m, value))
    case 'a': {
      const text = reprOf(m, value)
      return words(text instanceof Unknown ? text : asciiOf(text))
    }
    case 'c': return words(typeof value === 'string' ? value : String.fromCodePoint(Number(intOf(value) ?? 0)))
    case 'd':
    case 'i':
    case 'u': {
      const real = realOf(value)
      if (real === undefined) m.raise('TypeError', `%${type} format: a real number is required, not ${m.typeOf(value).name}`)
      const whole: Int = intOf(value) ?? BigInt(Math.trunc(real))
      return numeric(whole < 0, (whole < 0 ? -BigInt(whole) : BigInt(whole)).toString().padStart(precision ?? 0, '0'), flags)
    }
    case 'x':
    case 'X':
    case 'o': {
      const whole = intOf(value)
      if (whole === undefined) m.raise('TypeError', `%${type} format: an integer is required, not ${m.typeOf(value).name}`)
      const size = (whole < 0 ? -BigInt(whole) : BigInt(whole)).toString(type === 'o' ? 8 : 16).padStart(precision ?? 0, '0')
      const prefix = flags.includes('#') ? (type === 'o' ? '0o' : `0${type}`) : ''
      const piece = numeric(whole < 0, type === 'X' ? size.toUpperCase() : size, flags)
      return { ...piece, sign: piece.sign + prefix }
    }
    case 'e': case 'E': case 'f': case 'F': case 'g': case 'G': {
      const real = realOf(value)
      if (real === undefined) m.raise('TypeError', `must be real number, not ${m.typeOf(value).name}`)
      const size = Math.abs(real)
      const digits = precision ?? 6
      const lower = type.toLowerCase()
      const body = !Number.isFinite(real)
        ? (Number.isNaN(real) ? 'nan' : 'inf')
        : lower === 'f' ? pointed(fixedText(size, digits), flags) : lower === 'e' ? pointed(exponentText(size, digits), flags) : generalText(size, Math.max(1, digits), flags.includes('#'))
      return numeric(real < 0 || Object.is(real, -0), type === lower ? body : body.toUpperCase(), flags)
    }
    default: m.raise('ValueError', `unsupported format character '${type}'`)
  }
}

/** `#` keeps a point even without digits after it. */
function pointed(text: string, flags: string): string {
  return flags.includes('#') && !text.includes('.') ? text.replace(/(?=e|$)/, '.') : text
}

function numeric(isNegative: boolean, body: string, flags: string): Piece {
  return { sign: isNegative ? '-' : flags.includes('+') ? '+' : flags.includes(' ') ? ' ' : '', body, isNumber: true }
}

function padded(sign: string, body: string, width: number, isLeft: boolean, isZero: boolean): string {
  const missing = width - sign.length - Array.from(body).length
  if (missing <= 0) return sign + body
  if (isLeft) return sign + body + ' '.repeat(missing)
  return isZero ? sign + '0'.repeat(missing) + body : ' '.repeat(missing) + sign + body
}
