/**
 * Turns an evaluated nn.Module instance into the plain layer tree. Decides what is exact: whatever is Unknown or in doubt
 * where a layer, a parameter or a buffer stands makes the model less than exact, with its reason.
 */

import type { Place } from '../text/range.ts'
import { type Machine, type Origin, PyDict, PyFloat, type PyObject, PySet, Unknown, type PyClass, type Value, type PyInstance } from '../evaluate/value.ts'
import { dtypeByName } from '../model/dtypes.ts'
import type { LayerNode, LayerTensor, ModelTensor, ModelTree, StateDictEntry, UnknownReason } from '../model/layer-tree.ts'
import type { Certainty } from '../measure/figure.ts'
import { isLayer } from './module-core.ts'
import { product } from './tensor/shape.ts'
import { isTensor, type TensorHost } from './torch-types.ts'
import type { Torch } from './torch-natives.ts'

/** Paths of one model; a layer shared under many names multiplies them. */
const MAX_LAYERS = 200_000
/** Layers within layers; PyTorch's own recursion ends at Python's limit of 1000 frames. */
const MAX_DEPTH = 300
/** Reasons kept; the first ones explain the rest. */
const MAX_REASONS = 20

export interface ReadOptions {
  /** Where the model is constructed or declared. */
  readonly place: Place | null
  readonly assuming: readonly string[]
  /** Reasons found outside the tree: doubts noted while it was evaluated. */
  readonly doubts: readonly UnknownReason[]
  /** Turns an origin into a place; the reader has no texts. */
  readonly placeOf: (origin: Origin | undefined) => Place | null
}

interface Reading {
  readonly m: Machine
  readonly torch: Torch
  readonly options: ReadOptions
  readonly tensors: Map<PyObject, ModelTensor>
  readonly storages: Map<object, number>
  readonly layers: Map<PyObject, number>
  /** Layers on the path from the root, to see a cycle. */
  readonly open: Set<PyObject>
  readonly unknown: UnknownReason[]
  /** Causes that have been given. */
  readonly causes: Set<string>
  certainty: Certainty
  nodes: number
  hasCustomState: boolean
  /** Keys that a hook adds to `state_dict()._metadata`. */
  readonly hookMetadata: string[]
}

/** The tree of a layer that evaluation made. */
export function readModel(m: Machine, torch: Torch, model: PyInstance, options: ReadOptions): ModelTree {
  const reading: Reading = { m, torch, options, tensors: new Map(), storages: new Map(), layers: new Map(), open: new Set(), unknown: [], causes: new Set(), certainty: 'exact', nodes: 0, hasCustomState: false, hookMetadata: [] }
  for (const doubt of options.doubts) lower(reading, 'estimate', doubt)
  const root = readLayer(reading, model, '', '')
  const state = reading.hasCustomState ? customState(reading, model) : plainState(root)
  // Nothing is known of it but that there is something: no number says that.
  const certainty = reading.certainty !== 'exact' && ![...reading.tensors.values()].some(({ kind }) => kind === 'parameter') ? 'unknown' : reading.certainty
  return {
    type: root.type,
    certainty,
    place: options.place,
    root,
    stateDict: state?.entries ?? null,
    ...(state?.form === undefined ? {} : { stateDictForm: state.form }),
    metadata: metadataOf(root),
    extraState: [...state?.extra ?? [], ...reading.hookMetadata],
    assuming: options.assuming,
    unknown: reading.unknown,
  }
}

const RANK: Readonly<Record<Certainty, number>> = { exact: 0, bounded: 1, estimate: 2, unknown: 3 }

function lower(reading: Reading, to: Certainty, why: UnknownReason): void {
  if (RANK[to] > RANK[reading.certainty]) reading.certainty = to
  if (reading.unknown.length < MAX_REASONS && !reading.unknown.some((known) => known.reason === why.reason)) reading.unknown.push(why)
}

function because(reading: Reading, to: Certainty, unknown: Unknown, prefix = ''): void {
  // One cause reaches many attributes: the first of them tells.
  const cause = `${unknown.origin?.file ?? ''}:${String(unknown.origin?.start)}:${unknown.reason}`
  const isKnown = reading.causes.has(cause)
  reading.causes.add(cause)
  if (isKnown && RANK[to] <= RANK[reading.certainty]) return
  lower(reading, to, { reason: prefix + unknown.reason, place: reading.options.placeOf(unknown.origin) })
}

