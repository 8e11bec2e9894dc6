/**
 * torchao's `quantize_(model, ...)` with int8 weights, alone or with int8 activations: every Linear keeps its place
 * and gets a tensor subclass for a weight. Owns which layers it takes and what such a weight writes.
 * Source: torchao 0.18 under torch 2.13, measured (test/oracle/quantize).
 */

import type { LayerNode, ModelTensor, ModelTree } from '../../model/layer-tree.ts'
import { freshTensor, type SavedEntry, type SavedTensor, type SavedValue } from '../../serialize/saved-value.ts'
import { torchaoApi } from '../api-names.ts'
import { convertedTable, everyLayer, leftTable } from '../conversion.ts'
import { isPlainStateDict, layerObjects, NONE, ownTensors, stateDictOfObjects, tensorOf, type LayerObject, type Replacement, type TensorObjects } from '../layer-objects.ts'
import type { Recipe, RecipeContext, RecipeId, RecipeOutcome } from '../recipe.ts'

/** The release whose layout is known. */
const MEASURED = '0.18'

const NOT_QUANTIZABLE = 'torch.nn.modules.linear.NonDynamicallyQuantizableLinear'

export const torchaoInt8Weight: Recipe = torchao('torchao-int8-weight', 'torchao int8 weights', 'Int8WeightOnlyConfig')

export const torchaoInt8Dynamic: Recipe = torchao('torchao-int8-dynamic', 'torchao int8 weights and activations', 'Int8DynamicActivationInt8WeightConfig')

function torchao(id: RecipeId, title: string, config: string): Recipe {
  return { id, title: `${title} (${config})`, api: torchaoApi, apply: (model, context) => apply(model, context, id === 'torchao-int8-dynamic' ? activations() : NONE) }
}

function apply(model: ModelTree, context: RecipeContext, kwargs: SavedValue): RecipeOutcome {
  const converted = everyLayer(model).filter(isTaken)
  const tables = { converts: convertedTable(converted), leaves: leftTable(model, converted, whyLeft) }
  if (!isPlainStateDict(model)) return { ...tables, stateDict: 'hooks change what the state_dict lists' }
  const tensors = ownTensors()
  const root = layerObjects(model)
  const raises = replaceAll(root, tensors, kwargs)
  if (raises !== undefined) return { ...tables, stateDict: raises }
  const doubt = reasonForDoubt(converted, context)
  return { ...tables, stateDict: stateDictOfObjects(root, tensors), ...(doubt === undefined ? {} : { doubt }) }
}

function reasonForDoubt(converted: readonly LayerNode[], context: RecipeContext): string | undefined {
  if (context.torchaoVersion === undefined) return `which torchao will be used is not known; counted for ${MEASURED}`
  if (!context.torchaoVersion.startsWith(`${MEASURED}.`)) return `the layout was measured for torchao ${MEASURED}, not ${context.torchaoVersion}`
  const other = converted.flatMap((node) => node.tensors).find(({ tensor }) => tensor.dtype !== 'float32')
  return other ? `the layout was measured for float32, not ${other.tensor.dtype}` : undefined
}

/** torchao's default filter: any Linear, subclasses too, but not the output projection of MultiheadAttention. */
function isTaken(node: LayerNode): boolean {
  return node.ancestry.includes('torch.nn.Linear') && !node.ancestry.some((name) => name === NOT_QUANTIZABLE || name.endsWith('.NonDynamicallyQuantizableLinear'))
}

function whyLeft(node: LayerNode): string {
  if (node.type.endsWith('.NonDynamicallyQuantizableLinear')) return 'torchao leaves the output projection of MultiheadAttention out'
  return 'torchao converts Linear layers; others need a filter_fn'
}

/** Replaces weights in the order of `named_children()`; the sentence that says why torchao would raise, if it would. */
function replaceAll(root: LayerObject, tensors: TensorObjects, kwargs: SavedValue): string | undefined {
  const pending = [root]
  for (let object = pending.pop(); object; object = pending.pop()) {
    if (!isTaken(object.node)) {
      pending.push(...new Set(object.children.values()))
      continue
    }
    const { node } = object
    const weight = tensorOf(node, 'weight')
    if (object.replacement) return `\`${node.path}\` stands in two layers, and torchao raises when it meets it again`
    if (!weight) return `the weight of \`${node.path}\` is not a plain parameter`
    if (weight.shape[1] === 1 && weight.shape[0] !== 1) return `torchao raises for \`${node.path}\`, a Linear of one input`
    object.replacement = int8Linear(node, tensors, { ...kwargs })
  }
  return undefined
}

