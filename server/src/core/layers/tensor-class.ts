/**
 * What a tensor object answers to: properties, conversions, arithmetic operators, in-place methods. In-place writes forget
 * the contents; a method that is not modelled answers Unknown and changes nothing that a layer tree shows.
 */

import { fn, method, property } from '../evaluate/native.ts'
import { type Machine, isMissing, type NativeFunction, PyClass, PyFloat, PyInstance, PyIterator, PyList, PyTuple, Unknown, type Bound, type Value } from '../evaluate/value.ts'
import { dtypeByName } from '../model/dtypes.ts'
import { classHas } from './name-table.ts'
import { arithmetic, getItem, lazilyConjugated, OPERATIONS, tensorArgument, tensorFromNested, UNKNOWN_CONTENTS } from './operations.ts'
import { isFloating } from './tensor/promote.ts'
import { UNARY, unary } from './tensor/elementwise.ts'
import { isContiguous, product } from './tensor/shape.ts'
import { convert, forgetValues, makeTensor, select, transpose, unsqueeze, squeeze, valuesOf, type TensorInfo } from './tensor/tensor.ts'
import { asInt, infoOf, isTensor, readDevice, readDtype, readNewShape, stateOf, torchSize, wrap, type TensorHost, type TorchTypes } from './torch-types.ts'

const OPERATORS: readonly (readonly [string, string])[] = [
  ['add', 'add'], ['sub', 'sub'], ['mul', 'mul'], ['truediv', 'div'], ['floordiv', 'floor_divide'], ['mod', 'remainder'], ['pow', 'pow'],
  ['and', 'bitwise_and'], ['or', 'bitwise_or'], ['xor', 'bitwise_xor'], ['lshift', 'bitwise_left_shift'], ['rshift', 'bitwise_right_shift'],
]

/** Fills the class Tensor (and what its relatives add) with methods. */
export function defineTensorClass(types: TorchTypes): void {
  const { attrs } = types.tensor
  const define = (name: string, value: Value) => attrs.set(name, value)
  for (const { signature, body, as } of OPERATIONS) {
    if (as === 'function') continue
    const made = method(signature, (m, args) => body(m, types, args))
    define(made.name, made)
  }
  for (const [operator, name] of OPERATORS) {
    define(`__${operator}__`, method(`__${operator}__(self, other)`, (m, [self, other]) => arithmetic(m, types, name, self, other) ?? refuse(m, other)))
    define(`__r${operator}__`, method(`__r${operator}__(self, other)`, (m, [self, other]) => arithmetic(m, types, name, other, self) ?? refuse(m, other)))
    define(`__i${operator}__`, method(`__i${operator}__(self, other)`, (_m, [self]) => { if (isTensor(self)) forgetValues(infoOf(self)); return self }))
  }
  for (const name of ['eq', 'ne', 'lt', 'le', 'gt', 'ge']) {
    define(`__${name}__`, method(`__${name}__(self, other)`, (m, [self, other]) => {
      const result = arithmetic(m, types, name, self, other)
      return result ?? (name === 'eq' ? self === other : name === 'ne' ? self !== other : refuse(m, other))
    }))
  }
  const matmul = attrs.get('matmul') as NativeFunction
  define('__matmul__', method('__matmul__(self, other)', (m, [self, other]) => m.call(matmul, [self, other])))
  define('__rmatmul__', method('__rmatmul__(self, other)', (m, [self, other]) => m.call(matmul, [other, self])))
  for (const [dunder, name] of [['__neg__', 'neg'], ['__abs__', 'abs'], ['__invert__', 'logical_not'], ['__pos__', 'positive']] as const) {
    define(dunder, method(`${dunder}(self)`, (m, [self]) => {
      const tensor = tensorArgument(m, self)
      if (tensor instanceof Unknown) return tensor
      if (name === 'logical_not' && tensor.dtype !== 'bool') return wrap(m, types, makeTensor(tensor.shape, tensor.dtype, tensor.device))
      return wrap(m, types, unary(UNARY.get(name)!, tensor, stateOf(types).defaultDtype))
    }))
  }
  defineProtocols(types, define)
  defineProperties(types, define)
  defineConversions(types, define)
  defineInPlace(types, define)
  define('__getattr__', method('__getattr__(self, name)', (m, [self, name]) => missingAttribute(m, self, name)))
}

