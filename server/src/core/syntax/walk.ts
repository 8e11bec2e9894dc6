/**
 * Walking the AST without recursion. Order is the order of the text. Statements keep their identity while an open document
 * changes, so the order of what is below each is laid out once.
 */

import type { Argument, Expression, FormattedPart, Node, Parameter, Pattern, Statement } from './ast.ts'

const STATEMENTS: ReadonlySet<string> = new Set<Statement['kind']>([
  'expression', 'assign', 'annotatedAssign', 'augmentedAssign', 'return', 'raise', 'assert', 'delete', 'pass', 'break', 'continue', 'import', 'importFrom', 'global', 'nonlocal', 'typeAlias',
  'if', 'while', 'for', 'try', 'with', 'match', 'function', 'class',
])

/** True for statements; text that could not be read counts as neither. */
export function isStatement(node: Node): node is Statement {
  return STATEMENTS.has(node.kind)
}

/** Everything at and below one node, in order. */
interface Layout {
  readonly nodes: readonly Node[]
  /** By position in `nodes`: the position behind the subtree. */
  readonly ends: readonly number[]
  /** By position in `nodes`: the position of the parent; -1 for the root. */
  readonly parents: readonly number[]
  /** Positions by kind, and by the sets of kinds that were asked for together. */
  readonly kinds: Map<string, readonly number[]>
}

const layouts = new WeakMap<Node, Layout>()

/**
 * Visits every statement and expression below `roots`, parents first, in text order.
 * `visit` answers `'skip'` to leave out what is below a node. Ancestors are the nodes above, outermost first.
 */
export function walk(roots: readonly Node[], visit: (node: Node, ancestors: readonly Node[]) => 'skip' | void): void {
  const ancestors: Node[] = []
  const open: number[] = []
  for (const root of roots) {
    const { nodes, ends } = layoutOf(root)
    for (let at = 0; at < nodes.length;) {
      while (open.length > 0 && open[open.length - 1]! <= at) { open.pop(); ancestors.pop() }
      const node = nodes[at]!
      const end = ends[at]!
      if (visit(node, ancestors) === 'skip') { at = end; continue }
      if (end > at + 1) { ancestors.push(node); open.push(end) }
      at += 1
    }
    ancestors.length = 0
    open.length = 0
  }
}

/** Visits only the nodes of some kinds, in text order; `ancestors` makes the list of the nodes above, outermost first. */
export function walkKinds<Kind extends Node['kind']>(roots: readonly Node[], kinds: readonly Kind[], visit: (node: Extract<Node, { readonly kind: Kind }>, ancestors: () => readonly Node[]) => void): void {
  const key = kinds.join()
  for (const root of roots) {
    const layout = layoutOf(root)
    for (const at of positionsOf(layout, key, kinds)) visit(layout.nodes[at] as Extract<Node, { readonly kind: Kind }>, () => ancestorsOf(layout, at))
  }
}

function positionsOf({ nodes, kinds: known }: Layout, key: string, kinds: readonly Node['kind'][]): readonly number[] {
  let positions = known.get(key)
  if (!positions) {
    const found: number[] = []
    for (let at = 0; at < nodes.length; at++) if (kinds.includes(nodes[at]!.kind)) found.push(at)
    known.set(key, positions = found.length === 0 ? NOWHERE : found)
  }
  return positions
}

const NOWHERE: readonly number[] = []

function ancestorsOf({ nodes, parents }: Layout, at: number): readonly Node[] {
  const found: Node[] = []
  for (let above = parents[at]!; above >= 0; above = parents[above]!) found.push(nodes[above]!)
  return found.reverse()
}

function layoutOf(root: Node): Layout {
  const known = layouts.get(root)
  if (known) return known
  const nodes: Node[] = []
  const ends: number[] = []
  const parents: number[] = []
  const pending: Node[] = [root]
  const from: number[] = [-1]
  while (pending.length > 0) {
    const node = pending.pop()!
    const at = nodes.push(node) - 1
    parents.push(from.pop()!)
    const children = childNodes(node)
    for (let i = children.length - 1; i >= 0; i--) { pending.push(children[i]!); from.push(at) }
  }
  // A subtree ends where its last child's does; children stand behind their parents.
  for (let at = nodes.length - 1; at >= 0; at--) ends[at] = at + 1
  for (let at = nodes.length - 1; at > 0; at--) ends[parents[at]!] = Math.max(ends[parents[at]!]!, ends[at]!)
  const layout: Layout = { nodes, ends, parents, kinds: new Map() }
  layouts.set(root, layout)
  return layout
}

