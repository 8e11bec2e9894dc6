/** json and the reading of YAML-like literals: text to Python values and back. */

import { fn, type NativeModule } from '../native.ts'
import { floatRepr, normalInt, parseFloatText } from '../operate/numbers.ts'
import type { Interpreter } from '../run/frame.ts'
import { type Machine, PyDict, PyFloat, PyList, PyTuple, PyRaise, PyInstance, Unknown, type Value } from '../value.ts'
import { floatOf, intOf, strOfBoxed } from '../operate/numbers.ts'

const MAX_DEPTH = 200

/** Parses JSON as Python does: ints stay ints of any size, floats floats, NaN and Infinity are taken. */
export function parseJson(m: Machine, text: string): Value {
  let at = 0
  const fail = (message: string): never => {
    const cls = m.getAttribute(m.importModule('json'), 'JSONDecodeError')
    const before = text.slice(0, at)
    const line = before.split('\n').length
    const column = at - before.lastIndexOf('\n')
    throw new PyRaise(m.call(cls, [`${message}: line ${line} column ${column} (char ${at})`]) as PyInstance)
  }
  const space = (): void => { while (at < text.length && ' \t\n\r'.includes(text[at]!)) at++ }
  const string = (): string => {
    const match = /"(?:[^"\\\x00-\x1f]|\\.)*"/y
    match.lastIndex = at
    const found = match.exec(text)
    if (found === null) return fail('Unterminated string starting at')
    at += found[0].length
    try {
      return JSON.parse(found[0]) as string
    } catch {
      return fail('Invalid \\escape')
    }
  }
  const value = (depth: number): Value => {
    m.spend(1)
    if (depth > MAX_DEPTH) return m.raise('RecursionError', 'maximum recursion depth exceeded while decoding a JSON document')
    space()
    const unit = text[at]
    if (unit === '"') return string()
    if (unit === '{') {
      const dict = new PyDict()
      at++
      space()
      if (text[at] === '}') { at++; return dict }
      for (;;) {
        space()
        if (text[at] !== '"') fail('Expecting property name enclosed in double quotes')
        const key = string()
        space()
        if (text[at] !== ':') fail('Expecting \':\' delimiter')
        at++
        m.dictSet(dict, key, value(depth + 1))
        space()
        if (text[at] === '}') { at++; return dict }
        if (text[at] !== ',') fail('Expecting \',\' delimiter')
        at++
      }
    }
    if (unit === '[') {
      const items: Value[] = []
      at++
      space()
      if (text[at] === ']') { at++; return new PyList(items) }
      for (;;) {
        items.push(value(depth + 1))
        space()
        if (text[at] === ']') { at++; return new PyList(items) }
        if (text[at] !== ',') fail('Expecting \',\' delimiter')
        at++
      }
    }
    const word = /true|false|null|NaN|-?Infinity|-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][-+]?\d+)?/y
    word.lastIndex = at
    const found = word.exec(text)
    if (found === null) return fail('Expecting value')
    at += found[0].length
    switch (found[0]) {
      case 'true': return true
      case 'false': return false
      case 'null': return null
    }
    return /^-?\d+$/.test(found[0]) ? normalInt(BigInt(found[0])) : new PyFloat(parseFloatText(found[0]) ?? Number.NaN)
  }
  const result = value(0)
  space()
  return at < text.length ? fail('Extra data') : result
}

