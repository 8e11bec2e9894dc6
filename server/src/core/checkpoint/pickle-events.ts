/** What the pickle machine tells those who watch it run: scans, the judge of weights_only. */

import type { StorageRecord } from './storage-record.ts'
import type { PyGlobal, PyPersistent, StorageId, Value } from './values.ts'

/** What a pickle does that is worth knowing besides what it builds. */
export interface PickleEvents {
  /** Opcodes of which `opcode` is told: 1 for each of those. */
  readonly watched: Uint8Array
  opcode(code: number): void
  protocol(version: number): void
  global(value: PyGlobal, how: 'global' | 'stack-global' | 'inst'): void
  /** A call; the storage that it loads, where it loads one from a string. */
  call(callee: Value, args: Value, how: 'reduce' | 'newobj' | 'newobj-ex' | 'obj' | 'inst', at: number): StorageId | undefined
  build(target: Value, state: Value, at: number): void
  append(target: Value, at: number): void
  setItems(target: Value, at: number): void
  persistent(value: PyPersistent): void
  /** A name from the registry of extension codes, which no file can hold: the pickle breaks off. */
  extension(code: number): void
  /** A tensor written the usual way: calls of `callee` and of the class of its hooks, with arguments that both take. */
  tensor(callee: PyGlobal, hooks: PyGlobal): void
  /** The first such tensor on a storage. */
  storage(record: StorageRecord): void
  /** In which form tensors are looked for and read at once: with storage ids of five members, or of six as legacy streams have them; in none, every opcode is followed. */
  readonly usualTensors: 'zip' | 'legacy' | 'none'
  /** A string or bytes that is kept; `at` is the file offset of its content. */
  text(value: string | Uint8Array, at: number): void
}
