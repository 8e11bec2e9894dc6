/** The numbers and strings that the text opcodes of a pickle spell out, and integers of any length. A literal that Python refuses throws `Broken`. */

import * as limits from './limits.ts'
import { Broken } from './pickle-operands.ts'

/** What STRING spells between its quotes. */
export function quotedText(line: string): string {
  const text = line.trimEnd()
  const quote = text[0]
  if (text.length < 2 || (quote !== '"' && quote !== "'") || text.at(-1) !== quote) throw new Broken('a STRING without quotes')
  return text.slice(1, -1).replaceAll(/\\(x[0-9a-fA-F]{2}|[0-7]{1,3}|.)/g, (_, escape: string) => unescapeString(escape))
}

/** What UNICODE spells: raw-unicode-escape. */
export function unicodeText(line: string): string {
  return line.replaceAll(/\\(u[0-9a-fA-F]{4}|U[0-9a-fA-F]{8})/g, (_, hex: string) => unescapeUnicode(hex))
}

/** A signed integer of any length, least byte first; a number where it is exact. */
export function littleEndian(bytes: Uint8Array, start: number, length: number): number | bigint {
  if (length === 0) return 0
  let hex = '0x'
  for (let index = length - 1; index >= 0; index--) hex += hexadecimal[bytes[start + index]!]!
  let value = BigInt(hex)
  if (bytes[start + length - 1]! & 0x80) value -= 1n << BigInt(length * 8)
  return narrow(value)
}

const hexadecimal = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0'))

function narrow(value: bigint): number | bigint {
  return value >= BigInt(Number.MIN_SAFE_INTEGER) && value <= BigInt(Number.MAX_SAFE_INTEGER) ? Number(value) : value
}

/** What INT and LONG spell. */
export function decimal(text: string): number | bigint {
  const trimmed = text.trim().replaceAll(/(?<=\d)_(?=\d)/g, '')
  if (trimmed.length > limits.integerDigits || !/^[+-]?\d+$/.test(trimmed)) throw new Broken('an integer is no number')
  return narrow(BigInt(trimmed.replace(/^\+/, '')))
}

/** What FLOAT spells, as Python's own `float()` reads it. */
export function floatLine(text: string): number {
  const trimmed = text.trim().toLowerCase()
  const special = /^([+-]?)(inf|infinity|nan)$/.exec(trimmed)
  if (special) return special[2] === 'nan' ? NaN : special[1] === '-' ? -Infinity : Infinity
  if (!/^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/.test(trimmed)) throw new Broken('a float is no number')
  return Number(trimmed)
}

function unescapeUnicode(hex: string): string {
  const code = Number.parseInt(hex.slice(1), 16)
  if (code > 0x10ffff) throw new Broken('a character past the end of Unicode')
  return String.fromCodePoint(code)
}

const simpleEscapes = new Map([['n', '\n'], ['t', '\t'], ['r', '\r'], ['a', '\x07'], ['b', '\b'], ['f', '\f'], ['v', '\v'], ['\\', '\\'], ["'", "'"], ['"', '"'], ['\n', '']])

function unescapeString(escape: string): string {
  const simple = simpleEscapes.get(escape)
  if (simple !== undefined) return simple
  if (escape[0] === 'x' && escape.length === 3) return String.fromCharCode(Number.parseInt(escape.slice(1), 16))
  if (/^[0-7]+$/.test(escape)) return String.fromCharCode(Number.parseInt(escape, 8) & 0xff)
  return `\\${escape}`
}

