/** Truth, equality, order, identity and containment. An Unknown operand makes the answer Unknown, never a guess. */

import type { CompareOperator } from '../../syntax/ast.ts'
import { NOT_IMPLEMENTED } from '../core-classes.ts'
import type { Interpreter } from '../run/frame.ts'
import { NativeFunction, PyBoxed, PyBytes, PyComplex, PyDict, PyFloat, PyInstance, PyIterator, PyList, PyMethod, PyObject, PyRange, PySet, PySlice, PyTuple, Unknown, type Value } from '../value.ts'
import { opaqueOf } from './opaque.ts'
import { keyOf } from './hash.ts'
import { iteratorOf, nextOf } from './iterate.ts'
import { type Int, intOf, realOf, strOfBoxed } from './numbers.ts'
import { isSubsetOf } from './subset.ts'

export type CompareName = CompareOperator

export function isTrue(m: Interpreter, value: Value): boolean | Unknown {
  switch (typeof value) {
    case 'boolean': return value
    case 'number': return value !== 0
    case 'bigint': return true
    case 'string': return value !== ''
    default:
  }
  if (value === null) return false
  if (value instanceof PyFloat) return value.value !== 0
  if (value instanceof Unknown) return value
  if (value.cls.native === undefined || value instanceof PyInstance) {
    const test = m.lookup(value.cls, '__bool__')
    if (test !== undefined) {
      const result = m.call(test, [value])
      return typeof result === 'boolean' ? result : isTrue(m, result)
    }
    if (value.cls.native === undefined) {
      const length = m.lookup(value.cls, '__len__')
      if (length !== undefined && !(length instanceof NativeFunction && value.cls.layout !== 'instance')) return isTrue(m, m.call(length, [value]))
    }
  }
  if (value instanceof PyList || value instanceof PyTuple) return value.doubt !== undefined && value.items.length === 0 ? value.doubt : value.items.length > 0
  if (value instanceof PyDict || value instanceof PySet) return value.doubt !== undefined && value.values.size === 0 ? value.doubt : value.values.size > 0
  if (value instanceof PyRange) return value.length > 0
  if (value instanceof PyBytes) return value.data.length > 0
  if (value instanceof PyBoxed) return isTrue(m, value.value)
  if (value instanceof PyComplex) return value.re !== 0 || value.im !== 0
  if (value instanceof PyInstance) {
    const length = m.lookup(value.cls, '__len__')
    if (length !== undefined) return isTrue(m, m.call(length, [value]))
    return opaqueOf(value) ?? true
  }
  return true
}

export function compareValues(m: Interpreter, name: CompareName, a: Value, b: Value): Value {
  switch (name) {
    case 'is':
    case 'is not': {
      const same = isSame(a, b)
      return same instanceof Unknown ? same : name === 'is' ? same : !same
    }
    case 'in': return contains(m, b, a)
    case 'not in': {
      const found = isTrue(m, contains(m, b, a))
      return found instanceof Unknown ? found : !found
    }
    case '==': return valuesEqual(m, a, b)
    case '!=': return valuesDiffer(m, a, b)
    default: return order(m, name, a, b)
  }
}

function isSame(a: Value, b: Value): boolean | Unknown {
  if (a instanceof Unknown) return a
  if (b instanceof Unknown) return b
  if (a === b) return true
  // CPython's singletons: the empty tuple is one object.
  return a instanceof PyTuple && b instanceof PyTuple && a.items.length === 0 && b.items.length === 0 && a.cls === b.cls
}

export function valuesEqual(m: Interpreter, a: Value, b: Value): Value {
  if (a instanceof Unknown) return a
  if (b instanceof Unknown) return b
  const plain = plainEqual(m, a, b)
  return plain !== undefined ? plain : specialCompare(m, '__eq__', '__eq__', a, b) ?? a === b
}

function valuesDiffer(m: Interpreter, a: Value, b: Value): Value {
  if (a instanceof Unknown) return a
  if (b instanceof Unknown) return b
  const own = specialCompare(m, '__ne__', '__ne__', a, b)
  if (own !== undefined) return own
  const equal = isTrue(m, valuesEqual(m, a, b))
  return equal instanceof Unknown ? equal : !equal
}

