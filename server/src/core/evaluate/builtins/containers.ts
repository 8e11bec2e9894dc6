/** list, tuple, dict, set, frozenset and range. */

import { comesShuffled, itemsInOrder, shuffledAs, SHUFFLED } from '../operate/set-order.ts'
import { addMethods, arrayOf, defaultMethod, needInt } from './define.ts'
import { dictClass, frozensetClass, listClass, mappingProxyClass, NOT_IMPLEMENTED, rangeClass, setClass, tupleClass } from '../core-classes.ts'
import { fn, method, property, pureMethod } from '../native.ts'
import { binaryOperation, inplaceOperation } from '../operate/arithmetic.ts'
import { setOperation } from '../operate/collections.ts'
import { contains } from '../operate/compare.ts'
import { keyOf } from '../operate/hash.ts'
import { dictIterator, iteratorOf } from '../operate/iterate.ts'
import { isSubsetOf } from '../operate/subset.ts'
import { deleteItem, dictItem, getItem, setItem } from '../operate/subscript.ts'
import { plainRepr } from '../operate/text.ts'
import { withAttributes } from '../run/call.ts'
import type { Interpreter } from '../run/frame.ts'
import { type DictKey, isMissing, type Machine, PyClass, PyDict, PyIterator, PyList, PyObject, PyRaise, PyRange, PySet, PyTuple, PyWrapper, Unknown, type Value } from '../value.ts'
import { sortItems } from './sort.ts'

const vm = (m: Machine): Interpreter => m as Interpreter
const asList = (value: Value): PyList => value as PyList
const asDict = (value: Value): PyDict => value as PyDict
const asSet = (value: Value): PySet => value as PySet

/** The methods every container has by protocol; each works past a subclass's overrides. */
for (const cls of [listClass, tupleClass, dictClass, setClass, frozensetClass, rangeClass]) {
  addMethods(cls, [
    defaultMethod('__len__(self)', (_m, [self]) => self instanceof PyList || self instanceof PyTuple ? self.doubt ?? self.items.length : self instanceof PyRange ? self.length : asDict(self).doubt ?? asDict(self).values.size),
    method('__iter__(self)', (m, [self]) => plainIterator(vm(m), self)),
    method('__contains__(self, item)', (m, [self, item]) => contains(vm(m), asPlain(self), item)),
    defaultMethod('__repr__(self)', (m, [self]) => plainRepr(vm(m), self as PyObject)),
    defaultMethod('__str__(self)', (m, [self]) => m.repr(self)),
  ])
}
for (const cls of [listClass, dictClass, setClass]) cls.attrs.set('__hash__', null)
for (const cls of [listClass, tupleClass, rangeClass]) addMethods(cls, [method('__getitem__(self, index)', (m, [self, index]) => getItem(vm(m), asPlain(self), index))])
for (const cls of [listClass, tupleClass]) {
  addMethods(cls, [
    defaultMethod('__add__(self, other)', (m, [self, other]) => (self instanceof PyList ? other instanceof PyList : other instanceof PyTuple) ? binaryOperation(vm(m), '+', asPlain(self), asPlain(other)) : NOT_IMPLEMENTED),
    defaultMethod('__mul__(self, other)', (m, [self, other]) => typeof other === 'number' ? binaryOperation(vm(m), '*', asPlain(self), other) : NOT_IMPLEMENTED),
    method('count(self, value)', (m, [self, value]) => {
      let count = 0
      for (const item of asList(self).items) {
        const same = m.equals(item, value)
        if (same instanceof Unknown) return same
        if (same) count++
      }
      return count
    }),
    method('index(self, value, start=0, stop=None)', (m, [self, value, start, stop]) => {
      const { items, doubt } = asList(self)
      if (doubt !== undefined) return doubt
      const at = (index: number): number => index < 0 ? Math.max(0, index + items.length) : index
      const end = stop === null ? items.length : Math.min(items.length, at(needInt(m, stop)))
      for (let i = at(needInt(m, start)); i < end; i++) {
        const same = m.equals(items[i]!, value)
        if (same instanceof Unknown) return same
        if (same) return i
      }
      const shown = m.repr(value)
      return m.raise('ValueError', self instanceof PyTuple ? 'tuple.index(x): x not in tuple' : `${typeof shown === 'string' ? shown : 'value'} is not in list`)
    }),
  ])
}

