/**
 * How native (TypeScript) functions, classes and modules are written and registered. Knows nothing of what they model.
 *
 * ```ts
 * const Layer = nativeClass({
 *   name: 'Layer', module: 'torch.nn', bases: [],                       // no bases means object
 *   allocate: () => ({ training: true }),                               // host data, also of Python subclasses
 *   methods: [
 *     method('__init__(self, size, *, bias=True)', (m, [self, size, bias]) => {
 *       m.setPlainAttribute(self as PyInstance, 'size', size)           // Unknown arguments arrive as they are
 *       if (bias === true) m.setAttribute(self, 'bias', m.call(makeParameter, [size]))
 *       return null
 *     }),
 *     method('__setattr__(self, name, value)', (m, [self, name, value]) => { ... m.setPlainAttribute(...); return null }),
 *     method('__getattr__(self, name)', (m, [self, name]) => m.raise('AttributeError', `no attribute ${name}`)),
 *   ],
 *   properties: { total: (m, self) => m.length(m.getAttribute(self, 'items')) },
 *   onDoubt: (m, self, why) => { m.touch(self); self.host = { ...(self.host as Data), why } },
 * })
 *
 * const torchNn: NativeModule = {
 *   name: 'torch.nn',
 *   build: (m) => ({ Layer, relu: fn('relu(input, inplace=False)', (m, [input]) => input) }),
 *   missing: (m, name) => m.unknown(`torch.nn.${name} is not modelled`), // or undefined: AttributeError, and hasattr is False
 * }
 * createEvaluator({ natives: [torchNn, ...], ... })
 * ```
 *
 * Signatures are Python's: `/`, `*`, `*args` (a PyTuple) and `**kwargs` (a PyDict) work. Defaults are literals (`None`, `True`, `1`, `1e-5`, `'x'`,
 * `()`), or `?` for "not given", which `isMissing` recognises. Python subclasses of native classes, `super()`, overriding, isinstance, pickling
 * names (`__module__`, `__qualname__`) work as for any class, because methods are looked up along the mro like any others.
 * `fn`/`method` bodies see Unknown arguments; `pure`/`pureMethod` bodies are not called when an argument is Unknown: the result is that Unknown.
 * Raise with `m.raise('ValueError', '...')`; answer `m.unknown('why')` for what cannot be known. Never answer a guess.
 */

import { initialiseBuiltins, objectClass, typeClass } from './core-classes.ts'
import { linearise } from './mro.ts'
import {
  type Bound, isShared, type Layout, type Machine, MISSING, type NativeBody, type NativeClassHooks, NativeFunction, PyClass, PyDict, PyFloat, type PyInstance, type PyModule, PyProperty, PyTuple,
  PyWrapper, type Signature, type SignatureParameter, type Value,
} from './value.ts'

initialiseBuiltins()

export interface NativeModule {
  /** Dotted name; parents that nobody gives are made empty. */
  readonly name: string
  /** The module's names; called once, at first import. */
  readonly build: (m: Machine, module: PyModule) => Readonly<Record<string, Value>>
  /** Names that are not in what `build` gave; see `PyModule.fallback`. Without it they are Unknown. */
  readonly missing?: (m: Machine, name: string) => Value | undefined
  /** Whether a name exists though its value is not known; `undefined` when that is not certain either. */
  readonly has?: (name: string) => boolean | undefined
  /** For `dir()`: every name that the module has, where that is certain. */
  readonly names?: () => readonly string[] | undefined
  /** Python of our own that runs in the module's namespace after `build`; its file is `<name>`. */
  readonly source?: string
  /** Every module below it is given too, so that one which is not does not exist. */
  readonly isComplete?: boolean
  /** Called when `source` has run. */
  readonly ready?: (m: Machine, names: Map<string, Value>) => void
}

/** A function whose body also sees Unknown arguments. */
export function fn(signature: string, body: NativeBody): NativeFunction {
  return make(signature, body, { isMethod: false, isStrict: false })
}

/** A method whose body also sees Unknown arguments; `self` is the first parameter. */
export function method(signature: string, body: NativeBody): NativeFunction {
  return make(signature, body, { isMethod: true, isStrict: false })
}

/** A function that any Unknown argument makes Unknown. */
export function pure(signature: string, body: NativeBody): NativeFunction {
  return make(signature, body, { isMethod: false, isStrict: true })
}

/** A method that any Unknown argument makes Unknown. */
export function pureMethod(signature: string, body: NativeBody): NativeFunction {
  return make(signature, body, { isMethod: true, isStrict: true })
}

export function staticMethod(callee: Value): PyWrapper {
  return new PyWrapper(callee, PyWrapper.staticmethod)
}

export type Getter = (m: Machine, self: PyInstance) => Value

/** A read-only or, with `set`, a writable native property. */
export function property(get: Getter, set?: (m: Machine, self: PyInstance, value: Value) => void): PyProperty {
  const getter = new NativeFunction('getter', undefined, (m, [self]) => get(m, self as PyInstance), { isMethod: false, isStrict: false })
  const setter = set === undefined ? null : new NativeFunction('setter', undefined, (m, [self, value]) => { set(m, self as PyInstance, value); return null }, { isMethod: false, isStrict: false })
  return new PyProperty(getter, setter, null)
}

