/** Attribute access: Python's descriptor protocol over classes, instances, modules and natives. */

import { moduleClass, nativeFunctionClass, objectClass, staticmethodClass, superClass } from '../core-classes.ts'
import { fn } from '../native.ts'
import type { Interpreter } from '../run/frame.ts'
import {
  type Machine, MISSING, NativeFunction, PartlyKnown, PyClass, PyDict, PyFunction, type PyInstance, PyMethod, PyModule, PyObject, PyProperty, PyRaise, PyWrapper, Unknown, type Value,
} from '../value.ts'

let classVersion = 1

/** Must follow any change of a class's attributes or bases: lookups are cached. */
export function classChanged(): void {
  classVersion++
}

/** Differs after every change of any class. */
export function classState(): number {
  return classVersion
}

/** A name along the mro, unbound. */
export function lookup(cls: PyClass, name: string): Value | undefined {
  if (cls.cacheVersion !== classVersion) {
    cls.cache.clear()
    cls.cacheVersion = classVersion
  }
  const known = cls.cache.get(name)
  if (known !== undefined || cls.cache.has(name)) return known
  let found: Value | undefined
  for (const one of cls.mro) {
    const value = one.attrs.get(name)
    if (value !== undefined) { found = value; break }
  }
  cls.cache.set(name, found)
  return found
}

/** Binds what a class gave to an object, by `__get__`. */
export function bind(m: Interpreter, found: Value, object: Value, type: PyClass): Value {
  if (!(found instanceof PyObject)) return found
  if (found instanceof PyFunction) return new PyMethod(object, found)
  if (found instanceof NativeFunction) {
    if (!found.isMethod) return found
    const method = new PyMethod(object, found)
    // Of the built-in types, bound methods are built-in functions too.
    if (type.attrs.get('__module__') === 'builtins') method.cls = nativeFunctionClass
    return method
  }
  if (found instanceof PyProperty && found.cls.native !== undefined) {
    if (found.getter === null) m.raise('AttributeError', 'unreadable attribute')
    return m.call(found.getter, [object])
  }
  if (found instanceof PyWrapper && found.cls.native !== undefined) return found.cls === staticmethodClass ? found.callee : new PyMethod(type, found.callee)
  if (found instanceof PyClass || found instanceof Unknown) return found
  const get = lookup(found.cls, '__get__')
  return get === undefined ? found : m.call(get, [found, object, type])
}

/** Binds what a class attribute lookup on a class gave. */
function bindToClass(m: Interpreter, found: Value, cls: PyClass): Value {
  if (!(found instanceof PyObject) || found instanceof PyFunction || found instanceof NativeFunction || found instanceof PyClass) return found
  if (found instanceof PyWrapper && found.cls.native !== undefined) return found.cls === staticmethodClass ? found.callee : new PyMethod(cls, found.callee)
  if (found instanceof PyProperty && found.cls.native !== undefined) return found
  if (found instanceof Unknown) return found
  const get = lookup(found.cls, '__get__')
  return get === undefined ? found : m.call(get, [found, null, cls])
}

function isDataDescriptor(found: Value): boolean {
  if (!(found instanceof PyObject) || found instanceof PyFunction || found instanceof NativeFunction || found instanceof PyClass || found instanceof Unknown) return false
  if (found instanceof PyProperty) return true
  return lookup(found.cls, '__set__') !== undefined || lookup(found.cls, '__delete__') !== undefined
}

export function getAttribute(m: Interpreter, object: Value, name: string): Value {
  const found = findAttribute(m, object, name)
  if (found !== undefined) return found
  attributeMissing(m, object, name)
}

export function attributeMissing(m: Interpreter, object: Value, name: string): never {
  if (object instanceof PyModule) m.raise('AttributeError', `module '${object.name}' has no attribute '${name}'`)
  if (object instanceof PyClass) m.raise('AttributeError', `type object '${object.name}' has no attribute '${name}'`)
  m.raise('AttributeError', `'${m.typeOf(object).name}' object has no attribute '${name}'`)
}

