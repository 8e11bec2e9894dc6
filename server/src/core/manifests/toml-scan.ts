/**
 * Where the tables, keys and values of a TOML text stand. The scan recovers line by line, so that one broken value costs
 * that value; values are then parsed by smol-toml one at a time.
 */

import { parse } from 'smol-toml'

export interface TomlTable {
  readonly path: readonly string[]
  readonly isArray: boolean
  /** Of the header line. */
  readonly start: number
  /** Past the last entry of the table, before blank lines and the next header. */
  end: number
}

export interface TomlEntry {
  /** Index into `tables`; -1 before the first header. */
  readonly table: number
  readonly key: readonly string[]
  readonly keyStart: number
  readonly keyEnd: number
  readonly valueStart: number
  readonly valueEnd: number
}

export interface TomlScan {
  readonly tables: readonly TomlTable[]
  readonly entries: readonly TomlEntry[]
  readonly problems: readonly { readonly offset: number; readonly message: string }[]
}

const KEY = /(?:"((?:[^"\\\n]|\\.)*)"|'([^'\n]*)'|([A-Za-z0-9_-]+))[ \t]*(\.?)[ \t]*/y

export function scanToml(text: string): TomlScan {
  const tables: TomlTable[] = []
  const entries: TomlEntry[] = []
  const problems: { offset: number; message: string }[] = []
  let at = text.startsWith('\uFEFF') ? 1 : 0
  while (at < text.length) {
    const code = text.charCodeAt(at)
    if (code === 32 || code === 9 || code === 10 || code === 13) {
      at += 1
      continue
    }
    if (code === 35) {
      at = lineEnd(text, at)
      continue
    }
    const start = at
    if (code === 91) {
      const isArray = text[at + 1] === '['
      const key = readKey(text, skipBlank(text, at + (isArray ? 2 : 1)))
      if (!key || text[key.end] !== ']') {
        problems.push({ offset: start, message: 'this table header is not closed' })
        at = lineEnd(text, at)
        continue
      }
      at = lineEnd(text, key.end)
      tables.push({ path: key.path, isArray, start, end: at })
      continue
    }
    const key = readKey(text, at)
    if (!key || text[key.end] !== '=') {
      problems.push({ offset: start, message: 'expected `key = value`' })
      at = lineEnd(text, at)
      continue
    }
    const valueStart = skipBlank(text, key.end + 1)
    const value = valueExtent(text, valueStart)
    if (!value.closed) problems.push({ offset: valueStart, message: 'this value is not closed' })
    entries.push({ table: tables.length - 1, key: key.path, keyStart: start, keyEnd: key.nameEnd, valueStart, valueEnd: value.end })
    at = value.closed ? lineEnd(text, value.end) : lineEnd(text, valueStart)
    const table = tables.at(-1)
    if (table) table.end = at
  }
  return { tables, entries, problems }
}

function readKey(text: string, from: number): { readonly path: string[]; readonly end: number; readonly nameEnd: number } | undefined {
  const path: string[] = []
  let at = from
  for (;;) {
    KEY.lastIndex = at
    const part = KEY.exec(text)
    if (!part) return undefined
    path.push(part[1] ?? part[2] ?? part[3] ?? '')
    at = KEY.lastIndex
    if (part[4] !== '.') return { path, end: at, nameEnd: at - (/[ \t]*$/.exec(part[0])?.[0].length ?? 0) }
  }
}

function skipBlank(text: string, from: number): number {
  let at = from
  while (text[at] === ' ' || text[at] === '\t') at += 1
  return at
}

function lineEnd(text: string, from: number): number {
  const end = text.indexOf('\n', from)
  return end < 0 ? text.length : end
}

/** The end of the value that starts at an offset; `closed` is false when a bracket or string runs to the end of the text. */
function valueExtent(text: string, from: number): { readonly end: number; readonly closed: boolean } {
  let at = from
  let depth = 0
  let last = from
  while (at < text.length) {
    const unit = text[at]!
    if (unit === '"' || unit === "'") {
      const end = stringEnd(text, at)
      if (end === undefined) return { end: lineEnd(text, from), closed: false }
      at = end
      last = at
      continue
    }
    if (unit === '[' || unit === '{') depth += 1
    else if (unit === ']' || unit === '}') depth -= 1
    else if (unit === '#') {
      if (depth === 0) return { end: last, closed: true }
      at = lineEnd(text, at)
      continue
    } else if (unit === '\n' && depth <= 0) return { end: last, closed: true }
    at += 1
    if (unit !== ' ' && unit !== '\t' && unit !== '\r' && unit !== '\n') last = at
  }
  return { end: last, closed: depth <= 0 }
}

