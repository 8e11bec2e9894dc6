/**
 * `# footprint:` comments in Python, requirements and Dockerfiles: ignore, ignore-file and assume. Reads text only,
 * so that a file with a syntax error keeps its ignores.
 */

import { pieces } from '../syntax/assume-comment.ts'
import { LineIndex } from '../text/line-index.ts'
import type { Range } from '../text/range.ts'

export interface FootprintComment {
  readonly kind: 'ignore' | 'ignore-file' | 'assume' | 'unreadable'
  /** Rule ids of an ignore, in order. */
  readonly rules: readonly { readonly id: string; readonly range: Range }[]
  /** From `#` to the end of the line. */
  readonly range: Range
  /** The only thing on its line: an ignore then speaks of the next line. */
  readonly alone: boolean
  /** Why it is unreadable. */
  readonly problem?: string
}

/** Comments of one file that are kept; a file with more is not written by hand. */
const maxComments = 10_000

/** All footprint comments, in order. `language` says where a `#` is no comment: inside Python's strings. */
export function readComments(text: string, language: 'python' | 'other', lines = new LineIndex(text)): readonly FootprintComment[] {
  if (!text.includes('footprint:')) return []
  const comments: FootprintComment[] = []
  for (const start of language === 'python' ? pythonComments(text) : lineComments(text)) {
    const end = lineEnd(text, start)
    const found = /^#\s*footprint:\s*(.*)$/.exec(text.slice(start, end))
    if (!found) continue
    comments.push(readOne(text, lines, start, end, found[1]!, end - found[1]!.length))
    if (comments.length >= maxComments) break
  }
  return comments
}

function readOne(text: string, lines: LineIndex, start: number, end: number, body: string, bodyStart: number): FootprintComment {
  const range = lines.range(start, end)
  const alone = lines.line(range.start.line).slice(0, range.start.character).trim() === ''
  const base = { rules: [], range, alone }
  const ignore = /^(ignore(?:-file)?)\s*\[([^\]]*)\]/.exec(body)
  if (ignore) {
    const listStart = bodyStart + ignore[0].indexOf('[') + 1
    const rules = pieces(ignore[2]!).map(({ piece, at }) => ({ id: piece, range: lines.range(listStart + at, listStart + at + piece.length) }))
    if (rules.length === 0) return { ...base, kind: 'unreadable', problem: 'name the rules in brackets' }
    return { ...base, kind: ignore[1] as 'ignore' | 'ignore-file', rules }
  }
  // What is wrong with an assumption needs a parser: see `Facts.assumptions`.
  if (/^assume(?![\w-])/.test(body)) return { ...base, kind: 'assume' }
  return { ...base, kind: 'unreadable', problem: 'write `ignore[rule-id]`, `ignore-file[rule-id]` or `assume name=value`' }
}

function* lineComments(text: string): Generator<number> {
  for (let at = text.indexOf('#'); at >= 0; at = text.indexOf('#', lineEnd(text, at))) yield at
}

/** Offsets of the `#` of each comment of a Python text: outside strings, of any prefix and quoting. */
function* pythonComments(text: string): Generator<number> {
  let i = 0
  while (i < text.length) {
    const unit = text[i]!
    if (unit === '#') {
      yield i
      i = lineEnd(text, i)
    } else if (unit === '"' || unit === '\'') i = stringEnd(text, i)
    else i += 1
  }
}

/** The offset after the string that opens at `start`; one quote ends at its line's end, as Python's own error does. */
function stringEnd(text: string, start: number): number {
  const quote = text[start]!
  const triple = text.startsWith(quote.repeat(3), start)
  for (let i = start + (triple ? 3 : 1); i < text.length; i++) {
    const unit = text[i]!
    if (unit === '\\') i += 1
    else if (triple ? text.startsWith(quote.repeat(3), i) : unit === quote) return i + (triple ? 3 : 1)
    else if (!triple && (unit === '\n' || unit === '\r')) return i
  }
  return text.length
}

function lineEnd(text: string, from: number): number {
  for (let i = from; i < text.length; i++) {
    const unit = text.charCodeAt(i)
    if (unit === 10 || unit === 13) return i
  }
  return text.length
}