function refuse(m: Machine, other: Value): never {
  return m.raise('TypeError', `unsupported operand type for a Tensor and ${m.typeOf(other).name}`)
}

/** In the name table of this version: there, but not modelled; else it is no attribute. */
function missingAttribute(m: Machine, self: Value, name: Value): Value {
  if (typeof name !== 'string') return m.unknown('an attribute whose name is not known')
  const known = classHas(m.torchVersion, 'torch:Tensor', name)
  if (known === false) return m.raise('AttributeError', `'Tensor' object has no attribute '${name}'`)
  if (known === undefined) return m.unknown(`whether Tensor.${name} exists in torch ${m.torchVersion}`)
  if (name.endsWith('_') && !name.endsWith('__')) {
    return fn(`${name}(*args, **kwargs)`, () => {
      if (isTensor(self)) forgetValues(infoOf(self))
      return self
    })
  }
  return fn(`${name}(*args, **kwargs)`, () => m.unknown(`Tensor.${name} is not followed`))
}

function single(m: Machine, self: Value): number | Unknown {
  const tensor = tensorArgument(m, self)
  if (tensor instanceof Unknown) return tensor
  if (product(tensor.shape) !== 1) return m.raise('RuntimeError', 'a Tensor with more than one element cannot be converted to a scalar')
  return valuesOf(tensor)?.[0] ?? m.unknown(UNKNOWN_CONTENTS)
}

function toPython(tensor: TensorInfo, value: number): Value {
  if (tensor.dtype === 'bool') return value !== 0
  return isFloating(tensor.dtype) ? new PyFloat(value) : value
}

type Define = (name: string, value: Value) => void

function defineProtocols(types: TorchTypes, define: Define): void {
  define('__hash__', method('__hash__(self)', (m, [self]) => m.call(m.getAttribute(m.importModule('builtins'), 'id'), [self])))
  define('__bool__', method('__bool__(self)', (m, [self]) => {
    const value = single(m, self)
    return value instanceof Unknown ? value : value !== 0
  }))
  define('item', method('item(self)', (m, [self]) => {
    const value = single(m, self)
    return value instanceof Unknown ? value : toPython(infoOf(self as PyInstance & { host: TensorHost }), value)
  }))
  define('__int__', method('__int__(self)', (m, [self]) => truncated(m, self)))
  define('__index__', method('__index__(self)', (m, [self]) => {
    const tensor = tensorArgument(m, self)
    if (tensor instanceof Unknown) return tensor
    if (isFloating(tensor.dtype)) return m.raise('TypeError', 'only integer tensors of a single element can be converted to an index')
    return single(m, self)
  }))
  define('__float__', method('__float__(self)', (m, [self]) => {
    const value = single(m, self)
    return value instanceof Unknown ? value : new PyFloat(value)
  }))
  define('tolist', method('tolist(self)', (m, [self]) => {
    const tensor = tensorArgument(m, self)
    if (tensor instanceof Unknown) return tensor
    const values = valuesOf(tensor)
    if (values === null) return m.unknown(UNKNOWN_CONTENTS)
    const build = (dim: number, start: number): Value => {
      if (dim === tensor.shape.length) return toPython(tensor, values[start]!)
      const step = product(tensor.shape.slice(dim + 1))
      return new PyList(Array.from({ length: tensor.shape[dim]! }, (_, i) => build(dim + 1, start + i * step)))
    }
    return build(0, 0)
  }))
  define('__len__', method('__len__(self)', (m, [self]) => {
    const tensor = tensorArgument(m, self)
    if (tensor instanceof Unknown) return tensor
    return tensor.shape[0] ?? m.raise('TypeError', 'len() of a 0-d tensor')
  }))
  define('__iter__', method('__iter__(self)', (m, [self]) => {
    const tensor = tensorArgument(m, self)
    if (tensor instanceof Unknown) return tensor
    const count = tensor.shape[0]
    if (count === undefined) return m.raise('TypeError', 'iteration over a 0-d tensor')
    return new PyIterator((machine, it) => (it.at < count ? wrap(machine, types, select(tensor, 0, it.at++)!) : undefined))
  }))
  define('__getitem__', method('__getitem__(self, index)', (m, [self, index]) => getItem(m, types, self, index)))
  define('__setitem__', method('__setitem__(self, index, value)', (_m, [self]) => { if (isTensor(self)) forgetValues(infoOf(self)); return null }))
  define('__contains__', method('__contains__(self, item)', (m) => m.unknown(UNKNOWN_CONTENTS)))
  for (const name of ['__repr__', '__str__', '__format__']) define(name, method(`${name}(self, *args)`, (m, [self]) => {
    const tensor = tensorArgument(m, self)
    if (tensor instanceof Unknown) return tensor
    const value = name === '__format__' && tensor.shape.length === 0 ? valuesOf(tensor)?.[0] : undefined
    return value !== undefined && !isFloating(tensor.dtype) ? String(toPython(tensor, value)) : m.unknown('the printed form of a tensor')
  }))
  define('__deepcopy__', method('__deepcopy__(self, memo)', (m, [self, memo]) => deepCopy(m, types, self as PyInstance & { host: TensorHost }, memo)))
  define('__torch_function__', fn('__torch_function__(*args, **kwargs)', (m) => m.unknown('__torch_function__')))
}

