/** Finds everything in lowered code that has offsets: how unchanged code below an edit is moved in place and keeps its identity. */

/** A span as its only writer sees it. */
export interface MovableSpan {
  start: number
  end: number
}

/** Every object with offsets in plain data made by lowering, each once. The AST is a tree of bounded depth, so the recursion ends. */
export function collectSpans(roots: readonly unknown[]): readonly MovableSpan[] {
  const found = new Set<MovableSpan>()
  for (const root of roots) collect(root, found)
  return [...found]
}

function collect(value: unknown, found: Set<MovableSpan>): void {
  if (typeof value !== 'object' || value === null || value instanceof Uint8Array) return
  if (Array.isArray(value)) {
    for (const item of value) collect(item, found)
    return
  }
  const object = value as Readonly<Record<string, unknown>>
  if (typeof object.start === 'number') {
    // Two nodes may share one below: it moves once.
    if (found.has(value as MovableSpan)) return
    found.add(value as MovableSpan)
  }
  for (const key in object) collect(object[key], found)
}
