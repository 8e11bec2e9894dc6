/** Small tools for writing the built-in types. */

import { type Machine, type NativeBody, type NativeFunction, type PyClass, PyList, PyTuple, Unknown, type Value } from '../value.ts'
import { method } from '../native.ts'
import { intOf, strOfBoxed } from '../operate/numbers.ts'

/** Adds methods to a class. */
export function addMethods(cls: PyClass, methods: readonly NativeFunction[]): void {
  for (const one of methods) cls.attrs.set(one.name, one)
}

/** A method that ranks behind any other implementation: what `object` provides. */
export function defaultMethod(signature: string, body: NativeBody): NativeFunction {
  const made = method(signature, body)
  made.isDefault = true
  return made
}

export function needText(m: Machine, value: Value, what: string): string {
  const text = strOfBoxed(value)
  if (text === undefined) m.raise('TypeError', `${what} must be str, not ${m.typeOf(value).name}`)
  return text
}

export function needInt(m: Machine, value: Value): number {
  const whole = intOf(value)
  if (whole === undefined) {
    const index = m.lookup(m.typeOf(value), '__index__')
    if (index !== undefined) return needInt(m, m.call(index, [value]))
    m.raise('TypeError', `'${m.typeOf(value).name}' object cannot be interpreted as an integer`)
  }
  return Number(whole)
}

/** The items as a new array, or the Unknown in the way. */
export function arrayOf(m: Machine, value: Value): Value[] | Unknown {
  const items = m.items(value)
  return items instanceof Unknown ? items : [...items]
}

export function list(items: Value[]): PyList { return new PyList(items) }
export function tuple(items: readonly Value[]): PyTuple { return new PyTuple(items) }
