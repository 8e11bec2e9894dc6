/** Whether a class is fully known. */

import { PyObject, type Unknown, type Value } from '../value.ts'

/** Why the class of a value is not fully known: it may have the method that was not found. */
export function opaqueOf(value: Value): Unknown | undefined {
  if (!(value instanceof PyObject)) return undefined
  for (const one of value.cls.mro) if (one.opaque !== undefined) return one.opaque
  return undefined
}
