/** Puts the question "where may this model be quantized?" together for one name in one scope of a file. */

import type { CallExpression, ClassStatement, Expression, FunctionStatement, Statement } from '../../syntax/ast.ts'
import type { SourceFile } from '../../syntax/source-file.ts'
import { walk, walkKinds } from '../../syntax/walk.ts'
import { type CalleeQuestion, contextFor, createCallees, type FileFunctions, laterEvents, type OtherFile, readFunctions, type VariableScope } from './callees.ts'
import { type Devices, readDevices } from './devices.ts'
import type { Event } from './event.ts'
import { eventsOfNode } from './events.ts'
import { buildGraph } from './graph.ts'
import { type FileNames, readNames } from './names.ts'
import { type Placement, placeQuantization } from './placement.ts'
import { type Variable, variableOf } from './variable.ts'

/** What all questions about one file share. */
export interface FileFlow {
  readonly source: SourceFile
  readonly names: FileNames
  readonly functions: FileFunctions
  readonly devices: Devices
}

/** A name that becomes a model somewhere in the file. */
export interface Binding {
  readonly target: Expression
  readonly variable: Variable
  readonly scope: VariableScope
}

export function readFlow(source: SourceFile): FileFlow {
  const names = readNames(source.body)
  return { source, names, functions: readFunctions(source.body), devices: readDevices(source.body, names) }
}

/** The bindings at the given offsets of targets (`model`, `self.model`); other forms of target are left out. */
export function bindingsAt({ source }: FileFlow, offsets: ReadonlySet<number>): readonly Binding[] {
  const found: Binding[] = []
  walk(source.body, (node, ancestors) => {
    for (const target of targetsOf(node as Statement | Expression)) {
      const variable = offsets.has(target.start) ? variableOf(target) : undefined
      const scope = variable && scopeOf(source, variable, ancestors as readonly (Statement | Expression)[])
      if (variable && scope) found.push({ target, variable, scope })
    }
  })
  return found
}

/** Every assignment of one value to a name or an attribute of `self`, in the order of the text. */
export function readAssignments({ source }: FileFlow): readonly { readonly binding: Binding; readonly value: Expression }[] {
  const found: { readonly binding: Binding; readonly value: Expression }[] = []
  walkKinds(source.body, ['assign', 'annotatedAssign', 'named'], (node, ancestorsOf) => {
    const { value } = node
    if (!value) return
    let kept = assigned.get(node)
    if (!kept) assigned.set(node, kept = { targets: variablesOf(node), surroundings: surroundingsOf(ancestorsOf()) })
    for (const { target, variable } of kept.targets) {
      const scope = scopeIn(source, variable, kept.surroundings)
      if (scope) found.push({ binding: { target, variable, scope }, value })
    }
  })
  return found
}

/** What an assignment binds and where it stands: statements stay, whatever changes around them. */
const assigned = new WeakMap<Statement | Expression, { readonly targets: readonly { readonly target: Expression; readonly variable: Variable }[]; readonly surroundings: Surroundings }>()

function variablesOf(node: Statement | Expression): readonly { readonly target: Expression; readonly variable: Variable }[] {
  return targetsOf(node).flatMap((target) => {
    const variable = variableOf(target)
    return variable ? [{ target, variable }] : []
  })
}

function targetsOf(node: Statement | Expression): readonly Expression[] {
  switch (node.kind) {
    case 'assign': return node.targets.flatMap(flatTargets)
    case 'annotatedAssign': return node.value ? [node.target] : []
    case 'named': return [node.target]
    case 'for': return flatTargets(node.target)
    case 'with': return node.items.flatMap((item) => (item.target ? flatTargets(item.target) : []))
    default: return []
  }
}

function flatTargets(target: Expression): readonly Expression[] {
  return target.kind === 'tuple' || target.kind === 'list' ? target.items.flatMap(flatTargets) : [target]
}

/** The function and the class around something. */
interface Surroundings {
  readonly owner: FunctionStatement | undefined
  readonly holder: ClassStatement | undefined
  readonly inLambda: boolean
}

function surroundingsOf(ancestors: readonly (Statement | Expression)[]): Surroundings {
  const owner = ancestors.findLast((one): one is FunctionStatement => one.kind === 'function')
  const inLambda = ancestors.some((one) => one.kind === 'lambda' || one.kind === 'comprehension')
  const holderAt = owner ? ancestors[ancestors.indexOf(owner) - 1] : ancestors.findLast((one) => one.kind === 'class')
  return { owner, holder: holderAt?.kind === 'class' ? holderAt : undefined, inLambda }
}

