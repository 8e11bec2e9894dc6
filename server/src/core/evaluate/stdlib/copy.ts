/** copy: shallow and deep copies, with the memo that keeps shared and cyclic parts shared. */

import { shuffledAs } from '../operate/set-order.ts'
import { generatorClass, moduleClass } from '../core-classes.ts'
import type { NativeModule } from '../native.ts'
import { fn } from '../native.ts'
import {
  type Machine, NativeFunction, PyBoxed, PyBytes, PyClass, PyComplex, PyDict, PyFloat, PyFunction, PyInstance, PyIterator, PyList, PyMethod, PyModule, PyObject, PyProperty, PyRange, PySet,
  PySlice, PyTuple, PyWrapper, Unknown, type Value,
} from '../value.ts'
import { knownName } from './known-names.ts'

/** Levels within each other. CPython gives up at its recursion limit, a little later than this. */
const MAX_LEVELS = 300

/** What a memo dict, as Python code passes it on, has seen in one deep copy. */
const memos = new WeakMap<PyDict, Map<PyObject, Value>>()

function isAtomic(value: Value): boolean {
  return !(value instanceof PyObject) || value instanceof PyFloat || value instanceof PyClass || value instanceof PyFunction || value instanceof NativeFunction || value instanceof Unknown || value instanceof PyBytes
    || value instanceof PyComplex || value instanceof PyRange || value instanceof PySlice || value instanceof PyProperty || value instanceof PyWrapper || value instanceof PyMethod && value.self === null
}

/** An object of the same class with the same host data and nothing else; `undefined` when there is no such thing. */
function bare(m: Machine, object: PyObject): PyObject | undefined {
  if (object instanceof PyBoxed) return new PyBoxed(object.cls, object.value)
  if (object instanceof PyInstance) return new PyInstance(object.cls, object.host)
  if (object instanceof PyList) return withAttributes(object, new PyList([], object.cls))
  // The copy of a namespace is a dict of its own.
  if (object instanceof PyDict && (object.owner === undefined || (object.cls === PyDict.cls && object.owner.doubt === undefined))) return withAttributes(object, new PyDict(new Map(), object.cls))
  if (object instanceof PySet) return withAttributes(object, new PySet(new Map(), object.cls))
  if (object instanceof PyModule || m.isSubclass(object.cls, moduleClass)) return m.raise('TypeError', 'cannot pickle \'module\' object')
  if (object instanceof PyIterator || object.cls === generatorClass) return m.raise('TypeError', `cannot pickle '${object.cls.name}' object`)
  return undefined
}

function withAttributes<T extends PyObject>(from: PyObject, to: T): T {
  if (from.attrs !== undefined) to.attrs = new Map()
  return to
}

const copy = fn('copy(x)', (m, [x]) => {
  if (isAtomic(x)) return x
  const object = x as PyObject
  const own = m.lookup(object.cls, '__copy__')
  if (own !== undefined) return m.call(own, [object])
  if (object.doubt !== undefined) return object.doubt
  if (object instanceof PyTuple || object.cls === PySet.frozen) return object
  if (isReduced(m, object)) return m.unknown(`copying a ${object.cls.name} goes through __reduce__, which is not evaluated`)
  const made = bare(m, object)
  if (made === undefined) return m.unknown(`copying a ${object.cls.name} is not evaluated`)
  if (made instanceof PyList) shuffledAs(made, object).items = [...(object as PyList).items]
  if (made instanceof PyDict) copyEntries(object as PyDict, made)
  if (made instanceof PySet) made.values = new Map((object as PySet).values)
  restoreState(m, object, made, (value) => value)
  return made
})

function copyEntries(from: PyDict, to: PyDict): void {
  to.values = new Map(from.values)
  to.originals = from.originals === undefined ? undefined : new Map(from.originals)
}

/** True when the class says itself how it is taken apart, other than by its attributes. */
function isReduced(m: Machine, object: PyObject): boolean {
  return ['__reduce_ex__', '__reduce__', '__getnewargs__', '__getnewargs_ex__'].some((name) => {
    const found = m.lookup(object.cls, name)
    return found instanceof PyFunction
  })
}

/** The attributes, through `__getstate__` and `__setstate__` where a class has its own. */
function restoreState(m: Machine, from: PyObject, to: PyObject, each: (value: Value) => Value): void {
  const get = m.lookup(from.cls, '__getstate__')
  const set = m.lookup(from.cls, '__setstate__')
  if (get instanceof PyFunction || set instanceof PyFunction) {
    const state = get instanceof PyFunction ? m.call(get, [from]) : new PyDict(new Map(from.attrs ?? []) as PyDict['values'])
    const copied = each(state)
    if (set !== undefined) { m.call(set, [to, copied]); return }
    if (copied instanceof Unknown) { m.doubt(to, copied); return }
    if (copied instanceof PyDict) for (const [key, value] of m.dictEntries(copied)) to.attrs?.set(key as string, value)
    return
  }
  if (from.attrs === undefined) return
  to.attrs ??= new Map()
  for (const [name, value] of from.attrs) to.attrs.set(name, each(value))
}

