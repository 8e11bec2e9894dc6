/**
 * The symbols that a pickle builds here: names and records, never objects. What Python would call is only written
 * down. Also how Python prints dictionary keys, because tensors are named by them.
 */

import { fewKeys, isPlain, KeyIndex } from './key-index.ts'

export interface PyFloat { readonly kind: 'float', readonly value: number }
/** Bytes or text too long to keep have `data` and `text` undefined. `at` is the file offset of the content. */
export interface PyBytes { readonly kind: 'bytes', readonly data: Uint8Array | undefined, readonly length: number, readonly at: number, readonly mutable: boolean }
export interface PyLongText { readonly kind: 'long-text', readonly length: number, readonly at: number }
export interface PyList { readonly kind: 'list', items: Value[] }
export interface PyTuple { readonly kind: 'tuple', readonly items: readonly Value[] }
export interface PySet { readonly kind: 'set', readonly frozen: boolean, items: Value[] }
export interface PyDict {
  readonly kind: 'dict'
  readonly className: 'dict' | 'collections.OrderedDict' | 'collections.Counter' | 'collections.defaultdict'
  keys: readonly Value[]
  values: readonly Value[]
  /** Where a key stands; made when there are more than a few, because most dicts are small or stay empty. */
  index: KeyIndex | undefined
  /** What BUILD put on the instance. */
  attributes: Value | undefined
}
export interface PyGlobal {
  readonly kind: 'global'
  readonly module: string
  readonly name: string
  /** `module.name` after Python 2 names were moved to where Python 3 has them. */
  readonly path: string
  /** `module.name` as the file writes it. */
  readonly original: string
  readonly at: number
}
export interface PyCall {
  readonly kind: 'call'
  readonly how: 'reduce' | 'newobj'
  readonly callee: Value
  readonly args: Value
  readonly at: number
  state: Value | undefined
  items: Value[] | undefined
  entries: PyDict | undefined
  /** Filled by the tensor reader: the tensor that this call builds, or `null` when it builds none. */
  tensor: TensorValue | null | undefined
  /** The storage that this call loads from a checkpoint inside a string. */
  loaded: StorageId | undefined
}
/** `storage` is filled when the id is first read as one; null when it is none. */
export interface PyPersistent { readonly kind: 'persistent', readonly id: Value, readonly at: number, storage: StorageId | null | undefined }
/** A storage as a persistent id names it. */
export interface StorageId {
  readonly key: string
  readonly dtype: string
  readonly device: string
  /** `numel` times the element's bytes. */
  readonly bytes: number
  readonly count: number
}

/** One tensor as the file describes it. */
export interface TensorValue {
  readonly dtype: string
  /** A dimension is null where only the data tells (jagged tensors). */
  readonly shape: readonly (number | null)[] | null
  /** In elements; null for layouts without strides. */
  readonly stride: readonly number[] | null
  /** Product of the shape times the element's bytes; null where the shape is not known. */
  readonly bytes: number | null
  readonly layout: 'strided' | 'sparse_coo' | 'sparse_csr' | 'sparse_csc' | 'sparse_bsr' | 'sparse_bsc' | 'nested' | 'jagged' | 'subclass' | 'meta' | 'numpy' | 'storage'
  readonly storage: StorageId | null
  /** First element, counted in elements of `dtype` from the start of the storage. */
  readonly offset: number
  readonly parameter: boolean
  readonly requiresGrad: boolean
  /** Class of a tensor subclass. */
  readonly className?: string
  /** The tensors that a sparse, nested, quantized or wrapped one is made of, by name. */
  readonly parts: readonly (readonly [string, TensorValue])[]
  /** Quantizer of a quantized tensor, kept for writing it again. */
  readonly quantizer?: Value
  /** True when its numbers are those of the storage conjugated or negated, which torch does when it reads them. */
  readonly isLazy?: boolean
  /** True when torch has no way to write it as plain data. */
  readonly opaque: boolean
}

