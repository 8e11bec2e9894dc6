/** Set inclusion. */

import type { PySet } from '../value.ts'

export function isSubsetOf(a: PySet, b: PySet): boolean {
  for (const key of a.values.keys()) if (!b.values.has(key)) return false
  return true
}
