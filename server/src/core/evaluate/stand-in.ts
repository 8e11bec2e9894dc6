/**
 * Classes of packages that are not evaluated, by name: each is itself and no other class, so that registries and isinstance
 * answer; what it has and what its instances do is Unknown.
 */

import { typeClass } from './core-classes.ts'
import { method, nativeClass } from './native.ts'
import { type Machine, type PyClass, PyObject, Unknown, type Value } from './value.ts'

const OPERATIONS = ['__call__', '__getitem__', '__len__', '__iter__', '__contains__', '__enter__', '__exit__', '__add__', '__radd__', '__sub__', '__rsub__', '__mul__', '__rmul__', '__truediv__', '__floordiv__', '__mod__', '__neg__',
  '__eq__', '__ne__', '__lt__', '__le__', '__gt__', '__ge__', '__hash__', '__bool__', '__str__', '__repr__', '__format__', '__int__', '__float__']

export function standInClass(module: string, name: string): PyClass {
  const notKnown = (m: Machine, what: string): Unknown => new Unknown(`${module}.${name}${what} is not evaluated`, m.here(), { isHarmless: true, isPlain: true })
  const attribute = (m: Machine, asked: Value): Value => typeof asked === 'string' && asked.startsWith('_') ? m.raise('AttributeError', asked) : notKnown(m, `.${String(asked instanceof PyObject ? '?' : asked)}`)
  const metaclass = nativeClass({ name: 'type', module: 'builtins', bases: [typeClass], methods: [method('__getattr__(cls, name)', (m, [, asked]) => attribute(m, asked))] })
  return nativeClass({
    name, module, metaclass,
    methods: [
      method('__init__(self, *args, **kwargs)', () => null),
      method('__getattr__(self, name)', (m, [, asked]) => attribute(m, asked)),
      ...OPERATIONS.map((operation) => method(`${operation}(self, *args, **kwargs)`, (m) => notKnown(m, ''))),
    ],
  })
}
