/**
 * Python values as the evaluator holds them, and `Machine`, the face that native code sees of the evaluator.
 * Data and identity only: what operations mean is in the other files; how natives are written is in `native.ts`.
 *
 * - None is `null`; bool is a JS boolean; str is a JS string (code points are counted where it matters)
 * - int is a JS number while it is a safe integer and a bigint beyond; a float is always a boxed `PyFloat`, so `1` and `1.0` stay apart
 * - everything else is a `PyObject`; `Unknown` is one too, and may stand wherever a value may
 *
 * State that can change is changed only after `machine.touch(object)`: that is how both ways of an undecidable
 * branch are run from the same state, and how one evaluation leaves nothing behind for the next.
 */

import type { Span } from '../syntax/ast.ts'
import { currentEpoch, FIRST_EPOCH } from './epoch.ts'

export type Value = null | boolean | number | bigint | string | PyFloat | PyObject

/** Where in the sources something came from; offsets are UTF-16 units. */
export interface Origin extends Span {
  readonly file: string
}

/** What was made before any evaluator is shared by all of them: it must not hold on to what one of them makes. */
export function isShared(object: PyObject): boolean {
  return object.born === FIRST_EPOCH
}

export class PyFloat {
  declare readonly value: number
  constructor(value: number) { this.value = value }
}

export interface Snapshot {
  readonly cls: PyClass
  readonly attrs: Map<string, Value> | undefined
  readonly doubt: Unknown | undefined
  /** What the class of object adds. */
  readonly extra?: unknown
  /** Of a list. */
  readonly isShuffled?: boolean
}

/**
 * Anything with a class. `attrs` is its `__dict__`, shared with the dict that Python code sees. Fields are declared, not defined: a defined class
 * field is written twice, and objects are made by the million.
 */
export class PyObject {
  declare cls: PyClass
  declare attrs: Map<string, Value> | undefined
  /** Why this object may differ from what is recorded here; reading it makes the result an estimate. */
  declare doubt: Unknown | undefined
  declare readonly born: number

  constructor(cls: PyClass, attrs?: Map<string, Value>) {
    this.cls = cls
    this.attrs = attrs
    this.doubt = undefined
    this.born = currentEpoch()
  }

  snapshot(): Snapshot {
    return { cls: this.cls, attrs: this.attrs === undefined ? undefined : new Map(this.attrs), doubt: this.doubt, extra: this.saveExtra() }
  }

  restore(saved: Snapshot): void {
    this.cls = saved.cls
    refill(this, saved.attrs)
    this.doubt = saved.doubt
    this.restoreExtra(saved.extra)
  }

  protected saveExtra(): unknown { return undefined }
  protected restoreExtra(_extra: unknown): void { /* nothing beside the attributes */ }
}

/** Puts saved attributes back into the same Map, because dict views of it may be held by Python code. */
function refill(object: PyObject, saved: Map<string, Value> | undefined): void {
  if (saved === undefined) { object.attrs = undefined; return }
  if (object.attrs === undefined) { object.attrs = new Map(saved); return }
  object.attrs.clear()
  for (const [name, value] of saved) object.attrs.set(name, value)
}

/** Not known, and why. Operations on it give it back, so the first reason survives. */
export class Unknown extends PyObject {
  declare readonly reason: string
  declare readonly origin: Origin | undefined
  /** True for results of code that is known not to change what it is given. */
  declare readonly isHarmless: boolean
  /** True for what comes from a package that hands out no layers; `isHarmless` alone says nothing about what a result is. */
  declare readonly isPlain: boolean
  /** Placeholder class; assigned when the built-in classes exist. */
  static cls: PyClass
  constructor(reason: string, origin?: Origin, options: { isHarmless?: boolean, isPlain?: boolean } = {}) {
    super(Unknown.cls)
    this.reason = reason
    this.origin = origin
    this.isHarmless = options.isHarmless ?? false
    this.isPlain = options.isPlain ?? false
  }
}

/** One of a few values, nobody knows which: what is done with it is done with each, and what comes of it is joined. See run/choices.ts. */
export class Choice extends Unknown {
  declare readonly options: readonly Value[]
  /** Whether there has ever been one, so that looking for one costs nothing where there is none. */
  static isInUse = false
  constructor(options: readonly Value[], reason: string, origin?: Origin) {
    super(reason, origin)
    this.options = options
    Choice.isInUse = true
  }
}

