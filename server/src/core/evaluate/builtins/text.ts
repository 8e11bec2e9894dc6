/** str and its methods. */

import { comesShuffled, SHUFFLED } from '../operate/set-order.ts'
import { addMethods, needInt, needText } from './define.ts'
import { NOT_IMPLEMENTED, strClass } from '../core-classes.ts'
import { fn, method, pureMethod } from '../native.ts'
import { binaryOperation } from '../operate/arithmetic.ts'
import { formatValue } from '../operate/format.ts'
import { iteratorOf } from '../operate/iterate.ts'
import { intOf, strOfBoxed } from '../operate/numbers.ts'
import { percentFormat } from '../operate/percent.ts'
import { textLength } from '../operate/subscript.ts'
import { reprOf, strOf } from '../operate/text.ts'
import type { Interpreter } from '../run/frame.ts'
import { isMissing, type Machine, PyBoxed, PyBytes, type PyClass, PyDict, PyList, PyTuple, PyWrapper, Unknown, type Value } from '../value.ts'
import { formatTemplate } from './str-format.ts'

const vm = (m: Machine): Interpreter => m as Interpreter
const text = (value: Value): string => strOfBoxed(value)!
const WHITE = '\\s\\x1c-\\x1f\\x85'

strClass.attrs.set('__new__', new PyWrapper(fn('__new__(cls, object=?, encoding=None, errors=None)', (m, [cls, object, encoding]) => {
  const made = isMissing(object) ? '' : object instanceof PyBytes && encoding !== null ? decode(m, object) : strOf(vm(m), object)
  return cls === strClass || made instanceof Unknown ? made : new PyBoxed(cls as PyClass, made)
}), PyWrapper.staticmethod))

export function decode(m: Machine, bytes: PyBytes): string {
  try {
    return decodeURIComponent(Array.from(bytes.data, (byte) => `%${byte.toString(16).padStart(2, '0')}`).join(''))
  } catch {
    m.raise('UnicodeDecodeError', 'invalid utf-8')
  }
}

