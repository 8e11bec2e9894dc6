/** Turns what a pickle says about a tensor into its shape, stride, element type and place in a storage. Builds no tensor. */

import { bytesOf, storageBits, dtypeOfGlobal, dtypeOfStorageClass, dtypeOfTensorClass, elementBytes, numpyDtype } from './dtypes.ts'
import { DenseTensor } from './dense-tensor.ts'
import * as limits from './limits.ts'
import { TensorCall } from './tensor-call.ts'
import type { PyCall, PyDict, PyGlobal, PyPersistent, PyTuple, StorageId, TensorValue, Value } from './values.ts'
import { getItem, isInteger } from './values.ts'

/** Legacy and nested pickles resolve their own storages. */
export type StorageOf = (value: Value) => StorageId | undefined

/** What a value is as a tensor: the tensor, `undefined` when it is none, or why it cannot be one. */
export type TensorReading = TensorValue | undefined | { readonly broken: string, readonly at: number }

export function isBroken(reading: TensorReading): reading is { readonly broken: string, readonly at: number } {
  return reading !== undefined && 'broken' in reading
}

/** The storage that a torch persistent id `('storage', class, key, location, numel[, view])` names. */
export function storageOfPersistent(value: Value): StorageId | undefined {
  if (!isPersistent(value)) return undefined
  if (value.storage === undefined) value.storage = readStorageId(value.id) ?? null
  return value.storage ?? undefined
}

function readStorageId(id: Value): StorageId | undefined {
  if (typeof id !== 'object' || id?.kind !== 'tuple' || id.items.length < 5 || id.items[0] !== 'storage') return undefined
  const [, type, key, location, numel, view] = id.items
  const dtype = storageClassDtype(type)
  if (dtype === undefined || (typeof key !== 'string' && !isInteger(key)) || !isInteger(numel) || numel < 0) return undefined
  const width = elementBytes(dtype)!
  const device = typeof location === 'string' ? location : 'cpu'
  const root: StorageId = { key: String(key), dtype, device, bytes: numel * width, count: numel }
  // Legacy files may name a view of another storage: (view key, offset, count).
  if (typeof view === 'object' && view?.kind === 'tuple' && isInteger(view.items[1]) && isInteger(view.items[2])) return { ...root, viewOffset: view.items[1] * width } as StorageId
  return root
}

export function storageClassDtype(type: Value | undefined): string | undefined {
  return isGlobal(type) ? dtypeOfStorageClass(type.name.slice(type.name.lastIndexOf('.') + 1)) : undefined
}

/** Bytes into the root storage where a legacy storage view starts. */
export function viewOffsetOf(storage: StorageId): number {
  return (storage as StorageId & { readonly viewOffset?: number }).viewOffset ?? 0
}

/** Reads a value as a tensor; the answer is kept on the record so that shared tensors are read once. */
export function tensorOf(value: Value, storageOf: StorageOf, depth = 0): TensorReading {
  if (typeof value !== 'object' || value === null) return undefined
  if (value.kind === 'persistent') {
    const storage = storageOf(value)
    return storage && bareStorage(storage)
  }
  if (value.kind !== 'call' || !isGlobal(value.callee) || depth > 8) return undefined
  if (value.tensor !== undefined) return value.tensor ?? undefined
  const reading = readCall(value, value.callee, storageOf, depth)
  if (!isBroken(reading)) value.tensor = reading ?? null
  return reading
}

/** The tensor as an object whose members are its own, so that it can be copied with changes. */
export function plainTensor(tensor: TensorValue): TensorValue {
  if (!(tensor instanceof TensorCall) && !(tensor instanceof DenseTensor)) return tensor
  const { dtype, shape, stride, bytes, layout, storage, offset, parameter, requiresGrad, parts, opaque } = tensor
  return { dtype, shape, stride, bytes, layout, storage, offset, parameter, requiresGrad, parts, opaque }
}

function bareStorage(storage: StorageId): TensorValue {
  return { dtype: storage.dtype, shape: [storage.count], stride: [1], bytes: storage.bytes, layout: 'storage', storage, offset: 0, parameter: false, requiresGrad: false, parts: [], opaque: true }
}

