/**
 * From a model's layer tree to the dictionary that `model.state_dict()` returns, ready to be measured.
 * Owns the mapping and the whole answer to "how many bytes does saving this model write"; evaluates nothing.
 */

import { bounded, estimate, unknown, type Figure } from '../measure/figure.ts'
import { walkLayers } from '../model/counts.ts'
import { elementBytes } from '../model/dtypes.ts'
import type { ModelTensor, ModelTree } from '../model/layer-tree.ts'
import { savedFileBytes, type SaveOptions } from './saved-file-bytes.ts'
import type { SavedDictionary, SavedStorage, SavedTensor } from './saved-value.ts'

/** Gives every storage of a model its one SavedStorage. */
export function storagesOfModel(): (tensor: ModelTensor) => SavedStorage {
  const storages = new Map<number, SavedStorage>()
  return (tensor) => {
    const known = storages.get(tensor.storage)
    if (known) return known
    const storage = { bytes: tensor.storageElements * (elementBytes(tensor.dtype) ?? 0) }
    storages.set(tensor.storage, storage)
    return storage
  }
}

/** The tensor as `state_dict()` holds it: detached, an object of its own. */
export function savedTensor(tensor: ModelTensor, storage: SavedStorage): SavedTensor {
  return { kind: 'tensor', shape: tensor.shape, dtype: tensor.dtype, storage, offset: tensor.storageOffset, strides: tensor.strides, ...(tensor.device === 'meta' ? { isMeta: true } : {}) }
}

/** `model.state_dict()`; the reason when its entries are not known. */
export function stateDictOf(model: ModelTree): SavedDictionary | string {
  if (model.stateDict === null) return model.unknown[0]?.reason ?? 'the names of the state_dict are not known'
  const form = model.stateDictForm ?? 'state-dict'
  if (form === 'other') return 'state_dict() of this model returns a dictionary of a class of its own'
  const storage = storagesOfModel()
  const held = new Map<number, SavedTensor>()
  return {
    form,
    entries: model.stateDict.map((entry) => {
      const { name, tensor } = entry
      if (!entry.held) return { name, value: savedTensor(tensor, storage(tensor)) }
      const value = held.get(entry.held.object) ?? { ...savedTensor(tensor, storage(tensor)), isParameter: entry.held.isParameter }
      held.set(entry.held.object, value)
      return { name, value }
    }),
    versions: form === 'state-dict' ? model.metadata : [],
  }
}

/**
 * The bytes of `torch.save(model.state_dict(), fileName)`. Exact when the model is; the certainty of an inexact model
 * carries over, and extra state, whose bytes nothing tells, makes it a lower bound.
 */
export function stateDictFileBytes(model: ModelTree, options: SaveOptions): Figure {
  const dictionary = stateDictOf(model)
  if (typeof dictionary === 'string') return unknown(dictionary)
  return underModel(model, savedFileBytes(dictionary, options))
}

/** A figure that was computed as if the model were exact, with the certainty that the model allows. */
export function underModel(model: ModelTree, figure: Figure): Figure {
  if (figure.certainty === 'unknown') return figure
  const reason = model.unknown[0]?.reason ?? 'the model is not wholly known'
  if (model.certainty === 'unknown') return unknown(reason)
  if (model.certainty === 'estimate') return estimate(figure.value, reason)
  if (model.certainty === 'bounded') return bounded(figure.value, reason)
  const elsewhere = deviceOf(model)
  if (elsewhere !== 'cpu' && elsewhere !== 'meta') return estimate(figure.value, `the model is on ${elsewhere}, and what is saved from there was not measured`)
  const own = firstTensor(model, ({ ownClass }) => ownClass?.isSaved === true)?.ownClass
  if (own) return estimate(figure.value, `tensors of the class ${own.name} are saved with their class`)
  if (model.extraState.length > 0) return bounded(figure.value, `the extra state \`${model.extraState[0]!}\` is not known`)
  return figure
}

/** The first device other than the CPU that holds a tensor of the model; `cpu` when there is none. */
export function deviceOf(model: ModelTree): string {
  return firstTensor(model, ({ device }) => device !== undefined && device !== 'cpu')?.device ?? 'cpu'
}

/** The first tensor of a model of which something is so. */
export function firstTensor(model: ModelTree, test: (tensor: ModelTensor) => boolean): ModelTensor | undefined {
  for (const layer of walkLayers(model.root)) {
    const found = layer.tensors.find(({ tensor }) => test(tensor))
    if (found) return found.tensor
  }
  return undefined
}