/** The same content as a plain list, dict ...: shared storage, without the subclass. */
function asPlain(value: Value): Value {
  if (!(value instanceof PyObject) || value.cls.native !== undefined) return value
  if (value instanceof PyList) { const plain = new PyList(value.items); plain.doubt = value.doubt; return plain }
  if (value instanceof PyTuple) return new PyTuple(value.items)
  if (value instanceof PyDict) { const plain = new PyDict(value.values, dictClass, value); plain.originals = value.originals; plain.doubt = value.doubt; return plain }
  if (value instanceof PySet) { const plain = new PySet(value.values, frozensetClass); plain.doubt = value.doubt; return plain }
  return value
}

function plainIterator(m: Interpreter, value: Value): Value {
  return iteratorOf(m, asPlain(value))
}

// ---------------------------------------------------------------------------------------------- list and tuple

listClass.attrs.set('__new__', new PyWrapper(fn('__new__(cls, /, *args, **kwargs)', (_m, [cls]) => cls === listClass ? new PyList([]) : withAttributes(new PyList([], cls as PyClass))), PyWrapper.staticmethod))
tupleClass.attrs.set('__new__', new PyWrapper(fn('__new__(cls, iterable=?)', (m, [cls, iterable]) => {
  const items = isMissing(iterable) ? [] : arrayOf(m, iterable)
  if (items instanceof Unknown) return items
  const tuple = cls === tupleClass ? new PyTuple(items) : withAttributes(new PyTuple(items, cls as PyClass))
  return isMissing(iterable) ? tuple : shuffledAs(tuple, iterable!)
}), PyWrapper.staticmethod))

addMethods(listClass, [
  method('__init__(self, iterable=?)', (m, [self, iterable]) => {
    const items = isMissing(iterable) ? [] : arrayOf(m, iterable)
    m.touch(asList(self))
    if (items instanceof Unknown) m.doubt(asList(self), items)
    else asList(self).items = items
    asList(self).isShuffled = comesShuffled(iterable)
    return null
  }),
  method('__setitem__(self, index, value)', (m, [self, index, value]) => { listWrite(m, self, (plain) => { setItem(vm(m), plain, index, value) }); return null }),
  method('__delitem__(self, index)', (m, [self, index]) => { listWrite(m, self, (plain) => { deleteItem(vm(m), plain, index) }); return null }),
  defaultMethod('__iadd__(self, other)', (m, [self, other]) => { listWrite(m, self, (plain) => { inplaceOperation(vm(m), '+', plain, other) }); return self }),
  method('append(self, value)', (m, [self, value]) => {
    m.touch(asList(self))
    vm(m).allocate(1)
    if (asList(self).items.push(value) > vm(m).limits.items) vm(m).checkSize('items', asList(self).items.length)
    return null
  }),
  method('extend(self, iterable)', (m, [self, iterable]) => {
    const items = arrayOf(m, iterable)
    if (items instanceof Unknown) { m.doubt(asList(self), items); return null }
    m.touch(asList(self))
    vm(m).checkSize('items', asList(self).items.length + items.length)
    for (const item of items) asList(self).items.push(item)
    if (comesShuffled(iterable)) asList(self).isShuffled = true
    return null
  }),
  method('insert(self, index, value)', (m, [self, index, value]) => {
    if (index instanceof Unknown) { m.doubt(asList(self), index); return null }
    m.touch(asList(self))
    asList(self).items.splice(needInt(m, index), 0, value)
    return null
  }),
  method('pop(self, index=-1)', (m, [self, index]) => {
    const { items, doubt } = asList(self)
    if (index instanceof Unknown) { m.doubt(asList(self), index); return index }
    if (doubt !== undefined) return doubt
    if (items.length === 0) m.raise('IndexError', 'pop from empty list')
    const at = needInt(m, index)
    const real = at < 0 ? at + items.length : at
    if (!(real >= 0 && real < items.length)) m.raise('IndexError', 'pop index out of range')
    m.touch(asList(self))
    return asList(self).items.splice(real, 1)[0]!
  }),
  method('remove(self, value)', (m, [self, value]) => {
    const { items } = asList(self)
    for (let i = 0; i < items.length; i++) {
      const same = m.equals(items[i]!, value)
      if (same instanceof Unknown) { m.doubt(asList(self), same); return null }
      if (same) { m.touch(asList(self)); items.splice(i, 1); return null }
    }
    if (asList(self).doubt !== undefined) return null
    return m.raise('ValueError', 'list.remove(x): x not in list')
  }),
  method('clear(self)', (m, [self]) => { m.touch(asList(self)); asList(self).items = []; asList(self).doubt = undefined; asList(self).isShuffled = false; return null }),
  method('copy(self)', (_m, [self]) => { const made = shuffledAs(new PyList([...asList(self).items]), asList(self)); made.doubt = asList(self).doubt; return made }),
  method('reverse(self)', (m, [self]) => { m.touch(asList(self)); asList(self).items.reverse(); return null }),
  method('sort(self, *, key=None, reverse=False)', (m, [self, key, reverse]) => {
    const direction = m.truth(reverse)
    if (direction instanceof Unknown) { m.escape([self], direction); return null }
    const list = asList(self)
    const { items } = list
    let sorted: ReturnType<typeof sortItems>
    let hasTies = false
    m.touch(list)
    // While it is being sorted the list is empty to whoever looks.
    list.items = []
    try {
      sorted = sortItems(vm(m), items, key, direction, list.isShuffled ? () => { hasTies = true } : undefined)
      if (list.items.length > 0) m.raise('ValueError', 'list modified during sort')
      list.items = items
    } catch (error) {
      list.items = items
      // How far CPython had come depends on its own way of sorting.
      if (error instanceof PyRaise && items.length > 1) m.doubt(list, m.unknown('the list was being sorted when an exception was raised'))
      throw error
    }
    if (sorted instanceof Unknown) { m.escape([self], sorted); return null }
    m.touch(asList(self))
    asList(self).items = sorted
    asList(self).isShuffled = hasTies
    return null
  }),
  method('__reversed__(self)', (_m, [self]) => { const { doubt, items: { length } } = asList(self); return doubt ?? new PyIterator((_machine, it) => it.at < length ? asList(self).items[length - ++it.at] : undefined, 'list_reverseiterator') }),
])