function numberOf<T extends object>(map: Map<T, number>, key: T): number {
  let id = map.get(key)
  if (id === undefined) map.set(key, id = map.size)
  return id
}

/** `torch.nn.Conv2d` for what lives in `torch.nn.modules.conv`. */
export function publicName(cls: PyClass): string {
  const module = cls.attrs.get('__module__')
  const qualified = cls.attrs.get('__qualname__')
  const name = typeof qualified === 'string' ? qualified : cls.name
  if (typeof module !== 'string') return name
  if (module.startsWith('torch.nn.modules.')) return `torch.nn.${name}`
  if (module.startsWith('torch.nn.parallel.')) return `torch.nn.parallel.${name}`
  return `${module}.${name}`
}

function readLayer(reading: Reading, layer: PyInstance, name: string, path: string): LayerNode {
  const { m, torch } = reading
  reading.nodes += 1
  m.spend(1)
  const { attrs, cls } = layer
  const place = reading.options.placeOf((layer.host as { place?: Origin } | undefined)?.place)
  const moduleAt = torch.moduleClass.current === undefined ? -1 : cls.mro.indexOf(torch.moduleClass.current)
  const version = m.lookup(cls, '_version')
  const node = {
    id: numberOf(reading.layers, layer), name, path, type: publicName(cls),
    ancestry: cls.mro.slice(0, moduleAt + 1).map(publicName),
    version: typeof version === 'number' ? version : null,
    attributes: plainAttributes(attrs), tensors: [] as LayerTensor[], children: [] as LayerNode[], place,
  }
  if (layer.doubt) because(reading, 'estimate', layer.doubt, `${describe(path)} may have been changed: `)
  if (cls.opaque) because(reading, 'unknown', cls.opaque, `a base of ${node.type} is not known: `)
  if (!attrs?.has('_modules')) {
    lower(reading, 'unknown', { reason: `${describe(path)} did not call nn.Module.__init__`, place })
    return node
  }
  noteCustomState(reading, cls, attrs)
  const isLibrary = publicName(cls).startsWith('torch.nn.')
  for (const [key, value] of attrs) {
    // Nothing of that name is registered: if it is a layer or a parameter, the model holds more than is counted.
    if (value instanceof Unknown && !key.startsWith('_') && couldBeLayer(value)) {
      because(reading, 'bounded', value, isLibrary ? `${describe(path)} (${cls.name}): ` : `\`${join(path, key)}\` is not known and may be a layer: `)
    }
  }
  readTensors(reading, attrs, path, node.tensors)
  readChildren(reading, layer, path, node.children)
  return node
}

/** What comes from a package that is known to build no layers is none. */
function couldBeLayer(value: Unknown): boolean {
  return !value.isPlain
}

function describe(path: string): string {
  return path === '' ? 'the model' : `\`${path}\``
}

function join(path: string, name: string): string {
  return path === '' ? name : `${path}.${name}`
}

function plainAttributes(attrs: ReadonlyMap<string, Value> | undefined): ReadonlyMap<string, number | boolean | string | null> {
  const plain = new Map<string, number | boolean | string | null>()
  for (const [name, value] of attrs ?? []) {
    if (name.startsWith('_')) continue
    if (value === null || typeof value === 'boolean' || typeof value === 'number' || (typeof value === 'string' && value.length <= 100)) plain.set(name, value)
    else if (value instanceof PyFloat) plain.set(name, value.value)
  }
  return plain
}

function entriesOf(reading: Reading, attrs: ReadonlyMap<string, Value>, registry: string, path: string): [string, Value][] {
  const dict = attrs.get(registry)
  if (!(dict instanceof PyDict)) {
    lower(reading, 'unknown', dict instanceof Unknown ? { reason: dict.reason, place: reading.options.placeOf(dict.origin) } : { reason: `${describe(path)} has no ${registry}`, place: null })
    return []
  }
  if (dict.doubt) because(reading, 'estimate', dict.doubt)
  const entries: [string, Value][] = []
  for (const [key, value] of dict.values) {
    if (typeof key === 'string') entries.push([key, value])
    else lower(reading, 'unknown', { reason: `a name in ${registry} of ${describe(path)} is no string`, place: null })
  }
  return entries
}

