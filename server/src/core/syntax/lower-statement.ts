/** Statements of the flat tree to AST statements; the patterns of `match` are lower-pattern.ts's. Broken statements are listed and kept as error statements. */

import type {
  BinaryOperator, DottedName, ExceptHandler, Expression, FunctionStatement, Identifier, ImportName, Pattern, Statement,
} from './ast.ts'
import { deferredFunction } from './deferred-function.ts'
import { lowerArguments, lowerExpression, lowerParameters, tupleOrOne } from './lower-expression.ts'
import { lowerPattern } from './lower-pattern.ts'
import { ERROR_SYMBOL } from './flat-tree.ts'
import { childrenOf, errorAt, fieldOf, fieldsOf, hasToken, identifierOf, type Lowering, MAX_SYNTAX_DEPTH, problem, spanOf, textOf, tokenOf, typeOf } from './lowering.ts'

/** The statements directly under a module or block, with what could not be read beside it in the statement that it belongs to. */
export function lowerBlock(l: Lowering, i: number | undefined): Statement[] {
  if (i === undefined) return []
  const statements = childrenOf(l, i).flatMap((child) => lowerStatement(l, child))
  const stray = l.stray.get(i)
  l.stray.delete(i)
  return stray === undefined ? statements : [...stray.before.flatMap((child) => recover(l, child)), ...statements, ...stray.after.flatMap((child) => recover(l, child))]
}

/** Gives each error directly under a compound statement to the next block, or to the last one. */
function assignStray(l: Lowering, i: number): void {
  let waiting: number[] = []
  let last: { readonly before: readonly number[], readonly after: number[] } | undefined
  for (const child of childrenOf(l, i)) {
    if (l.tree.type[child] === ERROR_SYMBOL) { waiting.push(child); continue }
    const block = typeOf(l, child) === 'block' ? child : childrenOf(l, child).find((inner) => typeOf(l, inner) === 'block')
    if (block === undefined) continue
    last = { before: waiting, after: [] }
    l.stray.set(block, last)
    waiting = []
  }
  last?.after.push(...waiting)
}

export function lowerStatement(l: Lowering, i: number): Statement[] {
  if (l.depth >= MAX_SYNTAX_DEPTH) return [broken(l, i, 'nested too deeply')]
  l.depth++
  if (l.tree.broken[i] === 1 && COMPOUND.test(typeOf(l, i))) assignStray(l, i)
  const statements = lowerInner(l, i)
  l.depth--
  return statements
}

const COMPOUND = /^(?:if|while|for|with|try)_statement$|^(?:function|class)_definition$/

/** Characters that `except *` takes, blanks included. */
const MAX_KEYWORD = 40

/** What cannot be read; where it sets names or returns, these are unknown and not what they were before. */
function broken(l: Lowering, i: number, reason: string): Statement {
  const span = spanOf(l, i)
  const text = l.text.slice(span.start, span.start + MAX_TARGET)
  if (/^return\b/.test(text)) return { kind: 'return', value: errorAt(l, i, reason), ...span }
  const targets = TARGETS.exec(text)?.[0].replace(/\s*=$/, '')
  if (targets !== undefined) {
    return { kind: 'assign', targets: [...targets.matchAll(/[\w.]+/g)].map((name) => dottedTarget(name[0], span.start + name.index)), value: errorAt(l, i, reason), ...span }
  }
  problem(l, i, reason)
  return { kind: 'error', reason, ...span }
}

/** Characters of broken text in which its targets are looked for. */
const MAX_TARGET = 400
const NAME = '[A-Za-z_]\\w*(?:\\.[A-Za-z_]\\w*)*'
const TARGETS = new RegExp(`^(?:${NAME}\\s*,\\s*)*\\*?${NAME}\\s*=(?!=)`)

function dottedTarget(text: string, start: number): Expression {
  const [first, ...rest] = text.split('.')
  let target: Expression = { kind: 'name', id: first!, start, end: start + first!.length }
  for (const part of rest) target = { kind: 'attribute', object: target, name: { id: part, start: target.end + 1, end: target.end + 1 + part.length }, start, end: target.end + 1 + part.length }
  return target
}

