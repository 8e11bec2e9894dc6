/**
 * Weights files as programs meet them: what torch.load and safetensors give, which files a program writes, and what load_state_dict
 * says when a file does not fit. The walk over the layers is Python (python/module-source.ts).
 */

import { fn, type NativeModule } from '../evaluate/native.ts'
import { type Machine, type Origin, PyDict, PyFloat, PyInstance, PyList, type PyObject, PyTuple, Unknown, type Value } from '../evaluate/value.ts'
import { dtypeByName } from '../model/dtypes.ts'
import type { ReadStored, StoredValue } from '../model/stored-value.ts'
import { isLayer, type ModuleClass } from './module-core.ts'
import { product } from './tensor/shape.ts'
import { makeTensor, sourceOf, type TensorInfo } from './tensor/tensor.ts'
import { infoOf, isTensor, type TensorHost, type TorchTypes, wrap } from './torch-types.ts'

/** `load_state_dict` that raises, with everything that does not fit. */
export interface RefusedState {
  readonly model: PyInstance
  /** The calls that led to load_state_dict, the innermost first. */
  readonly origins: readonly Origin[]
  /** The files that the tensors come from. */
  readonly files: readonly string[]
  /** The call stands in a branch of which nobody knows whether it runs. */
  readonly isUndecided: boolean
  readonly missing: readonly string[]
  readonly unexpected: readonly string[]
  /** `fc.weight: the file has [10, 512], the model [2, 512]`. */
  readonly misfits: readonly string[]
}

/** A file written from tensors that are one in the model. */
export interface SharedSave {
  /** `refused`: safetensors raises. `twice`: the same elements are written once for each name. */
  readonly how: 'refused' | 'twice'
  /** The calls that led to the saving one, the innermost first. */
  readonly origins: readonly Origin[]
  /** Names of one tensor, group by group. */
  readonly groups: readonly (readonly string[])[]
  /** Bytes that are written more than once. */
  readonly bytes: number
}

export interface StateFiles {
  /** Set by the session; without it the contents of every file are unknown. */
  read: ReadStored | undefined
  /** Hears of every certain failure; set while a file is searched for models. */
  refused: ((refusal: RefusedState) => void) | undefined
  /** Hears of files that are written from shared tensors. */
  shared: ((save: SharedSave) => void) | undefined
}

/** Which tensors were read from which file. */
type FromFile = TensorHost & { readonly fromFile?: string }

/** Files that the program has written so far, by object: reset with the module that holds it. */
const SAVED = '_footprint_saved'
/** Layers whose files may spell the names in other ways: hooks of torch's own that are not followed here. */
const RENAMING = /^torch\.(?:ao|nn\.quantized|nn\.intrinsic|nn\.utils\.parametriz|jit|fx|distributed)/

/** Natives of the sources of torch.nn. */
export function stateNatives(holder: ModuleClass, files: StateFiles): readonly (readonly [string, Value])[] {
  return [
    fn('_is_known_state(state)', (m, [state]) => isKnownState(m, state)),
    fn('_keys_below(state, prefix)', (m, [state, prefix]) => new PyList(m.dictEntries(state as PyDict).map(([key]) => key).filter((key) => typeof key === 'string' && key.startsWith(String(prefix))))),
    fn('_without_shared(missing, state)', (m, [missing, state]) => withoutShared(m, missing, state)),
    fn('_misfit(found, own)', (_m, [found, own]) => misfit(found, own)),
    fn('_loading_failed(model, state, missing, unexpected, errors)', (m, [model, state, missing, unexpected, errors]) => {
      if (!(model instanceof PyInstance) || !(state instanceof PyDict) || !isPlainTree(m, holder, model)) return false
      const lists = [missing, unexpected, errors].map((list) => texts(m, list))
      if (lists.some((list) => list === undefined)) return false
      const from = filesOf(m, state)
      // Between models in memory the program fails as Python says; a file is reported, and the program is followed on.
      if (from.size === 0) return true
      if (m.isGuarded()) return true
      if (![...from].some((file) => isSaved(m, file))) {
        files.refused?.({ model, origins: m.callers(), files: [...from], isUndecided: m.isUndecided(), missing: lists[0]!, unexpected: lists[1]!, misfits: lists[2]! })
      }
      return false
    }),
  ].map((native) => [native.name, native] as const)
}

