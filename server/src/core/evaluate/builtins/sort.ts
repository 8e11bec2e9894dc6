/** Python's stable sort, by `<` alone. */

import { compareReals, compareText, compareValues, isTrue } from '../operate/compare.ts'
import type { Interpreter } from '../run/frame.ts'
import { PyFloat, Unknown, type Value } from '../value.ts'

/** Sorted copy, or the Unknown that a comparison gave. `onTie` is told when two different ones stand as they stood before, because neither is less. */
export function sortItems(m: Interpreter, items: readonly Value[], key: Value, isReversed: boolean, onTie?: () => void): Value[] | Unknown {
  const keyed: { key: Value, value: Value }[] = []
  for (const value of items) {
    const made = key === null ? value : m.call(key, [value])
    if (made instanceof Unknown) return made
    keyed.push({ key: made, value })
  }
  if (isReversed) keyed.reverse()
  const sorted = mergeSort(m, keyed)
  if (sorted instanceof Unknown) return sorted
  for (let i = 1; onTie !== undefined && i < sorted.length; i++) if (sorted[i - 1]!.value !== sorted[i]!.value && less(m, sorted[i - 1]!.key, sorted[i]!.key) !== true) onTie()
  const result = sorted.map((one) => one.value)
  return isReversed ? result.reverse() : result
}

function less(m: Interpreter, a: Value, b: Value): boolean | Unknown {
  if (typeof a === 'number' && typeof b === 'number') return a < b
  if (typeof a === 'string' && typeof b === 'string') return compareText(a, b) < 0
  if (a instanceof PyFloat && b instanceof PyFloat) return compareReals(a.value, b.value) < 0
  return isTrue(m, compareValues(m, '<', a, b))
}

/** Bottom-up merge sort: comparisons may run Python code, so the host's sort with its throwing comparator is no fit. */
function mergeSort<T extends { key: Value }>(m: Interpreter, items: T[]): T[] | Unknown {
  let from = items
  let into: T[] = new Array<T>(items.length)
  for (let width = 1; width < items.length; width *= 2) {
    for (let start = 0; start < items.length; start += 2 * width) {
      const middle = Math.min(start + width, items.length)
      const end = Math.min(start + 2 * width, items.length)
      let i = start
      let j = middle
      for (let k = start; k < end; k++) {
        if (i < middle && j < end) {
          m.spend(1)
          const isLess = less(m, from[j]!.key, from[i]!.key)
          if (isLess instanceof Unknown) return isLess
          into[k] = isLess ? from[j++]! : from[i++]!
        } else into[k] = i < middle ? from[i++]! : from[j++]!
      }
    }
    ;[from, into] = [into, from === items ? new Array<T>(items.length) : from]
  }
  return from
}