export type Value = null | boolean | number | bigint | string | PyFloat | PyBytes | PyLongText | PyList | PyTuple | PySet | PyDict | PyGlobal | PyCall | PyPersistent

/** What every empty dict has for its keys and values: most dicts of a checkpoint stay empty. */
const nothing: readonly Value[] = []

export function dict(className: PyDict['className']): PyDict {
  return { kind: 'dict', className, keys: nothing, values: nothing, index: undefined, attributes: undefined }
}

/** What decides whether two keys are the same to a Python dict; compound keys are told apart by identity only when they are not plain. */
function identity(key: Value): unknown {
  if (key === true) return 1
  if (key === false) return 0
  if (typeof key === 'object' && key !== null) {
    if (key.kind === 'float') return key.value
    if (key.kind === 'tuple' && key.items.length <= 16 && key.items.every((item) => typeof item !== 'object' || item === null)) {
      return `\u0000(${key.items.map((item) => `${typeof item}:${String(item)}`).join(',')})`
    }
    if (key.kind === 'bytes' && key.data && key.length <= 256) return `\u0000b${key.data.join(',')}`
  }
  return key
}

export function setItem(target: PyDict, key: Value, value: Value): void {
  const id = typeof key === 'string' ? key : identity(key)
  if (target.keys === nothing) {
    target.keys = []
    target.values = []
  }
  const keys = target.keys as Value[]
  const values = target.values as Value[]
  const at = target.index === undefined ? keys.indexOf(id as Value) : target.index.find(keys, id)
  if (at >= 0) {
    values[at] = value
    return
  }
  keys.push(key)
  values.push(value)
  if (target.index === undefined && keys.length <= fewKeys && isPlain(key)) return
  target.index ??= new KeyIndex()
  target.index.added(keys, id, identity)
}

/** Sets keys and values that follow one another in `pairs`; all keys can be hashed. */
export function setItems(target: PyDict, pairs: readonly Value[]): void {
  const count = pairs.length / 2
  if (target.keys === nothing && count <= fewKeys && count > 0 && areDistinct(pairs)) {
    // Most dicts are written at once: lists of exactly their length take half the memory.
    const keys = new Array<Value>(count)
    const values = new Array<Value>(count)
    for (let index = 0; index < count; index++) {
      keys[index] = pairs[index * 2]!
      values[index] = pairs[index * 2 + 1]!
    }
    target.keys = keys
    target.values = values
    return
  }
  for (let index = 0; index < pairs.length; index += 2) setItem(target, pairs[index]!, pairs[index + 1]!)
}

function areDistinct(pairs: readonly Value[]): boolean {
  for (let index = 0; index < pairs.length; index += 2) {
    if (!isPlain(pairs[index]!)) return false
    for (let before = 0; before < index; before += 2) if (pairs[before] === pairs[index]) return false
  }
  return true
}

export function getItem(target: PyDict, key: string): Value | undefined {
  const at = target.index === undefined ? target.keys.indexOf(key) : target.index.find(target.keys, key)
  return target.values[at]
}

export function isUnhashable(value: Value): boolean {
  return typeof value === 'object' && value !== null && (value.kind === 'list' || value.kind === 'dict' || (value.kind === 'set' && !value.frozen) || (value.kind === 'bytes' && value.mutable))
}

export function isInteger(value: Value | undefined): value is number {
  return typeof value === 'number'
}

/** `str(key)` as Python prints it, for names; nested values as `repr`. */
export function keyText(value: Value): string {
  return typeof value === 'string' ? value : repr(value, 0)
}

/** True when `str(key)` can be told from the file: an object's depends on its class. */
export function isPrintableKey(value: Value): boolean {
  if (typeof value === 'object' && (value?.kind === 'set' || value?.kind === 'call')) return constructed(value) !== undefined
  return typeof value !== 'object' || value === null || value.kind === 'float' || value.kind === 'tuple' || value.kind === 'bytes' || value.kind === 'global'
}