/** Equality as containers use it: identity counts. */
export function sameOrEqual(m: Interpreter, a: Value, b: Value): boolean | Unknown {
  if (a === b && !(a instanceof Unknown)) return true
  return isTrue(m, valuesEqual(m, a, b))
}

/** Equality of built-in values; `undefined` when a special method decides. */
function plainEqual(m: Interpreter, a: Value, b: Value): boolean | Unknown | undefined {
  if (typeof a === 'string' && typeof b === 'string') return a === b
  if (hasOwn(m, a, '__eq__') || hasOwn(m, b, '__eq__')) return undefined
  const x = intOf(a)
  const y = intOf(b)
  if (x !== undefined && y !== undefined) return x === y
  const r = realOf(a)
  const s = realOf(b)
  if (r !== undefined && s !== undefined) return compareReals(x ?? r, y ?? s) === 0
  const text = strOfBoxed(a)
  const other = strOfBoxed(b)
  if (text !== undefined && other !== undefined) return text === other
  if ((a instanceof PyTuple && b instanceof PyTuple) || (a instanceof PyList && b instanceof PyList)) {
    if (a.doubt !== undefined || b.doubt !== undefined) return a.doubt ?? b.doubt
    if (a.items.length !== b.items.length) return false
    return allEqual(m, a.items, b.items)
  }
  if (a instanceof PyDict && b instanceof PyDict) return dictsEqual(m, a, b)
  if (a instanceof PySet && b instanceof PySet) return a.doubt ?? b.doubt ?? (a.values.size === b.values.size && isSubsetOf(a, b))
  if (a instanceof PyBytes && b instanceof PyBytes) return a.data.length === b.data.length && a.data.every((byte, i) => byte === b.data[i])
  if (a instanceof PyRange && b instanceof PyRange) {
    const length = a.length
    return length === b.length && (length === 0 || (a.start === b.start && (length === 1 || a.step === b.step)))
  }
  if (a instanceof PyComplex || b instanceof PyComplex) {
    const p = a instanceof PyComplex ? a : new PyComplex(realOf(a) ?? Number.NaN, 0)
    const q = b instanceof PyComplex ? b : new PyComplex(realOf(b) ?? Number.NaN, 0)
    return p.re === q.re && p.im === q.im
  }
  if (a instanceof PySlice && b instanceof PySlice) return allEqual(m, [a.lower, a.upper, a.step], [b.lower, b.upper, b.step])
  if (a instanceof PyMethod && b instanceof PyMethod) return a.self === b.self && a.callee === b.callee
  if (a instanceof PyInstance || b instanceof PyInstance || comparesItself(m, a) || comparesItself(m, b)) return undefined
  return a === b
}

/** Built-in values whose class alone knows what they are equal to: views of dicts, among others. */
function comparesItself(m: Interpreter, value: Value): boolean {
  if (!(value instanceof PyObject) || value.cls.layout !== 'instance' || value instanceof PyBytes || value instanceof PyRange || value instanceof PySlice) return false
  const method = m.lookup(value.cls, '__eq__')
  return method !== undefined && !(method instanceof NativeFunction && method.isDefault)
}

function allEqual(m: Interpreter, a: readonly Value[], b: readonly Value[]): boolean | Unknown {
  let open: Unknown | undefined
  for (let i = 0; i < a.length; i++) {
    m.spend(1)
    const same = sameOrEqual(m, a[i]!, b[i]!)
    if (same instanceof Unknown) open ??= same
    else if (!same) return false
  }
  return open ?? true
}

function dictsEqual(m: Interpreter, a: PyDict, b: PyDict): boolean | Unknown {
  if (a.doubt !== undefined || b.doubt !== undefined) return (a.doubt ?? b.doubt)!
  if (a.values.size !== b.values.size) return false
  for (const [key, value] of a.values) {
    const other = b.values.get(key)
    if (other === undefined && !b.values.has(key)) return false
    const same = sameOrEqual(m, value, other!)
    if (same !== true) return same
  }
  return true
}