function lowerInner(l: Lowering, i: number): Statement[] {
  const span = spanOf(l, i)
  const one = (index: number | undefined): Expression => index === undefined ? errorAt(l, i, 'invalid syntax') : lowerExpression(l, index)
  switch (typeOf(l, i)) {
    case 'expression_statement': return lowerExpressionStatement(l, i)
    case 'return_statement': {
      const [value] = childrenOf(l, i)
      return [{ kind: 'return', value: value === undefined ? undefined : lowerExpression(l, value), ...span }]
    }
    case 'raise_statement': {
      const cause = fieldOf(l, i, 'cause')
      const value = childrenOf(l, i).find((child) => child !== cause)
      return [{ kind: 'raise', value: value === undefined ? undefined : lowerExpression(l, value), cause: cause === undefined ? undefined : lowerExpression(l, cause), ...span }]
    }
    case 'assert_statement': {
      const [test, message] = childrenOf(l, i)
      return [{ kind: 'assert', test: one(test), message: message === undefined ? undefined : lowerExpression(l, message), ...span }]
    }
    case 'delete_statement': {
      const [target] = childrenOf(l, i)
      const lowered = one(target)
      return [{ kind: 'delete', targets: lowered.kind === 'tuple' && typeOf(l, target!) === 'expression_list' ? lowered.items : [lowered], ...span }]
    }
    case 'pass_statement': return [{ kind: 'pass', ...span }]
    case 'break_statement': return [{ kind: 'break', ...span }]
    case 'continue_statement': return [{ kind: 'continue', ...span }]
    case 'import_statement': return [{ kind: 'import', names: fieldsOf(l, i, 'name').map((name) => importName(l, name)), ...span }]
    case 'future_import_statement':
      return [{ kind: 'importFrom', level: 0, module: { id: '__future__', start: span.start, end: span.start }, names: fieldsOf(l, i, 'name').map((name) => importName(l, name)), ...span }]
    case 'import_from_statement': return [lowerImportFrom(l, i)]
    case 'global_statement':
    case 'nonlocal_statement':
      return [{ kind: typeOf(l, i) === 'global_statement' ? 'global' : 'nonlocal', names: childrenOf(l, i).map((name) => identifierOf(l, name)), ...span }]
    case 'type_alias_statement': {
      const left = fieldOf(l, i, 'left')
      if (left !== undefined && typeOf(l, left) === 'type' && TYPE_CALL.test(l.text.slice(span.start, l.tree.start[left]! + 1))) return [{ kind: 'assign', targets: [callOfType(l, left, span.start)], value: one(fieldOf(l, i, 'right')), ...span }]
      const named = left === undefined ? undefined : firstIdentifier(l, left)
      return [{ kind: 'typeAlias', name: named, value: one(fieldOf(l, i, 'right')), ...span }]
    }
    case 'if_statement': {
      const branches = [{ test: one(fieldOf(l, i, 'condition')), body: lowerBlock(l, fieldOf(l, i, 'consequence')) }]
      let otherwise: Statement[] = []
      for (const alternative of fieldsOf(l, i, 'alternative')) {
        if (typeOf(l, alternative) === 'elif_clause') {
          branches.push({ test: one(fieldOf(l, alternative, 'condition')), body: lowerBlock(l, fieldOf(l, alternative, 'consequence')) })
        } else otherwise = lowerBlock(l, fieldOf(l, alternative, 'body'))
      }
      return [{ kind: 'if', branches, otherwise, ...span }]
    }
    case 'while_statement':
      return [{ kind: 'while', test: one(fieldOf(l, i, 'condition')), body: lowerBlock(l, fieldOf(l, i, 'body')), otherwise: elseBlock(l, i), ...span }]
    case 'for_statement':
      return [{
        kind: 'for', target: one(fieldOf(l, i, 'left')), iterable: one(fieldOf(l, i, 'right')), body: lowerBlock(l, fieldOf(l, i, 'body')), otherwise: elseBlock(l, i),
        isAsync: hasToken(l, i, 'async'), ...span,
      }]
    case 'try_statement': return [lowerTry(l, i)]
    case 'with_statement': return [lowerWith(l, i)]
    case 'match_statement': return [lowerMatch(l, i)]
    case 'function_definition':
    case 'class_definition': return [lowerDefinition(l, i, [], span.start)]
    case 'decorated_definition': {
      const definition = fieldOf(l, i, 'definition')
      if (definition === undefined) return [broken(l, i, 'invalid syntax')]
      const decorators = childrenOf(l, i).filter((child) => typeOf(l, child) === 'decorator')
      return [lowerDefinition(l, definition, decorators, span.start)]
    }
    case 'block':
    case 'module': return lowerBlock(l, i)
    case 'ERROR': return recover(l, i)
    case 'print_statement':
    case 'exec_statement': return [broken(l, i, 'Python 2 statement')]
    default: return [broken(l, i, 'invalid syntax')]
  }
}

