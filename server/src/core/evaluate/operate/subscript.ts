/** `object[index]`, assignment and deletion; slices of every built-in sequence. */

import { SHUFFLED } from './set-order.ts'
import type { Interpreter } from '../run/frame.ts'
import { oneOf } from '../run/join.ts'
import { mixed } from '../run/mixed.ts'
import { NativeFunction, PartlyKnown, PyBytes, PyClass, PyDict, PyInstance, PyList, PyObject, PyRange, PySlice, PyTuple, Unknown, type Value } from '../value.ts'
import { itemOf } from './attributes.ts'
import { opaqueOf } from './opaque.ts'
import { keyOf } from './hash.ts'
import { smallInt, strOfBoxed } from './numbers.ts'

export function getItem(m: Interpreter, object: Value, index: Value): Value {
  if (object instanceof Unknown) return itemOf(m, object, index)
  if (object instanceof PyObject && object.cls.native === undefined && !(object instanceof PyClass)) {
    const own = m.lookup(object.cls, '__getitem__')
    if (own !== undefined && !(own instanceof NativeFunction)) return m.call(own, [object, index])
  }
  if (object instanceof PyDict) return dictItem(m, object, index)
  if (index instanceof Unknown) return object instanceof PyList || object instanceof PyTuple ? anyOf(m, object.items, index) : mixed(m, index, [object])
  if (object instanceof PyList || object instanceof PyTuple) {
    if (object.doubt !== undefined) return object.doubt
    if (object.isShuffled) return m.unknown(SHUFFLED)
    if (index instanceof PySlice) {
      const items = slice(m, object.items, index)
      if (items instanceof Unknown) return items
      m.allocate(items.length)
      return object instanceof PyList ? new PyList(items) : new PyTuple(items, object.cls.native?.slicesToItself === true ? object.cls : undefined)
    }
    return object.items[position(m, index, object.items.length, object instanceof PyList ? 'list' : 'tuple')]!
  }
  const text = strOfBoxed(object)
  if (text !== undefined) return textItem(m, text, index)
  if (object instanceof PyRange) {
    const { length } = object
    if (index instanceof PySlice) {
      const bounds = sliceBounds(m, index, length)
      if (bounds instanceof Unknown) return bounds
      return new PyRange(object.start + bounds.start * object.step, object.start + bounds.stop * object.step, object.step * bounds.step)
    }
    return object.start + object.step * position(m, index, length, 'range object')
  }
  if (object instanceof PyBytes) {
    if (index instanceof PySlice) {
      const data = slice(m, Array.from(object.data), index)
      return data instanceof Unknown ? data : new PyBytes(Uint8Array.from(data))
    }
    return object.data[position(m, index, object.data.length, 'bytes')]!
  }
  if (object instanceof PyClass) return classItem(m, object, index)
  const method = m.lookup(m.typeOf(object), '__getitem__')
  if (method !== undefined) return m.call(method, [object, index])
  const opaque = opaqueOf(object)
  if (opaque !== undefined) return opaque
  m.raise('TypeError', `'${m.typeOf(object).name}' object is not subscriptable`)
}

function classItem(m: Interpreter, cls: PyClass, index: Value): Value {
  const meta = m.lookup(cls.cls, '__getitem__')
  if (meta !== undefined) return m.call(meta, [cls, index])
  const generic = m.findAttribute(cls, '__class_getitem__')
  if (generic !== undefined) return m.call(generic, [index])
  // Subclasses of the built-in collections inherit their `__class_getitem__`.
  if (cls.native !== undefined || cls.mro.some((base) => base.native !== undefined && ['dict', 'list', 'tuple', 'set', 'frozenset', 'type'].includes(base.name))) return m.call(m.getAttribute(m.importModule('typing'), '_alias'), [cls, index])
  if (cls.opaque !== undefined) return cls.opaque
  m.raise('TypeError', `type '${cls.name}' is not subscriptable`)
}

/** One of these, nobody knows which. */
function anyOf(m: Interpreter, values: Iterable<Value>, why: Unknown): Unknown {
  return oneOf(m, [...values, why], why)
}