/** Runs a write on a plain list that shares nothing, then takes its items over. */
function listWrite(m: Machine, self: Value, work: (plain: PyList) => void): void {
  const list = asList(self)
  m.touch(list)
  const plain = new PyList(list.items)
  work(plain)
  list.items = plain.items
  list.doubt ??= plain.doubt
}

// ---------------------------------------------------------------------------------------------- dict

dictClass.attrs.set('__new__', new PyWrapper(fn('__new__(cls, /, *args, **kwargs)', (_m, [cls]) => cls === dictClass ? new PyDict() : withAttributes(new PyDict(new Map(), cls as PyClass))), PyWrapper.staticmethod))

export function updateDict(m: Machine, dict: PyDict, source: Value, keywords: Value): void {
  if (!isMissing(source)) {
    if (source instanceof Unknown) m.doubt(dict, source)
    else if (source instanceof PyDict && source.cls.native !== undefined) {
      if (source.doubt !== undefined) m.doubt(dict, source.doubt)
      for (const [key, value] of m.dictEntries(source)) m.dictSet(dict, key, value)
    } else {
      const keys = m.findAttribute(source, 'keys')
      if (keys !== undefined) {
        const names = m.items(m.call(keys))
        if (names instanceof Unknown) m.doubt(dict, names)
        else for (const key of names) m.dictSet(dict, key, m.getItem(source, key))
      } else {
        const pairs = m.items(source)
        if (pairs instanceof Unknown) { m.doubt(dict, pairs); return }
        for (const [i, pair] of pairs.entries()) {
          const parts = m.items(pair)
          if (parts instanceof Unknown) { m.doubt(dict, parts); continue }
          if (parts.length !== 2) m.raise('ValueError', `dictionary update sequence element #${i} has length ${parts.length}; 2 is required`)
          m.dictSet(dict, parts[0]!, parts[1]!)
        }
      }
    }
  }
  for (const [key, value] of m.dictEntries(keywords as PyDict)) m.dictSet(dict, key, value)
}

