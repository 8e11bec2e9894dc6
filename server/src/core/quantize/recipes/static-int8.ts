/**
 * Static quantization: `prepare` and `convert` with the engine's default qconfig. Owns the layout of what eager
 * convert makes of each layer. The bytes stay an estimate: fusing and stubs are the program's choice.
 * Source: torch/ao/quantization, torch/ao/nn/quantized (test/oracle/quantize).
 */

import type { LayerNode, ModelTree } from '../../model/layer-tree.ts'
import { freshTensor, type SavedEntry } from '../../serialize/saved-value.ts'
import { quantizationApi } from '../api-names.ts'
import { convertedTable, convertLayers, leftTable, type Decision } from '../conversion.ts'
import { copiedTensors, isPlainStateDict, layerObjects, refusesDeepcopy, stateDictOfObjects, tensorOf, type Replacement } from '../layer-objects.ts'
import { outputScale, packedBias, packedLinear, staticWeight, type PackingContext } from '../packed-params.ts'
import type { Recipe, RecipeContext, RecipeOutcome } from '../recipe.ts'

const CONVOLUTIONS = new Set(['torch.nn.Conv1d', 'torch.nn.Conv2d', 'torch.nn.Conv3d'])
/** Their weights stay in floating point; only the output gets a scale. */
const NORMS = new Set(['torch.nn.BatchNorm2d', 'torch.nn.BatchNorm3d', 'torch.nn.LayerNorm', 'torch.nn.GroupNorm', 'torch.nn.InstanceNorm1d', 'torch.nn.InstanceNorm2d', 'torch.nn.InstanceNorm3d'])
const BATCH_NORMS = new Set(['torch.nn.BatchNorm2d', 'torch.nn.BatchNorm3d'])
/** Without parameters, but with a scale of their own afterwards. */
const ACTIVATIONS = new Set(['torch.nn.Hardswish', 'torch.nn.LeakyReLU'])

/** What a fused Conv and BatchNorm would save is small against the weights, so the figure is near either way. */
const DOUBT = 'counted for prepare and convert without fusing; fuse_modules and QuantStubs change a few bytes for each layer'

export const staticInt8: Recipe = {
  id: 'static-int8',
  title: 'static quantization, int8 weights and activations',
  api: (torchVersion) => quantizationApi('convert', torchVersion),
  apply,
}

function apply(model: ModelTree, context: RecipeContext): RecipeOutcome {
  const packing: PackingContext = { tensors: copiedTensors(), engine: context.engine ?? 'x86' }
  const root = layerObjects(model)
  const conversion = convertLayers(root, (node) => decide(node, packing))
  const withParameters = conversion.converted.filter((node) => CONVOLUTIONS.has(node.type) || isMatrixLayer(node))
  const tables = { converts: convertedTable(withParameters), leaves: leftTable(model, withParameters, whyLeft) }
  const uncopied = refusesDeepcopy(model)
  if (uncopied !== undefined) return { ...tables, stateDict: uncopied }
  if (conversion.raises !== undefined) return { ...tables, stateDict: conversion.raises }
  if (!isPlainStateDict(model)) return { ...tables, stateDict: 'hooks change what the state_dict lists' }
  return { ...tables, stateDict: stateDictOfObjects(root, packing.tensors), doubt: DOUBT }
}

function isMatrixLayer(node: LayerNode): boolean {
  return node.type === 'torch.nn.Linear' || node.type === 'torch.nn.MultiheadAttention' || node.type === 'torch.nn.LSTM'
}

function decide(node: LayerNode, packing: PackingContext): Decision {
  if (CONVOLUTIONS.has(node.type)) return orRaise(node, convolution(node, packing))
  if (node.type === 'torch.nn.Linear') return orRaise(node, linear(node, packing))
  if (node.type === 'torch.nn.MultiheadAttention') return orRaise(node, attention(node, packing))
  if (node.type === 'torch.nn.LSTM') return orRaise(node, recurrent(node, packing))
  if (NORMS.has(node.type)) return norm(node, packing)
  if (ACTIVATIONS.has(node.type)) return { entries: () => outputScale(), versions: [{ path: '', version: 1 }] }
  return 'keep'
}

function orRaise(node: LayerNode, packed: Replacement | string): Decision {
  return typeof packed === 'string' ? { raises: `\`${node.path}\`: ${packed}` } : packed
}

const NO_WEIGHT = 'its weight is not a plain parameter'

