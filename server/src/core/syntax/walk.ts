/** Walking the AST without recursion. Order is the order of the text. */

import type { Argument, Expression, FormattedPart, Node, Parameter, Pattern, Statement } from './ast.ts'

/**
 * Visits every statement and expression below `roots`, parents first, in text order.
 * `visit` answers `'skip'` to leave out what is below a node. Ancestors are the nodes above, outermost first.
 */
export function walk(roots: readonly Node[], visit: (node: Node, ancestors: readonly Node[]) => 'skip' | void): void {
  const ancestors: Node[] = []
  const pending: (Node | typeof LEAVE)[] = [...roots].reverse()
  for (let item = pending.pop(); item !== undefined; item = pending.pop()) {
    if (item === LEAVE) { ancestors.pop(); continue }
    if (visit(item, ancestors) === 'skip') continue
    const children = childNodes(item)
    if (children.length === 0) continue
    ancestors.push(item)
    pending.push(LEAVE)
    for (let i = children.length - 1; i >= 0; i--) pending.push(children[i]!)
  }
}

const STATEMENTS: ReadonlySet<string> = new Set<Statement['kind']>([
  'expression', 'assign', 'annotatedAssign', 'augmentedAssign', 'return', 'raise', 'assert', 'delete', 'pass', 'break', 'continue', 'import', 'importFrom', 'global', 'nonlocal', 'typeAlias',
  'if', 'while', 'for', 'try', 'with', 'match', 'function', 'class',
])

/** True for statements; text that could not be read counts as neither. */
export function isStatement(node: Node): node is Statement {
  return STATEMENTS.has(node.kind)
}

const LEAVE = Symbol('leave')

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
