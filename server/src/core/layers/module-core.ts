/**
 * nn.Module's registration and lookup, native because every attribute of every layer passes through it. The rest of the
 * class is Python (python/module-source.ts), which puts these functions into its body.
 */

import { fn, method } from '../evaluate/native.ts'
import { type Machine, type Origin, PyDict, PyInstance, PyRaise, PySet, PyTuple, Unknown, type NativeBody, type NativeFunction, type Value, type PyClass } from '../evaluate/value.ts'
import { isForeignSource } from './places.ts'
import { notFollowed } from './unfollowed-forward.ts'
import { readTo } from './tensor-class.ts'

import { makeTensor, viewOf } from './tensor/tensor.ts'
import { asInt, infoOf, isTensor, wrap, type TensorHost, type TorchTypes } from './torch-types.ts'

/** The class once the Python part has made it. */
export interface ModuleClass { current: PyClass | undefined }

/** Hears of every layer that is constructed; set while a file is searched for models. */
export interface LayerObserver {
  /** `origins`: the calls that led to it, the innermost first. */
  layerMade: ((layer: PyInstance, origins: readonly Origin[]) => void) | undefined
  /** Hears of every layer that becomes part of another one, also when it is replaced later. */
  layerAttached: ((layer: PyInstance) => void) | undefined
}

/** True for instances of nn.Module. */
export function isLayer(m: Machine, holder: ModuleClass, value: Value): value is PyInstance {
  return holder.current !== undefined && value instanceof PyInstance && value.cls.mro.includes(holder.current) && m.isInstance(value, holder.current)
}

function registry(self: PyInstance, name: '_parameters' | '_buffers' | '_modules'): PyDict | undefined {
  const found = self.attrs!.get(name)
  return found instanceof PyDict ? found : undefined
}

/** A parameter, buffer or child by its name. */
function registered(layer: PyInstance, name: string): Value | undefined {
  for (const registryName of REGISTRIES) {
    const found = registry(layer, registryName)?.values.get(name)
    if (found !== undefined) return found
  }
  return undefined
}

const REGISTRIES = ['_parameters', '_buffers', '_modules'] as const

function findable(signature: string, body: NativeBody, find: NonNullable<NativeFunction['find']>): NativeFunction {
  const native = method(signature, body)
  native.find = find
  return native
}

function remove(m: Machine, dict: PyDict | PySet | undefined, name: string): void {
  if (!dict?.values.has(name)) return
  m.touch(dict)
  dict.values.delete(name)
}

function removeAttribute(m: Machine, self: PyInstance, name: string): void {
  if (!self.attrs!.has(name)) return
  m.touch(self)
  self.attrs!.delete(name)
}

function put(m: Machine, dict: PyDict, name: string, value: Value): void {
  m.touch(dict)
  dict.values.set(name, value)
}

function nonPersistent(self: PyInstance): PySet | undefined {
  const found = self.attrs!.get('_non_persistent_buffers_set')
  return found instanceof PySet ? found : undefined
}

function layerOf(m: Machine, value: Value): PyInstance {
  return value instanceof PyInstance ? value : m.raise('TypeError', 'not an nn.Module')
}

function checkName(m: Machine, what: string, name: Value): string {
  if (name instanceof Unknown) throw new UnknownName(name)
  if (typeof name !== 'string') return m.raise('TypeError', `${what} name should be a string`)
  if (name.includes('.')) return m.raise('KeyError', `${what} name can't contain "."`)
  if (name === '') return m.raise('KeyError', `${what} name can't be empty string ""`)
  return name
}

/** Thrown within this file only: a registration under a name that is not known. */
class UnknownName {
  readonly reason: Unknown
  constructor(reason: Unknown) { this.reason = reason }
}

/** Runs a registration; an unknown name puts the whole layer in doubt. */
function registering(m: Machine, self: Value, body: () => void): Value {
  try {
    body()
  } catch (error) {
    if (!(error instanceof UnknownName)) throw error
    if (self instanceof PyInstance) m.doubt(self, error.reason)
  }
  return null
}

