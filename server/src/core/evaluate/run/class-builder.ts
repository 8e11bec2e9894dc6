/** `class` statements and `type(name, bases, namespace)`: bases resolved, metaclass chosen, hooks called. */

import { objectClass, typeClass } from '../core-classes.ts'
import { linearise } from '../mro.ts'
import { classChanged, lookup } from '../operate/attributes.ts'
import { isShared, NativeFunction, PyCell, PyClass, PyDict, PyFunction, type PyList, PyMethod, PyObject, PySet, PyTuple, PyWrapper, Unknown, type Layout, type Origin, type Value } from '../value.ts'
import { type ClassBuilder, type Code, Frame, type Interpreter } from './frame.ts'

/** Starts the frame of a class body; `finishClass` makes the class when it ends. */
export function startClass(m: Interpreter, name: string, baseList: PyList, keywords: ReadonlyMap<string, Value>, caller: Frame, code: Code): Frame {
  const bases: PyClass[] = []
  let opaque: Unknown | undefined = baseList.doubt
  let isChanged = false
  for (const base of baseList.items) {
    if (base instanceof PyClass) { bases.push(base); continue }
    isChanged = true
    if (base instanceof Unknown) { opaque ??= base; continue }
    const entries = m.findAttribute(base, '__mro_entries__')
    if (entries === undefined) m.raise('TypeError', `${m.typeOf(base).name} object is not an acceptable base type`)
    const resolved = m.items(m.call(entries, [new PyTuple(baseList.items)]))
    if (resolved instanceof Unknown) { opaque ??= resolved; continue }
    for (const one of resolved) {
      if (one instanceof PyClass) { if (!bases.includes(one)) bases.push(one) } else if (one instanceof Unknown) opaque ??= one
    }
  }
  const rest = new Map(keywords)
  const given = rest.get('metaclass')
  rest.delete('metaclass')
  const metaclass = given instanceof Unknown ? typeClass : mostDerived(m, given ?? typeClass, bases)
  if (given instanceof Unknown) opaque ??= given
  const builder: ClassBuilder = { name, bases, originalBases: isChanged ? new PyTuple(baseList.items) : undefined, metaclass, keywords: rest, opaque, origin: code.origin }
  let names = new Map<string, Value>()
  if (metaclass instanceof PyClass && metaclass !== typeClass) {
    const prepare = m.findAttribute(metaclass, '__prepare__')
    if (prepare !== undefined) {
      const prepared = m.call(prepare, [name, new PyTuple(bases)], rest)
      if (prepared instanceof PyDict) names = prepared.values as Map<string, Value>
    }
  }
  names.set('__module__', caller.globals.get('__name__') ?? caller.module.name)
  names.set('__qualname__', code.qualname)
  if (code.doc !== undefined) names.set('__doc__', code.doc)
  const cells: PyCell[] = []
  const { instructions } = code
  const own = instructions.cellNames.length - code.freeNames.length
  for (let i = 0; i < own; i++) cells.push(new PyCell())
  for (const free of code.freeNames) cells.push(caller.cells[caller.instructions.cellNames.indexOf(free)] ?? new PyCell())
  const frame = new Frame(code, caller.module, new Array<Value | undefined>(instructions.localCount), cells)
  frame.names = names
  frame.completion = 'class'
  frame.builder = builder
  return frame
}

function mostDerived(m: Interpreter, wanted: Value, bases: readonly PyClass[]): Value {
  if (!(wanted instanceof PyClass)) return wanted
  let winner = wanted
  for (const base of bases) {
    if (m.isSubclass(winner, base.cls)) continue
    if (m.isSubclass(base.cls, winner)) { winner = base.cls; continue }
    m.raise('TypeError', 'metaclass conflict: the metaclass of a derived class must be a (non-strict) subclass of the metaclasses of all its bases')
  }
  return winner
}

/** Makes the class from a finished body. `cell` is that of `__class__`, or None. */
export function finishClass(m: Interpreter, frame: Frame, cell: Value): Value {
  const builder = frame.builder!
  const names = frame.names!
  if (cell instanceof PyCell) names.set('__classcell__', cell)
  if (builder.originalBases !== undefined) names.set('__orig_bases__', builder.originalBases)
  const { metaclass } = builder
  const { bases } = builder
  let made: Value
  if (metaclass === typeClass) made = createClass(m, { ...builder, bases, metaclass: typeClass, names })
  else {
    pendingOrigin = builder.origin
    pendingOpaque = builder.opaque
    made = m.call(metaclass, [builder.name, new PyTuple(bases), new PyDict(names as Map<never, Value>)], builder.keywords)
  }
  if (cell instanceof PyCell && cell.value === undefined) cell.value = made
  return made
}

/** Handed from a class statement through a Python metaclass to `type.__new__`. */
let pendingOrigin: Origin | undefined
let pendingOpaque: Unknown | undefined

export interface ClassParts {
  readonly name: string
  readonly bases: readonly PyClass[]
  readonly metaclass: PyClass
  readonly names: Map<string, Value>
  readonly keywords: ReadonlyMap<string, Value>
  readonly origin?: Origin | undefined
  readonly opaque?: Unknown | undefined
}

