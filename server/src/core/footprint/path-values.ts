/**
 * What a path expression stands for, as far as the file alone tells: literals, `Path(...) / ...`, `os.path.join`, f-strings,
 * names bound once to such values, `__file__`, defaults of parameters and of argparse. Runs nothing and guesses nothing.
 */

import type { Argument, CallExpression, Expression, FormattedPart, Statement } from '../syntax/ast.ts'
import { walk } from '../syntax/walk.ts'

/** A resolved path text, `/` between its parts; relative ones are relative to the working directory. */
export interface KnownPath {
  readonly kind: 'path'
  readonly text: string
  /** Values taken from defaults: `args.weights = "m.pt" (argparse default)`. */
  readonly assuming: readonly string[]
}

export interface UnknownPath {
  readonly kind: 'unknown'
  readonly reason: string
}

export type PathValue = KnownPath | UnknownPath

export interface PathReader {
  read(expression: Expression): PathValue
}

/** Names that lead to names: deeper than this nobody writes. */
const maxHops = 20
/** A path longer than any file system takes. */
const maxLength = 4096

interface Bindings {
  /** Values by name: `x`, `.attribute`, or `name@start-of-function` for locals. */
  readonly values: ReadonlyMap<string, readonly (Expression | undefined)[]>
  /** Defaults of parameters, by `name@start-of-function`. */
  readonly defaults: ReadonlyMap<string, Expression | undefined>
  /** `--weights` -> its default. */
  readonly options: ReadonlyMap<string, Expression | undefined>
  /** Start and end of functions, inner ones after outer ones. */
  readonly functions: readonly { readonly start: number; readonly end: number }[]
}

/** `file` is the absolute path of the source file, for `__file__`. */
export function createPathReader(body: readonly Statement[], file: string): PathReader {
  let bindings: Bindings | undefined
  return {
    read(expression) {
      bindings ??= readBindings(body)
      const assuming: string[] = []
      const value = valueOf(expression, { bindings, file, assuming }, 0)
      if (typeof value !== 'string') return { kind: 'unknown', reason: value.reason }
      if (value.length > maxLength || value.includes('\0')) return { kind: 'unknown', reason: 'this is no path' }
      return { kind: 'path', text: normalise(value), assuming }
    },
  }
}

interface Context {
  readonly bindings: Bindings
  readonly file: string
  readonly assuming: string[]
}

type Value = string | { readonly reason: string }

function valueOf(expression: Expression, context: Context, hops: number): Value {
  if (hops > maxHops) return { reason: 'the path goes through too many names' }
  const next = (one: Expression): Value => valueOf(one, context, hops + 1)
  switch (expression.kind) {
    case 'string': return expression.value
    case 'number': return String(expression.value)
    case 'fstring': return joined(expression.parts.map((part) => partValue(part, next)))
    case 'name': return expression.id === '__file__' ? context.file : nameValue(expression.id, expression.start, context, hops)
    case 'binary':
      if (expression.operator === '/') return joinPaths([next(expression.left), next(expression.right)])
      if (expression.operator === '+') return joined([next(expression.left), next(expression.right)])
      return { reason: `\`${expression.operator}\` of paths is not followed` }
    case 'attribute': return attributeValue(expression.object, expression.name.id, context, hops)
    case 'subscript': {
      // `Path(__file__).parents[1]`
      const { object, index } = expression
      if (object.kind !== 'attribute' || object.name.id !== 'parents' || index.kind !== 'number') return { reason: 'an item of a collection is not followed' }
      const base = next(object.object)
      if (typeof base !== 'string') return base
      let path = base
      for (let up = 0; up <= Number(index.value) && up < maxHops; up++) path = parentOf(path)
      return path
    }
    case 'conditional': {
      const then = next(expression.then)
      const otherwise = next(expression.otherwise)
      return then === otherwise ? then : { reason: 'which of two paths it is depends on what happens at run time' }
    }
    case 'named': return next(expression.value)
    case 'call': return callValue(expression, context, hops)
    default: return { reason: 'this expression is not followed' }
  }
}

function partValue(part: FormattedPart, next: (one: Expression) => Value): Value {
  if (typeof part === 'string') return part
  if (part.format !== undefined || (part.conversion !== undefined && part.conversion !== 's')) return { reason: 'a formatted value is not followed' }
  return next(part.value)
}

function nameValue(name: string, at: number, context: Context, hops: number): Value {
  const { bindings } = context
  const around = bindings.functions.filter((one) => one.start <= at && at < one.end).toReversed()
  for (const owner of [...around.map((one) => `@${String(one.start)}`), '']) {
    const key = name + owner
    const values = bindings.values.get(key)
    if (values) {
      if (values.length > 1) return oneOf(values, name, context, hops)
      return values[0] ? valueOf(values[0], context, hops + 1) : { reason: `\`${name}\` is not a constant` }
    }
    if (bindings.defaults.has(key)) return presetValue(bindings.defaults.get(key), name, 'parameter default', context, hops)
  }
  return { reason: `\`${name}\` is not known here` }
}

