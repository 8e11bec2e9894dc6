/**
 * Plans a smaller checkpoint: which tensors are kept, from which bytes each new storage is made, and every byte around
 * them. Reads no tensor data and writes nothing; host/write-slim.ts carries a plan out.
 */

import { castBetween } from './casts.ts'
import type { FloatCast } from './casts.ts'
import type { CheckpointFormat, Kind, Role } from './checkpoint.ts'
import type { Content } from './content.ts'
import type { StoredStorage } from './storage-record.ts'
import { elementBytes, safetensorsName } from './dtypes.ts'
import { encodeUtf8 } from './bytes.ts'
import * as limits from './limits.ts'
import { sourceOf, wholeStorage } from './slim-sources.ts'
import type { Source } from './slim-sources.ts'
import { writeSlimPickle } from './slim-pickle.ts'
import type { Placed } from './slim-pickle.ts'
import { contiguousStride, product } from './tensor-values.ts'
import type { TensorValue } from './values.ts'
import type { NamedTensor } from './walk.ts'
import { directoryOf, layOutZip } from './zip-layout.ts'
import type { ZipLayout } from './zip-layout.ts'

export type SlimFormat = 'torch' | 'safetensors'

export interface SlimOptions {
  /** Roles that are left out. */
  readonly drop: ReadonlySet<Role>
  /** Write views without the rest of their storage. */
  readonly materialise: boolean
  /** Cast floating point tensors that are wider to this type. */
  readonly dtype?: 'float32' | 'float16' | 'bfloat16' | undefined
  readonly format: SlimFormat
  /** Folder inside a torch zip: the name of the file without its extension. */
  readonly root: string
}

/** One storage to be written: bytes of the input, gathered and cast. */
export interface SlimStorage {
  readonly key: string
  readonly source: Source
  readonly from: StoredStorage
  readonly cast: FloatCast | undefined
  /** Bytes of one number, whose order is turned first; 1 where they stay. */
  readonly turned: number
  readonly bytes: number
  /** Names of the tensors on it. */
  readonly names: readonly string[]
  /** Shape of its one dense tensor, when it is one: then its content can be compared with others'. */
  readonly dense: string | undefined
}

export interface Dropped {
  readonly name: string
  readonly why: string
  readonly bytes: number
}

export interface SlimPlan {
  readonly kind: 'plan'
  readonly format: SlimFormat
  readonly storages: readonly SlimStorage[]
  readonly tensors: number
  readonly dropped: readonly Dropped[]
  readonly totalBytes: number
  /** What is written around the storages; offsets are those of the new file. */
  readonly layout: TorchLayout | SafetensorsLayout
}

export interface TorchLayout {
  readonly format: 'torch'
  readonly zip: ZipLayout
  readonly root: string
  /** Content of the records that hold no storage, by name. */
  readonly small: ReadonlyMap<string, Uint8Array>
}

export interface SafetensorsLayout {
  readonly format: 'safetensors'
  readonly header: Uint8Array
}

export interface SlimRefusal {
  readonly kind: 'refusal'
  readonly reason: string
}

/** The storage that another one repeats byte for byte, by key: the finding of a comparison of contents. */
export type SameAs = ReadonlyMap<string, string>

/** Why a file cannot be slimmed at all; undefined when it can. */
export function refuseSlim(format: CheckpointFormat, kind: Kind, content: Content | null): string | undefined {
  if (content === null) return 'its tensors cannot be read'
  if (format === 'torchscript') return 'a TorchScript archive is a program: its tensors cannot be written without its code'
  if (content.holdsModule || kind === 'whole-module') return 'it holds whole modules: save their state_dict instead, a module can only be rebuilt by its own code'
  if (format !== 'torch-zip' && format !== 'torch-legacy' && format !== 'torch-tar' && format !== 'pickle' && format !== 'safetensors') return `${format} files are not rewritten`
  return content.named.length === 0 ? 'it holds no tensors' : undefined
}

