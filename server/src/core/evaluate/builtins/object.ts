/** object, type, property, staticmethod, classmethod, super, function attributes, generators. */

import { addMethods, defaultMethod } from './define.ts'
import {
  bytesClass, cellClass, classmethodClass, floatClass, frozensetClass, functionClass, generatorClass, intClass, iteratorClass, listClass, methodClass, moduleClass, nativeFunctionClass, NOT_IMPLEMENTED, objectClass, propertyClass, setClass, sliceClass, staticmethodClass, strClass, superClass, tupleClass, typeClass,
} from '../core-classes.ts'
import { fn, method, property } from '../native.ts'
import { attributeMissing, deletePlainAttribute, plainAttribute, type SuperHost } from '../operate/attributes.ts'
import { plainOrder } from '../operate/compare.ts'
import { plainFormat } from '../operate/format.ts'
import { hashOf } from '../operate/hash.ts'
import { nextOf } from '../operate/iterate.ts'
import { realOf } from '../operate/numbers.ts'
import { sliceBounds } from '../operate/subscript.ts'
import { plainRepr, reprOf, strOf } from '../operate/text.ts'
import { allocate, instantiateNow } from '../run/call.ts'
import { createClass } from '../run/class-builder.ts'
import type { Interpreter } from '../run/frame.ts'
import { PyGenerator } from '../run/frame.ts'
import { exceptionClasses } from './exceptions.ts'
import type { FunctionCode, PyCell } from '../value.ts'
import { isMissing, isShared, type Machine, NativeFunction, PyClass, PyDict, PyFunction, PyInstance, PyList, PyMethod, PyModule, PyObject, PyProperty, PyRaise, PySlice, PyTuple, PyWrapper, Unknown, type Value } from '../value.ts'

const vm = (m: Machine): Interpreter => m as Interpreter

const baseNew = method('__new__(cls, /, *args, **kwargs)', (m, [cls]) => cls instanceof PyClass ? allocate(vm(m), cls) : m.raise('TypeError', 'object.__new__(X): X is not a type object'))
baseNew.isDefault = true
objectClass.attrs.set('__new__', new PyWrapper(baseNew, PyWrapper.staticmethod))

addMethods(objectClass, [
  defaultMethod('__init__(self, *args, **kwargs)', () => null),
  defaultMethod('__repr__(self)', (m, [self]) => self instanceof PyObject ? plainRepr(vm(m), self) : reprOf(vm(m), self)),
  defaultMethod('__str__(self)', (m, [self]) => reprOf(vm(m), self)),
  defaultMethod('__eq__(self, other)', (m, [self, other]) => self instanceof PyInstance ? self === other || NOT_IMPLEMENTED : m.equals(self, other)),
  defaultMethod('__ne__(self, other)', (m, [self, other]) => {
    const same = m.equals(self, other)
    return same instanceof Unknown ? same : !same
  }),
  defaultMethod('__hash__(self)', (m, [self]) => hashOf(vm(m), self)),
  defaultMethod('__setattr__(self, name, value)', (m, [self, name, value]) => {
    if (name instanceof Unknown) { if (self instanceof PyObject) m.doubt(self, name); return null }
    if (self instanceof PyObject) m.setPlainAttribute(self, name as string, value)
    return null
  }),
  defaultMethod('__delattr__(self, name)', (m, [self, name]) => { if (self instanceof PyObject) deletePlainAttribute(vm(m), self, name as string); return null }),
  defaultMethod('__getattribute__(self, name)', (m, [self, name]) => {
    // None is a value: only `undefined` says that there is no such attribute.
    const found = plainAttribute(vm(m), self, m.typeOf(self), name as string)
    return found === undefined ? attributeMissing(vm(m), self, name as string) : found
  }),
  defaultMethod('__format__(self, spec)', (m, [self, spec]) => spec === '' ? strOf(vm(m), self) : plainFormat(vm(m), self, spec as string)),
  defaultMethod('__dir__(self)', (m, [self]) => namesOf(m, self)),
  defaultMethod('__init_subclass__(*args, **kwargs)', () => null),
  defaultMethod('__subclasshook__(*args)', () => NOT_IMPLEMENTED),
  defaultMethod('__reduce_ex__(self, protocol)', (m) => m.unknown('pickling is not evaluated')),
  defaultMethod('__sizeof__(self)', (m) => m.unknown('sizes in memory are not evaluated')),
])
objectClass.attrs.set('__doc__', null)