function found(m: Machine, dict: PyDict, key: Value): Value | undefined {
  if (key instanceof Unknown) return key
  const value = m.dictGet(dict, key)
  return value !== undefined ? value : dict.doubt
}

addMethods(dictClass, [
  method('__init__(self, source=?, /, **kwargs)', (m, [self, source, kwargs]) => { updateDict(m, asDict(self), source, kwargs); return null }),
  method('__getitem__(self, key)', (m, [self, key]) => dictItem(vm(m), asDict(self), key)),
  method('__setitem__(self, key, value)', (m, [self, key, value]) => { m.dictSet(asDict(self), key, value); return null }),
  method('__delitem__(self, key)', (m, [self, key]) => {
    if (key instanceof Unknown) { m.doubt(asDict(self), key); return null }
    if (!m.dictDelete(asDict(self), key) && asDict(self).doubt === undefined) vm(m).raiseKey(key)
    return null
  }),
  method('get(self, key, default=None)', (m, [self, key, fallback]) => { const value = found(m, asDict(self), key); return value === undefined ? fallback : value }),
  method('setdefault(self, key, default=None)', (m, [self, key, fallback]) => {
    const value = found(m, asDict(self), key)
    if (value !== undefined) return value
    m.dictSet(asDict(self), key, fallback)
    return fallback
  }),
  method('pop(self, key, default=?)', (m, [self, key, fallback]) => {
    const value = found(m, asDict(self), key)
    if (value === undefined) return isMissing(fallback) ? vm(m).raiseKey(key) : fallback
    if (key instanceof Unknown) m.doubt(asDict(self), key)
    else m.dictDelete(asDict(self), key)
    return value
  }),
  method('popitem(self)', (m, [self]) => {
    if (asDict(self).doubt !== undefined) return asDict(self).doubt!
    const last = m.dictEntries(asDict(self)).at(-1)
    if (last === undefined) return m.raise('KeyError', 'popitem(): dictionary is empty')
    m.dictDelete(asDict(self), last[0])
    return new PyTuple(last)
  }),
  method('update(self, source=?, /, **kwargs)', (m, [self, source, kwargs]) => {
    if (asDict(self).cls.native !== undefined) updateDict(m, asDict(self), source, kwargs)
    else updateDict(m, asDict(self), source, kwargs)
    return null
  }),
  method('clear(self)', (m, [self]) => { m.touch(asDict(self).owner ?? asDict(self)); asDict(self).values.clear(); asDict(self).originals?.clear(); return null }),
  method('copy(self)', (m, [self]) => {
    const made = new PyDict()
    for (const [key, value] of m.dictEntries(asDict(self))) m.dictSet(made, key, value)
    made.doubt = asDict(self).doubt
    return made
  }),
  method('keys(self)', (m, [self]) => view(m, asDict(self), 'dict_keys')),
  method('values(self)', (m, [self]) => view(m, asDict(self), 'dict_values')),
  method('items(self)', (m, [self]) => view(m, asDict(self), 'dict_items')),
  method('__reversed__(self)', (m, [self]) => { const keys = m.dictEntries(asDict(self)).map(([key]) => key).reverse(); return asDict(self).doubt ?? new PyIterator((_machine, it) => keys[it.at++], 'dict_reversekeyiterator') }),
  defaultMethod('__or__(self, other)', (m, [self, other]) => other instanceof PyDict ? binaryOperation(vm(m), '|', self, other) : NOT_IMPLEMENTED),
])
dictClass.attrs.set('fromkeys', new PyWrapper(fn('fromkeys(cls, keys, value=None)', (m, [cls, keys, value]) => {
  const made = m.call(cls)
  const items = m.items(keys)
  if (items instanceof Unknown) return items
  for (const key of items) m.setItem(made, key, value)
  return made
}), PyWrapper.classmethod))

