/**
 * Writes the object of a checkpoint again without what is left out: the same containers and keys, kept tensors on their
 * new storages, plain values as they were. What is no plain value and on no allow-list of torch is left out and reported.
 */

import type { Content } from './content.ts'
import { elementBytes, storageClassOf } from './dtypes.ts'
import * as limits from './limits.ts'
import { PickleWriter } from './pickle-writer.ts'
import { isOptimizerState, roleOfKey } from './roles.ts'
import { TensorCall } from './tensor-call.ts'
import { isCall, isDict, isGlobal, isTuple } from './tensor-values.ts'
import { newestAllowed } from './torch-release.ts'
import { keyText } from './values.ts'
import type { PyCall, PyDict, TensorValue, Value } from './values.ts'
import type { NamedTensor } from './walk.ts'

/** A tensor on its new storage. */
export interface Placed {
  readonly storage: string
  readonly dtype: string
  readonly offset: number
  readonly stride: readonly number[]
  readonly count: number
}

export interface SlimPickle {
  readonly data: Uint8Array
  /** Values that were left out, with the reason. */
  readonly left: readonly { readonly name: string, readonly why: string }[]
}

/** `inside` is true within a composite tensor, where everything belongs to it. */
type Task = { readonly value: Value, readonly name: string, readonly inside?: boolean } | { readonly run: () => void }

/** Keys of training state without tensors that an inference file has no use for. */
const trainingState = /^(lr_schedulers?|scheduler(_state_dict)?|callbacks|loops|scaler|grad_scaler|amp|rng_states?|random_state|cuda_rng_state\w*)$/

export function writeSlimPickle(content: Content, kept: readonly NamedTensor[], placed: ReadonlyMap<TensorValue, Placed>, keyOf: (key: string) => string): SlimPickle | string {
  const writer = new Slimmer(placed, keyOf, kept)
  return content.root === undefined ? writer.flat(kept) : writer.nested(content.root)
}

class Slimmer {
  private readonly out = new PickleWriter()
  private readonly left: { name: string, why: string }[] = []
  private readonly placed: ReadonlyMap<TensorValue, Placed>
  private readonly keyOf: (key: string) => string
  private readonly keptNames = new Set<string>()
  private readonly keptTensors = new Set<TensorValue>()
  /** Every beginning of a kept tensor's name: containers on the way to one. */
  private readonly ways = new Set<string>()
  private readonly plainness = new Map<object, boolean>()
  private visits = 0
  private refusal: string | undefined

  constructor(placed: ReadonlyMap<TensorValue, Placed>, keyOf: (key: string) => string, kept: readonly NamedTensor[]) {
    this.placed = placed
    this.keyOf = keyOf
    for (const { name, tensor } of kept) {
      this.keptNames.add(name)
      this.keptTensors.add(tensor)
      for (let dot = name.indexOf('.'); dot >= 0; dot = name.indexOf('.', dot + 1)) this.ways.add(name.slice(0, dot))
    }
  }

  /** Formats without a pickle: an OrderedDict of names. */
  flat(kept: readonly NamedTensor[]): SlimPickle {
    const { out } = this
    out.global('collections', 'OrderedDict')
    out.opcode(')')
    out.opcode('R')
    out.opcode('(')
    for (const { name, tensor } of kept) {
      out.text(name)
      this.tensor(tensor, undefined)
    }
    out.opcode('u')
    return { data: out.finish(), left: this.left }
  }

  nested(root: Value): SlimPickle | string {
    const tasks: Task[] = [{ value: root, name: '' }]
    for (let task = tasks.pop(); task !== undefined; task = tasks.pop()) {
      this.visits += 1
      if (this.visits > limits.slimmedValues) return 'it holds more values than can be written again'
      if ('run' in task) task.run()
      else this.emit(task.value, task.name, task.inside === true, tasks)
      if (this.refusal !== undefined) return this.refusal
    }
    return { data: this.out.finish(), left: this.left }
  }

  private emit(value: Value, name: string, inside: boolean, tasks: Task[]): void {
    const { out } = this
    const op = (letters: string): Task => ({ run: () => { for (const letter of letters) out.opcode(letter) } })
    if (value === null) out.opcode('N')
    else if (typeof value === 'boolean') out.raw(value ? 0x88 : 0x89)
    else if (typeof value === 'string') out.text(value)
    else if (typeof value !== 'object') out.integer(value)
    else if (value.kind === 'float') out.float(value.value)
    else if (value.kind === 'bytes') this.latin1(value.data ?? new Uint8Array(0), value.mutable)
    else if (value.kind === 'global') {
      if (!newestAllowed.has(value.path)) this.refusal ??= `${name} names ${value.path}, which weights_only does not allow`
      out.global(pythonTwo(value.module), value.name)
    }
    else if (value.kind === 'list') {
      out.opcode(']')
      out.opcode('(')
      tasks.push(op('e'))
      this.items(value.items, name, inside, tasks)
    } else if (value.kind === 'tuple') {
      out.opcode('(')
      tasks.push(op('t'))
      this.items(value.items, name, inside, tasks)
    } else if (value.kind === 'set') {
      out.global('__builtin__', 'set')
      out.opcode(']')
      out.opcode('(')
      tasks.push({ run: () => { out.opcode('e'); out.raw(0x85); out.opcode('R') } })
      this.items(value.items, name, inside, tasks)
    } else if (value.kind === 'dict') this.dict(value, name, inside, tasks)
    else if (value.kind === 'call') this.call(value, name, tasks)
    else this.bareStorage(value, name)
  }

