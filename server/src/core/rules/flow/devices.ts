/** Where `.to(...)` moves a model, as far as the file says: constants, names bound to them, command-line defaults. */

import type { Expression, Statement } from '../../syntax/ast.ts'
import { walkKinds } from '../../syntax/walk.ts'
import type { FileNames } from './names.ts'

/** `gpu` also means "may be one"; `nothing` is about neither device nor element type. */
export type Move = 'cpu' | 'gpu' | 'other-precision' | 'float32' | 'nothing'

export interface Devices {
  of(expression: Expression): Move
  /** A default device or element type that holds for every model made in this file. */
  readonly everywhere: Move
}

/** Names that stand for names that stand for names: deeper than this nobody writes. */
const maxHops = 8

/** Read when somebody first asks: most files have no model whose device matters. */
export function readDevices(body: readonly Statement[], names: FileNames): Devices {
  let read: Devices | undefined
  return {
    of: (expression) => (read ??= findDevices(body, names)).of(expression),
    get everywhere() { return (read ??= findDevices(body, names)).everywhere },
  }
}

function findDevices(body: readonly Statement[], names: FileNames): Devices {
  const values = new Map<string, Expression[]>()
  const add = (name: string, value: Expression): void => {
    const known = values.get(name)
    if (known) known.push(value)
    else values.set(name, [value])
  }
  const options = new Map<string, Expression | undefined>()
  let everywhere: Move = 'nothing'
  const of = (expression: Expression, hops = 0): Move => moveOf(expression, { names, values, options }, hops)
  const settings: Expression[] = []
  walkKinds(body, ['assign', 'annotatedAssign', 'named', 'function', 'lambda', 'with', 'call'], (node) => {
    if (node.kind === 'assign') for (const target of node.targets) nameOf(target, (name) => { add(name, node.value) })
    else if (node.kind === 'annotatedAssign' && node.value) nameOf(node.target, (name) => { add(name, node.value!) })
    else if (node.kind === 'named') add(node.target.id, node.value)
    else if (node.kind === 'function' || node.kind === 'lambda') {
      for (const parameter of node.parameters) if (parameter.name && parameter.defaultValue) add(parameter.name.id, parameter.defaultValue)
    } else if (node.kind === 'with') {
      for (const item of node.items) if (item.context.kind === 'call' && names.resolve(item.context.callee) === 'torch.device') settings.push(item.context)
    } else if (node.kind === 'call') {
      if (node.callee.kind === 'attribute' && node.callee.name.id === 'add_argument') {
        const flag = node.args.find((argument) => argument.kind === 'positional' && argument.value.kind === 'string' && argument.value.value.startsWith('--'))?.value
        if (flag?.kind === 'string') options.set(flag.value.slice(2).replaceAll('-', '_'), node.args.find((argument) => argument.name?.id === 'default')?.value)
      }
      const callee = names.resolve(node.callee)
      if (callee === 'torch.set_default_device' || callee === 'torch.set_default_dtype' || callee === 'torch.set_default_tensor_type') settings.push(...node.args.map((argument) => argument.value))
    }
  })
  for (const value of settings) {
    const move = of(value)
    if (move === 'gpu' || move === 'other-precision') everywhere = move
  }
  return { of: (expression) => of(expression), everywhere }
}

interface Known {
  readonly names: FileNames
  readonly values: ReadonlyMap<string, readonly Expression[]>
  readonly options: ReadonlyMap<string, Expression | undefined>
}

function moveOf(expression: Expression, known: Known, hops: number): Move {
  if (hops > maxHops) return 'gpu'
  switch (expression.kind) {
    case 'string': return /^cpu(?::|$)/.test(expression.value) ? 'cpu' : dtypeMove(expression.value) ?? 'gpu'
    case 'number': return 'gpu'
    case 'conditional': return worse(moveOf(expression.then, known, hops + 1), moveOf(expression.otherwise, known, hops + 1))
    case 'boolean': return expression.values.map((value) => moveOf(value, known, hops + 1)).reduce(worse)
    case 'call': {
      const callee = known.names.resolve(expression.callee)
      const first = expression.args[0]?.value
      return callee === 'torch.device' && first ? moveOf(first, known, hops + 1) : 'gpu'
    }
    case 'name': {
      const qualified = known.names.resolve(expression)
      const dtype = qualified?.startsWith('torch.') ? dtypeMove(qualified.slice(6)) : undefined
      if (dtype) return dtype
      const values = known.values.get(expression.id)
      return values ? values.map((value) => moveOf(value, known, hops + 1)).reduce(worse) : 'gpu'
    }
    case 'attribute': {
      const qualified = known.names.resolve(expression)
      const dtype = qualified?.startsWith('torch.') ? dtypeMove(qualified.slice(6)) : undefined
      if (dtype) return dtype
      const assigned = known.values.get(`.${expression.name.id}`)
      if (assigned) return assigned.map((value) => moveOf(value, known, hops + 1)).reduce(worse)
      const preset = known.options.get(expression.name.id)
      return preset ? moveOf(preset, known, hops + 1) : 'gpu'
    }
    default: return 'gpu'
  }
}

function dtypeMove(name: string): Move | undefined {
  if (/^(?:float32|float|FloatTensor)$/.test(name)) return 'float32'
  if (/^(?:float16|half|bfloat16|float64|double|HalfTensor|DoubleTensor|BFloat16Tensor|float8_\w+|complex\w*)$/.test(name)) return 'other-precision'
  return undefined
}

function worse(a: Move, b: Move): Move {
  if (a === 'gpu' || b === 'gpu') return 'gpu'
  if (a === 'other-precision' || b === 'other-precision') return 'other-precision'
  return a === 'nothing' ? b : a
}

/** Names are kept as they are, attributes (`self.device`, `cfg.device`) as `.device`. */
function nameOf(target: Expression, use: (name: string) => void): void {
  if (target.kind === 'name') use(target.id)
  if (target.kind === 'attribute') use(`.${target.name.id}`)
}