function jsonString(text: string, ascii: boolean): string {
  const plain = JSON.stringify(text)
  return ascii ? plain.replace(/[\u007f-\uffff]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`) : plain
}

interface DumpOptions { readonly indent: string | undefined, readonly itemSeparator: string, readonly keySeparator: string, readonly sortKeys: boolean, readonly ascii: boolean, readonly fallback: Value }

function dump(m: Machine, value: Value, options: DumpOptions, depth: number): string | Unknown {
  m.spend(1)
  if (depth > MAX_DEPTH) return m.raise('RecursionError', 'maximum recursion depth exceeded')
  if (value instanceof Unknown) return value
  if (value === null) return 'null'
  if (typeof value === 'boolean') return value ? 'true' : 'false'
  const text = strOfBoxed(value)
  if (text !== undefined) return jsonString(text, options.ascii)
  const whole = intOf(value)
  if (whole !== undefined) return whole.toString()
  const real = floatOf(value)
  if (real !== undefined) return Number.isFinite(real) ? floatRepr(real) : Number.isNaN(real) ? 'NaN' : real < 0 ? '-Infinity' : 'Infinity'
  const wrap = (open: string, close: string, parts: readonly string[]): string => {
    if (parts.length === 0) return open + close
    if (options.indent === undefined) return open + parts.join(options.itemSeparator) + close
    const inner = `\n${options.indent.repeat(depth + 1)}`
    return open + inner + parts.join(options.itemSeparator.trimEnd() + inner) + `\n${options.indent.repeat(depth)}` + close
  }
  if (value instanceof PyList || value instanceof PyTuple) {
    const parts: string[] = []
    for (const item of value.items) { const part = dump(m, item, options, depth + 1); if (part instanceof Unknown) return part; parts.push(part) }
    return wrap('[', ']', parts)
  }
  if (value instanceof PyDict) {
    const entries = m.dictEntries(value).map(([key, item]) => [keyText(m, key), item] as const)
    if (options.sortKeys) entries.sort(([a], [b]) => a < b ? -1 : a > b ? 1 : 0)
    const parts: string[] = []
    for (const [key, item] of entries) {
      const part = dump(m, item, options, depth + 1)
      if (part instanceof Unknown) return part
      parts.push(jsonString(key, options.ascii) + options.keySeparator + part)
    }
    return wrap('{', '}', parts)
  }
  if (options.fallback !== null) return dump(m, m.call(options.fallback, [value]), options, depth + 1)
  return m.raise('TypeError', `Object of type ${m.typeOf(value).name} is not JSON serializable`)
}

function keyText(m: Machine, key: Value): string {
  const text = strOfBoxed(key)
  if (text !== undefined) return text
  if (key === null) return 'null'
  if (typeof key === 'boolean') return key ? 'true' : 'false'
  const number = intOf(key)
  if (number !== undefined) return number.toString()
  const real = floatOf(key)
  return real !== undefined ? floatRepr(real) : m.raise('TypeError', `keys must be str, int, float, bool or None, not ${m.typeOf(key).name}`)
}

export const jsonNatives: NativeModule = {
  name: '_json',
  build: () => ({
    loads: fn('loads(s, **kwargs)', (m, [text]) => {
      const source = strOfBoxed(text)
      return text instanceof Unknown ? text : source === undefined ? m.raise('TypeError', `the JSON object must be str, bytes or bytearray, not ${m.typeOf(text).name}`) : parseJson(m, source)
    }),
    dumps: fn('dumps(obj, *, indent=None, separators=None, sort_keys=False, ensure_ascii=True, default=None, skipkeys=False, cls=None, allow_nan=True, check_circular=True)', (m, [value, indent, separators, sort, ascii, fallback, , cls]) => {
      if (cls !== null) return m.unknown('custom JSON encoders are not evaluated')
      const width = intOf(indent)
      const given = separators === null ? undefined : m.items(separators)
      const [item, key] = given === undefined || given instanceof Unknown ? [indent === null ? ', ' : ',', ': '] : given as readonly string[]
      return dump(m, value, {
        indent: indent === null ? undefined : typeof indent === 'string' ? indent : ' '.repeat(Number(width ?? 0)), itemSeparator: item!, keySeparator: key!, sortKeys: (m as Interpreter).truth(sort) === true,
        ascii: (m as Interpreter).truth(ascii) !== false, fallback,
      }, 0)
    }),
  }),
}

export const JSON_SOURCE = `
from _json import loads, dumps
class JSONDecodeError(ValueError):
    pass
class JSONEncoder:
    def default(self, o):
        raise TypeError(f'Object of type {o.__class__.__name__} is not JSON serializable')
class JSONDecoder:
    def decode(self, s):
        return loads(s)
def load(fp, **kwargs):
    return loads(fp.read())
def dump(obj, fp, **kwargs):
    fp.write(dumps(obj, **kwargs))
`