/** `dict[key]` without `__getitem__` overrides; `__missing__` of subclasses is asked. */
export function dictItem(m: Interpreter, dict: PyDict, index: Value): Value {
  if (index instanceof Unknown) return anyOf(m, dict.values.values(), index)
  const key = keyOf(m, index)
  if (key instanceof Unknown) return anyOf(m, dict.values.values(), key)
  const found = dict.values.get(key)
  if (found !== undefined) {
    if (dict.doubt !== undefined) m.doubtRead(dict.doubt)
    return found
  }
  if (dict.doubt !== undefined) return dict.doubt
  if (dict.cls.name !== 'dict') {
    const missing = m.lookup(dict.cls, '__missing__')
    if (missing !== undefined) return m.call(missing, [dict, index])
  }
  m.raiseKey(index)
}

function textItem(m: Interpreter, text: string, index: Value): Value {
  const isPlain = !SURROGATE.test(text)
  if (index instanceof PySlice) {
    if (isPlain && (index.step === null || index.step === 1)) {
      const bounds = sliceBounds(m, index, text.length)
      return bounds instanceof Unknown ? bounds : text.slice(bounds.start, Math.max(bounds.start, bounds.stop))
    }
    const points = slice(m, Array.from(text), index)
    return points instanceof Unknown ? points : points.join('')
  }
  if (isPlain) return text[position(m, index, text.length, 'string')]!
  const points = Array.from(text)
  return points[position(m, index, points.length, 'string')]!
}

const SURROGATE = /[\ud800-\udfff]/

/** Length in code points. */
export function textLength(text: string): number {
  return SURROGATE.test(text) ? Array.from(text).length : text.length
}

function indexOf(m: Interpreter, index: Value): number | undefined {
  const small = smallInt(index)
  if (small !== undefined) return small
  if (typeof index === 'bigint') return index < 0 ? -Infinity : Infinity
  if (index instanceof PyInstance) {
    const method = m.lookup(index.cls, '__index__')
    if (method !== undefined) return smallInt(m.call(method, [index]))
  }
  return undefined
}

function position(m: Interpreter, index: Value, length: number, what: string): number {
  const at = indexOf(m, index)
  if (at === undefined) m.raise('TypeError', what === 'string' ? `string indices must be integers, not '${m.typeOf(index).name}'` : `${what.replace(' object', '')} indices must be integers or slices, not ${m.typeOf(index).name}`)
  const real = at < 0 ? at + length : at
  if (!(real >= 0 && real < length)) m.raise('IndexError', what === 'bytes' ? 'index out of range' : `${what} index out of range`)
  return real
}

export interface SliceBounds { readonly start: number, readonly stop: number, readonly step: number }

/** `slice.indices(length)`. */
export function sliceBounds(m: Interpreter, index: PySlice, length: number): SliceBounds | Unknown {
  for (const part of [index.lower, index.upper, index.step]) if (part instanceof Unknown) return part
  const part = (value: Value): number | undefined => {
    if (value === null) return undefined
    const small = indexOf(m, value)
    if (small === undefined) m.raise('TypeError', 'slice indices must be integers or None or have an __index__ method')
    return small
  }
  const step = part(index.step) ?? 1
  if (step === 0) m.raise('ValueError', 'slice step cannot be zero')
  const clamp = (value: number | undefined, fallback: number): number => {
    if (value === undefined) return fallback
    const real = value < 0 ? value + length : value
    return step > 0 ? Math.min(Math.max(real, 0), length) : Math.min(Math.max(real, -1), length - 1)
  }
  return step > 0
    ? { start: clamp(part(index.lower), 0), stop: clamp(part(index.upper), length), step }
    : { start: clamp(part(index.lower), length - 1), stop: clamp(part(index.upper), -1), step }
}

function slice<T>(m: Interpreter, items: readonly T[], index: PySlice): T[] | Unknown {
  const bounds = sliceBounds(m, index, items.length)
  if (bounds instanceof Unknown) return bounds
  const { start, stop, step } = bounds
  if (step === 1) return items.slice(start, Math.max(start, stop))
  const found: T[] = []
  for (let i = start; step > 0 ? i < stop : i > stop; i += step) found.push(items[i]!)
  return found
}

