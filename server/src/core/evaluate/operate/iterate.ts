/** The iteration protocol. */

import { comesShuffled, isOrderOfTable, itemsInOrder } from './set-order.ts'
import type { Interpreter } from '../run/frame.ts'
import { PyGenerator } from '../run/frame.ts'
import { PyBytes, PyClass, PyDict, PyFunction, PyIterator, PyList, PyObject, PyRaise, PyRange, PySet, PyTuple, Unknown, type Value } from '../value.ts'
import { opaqueOf } from './opaque.ts'
import { strOfBoxed } from './numbers.ts'

/** `iter(value)`; Unknown for an Unknown. */
export function iteratorOf(m: Interpreter, value: Value): Value {
  if (value instanceof PyIterator || value instanceof PyGenerator || value instanceof Unknown) return value
  if (value instanceof PyObject && value.cls.native === undefined && value.cls.layout !== 'instance') {
    const own = m.lookup(value.cls, '__iter__')
    if (own !== undefined && own instanceof PyObject && own.cls.name === 'function') return m.call(own, [value])
  }
  if (value instanceof PyList) {
    if (value.doubt !== undefined) return value.doubt
    // Once at the end it stays there, also when the list grows.
    return shuffledLike(value, new PyIterator((_m, self) => {
      if (value.doubt !== undefined) return inDoubt(m, self, value.doubt)
      if (self.at < value.items.length) return value.items[self.at++]!
      self.at = Infinity
      return undefined
    }, 'list_iterator'))
  }
  if (value instanceof PyTuple) {
    return shuffledLike(value, new PyIterator((_m, self) => value.items[self.at++], 'tuple_iterator'))
  }
  if (value instanceof PyRange) {
    const { length } = value
    return new PyIterator((_m, self) => self.at < length ? value.start + value.step * self.at++ : undefined, 'range_iterator')
  }
  const text = strOfBoxed(value)
  if (text !== undefined) {
    const points = Array.from(text)
    return new PyIterator((_m, self) => points[self.at++], 'str_iterator')
  }
  if (value instanceof PyDict) return value.doubt ?? dictIterator(m, value, (key, k) => value.originals?.get(k) ?? key, 'dict_keyiterator')
  if (value instanceof PySet) {
    if (value.doubt !== undefined) return value.doubt
    if (isOrderOfTable(value)) return m.unknown('the order of a set of ints depends on how it was made')
    const { size } = value.values
    const next = walker(() => (itemsInOrder(value) ?? value.values.values())[Symbol.iterator]() as Iterator<Value>)
    return shuffledLike(value, new PyIterator((_m, self) => {
      if (value.doubt !== undefined) return inDoubt(m, self, value.doubt)
      if (value.values.size !== size) m.raise('RuntimeError', 'Set changed size during iteration')
      return next(self)
    }, 'set_iterator'))
  }
  if (value instanceof PyBytes) {
    return new PyIterator((_m, self) => value.data[self.at++], 'bytes_iterator')
  }
  const type = m.typeOf(value)
  const method = m.lookup(type, '__iter__')
  if (method !== undefined && method !== null) return m.call(method, [value])
  if (value instanceof PyObject && method !== null) {
    const getItem = m.lookup(type, '__getitem__')
    if (getItem !== undefined) return sequenceIterator(m, value, getItem)
    if (value instanceof PyClass && value.opaque !== undefined) return value.opaque
    const opaque = opaqueOf(value)
    if (opaque !== undefined) return opaque
  }
  m.raise('TypeError', `'${type.name}' object is not iterable`)
}

/** An iterator over a value hands out what the value holds, in its order. */
function shuffledLike(value: Value, iterator: PyIterator): PyIterator {
  if (comesShuffled(value)) iterator.isShuffled = true
  return iterator
}

/** What is iterated came into doubt: so does how far this has come. */
function inDoubt(m: Interpreter, iterator: PyIterator, doubt: Unknown): Unknown {
  m.touch(iterator)
  iterator.doubt = doubt
  return doubt
}

