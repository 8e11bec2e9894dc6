/** Compiled code, frames and generators: the interpreter's own data. */

import type { Parameter, Expression, Statement } from '../../syntax/ast.ts'
import { generatorClass } from '../core-classes.ts'
import type { Limits } from '../limits.ts'
import { type Choice, type FunctionCode, type Machine, type Origin, type PyCell, type PyClass, type PyFunction, type PyModule, PyObject, type PyRaise, type Unknown, type Value } from '../value.ts'

/** The machine as its own parts see it. */
export interface Interpreter extends Machine {
  frame: Frame | undefined
  readonly limits: Limits
  readonly builtins: Map<string, Value>
  /** sys.modules. */
  readonly modules: Map<string, Value>
  /** Calls with the result going to the stack of the current frame, in a new frame where that is possible. */
  invoke(callee: Value, args: Value[], keywords: ReadonlyMap<string, Value> | undefined): void
  /** Makes a frame the current one. */
  enter(frame: Frame): void
  /** Ends the current frame. */
  leave(value: Value): void
  /** Ends a generator's run at a yield. */
  suspend(frame: Frame, value: Value): void
  /** Runs a frame to its end on top of the host stack. */
  runFrame(frame: Frame): Value
  /** Continues a generator; `undefined` when it has ended. */
  resume(generator: PyGenerator, sent: Value | PyRaise): Value | undefined
  /** Runs both ways of a branch whose test is not known; `target` is where the jump would go. */
  fork(frame: Frame, test: Unknown, target: number, join: number, jumped?: { readonly drop?: number, readonly kept?: Value }): void
  /** Accounts for a loop whose trip count is not known and continues behind it. */
  unknownLoop(frame: Frame, cause: Unknown, loopEnd: number, kind: 'for' | 'while'): void
  /** Runs a generator to its end that from here on yields nobody knows what. */
  drain(frame: Frame, cause: Unknown): void
  /** The operand at `slot` of the stack is one of several: runs the instruction for each. */
  choose(frame: Frame, slot: number, choice: Choice, end?: number): void
  /** Does what may happen or not. */
  maybe(cause: Unknown, work: () => void): void
  /** The instruction that ran just now may have raised an exception. */
  mayRaise(frame: Frame, cause: Unknown): void
  /** Something is changed through an Unknown; `value` is what it is given. */
  changeUnknown(object: Unknown, value?: Value): void
  importDotted(dotted: string, level: number, from: PyModule, innermost: boolean): Value
  importMember(module: Value, name: string): Value
  importStar(module: Value, frame: Frame): void
  /** The annotations of a function, evaluated when asked for. */
  codeAnnotations(fn: PyFunction): ReadonlyMap<string, Value>
  buildClass(name: string, bases: Value, keywords: ReadonlyMap<string, Value>, frame: Frame, code: Code): void
  checkSize(limit: 'items' | 'characters' | 'integerBits', amount: number): void
  write(text: string): void
  /** The AttributeError that a `__getattr__` raised, so that it is not replaced by a general one. */
  pendingAttributeError: PyRaise | undefined
  /** An object that may have been changed behind our back was read. */
  doubtRead(doubt: Unknown): void
  makeTuple(items: readonly Value[]): Value
  raiseKey(key: Value): never
  readonly mappingProxy: PyClass
  codeObject(fn: PyFunction): Value
  /** Raises AttributeError when `__slots__` forbid the name. */
  checkSlots(object: PyObject, name: string): void
  allocate(count: number): void
  readonly exceptionClasses: ReadonlyMap<string, PyClass>
}

/** One instruction's work; `arg` is its operand. */
export type Handler = (m: Interpreter, frame: Frame, arg: number) => void

/** Instructions of one body. Parallel arrays: instruction i is `ops[i]` with `args[i]` and the source span `spans[2i], spans[2i+1]`. */
export interface Instructions {
  readonly ops: readonly Handler[]
  readonly args: Int32Array
  readonly spans: Int32Array
  readonly constants: readonly Value[]
  readonly names: readonly string[]
  readonly codes: readonly Code[]
  /** Who takes exceptions, by the place that sets the block up. */
  readonly takers: ReadonlyMap<number, Taker>
  /** Where both ways of a conditional jump meet again, by the jump's place. */
  readonly joins: ReadonlyMap<number, number>
  readonly localCount: number
  /** Names of the locals, for messages. */
  readonly localNames: readonly string[]
  readonly cellNames: readonly string[]
  /** Local index of each cell variable that is a parameter. */
  readonly cellParameters: readonly (readonly [cell: number, local: number])[]
  /** For the top level of a module: where each statement begins. */
  readonly statements: readonly { readonly pc: number, readonly statement: Statement }[]
  readonly extras: readonly unknown[]
  /** What origins in `spans` say of their file. */
  readonly file: string
}

