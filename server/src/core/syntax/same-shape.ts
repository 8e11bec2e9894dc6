/** Compares syntax without its places: which functions of two statements differ in nothing but their bodies, and whether those do. */

import type { FunctionStatement, Statement } from './ast.ts'

/** The same function in two versions of a statement. */
export interface FunctionPair {
  readonly before: FunctionStatement
  readonly after: FunctionStatement
}

/**
 * The functions of a statement in both versions, outermost ones only, when everything around their bodies is the same: names,
 * parameters, defaults, decorators, doc strings, class bodies. Undefined when something else differs or cannot be parsed.
 */
export function pairFunctions(before: Statement, after: Statement): readonly FunctionPair[] | undefined {
  const pairs: FunctionPair[] = []
  return sameValue(before, after, pairs) ? pairs : undefined
}

/** Whether the bodies are the same code, wherever they stand. Text that cannot be parsed is never the same. */
export function sameBody({ before, after }: FunctionPair): boolean {
  return sameValue(before.body, after.body, undefined)
}

/** Deep equality of plain syntax without offsets, which is of bounded depth. With `pairs`, bodies of functions are collected, not compared. */
function sameValue(a: unknown, b: unknown, pairs: FunctionPair[] | undefined): boolean {
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return Object.is(a, b)
  if (Array.isArray(a)) return Array.isArray(b) && a.length === b.length && a.every((item, i) => sameValue(item, b[i], pairs))
  if (a instanceof Uint8Array) return b instanceof Uint8Array && a.length === b.length && a.every((byte, i) => byte === b[i])
  const left = a as Readonly<Record<string, unknown>>
  const right = b as Readonly<Record<string, unknown>>
  if (left.kind !== right.kind || left.kind === 'error') return false
  const isFunction = pairs !== undefined && left.kind === 'function'
  for (const key in left) {
    if (key === 'start' || key === 'end' || (isFunction && key === 'body')) continue
    if (!sameValue(left[key], right[key], pairs)) return false
  }
  if (!isFunction) return true
  const pair = { before: a as FunctionStatement, after: b as FunctionStatement }
  pairs.push(pair)
  return docstringOf(pair.before) === docstringOf(pair.after)
}

function docstringOf({ body }: FunctionStatement): string | undefined {
  const first = body[0]
  return first?.kind === 'expression' && first.value.kind === 'string' ? first.value.value : undefined
}
