/**
 * The pickle bytes of saved values: what Tensor.__reduce_ex__ and its kin hand to the pickler, in the order in which
 * the pickler meets it. Collects the storages on the way; knows nothing of the container.
 */

import { elementBytes } from '../model/dtypes.ts'
import { addComputedText, addEmptyOrderedDict, addFloat, addFreshText, addGlobal, addInteger, addIntegerTuple, addOpcodes, addSharedText, addTuple, memoize, recall, type PickleMeter } from './pickle-bytes.ts'
import { contiguousStrides, type SavedStorage, type SavedTensor, type SavedValue } from './saved-value.ts'
import { savesUntyped, storageClass, type TorchRelease } from './torch-release.ts'

/** How deep values may nest; torch's own state_dicts stay below ten. */
const MAXIMUM_DEPTH = 40

export interface ValueMeter {
  readonly pickle: PickleMeter
  readonly release: TorchRelease
  /** Length of the key of a storage, for releases whose keys are addresses; `undefined` for running numbers. */
  readonly addressDigits: number | undefined
  /** Storages in the order in which they are first met; the index is the key. */
  readonly storages: Map<SavedStorage, number>
  /** The first reason for which the bytes are not known. */
  problem: string | undefined
}

/** Counts a value. On something that torch cannot save, sets `problem` and goes on. */
export function addValue(meter: ValueMeter, value: SavedValue, depth = 0): void {
  if (depth > MAXIMUM_DEPTH) {
    meter.problem ??= 'a saved value is nested too deeply'
    return
  }
  const { pickle } = meter
  switch (value.kind) {
    case 'tensor': addTensor(meter, value, depth); return
    case 'none':
    case 'bool': addOpcodes(pickle, 1); return
    case 'int': addInteger(pickle, value.value); return
    case 'text': addFreshText(pickle, value.text); return
    case 'word': addSharedText(pickle, value.text); return
    case 'dtype': addGlobal(pickle, 'torch', value.dtype); return
    case 'global': addGlobal(pickle, value.module, value.name); return
    case 'tuple':
      addTuple(pickle, value.items.length, () => { addValues(meter, value.items, depth) })
      return
    case 'list': addList(meter, value, depth); return
    case 'object': addObject(meter, value, depth); return
    case 'reduce':
      if (recall(pickle, value)) return
      addGlobal(pickle, value.module, value.name)
      addTuple(pickle, value.arguments.length, () => { addValues(meter, value.arguments, depth) })
      addOpcodes(pickle, 1)
      memoize(pickle, value)
      return
    case 'dict': addDict(meter, value, depth); return
  }
}

function addValues(meter: ValueMeter, values: readonly SavedValue[], depth: number): void {
  for (const value of values) addValue(meter, value, depth + 1)
}

/** EMPTY_LIST, then APPEND for one item or MARK and APPENDS around more (these lists stay below a batch of 1000). */
function addList(meter: ValueMeter, value: SavedValue & { kind: 'list' }, depth: number): void {
  if (recall(meter.pickle, value)) return
  addOpcodes(meter.pickle, 1)
  memoize(meter.pickle, value)
  addOpcodes(meter.pickle, value.items.length === 0 ? 0 : value.items.length === 1 ? 1 : 2)
  addValues(meter, value.items, depth)
}

function addDict(meter: ValueMeter, value: SavedValue & { kind: 'dict' }, depth: number): void {
  addOpcodes(meter.pickle, 1)
  memoize(meter.pickle)
  addOpcodes(meter.pickle, value.items.length === 0 ? 0 : value.items.length === 1 ? 1 : 2)
  for (const [key, item] of value.items) addValues(meter, [key, item], depth)
}

/** NEWOBJ without arguments, then BUILD with the state. */
function addObject(meter: ValueMeter, value: SavedValue & { kind: 'object' }, depth: number): void {
  const { pickle } = meter
  if (recall(pickle, value)) return
  addGlobal(pickle, value.module, value.name)
  addOpcodes(pickle, 2)
  memoize(pickle, value)
  addValue(meter, value.state, depth + 1)
  addOpcodes(pickle, 1)
}

function addTensor(meter: ValueMeter, tensor: SavedTensor, depth: number): void {
  const { pickle } = meter
  if (recall(pickle, tensor)) return
  if (tensor.isMeta && !tensor.isParameter) {
    addMetaTensor(pickle, tensor)
    return
  }
  if (tensor.isParameter) {
    addGlobal(pickle, 'torch._utils', '_rebuild_parameter')
    addTuple(pickle, 3, () => {
      if (tensor.isMeta) addMetaTensor(pickle, tensor, undefined)
      else addPlainTensor(meter, tensor, depth)
      addOpcodes(pickle, 1)
      addEmptyOrderedDict(pickle)
    })
    addOpcodes(pickle, 1)
    memoize(pickle, tensor)
    return
  }
  addPlainTensor(meter, tensor, depth, tensor)
}