function truncated(m: Machine, self: Value): Value {
  const tensor = tensorArgument(m, self)
  if (tensor instanceof Unknown) return tensor
  const whole = valuesOf(convert(tensor, { dtype: 'int64' }))
  single(m, self)
  return whole?.[0] ?? m.unknown(UNKNOWN_CONTENTS)
}

/** A parameter copies its own elements; a plain tensor or buffer copies its storage, and views of one storage stay views of one. */
function deepCopy(m: Machine, types: TorchTypes, self: PyInstance & { host: TensorHost }, memo: Value): Value {
  const known = m.call(m.getAttribute(memo, 'get'), [m.call(m.getAttribute(m.importModule('builtins'), 'id'), [self])])
  if (known !== null) return known
  if (self.host.computed === true) return m.raise('RuntimeError', 'Only Tensors created explicitly by the user support the deepcopy protocol at the moment')
  const { info } = self.host
  const copy = m.isInstance(self, types.parameter)
    ? makeTensor(info.shape, info.dtype, info.device, valuesOf(info))
    : { ...info, storage: copiedStorage(m, info, memo) }
  const kept = m.isInstance(self, types.parameter) && !isContiguous(info.shape, info.strides) ? { ...copy, strides: denseStrides(info) } : copy
  const result = new PyInstance(self.cls, { ...self.host, info: kept } satisfies TensorHost)
  for (const [name, value] of self.attrs ?? []) result.attrs!.set(name, value)
  m.setItem(memo, m.call(m.getAttribute(m.importModule('builtins'), 'id'), [self]), result)
  return result
}

function denseStrides(info: TensorInfo): readonly number[] {
  // clone(memory_format=preserve) keeps the order of the dimensions.
  const order = info.shape.map((_, i) => i).sort((a, b) => info.strides[a]! - info.strides[b]!)
  const strides = new Array<number>(info.shape.length)
  let step = 1
  for (const i of order) { strides[i] = step; step *= Math.max(info.shape[i]!, 1) }
  return strides
}

const copiedStorages = new WeakMap<PyInstance | object, Map<object, TensorInfo['storage']>>()

function copiedStorage(_m: Machine, info: TensorInfo, memo: Value): TensorInfo['storage'] {
  const key = memo as object
  let copies = copiedStorages.get(key)
  if (!copies) copiedStorages.set(key, copies = new Map())
  let storage = copies.get(info.storage)
  if (!storage) copies.set(info.storage, storage = { ...info.storage })
  return storage
}

