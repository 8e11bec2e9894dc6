/**
 * A model as the objects that PyTorch would hold, so that recipes can replace layers the way PyTorch does: a layer
 * registered twice is one object, and its second name may keep what the first one lost. Owns the copy that deepcopy
 * makes, and the walk of state_dict; converts nothing itself.
 */

import { elementBytes } from '../model/dtypes.ts'
import type { LayerNode, LayerTensor, ModelTensor, ModelTree } from '../model/layer-tree.ts'
import { contiguousStrides, type SavedDictionary, type SavedEntry, type SavedStorage, type SavedTensor, type SavedValue, type SavedVersion } from '../serialize/saved-value.ts'

/** What a converted layer writes: entries and versions with paths relative to it, made anew at every state_dict. */
export interface Replacement {
  readonly entries: () => readonly SavedEntry[]
  readonly versions: readonly SavedVersion[]
}

export interface LayerObject {
  readonly node: LayerNode
  readonly children: Map<string, LayerObject>
  replacement?: Replacement
}

/** Every layer instance once; children that share an instance share its object. */
export function layerObjects(model: ModelTree): LayerObject {
  const objects = new Map<number, LayerObject>()
  const root: LayerObject = { node: model.root, children: new Map() }
  objects.set(model.root.id, root)
  const pending = [root]
  for (let next = pending.pop(); next; next = pending.pop()) {
    for (const child of next.node.children) {
      const known = objects.get(child.id)
      const object = known ?? { node: child, children: new Map<string, LayerObject>() }
      next.children.set(child.name, object)
      if (known) continue
      objects.set(child.id, object)
      pending.push(object)
    }
  }
  return root
}

/** Tensors as Python objects: what a recipe asks for when it writes one down. */
export interface TensorObjects {
  /** The tensor as state_dict holds it: detached, a new object at each call, over the tensor's storage. */
  readonly detached: (entry: LayerTensor, owner: LayerNode) => SavedTensor
  /** The Parameter object itself, the same at each call. */
  readonly parameter: (tensor: ModelTensor) => SavedTensor
}

/**
 * The tensors of `copy.deepcopy(model)`. A Parameter is cloned: it gets a storage of its own, with its own elements
 * only, and keeps its strides where they fill it. Buffers copy their whole storage, once for all that share it.
 */
export function copiedTensors(): TensorObjects {
  const clones = new Map<number, SavedTensor>()
  const storages = new Map<number, SavedStorage>()
  const parameter = (tensor: ModelTensor) => {
    const known = clones.get(tensor.id)
    if (known) return known
    const clone: SavedTensor = {
      kind: 'tensor', shape: tensor.shape, dtype: tensor.dtype, strides: preservedStrides(tensor),
      storage: { bytes: tensor.count * (elementBytes(tensor.dtype) ?? 0) }, isParameter: true,
    }
    clones.set(tensor.id, clone)
    return clone
  }
  const detached = ({ tensor }: LayerTensor): SavedTensor => {
    if (tensor.kind === 'parameter') return { ...parameter(tensor), isParameter: false }
    const storage = storages.get(tensor.storage) ?? { bytes: tensor.storageElements * (elementBytes(tensor.dtype) ?? 0) }
    storages.set(tensor.storage, storage)
    return { kind: 'tensor', shape: tensor.shape, dtype: tensor.dtype, storage, offset: tensor.storageOffset, strides: tensor.strides }
  }
  return { detached, parameter }
}

/**
 * Why `copy.deepcopy(model)` raises, if it does: the old `torch.nn.utils.weight_norm` leaves a weight that was computed,
 * in place of the parameter, and a computed tensor cannot be copied.
 */
export function refusesDeepcopy(model: ModelTree): string | undefined {
  const pending = [model.root]
  for (let node = pending.pop(); node; node = pending.pop()) {
    const names = new Set(node.tensors.map(({ name }) => name))
    for (const name of names) {
      const base = name.slice(0, -2)
      if (name.endsWith('_g') && names.has(`${base}_v`) && !names.has(base)) return `\`${join(node.path, base)}\` is computed by weight_norm, and a model with it cannot be copied`
    }
    pending.push(...node.children)
  }
  return undefined
}