export function moduleNatives(types: TorchTypes, holder: ModuleClass, observer: LayerObserver): ReadonlyMap<string, Value> {
  let hookIds = 0
  const natives: NativeFunction[] = [
    method('_init(self, *args, **kwargs)', (m, [self]) => {
      const layer = layerOf(m, self)
      m.touch(layer)
      const attrs = layer.attrs!
      attrs.set('training', true)
      attrs.set('_parameters', new PyDict())
      attrs.set('_buffers', new PyDict())
      attrs.set('_non_persistent_buffers_set', new PySet())
      attrs.set('_modules', new PyDict())
      if (layer.host === undefined || layer.host === null) {
        layer.host = { place: m.callerIn(isForeignSource, layer) }
        observer.layerMade?.(layer, m.callers(layer))
      }
      return null
    }),
    method('_setattr(self, name, value)', (m, [self, name, value]) => {
      const layer = layerOf(m, self)
      if (typeof name !== 'string') return m.raise('TypeError', 'attribute name must be string')
      return registering(m, self, () => {
        assign(m, types, holder, layer, name, value)
        if (observer.layerAttached && isLayer(m, holder, value)) observer.layerAttached(value)
      })
    }),
    findable('_getattr(self, name)', (m, [self, name]) => {
      const layer = layerOf(m, self)
      const found = typeof name === 'string' ? registered(layer, name) : undefined
      return found === undefined ? m.raise('AttributeError', `'${layer.cls.name}' object has no attribute '${String(name)}'`) : found
    }, (m, self, name) => registered(layerOf(m, self), name)),
    method('_delattr(self, name)', (m, [self, name]) => {
      const layer = layerOf(m, self)
      if (typeof name !== 'string') return m.raise('TypeError', 'attribute name must be string')
      for (const registryName of ['_parameters', '_buffers', '_modules'] as const) {
        const dict = registry(layer, registryName)
        if (dict?.values.has(name)) {
          remove(m, dict, name)
          if (registryName === '_buffers') remove(m, nonPersistent(layer), name)
          return null
        }
      }
      if (!layer.attrs!.has(name)) return m.raise('AttributeError', name)
      removeAttribute(m, layer, name)
      return null
    }),
    method('_register_parameter(self, name, param)', (m, [self, name, param]) => registering(m, self, () => {
      registerParameter(m, types, layerOf(m, self), name, param)
    })),
    method('_register_buffer(self, name, tensor, persistent=True)', (m, [self, name, tensor, persistent]) => registering(m, self, () => {
      const layer = layerOf(m, self)
      const buffers = registry(layer, '_buffers') ?? m.raise('AttributeError', 'cannot assign buffer before Module.__init__() call')
      const key: string = checkName(m, 'buffer', name)
      if (!buffers.values.has(key) && m.findAttribute(layer, key) !== undefined) m.raise('KeyError', `attribute '${key}' already exists`)
      if (tensor !== null && !(tensor instanceof Unknown) && !isTensor(tensor)) m.raise('TypeError', 'cannot assign something as a buffer that is not a Tensor')
      const kept = m.truth(persistent)
      put(m, buffers, key, kept instanceof Unknown ? kept : tensor)
      const set = nonPersistent(layer)
      if (kept !== false) remove(m, set, key)
      else if (set) { m.touch(set); set.values.set(key, key) }
    })),
    method('_add_module(self, name, module)', (m, [self, name, module]) => registering(m, self, () => {
      const layer = layerOf(m, self)
      if (module !== null && !(module instanceof Unknown) && !isLayer(m, holder, module)) m.raise('TypeError', `${m.typeOf(module).name} is not a Module subclass`)
      if (name instanceof Unknown) throw new UnknownName(name)
      if (typeof name !== 'string') return void m.raise('TypeError', 'module name should be a string')
      const modules = registry(layer, '_modules') ?? m.raise('AttributeError', 'cannot assign module before Module.__init__() call')
      if (!modules.values.has(name) && m.findAttribute(layer, name) !== undefined) m.raise('KeyError', `attribute '${name}' already exists`)
      put(m, modules, checkName(m, 'module', name), module)
      if (module instanceof PyInstance) observer.layerAttached?.(module)
    })),
    // --- what the Python part calls
    fn('_forward(module, args, kwargs)', (m, [module, args, kwargs]) => {
      const given = [...(args as PyTuple).items, ...(kwargs as PyDict).values.values()]
      if (given.length === 0 || !given.some((value) => isTensor(value)) || given.some((value) => value instanceof Unknown)) return notFollowed(m, holder.current, module)
      try {
        return m.call(m.getAttribute(module, 'forward'), (args as PyTuple).items, new Map([...(kwargs as PyDict).values].map(([key, value]) => [String(key), value])))
      } catch (error) {
        // What a forward pass does over shapes is not followed to the end; it is no reason to end the program.
        if (error instanceof PyRaise) return notFollowed(m, holder.current, module)
        throw error
      }
    }),
    fn('_next_hook_id()', () => hookIds++),
    // The result of a computation over parameters: PyTorch refuses to copy it deeply.
    fn('_refuse_copy(tensor)', (m, [tensor]) => {
      if (isTensor(tensor)) { m.touch(tensor); tensor.host = { ...tensor.host, computed: true } satisfies TensorHost }
      return null
    }),
    fn('_replace_data(module, name, parameter, applied)', (m, [module, name, parameter, applied]) => {
      if (!isTensor(parameter) || !isTensor(applied)) {
        if (applied instanceof Unknown && parameter instanceof PyInstance) m.doubt(parameter, applied)
        return null
      }
      const from = infoOf(parameter)
      const to = infoOf(applied)
      if (from === to) return null
      // Only a device of another family gives the parameter another identity.
      const family = (device: string) => (device === 'meta' ? 'meta' : 'real')
      if (family(from.device) === family(to.device)) {
        m.touch(parameter)
        parameter.host = { ...parameter.host, info: to } satisfies TensorHost
      } else {
        const dict = registry(layerOf(m, module), '_parameters')
        if (dict) put(m, dict, String(name), new PyInstance(types.parameter, { ...parameter.host, info: to } satisfies TensorHost))
      }
      return null
    }),
    fn('_parse_to(args, kwargs)', (m, [args, kwargs]) => {
      const target = readTo(m, types, (args as PyTuple).items, m.dictEntries(kwargs as PyDict).map(([key, value]) => [String(key), value] as const))
      if (target instanceof Unknown) return target
      return new PyTuple([target.device ?? null, target.dtype === undefined ? null : types.dtypes.get(target.dtype)!, target.memoryFormat])
    }),
    fn('_to_format(tensor, device, dtype, memory_format)', (m, [tensor, device, dtype, format]) => {
      const moved = m.callMethod(tensor, 'to', [device, dtype])
      if (!isTensor(moved) || !(format instanceof PyInstance)) return m.unknown('a memory format')
      const order = { channels_last: [0, 2, 3, 1], channels_last_3d: [0, 2, 3, 4, 1] }[String(format.host)]
      const info = infoOf(moved)
      if (order?.length !== info.shape.length) return moved
      const strides = new Array<number>(info.shape.length)
      let step = 1
      for (const dim of order.toReversed()) { strides[dim] = step; step *= Math.max(info.shape[dim]!, 1) }
      return wrap(m, types, viewOf(makeTensor(info.shape, info.dtype, info.device), info.shape, strides, 0))
    }),
    fn('_norm_except_dim(tensor, dim)', (m, [tensor, dim]) => {
      if (!isTensor(tensor)) return tensor instanceof Unknown ? tensor : m.raise('AttributeError', 'no tensor to normalise')
      const info = infoOf(tensor)
      const at = asInt(dim)
      if (typeof at !== 'number') return m.unknown('the dimension of a weight norm')
      if (at === -1) return wrap(m, types, makeTensor([], info.dtype, info.device))
      if (at !== 0 && at !== info.shape.length - 1 && (at < -1 || at >= info.shape.length)) return m.raise('IndexError', 'Dimension out of range')
      return wrap(m, types, makeTensor(info.shape.map((size, i) => (i === at ? size : 1)), info.dtype, info.device))
    }),
    fn('_plain_tensor_like(tensor)', (m, [tensor]) => (isTensor(tensor) ? wrap(m, types, makeTensor(infoOf(tensor).shape, infoOf(tensor).dtype, infoOf(tensor).device)) : tensor)),
  ]
  return new Map<string, Value>(natives.map((native) => [native.name, native]))
}

