/** Listens to the machine: collects globals, what is done with them, storages and pickles hidden in strings, and asks the judge. */

import { encodeUtf8 } from './bytes.ts'
import type { Reader } from './bytes.ts'
import { dangerOf } from './dangerous-globals.ts'
import type { DangerousGlobal, GlobalUse } from './dangerous-globals.ts'
import * as limits from './limits.ts'
import { PickleInput } from './pickle-input.ts'
import type { PickleEvents } from './pickle-events.ts'
import type { PickleResult } from './pickle-machine.ts'
import { runPickle } from './pickle-machine.ts'
import { isCall, isGlobal, isTuple, storageOfPersistent } from './tensor-values.ts'
import type { StorageRecord } from './storage-record.ts'
import type { PyBytes, PyGlobal, PyPersistent, StorageId, Value } from './values.ts'
import type { WeightsOnlyJudge } from './weights-only.ts'

/** What all pickles of a file name, in the order in which they name it. */
export class GlobalsSeen {
  readonly uses = new Map<string, GlobalUse>()
  /** Dangers that are no mere name: what is done to a global, a call of what a call returned. */
  readonly acts = new Map<string, string>()
  nested = 0

  note(global: PyGlobal): GlobalUse | undefined {
    let use = this.uses.get(global.path)
    if (use === undefined) {
      if (this.uses.size >= limits.globals) return undefined
      use = { global, called: false, built: false, lookedUp: false }
      this.uses.set(global.path, use)
    }
    return use
  }

  names(): string[] {
    return [...this.uses.keys()]
  }

  dangers(): DangerousGlobal[] {
    const dangers: DangerousGlobal[] = []
    for (const [name, use] of this.uses) {
      const why = dangerOf(use) ?? this.acts.get(name)
      if (why !== undefined) dangers.push({ name, why })
    }
    for (const [name, why] of this.acts) if (!this.uses.has(name)) dangers.push({ name, why })
    return dangers
  }
}

const nothingWatched = new Uint8Array(256)

export interface ScanOptions {
  /** Pickles around this one. */
  readonly depth?: number
  /** Where long strings of the pickle can be read. */
  readonly reader?: Reader | undefined
  readonly usualTensors?: PickleEvents['usualTensors']
}

/** Events of one pickle. `judge` is null for pickles that torch does not read. */
export class PickleScan implements PickleEvents {
  /** What persistent ids name, in the order of the file: storages as they were read, or ids still to be read. */
  readonly persistentIds: (PyPersistent | StorageRecord)[] = []
  readonly usualTensors: PickleEvents['usualTensors']
  readonly watched: Uint8Array
  private readonly seen: GlobalsSeen
  private readonly judge: WeightsOnlyJudge | null
  private readonly depth: number
  private readonly reader: Reader | undefined
  /** Storages that stand inside strings, and where their first byte is; undefined in text, whose bytes are not those of the storage. */
  readonly inside: { readonly storage: StorageId, readonly start: number | undefined }[] = []

  constructor(seen: GlobalsSeen, judge: WeightsOnlyJudge | null, { depth = 0, reader, usualTensors = 'none' }: ScanOptions = {}) {
    this.usualTensors = usualTensors
    this.seen = seen
    this.judge = judge
    this.watched = judge?.watched ?? nothingWatched
    this.depth = depth
    this.reader = reader
  }

  opcode(code: number): void {
    this.judge?.opcode(code)
  }

  protocol(version: number): void {
    this.judge?.protocolIs(version)
  }

  global(value: PyGlobal, how: 'global' | 'stack-global' | 'inst'): void {
    this.seen.note(value)
    this.judge?.global(value, how)
  }

  call(callee: Value, args: Value, how: 'reduce' | 'newobj' | 'newobj-ex' | 'obj' | 'inst', at: number): StorageId | undefined {
    this.judge?.call(callee, args, how)
    if (!isGlobal(callee)) {
      this.seen.acts.set('<computed>', 'something that another call returned is called while the file loads')
      return undefined
    }
    this.noteUse(callee, args, how)
    if (callee.path !== 'torch.storage._load_from_bytes') return undefined
    const storage = this.storageInside(args, at)
    if (storage === undefined && this.couldBeRead(args)) this.seen.acts.set(callee.path, 'it loads a pickle inside a string that is no storage as torch writes them')
    return storage
  }

