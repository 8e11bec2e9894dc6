/** The functions of the `torch` namespace that make tensors or answer questions about the session. */

import { fn, nativeClass } from '../evaluate/native.ts'
import { type Machine, isMissing, type NativeFunction, PyBoxed, PyClass, PyFloat, PyInstance, PyTuple, Unknown, type Bound, type Value } from '../evaluate/value.ts'
import { LEGACY_TENSORS } from './tensor-class.ts'
import { OPERATIONS, tensorArgument, tensorFromNested } from './operations.ts'
import { isFloating } from './tensor/promote.ts'
import { broadcast } from './tensor/shape.ts'
import { convert, expand, fillTensor, makeLike, makeTensor, MAX_KNOWN_ELEMENTS, view, type TensorInfo } from './tensor/tensor.ts'
import { asInt, asNumber, infoOf, isTensor, readDevice, readDtype, readNewShape, setState, stateOf, wrap, type TorchTypes } from './torch-types.ts'

/** The keywords that every factory takes. */
const FACTORY = 'dtype=None, layout=None, device=None, requires_grad=False, pin_memory=False, out=None, generator=None, names=None, memory_format=None'

interface Options { readonly dtype: string | undefined, readonly device: string, readonly requiresGrad: boolean }

function readOptions(m: Machine, types: TorchTypes, [dtype, , device, requiresGrad]: readonly Value[]): Options | Unknown {
  const type = readDtype(m, types, dtype ?? null)
  const where = readDevice(m, types, device ?? null)
  if (type instanceof Unknown) return type
  // Where a tensor lives changes no shape, no type and no tie.
  const place = where instanceof Unknown ? 'cpu' : where
  if (requiresGrad instanceof Unknown) return requiresGrad
  return { dtype: type, device: place ?? stateOf(types).defaultDevice, requiresGrad: requiresGrad === true }
}

function made(m: Machine, types: TorchTypes, info: TensorInfo, options: Options): Value {
  return wrap(m, types, info, { requiresGrad: options.requiresGrad })
}