function readCall(call: PyCall, callee: PyGlobal, storageOf: StorageOf, depth: number): TensorReading {
  const args = isTuple(call.args) ? call.args.items : []
  const broken = (message: string): TensorReading => ({ broken: `${callee.name}: ${message}`, at: call.at })
  switch (callee.path) {
    case 'torch._utils._rebuild_tensor':
    case 'torch._utils._rebuild_tensor_v2':
    case 'torch._utils._rebuild_tensor_v3':
    case 'torch._utils._rebuild_qtensor': {
      const storage = storageOf(args[0] ?? null) ?? elsewhere(args[0])
      if (!storage) return broken('its storage is not known')
      const own = callee.name === '_rebuild_tensor_v3' ? (isGlobal(args[6]) ? dtypeOfGlobal(args[6].path) : undefined) : storage.dtype
      if (own === undefined) return broken('its element type is not known')
      const made = strided(storage, own, args[1], args[2], args[3])
      if (typeof made === 'string') return broken(made)
      const quantized = callee.name === '_rebuild_qtensor'
      const parts = quantized ? quantizerParts(args[4], storageOf, depth) : []
      return { ...made, requiresGrad: args[quantized ? 5 : 4] === true, parts, ...(isLazy(args.at(-1)) ? { isLazy: true } : {}), ...(quantized ? { quantizer: args[4] ?? null } : {}) }
    }
    case 'torch._utils._rebuild_parameter':
    case 'torch._utils._rebuild_parameter_with_state':
    case 'torch.nn.parameter.Parameter':
    case 'torch.nn.parameter.Buffer': {
      const data = tensorOf(args[0] ?? null, storageOf, depth + 1)
      if (data === undefined || isBroken(data)) return data ?? (callee.name === 'Parameter' ? undefined : broken('its data is no tensor'))
      // Python attributes of a parameter may hold tensors too.
      const parts = callee.name === '_rebuild_parameter_with_state' ? [...data.parts, ...stateParts(args[3], storageOf, depth)] : data.parts
      return { ...plainTensor(data), parts, parameter: callee.name !== 'Buffer', requiresGrad: args[1] !== false }
    }
    case 'torch._utils._rebuild_sparse_tensor': return sparse(args, storageOf, depth, broken)
    case 'torch._utils._rebuild_sparse_csr_tensor': return sparse(args, storageOf, depth, broken)
    case 'torch._utils._rebuild_nested_tensor': return nested(args, storageOf, depth, broken)
    case 'torch._utils._rebuild_meta_tensor_no_storage': {
      const dtype = isGlobal(args[0]) ? dtypeOfGlobal(args[0].path) : undefined
      const shape = sizes(args[1])
      const stride = sizes(args[2])
      if (dtype === undefined || !shape) return broken('its shape or type is not known')
      return { dtype, shape, stride: stride ?? null, bytes: product(shape) * elementBytes(dtype)!, layout: 'meta', storage: null, offset: 0, parameter: false, requiresGrad: args[3] === true, parts: [], opaque: true }
    }
    case 'torch._utils._rebuild_wrapper_subclass': {
      const dtype = isGlobal(args[1]) ? dtypeOfGlobal(args[1].path) : undefined
      const shape = sizes(args[2])
      if (dtype === undefined || !shape) return broken('its shape or type is not known')
      return subclass(isGlobal(args[0]) ? args[0].path : 'a tensor subclass', dtype, shape, sizes(args[3]) ?? null, args[7] === true, call.state, storageOf, depth)
    }
    case 'torch._tensor._rebuild_from_type':
    case 'torch._tensor._rebuild_from_type_v2': return fromType(call, args, storageOf, depth, broken)
    case 'torch._utils._rebuild_device_tensor_from_numpy':
    case 'torch._utils._rebuild_device_tensor_from_cpu_tensor':
    case 'torch._utils._rebuild_xla_tensor': {
      const data = tensorOf(args[0] ?? null, storageOf, depth + 1)
      const dtype = isGlobal(args[1]) ? dtypeOfGlobal(args[1].path) : undefined
      if (data === undefined || isBroken(data) || dtype === undefined) return isBroken(data) ? data : broken('its data is not known')
      return { ...plainTensor(data), dtype, bytes: bytesOf(dtype, product(data.shape ?? [])) ?? null, requiresGrad: args[3] === true, parts: [['data', data]], opaque: true, storage: dtype === data.dtype ? data.storage : null }
    }
    case 'numpy.core.multiarray._reconstruct':
    case 'numpy._core.multiarray._reconstruct': return numpyArray(call)
    case 'numpy._core.numeric._frombuffer':
    case 'numpy.core.numeric._frombuffer': return numpyFromBuffer(args)
    default: {
      // Very old tensors: an empty `torch.FloatTensor` whose state is (storage, offset, size, stride).
      const dtype = callee.module === 'torch' || callee.module === 'torch.cuda' ? dtypeOfTensorClass(callee.name) : undefined
      if (dtype === undefined || !isTuple(call.state)) return undefined
      const storage = storageOf(call.state.items[0] ?? null)
      if (!storage) return undefined
      const made = strided(storage, storage.dtype, call.state.items[1], call.state.items[2], call.state.items[3])
      return typeof made === 'string' ? broken(made) : made
    }
  }
}

