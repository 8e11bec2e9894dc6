/** Calling: argument binding of Python functions, instantiation, and everything else that is callable. */

import { typeClass } from '../core-classes.ts'
import { bindNative } from '../native.ts'
import { lookup } from '../operate/attributes.ts'
import { opaqueOf } from '../operate/opaque.ts'
import { type Bound, NativeFunction, PyBoxed, PyBytes, PyCell, PyClass, PyDict, PyFloat, PyFunction, PyInstance, PyList, PyMethod, PyObject, PySet, PyTuple, PyWrapper, Unknown, type Value } from '../value.ts'
import { mixed } from './mixed.ts'
import { type Code, Frame, type Interpreter, PyGenerator } from './frame.ts'

type Keywords = ReadonlyMap<string, Value> | undefined

/** Pushes the result onto the caller's stack, now or when the new frame ends. `args` may be changed. */
export function invoke(m: Interpreter, caller: Frame, callee: Value, args: Value[], keywords: Keywords): void {
  if (callee instanceof PyFunction) {
    const frame = frameFor(m, callee, args, keywords)
    if (frame instanceof Frame) m.enter(frame)
    else caller.stack.push(frame)
    return
  }
  if (callee instanceof NativeFunction) { caller.stack.push(callNative(m, callee, args, keywords)); return }
  if (callee instanceof PyMethod) {
    args.unshift(callee.self)
    invoke(m, caller, callee.callee, args, keywords)
    return
  }
  if (callee instanceof PyClass) { instantiate(m, caller, callee, args, keywords); return }
  if (callee instanceof Unknown) {
    if (!callee.isHarmless) m.escape(keywords === undefined ? args : [...args, ...keywords.values()], callee)
    caller.stack.push(callee.isPlain ? mixed(m, callee, args, keywords) : callee)
    return
  }
  if (callee instanceof PyWrapper) { invoke(m, caller, callee.callee, args, keywords); return }
  if (callee instanceof PyObject) {
    const method = lookup(callee.cls, '__call__')
    if (method instanceof PyFunction || method instanceof NativeFunction) {
      args.unshift(callee)
      invoke(m, caller, method, args, keywords)
      return
    }
    if (method !== undefined) { invoke(m, caller, method, args, keywords); return }
    const opaque = opaqueOf(callee)
    if (opaque !== undefined) {
      if (!opaque.isHarmless) m.escape(keywords === undefined ? args : [...args, ...keywords.values()], opaque)
      caller.stack.push(mixed(m, opaque, args, keywords))
      return
    }
  }
  m.raise('TypeError', `'${m.typeOf(callee).name}' object is not callable`)
}

export function callNative(m: Interpreter, callee: NativeFunction, args: readonly Value[], keywords: Keywords): Value {
  m.spend(1)
  if (callee.isStrict) {
    for (const value of args) if (value instanceof Unknown) return mixed(m, value, args, keywords)
    if (keywords !== undefined) for (const value of keywords.values()) if (value instanceof Unknown) return mixed(m, value, args, keywords)
  }
  const bound = callee.signature === undefined ? args as unknown as Bound : bindNative(m, callee.name, callee.signature, args, keywords)
  const result = callee.body(m, bound)
  return result instanceof Unknown && result.isPlain ? mixed(m, result, args, keywords) : result
}

/** A new frame with the arguments in place, or the generator or Unknown that calling gives at once. */
export function frameFor(m: Interpreter, fn: PyFunction, args: readonly Value[], keywords: Keywords): Frame | Value {
  const code = fn.code as Code
  const locals = bindArguments(m, fn, code, args, keywords)
  if (code.isAsync) return new Unknown('async code is not evaluated', code.origin)
  const { instructions } = code
  const cells: PyCell[] = []
  const own = instructions.cellNames.length - code.freeNames.length
  for (let i = 0; i < own; i++) cells.push(new PyCell())
  for (const cell of fn.closure) cells.push(cell)
  for (const [cell, local] of instructions.cellParameters) cells[cell]!.value = locals[local]
  const frame = new Frame(code, fn.module, locals, cells)
  frame.fn = fn
  m.allocate(2)
  if (!code.isGenerator) return frame
  const generator = new PyGenerator(frame)
  frame.generator = generator
  return generator
}