export interface NativeClassOptions extends NativeClassHooks {
  readonly name: string
  /** Shown as `__module__`. */
  readonly module: string
  readonly bases?: readonly PyClass[]
  readonly metaclass?: PyClass
  readonly methods?: readonly NativeFunction[]
  readonly properties?: Readonly<Record<string, Getter | PyProperty>>
  /** Other class attributes. */
  readonly attributes?: Readonly<Record<string, Value>>
  readonly qualname?: string
}

export function nativeClass(options: NativeClassOptions): PyClass {
  const attrs = new Map<string, Value>([['__module__', options.module], ['__qualname__', options.qualname ?? options.name]])
  for (const one of options.methods ?? []) attrs.set(one.name, one)
  for (const [name, getter] of Object.entries(options.properties ?? {})) attrs.set(name, typeof getter === 'function' ? property(getter) : getter)
  for (const [name, value] of Object.entries(options.attributes ?? {})) attrs.set(name, value)
  const bases = options.bases === undefined || options.bases.length === 0 ? [objectClass] : options.bases
  const layout: Layout = bases.map((base) => base.layout).find((one) => one !== 'instance') ?? 'instance'
  const cls = new PyClass(options.name, bases, attrs, options.metaclass ?? bases[0]?.cls ?? typeClass, { native: options, layout })
  const mro = linearise(cls, bases)
  if (mro === undefined) throw new TypeError(`inconsistent bases of ${options.name}`)
  cls.mro = mro
  for (const base of bases) if (!isShared(base)) base.subclasses.push(cls)
  return cls
}

function make(text: string, body: NativeBody, options: { isMethod: boolean, isStrict: boolean }): NativeFunction {
  const open = text.indexOf('(')
  if (open < 0 || !text.endsWith(')')) throw new TypeError(`not a signature: ${text}`)
  return new NativeFunction(text.slice(0, open), parseSignature(text.slice(open + 1, -1)), body, options)
}

/** Reads `self, a, /, b=1, *args, c=None, **kw`. Signatures are written in this project, so an error is a defect and throws. */
export function parseSignature(text: string): Signature {
  const parameters: SignatureParameter[] = []
  let positionalOnly = 0
  let positional = -1
  let star = -1
  let doubleStar = -1
  for (const part of text.split(',').map((one) => one.trim()).filter((one) => one !== '')) {
    if (part === '/') { positionalOnly = parameters.length; continue }
    if (part === '*') { positional = parameters.length; continue }
    if (part.startsWith('**')) { doubleStar = parameters.length; parameters.push({ name: part.slice(2), defaultValue: undefined }); continue }
    if (part.startsWith('*')) { positional = parameters.length; star = parameters.length; parameters.push({ name: part.slice(1), defaultValue: undefined }); continue }
    const equals = part.indexOf('=')
    parameters.push(equals < 0 ? { name: part, defaultValue: undefined } : { name: part.slice(0, equals).trim(), defaultValue: literal(part.slice(equals + 1).trim()) })
  }
  if (positional < 0) positional = doubleStar < 0 ? parameters.length : doubleStar
  return { parameters, positionalOnly, positional, star, doubleStar }
}

function literal(text: string): Value {
  switch (text) {
    case '?': return MISSING.value!
    case 'None': return null
    case 'True': return true
    case 'False': return false
    case '()': return new PyTuple([])
  }
  const quoted = /^(['"])(.*)\1$/.exec(text)
  if (quoted !== null) return quoted[2]!
  if (/^-?\d+$/.test(text)) return Number(text)
  if (!Number.isNaN(Number(text))) return new PyFloat(Number(text))
  throw new TypeError(`not a literal default: ${text}`)
}

/** Arranges arguments as a signature asks; raises TypeError as Python does. */
export function bindNative(m: Machine, name: string, signature: Signature, args: readonly Value[], keywords: ReadonlyMap<string, Value> | undefined): Bound {
  const { parameters, positional, star, doubleStar } = signature
  const bound: Value[] = new Array<Value>(parameters.length)
  const given = Math.min(args.length, positional)
  for (let i = 0; i < given; i++) bound[i] = args[i]!
  if (star >= 0) bound[star] = new PyTuple(args.slice(given))
  else if (args.length > positional) m.raise('TypeError', `${name}() takes ${positional} positional argument${positional === 1 ? '' : 's'} but ${args.length} ${args.length === 1 ? 'was' : 'were'} given`)
  const rest = doubleStar >= 0 ? new PyDict() : undefined
  if (rest !== undefined) bound[doubleStar] = rest
  if (keywords !== undefined) {
    for (const [key, value] of keywords) {
      let at = -1
      for (let i = signature.positionalOnly; i < parameters.length; i++) if (parameters[i]!.name === key && i !== star && i !== doubleStar) { at = i; break }
      if (at >= 0) {
        if (at < given) m.raise('TypeError', `${name}() got multiple values for argument '${key}'`)
        bound[at] = value
      } else if (rest !== undefined) rest.values.set(key, value)
      else m.raise('TypeError', `${name}() got an unexpected keyword argument '${key}'`)
    }
  }
  for (let i = given; i < parameters.length; i++) {
    if (bound[i] !== undefined || i === star || i === doubleStar) continue
    const fallback = parameters[i]!.defaultValue
    if (fallback === undefined) m.raise('TypeError', `${name}() missing required argument: '${parameters[i]!.name}'`)
    bound[i] = fallback
  }
  return bound as unknown as Bound
}