function strided(storage: StorageId, dtype: string, offset: Value | undefined, size: Value | undefined, stride: Value | undefined): TensorValue | string {
  const shape = sizes(size)
  const steps = sizes(stride)
  if (!shape || !steps || shape.length !== steps.length || !isInteger(offset) || offset < 0) return 'its shape, stride or offset is not valid'
  const count = product(shape)
  const bytes = bytesOf(dtype, count)
  if (bytes === undefined || !Number.isSafeInteger(bytes)) return 'it is larger than any file'
  const packed = storageBits(dtype)
  let last = count === 0 ? -1 : offset
  for (let dimension = 0; dimension < shape.length; dimension++) last += count === 0 ? 0 : (shape[dimension]! - 1) * steps[dimension]!
  if (Math.ceil(((last + 1) * packed) / 8) + viewOffsetOf(storage) > storage.bytes) return `it reaches past its storage of ${String(storage.bytes)} bytes`
  return { dtype, shape, stride: steps, bytes, layout: 'strided', storage, offset: offset + viewOffsetOf(storage) / elementBytes(dtype)!, parameter: false, requiresGrad: false, parts: [], opaque: false }
}

/** Whether the metadata of a tensor says that it is a conjugated or negated view. */
function isLazy(metadata: Value | undefined): boolean {
  return isDict(metadata) && (getItem(metadata, 'conj') === true || getItem(metadata, 'neg') === true)
}

/** Tensors that `pickle` itself wrote carry their storage as a checkpoint inside a string; where that cannot be read, the type is not known either. */
function elsewhere(value: Value | undefined): StorageId | undefined {
  return isCall(value) ? value.loaded : undefined
}

function quantizerParts(quantizer: Value | undefined, storageOf: StorageOf, depth: number): (readonly [string, TensorValue])[] {
  if (!isTuple(quantizer)) return []
  const parts: (readonly [string, TensorValue])[] = []
  for (const [index, name] of [[1, 'scales'], [2, 'zero_points']] as const) {
    const part = tensorOf(quantizer.items[index] ?? null, storageOf, depth + 1)
    if (part !== undefined && !isBroken(part)) parts.push([name, part])
  }
  return parts
}

type Broken = (message: string) => TensorReading

function sparse(args: readonly Value[], storageOf: StorageOf, depth: number, broken: Broken): TensorReading {
  const name = layoutName(args[0] ?? null)
  const data = args[1]
  if (!isTuple(data)) return broken('its parts are not known')
  const coo = name === 'sparse_coo'
  const names = coo ? ['indices', 'values'] : name === 'sparse_csc' || name === 'sparse_bsc' ? ['ccol_indices', 'row_indices', 'values'] : ['crow_indices', 'col_indices', 'values']
  const parts: (readonly [string, TensorValue])[] = []
  for (const [index, part] of names.entries()) {
    const tensor = tensorOf(data.items[index] ?? null, storageOf, depth + 1)
    if (tensor === undefined || isBroken(tensor)) return tensor ?? broken(`its ${part} are no tensor`)
    parts.push([part, tensor])
  }
  const shape = sizes(data.items[names.length])
  if (!shape) return broken('its shape is not known')
  const dtype = parts.at(-1)![1].dtype
  return { dtype, shape, stride: null, bytes: bytesOf(dtype, product(shape)) ?? null, layout: name, storage: null, offset: 0, parameter: false, requiresGrad: false, parts, opaque: true }
}

function layoutName(value: Value): 'sparse_coo' | 'sparse_csr' | 'sparse_csc' | 'sparse_bsr' | 'sparse_bsc' {
  const name = isCall(value) && isTuple(value.args) && typeof value.args.items[0] === 'string' ? value.args.items[0].replace('torch.', '') : ''
  return name === 'sparse_coo' || name === 'sparse_csc' || name === 'sparse_bsr' || name === 'sparse_bsc' ? name : 'sparse_csr'
}

