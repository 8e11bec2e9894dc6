/**
 * The entries that PyTorch's quantized layers write into a state_dict: the layout of packed weights, by layer.
 * Owns names, order and types of these entries; which layers are replaced is the recipes' matter.
 * Source: PyTorch's torch/ao/nn/quantized, measured under 1.12 to 2.15 (test/oracle/quantize).
 */

import type { LayerNode, ModelTensor } from '../model/layer-tree.ts'
import { elementCount, freshTensor, type SavedEntry, type SavedTensor, type SavedValue, type SavedVersion } from '../serialize/saved-value.ts'
import { NONE, tensorOf, type Replacement, type TensorObjects } from './layer-objects.ts'
import type { Engine } from './recipe.ts'

const PACKED_LINEAR = '__torch__.torch.classes.quantized.LinearPackedParamsBase'
const PACKED_CELL = '__torch__.torch.classes.rnn.CellParamsBase'

const LINEAR_DTYPES = new Set(['float32', 'float64', 'float16', 'bfloat16'])

export interface PackingContext {
  readonly tensors: TensorObjects
  readonly engine: Engine
}

/** A weight as int8 with one symmetric scale. */
function perTensor(weight: ModelTensor): SavedTensor {
  return { kind: 'tensor', shape: weight.shape, dtype: 'qint8', storage: { bytes: weight.count }, quantizer: { scheme: 'per-tensor', zeroPoint: 0 } }
}

/** A weight as int8 with a scale and a zero point for each slice along the first dimension. */
function perChannel(shape: readonly number[]): SavedTensor {
  const channels = [shape[0] ?? 1]
  return {
    kind: 'tensor', shape, dtype: 'qint8', storage: { bytes: elementCount(shape) },
    quantizer: { scheme: 'per-channel', scales: freshTensor(channels, 'float64'), zeroPoints: freshTensor(channels, 'int64'), axis: 0 },
  }
}

/** A weight as the static recipe's default observer of the engine keeps it. */
export function staticWeight(shape: readonly number[], engine: Engine): SavedTensor {
  return engine === 'qnnpack'
    ? { kind: 'tensor', shape, dtype: 'qint8', storage: { bytes: elementCount(shape) }, quantizer: { scheme: 'per-tensor', zeroPoint: 0 } }
    : perChannel(shape)
}

/** The bias as the packed weight hands it back: the Parameter itself, or qnnpack's copy, which is made even where there is none. */
export function packedBias(context: PackingContext, bias: ModelTensor | undefined, outputs: number): SavedValue {
  if (context.engine === 'qnnpack') return freshTensor([outputs], 'float32')
  return bias ? context.tensors.parameter(bias) : NONE
}

/** `scale` and `zero_point` of a layer's output. */
export function outputScale(prefix = ''): readonly SavedEntry[] {
  return [
    { name: `${prefix}scale`, value: freshTensor([], 'float32') },
    { name: `${prefix}zero_point`, value: freshTensor([], 'int64') },
  ]
}

/** The entries of a quantized Linear: version 4 in its dynamic form, 3 in its static one. */
export function packedLinear(weight: () => SavedTensor, bias: () => SavedValue, version: 3 | 4, prefix = ''): Replacement {
  return {
    entries: () => [
      ...outputScale(prefix),
      { name: `${prefix}_packed_params.dtype`, value: { kind: 'dtype', dtype: 'qint8' } },
      { name: `${prefix}_packed_params._packed_params`, value: { kind: 'tuple', items: [weight(), bias()] } },
    ],
    versions: [{ path: prefix.slice(0, -1), version }, { path: `${prefix}_packed_params`, version: 3 }],
  }
}

/** torch.nn.Linear under quantize_dynamic. */
export function dynamicLinear(node: LayerNode, context: PackingContext): Replacement | string {
  const weight = tensorOf(node, 'weight')
  if (!weight) return 'its weight is not a plain parameter'
  if (!LINEAR_DTYPES.has(weight.dtype)) return `a quantized Linear was measured for floating point, not ${weight.dtype}`
  const bias = tensorOf(node, 'bias')
  if (weight.shape.length !== 2 || (bias && bias.count !== weight.shape[0])) return 'its bias does not fit its weight'
  if (context.engine === 'x86') return packedLinear(() => perTensor(weight), () => packedBias(context, bias, weight.shape[0] ?? 0), 4)
  // fbgemm unpacks into a new tensor each time; the others hand out the one that they kept.
  const kept = perTensor(weight)
  const keptBias = packedBias(context, bias, weight.shape[0] ?? 0)
  return packedLinear(() => kept, () => keptBias, 4)
}

/**
 * torch.nn.LSTM and torch.nn.GRU under quantize_dynamic: one packed cell for each layer and direction. A cell is one
 * object however often the layer is met.
 */
