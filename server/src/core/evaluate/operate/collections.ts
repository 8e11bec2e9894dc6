/** Operators of sets and dicts. */

import type { BinaryOperator } from '../../syntax/ast.ts'
import { dictClass, frozensetClass, setClass } from '../core-classes.ts'
import type { Interpreter } from '../run/frame.ts'
import { type DictKey, PyDict, PySet, type Value } from '../value.ts'

/** `a op b`, of the kind of `a`; `undefined` for an operator sets do not have. */
export function setOperation(m: Interpreter, name: BinaryOperator, a: PySet, b: PySet): PySet | undefined {
  const values = new Map<DictKey, Value>()
  switch (name) {
    case '|': for (const source of [a, b]) for (const [key, value] of source.values) if (!values.has(key)) values.set(key, value); break
    case '&': for (const [key, value] of a.values) if (b.values.has(key)) values.set(key, value); break
    case '-': for (const [key, value] of a.values) if (!b.values.has(key)) values.set(key, value); break
    case '^':
      for (const [key, value] of a.values) if (!b.values.has(key)) values.set(key, value)
      for (const [key, value] of b.values) if (!a.values.has(key)) values.set(key, value)
      break
    default: return undefined
  }
  m.allocate(values.size)
  const result = new PySet(values, m.isSubclass(a.cls, frozensetClass) ? frozensetClass : setClass)
  result.doubt = a.doubt ?? b.doubt
  return result
}

export function unionOf(m: Interpreter, a: PyDict, b: PyDict): PyDict {
  const result = new PyDict(new Map(a.values), a.cls.native === undefined || a.cls === m.mappingProxy ? dictClass : a.cls)
  result.originals = a.originals === undefined ? undefined : new Map(a.originals)
  result.doubt = a.doubt ?? b.doubt
  for (const [key, value] of m.dictEntries(b)) m.dictSet(result, key, value)
  return result
}
