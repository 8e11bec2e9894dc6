/** Raising and matching exceptions. */

import type { Interpreter } from '../run/frame.ts'
import { PyClass, PyObject, PyTuple, Unknown, type Value } from '../value.ts'

/** The exception object for `raise value`. An Unknown value raises one that no handler is known to match. */
export function makeException(m: Interpreter, value: Value): PyObject {
  if (value instanceof PyClass) {
    const made = m.newInstance(value)
    if (made instanceof PyObject) return made
  }
  if (value instanceof Unknown) return value
  if (value instanceof PyObject && m.isSubclass(value.cls, m.exceptionClasses.get('BaseException')!)) return value
  m.raise('TypeError', 'exceptions must derive from BaseException')
}

/** Whether an `except type:` takes the exception. */
export function exceptionMatches(m: Interpreter, exception: PyObject, type: Value): boolean | Unknown {
  if (type instanceof Unknown) return type
  if (type instanceof PyTuple) {
    let open: Unknown | undefined
    for (const one of type.items) {
      const matches = exceptionMatches(m, exception, one)
      if (matches === true) return true
      if (matches instanceof Unknown) open ??= matches
    }
    return open ?? false
  }
  if (!(type instanceof PyClass)) m.raise('TypeError', 'catching classes that do not inherit from BaseException is not allowed')
  if (exception instanceof Unknown) return type === m.exceptionClasses.get('BaseException') || type === m.exceptionClasses.get('Exception') ? true : exception
  return m.isSubclass(exception.cls, type)
}