/** `undefined` where Python raises AttributeError. */
export function findAttribute(m: Interpreter, object: Value, name: string): Value | undefined {
  if (object instanceof Unknown) return object instanceof PartlyKnown ? partOf(m, object, name) : object
  const type = m.typeOf(object)
  const custom = type.native === undefined || type.mro.length > 2 ? lookup(type, '__getattribute__') : undefined
  try {
    if (custom instanceof PyFunction) return m.call(custom, [object, name])
    const found = plainAttribute(m, object, type, name)
    if (found !== undefined) return found
  } catch (error) {
    if (!(error instanceof PyRaise) || !m.isInstance(error.exception, m.exceptionClasses.get('AttributeError')!)) throw error
    if (lookup(type, '__getattr__') === undefined) return undefined
  }
  const fallback = lookup(type, '__getattr__')
  if (fallback === undefined) return object instanceof PyObject ? opaqueAttribute(object) : undefined
  if (fallback instanceof NativeFunction && fallback.find !== undefined) {
    m.spend(1)
    const found = fallback.find(m, object, name)
    return found === undefined && object instanceof PyObject ? opaqueAttribute(object) : found
  }
  try {
    return m.call(fallback, [object, name])
  } catch (error) {
    if (error instanceof PyRaise && m.isInstance(error.exception, m.exceptionClasses.get('AttributeError')!)) {
      const opaque = object instanceof PyObject ? opaqueAttribute(object) : undefined
      if (opaque !== undefined) return opaque
      m.pendingAttributeError = error
      return undefined
    }
    throw error
  }
}

function partOf(m: Interpreter, object: PartlyKnown, name: string): Value {
  const part = object.attribute(m, name)
  if (part !== undefined) return part
  // Of a mapping of which only some items are known.
  return name === 'get' ? fn('get(key, default=None)', (inner, [key]) => itemOf(inner, object, key)) : object
}

/** An item of something that is not known, where a person has said it. */
export function itemOf(m: Machine, object: Unknown, key: Value): Value {
  const part = object instanceof PartlyKnown ? object.item(m, key) : undefined
  return part === undefined ? object : part
}

/** When a base of the class is not known, neither is whether it has the attribute. */
function opaqueAttribute(object: PyObject): Unknown | undefined {
  if (object.doubt !== undefined && !(object instanceof PyClass)) return object.doubt
  const cls = object instanceof PyClass ? object : object.cls
  for (const one of cls.mro) if (one.opaque !== undefined) return one.opaque
  return undefined
}

/** `object.__getattribute__`: without `__getattr__`. */
export function plainAttribute(m: Interpreter, object: Value, type: PyClass, name: string): Value | undefined {
  if (object instanceof PyClass) return classAttribute(m, object, name)
  if (type === superClass) return superAttribute(m, object as PyInstance, name)
  // A class keeps its qualified name beside its attributes, its instances have none; a function's module and text are its own.
  const isOwn = name === '__qualname__' || ((name === '__module__' || name === '__doc__') && (object instanceof PyFunction || object instanceof NativeFunction || object instanceof PyMethod))
  const found = isOwn ? undefined : lookup(type, name)
  if (found !== undefined && isDataDescriptor(found)) return bind(m, found, object, type)
  if (object instanceof PyObject) {
    const own = object.attrs?.get(name)
    if (own !== undefined) {
      if (object.doubt !== undefined) m.doubtRead(object.doubt)
      return own
    }
    if (name === '__dict__' && object.attrs !== undefined) return namespaceOf(object)
    if (object instanceof PyModule) return moduleAttribute(m, object, name)
  }
  if (object instanceof PyFunction) {
    const own = functionAttribute(m, object, name)
    if (own !== undefined) return own
  }
  if (found !== undefined) return bind(m, found, object, type)
  if (name === '__class__') return type
  return nativeAttribute(m, object, name)
}

export interface SuperHost { readonly after: PyClass, readonly self: Value, readonly type: PyClass }

/** Looks on along the mro of the object's own class, behind the class that asked. */
function superAttribute(m: Interpreter, object: PyInstance, name: string): Value | undefined {
  const { after, self, type } = object.host as SuperHost
  const start = type.mro.indexOf(after) + 1
  for (let i = start; i < type.mro.length; i++) {
    const one = type.mro[i]!
    const found = one.attrs.get(name)
    if (found === undefined) {
      if (one.opaque !== undefined) return one.opaque
      continue
    }
    if (self === type) return bindToClass(m, found, type)
    return bind(m, found, self, type)
  }
  if (name === '__class__') return superClass
  return after.opaque ?? type.opaque
}

/** The dict that Python sees of an object's attributes: the same Map. */
export function namespaceOf(object: PyObject): PyDict {
  return new PyDict(object.attrs as Map<never, Value>, undefined, object)
}

function moduleAttribute(m: Interpreter, module: PyModule, name: string): Value | undefined {
  const hook = module.attrs.get('__getattr__')
  if (hook !== undefined && module.file !== undefined) return m.call(hook, [name])
  const found = module.fallback?.(m, name)
  if (found !== undefined) return found
  const inherited = lookup(moduleClass, name)
  if (inherited !== undefined) return bind(m, inherited, module, moduleClass)
  if (name === '__class__') return module.cls
  return module.doubt
}