  /** False when the string is too long to be kept and there is no file to read it from. */
  private couldBeRead(args: Value): boolean {
    const content = isTuple(args) ? args.items[0] : undefined
    return typeof content !== 'object' || (content?.kind !== 'long-text' && (content?.kind !== 'bytes' || content.data !== undefined || this.reader !== undefined))
  }

  extension(): void {
    this.seen.acts.set('<extension>', 'a name is looked up in the registry of extension codes while the file loads')
  }

  private noteUse(callee: PyGlobal, args: Value, how: string): void {
    const use = this.seen.uses.get(callee.path)
    if (use === undefined) return
    if (isPlainLookup(callee, args)) use.lookedUp = true
    else if (how === 'newobj' || how === 'newobj-ex') use.built = true
    else use.called = true
  }

  /** `_load_from_bytes(b'...')`: a legacy checkpoint of one storage inside a string, as `pickle` writes tensors. */
  private storageInside(args: Value, at: number): StorageId | undefined {
    const given = isTuple(args) ? args.items[0] : undefined
    const content = encodedBytes(given, at) ?? given
    if (typeof content !== 'object' || content?.kind !== 'bytes' || this.depth >= limits.nestedDepth) return undefined
    const input = content.data ? PickleInput.inMemory(content.data, content.at) : this.reader && PickleInput.inFile(this.reader, content.at, content.at + content.length)
    if (input === undefined) return undefined
    let storage: StorageId | undefined
    for (let index = 0; index < 5; index++) {
      const result = runPickle(input, new PickleScan(this.seen, null, { depth: this.depth + 1, reader: this.reader, usualTensors: 'legacy' }))
      if (result.value === undefined) return undefined
      if (index === 3) storage = storageOfPersistent(result.value)
    }
    if (storage === undefined || input.left !== 8 + storage.bytes) return undefined
    const found = { ...storage, key: `inside-${String(at)}` }
    this.inside.push({ storage: found, start: content === given ? input.offset + 8 : undefined })
    return found
  }

  private lastCallee: PyGlobal | undefined
  private lastHooks: PyGlobal | undefined

  tensor(callee: PyGlobal, hooks: PyGlobal): void {
    // Thousands of tensors name the same two: what the first said holds for all.
    if (callee === this.lastCallee && hooks === this.lastHooks) return
    this.lastCallee = callee
    this.lastHooks = hooks
    for (const global of [callee, hooks]) {
      const use = this.seen.uses.get(global.path)
      if (use) use.called = true
    }
    this.judge?.usualTensor(callee, hooks)
  }

  storage(record: StorageRecord): void {
    this.persistentIds.push(record)
  }

  build(target: Value, state: Value): void {
    this.judge?.build(target, state)
    if (isGlobal(target)) this.seen.acts.set(target.path, 'attributes of the module or class itself are changed while the file loads')
  }

  append(target: Value): void {
    this.judge?.append(target)
    if (isGlobal(target)) this.seen.acts.set(target.path, 'a global object itself is changed while the file loads')
  }

  setItems(target: Value): void {
    this.judge?.setItems(target)
    if (isGlobal(target)) this.seen.acts.set(target.path, 'a global object itself is changed while the file loads')
  }

  persistent(value: PyPersistent): void {
    this.persistentIds.push(value)
    this.judge?.persistent(value.id)
  }

  text(value: string | Uint8Array, at: number): void {
    if (this.depth >= limits.nestedDepth || this.seen.nested >= limits.nestedPickles || value.length < 12) return
    const payload = nestedPickle(value)
    if (payload === undefined) return
    this.seen.nested += 1
    scanAll(PickleInput.inMemory(payload, at), this.seen, this.depth + 1)
  }
}

/**
 * `getattr(Class, 'name')` with a harmless class and a public name, or `type(value)`: how Python pickles methods, enum
 * members and the types without a name. Calling the result is another matter.
 */