function nested(args: readonly Value[], storageOf: StorageOf, depth: number, broken: Broken): TensorReading {
  const parts: (readonly [string, TensorValue])[] = []
  for (const [index, name] of ['buffer', 'sizes', 'strides', 'offsets'].entries()) {
    const part = tensorOf(args[index] ?? null, storageOf, depth + 1)
    if (isBroken(part)) return part
    if (part !== undefined) parts.push([name, part])
  }
  const buffer = parts[0]
  if (buffer?.[0] !== 'buffer') return broken('its buffer is no tensor')
  return { dtype: buffer[1].dtype, shape: null, stride: null, bytes: buffer[1].bytes, layout: 'nested', storage: null, offset: 0, parameter: false, requiresGrad: false, parts, opaque: true }
}

function subclass(className: string, dtype: string, shape: readonly number[], stride: readonly number[] | null, requiresGrad: boolean, state: Value | undefined, storageOf: StorageOf, depth: number): TensorValue {
  return { dtype, shape, stride, bytes: bytesOf(dtype, product(shape)) ?? null, layout: 'subclass', className, storage: null, offset: 0, parameter: false, requiresGrad, parts: stateParts(state, storageOf, depth), opaque: true }
}

/** The tensors among the attributes of a wrapper; what a state holds deeper belongs to the wrapper too. */
function stateParts(state: Value | undefined, storageOf: StorageOf, depth: number): (readonly [string, TensorValue])[] {
  const parts: (readonly [string, TensorValue])[] = []
  const dicts: (readonly [string, PyDict])[] = []
  const add = (name: string, value: Value): void => {
    const part = tensorOf(value, storageOf, depth + 1)
    if (part !== undefined && !isBroken(part)) parts.push([name, part])
    else if (isDict(value) && name.split('.').length < 4) dicts.push([name, value])
    else if (isCall(value) && isDict(value.state) && name.split('.').length < 4) dicts.push([name, value.state])
  }
  if (isDict(state)) dicts.push(['', state])
  else if (isTuple(state)) state.items.forEach((item, index) => { if (isDict(item)) dicts.push(['', item]); else add(String(index), item) })
  for (let next = dicts.shift(); next; next = dicts.shift()) {
    const [prefix, from] = next
    from.keys.forEach((key, index) => { if (typeof key === 'string' && parts.length < 64) add(prefix === '' ? key : `${prefix}.${key}`, from.values[index]!) })
  }
  return parts
}

/** `_rebuild_from_type_v2(function, class, arguments, state)`: a tensor with attributes, or of a subclass. */
function fromType(call: PyCall, args: readonly Value[], storageOf: StorageOf, depth: number, broken: Broken): TensorReading {
  const [func, type, inner, state] = args
  if (!isGlobal(func) || !isTuple(inner)) return broken('its parts are not known')
  const className = isGlobal(type) ? type.path : 'a tensor subclass'
  if (func.path === 'torch._utils._rebuild_wrapper_subclass') {
    const dtype = isGlobal(inner.items[1]) ? dtypeOfGlobal(inner.items[1].path) : undefined
    const shape = sizes(inner.items[2])
    if (dtype === undefined || !shape) return broken('its shape or type is not known')
    return subclass(className, dtype, shape, sizes(inner.items[3]) ?? null, inner.items[7] === true, state ?? call.state, storageOf, depth)
  }
  if (func.path.endsWith('._rebuild_njt')) return jagged(inner.items, storageOf, depth, broken)
  const made = readCall({ kind: 'call', how: 'reduce', callee: func, args: inner, at: call.at, state: undefined, items: undefined, entries: undefined, tensor: undefined, loaded: undefined }, func, storageOf, depth + 1)
  if (made === undefined || isBroken(made)) return made
  const plain = className === 'torch.Tensor' || className === 'torch.nn.parameter.Parameter'
  const parts = [...made.parts, ...stateParts(state, storageOf, depth)]
  return plain ? { ...plainTensor(made), parts, parameter: made.parameter || className.endsWith('Parameter') } : { ...plainTensor(made), parts, className }
}

