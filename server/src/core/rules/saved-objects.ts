/** What `torch.save` is given in a file: a module, a part of a tensor, a dict with an optimizer in it; nothing where that is not certain. */

import type { CallExpression, Expression } from '../syntax/ast.ts'
import { walk } from '../syntax/walk.ts'
import { comparePositions, type Range } from '../text/range.ts'
import type { Facts } from './facts.ts'

export interface SavedObject {
  readonly call: CallExpression
  readonly object: Expression
  readonly kind: 'module' | 'view' | 'training-state'
  /** The name that a view is a part of. */
  readonly base?: string
  /** The path, where it is spelled out. */
  readonly path?: string
  readonly optimizerKey?: string
}

/** Functions of torch that return a tensor of their own. */
const factories = /^torch\.(zeros|ones|empty|full|rand|randn|randint|arange|linspace|eye|tensor|as_tensor|cat|stack|from_numpy)(_like)?$/

export function findSaves(facts: Facts): readonly SavedObject[] {
  const source = facts.source()
  const flow = facts.flow()
  if (!source || !flow || !/\bsave\b/.test(source.text)) return []
  const resolve = (expression: Expression): string | undefined => flow.names.resolve(expression)
  const assigned = new Map<string, Expression[]>()
  const classes = new Set<string>()
  const saves: CallExpression[] = []
  walk(source.body, (node) => {
    if (node.kind === 'assign') {
      for (const target of node.targets) {
        const name = source.textOf(target)
        assigned.set(name, [...assigned.get(name) ?? [], node.value])
      }
    } else if (node.kind === 'class' && node.args.some(({ value }) => isModuleClass(resolve(value), source.textOf(value), classes))) classes.add(node.name.id)
    else if (node.kind === 'call' && resolve(node.callee) === 'torch.save') saves.push(node)
  })
  return saves.flatMap((call): readonly SavedObject[] => {
    const object = call.args.find((argument) => argument.kind === 'positional')?.value
    if (!object) return []
    const where = call.args.filter((argument) => argument.kind === 'positional')[1]?.value
    const path = where?.kind === 'string' ? where.value : undefined
    const base = { call, object, ...(path === undefined ? {} : { path }) }
    const values = (expression: Expression): readonly Expression[] => assigned.get(source.textOf(expression)) ?? []
    const every = (expression: Expression, test: (value: Expression) => boolean): boolean => values(expression).length > 0 && values(expression).every(test)
    if ((object.kind === 'name' || object.kind === 'attribute') && every(object, (value) => isModuleCall(value, resolve, classes, (made) => isConstructed(facts, source.range(made))))) return [{ ...base, kind: 'module' as const }]
    if (object.kind === 'subscript' && holdsSlice(object.index) && every(object.object, (value) => value.kind === 'call' && factories.test(resolve(value.callee) ?? ''))) return [{ ...base, kind: 'view' as const, base: source.textOf(object.object) }]
    const saved = object.kind === 'name' ? values(object).find((value) => value.kind === 'dict') : object
    if (saved?.kind === 'dict') {
      const entry = saved.entries.find(({ key, value }) => key?.kind === 'string' && /optim/i.test(key.value) && source.textOf(value).endsWith('.state_dict()'))
      if (entry?.key?.kind === 'string') return [{ ...base, kind: 'training-state' as const, optimizerKey: entry.key.value }]
    }
    return []
  })
}

function isModuleClass(resolved: string | undefined, text: string, classes: ReadonlySet<string>): boolean {
  return classes.has(text) || resolved === 'torch.nn.Module' || resolved === 'torch.nn.Sequential'
}

/** Whether evaluation built a model of exactly this expression, whatever file its class comes from. */
function isConstructed(facts: Facts, range: Range): boolean {
  return facts.models().models.some(({ how, place, model }) => how === 'construction' && place?.file === facts.file && model.certainty !== 'unknown' && comparePositions(place.range.start, range.start) === 0 && comparePositions(place.range.end, range.end) === 0)
}

/** A constructor of torch.nn or of a module class, possibly with `.eval()` and the like behind it. */
function isModuleCall(value: Expression, resolve: (expression: Expression) => string | undefined, classes: ReadonlySet<string>, isModel: (made: Expression) => boolean): boolean {
  let at = value
  while (at.kind === 'call' && at.callee.kind === 'attribute' && ['eval', 'train', 'to', 'cuda', 'cpu', 'half', 'float'].includes(at.callee.name.id)) at = at.callee.object
  if (at.kind !== 'call') return false
  if (at.callee.kind === 'name' && classes.has(at.callee.id)) return true
  const name = resolve(at.callee) ?? ''
  return (/^torch\.nn\.(modules\.\w+\.)?[A-Z]\w*$/.test(name) && !/Parameter|Buffer/.test(name)) || isModel(at)
}

function holdsSlice(index: Expression): boolean {
  return index.kind === 'slice' || (index.kind === 'tuple' && index.items.some((item) => item.kind === 'slice'))
}