const deepcopy = fn('deepcopy(x, memo=None, _nil=())', (m, [x, memo]) => {
  const dict = memo instanceof PyDict ? memo : new PyDict()
  let seen = memos.get(dict)
  if (seen === undefined) {
    seen = new Map()
    memos.set(dict, seen)
  }
  return new DeepCopy(m, dict, seen).copy(x, 0)
})

/** One deep copy under way. */
class DeepCopy {
  readonly #m: Machine
  readonly #memo: PyDict
  readonly #seen: Map<PyObject, Value>

  constructor(m: Machine, memo: PyDict, seen: Map<PyObject, Value>) {
    this.#m = m
    this.#memo = memo
    this.#seen = seen
  }

  copy(value: Value, level: number): Value {
    if (isAtomic(value)) return value
    const object = value as PyObject
    const m = this.#m
    const known = this.#seen.get(object) ?? this.#given(object)
    if (known !== undefined) return known
    if (level > MAX_LEVELS) return m.raise('RecursionError', 'maximum recursion depth exceeded')
    m.spend(1)
    const own = m.lookup(object.cls, '__deepcopy__')
    if (own !== undefined) return this.#keep(object, m.call(own, [object, this.#memo]))
    if (object.doubt !== undefined) return object.doubt
    if (object instanceof PyTuple) return this.#tuple(object, level)
    if (object instanceof PyMethod) return new PyMethod(this.copy(object.self, level + 1), object.callee)
    if (isReduced(m, object)) return this.#keep(object, this.#reduced(object, level))
    const made = bare(m, object)
    if (made === undefined) return m.unknown(`copying a ${object.cls.name} is not evaluated`)
    this.#seen.set(object, made)
    this.#fill(object, made, level + 1)
    return made
  }

  /** What Python code itself put into the memo, under `id(object)`. */
  #given(object: PyObject): Value | undefined {
    if (this.#memo.values.size === 0) return undefined
    const m = this.#m
    const id = m.findAttribute(m.importModule('builtins'), 'id')
    return id === undefined || id instanceof Unknown ? undefined : m.dictGet(this.#memo, m.call(id, [object]))
  }

  #keep(object: PyObject, made: Value): Value {
    this.#seen.set(object, made)
    return made
  }

  #tuple(object: PyTuple, level: number): Value {
    const items = object.items.map((one) => this.copy(one, level + 1))
    const known = this.#seen.get(object)
    if (known !== undefined) return known
    if (items.every((one, i) => one === object.items[i]) && object.attrs === undefined) return this.#keep(object, object)
    const made = shuffledAs(new PyTuple(items, object.cls), object)
    if (object.attrs !== undefined) made.attrs = new Map([...object.attrs].map(([name, value]) => [name, this.copy(value, level + 1)]))
    return this.#keep(object, made)
  }

  /** The protocol of pickle: a callable, its arguments, and a state. */
  #reduced(object: PyObject, level: number): Value {
    const m = this.#m
    const reduced = m.lookup(object.cls, '__reduce_ex__') instanceof PyFunction ? m.callMethod(object, '__reduce_ex__', [4]) : m.lookup(object.cls, '__reduce__') instanceof PyFunction ? m.callMethod(object, '__reduce__') : null
    if (reduced instanceof Unknown) return reduced
    if (!(reduced instanceof PyTuple) || reduced.items.length > 3) return m.unknown(`copying a ${object.cls.name} goes through the pickle protocol, which is not evaluated`)
    const [callee, args, state] = reduced.items
    const given = m.items(args ?? null)
    if (given instanceof Unknown) return given
    const made = m.call(callee!, given.map((one) => this.copy(one, level + 1)))
    if (state === undefined || state === null || !(made instanceof PyObject)) return made
    const copied = this.copy(state, level + 1)
    const set = m.lookup(made.cls, '__setstate__')
    if (set !== undefined) m.call(set, [made, copied])
    else if (copied instanceof PyDict) for (const [key, value] of m.dictEntries(copied)) made.attrs?.set(key as string, value)
    else return m.unknown(`copying a ${object.cls.name} goes through the pickle protocol, which is not evaluated`)
    return made
  }

  #fill(object: PyObject, made: PyObject, level: number): void {
    const m = this.#m
    const each = (value: Value): Value => this.copy(value, level)
    if (object instanceof PyList && made instanceof PyList) for (const one of object.items) shuffledAs(made, object).items.push(each(one))
    else if (object instanceof PyDict && made instanceof PyDict) for (const [key, value] of m.dictEntries(object)) m.dictSet(made, each(key), each(value))
    else if (object instanceof PySet && made instanceof PySet) {
      const keys = new PyDict()
      for (const one of object.values.values()) m.dictSet(keys, each(one), null)
      for (const [key] of m.dictEntries(keys)) made.values.set([...keys.values.keys()][made.values.size]!, key)
    }
    restoreState(m, object, made, each)
  }
}

export const copyModule: NativeModule = {
  name: 'copy',
  build: (m) => ({ copy, deepcopy, Error: m.getAttribute(m.importModule('builtins'), 'Exception'), error: m.getAttribute(m.importModule('builtins'), 'Exception') }),
  missing: knownName('copy'),
}