function classAttribute(m: Interpreter, cls: PyClass, name: string): Value | undefined {
  const meta = lookup(cls.cls, name)
  if (meta !== undefined && isDataDescriptor(meta)) return bind(m, meta, cls, cls.cls)
  const found = lookup(cls, name)
  if (found !== undefined && !(cls.cls.native !== undefined && found === lookup(objectClass, name) && meta !== undefined && meta !== found && TYPE_FIRST.has(name))) return bindToClass(m, found, cls)
  switch (name) {
    case '__name__': return cls.name
    case '__mro__': return m.makeTuple(cls.mro)
    case '__bases__': return m.makeTuple(cls.bases)
    case '__base__': return cls.bases[0] ?? null
    case '__dict__': return new PyDict(cls.attrs as Map<never, Value>, m.mappingProxy, cls)
    case '__class__': return cls.cls
    case '__doc__': return null
  }
  if (meta !== undefined) return bind(m, meta, cls, cls.cls)
  return undefined
}

const TYPE_FIRST = new Set(['__call__', '__repr__', '__str__'])

function functionAttribute(m: Interpreter, fn: PyFunction, name: string): Value | undefined {
  switch (name) {
    case '__name__': return fn.name
    case '__qualname__': return fn.qualname
    case '__module__': return fn.module.name
    case '__doc__': return fn.code.doc ?? null
    case '__defaults__': return fn.defaults.length === 0 ? null : m.makeTuple(fn.defaults)
    case '__kwdefaults__': return fn.keywordDefaults === undefined ? null : new PyDict(new Map(fn.keywordDefaults))
    case '__globals__': return namespaceOf(fn.module)
    case '__closure__': return fn.closure.length === 0 ? null : m.makeTuple(fn.closure)
    case '__annotations__': return new PyDict(new Map(m.codeAnnotations(fn)))
    case '__code__': return m.codeObject(fn)
    case '__wrapped__': return undefined
    default: return undefined
  }
}

function nativeAttribute(m: Interpreter, object: Value, name: string): Value | undefined {
  if (object instanceof PyMethod) {
    if (name === '__self__') return object.self
    if (name === '__func__') return object.callee
    return findAttribute(m, object.callee, name)
  }
  if (object instanceof NativeFunction) {
    switch (name) {
      case '__name__':
      case '__qualname__': return object.name
      case '__module__': return object.attrs?.get(name) ?? 'builtins'
      case '__doc__': return null
    }
  }
  if (object instanceof PyProperty) {
    switch (name) {
      case 'fget': return object.getter
      case 'fset': return object.setter
      case 'fdel': return object.deleter
      case '__doc__': return object.getter instanceof PyFunction ? object.getter.code.doc ?? null : null
    }
  }
  if (object instanceof PyWrapper) {
    if (name === '__func__' || name === '__wrapped__') return object.callee
    return findAttribute(m, object.callee, name)
  }
  if (name === '__doc__') return null
  return undefined
}

/** For a call `object.name(...)`: a plain function and its `self` without the bound method in between. */
export function loadMethod(m: Interpreter, stack: Value[], object: Value, name: string): void {
  if (object instanceof PyObject && !(object instanceof PyClass) && !(object instanceof PyModule) && !(object instanceof Unknown)) {
    const { cls } = object
    const found = cls === superClass ? undefined : lookup(cls, name)
    if ((found instanceof PyFunction || (found instanceof NativeFunction && found.isMethod)) && object.attrs?.get(name) === undefined && !(lookup(cls, '__getattribute__') instanceof PyFunction)) {
      if (object.doubt !== undefined && object.attrs !== undefined) m.doubtRead(object.doubt)
      stack.push(found, object)
      return
    }
  } else if (typeof object === 'string') {
    const found = lookup(m.typeOf(object), name)
    if (found instanceof NativeFunction && found.isMethod) { stack.push(found, object); return }
  }
  stack.push(getAttributeOrPending(m, object, name), MISSING.value!)
}

/** As `getAttribute`, but an AttributeError that `__getattr__` itself raised keeps its own message. */
export function getAttributeOrPending(m: Interpreter, object: Value, name: string): Value {
  m.pendingAttributeError = undefined
  const found = findAttribute(m, object, name)
  if (found !== undefined) return found
  if (m.pendingAttributeError !== undefined) {
    const error: PyRaise = m.pendingAttributeError
    m.pendingAttributeError = undefined
    throw error
  }
  attributeMissing(m, object, name)
}

