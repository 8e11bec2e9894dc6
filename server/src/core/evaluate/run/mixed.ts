/**
 * What a package that hands out no layers makes of what it is given: where that holds layers, or can make them, so may the
 * result (`np.random.choice(layers)`, a decorator of `attr` on a class). Decides nothing else about unknown values.
 */

import { lookup } from '../operate/attributes.ts'
import { Choice, PyClass, PyDict, PyFunction, PyInstance, PyList, PyMethod, PyModule, PySet, PyTuple, Unknown, type Value } from '../value.ts'
import type { Interpreter } from './frame.ts'

/** Containers within containers, and items of one, that are looked into; past them anything may be there. */
const MAX_DEPTH = 4
const MAX_ITEMS = 200

/** The unknown result of values: plain only where none of them can be a layer or make one. */
export function mixed(m: Interpreter, result: Unknown, args: readonly Value[], keywords?: ReadonlyMap<string, Value>): Unknown {
  if (!result.isPlain) return result
  const carries = args.some((value) => canCarry(m, value, MAX_DEPTH)) || (keywords !== undefined && [...keywords.values()].some((value) => canCarry(m, value, MAX_DEPTH)))
  return carries ? new Unknown(result.reason, result.origin, { isHarmless: result.isHarmless }) : result
}

function canCarry(m: Interpreter, value: Value, depth: number): boolean {
  if (typeof value !== 'object' || value === null) return false
  if (value instanceof Unknown) return value instanceof Choice && value.options.some((option) => canCarry(m, option, depth - 1))
  if (value instanceof PyFunction || value instanceof PyMethod || value instanceof PyModule) return true
  if (value instanceof PyClass) return value.native === undefined
  if (value instanceof PyList || value instanceof PyTuple) return anyCarries(m, value.items, depth)
  if (value instanceof PyDict || value instanceof PySet) return anyCarries(m, [...value.values.values()], depth)
  if (!(value instanceof PyInstance)) return false
  return lookup(value.cls, '__call__') !== undefined || (value.attrs !== undefined && anyCarries(m, [...value.attrs.values()], depth))
}

function anyCarries(m: Interpreter, values: readonly Value[], depth: number): boolean {
  if (depth === 0 || values.length > MAX_ITEMS) return values.length > 0
  m.spend(values.length)
  return values.some((value) => canCarry(m, value, depth - 1))
}
