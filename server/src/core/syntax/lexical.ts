/** What can be said of a file past the parser's budget, by its lines alone: top-level imports and `torch.load(` calls. */

import type { ImportName, Statement } from './ast.ts'
import { SourceFile } from './source-file.ts'

/** Longer lines are data, not code. */
const MAX_LINE = 2000
const MAX_STATEMENTS = 10_000

const IMPORT = /^import[ \t]+([\w.]+)(?:[ \t]+as[ \t]+(\w+))?/
const FROM = /^from[ \t]+([\w.]+)[ \t]+import[ \t]+(.+)$/
const LOAD = /(?<![\w.])torch\.load[ \t]*\(/g

/** Reads the file line by line; strings and nesting are not understood, so `body` is a hint, never evidence of absence. */
export function lexicalFile(text: string, reason: string): SourceFile {
  const body: Statement[] = []
  let start = 0
  while (start < text.length && body.length < MAX_STATEMENTS) {
    let end = text.indexOf('\n', start)
    if (end < 0) end = text.length
    if (end - start <= MAX_LINE) body.push(...statementsOf(text.slice(start, end).trimEnd(), start))
    start = end + 1
  }
  return new SourceFile({ text, body, comments: [], problems: [{ start: 0, end: 0, message: reason }], mode: 'lexical' })
}

function statementsOf(line: string, start: number): Statement[] {
  const found: Statement[] = []
  const span = { start, end: start + line.length }
  const plain = IMPORT.exec(line)
  if (plain !== null) found.push({ kind: 'import', names: [importName(line, plain[1]!, plain[2], start)], ...span })
  const from = FROM.exec(line)
  if (from !== null) {
    const module = from[1]!
    const level = /^\.*/.exec(module)![0].length
    const names = from[2]!.replace(/#.*$/, '').replace(/[()\\]/g, '').split(',').map((part) => part.trim()).filter((part) => part !== '')
    const id = module.slice(level)
    found.push({
      kind: 'importFrom', level, module: id === '' ? undefined : { id, start: start + line.indexOf(module), end: start + line.indexOf(module) + module.length },
      names: names[0] === '*' ? '*' : names.map((part) => {
        const [name, , alias] = part.split(/\s+/)
        return importName(line, name!, alias, start)
      }), ...span,
    })
  }
  for (const load of line.matchAll(LOAD)) {
    const at = start + load.index
    const end = at + load[0].length
    found.push({
      kind: 'expression', start: at, end: span.end,
      value: {
        kind: 'call', start: at, end: span.end,
        callee: { kind: 'attribute', object: { kind: 'name', id: 'torch', start: at, end: at + 5 }, name: { id: 'load', start: at + 6, end: at + 10 }, start: at, end: at + 10 },
        args: [{ kind: 'star', name: undefined, value: { kind: 'error', reason: 'file too large to parse', start: end, end: span.end }, start: end, end: span.end }],
      },
    })
  }
  return found
}

function importName(line: string, id: string, alias: string | undefined, lineStart: number): ImportName {
  const at = lineStart + Math.max(0, line.indexOf(id))
  return {
    name: { id, start: at, end: at + id.length }, start: at, end: at + id.length,
    alias: alias === undefined ? undefined : { id: alias, start: lineStart + line.lastIndexOf(alias), end: lineStart + line.lastIndexOf(alias) + alias.length },
  }
}