function defineProperties(types: TorchTypes, define: Define): void {
  const on = (name: string, get: (m: Machine, info: TensorInfo, self: PyInstance & { host: TensorHost }) => Value, set?: (m: Machine, self: PyInstance, value: Value) => void) => {
    define(name, property((m, self) => {
      const tensor = tensorArgument(m, self)
      return tensor instanceof Unknown ? tensor : get(m, tensor, self as PyInstance & { host: TensorHost })
    }, set))
  }
  on('shape', (_m, info) => torchSize(types, info.shape))
  on('ndim', (_m, info) => info.shape.length)
  on('dtype', (_m, info) => types.dtypes.get(info.dtype)!)
  on('device', (_m, info) => new PyInstance(types.device, { type: info.device, index: null }))
  on('itemsize', (_m, info) => dtypeByName(info.dtype)!.bytes)
  on('nbytes', (_m, info) => product(info.shape) * dtypeByName(info.dtype)!.bytes)
  on('is_cuda', (_m, info) => info.device === 'cuda')
  on('is_meta', (_m, info) => info.device === 'meta')
  for (const name of ['is_sparse', 'is_quantized', 'is_mkldnn', 'is_nested', 'is_mps', 'is_xpu', 'is_xla', 'is_ipu']) on(name, () => false)
  on('grad', () => null, () => undefined)
  on('grad_fn', () => null)
  on('is_leaf', () => true)
  on('names', (m) => m.unknown('named tensors'))
  on('T', (m, info) => wrap(m, types, reversed(info)))
  on('mT', (m, info) => wrap(m, types, transpose(info, -2, -1) ?? info))
  on('H', (m, info) => lazilyConjugated(m, info) ?? wrap(m, types, reversed(info)))
  on('real', (m, info) => (info.dtype.startsWith('complex') ? m.unknown('a view of the real parts of a complex tensor') : wrap(m, types, info)))
  on('data', (m, info) => wrap(m, types, info), (m, self, value) => {
    if (value instanceof Unknown) { m.doubt(self, value); return }
    if (!isTensor(value)) m.raise('TypeError', 'data must be a Tensor')
    m.touch(self)
    self.host = { ...(self.host as TensorHost), info: infoOf(value as PyInstance & { host: TensorHost }) }
  })
  define('requires_grad', property((_m, self) => (self.host as TensorHost).requiresGrad, (m, self, value) => { setRequiresGrad(m, self, value) }))
  on('layout', (m) => m.unknown('tensor layout'))
}

function reversed(info: TensorInfo): TensorInfo {
  return { ...info, shape: info.shape.toReversed(), strides: info.strides.toReversed() }
}

function setRequiresGrad(m: Machine, self: PyInstance, value: Value): void {
  const wanted = m.truth(value)
  if (wanted instanceof Unknown) { m.doubt(self, wanted); return }
  const host = self.host as TensorHost
  const dtype = dtypeByName(host.info.dtype)
  if (wanted && !dtype?.isFloatingPoint && !dtype?.isComplex) m.raise('RuntimeError', 'only Tensors of floating point dtype can require gradients')
  if (host.requiresGrad === wanted) return
  m.touch(self)
  self.host = { ...host, requiresGrad: wanted }
}