function isPlainLookup(callee: PyGlobal, args: Value): boolean {
  if (callee.path === 'builtins.type') return isTuple(args) && args.items.length === 1
  if (callee.path !== 'builtins.getattr' || !isTuple(args) || args.items.length !== 2) return false
  const [owner, name] = args.items
  return isGlobal(owner) && /^[^\W\d_]\w*$/u.test(owner.name.replace(/^_+/, '')) && typeof name === 'string' && !name.startsWith('_') && isHarmlessOwner(owner)
}

function isHarmlessOwner(owner: PyGlobal): boolean {
  return dangerOf({ global: owner, called: false, built: false, lookedUp: false }) === undefined && /^_*\p{Lu}/u.test(owner.name)
}

/** `_codecs.encode(text, 'latin1')`: how protocols 0 to 2 write bytes. */
function encodedBytes(value: Value | undefined, at: number): PyBytes | undefined {
  if (!isCall(value) || !isGlobal(value.callee) || value.callee.path !== '_codecs.encode' || !isTuple(value.args)) return undefined
  const [text, codec] = value.args.items
  if (typeof text !== 'string' || codec !== 'latin1') return undefined
  return { kind: 'bytes', data: Uint8Array.from(text, (letter) => letter.charCodeAt(0) & 0xff), length: text.length, at, mutable: false }
}

/** Reads every pickle that stands in the stream, one after the other, only for what they name. */
export function scanAll(input: PickleInput, seen: GlobalsSeen, depth = 0): PickleResult | undefined {
  let first: PickleResult | undefined
  for (let count = 0; count < limits.stackedPickles && input.left > 0; count++) {
    const result = runPickle(input, new PickleScan(seen, null, { depth }))
    first ??= result
    if (result.error) break
  }
  return first
}

/** A string that is itself a pickle, plain or in base64 or hexadecimal, as loaders hide their second stage. */
function nestedPickle(value: string | Uint8Array): Uint8Array | undefined {
  if (typeof value !== 'string') {
    if (looksLikePickle(value)) return value
    if (value[0] !== 0x67 && value[0] !== 0x38) return undefined
    return value.every((byte) => byte < 128) ? decode(String.fromCharCode(...value.subarray(0, 60_000))) : undefined
  }
  if (value.charCodeAt(0) === 0x80) {
    const bytes = Uint8Array.from(value, (character) => character.charCodeAt(0) & 0xff)
    return looksLikePickle(bytes) ? bytes : undefined
  }
  if (value.startsWith('c') && /^c[\w.]+\n[\w.]+\n/.test(value.slice(0, 200))) return encodeUtf8(value)
  return value.startsWith('gA') || value.startsWith('8') ? decode(value) : undefined
}

function looksLikePickle(bytes: Uint8Array): boolean {
  return (bytes[0] === 0x80 && bytes[1]! >= 1 && bytes[1]! <= 5) || (bytes[0] === 0x63 && bytes.length < limits.stringBytes && /^c[\w.]+\n[\w.]+\n/.test(String.fromCharCode(...bytes.subarray(0, 200))))
}

const alphabet = new Map(Array.from('ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/', (letter, index) => [letter, index]))

function decode(text: string): Uint8Array | undefined {
  if (/^(?:80|8\d)[0-9a-fA-F]+$/.test(text) && text.length % 2 === 0) {
    const bytes = new Uint8Array(text.length / 2)
    for (let index = 0; index < bytes.length; index++) bytes[index] = Number.parseInt(text.slice(index * 2, index * 2 + 2), 16)
    return looksLikePickle(bytes) ? bytes : undefined
  }
  const bytes: number[] = []
  let bits = 0
  let held = 0
  for (const letter of text) {
    if (letter === '=' || letter === '\n') continue
    const value = alphabet.get(letter === '-' ? '+' : letter === '_' ? '/' : letter)
    if (value === undefined) return undefined
    bits = (bits << 6) | value
    held += 6
    if (held >= 8) {
      held -= 8
      bytes.push((bits >> held) & 0xff)
      bits &= (1 << held) - 1
    }
  }
  const data = Uint8Array.from(bytes)
  return looksLikePickle(data) ? data : undefined
}
