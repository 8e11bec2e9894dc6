/**
 * Reads the header of a safetensors file: straight from its bytes where it is written the way its own library writes it,
 * as strict JSON in every other case. Both give the same entries; rules about the entries stand in safetensors.ts.
 */

import { latin1, utf8 } from './bytes.ts'
import { DenseTensor } from './dense-tensor.ts'
import type { DenseShape } from './dense-tensor.ts'
import { safetensorsDtypes } from './dtypes.ts'
import { KeyIndex } from './key-index.ts'
import * as limits from './limits.ts'
import { isJsonFault, parseStrictJson, plainInteger } from './strict-json.ts'
import type { Json, JsonObject } from './strict-json.ts'
import { contiguousStride } from './tensor-values.ts'

export interface SafetensorsHeader {
  /** As the header describes them; whether that fits together is for others to check. */
  readonly entries: readonly DenseTensor[]
  readonly metadata: readonly (readonly [string, string])[]
  /** Bytes of white space behind the JSON. */
  readonly padding: number
}

/** The entries in the order of the header, or why it cannot be read. `dataStart`: where the bytes of the tensors begin in the file. */
export function parseHeader(bytes: Uint8Array, dataStart = 0): SafetensorsHeader | string {
  return new UsualHeader(bytes, dataStart).read() ?? (bytes.length <= limits.unusualHeader ? parseAnyHeader(bytes, dataStart) : `a header of ${String(bytes.length)} bytes that is not written as safetensors itself writes it is more than this reader takes`)
}

const tooMany = `more than ${String(limits.safetensorsTensors)} tensors, which this reader does not keep in memory`
const quote = 0x22
const comma = 0x2c
const shapesRemembered = 1024

/** `{"name":{"dtype":"F32","shape":[2,3],"data_offsets":[0,24]},...}` as serde writes it, with or without white space between. */
class UsualHeader {
  private readonly bytes: Uint8Array
  private readonly dataStart: number
  private at = 0
  private readonly shapes = new Array<DenseShape | undefined>(shapesRemembered)
  private readonly sizesRead: number[] = []

  constructor(bytes: Uint8Array, dataStart: number) {
    this.bytes = bytes
    this.dataStart = dataStart
  }

  /** Undefined where the header is written in another way, or anything about it is wrong. */
  read(): SafetensorsHeader | string | undefined {
    const { bytes, dataStart } = this
    const entries: DenseTensor[] = []
    const names: string[] = []
    const index = new KeyIndex()
    const metadata: (readonly [string, string])[] = []
    let end = bytes.length
    while (end > 0 && bytes[end - 1] === 0x20) end -= 1
    if (!this.take('{')) return undefined
    for (;;) {
      const name = this.string()
      if (name === undefined || index.find(names, name) >= 0 || !this.take(':{')) return undefined
      names.push(name)
      index.added(names, name, sameText)
      if (name === '__metadata__') {
        if (!this.metadata(metadata)) return undefined
      } else {
        if (!this.take('"dtype":')) return undefined
        const label = this.string()
        const type = label === undefined ? undefined : safetensorsDtypes.get(label)
        if (type === undefined || !this.take(',"shape":[')) return undefined
        const shape = this.sizes()
        if (shape === undefined || !this.take(',"data_offsets":[')) return undefined
        const start = this.number()
        if (start < 0 || !this.take(',')) return undefined
        const stop = this.number()
        if (stop < 0 || !this.take(']}')) return undefined
        if (entries.length >= limits.safetensorsTensors) return tooMany
        entries.push(new DenseTensor(name, type, shape, dataStart + start, dataStart + stop))
      }
      if (!this.take(',')) break
    }
    return this.take('}') && this.at === end ? { entries, metadata, padding: bytes.length - end } : undefined
  }

  /** `"key":"text",...}` behind its opening brace. */
  private metadata(into: (readonly [string, string])[]): boolean {
    if (this.take('}')) return true
    for (;;) {
      const key = this.string()
      if (key === undefined || !this.take(':')) return false
      const text = this.string()
      if (text === undefined) return false
      into.push([key, text])
      const next = this.next()
      if (next === 0x7d) return true
      if (next !== comma) return false
    }
  }

  /** Punctuation and names of fields, with white space wherever JSON allows it. */
  private take(text: string): boolean {
    const { bytes } = this
    let { at } = this
    let quoted = false
    for (let index = 0; index < text.length; index++) {
      if (!quoted) at = afterSpace(bytes, at)
      const code = text.charCodeAt(index)
      if (bytes[at] !== code) return false
      at += 1
      if (code === quote) quoted = !quoted
    }
    this.at = at
    return true
  }