function readTensors(reading: Reading, attrs: ReadonlyMap<string, Value>, path: string, into: LayerTensor[]): void {
  const skipped = attrs.get('_non_persistent_buffers_set')
  if (!(skipped instanceof PySet)) lower(reading, 'unknown', { reason: `which buffers of ${describe(path)} are persistent is not known`, place: null })
  else if (skipped.doubt) because(reading, 'estimate', skipped.doubt)
  for (const [registry, kind] of [['_parameters', 'parameter'], ['_buffers', 'buffer']] as const) {
    for (const [name, value] of entriesOf(reading, attrs, registry, path)) {
      if (value === null) continue
      if (value instanceof Unknown) {
        because(reading, 'bounded', value, `\`${join(path, name)}\`: `)
        continue
      }
      if (!isTensor(value)) {
        lower(reading, 'unknown', { reason: `\`${join(path, name)}\` is no tensor`, place: null })
        continue
      }
      if (value.host.uninitialized === true) {
        lower(reading, 'unknown', { reason: `\`${join(path, name)}\` is lazy: it has no shape before the first input`, place: reading.options.placeOf(value.host.place) })
        continue
      }
      if (value.doubt) because(reading, 'estimate', value.doubt, `\`${join(path, name)}\` may have been changed: `)
      into.push({ name, kind, persistent: kind === 'parameter' || !(skipped instanceof PySet && skipped.values.has(name)), tensor: readTensor(reading, value, kind) })
    }
  }
}

function readTensor(reading: Reading, value: PyInstance & { host: TensorHost }, kind: 'parameter' | 'buffer'): ModelTensor {
  const known = reading.tensors.get(value)
  if (known) return known
  const { info, requiresGrad, place } = value.host
  const count = product(info.shape)
  const tensor: ModelTensor = {
    id: reading.tensors.size,
    storage: numberOf(reading.storages, info.storage),
    storageElements: info.storage.elements,
    storageOffset: info.offset,
    shape: info.shape, strides: info.strides, dtype: info.dtype, kind,
    trainable: kind === 'parameter' && requiresGrad,
    count,
    bytes: count * (dtypeByName(info.dtype)?.bytes ?? 0),
    ...ownClassOf(reading, value.cls),
    ...(info.device === 'cpu' ? {} : { device: info.device }),
    place: reading.options.placeOf(place),
  }
  reading.tensors.set(value, tensor)
  return tensor
}

/** Methods by which a class of tensors decides how it is copied and detached. */
const COPYING = ['__new__', '__init__', '__deepcopy__', '__reduce_ex__', '__torch_function__', '__torch_dispatch__', 'detach', 'clone']

function ownClassOf({ torch: { types } }: Reading, cls: PyClass): { ownClass?: NonNullable<ModelTensor['ownClass']> } {
  const own = cls.mro.slice(0, cls.mro.findIndex((one) => one === types.parameter || one === types.tensor || one === types.buffer))
  const name = cls.attrs.get('__module__')
  if (own.length === 0 || (typeof name === 'string' && /^torch\b/.test(name))) return {}
  const decides = own.some(({ attrs }) => COPYING.some((method) => attrs.has(method)))
  const isParameter = cls.mro.includes(types.parameter)
  return { ownClass: { name: cls.name, isSaved: !isParameter || own.some(({ attrs }) => attrs.has('__torch_function__') || attrs.has('detach')), isUncopied: !isParameter || decides } }
}

function readChildren(reading: Reading, layer: PyInstance, path: string, into: LayerNode[]): void {
  reading.open.add(layer)
  for (const [name, value] of entriesOf(reading, layer.attrs!, '_modules', path)) {
    if (value === null) continue
    const childPath = join(path, name)
    if (value instanceof Unknown) because(reading, 'bounded', value, `\`${childPath}\`: `)
    else if (!isLayer(reading.m, reading.torch.moduleClass, value)) lower(reading, 'unknown', { reason: `\`${childPath}\` is no nn.Module`, place: null })
    else if (reading.open.has(value)) lower(reading, 'unknown', { reason: `\`${childPath}\` contains itself`, place: null })
    else if (reading.open.size >= MAX_DEPTH || reading.nodes >= MAX_LAYERS) lower(reading, 'unknown', { reason: 'too large to evaluate here (limit: layers)', place: null })
    else into.push(readLayer(reading, value, name, childPath))
  }
  reading.open.delete(layer)
}

// ---------------------------------------------------------------------------------------------- state_dict

const STATE_METHODS = ['state_dict', '_save_to_state_dict', 'get_extra_state']
const STATE_HOOKS = ['_state_dict_hooks', '_state_dict_pre_hooks']

