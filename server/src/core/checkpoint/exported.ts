/** Reads a `.pt2` archive: torch.export's weights beside their JSON, and AOTInductor's compiled packages. */

import { utf8 } from './bytes.ts'
import type { Checkpoint } from './checkpoint.ts'
import type { StoredStorage } from './storage-record.ts'
import { assemble } from './content.ts'
import { bytesOf } from './dtypes.ts'
import * as limits from './limits.ts'
import type { Reading } from './reading.ts'
import { isJsonFault, member, parseStrictJson, plainInteger } from './strict-json.ts'
import type { Json } from './strict-json.ts'
import { product } from './tensor-values.ts'
import { scanOthers, warnOfDuplicates } from './archive-members.ts'
import { record, startOf } from './torch-archive.ts'
import { storedStorage } from './torch-zip.ts'
import type { TorchArchive } from './torch-archive.ts'
import type { NamedTensor } from './walk.ts'
import { isFault, readEntry } from './zip-directory.ts'
import type { TensorValue } from './values.ts'

/** Element types by their number in torch/_export/serde/schema.py. */
const scalarTypes = ['unknown', 'uint8', 'int8', 'int16', 'int32', 'int64', 'float16', 'float32', 'float64', 'complex32', 'complex64', 'complex128', 'bool', 'bfloat16']
const laterTypes: ReadonlyMap<number, string> = new Map([[28, 'uint16'], [29, 'float8_e4m3fn'], [30, 'float8_e5m2'], [31, 'float8_e4m3fnuz'], [32, 'float8_e5m2fnuz'], [33, 'float8_e8m0fnu']])

export function readExported(reading: Reading, archive: TorchArchive): Checkpoint {
  const { anatomy } = reading
  warnOfDuplicates(reading, archive)
  const prefix = archive.root.length + 1
  const local = Array.from(archive.directory.entries, (entry) => entry.name.slice(prefix))
  const compiled = local.some((name) => name.startsWith('data/aotinductor/'))
  const named: NamedTensor[] = []
  const storages = new Map<string, StoredStorage>()
  for (const name of local) {
    if (/^data\/(weights|constants)\/[^/]*_(weights|constants)_config\.json$|^data\/(weights|constants)\/model_(weights|constants)_config\.json$/.test(name)) readConfig(reading, archive, name, named, storages)
  }
  for (const entry of archive.directory.entries) {
    const start = startOf(archive, entry)
    const name = local[entry.index]!
    if (start === undefined || storages.has(name)) continue
    const part = /^models\/|\.(json|so|cpp|o|cubin|txt)$/.test(name) || name.startsWith('data/aotinductor/') ? 'code'
      : /^(archive_format|archive_version|byteorder|version|\.data\/)/.test(name) ? 'container'
        : name.startsWith('data/sample_inputs/') ? 'other-tensors' : name.startsWith('data/weights/') || name.startsWith('data/constants/') ? 'unreachable' : 'unknown'
    anatomy.add(start, start + entry.compressedBytes, part)
  }
  scanOthers(reading, archive, new Set())
  reading.content = assemble({ tensors: named, kind: 'other', holdsModule: false, broken: [], truncated: false, bomb: false }, storages, false, anatomy, reading.problems)
  return reading.finish(compiled && named.length === 0 ? 'aot-inductor' : 'torch-export', 'other', { notAsked: compiled ? 'torch._inductor.aoti_load_package reads this archive' : 'torch.export.load reads this archive' })
}

/** `{"config": {NAME: {"path_name": ..., "is_param": ..., "tensor_meta": {...}}}}`. */
function readConfig(reading: Reading, archive: TorchArchive, file: string, named: NamedTensor[], storages: Map<string, StoredStorage>): void {
  const entry = record(archive, file)
  if (entry === undefined) return
  const bytes = readEntry(reading.reader, entry, reading.options.inflate, limits.inflatedBytes)
  const text = isFault(bytes) ? undefined : utf8(bytes, 0, bytes.length)
  const json = text === undefined ? undefined : parseStrictJson(text)
  const config = json === undefined || isJsonFault(json) ? undefined : member(json, 'config')
  if (typeof config !== 'object' || config?.kind !== 'object') {
    reading.problem('error', `${file} is not readable`, entry.headerOffset)
    return
  }
  const folder = file.slice(0, file.lastIndexOf('/'))
  for (const [index, name] of config.keys.slice(0, limits.tensors).entries()) {
    const item = config.values[index]!
    const path = member(item, 'path_name')
    const meta = member(item, 'tensor_meta')
    if (typeof path !== 'string') continue
    const stored = record(archive, `${folder}/${path}`)
    const type = plainInteger(member(meta, 'dtype'))
    const dtype = type === undefined ? undefined : scalarTypes[type] ?? laterTypes.get(type)
    const shape = sizesOf(member(meta, 'sizes'))
    const stride = sizesOf(member(meta, 'strides'))
    const offset = plainInteger(member(member(meta, 'storage_offset'), 'as_int'))
    if (stored === undefined || dtype === undefined || !shape || !stride || offset === undefined) {
      reading.problem('warning', `${name}: its weights are not described or not there`, entry.headerOffset)
      continue
    }
    const key = `${folder}/${path}`
    const bytesTotal = bytesOf(dtype, product(shape)) ?? 0
    const tensor: TensorValue = { dtype, shape, stride, bytes: bytesTotal, layout: 'strided', storage: { key, dtype, device: 'cpu', bytes: stored.bytes, count: product(shape) }, offset, parameter: member(item, 'is_param') === true, requiresGrad: false, parts: [], opaque: false }
    named.push({ name, tensor, role: folder.endsWith('constants') ? 'other' : 'weights', hidden: false })
    storages.set(key, storedStorage(archive, key, { dtype, device: 'cpu' }, stored))
  }
}

/** `[{"as_int": 3}, ...]`. */
function sizesOf(value: Json | undefined): number[] | undefined {
  if (typeof value !== 'object' || value?.kind !== 'array' || value.items.length > limits.dimensions) return undefined
  const list: number[] = []
  for (const item of value.items) {
    const size = plainInteger(member(item, 'as_int'))
    if (size === undefined) return undefined
    list.push(size)
  }
  return list
}
