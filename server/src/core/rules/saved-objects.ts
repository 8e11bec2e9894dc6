/** What `torch.save` is given in a file: a module, a part of a tensor, a dict with an optimizer in it; nothing where that is not certain. */

import type { CallExpression, Expression, SubscriptExpression } from '../syntax/ast.ts'
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
    const isPart = (part: Expression): part is SubscriptExpression => part.kind === 'subscript' && every(part.object, (value) => value.kind === 'call' && factories.test(resolve(value.callee) ?? '') && isView(part.index, value))
    if (isPart(object)) return [{ ...base, kind: 'view' as const, base: source.textOf(object.object) }]
    const saved = object.kind === 'name' ? values(object).find((value) => value.kind === 'dict') : object
    const views = membersOf(object).flatMap((member, index, members): readonly SavedObject[] => {
      if (!isPart(member)) return []
      // Where the rest of it is saved beside the part, the part takes nothing more.
      const whole = source.textOf(member.object)
      return members.some((other, at) => at !== index && mentions(source.textOf(other), whole)) ? [] : [{ ...base, object: member, kind: 'view' as const, base: whole }]
    })
    if (views.length > 0) return views
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

/** The values of a dict, list or tuple that is written out where it is saved. */
function membersOf(object: Expression): readonly Expression[] {
  if (object.kind === 'dict') return object.entries.map(({ value }) => value)
  return object.kind === 'list' || object.kind === 'tuple' ? object.items : []
}

function mentions(text: string, name: string): boolean {
  const at = text.indexOf(name)
  return at >= 0 && !/[\w.]/.test(text.charAt(at - 1)) && !/\w/.test(text.charAt(at + name.length))
}

/** Whether an index takes a part of the tensor that the call makes, as a view of it. */
function isView(index: Expression, made: CallExpression): boolean {
  const indices = index.kind === 'tuple' ? index.items : [index]
  if (!indices.every((item) => item.kind === 'slice' || (item.kind === 'number' && item.type === 'int') || (item.kind === 'constant' && item.value === '...'))) return false
  const first = made.args[0]?.value
  const sizes = first?.kind === 'tuple' || first?.kind === 'list' ? first.items : made.args.filter(({ kind }) => kind === 'positional').map(({ value }) => value)
  return indices.some((item, dimension) => {
    if (item.kind !== 'slice') return item.kind === 'number'
    if (item.step !== undefined || item.lower !== undefined) return true
    const size = sizes[dimension]
    const upTo = item.upper
    return upTo !== undefined && !(upTo.kind === 'number' && size?.kind === 'number' && upTo.value >= size.value)
  })
}