// A mapping proxy reads as the dict it stands for, and changes nothing.
for (const name of ['update', 'setdefault', 'pop', 'popitem', 'clear', 'fromkeys']) {
  mappingProxyClass.attrs.set(name, property((m) => m.raise('AttributeError', `'mappingproxy' object has no attribute '${name}'`)))
}
addMethods(mappingProxyClass, [
  method('__str__(self)', (m, [self]) => {
    const plain = new PyDict(asDict(self).values, dictClass, asDict(self))
    plain.originals = asDict(self).originals
    plain.doubt = asDict(self).doubt
    return m.repr(plain)
  }),
  method('__setitem__(self, key, value)', (m) => m.raise('TypeError', '\'mappingproxy\' object does not support item assignment')),
  method('__delitem__(self, key)', (m) => m.raise('TypeError', '\'mappingproxy\' object does not support item deletion')),
  method('__ior__(self, other)', (m) => m.raise('TypeError', '\'|=\' is not supported by mappingproxy; use \'|\' instead')),
])

type ViewKind = 'dict_keys' | 'dict_values' | 'dict_items'

/** A live view of a dict: a set of its keys where Python makes it one. */
class PyView extends PyObject {
  readonly dict: PyDict
  readonly kind: ViewKind
  constructor(dict: PyDict, kind: ViewKind) {
    super(viewClasses[kind])
    this.dict = dict
    this.kind = kind
  }
}

function makeViewClass(name: ViewKind): PyClass {
  const cls = new PyClass(name, tupleClass.bases, new Map<string, Value>([['__module__', 'builtins'], ['__qualname__', name]]), tupleClass.cls, { native: {} })
  cls.mro = [cls, ...tupleClass.bases]
  return cls
}

const viewClasses: Record<ViewKind, PyClass> = { dict_keys: makeViewClass('dict_keys'), dict_values: makeViewClass('dict_values'), dict_items: makeViewClass('dict_items') }

function view(_m: Machine, dict: PyDict, kind: ViewKind): Value {
  return dict.doubt ?? new PyView(dict, kind)
}

function viewItems(m: Machine, value: PyView): Value[] {
  return m.dictEntries(value.dict).map(([key, item]) => value.kind === 'dict_keys' ? key : value.kind === 'dict_values' ? item : new PyTuple([key, item]))
}

function asPySet(m: Machine, value: Value): PySet | Unknown {
  if (value instanceof PySet) return value
  const items = m.items(value)
  return items instanceof Unknown ? items : makeSet(m, items, setClass)
}

for (const cls of Object.values(viewClasses)) {
  addMethods(cls, [
    method('__len__(self)', (_m, [self]) => (self as PyView).dict.doubt ?? (self as PyView).dict.values.size),
    method('__iter__(self)', (m, [self]) => {
      const { dict, kind } = self as PyView
      if (dict.doubt !== undefined) return dict.doubt
      const keyFor = (key: DictKey): Value => dict.originals?.has(key) === true ? dict.originals.get(key)! : key as Value
      if (kind === 'dict_keys') return dictIterator(vm(m), dict, (_value, key) => keyFor(key), 'dict_keyiterator')
      return dictIterator(vm(m), dict, (value, key) => kind === 'dict_values' ? value : new PyTuple([keyFor(key), value]), kind === 'dict_values' ? 'dict_valueiterator' : 'dict_itemiterator')
    }),
    method('__contains__(self, item)', (m, [self, item]) => (self as PyView).kind === 'dict_keys' ? contains(vm(m), (self as PyView).dict, item) : contains(vm(m), new PyTuple(viewItems(m, self as PyView)), item)),
    method('__repr__(self)', (m, [self]) => { const shown = m.repr(new PyList(viewItems(m, self as PyView))); return shown instanceof Unknown ? shown : `${(self as PyView).kind}(${shown})` }),
    method('__reversed__(self)', (m, [self]) => { const items = [...viewItems(m, self as PyView)].reverse(); return (self as PyView).dict.doubt ?? new PyIterator((_machine, it) => items[it.at++]) }),
    method('isdisjoint(self, other)', (m, [self, other]) => {
      const a = asPySet(m, self)
      const b = asPySet(m, other)
      return a instanceof Unknown ? a : b instanceof Unknown ? b : setOperation(vm(m), '&', a, b)!.values.size === 0
    }),
  ])
  if (cls.name === 'dict_values') continue
  for (const [name, operator] of [['and', '&'], ['or', '|'], ['sub', '-'], ['xor', '^']] as const) {
    const apply = (m: Machine, left: Value, right: Value): Value => {
      const a = asPySet(m, left)
      const b = asPySet(m, right)
      return a instanceof Unknown ? a : b instanceof Unknown ? b : setOperation(vm(m), operator, a, b)!
    }
    addMethods(cls, [method(`__${name}__(self, other)`, (m, [self, other]) => apply(m, self, other)), method(`__r${name}__(self, other)`, (m, [self, other]) => apply(m, other, self))])
  }
  const compare = (name: string, decide: (a: PySet, b: PySet) => boolean): void => {
    addMethods(cls, [method(`${name}(self, other)`, (m, [self, other]) => {
      if (!(other instanceof PySet || other instanceof PyView)) return NOT_IMPLEMENTED
      const a = asPySet(m, self)
      const b = asPySet(m, other)
      return a instanceof Unknown ? a : b instanceof Unknown ? b : decide(a, b)
    })])
  }
  compare('__eq__', (a, b) => a.values.size === b.values.size && isSubsetOf(a, b))
  compare('__le__', isSubsetOf)
  compare('__ge__', (a, b) => isSubsetOf(b, a))
  compare('__lt__', (a, b) => a.values.size < b.values.size && isSubsetOf(a, b))
  compare('__gt__', (a, b) => b.values.size < a.values.size && isSubsetOf(b, a))
}
viewClasses.dict_items.attrs.set('mapping', property((_m, self) => (self as unknown as PyView).dict))