/** `type(...)`: the name of an alias stands without parentheses. */
const TYPE_CALL = /^type\s*\($/

/** The target of `type(a).b = c`, which the grammar takes for a type alias named `(a).b`. */
function callOfType(l: Lowering, left: number, start: number): Expression {
  let node = left
  for (let child = childrenOf(l, node)[0]; child !== undefined && !/^(?:parenthesized_expression|tuple)$/.test(typeOf(l, node)); child = childrenOf(l, node)[0]) node = child
  const values = typeOf(l, node) === 'tuple' ? childrenOf(l, node) : childrenOf(l, node).slice(0, 1)
  const args = values.map((value) => ({ kind: 'positional' as const, name: undefined, value: lowerExpression(l, value), ...spanOf(l, value) }))
  const made: Expression = { kind: 'call', callee: { kind: 'name', id: 'type', start, end: start + 4 }, args, start, end: l.tree.end[node]! }
  const within = (e: Expression): Expression => {
    switch (e.kind) {
      case 'attribute':
      case 'subscript': return { ...e, object: within(e.object), start }
      case 'call': return { ...e, callee: within(e.callee), start }
      default: return made
    }
  }
  return within(lowerExpression(l, left))
}

/** Statements that stand whole inside an error node are kept: an unclosed bracket above must not hide the file below. */
function recover(l: Lowering, i: number): Statement[] {
  const kept = childrenOf(l, i).filter((child) => STATEMENTS.test(typeOf(l, child)))
  return [broken(l, i, 'invalid syntax'), ...kept.flatMap((child) => lowerStatement(l, child))]
}

const STATEMENTS = /_statement$|_definition$|^block$/

function elseBlock(l: Lowering, i: number): Statement[] {
  const alternative = fieldOf(l, i, 'alternative')
  return alternative === undefined ? [] : lowerBlock(l, fieldOf(l, alternative, 'body'))
}

function firstIdentifier(l: Lowering, i: number): Identifier | undefined {
  for (let at = i; at < l.tree.next[i]!; at++) if (typeOf(l, at) === 'identifier') return identifierOf(l, at)
  return undefined
}

function lowerExpressionStatement(l: Lowering, i: number): Statement[] {
  const span = spanOf(l, i)
  if (l.tree.broken[i] === 1) return [broken(l, i, 'invalid syntax')]
  const kids = childrenOf(l, i)
  const first = kids[0]
  if (first === undefined) return []
  switch (typeOf(l, first)) {
    case 'assignment': return [lowerAssignment(l, first)]
    case 'augmented_assignment': {
      const left = fieldOf(l, first, 'left')
      const right = fieldOf(l, first, 'right')
      const operator = tokenOf(l, first, (token) => token.endsWith('='))?.slice(0, -1) as BinaryOperator | undefined
      if (left === undefined || right === undefined || operator === undefined) return [broken(l, i, 'invalid syntax')]
      return [{ kind: 'augmentedAssign', target: lowerExpression(l, left), operator, value: lowerExpression(l, right), ...span }]
    }
    default: return [{ kind: 'expression', value: tupleOrOne(l, kids, i, kids.length > 1 || hasToken(l, i, ',')), ...span }]
  }
}

function lowerAssignment(l: Lowering, i: number): Statement {
  const span = spanOf(l, i)
  const annotation = fieldOf(l, i, 'type')
  const targets: Expression[] = []
  let at = i
  for (;;) {
    const left = fieldOf(l, at, 'left')
    if (left === undefined || l.tree.broken[at] === 1) return broken(l, at, 'invalid syntax')
    targets.push(lowerExpression(l, left))
    const right = fieldOf(l, at, 'right')
    if (right !== undefined && typeOf(l, right) === 'assignment') { at = right; continue }
    const value = right === undefined ? undefined : lowerExpression(l, right)
    if (annotation !== undefined) return { kind: 'annotatedAssign', target: targets[0]!, annotation: lowerExpression(l, annotation), value, ...span }
    return value === undefined ? broken(l, i, 'invalid syntax') : { kind: 'assign', targets, value, ...span }
  }
}

function dotted(l: Lowering, i: number): DottedName {
  return { id: childrenOf(l, i).map((part) => identifierOf(l, part).id).join('.'), ...spanOf(l, i) }
}

function importName(l: Lowering, i: number): ImportName {
  if (typeOf(l, i) !== 'aliased_import') return { name: dotted(l, i), alias: undefined, ...spanOf(l, i) }
  const name = fieldOf(l, i, 'name')
  const alias = fieldOf(l, i, 'alias')
  return { name: name === undefined ? { id: '', ...spanOf(l, i) } : dotted(l, name), alias: alias === undefined ? undefined : identifierOf(l, alias), ...spanOf(l, i) }
}

function lowerImportFrom(l: Lowering, i: number): Statement {
  const span = spanOf(l, i)
  const source = fieldOf(l, i, 'module_name')
  if (source === undefined || l.tree.broken[i] === 1) return broken(l, i, 'invalid syntax')
  let level = 0
  let module: DottedName | undefined
  if (typeOf(l, source) === 'relative_import') {
    for (const part of childrenOf(l, source)) {
      if (typeOf(l, part) === 'import_prefix') level = textOf(l, part).replace(/[^.]/g, '').length
      else module = dotted(l, part)
    }
  } else module = dotted(l, source)
  const isStar = childrenOf(l, i).some((child) => typeOf(l, child) === 'wildcard_import')
  return { kind: 'importFrom', level, module, names: isStar ? '*' : fieldsOf(l, i, 'name').map((name) => importName(l, name)), ...span }
}

function lowerTry(l: Lowering, i: number): Statement {
  const handlers: ExceptHandler[] = []
  let otherwise: Statement[] = []
  let final: Statement[] = []
  for (const child of childrenOf(l, i)) {
    switch (typeOf(l, child)) {
      case 'except_clause':
      case 'except_group_clause': {
        const parts = childrenOf(l, child)
        const block = parts.find((part) => typeOf(l, part) === 'block')
        const values = parts.filter((part) => part !== block)
        let type: Expression | undefined
        let name: Identifier | undefined
        const value = values[0]
        if (value !== undefined && typeOf(l, value) === 'as_pattern') {
          const [inner, alias] = childrenOf(l, value)
          type = inner === undefined ? undefined : lowerExpression(l, inner)
          name = alias === undefined ? undefined : firstIdentifier(l, alias)
        } else if (value !== undefined) {
          const alias = fieldOf(l, child, 'alias')
          const types = values.filter((one) => one !== alias)
          type = tupleOrOne(l, types, value, types.length > 1)
          name = alias === undefined ? undefined : firstIdentifier(l, alias)
        }
        handlers.push({ type, name, body: lowerBlock(l, block), ...(/^except\s*\*/.test(textOf(l, child).slice(0, MAX_KEYWORD)) ? { isGroup: true as const } : {}), ...spanOf(l, child) })
        break
      }
      case 'else_clause': otherwise = lowerBlock(l, fieldOf(l, child, 'body')); break
      case 'finally_clause': final = lowerBlock(l, childrenOf(l, child).find((part) => typeOf(l, part) === 'block')); break
    }
  }
  return { kind: 'try', body: lowerBlock(l, fieldOf(l, i, 'body')), handlers, otherwise, final, ...spanOf(l, i) }
}

function lowerWith(l: Lowering, i: number): Statement {
  const clause = childrenOf(l, i).find((child) => typeOf(l, child) === 'with_clause')
  const nodes = clause === undefined ? [] : childrenOf(l, clause)
  const whole = nodes.length === 1 ? fieldOf(l, nodes[0]!, 'value') : undefined
  // `with (a(), b(),):`: the grammar takes the parentheses for a tuple.
  if (whole !== undefined && typeOf(l, whole) === 'tuple') {
    return { kind: 'with', items: childrenOf(l, whole).map((item) => withItem(l, item)), body: lowerBlock(l, fieldOf(l, i, 'body')), isAsync: hasToken(l, i, 'async'), ...spanOf(l, i) }
  }
  const items = nodes.map((item) => { const value = fieldOf(l, item, 'value'); return value === undefined ? { context: errorAt(l, item, 'invalid syntax'), target: undefined } : withItem(l, value) })
  return { kind: 'with', items, body: lowerBlock(l, fieldOf(l, i, 'body')), isAsync: hasToken(l, i, 'async'), ...spanOf(l, i) }
}

function withItem(l: Lowering, value: number): { readonly context: Expression, readonly target: Expression | undefined } {
  const inner = typeOf(l, value) === 'parenthesized_expression' ? childrenOf(l, value)[0] ?? value : value
  const [then, test, otherwise] = typeOf(l, inner) === 'conditional_expression' ? childrenOf(l, inner) : []
  // The grammar reads `with a if b else c as d` as `a if b else (c as d)`.
  if (then !== undefined && test !== undefined && otherwise !== undefined && typeOf(l, otherwise) === 'as_pattern') {
    const item = withItem(l, otherwise)
    return { context: { kind: 'conditional', then: lowerExpression(l, then), test: lowerExpression(l, test), otherwise: item.context, start: l.tree.start[inner]!, end: item.context.end }, target: item.target }
  }
  if (typeOf(l, inner) !== 'as_pattern') return { context: lowerExpression(l, value), target: undefined }
  const [context, target] = childrenOf(l, inner)
  return { context: context === undefined ? errorAt(l, value, 'invalid syntax') : lowerExpression(l, context), target: target === undefined ? undefined : lowerExpression(l, target) }
}

/** `start` is where the first decorator stands. */
function lowerDefinition(l: Lowering, i: number, decoratorNodes: readonly number[], start: number): Statement {
  const end = l.tree.end[i]!
  const name = fieldOf(l, i, 'name')
  if (name === undefined) return broken(l, i, 'invalid syntax')
  const decorators = decoratorNodes.map((node) => {
    const [value] = childrenOf(l, node)
    return { value: value === undefined ? errorAt(l, node, 'invalid syntax') : lowerExpression(l, value), ...spanOf(l, node) }
  })
  const generics = fieldOf(l, i, 'type_parameters')
  const typeParameters = generics === undefined ? [] : childrenOf(l, generics).flatMap((node) => firstIdentifier(l, node) ?? [])
  const body = lowerBlock(l, fieldOf(l, i, 'body'))
  if (typeOf(l, i) === 'class_definition') {
    const list = fieldOf(l, i, 'superclasses')
    return { kind: 'class', name: identifierOf(l, name), args: list === undefined ? [] : lowerArguments(l, list), typeParameters, decorators, body, start, end }
  }
  const list = fieldOf(l, i, 'parameters')
  if (list !== undefined && l.tree.broken[list] === 1) problem(l, list, 'invalid parameters')
  const returns = fieldOf(l, i, 'return_type')
  const made: FunctionStatement = {
    kind: 'function', name: identifierOf(l, name), parameters: list === undefined ? [] : lowerParameters(l, list), returns: returns === undefined ? undefined : lowerExpression(l, returns),
    typeParameters, decorators, body, isAsync: hasToken(l, i, 'async'), start, end,
  }
  const hidden = l.hidden?.at(l.tree.start[name]!)
  return hidden === undefined ? made : deferredFunction(made, hidden.mentionsClass, hidden.read)
}

// ---------------------------------------------------------------------------------------------- match

function lowerMatch(l: Lowering, i: number): Statement {
  const subjects = fieldsOf(l, i, 'subject')
  const subject = tupleOrOne(l, subjects, i, subjects.length > 1)
  const body = fieldOf(l, i, 'body')
  const clauses = body === undefined ? [] : childrenOf(l, body).filter((child) => typeOf(l, child) === 'case_clause')
  const cases = clauses.map((clause) => {
    const patterns = childrenOf(l, clause).filter((child) => typeOf(l, child) === 'case_pattern')
    const guard = fieldOf(l, clause, 'guard')
    const test = guard === undefined ? undefined : childrenOf(l, guard)[0]
    const pattern: Pattern = patterns.length === 1 && !hasToken(l, clause, ',')
      ? lowerPattern(l, patterns[0]!)
      : { kind: 'sequence', items: patterns.map((one) => lowerPattern(l, one)) }
    return { pattern, guard: test === undefined ? undefined : lowerExpression(l, test), body: lowerBlock(l, fieldOf(l, clause, 'consequence')) }
  })
  return { kind: 'match', subject, cases, ...spanOf(l, i) }
}
