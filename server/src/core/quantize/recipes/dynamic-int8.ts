/**
 * `quantize_dynamic(model)` with its default types and qint8: int8 weights for Linear and the recurrent layers,
 * activations quantized as they come. Owns which layers it swaps and why it leaves the others.
 * Source: torch/ao/quantization/quantize.py, measured (test/oracle/quantize).
 */

import type { LayerNode, ModelTree } from '../../model/layer-tree.ts'
import { isAtLeast, parseTorchRelease } from '../../serialize/torch-release.ts'
import { quantizationApi } from '../api-names.ts'
import { convertedTable, convertLayers, leftTable, type Decision } from '../conversion.ts'
import { copiedTensors, isPlainStateDict, layerObjects, refusesDeepcopy, stateDictOfObjects, tensorOf, type Replacement } from '../layer-objects.ts'
import { dynamicCell, dynamicLinear, dynamicRecurrent, packedEmbedding, type PackingContext } from '../packed-params.ts'
import type { Recipe, RecipeContext, RecipeOutcome } from '../recipe.ts'

type Pack = (node: LayerNode, context: PackingContext) => Replacement | string

const PACKERS = new Map<string, Pack>([
  ['torch.nn.Linear', dynamicLinear],
  ['torch.nn.LSTM', dynamicRecurrent],
  ['torch.nn.GRU', dynamicRecurrent],
  ['torch.nn.LSTMCell', dynamicCell],
  ['torch.nn.GRUCell', dynamicCell],
  ['torch.nn.RNNCell', dynamicCell],
])

const EMBEDDINGS = new Set(['torch.nn.Embedding', 'torch.nn.EmbeddingBag'])

export const dynamicInt8: Recipe = {
  id: 'dynamic-int8',
  title: 'quantize_dynamic, int8 weights',
  api: (torchVersion) => quantizationApi('quantize_dynamic', torchVersion),
  apply,
}

function apply(model: ModelTree, context: RecipeContext): RecipeOutcome {
  const packing: PackingContext = { tensors: copiedTensors(), engine: context.engine ?? 'x86' }
  const root = layerObjects(model)
  const conversion = convertLayers(root, (node) => decide(node, context, packing))
  const tables = {
    converts: convertedTable(conversion.converted),
    leaves: leftTable(model, conversion.converted, (node) => whyLeft(node, model)),
  }
  const uncopied = refusesDeepcopy(model)
  if (uncopied !== undefined) return { ...tables, stateDict: uncopied }
  if (conversion.raises !== undefined) return { ...tables, stateDict: conversion.raises }
  if (!isPlainStateDict(model)) return { ...tables, stateDict: 'hooks change the names in the state_dict, and what they do to converted layers is not known' }
  const release = parseTorchRelease(context.torchVersion)
  const doubt = release && !isAtLeast(release, 1, 12)
    ? 'the layout of quantized layers was measured from torch 1.12 on'
    : packing.engine === 'qnnpack' ? 'what QNNPACK keeps of a bias differs between versions of torch' : undefined
  return { ...tables, stateDict: stateDictOfObjects(root, packing.tensors), ...(doubt === undefined ? {} : { doubt }) }
}

function decide(node: LayerNode, context: RecipeContext, packing: PackingContext): Decision {
  const isParametrized = node.children.some(({ name }) => name === 'parametrizations')
  // torch looks at the class that a parametrization was put on, and its conversion then refuses the derived one.
  const type = isParametrized ? node.ancestry[1] ?? node.type : node.type
  const pack = context.embeddings && EMBEDDINGS.has(type) ? packedEmbedding : PACKERS.get(type)
  if (!pack) return 'keep'
  if (isParametrized) return { raises: `\`${node.path}\` is parametrized, and quantize_dynamic raises for it` }
  return orRaise(node, pack(node, packing))
}

function orRaise(node: LayerNode, packed: Replacement | string): Decision {
  return typeof packed === 'string' ? { raises: `\`${node.path}\`: ${packed}` } : packed
}

/** One sentence for a layer that keeps its float parameters. */
function whyLeft(node: LayerNode, model: ModelTree): string {
  if (PACKERS.has(node.type)) {
    return node.id === model.root.id
      ? 'the root of a model is never replaced; wrap it in a Sequential'
      : 'only the first of two names of one layer is replaced'
  }
  const base = node.ancestry.slice(1).find((name) => PACKERS.has(name))
  if (node.type.endsWith('.NonDynamicallyQuantizableLinear')) return 'the output projection of MultiheadAttention is kept from dynamic quantization'
  if (base !== undefined) return `a subclass of ${base}; only the exact type is replaced`
  if (node.type === 'torch.nn.MultiheadAttention') return 'its input projection is a bare parameter, not a Linear'
  if (EMBEDDINGS.has(node.type)) return 'needs float_qparams_weight_only_qconfig, which is not the default'
  if (node.type === 'torch.nn.RNN') return 'quantize_dynamic has no form of nn.RNN'
  if (/^torch\.nn\.Conv(Transpose)?[123]d$/.test(node.type)) return 'convolutions are not in the default types of quantize_dynamic'
  if (/Norm\w*$/.test(node.type)) return 'norms stay in floating point'
  if (tensorOf(node, 'weight') && node.type.startsWith('torch.nn.')) return 'not among the default types of quantize_dynamic'
  return 'parameters of its own, outside the layer types that are converted'
}
