/**
 * Reads the events of one model variable out of expressions and statements, in the order in which Python evaluates them.
 * Follows calls into functions of the same file; names that lead elsewhere are judged by calls.ts.
 */

import type { CallExpression, Expression, FunctionStatement, Span, Statement } from '../../syntax/ast.ts'
import { childNodes, walk } from '../../syntax/walk.ts'
import { type Effect, knownFunction, moduleMethod, namedFunction } from './calls.ts'
import type { Devices } from './devices.ts'
import type { Event, Summary } from './event.ts'
import type { FlowNode } from './graph.ts'
import { dotted, type FileNames } from './names.ts'
import { holdsOutputs, holdsParameters, type Taint } from './taint.ts'
import { isChainMethod, isVariable, pathFrom, type Variable } from './variable.ts'

export interface EventContext {
  readonly variable: Variable
  readonly names: FileNames
  readonly devices: Devices
  readonly taint: Taint
  /** True when the text there has the variable's name in it: what cannot be parsed may still use it. */
  mentions(span: Span): boolean
  /** True for a target at which the variable becomes the model in question. */
  isBinding(target: Expression): boolean
  /** What functions of the file do to the model. */
  readonly callees: Callees
}

export interface Callees {
  /** A call of a function or class of this file with the model among its arguments; undefined when it is none. */
  givenTo(call: CallExpression, variable: Variable): Summary | undefined
  /** As `givenTo`, for a function or class of the file by its name there. */
  givenToNamed(name: string, call: CallExpression, variable: Variable): Summary | undefined
  /** A call of a function or method that finds the model under its own name; empty when it does not. */
  reaching(call: CallExpression, variable: Variable): Summary
  /** A method of the model's own class, by name. */
  ownMethod(name: string): FunctionStatement | undefined
  summaryOf(body: FunctionStatement, variable: Variable): Summary
}

/** The events of one node of the flow graph. */
export function eventsOfNode(node: FlowNode, context: EventContext): readonly Event[] {
  const events: Event[] = []
  if (node.effect?.kind === 'return') {
    // A model that is returned is used by whoever called: not here.
    for (const expression of node.expressions) if (pathFrom(context.variable, expression)?.length !== 0 || expression.kind === 'call') readExpression(expression, context, events)
    return events
  }
  if (node.effect && isAssignment(node.effect)) {
    readAssignment(node.effect, context, events)
    return events
  }
  for (const expression of node.expressions) readExpression(expression, context, events)
  if (node.effect) readEffect(node.effect, context, events)
  return events
}

type Assignment = Extract<Statement, { kind: 'assign' | 'annotatedAssign' | 'augmentedAssign' }>

function isAssignment(statement: Statement): statement is Assignment {
  return statement.kind === 'assign' || statement.kind === 'annotatedAssign' || statement.kind === 'augmentedAssign'
}

function readAssignment(statement: Assignment, context: EventContext, events: Event[]): void {
  const { value } = statement
  if (!value) return
  const targets = statement.kind === 'assign' ? statement.targets : [statement.target]
  const own = targets.some((target) => isVariable(context.variable, target))
  const chain = own ? pathFrom(context.variable, value) : undefined
  readExpression(value, context, events, { rebinding: own })
  const isOwnState = context.variable.text === 'self'
  if (statement.kind === 'augmentedAssign' && ((!isOwnState && pathFrom(context.variable, statement.target)) || isTainted(statement.target, context.taint.parameters))) {
    events.push({ kind: 'complete', how: 'train', ...spanOf(statement) })
    return
  }
  for (const target of targets) readTarget(target, value, chain, context, events)
}