export function torchFunctions(types: TorchTypes): Map<string, Value> {
  const functions = new Map<string, Value>()
  const define = (signature: string, body: (m: Machine, args: Bound) => Value): void => {
    const native: NativeFunction = fn(signature, body)
    functions.set(native.name, native)
  }
  for (const { signature, body, as } of OPERATIONS) if (as !== 'method') define(signature, (m, args) => body(m, types, args))

  for (const [name, value] of [['empty', null], ['zeros', 0], ['ones', 1], ['rand', null], ['randn', null]] as const) sizeFactory(types, functions, name, value)
  for (const [name, value] of [['empty_like', null], ['zeros_like', 0], ['ones_like', 1], ['rand_like', null], ['randn_like', null], ['randint_like', null], ['full_like', null]] as const) {
    define(`${name}(input, *args, ${FACTORY}, fill_value=None, low=None, high=None)`, (m, [input, , ...rest]) => {
      const tensor = tensorArgument(m, input)
      const options = readOptions(m, types, rest)
      if (tensor instanceof Unknown) return tensor
      if (options instanceof Unknown) return options
      const like = makeLike(tensor, options.dtype ?? tensor.dtype, value === null || tensor.shape.reduce((a, b) => a * b, 1) > MAX_KNOWN_ELEMENTS ? null : new Array<number>(tensor.shape.reduce((a, b) => a * b, 1)).fill(value))
      return made(m, types, rest[2] === null ? like : { ...like, device: options.device }, options)
    })
  }
  define(`full(size, fill_value, *, ${FACTORY})`, (m, [size, value, ...rest]) => {
    const options = readOptions(m, types, rest)
    const shape = readNewShape(m, [size])
    if (options instanceof Unknown) return options
    if (shape instanceof Unknown) return shape
    const number = asNumber(value)
    if (options.dtype === undefined && (value instanceof Unknown || number === undefined)) return value instanceof Unknown ? value : m.raise('TypeError', 'full() needs a number')
    const dtype = options.dtype ?? (typeof value === 'boolean' ? 'bool' : isTensor(value) ? infoOf(value).dtype : value instanceof PyFloat || (value instanceof PyBoxed && value.value instanceof PyFloat) ? stateOf(types).defaultDtype : 'int64')
    return made(m, types, fillTensor(shape, dtype, options.device, typeof number === 'number' ? number : null), options)
  })
  define(`arange(*range, ${FACTORY}, start=?, end=?, step=?)`, (m, [range, ...rest]) => arange(m, types, range as PyTuple, rest))
  for (const name of ['linspace', 'logspace']) {
    define(`${name}(start, end, steps=100, base=10.0, *, ${FACTORY})`, (m, [start, end, steps, , ...rest]) => {
      const options = readOptions(m, types, rest)
      const count = asInt(steps)
      if (options instanceof Unknown) return options
      if (count instanceof Unknown) return count
      if (count === undefined) return m.raise('TypeError', 'steps must be an int')
      if (count < 0) return m.raise('RuntimeError', 'number of steps must be non-negative')
      const [from, to] = [asNumber(start), asNumber(end)]
      const dtype = options.dtype ?? stateOf(types).defaultDtype
      const values = name === 'linspace' && typeof from === 'number' && typeof to === 'number' && count <= MAX_KNOWN_ELEMENTS && isFloating(dtype) ? linspace(from, to, count, dtype) : null
      return made(m, types, makeTensor([count], dtype, options.device, values, { approximate: from !== to }), options)
    })
  }
  define(`eye(n, m=None, *, ${FACTORY})`, (m, [n, columns, ...rest]) => {
    const options = readOptions(m, types, rest)
    const shape = readNewShape(m, [n, columns ?? n])
    if (options instanceof Unknown) return options
    if (shape instanceof Unknown) return shape
    return made(m, types, makeTensor(shape, options.dtype ?? stateOf(types).defaultDtype, options.device), options)
  })
  for (const name of ['randint', 'randperm', 'hann_window', 'hamming_window', 'blackman_window', 'bartlett_window', 'kaiser_window']) {
    define(`${name}(*args, ${FACTORY}, high=None, low=0, size=None, periodic=True, beta=12.0, alpha=0.54)`, (m, [args, ...rest]) => {
      const options = readOptions(m, types, rest)
      if (options instanceof Unknown) return options
      const items = (args as PyTuple).items
      const size = name === 'randint' ? rest[11] ?? items.at(-1) : items[0]
      const shape = readNewShape(m, [size ?? null])
      if (shape instanceof Unknown) return shape
      return made(m, types, makeTensor(shape, options.dtype ?? (name.startsWith('rand') ? 'int64' : stateOf(types).defaultDtype), options.device), options)
    })
  }
  define(`normal(mean, std=1.0, size=None, *, ${FACTORY})`, (m, [mean, std, size, ...rest]) => {
    const options = readOptions(m, types, rest)
    if (options instanceof Unknown) return options
    const given: number[][] = []
    for (const one of [mean, std]) {
      if (!isTensor(one)) continue
      const info = tensorArgument(m, one)
      if (info instanceof Unknown) return info
      given.push([...info.shape])
    }
    const shape = size === null ? given.length === 0 ? undefined : broadcast(...given) : readNewShape(m, [size])
    if (shape instanceof Unknown) return shape
    if (shape === undefined || shape === null) return m.raise('RuntimeError', 'normal() needs a size, or a mean and a deviation that broadcast')
    return made(m, types, makeTensor(shape, options.dtype ?? stateOf(types).defaultDtype, options.device), options)
  })
  for (const name of ['tensor', 'as_tensor', 'asarray', 'scalar_tensor']) {
    define(`${name}(data, *, ${FACTORY})`, (m, [given, ...rest]) => {
      const options = readOptions(m, types, rest)
      if (options instanceof Unknown) return options
      if (given instanceof Unknown) return given
      const data = gridTensor(given) ?? given
      if (isTensor(data)) {
        const info = tensorArgument(m, data)
        if (info instanceof Unknown) return info
        const result = convert(info, { dtype: options.dtype, device: rest[2] === null ? undefined : options.device })
        return made(m, types, name === 'tensor' && result === info ? { ...makeLike(info, info.dtype), shape: info.shape } : result, options)
      }
      const info = tensorFromNested(m, data, stateOf(types).defaultDtype, options.dtype)
      return info instanceof Unknown ? info : made(m, types, { ...info, device: options.device }, options)
    })
  }
  define('from_numpy(ndarray)', (m, [array]) => {
    const grid = gridTensor(array)
    if (grid !== undefined) return grid
    if (!(array instanceof PyInstance) || array.cls.name !== 'ndarray') return array instanceof Unknown ? array : m.unknown('the contents of a NumPy array')
    const info = tensorFromNested(m, array, stateOf(types).defaultDtype)
    return info instanceof Unknown ? info : wrap(m, types, info)
  })
  define('polar(abs, angle, *, out=None)', (m, [abs, angle]) => complexOf(m, types, abs, angle))
  define('complex(real, imag, *, out=None)', (m, [real, imag]) => complexOf(m, types, real, imag))
  for (const [name, dtype] of LEGACY_TENSORS) {
    if (name === 'Tensor') continue
    // Classes, because annotations and isinstance name them.
    const cls = nativeClass({ name, module: 'torch' })
    cls.attrs.set('__new__', fn('__new__(cls, *args, device=None)', (m, [, args]) => legacy(m, types, args as PyTuple, dtype)))
    functions.set(name, cls)
  }
  types.tensor.attrs.set('__new__', fn('__new__(cls, *args, device=None, dtype=None)', (m, [cls, args]) => {
    const made = legacy(m, types, args as PyTuple, stateOf(types).defaultDtype)
    return cls === types.tensor || !isTensor(made) ? made : m.callMethod(cls!, '_make_subclass', [cls!, made])
  }))

  define('set_default_dtype(d)', (m, [dtype]) => {
    const name = readDtype(m, types, dtype)
    if (name instanceof Unknown || name === undefined) return m.unknown('the default element type from here on')
    if (!isFloating(name)) return m.raise('TypeError', 'only floating-point types are supported as the default type')
    setState(m, types, { defaultDtype: name })
    return null
  })
  define('get_default_dtype()', () => types.dtypes.get(stateOf(types).defaultDtype)!)
  define('set_default_tensor_type(t)', (m, [kind]) => {
    const name = kind instanceof PyClass ? kind.name : typeof kind === 'string' ? kind.split('.').at(-1)! : kind instanceof Object && 'name' in kind ? String(kind.name) : ''
    const dtype = LEGACY_TENSORS.get(name)
    if (dtype === undefined) return m.unknown('the default tensor type from here on')
    setState(m, types, { defaultDtype: dtype })
    return null
  })
  define('set_default_device(device)', (m, [device]) => {
    const name = readDevice(m, types, device)
    setState(m, types, { defaultDevice: typeof name === 'string' ? name : 'cpu' })
    return null
  })
  define('get_default_device()', () => new PyInstance(types.device, { type: stateOf(types).defaultDevice, index: null }))
  define('promote_types(type1, type2)', (m) => m.unknown('torch.promote_types'))
  define('typename(o)', (m) => m.unknown('torch.typename'))
  define('is_storage(obj)', () => false)
  define('broadcast_tensors(*tensors)', (m) => m.unknown('torch.broadcast_tensors'))
  define('meshgrid(*tensors, indexing=None)', (m, [tensors, indexing]) => {
    const items = (tensors as PyTuple).items
    const first = items[0]
    const list = items.length === 1 && !isTensor(first) ? m.items(first ?? null) : items
    if (list instanceof Unknown) return list
    const infos: TensorInfo[] = []
    for (const item of list) {
      const info = tensorArgument(m, item)
      if (info instanceof Unknown) return info
      infos.push(info)
    }
    if (infos.some((info) => info.shape.length > 1)) return m.raise('RuntimeError', 'meshgrid expects vectors')
    if (indexing instanceof Unknown) return indexing
    return new PyTuple(meshgrid(infos, indexing === 'xy').map((info) => wrap(m, types, info)))
  })
  define('cartesian_prod(*tensors)', (m, [tensors]) => {
    const infos = (tensors as PyTuple).items.map((item) => tensorArgument(m, item))
    if (infos.some((info) => info instanceof Unknown) || infos.length < 2) return m.unknown('torch.cartesian_prod')
    const list = infos as TensorInfo[]
    return wrap(m, types, makeTensor([list.reduce((n, info) => n * (info.shape[0] ?? 1), 1), list.length], list[0]!.dtype, list[0]!.device))
  })
  return functions
}

