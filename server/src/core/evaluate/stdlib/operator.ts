/** operator, in Python of our own: one function per operator. */

import type { NativeModule } from '../native.ts'
import { knownName } from './known-names.ts'

const BINARY: Readonly<Record<string, string>> = {
  add: '+', sub: '-', mul: '*', truediv: '/', floordiv: '//', mod: '%', pow: '**', matmul: '@', lshift: '<<', rshift: '>>', and_: '&', or_: '|', xor: '^',
  lt: '<', le: '<=', eq: '==', ne: '!=', gt: '>', ge: '>=', is_: 'is', is_not: 'is not',
}
const INPLACE = ['add', 'sub', 'mul', 'truediv', 'floordiv', 'mod', 'pow', 'matmul', 'lshift', 'rshift', 'and_', 'or_', 'xor']
const UNARY: Readonly<Record<string, string>> = { neg: '-', pos: '+', invert: '~', inv: '~', not_: 'not ' }

const functions = [
  ...Object.entries(BINARY).map(([name, operator]) => `def ${name}(a, b, /):\n    return a ${operator} b\n__${name.replace('_', '')}__ = ${name}\n`),
  ...INPLACE.map((name) => `def i${name.replace('_', '')}(a, b, /):\n    a ${BINARY[name]!}= b\n    return a\n`),
  ...Object.entries(UNARY).map(([name, operator]) => `def ${name}(a, /):\n    return ${operator}a\n`),
].join('\n')

const source = String.raw`
def truth(a, /):
    return True if a else False

def abs(a, /):
    return _abs(a)

def index(a, /):
    return a.__index__()

def concat(a, b, /):
    return a + b

def iconcat(a, b, /):
    a += b
    return a

def contains(a, b, /):
    return b in a

def countOf(a, b, /):
    return sum([1 for one in a if one is b or one == b])

def indexOf(a, b, /):
    for i, one in enumerate(a):
        if one is b or one == b:
            return i
    raise ValueError('sequence.index(x): x not in sequence')

def getitem(a, b, /):
    return a[b]

def setitem(a, b, c, /):
    a[b] = c

def delitem(a, b, /):
    del a[b]

def length_hint(obj, default=0, /):
    try:
        return len(obj)
    except TypeError:
        pass
    hint = getattr(type(obj), '__length_hint__', None)
    return default if hint is None else hint(obj)

def call(obj, /, *args, **kwargs):
    return obj(*args, **kwargs)


class attrgetter:
    def __init__(self, attr, /, *attrs):
        for one in (attr, *attrs):
            if not isinstance(one, str):
                raise TypeError('attribute name must be a string')
        self._attrs = (attr, *attrs)

    def _get(self, obj, attr):
        for name in attr.split('.'):
            obj = getattr(obj, name)
        return obj

    def __call__(self, obj, /):
        if len(self._attrs) == 1:
            return self._get(obj, self._attrs[0])
        return tuple([self._get(obj, one) for one in self._attrs])

    def __repr__(self):
        return f'operator.attrgetter({", ".join(map(repr, self._attrs))})'


class itemgetter:
    def __init__(self, item, /, *items):
        self._items = (item, *items)

    def __call__(self, obj, /):
        if len(self._items) == 1:
            return obj[self._items[0]]
        return tuple([obj[one] for one in self._items])

    def __repr__(self):
        return f'operator.itemgetter({", ".join(map(repr, self._items))})'


class methodcaller:
    def __init__(self, name, /, *args, **kwargs):
        if not isinstance(name, str):
            raise TypeError('method name must be a string')
        self._name, self._args, self._kwargs = name, args, kwargs

    def __call__(self, obj, /):
        return getattr(obj, self._name)(*self._args, **self._kwargs)
`

export const operatorModule: NativeModule = { name: 'operator', build: () => ({}), source: `_abs = abs\n${functions}\n${source}`, missing: knownName('operator') }