/** The layer keeps its place, its class and its other tensors; only the weight is another object. */
function int8Linear(node: LayerNode, tensors: TensorObjects, kwargs: SavedValue): Replacement {
  const parts = new Map<string, SavedTensor>()
  const block: SavedValue = { kind: 'list', items: [integer(1), integer(tensorOf(node, 'weight')?.shape[1] ?? 1)] }
  // Each look at the state_dict wraps the same storages anew.
  const part = (name: string, shape: readonly number[], dtype: string): SavedTensor => {
    const known = parts.get(name) ?? freshTensor(shape, dtype)
    parts.set(name, known)
    return { ...known }
  }
  return {
    entries: () => node.tensors.filter(({ persistent }) => persistent).map((entry): SavedEntry => ({
      name: entry.name,
      value: entry.name === 'weight' ? int8Tensor(entry.tensor, part, block, kwargs) : tensors.detached(entry, node),
    })),
    versions: [{ path: '', version: node.version }],
  }
}

/** `_rebuild_from_type_v2(_rebuild_wrapper_subclass, Int8Tensor, arguments, attributes)`. */
function int8Tensor(weight: ModelTensor, part: (name: string, shape: readonly number[], dtype: string) => SavedTensor, block: SavedValue, kwargs: SavedValue): SavedValue {
  const [rows = 1] = weight.shape
  const attributes: readonly (readonly [string, SavedValue])[] = [
    ['qdata', part('qdata', weight.shape, 'int8')],
    ['scale', part('scale', [rows, 1], weight.dtype)],
    ['block_size', block],
    ['zero_point', part('zero_point', [rows, 1], 'int8')],
    ['act_quant_kwargs', kwargs],
    ['act_quant_scale', NONE],
    ['act_quant_zero_point', NONE],
    ['act_pre_scale', NONE],
    ['reduce_range', { kind: 'bool' }],
  ]
  return call('torch._tensor', '_rebuild_from_type_v2', [
    { kind: 'global', module: 'torch._utils', name: '_rebuild_wrapper_subclass' },
    INT8_TENSOR,
    {
      kind: 'tuple',
      items: [
        INT8_TENSOR, { kind: 'dtype', dtype: weight.dtype },
        { kind: 'tuple', items: weight.shape.map(integer) }, { kind: 'tuple', items: weight.strides.map(integer) },
        integer(0), STRIDED, call('torch', 'device', [{ kind: 'text', text: 'cpu' }]), { kind: 'bool' },
      ],
    },
    { kind: 'dict', items: attributes.map(([name, value]) => [{ kind: 'word', text: name }, value]) },
  ])
}

const INT8_TENSOR: SavedValue = { kind: 'global', module: 'torchao.quantization', name: 'Int8Tensor' }
/** torch has one object for each layout, so it is pickled once. */
const STRIDED: SavedValue = call('torch.serialization', '_get_layout', [{ kind: 'text', text: 'torch.strided' }])

/** How activations are quantized: an object for each layer, over the one granularity and mapping of the config. */
function activations(): SavedValue {
  const granularity: SavedValue = {
    kind: 'object', module: 'torchao.quantization.granularity', name: 'PerRow', state: { kind: 'dict', items: [[{ kind: 'word', text: 'dim' }, integer(-1)]] },
  }
  return {
    kind: 'object', module: 'torchao.quantization.quantize_.workflows.int8.int8_tensor', name: 'QuantizeTensorToInt8Kwargs',
    state: {
      kind: 'dict',
      items: [
        [{ kind: 'word', text: 'granularity' }, granularity],
        [{ kind: 'word', text: 'mapping_type' }, call('torchao.quantization.quant_primitives', 'MappingType', [integer(1)])],
        [{ kind: 'word', text: 'reduce_range' }, { kind: 'bool' }],
      ],
    },
  }
}

function integer(value: number): SavedValue {
  return { kind: 'int', value }
}

function call(module: string, name: string, values: readonly SavedValue[]): SavedValue {
  return { kind: 'reduce', module, name, arguments: values }
}