export function setAttribute(m: Interpreter, object: Value, name: string, value: Value): void {
  if (object instanceof Unknown) {
    if (object instanceof PartlyKnown) object.dropAttribute(name)
    m.changeUnknown(object, value)
    return
  }
  const type = m.typeOf(object)
  const custom = lookup(type, '__setattr__')
  if (custom !== undefined && !(custom instanceof NativeFunction && custom.isDefault)) { m.call(custom, [object, name, value]); return }
  if (!(object instanceof PyObject)) m.raise('AttributeError', `'${type.name}' object has no attribute '${name}'`)
  setPlainAttribute(m, object, name, value)
}

/** `object.__setattr__`. */
export function setPlainAttribute(m: Interpreter, object: PyObject, name: string, value: Value): void {
  if (object instanceof PyClass) { setClassAttribute(m, object, name, value); return }
  const found = lookup(object.cls, name)
  if (found instanceof PyProperty) {
    if (found.setter === null) m.raise('AttributeError', `property '${name}' of '${object.cls.name}' object has no setter`)
    m.call(found.setter, [object, value])
    return
  }
  if (found !== undefined && found instanceof PyObject && !(found instanceof PyFunction) && !(found instanceof PyClass) && !(found instanceof Unknown)) {
    const set = lookup(found.cls, '__set__')
    if (set !== undefined) { m.call(set, [found, object, value]); return }
  }
  if (object instanceof PyFunction && setFunctionAttribute(m, object, name, value)) return
  if (name === '__class__' && value instanceof PyClass) { m.touch(object); object.cls = value; return }
  if (name === '__dict__' && value instanceof PyDict) {
    m.touch(object)
    object.attrs = value.values as Map<string, Value>
    return
  }
  const { attrs } = object
  if (attrs === undefined) {
    if (object.cls.native !== undefined) m.raise('AttributeError', `'${object.cls.name}' object has no attribute '${name}'`)
    m.touch(object)
    object.attrs = new Map([[name, value]])
    return
  }
  m.checkSlots(object, name)
  m.touch(object)
  attrs.set(name, value)
  m.allocate(1)
}

function setFunctionAttribute(m: Interpreter, fn: PyFunction, name: string, value: Value): boolean {
  switch (name) {
    case '__name__': m.touch(fn); if (typeof value === 'string') fn.name = value; return true
    case '__qualname__': m.touch(fn); if (typeof value === 'string') fn.qualname = value; return true
    case '__defaults__': m.touch(fn); fn.defaults = value === null ? [] : (m.items(value) as readonly Value[]); return true
    case '__kwdefaults__': m.touch(fn); fn.keywordDefaults = value instanceof PyDict ? value.values as ReadonlyMap<string, Value> : undefined; return true
    default: return false
  }
}

function setClassAttribute(m: Interpreter, cls: PyClass, name: string, value: Value): void {
  const meta = lookup(cls.cls, name)
  if (meta !== undefined && isDataDescriptor(meta) && meta instanceof PyObject) {
    if (meta instanceof PyProperty) { if (meta.setter !== null) { m.call(meta.setter, [cls, value]); return } } else {
      const set = lookup(meta.cls, '__set__')
      if (set !== undefined) { m.call(set, [meta, cls, value]); return }
    }
  }
  if (cls.native !== undefined && cls.attrs.get('__module__') === 'builtins') m.raise('TypeError', `cannot set '${name}' attribute of immutable type '${cls.name}'`)
  m.touch(cls)
  cls.attrs.set(name, value)
  classChanged()
}

export function deleteAttribute(m: Interpreter, object: Value, name: string): void {
  if (object instanceof Unknown) { m.changeUnknown(object); return }
  const type = m.typeOf(object)
  const custom = lookup(type, '__delattr__')
  if (custom !== undefined && !(custom instanceof NativeFunction && custom.isDefault)) { m.call(custom, [object, name]); return }
  if (!(object instanceof PyObject)) m.raise('AttributeError', `'${type.name}' object has no attribute '${name}'`)
  deletePlainAttribute(m, object, name)
}

/** `object.__delattr__`. */
export function deletePlainAttribute(m: Interpreter, object: PyObject, name: string): void {
  const found = object instanceof PyClass ? undefined : lookup(object.cls, name)
  if (found instanceof PyProperty) {
    if (found.deleter === null) m.raise('AttributeError', `property '${name}' of '${object.cls.name}' object has no deleter`)
    m.call(found.deleter, [object])
    return
  }
  if (found instanceof PyObject && !(found instanceof PyFunction) && !(found instanceof PyClass)) {
    const remove = lookup(found.cls, '__delete__')
    if (remove !== undefined) { m.call(remove, [found, object]); return }
  }
  m.touch(object)
  if (object.attrs?.delete(name) !== true) {
    if (object.doubt !== undefined) return
    attributeMissing(m, object, name)
  }
  if (object instanceof PyClass) classChanged()
}