  /** The next byte that is no white space, which is consumed. */
  private next(): number | undefined {
    this.at = afterSpace(this.bytes, this.at) + 1
    return this.bytes[this.at - 1]
  }

  /** A string of plain ASCII. */
  private string(): string | undefined {
    const { bytes } = this
    this.at = afterSpace(bytes, this.at)
    if (bytes[this.at] !== quote) return undefined
    const from = this.at + 1
    let end = from
    for (; ; end++) {
      const byte = bytes[end]
      if (byte === quote) break
      if (byte === undefined || byte < 0x20 || byte > 0x7e || byte === 0x5c) return undefined
    }
    this.at = end + 1
    return latin1(bytes, from, end)
  }

  /** Decimal digits as JSON allows them, at most 2^53 - 1; -1 when there are none. */
  private number(): number {
    const { bytes } = this
    const from = afterSpace(bytes, this.at)
    let value = 0
    let at = from
    for (; at - from <= 15; at++) {
      const digit = bytes[at]! - 0x30
      if (!(digit >= 0 && digit <= 9)) break
      value = value * 10 + digit
    }
    if (at === from || at - from > 15 || (at - from > 1 && bytes[from] === 0x30)) return -1
    this.at = at
    return value
  }

  /** `2,3]`; equal shapes are one list. */
  private sizes(): DenseShape | undefined {
    if (this.take(']')) return noSizes
    const sizes = this.sizesRead
    sizes.length = 0
    let hash = 17
    for (;;) {
      const size = this.number()
      if (size < 0 || sizes.length >= limits.dimensions) return undefined
      sizes.push(size)
      hash = (hash * 31 + size) | 0
      const next = this.next()
      if (next === 0x5d) break
      if (next !== comma) return undefined
    }
    const slot = (hash ^ (hash >>> 10)) & (shapesRemembered - 1)
    const known = this.shapes[slot]
    if (known !== undefined && isSame(known.sizes, sizes)) return known
    const made = shapeOf([...sizes])
    this.shapes[slot] = made
    return made
  }
}

/** Where the white space that begins here ends. */
function afterSpace(bytes: Uint8Array, from: number): number {
  let at = from
  while (bytes[at] === 0x20 || bytes[at] === 0x0a || bytes[at] === 0x0d || bytes[at] === 0x09) at += 1
  return at
}

const noSizes = shapeOf([])

const sameText = (text: string): string => text

function shapeOf(sizes: readonly number[]): DenseShape {
  return { sizes, stride: contiguousStride(sizes) }
}

function isSame(known: readonly number[], sizes: readonly number[]): boolean {
  if (known.length !== sizes.length) return false
  for (let index = 0; index < sizes.length; index++) if (known[index] !== sizes[index]) return false
  return true
}

/** Any JSON that serde accepts. */
export function parseAnyHeader(bytes: Uint8Array, dataStart = 0): SafetensorsHeader | string {
  const text = utf8(bytes, 0, bytes.length)
  if (text === undefined) return 'the header is not UTF-8'
  const json = parseStrictJson(text)
  if (isJsonFault(json)) return `the header is no JSON: ${json.fault} (character ${String(json.at)})`
  if (typeof json !== 'object' || json?.kind !== 'object') return 'the header is no JSON object'
  const metadata: (readonly [string, string])[] = []
  const entries = readEntries(json, metadata, dataStart)
  return typeof entries === 'string' ? entries : { entries, metadata, padding: text.length - text.trimEnd().length }
}

function readEntries(json: JsonObject, metadata: (readonly [string, string])[], dataStart: number): DenseTensor[] | string {
  const entries: DenseTensor[] = []
  const names = new Set<string>()
  for (const [index, name] of json.keys.entries()) {
    const value = json.values[index]!
    if (names.has(name)) return `${name} stands in the header twice`
    names.add(name)
    if (name === '__metadata__') {
      const fault = readMetadata(metadata, value)
      if (fault) return fault
      continue
    }
    if (typeof value !== 'object' || value?.kind !== 'object') return `${name} is no object`
    const fields = new Map<string, Json>()
    for (const [position, field] of value.keys.entries()) {
      const item = value.values[position]!
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
    if (entries.length >= limits.safetensorsTensors) return tooMany
    entries.push(new DenseTensor(name, type, shapeOf(shape), dataStart + offsets[0]!, dataStart + offsets[1]!))
  }
  return entries
}

function readMetadata(metadata: (readonly [string, string])[], value: Json): string | undefined {
  if (value === null) return undefined
  if (typeof value !== 'object' || value.kind !== 'object') return '__metadata__ is no object'
  for (const [index, key] of value.keys.entries()) {
    const text = value.values[index]
    if (typeof text !== 'string') return `__metadata__ holds ${key}, which is no text`
    metadata.push([key, text])
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
