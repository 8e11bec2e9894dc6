/**
 * `model.half()` and `model.bfloat16()`: every floating-point tensor in two bytes. Owns what `Module._apply` does to
 * ties: a Parameter object stays one, a buffer is converted once for each place that holds it.
 */

import { dtypeByName, elementBytes } from '../../model/dtypes.ts'
import type { LayerNode, LayerTensor, ModelTensor, ModelTree } from '../../model/layer-tree.ts'
import { convertedTable, everyLayer } from '../conversion.ts'
import { isPlainStateDict, layerObjects, preservedStrides, stateDictOfObjects, type TensorObjects } from '../layer-objects.ts'
import type { Recipe, RecipeOutcome } from '../recipe.ts'
import type { SavedStorage, SavedTensor } from '../../serialize/saved-value.ts'

export const float16: Recipe = halfPrecision('float16', 'half')

export const bfloat16: Recipe = halfPrecision('bfloat16', 'bfloat16')

function halfPrecision(dtype: 'float16' | 'bfloat16', method: string): Recipe {
  return {
    id: dtype,
    title: `every floating-point tensor in ${dtype}`,
    api: () => ({ name: `torch.nn.Module.${method}` }),
    apply: (model) => apply(model, dtype),
  }
}

function apply(model: ModelTree, dtype: string): RecipeOutcome {
  const converted = everyLayer(model).filter((node) => node.tensors.some(({ tensor, kind }) => kind === 'parameter' && isConverted(tensor, dtype)))
  const tables = { converts: convertedTable(converted), leaves: [] }
  if (!isPlainStateDict(model)) return { ...tables, stateDict: 'hooks change what the state_dict lists' }
  const both = everyLayer(model).some((node) => node.tensors.some(({ tensor, kind }) => kind === 'buffer' && tensor.kind === 'parameter' && isConverted(tensor, dtype)))
  return {
    ...tables,
    stateDict: stateDictOfObjects(layerObjects(model), castTensors(dtype)),
    ...(both ? { doubt: 'a Parameter is registered as a buffer, and whether the cast keeps the tie depends on the order' } : {}),
  }
}

function isConverted(tensor: ModelTensor, dtype: string): boolean {
  return tensor.dtype !== dtype && (dtypeByName(tensor.dtype)?.isFloatingPoint ?? false)
}

/** The tensors of a model after a cast in place: a converted tensor has a storage of its own elements only. */
function castTensors(dtype: string): TensorObjects {
  const storages = new Map<string, SavedStorage>()
  const storageOf = (key: string, bytes: number) => {
    const storage = storages.get(key) ?? { bytes }
    storages.set(key, storage)
    return storage
  }
  const detached = ({ name, tensor, kind }: LayerTensor, owner: LayerNode): SavedTensor => {
    if (!isConverted(tensor, dtype)) {
      const storage = storageOf(`kept ${String(tensor.storage)}`, tensor.storageElements * (elementBytes(tensor.dtype) ?? 0))
      return { kind: 'tensor', shape: tensor.shape, dtype: tensor.dtype, storage, offset: tensor.storageOffset, strides: tensor.strides }
    }
    const key = kind === 'parameter' ? `parameter ${String(tensor.id)}` : `buffer ${String(owner.id)} ${name}`
    return { kind: 'tensor', shape: tensor.shape, dtype, storage: storageOf(key, tensor.count * 2), strides: preservedStrides(tensor) }
  }
  return { detached, parameter: (tensor) => ({ kind: 'tensor', shape: tensor.shape, dtype, storage: { bytes: tensor.count * 2 }, isParameter: true }) }
}