// ---------------------------------------------------------------------------------------------- sets

export function makeSet(m: Machine, items: readonly Value[], cls: PyClass): PySet {
  const set = new PySet(new Map(), cls)
  vm(m).checkSize('items', items.length)
  for (const item of items) {
    const key = keyOf(vm(m), item)
    if (key instanceof Unknown) set.doubt ??= key
    else if (!set.values.has(key)) set.values.set(key, item)
  }
  return set
}

setClass.attrs.set('__new__', new PyWrapper(fn('__new__(cls, *args)', (_m, [cls]) => cls === setClass ? new PySet() : withAttributes(new PySet(new Map(), cls as PyClass))), PyWrapper.staticmethod))
frozensetClass.attrs.set('__new__', new PyWrapper(fn('__new__(cls, iterable=?)', (m, [cls, iterable]) => {
  const items = isMissing(iterable) ? [] : m.items(iterable)
  return items instanceof Unknown ? items : makeSet(m, items, cls as PyClass)
}), PyWrapper.staticmethod))

function writeSet(m: Machine, self: Value, values: Map<DictKey, Value>): void {
  m.touch(asSet(self))
  asSet(self).values = values
}

const COMBINE = [['union', '|', 'update'], ['intersection', '&', 'intersection_update'], ['difference', '-', 'difference_update'], ['symmetric_difference', '^', 'symmetric_difference_update']] as const
for (const [name, operator, inPlace] of COMBINE) {
  const combine = (m: Machine, self: Value, others: Value): PySet | Unknown => {
    let result = new PySet(new Map(asSet(self).values), m.isSubclass(asSet(self).cls, frozensetClass) ? frozensetClass : setClass)
    result.doubt = asSet(self).doubt
    for (const other of (others as PyTuple).items) {
      const right = asPySet(m, other)
      if (right instanceof Unknown) return right
      result = setOperation(vm(m), operator, result, right)!
    }
    return result
  }
  for (const cls of [setClass, frozensetClass]) addMethods(cls, [method(`${name}(self, *others)`, (m, [self, others]) => combine(m, self, others))])
  addMethods(setClass, [method(`${inPlace}(self, *others)`, (m, [self, others]) => {
    const result = combine(m, self, others)
    if (result instanceof Unknown) m.doubt(asSet(self), result)
    else writeSet(m, self, result.values)
    return null
  })])
}
for (const cls of [setClass, frozensetClass]) {
  addMethods(cls, [
    method('issubset(self, other)', (m, [self, other]) => { const right = asPySet(m, other); return right instanceof Unknown ? right : isSubsetOf(asSet(self), right) }),
    method('issuperset(self, other)', (m, [self, other]) => { const right = asPySet(m, other); return right instanceof Unknown ? right : isSubsetOf(right, asSet(self)) }),
    method('isdisjoint(self, other)', (m, [self, other]) => { const right = asPySet(m, other); return right instanceof Unknown ? right : setOperation(vm(m), '&', asSet(self), right)!.values.size === 0 }),
    method('copy(self)', (_m, [self]) => { const made = new PySet(new Map(asSet(self).values), asSet(self).cls); made.doubt = asSet(self).doubt; return made }),
  ])
}
addMethods(setClass, [
  method('__init__(self, iterable=?)', (m, [self, iterable]) => {
    const items = isMissing(iterable) ? [] : m.items(iterable)
    if (items instanceof Unknown) m.doubt(asSet(self), items)
    else { const made = makeSet(m, items, setClass); writeSet(m, self, made.values); if (made.doubt !== undefined) m.doubt(asSet(self), made.doubt) }
    return null
  }),
  method('add(self, item)', (m, [self, item]) => {
    const key = keyOf(vm(m), item)
    if (key instanceof Unknown) { m.doubt(asSet(self), key); return null }
    m.touch(asSet(self))
    vm(m).allocate(1)
    if (!asSet(self).values.has(key)) asSet(self).values.set(key, item)
    vm(m).checkSize('items', asSet(self).values.size)
    return null
  }),
  method('discard(self, item)', (m, [self, item]) => {
    const key = keyOf(vm(m), item)
    if (key instanceof Unknown) { m.doubt(asSet(self), key); return null }
    m.touch(asSet(self))
    asSet(self).values.delete(key)
    return null
  }),
  method('remove(self, item)', (m, [self, item]) => {
    const key = keyOf(vm(m), item)
    if (key instanceof Unknown) { m.doubt(asSet(self), key); return null }
    m.touch(asSet(self))
    return asSet(self).values.delete(key) || asSet(self).doubt !== undefined ? null : vm(m).raiseKey(item)
  }),
  method('pop(self)', (m, [self]) => {
    const order = itemsInOrder(asSet(self))
    if (order === undefined) {
      const which = m.unknown(SHUFFLED)
      m.doubt(asSet(self), which)
      return which
    }
    for (const value of order) {
      const key = keyOf(vm(m), value)
      m.touch(asSet(self))
      if (!(key instanceof Unknown)) asSet(self).values.delete(key)
      return value
    }
    return m.raise('KeyError', 'pop from an empty set')
  }),
  method('clear(self)', (m, [self]) => { writeSet(m, self, new Map()); return null }),
])