export function planSlim(content: Content, options: SlimOptions, sameAs: SameAs = new Map()): SlimPlan | SlimRefusal {
  const kept = content.named.filter(({ role, hidden }) => !options.drop.has(role) && !hidden)
  if (kept.length === 0) return { kind: 'refusal', reason: 'nothing would be kept' }
  const dropped: Dropped[] = content.named.filter(({ role, hidden }) => options.drop.has(role) || hidden).map(({ name, role, tensor }) => ({ name, why: role === 'weights' ? 'not in the state_dict' : role, bytes: tensor.bytes ?? 0 }))
  const gathered = gather(content, kept, options)
  if (typeof gathered === 'string') return { kind: 'refusal', reason: gathered }
  const unique = gathered.storages.filter(({ key }) => !sameAs.has(key))
  if (sameAs.size > 0) {
    const byKey = new Map(gathered.storages.map((storage) => [storage.key, storage]))
    for (const storage of gathered.storages) if (sameAs.has(storage.key)) dropped.push({ name: storage.names[0]!, why: `its bytes are those of ${byKey.get(sameAs.get(storage.key)!)!.names[0]!}`, bytes: storage.bytes })
  }
  return options.format === 'safetensors' ? planSafetensors(kept, gathered, unique, dropped, sameAs) : planTorch(content, kept, gathered, unique, dropped, options, sameAs)
}

export interface Gathered {
  readonly storages: readonly SlimStorage[]
  readonly placed: ReadonlyMap<TensorValue, Placed>
}

/** A kept tensor; parts of a composite one keep their type, since another would change what they mean. */
interface Kept { readonly name: string, readonly tensor: TensorValue, readonly castable: boolean }

/** Decides for every kept tensor which bytes it is written from; tensors over the same bytes share them. */
function gather(content: Content, kept: readonly NamedTensor[], options: SlimOptions): Gathered | string {
  const byStorage = new Map<string, Kept[]>()
  const collect = (name: string, tensor: TensorValue, part = ''): void => {
    if (tensor.storage !== null) {
      const entry = { name: name + part, tensor, castable: part === '' && tensor.layout === 'strided' && tensor.quantizer === undefined }
      const list = byStorage.get(tensor.storage.key)
      if (list) list.push(entry)
      else byStorage.set(tensor.storage.key, [entry])
    }
    // Attributes of a plain tensor are not written again; what a composite one is made of is.
    if (tensor.layout !== 'strided' || tensor.quantizer !== undefined) for (const [inner, value] of tensor.parts) collect(name, value, `${part}.${inner}`)
  }
  for (const { name, tensor } of kept) collect(name, tensor)
  const storages: SlimStorage[] = []
  const placed = new Map<TensorValue, Placed>()
  for (const [key, tensors] of byStorage) {
    const from = content.storages.get(key)
    if (from === undefined || (from.start === undefined && from.deflated === undefined)) return `the storage of ${tensors[0]!.name} is not where it can be read`
    if (from.bytes < tensors[0]!.tensor.storage!.bytes) return `the storage of ${tensors[0]!.name} is cut off`
    const failure = placeOne(from, tensors, content.bigEndian ? numberBytes(from.dtype) : 1, options, storages, placed)
    if (failure) return failure
  }
  return { storages, placed }
}

