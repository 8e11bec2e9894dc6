/** Expressions put together as Python groups them where the grammar groups otherwise. Pure: it knows no tree. */

import type { Expression } from './ast.ts'

/** The grammar reads the first item of `[*a.b, c]` as `(*a).b`: Python's star stands before the whole of it. */
export function starOutside(start: number, first: Expression, build: (first: Expression, start: number) => Expression): Expression {
  if (first.kind !== 'starred') return build(first, start)
  const value = build(first.value, first.value.start)
  return { kind: 'starred', value, start: first.start, end: value.end }
}

/** `A[B] | C | D` from the left, as Python has it; the grammar takes what follows a generic type for one operand. */
export function unionOf(left: Expression, right: Expression): Expression {
  if (right.kind === 'binary' && right.operator === '|') return unionOf(unionOf(left, right.left), right.right)
  return { kind: 'binary', operator: '|', left, right, start: left.start, end: right.end }
}

/** Operands joined by `&` and `^`, of which `&` binds closer: the grammar has the two precedences the wrong way round. */
export function joinBits(operands: readonly Expression[], operators: readonly ('&' | '^')[]): Expression {
  const join = (operator: '&' | '^', left: Expression, right: Expression): Expression => ({ kind: 'binary', operator, left, right, start: left.start, end: right.end })
  let whole: Expression | undefined
  let term = operands[0]!
  for (const [at, operator] of operators.entries()) {
    const next = operands[at + 1]!
    if (operator === '&') { term = join('&', term, next); continue }
    whole = whole === undefined ? term : join('^', whole, term)
    term = next
  }
  return whole === undefined ? term : join('^', whole, term)
}