/** What stands at the end of a block that sees exceptions pass. */
export type Taker =
  /** `except` clauses by their types; undefined for one without. */
  | { readonly kind: 'except', readonly types: readonly (Expression | undefined)[] }
  /** `finally`; it may leave by other means than by going on with the exception. */
  | { readonly kind: 'finally', readonly mayLeave: boolean }
  /** `with`; local `exit` holds the bound `__exit__`. */
  | { readonly kind: 'with', readonly exit: number }

export interface Annotated { readonly parameters: readonly Parameter[], readonly returns: Expression | undefined }

export class Code implements FunctionCode {
  declare readonly kind: 'module' | 'class' | 'function'
  declare readonly name: string
  declare readonly qualname: string
  declare origin: Origin
  declare readonly parameters: readonly string[]
  declare readonly positionalOnly: number
  declare readonly positional: number
  declare readonly star: string | undefined
  declare readonly doubleStar: string | undefined
  declare doc: string | undefined
  declare readonly freeNames: readonly string[]
  #isGenerator: () => boolean
  declare readonly isAsync: boolean
  #annotated: (() => Annotated) | undefined
  #instructions: Instructions | undefined
  #compile: (() => Instructions) | undefined
  /** Compiled before, and waiting for its next use to be told. */
  #parked: Instructions | undefined
  #onUse: (() => void) | undefined
  #spanFile: (() => string) | undefined

  constructor(parts: {
    kind: Code['kind'], name: string, qualname: string, origin: Origin, parameters?: readonly string[], positionalOnly?: number, positional?: number, star?: string | undefined,
    doubleStar?: string | undefined, doc?: string | undefined, freeNames: readonly string[], isGenerator?: () => boolean, isAsync?: boolean, annotated?: (() => Annotated) | undefined, compile: () => Instructions, spanFile?: () => string,
  }) {
    this.kind = parts.kind
    this.name = parts.name
    this.qualname = parts.qualname
    this.origin = parts.origin
    this.parameters = parts.parameters ?? []
    this.positionalOnly = parts.positionalOnly ?? 0
    this.positional = parts.positional ?? this.parameters.length
    this.star = parts.star
    this.doubleStar = parts.doubleStar
    this.doc = parts.doc
    this.freeNames = parts.freeNames
    this.#isGenerator = parts.isGenerator ?? (() => false)
    this.isAsync = parts.isAsync ?? false
    this.#annotated = parts.annotated
    this.#compile = parts.compile
    this.#spanFile = parts.spanFile
  }

  /** Found with the scope, which is analysed at the first call. */
  get isGenerator(): boolean {
    return this.#isGenerator()
  }

  /** The parameters and the result as they are written; undefined for what is no function statement. */
  get annotated(): Annotated | undefined {
    return this.#annotated?.()
  }

  /** Compiled at the first call: most functions of a library are never called. */
  get instructions(): Instructions {
    return this.#instructions ?? this.#firstUse()
  }

  #firstUse(): Instructions {
    // Asked before the syntax is given back, which is not held for this question any more.
    this.#isGenerator = this.#isGenerator() ? ALWAYS : NEVER
    const made = this.#parked ?? this.#compile!()
    this.#instructions = made
    this.#parked = undefined
    this.#compile = undefined
    this.#onUse?.()
    return made
  }

  /** What an origin made now from the syntax of this code says of its file. */
  get spanFile(): string {
    return this.#spanFile?.() ?? this.origin.file
  }

  /** Tells of the next use, and of none after it until it is asked again. Costs nothing in between. */
  watch(onUse: () => void): void {
    this.#onUse = onUse
    this.#parked ??= this.#instructions
    this.#instructions = undefined
  }

  /** Has from now on the body of another code of the same shape; functions made of this one follow. */
  become(other: Code): void {
    this.origin = other.origin
    this.doc = other.doc
    this.#annotated = other.#annotated
    this.#isGenerator = other.#isGenerator
    this.#spanFile = other.#spanFile
    this.#compile = () => other.instructions
    this.#instructions = undefined
    this.#parked = undefined
  }
}

const ALWAYS = (): boolean => true
const NEVER = (): boolean => false

