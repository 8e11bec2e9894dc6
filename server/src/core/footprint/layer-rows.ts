/**
 * A model's layers as rows of the ledger: each with the bytes below it and the line that builds it. A shared tensor counts with the
 * first layer that holds it, so that rows sum to their parent.
 */

import type { LedgerNode } from '../ide/answers.ts'
import { type Figure, exact } from '../measure/figure.ts'
import { formatCount } from '../measure/format.ts'
import { withCertainty } from '../model/counts.ts'
import type { LayerNode, LayerTensor, ModelTree } from '../model/layer-tree.ts'

/** Layers of one model that get rows: whole levels from the top, as many as fit. Hovers and the command line tell of the others. */
const maxLayers = 1_500
/** Levels that get rows. */
const maxLevels = 12

interface Held {
  readonly own: readonly LayerTensor[]
  readonly bytes: number
  readonly parameters: number
}

/** Rows of the layers directly below a model, with theirs below them; `id` is the model's. */
export function layerRows(model: ModelTree, id: string): readonly LedgerNode[] {
  const held = holdings(model.root)
  const levels = levelsThatFit(model.root, held)
  const figure = (bytes: number): Figure => (model.certainty === 'exact' ? exact(bytes) : withCertainty(model, bytes))
  const rowsBelow = (layer: LayerNode, level: number): LedgerNode[] => {
    if (level > levels) return []
    const children = layer.children.filter((child) => bytesOf(held, child) > 0)
    const rows = children.map((child): LedgerNode => {
      const { bytes, parameters } = held.get(child)!
      return {
        id: `${id}/${child.path}`, name: child.name, kind: 'layer', bytes: figure(bytes), detail: `${shortName(child.type)}, ${formatCount(parameters)} params`,
        ...(child.place ? { place: child.place } : {}), children: rowsBelow(child, level + 1),
      }
    })
    if (rows.length === 0) return rows
    return [...rows, ...(held.get(layer)?.own ?? []).filter(({ tensor }) => tensor.bytes > 0).map(({ name, kind, tensor }): LedgerNode => ({
      id: `${id}/${layer.path}:${name}`, name, kind: 'layer', bytes: figure(tensor.bytes), detail: `${kind} of ${formatCount(tensor.count)} elements`,
      ...(tensor.place ? { place: tensor.place } : {}), children: [],
    }))]
  }
  return rowsBelow(model.root, 1)
}

function bytesOf(held: ReadonlyMap<LayerNode, Held>, layer: LayerNode): number {
  return held.get(layer)?.bytes ?? 0
}

/** What each layer holds that no layer before it does. */
function holdings(root: LayerNode): ReadonlyMap<LayerNode, Held> {
  const seen = new Set<number>()
  const order: LayerNode[] = []
  const own = new Map<LayerNode, readonly LayerTensor[]>()
  const pending = [root]
  for (let layer = pending.pop(); layer; layer = pending.pop()) {
    order.push(layer)
    own.set(layer, layer.tensors.filter(({ tensor }) => { const isNew = !seen.has(tensor.id); seen.add(tensor.id); return isNew }))
    for (let i = layer.children.length - 1; i >= 0; i--) pending.push(layer.children[i]!)
  }
  const held = new Map<LayerNode, Held>()
  for (const layer of order.reverse()) {
    let bytes = 0
    let parameters = 0
    for (const { tensor } of own.get(layer)!) {
      bytes += tensor.bytes
      if (tensor.kind === 'parameter') parameters += tensor.count
    }
    for (const child of layer.children) {
      bytes += bytesOf(held, child)
      parameters += held.get(child)?.parameters ?? 0
    }
    held.set(layer, { own: own.get(layer)!, bytes, parameters })
  }
  return held
}

function levelsThatFit(root: LayerNode, held: ReadonlyMap<LayerNode, Held>): number {
  let rows = 0
  let level: readonly LayerNode[] = [root]
  for (let depth = 1; depth <= maxLevels; depth++) {
    level = level.flatMap((layer) => layer.children.filter((child) => bytesOf(held, child) > 0))
    rows += level.length
    if (level.length === 0 || rows > maxLayers) return depth - 1
  }
  return maxLevels
}

function shortName(type: string): string {
  return type.slice(type.lastIndexOf('.') + 1)
}