function readTarget(target: Expression, value: Expression, chain: readonly string[] | undefined, context: EventContext, events: Event[]): void {
  if (isVariable(context.variable, target)) {
    // `model = model.eval()` leaves the name with the model.
    if (chain?.length === 0) return
    if (context.isBinding(target)) {
      events.push({ kind: 'bind', ...spanOf(target) })
      readConstruction(value, context, events)
    } else if (!isRewrapping(value, context)) events.push({ kind: 'other', ...spanOf(target) })
    return
  }
  if (target.kind === 'tuple' || target.kind === 'list') {
    for (const item of target.items) readTarget(item, value, undefined, context, events)
    return
  }
  // A model's own methods keep plain values in attributes; that is no change of its layers.
  const path = context.variable.text === 'self' ? undefined : pathFrom(context.variable, target)
  if (path) {
    events.push(path.length === 1 && path[0] === 'training' ? { kind: 'settle', ...spanOf(target) } : { kind: 'complete', how: 'change', ...spanOf(target) })
  } else if (target.kind === 'attribute' && /^(?:data|grad|requires_grad)$/.test(target.name.id) && isTainted(target.object, context.taint.parameters)) {
    events.push(target.name.id === 'requires_grad' ? { kind: 'settle', ...spanOf(target) } : { kind: 'complete', how: 'train', ...spanOf(target) })
  }
}

/** `model = wrap(model)`: the name is taken to hold the model still, changed. */
function isRewrapping(value: Expression, context: EventContext): boolean {
  return value.kind === 'call' && value.args.some((argument) => pathFrom(context.variable, argument.value)?.length === 0)
}

/** `Net().cuda()`, `Net(device="cuda")`: what the constructing expression itself says. */
function readConstruction(value: Expression, context: EventContext, events: Event[]): void {
  const chain: CallExpression[] = []
  let at = value
  while (at.kind === 'call') {
    chain.unshift(at)
    if (at.callee.kind !== 'attribute' || !isChainMethod(at.callee.name.id)) break
    at = at.callee.object
  }
  for (const call of chain) {
    if (call.callee.kind === 'attribute' && isChainMethod(call.callee.name.id)) pushEffect(moduleMethod(call.callee.name.id, call) ?? 'nothing', call, context, events)
    else for (const argument of call.args) if (argument.name?.id === 'device' || argument.name?.id === 'dtype') pushMove(argument.value, call, context, events)
  }
  if (context.devices.everywhere === 'gpu') events.push({ kind: 'device', on: 'gpu', ...spanOf(value) })
  if (context.devices.everywhere === 'other-precision') events.push({ kind: 'precision', is: 'other', ...spanOf(value) })
}

function readEffect(statement: Statement, context: EventContext, events: Event[]): void {
  const unbind = (target: Expression | undefined): void => {
    if (!target) return
    if (target.kind === 'tuple' || target.kind === 'list') for (const item of target.items) unbind(item)
    else if (isVariable(context.variable, target)) events.push(context.isBinding(target) ? { kind: 'bind', ...spanOf(target) } : { kind: 'other', ...spanOf(target) })
    else if (pathFrom(context.variable, target)) events.push({ kind: 'complete', how: 'change', ...spanOf(target) })
  }
  switch (statement.kind) {
    case 'for': unbind(statement.target); break
    case 'with': for (const item of statement.items) unbind(item.target); break
    case 'delete': for (const target of statement.targets) unbind(target); break
    case 'function': case 'class':
      if (context.variable.kind === 'name' && statement.name.id === context.variable.name) events.push({ kind: 'other', ...spanOf(statement.name) })
      break
    case 'error':
      if (context.mentions(statement)) events.push({ kind: 'refuse', reason: 'a line that uses it cannot be parsed', ...spanOf(statement) })
      break
    default: break
  }
}

interface ReadOptions {
  /** The value is assigned back to the variable: `model = model.to(device)` is no alias. */
  readonly rebinding?: boolean
}

