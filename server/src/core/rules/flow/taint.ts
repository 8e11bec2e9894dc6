/**
 * Which names hold what comes of a model: its parameters (an optimizer over them) and its outputs (a loss). Flow-insensitive,
 * so it holds at least what really flows; used only to say "this trains the model", which errs to the safe side.
 */

import type { Expression, Statement } from '../../syntax/ast.ts'
import { walk } from '../../syntax/walk.ts'
import { dotted, type FileNames } from './names.ts'
import { pathFrom, type Variable } from './variable.ts'

export interface Taint {
  /** Names of parameters, lists of them, and optimizers over them. */
  readonly parameters: ReadonlySet<string>
  /** Names of outputs, and what is computed from them. */
  readonly outputs: ReadonlySet<string>
  /** False when every optimizer of the body is over something else: a backward pass then trains that. */
  readonly mayBeTrained: boolean
}

const isOptimizer = /optim|sgd|adam|adagrad|adadelta|rmsprop|lbfgs|lion|adafactor/i
/** Assignments are looked at again until nothing new is found; chains are short. */
const maxRounds = 6

export function readTaint(variable: Variable, body: readonly Statement[], names: FileNames): Taint {
  const parameters = new Set<string>()
  const outputs = new Set<string>()
  const assignments: { readonly target: Expression; readonly value: Expression; readonly detached: boolean }[] = []
  let optimizers = 0
  let covering = 0
  walk(body, (node, ancestors) => {
    const detached = (): boolean => ancestors.some((one) => one.kind === 'with' && one.items.some((item) => isNoGrad(item.context, names)))
    if (node.kind === 'assign') for (const target of node.targets) assignments.push({ target, value: node.value, detached: detached() })
    else if (node.kind === 'annotatedAssign' && node.value) assignments.push({ target: node.target, value: node.value, detached: detached() })
    else if (node.kind === 'augmentedAssign') assignments.push({ target: node.target, value: node.value, detached: detached() })
    else if (node.kind === 'named') assignments.push({ target: node.target, value: node.value, detached: detached() })
    else if (node.kind === 'for') assignments.push({ target: node.target, value: node.iterable, detached: true })
  })
  for (let round = 0; round < maxRounds; round++) {
    const before = parameters.size + outputs.size
    for (const { target, value, detached } of assignments) {
      if (holdsParameters(variable, value, parameters)) addNames(target, parameters)
      if (!detached && holdsOutputs(variable, value, outputs)) addNames(target, outputs)
    }
    if (parameters.size + outputs.size === before) break
  }
  for (const { value } of assignments) {
    if (value.kind !== 'call' || !isOptimizer.test(dotted(value.callee)?.at(-1) ?? '')) continue
    optimizers += 1
    if (holdsParameters(variable, value, parameters)) covering += 1
  }
  return { parameters, outputs, mayBeTrained: optimizers === 0 || covering > 0 }
}

/** True when a value has the model's parameters in it, or is an optimizer made for the model. */
export function holdsParameters(variable: Variable, value: Expression, known: ReadonlySet<string>): boolean {
  return some(value, (node) => {
    const name = dotted(node)?.join('.')
    if (name !== undefined && known.has(name)) return true
    if (node.kind !== 'call') return false
    if (node.callee.kind === 'attribute' && /^(?:named_)?parameters$/.test(node.callee.name.id) && pathFrom(variable, node.callee.object)) return true
    return isOptimizer.test(dotted(node.callee)?.at(-1) ?? '') && node.args.some((argument) => pathFrom(variable, argument.value)?.length === 0)
  })
}

/** True when a value is computed by calling the model (or something with the model), and gradients flow through it. */
export function holdsOutputs(variable: Variable, value: Expression, known: ReadonlySet<string>): boolean {
  if (value.kind === 'call' && value.callee.kind === 'attribute' && (value.callee.name.id === 'detach' || value.callee.name.id === 'item')) return false
  return some(value, (node) => {
    const name = dotted(node)?.join('.')
    if (name !== undefined && known.has(name)) return true
    if (node.kind !== 'call') return false
    if (pathFrom(variable, node.callee)) return !(node.callee.kind === 'attribute' && /parameters$|^state_dict$|^eval$|^to$/.test(node.callee.name.id))
    return node.args.some((argument) => pathFrom(variable, argument.value)?.length === 0)
  })
}

export function isNoGrad(context: Expression, names: FileNames): boolean {
  const callee = context.kind === 'call' ? context.callee : context
  return /^torch\.(?:no_grad|inference_mode|autograd\.no_grad|autograd\.inference_mode)$/.test(names.resolve(callee) ?? '')
}

function addNames(target: Expression, to: Set<string>): void {
  if (target.kind === 'tuple' || target.kind === 'list') {
    for (const item of target.items) addNames(item, to)
    return
  }
  const inner = target.kind === 'starred' ? target.value : target.kind === 'subscript' ? target.object : target
  const name = dotted(inner)?.join('.')
  if (name !== undefined) to.add(name)
}

function some(root: Expression, test: (node: Expression) => boolean): boolean {
  let found = false
  walk([root], (node) => {
    if (found) return 'skip'
    found = test(node as Expression)
    return undefined
  })
  return found
}