function defineConversions(types: TorchTypes, define: Define): void {
  const as = (name: string, target: { dtype?: string, device?: string }) => {
    define(name, method(`${name}(self, *args, **kwargs)`, (m, [self]) => {
      const tensor = tensorArgument(m, self)
      return tensor instanceof Unknown ? tensor : converted(m, types, self, tensor, target)
    }))
  }
  for (const [name, dtype] of [['float', 'float32'], ['double', 'float64'], ['half', 'float16'], ['bfloat16', 'bfloat16'], ['long', 'int64'], ['int', 'int32'], ['short', 'int16'], ['char', 'int8'], ['byte', 'uint8'], ['bool', 'bool'], ['cfloat', 'complex64'], ['cdouble', 'complex128']] as const) as(name, { dtype })
  as('cpu', { device: 'cpu' })
  as('cuda', { device: 'cuda' })
  as('xpu', { device: 'xpu' })
  as('pin_memory', {})
  define('type', method('type(self, dtype=None, non_blocking=False)', (m, [self, dtype]) => {
    const tensor = tensorArgument(m, self)
    if (tensor instanceof Unknown) return tensor
    if (dtype === null) return m.unknown('the name of a tensor type')
    const name = typeof dtype === 'string' ? LEGACY.get(dtype.replace('torch.', '')) : dtype instanceof PyClass && LEGACY.has(dtype.name) ? LEGACY.get(dtype.name) : readDtype(m, types, dtype)
    if (name instanceof Unknown) return name
    return name === undefined ? m.unknown('this tensor type') : converted(m, types, self, tensor, { dtype: name })
  }))
  define('to', method('to(self, *args, **kwargs)', (m, [self, args, kwargs]) => {
    const tensor = tensorArgument(m, self)
    if (tensor instanceof Unknown) return tensor
    const target = readTo(m, types, (args as PyTuple).items, m.dictEntries(kwargs as never).map(([key, value]) => [String(key), value] as const))
    if (target instanceof Unknown) return target
    if (target.memoryFormat !== null) return m.unknown('a tensor in another memory format')
    return converted(m, types, self, tensor, target)
  }))
  for (const [name, value] of [['new_zeros', 0], ['new_ones', 1], ['new_empty', null], ['new_full', null]] as const) {
    define(name, method(name === 'new_full' ? 'new_full(self, size, fill_value, *, dtype=None, device=None, requires_grad=False)' : `${name}(self, *size, dtype=None, device=None, requires_grad=False)`, (m, args) => {
      const [self, size] = args
      const [dtype, device] = name === 'new_full' ? [args[3], args[4]] : [args[2], args[3]]
      const tensor = tensorArgument(m, self)
      const shape = readNewShape(m, size instanceof PyTuple && name !== 'new_full' ? size.items : [size])
      const type = readDtype(m, types, dtype)
      const where = readDevice(m, types, device)
      for (const one of [tensor, shape, type, where]) if (one instanceof Unknown) return one
      const info = tensor as TensorInfo
      return wrap(m, types, makeTensor(shape as number[], (type as string | undefined) ?? info.dtype, (where as string | undefined) ?? info.device, value === null ? null : new Array<number>(Math.min(product(shape as number[]), 4096)).fill(value)))
    }))
  }
  define('new_tensor', method('new_tensor(self, data, *, dtype=None, device=None, requires_grad=False)', (m, [self, data, dtype]) => {
    const tensor = tensorArgument(m, self)
    const type = readDtype(m, types, dtype)
    if (tensor instanceof Unknown) return tensor
    if (type instanceof Unknown) return type
    const made = isTensor(data) ? convert(infoOf(data), { dtype: type ?? tensor.dtype }) : tensorFromNested(m, data, stateOf(types).defaultDtype, type ?? tensor.dtype)
    return made instanceof Unknown ? made : wrap(m, types, made)
  }))
  define('new', method('new(self, *size)', (m, [self, size]) => {
    const tensor = tensorArgument(m, self)
    const shape = readNewShape(m, (size as PyTuple).items)
    if (tensor instanceof Unknown) return tensor
    return shape instanceof Unknown ? shape : wrap(m, types, makeTensor(shape, tensor.dtype, tensor.device))
  }))
  for (const name of ['dim', 'ndimension']) define(name, method(`${name}(self)`, (m, [self]) => {
    const tensor = tensorArgument(m, self)
    return tensor instanceof Unknown ? tensor : tensor.shape.length
  }))
  define('nelement', method('nelement(self)', (m, [self]) => m.callMethod(self, 'numel')))
  define('element_size', method('element_size(self)', (m, [self]) => m.getAttribute(self, 'itemsize')))
  define('stride', method('stride(self, dim=None)', (m, [self, dim]) => {
    const tensor = tensorArgument(m, self)
    if (tensor instanceof Unknown) return tensor
    const at = dim === null ? undefined : asInt(dim)
    return at === undefined ? new PyTuple([...tensor.strides]) : at instanceof Unknown ? at : tensor.strides.at(at) ?? m.raise('IndexError', 'Dimension out of range')
  }))
  define('is_contiguous', method('is_contiguous(self, memory_format=None)', (m, [self]) => {
    const tensor = tensorArgument(m, self)
    return tensor instanceof Unknown ? tensor : isContiguous(tensor.shape, tensor.strides)
  }))
  define('get_device', method('get_device(self)', (m, [self]) => {
    const tensor = tensorArgument(m, self)
    return tensor instanceof Unknown ? tensor : tensor.device === 'cpu' ? -1 : 0
  }))
  for (const name of ['is_signed', 'is_shared', 'is_inference', 'is_pinned']) define(name, method(`${name}(self)`, (m) => m.unknown(`Tensor.${name}`)))
  define('register_hook', method('register_hook(self, hook)', (m) => m.unknown('a gradient hook')))
  define('backward', method('backward(self, *args, **kwargs)', () => null))
}

