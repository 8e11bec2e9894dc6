/**
 * Runs the opcodes of one pickle over symbols, protocols 0 to 5: GLOBAL gives a name, REDUCE a record. It calls
 * nothing, imports nothing and follows no reference; explicit stacks and budgets bound what any input can cost.
 */

import { f64BigEndian, i32, u16, u32, u64, utf8 } from './bytes.ts'
import * as limits from './limits.ts'
import { appendItems, setPairs, setState } from './pickle-changes.ts'
import type { PickleEvents } from './pickle-events.ts'
import type { PickleInput } from './pickle-input.ts'
import { decimal, floatLine, littleEndian, quotedText, unicodeText } from './pickle-literals.ts'
import { PickleMemo } from './pickle-memo.ts'
import { Broken, take, takeByte, takeIndex, takeLength, takeLine } from './pickle-operands.ts'
import { plainObject } from './plain-objects.ts'
import { resolveName } from './python-names.ts'
import { idiomBytes, TensorIdiom } from './tensor-idiom.ts'
import type { PyCall, PyGlobal, PyPersistent, PyTuple, Value } from './values.ts'
import { dict } from './values.ts'

export interface PickleResult {
  /** What STOP returned; undefined when the pickle broke off. */
  readonly value: Value | undefined
  readonly error: { readonly message: string, readonly at: number } | undefined
  /** True when the error is a budget of ours, not a fault of the file. */
  readonly overBudget: boolean
  readonly opcodes: number
}

const emptyTuple: PyTuple = { kind: 'tuple', items: [] }

/** Reads one pickle from the input's position up to and including its STOP. */
export function runPickle(input: PickleInput, events: PickleEvents): PickleResult {
  const machine = new Machine(input, events)
  try {
    return { value: machine.run(), error: undefined, overBudget: false, opcodes: machine.opcodes }
  } catch (error) {
    if (!(error instanceof Broken)) throw error
    return { value: undefined, error: { message: error.message, at: machine.at }, overBudget: error.budget, opcodes: machine.opcodes }
  }
}

class Machine {
  opcodes = 0
  at = 0
  private readonly input: PickleInput
  private readonly events: PickleEvents
  private readonly stack: Value[] = []
  private readonly marks: number[] = []
  private fence = 0
  private readonly memo = new PickleMemo()
  private readonly globals = new Map<string, PyGlobal>()
  private weight = 0
  private protocol = 0
  private idiom: TensorIdiom | undefined
  /** The global that rebuilds plain tensors, once the pickle names it. */
  private rebuild: PyGlobal | undefined

  constructor(input: PickleInput, events: PickleEvents) {
    this.input = input
    this.events = events
  }