// The immutable types have their own, which stand before those of classes further along a subclass's mro.
for (const cls of [intClass, floatClass, strClass, bytesClass, tupleClass, frozensetClass]) {
  for (const name of ['__hash__', '__eq__', '__ne__', '__repr__', '__str__', '__format__']) {
    if (name === '__str__' && cls !== strClass) continue
    const inherited = objectClass.attrs.get(name) as NativeFunction
    if (cls.attrs.has(name)) continue
    const own = new NativeFunction(inherited.name, inherited.signature, inherited.body, { isMethod: true, isStrict: false })
    own.isDefault = true
    cls.attrs.set(name, own)
  }
}

export function namesOf(m: Machine, value: Value): PyList {
  const names = new Set<string>()
  if (value instanceof PyObject) for (const name of value.attrs?.keys() ?? []) names.add(name)
  const cls = value instanceof PyClass ? value : m.typeOf(value)
  if (!(value instanceof PyModule)) for (const one of cls.mro) for (const name of one.attrs.keys()) names.add(name)
  return new PyList([...names].sort())
}

const ORDER = [['__lt__', '<'], ['__le__', '<='], ['__gt__', '>'], ['__ge__', '>=']] as const
for (const cls of [intClass, floatClass, strClass, bytesClass, tupleClass, listClass, setClass, frozensetClass]) {
  for (const [name, operator] of ORDER) {
    addMethods(cls, [defaultMethod(`${name}(self, other)`, (m, [self, other]) => {
      const isNumber = cls === intClass || cls === floatClass
      if (!(isNumber ? realOf(other) !== undefined : other instanceof Unknown || m.isInstance(other, cls))) return NOT_IMPLEMENTED
      return plainOrder(vm(m), operator, self, other) ?? NOT_IMPLEMENTED
    })])
  }
}

// ---------------------------------------------------------------------------------------------- type

const newType = method('__new__(cls, name, bases=?, namespace=?, **keywords)', (m, [cls, name, bases, namespace, keywords]) => {
  if (!(bases instanceof PyTuple)) return m.typeOf(name)
  const names = namespace instanceof PyDict ? namespace.values as Map<string, Value> : new Map<string, Value>()
  const known = bases.items.filter((base) => base instanceof PyClass)
  const unknown = bases.items.find((base) => base instanceof Unknown)
  return createClass(vm(m), { name: typeof name === 'string' ? name : '?', bases: known, metaclass: cls as PyClass, names, keywords: (keywords as PyDict).values as ReadonlyMap<string, Value>, ...(unknown === undefined ? {} : { opaque: unknown }) })
})
typeClass.attrs.set('__new__', new PyWrapper(newType, PyWrapper.staticmethod))

addMethods(typeClass, [
  method('__init__(cls, *args, **kwargs)', () => null),
  method('__call__(cls, *args, **kwargs)', (m, [cls, args, kwargs]) => {
    const items = (args as PyTuple).items
    if (cls === typeClass && items.length === 1) return m.typeOf(items[0]!)
    return instantiateNow(vm(m), cls as PyClass, items, (kwargs as PyDict).values as ReadonlyMap<string, Value>)
  }),
  method('mro(cls)', (_m, [cls]) => new PyList([...(cls as PyClass).mro])),
  method('__subclasses__(cls)', (m, [cls]) => isShared(cls as PyClass) || (cls as PyClass).origin?.file.startsWith('<torch') === true ? m.unknown('the subclasses of a built-in class are not kept') : new PyList([...(cls as PyClass).subclasses])),
  method('__instancecheck__(cls, instance)', (m, [cls, instance]) => m.isInstance(instance, cls as PyClass)),
  method('__subclasscheck__(cls, other)', (m, [cls, other]) => other instanceof PyClass && m.isSubclass(other, cls as PyClass)),
  method('__repr__(cls)', (m, [cls]) => plainRepr(vm(m), cls as PyClass)),
  method('__or__(cls, other)', (m, [cls, other]) => m.call(m.getAttribute(m.importModule('typing'), '_union'), [cls, other])),
  method('__ror__(cls, other)', (m, [cls, other]) => m.call(m.getAttribute(m.importModule('typing'), '_union'), [other, cls])),
])

// ---------------------------------------------------------------------------------------------- descriptors