function bindArguments(m: Interpreter, fn: PyFunction, code: Code, args: readonly Value[], keywords: Keywords): (Value | undefined)[] {
  const { parameters, positional } = code
  const count = parameters.length
  const locals = new Array<Value | undefined>(code.instructions.localCount)
  const given = Math.min(args.length, positional)
  for (let i = 0; i < given; i++) locals[i] = args[i]
  let next = count
  if (code.star !== undefined) locals[next++] = new PyTuple(args.slice(given))
  let rest: PyDict | undefined
  if (code.doubleStar !== undefined) { rest = new PyDict(); locals[next] = rest }
  if (keywords !== undefined) {
    for (const [name, value] of keywords) {
      const at = parameters.indexOf(name)
      if (at >= code.positionalOnly) {
        if (locals[at] !== undefined) m.raise('TypeError', `${fn.qualname}() got multiple values for argument '${name}'`)
        locals[at] = value
      } else if (rest !== undefined) rest.values.set(name, value)
      else {
        positionalOnlyGiven(m, fn, code, keywords)
        m.raise('TypeError', `${fn.qualname}() got an unexpected keyword argument '${name}'`)
      }
    }
  }
  if (args.length > positional && code.star === undefined) tooMany(m, fn, code, args.length, locals)
  const { defaults } = fn
  const firstDefault = positional - defaults.length
  let missing: string[] | undefined
  for (let i = given; i < positional; i++) {
    if (locals[i] !== undefined) continue
    if (i >= firstDefault) locals[i] = defaults[i - firstDefault]
    else (missing ??= []).push(parameters[i]!)
  }
  if (missing !== undefined) missingArguments(m, fn, missing, 'positional')
  for (let i = positional; i < count; i++) {
    if (locals[i] !== undefined) continue
    const fallback = fn.keywordDefaults?.get(parameters[i]!)
    if (fallback !== undefined) locals[i] = fallback
    else (missing ??= []).push(parameters[i]!)
  }
  if (missing !== undefined) missingArguments(m, fn, missing, 'keyword-only')
  return locals
}

function positionalOnlyGiven(m: Interpreter, fn: PyFunction, code: Code, keywords: ReadonlyMap<string, Value>): void {
  const names = code.parameters.slice(0, code.positionalOnly).filter((name) => keywords.has(name))
  if (names.length > 0) m.raise('TypeError', `${fn.qualname}() got some positional-only arguments passed as keyword arguments: '${names.join(', ')}'`)
}

function tooMany(m: Interpreter, fn: PyFunction, code: Code, given: number, locals: readonly (Value | undefined)[]): never {
  const { positional } = code
  const keywordOnly = locals.slice(positional, code.parameters.length).filter((one) => one !== undefined).length
  const required = positional - fn.defaults.length
  const takes = fn.defaults.length === 0 ? `${positional}` : `from ${required} to ${positional}`
  m.raise('TypeError', `${fn.qualname}() takes ${takes} positional argument${positional === 1 && fn.defaults.length === 0 ? '' : 's'} but ${given} ${keywordOnly > 0 ? `positional argument${given === 1 ? '' : 's'} (and ${keywordOnly} keyword-only argument${keywordOnly === 1 ? '' : 's'}) were` : given === 1 ? 'was' : 'were'} given`)
}

function missingArguments(m: Interpreter, fn: PyFunction, names: readonly string[], kind: string): never {
  const quoted = names.map((name) => `'${name}'`)
  const list = quoted.length < 3 ? quoted.join(' and ') : `${quoted.slice(0, -1).join(', ')}, and ${quoted.at(-1)}`
  m.raise('TypeError', `${fn.qualname}() missing ${names.length} required ${kind} argument${names.length === 1 ? '' : 's'}: ${list}`)
}

// ---------------------------------------------------------------------------------------------- instances

function instantiate(m: Interpreter, caller: Frame, cls: PyClass, args: Value[], keywords: Keywords): void {
  if (isQuestion(cls, args, keywords)) { caller.stack.push(args[0] instanceof Unknown ? args[0] : m.typeOf(args[0]!)); return }
  if (cls.cls !== typeClass) {
    const metaCall = lookup(cls.cls, '__call__')
    if (metaCall !== undefined && metaCall !== lookup(typeClass, '__call__')) {
      args.unshift(cls)
      invoke(m, caller, metaCall, args, keywords)
      return
    }
  }
  const made = create(m, cls, args, keywords)
  if (!(made instanceof PyObject) || made instanceof Unknown || made === cls) { caller.stack.push(made); return }
  if (!m.isInstance(made, cls)) { caller.stack.push(made); return }
  const init = lookup(made.cls, '__init__')
  if (init instanceof PyFunction) {
    args.unshift(made)
    const frame = frameFor(m, init, args, keywords)
    if (frame instanceof Frame) {
      frame.completion = 'init'
      frame.subject = made
      m.enter(frame)
    } else caller.stack.push(made)
    return
  }
  initialise(m, made, init, cls, args, keywords)
  caller.stack.push(made)
}

