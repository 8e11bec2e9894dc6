/**
 * The layer tree of a whole module that was pickled: its classes, attributes and tensors as the file names them. Runs nothing;
 * a file whose parts are not all plain modules and tensors has no tree.
 */

import { leaves, type Content } from '../checkpoint/content.ts'
import { getItem, type PyCall, type PyDict, type TensorValue, type Value } from '../checkpoint/values.ts'
import type { LayerNode, LayerTensor, ModelTensor, ModelTree, StateDictEntry } from '../model/layer-tree.ts'

/** Modules deeper than this are no model that a person wrote. */
const maxDepth = 60

/** The tree, or undefined when the file does not hold one module. */
export function pickledModel(content: Content | null): ModelTree | undefined {
  const { root } = content ?? {}
  if (!isCall(root)) return undefined
  const reading: Reading = { tensors: new Map(), layers: new Map(), entries: [], metadata: [], next: 0 }
  const tree = readLayer(root, '', '', reading, 0)
  if (!tree) return undefined
  return {
    type: tree.type, certainty: 'exact', place: null, root: tree, stateDict: reading.entries, metadata: reading.metadata, extraState: [], assuming: [], unknown: [],
  }
}

interface Reading {
  readonly tensors: Map<TensorValue, ModelTensor>
  readonly layers: Map<PyCall, number>
  readonly entries: StateDictEntry[]
  readonly metadata: { readonly path: string; readonly version: number | null }[]
  next: number
}

function readLayer(call: PyCall, name: string, path: string, reading: Reading, depth: number): LayerNode | undefined {
  const state = stateOf(call)
  const type = classOf(call)
  const modules = state && getItem(state, '_modules')
  if (!state || type === undefined || !isDict(modules) || depth > maxDepth) return undefined
  let id = reading.layers.get(call)
  if (id === undefined) reading.layers.set(call, id = reading.layers.size)
  reading.metadata.push({ path, version: null })
  const skipped = getItem(state, '_non_persistent_buffers_set')
  const transient = new Set(typeof skipped === 'object' && skipped !== null && skipped.kind === 'set' ? skipped.items : [])
  const tensors: LayerTensor[] = []
  for (const kind of ['parameter', 'buffer'] as const) {
    const held = getItem(state, kind === 'parameter' ? '_parameters' : '_buffers')
    if (!isDict(held)) continue
    for (const [index, key] of held.keys.entries()) {
      const value = held.values[index]
      if (typeof key !== 'string' || value === null || value === undefined) continue
      const found = isCall(value) ? value.tensor : undefined
      const tensor = found ? tensorOf(found, kind, reading) : undefined
      if (!tensor) return undefined
      const persistent = kind === 'parameter' || !transient.has(key)
      tensors.push({ name: key, tensor, kind, persistent })
      if (persistent) reading.entries.push({ name: path === '' ? key : `${path}.${key}`, tensor, kind })
    }
  }
  const children: LayerNode[] = []
  for (const [index, key] of modules.keys.entries()) {
    const child = modules.values[index]
    if (typeof key !== 'string' || child === null || child === undefined) continue
    const layer = isCall(child) ? readLayer(child, key, path === '' ? key : `${path}.${key}`, reading, depth + 1) : undefined
    if (!layer) return undefined
    children.push(layer)
  }
  return { id, name, path, type, ancestry: [type, 'torch.nn.Module'], version: null, attributes: attributesOf(state), tensors, children, place: null }
}

function tensorOf(value: TensorValue, kind: 'parameter' | 'buffer', reading: Reading): ModelTensor | undefined {
  const kept = reading.tensors.get(value)
  if (kept) return kept
  const { shape, stride, bytes, storage } = value
  if (value.layout !== 'strided' || leaves(value).length !== 1 || !shape || !stride || bytes === null || !storage || shape.some((size) => size === null)) return undefined
  const count = shape.reduce<number>((product, size) => product * size!, 1)
  const shared = [...reading.tensors].find(([other]) => other.storage?.key === storage.key)?.[1].storage
  const tensor: ModelTensor = {
    id: reading.next++, storage: shared ?? reading.next, storageElements: storage.count, storageOffset: value.offset, shape: shape as readonly number[], strides: stride,
    dtype: value.dtype, kind, trainable: value.requiresGrad, count, bytes, place: null,
  }
  reading.tensors.set(value, tensor)
  return tensor
}

/** `torch.nn.modules.linear.Linear` under its public name. */
function classOf(call: PyCall): string | undefined {
  const callee = typeof call.callee === 'object' && call.callee?.kind === 'global' ? call.callee : undefined
  // `object.__reduce_ex__` of protocol 2 calls copyreg with the class as its first argument.
  const first = typeof call.args === 'object' && call.args?.kind === 'tuple' ? call.args.items[0] : undefined
  const named = callee?.path.startsWith('copyreg.') && typeof first === 'object' && first?.kind === 'global' ? first : callee
  return named?.path.replace(/^torch\.nn\.modules\.\w+\./, 'torch.nn.')
}

function stateOf(call: PyCall): PyDict | undefined {
  const { state } = call
  if (isDict(state)) return state
  // `(state, slots)`, as classes with slots have it.
  return typeof state === 'object' && state?.kind === 'tuple' && isDict(state.items[0]) ? state.items[0] : undefined
}

function attributesOf(state: PyDict): ReadonlyMap<string, number | boolean | string | null> {
  const found = new Map<string, number | boolean | string | null>()
  for (const [index, key] of state.keys.entries()) {
    const value = state.values[index]
    if (typeof key === 'string' && !key.startsWith('_') && (value === null || typeof value === 'number' || typeof value === 'boolean' || typeof value === 'string')) found.set(key, value)
  }
  return found
}

function isDict(value: Value | undefined): value is PyDict {
  return typeof value === 'object' && value?.kind === 'dict'
}

function isCall(value: Value | undefined): value is PyCall {
  return typeof value === 'object' && value?.kind === 'call'
}
