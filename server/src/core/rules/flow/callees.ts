/**
 * The functions and classes of a file, and what they do to a model: given as an argument, found under its name, or called
 * by somebody else later. Looks into functions once per question; recursion ends at what is being looked at already.
 */

import type { CallExpression, ClassStatement, Expression, FunctionStatement, Span, Statement } from '../../syntax/ast.ts'
import { walk, walkKinds } from '../../syntax/walk.ts'
import type { Devices } from './devices.ts'
import type { Event, Summary } from './event.ts'
import { type Callees, type EventContext, summarise } from './events.ts'
import { dotted, type FileNames } from './names.ts'
import { readTaint } from './taint.ts'
import type { Variable } from './variable.ts'

/** Functions looked into for one question; past it a call counts as handing the model to something unknown. */
const maxLookups = 400

export interface FileFunctions {
  readonly body: readonly Statement[]
  readonly functions: ReadonlyMap<string, readonly FunctionStatement[]>
  readonly classes: ReadonlyMap<string, ClassStatement>
  /** Methods by name, over all classes. */
  readonly methods: ReadonlyMap<string, readonly FunctionStatement[]>
}

export function readFunctions(body: readonly Statement[]): FileFunctions {
  const functions = new Map<string, FunctionStatement[]>()
  const classes = new Map<string, ClassStatement>()
  const methods = new Map<string, FunctionStatement[]>()
  walkKinds(body, ['class', 'function'], (node, ancestors) => {
    if (node.kind === 'class') classes.set(node.name.id, node)
    if (node.kind !== 'function') return
    const table = ancestors().findLast((one) => one.kind === 'class' || one.kind === 'function')?.kind === 'class' ? methods : functions
    const known = table.get(node.name.id)
    if (known) known.push(node)
    else table.set(node.name.id, [node])
  })
  return { body, functions, classes, methods }
}

/** Where the variable lives. */
export interface VariableScope {
  /** The statements that run in order: a function's body, or the module. */
  readonly body: readonly Statement[]
  readonly owner: FunctionStatement | undefined
  /** The class of the method, for an attribute of `self`. */
  readonly holder: ClassStatement | undefined
  /** True when the name is the module's: at module level, or declared `global`. */
  readonly isGlobal: boolean
}

export interface CalleeQuestion {
  readonly file: FileFunctions
  readonly variable: Variable
  readonly scope: VariableScope
  readonly names: FileNames
  readonly devices: Devices
  /** The model's class, when it is of this file. */
  readonly modelClass: string | undefined
  readonly isBinding: (target: Expression) => boolean
  readonly textOf: (span: Span) => string
  /** Finds what a call calls in another file of the workspace. */
  readonly elsewhere?: (call: CallExpression) => OtherFile | undefined
}

/** A definition in another file, and how to look into that file. */
export interface OtherFile {
  readonly name: string
  readonly question: (asked: CalleeQuestion) => CalleeQuestion
}

