/** Keys of dicts and sets: Python's equality of keys as identity of JS Map keys. */

import type { Interpreter } from '../run/frame.ts'
import type { PyObject} from '../value.ts';
import { type DictKey, type Origin, NativeFunction, PyBoxed, PyBytes, PyClass, PyComplex, PyDict, PyFloat, PyInstance, PyList, PyMethod, PySet, PyTuple, Unknown, type Value } from '../value.ts'

/** Objects by number, so that a tuple that holds one has a key that is text. */
const identities = new WeakMap<object, number>()
let lastIdentity = 0

export function identityOf(object: object): number {
  let id = identities.get(object)
  if (id === undefined) { id = ++lastIdentity; identities.set(object, id) }
  return id
}

/** Prefix of keys that are made up; strings that begin with it are escaped. */
const MADE = '\0'

/** Raises TypeError for unhashable values. */
export function keyOf(m: Interpreter, value: Value): DictKey | Unknown {
  switch (typeof value) {
    case 'string': return value.startsWith(MADE) ? `${MADE}s${value}` : value
    case 'number':
    case 'bigint': return value
    case 'boolean': return value ? 1 : 0
    default:
  }
  if (value === null) return null
  if (value instanceof PyFloat) return floatKey(value)
  return objectKey(m, value)
}

function floatKey(value: PyFloat): DictKey {
  const number = value.value
  if (Number.isNaN(number)) return value
  if (!Number.isInteger(number) || Number.isSafeInteger(number)) return number === 0 ? 0 : number
  return Number.isFinite(number) ? BigInt(number) : number
}

function objectKey(m: Interpreter, value: PyObject): DictKey | Unknown {
  if (value instanceof Unknown) return value
  if (value instanceof PyClass) return value
  if (value.cls.native === undefined && !(value instanceof PyMethod)) {
    const hash = m.lookup(value.cls, '__hash__')
    if (hash === null) m.raise('TypeError', `unhashable type: '${value.cls.name}'`)
    if (hash !== undefined && !(hash instanceof NativeFunction)) return customKey(m, value, hash)
  }
  if (value instanceof PyTuple) return textKey(m, 't', value.items)
  if (value instanceof PySet) {
    if (!m.isSubclass(value.cls, PySet.frozen)) m.raise('TypeError', `unhashable type: '${value.cls.name}'`)
    const parts: string[] = []
    for (const item of value.values.values()) {
      const part = encode(m, item)
      if (part instanceof Unknown) return part
      parts.push(part)
    }
    return `${MADE}f${parts.sort().join(',')}`
  }
  if (value instanceof PyList || value instanceof PyDict) m.raise('TypeError', `unhashable type: '${value.cls.name}'`)
  if (value instanceof PyBoxed) return value.value instanceof PyBytes ? `${MADE}b${value.value.data.join()}` : keyOf(m, value.value)
  if (value instanceof PyBytes) return `${MADE}b${value.data.join()}`
  if (value instanceof PyComplex) return value.im === 0 ? floatKey(new PyFloat(value.re)) : `${MADE}c${value.re},${value.im}`
  if (value instanceof PyMethod) return `${MADE}m${encode(m, value.self) as string},${encode(m, value.callee) as string}`
  if (value instanceof PyInstance) {
    const hash = m.lookup(value.cls, '__hash__')
    if (hash === null) m.raise('TypeError', `unhashable type: '${value.cls.name}'`)
    // A hash of its own that is written in TypeScript, as torch.device has; that of object is the identity.
    const native = value.cls.attrs.get('__hash__')
    if (native instanceof NativeFunction && value.cls.mro.length > 1) return customKey(m, value, native)
  }
  return value
}

function textKey(m: Interpreter, kind: string, items: readonly Value[]): string | Unknown {
  let text = `${MADE}${kind}`
  for (const item of items) {
    const part = encode(m, item)
    if (part instanceof Unknown) return part
    text += `${part},`
  }
  m.spend(1 + (text.length >> 6))
  m.checkSize('characters', text.length)
  return text
}

function encode(m: Interpreter, value: Value): string | Unknown {
  const key = keyOf(m, value)
  if (key instanceof Unknown) return key
  if (key === null) return 'N'
  if (typeof key === 'string') return `s${key.length}:${key}`
  if (typeof key === 'object') return `#${identityOf(key)}`
  return `n${key}`
}

/** Objects with a `__hash__` written in Python, by hash; equal ones share a key. */
const customs = new WeakMap<Interpreter, Map<string, Value[]>>()

function customKey(m: Interpreter, value: PyObject, hash: Value): DictKey | Unknown {
  const result = m.call(hash, [value])
  // Only a hash that nobody can know stands for itself; equality decides.
  if (result instanceof Unknown && !(result instanceof UnknownHash)) return result
  let table = customs.get(m)
  if (table === undefined) { table = new Map(); customs.set(m, table) }
  const name = `${MADE}h${result instanceof UnknownHash ? `u${result.bucket}` : String(result)}`
  const bucket = table.get(name)
  if (bucket === undefined) { table.set(name, [value]); return `${name}:0` }
  for (const [i, other] of bucket.entries()) {
    if (other === value) return `${name}:${i}`
    const same = m.equals(value, other)
    if (same instanceof Unknown) return same
    if (same) return `${name}:${i}`
  }
  return `${name}:${bucket.push(value) - 1}`
}

const HASH_MODULUS = (1n << 61n) - 1n

/** A hash that differs from run to run. Equal values have it in common, so that it still finds a key's place. */
export class UnknownHash extends Unknown {
  declare readonly bucket: number
  constructor(bucket: number, origin: Origin | undefined) {
    super('a hash of this differs from run to run', origin)
    this.bucket = bucket
  }
}

/** `hash(value)`. Of numbers as CPython's; of strings and objects, which differ from run to run there, not known. */
export function hashOf(m: Interpreter, value: Value): Value {
  const key = keyOf(m, value)
  if (key instanceof Unknown) return key
  if ((typeof key === 'number' && Number.isInteger(key)) || typeof key === 'bigint') {
    const big = BigInt(key)
    const rest = (big < 0n ? -big : big) % HASH_MODULUS
    const signed = big < 0n ? -rest : rest
    return Number.isSafeInteger(Number(signed)) ? (signed === -1n ? -2 : Number(signed)) : signed
  }
  if (typeof key === 'string' && key.startsWith(`${MADE}h`) && /^-?\d/.test(key.slice(2))) return Number(/-?\d+/.exec(key)?.[0] ?? 0)
  const text = key === null ? 'None' : typeof key === 'object' ? `#${identityOf(key)}` : `${typeof key}${key}`
  let hash = 0x811c9dc5
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193)
  return new UnknownHash(hash >>> 0, m.here())
}
