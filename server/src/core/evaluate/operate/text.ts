/** `str` and `repr`. */

import { itemsInOrder, SHUFFLED } from './set-order.ts'
import { ELLIPSIS, NOT_IMPLEMENTED } from '../core-classes.ts'
import { PyGenerator, type Interpreter } from '../run/frame.ts'
import {
  NativeFunction, PyBoxed, PyBytes, PyClass, PyComplex, PyDict, PyFloat, PyFunction, PyInstance, PyIterator, PyList, PyMethod, PyModule, PyObject, PyRange, PySet, PySlice, PyTuple, Unknown,
  type Value,
} from '../value.ts'
import { identityOf } from './hash.ts'
import { complexRepr, floatRepr } from './numbers.ts'

export function strOf(m: Interpreter, value: Value): string | Unknown {
  if (typeof value === 'string') return value
  if (value instanceof PyObject && !(value instanceof Unknown)) {
    const method = m.lookup(value.cls, '__str__')
    if (method !== undefined && !(method instanceof NativeFunction && method.isDefault)) return textResult(m, m.call(method, [value]), '__str__')
    if (value instanceof PyBoxed && typeof value.value === 'string' && !isCustom(m.lookup(value.cls, '__repr__'))) return value.value
    if (value instanceof PyBoxed && !isCustom(m.lookup(value.cls, '__repr__'))) return strOf(m, value.value)
  }
  return reprOf(m, value)
}

function isCustom(method: Value | undefined): boolean {
  return method !== undefined && !(method instanceof NativeFunction)
}

function textResult(m: Interpreter, result: Value, name: string): string | Unknown {
  if (typeof result === 'string' || result instanceof Unknown) return result
  if (result instanceof PyBoxed && typeof result.value === 'string') return result.value
  m.raise('TypeError', `${name} returned non-string (type ${m.typeOf(result).name})`)
}

/** Containers being printed right now: a container within itself prints as `[...]`. */
const open = new Set<PyObject>()
const MAX_REPR_DEPTH = 60

export function reprOf(m: Interpreter, value: Value): string | Unknown {
  switch (typeof value) {
    case 'string': return quoted(value)
    case 'number':
    case 'bigint': return value.toString()
    case 'boolean': return value ? 'True' : 'False'
    default:
  }
  if (value === null) return 'None'
  if (value instanceof PyFloat) return floatRepr(value.value)
  if (value instanceof Unknown) return value
  const method = m.lookup(value.cls, '__repr__')
  if (method !== undefined && !(method instanceof NativeFunction && method.isDefault)) return textResult(m, m.call(method, [value]), '__repr__')
  return plainRepr(m, value)
}

/** `object.__repr__` and the built-in types' own. */
export function plainRepr(m: Interpreter, value: PyObject): string | Unknown {
  if (value instanceof PyList || value instanceof PyTuple || value instanceof PyDict || value instanceof PySet) return containerRepr(m, value)
  if (value instanceof PyBoxed) return reprOf(m, value.value)
  if (value instanceof PyBytes) return bytesRepr(value.data)
  if (value instanceof PyComplex) return complexRepr(value)
  if (value instanceof PyRange) return value.step === 1 ? `range(${value.start}, ${value.stop})` : `range(${value.start}, ${value.stop}, ${value.step})`
  if (value instanceof PySlice) return joined(m, [value.lower, value.upper, value.step], 'slice(', ')')
  if (value === ELLIPSIS) return 'Ellipsis'
  if (value === NOT_IMPLEMENTED) return 'NotImplemented'
  if (value instanceof PyClass) return `<class '${className(value)}'>`
  if (value instanceof PyModule) return value.file === undefined ? `<module '${value.name}' (built-in)>` : `<module '${value.name}' from '${value.file}'>`
  if (value instanceof PyFunction) return `<function ${value.qualname} at ${address(value)}>`
  if (value instanceof NativeFunction) return `<built-in function ${value.name}>`
  if (value instanceof PyMethod) {
    const self = reprOf(m, value.self)
    const name = value.callee instanceof PyFunction ? value.callee.qualname : value.callee instanceof NativeFunction ? value.callee.name : 'method'
    return self instanceof Unknown ? self : `<bound method ${name} of ${self}>`
  }
  if (value instanceof PyGenerator) return `<generator object ${value.frame.code.qualname} at ${address(value)}>`
  if (value instanceof PyIterator) return `<${value.typeName} object at ${address(value)}>`
  if (value instanceof PyInstance && m.isSubclass(value.cls, m.exceptionClasses.get('BaseException')!)) {
    const args = value.attrs!.get('args')
    if (!(args instanceof PyTuple)) return `${value.cls.name}()`
    return joined(m, args.items, `${value.cls.name}(`, ')')
  }
  return `<${className(value.cls)} object at ${address(value)}>`
}

