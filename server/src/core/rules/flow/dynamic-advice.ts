/**
 * What `quantize_dynamic` would do to a model, and what speaks against it: from the layers alone, before any look at the
 * code around. Owns the traps that PyTorch's own conversion does not catch.
 */

import { modelSizes } from '../../footprint/model-sizes.ts'
import type { Figure } from '../../measure/figure.ts'
import { walkLayers } from '../../model/counts.ts'
import type { LayerNode, ModelTree } from '../../model/layer-tree.ts'
import { isAtLeast, parseTorchRelease } from '../../serialize/torch-release.ts'

export type DynamicAdvice =
  | {
    readonly kind: 'useful'
    /** Qualified layer types, in the order in which PyTorch documents them. */
    readonly types: readonly string[]
    readonly before: Figure
    readonly after: Figure
    readonly saving: Figure
    readonly layers: readonly LayerNode[]
    /** `torch.ao.quantization.quantize_dynamic` under this version. */
    readonly api: string
  }
  | { readonly kind: 'no'; readonly reason: string }

/** Below this part of the model's file the change is not worth its loss of precision. */
const minimumShare = 0.01

/** The first release whose quantize_dynamic converts a type by default. */
const since: readonly (readonly [string, number, number])[] = [
  ['torch.nn.Linear', 1, 3], ['torch.nn.LSTM', 1, 3], ['torch.nn.GRU', 1, 7], ['torch.nn.LSTMCell', 1, 6], ['torch.nn.RNNCell', 1, 6], ['torch.nn.GRUCell', 1, 6],
]

export function adviseDynamic(model: ModelTree, torchVersion: string): DynamicAdvice {
  const no = (reason: string): DynamicAdvice => ({ kind: 'no', reason })
  if (model.certainty !== 'exact') return no(`its layers are not fully known (${model.unknown[0]?.reason ?? model.certainty})`)
  const sizes = modelSizes(model, torchVersion)
  const recipe = sizes.recipes.find((one) => one.recipe === 'dynamic-int8')
  if (!recipe?.api) return no('this version of PyTorch does not have quantize_dynamic')
  const release = parseTorchRelease(torchVersion)
  const offered = since.filter(([, major, minor]) => !release || isAtLeast(release, major, minor)).map(([type]) => type)
  const types = offered.filter((type) => recipe.converts.some((one) => one.type === type))
  if (types.length === 0) return no(`it has nothing that quantize_dynamic converts (${offered.map(shortName).join(', ')})`)
  const layers = [...walkLayers(model.root)].filter((layer) => types.includes(layer.type) && layer.path !== '')
  const trap = trapOf(model, layers)
  if (trap) return no(trap)
  if (recipe.fileBytes.certainty === 'unknown') return no(recipe.fileBytes.reason)
  const before = sizes.fileBytes
  const { saving } = recipe
  if (before.value === null || saving.value === null) return no('what it would save is not known')
  if (saving.value < minimumShare * before.value) return no('it would save less than 1 % of its bytes')
  return { kind: 'useful', types, before, after: recipe.fileBytes, saving, layers, api: recipe.api }
}

function trapOf(model: ModelTree, converted: readonly LayerNode[]): string | undefined {
  const all = [...walkLayers(model.root)]
  const projecting = converted.find((layer) => layer.type === 'torch.nn.LSTM' && Number(layer.attributes.get('proj_size') ?? 0) > 0)
  if (projecting) return `\`${projecting.path}\` is an LSTM with proj_size, which quantize_dynamic breaks`
  const encoder = all.find((layer) => layer.type === 'torch.nn.TransformerEncoderLayer' && isBatchFirst(layer))
  if (encoder) return `\`${encoder.path || encoder.type}\` is a batch_first TransformerEncoder layer, whose fast path fails on quantized layers`
  const holders = new Map<number, string>()
  for (const layer of all) {
    for (const { tensor, name } of layer.tensors) {
      const label = layer.path === '' ? name : `${layer.path}.${name}`
      const other = holders.get(tensor.storage)
      if (other === undefined) holders.set(tensor.storage, label)
      else if (converted.some((one) => one.id === layer.id || other.startsWith(`${one.path}.`))) return `\`${other}\` and \`${label}\` are one tied tensor, which would be kept twice`
    }
  }
  const hooked = converted.find((layer) => layer.type === 'torch.nn.Linear' && layer.tensors.some(({ name }) => name !== 'weight' && name !== 'bias'))
  if (hooked) return `\`${hooked.path}\` computes its weight from other tensors, which quantizing would cut off`
  const wide = converted.find((layer) => layer.tensors.some(({ tensor }) => tensor.dtype !== 'float32'))
  return wide ? `\`${wide.path}\` is not float32` : undefined
}

function isBatchFirst(layer: LayerNode): boolean {
  return layer.attributes.get('batch_first') === true || layer.children.some((child) => child.name === 'self_attn' && child.attributes.get('batch_first') === true)
}

export function shortName(type: string): string {
  return type.slice(type.lastIndexOf('.') + 1)
}