/** The tensor that stands for an array of NumPy of which only the shape is known. */
function gridTensor(value: Value): Value | undefined {
  if (!(value instanceof PyInstance) || value.cls.name !== '_Grid' || value.cls.attrs.get('__module__') !== 'numpy') return undefined
  const tensor = value.attrs?.get('_tensor')
  return isTensor(tensor) ? tensor : undefined
}

function sizeFactory(types: TorchTypes, functions: Map<string, Value>, name: string, value: number | null): void {
  const native = fn(`${name}(*sizes, ${FACTORY}, size=?)`, (m, args) => {
    const [sizes, ...rest] = args
    const options = readOptions(m, types, rest)
    if (options instanceof Unknown) return options
    const given = rest[9]
    const shape = readNewShape(m, given !== undefined && !isMissing(given) ? [given] : (sizes as PyTuple).items)
    if (shape instanceof Unknown) return shape
    return made(m, types, fillTensor(shape, options.dtype ?? stateOf(types).defaultDtype, options.device, value), options)
  })
  functions.set(name, native)
}

function arange(m: Machine, types: TorchTypes, range: PyTuple, rest: readonly Value[]): Value {
  const options = readOptions(m, types, rest)
  if (options instanceof Unknown) return options
  const [start, end, step] = [rest[9]!, rest[10]!, rest[11]!]
  const items = [...range.items]
  if (items.length === 1 && !isMissing(start) && isMissing(end)) items.unshift(start)
  const given: Value[] = items.length === 1 ? [0, items[0]!] : items
  if (given.length === 0) given.push(isMissing(start) ? 0 : start, isMissing(end) ? 0 : end)
  if (given.length === 1) given.push(end)
  if (items.length === 1 && !isMissing(end)) { given[0] = items[0]!; given[1] = end }
  if (given.length === 2) given.push(isMissing(step) ? 1 : step)
  const numbers: number[] = []
  let floating = false
  for (const value of given.slice(0, 3)) {
    const number = asNumber(value)
    if (number instanceof Unknown) return number
    if (number === undefined) return m.raise('TypeError', 'arange() takes numbers')
    if (value instanceof PyFloat || (isTensor(value) && isFloating(infoOf(value).dtype))) floating = true
    numbers.push(number)
  }
  const [from, to, by] = numbers as [number, number, number]
  if (by === 0 || (to - from) * by < 0) return m.raise('RuntimeError', 'upper bound and larger bound inconsistent with step sign')
  const count = Math.ceil((to - from) / by)
  if (!Number.isSafeInteger(count)) return m.raise('RuntimeError', 'invalid size')
  const dtype = options.dtype ?? (floating ? stateOf(types).defaultDtype : 'int64')
  const exact = [from, to, by].every(Number.isInteger)
  const values = count <= MAX_KNOWN_ELEMENTS ? Array.from({ length: count }, (_, i) => from + i * by) : null
  return made(m, types, makeTensor([count], dtype, options.device, values, { approximate: !exact }), options)
}