propertyClass.attrs.set('__new__', new PyWrapper(method('__new__(cls, fget=None, fset=None, fdel=None, doc=None)', (_m, [cls, get, set, remove]) => new PyProperty(get, set, remove, cls as PyClass)), PyWrapper.staticmethod))
addMethods(propertyClass, [
  method('__init__(self, *args, **kwargs)', () => null),
  method('getter(self, f)', (_m, [self, f]) => { const p = self as PyProperty; return new PyProperty(f, p.setter, p.deleter, p.cls) }),
  method('setter(self, f)', (_m, [self, f]) => { const p = self as PyProperty; return new PyProperty(p.getter, f, p.deleter, p.cls) }),
  method('deleter(self, f)', (_m, [self, f]) => { const p = self as PyProperty; return new PyProperty(p.getter, p.setter, f, p.cls) }),
  method('__get__(self, instance, owner=None)', (m, [self, instance]) => instance === null ? self : m.call((self as PyProperty).getter, [instance])),
  method('__set__(self, instance, value)', (m, [self, instance, value]) => {
    const { setter } = self as PyProperty
    if (setter === null) m.raise('AttributeError', 'can\'t set attribute')
    m.call(setter, [instance, value])
    return null
  }),
])

for (const cls of [staticmethodClass, classmethodClass]) {
  cls.attrs.set('__new__', new PyWrapper(method('__new__(cls, f)', (_m, [type, f]) => new PyWrapper(f, type as PyClass)), PyWrapper.staticmethod))
  addMethods(cls, [
    method('__init__(self, *args)', () => null),
    method('__get__(self, instance, owner=None)', (m, [self, instance, owner]) => {
      const { callee } = self as PyWrapper
      return m.isSubclass((self as PyWrapper).cls, staticmethodClass) ? callee : new PyMethod(owner ?? m.typeOf(instance), callee)
    }),
  ])
}

addMethods(functionClass, [
  method('__get__(self, instance, owner=None)', (_m, [self, instance]) => instance === null ? self : new PyMethod(instance, self)),
  method('__call__(self, *args, **kwargs)', (m, [self, args, kwargs]) => m.call(self, (args as PyTuple).items, (kwargs as PyDict).values as ReadonlyMap<string, Value>)),
])
addMethods(methodClass, [
  method('__call__(self, *args, **kwargs)', (m, [self, args, kwargs]) => m.call(self, (args as PyTuple).items, (kwargs as PyDict).values as ReadonlyMap<string, Value>)),
])
addMethods(nativeFunctionClass, [
  method('__call__(self, *args, **kwargs)', (m, [self, args, kwargs]) => m.call(self, (args as PyTuple).items, (kwargs as PyDict).values as ReadonlyMap<string, Value>)),
])
functionClass.attrs.set('__new__', new PyWrapper(method('__new__(cls, code, globals, name=None, argdefs=None, closure=None, kwdefaults=None)', (m, [, code, globals, name, defaults, closure, kwdefaults]) => {
  const made = code instanceof PyInstance ? code.host as FunctionCode | undefined : undefined
  const module = globals instanceof PyDict ? globals.owner : undefined
  if (made === undefined || !(module instanceof PyModule)) return m.unknown('a function made of parts is not evaluated')
  const cells = closure instanceof PyTuple ? closure.items : []
  const function_ = new PyFunction(made, module, cells as PyCell[], defaults instanceof PyTuple ? defaults.items : [], kwdefaults instanceof PyDict ? kwdefaults.values as ReadonlyMap<string, Value> : undefined, typeof name === 'string' ? name : made.name)
  if (typeof name === 'string') function_.name = name
  return function_
}), PyWrapper.staticmethod))
methodClass.attrs.set('__new__', new PyWrapper(method('__new__(cls, function, instance)', (_m, [, callee, self]) => new PyMethod(self, callee)), PyWrapper.staticmethod))
cellClass.attrs.set('cell_contents', property((m, self) => {
  const cell = self as unknown as PyCell
  return cell.value === undefined ? m.raise('ValueError', 'Cell is empty') : cell.value
}))

// ---------------------------------------------------------------------------------------------- super

