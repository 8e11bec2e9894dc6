/** A question that our own Python sources ask and Python code cannot: is anything about these values not known? */

import { fn } from '../native.ts'
import { PyDict, PyList, PyObject, PyTuple, Unknown, type Value } from '../value.ts'

/** True when one of the arguments, or an item of a tuple, list or dict among them, is Unknown. */
export const notKnown = fn('_not_known(*values)', (_m, [values]) => (values as PyTuple).items.some((one) => hasUnknown(one, 2)))

/** True when the value itself is Unknown, whose own operations would all give it back. */
export const isUnknown = fn('_is_unknown(value)', (_m, [value]) => value instanceof Unknown)

function hasUnknown(value: Value, levels: number): boolean {
  if (value instanceof Unknown || (value instanceof PyObject && value.doubt !== undefined)) return true
  if (levels === 0) return false
  if (value instanceof PyTuple || value instanceof PyList) return value.items.some((one) => hasUnknown(one, levels - 1))
  if (!(value instanceof PyDict)) return false
  for (const one of value.values.values()) if (hasUnknown(one, levels - 1)) return true
  return false
}
