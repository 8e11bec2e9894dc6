/** Expressions of the flat tree to AST expressions. Depth-bounded; what cannot be read becomes an error expression. */

import type {
  Argument, BinaryOperator, CompareOperator, ComprehensionClause, ComprehensionExpression, Expression, FormattedPart, FormattedString,
  FormattedValue, NameExpression, Parameter, UnaryOperator,
} from './ast.ts'
import { decodeEscapes, latin1Bytes, normaliseLineEnds, numberLiteral, stringPrefix } from './literals.ts'
import {
  childrenOf, errorAt, fieldOf, fieldsOf, hasToken, identifierOf, type Lowering, MAX_SYNTAX_DEPTH, spanOf, textOf, tokenOf, typeOf,
} from './lowering.ts'
import { joinBits, starOutside, unionOf } from './regroup.ts'

export function lowerExpression(l: Lowering, i: number): Expression {
  if (l.depth >= MAX_SYNTAX_DEPTH) return errorAt(l, i, 'nested too deeply')
  if (l.tree.broken[i] === 1 && typeOf(l, i) !== 'interpolation') return errorAt(l, i, 'invalid syntax')
  l.depth++
  const expression = lowerInner(l, i)
  l.depth--
  return expression
}

function lowerInner(l: Lowering, i: number): Expression {
  const { start, end } = spanOf(l, i)
  const type = typeOf(l, i)
  switch (type) {
    case 'identifier': return { kind: 'name', id: identifierOf(l, i).id, start, end }
    case 'keyword_identifier': return { kind: 'name', id: textOf(l, i), start, end }
    case 'true': return { kind: 'constant', value: 'True', start, end }
    case 'false': return { kind: 'constant', value: 'False', start, end }
    case 'none': return { kind: 'constant', value: 'None', start, end }
    case 'ellipsis': return { kind: 'constant', value: '...', start, end }
    case 'integer':
    case 'float': {
      const literal = numberLiteral(textOf(l, i))
      return literal === undefined ? errorAt(l, i, 'invalid number') : { kind: 'number', ...literal, start, end }
    }
    case 'string': return lowerStrings(l, [i], start, end)
    case 'concatenated_string': return lowerStrings(l, childrenOf(l, i), start, end)
    case 'parenthesized_expression': return only(l, i)
    case 'type': return only(l, i)
    case 'as_pattern_target': return only(l, i)
    case 'attribute': {
      const object = fieldOf(l, i, 'object')
      const name = fieldOf(l, i, 'attribute')
      if (object === undefined || name === undefined) return errorAt(l, i, 'invalid syntax')
      return starOutside(start, lowerExpression(l, object), (inner, from) => ({ kind: 'attribute', object: inner, name: identifierOf(l, name), start: from, end }))
    }
    case 'member_type': {
      const [object, name] = childrenOf(l, i)
      if (object === undefined || name === undefined) return errorAt(l, i, 'invalid syntax')
      return { kind: 'attribute', object: lowerExpression(l, object), name: identifierOf(l, name), start, end }
    }
    case 'generic_type': {
      const [object, parameters] = childrenOf(l, i)
      if (object === undefined || parameters === undefined) return errorAt(l, i, 'invalid syntax')
      return { kind: 'subscript', object: lowerExpression(l, object), index: tupleOrOne(l, childrenOf(l, parameters), parameters, hasToken(l, parameters, ',')), start, end }
    }
    case 'union_type': return binaryType(l, i)
    case 'constrained_type': return only(l, i)
    case 'subscript': {
      const object = fieldOf(l, i, 'value')
      const indices = fieldsOf(l, i, 'subscript')
      if (object === undefined || indices.length === 0) return errorAt(l, i, 'invalid syntax')
      const isTuple = indices.length > 1 || hasToken(l, i, ',')
      const lowered = lowerExpression(l, object)
      const index = tupleOrOne(l, indices, indices[0]!, isTuple)
      return starOutside(start, lowered, (inner, from) => ({ kind: 'subscript', object: inner, index, start: from, end }))
    }
    case 'slice': return lowerSlice(l, i)
    case 'call': return lowerCall(l, i)
    case 'unary_operator': {
      const argument = fieldOf(l, i, 'argument')
      const operator = tokenOf(l, i, (token) => token === '-' || token === '+' || token === '~') as UnaryOperator | undefined
      if (argument === undefined || operator === undefined) return errorAt(l, i, 'invalid syntax')
      return { kind: 'unary', operator, operand: lowerExpression(l, argument), start, end }
    }
    case 'not_operator': {
      const argument = fieldOf(l, i, 'argument')
      return argument === undefined ? errorAt(l, i, 'invalid syntax') : { kind: 'unary', operator: 'not', operand: lowerExpression(l, argument), start, end }
    }
    case 'binary_operator': {
      const left = fieldOf(l, i, 'left')
      const right = fieldOf(l, i, 'right')
      const operator = tokenOf(l, i, (token) => BINARY.has(token)) as BinaryOperator | undefined
      if (left === undefined || right === undefined || operator === undefined) return errorAt(l, i, 'invalid syntax')
      if (operator === '&' || operator === '^') return lowerBits(l, i)
      return starOutside(start, lowerExpression(l, left), (inner, from) => ({ kind: 'binary', operator, left: inner, right: lowerExpression(l, right), start: from, end }))
    }
    case 'boolean_operator': return lowerBoolean(l, i)
    case 'comparison_operator': return lowerComparison(l, i)
    case 'conditional_expression': {
      const [then, test, otherwise] = childrenOf(l, i)
      if (then === undefined || test === undefined || otherwise === undefined) return errorAt(l, i, 'invalid syntax')
      const first = lowerExpression(l, then)
      // The grammar reads `x := a if b else c` as `(x := a) if b else c`.
      const isNamed = first.kind === 'named' && typeOf(l, then) === 'named_expression'
      const value = isNamed ? first.value : first
      const conditional: Expression = { kind: 'conditional', then: value, test: lowerExpression(l, test), otherwise: lowerExpression(l, otherwise), start: value.start, end }
      return isNamed ? { ...first, value: conditional, end } : { ...conditional, start }
    }
    case 'lambda': {
      const parameters = fieldOf(l, i, 'parameters')
      const body = fieldOf(l, i, 'body')
      if (body === undefined) return errorAt(l, i, 'invalid syntax')
      return { kind: 'lambda', parameters: parameters === undefined ? [] : lowerParameters(l, parameters), body: lowerExpression(l, body), start, end }
    }
    case 'tuple_pattern':
      // `(a) = 1` and `(a): int`: no tuple.
      if (childrenOf(l, i).length === 1 && !hasToken(l, i, ',')) return only(l, i)
      return { kind: 'tuple', items: childrenOf(l, i).map((child) => lowerExpression(l, child)), start, end }
    case 'tuple':
    case 'expression_list':
    case 'pattern_list': return { kind: 'tuple', items: childrenOf(l, i).map((child) => lowerExpression(l, child)), start, end }
    case 'list':
    case 'list_pattern': return { kind: 'list', items: childrenOf(l, i).map((child) => lowerExpression(l, child)), start, end }
    case 'set': return { kind: 'set', items: childrenOf(l, i).map((child) => lowerExpression(l, child)), start, end }
    case 'dictionary': return lowerDictionary(l, i)
    case 'list_comprehension':
    case 'set_comprehension':
    case 'dictionary_comprehension':
    case 'generator_expression': return lowerComprehension(l, i, type)
    case 'list_splat':
    case 'list_splat_pattern':
    case 'splat_type': {
      const [value] = childrenOf(l, i)
      return value === undefined ? errorAt(l, i, 'invalid syntax') : { kind: 'starred', value: lowerExpression(l, value), start, end }
    }
    case 'parenthesized_list_splat': return only(l, i)
    case 'await': {
      const [value] = childrenOf(l, i)
      return value === undefined ? errorAt(l, i, 'invalid syntax') : { kind: 'await', value: lowerExpression(l, value), start, end }
    }
    case 'yield': {
      const [value] = childrenOf(l, i)
      return { kind: 'yield', from: hasToken(l, i, 'from'), value: value === undefined ? undefined : lowerExpression(l, value), start, end }
    }
    case 'named_expression': {
      const name = fieldOf(l, i, 'name')
      const value = fieldOf(l, i, 'value')
      if (name === undefined || value === undefined) return errorAt(l, i, 'invalid syntax')
      const target: NameExpression = { kind: 'name', ...identifierOf(l, name) }
      return { kind: 'named', target, value: lowerExpression(l, value), start, end }
    }
    case 'dotted_name': return lowerDotted(l, i)
    default: return errorAt(l, i, 'invalid syntax')
  }
}

