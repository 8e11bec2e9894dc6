/** What both halves of lowering share: the flat tree, its text, typed access to children, and the depth budget. */

import type { ErrorExpression, FunctionStatement, Identifier, Span } from './ast.ts'
import { ERROR_SYMBOL, type FlatTree, type Symbols } from './flat-tree.ts'

/** Nesting of one expression or block past which the inside is an error: everything that walks the AST may recurse this deep. */
export const MAX_SYNTAX_DEPTH = 200

export interface SyntaxProblem extends Span {
  readonly message: string
}

export interface Comment extends Span {
  /** With its `#`. */
  readonly text: string
}

export interface Lowering {
  readonly text: string
  readonly tree: FlatTree
  readonly symbols: Symbols
  readonly problems: SyntaxProblem[]
  depth: number
  /** By block, until it is lowered: the errors of its statement before and behind it. */
  readonly stray: Map<number, { readonly before: readonly number[], readonly after: readonly number[] }>
  /** Bodies that the tree does not have, by the offset of the function's name. */
  readonly hidden?: HiddenBodies | undefined
}

export interface HiddenBodies {
  readonly at: (nameStart: number) => { readonly mentionsClass: boolean, readonly read: () => FunctionStatement } | undefined
}

export const MAX_PROBLEMS = 200

export function typeOf(l: Lowering, i: number): string {
  const symbol = l.tree.type[i]!
  return symbol === ERROR_SYMBOL ? 'ERROR' : l.symbols.names[symbol]!
}

/** Named children without comments and line continuations. */
export function childrenOf(l: Lowering, i: number): number[] {
  const { next, type } = l.tree
  const { isNamed } = l.symbols
  const found: number[] = []
  for (let child = i + 1, stop = next[i]!; child < stop; child = next[child]!) {
    if (isNamed[type[child]!] !== 1) continue
    const name = typeOf(l, child)
    if (name !== 'comment' && name !== 'line_continuation') found.push(child)
  }
  return found
}

export function fieldOf(l: Lowering, i: number, name: string): number | undefined {
  const wanted = l.symbols.fields.get(name)
  const { next, field } = l.tree
  for (let child = i + 1, stop = next[i]!; child < stop; child = next[child]!) {
    if (field[child] === wanted && l.symbols.isNamed[l.tree.type[child]!] === 1 && typeOf(l, child) !== 'comment') return child
  }
  return undefined
}

export function fieldsOf(l: Lowering, i: number, name: string): number[] {
  const wanted = l.symbols.fields.get(name)
  return childrenOf(l, i).filter((child) => l.tree.field[child] === wanted)
}

/** The text of the first unnamed token directly under i that `accept` takes. */
export function tokenOf(l: Lowering, i: number, accept: (token: string) => boolean): string | undefined {
  const { next, type } = l.tree
  for (let child = i + 1, stop = next[i]!; child < stop; child = next[child]!) {
    const symbol = type[child]!
    if (symbol !== ERROR_SYMBOL && l.symbols.isNamed[symbol] !== 1 && accept(l.symbols.names[symbol]!)) return l.symbols.names[symbol]!
  }
  return undefined
}

export function hasToken(l: Lowering, i: number, token: string): boolean {
  return tokenOf(l, i, (name) => name === token) !== undefined
}

export function textOf(l: Lowering, i: number): string {
  return l.text.slice(l.tree.start[i]!, l.tree.end[i]!)
}

export function spanOf(l: Lowering, i: number): Span {
  return { start: l.tree.start[i]!, end: l.tree.end[i]! }
}

export function identifierOf(l: Lowering, i: number): Identifier {
  return { id: textOf(l, i).normalize('NFKC'), start: l.tree.start[i]!, end: l.tree.end[i]! }
}

export function problem(l: Lowering, i: number, message: string): void {
  if (l.problems.length < MAX_PROBLEMS) l.problems.push({ start: l.tree.start[i]!, end: l.tree.end[i]!, message })
}

export function errorAt(l: Lowering, i: number, reason: string): ErrorExpression {
  problem(l, i, reason)
  return { kind: 'error', reason, start: l.tree.start[i]!, end: l.tree.end[i]! }
}
