/**
 * Replacing layers the way torch's `convert` does, and telling what was converted and what was left. Owns the order
 * of replacement, shared layers included, and the two tables of a recipe's answer.
 */

import type { LayerNode, ModelTree } from '../model/layer-tree.ts'
import type { LayerObject, Replacement } from './layer-objects.ts'
import type { ConvertedLayers, LeftLayers } from './recipe.ts'

/** What becomes of a layer: a replacement, nothing, or a sentence that says why torch raises an error. */
export type Decision = Replacement | 'keep' | { readonly raises: string }

/** What replacing came to. */
export interface Conversion {
  readonly converted: readonly LayerNode[]
  /** The first error that torch would raise. */
  readonly raises?: string
}

interface Frame {
  readonly object: LayerObject
  readonly children: readonly (readonly [string, LayerObject])[]
  next: number
}

/**
 * Swaps layers below the root, children before their parents. As in torch, the root itself is never swapped, and an
 * instance that one parent holds under two names is swapped under the first only.
 */
export function convertLayers(root: LayerObject, decide: (node: LayerNode) => Decision): Conversion {
  const converted: LayerNode[] = []
  let raises: string | undefined
  const stack: Frame[] = [frame(root)]
  for (let top = stack.at(-1); top; top = stack.at(-1)) {
    const entry = top.children[top.next]
    if (!entry) {
      stack.pop()
      swapChildren(top)
      continue
    }
    top.next += 1
    if (!entry[1].replacement) stack.push(frame(entry[1]))
  }
  return { converted, ...(raises === undefined ? {} : { raises }) }

  function swapChildren({ object, children }: Frame): void {
    for (const [name, child] of children) {
      if (child.replacement) continue
      const decision = decide(child.node)
      if (decision === 'keep') continue
      if ('raises' in decision) {
        raises ??= decision.raises
        continue
      }
      converted.push(child.node)
      object.children.set(name, { node: child.node, children: new Map(), replacement: decision })
    }
  }
}

/** The children that `named_children()` lists: every instance once, under its first name. */
function frame(object: LayerObject): Frame {
  const seen = new Set<LayerObject>()
  const children = [...object.children].filter(([, child]) => {
    if (seen.has(child)) return false
    seen.add(child)
    return true
  })
  return { object, children, next: 0 }
}

/** Converted layers by type, in the order in which they were met. */
export function convertedTable(nodes: readonly LayerNode[]): readonly ConvertedLayers[] {
  const rows = new Map<string, { layers: number, parameters: number }>()
  const counted = new Set<number>()
  const seen = new Set<number>()
  for (const node of nodes) {
    const row = rows.get(node.type) ?? { layers: 0, parameters: 0 }
    rows.set(node.type, row)
    if (!seen.has(node.id)) row.layers += 1
    seen.add(node.id)
    row.parameters += newParameters(node, counted)
  }
  return [...rows].map(([type, row]) => ({ type, ...row }))
}

/** Layers with parameters of their own that are not among the converted, by type and reason. */
export function leftTable(model: ModelTree, converted: readonly LayerNode[], why: (node: LayerNode) => string): readonly LeftLayers[] {
  const done = new Set(converted.map(({ id }) => id))
  const counted = new Set<number>()
  for (const node of converted) newParameters(node, counted)
  const rows = new Map<string, { type: string, parameters: number, why: string }>()
  for (const node of everyLayer(model)) {
    if (done.has(node.id)) continue
    const parameters = newParameters(node, counted)
    if (parameters === 0) continue
    const reason = why(node)
    const key = `${node.type}\n${reason}`
    const row = rows.get(key) ?? { type: node.type, parameters: 0, why: reason }
    row.parameters += parameters
    rows.set(key, row)
  }
  return [...rows.values()].sort((left, right) => right.parameters - left.parameters)
}

/** Every layer at every path, in the order of `named_modules(remove_duplicate=False)`. */
export function everyLayer(model: ModelTree): readonly LayerNode[] {
  const layers: LayerNode[] = []
  const pending = [model.root]
  for (let node = pending.pop(); node; node = pending.pop()) {
    layers.push(node)
    for (let index = node.children.length - 1; index >= 0; index -= 1) pending.push(node.children[index]!)
  }
  return layers
}

/** Elements of the layer's own parameters that were not counted before. */
function newParameters(node: LayerNode, counted: Set<number>): number {
  let parameters = 0
  for (const { tensor, kind } of node.tensors) {
    if (kind !== 'parameter' || counted.has(tensor.id)) continue
    counted.add(tensor.id)
    parameters += tensor.count
  }
  return parameters
}