function jagged(items: readonly Value[], storageOf: StorageOf, depth: number, broken: Broken): TensorReading {
  const from = items.length > 0 && isDict(items[0]) ? items[0] : undefined
  if (!from) return broken('its parts are not known')
  const parts = stateParts(from, storageOf, depth)
  const values = parts.find(([name]) => name === 'values')?.[1]
  if (!values) return broken('its values are not known')
  return { dtype: values.dtype, shape: null, stride: null, bytes: values.bytes, layout: 'jagged', storage: null, offset: 0, parameter: false, requiresGrad: false, parts, opaque: true }
}

/** `_reconstruct(ndarray, (0,), b'b')` with the state (version, shape, dtype, is_fortran, data). */
function numpyArray(call: PyCall): TensorReading {
  if (!isTuple(call.state) || call.state.items.length < 5) return undefined
  const [, shapeValue, dtypeValue, fortran] = call.state.items
  return numpyTensor(shapeValue, dtypeValue, fortran === true)
}

function numpyFromBuffer(args: readonly Value[]): TensorReading {
  return numpyTensor(args[2], args[1], args[3] === 'F')
}

function numpyTensor(shapeValue: Value | undefined, dtypeValue: Value | undefined, fortran: boolean): TensorReading {
  const shape = sizes(shapeValue)
  const dtype = numpyTypeOf(dtypeValue)
  if (!shape || !dtype) return undefined
  return { dtype: dtype.name, shape, stride: fortran ? fortranStride(shape) : contiguousStride(shape), bytes: product(shape) * dtype.bytes, layout: 'numpy', storage: null, offset: 0, parameter: false, requiresGrad: false, parts: [], opaque: true }
}

/** `numpy.dtype('f4', False, True)` with its state. */
export function numpyTypeOf(value: Value | undefined): { readonly name: string, readonly bytes: number } | undefined {
  if (!isCall(value) || !isGlobal(value.callee) || value.callee.path !== 'numpy.dtype' || !isTuple(value.args)) return undefined
  const text = value.args.items[0]
  return typeof text === 'string' ? numpyDtype(text) : undefined
}

export function contiguousStride(shape: readonly number[]): number[] {
  const stride = new Array<number>(shape.length)
  let step = 1
  for (let index = shape.length - 1; index >= 0; index--) {
    stride[index] = step
    step *= Math.max(shape[index]!, 1)
  }
  return stride
}

function fortranStride(shape: readonly number[]): number[] {
  let step = 1
  return shape.map((size) => {
    const here = step
    step *= Math.max(size, 1)
    return here
  })
}

export function product(shape: readonly (number | null)[]): number {
  let count = 1
  for (const size of shape) count *= size ?? 0
  return count
}

/** A tuple, list or `torch.Size` of non-negative integers. */
export function sizes(value: Value | undefined): readonly number[] | undefined {
  if (isCall(value) && isGlobal(value.callee) && value.callee.path === 'torch.Size' && isTuple(value.args)) return sizes(value.args.items[0])
  if (typeof value !== 'object' || (value?.kind !== 'tuple' && value?.kind !== 'list') || value.items.length > limits.dimensions) return undefined
  for (const item of value.items) if (!isInteger(item) || item < 0) return undefined
  return value.items as readonly number[]
}

export function isGlobal(value: Value | undefined): value is PyGlobal {
  return typeof value === 'object' && value?.kind === 'global'
}
export function isTuple(value: Value | undefined): value is PyTuple {
  return typeof value === 'object' && value?.kind === 'tuple'
}
export function isDict(value: Value | undefined): value is PyDict {
  return typeof value === 'object' && value?.kind === 'dict'
}
export function isCall(value: Value | undefined): value is PyCall {
  return typeof value === 'object' && value?.kind === 'call'
}
function isPersistent(value: Value): value is PyPersistent {
  return typeof value === 'object' && value?.kind === 'persistent'
}

/** The state_dict-like members of a module, when the value is a torch.nn.Module. */
export function moduleState(value: Value): PyDict | undefined {
  if (!isCall(value)) return undefined
  // A traced module of torch.fx: its attributes are the first argument of the call that makes its code again.
  const body = isGlobal(value.callee) && value.callee.path === 'torch.fx.graph_module.reduce_graph_module' && isTuple(value.args) ? value.args.items[0] : undefined
  if (isDict(body) && isDict(getItem(body, '_parameters')) && isDict(getItem(body, '_modules'))) return body
  if (!isDict(value.state)) return undefined
  return isDict(getItem(value.state, '_parameters')) && isDict(getItem(value.state, '_modules')) ? value.state : undefined
}
