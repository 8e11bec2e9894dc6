/**
 * In what order CPython hands out the items of a set. Strings are hashed with a salt of the run, objects by their address:
 * which of them comes first is not known, and neither is an item of a list that was made from such a set.
 */

import type { PySet, PyObject, Value } from '../value.ts'

/** CPython's smallest table (PySet_MINSIZE), and up to how many items it holds before it grows. */
const SMALLEST_TABLE = 8
const ITEMS_OF_SMALLEST = 4

/** The items in CPython's order: known for one item at most, and for ints that are smaller than any table they may stand in. */
export function itemsInOrder({ values }: PySet): readonly Value[] | undefined {
  if (values.size < 2) return [...values.values()]
  // Objects/setobject.c: a table is grown to the next power of two above twice the items, or more.
  let table = SMALLEST_TABLE
  if (values.size > ITEMS_OF_SMALLEST) while (table <= 2 * values.size) table *= 2
  const keys: number[] = []
  for (const key of values.keys()) {
    if (typeof key !== 'number' || !Number.isInteger(key) || key < 0 || key >= table) return undefined
    keys.push(key)
  }
  return keys.sort((a, b) => a - b).map((key) => values.get(key)!)
}

/** Several ints whose order is the same in every run, but hangs on the size of the table and on what stood in it before. */
export function isOrderOfTable(set: PySet): boolean {
  if (set.values.size < 2) return false
  for (const key of set.values.keys()) if (typeof key !== 'number' && typeof key !== 'bigint') return false
  return itemsInOrder(set) === undefined
}

const shuffled = new WeakSet<PyObject>()
let isAnyShuffled = false

/** A list or tuple whose items stand in the order of a set that is not known. */
export function markShuffled(object: PyObject): void {
  shuffled.add(object)
  isAnyShuffled = true
}

export function isShuffled(object: PyObject): boolean {
  return isAnyShuffled && shuffled.has(object)
}

export function forgetShuffled(object: PyObject): void {
  if (isAnyShuffled) shuffled.delete(object)
}

export const SHUFFLED = 'which item of a set comes first differs from run to run'