export function createCallees(question: CalleeQuestion): Callees {
  const { file, scope } = question
  const known = new Map<string, Summary>()
  const busy = new Set<string>()
  let lookups = 0

  const summaryOf = (target: FunctionStatement, variable: Variable): Summary => {
    const key = `${String(target.start)} ${variable.text}`
    const kept = known.get(key)
    if (kept) return kept
    if (busy.has(key) || ++lookups > maxLookups) return []
    busy.add(key)
    const summary = summarise(target.body, contextFor(question, callees, variable, target.body))
    busy.delete(key)
    known.set(key, summary)
    return summary
  }

  const callees: Callees = {
    summaryOf,
    ownMethod: (name) => (question.modelClass === undefined ? undefined : methodOf(file.classes.get(question.modelClass), name)),
    givenTo(call, variable) {
      const { callee } = call
      const own = callee.kind === 'name' ? callees.givenToNamed(callee.id, call, variable) : undefined
      const other = own === undefined ? question.elsewhere?.(call) : undefined
      if (other) return createCallees(other.question(question)).givenToNamed(other.name, call, variable)
      if (callee.kind !== 'attribute') return own
      const methods = file.methods.get(callee.name.id)
      return methods?.flatMap((target) => givenToFunction(target, call, variable, isStatic(target) ? 0 : 1))
    },
    givenToNamed(name, call, variable) {
      const functions = file.functions.get(name)
      if (functions) return functions.flatMap((target) => givenToFunction(target, call, variable, 0))
      const made = file.classes.get(name)
      return made && givenToClass(made, call, variable)
    },
    reaching(call, variable) {
      if (variable.kind === 'attribute') {
        const { callee } = call
        if (callee.kind !== 'attribute' || callee.object.kind !== 'name' || callee.object.id !== 'self') return []
        const target = methodOf(scope.holder, callee.name.id)
        return target && target !== scope.owner ? summaryOf(target, variable) : []
      }
      if (variable.kind !== 'name' || variable.name === 'self' || call.callee.kind !== 'name') return []
      return (file.functions.get(call.callee.id) ?? [])
        .filter((target) => target !== scope.owner && seesVariable(target, variable, scope))
        .flatMap((target) => summaryOf(target, variable))
    },
  }

  const givenToFunction = (target: FunctionStatement, call: CallExpression, variable: Variable, skip: number): Summary =>
    parametersFor(target, call, variable, skip).flatMap((name) => summaryOf(target, { text: name, kind: 'name', name }))

  /** An object that keeps the model may use it in any of its methods, at any time. */
  const givenToClass = (made: ClassStatement, call: CallExpression, variable: Variable): Summary => {
    const init = methodOf(made, '__init__')
    if (!init) return [{ kind: 'settle', start: call.start, end: call.end }]
    const events: Event[] = [...givenToFunction(init, call, variable, 1)]
    for (const parameter of parametersFor(init, call, variable, 1)) {
      for (const attribute of keptAs(init, parameter)) {
        for (const method of made.body) {
          if (method.kind !== 'function' || method === init) continue
          const inside = summaryOf(method, { text: `self.${attribute}`, kind: 'attribute', name: attribute })
          const changes = inside.find((event) => event.kind === 'complete')
          if (changes) events.push({ kind: 'refuse', reason: `\`${made.name.id}.${method.name.id}\` may train or change it at any time`, start: call.start, end: call.end })
          else events.push(...inside.filter((event) => event.kind !== 'other' && event.kind !== 'bind'))
        }
      }
    }
    return events
  }

  return callees
}

export function contextFor(question: CalleeQuestion, callees: Callees, variable: Variable, body: readonly Statement[]): EventContext {
  const word = new RegExp(`(?<![\\w.])${variable.text.replaceAll('.', '\\.')}(?!\\w)`)
  return {
    variable,
    names: question.names,
    devices: question.devices,
    taint: readTaint(variable, taintBody(question, variable, body), question.names),
    callees,
    isBinding: question.isBinding,
    mentions: (span) => word.test(question.textOf(span)),
  }
}

/** An optimizer of a class may be made in one method and stepped in another; likewise for globals. */
function taintBody(question: CalleeQuestion, variable: Variable, body: readonly Statement[]): readonly Statement[] {
  if (variable.kind === 'attribute') return question.scope.holder?.body ?? body
  if (question.scope.isGlobal && variable.text === question.variable.text) return question.file.body
  return body
}

/** Events of functions that nobody in the scope calls, but that see the model: they may run at any time after it. */
export function laterEvents(question: CalleeQuestion, callees: Callees, variable: Variable): readonly (Event & { readonly by: string })[] {
  const { file, scope } = question
  const called = calledNames(question)
  const found: (Event & { readonly by: string })[] = []
  const add = (target: FunctionStatement, seen: Variable): void => {
    const isCalled = called.has(target.name.id) && target.decorators.length === 0
    if (isCalled || target === scope.owner) return
    found.push(...callees.summaryOf(target, seen).map((event) => ({ ...event, by: target.name.id })))
  }
  if (variable.kind === 'attribute') {
    for (const method of scope.holder?.body ?? []) if (method.kind === 'function') add(method, variable)
    const outside: Variable = { text: variable.text, kind: 'member', name: variable.name }
    const rest = file.body.filter((statement) => statement !== scope.holder)
    found.push(...summarise(rest, contextFor(question, callees, outside, rest)).filter((event) => event.kind !== 'other' && event.kind !== 'settle' && event.kind !== 'bind').map((event) => ({ ...event, by: 'other code' })))
    return found
  }
  for (const target of [...file.functions.values(), ...file.methods.values()].flat()) if (seesVariable(target, variable, scope)) add(target, variable)
  return found
}

