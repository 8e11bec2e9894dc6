/** Copies of statements with every offset moved: how unchanged code below an edit keeps its AST. */

import type { Statement } from './ast.ts'

/** The statements moved by `delta` units. The AST is depth-bounded, so the recursion is too. */
export function shiftStatements(statements: readonly Statement[], delta: number): readonly Statement[] {
  return shifted(statements, delta) as readonly Statement[]
}

function shifted(value: unknown, delta: number): unknown {
  if (typeof value !== 'object' || value === null || value instanceof Uint8Array) return value
  if (Array.isArray(value)) return value.length === 0 ? value : value.map((item: unknown) => shifted(item, delta))
  const copy: Record<string, unknown> = {}
  for (const [key, part] of Object.entries(value)) {
    if (key === 'start' || key === 'end') copy[key] = (part as number) + delta
    else copy[key] = typeof part === 'object' ? shifted(part, delta) : part
  }
  return copy
}