export function dynamicRecurrent(node: LayerNode, context: PackingContext): Replacement | string {
  const cells: SavedValue[] = []
  for (let layer = 0; tensorOf(node, `weight_ih_l${String(layer)}`); layer += 1) {
    for (const direction of ['', '_reverse']) {
      const suffix = `_l${String(layer)}${direction}`
      if (direction !== '' && !tensorOf(node, `weight_ih${suffix}`)) continue
      const cell = cellTensors(node, suffix)
      if (typeof cell === 'string') return cell
      cells.push(packedCell(cell, context))
    }
  }
  if (cells.length === 0) return 'its weights are not plain parameters'
  const versions: SavedVersion[] = [{ path: '', version: 2 }, { path: '_all_weight_values', version: 1 }]
  return {
    entries: () => cells.map((cell, index) => ({ name: `_all_weight_values.${String(index)}.param`, value: cell })),
    versions: [...versions, ...cells.map((_, index) => ({ path: `_all_weight_values.${String(index)}`, version: 1 }))],
  }
}

/** torch.nn.LSTMCell, GRUCell and RNNCell under quantize_dynamic. */
export function dynamicCell(node: LayerNode, context: PackingContext): Replacement | string {
  const cell = cellTensors(node, '')
  if (typeof cell === 'string') return cell
  const entries: readonly SavedEntry[] = [
    { name: '_packed_weight_ih', value: packedScript(cell.inputWeight, biasOnce(cell.inputBias, context)) },
    { name: '_packed_weight_hh', value: packedScript(cell.hiddenWeight, biasOnce(cell.hiddenBias, context)) },
  ]
  return {
    entries: () => entries,
    versions: [{ path: '', version: 1 }],
  }
}

/** Embedding and EmbeddingBag as quint8 with a float scale and zero point for each row. */
export function packedEmbedding(node: LayerNode): Replacement | string {
  const weight = tensorOf(node, 'weight')
  if (!weight) return 'its weight is not a plain parameter'
  const rows = [weight.shape[0] ?? 0]
  return {
    entries: () => [
      { name: '_packed_params.dtype', value: { kind: 'dtype', dtype: 'quint8' } },
      {
        name: '_packed_params._packed_weight',
        value: {
          kind: 'tensor', shape: weight.shape, dtype: 'quint8', storage: { bytes: weight.count },
          quantizer: { scheme: 'per-channel', scales: freshTensor(rows, 'float32'), zeroPoints: freshTensor(rows, 'float32'), axis: 0 },
        },
      },
    ],
    versions: [{ path: '', version: 1 }, { path: '_packed_params', version: 1 }],
  }
}

interface CellTensors {
  readonly inputWeight: ModelTensor
  readonly hiddenWeight: ModelTensor
  readonly inputBias: ModelTensor
  readonly hiddenBias: ModelTensor
}

function cellTensors(node: LayerNode, suffix: string): CellTensors | string {
  const inputWeight = tensorOf(node, `weight_ih${suffix}`)
  const hiddenWeight = tensorOf(node, `weight_hh${suffix}`)
  const inputBias = tensorOf(node, `bias_ih${suffix}`)
  const hiddenBias = tensorOf(node, `bias_hh${suffix}`)
  if (!inputWeight || !hiddenWeight) return 'its weights are not plain parameters'
  if (inputWeight.dtype !== 'float32') return `quantized recurrent layers were measured for float32, not ${inputWeight.dtype}`
  if (!inputBias || !hiddenBias) return 'quantize_dynamic raises for a recurrent layer without bias'
  return { inputWeight, hiddenWeight, inputBias, hiddenBias }
}

function biasOnce(bias: ModelTensor, context: PackingContext): SavedValue {
  return packedBias(context, bias, bias.count)
}

function packedCell(cell: CellTensors, context: PackingContext): SavedValue {
  const biases = [context.tensors.parameter(cell.inputBias), context.tensors.parameter(cell.hiddenBias)]
  return scriptObject(PACKED_CELL, {
    kind: 'tuple',
    items: [
      { kind: 'text', text: 'quantized_dynamic' },
      { kind: 'list', items: biases },
      { kind: 'list', items: [] },
      // reduce_range, kept as an int.
      { kind: 'list', items: [{ kind: 'int', value: 1 }] },
      { kind: 'list', items: [packedScript(cell.inputWeight, biasOnce(cell.inputBias, context)), packedScript(cell.hiddenWeight, biasOnce(cell.hiddenBias, context))] },
    ],
  })
}

function packedScript(weight: ModelTensor, bias: SavedValue): SavedValue {
  return scriptObject(PACKED_LINEAR, { kind: 'tuple', items: [perTensor(weight), bias] })
}

/** An object of a class that C++ registered with TorchScript: its state beside the name of the class. */
function scriptObject(className: string, state: SavedValue): SavedValue {
  return { kind: 'object', module: 'torch', name: 'ScriptObject', state: { kind: 'tuple', items: [state, { kind: 'text', text: className }] } }
}
