/**
 * In what order CPython hands out the items of a set. Strings are hashed with a salt of the run, objects by their address:
 * which of them comes first is not known, and neither is an item of a list that was made from such a set. A loop over one still
 * runs in the order in which it was written.
 */

import { PyIterator, PyList, PySet, PyTuple, type Value } from '../value.ts'

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

/** Whether something hands out its items in the order of a set that is not known. */
export function comesShuffled(value: Value | undefined): boolean {
  if (value instanceof PySet) return itemsInOrder(value) === undefined
  return (value instanceof PyList || value instanceof PyTuple || value instanceof PyIterator) && value.isShuffled
}

/** Of a sequence that was made from others in their order. */
export function shuffledAs<T extends PyList | PyTuple>(made: T, ...from: readonly Value[]): T {
  if (from.some(comesShuffled)) made.isShuffled = true
  return made
}

export const SHUFFLED = 'which item of a set comes first differs from run to run'