/** On the meta device there is no storage: the type, the shape, the strides and requires_grad rebuild it. */
function addMetaTensor(pickle: PickleMeter, tensor: SavedTensor, identity: SavedTensor | undefined = tensor): void {
  addGlobal(pickle, 'torch._utils', '_rebuild_meta_tensor_no_storage')
  addTuple(pickle, 4, () => {
    addGlobal(pickle, 'torch', tensor.dtype)
    addIntegerTuple(pickle, tensor.shape)
    addIntegerTuple(pickle, tensor.strides ?? contiguousStrides(tensor.shape))
    addOpcodes(pickle, 1)
  })
  addOpcodes(pickle, 1)
  memoize(pickle, identity)
}

/** `identity` is given when the object that is rebuilt may be met again. */
function addPlainTensor(meter: ValueMeter, tensor: SavedTensor, depth: number, identity?: SavedTensor): void {
  const { pickle } = meter
  const { quantizer } = tensor
  const legacy = storageClass(tensor.dtype)
  const size = elementBytes(tensor.dtype)
  if (size === undefined) {
    meter.problem ??= `torch.${tensor.dtype} is not a known type`
    return
  }
  if (legacy === undefined && !savesUntyped(meter.release, tensor.dtype)) {
    meter.problem ??= `this torch cannot save a tensor of torch.${tensor.dtype}`
    return
  }
  addGlobal(pickle, 'torch._utils', quantizer ? '_rebuild_qtensor' : legacy === undefined ? '_rebuild_tensor_v3' : '_rebuild_tensor_v2')
  addOpcodes(pickle, 2)
  addStorage(meter, tensor, legacy, size)
  addInteger(pickle, tensor.offset ?? 0)
  addIntegerTuple(pickle, tensor.shape)
  addIntegerTuple(pickle, tensor.strides ?? contiguousStrides(tensor.shape))
  if (quantizer) addQuantizer(meter, quantizer, depth)
  addOpcodes(pickle, 1)
  addEmptyOrderedDict(pickle)
  if (legacy === undefined) addGlobal(pickle, 'torch', tensor.dtype)
  memoize(pickle)
  addOpcodes(pickle, 1)
  memoize(pickle, identity)
}

/** The persistent id: ('storage', class, key, 'cpu', elements), or bytes in place of elements when untyped. */
function addStorage(meter: ValueMeter, tensor: SavedTensor, legacy: string | undefined, size: number): void {
  const { pickle, storages } = meter
  addOpcodes(pickle, 2)
  addSharedText(pickle, 'storage')
  if (legacy === undefined) addGlobal(pickle, 'torch.storage', 'UntypedStorage')
  else addGlobal(pickle, 'torch', legacy)
  // Every mention of a storage gets the same key object, except where the key is made anew from its address.
  if (meter.addressDigits !== undefined) {
    storages.set(tensor.storage, storages.get(tensor.storage) ?? storages.size)
    addFreshText(pickle, '0'.repeat(meter.addressDigits))
  } else if (!recall(pickle, tensor.storage)) {
    const key = storages.size
    storages.set(tensor.storage, key)
    pickle.bytes += 5 + String(key).length
    memoize(pickle, tensor.storage)
  }
  addSharedText(pickle, 'cpu')
  addInteger(pickle, legacy === undefined ? tensor.storage.bytes : Math.floor(tensor.storage.bytes / size))
  memoize(pickle)
  addOpcodes(pickle, 1)
}

function addQuantizer(meter: ValueMeter, quantizer: NonNullable<SavedTensor['quantizer']>, depth: number): void {
  const { pickle } = meter
  if (quantizer.scheme === 'per-tensor') {
    addTuple(pickle, 3, () => {
      addGlobal(pickle, 'torch', 'per_tensor_affine')
      addFloat(pickle)
      addInteger(pickle, quantizer.zeroPoint)
    })
    return
  }
  addTuple(pickle, 4, () => {
    addGlobal(pickle, 'torch', 'per_channel_affine')
    addValues(meter, [quantizer.scales, quantizer.zeroPoints], depth)
    addInteger(pickle, quantizer.axis)
  })
}

/** The key of an entry: the attribute's own name at the root, a string joined at run time below it. */
export function addEntryName(meter: ValueMeter, name: string): void {
  if (name.includes('.')) addComputedText(meter.pickle, name)
  else addSharedText(meter.pickle, name)
}
