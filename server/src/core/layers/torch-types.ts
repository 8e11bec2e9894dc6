/**
 * The classes and objects that torch's natives share: Tensor, Parameter, dtype, device, Size, and how values turn into shapes
 * and element types. One `TorchTypes` belongs to one evaluator, because Python code may change its classes.
 */

import { fn, method, nativeClass, property, staticMethod } from '../evaluate/native.ts'
import { type Machine, type Origin, PyBoxed, PyClass, PyFloat, PyInstance, PyList, PyRange, PyTuple, Unknown, type Value } from '../evaluate/value.ts'
import { DTYPES, dtypeByName, type DType } from '../model/dtypes.ts'
import { compareVersions } from './name-table.ts'
import { isForeignSource } from './places.ts'
import { makeTensor, valuesOf, type TensorInfo } from './tensor/tensor.ts'
import { product } from './tensor/shape.ts'

/** Shapes beyond this rank or this size of one dimension are not tensors anyone builds. */
const MAX_RANK = 64

/** What a tensor object holds; immutable, replaced as a whole. */
export interface TensorHost {
  readonly info: TensorInfo
  readonly requiresGrad: boolean
  /** The call that made it. */
  readonly place: Origin | undefined
  /** A lazy parameter: no shape before the first input. */
  readonly uninitialized?: boolean
  /** Computed from parameters, so no leaf: it cannot be copied deeply. */
  readonly computed?: boolean
  /** Of an nn.Buffer. */
  readonly persistent?: boolean
}

interface TorchState {
  readonly defaultDtype: string
  readonly defaultDevice: string
}

export interface TorchTypes {
  readonly tensor: PyClass
  readonly parameter: PyClass
  readonly buffer: PyClass
  readonly uninitializedParameter: PyClass
  readonly uninitializedBuffer: PyClass
  readonly dtype: PyClass
  readonly device: PyClass
  readonly size: PyClass
  /** A pair of tensors with the names `values` and `indices`. */
  readonly pair: PyClass
  readonly dtypes: ReadonlyMap<string, PyInstance>
  /** Default element type and device; changed through `setState` only. */
  readonly state: PyInstance
}

/** True for tensors of every class, parameters included. */
export function isTensor(value: Value | undefined): value is PyInstance & { host: TensorHost } {
  return value instanceof PyInstance && typeof value.host === 'object' && value.host !== null && 'info' in value.host
}

export function infoOf(value: PyInstance & { host: TensorHost }): TensorInfo {
  return value.host.info
}

export function stateOf(types: TorchTypes): TorchState {
  return types.state.host as TorchState
}

export function setState(m: Machine, types: TorchTypes, change: Partial<TorchState>): void {
  m.touch(types.state)
  types.state.host = { ...stateOf(types), ...change }
}

/** The innermost call that a person wrote. */
function callPlace(m: Machine): Origin | undefined {
  return m.callerIn(isForeignSource)
}

/** A plain tensor object. */
export function wrap(m: Machine, types: TorchTypes, info: TensorInfo, options: { requiresGrad?: boolean } = {}): PyInstance {
  return new PyInstance(types.tensor, { info, requiresGrad: options.requiresGrad ?? false, place: callPlace(m) } satisfies TensorHost)
}

export function torchSize(types: TorchTypes, shape: readonly number[]): PyTuple {
  return new PyTuple([...shape], types.size)
}

/** An int in whatever form it comes, `undefined` when it is none; Unknown passes. */
export function asInt(value: Value): number | Unknown | undefined {
  if (typeof value === 'number') return value
  if (typeof value === 'boolean') return value ? 1 : 0
  if (value instanceof Unknown) return value
  if (value instanceof PyBoxed) return asInt(value.value as Value)
  if (isTensor(value)) {
    const info = infoOf(value)
    if (product(info.shape) !== 1 || dtypeByName(info.dtype)?.isFloatingPoint) return undefined
    return valuesOf(info)?.[0] ?? new Unknown('the contents of a tensor are not known')
  }
  return undefined
}

