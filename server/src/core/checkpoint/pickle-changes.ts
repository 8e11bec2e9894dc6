/** What BUILD, APPENDS and SETITEMS do to a symbol. Each returns the rough heap weight of what it keeps; what Python refuses throws `Broken`. */

import { Broken } from './pickle-operands.ts'
import type { PyDict, Value } from './values.ts'
import { dict, isUnhashable, setItems } from './values.ts'

/** BUILD. */
export function setState(target: Value, state: Value): number {
  if (typeof target !== 'object' || target === null) throw new Broken('BUILD on a plain value')
  if (target.kind === 'call') target.state = state
  else if (target.kind === 'dict') target.attributes = state
  return 16
}

/** APPEND, APPENDS and ADDITEMS; the list of items may be kept. */
export function appendItems(target: Value, items: Value[]): number {
  if (typeof target !== 'object' || target === null) throw new Broken('APPEND to a plain value')
  if (target.kind === 'list' || target.kind === 'set') {
    if (target.kind === 'set' && items.some(isUnhashable)) throw new Broken('unhashable value in a set')
    if (target.items.length === 0) target.items = items
    else for (const item of items) target.items.push(item)
  } else if (target.kind === 'call') {
    target.items ??= []
    for (const item of items) target.items.push(item)
  } else if (target.kind !== 'global') throw new Broken(`APPEND to a ${target.kind}`)
  return items.length * (items.length === 1 ? 24 : 16)
}

/** SETITEM, SETITEMS and DICT. */
export function setPairs(target: Value, pairs: readonly Value[]): number {
  if (pairs.length % 2 !== 0) throw new Broken('a key without a value')
  if (typeof target !== 'object' || target === null) throw new Broken('SETITEM on a plain value')
  let into: PyDict | undefined
  if (target.kind === 'dict') into = target
  else if (target.kind === 'call') into = target.entries ??= dict('dict')
  else if (target.kind !== 'global' && target.kind !== 'list' && !(target.kind === 'bytes' && target.mutable)) throw new Broken(`SETITEM on a ${target.kind}`)
  if (into) {
    for (let index = 0; index < pairs.length; index += 2) if (isUnhashable(pairs[index]!)) throw new Broken('unhashable key')
    setItems(into, pairs)
  }
  return (into !== undefined && into.keys.length * 2 <= pairs.length ? 96 : 0) + pairs.length * 28
}