/** PyTorch fills from both ends with a step of the element type (aten/native RangeFactories). */
function linspace(from: number, to: number, count: number, dtype: string): number[] {
  const round = dtype === 'float32' ? Math.fround : (value: number) => value
  const step = count > 1 ? round((round(to) - round(from)) / (count - 1)) : 0
  const half = Math.floor(count / 2)
  return Array.from({ length: count }, (_, i) => (count === 1 ? round(from) : i < half ? round(round(from) + round(step * i)) : round(round(to) - round(step * (count - i - 1)))))
}

function complexOf(m: Machine, types: TorchTypes, real: Value, imag: Value): Value {
  const a = tensorArgument(m, real)
  const b = tensorArgument(m, imag)
  if (a instanceof Unknown) return a
  if (b instanceof Unknown) return b
  const dtype = { float32: 'complex64', float64: 'complex128', float16: 'complex32' }[a.dtype]
  if (dtype === undefined || a.dtype !== b.dtype || String(a.shape) !== String(b.shape)) return m.unknown('a complex tensor of two that differ')
  return wrap(m, types, makeTensor(a.shape, dtype, a.device))
}

/** `torch.Tensor(2, 3)`, `torch.FloatTensor([1, 2])`. */
function legacy(m: Machine, types: TorchTypes, args: PyTuple, dtype: string): Value {
  const [first] = args.items
  if (args.items.length === 0) return wrap(m, types, makeTensor([0], dtype, 'cpu'))
  if (first instanceof Unknown) return first
  if (args.items.length === 1 && isTensor(first)) return wrap(m, types, convert(infoOf(first), { dtype }))
  if (args.items.length === 1 && typeof first !== 'number' && !(first instanceof PyTuple && first.cls === types.size)) {
    const info = tensorFromNested(m, first ?? null, dtype, dtype)
    return info instanceof Unknown ? info : wrap(m, types, info)
  }
  const shape = readNewShape(m, args.items)
  return shape instanceof Unknown ? shape : wrap(m, types, makeTensor(shape, dtype, 'cpu'))
}

/** Every grid is its vector, viewed along its dimension and expanded along the others; `xy` swaps the first two. */
function meshgrid(vectors: readonly TensorInfo[], isSwapped: boolean): TensorInfo[] {
  if (isSwapped && vectors.length > 1) {
    const [first, second, ...others] = meshgrid([vectors[1]!, vectors[0]!, ...vectors.slice(2)], false)
    return [second!, first!, ...others]
  }
  const shape = vectors.map((info) => info.shape[0] ?? 1)
  return vectors.map((info, at) => expand(view(info, shape.map((size, i) => (i === at ? size : 1)))!, shape)!)
}