/** A Python number as a JS number; `undefined` when it is none, Unknown passes. */
export function asNumber(value: Value): number | Unknown | undefined {
  if (value instanceof PyFloat) return value.value
  if (typeof value === 'bigint') return Number(value)
  if (value instanceof PyBoxed) return asNumber(value.value as Value)
  if (isTensor(value)) {
    if (product(infoOf(value).shape) !== 1) return undefined
    return valuesOf(infoOf(value))?.[0] ?? new Unknown('the contents of a tensor are not known')
  }
  return asInt(value)
}

/** The items of a tuple, list, range or torch.Size; `undefined` for anything else. */
export function sequenceItems(value: Value): readonly Value[] | undefined {
  if (value instanceof PyTuple || value instanceof PyList) return value.items
  if (value instanceof PyRange) return Array.from({ length: Math.min(value.length, MAX_RANK + 1) }, (_, i) => value.start + i * value.step)
  return undefined
}

/** Sizes given one by one or as one sequence; raises TypeError for what is not an int. */
export function readShape(m: Machine, values: readonly Value[]): number[] | Unknown {
  const only = values.length === 1 ? sequenceItems(values[0]!) : undefined
  const items = only ?? values
  if (items.length > MAX_RANK) return m.raise('RuntimeError', 'too many dimensions')
  const shape: number[] = []
  for (const item of items) {
    const size = asInt(item)
    if (size instanceof Unknown) return size
    if (size === undefined) return m.raise('TypeError', `expected int sizes, not ${m.typeOf(item).name}`)
    shape.push(size)
  }
  return shape
}

/** As `readShape`, for a new tensor: negative sizes raise. */
export function readNewShape(m: Machine, values: readonly Value[]): number[] | Unknown {
  const shape = readShape(m, values)
  if (shape instanceof Unknown) return shape
  if (shape.some((size) => size < 0)) return m.raise('RuntimeError', 'Trying to create tensor with negative dimension')
  if (!Number.isSafeInteger(product(shape))) return m.raise('RuntimeError', 'Storage size calculation overflowed')
  return shape
}

/** The canonical name of a torch.dtype; `undefined` for None. */
export function readDtype(m: Machine, types: TorchTypes, value: Value): string | undefined | Unknown {
  if (value === null) return undefined
  if (value instanceof Unknown) return value
  if (value instanceof PyInstance && value.cls === types.dtype) return (value.host as DType).name
  if (value instanceof PyClass) {
    const name = { float: 'float64', int: 'int64', bool: 'bool' }[value.name]
    if (name !== undefined) return name
  }
  return m.raise('TypeError', 'dtype must be a torch.dtype')
}

/** The device's type; `undefined` for None. */
export function readDevice(m: Machine, types: TorchTypes, value: Value): string | undefined | Unknown {
  if (value === null) return undefined
  if (value instanceof Unknown) return value
  if (value instanceof PyInstance && value.cls === types.device) return (value.host as { type: string }).type
  if (typeof value === 'string') return parseDevice(m, value).type
  if (typeof value === 'number') return 'cuda'
  return m.raise('TypeError', 'device must be a string, an int or a torch.device')
}

const DEVICE_TYPES = new Set(['cpu', 'cuda', 'ipu', 'xpu', 'mkldnn', 'opengl', 'opencl', 'ideep', 'hip', 've', 'fpga', 'ort', 'maia', 'xla', 'lazy', 'vulkan', 'mps', 'meta', 'hpu', 'mtia', 'privateuseone'])

function parseDevice(m: Machine, text: string): { type: string, index: number | null } {
  const match = /^([a-z]+)(?::(\d+))?$/.exec(text)
  if (!match || !DEVICE_TYPES.has(match[1]!)) return m.raise('RuntimeError', `Invalid device string: '${text}'`)
  return { type: match[1]!, index: match[2] === undefined ? null : Number(match[2]) }
}