function convolution(node: LayerNode, packing: PackingContext): Replacement | string {
  const weight = tensorOf(node, 'weight')
  if (!weight) return NO_WEIGHT
  const bias = tensorOf(node, 'bias')
  return {
    entries: () => [
      { name: 'weight', value: staticWeight(weight.shape, packing.engine) },
      { name: 'bias', value: packedBias(packing, bias, weight.shape[0] ?? 0) },
      ...outputScale(),
    ],
    versions: [{ path: '', version: 1 }],
  }
}

function linear(node: LayerNode, packing: PackingContext): Replacement | string {
  const weight = tensorOf(node, 'weight')
  if (!weight) return NO_WEIGHT
  const bias = tensorOf(node, 'bias')
  return packedLinear(() => staticWeight(weight.shape, packing.engine), () => packedBias(packing, bias, weight.shape[0] ?? 0), 3)
}

/** Its projections become four quantized Linear layers; the products between them get scales. */
function attention(node: LayerNode, packing: PackingContext): Replacement | string {
  const output = node.children.find(({ name }) => name === 'out_proj')
  const weight = output && tensorOf(output, 'weight')
  if (!weight) return NO_WEIGHT
  const width = weight.shape[0] ?? 0
  const inputs = (name: string) => [width, tensorOf(node, `${name}_proj_weight`)?.shape[1] ?? width]
  const bias = () => freshTensor([width], 'float32')
  const parts = [['out_proj', [width, width]], ['linear_Q', inputs('q')], ['linear_K', inputs('k')], ['linear_V', inputs('v')]] as const
  const layers = parts.map(([name, shape]) => packedLinear(() => staticWeight(shape, packing.engine), bias, 3, `${name}.`))
  return joined(layers, ['q_scaling_product.', 'quant_attn_output.', 'quant_attn_output_weights.'])
}

/** Each layer and direction becomes a cell of two quantized Linear layers and the scales of its gates. */
function recurrent(node: LayerNode, packing: PackingContext): Replacement | string {
  const weights = node.tensors.filter(({ name }) => name.startsWith('weight_ih') || name.startsWith('weight_hh'))
  if (weights.length === 0) return NO_WEIGHT
  const layers = weights.map(({ name, tensor }) => {
    const place = name.replace(/^weight_(i|h)h_l(\d+)(_reverse)?$/, (_, gate: string, layer: string, reverse?: string) => `layers.${layer}.layer_${reverse ? 'bw' : 'fw'}.cell.${gate}gates.`)
    return packedLinear(() => staticWeight(tensor.shape, packing.engine), () => freshTensor([tensor.shape[0] ?? 0], 'float32'), 3, place)
  })
  const cells = weights.filter(({ name }) => name.startsWith('weight_ih')).map((_, index) => `layers.${String(index)}.layer_fw.cell.`)
  return joined(layers, cells.flatMap((cell) => ['gates', 'fgate_cx', 'igate_cgate', 'fgate_cx_igate_cgate', 'ogate_cy'].map((part) => `${cell}${part}.`)))
}

function joined(layers: readonly Replacement[], scales: readonly string[]): Replacement {
  return {
    entries: () => [...layers.flatMap((layer) => layer.entries()), ...scales.flatMap((prefix) => outputScale(prefix))],
    versions: [{ path: '', version: 1 }, ...layers.flatMap(({ versions }) => versions), ...scales.map((prefix) => ({ path: prefix.slice(0, -1), version: 1 }))],
  }
}

function norm(node: LayerNode, packing: PackingContext): Replacement {
  const scales = (): readonly SavedEntry[] => BATCH_NORMS.has(node.type)
    ? [{ name: 'scale', value: freshTensor([1], 'float32') }, { name: 'zero_point', value: freshTensor([1], 'int64') }]
    : outputScale()
  return {
    entries: () => [
      ...node.tensors.filter(({ persistent }) => persistent).map((entry) => ({ name: entry.name, value: packing.tensors.detached(entry, node) })),
      ...scales(),
    ],
    versions: [{ path: '', version: node.version }],
  }
}

function whyLeft(node: LayerNode): string {
  if (node.type === 'torch.nn.Embedding' || node.type === 'torch.nn.EmbeddingBag') return 'convert raises for it under the default qconfig; it needs float_qparams_weight_only_qconfig'
  if (/^torch\.nn\.ConvTranspose[123]d$/.test(node.type)) return 'the default per-channel observer does not support it'
  if (/Norm\w*$/.test(node.type)) return 'its weights stay in floating point'
  return 'convert has no quantized form of it'
}