superClass.attrs.set('__new__', new PyWrapper(fn('__new__(cls, type=?, object=?)', (m, [cls, type, object]) => {
  let after: Value = type
  let self: Value = object
  if (isMissing(type)) {
    const frame = vm(m).frame
    const index = frame?.instructions.cellNames.indexOf('__class__') ?? -1
    const found = index >= 0 ? frame!.cells[index]?.value : undefined
    const first = frame?.locals[0]
    if (found === undefined || first === undefined) return m.raise('RuntimeError', 'super(): __class__ cell not found')
    after = found
    self = first
  }
  if (after instanceof Unknown) return after
  if (self instanceof Unknown) return self
  const owner = self instanceof PyClass && m.isSubclass(self, after as PyClass) ? self : m.typeOf(self)
  return new PyInstance(cls as PyClass, { after: after as PyClass, self, type: owner } satisfies SuperHost)
}), PyWrapper.staticmethod))

// ---------------------------------------------------------------------------------------------- generators and iterators

function nextOrStop(m: Machine, value: Value | undefined, generator: Value): Value {
  if (value !== undefined) return value
  const stop = new PyInstance(exceptionClasses.get('StopIteration')!)
  const result = generator instanceof PyGenerator ? generator.result : null
  stop.attrs!.set('args', new PyTuple(result === null ? [] : [result]))
  stop.attrs!.set('value', result)
  throw new PyRaise(stop)
}

addMethods(generatorClass, [
  method('__iter__(self)', (_m, [self]) => self),
  method('__next__(self)', (m, [self]) => nextOrStop(m, vm(m).resume(self as PyGenerator, null), self)),
  method('send(self, value)', (m, [self, value]) => nextOrStop(m, vm(m).resume(self as PyGenerator, value), self)),
  method('throw(self, type, value=?, tb=None)', (m, [self, type, value]) => {
    const exception = type instanceof PyClass ? (value instanceof PyInstance && m.isInstance(value, type) ? value : m.newInstance(type)) : type
    return nextOrStop(m, vm(m).resume(self as PyGenerator, new PyRaise(exception as PyObject)), self)
  }),
  method('close(self)', (m, [self]) => {
    const generator = self as PyGenerator
    if (generator.state === 'new') { m.touch(generator); generator.state = 'done'; return null }
    if (generator.state !== 'suspended') return null
    try {
      vm(m).resume(generator, new PyRaise(m.newInstance(exceptionClasses.get('GeneratorExit')!) as PyObject))
    } catch (error) {
      if (!(error instanceof PyRaise) || !['GeneratorExit', 'StopIteration'].includes(error.exception.cls.name)) throw error
      return null
    }
    return generator.state === 'suspended' ? m.raise('RuntimeError', 'generator ignored GeneratorExit') : null
  }),
])

addMethods(iteratorClass, [
  method('__iter__(self)', (_m, [self]) => self),
  method('__next__(self)', (m, [self]) => nextOrStop(m, nextOf(vm(m), self), self)),
])

// ---------------------------------------------------------------------------------------------- slice, module

sliceClass.attrs.set('__new__', new PyWrapper(fn('__new__(cls, start, stop=?, step=None)', (_m, [, start, stop, step]) => !isMissing(stop) ? new PySlice(start, stop, step) : new PySlice(null, start, null)), PyWrapper.staticmethod))
addMethods(sliceClass, [
  method('indices(self, length)', (m, [self, length]) => {
    const bounds = sliceBounds(vm(m), self as unknown as PySlice, length as number)
    return bounds instanceof Unknown ? bounds : new PyTuple([bounds.start, bounds.stop, bounds.step])
  }),
])
for (const [name, key] of [['start', 'lower'], ['stop', 'upper'], ['step', 'step']] as const) sliceClass.attrs.set(name, property((_m, self) => (self as unknown as PySlice)[key]))

moduleClass.attrs.set('__new__', new PyWrapper(method('__new__(cls, name=None, *args, **kwargs)', (_m, [cls, name]) => {
  if (cls === moduleClass) return new PyModule(name as string)
  const made = new PyInstance(cls as PyClass)
  made.attrs!.set('__name__', name)
  return made
}), PyWrapper.staticmethod))
addMethods(moduleClass, [
  method('__init__(self, name, doc=None)', (m, [self, name, doc]) => {
    if (self instanceof PyObject && self.attrs !== undefined) {
      m.touch(self)
      self.attrs.set('__name__', name)
      self.attrs.set('__doc__', doc)
      for (const one of ['__loader__', '__spec__', '__package__']) if (!self.attrs.has(one)) self.attrs.set(one, null)
    }
    return null
  }),
])