function repr(value: Value, depth: number): string {
  if (value === null) return 'None'
  if (value === true) return 'True'
  if (value === false) return 'False'
  if (typeof value === 'string') return quoted(value)
  if (typeof value !== 'object') return String(value)
  switch (value.kind) {
    case 'float': return floatText(value.value)
    case 'global': return value.path
    case 'bytes': return value.data && value.length <= 256 ? bytesText(value.data) : 'bytes'
    case 'tuple': {
      if (depth > 4 || value.items.length > 32) return '(...)'
      const items = value.items.map((item) => repr(item, depth + 1))
      return items.length === 1 ? `(${items[0]!},)` : `(${items.join(', ')})`
    }
    default: return constructed(value) ?? value.kind
  }
}

/** Keys that a pickle makes by a call: bytes in old protocols, complex numbers, sets that have no order to guess. */
function constructed(value: Value): string | undefined {
  if (typeof value !== 'object' || value === null) return undefined
  if (value.kind === 'set') return value.frozen && value.items.length === 0 ? 'frozenset()' : undefined
  if (value.kind !== 'call' || typeof value.callee !== 'object' || value.callee?.kind !== 'global' || typeof value.args !== 'object' || value.args?.kind !== 'tuple') return undefined
  const [first, second] = value.args.items
  if (value.callee.path === '_codecs.encode' && typeof first === 'string' && second === 'latin1') return bytesText(Uint8Array.from(first, (letter) => letter.charCodeAt(0)))
  if (value.callee.path !== 'builtins.complex' || typeof first !== 'object' || first?.kind !== 'float' || typeof second !== 'object' || second?.kind !== 'float') return undefined
  const part = (number: number): string => floatText(number).replace(/\.0$/, '')
  const imaginary = part(second.value)
  return Object.is(first.value, 0) ? `${imaginary}j` : `(${part(first.value)}${imaginary.startsWith('-') ? '' : '+'}${imaginary}j)`
}

function bytesText(data: Uint8Array): string {
  return `b${inQuotes(Array.from(data, (byte) => byte < 127 ? escaped(String.fromCharCode(byte)) : hexadecimal(byte)).join(''))}`
}

function quoted(text: string): string {
  return inQuotes(Array.from(text, escaped).join(''))
}

/** Double quotes where the text holds single ones only. */
function inQuotes(text: string): string {
  return text.includes("'") && !text.includes('"') ? `"${text}"` : `'${text.replaceAll("'", "\\'")}'`
}

function escaped(letter: string): string {
  const named = namedEscapes.get(letter)
  if (named !== undefined) return named
  const code = letter.charCodeAt(0)
  return code < 32 || (code > 126 && code < 161) || code === 173 ? hexadecimal(code) : letter
}

const namedEscapes = new Map([['\\', '\\\\'], ['\n', '\\n'], ['\r', '\\r'], ['\t', '\\t']])

function hexadecimal(code: number): string {
  return `\\x${code.toString(16).padStart(2, '0')}`
}

function floatText(value: number): string {
  if (Number.isNaN(value)) return 'nan'
  if (!Number.isFinite(value)) return value > 0 ? 'inf' : '-inf'
  const size = Math.abs(value)
  if (size !== 0 && (size < 1e-4 || size >= 1e16)) return value.toExponential().replace(/e([+-])(\d)$/, 'e$10$2')
  return Number.isInteger(value) ? `${Object.is(value, -0) ? '-0' : value.toFixed(0)}.0` : String(value)
}

/** How Python names the type of a value, for reasons. */
export function typeName(value: Value): string {
  if (value === null) return 'NoneType'
  if (typeof value === 'boolean') return 'bool'
  if (typeof value === 'string') return 'str'
  if (typeof value !== 'object') return 'int'
  switch (value.kind) {
    case 'dict': return value.className
    case 'long-text': return 'str'
    case 'bytes': return value.mutable ? 'bytearray' : 'bytes'
    case 'set': return value.frozen ? 'frozenset' : 'set'
    case 'call': return typeof value.callee === 'object' && value.callee?.kind === 'global' ? value.callee.path : 'object'
    case 'persistent': return 'storage'
    default: return value.kind
  }
}