/** torch.load and torch.save. */
export function loadAndSave(types: TorchTypes, files: StateFiles): ReadonlyMap<string, Value> {
  return new Map<string, Value>([
    ['load', fn('load(f, *args, **kwargs)', (m, [path]) => load(m, types, files, path))],
    ['save', fn('save(obj, f, *args, **kwargs)', (m, [object, path]) => { noteSaved(m, path); noteCopies(m, files, object); return null })],
  ])
}

/** safetensors, of which programs use these functions. */
export function safetensorsNatives(types: TorchTypes, files: StateFiles): readonly NativeModule[] {
  const missing: NonNullable<NativeModule['missing']> = (m, name) => (name.startsWith('__') ? undefined : new Unknown(`safetensors ${name} is not evaluated`, m.here(), { isHarmless: true, isPlain: true }))
  return [
    { name: 'safetensors', missing, build: () => ({}), source: 'from safetensors.torch import _Open as safe_open\n' },
    {
      name: 'safetensors.torch', missing,
      build: () => ({
        _load: fn('_load(path)', (m, [path]) => load(m, types, files, path)),
        _unknown: fn('_unknown(what)', (m, [what]) => m.unknown(String(what))),
        save_file: fn('save_file(tensors, filename, metadata=None)', (m, [tensors, path]) => { noteSaved(m, path); noteShared(m, files, tensors); return null }),
        save: fn('save(tensors, metadata=None)', (m, [tensors]) => { noteShared(m, files, tensors); return m.unknown('the bytes of a safetensors file') }),
        save_model: fn('save_model(model, filename, metadata=None, force_contiguous=True)', (m, [, path]) => { noteSaved(m, path); return null }),
      }),
      source: LOADING,
    },
  ]
}

/** `load_model` forgives names of tensors that the file holds under another name of the model; the file may not hold both. */
const LOADING = String.raw`
def load_file(filename, device="cpu"):
    return _load(filename)

class _Open:
    def __init__(self, filename, framework, device="cpu", **kwargs):
        self._tensors = _load(filename)
    def __enter__(self):
        return self
    def __exit__(self, *args):
        return None
    def keys(self):
        return list(self._tensors.keys())
    offset_keys = keys
    def get_tensor(self, name):
        return self._tensors[name]
    def metadata(self):
        return _unknown('the metadata of a safetensors file')

_Open.__name__ = _Open.__qualname__ = 'safe_open'

def load_model(model, filename, strict=True, device="cpu"):
    from torch.nn import Module
    state = load_file(filename)
    if type(model).load_state_dict is not Module.load_state_dict:
        return tuple(model.load_state_dict(state, strict=False))
    missing, unexpected = model._footprint_load(state, strict, tied=True)
    return set(missing), unexpected
`

/** Names of which no other entry of `state` shares the memory. */
function withoutShared(m: Machine, missing: Value, state: Value): Value {
  const lost = texts(m, missing)
  if (lost === undefined || !(state instanceof PyDict) || !isKnownState(m, state)) return m.unknown('which names of the model share a tensor')
  const gone = new Set(lost)
  const there = new Set<object>()
  for (const [name, value] of m.dictEntries(state)) if (isTensor(value) && !gone.has(String(name))) there.add(infoOf(value).storage)
  return new PyList(lost.filter((name) => {
    const value = m.dictGet(state, name)
    return !isTensor(value) || !there.has(infoOf(value).storage)
  }))
}

function load(m: Machine, types: TorchTypes, files: StateFiles, path: Value): Value {
  const text = pathText(m, path)
  const stored = text === undefined || isSaved(m, text) ? undefined : files.read?.(text)
  return stored === undefined ? m.unknown('the contents of a checkpoint') : valueOf(m, types, stored.value, stored.path)
}

/** A path as the program names it; undefined for what is none or not known. */
function pathText(m: Machine, path: Value): string | undefined {
  if (typeof path === 'string') return path
  if (!(path instanceof PyInstance)) return undefined
  // A file that was opened to be read.
  if (path.cls.name === '_BinaryFile' && path.cls.attrs.get('__module__') === 'io') return pathText(m, path.attrs?.get('name') ?? null)
  if (m.lookup(path.cls, '__fspath__') === undefined) return undefined
  const text = m.callMethod(path, '__fspath__')
  return typeof text === 'string' ? text : undefined
}