  private items(items: readonly Value[], name: string, inside: boolean, tasks: Task[]): void {
    for (let index = items.length - 1; index >= 0; index--) {
      const item = items[index]!
      const path = join(name, String(index))
      // Positions count in lists, so what is left out leaves None behind.
      const reason = inside ? undefined : this.reasonToLeave(item, path, undefined)
      if (reason !== undefined) this.note(path, reason)
      tasks.push({ value: reason === undefined ? item : null, name: path, inside })
    }
  }

  private dict(value: PyDict, name: string, inside: boolean, tasks: Task[]): void {
    const { out } = this
    const ordered = value.className === 'collections.OrderedDict'
    if (ordered) {
      out.global('collections', 'OrderedDict')
      out.opcode(')')
      out.opcode('R')
    } else if (value.className === 'collections.Counter') {
      out.global('collections', 'Counter')
      out.opcode(')')
      out.opcode('R')
    } else out.opcode('}')
    const { attributes } = value
    if (ordered && attributes !== undefined && isDict(attributes) && this.isPlain(attributes)) {
      tasks.push({ run: () => { out.opcode('b') } }, { value: attributes, name: join(name, '__dict__') })
    }
    out.opcode('(')
    tasks.push({ run: () => { out.opcode('u') } })
    for (let index = value.keys.length - 1; index >= 0; index--) {
      const key = value.keys[index]!
      const item = value.values[index]!
      const path = join(name, keyText(key))
      const reason = inside ? undefined : this.isPlain(key) ? this.reasonToLeave(item, path, keyText(key)) : 'its key is no plain value'
      if (reason !== undefined) {
        this.note(path, reason)
        continue
      }
      tasks.push({ value: item, name: path, inside }, { value: key, name: path })
    }
  }

  private call(value: PyCall, name: string, tasks: Task[]): void {
    const { out } = this
    const tensor = value.tensor
    if (tensor && this.placed.has(tensor)) {
      this.tensor(tensor, value)
      return
    }
    const callee = value.callee
    if (!isGlobal(callee) || !newestAllowed.has(callee.path)) {
      this.refusal ??= `${name === '' ? 'the whole' : name} is built by ${isGlobal(callee) ? callee.path : 'something'} that weights_only does not allow`
      return
    }
    out.global(pythonTwo(callee.module), callee.name)
    tasks.push({ run: () => { out.opcode('R') } }, { value: value.args, name, inside: true })
  }

  /** Undefined when the value is written; else why it is not. */
  private reasonToLeave(item: Value, path: string, key: string | undefined): string | undefined {
    // Two keys may print alike, as 1 and '1' do: the tensor itself tells which of them is kept.
    if (isCall(item) && item.tensor) return this.keptNames.has(path) && this.keptTensors.has(item.tensor) ? undefined : 'its tensors are left out'
    if (this.keptNames.has(path) || this.ways.has(path)) return undefined
    if (key !== undefined && roleOfKey(key) === 'optimizer') return 'optimizer'
    if (key !== undefined && trainingState.test(key)) return 'training state'
    if (isDict(item) && isOptimizerState(item)) return 'optimizer'
    return this.isPlain(item) ? undefined : 'it is no plain value, or holds tensors that are left out'
  }

  private note(name: string, why: string): void {
    if (this.left.length < limits.problems) this.left.push({ name, why })
  }

  /** True when the value and all it holds can be written so that every torch loads it with weights_only. */
  private isPlain(root: Value): boolean {
    const pending: Value[] = [root]
    const seen = new Set<object>()
    for (let value = pending.pop(); value !== undefined; value = pending.pop()) {
      if (typeof value !== 'object' || value === null) continue
      const known = this.plainness.get(value)
      if (known === false) return false
      if (known === true || seen.has(value)) continue
      seen.add(value)
      if (seen.size > limits.walkedValues) return false
      if (!canWrite(value)) {
        this.plainness.set(value, false)
        if (typeof root === 'object' && root !== null) this.plainness.set(root, false)
        return false
      }
      if (value.kind === 'list' || value.kind === 'tuple' || value.kind === 'set') for (const item of value.items) pending.push(item)
      else if (value.kind === 'dict') value.keys.forEach((key, index) => { pending.push(key, value.values[index]!) })
      else if (value.kind === 'call') pending.push(value.args)
    }
    for (const value of seen) this.plainness.set(value, true)
    return true
  }