/** A name that is bound several times is known when it is the same each time. */
function oneOf(values: readonly (Expression | undefined)[], name: string, context: Context, hops: number): Value {
  const known = values.map((value) => (value ? valueOf(value, context, hops + 1) : { reason: '' }))
  return typeof known[0] === 'string' && known.every((value) => value === known[0]) ? known[0] : { reason: `\`${name}\` has several values` }
}

function presetValue(preset: Expression | undefined, name: string, what: string, context: Context, hops: number): Value {
  if (!preset || (preset.kind === 'constant' && preset.value === 'None')) return { reason: `\`${name}\` is given from outside` }
  const value = valueOf(preset, context, hops + 1)
  if (typeof value === 'string') context.assuming.push(`${name} = ${JSON.stringify(value)} (${what})`)
  return value
}

function attributeValue(object: Expression, name: string, context: Context, hops: number): Value {
  if (name === 'parent') {
    const base = valueOf(object, context, hops + 1)
    return typeof base === 'string' ? parentOf(base) : base
  }
  const option = context.bindings.options.get(name)
  const assigned = context.bindings.values.get(`.${name}`)
  if (assigned) return assigned.length === 1 && assigned[0] ? valueOf(assigned[0], context, hops + 1) : { reason: `\`.${name}\` has several values` }
  if (context.bindings.options.has(name)) return presetValue(option, `${object.kind === 'name' ? object.id : 'args'}.${name}`, 'argparse default', context, hops)
  return { reason: `\`${object.kind === 'name' ? `${object.id}.` : '.'}${name}\` is not known here` }
}

function callValue(call: CallExpression, context: Context, hops: number): Value {
  const { callee, args } = call
  const next = (one: Expression): Value => valueOf(one, context, hops + 1)
  const plain = args.every((argument) => argument.kind === 'positional')
  const values = (): Value[] => args.map((argument) => next(argument.value))
  if (callee.kind === 'name') {
    if (/^(?:Path|PurePath|PosixPath|WindowsPath|PurePosixPath)$/.test(callee.id) && plain) return args.length ? joinPaths(values()) : '.'
    if (callee.id === 'str' && plain && args.length === 1) return next(args[0]!.value)
    if (/^(?:join|dirname|abspath|realpath|expanduser|normpath)$/.test(callee.id) && plain) return osPath(callee.id, values())
    if (callee.id === 'open' && args[0]) return next(args[0].value)
    return { reason: `what \`${callee.id}\` answers is not known` }
  }
  if (callee.kind !== 'attribute') return { reason: 'what a call answers is not known' }
  const method = callee.name.id
  if (isModule(callee.object, 'os', 'path') || (callee.object.kind === 'name' && callee.object.id === 'osp')) return plain ? osPath(method, values()) : { reason: 'a starred argument is not followed' }
  if (callee.object.kind === 'name' && callee.object.id === 'pathlib' && method === 'Path') return joinPaths(values())
  if (callee.object.kind === 'name' && callee.object.id === 'os' && method === 'fspath' && args[0]) return next(args[0].value)
  switch (method) {
    case 'joinpath': return plain ? joinPaths([next(callee.object), ...values()]) : { reason: 'a starred argument is not followed' }
    case 'resolve': case 'absolute': case 'as_posix': case 'expanduser': case '__str__': return next(callee.object)
    case 'open': return next(callee.object)
    case 'with_suffix': case 'with_name': {
      const base = next(callee.object)
      const change = args[0] ? next(args[0].value) : { reason: 'the change is not known' }
      if (typeof base !== 'string' || typeof change !== 'string') return typeof base === 'string' ? change : base
      return method === 'with_name' ? joinPaths([parentOf(base), change]) : base.replace(/(?<=[^/])\.[^./]*$/, '') + change
    }
    case 'format': return formatted(next(callee.object), args, next)
    default: return { reason: `what \`.${method}()\` answers is not known` }
  }
}

function osPath(name: string, values: readonly Value[]): Value {
  switch (name) {
    case 'join': return joinPaths(values)
    case 'dirname': return typeof values[0] === 'string' ? parentOf(values[0]) : values[0] ?? { reason: 'a path is missing' }
    case 'abspath': case 'realpath': case 'normpath': case 'expanduser': return values[0] ?? { reason: 'a path is missing' }
    default: return { reason: `what \`os.path.${name}\` answers is not known` }
  }
}

function isModule(expression: Expression, first: string, second: string): boolean {
  return expression.kind === 'attribute' && expression.name.id === second && expression.object.kind === 'name' && expression.object.id === first
}

