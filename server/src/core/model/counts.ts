/**
 * Counts and bytes of a layer tree: unique tensors once, ties by identity. Pure arithmetic over plain data;
 * a tree that is not exact yields figures that say so.
 */

import { bounded, estimate, exact, unknown, type Figure } from '../measure/figure.ts'
import type { LayerNode, ModelTensor, ModelTree } from './layer-tree.ts'

/** Totals of a model; parameters and buffers count every tensor once, however many names it has. */
export interface ModelCounts {
  readonly parameters: Figure
  readonly trainableParameters: Figure
  /** Elements of all buffers, those included that `state_dict()` leaves out. */
  readonly bufferElements: Figure
  readonly parameterBytes: Figure
  readonly bufferBytes: Figure
  /** Parameter bytes plus buffer bytes. */
  readonly totalBytes: Figure
  /** Canonical element type -> bytes of parameters and buffers, largest first. */
  readonly bytesByDtype: ReadonlyMap<string, number>
  readonly byLayerType: readonly LayerTypeCount[]
}

/** Layers of one class, with what they hold themselves; children count under their own class. */
export interface LayerTypeCount {
  readonly type: string
  readonly layers: number
  /** Parameter elements. */
  readonly parameters: number
  /** Parameter bytes and buffer bytes. */
  readonly bytes: number
}

/** Every node of the tree before its children, the root first, in registration order. */
export function* walkLayers(root: LayerNode): Generator<LayerNode> {
  const pending = [root]
  for (let node = pending.pop(); node; node = pending.pop()) {
    yield node
    for (let i = node.children.length - 1; i >= 0; i--) pending.push(node.children[i]!)
  }
}

/** The totals of one layer with everything below it, as plain numbers; each tensor once. */
export function subtreeTotals(root: LayerNode): { parameters: number, trainable: number, bufferElements: number, parameterBytes: number, bufferBytes: number } {
  const seen = new Set<number>()
  const totals = { parameters: 0, trainable: 0, bufferElements: 0, parameterBytes: 0, bufferBytes: 0 }
  for (const layer of walkLayers(root)) {
    for (const { tensor, kind } of layer.tensors) {
      if (seen.has(tensor.id)) continue
      seen.add(tensor.id)
      if (kind === 'parameter') {
        totals.parameters += tensor.count
        totals.parameterBytes += tensor.bytes
        if (tensor.trainable) totals.trainable += tensor.count
      } else {
        totals.bufferElements += tensor.count
        totals.bufferBytes += tensor.bytes
      }
    }
  }
  return totals
}

/** Totals of the model, with the model's own certainty. */
export function countModel(model: ModelTree): ModelCounts {
  const totals = subtreeTotals(model.root)
  const figure = (value: number): Figure => withCertainty(model, value)
  return {
    parameters: figure(totals.parameters),
    trainableParameters: figure(totals.trainable),
    bufferElements: figure(totals.bufferElements),
    parameterBytes: figure(totals.parameterBytes),
    bufferBytes: figure(totals.bufferBytes),
    totalBytes: figure(totals.parameterBytes + totals.bufferBytes),
    bytesByDtype: bytesByDtype(model.root),
    byLayerType: byLayerType(model.root),
  }
}

/** A number taken from the tree, as certain as the tree is. */
export function withCertainty(model: Pick<ModelTree, 'certainty' | 'unknown'>, value: number): Figure {
  const reason = model.unknown[0]?.reason ?? 'a part of the model is not known'
  switch (model.certainty) {
    case 'exact': return exact(value)
    case 'bounded': return bounded(value, reason)
    case 'estimate': return estimate(value, reason)
    case 'unknown': return unknown(reason)
  }
}

function bytesByDtype(root: LayerNode): ReadonlyMap<string, number> {
  const seen = new Set<number>()
  const bytes = new Map<string, number>()
  for (const tensor of tensorsOf(root)) {
    if (seen.has(tensor.id)) continue
    seen.add(tensor.id)
    bytes.set(tensor.dtype, (bytes.get(tensor.dtype) ?? 0) + tensor.bytes)
  }
  return new Map([...bytes].sort((a, b) => b[1] - a[1]))
}

function* tensorsOf(root: LayerNode): Generator<ModelTensor> {
  for (const layer of walkLayers(root)) for (const { tensor } of layer.tensors) yield tensor
}

/** A layer that is registered twice counts once; a tied tensor counts with the first layer that holds it. */
function byLayerType(root: LayerNode): LayerTypeCount[] {
  const seenLayers = new Set<number>()
  const seenTensors = new Set<number>()
  const rows = new Map<string, { type: string, layers: number, parameters: number, bytes: number }>()
  for (const layer of walkLayers(root)) {
    if (seenLayers.has(layer.id)) continue
    seenLayers.add(layer.id)
    let row = rows.get(layer.type)
    if (!row) rows.set(layer.type, row = { type: layer.type, layers: 0, parameters: 0, bytes: 0 })
    row.layers += 1
    for (const { tensor, kind } of layer.tensors) {
      if (seenTensors.has(tensor.id)) continue
      seenTensors.add(tensor.id)
      row.bytes += tensor.bytes
      if (kind === 'parameter') row.parameters += tensor.count
    }
  }
  return [...rows.values()].filter((row) => row.bytes > 0).sort((a, b) => b.bytes - a.bytes || (a.type < b.type ? -1 : 1))
}
