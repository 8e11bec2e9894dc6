/** Reads safetensors by the rules of its own library (safetensors/src/tensor.rs): a file that it refuses is an error here. */

import { u64, utf8 } from './bytes.ts'
import type { Checkpoint } from './checkpoint.ts'
import type { Content, StoredStorage } from './content.ts'
import { safetensorsDtypes } from './dtypes.ts'
import * as limits from './limits.ts'
import { roleOfDottedName } from './roles.ts'
import type { Reading } from './reading.ts'
import { isJsonFault, parseStrictJson, plainInteger } from './strict-json.ts'
import type { Json, JsonObject } from './strict-json.ts'
import { contiguousStride } from './tensor-values.ts'
import type { NamedTensor } from './walk.ts'
import type { TensorValue } from './values.ts'

/** True when the file begins like safetensors: a header length that fits and a `{`. */
export function looksLikeSafetensors(head: Uint8Array, fileBytes: number): boolean {
  if (head.length < 10) return false
  const length = u64(head, 0)
  if (length < 2 || length > limits.safetensorsHeader || length + 8 > fileBytes) return false
  for (let at = 8; at < head.length; at++) {
    const byte = head[at]!
    if (byte === 0x7b) return true
    if (byte !== 0x20 && byte !== 0x09 && byte !== 0x0a && byte !== 0x0d) return false
  }
  return head.length > 8
}

interface Entry {
  readonly name: string
  readonly dtype: string
  readonly bits: number
  readonly shape: readonly number[]
  readonly start: number
  readonly end: number
}

export function readSafetensors(reading: Reading): Checkpoint {
  const { anatomy } = reading
  const outcome = readHeader(reading)
  if (typeof outcome === 'string') {
    reading.problem('error', outcome, 8)
    return reading.finish('safetensors', 'other', { notAsked })
  }
  const { entries, dataStart, headerEnd } = outcome
  reading.alignment = dataStart % 8 === 0 ? 8 : null
  anatomy.add(0, headerEnd, 'container')
  anatomy.add(headerEnd, dataStart, 'padding')
  const named: NamedTensor[] = []
  const storages = new Map<string, StoredStorage>()
  for (const { name, dtype, bits, shape, start, end } of entries) {
    const storage = { key: name, dtype, device: 'cpu', bytes: end - start, count: Math.floor(((end - start) * 8) / bits) }
    const role = roleOfDottedName(name) ?? 'weights'
    const tensor: TensorValue = { dtype, shape, stride: contiguousStride(shape), bytes: end - start, layout: 'strided', storage, offset: 0, parameter: false, requiresGrad: false, parts: [], opaque: false }
    named.push({ name, tensor, role, hidden: false })
    storages.set(name, { key: name, dtype, device: 'cpu', bytes: end - start, start: dataStart + start })
    anatomy.add(dataStart + start, dataStart + end, role === 'ema' ? 'ema' : 'weights')
  }
  const content: Content = { named, storages, bigEndian: false, holdsModule: false, reachable: new Map() }
  reading.content = content
  return reading.finish('safetensors', 'state_dict', { notAsked })
}

const notAsked = 'a safetensors file holds no pickle'

interface Header { readonly entries: readonly Entry[], readonly dataStart: number, readonly headerEnd: number }

function readHeader(reading: Reading): Header | string {
  const { reader } = reading
  const head = reader.read(0, 8)
  if (head.length < 8) return 'the file is too short for a safetensors header'
  const length = u64(head, 0)
  if (length > limits.safetensorsHeader) return `the header claims ${String(length)} bytes; 100,000,000 are allowed`
  if (length + 8 > reader.bytes) return `the header claims ${String(length)} bytes, more than the file has`
  if (length > limits.safetensorsHeaderRead) return `a header of ${String(length)} bytes is more than this reader takes`
  const bytes = reader.read(8, length)
  if (bytes.length < length) return 'the header cannot be read to its end'
  const text = utf8(bytes, 0, length)
  if (text === undefined) return 'the header is not UTF-8'
  const json = parseStrictJson(text)
  if (isJsonFault(json)) return `the header is no JSON: ${json.fault} (character ${String(json.at)})`
  if (typeof json !== 'object' || json?.kind !== 'object') return 'the header is no JSON object'
  const entries = readEntries(reading, json)
  if (typeof entries === 'string') return entries
  const dataStart = 8 + length
  let at = 0
  for (const entry of [...entries].sort((a, b) => a.start - b.start || a.end - b.end)) {
    if (entry.start !== at) return entry.start < at ? `${entry.name} overlaps another tensor` : `there is a hole before ${entry.name}`
    if (entry.end < entry.start) return `${entry.name} ends before it begins`
    const bits = entry.shape.reduce((product, size) => product * size, 1) * entry.bits
    if (!Number.isSafeInteger(bits)) return `the shape of ${entry.name} is too large`
    if (bits % 8 !== 0) return `${entry.name} does not end on a whole byte`
    if (bits / 8 !== entry.end - entry.start) return `${entry.name} has ${String(entry.end - entry.start)} bytes, its shape wants ${String(bits / 8)}`
    at = entry.end
  }
  if (dataStart + at !== reader.bytes) return dataStart + at > reader.bytes ? `the file is cut off: its tensors want ${String(dataStart + at)} bytes` : `${String(reader.bytes - dataStart - at)} bytes follow the last tensor`
  return { entries, dataStart, headerEnd: 8 + text.trimEnd().length + (length - text.length) }
}

function readEntries(reading: Reading, json: JsonObject): Entry[] | string {
  const entries: Entry[] = []
  const names = new Set<string>()
  for (const [name, value] of json.entries) {
    if (names.has(name)) return `${name} stands in the header twice`
    names.add(name)
    if (name === '__metadata__') {
      const fault = readMetadata(reading, value)
      if (fault) return fault
      continue
    }
    if (typeof value !== 'object' || value?.kind !== 'object') return `${name} is no object`
    const fields = new Map<string, Json>()
    for (const [field, item] of value.entries) {
      if (field !== 'dtype' && field !== 'shape' && field !== 'data_offsets') continue
      if (fields.has(field)) return `${name} has its ${field} twice`
      fields.set(field, item)
    }
    const dtype = fields.get('dtype')
    const type = typeof dtype === 'string' ? safetensorsDtypes.get(dtype) : undefined
    if (type === undefined) return `${name} has no element type that safetensors knows`
    const shape = integers(fields.get('shape'))
    const offsets = integers(fields.get('data_offsets'))
    if (!shape || offsets?.length !== 2) return `${name} has no valid shape or offsets`
    if (entries.length >= limits.tensors) return `more than ${String(limits.tensors)} tensors`
    entries.push({ name, dtype: type.name, bits: type.bits, shape, start: offsets[0]!, end: offsets[1]! })
  }
  return entries
}

function readMetadata(reading: Reading, value: Json): string | undefined {
  if (value === null) return undefined
  if (typeof value !== 'object' || value.kind !== 'object') return '__metadata__ is no object'
  for (const [key, text] of value.entries) {
    if (typeof text !== 'string') return `__metadata__ holds ${key}, which is no text`
    if (Object.keys(reading.metadata).length < 64) Object.defineProperty(reading.metadata, key, { value: text.slice(0, limits.nameCharacters), enumerable: true, configurable: true, writable: true })
  }
  return undefined
}

function integers(value: Json | undefined): number[] | undefined {
  if (typeof value !== 'object' || value?.kind !== 'array') return undefined
  const list: number[] = []
  for (const item of value.items) {
    const number = plainInteger(item)
    if (number === undefined) return undefined
    list.push(number)
  }
  return list
}
