/** Python's scoping rules: which names of a function are local, shared with inner functions, or global. Looks at the AST only. */

import type { ClassStatement, ComprehensionExpression, Expression, FunctionStatement, LambdaExpression, Parameter, Pattern, Statement } from '../../syntax/ast.ts'
import { childNodes } from '../../syntax/walk.ts'

export type ScopeNode = FunctionStatement | LambdaExpression | ComprehensionExpression | ClassStatement

/** One function, comprehension or class body; module scopes need none, all their names are global. */
export interface Scope {
  readonly kind: 'function' | 'comprehension' | 'class'
  readonly node: ScopeNode
  /** While names are collected; a scope kept for later holds nothing of what is around it. */
  parent: Scope | undefined
  readonly children: Map<ScopeNode, Scope>
  readonly bound: Set<string>
  readonly used: Set<string>
  readonly globals: Set<string>
  readonly nonlocals: Set<string>
  /** Bound here and used by an inner function. */
  readonly cells: Set<string>
  /** Bound in an outer function and used here or further in. */
  readonly free: Set<string>
  /** Innermost class around, for private name mangling. */
  readonly className: string | undefined
  isGenerator: boolean
}

/**
 * The scope of a function or class with all scopes inside it resolved. `outer` names that enclosing functions provide
 * (for a method of a top-level class that is `__class__`).
 */
export function analyseScope(node: ScopeNode, className: string | undefined, outer: ReadonlySet<string>): Scope {
  const scope = build(node, undefined, className)
  resolve(scope, outer)
  detach(scope)
  return scope
}

function detach(scope: Scope): void {
  scope.parent = undefined
  for (const child of scope.children.values()) detach(child)
}

export function mangle(className: string | undefined, name: string): string {
  if (className === undefined || !name.startsWith('__') || name.endsWith('__') || name.includes('.')) return name
  const bare = className.replace(/^_+/, '')
  return bare === '' ? name : `_${bare}${name}`
}

function build(node: ScopeNode, parent: Scope | undefined, className: string | undefined): Scope {
  const kind = node.kind === 'class' ? 'class' : node.kind === 'comprehension' ? 'comprehension' : 'function'
  const scope: Scope = {
    kind, node, parent, children: new Map(), bound: new Set(), used: new Set(), globals: new Set(), nonlocals: new Set(), cells: new Set(), free: new Set(),
    className: node.kind === 'class' ? node.name.id : className, isGenerator: node.kind === 'comprehension' && node.type === 'generator',
  }
  switch (node.kind) {
    case 'class':
      for (const statement of node.body) visitStatement(scope, statement)
      break
    case 'function':
      bindParameters(scope, node.parameters)
      for (const statement of node.body) visitStatement(scope, statement)
      break
    case 'lambda':
      bindParameters(scope, node.parameters)
      visit(scope, node.body)
      break
    case 'comprehension':
      scope.bound.add('.0')
      node.clauses.forEach((clause, i) => {
        bindTarget(scope, clause.target)
        // The first iterable is evaluated outside; `enterComprehension` visits it there.
        if (i > 0) visit(scope, clause.iterable)
        for (const condition of clause.conditions) visit(scope, condition)
      })
      visit(scope, node.element)
      if (node.value !== undefined) visit(scope, node.value)
      break
  }
  for (const name of scope.globals) scope.bound.delete(name)
  for (const name of scope.nonlocals) { scope.bound.delete(name); scope.used.add(name) }
  return scope
}

function bindParameters(scope: Scope, parameters: readonly Parameter[]): void {
  for (const parameter of parameters) if (parameter.name !== undefined) bind(scope, parameter.name.id)
}

function bind(scope: Scope, name: string): void {
  scope.bound.add(mangle(scope.className, name))
}

function use(scope: Scope, name: string): void {
  scope.used.add(mangle(scope.className, name))
  if (name === 'super') scope.used.add('__class__')
}