/** Whether `state_dict()` is anything but the plain walk. */
function noteCustomState(reading: Reading, cls: PyClass, attrs: ReadonlyMap<string, Value>): void {
  const base = reading.torch.moduleClass.current
  const metadata = attrs.get('_footprint_metadata')
  if (metadata instanceof PyDict && metadata.values.size > 0) reading.hookMetadata.push('the version that spectral_norm records')
  if (!base || reading.hasCustomState) return
  for (const name of STATE_METHODS) if (reading.m.lookup(cls, name) !== base.attrs.get(name)) reading.hasCustomState = true
  for (const name of STATE_HOOKS) {
    const hooks = attrs.get(name)
    if (hooks instanceof PyDict && hooks.values.size > 0) reading.hasCustomState = true
  }
}

interface State { readonly entries: readonly StateDictEntry[], readonly extra: readonly string[], readonly form?: 'ordered' | 'plain' | 'other' }

function plainState(root: LayerNode): State {
  const entries: StateDictEntry[] = []
  const pending = [root]
  for (let node = pending.pop(); node; node = pending.pop()) {
    for (const { name, tensor, kind, persistent } of node.tensors) if (persistent) entries.push({ name: join(node.path, name), tensor, kind })
    for (let i = node.children.length - 1; i >= 0; i--) pending.push(node.children[i]!)
  }
  return { entries, extra: [] }
}

function metadataOf(root: LayerNode): ModelTree['metadata'] {
  const entries: { path: string, version: number | null }[] = []
  const pending = [root]
  for (let node = pending.pop(); node; node = pending.pop()) {
    entries.push({ path: node.path, version: node.version })
    for (let i = node.children.length - 1; i >= 0; i--) pending.push(node.children[i]!)
  }
  return entries
}

/**
 * `state_dict()` evaluated, where a class or a hook has its own way: once with `keep_vars=True`, which tells the tensors
 * of the model apart, and once as torch.save sees it, which tells what kind of dictionary and which objects it holds.
 */
function customState(reading: Reading, model: PyInstance): State | undefined {
  const kept = evaluatedState(reading, model, true)
  const saved = kept && evaluatedState(reading, model, false)
  if (!saved) return undefined
  const entries: StateDictEntry[] = []
  const extra: string[] = []
  const objects = new Map<object, number>()
  for (const [name, value] of kept.entries) {
    const held = saved.entries.get(name)
    if (held === undefined || isTensor(held) !== isTensor(value) || saved.entries.size !== kept.entries.size) {
      lower(reading, 'estimate', { reason: 'state_dict() lists other entries with keep_vars than without', place: null })
      return undefined
    }
    if (!isTensor(value)) { extra.push(name); continue }
    const { parameter } = reading.torch.types
    const kind = reading.m.isInstance(value, parameter) ? 'parameter' : 'buffer'
    const tensor = readTensor(reading, value, reading.tensors.get(value)?.kind ?? kind)
    entries.push({ name, tensor, kind, held: { object: numberOf(objects, held as object), isParameter: reading.m.isInstance(held, parameter) } })
  }
  return { entries, extra, ...(saved.form === undefined ? {} : { form: saved.form }) }
}

function evaluatedState(reading: Reading, model: PyInstance, keepVars: boolean): { readonly entries: ReadonlyMap<string, Value>, readonly form?: 'ordered' | 'plain' | 'other' } | undefined {
  const { m } = reading
  const result = m.callMethod(model, 'state_dict', [], new Map<string, Value>(keepVars ? [['keep_vars', true]] : []))
  if (!(result instanceof PyDict) || result.doubt) {
    lower(reading, 'estimate', result instanceof Unknown ? { reason: `state_dict(): ${result.reason}`, place: reading.options.placeOf(result.origin) } : { reason: 'state_dict() of this model is not known', place: null })
    return undefined
  }
  const entries = new Map<string, Value>()
  for (const [key, value] of m.dictEntries(result)) {
    if (typeof key !== 'string' || value instanceof Unknown) {
      lower(reading, 'estimate', { reason: 'an entry of state_dict() is not known', place: value instanceof Unknown ? reading.options.placeOf(value.origin) : null })
      return undefined
    }
    entries.set(key, value)
  }
  if (result.cls === PyDict.cls) return { entries, form: 'plain' }
  if (result.cls.name !== 'OrderedDict') return { entries, form: 'other' }
  return result.attrs?.has('_metadata') ? { entries } : { entries, form: 'ordered' }
}
