/** operator, and the functions other modules build on. */

import { fn, type NativeModule } from '../native.ts'
import { type BinaryName, binaryOperation, inplaceOperation } from '../operate/arithmetic.ts'
import { type CompareName, compareValues, contains } from '../operate/compare.ts'
import { deleteItem, getItem, setItem } from '../operate/subscript.ts'
import { unaryOperation } from '../operate/unary.ts'
import type { Interpreter } from '../run/frame.ts'
import { type Machine, Unknown, type Value } from '../value.ts'

const vm = (m: Machine): Interpreter => m as Interpreter

const BINARY: readonly (readonly [string, BinaryName])[] = [
  ['add', '+'], ['sub', '-'], ['mul', '*'], ['truediv', '/'], ['floordiv', '//'], ['mod', '%'], ['pow', '**'], ['matmul', '@'], ['lshift', '<<'], ['rshift', '>>'], ['and_', '&'], ['or_', '|'], ['xor', '^'],
]
const COMPARE: readonly (readonly [string, CompareName])[] = [['lt', '<'], ['le', '<='], ['gt', '>'], ['ge', '>='], ['eq', '=='], ['ne', '!='], ['is_', 'is'], ['is_not', 'is not']]

function operators(): Record<string, Value> {
  const names: Record<string, Value> = {}
  const add = (name: string, value: Value): void => { names[name] = value; names[`__${name.replace(/_$/, '')}__`] = value }
  for (const [name, operator] of BINARY) {
    add(name, fn(`${name}(a, b)`, (m, [a, b]) => binaryOperation(vm(m), operator, a, b)))
    add(`i${name.replace(/_$/, '')}`, fn(`i${name}(a, b)`, (m, [a, b]) => inplaceOperation(vm(m), operator, a, b)))
  }
  for (const [name, operator] of COMPARE) add(name, fn(`${name}(a, b)`, (m, [a, b]) => compareValues(vm(m), operator, a, b)))
  add('neg', fn('neg(a)', (m, [a]) => unaryOperation(vm(m), '-', a)))
  add('pos', fn('pos(a)', (m, [a]) => unaryOperation(vm(m), '+', a)))
  add('invert', fn('invert(a)', (m, [a]) => unaryOperation(vm(m), '~', a)))
  add('inv', names['invert']!)
  add('not_', fn('not_(a)', (m, [a]) => { const truth = m.truth(a); return truth instanceof Unknown ? truth : !truth }))
  add('truth', fn('truth(a)', (m, [a]) => m.truth(a)))
  add('abs', fn('abs(a)', (m, [a]) => m.call(vm(m).builtins.get('abs')!, [a])))
  add('index', fn('index(a)', (_m, [a]) => a))
  add('concat', names['add']!)
  add('contains', fn('contains(a, b)', (m, [a, b]) => contains(vm(m), a, b)))
  add('getitem', fn('getitem(a, b)', (m, [a, b]) => getItem(vm(m), a, b)))
  add('setitem', fn('setitem(a, b, c)', (m, [a, b, c]) => { setItem(vm(m), a, b, c); return null }))
  add('delitem', fn('delitem(a, b)', (m, [a, b]) => { deleteItem(vm(m), a, b); return null }))
  return names
}

export const operatorNatives: NativeModule = { name: '_operator', build: operators }

/** The callables that operator makes, as Python. */
export const OPERATOR_SOURCE = `
from _operator import *
from _operator import _names
class attrgetter:
    def __init__(self, attr, *attrs):
        self._attrs = (attr,) + attrs
    def __call__(self, obj):
        def get(name):
            value = obj
            for part in name.split('.'):
                value = getattr(value, part)
            return value
        if len(self._attrs) == 1:
            return get(self._attrs[0])
        return tuple(get(name) for name in self._attrs)
class itemgetter:
    def __init__(self, item, *items):
        self._items = (item,) + items
    def __call__(self, obj):
        if len(self._items) == 1:
            return obj[self._items[0]]
        return tuple(obj[item] for item in self._items)
class methodcaller:
    def __init__(self, name, /, *args, **kwargs):
        self._name, self._args, self._kwargs = name, args, kwargs
    def __call__(self, obj):
        return getattr(obj, self._name)(*self._args, **self._kwargs)
def countOf(a, b):
    return sum(1 for x in a if x is b or x == b)
def indexOf(a, b):
    for i, x in enumerate(a):
        if x is b or x == b:
            return i
    raise ValueError('sequence.index(x): x not in sequence')
def length_hint(obj, default=0):
    try:
        return len(obj)
    except TypeError:
        return default
def call(obj, /, *args, **kwargs):
    return obj(*args, **kwargs)
`.replace('from _operator import _names\n', '')