/** Functions that the scope's own statements call by name, and those that these call in turn. */
function calledNames({ file, scope }: CalleeQuestion): ReadonlySet<string> {
  const called = new Set<string>()
  const pending: (readonly Statement[])[] = [scope.body]
  for (let body = pending.pop(); body; body = pending.pop()) {
    walk(body, (node) => {
      if (node.kind === 'function' || node.kind === 'class') return 'skip'
      if (node.kind !== 'call') return undefined
      const path = dotted(node.callee)
      const name = path?.length === 1 ? path[0] : path?.length === 2 && path[0] === 'self' && scope.holder ? path[1] : undefined
      if (name === undefined || called.has(name)) return undefined
      called.add(name)
      const targets = path?.length === 2 ? file.methods.get(name) : file.functions.get(name)
      for (const target of targets ?? []) pending.push(target.body)
      return undefined
    })
  }
  return called
}

function seesVariable(target: FunctionStatement, variable: Variable, scope: VariableScope): boolean {
  if (!scope.isGlobal && !(scope.owner && target.start > scope.owner.start && target.end <= scope.owner.end)) return false
  if (target.parameters.some((parameter) => parameter.name?.id === variable.name)) return false
  let isLocal = false
  let isDeclared = false
  walk(target.body, (node) => {
    if (node.kind === 'function' || node.kind === 'class') return 'skip'
    if (node.kind === 'global' || node.kind === 'nonlocal') isDeclared ||= node.names.some((name) => name.id === variable.name)
    if (node.kind === 'assign') isLocal ||= node.targets.some((one) => one.kind === 'name' && one.id === variable.name)
    if (node.kind === 'annotatedAssign' || node.kind === 'named' || node.kind === 'for') isLocal ||= node.target.kind === 'name' && node.target.id === variable.name
    return undefined
  })
  return isDeclared || !isLocal
}

/** The parameters that take the model in a call. */
function parametersFor(target: FunctionStatement, call: CallExpression, variable: Variable, skip: number): readonly string[] {
  const plain = target.parameters.filter((parameter) => parameter.kind === 'plain' && parameter.name).slice(skip)
  const found: string[] = []
  let position = 0
  for (const argument of call.args) {
    const holds = isModel(variable, argument.value)
    if (argument.kind === 'positional') {
      const name = plain[position]?.name?.id
      if (holds && name !== undefined) found.push(name)
      position += 1
    } else if (argument.kind === 'keyword' && holds && argument.name) found.push(argument.name.id)
  }
  return found
}

function isModel(variable: Variable, value: Expression): boolean {
  if (variable.kind === 'name') return value.kind === 'name' && value.id === variable.name
  return value.kind === 'attribute' && value.object.kind === 'name' && value.name.id === variable.name
}

/** The attributes of `self` that a constructor puts a parameter into. */
function keptAs(init: FunctionStatement, parameter: string): readonly string[] {
  const found: string[] = []
  walk(init.body, (node) => {
    if (node.kind !== 'assign' || node.value.kind !== 'name' || node.value.id !== parameter) return
    for (const target of node.targets) if (target.kind === 'attribute' && target.object.kind === 'name' && target.object.id === 'self') found.push(target.name.id)
  })
  return found
}

export function methodOf(holder: ClassStatement | undefined, name: string): FunctionStatement | undefined {
  return holder?.body.find((one): one is FunctionStatement => one.kind === 'function' && one.name.id === name)
}

function isStatic(target: FunctionStatement): boolean {
  return target.decorators.some((decorator) => decorator.value.kind === 'name' && decorator.value.id === 'staticmethod')
}