/** The strides of a copy in `torch.preserve_format`: the same where the elements fill memory without overlap, else row-major. */
export function preservedStrides(tensor: Pick<ModelTensor, 'shape' | 'strides'>): readonly number[] {
  const { shape, strides } = tensor
  if (shape.includes(0)) return contiguousStrides(shape)
  const order = shape.map((_, index) => index).filter((index) => shape[index] !== 1).sort((left, right) => strides[left]! - strides[right]!)
  let expected = 1
  for (const index of order) {
    if (strides[index] !== expected) return contiguousStrides(shape)
    expected *= shape[index]!
  }
  return strides
}

/** `state_dict()` of the objects, with replaced layers writing their own entries. */
export function stateDictOfObjects(root: LayerObject, tensors: TensorObjects): SavedDictionary {
  const entries: SavedEntry[] = []
  const versions: SavedVersion[] = []
  const pending: { readonly object: LayerObject, readonly path: string }[] = [{ object: root, path: '' }]
  for (let next = pending.pop(); next; next = pending.pop()) {
    const { object, path } = next
    if (object.replacement) {
      for (const { name, value } of object.replacement.entries()) entries.push({ name: join(path, name), value })
      for (const { path: below, version } of object.replacement.versions) versions.push({ path: join(path, below), version })
      continue
    }
    versions.push({ path, version: object.node.version })
    for (const entry of object.node.tensors) {
      if (entry.persistent) entries.push({ name: join(path, entry.name), value: tensors.detached(entry, object.node) })
    }
    // A stack hands out the last pushed first, so the children go in backwards.
    for (const [name, child] of [...object.children].reverse()) pending.push({ object: child, path: join(path, name) })
  }
  return { form: 'state-dict', entries, versions }
}

/**
 * Whether the plain walk over the layers lists what the model's state_dict lists. Hooks that rename or drop entries
 * make it differ, and what they do to converted layers is not known.
 */
export function isPlainStateDict(model: ModelTree): boolean {
  if (model.stateDict === null || model.stateDictForm !== undefined) return false
  const names = model.stateDict.map(({ name }) => name)
  const walked = stateDictOfObjects(layerObjects(model), { detached: placeholder, parameter: placeholder }).entries
  return names.length === walked.length && names.every((name, index) => walked[index]!.name === name)
}

const placeholderTensor: SavedTensor = { kind: 'tensor', shape: [], dtype: 'float32', storage: { bytes: 0 } }
const placeholder = () => placeholderTensor

/** The parent's path and a name below it, either of which may be empty. */
export function join(path: string, name: string): string {
  return path === '' ? name : name === '' ? path : `${path}.${name}`
}

/** The tensors of the model as it is, for recipes that change it in place and touch the tensors of some layers only. */
export function ownTensors(): TensorObjects {
  const storages = new Map<number, SavedStorage>()
  const detached = ({ tensor }: LayerTensor): SavedTensor => {
    const storage = storages.get(tensor.storage) ?? { bytes: tensor.storageElements * (elementBytes(tensor.dtype) ?? 0) }
    storages.set(tensor.storage, storage)
    return { kind: 'tensor', shape: tensor.shape, dtype: tensor.dtype, storage, offset: tensor.storageOffset, strides: tensor.strides }
  }
  return { detached, parameter: (tensor) => ({ ...detached({ name: '', tensor, kind: 'parameter', persistent: true }), isParameter: true }) }
}

/** A tensor of a layer by name. */
export function tensorOf(node: LayerNode, name: string): ModelTensor | undefined {
  return node.tensors.find((tensor) => tensor.name === name)?.tensor
}

export const NONE: SavedValue = { kind: 'none' }
