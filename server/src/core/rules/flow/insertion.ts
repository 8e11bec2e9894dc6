/** Writes a statement into a file at a point, and the imports that it needs, in the file's own indentation and line ends. */

import type { FunctionStatement, Statement } from '../../syntax/ast.ts'
import type { SourceFile } from '../../syntax/source-file.ts'
import type { TextEdit } from '../../text/range.ts'
import type { Point } from './graph.ts'
import type { FileNames, ImportedName } from './names.ts'

/** The line end that the file uses: that of its first line. */
export function lineEndOf(text: string): string {
  const at = text.search(/[\r\n]/)
  if (at < 0) return '\n'
  return text.startsWith('\r\n', at) ? '\r\n' : text[at]!
}

/** Inserts one-line statements at a point of a block. */
export function insertStatements(source: SourceFile, point: Point, statements: readonly string[]): TextEdit {
  const { block, index } = point
  const before = block[index - 1]
  const after = block[index]
  if (before && after && startsOnLineOf(source, before, after)) return inline(source, after.start, `${statements.join('; ')}; `)
  if (!before && after) {
    if (!isFirstOnLine(source, after.start)) return inline(source, after.start, `${statements.join('; ')}; `)
    const { line } = source.lines.position(after.start)
    return insertLines(source, line, indentOf(source, line), statements)
  }
  const anchor = before!
  const startLine = source.lines.position(anchor.start).line
  const owner = firstStatementOfLine(source, block, index - 1)
  // A suite on the line of its head (`if x: model = Net()`) has no line of its own to follow.
  if (!isFirstOnLine(source, owner.start)) return inline(source, anchor.end, `; ${statements.join('; ')}`)
  const indent = indentOf(source, source.lines.position(owner.start).line)
  return insertLines(source, skipInnerComments(source, lastLine(source, anchor, startLine), indent) + 1, indent, statements)
}

function inline(source: SourceFile, offset: number, text: string): TextEdit {
  const at = source.lines.position(offset)
  return { range: { start: at, end: at }, newText: text }
}

/** Whole lines before line `line`; at the end of a file whose last line has no end, they bring it. */
function insertLines(source: SourceFile, line: number, indent: string, statements: readonly string[]): TextEdit {
  const end = lineEndOf(source.text)
  if (line < source.lines.lineCount) {
    const at = { line, character: 0 }
    return { range: { start: at, end: at }, newText: statements.map((statement) => `${indent}${statement}${end}`).join('') }
  }
  const at = source.lines.position(source.text.length)
  return { range: { start: at, end: at }, newText: statements.map((statement) => `${end}${indent}${statement}`).join('') }
}

function startsOnLineOf(source: SourceFile, before: Statement, after: Statement): boolean {
  return source.lines.position(contentEnd(source, before)).line >= firstLine(source, after.start)
}

/** The line on which the line of `offset` begins: a backslash at its end goes on in the next. */
function firstLine(source: SourceFile, offset: number): number {
  let { line } = source.lines.position(offset)
  while (line > 0 && source.lines.line(line - 1).trimEnd().endsWith('\\')) line -= 1
  return line
}

/** The first statement of the block that stands on the line of `block[index]`. */
function firstStatementOfLine(source: SourceFile, block: readonly Statement[], index: number): Statement {
  let at = index
  while (at > 0 && startsOnLineOf(source, block[at - 1]!, block[at]!)) at -= 1
  return block[at]!
}

function isFirstOnLine(source: SourceFile, offset: number): boolean {
  const position = source.lines.position(offset)
  return source.lines.line(position.line).slice(0, position.character).trim() === ''
}

function indentOf(source: SourceFile, line: number): string {
  return /^[ \t\f]*/.exec(source.lines.line(line))![0]
}

/** The end of a statement without the line ends and comments that a block may take in. */
function contentEnd(source: SourceFile, statement: Statement): number {
  let end = statement.end
  while (end > statement.start && /\s/.test(source.text[end - 1]!)) end -= 1
  return end
}

/** The last line of a statement, with a comment or a `;` behind it. */
function lastLine(source: SourceFile, statement: Statement, startLine: number): number {
  return Math.max(startLine, source.lines.position(contentEnd(source, statement)).line)
}

/** Comment lines that are indented deeper belong to the block above them. */
function skipInnerComments(source: SourceFile, line: number, indent: string): number {
  let last = line
  for (let next = line + 1; next < source.lines.lineCount; next++) {
    const text = source.lines.line(next)
    if (text.trim() === '') continue
    if (!/^\s*#/.test(text) || indentOf(source, next).length <= indent.length) break
    last = next
  }
  return last
}

// ------------------------------------------------------------------------------------------------ imports

/** How a name can be said at a place of a file, and the import lines that this takes. */
export interface NameWriter {
  /** `torch.nn.Linear` -> `nn.Linear`, `Linear`, `th.nn.Linear`; notes an import when no name leads there. */
  write(qualified: string): string
  /** Import lines that `write` asked for. */
  readonly missing: readonly string[]
}

/**
 * Says names by the imports that hold at a place: those of the module, and those of the function around it that stand before.
 * `fallback` gives the import line, and what to write then, for a name that none of them leads to.
 */
export function nameWriter(names: FileNames, at: number, scope: FunctionStatement | undefined, fallback: (qualified: string) => { readonly line: string; readonly text: string }): NameWriter {
  const missing: string[] = []
  const visible = names.imports.filter((one) => isVisible(one, at, scope))
  return {
    missing,
    write(qualified) {
      // The longest match is the shortest to say; of equals the last import wins, as it does in Python.
      let best: { readonly local: string; readonly length: number } | undefined
      for (const one of visible) {
        if (qualified !== one.qualified && !qualified.startsWith(`${one.qualified}.`)) continue
        if (!best || one.qualified.length >= best.length) best = { local: one.local + qualified.slice(one.qualified.length), length: one.qualified.length }
      }
      if (best) return best.local
      const made = fallback(qualified)
      if (!missing.includes(made.line)) missing.push(made.line)
      return made.text
    },
  }
}

function isVisible(one: ImportedName, at: number, scope: FunctionStatement | undefined): boolean {
  if (one.scope === undefined) return one.always || one.statement.start < at
  return scope !== undefined && one.scope.start === scope.start && one.statement.end <= at
}

/**
 * Where import lines go: behind the last unconditional torch import of the module's head. Undefined when there is none before
 * `at`; the lines then stand with the statement that needs them.
 */
export function insertImports(source: SourceFile, names: FileNames, at: number, lines: readonly string[]): TextEdit | undefined {
  const torch = names.imports.filter((one) => one.scope === undefined && one.always && /^torch(?:vision|audio)?(?:\.|$)/.test(one.qualified) && isModuleLevel(source, one))
  // At module level the import must come first; from inside a function any import of the module will have run.
  const last = torch.filter((one) => one.statement.end <= at).at(-1)
  if (!last) return undefined
  return insertLines(source, source.lines.position(last.statement.end).line + 1, '', lines)
}

function isModuleLevel(source: SourceFile, one: ImportedName): boolean {
  return source.body.includes(one.statement)
}