function scopeOf(source: SourceFile, variable: Variable, ancestors: readonly (Statement | Expression)[]): VariableScope | undefined {
  return scopeIn(source, variable, surroundingsOf(ancestors))
}

function scopeIn(source: SourceFile, variable: Variable, { owner, holder, inLambda }: Surroundings): VariableScope | undefined {
  if (inLambda) return undefined
  // A class body's own names are reached through the class: nobody calls a model there by its bare name.
  if (!owner && holder) return undefined
  if (variable.kind === 'attribute' && !(owner && holder)) return undefined
  if (!owner) return { body: source.body, owner: undefined, holder: undefined, isGlobal: true }
  return { body: owner.body, owner, holder, isGlobal: globalsOf(owner).has(variable.name) }
}

const globals = new WeakMap<FunctionStatement, ReadonlySet<string>>()

/** The names that a function itself declares global. */
function globalsOf(owner: FunctionStatement): ReadonlySet<string> {
  const known = globals.get(owner)
  if (known) return known
  const found = new Set<string>()
  walk(owner.body, (node) => {
    if (node.kind === 'function' || node.kind === 'class') return 'skip'
    if (node.kind === 'global') for (const name of node.names) found.add(name.id)
    return undefined
  })
  globals.set(owner, found)
  return found
}

export interface FlowQuestion {
  /** All bindings of one variable in one scope. */
  readonly bindings: readonly Binding[]
  /** The model's class, when it is declared in this file. */
  readonly modelClass: string | undefined
  readonly isConverted: (path: readonly string[]) => boolean
  /** Finds what a call calls in another file of the workspace. */
  readonly elsewhere?: (call: CallExpression) => OtherFlow | undefined
}

/** A definition in another file: its flow, the name there, and how to look on from it. */
export interface OtherFlow {
  readonly flow: FileFlow
  readonly name: string
  readonly find: (call: CallExpression) => OtherFlow | undefined
}

/** Files that are looked into for one call: a chain of them ends somewhere. */
const maxDepth = 3

function inOtherFile(found: OtherFlow | undefined, depth = 0): OtherFile | undefined {
  if (!found || depth >= maxDepth) return undefined
  const { flow, name, find } = found
  return {
    name,
    question: (asked) => ({
      ...asked, file: flow.functions, names: flow.names, devices: flow.devices, modelClass: undefined, isBinding: () => false, textOf: (span) => flow.source.textOf(span),
      scope: { body: flow.source.body, owner: undefined, holder: undefined, isGlobal: false },
      elsewhere: (call) => inOtherFile(find(call), depth + 1),
    }),
  }
}

export interface FlowAnswer {
  readonly placement: Placement
  readonly events: readonly Event[]
}

export function placementFor(flow: FileFlow, question: FlowQuestion): FlowAnswer {
  const { variable, scope } = question.bindings[0]!
  const starts = new Set(question.bindings.map((binding) => binding.target.start))
  const asked: CalleeQuestion = {
    file: flow.functions,
    variable,
    scope,
    names: flow.names,
    devices: flow.devices,
    modelClass: question.modelClass,
    isBinding: (target) => starts.has(target.start),
    textOf: (span) => flow.source.textOf(span),
    elsewhere: (call) => inOtherFile(question.elsewhere?.(call)),
  }
  const callees = createCallees(asked)
  const graph = buildGraph(scope.body)
  const context = contextFor(asked, callees, variable, scope.body)
  const events = graph.nodes.map((node) => eventsOfNode(node, context))
  const later = laterEvents(asked, callees, variable)
  const placement = placeQuantization({
    graph, events, later, model: variable.text, isConverted: question.isConverted,
    lineOf: (span) => flow.source.lines.position(span.start).line,
    columnOf: (span) => flow.source.lines.position(span.start).character,
  })
  return { placement, events: events.flat() }
}

/** Groups bindings that share a variable and a scope: the branches of an `if`, a name made anew. */
export function groupBindings(bindings: readonly Binding[]): readonly (readonly Binding[])[] {
  const groups = new Map<string, Binding[]>()
  for (const binding of bindings) {
    const key = `${binding.scope.owner ? String(binding.scope.owner.start) : 'module'} ${binding.variable.text}`
    const group = groups.get(key)
    if (group) group.push(binding)
    else groups.set(key, [binding])
  }
  return [...groups.values()]
}
