/** The text of `# footprint: assume name=value, ...`: names, values and what is wrong with it. Says nothing about what it means. */

import type { Expression } from './ast.ts'

/** One `name=value`; offsets count from the start of the list that was given. */
export interface AssumedText {
  /** As written: `cfg.hidden`, `cfg['hidden']`. */
  readonly name: string
  /** The name in its steps: `['cfg', '.hidden']`, `['cfg', '["hidden"]']`. */
  readonly path: readonly string[]
  /** A Python expression, not yet parsed; `...` stands for a value still to be written. */
  readonly value: string
  readonly start: number
  readonly end: number
}

export interface AssumedList {
  readonly assumed: readonly AssumedText[]
  /** The first piece that is no `name=value`, where there is one. */
  readonly wrong: string | undefined
}

/** What a value stands for that the comment leaves to be written. */
export const openValue = '...'

const step = String.raw`\.[\p{L}_][\p{L}\p{N}_]*|\[\s*(?:'[^'\\]*'|"[^"\\]*"|\d{1,9})\s*\]`
const pair = new RegExp(String.raw`^([\p{L}_][\p{L}\p{N}_]*(?:${step})*)\s*=(?!=)\s*(\S[\s\S]*)?$`, 'u')
const steps = new RegExp(step, 'gu')

/** Reads what follows the word `assume`. */
export function readAssumedList(list: string): AssumedList {
  const assumed: AssumedText[] = []
  let wrong: string | undefined
  for (const { piece, at } of pieces(list)) {
    const found = pair.exec(piece)
    if (found?.[2] === undefined) { wrong ??= piece; continue }
    const [, name, value] = found
    assumed.push({ name: name!, path: pathOf(name!), value: value.trim(), start: at, end: at + piece.length })
  }
  return { assumed, wrong: wrong ?? (assumed.length === 0 ? list.trim() : undefined) }
}

/** One name as the comment writes it; `undefined` for what is none. */
export function assumedPath(name: string): readonly string[] | undefined {
  return pair.test(`${name}=1`) ? pathOf(name) : undefined
}

function pathOf(name: string): readonly string[] {
  const root = /^[\p{L}_][\p{L}\p{N}_]*/u.exec(name)?.[0] ?? name
  return [root, ...(name.slice(root.length).match(steps) ?? []).map((one) => {
    if (one.startsWith('.')) return one
    const inside = one.slice(1, -1).trim()
    return /^\d/.test(inside) ? itemStep(Number(inside)) : itemStep(inside.slice(1, -1))
  })]
}

/** The step of a path that a constant subscript is. */
export function itemStep(key: string | number): string {
  return `[${JSON.stringify(key)}]`
}

/** The steps of an expression that a comment could name: `['cfg', '.hidden', '["key"]']` of `cfg.hidden['key']`. */
export function stepsOf(e: Expression): readonly string[] | undefined {
  const found: string[] = []
  for (let node = e; ;) {
    if (node.kind === 'name') return [node.id, ...found.reverse()]
    if (node.kind === 'attribute') {
      found.push(`.${node.name.id}`)
      node = node.object
    } else if (node.kind === 'subscript' && (node.index.kind === 'string' || (node.index.kind === 'number' && typeof node.index.value === 'number'))) {
      found.push(itemStep(node.index.value as string | number))
      node = node.object
    } else return undefined
  }
}

/** The parts between commas that stand outside brackets and quotes, trimmed, with their offsets; empty ones are left out. */
export function pieces(list: string): { readonly piece: string; readonly at: number }[] {
  const found: { piece: string; at: number }[] = []
  let start = 0
  let depth = 0
  let quote = ''
  const take = (end: number): void => {
    const raw = list.slice(start, end)
    const piece = raw.trim()
    if (piece) found.push({ piece, at: start + raw.indexOf(piece) })
    start = end + 1
  }
  for (let i = 0; i < list.length; i++) {
    const unit = list[i]!
    if (quote) {
      if (unit === quote) quote = ''
    } else if (unit === '"' || unit === '\'') quote = unit
    else if ('([{'.includes(unit)) depth += 1
    else if (')]}'.includes(unit)) depth -= 1
    else if (unit === ',' && depth <= 0) take(i)
  }
  take(list.length)
  return found
}

/** Whether every bracket of a text is closed in it, and none is closed that it did not open. */
export function isClosed(text: string): boolean {
  let depth = 0
  let quote = ''
  for (const unit of text) {
    if (quote) {
      if (unit === quote) quote = ''
    } else if (unit === '"' || unit === '\'') quote = unit
    else if ('([{'.includes(unit)) depth += 1
    else if (')]}'.includes(unit) && --depth < 0) return false
  }
  return depth === 0 && quote === ''
}