  run(): Value {
    const { input, events, stack } = this
    const { watched } = events
    const { pickleOpcodes, pickleWeight, stackWeight } = limits
    for (;;) {
      if (input.position + 9 > input.buffer.length && !input.ensure(9) && !input.ensure(1)) {
        this.at = input.offset
        throw new Broken('the pickle ends before its STOP')
      }
      this.at = input.base + input.position
      const code = input.buffer[input.position++]!
      this.opcodes += 1
      if (this.opcodes > pickleOpcodes) throw new Broken(`more than ${String(pickleOpcodes)} opcodes`, true)
      if (this.weight + stack.length * stackWeight > pickleWeight) throw new Broken('the pickle holds more than this reader keeps in memory', true)
      if (watched[code] === 1) events.opcode(code)
      switch (code) {
        case 0x71: this.put(takeByte(input)); break // BINPUT
        case 0x72: this.put(u32(input.buffer, take(input, 4))); break // LONG_BINPUT
        case 0x94: this.put(this.memo.size); break // MEMOIZE
        case 0x68: stack.push(this.get(takeByte(input))); break // BINGET
        case 0x6a: stack.push(this.get(u32(input.buffer, take(input, 4)))); break // LONG_BINGET
        case 0x58: this.text(u32(input.buffer, take(input, 4)), 'utf8'); break // BINUNICODE
        case 0x8c: this.text(takeByte(input), 'utf8'); break // SHORT_BINUNICODE
        case 0x8d: this.text(u64(input.buffer, take(input, 8)), 'utf8'); break // BINUNICODE8
        case 0x4b: stack.push(takeByte(input)); break // BININT1
        case 0x4d: stack.push(u16(input.buffer, take(input, 2))); break // BININT2
        case 0x4a: stack.push(i32(input.buffer, take(input, 4))); break // BININT
        case 0x28: // MARK
          if (this.rebuild !== undefined && stack[stack.length - 1] === this.rebuild && this.usualTensor(this.rebuild)) break
          this.marks.push(stack.length)
          this.fence = stack.length
          this.weight += stackWeight
          break
        case 0x74: this.tuple(this.popMark()); break // TUPLE
        case 0x29: stack.push(emptyTuple); break // EMPTY_TUPLE
        case 0x85: this.tuple([this.pop()]); break // TUPLE1
        case 0x86: this.tuple(this.popMany(2)); break // TUPLE2
        case 0x87: this.tuple(this.popMany(3)); break // TUPLE3
        case 0x51: this.persistent(this.pop()); break // BINPERSID
        case 0x50: this.persistent(takeLine(input)); break // PERSID
        case 0x63: stack.push(this.global(takeLine(input), takeLine(input), 'global')); break // GLOBAL
        case 0x93: this.stackGlobal(); break // STACK_GLOBAL
        case 0x52: { // REDUCE
          const args = this.pop()
          this.call(this.pop(), args, 'reduce')
          break
        }
        case 0x81: { // NEWOBJ
          const args = this.pop()
          this.call(this.pop(), args, 'newobj')
          break
        }
        case 0x92: { // NEWOBJ_EX
          const kwargs = this.pop()
          const args = this.pop()
          this.call(this.pop(), args, 'newobj-ex', kwargs)
          break
        }
        case 0x6f: { // OBJ
          const items = this.popMark()
          const callee = items.shift()
          if (callee === undefined) throw new Broken('OBJ without a class')
          this.call(callee, this.newTuple(items), 'obj')
          break
        }
        case 0x69: { // INST
          const callee = this.global(takeLine(input), takeLine(input), 'inst')
          this.call(callee, this.newTuple(this.popMark()), 'inst')
          break
        }
        case 0x62: this.build(); break // BUILD
        case 0x4e: stack.push(null); break // NONE
        case 0x88: stack.push(true); break // NEWTRUE
        case 0x89: stack.push(false); break // NEWFALSE
        case 0x47: this.push({ kind: 'float', value: f64BigEndian(input.buffer, take(input, 8)) }, 32); break // BINFLOAT
        case 0x7d: this.push(dict('dict'), 80); break // EMPTY_DICT
        case 0x5d: this.push({ kind: 'list', items: [] }, 80); break // EMPTY_LIST
        case 0x8f: this.push({ kind: 'set', frozen: false, items: [] }, 80); break // EMPTY_SET
        case 0x61: { // APPEND
          const item = this.pop()
          this.append(this.top(), [item])
          break
        }
        case 0x65: { // APPENDS
          const items = this.popMark()
          this.append(this.top(), items)
          break
        }
        case 0x73: { // SETITEM
          const pair = this.popMany(2)
          this.setItems(this.top(), pair)
          break
        }
        case 0x75: { // SETITEMS
          const pairs = this.popMark()
          this.setItems(this.top(), pairs)
          break
        }
        case 0x90: { // ADDITEMS
          const items = this.popMark()
          this.append(this.top(), items)
          break
        }
        case 0x91: { // FROZENSET
          const items = this.popMark()
          this.push({ kind: 'set', frozen: true, items }, 80 + items.length * 8)
          break
        }
        case 0x6c: { // LIST
          const items = this.popMark()
          this.push({ kind: 'list', items }, 80 + items.length * 8)
          break
        }
        case 0x64: { // DICT
          const pairs = this.popMark()
          const made = dict('dict')
          this.push(made, 80)
          this.setItems(made, pairs)
          break
        }
        case 0x55: this.text(takeByte(input), 'string'); break // SHORT_BINSTRING
        case 0x54: this.text(takeLength(input), 'string'); break // BINSTRING
        case 0x43: this.text(takeByte(input), 'bytes'); break // SHORT_BINBYTES
        case 0x42: this.text(u32(input.buffer, take(input, 4)), 'bytes'); break // BINBYTES
        case 0x8e: this.text(u64(input.buffer, take(input, 8)), 'bytes'); break // BINBYTES8
        case 0x96: this.text(u64(input.buffer, take(input, 8)), 'bytearray'); break // BYTEARRAY8
        case 0x8a: this.long(takeByte(input)); break // LONG1
        case 0x8b: this.long(takeLength(input)); break // LONG4
        case 0x49: this.integerLine(); break // INT
        case 0x4c: stack.push(decimal(takeLine(input).replace(/L$/, ''))); break // LONG
        case 0x46: this.push({ kind: 'float', value: floatLine(takeLine(input)) }, 32); break // FLOAT
        case 0x53: this.pushText(quotedText(takeLine(input))); break // STRING
        case 0x56: this.pushText(unicodeText(takeLine(input, 'latin1'))); break // UNICODE
        case 0x67: stack.push(this.get(takeIndex(input))); break // GET
        case 0x70: this.put(takeIndex(input)); break // PUT
        case 0x30: // POP
          if (stack.length > this.fence) stack.pop()
          else this.popMark()
          break
        case 0x31: this.popMark(); break // POP_MARK
        case 0x32: stack.push(this.top()); this.weight += 8; break // DUP
        case 0x80: // PROTO
          this.protocol = takeByte(input)
          events.protocol(this.protocol)
          if (this.protocol > 5) throw new Broken(`unknown pickle protocol ${String(this.protocol)}`)
          break
        case 0x95: // FRAME
          // Readers differ on frames that pass the end of the pickle; none of them lets a frame hide an opcode.
          take(input, 8)
          break
        case 0x2e: return this.pop() // STOP
        case 0x82: return this.extension(takeByte(input)) // EXT1
        case 0x83: return this.extension(u16(input.buffer, take(input, 2))) // EXT2
        case 0x84: return this.extension(i32(input.buffer, take(input, 4))) // EXT4
        case 0x97: throw new Broken('a buffer is expected from outside the pickle') // NEXT_BUFFER
        case 0x98: this.top(); break // READONLY_BUFFER
        default: throw new Broken(`0x${code.toString(16).padStart(2, '0')} is no pickle opcode`)
      }
    }
  }