/** Operators between two operands, as the grammar writes them. */
const BINARY = new Set(['+', '-', '*', '/', '//', '%', '**', '@', '<<', '>>', '&', '|', '^'])
const COMPARE = new Set(['<', '<=', '>', '>=', '==', '!=', '<>', 'is', 'is not', 'in', 'not in'])

function only(l: Lowering, i: number): Expression {
  const [child] = childrenOf(l, i)
  return child === undefined ? errorAt(l, i, 'invalid syntax') : lowerExpression(l, child)
}

/** Several index or list items as a tuple, a single one as itself. */
export function tupleOrOne(l: Lowering, items: readonly number[], at: number, isTuple: boolean): Expression {
  const first = items[0]
  if (first === undefined) return errorAt(l, at, 'invalid syntax')
  if (!isTuple) {
    const one = lowerExpression(l, first)
    return one.kind === 'starred' ? { kind: 'tuple', items: [one], start: one.start, end: one.end } : one
  }
  return { kind: 'tuple', items: items.map((item) => lowerExpression(l, item)), start: l.tree.start[first]!, end: l.tree.end[items.at(-1)!]! }
}

function binaryType(l: Lowering, i: number): Expression {
  const [left, right] = childrenOf(l, i)
  if (left === undefined || right === undefined) return errorAt(l, i, 'invalid syntax')
  return unionOf(lowerExpression(l, left), lowerExpression(l, right))
}