/** An exception that something unknown may raise, of whatever class: it counts where a handler is in sight. */
export class Possible extends Unknown {}

/** What the program has put in the place of an assumed value: nothing is assumed of it any more. */
export class Overwritten extends Unknown {}

/** Not known but for some of its attributes and items, which a person has said. */
export class PartlyKnown extends Unknown {
  readonly #parts = new Map<string, (m: Machine) => Value>()
  readonly #overwritten: Overwritten
  constructor(unknown: Unknown) {
    super(unknown.reason, unknown.origin, { isHarmless: unknown.isHarmless, isPlain: unknown.isPlain })
    this.#overwritten = new Overwritten(unknown.reason, unknown.origin)
  }

  /** `step` is `.name` or `["key"]`. What the program has set itself is not taken back. */
  offer(step: string, value: (m: Machine) => Value): void {
    if (!this.#parts.has(step)) this.#parts.set(step, value)
  }

  attribute(m: Machine, name: string): Value | undefined { return this.#parts.get(`.${name}`)?.(m) }

  item(m: Machine, key: Value): Value | undefined {
    return typeof key === 'string' || typeof key === 'number' ? this.#parts.get(`[${JSON.stringify(key)}]`)?.(m) : undefined
  }

  /** The program sets it: what was said does not hold from here on. */
  dropAttribute(name: string): void { this.#parts.set(`.${name}`, () => this.#overwritten) }

  /** As `dropAttribute`; of a key that is not known, every item. */
  dropItem(key: Value): void {
    if (typeof key === 'string' || typeof key === 'number') this.#parts.set(`[${JSON.stringify(key)}]`, () => this.#overwritten)
    else for (const step of this.#parts.keys()) if (step.startsWith('[')) this.#parts.set(step, () => this.#overwritten)
  }
}

/** An instance of a class written in Python or of a native class. */
export class PyInstance extends PyObject {
  /**
   * What native code keeps with the instance. Treat it as immutable and replace it (`machine.touch(self); self.host = ...`),
   * or it will not be undone with the branch that changed it.
   */
  declare host: unknown
  constructor(cls: PyClass, host?: unknown) {
    super(cls, new Map())
    this.host = host
  }

  protected override saveExtra(): unknown { return this.host }
  protected override restoreExtra(extra: unknown): void { this.host = extra }
}

/** An instance of a subclass of int, float, str or bytes: `value` is what it is to the built-in operations. */
export class PyBoxed extends PyInstance {
  declare readonly value: number | bigint | string | PyFloat | PyBytes | boolean
  constructor(cls: PyClass, value: number | bigint | string | PyFloat | PyBytes | boolean) {
    super(cls)
    this.value = value
  }
}

export class PyTuple extends PyObject {
  static cls: PyClass
  declare readonly items: readonly Value[]
  /** The items stand in the order of a set, which is not known. */
  declare isShuffled: boolean
  constructor(items: readonly Value[], cls: PyClass = PyTuple.cls) {
    super(cls)
    this.items = items
    this.isShuffled = false
  }
}

export class PyList extends PyObject {
  static cls: PyClass
  declare items: Value[]
  /** As of a tuple. */
  declare isShuffled: boolean
  constructor(items: Value[], cls: PyClass = PyList.cls) {
    super(cls)
    this.items = items
    this.isShuffled = false
  }

  override snapshot(): Snapshot {
    return { ...super.snapshot(), isShuffled: this.isShuffled }
  }

  override restore(saved: Snapshot): void {
    super.restore(saved)
    this.isShuffled = saved.isShuffled === true
  }

  protected override saveExtra(): unknown { return [...this.items] }
  protected override restoreExtra(extra: unknown): void { this.items = [...extra as Value[]] }
}

/** A key as a JS Map tells keys apart; made by `keyOf` in hash.ts. */
export type DictKey = null | number | bigint | string | object

interface DictState { readonly values: Map<DictKey, Value>, readonly originals: Map<DictKey, Value> | undefined }

/**
 * dict, in insertion order. Str, int and identity-hashed keys are their own `DictKey`; for the others `originals` has the key itself.
 * A namespace (`__dict__`, `globals()`) shares its Map with the object it belongs to, its `owner`.
 */
export class PyDict extends PyObject {
  static cls: PyClass
  declare values: Map<DictKey, Value>
  declare originals: Map<DictKey, Value> | undefined
  declare readonly owner: PyObject | undefined
  constructor(values: Map<DictKey, Value> = new Map<DictKey, Value>(), cls: PyClass = PyDict.cls, owner?: PyObject) {
    super(cls)
    this.values = values
    this.originals = undefined
    this.owner = owner
  }

  protected override saveExtra(): unknown {
    return { values: new Map(this.values), originals: this.originals === undefined ? undefined : new Map(this.originals) } satisfies DictState
  }

  protected override restoreExtra(extra: unknown): void {
    const state = extra as DictState
    this.values.clear()
    for (const [key, value] of state.values) this.values.set(key, value)
    this.originals = state.originals === undefined ? undefined : new Map(state.originals)
  }
}

/** set and frozenset, told apart by their class. Iterates in insertion order. */
export class PySet extends PyObject {
  static cls: PyClass
  static frozen: PyClass
  declare values: Map<DictKey, Value>
  constructor(values: Map<DictKey, Value> = new Map<DictKey, Value>(), cls: PyClass = PySet.cls) {
    super(cls)
    this.values = values
  }

  protected override saveExtra(): unknown { return new Map(this.values) }
  protected override restoreExtra(extra: unknown): void { this.values = new Map(extra as Map<DictKey, Value>) }
}

export class PyBytes extends PyObject {
  static cls: PyClass
  declare readonly data: Uint8Array
  constructor(data: Uint8Array, cls: PyClass = PyBytes.cls) {
    super(cls)
    this.data = data
  }
}

export class PyComplex extends PyObject {
  static cls: PyClass
  declare readonly re: number
  declare readonly im: number
  constructor(re: number, im: number) {
    super(PyComplex.cls)
    this.re = re
    this.im = im
  }
}

export class PySlice extends PyObject {
  static cls: PyClass
  declare readonly lower: Value
  declare readonly upper: Value
  declare readonly step: Value
  constructor(lower: Value, upper: Value, step: Value) {
    super(PySlice.cls)
    this.lower = lower
    this.upper = upper
    this.step = step
  }
}

export class PyRange extends PyObject {
  static cls: PyClass
  declare readonly start: number
  declare readonly stop: number
  declare readonly step: number
  constructor(start: number, stop: number, step: number) {
    super(PyRange.cls)
    this.start = start
    this.stop = stop
    this.step = step
  }

  get length(): number {
    const { start, stop, step } = this
    return step > 0 ? Math.max(0, Math.ceil((stop - start) / step)) : Math.max(0, Math.ceil((start - stop) / -step))
  }
}

/** A variable shared by a function and the functions inside it. */
export class PyCell extends PyObject {
  static cls: PyClass
  declare value: Value | undefined
  constructor(value?: Value) {
    super(PyCell.cls)
    this.value = value
  }

  protected override saveExtra(): unknown { return this.value }
  protected override restoreExtra(extra: unknown): void { this.value = extra as Value | undefined }
}

/** Lookup goes through `mro`; `attrs` are the names of the class body. */
export class PyClass extends PyObject {
  declare readonly name: string
  declare bases: readonly PyClass[]
  declare mro: readonly PyClass[]
  declare attrs: Map<string, Value>
  /** Set for classes made by native code, with what they need to behave. */
  declare native: NativeClassHooks | undefined
  /** The built-in layout instances have: a subclass of dict is a PyDict and so on. */
  declare layout: Layout
  /** Where the class statement stands. */
  declare readonly origin: Origin | undefined
  /** Why the class is not fully known, when a base or decorator was not. */
  declare opaque: Unknown | undefined
  declare readonly subclasses: PyClass[]
  declare cache: Map<string, Value | undefined>
  declare cacheVersion: number
  static type: PyClass
  constructor(name: string, bases: readonly PyClass[], attrs: Map<string, Value>, metaclass: PyClass, options: { origin?: Origin | undefined, native?: NativeClassHooks | undefined, layout?: Layout } = {}) {
    super(metaclass, attrs)
    this.name = name
    this.bases = bases
    this.mro = [this]
    this.native = options.native
    this.layout = options.layout ?? 'instance'
    this.origin = options.origin
    this.opaque = undefined
    this.subclasses = []
    this.cache = new Map()
    this.cacheVersion = -1
  }
}

export type Layout = 'instance' | 'boxed' | 'tuple' | 'list' | 'dict' | 'set' | 'class'

export interface NativeClassHooks {
  /** Host data for a new instance, before `__init__`; inherited by Python subclasses. */
  readonly allocate?: (m: Machine, cls: PyClass) => unknown
  /** Called when an instance may have been changed by code that is not evaluated; `doubt` is set on it already. */
  readonly onDoubt?: (m: Machine, instance: PyInstance, doubt: Unknown) => void
  /** Of a tuple: its slices are of its class (torch.Size). */
  readonly slicesToItself?: boolean
}

/** Python's own compiled function; `code` belongs to the interpreter. */
export class PyFunction extends PyObject {
  static cls: PyClass
  declare readonly code: FunctionCode
  declare readonly globals: Map<string, Value>
  declare readonly module: PyModule
  declare readonly closure: readonly PyCell[]
  declare defaults: readonly Value[]
  declare keywordDefaults: ReadonlyMap<string, Value> | undefined
  declare name: string
  declare qualname: string
  constructor(code: FunctionCode, module: PyModule, closure: readonly PyCell[], defaults: readonly Value[], keywordDefaults: ReadonlyMap<string, Value> | undefined, qualname: string) {
    super(PyFunction.cls, new Map())
    this.code = code
    this.globals = module.attrs
    this.module = module
    this.closure = closure
    this.defaults = defaults
    this.keywordDefaults = keywordDefaults
    this.name = code.name
    this.qualname = qualname
  }

  protected override saveExtra(): unknown { return [this.defaults, this.keywordDefaults, this.name, this.qualname] }
  protected override restoreExtra(extra: unknown): void {
    [this.defaults, this.keywordDefaults, this.name, this.qualname] = extra as [readonly Value[], ReadonlyMap<string, Value> | undefined, string, string]
  }
}

/** What everyone may know about the code of a Python function. */
export interface FunctionCode {
  readonly name: string
  readonly origin: Origin
  /** Names of positional parameters, then keyword-only ones. */
  readonly parameters: readonly string[]
  readonly positionalOnly: number
  /** How many of `parameters` may be given by position. */
  readonly positional: number
  readonly star: string | undefined
  readonly doubleStar: string | undefined
  readonly doc: string | undefined
}

/** A function bound to its first argument. */
export class PyMethod extends PyObject {
  static cls: PyClass
  declare readonly self: Value
  declare readonly callee: Value
  constructor(self: Value, callee: Value) {
    super(PyMethod.cls)
    this.self = self
    this.callee = callee
  }
}

/**
 * Thirty-two slots, so that destructuring the arguments of a native needs no checks: the signature has filled them.
 * (Past the signature's own parameters they are `undefined`.)
 */
export type Bound = readonly [Value, Value, Value, Value, Value, Value, Value, Value, Value, Value, Value, Value, Value, Value, Value, Value,
  Value, Value, Value, Value, Value, Value, Value, Value, Value, Value, Value, Value, Value, Value, Value, Value, ...Value[]]

export type NativeBody = (m: Machine, args: Bound) => Value

/** A callable written in TypeScript; made with `fn` and `method` of native.ts. */
export class NativeFunction extends PyObject {
  static cls: PyClass
  declare readonly name: string
  declare readonly signature: Signature | undefined
  declare readonly body: NativeBody
  /** True when it becomes a bound method on access through an instance. */
  declare readonly isMethod: boolean
  /** True when any Unknown argument makes the result that Unknown, without calling the body. */
  declare readonly isStrict: boolean
  /** True for what `object` provides: special methods that any other implementation outranks. */
  isDefault = false
  /** Of a `__getattr__`: what it finds, without the AttributeError for what it does not, which costs as much as all the rest. */
  declare find: ((m: Machine, object: Value, name: string) => Value | undefined) | undefined
  constructor(name: string, signature: Signature | undefined, body: NativeBody, options: { isMethod: boolean, isStrict: boolean }) {
    super(NativeFunction.cls)
    this.name = name
    this.signature = signature
    this.body = body
    this.find = undefined
    this.isMethod = options.isMethod
    this.isStrict = options.isStrict
  }
}

export interface Signature {
  readonly parameters: readonly SignatureParameter[]
  readonly positionalOnly: number
  readonly positional: number
  /** Index of `*args` / `**kwargs` in the bound array, or -1. */
  readonly star: number
  readonly doubleStar: number
}

export interface SignatureParameter {
  readonly name: string
  /** `undefined` when the argument is required. */
  readonly defaultValue: Value | undefined
}

export class PyProperty extends PyObject {
  static cls: PyClass
  declare readonly getter: Value
  declare readonly setter: Value
  declare readonly deleter: Value
  constructor(getter: Value, setter: Value, deleter: Value, cls: PyClass = PyProperty.cls) {
    super(cls, new Map())
    this.getter = getter
    this.setter = setter
    this.deleter = deleter
  }
}

/** staticmethod and classmethod, told apart by their class. */
export class PyWrapper extends PyObject {
  static staticmethod: PyClass
  static classmethod: PyClass
  declare readonly callee: Value
  constructor(callee: Value, cls: PyClass) {
    super(cls, new Map())
    this.callee = callee
  }
}

export class PyModule extends PyObject {
  static cls: PyClass
  declare readonly name: string
  declare attrs: Map<string, Value>
  /** The source file; undefined for native and opaque modules. */
  declare readonly file: string | undefined
  /** Answers for names not in `attrs`; `undefined` means there is no such attribute in the version in force. */
  fallback: ((m: Machine, name: string) => Value | undefined) | undefined
  /** Whether a name is there, for modules that know it of names whose value they do not know. */
  has: ((name: string) => boolean | undefined) | undefined
  /** For `dir()`: every name, where that is certain. */
  names: (() => readonly string[] | undefined) | undefined
  constructor(name: string, file?: string) {
    super(PyModule.cls, new Map<string, Value>([['__name__', name]]))
    this.name = name
    this.file = file
  }
}

/**
 * An iterator written in TypeScript. `step` answers the next value, or `undefined` at the end; all that it remembers from one step to the next
 * is `at` and what is in other objects, so that a branch which advanced it can be undone.
 */
export class PyIterator extends PyObject {
  static cls: PyClass
  declare readonly step: (m: Machine, self: PyIterator) => Value | undefined
  declare readonly typeName: string
  at = 0
  /** What it gives comes in the order of a set, which is not known. */
  isShuffled = false
  constructor(step: (m: Machine, self: PyIterator) => Value | undefined, typeName = 'iterator') {
    super(PyIterator.cls)
    this.step = step
    this.typeName = typeName
  }

  /** The next value; the doubt once it is not known how far it has come. */
  advance(m: Machine): Value | undefined {
    if (this.doubt !== undefined) return this.doubt
    m.touch(this)
    return this.step(m, this)
  }

  protected override saveExtra(): unknown { return this.at }
  protected override restoreExtra(extra: unknown): void { this.at = extra as number }
}

/** A Python exception on its way through TypeScript code. Natives throw it (`m.raise`), the interpreter catches it. */
export class PyRaise {
  declare readonly exception: PyObject
  constructor(exception: PyObject) { this.exception = exception }
}

/** A value that stands for an argument not given, for signatures with a default of `?`. */
export function isMissing(value: Value): boolean {
  return value === MISSING.value
}

/** Holder of the marker; assigned with the built-in classes. */
export const MISSING: { value: PyObject | undefined } = { value: undefined }

export interface Note {
  readonly kind: 'assumption' | 'doubt'
  /** One phrase, e.g. `args.hidden = 256 (argparse default)` or why the result may differ. */
  readonly text: string
  readonly origin: Origin | undefined
}

/** The evaluator as native code sees it. Every method may throw `PyRaise` (a Python exception) or a limit's stop; let both pass. */
export interface Machine {
  /** For `hasattr(torch, ...)` and the like, e.g. `2.6.0`. */
  readonly torchVersion: string
  readonly pythonVersion: readonly [major: number, minor: number, micro: number]

  // --- calling back into Python
  call(callee: Value, args?: readonly Value[], keywords?: ReadonlyMap<string, Value>): Value
  /** `object.name(...)`, without making the bound method. */
  callMethod(object: Value, name: string, args?: readonly Value[], keywords?: ReadonlyMap<string, Value>): Value
  /** As Python code does it, with descriptors, `__getattr__` and errors. */
  getAttribute(object: Value, name: string): Value
  /** As `getAttribute`, but `undefined` where Python raises AttributeError. */
  findAttribute(object: Value, name: string): Value | undefined
  setAttribute(object: Value, name: string, value: Value): void
  deleteAttribute(object: Value, name: string): void
  /** What `object.__setattr__` does: past any override, into descriptors and the instance's own dict. */
  setPlainAttribute(object: PyObject, name: string, value: Value): void
  /** Finds a name on a class along its mro, unbound. */
  lookup(cls: PyClass, name: string): Value | undefined
  getItem(object: Value, index: Value): Value
  setItem(object: Value, index: Value, value: Value): void

  // --- questions
  typeOf(value: Value): PyClass
  isInstance(value: Value, cls: PyClass): boolean
  isSubclass(cls: PyClass, of: PyClass): boolean
  truth(value: Value): boolean | Unknown
  equals(a: Value, b: Value): boolean | Unknown
  length(value: Value): number | Unknown
  str(value: Value): string | Unknown
  repr(value: Value): string | Unknown
  /** All items of an iterable, or the Unknown that stops us from knowing them. */
  items(iterable: Value): readonly Value[] | Unknown
  /** Pulls one at a time; `next` answers `undefined` at the end. */
  iterate(iterable: Value): { next(): Value | undefined } | Unknown

  // --- dicts with Python's key rules
  dictGet(dict: PyDict, key: Value): Value | undefined
  dictSet(dict: PyDict, key: Value, value: Value): void
  dictDelete(dict: PyDict, key: Value): boolean
  /** Keys and values in order. */
  dictEntries(dict: PyDict): readonly (readonly [Value, Value])[]

  // --- making things
  newInstance(cls: PyClass, args?: readonly Value[], keywords?: ReadonlyMap<string, Value>): Value
  /** Imports a module and answers it (`a.b.c` gives the innermost). */
  importModule(dotted: string): Value
  /** Throws a Python exception of a built-in class. */
  raise(className: string, message: string): never
  /** An Unknown that comes from the call being evaluated. */
  unknown(reason: string): Unknown
  /** The Python expression being evaluated: for a native, its call. */
  here(): Origin | undefined
  /** The calls that led here, the innermost first; with `made`, those above the construction of that object. */
  callers(made?: PyObject): readonly Origin[]
  /** The first of `callers` whose file is accepted. */
  callerIn(accept: (file: string) => boolean, made?: PyObject): Origin | undefined

  // --- honesty
  /** Must be called before any change to an existing object (its attributes, items or host data). */
  touch(object: PyObject): void
  /** The object may differ from what is recorded, for this reason. */
  doubt(object: PyObject, why: Unknown): void
  /** True when a `try` with handlers is open around what runs: an exception may be expected. */
  isGuarded(): boolean
  /** True while one way of a branch runs of which nobody knows whether it is taken. */
  isUndecided(): boolean
  /** The values go to code that is not evaluated: everything mutable they reach may be changed there. */
  escape(values: readonly Value[], why: Unknown): void
  /** The result holds under this assumption, e.g. a parameter's default. */
  assume(text: string): void
  /** Whether what `assume` would say is left open in this piece of work: then the value is Unknown. */
  isWithheld(text: string): boolean
  /** What a person has said that a name at a place is, where the program leaves it open; said with `assume` too. */
  assumedName(module: PyModule, at: Origin, name: string): Value | undefined
  /** As `assumedName`, for attributes of the name; undefined where nothing is said of any. */
  assumedParts(module: PyModule, at: Origin, name: string): ReadonlyMap<string, Value> | undefined
  /** Everything said with `assume`, and every read of a doubtful object, so far. */
  readonly notes: readonly Note[]
  /** Counts work done in a native against the budget. */
  spend(steps: number): void
}