// ---------------------------------------------------------------------------------------------- range

rangeClass.attrs.set('__new__', new PyWrapper(fn('__new__(cls, start, stop=?, step=?)', (m, [, start, stop, step]) => {
  for (const one of [start, stop, step]) if (one instanceof Unknown) return one
  const from = isMissing(stop) ? 0 : needInt(m, start)
  const to = isMissing(stop) ? needInt(m, start) : needInt(m, stop)
  const by = isMissing(step) ? 1 : needInt(m, step)
  if (by === 0) m.raise('ValueError', 'range() arg 3 must not be zero')
  return new PyRange(from, to, by)
}), PyWrapper.staticmethod))
addMethods(rangeClass, [
  method('__reversed__(self)', (m, [self]) => { const r = self as unknown as PyRange; return iteratorOf(vm(m), new PyRange(r.start + (r.length - 1) * r.step, r.start - r.step, -r.step)) }),
  pureMethod('index(self, value)', (m, [self, value]) => {
    const r = self as unknown as PyRange
    const at = (needInt(m, value) - r.start) / r.step
    return Number.isInteger(at) && at >= 0 && at < r.length ? at : m.raise('ValueError', `${String(value)} is not in range`)
  }),
  method('count(self, value)', (m, [self, value]) => { const inside = contains(vm(m), self, value); return inside instanceof Unknown ? inside : inside === true ? 1 : 0 }),
])
for (const name of ['start', 'stop', 'step'] as const) rangeClass.attrs.set(name, property((_m, self) => (self as unknown as PyRange)[name]))
