/** Unary operators. */

import { PyComplex, PyFloat, PyObject, Unknown, type Value } from '../value.ts'
import type { Interpreter } from '../run/frame.ts'
import { opaqueOf } from './opaque.ts'
import { floatOf, intOf, normalInt } from './numbers.ts'

const SPECIAL = { '-': '__neg__', '+': '__pos__', '~': '__invert__' } as const

export function unaryOperation(m: Interpreter, name: '-' | '+' | '~', a: Value): Value {
  if (a instanceof Unknown) return a
  if (a instanceof PyObject && a.cls.native === undefined) {
    const method = m.lookup(a.cls, SPECIAL[name])
    if (method !== undefined) return m.call(method, [a])
  }
  const whole = intOf(a)
  if (whole !== undefined) {
    if (name === '+') return whole
    if (typeof whole === 'number') return name === '-' ? (whole === 0 ? 0 : -whole) : -whole - 1
    return normalInt(name === '-' ? -whole : ~whole)
  }
  const real = floatOf(a)
  if (real !== undefined && name !== '~') return new PyFloat(name === '-' ? -real : real)
  if (a instanceof PyComplex && name !== '~') return name === '-' ? new PyComplex(-a.re, -a.im) : a
  const method = m.lookup(m.typeOf(a), SPECIAL[name])
  if (method !== undefined) return m.call(method, [a])
  const opaque = opaqueOf(a)
  if (opaque !== undefined) return opaque
  m.raise('TypeError', `bad operand type for unary ${name}: '${m.typeOf(a).name}'`)
}
