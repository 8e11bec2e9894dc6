/** Instructions of the match statement. */

import { MISSING, PyBoxed, PyBytes, PyClass, PyDict, PyFloat, PyList, PyRange, PySet, PyTuple, Unknown, type Value } from '../value.ts'
import { choosing } from './choices.ts'
import type { Handler } from './frame.ts'

export const matchSequence: Handler = choosing(1, (_m, f, arg) => {
  const { before, after, isOpen } = f.instructions.extras[arg] as { before: number, after: number, isOpen: boolean }
  const value = f.stack.pop()!
  if (value instanceof Unknown) { f.stack.push(value); return }
  if (!(value instanceof PyList || value instanceof PyTuple || value instanceof PyRange)) { f.stack.push(false); return }
  const length = value instanceof PyRange ? value.length : value.items.length
  f.stack.push(isOpen ? length >= before + after : length === before)
})

/** [subject keys] -> a tuple of the values (and the rest), the null marker, or Unknown. */
export const matchMapping: Handler = choosing(2, (m, f, arg) => {
  const keys = f.stack.pop() as PyTuple
  const value = f.stack.pop()!
  if (value instanceof Unknown) { f.stack.push(value); return }
  if (!(value instanceof PyDict)) { f.stack.push(MISSING.value!); return }
  const found: Value[] = []
  for (const key of keys.items) {
    const item = m.dictGet(value, key)
    if (item === undefined) { f.stack.push(value.doubt ?? MISSING.value!); return }
    found.push(item)
  }
  if (arg === 1) {
    const rest = new PyDict()
    for (const [key, item] of m.dictEntries(value)) m.dictSet(rest, key, item)
    for (const key of keys.items) m.dictDelete(rest, key)
    found.push(rest)
  }
  f.stack.push(new PyTuple(found))
})

/** [subject class] -> a tuple of the values, the null marker, or Unknown. */
export const matchClass: Handler = choosing(2, (m, f, arg) => {
  const { positional, keywords } = f.instructions.extras[arg] as { positional: number, keywords: readonly string[] }
  const cls = f.stack.pop()!
  const value = f.stack.pop()!
  if (value instanceof Unknown || cls instanceof Unknown) { f.stack.push(value instanceof Unknown ? value : cls); return }
  if (!(cls instanceof PyClass)) return m.raise('TypeError', 'called match pattern must be a class')
  if (!m.isInstance(value, cls)) { f.stack.push(MISSING.value!); return }
  const found: Value[] = []
  if (positional === 1 && isSelfMatching(value) && m.lookup(cls, '__match_args__') === undefined) found.push(value)
  else if (positional > 0) {
    const names = m.findAttribute(cls, '__match_args__')
    if (!(names instanceof PyTuple) || names.items.length < positional) return m.raise('TypeError', `${cls.name}() accepts ${names instanceof PyTuple ? names.items.length : 0} positional sub-patterns (${positional} given)`)
    for (let i = 0; i < positional; i++) {
      const item = m.findAttribute(value, names.items[i] as string)
      if (item === undefined) { f.stack.push(MISSING.value!); return }
      found.push(item)
    }
  }
  for (const name of keywords) {
    const item = m.findAttribute(value, name)
    if (item === undefined) { f.stack.push(MISSING.value!); return }
    found.push(item)
  }
  f.stack.push(new PyTuple(found))
})

/** The built-in classes of which `C(x)` binds the whole subject. */
function isSelfMatching(value: Value): boolean {
  return typeof value !== 'object' || value instanceof PyFloat || value instanceof PyBoxed || value instanceof PyBytes || value instanceof PyDict || value instanceof PyList || value instanceof PySet || value instanceof PyTuple
}

export const isFound: Handler = (_m, f) => {
  const value = f.stack.pop()!
  f.stack.push(value instanceof Unknown ? value : value !== MISSING.value)
}
