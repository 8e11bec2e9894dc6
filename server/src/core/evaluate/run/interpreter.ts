/**
 * The interpreter: frames, the loop that runs them, exceptions, budgets, and the `Machine` that natives see.
 * Python calls cost no host stack; native code that calls back does, and is counted.
 */

import { boolClass, dictClass, floatClass, intClass, mappingProxyClass, noneClass, strClass } from '../core-classes.ts'
import { LimitReached, type Limits, Undecided } from '../limits.ts'
import { deletePlainAttribute, findAttribute, getAttributeOrPending, lookup, setAttribute, setPlainAttribute, deleteAttribute, classChanged } from '../operate/attributes.ts'
import { isTrue, sameOrEqual } from '../operate/compare.ts'
import { keyOf } from '../operate/hash.ts'
import { iteratorOf, itemsOf, nextOf } from '../operate/iterate.ts'
import { getItem, setItem, textLength } from '../operate/subscript.ts'
import { reprOf, strOf } from '../operate/text.ts'
import {
  Choice, type DictKey, type Machine, NativeFunction, type Note, type Origin, PyClass, PyDict, PyFloat, PyFunction, PyInstance, PyIterator, PyList, PyMethod, PyModule, PyObject, PyRaise, PyRange, PySet, PyTuple, Unknown,
  type Value,
} from '../value.ts'
import { boundNames } from '../compile/scope.ts'
import { callNative, frameFor, instantiateNow, invoke } from './call.ts'
import { checkSlots, finishClass, startClass } from './class-builder.ts'
import { choose, drain, fork, type JumpStack, maybe, mayRaise } from './fork.ts'
import { type Code, Frame, PyGenerator } from './frame.ts'
import { Journal } from './journal.ts'
import { unknownLoop } from './loops.ts'
import { beginning, type ForkHost, save, type Stop, type WayRun } from './ways.ts'

export interface MachineSettings {
  readonly limits: Limits
  readonly torchVersion: string
  readonly pythonVersion: readonly [number, number, number]
  readonly builtins: Map<string, Value>
  readonly exceptionClasses: ReadonlyMap<string, PyClass>
  readonly shouldStop: (() => boolean) | undefined
}

/** What importing needs; given by imports.ts, so that the loop knows nothing of files. */
export interface Importer {
  importDotted(m: Vm, dotted: string, level: number, from: PyModule, innermost: boolean): Value
  importMember(m: Vm, module: Value, name: string): Value
  importStar(m: Vm, module: Value, frame: Frame): void
  importModule(m: Vm, dotted: string): Value
  annotations(m: Vm, fn: PyFunction): ReadonlyMap<string, Value>
  assumedName(m: Vm, module: PyModule, at: Origin, name: string): Value | undefined
  assumedParts(m: Vm, module: PyModule, at: Origin, name: string): ReadonlyMap<string, Value> | undefined
}

export interface StatementFailure { readonly unknown: Unknown, readonly exception: PyObject | undefined }

const CHECK_EVERY = 4096
/** Steps that loading one library may take with all that it imports: all of timm takes a million. */
const LIBRARY_STEPS = 3_000_000
const MAX_OUTPUT = 1_000_000
const MAX_NOTES = 200
const MAX_ESCAPE = 20_000

export class Vm implements Machine, ForkHost {
  frame: Frame | undefined
  readonly limits: Limits
  readonly builtins: Map<string, Value>
  readonly modules = new Map<string, Value>()
  readonly exceptionClasses: ReadonlyMap<string, PyClass>
  readonly torchVersion: string
  readonly pythonVersion: readonly [number, number, number]
  readonly journal = new Journal()
  readonly mappingProxy = mappingProxyClass
  readonly notes: Note[] = []
  readonly failures: StatementFailure[] = []
  output = ''
  pendingAttributeError: PyRaise | undefined
  openForks = 0
  forkSteps = 0
  stepsUsed = 0
  doneValue: Value = null
  way: WayRun | undefined
  importer: Importer | undefined
  readonly #codeObjects = new WeakMap<object, PyInstance>()
  #done: Frame | undefined
  #depth = 0
  #nesting = 0
  #permanentDepth = 0
  #allocated = 0
  #notesFrom = 0
  #stepsBefore = 0
  /** The last exception that was seen on its way, and where it began: the innermost line of the program. */
  #raised: { readonly exception: PyObject, readonly origin: Origin | undefined } | undefined
  #nextCheck = CHECK_EVERY
  #stepLimit: number
  #allocationLimit: number
  readonly #shouldStop: (() => boolean) | undefined