function readExpression(expression: Expression, context: EventContext, events: Event[], options: ReadOptions = {}): void {
  const { variable } = context
  switch (expression.kind) {
    case 'named':
      readExpression(expression.value, context, events)
      readTarget(expression.target, expression.value, pathFrom(variable, expression.value), context, events)
      return
    case 'call':
      readCall(expression, context, events)
      return
    case 'lambda':
      // It runs later, if at all: what it does is taken to happen here.
      if (!expression.parameters.some((parameter) => variable.kind === 'name' && parameter.name?.id === variable.name)) readExpression(expression.body, context, events)
      return
    case 'comprehension':
      for (const clause of expression.clauses) {
        readExpression(clause.iterable, context, events)
        if (isVariable(variable, clause.target)) return
        for (const condition of clause.conditions) readExpression(condition, context, events)
      }
      readExpression(expression.element, context, events)
      if (expression.value) readExpression(expression.value, context, events)
      return
    case 'attribute': case 'subscript': {
      const path = pathFrom(variable, expression)
      if (!path && expression.kind === 'subscript' && listsParameters(expression.object, variable)) events.push({ kind: 'state', ...spanOf(expression) })
      if (!path) break
      readInnerCall(expression, context, events)
      if (isWeight(path)) events.push({ kind: 'weight', path: toWeight(path), ...spanOf(expression) })
      return
    }
    case 'name':
      if (isVariable(variable, expression) && options.rebinding !== true) events.push({ kind: 'settle', ...spanOf(expression) })
      return
    case 'error':
      if (context.mentions(expression)) events.push({ kind: 'refuse', reason: 'a line that uses it cannot be parsed', ...spanOf(expression) })
      return
    default: break
  }
  for (const child of childNodes(expression)) readExpression(child as Expression, context, events)
}

function isWeight(path: readonly string[]): boolean {
  return path.some((step) => /^(?:weight|bias)(?:_|$)/.test(step))
}

/** The path up to the weight itself. */
function toWeight(path: readonly string[]): readonly string[] {
  return path.slice(0, path.findIndex((step) => isWeight([step])) + 1)
}

function readCall(call: CallExpression, context: EventContext, events: Event[]): void {
  const { variable, callees } = context
  const path = pathFrom(variable, call.callee)
  if (path === undefined) {
    readCallee(call.callee, context, events)
    readArguments(call, context, events)
    readFreeCall(call, context, events)
    return
  }
  readInnerCall(call.callee, context, events)
  readArguments(call, context, events)
  if (path.length === 0 && call.callee.kind !== 'attribute') {
    events.push({ kind: 'infer', ...spanOf(call) })
    return
  }
  const method = path.at(-1)
  if (method === undefined || isVariable(variable, call.callee)) {
    events.push({ kind: 'infer', ...spanOf(call) })
    return
  }
  const holder = path.slice(0, -1)
  if (isWeight(holder)) {
    events.push(/_$/.test(method) || holder.includes('data') ? { kind: 'complete', how: 'change', ...spanOf(call) } : { kind: 'weight', path: toWeight(holder), ...spanOf(call) })
    return
  }
  const own = holder.length === 0 ? callees.ownMethod(method) : undefined
  const known = moduleMethod(method, call)
  if (own && (known === undefined || method !== 'forward')) {
    events.push(...callees.summaryOf(own, { text: 'self', kind: 'name', name: 'self' }).map((event) => ({ ...event, ...spanOf(call) })))
    if (!/^(?:__init__|_?init_?\w*|reset_\w+)$/.test(method)) events.push({ kind: 'infer', ...spanOf(call) })
    return
  }
  pushEffect(known ?? (method.endsWith('parameters') ? 'nothing' : namedFunction(method, [])), call, context, events)
}

/** Of `model.to(d).eval().fc.weight` the calls on the way; of `(model := Net())(x)` the assignment. */
function readInnerCall(expression: Expression, context: EventContext, events: Event[]): void {
  let at = expression
  while (at.kind === 'attribute' || at.kind === 'subscript') {
    if (at.kind === 'subscript') readExpression(at.index, context, events)
    at = at.object
  }
  if (at.kind === 'call' || at.kind === 'named') readExpression(at, context, events)
}

/** `fs[i](x)`, `make()(x)`: the callee's own evaluation; a bare name or attribute has none of interest. */
function readCallee(callee: Expression, context: EventContext, events: Event[]): void {
  if (callee.kind === 'name') return
  if (callee.kind === 'attribute') readExpression(callee.object, context, events)
  else readExpression(callee, context, events)
}

/** The arguments but the model itself, whose use readFreeCall judges by the callee. */
function readArguments(call: CallExpression, context: EventContext, events: Event[]): void {
  for (const argument of call.args) if (!isVariable(context.variable, argument.value)) readExpression(argument.value, context, events)
}

