/** JSON as serde_json reads it, which is stricter than JSON.parse: no lone surrogates, a depth limit, numbers as written, every key. */

import * as limits from './limits.ts'

/** Numbers stay text, so that `1.0` and 2^64 can be told from what they round to. Objects keep every entry, in order: the value of a key has its position. */
export type Json = null | boolean | string | JsonNumber | JsonArray | JsonObject
export interface JsonNumber { readonly kind: 'number', readonly text: string }
export interface JsonArray { readonly kind: 'array', readonly items: Json[] }
export interface JsonObject { readonly kind: 'object', readonly keys: string[], readonly values: Json[] }
export interface JsonFault { readonly fault: string, readonly at: number }

/** The whole text as one value; white space around it is allowed. `at` of a fault counts UTF-16 units. */
export function parseStrictJson(text: string): Json | JsonFault {
  const parser = new Parser(text)
  const value = parser.document()
  return parser.fault ?? value ?? { fault: 'the JSON is empty', at: 0 }
}

export function isJsonFault(value: Json | JsonFault): value is JsonFault {
  return typeof value === 'object' && value !== null && 'fault' in value
}

class Parser {
  fault: JsonFault | undefined
  private readonly text: string
  private at = 0

  constructor(text: string) {
    this.text = text
  }

  /** Iterative, with a stack of open containers. */
  document(): Json | undefined {
    const open: (JsonArray | JsonObject)[] = []
    let key: string | undefined
    const keys: (string | undefined)[] = []
    for (;;) {
      this.space()
      let value: Json | undefined
      const character = this.text[this.at]
      const top = open.at(-1)
      if (top?.kind === 'object' && key === undefined) {
        if (character === '}' && top.keys.length === 0) {
          this.at += 1
          value = open.pop()!
          key = keys.pop()
        } else {
          key = this.string()
          this.space()
          if (this.fault || this.text[this.at] !== ':') return this.fail('a colon is missing')
          this.at += 1
          continue
        }
      } else if (top?.kind === 'array' && character === ']' && top.items.length === 0) {
        this.at += 1
        value = open.pop()!
        key = keys.pop()
      } else if (character === '{' || character === '[') {
        if (open.length >= limits.jsonDepth) return this.fail('it is nested too deeply')
        this.at += 1
        keys.push(key)
        key = undefined
        open.push(character === '{' ? { kind: 'object', keys: [], values: [] } : { kind: 'array', items: [] })
        continue
      } else value = this.scalar()
      if (this.fault || value === undefined) return this.fail('a value is missing')
      for (;;) {
        const parent = open.at(-1)
        if (parent === undefined) {
          this.space()
          return this.at === this.text.length ? value : this.fail('something follows the value')
        }
        if (parent.kind === 'array') parent.items.push(value)
        else {
          parent.keys.push(key!)
          parent.values.push(value)
          key = undefined
        }
        this.space()
        const next = this.text[this.at]
        this.at += 1
        if (next === ',') {
          this.space()
          const after = this.text[this.at]
          if (after === '}' || after === ']') return this.fail('a comma before a closing bracket')
          break
        }
        if (next !== (parent.kind === 'array' ? ']' : '}')) return this.fail('a comma or a closing bracket is missing')
        value = open.pop()!
        key = keys.pop()
      }
    }
  }

  private fail(fault: string): undefined {
    this.fault ??= { fault, at: this.at }
    return undefined
  }

  private space(): void {
    for (;;) {
      const code = this.text.charCodeAt(this.at)
      if (code !== 32 && code !== 10 && code !== 13 && code !== 9) return
      this.at += 1
    }
  }

  private scalar(): Json | undefined {
    const { text } = this
    const character = text[this.at]
    if (character === '"') return this.string()
    if (character === 't' || character === 'f' || character === 'n') {
      const [word, value] = words[character]
      if (text.startsWith(word, this.at)) {
        this.at += word.length
        return value
      }
    }
    numberPattern.lastIndex = this.at
    const match = numberPattern.exec(text)
    if (match === null) return this.fail('a value is missing')
    this.at += match[0].length
    return { kind: 'number', text: match[0] }
  }

  private string(): string | undefined {
    const { text } = this
    if (text[this.at] !== '"') return this.fail('a string is missing')
    const start = this.at + 1
    let plain = start
    while (plain < text.length) {
      const code = text.charCodeAt(plain)
      if (code === 0x22 || code === 0x5c || code < 0x20) break
      plain += 1
    }
    if (text.charCodeAt(plain) === 0x22) {
      this.at = plain + 1
      return text.slice(start, plain)
    }
    const parts = [text.slice(start, plain)]
    this.at = plain
    for (;;) {
      const code = text.charCodeAt(this.at)
      if (Number.isNaN(code)) return this.fail('a string has no end')
      if (code === 0x22) {
        this.at += 1
        return parts.join('')
      }
      if (code < 0x20) return this.fail('a control character in a string')
      if (code !== 0x5c) {
        parts.push(text[this.at]!)
        this.at += 1
        continue
      }
      const escaped = this.escape()
      if (escaped === undefined) return undefined
      parts.push(escaped)
    }
  }

  private escape(): string | undefined {
    const letter = this.text[this.at + 1]
    const simple = letter === undefined ? undefined : escapes.get(letter)
    if (simple !== undefined) {
      this.at += 2
      return simple
    }
    const high = this.unit()
    if (high === undefined) return undefined
    if (high < 0xd800 || high > 0xdfff) return String.fromCharCode(high)
    const low = high < 0xdc00 && this.text.startsWith('\\u', this.at) ? this.unit() : undefined
    if (low === undefined || low < 0xdc00 || low > 0xdfff) return this.fail('half a surrogate pair')
    return String.fromCharCode(high, low)
  }

  private unit(): number | undefined {
    const match = /^\\u([0-9a-fA-F]{4})$/.exec(this.text.slice(this.at, this.at + 6))
    if (match === null) return this.fail('a broken escape')
    this.at += 6
    return Number.parseInt(match[1]!, 16)
  }
}

const words = { t: ['true', true], f: ['false', false], n: ['null', null] } as const

const numberPattern = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y
const escapes = new Map([['"', '"'], ['\\', '\\'], ['/', '/'], ['b', '\b'], ['f', '\f'], ['n', '\n'], ['r', '\r'], ['t', '\t']])

/** A whole number written as one, at most 2^53 - 1; undefined for all else. */
export function plainInteger(value: Json | undefined): number | undefined {
  if (typeof value !== 'object' || value?.kind !== 'number' || !/^\d{1,16}$/.test(value.text)) return undefined
  const number = Number(value.text)
  return Number.isSafeInteger(number) ? number : undefined
}

/** The value of a key; the last one when it stands there twice. */
export function member(value: Json | undefined, key: string): Json | undefined {
  if (typeof value !== 'object' || value?.kind !== 'object') return undefined
  const at = value.keys.lastIndexOf(key)
  return at < 0 ? undefined : value.values[at]
}