/** Past the closing quotes of the string at an offset; undefined when it is not closed. */
function stringEnd(text: string, from: number): number | undefined {
  const quote = text[from]!
  if (text.startsWith(quote.repeat(3), from)) {
    const end = text.indexOf(quote.repeat(3), from + 3)
    return end < 0 ? undefined : end + 3
  }
  for (let at = from + 1; at < text.length; at++) {
    if (text[at] === '\\' && quote === '"') at += 1
    else if (text[at] === quote) return at + 1
    else if (text[at] === '\n') return undefined
  }
  return undefined
}

/** The value of an entry; undefined when it is no TOML. */
export function tomlValue(text: string, start: number, end: number): unknown {
  // Plain strings are almost all there is; a parser per item would cost a large list seconds.
  const plain = /^(?:"([^"\\\n]*)"|'([^'\n]*)')$/.exec(text.slice(start, end))
  if (plain) return plain[1] ?? plain[2] ?? ''
  try {
    return parse(`value = ${text.slice(start, end)}\n`).value
  } catch {
    return undefined
  }
}

export interface TomlItem {
  readonly value: unknown
  readonly start: number
  readonly end: number
  /** What to delete so that the array stays well formed: the whole line where the item stands alone on it. */
  readonly removalStart: number
  readonly removalEnd: number
}

/** The items of an array value, with their places. */
export function tomlItems(text: string, entry: TomlEntry): readonly TomlItem[] {
  if (text[entry.valueStart] !== '[') return []
  const items: { start: number; end: number }[] = []
  let at = entry.valueStart + 1
  const stop = entry.valueEnd - 1
  while (at < stop) {
    const unit = text[at]!
    if (unit === '#') at = lineEnd(text, at)
    else if (unit === '"' || unit === "'") {
      const end = stringEnd(text, at)
      if (end === undefined) break
      items.push({ start: at, end })
      at = end
    } else if (unit === '{' || unit === '[') {
      const end = bracketEnd(text, at, stop)
      items.push({ start: at, end })
      at = end
    } else at += 1
  }
  // Of thousands of items on one line none may look for its ends again.
  const line = { start: 0, end: -1 }
  return items.map(({ start, end }, order) => {
    if (start > line.end) Object.assign(line, { start: text.lastIndexOf('\n', start - 1) + 1, end: lineEnd(text, start) })
    return { value: tomlValue(text, start, end), start, end, ...removalOf(text, entry, items, order, line.start) }
  })
}

function bracketEnd(text: string, from: number, stop: number): number {
  let depth = 0
  for (let at = from; at < stop; at++) {
    const unit = text[at]!
    if (unit === '"' || unit === "'") at = (stringEnd(text, at) ?? stop) - 1
    else if (unit === '{' || unit === '[') depth += 1
    else if (unit === '}' || unit === ']') {
      depth -= 1
      if (depth === 0) return at + 1
    }
  }
  return stop
}

/** A comma, a comment and the end of the line: all that may follow an item that has its line alone. */
const REST = /[ \t]*,?[ \t]*(?:#[^\n]*)?\r?\n/y

function removalOf(text: string, entry: TomlEntry, items: readonly { readonly start: number; readonly end: number }[], order: number, lineStart: number): { readonly removalStart: number; readonly removalEnd: number } {
  const { start, end } = items[order]!
  const previous = items[order - 1]
  if (lineStart > entry.valueStart && (previous === undefined || previous.end <= lineStart) && text.slice(lineStart, start).trim() === '') {
    REST.lastIndex = end
    if (REST.test(text)) return { removalStart: lineStart, removalEnd: REST.lastIndex }
  }
  const next = items[order + 1]
  if (next) return { removalStart: start, removalEnd: next.start }
  return { removalStart: previous ? previous.end : start, removalEnd: end }
}