function readFreeCall(call: CallExpression, context: EventContext, events: Event[]): void {
  const { variable, taint, names, callees } = context
  const span = spanOf(call)
  const method = call.callee.kind === 'attribute' ? call.callee.name.id : dotted(call.callee)?.at(-1) ?? ''
  const receiver = call.callee.kind === 'attribute' ? call.callee.object : undefined
  if (receiver && trains(method, receiver, call, context)) events.push({ kind: 'complete', how: 'train', ...span })
  const qualified = names.resolve(call.callee)
  // Initialisers and in-place methods write into what they are given.
  const writes = /^torch\.nn\.init\./.test(qualified ?? '') || (receiver !== undefined && /[^_]_$/.test(method) && isTainted(receiver, taint.parameters))
  if (writes && call.args.concat().some((argument) => pathFrom(variable, argument.value) || isTainted(argument.value, taint.parameters))) events.push({ kind: 'complete', how: 'change', ...span })
  else if (writes && receiver && isTainted(receiver, taint.parameters) && method !== 'requires_grad_' && method !== 'zero_') events.push({ kind: 'complete', how: 'train', ...span })
  if (picksParameters(call, variable)) events.push({ kind: 'state', ...span })
  events.push(...callees.reaching(call, variable).map((event) => ({ ...event, ...span })))
  if (!call.args.some((argument) => holdsModel(variable, argument.value))) return
  const known = knownFunction(qualified) ?? partOf(qualified)
  const inside = known === undefined ? callees.givenTo(call, variable) : undefined
  if (inside) {
    events.push(...inside.map((event) => ({ ...event, ...span })))
    return
  }
  const others = call.args.filter((argument) => !holdsModel(variable, argument.value)).map((argument) => argument.name?.id ?? dotted(argument.value)?.at(-1) ?? '')
  pushEffect(known ?? namedFunction(method, others), call, context, events)
}

/** A layer of torch's that takes another one copies or keeps it: what is done to it later is done to the whole. */
function partOf(qualified: string | undefined): Effect | undefined {
  const found = /^torch\.nn\.([A-Z]\w*)$/.exec(qualified ?? '')
  return found ? { refuse: `it becomes a part of a \`${found[1]!}\`` } : undefined
}

/** The model itself, also in a list, tuple or starred. */
function holdsModel(variable: Variable, value: Expression): boolean {
  if (value.kind === 'list' || value.kind === 'tuple' || value.kind === 'set') return value.items.some((item) => holdsModel(variable, item))
  if (value.kind === 'starred') return holdsModel(variable, value.value)
  return pathFrom(variable, value)?.length === 0
}

function trains(method: string, receiver: Expression, call: CallExpression, context: EventContext): boolean {
  const { variable, taint } = context
  if (method === 'step' || method === 'minimize') {
    return isTainted(receiver, taint.parameters) || call.args.some((argument) => holdsParameters(variable, argument.value, taint.parameters))
  }
  if (method !== 'backward' && method !== 'manual_backward') return false
  return taint.mayBeTrained && (holdsOutputs(variable, receiver, taint.outputs) || call.args.some((argument) => holdsOutputs(variable, argument.value, taint.outputs)))
}

function isTainted(expression: Expression, names: ReadonlySet<string>): boolean {
  let at = expression
  for (;;) {
    const name = dotted(at)?.join('.')
    if (name !== undefined && names.has(name)) return true
    if (at.kind === 'attribute' || at.kind === 'subscript') at = at.object
    else return false
  }
}