  /** Reads a whole tensor at once where it is written the usual way; false, and nothing done, where it is not. */
  private usualTensor(callee: PyGlobal): boolean {
    const { input, events, stack } = this
    const idiom = this.idiom ??= new TensorIdiom(events.usualTensors === 'legacy')
    if (stack.length <= this.fence) return false
    if (input.position + idiomBytes > input.buffer.length) input.ensure(Math.min(idiomBytes, input.left))
    const tensor = idiom.read(input.buffer, input.position, this.memo, callee, this.at)
    if (tensor === undefined) return false
    input.position = idiom.end
    this.opcodes += idiom.opcodes
    stack[stack.length - 1] = tensor
    this.weight += limits.tensorWeight
    events.tensor(callee, idiom.hooksClass)
    if (idiom.isNewStorage) {
      this.weight += limits.storageWeight
      events.storage(tensor.storage)
    }
    return true
  }

  private extension(code: number): never {
    this.events.extension(code)
    throw new Broken(`extension code ${String(code)} is registered nowhere`)
  }

  private push(value: Value, weight: number): void {
    this.stack.push(value)
    this.weight += weight
  }

  private pop(): Value {
    if (this.stack.length <= this.fence) throw new Broken('the stack is empty')
    return this.stack.pop()!
  }

  private top(): Value {
    if (this.stack.length <= this.fence) throw new Broken('the stack is empty')
    return this.stack[this.stack.length - 1]!
  }

  private popMany(count: number): Value[] {
    if (this.stack.length - count < this.fence) throw new Broken('the stack is empty')
    return this.stack.splice(this.stack.length - count, count)
  }

  private popMark(): Value[] {
    const mark = this.marks.pop()
    if (mark === undefined) throw new Broken('there is no MARK')
    this.fence = this.marks.at(-1) ?? 0
    return this.stack.splice(mark)
  }

  private text(length: number, how: 'utf8' | 'string' | 'bytes' | 'bytearray'): void {
    const { input } = this
    if (length > input.left) throw new Broken(`a string of ${String(length)} bytes passes the end of the pickle`)
    const at = input.offset
    if (length > limits.stringBytes) {
      input.skip(length)
      this.push(how === 'utf8' || how === 'string' ? { kind: 'long-text', length, at } : { kind: 'bytes', data: undefined, length, at, mutable: how === 'bytearray' }, 64)
      return
    }
    if (!input.ensure(length)) throw new Broken('the file cannot be read any further')
    const start = input.position
    input.position += length
    if (how === 'bytes' || how === 'bytearray') {
      const data = input.buffer.slice(start, start + length)
      this.push({ kind: 'bytes', data, length, at, mutable: how === 'bytearray' }, 200 + length)
      this.events.text(data, at)
      return
    }
    const text = utf8(input.buffer, start, start + length)
    if (text === undefined) throw new Broken('a string is not UTF-8')
    this.stack.push(text)
    this.weight += 24 + length
    this.events.text(text, at)
  }

  private pushText(text: string): void {
    this.stack.push(text)
    this.weight += 24 + text.length
    this.events.text(text, this.at)
  }

  private integerLine(): void {
    const text = takeLine(this.input)
    this.stack.push(text === '00' ? false : text === '01' ? true : decimal(text))
    this.weight += 8 + text.length
  }

