/** The built-in classes as bare objects, made before anything that needs them. Their methods are added in builtins/. */

import { linearise } from './mro.ts'
import {
  type Layout, MISSING, NativeFunction, PyBytes, PyCell, PyClass, PyComplex, PyDict, PyFunction, PyIterator, PyList, PyMethod, PyModule, PyObject, PyProperty, PyRange, PySet, PySlice,
  PyTuple, PyWrapper, Unknown, type Value,
} from './value.ts'

function bootstrap(): { type: PyClass, object: PyClass } {
  // `type` is its own class and `object` its base: each needs the other before it exists.
  const provisional = Object.create(PyClass.prototype) as PyClass
  const type = new PyClass('type', [], new Map(), provisional, { layout: 'class' })
  const object = new PyClass('object', [], new Map(), type)
  type.cls = type
  type.bases = [object]
  type.mro = [type, object]
  object.mro = [object]
  return { type, object }
}

const made = bootstrap()
export const typeClass: PyClass = made.type
export const objectClass: PyClass = made.object

export const builtinClasses = new Map<string, PyClass>([['type', typeClass], ['object', objectClass]])

function define(name: string, bases: readonly PyClass[] = [objectClass], layout: Layout = bases[0]!.layout, module = 'builtins'): PyClass {
  const cls = new PyClass(name, bases, new Map<string, Value>([['__module__', module], ['__qualname__', name]]), typeClass, { layout, native: {} })
  cls.mro = linearise(cls, bases)!
  for (const base of bases) base.subclasses.push(cls)
  builtinClasses.set(name, cls)
  return cls
}

for (const cls of [typeClass, objectClass]) {
  cls.native = {}
  cls.attrs.set('__module__', 'builtins')
  cls.attrs.set('__qualname__', cls.name)
}

export const noneClass = define('NoneType')
export const intClass = define('int', [objectClass], 'boxed')
export const boolClass = define('bool', [intClass], 'boxed')
export const floatClass = define('float', [objectClass], 'boxed')
export const strClass = define('str', [objectClass], 'boxed')
export const bytesClass = define('bytes', [objectClass], 'boxed')
export const bytearrayClass = define('bytearray', [objectClass], 'boxed')
export const complexClass = define('complex')
export const tupleClass = define('tuple', [objectClass], 'tuple')
export const listClass = define('list', [objectClass], 'list')
export const dictClass = define('dict', [objectClass], 'dict')
export const setClass = define('set', [objectClass], 'set')
export const frozensetClass = define('frozenset', [objectClass], 'set')
export const sliceClass = define('slice')
export const rangeClass = define('range')
export const cellClass = define('cell')
export const functionClass = define('function')
export const nativeFunctionClass = define('builtin_function_or_method')
export const methodClass = define('method')
export const moduleClass = define('module')
export const propertyClass = define('property')
export const staticmethodClass = define('staticmethod')
export const classmethodClass = define('classmethod')
export const iteratorClass = define('iterator')
export const generatorClass = define('generator')
export const superClass = define('super')
export const ellipsisClass = define('ellipsis')
export const notImplementedClass = define('NotImplementedType')
export const unknownClass = define('unknown')
export const mappingProxyClass = define('mappingproxy', [dictClass], 'dict')

PyBytes.cls = bytesClass
PyCell.cls = cellClass
PyClass.type = typeClass
PyComplex.cls = complexClass
PyDict.cls = dictClass
PyFunction.cls = functionClass
PyIterator.cls = iteratorClass
PyList.cls = listClass
PyMethod.cls = methodClass
PyModule.cls = moduleClass
PyProperty.cls = propertyClass
PyRange.cls = rangeClass
PySet.cls = setClass
PySet.frozen = frozensetClass
PySlice.cls = sliceClass
PyTuple.cls = tupleClass
PyWrapper.staticmethod = staticmethodClass
PyWrapper.classmethod = classmethodClass
NativeFunction.cls = nativeFunctionClass
Unknown.cls = unknownClass

export const ELLIPSIS = new PyObject(ellipsisClass)
export const NOT_IMPLEMENTED = new PyObject(notImplementedClass)
MISSING.value = new PyObject(objectClass)

/** Importing this file is what makes the classes; calling this keeps bundlers from dropping it. */
export function initialiseBuiltins(): void {
  if (MISSING.value === undefined) throw new TypeError('built-in classes are missing')
}