/** `a.b.c` as an attribute chain. */
export function lowerDotted(l: Lowering, i: number): Expression {
  const [first, ...rest] = childrenOf(l, i)
  if (first === undefined) return errorAt(l, i, 'invalid syntax')
  let object: Expression = { kind: 'name', ...identifierOf(l, first) }
  if (rest.length > MAX_SYNTAX_DEPTH) return errorAt(l, i, 'nested too deeply')
  for (const part of rest) object = { kind: 'attribute', object, name: identifierOf(l, part), start: object.start, end: l.tree.end[part]! }
  return object
}

/** Operands of `&` and `^` grouped as Python does: the grammar has the two precedences the wrong way round. */
function lowerBits(l: Lowering, i: number): Expression {
  const operands: Expression[] = []
  const operators: ('&' | '^')[] = []
  // The right operand of a chain waits until its left one is done; chains lean to the left or, where `^` follows `&`, to the right.
  const open: (number | '&' | '^')[] = [i]
  for (let at = open.pop(); at !== undefined; at = open.pop()) {
    if (typeof at === 'string') { operators.push(at); continue }
    const operator = typeOf(l, at) === 'binary_operator' && l.tree.broken[at] !== 1 ? tokenOf(l, at, (token) => BINARY.has(token)) : undefined
    const left = fieldOf(l, at, 'left')
    const right = fieldOf(l, at, 'right')
    if ((operator !== '&' && operator !== '^') || left === undefined || right === undefined) operands.push(lowerExpression(l, at))
    else open.push(right, operator, left)
  }
  return joinBits(operands, operators)
}