function valueOf(m: Machine, types: TorchTypes, value: StoredValue, file: string): Value {
  m.spend(1)
  if (typeof value !== 'object' || value === null) return value
  switch (value.kind) {
    case 'float': return new PyFloat(value.value)
    case 'list': return new PyList(value.items.map((item) => valueOf(m, types, item, file)))
    case 'tuple': return new PyTuple(value.items.map((item) => valueOf(m, types, item, file)))
    case 'tensor': {
      const tensor = wrap(m, types, makeTensor(value.shape, value.dtype, 'cpu'))
      tensor.host = { ...(tensor.host as TensorHost), fromFile: file } satisfies FromFile
      return tensor
    }
    case 'other': return m.unknown(value.what)
    case 'dict': {
      const made = value.isOrdered ? m.call(m.getAttribute(m.importModule('collections'), 'OrderedDict')) : new PyDict()
      if (!(made instanceof PyDict)) return m.unknown('the contents of a checkpoint')
      for (const [key, item] of value.entries) m.setItem(made, valueOf(m, types, key, file), valueOf(m, types, item, file))
      if (value.versions && value.isOrdered) m.setAttribute(made, '_metadata', versionsOf(m, value.versions))
      return made
    }
  }
}

function versionsOf(m: Machine, versions: ReadonlyMap<string, number | null>): Value {
  const made = new PyDict()
  for (const [prefix, version] of versions) {
    const local = new PyDict()
    if (version !== null) m.dictSet(local, 'version', version)
    m.dictSet(made, prefix, local)
  }
  return made
}

// ---------------------------------------------------------------------------------------------- files that the program writes

/** `true` for a path that is not known: then any file may be meant. */
function noteSaved(m: Machine, path: Value): void {
  const session = m.importModule('torch._session') as PyObject
  const known = session.attrs?.get(SAVED)
  const text = pathText(m, path)
  m.touch(session)
  session.attrs?.set(SAVED, new PyTuple([...(known instanceof PyTuple ? known.items : []), text === undefined ? true : lastPart(text)]))
}

/** safetensors refuses a dictionary of which two tensors overlap. */
function noteShared(m: Machine, files: StateFiles, tensors: Value): void {
  if (!files.shared || !isKnownState(m, tensors) || m.isGuarded()) return
  const byStorage = new Map<object, { readonly name: string, readonly start: number, readonly end: number }[]>()
  for (const [name, value] of m.dictEntries(tensors as PyDict)) {
    if (!isTensor(value)) return
    const info = infoOf(value)
    if (info.device === 'meta' || product(info.shape) === 0) continue
    const last = info.shape.reduce((at, size, i) => at + (size - 1) * info.strides[i]!, info.offset)
    const held = byStorage.get(info.storage) ?? []
    if (held.length === 0) byStorage.set(info.storage, held)
    held.push({ name: String(name), start: info.offset, end: last + 1 })
  }
  const groups = [...byStorage.values()].map((held) => held.filter((one) => held.some((other) => other !== one && one.start < other.end && other.start < one.end)).map(({ name }) => name)).filter((names) => names.length > 1)
  if (groups.length > 0) files.shared({ how: 'refused', origins: m.callers(), groups, bytes: 0 })
}

/** torch.save writes a storage once; copies of one tensor are storages of their own. */
function noteCopies(m: Machine, files: StateFiles, object: Value): void {
  if (!files.shared) return
  const groups: string[][] = []
  let bytes = 0
  // Only within one dictionary: copies that two of them hold may have been taken at different times.
  const read = (state: Value, prefix: string, level: number): void => {
    if (!(state instanceof PyDict) || !isKnownState(m, state)) return
    const bySource = new Map<object, { readonly name: string, readonly info: TensorInfo, readonly source: TensorInfo }[]>()
    for (const [key, value] of m.dictEntries(state)) {
      if (value instanceof PyDict && level < MAX_LEVELS) read(value, `${prefix}${String(key)}.`, level + 1)
      if (!isTensor(value) || value.doubt !== undefined) continue
      const info = infoOf(value)
      const source = sourceOf(info)
      if (source === info) continue
      const held = bySource.get(source.storage) ?? []
      if (held.length === 0) bySource.set(source.storage, held)
      held.push({ name: prefix + String(key), info, source })
    }
    for (const held of bySource.values()) {
      const [first] = held
      const same = held.filter(({ source, info }) => first !== undefined && source.offset === first.source.offset && String(source.shape) === String(first.source.shape) && info.dtype === first.info.dtype)
      const storages = new Map(same.map(({ info }) => [info.storage, info]))
      if (storages.size < 2) continue
      groups.push(same.map(({ name }) => name))
      bytes += [...storages.values()].slice(1).reduce((total, { storage, dtype }) => total + storage.elements * (dtypeByName(dtype)?.bytes ?? 0), 0)
    }
  }
  read(object, '', 0)
  if (groups.length > 0) files.shared({ how: 'twice', origins: m.callers(), groups, bytes })
}

