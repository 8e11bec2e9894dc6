/** Calls of the standard library whose result is a plain container to everything that follows: dicts, sets and their kin. */

import type { PyDict, Value } from './values.ts'
import { dict, isUnhashable, setItem } from './values.ts'

/** The container that a call makes; undefined when it makes something else. */
export function plainObject(callee: Value, args: Value): Value | undefined {
  if (typeof callee !== 'object' || callee?.kind !== 'global' || typeof args !== 'object' || args?.kind !== 'tuple') return undefined
  const first = args.items[0]
  switch (callee.path) {
    case 'collections.OrderedDict':
      return args.items.length === 0 ? dict(callee.path) : args.items.length === 1 ? pairsDict(callee.path, first!) : undefined
    case 'collections.Counter': {
      if (args.items.length === 0) return dict(callee.path)
      if (args.items.length !== 1 || typeof first !== 'object' || first?.kind !== 'dict') return undefined
      return copyDict(callee.path, first)
    }
    case 'collections.defaultdict':
      return args.items.length <= 1 ? dict(callee.path) : undefined
    case 'builtins.dict':
      return args.items.length === 0 ? dict('dict') : undefined
    case 'builtins.set':
    case 'builtins.frozenset': {
      if (args.items.length === 0) return { kind: 'set', frozen: callee.path === 'builtins.frozenset', items: [] }
      if (args.items.length !== 1 || typeof first !== 'object' || (first?.kind !== 'list' && first?.kind !== 'tuple') || first.items.some(isUnhashable)) return undefined
      return { kind: 'set', frozen: callee.path === 'builtins.frozenset', items: [...first.items] }
    }
    default: return undefined
  }
}

function copyDict(className: PyDict['className'], from: PyDict): PyDict {
  const made = dict(className)
  from.keys.forEach((key, index) => { setItem(made, key, from.values[index]!) })
  return made
}

/** `OrderedDict([[key, value], ...])`, as Python 2 pickled it. */
function pairsDict(className: PyDict['className'], pairs: Value): PyDict | undefined {
  if (typeof pairs !== 'object' || (pairs?.kind !== 'list' && pairs?.kind !== 'tuple')) return undefined
  const made = dict(className)
  for (const pair of pairs.items) {
    if (typeof pair !== 'object' || (pair?.kind !== 'list' && pair?.kind !== 'tuple') || pair.items.length !== 2 || isUnhashable(pair.items[0]!)) return undefined
    setItem(made, pair.items[0]!, pair.items[1]!)
  }
  return made
}