function hasOwn(m: Interpreter, value: Value, name: string): boolean {
  if (!(value instanceof PyObject) || value.cls.native !== undefined) return false
  const method = m.lookup(value.cls, name)
  return method !== undefined && !(method instanceof NativeFunction)
}

/** Compares an int exactly with a double. */
export function compareReals(a: Int, b: Int): number {
  if (typeof a === 'bigint' || typeof b === 'bigint') {
    // Relational operators of JS compare bigint and number by value.
    if (a < b) return -1
    if (a > b) return 1
    return Number.isNaN(Number(a)) || Number.isNaN(Number(b)) ? Number.NaN : 0
  }
  return a < b ? -1 : a > b ? 1 : a === b ? 0 : Number.NaN
}

const REFLECTED = { '<': '>', '<=': '>=', '>': '<', '>=': '<=' } as const
const METHOD = { '<': '__lt__', '<=': '__le__', '>': '__gt__', '>=': '__ge__' } as const
type OrderName = keyof typeof METHOD

function order(m: Interpreter, name: OrderName, a: Value, b: Value): Value {
  if (typeof a === 'number' && typeof b === 'number') return decide(name, a < b ? -1 : a > b ? 1 : 0)
  if (a instanceof Unknown) return a
  if (b instanceof Unknown) return b
  if (!hasOwn(m, a, METHOD[name]) && !hasOwn(m, b, METHOD[REFLECTED[name]])) {
    const result = plainOrder(m, name, a, b)
    if (result !== undefined) return result
  }
  const special = specialCompare(m, METHOD[name], METHOD[REFLECTED[name]], a, b)
  if (special !== undefined) return special
  const opaque = opaqueOf(a) ?? opaqueOf(b)
  if (opaque !== undefined) return opaque
  m.raise('TypeError', `'${name}' not supported between instances of '${m.typeOf(a).name}' and '${m.typeOf(b).name}'`)
}

function decide(name: OrderName, sign: number): boolean {
  return name === '<' ? sign < 0 : name === '<=' ? sign <= 0 : name === '>' ? sign > 0 : sign >= 0
}

/** Order of built-in values; `undefined` for pairs that have none. */
export function plainOrder(m: Interpreter, name: OrderName, a: Value, b: Value): Value | undefined {
  const x = intOf(a) ?? realOf(a)
  const y = intOf(b) ?? realOf(b)
  if (x !== undefined && y !== undefined) return decide(name, compareReals(x, y))
  const text = strOfBoxed(a)
  const other = strOfBoxed(b)
  if (text !== undefined && other !== undefined) return decide(name, compareText(text, other))
  if ((a instanceof PyTuple && b instanceof PyTuple) || (a instanceof PyList && b instanceof PyList)) {
    const shorter = Math.min(a.items.length, b.items.length)
    for (let i = 0; i < shorter; i++) {
      const same = sameOrEqual(m, a.items[i]!, b.items[i]!)
      if (same instanceof Unknown) return same
      if (!same) return order(m, name, a.items[i]!, b.items[i]!)
    }
    return decide(name, a.items.length - b.items.length)
  }
  if (a instanceof PySet && b instanceof PySet) {
    const [small, large] = name.startsWith('<') ? [a, b] : [b, a]
    return isSubsetOf(small, large) && (name.length === 2 || small.values.size < large.values.size)
  }
  if (a instanceof PyBytes && b instanceof PyBytes) {
    for (let i = 0; i < Math.min(a.data.length, b.data.length); i++) if (a.data[i] !== b.data[i]) return decide(name, a.data[i]! - b.data[i]!)
    return decide(name, a.data.length - b.data.length)
  }
  return undefined
}

/** Order by code point, which is not the order of UTF-16 units past the basic plane. */
export function compareText(a: string, b: string): number {
  if (a === b) return 0
  const shorter = Math.min(a.length, b.length)
  for (let i = 0; i < shorter; i++) {
    const x = a.charCodeAt(i)
    const y = b.charCodeAt(i)
    if (x !== y) {
      const isHighX = x >= 0xd800 && x <= 0xdfff
      const isHighY = y >= 0xd800 && y <= 0xdfff
      if (isHighX !== isHighY) return isHighX ? 1 : -1
      return x - y
    }
  }
  return a.length - b.length
}