function registerParameter(m: Machine, types: TorchTypes, layer: PyInstance, name: Value, param: Value): void {
  const parameters = registry(layer, '_parameters') ?? m.raise('AttributeError', 'cannot assign parameter before Module.__init__() call')
  const key = checkName(m, 'parameter', name)
  if (!parameters.values.has(key) && m.findAttribute(layer, key) !== undefined) m.raise('KeyError', `attribute '${key}' already exists`)
  if (param !== null && !(param instanceof Unknown) && !(isTensor(param) && m.isInstance(param, types.parameter))) m.raise('TypeError', `cannot assign '${m.typeOf(param).name}' object to parameter '${key}' (torch.nn.Parameter or None required)`)
  put(m, parameters, key, param)
}

/** `layer.name = value`, after nn.Module's order of questions. */
function assign(m: Machine, types: TorchTypes, holder: ModuleClass, layer: PyInstance, name: string, value: Value): void {
  const parameters = registry(layer, '_parameters')
  const buffers = registry(layer, '_buffers')
  const modules = registry(layer, '_modules')
  const forget = (...dicts: (PyDict | PySet | undefined)[]) => {
    removeAttribute(m, layer, name)
    for (const dict of dicts) remove(m, dict, name)
  }
  if (isTensor(value) && m.isInstance(value, types.parameter)) {
    if (!parameters) m.raise('AttributeError', 'cannot assign parameters before Module.__init__() call')
    forget(buffers, modules, nonPersistent(layer))
    registerParameter(m, types, layer, name, value)
    return
  }
  if (parameters?.values.has(name)) {
    if (value !== null && !(value instanceof Unknown)) m.raise('TypeError', `cannot assign '${m.typeOf(value).name}' as parameter '${name}' (torch.nn.Parameter or None expected)`)
    put(m, parameters, name, value)
    return
  }
  if (isLayer(m, holder, value)) {
    if (!modules) m.raise('AttributeError', 'cannot assign module before Module.__init__() call')
    forget(parameters, buffers, nonPersistent(layer))
    put(m, modules, name, value)
    return
  }
  if (modules?.values.has(name)) {
    if (value !== null && !(value instanceof Unknown)) m.raise('TypeError', `cannot assign '${m.typeOf(value).name}' as child module '${name}' (torch.nn.Module or None expected)`)
    put(m, modules, name, value)
    return
  }
  if (isTensor(value) && m.isInstance(value, types.buffer) && buffers) {
    forget(parameters, modules)
    put(m, buffers, name, value)
    const set = nonPersistent(layer)
    if (value.host.persistent === false && set) { m.touch(set); set.values.set(name, name) } else remove(m, set, name)
    return
  }
  if (buffers?.values.has(name)) {
    if (value !== null && !(value instanceof Unknown) && !isTensor(value)) m.raise('TypeError', `cannot assign '${m.typeOf(value).name}' as buffer '${name}' (torch.Tensor or None expected)`)
    put(m, buffers, name, value)
    return
  }
  m.setPlainAttribute(layer, name, value)
}