  private long(length: number): void {
    const { input } = this
    if (length > input.left) throw new Broken('an integer passes the end of the pickle')
    if (length > limits.integerDigits) {
      input.skip(length)
      this.push({ kind: 'long-text', length, at: this.at }, 64)
      return
    }
    if (!input.ensure(length)) throw new Broken('the file cannot be read any further')
    const start = input.position
    input.position += length
    this.stack.push(littleEndian(input.buffer, start, length))
    this.weight += 16 + length
  }

  private put(index: number): void {
    this.weight += this.memo.put(index, this.top()) ? 48 : limits.memoWeight
  }

  private get(index: number): Value {
    const value = this.memo.get(index)
    if (value === undefined) throw new Broken(`memo ${String(index)} holds nothing`)
    this.weight += 8
    return value
  }

  private newTuple(items: Value[]): PyTuple {
    this.weight += 88 + items.length * 8
    return items.length === 0 ? emptyTuple : { kind: 'tuple', items }
  }

  private tuple(items: Value[]): void {
    this.stack.push(this.newTuple(items))
  }

  private persistent(id: Value): void {
    // A legacy whole-module pickle keeps ('module', class, file, source) in the place of the class.
    if (typeof id === 'object' && id?.kind === 'tuple' && id.items[0] === 'module' && id.items[1] !== undefined) {
      this.events.persistent({ kind: 'persistent', id, at: this.at, storage: null })
      this.stack.push(id.items[1])
      return
    }
    const value: PyPersistent = { kind: 'persistent', id, at: this.at, storage: undefined }
    this.events.persistent(value)
    this.push(value, 48)
  }

  private global(module: string, name: string, how: 'global' | 'stack-global' | 'inst'): PyGlobal {
    const key = `${module}\n${name}`
    let value = this.globals.get(key)
    if (value === undefined) {
      if (this.globals.size >= limits.globals) throw new Broken(`more than ${String(limits.globals)} globals`, true)
      const moved = resolveName(module, name)
      value = { kind: 'global', module: moved.module, name: moved.name, path: `${moved.module}.${moved.name}`, original: `${module}.${name}`, at: this.at }
      this.globals.set(key, value)
      if (value.path === 'torch._utils._rebuild_tensor_v2' && this.events.usualTensors !== 'none') this.rebuild = value
      this.weight += 200 + key.length * 4
    }
    this.events.global(value, how)
    return value
  }

  private stackGlobal(): void {
    const name = this.pop()
    const module = this.pop()
    if (typeof name === 'string' && typeof module === 'string') {
      this.stack.push(this.global(module, name, 'stack-global'))
      return
    }
    if (isComputed(name) || isComputed(module)) {
      // What a call returns decides which global this is: nobody can tell without running it.
      const part = (value: Value): string => typeof value === 'string' ? value : '<computed>'
      this.stack.push(this.global(part(module), part(name), 'stack-global'))
      return
    }
    throw new Broken('STACK_GLOBAL wants two strings')
  }

  private call(callee: Value, args: Value, how: 'reduce' | 'newobj' | 'newobj-ex' | 'obj' | 'inst', kwargs: Value = null): void {
    const loaded = this.events.call(callee, args, how, this.at)
    const made = how === 'obj' || how === 'inst' || how === 'newobj-ex' ? undefined : plainObject(callee, args)
    if (made !== undefined) {
      this.push(made, 96)
      return
    }
    if (how === 'newobj-ex' && kwargs !== null && typeof kwargs !== 'object') throw new Broken('NEWOBJ_EX wants a dict')
    const call: PyCall = { kind: 'call', how: how === 'newobj' || how === 'newobj-ex' ? 'newobj' : 'reduce', callee, args, at: this.at, state: undefined, items: undefined, entries: undefined, tensor: undefined, loaded }
    this.push(call, typeof callee === 'object' && callee?.kind === 'global' && callee.module === 'torch._utils' ? limits.rebuildWeight : 128)
  }

  private build(): void {
    const state = this.pop()
    const target = this.top()
    this.events.build(target, state, this.at)
    this.weight += setState(target, state)
  }

  private append(target: Value, items: Value[]): void {
    this.events.append(target, this.at)
    this.weight += appendItems(target, items)
  }

  private setItems(target: Value, pairs: Value[]): void {
    this.events.setItems(target, this.at)
    this.weight += setPairs(target, pairs)
  }
}

function isComputed(value: Value): boolean {
  return typeof value === 'object' && value !== null && (value.kind === 'call' || value.kind === 'persistent' || value.kind === 'global')
}