/** A rich comparison by special methods; `undefined` when neither side implements it. */
function specialCompare(m: Interpreter, forward: string, backward: string, a: Value, b: Value): Value | undefined {
  const typeA = m.typeOf(a)
  const typeB = m.typeOf(b)
  const first = m.lookup(typeA, forward)
  const second = m.lookup(typeB, backward)
  const isSubclassFirst = typeA !== typeB && second !== undefined && m.isSubclass(typeB, typeA)
  if (isSubclassFirst && !(second instanceof NativeFunction && second.isDefault)) {
    const result = m.call(second, [b, a])
    if (result !== NOT_IMPLEMENTED) return result
  }
  if (first !== undefined && !(first instanceof NativeFunction && first.isDefault)) {
    const result = m.call(first, [a, b])
    if (result !== NOT_IMPLEMENTED) return result
  }
  if (second !== undefined && !isSubclassFirst && !(second instanceof NativeFunction && second.isDefault)) {
    const result = m.call(second, [b, a])
    if (result !== NOT_IMPLEMENTED) return result
  }
  return undefined
}

/** `item in container`. */
export function contains(m: Interpreter, container: Value, item: Value): Value {
  if (container instanceof Unknown) return container
  if (container instanceof PyObject && container.cls.native === undefined) {
    const method = m.lookup(container.cls, '__contains__')
    if (method !== undefined && !(method instanceof NativeFunction && container.cls.layout !== 'instance')) {
      const result = m.call(method, [container, item])
      return isTrue(m, result)
    }
  }
  const text = strOfBoxed(container)
  if (text !== undefined) {
    if (item instanceof Unknown) return item
    const part = strOfBoxed(item)
    if (part === undefined) m.raise('TypeError', `'in <string>' requires string as left operand, not ${m.typeOf(item).name}`)
    return text.includes(part)
  }
  if (container instanceof PyDict || container instanceof PySet) {
    if (item instanceof Unknown) return item
    const key = keyOf(m, item)
    if (key instanceof Unknown) return key
    return container.doubt ?? container.values.has(key)
  }
  if (container instanceof PyList || container instanceof PyTuple) {
    if (container.doubt !== undefined) return container.doubt
    let open: Unknown | undefined
    for (const one of container.items) {
      m.spend(1)
      const same = sameOrEqual(m, one, item)
      if (same instanceof Unknown) open ??= same
      else if (same) return true
    }
    return open ?? false
  }
  if (container instanceof PyRange) {
    const whole = intOf(item)
    if (whole !== undefined) {
      const at = (Number(whole) - container.start) / container.step
      return Number.isInteger(at) && at >= 0 && at < container.length
    }
  }
  if (container instanceof PyBytes) {
    const whole = intOf(item)
    if (whole !== undefined) return whole >= 0 && whole < 256 ? container.data.includes(Number(whole)) : m.raise('ValueError', 'byte must be in range(0, 256)')
    if (item instanceof PyBytes) return String.fromCharCode(...container.data).includes(String.fromCharCode(...item.data))
  }
  if (container instanceof PyInstance) {
    const method = m.lookup(container.cls, '__contains__')
    if (method !== undefined) return isTrue(m, m.call(method, [container, item]))
  }
  return searchIterator(m, container, item)
}

function searchIterator(m: Interpreter, container: Value, item: Value): Value {
  if (container instanceof PyObject && !(container instanceof PyIterator) && m.lookup(container.cls, '__iter__') === undefined && m.lookup(container.cls, '__getitem__') === undefined) {
    const opaque = opaqueOf(container)
    if (opaque !== undefined) return opaque
    m.raise('TypeError', `argument of type '${m.typeOf(container).name}' is not iterable`)
  }
  const iterator = iteratorOf(m, container)
  if (iterator instanceof Unknown) return iterator
  let open: Unknown | undefined
  for (let next = nextOf(m, iterator); next !== undefined; next = nextOf(m, iterator)) {
    m.spend(1)
    if (next instanceof Unknown) return next
    const same = sameOrEqual(m, next, item)
    if (same instanceof Unknown) open ??= same
    else if (same) return true
  }
  return open ?? false
}