function placeOne(from: StoredStorage, tensors: readonly Kept[], turned: number, options: SlimOptions, storages: SlimStorage[], placed: Map<TensorValue, Placed>): string | undefined {
  const sources = new Map<string, { source: Source, names: string[], tensors: TensorValue[], castable: boolean }>()
  for (const { name, tensor, castable } of tensors) {
    const plain = tensor.layout === 'strided' && tensor.quantizer === undefined
    const source = sourceOf(tensor, from.bytes, !plain ? 'whole storage' : options.format === 'safetensors' ? 'rows' : options.materialise ? 'own bytes' : 'whole storage')
    if (typeof source === 'string') return `${name} ${source}`
    const id = `${tensor.dtype} ${String(castable)} ${source.id}`
    const same = sources.get(id)
    if (same) {
      same.names.push(name)
      same.tensors.push(tensor)
    } else sources.set(id, { source, names: [name], tensors: [tensor], castable })
  }
  let list = [...sources.values()]
  const apart = list.reduce((sum, { source }) => sum + source.bytes, 0)
  if (list.length > 1 && options.format === 'torch' && (apart > from.bytes || list.some(({ source }) => source.whole))) {
    // Views that overlap cost more apart than together: the storage stays as it is.
    if (new Set(tensors.map(({ tensor }) => tensor.dtype)).size > 1 && options.dtype) return `${tensors[0]!.name} shares its storage with a tensor of another type, so it cannot be cast`
    list = [{ source: wholeStorage(from.bytes), names: tensors.map(({ name }) => name), tensors: tensors.map(({ tensor }) => tensor), castable: tensors.every(({ castable }) => castable) }]
  }
  for (const { source, names, tensors: own, castable } of list) {
    const first = own[0]!
    const target = options.dtype && castable ? castBetween(first.dtype, options.dtype) : undefined
    const dtype = target ? options.dtype! : first.dtype
    const width = elementBytes(first.dtype) ?? 1
    const key = String(storages.length)
    const bytes = target ? (source.bytes / width) * elementBytes(dtype)! : source.bytes
    storages.push({ key, source, from, cast: target, turned, bytes, names, dense: own.length === 1 || !source.whole ? `${dtype} ${String(first.shape)} ${String(source.stride ?? first.stride)}` : undefined })
    for (const tensor of own) placed.set(tensor, { storage: key, dtype: target ? dtype : tensor.dtype, offset: source.whole ? tensor.offset : 0, stride: source.stride ?? tensor.stride ?? [], count: bytes / (elementBytes(dtype) ?? 1) })
  }
  return undefined
}

/** Bytes of what torch turns around in a big-endian storage of this class: an element, or each half of a complex one. Untyped storages stay as they are. */
function numberBytes(dtype: string): number {
  const bytes = elementBytes(dtype) ?? 1
  return dtype.startsWith('complex') ? bytes / 2 : bytes
}

function planTorch(content: Content, kept: readonly NamedTensor[], gathered: Gathered, unique: readonly SlimStorage[], dropped: Dropped[], options: SlimOptions, sameAs: SameAs): SlimPlan | SlimRefusal {
  const keys = new Map(unique.map((storage, index) => [storage.key, String(index)]))
  const keyOf = (key: string): string => keys.get(sameAs.get(key) ?? key)!
  const pickle = writeSlimPickle(content, kept, gathered.placed, keyOf)
  if (typeof pickle === 'string') return { kind: 'refusal', reason: pickle }
  for (const { name, why } of pickle.left) if (dropped.length < limits.tensors) dropped.push({ name, why, bytes: 0 })
  const small = new Map<string, Uint8Array>([
    ['data.pkl', pickle.data], ['.format_version', encodeUtf8('1')], ['.storage_alignment', encodeUtf8('64')], ['byteorder', encodeUtf8('little')],
    ['version', encodeUtf8('3\n')], ['.data/serialization_id', encodeUtf8('0'.repeat(40))],
  ])
  const record = (name: string): { readonly name: string, readonly bytes: number } => ({ name, bytes: small.get(name)!.length })
  const zip = layOutZip(options.root, [
    record('data.pkl'), record('.format_version'), record('.storage_alignment'), record('byteorder'),
    ...unique.map((storage, index) => ({ name: `data/${String(index)}`, bytes: storage.bytes })),
    record('version'), record('.data/serialization_id'),
  ])
  return { kind: 'plan', format: 'torch', storages: unique, tensors: kept.length, dropped, totalBytes: zip.totalBytes, layout: { format: 'torch', zip, root: options.root, small } }
}

