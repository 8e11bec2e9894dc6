/** Values of Python's number and string literals, from their text. Knows nothing of trees. */

/** The value of an int, float or imaginary literal; `undefined` when it is not one. */
export function numberLiteral(text: string): { type: 'int' | 'float' | 'imaginary', value: number | bigint } | undefined {
  let digits = text.replaceAll('_', '').toLowerCase()
  if (digits.endsWith('j')) return number('imaginary', Number(digits.slice(0, -1)))
  if (digits.endsWith('l')) digits = digits.slice(0, -1)
  const isRadix = /^0[xbo]/.test(digits)
  if (!isRadix && /[.e]/.test(digits)) return number('float', Number(digits))
  const value = Number(isRadix ? digits : digits.replace(/^0+(?=\d)/, ''))
  if (Number.isNaN(value)) return undefined
  if (Number.isSafeInteger(value)) return { type: 'int', value }
  // Quadratic in the number of digits: past this it is not a literal anyone evaluates.
  if (digits.length > MAX_INT_LITERAL_DIGITS) return undefined
  try {
    return { type: 'int', value: BigInt(digits) }
  } catch {
    return undefined
  }
}

const MAX_INT_LITERAL_DIGITS = 4300

function number(type: 'float' | 'imaginary', value: number): { type: 'float' | 'imaginary', value: number } | undefined {
  return Number.isNaN(value) ? undefined : { type, value }
}

const SIMPLE_ESCAPES = new Map([['n', '\n'], ['t', '\t'], ['r', '\r'], ['\\', '\\'], ['\'', '\''], ['"', '"'], ['a', '\x07'], ['b', '\b'], ['f', '\f'], ['v', '\v']])

/** The text between a string's quotes with its escapes resolved (source line ends become `\n`). */
export function decodeEscapes(raw: string, isBytes: boolean): string {
  if (!raw.includes('\\')) return raw
  let out = ''
  for (let i = 0; i < raw.length; i++) {
    const unit = raw[i]!
    if (unit !== '\\') { out += unit; continue }
    const next = raw[++i]
    if (next === undefined) { out += '\\'; break }
    if (next === '\n') continue
    const simple = SIMPLE_ESCAPES.get(next)
    if (simple !== undefined) { out += simple; continue }
    if (next >= '0' && next <= '7') {
      const octal = /^[0-7]{1,3}/.exec(raw.slice(i, i + 3))![0]
      out += String.fromCharCode(Number.parseInt(octal, 8) & (isBytes ? 0xff : 0x1ff))
      i += octal.length - 1
      continue
    }
    const width = next === 'x' ? 2 : !isBytes && next === 'u' ? 4 : !isBytes && next === 'U' ? 8 : 0
    const hex = raw.slice(i + 1, i + 1 + width)
    if (width > 0 && hex.length === width && /^[0-9a-fA-F]+$/.test(hex)) {
      const point = Number.parseInt(hex, 16)
      out += point <= 0x10ffff ? String.fromCodePoint(point) : '\ufffd'
      i += width
      continue
    }
    // \N{...} needs the Unicode name table, which is not carried: the replacement character stands for it.
    if (!isBytes && next === 'N' && raw[i + 1] === '{') {
      const close = raw.indexOf('}', i)
      if (close > 0) { out += '\ufffd'; i = close; continue }
    }
    out += `\\${next}`
  }
  return out
}

export interface StringPrefix {
  readonly isRaw: boolean
  readonly isBytes: boolean
  readonly isFormatted: boolean
  /** The quote: one or three characters. */
  readonly quote: string
}

/** Reads `rb"""` and the like. */
export function stringPrefix(startToken: string): StringPrefix {
  const letters = /^[a-zA-Z]*/.exec(startToken)![0].toLowerCase()
  return { isRaw: letters.includes('r'), isBytes: letters.includes('b'), isFormatted: letters.includes('f') || letters.includes('t'), quote: startToken.slice(letters.length) }
}

/** Line ends inside a string literal are `\n` to Python, whatever the file has. */
export function normaliseLineEnds(text: string): string {
  return text.includes('\r') ? text.replace(/\r\n?/g, '\n') : text
}

/** Latin-1 text to bytes, as in a bytes literal. */
export function latin1Bytes(text: string): Uint8Array {
  const bytes = new Uint8Array(text.length)
  for (let i = 0; i < text.length; i++) bytes[i] = text.charCodeAt(i)
  return bytes
}