export function makeTorchTypes(): TorchTypes {
  const dtype = nativeClass({
    name: 'dtype', module: 'torch',
    properties: {
      is_floating_point: (_, self) => (self.host as DType).isFloatingPoint,
      is_complex: (_, self) => (self.host as DType).isComplex,
      is_signed: (_, self) => !(self.host as DType).name.startsWith('u') && (self.host as DType).name !== 'bool',
      itemsize: (_, self) => (self.host as DType).bytes,
    },
    methods: [
      method('__repr__(self)', (_, [self]) => `torch.${((self as PyInstance).host as DType).name}`),
      method('__reduce__(self)', (_, [self]) => ((self as PyInstance).host as DType).name),
    ],
  })
  const size = nativeClass({
    name: 'Size', module: 'torch', bases: [PyTuple.cls], slicesToItself: true,
    methods: [method('__repr__(self)', (m, [self]) => { const shown = m.repr(new PyList([...(self as PyTuple).items])); return shown instanceof Unknown ? shown : `torch.Size(${shown})` }), method('numel(self)', (_, [self]) => product((self as PyTuple).items.map((item) => Number(item))))],
  })
  // What sort, topk, max along a dimension and their like give: a tuple with two names.
  const pair = nativeClass({
    name: 'values_and_indices', module: 'torch.return_types', bases: [PyTuple.cls],
    properties: { values: (_, self) => (self as unknown as PyTuple).items[0]!, indices: (_, self) => (self as unknown as PyTuple).items[1]! },
  })
  const tensor = nativeClass({ name: 'Tensor', module: 'torch' })
  const device = nativeClass({ name: 'device', module: 'torch' })
  const make = (name: string, module: string, base: PyClass) => nativeClass({ name, module, bases: [base] })
  const parameter = make('Parameter', 'torch.nn.parameter', tensor)
  const types: TorchTypes = {
    tensor, parameter, dtype, device, size, pair,
    buffer: make('Buffer', 'torch.nn.parameter', tensor),
    uninitializedParameter: make('UninitializedParameter', 'torch.nn.parameter', parameter),
    uninitializedBuffer: make('UninitializedBuffer', 'torch.nn.parameter', tensor),
    dtypes: new Map(DTYPES.flatMap((one) => {
      const object = new PyInstance(dtype, one)
      return [one.name, ...one.aliases].map((name) => [name, object] as const)
    })),
    state: new PyInstance(nativeClass({ name: 'state', module: 'torch' }), { defaultDtype: 'float32', defaultDevice: 'cpu' } satisfies TorchState),
  }
  addDevice(types)
  addConstructors(types)
  return types
}

function addDevice(types: TorchTypes): void {
  const { device } = types
  const hostOf = (self: Value) => (self as PyInstance).host as { type: string, index: number | null }
  const define = (name: string, value: Value) => device.attrs.set(name, value)
  define('__new__', fn('__new__(cls, type=None, index=None)', (m, [cls, type, index]) => {
    if (type instanceof Unknown) return type
    if (type instanceof PyInstance && type.cls === device) return type
    if (typeof type === 'number') return new PyInstance(cls as PyClass, { type: 'cuda', index: type })
    if (typeof type !== 'string') return m.raise('TypeError', 'device() needs a string')
    const parsed = parseDevice(m, type)
    return new PyInstance(cls as PyClass, { type: parsed.type, index: typeof index === 'number' ? index : parsed.index })
  }))
  define('__init__', method('__init__(self, *args, **kwargs)', () => null))
  define('type', property((_, self) => hostOf(self).type))
  define('index', property((_, self) => hostOf(self).index))
  define('__str__', method('__str__(self)', (_, [self]) => { const { type, index } = hostOf(self); return index === null ? type : `${type}:${index}` }))
  define('__repr__', method('__repr__(self)', (_, [self]) => { const { type, index } = hostOf(self); return `device(type='${type}'${index === null ? '' : `, index=${index}`})` }))
  define('__eq__', method('__eq__(self, other)', (_, [self, other]) => other instanceof PyInstance && other.cls === device && hostOf(self).type === hostOf(other).type && hostOf(self).index === hostOf(other).index))
  define('__hash__', method('__hash__(self)', (_, [self]) => [...hostOf(self).type].reduce((sum, c) => sum * 31 + c.charCodeAt(0), hostOf(self).index ?? -1)))
  define('__enter__', method('__enter__(self)', (m, [self]) => {
    if (compareVersions(m.torchVersion, '2.0.0') < 0) return m.raise('TypeError', 'a device is no context manager before torch 2.0')
    m.touch(self as PyInstance)
    ;(self as PyInstance).attrs!.set('_outer', stateOf(types).defaultDevice)
    setState(m, types, { defaultDevice: hostOf(self).type })
    return self
  }))
  define('__exit__', method('__exit__(self, *args)', (m, [self]) => {
    setState(m, types, { defaultDevice: String((self as PyInstance).attrs!.get('_outer') ?? 'cpu') })
    return null
  }))
}