/** `type(x)` asks for a class and makes none, so no `__init__` of a metaclass runs. */
function isQuestion(cls: PyClass, args: readonly Value[], keywords: Keywords): boolean {
  return cls === typeClass && args.length === 1 && (keywords?.size ?? 0) === 0
}

/** `type.__call__`: for metaclasses that call through, and natives. */
export function instantiateNow(m: Interpreter, cls: PyClass, args: readonly Value[], keywords: Keywords): Value {
  if (isQuestion(cls, args, keywords)) return args[0] instanceof Unknown ? args[0] : m.typeOf(args[0]!)
  const made = create(m, cls, [...args], keywords)
  if (!(made instanceof PyObject) || made instanceof Unknown || !m.isInstance(made, cls)) return made
  const init = lookup(made.cls, '__init__')
  if (init instanceof PyFunction) m.call(init, [made, ...args], keywords)
  else initialise(m, made, init, cls, args, keywords)
  return made
}

function initialise(m: Interpreter, made: PyObject, init: Value | undefined, cls: PyClass, args: readonly Value[], keywords: Keywords): void {
  if (init === undefined || (init instanceof NativeFunction && init.isDefault)) {
    if ((args.length > 0 || (keywords?.size ?? 0) > 0) && isDefaultNew(cls) && opaqueOf(made) === undefined) m.raise('TypeError', `${cls.name}() takes no arguments`)
    return
  }
  if (init instanceof NativeFunction) callNative(m, init, [made, ...args], keywords)
  else m.call(init, [made, ...args], keywords)
}

function isDefaultNew(cls: PyClass): boolean {
  const maker = lookup(cls, '__new__')
  return maker === undefined || (maker instanceof NativeFunction && maker.isDefault)
}

function create(m: Interpreter, cls: PyClass, args: Value[], keywords: Keywords): Value {
  const maker = lookup(cls, '__new__')
  if (maker === undefined || (maker instanceof NativeFunction && maker.isDefault)) {
    const opaque = cls.mro.find((one) => one.opaque !== undefined)?.opaque
    if (opaque !== undefined && cls.layout === 'instance') {
      // A base that is not known may do anything at construction; the instance exists, but what is in it is open.
      const made = allocate(m, cls)
      m.doubt(made, opaque)
      return made
    }
    return allocate(m, cls)
  }
  const callee = maker instanceof PyWrapper ? maker.callee : maker
  if (callee instanceof NativeFunction) return callNative(m, callee, [cls, ...args], keywords)
  return m.call(callee, [cls, ...args], keywords)
}

/** `object.__new__`: an empty instance with the layout of its built-in base. */
export function allocate(m: Interpreter, cls: PyClass): PyObject {
  m.allocate(2)
  const abstract = cls.attrs.get('__abstractmethods__')
  if (abstract instanceof PySet && abstract.values.size > 0) {
    const names = [...abstract.values.values()].map((name) => `'${String(name)}'`).sort()
    m.raise('TypeError', `Can't instantiate abstract class ${cls.name} without an implementation for abstract method${names.length === 1 ? '' : 's'} ${names.join(', ')}`)
  }
  switch (cls.layout) {
    case 'dict': return withAttributes(new PyDict(new Map(), cls))
    case 'list': return withAttributes(new PyList([], cls))
    case 'tuple': return withAttributes(new PyTuple([], cls))
    case 'set': return withAttributes(new PySet(new Map(), cls))
    case 'boxed': return new PyBoxed(cls, emptyOf(m, cls))
    default:
  }
  const instance = new PyInstance(cls)
  for (const one of cls.mro) {
    if (one.native?.allocate !== undefined) { instance.host = one.native.allocate(m, cls); break }
  }
  return instance
}

export function withAttributes<T extends PyObject>(object: T): T {
  object.attrs ??= new Map()
  return object
}

function emptyOf(m: Interpreter, cls: PyClass): PyBoxed['value'] {
  const names = cls.mro.map((one) => one.name)
  if (names.includes('str')) return ''
  if (names.includes('float')) return new PyFloat(0)
  if (names.includes('bytes') || names.includes('bytearray')) return new PyBytes(new Uint8Array())
  return 0
}