export function encode(value: string): PyBytes {
  const escaped = encodeURIComponent(value.replace(/[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g, '?'))
  const bytes: number[] = []
  for (let i = 0; i < escaped.length; i++) {
    if (escaped[i] === '%') { bytes.push(Number.parseInt(escaped.slice(i + 1, i + 3), 16)); i += 2 } else bytes.push(escaped.charCodeAt(i))
  }
  return new PyBytes(Uint8Array.from(bytes))
}

function trimmer(side: 'l' | 'r' | 'both'): (m: Machine, value: string, chars: Value) => string {
  return (m, value, chars) => {
    const set = chars === null ? `[${WHITE}]` : `[${needText(m, chars, 'strip arg').replace(/[\\\]^-]/g, '\\$&')}]`
    if (chars === '') return value
    let out = value
    if (side !== 'r') out = out.replace(new RegExp(`^${set}+`, 'u'), '')
    if (side === 'l') return out
    let end = out.length
    const one = new RegExp(`^${set}$`, 'u')
    while (end > 0 && one.test(out[end - 1]!)) end--
    return out.slice(0, end)
  }
}

function splitWhite(value: string, limit: number): string[] {
  const parts: string[] = []
  const words = new RegExp(`[^${WHITE}]+`, 'gu')
  for (let match = words.exec(value); match !== null; match = words.exec(value)) {
    if (limit >= 0 && parts.length === limit) { parts.push(trimmer('r')(undefined as never, value.slice(match.index), null)); break }
    parts.push(match[0])
  }
  return parts
}

function splitOn(value: string, separator: string, limit: number): string[] {
  if (limit < 0) return value.split(separator)
  const parts: string[] = []
  let rest = value
  while (parts.length < limit) {
    const at = rest.indexOf(separator)
    if (at < 0) break
    parts.push(rest.slice(0, at))
    rest = rest.slice(at + separator.length)
  }
  parts.push(rest)
  return parts
}

function rsplitOn(value: string, separator: string, limit: number): string[] {
  if (limit < 0) return value.split(separator)
  const parts: string[] = []
  let rest = value
  while (parts.length < limit) {
    const at = rest.lastIndexOf(separator)
    if (at < 0) break
    parts.unshift(rest.slice(at + separator.length))
    rest = rest.slice(0, at)
  }
  parts.unshift(rest)
  return parts
}

function rsplitWhite(value: string, limit: number): string[] {
  if (limit < 0) return splitWhite(value, -1)
  const reversed = (one: string): string => Array.from(one).reverse().join('')
  return splitWhite(reversed(value), limit).map(reversed).reverse()
}

function bounds(m: Machine, value: string, start: Value, end: Value): [number, number] {
  const { length } = value
  const at = (one: Value, fallback: number): number => {
    if (one === null) return fallback
    const index = needInt(m, one)
    return Math.max(0, Math.min(length, index < 0 ? index + length : index))
  }
  return [at(start, 0), at(end, length)]
}

function find(m: Machine, self: Value, part: Value, start: Value, end: Value, isLast: boolean): number {
  const value = text(self)
  const [from, to] = bounds(m, value, start, end)
  if (start !== null && needInt(m, start) > value.length) return -1
  const inside = value.slice(from, Math.max(from, to))
  const at = isLast ? inside.lastIndexOf(needText(m, part, 'must be str, not')) : inside.indexOf(needText(m, part, 'must be str, not'))
  if (at < 0) return -1
  return textLength(value.slice(0, from + at))
}

function affix(m: Machine, self: Value, wanted: Value, start: Value, end: Value, isPrefix: boolean): boolean {
  const value = text(self)
  const [from, to] = bounds(m, value, start, end)
  const inside = value.slice(from, Math.max(from, to))
  const options = wanted instanceof PyTuple ? wanted.items : [wanted]
  return options.some((one) => isPrefix ? inside.startsWith(needText(m, one, 'startswith first arg')) : inside.endsWith(needText(m, one, 'endswith first arg')))
}

function testAll(pattern: RegExp): (self: Value) => boolean {
  return (self) => { const value = text(self); return value !== '' && pattern.test(value) }
}

function pad(m: Machine, self: Value, width: Value, fill: Value, side: 'l' | 'r' | 'c'): string {
  const value = text(self)
  const missing = needInt(m, width) - textLength(value)
  if (missing <= 0) return value
  vm(m).checkSize('characters', missing)
  const char = text(fill)
  if (side === 'l') return value + char.repeat(missing)
  if (side === 'r') return char.repeat(missing) + value
  const left = (missing >> 1) + (missing & needInt(m, width) & 1)
  return char.repeat(left) + value + char.repeat(missing - left)
}

const capitalise = (value: string): string => value === '' ? '' : Array.from(value)[0]!.toUpperCase() + Array.from(value).slice(1).join('').toLowerCase()
const lines = (value: string, keep: boolean): string[] => (value.match(/[^\n\r\v\f\x1c-\x1e\x85\u2028\u2029]*(?:\r\n|[\n\r\v\f\x1c-\x1e\x85\u2028\u2029])|[^\n\r\v\f\x1c-\x1e\x85\u2028\u2029]+$/g) ?? []).map((line) => keep ? line : line.replace(/(?:\r\n|[\n\r\v\f\x1c-\x1e\x85\u2028\u2029])$/, ''))

addMethods(strClass, [
  method('__len__(self)', (_m, [self]) => textLength(text(self))),
  method('__iter__(self)', (m, [self]) => iteratorOf(vm(m), text(self))),
  method('__getitem__(self, index)', (m, [self, index]) => m.getItem(text(self), index)),
  method('__contains__(self, item)', (m, [self, item]) => item instanceof Unknown ? item : text(self).includes(needText(m, item, 'item'))),
  method('__str__(self)', (_m, [self]) => text(self)),
  method('__repr__(self)', (m, [self]) => reprOf(vm(m), text(self))),
  method('__format__(self, spec)', (m, [self, spec]) => formatValue(vm(m), text(self), spec as string)),
  method('__add__(self, other)', (m, [self, other]) => other instanceof Unknown ? other : text(self) + (strOfBoxed(other) ?? m.raise('TypeError', `can only concatenate str (not "${m.typeOf(other).name}") to str`))),
  method('__mod__(self, other)', (m, [self, other]) => percentFormat(vm(m), text(self), other)),
  method('__mul__(self, count)', (m, [self, count]) => intOf(count) === undefined ? NOT_IMPLEMENTED : binaryOperation(vm(m), '*', text(self), count)),
  method('join(self, items)', (m, [self, items]) => {
    const all = m.items(items)
    if (all instanceof Unknown) return all
    const parts: string[] = []
    let size = 0
    for (const [i, item] of all.entries()) {
      if (item instanceof Unknown) return item
      const part = strOfBoxed(item)
      if (part === undefined) return m.raise('TypeError', `sequence item ${i}: expected str instance, ${m.typeOf(item).name} found`)
      size += part.length + text(self).length
      parts.push(part)
    }
    vm(m).checkSize('characters', size)
    if (comesShuffled(items)) return m.unknown(SHUFFLED)
    return parts.join(text(self))
  }),
  method('format(self, *args, **kwargs)', (m, [self, args, kwargs]) => formatTemplate(vm(m), text(self), (args as PyTuple).items, kwargs as PyDict)),
  method('format_map(self, mapping)', (m, [self, mapping]) => formatTemplate(vm(m), text(self), [], mapping)),
  pureMethod('upper(self)', (_m, [self]) => text(self).toUpperCase()),
  pureMethod('lower(self)', (_m, [self]) => text(self).toLowerCase()),
  pureMethod('casefold(self)', (_m, [self]) => text(self).toLowerCase().replaceAll('ß', 'ss')),
  pureMethod('capitalize(self)', (_m, [self]) => capitalise(text(self))),
  pureMethod('title(self)', (_m, [self]) => text(self).replace(/\p{L}+/gu, capitalise)),
  pureMethod('swapcase(self)', (_m, [self]) => Array.from(text(self), (one) => one === one.toUpperCase() ? one.toLowerCase() : one.toUpperCase()).join('')),
  pureMethod('strip(self, chars=None)', (m, [self, chars]) => trimmer('both')(m, text(self), chars)),
  pureMethod('lstrip(self, chars=None)', (m, [self, chars]) => trimmer('l')(m, text(self), chars)),
  pureMethod('rstrip(self, chars=None)', (m, [self, chars]) => trimmer('r')(m, text(self), chars)),
  pureMethod('split(self, sep=None, maxsplit=-1)', (m, [self, separator, limit]) => {
    if (separator === '') m.raise('ValueError', 'empty separator')
    return new PyList(separator === null ? splitWhite(text(self), needInt(m, limit)) : splitOn(text(self), needText(m, separator, 'must be str or None, not'), needInt(m, limit)))
  }),
  pureMethod('rsplit(self, sep=None, maxsplit=-1)', (m, [self, separator, limit]) => {
    if (separator === '') m.raise('ValueError', 'empty separator')
    return new PyList(separator === null ? rsplitWhite(text(self), needInt(m, limit)) : rsplitOn(text(self), needText(m, separator, 'must be str or None, not'), needInt(m, limit)))
  }),
  pureMethod('splitlines(self, keepends=False)', (m, [self, keep]) => new PyList(lines(text(self), m.truth(keep) === true))),
  pureMethod('partition(self, sep)', (m, [self, separator]) => {
    const value = text(self)
    const part = needText(m, separator, 'must be str, not')
    if (part === '') m.raise('ValueError', 'empty separator')
    const at = value.indexOf(part)
    return new PyTuple(at < 0 ? [value, '', ''] : [value.slice(0, at), part, value.slice(at + part.length)])
  }),
  pureMethod('rpartition(self, sep)', (m, [self, separator]) => {
    const value = text(self)
    const part = needText(m, separator, 'must be str, not')
    if (part === '') m.raise('ValueError', 'empty separator')
    const at = value.lastIndexOf(part)
    return new PyTuple(at < 0 ? ['', '', value] : [value.slice(0, at), part, value.slice(at + part.length)])
  }),
  pureMethod('replace(self, old, new, count=-1)', (m, [self, old, replacement, count]) => {
    const value = text(self)
    const from = needText(m, old, 'replace() argument 1')
    const to = needText(m, replacement, 'replace() argument 2')
    const limit = needInt(m, count)
    vm(m).checkSize('characters', from === '' ? value.length * (to.length + 1) : value.length + value.split(from).length * to.length)
    if (limit < 0) return from === '' ? ['', ...Array.from(value), ''].join(to) : value.replaceAll(from, () => to)
    if (from === '') {
      const points = Array.from(value)
      return points.map((point, i) => (i < limit ? to : '') + point).join('') + (points.length < limit ? to : '')
    }
    return splitOn(value, from, limit).join(to)
  }),
  pureMethod('startswith(self, prefix, start=None, end=None)', (m, [self, prefix, start, end]) => affix(m, self, prefix, start, end, true)),
  pureMethod('endswith(self, suffix, start=None, end=None)', (m, [self, suffix, start, end]) => affix(m, self, suffix, start, end, false)),
  pureMethod('removeprefix(self, prefix)', (m, [self, prefix]) => text(self).startsWith(needText(m, prefix, 'prefix')) ? text(self).slice(text(prefix).length) : text(self)),
  pureMethod('removesuffix(self, suffix)', (m, [self, suffix]) => text(suffix) !== '' && text(self).endsWith(needText(m, suffix, 'suffix')) ? text(self).slice(0, -text(suffix).length) : text(self)),
  pureMethod('find(self, sub, start=None, end=None)', (m, [self, part, start, end]) => find(m, self, part, start, end, false)),
  pureMethod('rfind(self, sub, start=None, end=None)', (m, [self, part, start, end]) => find(m, self, part, start, end, true)),
  pureMethod('index(self, sub, start=None, end=None)', (m, [self, part, start, end]) => {
    const at = find(m, self, part, start, end, false)
    return at < 0 ? m.raise('ValueError', 'substring not found') : at
  }),
  pureMethod('rindex(self, sub, start=None, end=None)', (m, [self, part, start, end]) => {
    const at = find(m, self, part, start, end, true)
    return at < 0 ? m.raise('ValueError', 'substring not found') : at
  }),
  pureMethod('count(self, sub, start=None, end=None)', (m, [self, part, start, end]) => {
    const [from, to] = bounds(m, text(self), start, end)
    const inside = text(self).slice(from, Math.max(from, to))
    return text(part) === '' ? textLength(inside) + 1 : inside.split(text(part)).length - 1
  }),
  pureMethod('isdigit(self)', (_m, [self]) => testAll(/^[\p{Nd}\u00b2\u00b3\u00b9\u2070-\u2079\u2080-\u2089]+$/u)(self)),
  pureMethod('isdecimal(self)', (_m, [self]) => testAll(/^\p{Nd}+$/u)(self)),
  pureMethod('isnumeric(self)', (_m, [self]) => testAll(/^\p{N}+$/u)(self)),
  pureMethod('isalpha(self)', (_m, [self]) => testAll(/^\p{L}+$/u)(self)),
  pureMethod('isalnum(self)', (_m, [self]) => testAll(/^[\p{L}\p{N}]+$/u)(self)),
  pureMethod('isspace(self)', (_m, [self]) => testAll(/^[\s\x1c-\x1f\x85]+$/u)(self)),
  pureMethod('isidentifier(self)', (_m, [self]) => testAll(/^[\p{ID_Start}_][\p{ID_Continue}]*$/u)(self)),
  pureMethod('isascii(self)', (_m, [self]) => /^[\x00-\x7f]*$/.test(text(self))),
  pureMethod('isprintable(self)', (_m, [self]) => !/[\p{C}\p{Zl}\p{Zp}]/u.test(text(self)) && !/[\p{Zs}]/u.test(text(self).replaceAll(' ', ''))),
  pureMethod('isupper(self)', (_m, [self]) => /\p{Lu}|\p{Lt}/u.test(text(self)) && !/\p{Ll}/u.test(text(self))),
  pureMethod('islower(self)', (_m, [self]) => /\p{Ll}/u.test(text(self)) && !/\p{Lu}|\p{Lt}/u.test(text(self))),
  pureMethod('istitle(self)', (_m, [self]) => /\p{L}/u.test(text(self)) && text(self).replace(/\p{L}+/gu, capitalise) === text(self)),
  pureMethod('zfill(self, width)', (m, [self, width]) => {
    const value = text(self)
    const missing = needInt(m, width) - textLength(value)
    if (missing <= 0) return value
    vm(m).checkSize('characters', missing)
    return /^[+-]/.test(value) ? value[0]! + '0'.repeat(missing) + value.slice(1) : '0'.repeat(missing) + value
  }),
  pureMethod('ljust(self, width, fill=\' \')', (m, [self, width, fill]) => pad(m, self, width, fill, 'l')),
  pureMethod('rjust(self, width, fill=\' \')', (m, [self, width, fill]) => pad(m, self, width, fill, 'r')),
  pureMethod('center(self, width, fill=\' \')', (m, [self, width, fill]) => pad(m, self, width, fill, 'c')),
  pureMethod('expandtabs(self, tabsize=8)', (m, [self, size]) => {
    let column = 0
    let out = ''
    for (const point of text(self)) {
      if (point === '\t') { const add = needInt(m, size) - column % needInt(m, size); out += ' '.repeat(add); column += add } else { out += point; column = point === '\n' ? 0 : column + 1 }
    }
    return out
  }),
  pureMethod('encode(self, encoding=\'utf-8\', errors=\'strict\')', (_m, [self]) => encode(text(self))),
  pureMethod('translate(self, table)', (m, [self, table]) => {
    let out = ''
    for (const point of text(self)) {
      const to = table instanceof PyDict ? m.dictGet(table, point.codePointAt(0)!) : undefined
      if (to === undefined) out += point
      else if (typeof to === 'number') out += String.fromCodePoint(to)
      else if (typeof to === 'string') out += to
    }
    return out
  }),
])

strClass.attrs.set('maketrans', new PyWrapper(fn('maketrans(x, y=?, z=?)', (m, [x, y, z]) => {
  const table = new PyDict()
  if (isMissing(y)) {
    if (x instanceof PyDict) for (const [key, value] of m.dictEntries(x)) m.dictSet(table, typeof key === 'string' ? key.codePointAt(0)! : key, value)
    return table
  }
  const to = Array.from(text(y))
  Array.from(text(x)).forEach((point, i) => { m.dictSet(table, point.codePointAt(0)!, to[i]!.codePointAt(0)!) })
  if (!isMissing(z)) for (const point of text(z)) m.dictSet(table, point.codePointAt(0)!, null)
  return table
}), PyWrapper.staticmethod))