export interface Block {
  /** The place of the instruction that set it up. */
  readonly at: number
  readonly handler: number
  readonly depth: number
  readonly handledDepth: number
  /** False for finally and with: they do not decide whether an exception goes on. */
  readonly catches: boolean
  /** Exceptions that may have been raised below it, so far. */
  seen: number
}

/** What happens with the value when a frame ends. */
export type Completion = 'push' | 'init' | 'entry' | 'class' | 'loop'

export interface ClassBuilder {
  readonly name: string
  readonly bases: readonly PyClass[]
  readonly originalBases: Value | undefined
  readonly metaclass: Value
  readonly keywords: ReadonlyMap<string, Value>
  readonly opaque: Unknown | undefined
  readonly origin: Origin
}

export class Frame {
  declare readonly code: Code
  declare readonly instructions: Instructions
  pc = 0
  stack: Value[] = []
  declare locals: (Value | undefined)[]
  declare cells: PyCell[]
  declare readonly globals: Map<string, Value>
  declare readonly module: PyModule
  /** The namespace being filled, in a class body; the module's in module code. */
  declare names: Map<string, Value> | undefined
  blocks: Block[] = []
  /** Exceptions being handled, innermost last. */
  handled: PyObject[] = []
  declare back: Frame | undefined
  completion: Completion = 'push'
  /** The new instance while its `__init__` runs; the class builder in a class body. */
  subject: Value = null
  declare fn: PyFunction | undefined
  declare generator: PyGenerator | undefined
  /** Failing statements are recorded and skipped. */
  isLenient = false
  /** Frames below it, on the way in. */
  depth = 0
  /** Set while a generator runs to its end with nobody listening; see fork.ts. */
  declare draining: Unknown | undefined
  /** Depth of undecidable branches open in this frame. */
  forks = 0
  /** Of the `for` that waits for a generator: where it stands and where it goes on. */
  loopAt = 0
  loopExit = 0
  /** True while suspended inside `yield from`. */
  isDelegating = false
  /** In a class body, what the class is to be made of. */
  declare builder: ClassBuilder | undefined
  /** Loops of an unknown number of passes being run, by their place: told when they come back to their head. */
  declare openLoops: Map<number, () => void> | undefined

  constructor(code: Code, module: PyModule, locals: (Value | undefined)[], cells: PyCell[]) {
    this.code = code
    this.instructions = code.instructions
    this.globals = module.attrs
    this.module = module
    this.locals = locals
    this.cells = cells
  }
}

/** A yield under an undecidable branch: what the generator gives is not known. Caught where the branch was opened. */
export class GeneratorBroken {
  readonly frame: Frame
  constructor(frame: Frame) { this.frame = frame }
}

/** What a snapshot of a generator holds beside its attributes. */
export interface GeneratorState {
  readonly pc: number
  readonly stack: readonly Value[]
  readonly locals: readonly (Value | undefined)[]
  readonly blocks: readonly Block[]
  readonly handled: readonly PyObject[]
  readonly isDelegating: boolean
  readonly state: PyGenerator['state']
  readonly result: Value
  readonly broken: Unknown | undefined
  /** True when it is not known how far it has come, so that what it will do is not known either. */
  readonly isLost: boolean
}

export class PyGenerator extends PyObject {
  declare readonly frame: Frame
  state: 'new' | 'suspended' | 'running' | 'done' = 'new'
  /** The value of `return` once done. */
  result: Value = null
  /** Set when its yields came to depend on something unknown. */
  declare broken: Unknown | undefined
  isLost = false
  constructor(frame: Frame) {
    super(generatorClass)
    this.frame = frame
  }

  protected override saveExtra(): unknown {
    const { frame } = this
    return {
      pc: frame.pc, stack: [...frame.stack], locals: [...frame.locals], blocks: [...frame.blocks], handled: [...frame.handled], isDelegating: frame.isDelegating, state: this.state, result: this.result,
      broken: this.broken, isLost: this.isLost,
    } satisfies GeneratorState
  }

  protected override restoreExtra(extra: unknown): void {
    const saved = extra as GeneratorState
    const { frame } = this
    frame.pc = saved.pc
    frame.stack = [...saved.stack]
    frame.locals = [...saved.locals]
    frame.blocks = [...saved.blocks]
    frame.handled = [...saved.handled]
    frame.isDelegating = saved.isDelegating
    this.state = saved.state
    this.result = saved.result
    this.broken = saved.broken
    this.isLost = saved.isLost
  }
}
