/** The patterns of `match` statements, from the flat tree to the AST. What cannot be read becomes an error pattern. */

import type { Expression, Pattern } from './ast.ts'
import { lowerDotted, lowerExpression } from './lower-expression.ts'
import { childrenOf, hasToken, identifierOf, type Lowering, MAX_SYNTAX_DEPTH, spanOf, textOf, typeOf } from './lowering.ts'

export function lowerPattern(l: Lowering, i: number): Pattern {
  if (l.depth >= MAX_SYNTAX_DEPTH || l.tree.broken[i] === 1) return { kind: 'error', reason: 'invalid pattern' }
  l.depth++
  const pattern = patternInner(l, i)
  l.depth--
  return pattern
}

function patternInner(l: Lowering, i: number): Pattern {
  const kids = childrenOf(l, i)
  const first = kids[0]
  switch (typeOf(l, i)) {
    case 'case_pattern':
      if (first !== undefined) {
        // `case -1`: the sign is a token of the case pattern itself.
        if (hasToken(l, i, '-')) return { kind: 'value', value: { kind: 'unary', operator: '-', operand: lowerExpression(l, first), ...spanOf(l, i) } }
        return lowerPattern(l, first)
      }
      return textOf(l, i) === '_' ? { kind: 'wildcard' } : { kind: 'error', reason: 'invalid pattern' }
    case 'dotted_name':
      if (kids.length > 1) return { kind: 'value', value: lowerDotted(l, i) }
      return textOf(l, i) === '_' ? { kind: 'wildcard' } : { kind: 'capture', name: identifierOf(l, i).id }
    case 'identifier': return textOf(l, i) === '_' ? { kind: 'wildcard' } : { kind: 'capture', name: identifierOf(l, i).id }
    case 'union_pattern': return { kind: 'or', options: unionOptions(l, i) }
    case 'as_pattern': {
      const [inner, name] = kids
      if (inner === undefined || name === undefined) return { kind: 'error', reason: 'invalid pattern' }
      return { kind: 'as', pattern: lowerPattern(l, inner), name: identifierOf(l, name).id }
    }
    case 'list_pattern': return { kind: 'sequence', items: kids.map((kid) => lowerPattern(l, kid)) }
    case 'tuple_pattern':
      if (kids.length === 1 && !hasToken(l, i, ',')) return lowerPattern(l, first!)
      return { kind: 'sequence', items: kids.map((kid) => lowerPattern(l, kid)) }
    case 'splat_pattern': {
      const name = first === undefined ? undefined : textOf(l, first)
      return { kind: 'star', name: name === '_' ? undefined : name }
    }
    case 'dict_pattern': return mappingPattern(l, i, kids)
    case 'class_pattern': {
      if (first === undefined) return { kind: 'error', reason: 'invalid pattern' }
      const positional: Pattern[] = []
      const keywords: { name: string, value: Pattern }[] = []
      for (const kid of kids.slice(1)) {
        const inner = childrenOf(l, kid)[0]
        if (inner !== undefined && typeOf(l, inner) === 'keyword_pattern') {
          const [name, value] = childrenOf(l, inner)
          if (name === undefined || value === undefined) return { kind: 'error', reason: 'invalid pattern' }
          keywords.push({ name: identifierOf(l, name).id, value: lowerPattern(l, value) })
        } else positional.push(lowerPattern(l, kid))
      }
      return { kind: 'class', type: lowerDotted(l, first), positional, keywords }
    }
    case 'complex_pattern': {
      // `-1+2j`: one expression whose parts the grammar leaves as tokens; rare enough to refuse.
      return { kind: 'error', reason: 'complex number pattern' }
    }
    default: return { kind: 'value', value: lowerExpression(l, i) }
  }
}

function unionOptions(l: Lowering, i: number): Pattern[] {
  const options: Pattern[] = []
  let isNegative = false
  const { next, type } = l.tree
  for (let child = i + 1, stop = next[i]!; child < stop; child = next[child]!) {
    const name = typeOf(l, child)
    if (l.symbols.isNamed[type[child]!] !== 1) {
      if (name === '-') isNegative = true
      else if (name === '_') options.push({ kind: 'wildcard' })
      continue
    }
    if (name === 'comment' || name === 'line_continuation') continue
    if (isNegative) options.push({ kind: 'value', value: { kind: 'unary', operator: '-', operand: lowerExpression(l, child), ...spanOf(l, child) } })
    else options.push(lowerPattern(l, child))
    isNegative = false
  }
  return options
}

function mappingPattern(l: Lowering, i: number, kids: readonly number[]): Pattern {
  const entries: { key: Expression, value: Pattern }[] = []
  let rest: string | undefined
  let key: Expression | undefined
  let isNegative = false
  const valueField = l.symbols.fields.get('value')
  const { next, type } = l.tree
  for (let child = i + 1, stop = next[i]!; child < stop; child = next[child]!) {
    if (l.symbols.isNamed[type[child]!] !== 1) { isNegative = typeOf(l, child) === '-'; continue }
    if (!kids.includes(child)) continue
    if (typeOf(l, child) === 'splat_pattern') {
      const name = childrenOf(l, child)[0]
      rest = name === undefined ? undefined : textOf(l, name)
    } else if (l.tree.field[child] === valueField && key !== undefined) {
      entries.push({ key, value: lowerPattern(l, child) })
      key = undefined
    } else {
      const lowered = typeOf(l, child) === 'dotted_name' ? lowerDotted(l, child) : lowerExpression(l, child)
      key = isNegative ? { kind: 'unary', operator: '-', operand: lowered, ...spanOf(l, child) } : lowered
    }
    isNegative = false
  }
  return { kind: 'mapping', entries, rest }
}