/** Walks a JS Map by position: an iterator that was put back starts over and skips. */
function walker<T>(start: () => Iterator<T>): (self: PyIterator) => T | undefined {
  let items = start()
  let at = 0
  return (self) => {
    if (self.at !== at) {
      items = start()
      for (at = 0; at < self.at; at++) items.next()
    }
    const next = items.next()
    if (next.done === true) return undefined
    at = ++self.at
    return next.value
  }
}

/** Whether an Unknown that an iterator gave says that nothing more is known about what it gives. */
export function isBroken(iterator: Value): boolean {
  return iterator instanceof Unknown || (iterator instanceof PyGenerator ? iterator.broken !== undefined : iterator instanceof PyIterator && iterator.doubt !== undefined)
}

/** Iterates a dict, noticing changes of its size as CPython does. */
export function dictIterator(m: Interpreter, dict: PyDict, pick: (value: Value, key: never) => Value, typeName: string): PyIterator {
  const { size } = dict.values
  const walk = walker(() => dict.values.entries())
  return new PyIterator((_m, self) => {
    if (dict.doubt !== undefined) return inDoubt(m, self, dict.doubt)
    if (dict.values.size !== size) m.raise('RuntimeError', 'dictionary changed size during iteration')
    const next = walk(self)
    if (next === undefined) return undefined
    return pick(typeName === 'dict_keyiterator' ? next[0] as Value : next[1], next[0] as never)
  }, typeName)
}

function sequenceIterator(m: Interpreter, value: PyObject, getItem: Value): PyIterator {
  return new PyIterator((_m, self) => {
    try {
      return m.call(getItem, [value, self.at++])
    } catch (error) {
      if (error instanceof PyRaise && m.isInstance(error.exception, m.exceptionClasses.get('IndexError')!)) return undefined
      throw error
    }
  })
}

/** The next value, `undefined` at the end. */
export function nextOf(m: Interpreter, iterator: Value): Value | undefined {
  if (iterator instanceof PyIterator) return iterator.advance(m)
  if (iterator instanceof PyGenerator) return m.resume(iterator, null)
  if (iterator instanceof Unknown) return iterator
  const method = m.lookup(m.typeOf(iterator), '__next__')
  if (method === undefined) m.raise('TypeError', `'${m.typeOf(iterator).name}' object is not an iterator`)
  const inner = innerIterator(iterator, method)
  if (inner !== undefined) return nextOf(m, inner)
  try {
    return m.call(method, [iterator])
  } catch (error) {
    if (error instanceof PyRaise && m.isInstance(error.exception, m.exceptionClasses.get('StopIteration')!)) return undefined
    throw error
  }
}

/** The generator or iterator that an iterator of our own itertools asks, and does nothing else. */
function innerIterator(iterator: Value, method: Value): Value | undefined {
  if (!(method instanceof PyFunction) || method.qualname !== '_Iterator.__next__' || method.code.origin.file !== '<itertools>' || !(iterator instanceof PyObject)) return undefined
  const inner = iterator.attrs?.get('_it')
  return inner instanceof PyIterator || inner instanceof PyGenerator ? inner : undefined
}

/** All items (at most `atMost`), or the Unknown that keeps us from knowing them. */
export function itemsOf(m: Interpreter, value: Value, atMost = Infinity): readonly Value[] | Unknown {
  if (value instanceof PyTuple && (value.cls.native !== undefined || m.lookup(value.cls, '__iter__')?.constructor.name === 'NativeFunction')) return value.items
  if (value instanceof PyList && value.cls.native !== undefined) return value.doubt ?? value.items
  // Whoever asks for all items of a set at once keeps in mind that their order may not be known.
  if (value instanceof PySet && value.cls.native !== undefined && isOrderOfTable(value)) return value.doubt ?? [...value.values.values()]
  const iterator = iteratorOf(m, value)
  if (iterator instanceof Unknown) return iterator
  const items: Value[] = []
  while (items.length < atMost) {
    const next = nextOf(m, iterator)
    if (next === undefined) break
    if (next instanceof Unknown && isBroken(iterator)) return next
    m.spend(1)
    items.push(next)
    if (items.length > m.limits.items) m.checkSize('items', items.length)
  }
  m.allocate(items.length)
  return items
}
