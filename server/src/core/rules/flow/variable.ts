/** The name under which a scope holds a model: a variable, or an attribute of `self`. */

import type { Expression } from '../../syntax/ast.ts'

export interface Variable {
  /** As the source says it: `model`, `self.model`. */
  readonly text: string
  /** `member` is the attribute seen from outside: of any name but `self`. */
  readonly kind: 'name' | 'attribute' | 'member'
  /** The variable's name, or the attribute's. */
  readonly name: string
}

export function variableOf(target: Expression): Variable | undefined {
  if (target.kind === 'name') return { text: target.id, kind: 'name', name: target.id }
  if (target.kind === 'attribute' && target.object.kind === 'name' && target.object.id === 'self') return { text: `self.${target.name.id}`, kind: 'attribute', name: target.name.id }
  return undefined
}

export function isVariable(variable: Variable, expression: Expression): boolean {
  if (expression.kind === 'named') return isVariable(variable, expression.target)
  if (variable.kind === 'name') return expression.kind === 'name' && expression.id === variable.name
  if (expression.kind !== 'attribute' || expression.name.id !== variable.name || expression.object.kind !== 'name') return false
  return (expression.object.id === 'self') === (variable.kind === 'attribute')
}

/** Methods of nn.Module that answer the model itself, so that a chain goes on about it. */
const answersItself = new Set(['to', 'cpu', 'cuda', 'xpu', 'ipu', 'hpu', 'mps', 'half', 'float', 'double', 'bfloat16', 'type', 'eval', 'train', 'requires_grad_', 'apply', 'share_memory', 'to_empty', 'compile'])

/**
 * The path from the variable to what an expression names: `[]` for the model itself (also at the end of `model.to(d).eval()`),
 * `['fc', 'weight']` for `model.fc.weight`, `[]` steps for subscripts. Undefined when it is about something else.
 */
export function pathFrom(variable: Variable, expression: Expression): readonly string[] | undefined {
  const steps: string[] = []
  let at = expression
  for (;;) {
    if (isVariable(variable, at)) return steps
    if (at.kind === 'attribute') {
      steps.unshift(at.name.id)
      at = at.object
    } else if (at.kind === 'subscript') {
      steps.unshift('[]')
      at = at.object
    } else if (at.kind === 'call' && at.callee.kind === 'attribute' && answersItself.has(at.callee.name.id)) at = at.callee.object
    else return undefined
  }
}

export function isChainMethod(name: string): boolean {
  return answersItself.has(name)
}