  constructor(settings: MachineSettings) {
    this.limits = settings.limits
    this.builtins = settings.builtins
    this.exceptionClasses = settings.exceptionClasses
    this.torchVersion = settings.torchVersion
    this.pythonVersion = settings.pythonVersion
    this.#shouldStop = settings.shouldStop
    this.#stepLimit = settings.limits.steps
    this.#allocationLimit = settings.limits.allocations
  }

  // -------------------------------------------------------------------------------------------- budgets

  /** Gives a new piece of work its full budget. */
  renewBudget(): void {
    this.#stepsBefore += this.stepsUsed
    this.stepsUsed = 0
    this.#allocated = 0
    this.forkSteps = 0
    this.#nextCheck = CHECK_EVERY
    this.#stepLimit = this.limits.steps
    this.#allocationLimit = this.limits.allocations
  }

  /** Of all pieces of work so far. */
  get totalSteps(): number { return this.#stepsBefore + this.stepsUsed }
  /** Total steps past which work is cancelled. */
  deadline = Infinity

  spend(steps: number): void {
    this.stepsUsed += steps
    if (this.stepsUsed > this.#nextCheck) this.#check()
  }

  #check(): void {
    this.#nextCheck = this.stepsUsed + CHECK_EVERY
    if (this.stepsUsed > this.#stepLimit) throw new LimitReached('steps')
    if (this.totalSteps > this.deadline || this.#shouldStop?.() === true) throw new LimitReached('cancelled')
  }

  allocate(count: number): void {
    this.#allocated += count
    if (this.#allocated > this.#allocationLimit) throw new LimitReached('allocations')
  }

  checkSize(limit: 'items' | 'characters' | 'integerBits', amount: number): void {
    if (amount > this.limits[limit]) throw new LimitReached(limit)
    this.spend(1 + (amount >>> 8))
  }

  // -------------------------------------------------------------------------------------------- frames

  enter(frame: Frame): void {
    frame.back = this.frame
    this.frame = frame
    this.spend(1)
    frame.depth = this.#depth + 1
    if (++this.#depth > this.limits.depth) {
      // The frame that cannot be entered raises in its caller.
      this.frame = frame.back
      this.#depth--
      if (frame.generator !== undefined) frame.generator.state = 'done'
      this.raise('RecursionError', 'maximum recursion depth exceeded')
    }
  }

  leave(value: Value): void {
    const frame = this.frame!
    const { back } = frame
    this.frame = back
    this.#depth--
    if (frame.generator !== undefined) {
      frame.generator.state = 'done'
      frame.generator.result = value
    }
    switch (frame.completion) {
      case 'push': back!.stack.push(value); return
      case 'init':
        if (value !== null && !(value instanceof Unknown)) this.raise('TypeError', `__init__() should return None, not '${this.typeOf(value).name}'`)
        back!.stack.push(frame.subject)
        return
      case 'class': back!.stack.push(finishClass(this, frame, value)); return
      case 'loop': {
        back!.stack.pop()
        back!.pc = back!.loopExit
        const broken = frame.generator?.broken
        if (broken === undefined) return
        back!.pc = back!.loopAt + 1
        this.unknownLoop(back!, broken, back!.loopExit, 'for')
        return
      }
      case 'entry':
        this.#done = frame
        this.doneValue = value
    }
  }

  suspend(frame: Frame, value: Value): void {
    frame.generator!.state = 'suspended'
    const { back } = frame
    this.frame = back
    this.#depth--
    if (frame.completion === 'entry') {
      this.#done = frame
      this.doneValue = value
    } else back!.stack.push(value)
  }

  runFrame(frame: Frame): Value {
    frame.completion = 'entry'
    this.enter(frame)
    return this.#nested(() => {
      this.#loop(frame, undefined)
      return this.doneValue
    })
  }

  /** Counts a level of host recursion, and puts the interpreter back where it was whatever happens. */
  #nested<T>(work: () => T): T {
    const { frame } = this
    const back = frame?.back
    const depth = this.#depth - 1
    if (++this.#nesting > this.limits.nesting) {
      this.#nesting--
      this.frame = back
      this.#depth = depth
      throw new LimitReached('nesting')
    }
    try {
      return work()
    } finally {
      this.#nesting--
      this.frame = back
      this.#depth = depth
    }
  }

  resume(generator: PyGenerator, sent: Value | PyRaise): Value | undefined {
    if (generator.isLost) throw new Undecided(generator.broken!.reason, generator.broken!.origin)
    if (generator.broken !== undefined) return generator.broken
    if (generator.state === 'running') this.raise('ValueError', 'generator already executing')
    if (generator.state === 'done') {
      generator.result = null
      if (sent instanceof PyRaise) throw sent
      return undefined
    }
    const { frame } = generator
    this.touch(generator)
    if (sent instanceof PyRaise && frame.isDelegating) return this.#throwToDelegate(generator, sent)
    const isNew = generator.state === 'new'
    if (sent instanceof PyRaise && isNew) { generator.state = 'done'; throw sent }
    if (isNew && sent !== null) this.raise('TypeError', 'can\'t send non-None value to a just-started generator')
    generator.state = 'running'
    frame.completion = 'entry'
    if (!isNew && !(sent instanceof PyRaise)) frame.stack.push(sent)
    this.enter(frame)
    const value = this.#nested(() => {
      const escaped = sent instanceof PyRaise ? this.#unwind(sent, frame) : undefined
      if (escaped !== undefined) throw escaped
      this.#loop(frame, undefined)
      return this.doneValue
    })
    if (generator.broken !== undefined) return generator.broken
    return (generator.state as PyGenerator['state']) === 'done' ? undefined : value
  }

  /** An exception thrown into a generator that waits in `yield from` goes to the inner one first. */
  #throwToDelegate(generator: PyGenerator, sent: PyRaise): Value | undefined {
    const { frame } = generator
    const inner = frame.stack.at(-1)
    frame.isDelegating = false
    if (!(inner instanceof PyGenerator)) return this.resume(generator, sent)
    let value: Value | undefined
    try {
      value = this.resume(inner, sent)
    } catch (error) {
      if (!(error instanceof PyRaise)) throw error
      return this.resume(generator, error)
    }
    if (value !== undefined) { frame.isDelegating = true; return value }
    // The inner one has ended: its result is the value of the `yield from` expression.
    frame.pc++
    frame.stack.pop()
    return this.resume(generator, inner.result)
  }

  /** See ForkHost. */
  runUntil(stop: Stop): boolean {
    const { frame } = stop
    const depth = this.#depth
    if (++this.#nesting > this.limits.nesting) { this.#nesting--; throw new LimitReached('nesting') }
    try {
      return this.#loop(frame, stop)
    } finally {
      this.#nesting--
      this.#depth = depth
    }
  }

  fork(frame: Frame, test: Unknown, target: number, join: number, jumped?: JumpStack): void { fork(this, frame, test, target, join, jumped) }
  unknownLoop(frame: Frame, cause: Unknown, loopEnd: number, kind: 'for' | 'while'): void { unknownLoop(this, frame, cause, loopEnd, kind) }
  drain(frame: Frame, cause: Unknown): void { drain(this, frame, cause, () => ({ arrived: beginning(save(frame)), raised: [] })) }
  choose(frame: Frame, slot: number, choice: Choice, end?: number): void { choose(this, frame, slot, choice, end) }
  maybe(cause: Unknown, work: () => void): void { maybe(this, cause, work) }
  mayRaise(frame: Frame, cause: Unknown): void { mayRaise(this, frame, cause) }

  moveTo(frame: Frame): void {
    this.frame = frame
    this.#depth = frame.depth
  }

  raiseInto(from: Frame, to: Frame, error: PyRaise): void {
    let passing = error
    for (let frame = from; frame !== to; frame = frame.back!) {
      if (frame.generator === undefined) continue
      this.touch(frame.generator)
      frame.generator.state = 'done'
      if (frame !== from) passing = this.#stopIterationAsError(passing)
    }
    this.moveTo(to)
    const escaped = this.#unwind(passing, to)
    if (escaped !== undefined) throw escaped
  }

  changeUnknown(object: Unknown, value?: Value): void {
    if (value !== undefined) this.escape([value], object)
  }

  /** True while what is done stays, as loading a library does. */
  get isPermanent(): boolean { return this.#permanentDepth > 0 }

  /** Runs what is the same whoever asks first; exceptions of it are not told apart by the branch that happens to ask. */
  permanently<T>(work: () => T): T {
    const { way } = this
    this.way = undefined
    const limit = this.#stepLimit
    const before = this.stepsUsed
    // What a library takes to load is paid once, and is not the program's: its own budget is what it was.
    if (this.#permanentDepth++ === 0) this.#stepLimit += LIBRARY_STEPS
    try {
      return this.journal.permanently(work)
    } finally {
      if (--this.#permanentDepth === 0) this.#stepLimit = limit + Math.min(LIBRARY_STEPS, this.stepsUsed - before)
      this.way = way
    }
  }

  /** Runs until `entry` ends (false) or stands where `stop` says (true). Throws what escapes `entry`. */
  #loop(entry: Frame, stop: Stop | undefined): boolean {
    this.#done = undefined
    let isFirst = stop?.isStepFirst === true
    for (;;) {
      const frame = this.frame!
      const { ops, args } = frame.instructions
      try {
        if (stop !== undefined && frame === entry) {
          while (this.frame === frame) {
            const { pc } = frame
            if (!isFirst && (pc === stop.pc || pc < stop.low || pc > stop.high)) return true
            isFirst = false
            frame.pc = pc + 1
            ops[pc]!(this, frame, args[pc]!)
          }
        } else {
          while (this.frame === frame) {
            const pc = frame.pc++
            ops[pc]!(this, frame, args[pc]!)
          }
        }
      } catch (error) {
        this.#caught(error, entry, stop === undefined)
      }
      if (this.#done === entry) {
        this.#done = undefined
        return false
      }
    }
  }

  #caught(error: unknown, entry: Frame, mayBeLenient: boolean): void {
    const isLenient = entry.isLenient && mayBeLenient
    if (error instanceof PyRaise) {
      if (this.#raised?.exception !== error.exception) this.#raised = { exception: error.exception, origin: this.unknown('').origin }
      const escaped = this.#unwind(error, entry)
      if (escaped === undefined) return
      if (!isLenient) throw escaped
      this.#skipStatement(entry, this.#describe(escaped.exception, entry), escaped.exception)
      return
    }
    const limit = error instanceof RangeError && /call stack/i.test(error.message) ? new LimitReached('nesting') : error
    if (limit instanceof LimitReached && isLenient && limit.limit !== 'cancelled') {
      this.#stepLimit = Math.min(this.limits.steps * 2, this.stepsUsed + this.limits.steps / 4)
      this.#allocationLimit = Math.min(this.limits.allocations * 2, this.#allocated + this.limits.allocations / 4)
      this.forkSteps = 0
      this.openForks = 0
      this.moveTo(entry)
      if (this.stepsUsed < this.#stepLimit) {
        const unknown = new Unknown(limit.reason, this.#originOf(entry))
        this.#skipStatement(entry, unknown, undefined)
        // The statement was left in its middle: what the rest of it would have done may concern everything there is.
        this.escape([...entry.globals.values()], unknown)
        return
      }
    }
    throw limit
  }

  /** Gives an exception to the innermost handler up to and including `entry`; answers what none of them took. */
  #unwind(error: PyRaise, entry: Frame): PyRaise | undefined {
    for (;;) {
      const frame = this.frame!
      const block = frame.blocks.pop()
      if (block !== undefined) {
        frame.stack.length = block.depth
        frame.handled.length = block.handledDepth
        frame.stack.push(error.exception)
        frame.pc = block.handler
        return undefined
      }
      if (frame.generator !== undefined) {
        frame.generator.state = 'done'
        error = this.#stopIterationAsError(error)
      }
      if (frame === entry) return error
      this.frame = frame.back
      this.#depth--
    }
  }

  /** PEP 479: a StopIteration that leaves a generator is an error. */
  #stopIterationAsError(error: PyRaise): PyRaise {
    if (!this.isInstance(error.exception, this.exceptionClasses.get('StopIteration')!)) return error
    const made = this.newInstance(this.exceptionClasses.get('RuntimeError')!, ['generator raised StopIteration'])
    return new PyRaise(made as PyObject)
  }

  // -------------------------------------------------------------------------------------------- failing statements

  #skipStatement(frame: Frame, unknown: Unknown, exception: PyObject | undefined): void {
    if (this.failures.length < MAX_NOTES) this.failures.push({ unknown, exception })
    const { statements } = frame.instructions
    const next = statements.findIndex((one) => one.pc > frame.pc - 1)
    const failed = statements[next - 1]?.statement
    if (failed !== undefined) {
      for (const name of boundNames(failed)) if (!frame.globals.has(name) || failed.kind === 'assign') frame.globals.set(name, unknown)
    }
    frame.stack.length = 0
    frame.blocks.length = 0
    frame.handled.length = 0
    frame.pc = statements[next]?.pc ?? frame.instructions.ops.length - 2
  }

  #describe(exception: PyObject, frame: Frame): Unknown {
    if (exception instanceof Unknown) return exception
    const text = this.quietly(() => strOf(this, exception))
    const message = typeof text === 'string' && text !== '' ? `: ${text.slice(0, 200)}` : ''
    return new Unknown(`raises ${exception.cls.name}${message}`, this.#originOf(frame))
  }

  describeException(exception: PyObject): Unknown {
    if (exception instanceof Unknown) return exception
    const text = this.quietly(() => strOf(this, exception))
    return new Unknown(`raises ${exception.cls.name}${typeof text === 'string' && text !== '' ? `: ${text.slice(0, 200)}` : ''}`, this.#raised?.exception === exception ? this.#raised.origin : undefined)
  }

  /** Runs something only for its text; failure is no answer. */
  quietly<T>(work: () => T): T | undefined {
    try {
      return work()
    } catch {
      return undefined
    }
  }

  #originOf(frame: Frame): Origin {
    const at = Math.max(0, frame.pc - 1)
    const { spans, file } = frame.instructions
    return { file, start: spans[at * 2] ?? 0, end: spans[at * 2 + 1] ?? 0 }
  }

  // -------------------------------------------------------------------------------------------- Machine: calls

  invoke(callee: Value, args: Value[], keywords: ReadonlyMap<string, Value> | undefined): void {
    invoke(this, this.frame!, callee, args, keywords)
  }

  call(callee: Value, args: readonly Value[] = [], keywords?: ReadonlyMap<string, Value>): Value {
    if (callee instanceof NativeFunction) return callNative(this, callee, args, keywords)
    if (callee instanceof PyMethod) return this.call(callee.callee, [callee.self, ...args], keywords)
    if (callee instanceof PyFunction) {
      const frame = frameFor(this, callee, args, keywords)
      return frame instanceof Frame ? this.runFrame(frame) : frame
    }
    if (callee instanceof PyClass && callee.cls === PyClass.type) return instantiateNow(this, callee, args, keywords)
    return this.#callInHelper(callee, args, keywords)
  }

  /** Calls through a frame of its own, for callables whose call may push one. */
  #callInHelper(callee: Value, args: readonly Value[], keywords: ReadonlyMap<string, Value> | undefined): Value {
    const outer = this.frame
    const helper = new Frame(HELPER_CODE, outer?.module ?? this.#anyModule(), [], [])
    helper.completion = 'entry'
    this.enter(helper)
    return this.#nested(() => {
      invoke(this, helper, callee, [...args], keywords)
      if (this.frame === helper) {
        return helper.stack.pop()!
      }
      this.#loopHelper(helper)
      return helper.stack.pop()!
    })
  }

  #loopHelper(helper: Frame): void {
    // The helper has no instructions: as soon as it is current again, the call is over.
    for (;;) {
      const frame = this.frame!
      if (frame === helper) return
      const { ops, args } = frame.instructions
      try {
        while (this.frame === frame) {
          const pc = frame.pc++
          ops[pc]!(this, frame, args[pc]!)
        }
      } catch (error) {
        this.#caught(error, helper, true)
      }
    }
  }

  #anyModule(): PyModule {
    return new PyModule('builtins')
  }

  callMethod(object: Value, name: string, args: readonly Value[] = [], keywords?: ReadonlyMap<string, Value>): Value {
    return this.call(getAttributeOrPending(this, object, name), args, keywords)
  }

  newInstance(cls: PyClass, args: readonly Value[] = [], keywords?: ReadonlyMap<string, Value>): Value {
    return this.call(cls, args, keywords)
  }

  buildClass(name: string, bases: Value, keywords: ReadonlyMap<string, Value>, frame: Frame, code: Code): void {
    this.enter(startClass(this, name, bases as PyList, keywords, frame, code))
  }

  // -------------------------------------------------------------------------------------------- Machine: attributes and items

  getAttribute(object: Value, name: string): Value { return getAttributeOrPending(this, object, name) }
  findAttribute(object: Value, name: string): Value | undefined { return findAttribute(this, object, name) }
  setAttribute(object: Value, name: string, value: Value): void { setAttribute(this, object, name, value) }
  deleteAttribute(object: Value, name: string): void { deleteAttribute(this, object, name) }
  setPlainAttribute(object: PyObject, name: string, value: Value): void { setPlainAttribute(this, object, name, value) }
  deletePlainAttribute(object: PyObject, name: string): void { deletePlainAttribute(this, object, name) }
  lookup(cls: PyClass, name: string): Value | undefined { return lookup(cls, name) }
  getItem(object: Value, index: Value): Value { return getItem(this, object, index) }
  setItem(object: Value, index: Value, value: Value): void { setItem(this, object, index, value) }
  checkSlots(object: PyObject, name: string): void { checkSlots(this, object, name) }

  typeOf(value: Value): PyClass {
    switch (typeof value) {
      case 'string': return strClass
      case 'number':
      case 'bigint': return intClass
      case 'boolean': return boolClass
      default:
    }
    if (value === null) return noneClass
    return value instanceof PyFloat ? floatClass : value.cls
  }

  isInstance(value: Value, cls: PyClass): boolean { return this.typeOf(value).mro.includes(cls) }
  isSubclass(cls: PyClass, of: PyClass): boolean { return cls.mro.includes(of) }
  truth(value: Value): boolean | Unknown { return isTrue(this, value) }
  equals(a: Value, b: Value): boolean | Unknown { return sameOrEqual(this, a, b) }

  length(value: Value): number | Unknown {
    if (value instanceof Unknown) return value
    if (typeof value === 'string') return textLength(value)
    if (value instanceof PyObject && value.cls.native !== undefined) {
      if (value instanceof PyList || value instanceof PyTuple) return value.doubt ?? value.items.length
      if (value instanceof PyDict) return value.doubt ?? (isPartial(value) ? this.unknown('how many names this has is not followed') : value.values.size)
      if (value instanceof PySet) return value.doubt ?? value.values.size
      if (value instanceof PyRange) return value.length
    }
    const method = lookup(this.typeOf(value), '__len__')
    if (method === undefined) {
      const items = value instanceof PyObject && value.cls.mro.find((one) => one.opaque !== undefined)
      if (items instanceof PyClass) return items.opaque!
      this.raise('TypeError', `object of type '${this.typeOf(value).name}' has no len()`)
    }
    const result = this.call(method, [value])
    return typeof result === 'number' || result instanceof Unknown ? result : this.raise('TypeError', `'${this.typeOf(result).name}' object cannot be interpreted as an integer`)
  }

  str(value: Value): string | Unknown { return strOf(this, value) }
  repr(value: Value): string | Unknown { return reprOf(this, value) }
  items(iterable: Value): readonly Value[] | Unknown { return itemsOf(this, iterable) }

  iterate(iterable: Value): { next(): Value | undefined } | Unknown {
    const iterator = iteratorOf(this, iterable)
    if (iterator instanceof Unknown) return iterator
    return { next: () => { this.spend(1); return nextOf(this, iterator) } }
  }

  makeTuple(items: readonly Value[]): Value { return new PyTuple(items) }

  // -------------------------------------------------------------------------------------------- Machine: dicts

  dictGet(dict: PyDict, key: Value): Value | undefined {
    const made = keyOf(this, key)
    return made instanceof Unknown ? made : dict.values.get(made)
  }

  dictSet(dict: PyDict, key: Value, value: Value): void {
    const made = keyOf(this, key)
    if (made instanceof Unknown) { this.doubt(dict, made); return }
    this.touch(dict.owner ?? dict)
    const { values } = dict
    if (!values.has(made)) {
      this.allocate(1)
      if (values.size >= this.limits.items) throw new LimitReached('items')
      if (made !== key) (dict.originals ??= new Map<DictKey, Value>()).set(made, key)
    }
    values.set(made, value)
    if (dict.owner instanceof PyClass) classChanged()
  }

  dictDelete(dict: PyDict, key: Value): boolean {
    const made = keyOf(this, key)
    if (made instanceof Unknown) { this.doubt(dict, made); return true }
    this.touch(dict.owner ?? dict)
    dict.originals?.delete(made)
    if (dict.owner instanceof PyClass) classChanged()
    return dict.values.delete(made)
  }

  dictEntries(dict: PyDict): readonly (readonly [Value, Value])[] {
    const { originals } = dict
    const entries: [Value, Value][] = []
    for (const [key, value] of dict.values) entries.push([originals?.has(key) === true ? originals.get(key)! : key as Value, value])
    return entries
  }

  // -------------------------------------------------------------------------------------------- Machine: errors and honesty

  raise(className: string, message: string): never {
    const cls = this.exceptionClasses.get(className) ?? this.exceptionClasses.get('Exception')!
    const exception = new PyInstance(cls)
    exception.attrs!.set('args', new PyTuple([message]))
    throw new PyRaise(exception)
  }

  raiseKey(key: Value): never {
    const exception = new PyInstance(this.exceptionClasses.get('KeyError')!)
    exception.attrs!.set('args', new PyTuple([key]))
    throw new PyRaise(exception)
  }

  /** Code of our own has no place that a person could go to: the call that led into it is one. */
  unknown(reason: string): Unknown {
    let { frame } = this
    while (frame !== undefined && frame.code.origin.file.startsWith('<')) frame = frame.back
    return new Unknown(reason, frame === undefined ? this.here() : this.#originOf(frame))
  }

  callers(made?: PyObject): readonly Origin[] {
    const origins: Origin[] = []
    for (let frame = this.#madeBy(made); frame !== undefined; frame = frame.back) {
      if (frame.code !== HELPER_CODE) origins.push(this.#originOf(frame))
      // Who imports a file does not do what its top level does.
      if (frame.code.kind === 'module') break
    }
    return origins
  }

  callerIn(accept: (file: string) => boolean, made?: PyObject): Origin | undefined {
    for (let frame = this.#madeBy(made); frame !== undefined; frame = frame.back) if (frame.code !== HELPER_CODE && accept(frame.instructions.file)) return this.#originOf(frame)
    return undefined
  }

  /** The innermost frame that is not part of making an object. */
  #madeBy(made: PyObject | undefined): Frame | undefined {
    let from = this.frame
    if (made === undefined) return from
    for (let frame = this.frame; frame !== undefined; frame = frame.back) if (frame.completion === 'init' && frame.subject === made) from = frame.back
    while (from?.fn?.name === '__init__' && from.locals[0] === made) from = from.back
    return from
  }

  here(): Origin | undefined {
    let { frame } = this
    while (frame !== undefined && frame.code === HELPER_CODE) frame = frame.back
    return frame === undefined ? undefined : this.#originOf(frame)
  }

  touch(object: PyObject): void { this.journal.touch(object) }

  doubt(object: PyObject, why: Unknown): void {
    if (object.doubt !== undefined || object instanceof Unknown) return
    this.touch(object)
    object.doubt = why
    if (!(object instanceof PyInstance)) return
    for (const one of object.cls.mro) {
      if (one.native?.onDoubt !== undefined) { one.native.onDoubt(this, object, why); return }
    }
  }

  doubtRead(doubt: Unknown): void { this.#note('doubt', doubt.reason, doubt.origin) }

  isUndecided(): boolean { return this.openForks > 0 }

  isGuarded(): boolean {
    for (let { frame } = this; frame !== undefined; frame = frame.back) if (frame.blocks.some((block) => block.catches)) return true
    return false
  }

  escape(values: readonly Value[], why: Unknown): void {
    const pending: PyObject[] = []
    const add = (value: Value): void => { if (value instanceof PyObject && (!(value instanceof Unknown) || value instanceof Choice)) pending.push(value) }
    const seen = new Set<Value>()
    for (const value of values) add(value)
    while (pending.length > 0 && seen.size < MAX_ESCAPE) {
      const value = pending.pop()!
      if (seen.has(value)) continue
      seen.add(value)
      if (value instanceof PyList) { this.doubt(value, why); value.items.forEach(add) } else if (value instanceof PyTuple) value.items.forEach(add)
      else if (value instanceof PyDict) { this.doubt(value, why); value.values.forEach(add) } else if (value instanceof PySet) { this.doubt(value, why); value.values.forEach(add) } else if (value instanceof PyInstance || value instanceof PyIterator) this.doubt(value, why)
      else if (value instanceof Choice) value.options.forEach(add)
      else if (value instanceof PyGenerator) { this.touch(value); value.broken ??= why; value.isLost = true } else if (value instanceof PyMethod) add(value.self)
    }
  }

  assume(text: string): void { this.#note('assumption', text, this.here()) }

  /** Assumptions that are not made, by their texts. */
  withheld: ReadonlySet<string> = new Set()
  isWithheld(text: string): boolean { return this.withheld.has(text) }

  /** Says again what was said when something was made that is used now. */
  repeat(notes: readonly Note[]): void {
    for (const { kind, text, origin } of notes) this.#note(kind, text, origin)
  }

  /** A new piece of work says again what an earlier one has said. */
  openNotes(): void { this.#notesFrom = this.notes.length }

  assumedName(module: PyModule, at: Origin, name: string): Value | undefined { return this.importer?.assumedName(this, module, at, name) }
  assumedParts(module: PyModule, at: Origin, name: string): ReadonlyMap<string, Value> | undefined { return this.importer?.assumedParts(this, module, at, name) }

  #note(kind: Note['kind'], text: string, origin: Origin | undefined): void {
    if (this.notes.length - this.#notesFrom >= MAX_NOTES) return
    for (let i = this.#notesFrom; i < this.notes.length; i++) if (this.notes[i]!.kind === kind && this.notes[i]!.text === text) return
    this.notes.push({ kind, text, origin })
  }

  write(text: string): void {
    if (this.output.length < MAX_OUTPUT) this.output += text
  }

  // -------------------------------------------------------------------------------------------- Machine: imports

  importDotted(dotted: string, level: number, from: PyModule, innermost: boolean): Value { return this.importer!.importDotted(this, dotted, level, from, innermost) }
  importMember(module: Value, name: string): Value { return this.importer!.importMember(this, module, name) }
  importStar(module: Value, frame: Frame): void { this.importer!.importStar(this, module, frame) }
  importModule(dotted: string): Value { return this.importer!.importModule(this, dotted) }
  codeAnnotations(fn: PyFunction): ReadonlyMap<string, Value> { return this.importer!.annotations(this, fn) }

  codeObject(fn: PyFunction): Value {
    const { code } = fn
    const known = this.#codeObjects.get(code)
    if (known !== undefined) return known
    const object = new PyInstance(dictClass.mro.at(-1)!, code)
    this.#codeObjects.set(code, object)
    const names = [...code.parameters]
    object.attrs!.set('co_argcount', code.positional)
    object.attrs!.set('co_kwonlyargcount', code.parameters.length - code.positional)
    object.attrs!.set('co_varnames', new PyTuple([...names, ...(code.star === undefined ? [] : [code.star]), ...(code.doubleStar === undefined ? [] : [code.doubleStar])]))
    object.attrs!.set('co_name', code.name)
    object.attrs!.set('co_filename', code.origin.file)
    object.attrs!.set('co_firstlineno', 1)
    return object
  }
}

/** A namespace that holds other names than CPython's: of a module, of the interpreter, of a class that is written here. */
function isPartial({ owner }: PyDict): boolean {
  if (owner === undefined) return false
  if (owner instanceof PyModule) return true
  return (owner instanceof PyClass ? owner : owner.cls).mro.some((one) => one.origin?.file.startsWith('<') === true)
}

const HELPER_CODE = {
  kind: 'function', name: '<native>', qualname: '<native>', origin: { file: '', start: 0, end: 0 }, parameters: [], positionalOnly: 0, positional: 0, star: undefined, doubleStar: undefined, doc: undefined,
  freeNames: [], isGenerator: false, isAsync: false, annotated: undefined,
  instructions: {
    takers: new Map(), ops: [], args: new Int32Array(0), spans: new Int32Array(0), constants: [], names: [], codes: [], joins: new Map(), localCount: 0, localNames: [], cellNames: [], cellParameters: [], statements: [], extras: [], file: '',
  },
} as unknown as Code