export function setItem(m: Interpreter, object: Value, index: Value, value: Value): void {
  if (object instanceof Unknown) {
    if (object instanceof PartlyKnown) object.dropItem(index)
    m.changeUnknown(object, value)
    return
  }
  if (object instanceof PyObject && object.cls.native === undefined) {
    const own = m.lookup(object.cls, '__setitem__')
    if (own !== undefined && !(own instanceof NativeFunction)) { m.call(own, [object, index, value]); return }
  }
  if (object instanceof PyDict) {
    if (object.cls === m.mappingProxy) m.raise('TypeError', '\'mappingproxy\' object does not support item assignment')
    m.dictSet(object, index, value)
    return
  }
  if (object instanceof PyList) {
    if (index instanceof Unknown) { m.doubt(object, index); return }
    // Of a list in doubt nobody knows what is where, nor whether there is such a place.
    if (object.doubt !== undefined) { m.escape([value], object.doubt); return }
    m.touch(object)
    if (index instanceof PySlice) { setSlice(m, object, index, value); return }
    object.items[listPosition(m, index, object.items.length)] = value
    return
  }
  const method = m.lookup(m.typeOf(object), '__setitem__')
  if (method !== undefined) { m.call(method, [object, index, value]); return }
  if (opaqueOf(object) !== undefined) return
  m.raise('TypeError', `'${m.typeOf(object).name}' object does not support item assignment`)
}

function listPosition(m: Interpreter, index: Value, length: number): number {
  const at = indexOf(m, index)
  if (at === undefined) m.raise('TypeError', `list indices must be integers or slices, not ${m.typeOf(index).name}`)
  const real = at < 0 ? at + length : at
  if (!(real >= 0 && real < length)) m.raise('IndexError', 'list assignment index out of range')
  return real
}

function setSlice(m: Interpreter, list: PyList, index: PySlice, value: Value): void {
  const bounds = sliceBounds(m, index, list.items.length)
  const items = m.items(value)
  if (bounds instanceof Unknown || items instanceof Unknown) { m.doubt(list, bounds instanceof Unknown ? bounds : items as Unknown); return }
  const { start, stop, step } = bounds
  const added = [...items]
  if (step === 1) {
    const tail = list.items.slice(Math.max(start, stop))
    list.items = [...list.items.slice(0, start), ...added, ...tail]
    m.checkSize('items', list.items.length)
    return
  }
  const places: number[] = []
  for (let i = start; step > 0 ? i < stop : i > stop; i += step) places.push(i)
  if (places.length !== added.length) m.raise('ValueError', `attempt to assign sequence of size ${added.length} to extended slice of size ${places.length}`)
  places.forEach((place, i) => { list.items[place] = added[i]! })
}

export function deleteItem(m: Interpreter, object: Value, index: Value): void {
  if (object instanceof Unknown) { m.changeUnknown(object); return }
  if (object instanceof PyObject && object.cls.native === undefined) {
    const own = m.lookup(object.cls, '__delitem__')
    if (own !== undefined && !(own instanceof NativeFunction)) { m.call(own, [object, index]); return }
  }
  if (object instanceof PyDict) {
    if (object.cls === m.mappingProxy) m.raise('TypeError', '\'mappingproxy\' object does not support item deletion')
    if (index instanceof Unknown) { m.doubt(object, index); return }
    if (!m.dictDelete(object, index) && object.doubt === undefined) m.raiseKey(index)
    return
  }
  if (object instanceof PyList) {
    if (index instanceof Unknown) { m.doubt(object, index); return }
    if (object.doubt !== undefined) return
    m.touch(object)
    if (index instanceof PySlice) {
      const bounds = sliceBounds(m, index, object.items.length)
      if (bounds instanceof Unknown) { m.doubt(object, bounds); return }
      const gone = new Set<number>()
      for (let i = bounds.start; bounds.step > 0 ? i < bounds.stop : i > bounds.stop; i += bounds.step) gone.add(i)
      object.items = object.items.filter((_, i) => !gone.has(i))
      return
    }
    object.items.splice(listPosition(m, index, object.items.length), 1)
    return
  }
  const method = m.lookup(m.typeOf(object), '__delitem__')
  if (method !== undefined) { m.call(method, [object, index]); return }
  if (opaqueOf(object) !== undefined) return
  m.raise('TypeError', `'${m.typeOf(object).name}' object doesn't support item deletion`)
}

