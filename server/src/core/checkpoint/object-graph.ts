/** One pass over everything a pickle built, each object once: which of it leads to a tensor, and how large it is when written out. */

import * as limits from './limits.ts'
import type { PyGlobal, Value } from './values.ts'

export interface ObjectGraph {
  /** True when a tensor or storage can be reached from the value. */
  leadsToTensor(value: Value): boolean
  /** How many values a copy or a print of the root would visit; Infinity when it contains itself. */
  readonly expanded: number
}

type Holder = Exclude<Value, null | boolean | number | bigint | string | PyGlobal>

export function surveyObjects(root: Value, isTensor: (value: Value) => boolean): ObjectGraph {
  const fertile = new Map<Holder, boolean>()
  const sizes = new Map<Holder, number>()
  const open = new Set<Holder>()
  const stack: { readonly value: Holder, readonly children: readonly Value[], next: number }[] = []
  let cyclic = false
  const enter = (value: Value): void => {
    if (!isHolder(value) || fertile.has(value)) return
    if (open.has(value)) {
      cyclic = true
      return
    }
    open.add(value)
    stack.push({ value, children: isTensor(value) ? [] : heldBy(value), next: 0 })
  }
  enter(root)
  while (stack.length > 0) {
    const frame = stack.at(-1)!
    if (frame.next < frame.children.length) {
      enter(frame.children[frame.next]!)
      frame.next += 1
      continue
    }
    stack.pop()
    open.delete(frame.value)
    let leads = isTensor(frame.value)
    let size = 1
    for (const child of frame.children) {
      if (!isHolder(child)) {
        size += 1
        continue
      }
      leads ||= fertile.get(child) === true
      size += sizes.get(child) ?? 0
    }
    fertile.set(frame.value, leads)
    sizes.set(frame.value, size)
  }
  // Inside a cycle an object may have been closed before what it leads to was known: then everything counts as leading on.
  return {
    leadsToTensor: (value) => isHolder(value) && (cyclic || fertile.get(value) !== false),
    expanded: cyclic ? Infinity : isHolder(root) ? sizes.get(root) ?? 1 : 1,
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