/** Not a real address: the same object prints the same, different objects differ. */
function address(value: object): string {
  return `0x7f${(identityOf(value) * 16).toString(16).padStart(10, '0')}`
}

export function className(cls: PyClass): string {
  const module = cls.attrs.get('__module__')
  const name = cls.attrs.get('__qualname__')
  const own = typeof name === 'string' ? name : cls.name
  return typeof module === 'string' && module !== 'builtins' ? `${module}.${own}` : own
}

function joined(m: Interpreter, items: readonly Value[], before: string, after: string): string | Unknown {
  let text = before
  for (const [i, item] of items.entries()) {
    const part = reprOf(m, item)
    if (part instanceof Unknown) return part
    text += i === 0 ? part : `, ${part}`
  }
  m.checkSize('characters', text.length)
  return text + after
}

function containerRepr(m: Interpreter, value: PyList | PyTuple | PyDict | PySet): string | Unknown {
  if (value.doubt !== undefined) return value.doubt
  const { cls } = value
  if (open.has(value)) return value instanceof PyList ? '[...]' : value instanceof PyDict ? '{...}' : '(...)'
  if (open.size >= MAX_REPR_DEPTH) return m.unknown('nested too deeply to print')
  open.add(value)
  try {
    m.spend(1)
    if ((value instanceof PyList || value instanceof PyTuple) && value.isShuffled) return m.unknown(SHUFFLED)
    if (value instanceof PyList) return joined(m, value.items, '[', ']')
    if (value instanceof PyTuple) return joined(m, value.items, '(', value.items.length === 1 ? ',)' : ')')
    if (value instanceof PySet) {
      const isFrozen = m.isSubclass(cls, PySet.frozen)
      const name = cls.name === 'set' ? '' : cls.name
      if (value.values.size === 0) return isFrozen || name !== '' ? `${cls.name}()` : 'set()'
      const items = itemsInOrder(value)
      if (items === undefined) return m.unknown(SHUFFLED)
      return name === '' ? joined(m, items, '{', '}') : joined(m, items, `${name}({`, '})')
    }
    let text = '{'
    let isFirst = true
    for (const [key, item] of m.dictEntries(value)) {
      const left = reprOf(m, key)
      const right = reprOf(m, item)
      if (left instanceof Unknown) return left
      if (right instanceof Unknown) return right
      text += `${isFirst ? '' : ', '}${left}: ${right}`
      isFirst = false
      m.checkSize('characters', text.length)
    }
    return cls === m.mappingProxy ? `mappingproxy(${text}})` : `${text}}`
  } finally {
    open.delete(value)
  }
}

/** A str's repr: single quotes unless only those occur inside. */
export function quoted(text: string): string {
  const quote = text.includes('\'') && !text.includes('"') ? '"' : '\''
  let out = quote
  for (const point of text) out += escaped(point, quote)
  return out + quote
}

function escaped(point: string, quote: string): string {
  if (point === quote || point === '\\') return `\\${point}`
  if (point === '\n') return '\\n'
  if (point === '\r') return '\\r'
  if (point === '\t') return '\\t'
  if (point >= ' ' && point <= '~') return point
  const code = point.codePointAt(0)!
  // What CPython calls not printable: other, and separators but the space.
  if (code < 0x7f || /[\p{C}\p{Z}]/u.test(point)) {
    if (code <= 0xff) return `\\x${code.toString(16).padStart(2, '0')}`
    return code <= 0xffff ? `\\u${code.toString(16).padStart(4, '0')}` : `\\U${code.toString(16).padStart(8, '0')}`
  }
  return point
}

/** `ascii(text)` of a repr. */
export function asciiOf(text: string): string {
  let out = ''
  for (const point of text) {
    const code = point.codePointAt(0)!
    out += code < 0x80 ? point : code <= 0xff ? `\\x${code.toString(16)}` : code <= 0xffff ? `\\u${code.toString(16).padStart(4, '0')}` : `\\U${code.toString(16).padStart(8, '0')}`
  }
  return out
}

function bytesRepr(data: Uint8Array): string {
  const text = String.fromCharCode(...data.subarray(0, 100_000))
  const quote = text.includes('\'') && !text.includes('"') ? '"' : '\''
  let out = `b${quote}`
  for (const unit of text) {
    const code = unit.charCodeAt(0)
    if (unit === quote || unit === '\\') out += `\\${unit}`
    else if (unit === '\n') out += '\\n'
    else if (unit === '\r') out += '\\r'
    else if (unit === '\t') out += '\\t'
    else out += code >= 32 && code < 127 ? unit : `\\x${code.toString(16).padStart(2, '0')}`
  }
  return out + quote
}
