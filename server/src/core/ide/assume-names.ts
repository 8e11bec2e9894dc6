/**
 * Which names a person would have to give values for, so that a model becomes known: found from the places where its unknowns
 * begin, in the source alone. Says nothing where no name stands for the unknown.
 */

import { itemStep, stepsOf } from '../syntax/assume-comment.ts'
import type { CallExpression, Expression, FunctionStatement, Node, Statement } from '../syntax/ast.ts'
import type { SourceFile } from '../syntax/source-file.ts'
import { isStatement, walk } from '../syntax/walk.ts'
import type { Range } from '../text/range.ts'

export interface OpenNames {
  /** The class, function or statement over which the comment belongs. */
  readonly statement: Statement
  /** As an `assume` comment writes them. */
  readonly names: readonly string[]
}

/** Names that one comment gives; code with more takes its settings from elsewhere. */
const maxNames = 12

/** The names behind an unknown that begins at `range`: of a parameter, or of what a statement binds. */
export function openNamesAt(source: SourceFile, range: Range, reason: string): OpenNames | undefined {
  const start = source.lines.offset(range.start)
  const end = source.lines.offset(range.end)
  const around: Statement[] = []
  walk(source.body, (node) => {
    if (node.start > start || node.end < end) return 'skip'
    if (isStatement(node)) around.push(node)
    return undefined
  })
  const owner = around.findLast((node): node is FunctionStatement => node.kind === 'function')
  const parameter = owner?.parameters.find(({ name }) => name?.start === start)?.name
  if (owner && parameter) {
    const outer = around[around.indexOf(owner) - 1]
    const statement = outer?.kind === 'class' ? outer : owner
    return named(statement, namesUnder(source, parameter.id, statement))
  }
  const statement = around.at(-1)
  if (statement === undefined) return undefined
  const bound = boundName(statement)
  if (bound === undefined) return undefined
  // An option that must be given is the one that is asked for; the others have their defaults.
  const option = /\bargs\.(\w+) comes from the command line/.exec(reason)
  return named(statement, option ? [`${bound}.${option[1]!}`] : namesUnder(source, bound, owner ?? source.body))
}

function named(statement: Statement, names: readonly string[]): OpenNames | undefined {
  return names.length === 0 || names.length > maxNames ? undefined : { statement, names }
}

function boundName(statement: Statement): string | undefined {
  if (statement.kind === 'annotatedAssign') return statement.target.kind === 'name' ? statement.target.id : undefined
  if (statement.kind === 'with') return statement.items.map(({ target }) => target).find((target) => target?.kind === 'name')?.id
  return statement.kind === 'assign' && statement.targets.length === 1 && statement.targets[0]!.kind === 'name' ? statement.targets[0].id : undefined
}

/** The parts of a name that the code reads, or the name itself where it is read as a whole only. */
function namesUnder(source: SourceFile, name: string, inside: Statement | readonly Statement[]): readonly string[] {
  const roots = Array.isArray(inside) ? inside as readonly Statement[] : [inside as Statement]
  const found = collect(roots, name)
  if (found.parts.size === 0) return found.isRead ? [name] : []
  // Handed on as a whole, its parts may be read by other classes of the file under the same name.
  const all = found.isHandedOn ? collect(source.body, name).parts : found.parts
  return [...new Set([...found.parts, ...all])]
}

interface Reads {
  readonly parts: Set<string>
  isRead: boolean
  isHandedOn: boolean
}

function collect(roots: readonly Statement[], name: string): Reads {
  const reads: Reads = { parts: new Set(), isRead: false, isHandedOn: false }
  const aliases = new Set([name])
  // `self.cfg = cfg`: what is read of the attribute is read of the name.
  walk(roots, (node) => {
    if (node.kind === 'assign' && node.value.kind === 'name' && node.value.id === name) {
      for (const target of node.targets) if (target.kind === 'attribute' && target.object.kind === 'name') aliases.add(`${target.object.id}.${target.name.id}`)
    }
  })
  const take = (path: string): void => {
    for (const alias of aliases) {
      if (path === alias) { reads.isRead = true; return }
      if (path.startsWith(`${alias}.`) || path.startsWith(`${alias}[`)) {
        reads.isRead = true
        reads.parts.add(name + path.slice(alias.length))
        return
      }
    }
  }
  const done = new Set<Node>()
  walk(roots, (node) => {
    if (done.has(node)) return 'skip'
    if (node.kind === 'call') {
      for (const { value } of node.args) if (value.kind === 'name' && value.id === name) reads.isHandedOn = true
      const option = optionOf(node)
      if (option !== undefined) {
        take(option.path)
        done.add(option.of)
      } else if (node.callee.kind === 'attribute' && pathOf(node.callee.object) !== undefined) {
        // `cfg.keys()`: the method is no value; what it is called on is read.
        take(pathOf(node.callee.object)!)
        done.add(node.callee)
      }
      return undefined
    }
    const path = node.kind === 'attribute' || node.kind === 'subscript' || node.kind === 'name' ? pathOf(node) : undefined
    if (path === undefined) return undefined
    take(path)
    return 'skip'
  })
  return reads
}

/** `cfg['k']` of `cfg.get('k', 1)`, `cfg.k` of `getattr(cfg, 'k')`. */
function optionOf(call: CallExpression): { readonly path: string; readonly of: Node } | undefined {
  const [first, second] = call.args
  if (call.callee.kind === 'attribute' && call.callee.name.id === 'get' && first?.value.kind === 'string') {
    const object = pathOf(call.callee.object)
    return object === undefined ? undefined : { path: object + itemStep(first.value.value), of: call.callee }
  }
  if (call.callee.kind === 'name' && call.callee.id === 'getattr' && first !== undefined && second?.value.kind === 'string') {
    const object = pathOf(first.value)
    return object === undefined ? undefined : { path: `${object}.${second.value.value}`, of: first.value }
  }
  return undefined
}

function pathOf(e: Expression): string | undefined {
  return stepsOf(e)?.join('')
}