function pushEffect(effect: Effect, call: CallExpression, context: EventContext, events: Event[]): void {
  const span = spanOf(call)
  if (typeof effect === 'object') {
    events.push({ kind: 'refuse', reason: effect.refuse, ...span })
    return
  }
  switch (effect) {
    case 'nothing': break
    case 'escape': events.push({ kind: 'settle', ...span }); break
    case 'settle': case 'state': case 'infer': case 'quantize': events.push({ kind: effect, ...span }); break
    case 'train': case 'load': case 'change': events.push({ kind: 'complete', how: effect, ...span }); break
    case 'cpu': case 'gpu': events.push({ kind: 'device', on: effect, ...span }); break
    case 'other-precision': events.push({ kind: 'precision', is: 'other', ...span }); break
    case 'float32': events.push({ kind: 'precision', is: 'float32', ...span }); break
    case 'device':
      for (const argument of call.args) {
        if (argument.kind === 'positional' || argument.name?.id === 'device' || argument.name?.id === 'dtype') pushMove(argument.value, call, context, events)
      }
      break
  }
}

function pushMove(value: Expression, call: CallExpression, context: EventContext, events: Event[]): void {
  if (value.kind === 'constant') return
  const move = context.devices.of(value)
  const span = spanOf(call)
  if (move === 'cpu' || move === 'gpu') events.push({ kind: 'device', on: move, ...span })
  else if (move === 'other-precision' || move === 'float32') events.push({ kind: 'precision', is: move === 'float32' ? 'float32' : 'other', ...span })
}

/** All events below some statements, without order: what a function does. */
export function summarise(body: readonly Statement[], context: EventContext): Summary {
  const events: Event[] = []
  walk(body, (node) => {
    if (node.kind === 'class') return 'skip'
    if (node.kind === 'function') {
      const shadows = context.variable.kind === 'name' && node.parameters.some((parameter) => parameter.name?.id === context.variable.name)
      return shadows ? 'skip' : undefined
    }
    if (isStatement(node)) {
      if (isAssignment(node)) readAssignment(node, context, events)
      else if (node.kind === 'return') {
        if (node.value && (pathFrom(context.variable, node.value)?.length !== 0 || node.value.kind === 'call')) readExpression(node.value, context, events)
      } else {
        for (const child of childNodes(node)) if (!isStatement(child) && !isTargetOf(node, child)) readExpression(child, context, events)
        readEffect(node, context, events)
      }
      return undefined
    }
    return 'skip'
  })
  return events
}

// `error` is missing on purpose: it names both an expression and a statement, and neither has anything inside.
const statementKinds = new Set(['expression', 'assign', 'annotatedAssign', 'augmentedAssign', 'return', 'raise', 'assert', 'delete', 'pass', 'break', 'continue', 'import', 'importFrom',
  'global', 'nonlocal', 'typeAlias', 'if', 'while', 'for', 'try', 'with', 'match', 'function', 'class'])

function isStatement(node: Statement | Expression): node is Statement {
  return statementKinds.has(node.kind)
}

function isTargetOf(statement: Statement, child: Expression): boolean {
  if (statement.kind === 'for') return statement.target === child
  if (statement.kind === 'delete') return statement.targets.includes(child)
  return statement.kind === 'with' && statement.items.some((item) => item.target === child)
}

function spanOf(node: Span): Span {
  return { start: node.start, end: node.end }
}

/** `model.state_dict()`, `dict(model.named_parameters())`, `list(model.parameters())`. */
function listsParameters(expression: Expression, variable: Variable): boolean {
  let at = expression
  while (at.kind === 'call' && at.callee.kind === 'name' && ['dict', 'list', 'tuple', 'OrderedDict'].includes(at.callee.id) && at.args[0]) at = at.args[0].value
  return at.kind === 'call' && at.callee.kind === 'attribute' && ['state_dict', 'parameters', 'named_parameters'].includes(at.callee.name.id) && pathFrom(variable, at.callee.object) !== undefined
}

/** `next(model.parameters())`, `other.load_state_dict(model.state_dict())`, `model.state_dict().items()`. */
function picksParameters(call: CallExpression, variable: Variable): boolean {
  if (call.callee.kind === 'name' ? call.callee.id === 'next' : call.callee.kind === 'attribute' && call.callee.name.id === 'load_state_dict') return call.args.some((argument) => listsParameters(argument.value, variable))
  return call.callee.kind === 'attribute' && ['items', 'values', 'get', 'pop'].includes(call.callee.name.id) && listsParameters(call.callee.object, variable)
}