/** The expressions and statements directly below a node, in text order. */
export function childNodes(node: Node): readonly Node[] {
  const found: (Node | undefined)[] = []
  collect(node, found)
  return found.filter((child) => child !== undefined)
}

function collect(node: Node, found: (Node | undefined)[]): void {
  switch (node.kind) {
    case 'fstring': parts(node.parts, found); break
    case 'attribute': found.push(node.object); break
    case 'subscript': found.push(node.object, node.index); break
    case 'slice': found.push(node.lower, node.upper, node.step); break
    case 'call': found.push(node.callee); args(node.args, found); break
    case 'unary': found.push(node.operand); break
    case 'binary': found.push(node.left, node.right); break
    case 'boolean': found.push(...node.values); break
    case 'compare': found.push(node.first); for (const one of node.rest) found.push(one.value); break
    case 'conditional': found.push(node.then, node.test, node.otherwise); break
    case 'lambda': parameters(node.parameters, found); found.push(node.body); break
    case 'tuple': case 'list': case 'set': for (const item of node.items) found.push(item); break
    case 'dict': for (const entry of node.entries) found.push(entry.key, entry.value); break
    case 'comprehension':
      found.push(node.element, node.value)
      for (const clause of node.clauses) found.push(clause.target, clause.iterable, ...clause.conditions)
      break
    case 'starred': case 'await': case 'yield': found.push(node.value); break
    case 'named': found.push(node.target, node.value); break
    case 'expression': case 'return': found.push(node.value); break
    case 'assign': found.push(...node.targets, node.value); break
    case 'annotatedAssign': found.push(node.target, node.annotation, node.value); break
    case 'augmentedAssign': found.push(node.target, node.value); break
    case 'raise': found.push(node.value, node.cause); break
    case 'assert': found.push(node.test, node.message); break
    case 'delete': found.push(...node.targets); break
    case 'typeAlias': found.push(node.value); break
    case 'if':
      for (const branch of node.branches) { found.push(branch.test); block(branch.body, found) }
      block(node.otherwise, found)
      break
    case 'while': found.push(node.test); block(node.body, found); block(node.otherwise, found); break
    case 'for': found.push(node.target, node.iterable); block(node.body, found); block(node.otherwise, found); break
    case 'try':
      block(node.body, found)
      for (const handler of node.handlers) { found.push(handler.type); block(handler.body, found) }
      block(node.otherwise, found)
      block(node.final, found)
      break
    case 'with':
      for (const item of node.items) found.push(item.context, item.target)
      block(node.body, found)
      break
    case 'match':
      found.push(node.subject)
      for (const one of node.cases) { pattern(one.pattern, found); found.push(one.guard); block(one.body, found) }
      break
    case 'function':
      for (const decorator of node.decorators) found.push(decorator.value)
      parameters(node.parameters, found)
      found.push(node.returns)
      block(node.body, found)
      break
    case 'class':
      for (const decorator of node.decorators) found.push(decorator.value)
      args(node.args, found)
      block(node.body, found)
      break
    case 'name': case 'constant': case 'number': case 'string': case 'bytes': case 'error': case 'pass': case 'break': case 'continue':
    case 'import': case 'importFrom': case 'global': case 'nonlocal': break
  }
}

function block(statements: readonly Statement[], found: (Node | undefined)[]): void {
  for (const statement of statements) found.push(statement)
}

function args(list: readonly Argument[], found: (Node | undefined)[]): void {
  for (const argument of list) found.push(argument.value)
}

function parameters(list: readonly Parameter[], found: (Node | undefined)[]): void {
  for (const parameter of list) found.push(parameter.annotation, parameter.defaultValue)
}

function parts(list: readonly FormattedPart[], found: (Node | undefined)[]): void {
  for (const part of list) {
    if (typeof part === 'string') continue
    found.push(part.value)
    if (part.format !== undefined) parts(part.format, found)
  }
}

function pattern(one: Pattern, found: (Expression | Node | undefined)[]): void {
  switch (one.kind) {
    case 'value': found.push(one.value); break
    case 'sequence': for (const item of one.items) pattern(item, found); break
    case 'mapping': for (const entry of one.entries) { found.push(entry.key); pattern(entry.value, found) } break
    case 'class':
      found.push(one.type)
      for (const item of one.positional) pattern(item, found)
      for (const item of one.keywords) pattern(item.value, found)
      break
    case 'or': for (const option of one.options) pattern(option, found); break
    case 'as': pattern(one.pattern, found); break
    case 'wildcard': case 'capture': case 'star': case 'error': break
  }
}