function lowerBoolean(l: Lowering, i: number): Expression {
  const operator = hasToken(l, i, 'and') ? 'and' : 'or'
  // Left spines are flattened here, so `a or b or c ...` costs no depth.
  const reversed: Expression[] = []
  let at = i
  for (;;) {
    const left = fieldOf(l, at, 'left')
    const right = fieldOf(l, at, 'right')
    if (left === undefined || right === undefined || l.tree.broken[at] === 1) return errorAt(l, at, 'invalid syntax')
    reversed.push(lowerExpression(l, right))
    if (typeOf(l, left) === 'boolean_operator' && (hasToken(l, left, 'and') ? 'and' : 'or') === operator) { at = left; continue }
    reversed.push(lowerExpression(l, left))
    break
  }
  return { kind: 'boolean', operator, values: reversed.reverse(), ...spanOf(l, i) }
}

function lowerComparison(l: Lowering, i: number): Expression {
  const { next, type } = l.tree
  let first: Expression | undefined
  let operator: CompareOperator | undefined
  const rest: { operator: CompareOperator, value: Expression }[] = []
  for (let child = i + 1, stop = next[i]!; child < stop; child = next[child]!) {
    const name = typeOf(l, child)
    if (l.symbols.isNamed[type[child]!] !== 1) {
      if (COMPARE.has(name)) operator = (name === '<>' ? '!=' : name) as CompareOperator
      continue
    }
    if (name === 'comment' || name === 'line_continuation') continue
    if (name === 'is not' || name === 'not in') { operator = name; continue }
    const value = lowerExpression(l, child)
    if (first === undefined) first = value
    else if (operator !== undefined) rest.push({ operator, value })
  }
  return first === undefined || rest.length === 0 ? errorAt(l, i, 'invalid syntax') : { kind: 'compare', first, rest, ...spanOf(l, i) }
}

function lowerSlice(l: Lowering, i: number): Expression {
  const parts: (Expression | undefined)[] = [undefined, undefined, undefined]
  let part = 0
  const { next, type } = l.tree
  for (let child = i + 1, stop = next[i]!; child < stop; child = next[child]!) {
    const name = typeOf(l, child)
    if (l.symbols.isNamed[type[child]!] !== 1) { if (name === ':') part++ } else if (name !== 'comment' && name !== 'line_continuation') parts[part] = lowerExpression(l, child)
  }
  return { kind: 'slice', lower: parts[0], upper: parts[1], step: parts[2], ...spanOf(l, i) }
}

function lowerCall(l: Lowering, i: number): Expression {
  const callee = fieldOf(l, i, 'function')
  const list = fieldOf(l, i, 'arguments')
  if (callee === undefined || list === undefined) return errorAt(l, i, 'invalid syntax')
  return starOutside(l.tree.start[i]!, lowerExpression(l, callee), (inner, from) => ({ kind: 'call', callee: inner, args: lowerArguments(l, list), start: from, end: l.tree.end[i]! }))
}

export function lowerArguments(l: Lowering, list: number): Argument[] {
  if (typeOf(l, list) === 'generator_expression') return [{ kind: 'positional', name: undefined, value: lowerExpression(l, list), ...spanOf(l, list) }]
  if (l.tree.broken[list] === 1) return [{ kind: 'star', name: undefined, value: errorAt(l, list, 'invalid syntax'), ...spanOf(l, list) }]
  return childrenOf(l, list).map((child): Argument => {
    const span = spanOf(l, child)
    switch (typeOf(l, child)) {
      case 'keyword_argument': {
        const name = fieldOf(l, child, 'name')
        const value = fieldOf(l, child, 'value')
        if (name === undefined || value === undefined) return { kind: 'positional', name: undefined, value: errorAt(l, child, 'invalid syntax'), ...span }
        return { kind: 'keyword', name: identifierOf(l, name), value: lowerExpression(l, value), ...span }
      }
      case 'list_splat': return { kind: 'star', name: undefined, value: only(l, child), ...span }
      case 'dictionary_splat': return { kind: 'doubleStar', name: undefined, value: only(l, child), ...span }
      default: {
        const value = lowerExpression(l, child)
        return value.kind === 'starred' ? { kind: 'star', name: undefined, value: value.value, ...span } : { kind: 'positional', name: undefined, value, ...span }
      }
    }
  })
}