/** Names without the path that all of them share: safetensors files are flat state_dicts. */
function planSafetensors(kept: readonly NamedTensor[], gathered: Gathered, unique: readonly SlimStorage[], dropped: Dropped[], sameAs: SameAs): SlimPlan | SlimRefusal {
  const prefix = sharedPrefix(kept)
  const entries: string[] = []
  const metadata: [string, string][] = [['format', 'pt']]
  const starts = new Map<string, number>()
  const byKey = new Map(unique.map((storage) => [storage.key, storage]))
  const first = new Map<string, string>()
  let at = 0
  // Wide elements first, so that every tensor starts at a multiple of its element.
  const ordered = [...unique].sort((a, b) => width(b) - width(a))
  for (const storage of ordered) {
    starts.set(storage.key, at)
    at += storage.bytes
  }
  const names = new Set<string>()
  for (const { name, tensor } of kept) {
    const label = name.slice(prefix.length)
    const placed = gathered.placed.get(tensor)
    const dtype = placed && safetensorsName(placed.dtype)
    if (tensor.layout !== 'strided' || tensor.parts.length > 0 || !placed || dtype === undefined) return { kind: 'refusal', reason: `safetensors cannot hold ${name} (${tensor.layout === 'strided' ? tensor.dtype : tensor.layout})` }
    if (tensor.isLazy === true) return { kind: 'refusal', reason: `${name} is a conjugated or negated view, which safetensors cannot say` }
    const shape = tensor.shape as readonly number[]
    const key = sameAs.get(placed.storage) ?? placed.storage
    const bytes = product(shape) * elementBytes(placed.dtype)!
    const storage = byKey.get(key)!
    if (placed.offset !== 0 || storage.bytes !== bytes || !isContiguous(shape, placed.stride)) return { kind: 'refusal', reason: `${name} is not stored row by row, as safetensors wants it` }
    if (names.has(label)) return { kind: 'refusal', reason: `two tensors would be named ${label}` }
    names.add(label)
    const twin = first.get(key)
    if (twin !== undefined) {
      metadata.push([label, twin])
      continue
    }
    first.set(key, label)
    const start = starts.get(key)!
    entries.push(`${JSON.stringify(label)}:{"dtype":"${dtype}","shape":[${shape.join(',')}],"data_offsets":[${String(start)},${String(start + bytes)}]}`)
  }
  const text = `{"__metadata__":{${metadata.map(([key, value]) => `${JSON.stringify(key)}:${JSON.stringify(value)}`).join(',')}},${entries.join(',')}}`
  const json = encodeUtf8(text)
  const padded = Math.ceil(json.length / 8) * 8
  const header = new Uint8Array(8 + padded).fill(0x20)
  new DataView(header.buffer).setBigUint64(0, BigInt(padded), true)
  header.set(json, 8)
  return { kind: 'plan', format: 'safetensors', storages: ordered, tensors: kept.length, dropped, totalBytes: header.length + at, layout: { format: 'safetensors', header } }
}

function width(storage: SlimStorage): number {
  const from = elementBytes(storage.from.dtype) ?? 1
  return storage.cast === undefined ? from : storage.cast.endsWith('float32') ? 4 : 2
}

function isContiguous(shape: readonly number[], stride: readonly number[]): boolean {
  if (product(shape) <= 1) return true
  const wanted = contiguousStride(shape)
  return shape.every((size, index) => size === 1 || stride[index] === wanted[index])
}

function sharedPrefix(kept: readonly NamedTensor[]): string {
  const firstDot = kept[0]!.name.indexOf('.')
  const prefix = kept[0]!.name.slice(0, firstDot + 1)
  const known = ['state_dict.', 'model_state_dict.', 'model.', 'net.', 'params.', 'weights.', 'module.', 'state_dict_ema.', 'ema.', 'model_ema.']
  return firstDot > 0 && known.includes(prefix) && prefix !== 'module.' && kept.every(({ name }) => name.startsWith(prefix)) && isNested(kept) ? prefix : ''
}

/** True when the first segment is a dict of its own and not the beginning of a dotted key. */
function isNested(kept: readonly NamedTensor[]): boolean {
  return kept.every(({ depth }) => depth !== undefined && depth >= 2)
}

/** The bytes of the directory, once the checksums are known. */
export function closingBytes(layout: TorchLayout, crcs: readonly number[]): Uint8Array {
  return directoryOf(layout.root, layout.zip, crcs)
}