const LEGACY: ReadonlyMap<string, string> = new Map([['FloatTensor', 'float32'], ['DoubleTensor', 'float64'], ['HalfTensor', 'float16'], ['BFloat16Tensor', 'bfloat16'], ['LongTensor', 'int64'], ['IntTensor', 'int32'], ['ShortTensor', 'int16'], ['CharTensor', 'int8'], ['ByteTensor', 'uint8'], ['BoolTensor', 'bool'], ['Tensor', 'float32']])

/** `torch.FloatTensor` and its like: name and element type. */
export const LEGACY_TENSORS = LEGACY

function converted(m: Machine, types: TorchTypes, self: Value, tensor: TensorInfo, target: { dtype?: string | undefined, device?: string | undefined }): Value {
  const result = convert(tensor, target)
  return result === tensor ? self : wrap(m, types, result)
}

/** The arguments of `tensor.to` and `module.to`, in all their orders. */
export function readTo(m: Machine, types: TorchTypes, args: readonly Value[], keywords: readonly (readonly [string, Value])[]): { dtype: string | undefined, device: string | undefined, memoryFormat: Value } | Unknown {
  let dtype: string | undefined
  let device: string | undefined
  let memoryFormat: Value = null
  const take = (value: Value): Unknown | undefined => {
    if (value instanceof Unknown) return value
    if (isTensor(value)) { ({ dtype, device } = infoOf(value)); return undefined }
    if (value === null || typeof value === 'boolean') return undefined
    if (value instanceof PyInstance && value.cls === types.dtype) dtype = readDtype(m, types, value) as string
    else if (value instanceof PyInstance && value.cls.name === 'memory_format') memoryFormat = value
    else device = readDevice(m, types, value) as string
    return undefined
  }
  for (const value of args) {
    const bad = take(value)
    if (bad) return bad
  }
  for (const [name, value] of keywords) {
    if (!['dtype', 'device', 'other', 'memory_format', 'non_blocking', 'copy'].includes(name)) return m.raise('TypeError', `to() got an unexpected keyword argument '${name}'`)
    const bad = take(value)
    if (bad) return bad
  }
  return { dtype, device, memoryFormat }
}

function defineInPlace(types: TorchTypes, define: Define): void {
  define('requires_grad_', method('requires_grad_(self, requires_grad=True)', (m, [self, value]) => { setRequiresGrad(m, self as PyInstance, value); return self }))
  define('detach_', method('detach_(self)', (_m, [self]) => self))
  define('share_memory_', method('share_memory_(self)', (_m, [self]) => self))
  const reshaping = (name: string, signature: string, body: (info: TensorInfo, ints: number[]) => TensorInfo | undefined) => {
    define(name, method(signature, (m, args: Bound) => {
      const [self] = args
      const tensor = tensorArgument(m, self)
      if (tensor instanceof Unknown) return tensor
      const ints: number[] = []
      for (const value of [args[1], args[2]]) {
        if (value === undefined || value === null || isMissing(value)) continue
        const int = asInt(value)
        if (int instanceof Unknown || int === undefined) return int ?? m.raise('TypeError', 'expected an int')
        ints.push(int)
      }
      const result = body(tensor, ints)
      if (!result) return m.raise('IndexError', 'Dimension out of range')
      m.touch(self as PyInstance)
      ;(self as PyInstance).host = { ...((self as PyInstance).host as TensorHost), info: result }
      return self
    }))
  }
  reshaping('unsqueeze_', 'unsqueeze_(self, dim)', (info, [dim]) => unsqueeze(info, dim!))
  reshaping('squeeze_', 'squeeze_(self, dim=None)', (info, [dim]) => squeeze(info, dim === undefined ? null : [dim]))
  reshaping('transpose_', 'transpose_(self, dim0, dim1)', (info, [a, b]) => transpose(info, a!, b!))
  reshaping('t_', 't_(self)', (info) => transpose(info, 0, 1))
  for (const name of ['resize_', 'set_', 'resize_as_', 'swapaxes_', 'swapdims_', 'rename_', 'as_strided_']) {
    define(name, method(`${name}(self, *args, **kwargs)`, (m, [self]) => {
      m.doubt(self as PyInstance, m.unknown(`Tensor.${name} is not followed`))
      return self
    }))
  }
}