/** `Parameter(data, requires_grad)` and its relatives share the storage of what they wrap. */
function addConstructors(types: TorchTypes): void {
  const rewrap = (m: Machine, cls: Value, data: Value, requiresGrad: Value, extra: Partial<TensorHost> = {}): Value => {
    // Whatever it is made of, it is a parameter.
    for (const one of [data, requiresGrad]) if (one instanceof Unknown) return one.isPlain ? new Unknown(one.reason, one.origin, { isHarmless: one.isHarmless }) : one
    if (data !== null && !isTensor(data)) return m.raise('TypeError', `cannot make a parameter of ${m.typeOf(data).name}`)
    if (data?.host.uninitialized === true) return m.unknown('a lazy tensor has no shape before its first input')
    const info = data === null ? makeTensor([0], stateOf(types).defaultDtype, stateOf(types).defaultDevice) : infoOf(data)
    const wants = m.truth(requiresGrad)
    if (wants instanceof Unknown) return wants
    const dtype = dtypeByName(info.dtype)
    if (wants && !dtype?.isFloatingPoint && !dtype?.isComplex) return m.raise('RuntimeError', 'Only Tensors of floating point and complex dtype can require gradients')
    // A tensor keeps its place when it is only wrapped: the line that chose its shape is what people look for.
    return new PyInstance(cls as PyClass, { info, requiresGrad: wants, place: callPlace(m), ...extra } satisfies TensorHost)
  }
  const noInit = method('__init__(self, *args, **kwargs)', () => null)
  types.parameter.attrs.set('__new__', fn('__new__(cls, data=None, requires_grad=True)', (m, [cls, data, requiresGrad]) => rewrap(m, cls, data, requiresGrad)))
  types.parameter.attrs.set('__init__', noInit)
  types.buffer.attrs.set('__new__', fn('__new__(cls, data=None, *, persistent=True)', (m, [cls, data, persistent]) => {
    const kept = m.truth(persistent)
    return kept instanceof Unknown ? kept : rewrap(m, cls, data, false, { persistent: kept })
  }))
  types.buffer.attrs.set('__init__', noInit)
  for (const [cls, requiresGrad] of [[types.uninitializedParameter, true], [types.uninitializedBuffer, false]] as const) {
    cls.attrs.set('__new__', fn('__new__(cls, requires_grad=True, device=None, dtype=None)', (m, [own, grad, _device, dtype]) => {
      const name = readDtype(m, types, dtype)
      if (name instanceof Unknown) return name
      return new PyInstance(own as PyClass, { info: makeTensor([], name ?? stateOf(types).defaultDtype, 'cpu'), requiresGrad: requiresGrad && grad !== false, place: callPlace(m), uninitialized: true } satisfies TensorHost)
    }))
    cls.attrs.set('__init__', noInit)
    cls.attrs.set('materialize', method('materialize(self, shape, device=None, dtype=None)', (m, [self, shape, device, dtype]) => {
      if (!isTensor(self)) return m.raise('TypeError', 'only a lazy tensor gets its shape later')
      const sizes = readNewShape(m, [shape])
      const type = readDtype(m, types, dtype)
      const where = readDevice(m, types, device)
      for (const one of [sizes, type, where]) if (one instanceof Unknown) return one
      const { info, requiresGrad: wants, place } = self.host
      m.touch(self)
      self.host = { info: makeTensor(sizes as number[], (type as string | undefined) ?? info.dtype, (where as string | undefined) ?? info.device), requiresGrad: wants, place } satisfies TensorHost
      self.cls = requiresGrad ? types.parameter : types.tensor
      return null
    }))
  }
  types.tensor.attrs.set('__init__', noInit)
  types.tensor.attrs.set('_make_subclass', staticMethod(fn('_make_subclass(cls, data, require_grad=False)', (m, [cls, data, grad]) => rewrap(m, cls, data, grad))))
}