  private tensor(tensor: TensorValue, call: PyCall | undefined): void {
    const { out } = this
    const own = this.placed.get(tensor)
    if (own === undefined) {
      out.opcode('N')
      return
    }
    if (tensor.parameter) {
      out.global('torch._utils', '_rebuild_parameter')
      out.opcode('(')
    }
    const inner = innerCall(call)
    const quantizer = tensor.quantizer
    const classed = storageClassOf(own.dtype)
    out.global('torch._utils', quantizer !== undefined ? '_rebuild_qtensor' : classed ? '_rebuild_tensor_v2' : '_rebuild_tensor_v3')
    out.opcode('(')
    this.storage(own, tensor.storage?.device ?? 'cpu')
    out.integer(own.offset)
    this.sizes(tensor.shape as readonly number[])
    this.sizes(own.stride)
    if (quantizer !== undefined) this.quantizer(quantizer, tensor)
    out.raw(tensor.requiresGrad && !tensor.parameter ? 0x88 : 0x89)
    this.emptyOrdered()
    if (quantizer === undefined && !classed) out.global('torch', own.dtype)
    const metadata = inner && isTuple(inner.args) ? inner.args.items.find((item) => isDict(item) && item.className === 'dict') : undefined
    if (quantizer === undefined && isDict(metadata)) this.flags(metadata)
    out.opcode('t')
    out.opcode('R')
    if (tensor.parameter) {
      out.raw(tensor.requiresGrad ? 0x88 : 0x89)
      this.emptyOrdered()
      out.opcode('t')
      out.opcode('R')
    }
  }

  /** (scheme, scale, zero point) or (scheme, scales, zero points, axis). */
  private quantizer(value: Value, tensor: TensorValue): void {
    const { out } = this
    out.opcode('(')
    let part = 0
    for (const item of isTuple(value) ? value.items : []) {
      if (isGlobal(item)) out.global(item.module, item.name)
      else if (isCall(item)) {
        const next = tensor.parts[part]
        part += 1
        if (next) this.tensor(next[1], undefined)
        else out.opcode('N')
      } else if (typeof item === 'object' && item?.kind === 'float') out.float(item.value)
      else if (typeof item === 'number') out.integer(item)
      else out.opcode('N')
    }
    out.opcode('t')
  }

  private flags(metadata: PyDict): void {
    const { out } = this
    out.opcode('}')
    metadata.keys.forEach((key, index) => {
      if (typeof key !== 'string') return
      out.text(key)
      out.raw(metadata.values[index] === true ? 0x88 : 0x89)
      out.opcode('s')
    })
  }

  private storage(own: Placed, device: string): void {
    const { out } = this
    const classed = storageClassOf(own.dtype)
    out.opcode('(')
    out.text('storage')
    if (classed) out.global('torch', classed)
    else out.global('torch.storage', 'UntypedStorage')
    out.text(this.keyOf(own.storage))
    out.text(device)
    // Untyped storages count bytes.
    out.integer(classed ? own.count : own.count * (elementBytes(own.dtype) ?? 1))
    out.opcode('t')
    out.opcode('Q')
  }

  private bareStorage(value: Value, name: string): void {
    this.note(name, 'a storage without a tensor is not written again')
    this.out.opcode('N')
    if (value === null) return
  }

  private sizes(values: readonly number[]): void {
    this.out.opcode('(')
    for (const value of values) this.out.integer(value)
    this.out.opcode('t')
  }

  private emptyOrdered(): void {
    this.out.global('collections', 'OrderedDict')
    this.out.opcode(')')
    this.out.opcode('R')
  }

  private latin1(data: Uint8Array, mutable: boolean): void {
    const { out } = this
    if (mutable) out.global('__builtin__', 'bytearray')
    else out.global('_codecs', 'encode')
    out.opcode('(')
    out.text(Array.from(data, (byte) => String.fromCharCode(byte)).join(''))
    out.text(mutable ? 'latin-1' : 'latin1')
    out.opcode('t')
    out.opcode('R')
  }
}

function join(name: string, part: string): string {
  return name === '' ? part : `${name}.${part}`
}

/** Protocol 2 names: what torch.save itself writes, which readers move back. */
function pythonTwo(module: string): string {
  return module === 'builtins' ? '__builtin__' : module
}

/** The call that names the storage, inside those that make a parameter of it. */
function innerCall(call: PyCall | undefined): PyCall | undefined {
  // What torch usually writes has no flags, and need not be spelled out to see that.
  if (call instanceof TensorCall) return undefined
  let at = call
  for (let depth = 0; depth < 8 && at !== undefined; depth++) {
    if (!isGlobal(at.callee) || !at.callee.name.startsWith('_rebuild_parameter')) return at
    const next: Value | undefined = isTuple(at.args) ? at.args.items[0] : undefined
    at = isCall(next) ? next : undefined
  }
  return undefined
}

function canWrite(value: Exclude<Value, null | boolean | number | bigint | string>): boolean {
  switch (value.kind) {
    case 'float':
    case 'list':
    case 'tuple': return true
    case 'set': return !value.frozen
    case 'bytes': return value.data !== undefined
    case 'dict': return value.className !== 'collections.defaultdict'
    case 'global': return newestAllowed.has(value.path)
    case 'call': return isGlobal(value.callee) && newestAllowed.has(value.callee.path) && value.state === undefined && value.how === 'reduce' && !value.tensor && !value.callee.path.includes('_rebuild')
    default: return false
  }
}
