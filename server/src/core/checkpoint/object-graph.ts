/** One pass over everything a pickle built, each object once: which of it leads to a tensor, and how large it is when written out. */

import * as limits from './limits.ts'
import { TensorCall } from './tensor-call.ts'
import type { PyGlobal, Value } from './values.ts'

export interface ObjectGraph {
  /** True when a tensor or storage can be reached from the value. */
  leadsToTensor(value: Value): boolean
  /** How many values a copy or a print of the root would visit; Infinity when it contains itself. */
  readonly expanded: number
  /** How many objects there are, each counted once. */
  readonly distinct: number
  /** True when something in it contains itself. */
  readonly cyclic: boolean
}

type Holder = Exclude<Value, null | boolean | number | bigint | string | PyGlobal>

/** How many values an object holds in all, below 0 when none of them is a tensor; `open` while that is worked out. */
type Surveyed = Map<Holder, number>

const open = 0

/** Lists and dicts of up to so many plain values are looked at again each time, which takes less than to remember them. */
const small = 8

export function surveyObjects(root: Value, isTensor: (value: Value) => boolean): ObjectGraph {
  const surveyed: Surveyed = new Map()
  const stack: { readonly value: Holder, readonly children: readonly Value[], next: number }[] = []
  let cyclic = false
  let distinct = 0
  const enter = (value: Value): void => {
    if (!isHolder(value) || value instanceof TensorCall) return
    if (isBarren(value)) {
      distinct += 1
      return
    }
    const known = surveyed.get(value)
    if (known === open) {
      cyclic = true
      distinct += 1
      return
    }
    if (known !== undefined || isTensor(value)) return
    distinct += 1
    surveyed.set(value, open)
    stack.push({ value, children: heldBy(value), next: 0 })
  }
  enter(root)
  while (stack.length > 0) {
    const frame = stack.at(-1)!
    if (frame.next < frame.children.length) {
      // Tensors lead nowhere further: a dict of them costs no turn for each.
      const { children } = frame
      while (frame.next < children.length && children[frame.next] instanceof TensorCall) frame.next += 1
      if (frame.next < children.length) enter(children[frame.next++]!)
      continue
    }
    stack.pop()
    let leads = false
    let size = 1
    frame.children.forEach((child) => {
      if (!isHolder(child)) size += 1
      else if (child instanceof TensorCall) {
        leads = true
        size += 1
        distinct += 1
      } else {
        const known = surveyed.get(child)
        if (known === undefined) {
          const barren = isBarren(child)
          const tensor = !barren && isTensor(child)
          leads ||= tensor
          size += barren ? 1 + heldBy(child).length : tensor ? 1 : 0
        } else {
          leads ||= known > 0
          size += Math.abs(known)
        }
      }
    })
    surveyed.set(frame.value, leads ? size : -size)
  }
  // Inside a cycle an object may have been closed before what it leads to was known.
  if (cyclic) spreadBackwards(surveyed)
  return {
    cyclic,
    distinct,
    leadsToTensor: (value) => isHolder(value) && (value instanceof TensorCall || (surveyed.get(value) ?? (isBarren(value) ? -1 : 1)) > 0),
    expanded: cyclic ? Infinity : isHolder(root) ? Math.abs(surveyed.get(root) ?? 1) : 1,
  }
}

/** A small container of plain values only. */
function isBarren(value: Holder): boolean {
  const held = value.kind === 'list' || value.kind === 'tuple' || value.kind === 'set' ? value.items : value.kind === 'dict' && value.attributes === undefined ? value.values : undefined
  if (held === undefined || held.length > small) return false
  for (const item of held) if (isHolder(item)) return false
  return true
}

/** Marks every object from which one that is marked can be reached. */
function spreadBackwards(surveyed: Surveyed): void {
  const holders = new Map<Holder, Holder[]>()
  for (const value of surveyed.keys()) {
    for (const child of heldBy(value)) {
      if (!isHolder(child) || !surveyed.has(child)) continue
      const list = holders.get(child)
      if (list) list.push(value)
      else holders.set(child, [value])
    }
  }
  const pending = Array.from(surveyed).filter(([, size]) => size > 0).map(([value]) => value)
  for (let value = pending.pop(); value !== undefined; value = pending.pop()) {
    for (const holder of holders.get(value) ?? []) {
      const size = surveyed.get(holder)!
      if (size > 0) continue
      surveyed.set(holder, Math.max(1, -size))
      pending.push(holder)
    }
  }
}

/** More values than any honest checkpoint expands to. */
export function isBomb(graph: ObjectGraph): boolean {
  return Number.isFinite(graph.expanded) && graph.expanded > limits.expandedValues
}

function isHolder(value: Value): value is Holder {
  return typeof value === 'object' && value !== null && value.kind !== 'global' && value.kind !== 'float' && value.kind !== 'bytes' && value.kind !== 'long-text'
}

/** Everything that a value refers to. */
function heldBy(value: Holder): readonly Value[] {
  switch (value.kind) {
    case 'list':
    case 'tuple':
    case 'set': return value.items
    case 'dict': return value.attributes === undefined ? value.values : [...value.values, value.attributes]
    case 'call': {
      const held: Value[] = [value.args]
      if (value.state !== undefined) held.push(value.state)
      if (value.items) for (const item of value.items) held.push(item)
      if (value.entries) for (const item of value.entries.values) held.push(item)
      return held
    }
    default: return []
  }
}