function lowerDictionary(l: Lowering, i: number): Expression {
  const entries = childrenOf(l, i).map((child): { key: Expression | undefined, value: Expression } => {
    if (typeOf(l, child) === 'dictionary_splat') return { key: undefined, value: only(l, child) }
    const key = fieldOf(l, child, 'key')
    const value = fieldOf(l, child, 'value')
    if (key === undefined || value === undefined) return { key: undefined, value: errorAt(l, child, 'invalid syntax') }
    return { key: lowerExpression(l, key), value: lowerExpression(l, value) }
  })
  return { kind: 'dict', entries, ...spanOf(l, i) }
}

const COMPREHENSIONS: Record<string, ComprehensionExpression['type']> = {
  list_comprehension: 'list', set_comprehension: 'set', dictionary_comprehension: 'dict', generator_expression: 'generator',
}

function lowerComprehension(l: Lowering, i: number, type: string): Expression {
  const body = fieldOf(l, i, 'body')
  if (body === undefined) return errorAt(l, i, 'invalid syntax')
  const isPair = typeOf(l, body) === 'pair'
  const key = isPair ? fieldOf(l, body, 'key') : body
  const value = isPair ? fieldOf(l, body, 'value') : undefined
  if (key === undefined) return errorAt(l, i, 'invalid syntax')
  const clauses: (ComprehensionClause & { conditions: Expression[] })[] = []
  for (const child of childrenOf(l, i)) {
    if (typeOf(l, child) === 'for_in_clause') {
      const left = fieldOf(l, child, 'left')
      const right = fieldsOf(l, child, 'right')
      if (left === undefined || right[0] === undefined) return errorAt(l, child, 'invalid syntax')
      clauses.push({ target: lowerExpression(l, left), iterable: tupleOrOne(l, right, right[0], right.length > 1), conditions: [], isAsync: hasToken(l, child, 'async') })
    } else if (typeOf(l, child) === 'if_clause') {
      clauses.at(-1)?.conditions.push(only(l, child))
    }
  }
  return {
    kind: 'comprehension', type: COMPREHENSIONS[type]!, element: lowerExpression(l, key), value: value === undefined ? undefined : lowerExpression(l, value), clauses, ...spanOf(l, i),
  }
}

export function lowerParameters(l: Lowering, list: number): Parameter[] {
  return childrenOf(l, list).map((child) => lowerParameter(l, child))
}

function lowerParameter(l: Lowering, i: number): Parameter {
  const span = spanOf(l, i)
  const base = { annotation: undefined, defaultValue: undefined, ...span }
  const annotation = fieldOf(l, i, 'type')
  const value = fieldOf(l, i, 'value')
  switch (typeOf(l, i)) {
    case 'identifier': return { ...base, kind: 'plain', name: identifierOf(l, i) }
    case 'keyword_separator': return { ...base, kind: 'keywordMarker', name: undefined }
    case 'positional_separator': return { ...base, kind: 'positionalMarker', name: undefined }
    case 'list_splat_pattern':
    case 'dictionary_splat_pattern': {
      const [name] = childrenOf(l, i)
      const kind = typeOf(l, i) === 'list_splat_pattern' ? 'star' : 'doubleStar'
      return { ...base, kind, name: name === undefined ? undefined : identifierOf(l, name) }
    }
    case 'default_parameter':
    case 'typed_default_parameter': {
      const name = fieldOf(l, i, 'name')
      return {
        kind: 'plain', name: name === undefined ? undefined : identifierOf(l, name), annotation: annotation === undefined ? undefined : lowerExpression(l, annotation),
        defaultValue: value === undefined ? errorAt(l, i, 'invalid syntax') : lowerExpression(l, value), ...span,
      }
    }
    case 'typed_parameter': {
      const inner = childrenOf(l, i)[0]
      const lowered = inner === undefined ? undefined : lowerParameter(l, inner)
      return { ...base, kind: lowered?.kind ?? 'plain', name: lowered?.name, annotation: annotation === undefined ? undefined : lowerExpression(l, annotation) }
    }
    default:
      errorAt(l, i, 'invalid parameter')
      return { ...base, kind: 'plain', name: undefined }
  }
}