/** `type.__new__`. */
export function createClass(m: Interpreter, parts: ClassParts): PyClass {
  const bases = parts.bases.length === 0 ? [objectClass] : parts.bases
  const names = new Map(parts.names)
  const cell = names.get('__classcell__')
  names.delete('__classcell__')
  names.delete('__qualname__')
  const qualname = parts.names.get('__qualname__')
  names.set('__qualname__', typeof qualname === 'string' ? qualname : parts.name)
  if (!names.has('__module__')) names.set('__module__', m.frame?.module.name ?? '__main__')
  const layout: Layout = bases.map((base) => base.layout).find((one) => one !== 'instance') ?? 'instance'
  const cls = new PyClass(parts.name, bases, names, parts.metaclass, { origin: parts.origin ?? pendingOrigin ?? m.here(), native: undefined, layout })
  cls.opaque = parts.opaque ?? pendingOpaque
  pendingOrigin = undefined
  pendingOpaque = undefined
  const mro = linearise(cls, bases)
  if (mro === undefined) m.raise('TypeError', `Cannot create a consistent method resolution order (MRO) for bases ${bases.map((base) => base.name).join(', ')}`)
  cls.mro = mro
  if (bases.includes(typeClass)) cls.layout = 'class'
  for (const name of ['__init_subclass__', '__class_getitem__']) {
    const value = names.get(name)
    if (value instanceof PyFunction) names.set(name, new PyWrapper(value, PyWrapper.classmethod))
  }
  const maker = names.get('__new__')
  if (maker instanceof PyFunction) names.set('__new__', new PyWrapper(maker, PyWrapper.staticmethod))
  if (names.has('__eq__') && !names.has('__hash__')) names.set('__hash__', null)
  if (cell instanceof PyCell) { m.touch(cell); cell.value = cls }
  addSlots(m, cls, names)
  for (const base of bases) {
    m.touch(base)
    if (!isShared(base)) base.subclasses.push(cls)
  }
  m.allocate(10 + names.size)
  classChanged()
  collectAbstract(cls)
  for (const [name, value] of [...names]) {
    if (!(value instanceof PyObject) || value instanceof PyFunction || value instanceof PyClass || value instanceof NativeFunction || value instanceof Unknown) continue
    const hook = lookup(value.cls, '__set_name__')
    if (hook !== undefined) m.call(hook, [value, cls, name])
  }
  callInitSubclass(m, cls, parts.keywords)
  return cls
}

function callInitSubclass(m: Interpreter, cls: PyClass, keywords: ReadonlyMap<string, Value>): void {
  for (const one of cls.mro.slice(1)) {
    const hook = one.attrs.get('__init_subclass__')
    if (hook === undefined) continue
    if (hook instanceof PyWrapper) m.call(new PyMethod(cls, hook.callee), [], keywords)
    else if (hook instanceof NativeFunction && hook.isDefault) {
      if (keywords.size > 0 && cls.opaque === undefined && cls.cls === typeClass) m.raise('TypeError', `${cls.name}.__init_subclass__() takes no keyword arguments`)
    }
    return
  }
}

/** `__slots__`: instances of classes that only have slots refuse other names. */
function addSlots(m: Interpreter, cls: PyClass, names: Map<string, Value>): void {
  const slots = names.get('__slots__')
  if (slots === undefined || slots instanceof Unknown) return
  const list = typeof slots === 'string' ? [slots] : m.items(slots)
  if (list instanceof Unknown) return
  names.set('__slots__', typeof slots === 'string' ? slots : new PyTuple(list))
}

export function checkSlots(m: Interpreter, object: PyObject, name: string): void {
  const { cls } = object
  if (cls.native !== undefined || !cls.attrs.has('__slots__') || cls.layout !== 'instance') return
  for (const one of cls.mro) {
    if (one === objectClass) continue
    const slots = one.attrs.get('__slots__')
    if (slots === undefined) return
    const list = typeof slots === 'string' ? [slots] : slots instanceof PyTuple ? slots.items : []
    if (list.includes(name) || list.includes('__dict__')) return
    if (one.native !== undefined) return
  }
  m.raise('AttributeError', `'${cls.name}' object has no attribute '${name}'`)
}

/** `__abstractmethods__`, for classes whose metaclass is ABCMeta. */
function collectAbstract(cls: PyClass): void {
  if (!cls.cls.mro.some((one) => one.name === 'ABCMeta')) return
  const abstract = new Map<string, Value>()
  for (const base of cls.bases) {
    const inherited = base.attrs.get('__abstractmethods__')
    if (!(inherited instanceof PySet)) continue
    for (const name of inherited.values.values()) if (typeof name === 'string' && isAbstract(lookup(cls, name))) abstract.set(name, name)
  }
  for (const [name, value] of cls.attrs) if (isAbstract(value)) abstract.set(name, name)
  cls.attrs.set('__abstractmethods__', new PySet(abstract as Map<never, Value>, PySet.frozen))
}

function isAbstract(value: Value | undefined): boolean {
  if (!(value instanceof PyObject)) return false
  if (value.attrs?.get('__isabstractmethod__') === true) return true
  if (value instanceof PyWrapper) return isAbstract(value.callee)
  const getter = (value as { getter?: Value }).getter
  return getter !== undefined && isAbstract(getter)
}