/** `'{}/m.pt'.format(folder)`, with plain `{}` and `{name}` only. */
function formatted(template: Value, args: readonly Argument[], next: (one: Expression) => Value): Value {
  if (typeof template !== 'string') return template
  let position = 0
  let failure: { reason: string } | undefined
  const text = template.replace(/\{(\w*)\}/g, (_, name: string) => {
    const argument = name === '' ? args.filter((one) => one.kind === 'positional')[position++] : /^\d+$/.test(name) ? args[Number(name)] : args.find((one) => one.name?.id === name)
    const value = argument ? next(argument.value) : { reason: 'a part of the path is missing' }
    if (typeof value === 'string') return value
    failure = value
    return ''
  })
  return failure ?? (/[{}]/.test(text) ? { reason: 'a format specification is not followed' } : text)
}

function joined(values: readonly Value[]): Value {
  return values.find((value) => typeof value !== 'string') ?? values.join('')
}

/** As pathlib and os.path.join do it: an absolute part starts anew. */
function joinPaths(values: readonly Value[]): Value {
  let path = ''
  for (const value of values) {
    if (typeof value !== 'string') return value
    path = value.startsWith('/') || /^[A-Za-z]:[\\/]/.test(value) || path === '' ? value : `${path.replace(/\/$/, '')}/${value}`
  }
  return path
}

function parentOf(path: string): string {
  const plain = path.replace(/(?<=.)\/+$/, '')
  const slash = plain.lastIndexOf('/')
  return slash < 0 ? '.' : plain.slice(0, slash) || '/'
}

/** Forward slashes, without `.` and, where that is safe, `..`. */
export function normalise(path: string): string {
  const parts: string[] = []
  for (const part of path.replaceAll('\\', '/').split('/')) {
    if (part === '.' || (part === '' && parts.length > 0)) continue
    if (part === '..' && parts.length > 0 && parts.at(-1) !== '..' && parts.at(-1) !== '') parts.pop()
    else parts.push(part)
  }
  return parts.join('/') || (path.startsWith('/') ? '/' : '.')
}

function readBindings(body: readonly Statement[]): Bindings {
  const values = new Map<string, (Expression | undefined)[]>()
  const defaults = new Map<string, Expression | undefined>()
  const options = new Map<string, Expression | undefined>()
  const functions: { start: number; end: number }[] = []
  walk(body, (node, ancestors) => {
    const owner = ancestors.findLast((one) => one.kind === 'function')
    const inClass = ancestors.findLast((one) => one.kind === 'function' || one.kind === 'class')?.kind === 'class'
    const bind = (target: Expression, value: Expression | undefined): void => {
      if (target.kind === 'tuple' || target.kind === 'list') {
        const items = value?.kind === 'tuple' || value?.kind === 'list' ? value.items : undefined
        for (const [index, item] of target.items.entries()) bind(item, items?.length === target.items.length ? items[index] : undefined)
        return
      }
      const key = target.kind === 'name' ? (inClass ? `.${target.id}` : target.id + (owner ? `@${String(owner.start)}` : '')) : target.kind === 'attribute' ? `.${target.name.id}` : undefined
      if (key === undefined) return
      const known = values.get(key)
      if (known) known.push(value)
      else values.set(key, [value])
    }
    switch (node.kind) {
      case 'assign': for (const target of node.targets) bind(target, node.value); break
      case 'annotatedAssign': if (node.value) bind(node.target, node.value); break
      case 'augmentedAssign': bind(node.target, undefined); break
      case 'named': bind(node.target, node.value); break
      case 'for': bind(node.target, undefined); break
      case 'with':
        for (const item of node.items) if (item.target) bind(item.target, item.context)
        break
      case 'function':
        functions.push({ start: node.start, end: node.end })
        for (const parameter of node.parameters) if (parameter.name) defaults.set(`${parameter.name.id}@${String(node.start)}`, parameter.defaultValue)
        break
      case 'call': readOption(node, options); break
      default: break
    }
  })
  return { values, defaults, options, functions }
}

/** `parser.add_argument("--weights", default="m.pt")` and the same in click and typer. */
function readOption(call: CallExpression, options: Map<string, Expression | undefined>): void {
  const name = call.callee.kind === 'attribute' ? call.callee.name.id : call.callee.kind === 'name' ? call.callee.id : ''
  if (name !== 'add_argument' && name !== 'option' && name !== 'Option') return
  const flags = call.args.flatMap((argument) => (argument.kind === 'positional' && argument.value.kind === 'string' ? [argument.value.value] : []))
  const flag = flags.find((text) => text.startsWith('--')) ?? flags[0]
  const destination = call.args.find((argument) => argument.name?.id === 'dest')?.value
  const target = destination?.kind === 'string' ? destination.value : flag?.replace(/^-+/, '').replaceAll('-', '_')
  if (target) options.set(target, call.args.find((argument) => argument.name?.id === 'default')?.value)
}