// ---------------------------------------------------------------------------------------------- strings

function lowerStrings(l: Lowering, pieces: readonly number[], start: number, end: number): Expression {
  const parts: FormattedPart[] = []
  let isFormatted = false
  let isBytes = false
  for (const piece of pieces) {
    if (l.tree.broken[piece] === 1) return errorAt(l, piece, 'invalid string')
    const kids = childrenOf(l, piece)
    const open = kids[0]
    if (open === undefined || typeOf(l, open) !== 'string_start') return errorAt(l, piece, 'invalid string')
    const prefix = stringPrefix(textOf(l, open))
    isFormatted ||= prefix.isFormatted
    isBytes = prefix.isBytes
    const close = kids.at(-1)!
    // The grammar counts a backslash before the closing quotes of a raw string to these: their number is that of the opening ones.
    const stop = typeOf(l, close) === 'string_end' ? l.tree.end[close]! - quotesOf(textOf(l, open)) : l.tree.end[piece]!
    if (!prefix.isFormatted) {
      const raw = normaliseLineEnds(l.text.slice(l.tree.end[open]!, stop))
      parts.push(prefix.isRaw ? raw : decodeEscapes(raw, prefix.isBytes))
      continue
    }
    parts.push(...lowerFormattedParts(l, kids, l.tree.end[open]!, stop, prefix.isRaw))
  }
  if (isBytes) return { kind: 'bytes', value: latin1Bytes(parts.filter((part) => typeof part === 'string').join('')), start, end }
  if (!isFormatted) return { kind: 'string', value: parts.join(''), start, end }
  const formatted: FormattedString = { kind: 'fstring', parts, start, end }
  return formatted
}

/** How many quotes open a string, and close it. */
function quotesOf(open: string): number {
  return /["']+$/.exec(open)?.[0].length ?? 0
}

/** Literal text and interpolations between two offsets; the literal text is whatever no interpolation covers. */
function lowerFormattedParts(l: Lowering, kids: readonly number[], from: number, to: number, isRaw: boolean): FormattedPart[] {
  const parts: FormattedPart[] = []
  let at = from
  const literal = (stop: number): void => {
    if (stop <= at) return
    const raw = normaliseLineEnds(l.text.slice(at, stop)).replaceAll('{{', '{').replaceAll('}}', '}')
    parts.push(isRaw ? raw : decodeEscapes(raw, false))
  }
  for (const kid of kids) {
    const type = typeOf(l, kid)
    if (type !== 'interpolation' && type !== 'format_expression') continue
    literal(l.tree.start[kid]!)
    parts.push(lowerInterpolation(l, kid, isRaw))
    at = l.tree.end[kid]!
  }
  literal(to)
  return parts
}

function lowerInterpolation(l: Lowering, i: number, isRaw: boolean): FormattedValue {
  const span = spanOf(l, i)
  const value = fieldOf(l, i, 'expression')
  const conversion = fieldOf(l, i, 'type_conversion')
  const spec = fieldOf(l, i, 'format_specifier')
  const letter = conversion === undefined ? undefined : textOf(l, conversion).slice(1)
  const isDebug = value !== undefined && hasToken(l, i, '=')
  const lowered = value === undefined || l.tree.broken[i] === 1 ? errorAt(l, i, 'invalid syntax') : lowerExpression(l, value)
  const format = spec === undefined ? undefined : lowerFormattedParts(l, childrenOf(l, spec), l.tree.start[spec]! + 1, l.tree.end[spec]!, isRaw)
  const stop = conversion !== undefined ? l.tree.start[conversion]! : spec !== undefined ? l.tree.start[spec]! : span.end - 1
  return {
    value: lowered, format, ...span,
    conversion: letter === 'r' || letter === 's' || letter === 'a' ? letter : isDebug && format === undefined ? 'r' : undefined,
    debug: isDebug ? l.text.slice(span.start + 1, stop) : undefined,
  }
}
