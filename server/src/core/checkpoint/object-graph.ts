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

export function surveyObjects(root: Value, isTensor: (value: Value) => boolean): ObjectGraph {
  const fertile = new Map<Holder, boolean>()
  const sizes = new Map<Holder, number>()
  const open = new Set<Holder>()
  const stack: { readonly value: Holder, readonly children: readonly Value[], next: number }[] = []
  let cyclic = false
  let distinct = 0
  const enter = (value: Value): void => {
    if (!isHolder(value) || value instanceof TensorCall || fertile.has(value) || isTensor(value)) return
    distinct += 1
    if (open.has(value)) {
      cyclic = true
      return
    }
    open.add(value)
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
    open.delete(frame.value)
    let leads = false
    let size = 1
    for (const child of frame.children) {
      if (!isHolder(child)) {
        size += 1
        continue
      }
      if (child instanceof TensorCall) {
        leads = true
        size += 1
        distinct += 1
        continue
      }
      const tensor = !fertile.has(child) && isTensor(child)
      leads ||= tensor || fertile.get(child) === true
      size += tensor ? 1 : sizes.get(child) ?? 0
    }
    fertile.set(frame.value, leads)
    sizes.set(frame.value, size)
  }
  // Inside a cycle an object may have been closed before what it leads to was known.
  if (cyclic) spreadBackwards(fertile)
  return {
    cyclic,
    distinct,
    leadsToTensor: (value) => isHolder(value) && (value instanceof TensorCall || (fertile.get(value) ?? true)),
    expanded: cyclic ? Infinity : isHolder(root) ? sizes.get(root) ?? 1 : 1,
  }
}

/** Marks every object from which one that is marked can be reached. */
function spreadBackwards(fertile: Map<Holder, boolean>): void {
  const holders = new Map<Holder, Holder[]>()
  for (const value of fertile.keys()) {
    for (const child of heldBy(value)) {
      if (!isHolder(child) || !fertile.has(child)) continue
      const list = holders.get(child)
      if (list) list.push(value)
      else holders.set(child, [value])
    }
  }
  const pending = Array.from(fertile).filter(([, leads]) => leads).map(([value]) => value)
  for (let value = pending.pop(); value !== undefined; value = pending.pop()) {
    for (const holder of holders.get(value) ?? []) {
      if (fertile.get(holder) === true) continue
      fertile.set(holder, true)
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