function isSaved(m: Machine, path: string): boolean {
  const saved = (m.importModule('torch._session') as PyObject).attrs?.get(SAVED)
  if (saved instanceof Unknown) return true
  return saved instanceof PyTuple && saved.items.some((one) => one === true || one instanceof Unknown || one === lastPart(path))
}

function lastPart(path: string): string {
  return path.slice(Math.max(path.lastIndexOf('/'), path.lastIndexOf('\\')) + 1)
}

// ---------------------------------------------------------------------------------------------- comparing

function isKnownState(m: Machine, state: Value): boolean {
  if (!(state instanceof PyDict) || state.doubt !== undefined) return false
  return m.dictEntries(state).every(([key]) => typeof key === 'string')
}

/** Why a tensor of the file does not go into one of the model; empty when it does, or when one of them is not known. */
function misfit(found: Value, own: Value): string {
  if (!isTensor(found) || !isTensor(own) || found.doubt !== undefined || own.doubt !== undefined || own.host.uninitialized === true) return ''
  const from = infoOf(found).shape
  const to = infoOf(own).shape
  // Files of torch 0.3 had no scalars.
  const given = to.length === 0 && from.length === 1 ? [] : from
  if (given.length === to.length && given.every((size, i) => size === to[i])) return ''
  return `the file has ${shapeText(from)}, the model ${shapeText(to)}`
}

function shapeText(shape: readonly number[]): string {
  return product(shape) === 1 && shape.length === 0 ? 'a scalar' : `[${shape.join(', ')}]`
}

/** Levels of dictionaries in which tensors of a file are looked for. */
const MAX_LEVELS = 4

function filesOf(m: Machine, state: PyDict, level = 0): ReadonlySet<string> {
  const found = new Set<string>()
  for (const [, value] of m.dictEntries(state)) {
    if (isTensor(value)) {
      const { fromFile } = value.host as FromFile
      if (fromFile !== undefined) found.add(fromFile)
    } else if (value instanceof PyDict && level < MAX_LEVELS) for (const file of filesOf(m, value, level + 1)) found.add(file)
  }
  return found
}

function texts(m: Machine, list: Value): readonly string[] | undefined {
  if (!(list instanceof PyList) || list.doubt !== undefined) return undefined
  const items = m.items(list)
  return items instanceof Unknown || !items.every((item) => typeof item === 'string') ? undefined : items as readonly string[]
}

/** Whether nothing of the model is in doubt, and nothing in it loads in a way of its own that is not followed. */
function isPlainTree(m: Machine, holder: ModuleClass, model: PyInstance): boolean {
  const pending: PyInstance[] = [model]
  const seen = new Set<PyInstance>()
  for (let layer = pending.pop(); layer; layer = pending.pop()) {
    if (seen.has(layer)) continue
    seen.add(layer)
    m.spend(1)
    const { attrs, cls } = layer
    const module = cls.attrs.get('__module__')
    if (layer.doubt !== undefined || attrs === undefined || cls.mro.some((one) => one.opaque !== undefined) || (typeof module === 'string' && RENAMING.test(module))) return false
    if (attrs.has('parametrizations') || attrs.has('_footprint_metadata')) return false
    for (const [name, value] of attrs) if (value instanceof Unknown && !name.startsWith('_') && !value.isPlain) return false
    for (const registry of ['_parameters', '_buffers', '_modules']) {
      const held = attrs.get(registry)
      if (!(held instanceof PyDict) || held.doubt !== undefined) return false
      for (const value of held.values.values()) {
        if (value === null) continue
        if (isTensor(value)) { if (value.doubt !== undefined || value.host.uninitialized === true) return false } else if (isLayer(m, holder, value)) pending.push(value)
        else return false
      }
    }
  }
  return true
}