function visitStatement(scope: Scope, statement: Statement): void {
  switch (statement.kind) {
    case 'function': {
      bind(scope, statement.name.id)
      for (const decorator of statement.decorators) visit(scope, decorator.value)
      visitDefaults(scope, statement.parameters)
      // Of a body that is not parsed yet no more is asked than whether the class must be kept for it.
      if (statement.deferred === undefined) scope.children.set(statement, build(statement, scope, scope.className))
      else if (scope.kind === 'class' && statement.deferred.mentionsClass) scope.cells.add('__class__')
      return
    }
    case 'class': {
      bind(scope, statement.name.id)
      for (const decorator of statement.decorators) visit(scope, decorator.value)
      for (const argument of statement.args) visit(scope, argument.value)
      scope.children.set(statement, build(statement, scope, scope.className))
      return
    }
    case 'global': for (const name of statement.names) scope.globals.add(mangle(scope.className, name.id)); return
    case 'nonlocal': for (const name of statement.names) scope.nonlocals.add(mangle(scope.className, name.id)); return
    case 'import': for (const name of statement.names) bind(scope, name.alias?.id ?? name.name.id.split('.')[0]!); return
    case 'importFrom': if (statement.names !== '*') for (const name of statement.names) bind(scope, name.alias?.id ?? name.name.id); return
    case 'assign': for (const target of statement.targets) bindTarget(scope, target); visit(scope, statement.value); return
    case 'augmentedAssign': bindTarget(scope, statement.target); visit(scope, statement.target); visit(scope, statement.value); return
    case 'annotatedAssign':
      bindTarget(scope, statement.target)
      if (scope.kind === 'class') visit(scope, statement.annotation)
      if (statement.value !== undefined) visit(scope, statement.value)
      return
    case 'delete': for (const target of statement.targets) bindTarget(scope, target); return
    case 'typeAlias': if (statement.name !== undefined) bind(scope, statement.name.id); return
    case 'for':
      bindTarget(scope, statement.target)
      visit(scope, statement.iterable)
      for (const inner of [...statement.body, ...statement.otherwise]) visitStatement(scope, inner)
      return
    case 'with':
      for (const item of statement.items) { visit(scope, item.context); if (item.target !== undefined) bindTarget(scope, item.target) }
      for (const inner of statement.body) visitStatement(scope, inner)
      return
    case 'try':
      for (const inner of [...statement.body, ...statement.otherwise, ...statement.final]) visitStatement(scope, inner)
      for (const handler of statement.handlers) {
        if (handler.type !== undefined) visit(scope, handler.type)
        if (handler.name !== undefined) bind(scope, handler.name.id)
        for (const inner of handler.body) visitStatement(scope, inner)
      }
      return
    case 'match':
      visit(scope, statement.subject)
      for (const one of statement.cases) {
        bindPattern(scope, one.pattern)
        if (one.guard !== undefined) visit(scope, one.guard)
        for (const inner of one.body) visitStatement(scope, inner)
      }
      return
    default:
      for (const child of childNodes(statement)) visitChild(scope, child)
  }
}

function visitChild(scope: Scope, child: Expression | Statement): void {
  if (isStatement(child)) visitStatement(scope, child)
  else visit(scope, child)
}

const STATEMENT_KINDS = new Set<string>([
  'expression', 'assign', 'annotatedAssign', 'augmentedAssign', 'return', 'raise', 'assert', 'delete', 'pass', 'break', 'continue', 'import', 'importFrom', 'global', 'nonlocal',
  'typeAlias', 'if', 'while', 'for', 'try', 'with', 'match', 'function', 'class',
])

/** An error node counts as an expression: it binds nothing either way. */
function isStatement(node: Expression | Statement): node is Statement {
  return STATEMENT_KINDS.has(node.kind)
}

function visitDefaults(scope: Scope, parameters: readonly Parameter[]): void {
  for (const parameter of parameters) if (parameter.defaultValue !== undefined) visit(scope, parameter.defaultValue)
}

function visit(scope: Scope, expression: Expression): void {
  switch (expression.kind) {
    case 'name': use(scope, expression.id); return
    case 'lambda':
      visitDefaults(scope, expression.parameters)
      scope.children.set(expression, build(expression, scope, scope.className))
      return
    case 'comprehension': {
      visit(scope, expression.clauses[0]?.iterable ?? expression.element)
      scope.children.set(expression, build(expression, scope, scope.className))
      return
    }
    case 'named': {
      let target: Scope = scope
      while (target.kind === 'comprehension' && target.parent !== undefined) target = target.parent
      if (target.kind === 'comprehension') {
        // At the top level of a module the name belongs to the module.
        for (let at: Scope | undefined = scope; at !== undefined; at = at.parent) at.globals.add(mangle(at.className, expression.target.id))
      } else {
        bind(target, expression.target.id)
        if (target !== scope) use(scope, expression.target.id)
      }
      visit(scope, expression.value)
      return
    }
    case 'yield':
    case 'await':
      scope.isGenerator = true
      if (expression.value !== undefined) visit(scope, expression.value)
      return
    default:
      for (const child of childNodes(expression)) visitChild(scope, child)
  }
}

/** Names that an assignment target binds; what else it mentions is used. */
function bindTarget(scope: Scope, target: Expression): void {
  switch (target.kind) {
    case 'name': bind(scope, target.id); return
    case 'tuple':
    case 'list': for (const item of target.items) bindTarget(scope, item); return
    case 'starred': bindTarget(scope, target.value); return
    default: visit(scope, target)
  }
}

function bindPattern(scope: Scope, pattern: Pattern): void {
  switch (pattern.kind) {
    case 'capture': bind(scope, pattern.name); return
    case 'star': if (pattern.name !== undefined) bind(scope, pattern.name); return
    case 'as': bind(scope, pattern.name); bindPattern(scope, pattern.pattern); return
    case 'value': visit(scope, pattern.value); return
    case 'sequence': for (const item of pattern.items) bindPattern(scope, item); return
    case 'or': for (const option of pattern.options) bindPattern(scope, option); return
    case 'mapping':
      for (const entry of pattern.entries) { visit(scope, entry.key); bindPattern(scope, entry.value) }
      if (pattern.rest !== undefined) bind(scope, pattern.rest)
      return
    case 'class':
      visit(scope, pattern.type)
      for (const item of pattern.positional) bindPattern(scope, item)
      for (const item of pattern.keywords) bindPattern(scope, item.value)
      return
    case 'wildcard':
    case 'error':
  }
}

/** Finds, for every used name that is not bound here, the enclosing function that binds it. */
function resolve(scope: Scope, outer: ReadonlySet<string>): void {
  const visible = new Set(outer)
  if (scope.kind !== 'class') for (const name of scope.bound) visible.add(name)
  for (const name of scope.globals) visible.delete(name)
  const inner = new Set(visible)
  if (scope.kind === 'class') inner.add('__class__')
  for (const child of scope.children.values()) {
    resolve(child, inner)
    for (const name of child.free) {
      if (scope.kind === 'class' && name === '__class__') scope.cells.add(name)
      else if (scope.kind !== 'class' && scope.bound.has(name)) scope.cells.add(name)
      else scope.free.add(name)
    }
  }
  for (const name of scope.used) {
    // A name that a class body binds is looked up there and then globally, never in the enclosing function.
    if (scope.bound.has(name) && !scope.nonlocals.has(name)) continue
    if (scope.globals.has(name)) continue
    if (outer.has(name)) scope.free.add(name)
  }
}

/** Names that a module-level statement binds, for marking them unknown when it fails. */
export function boundNames(statement: Statement): ReadonlySet<string> {
  const scope: Scope = {
    kind: 'function', node: { kind: 'lambda', parameters: [], body: { kind: 'constant', value: 'None', start: 0, end: 0 }, start: 0, end: 0 }, parent: undefined, children: new Map(), bound: new Set(),
    used: new Set(), globals: new Set(), nonlocals: new Set(), cells: new Set(), free: new Set(), className: undefined, isGenerator: false,
  }
  visitStatement(scope, statement)
  return scope.bound
}
