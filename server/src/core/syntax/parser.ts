/**
 * Text to `SourceFile`, through web-tree-sitter whose wasm arrives as bytes. The only file that holds trees;
 * open documents keep theirs and reuse both tree and lowered statements from edit to edit, with the same result as a fresh parse.
 */

import { Edit, Language, Parser, type Tree, type TreeCursor } from 'web-tree-sitter'
import type { Statement } from './ast.ts'
import { createFlatTree, type FlatTree, flatten, MAX_TREE_NODES, readSymbols, type Symbols } from './flat-tree.ts'
import { lexicalFile } from './lexical.ts'
import { lowerStatement } from './lower-statement.ts'
import { type Comment, type Lowering, MAX_PROBLEMS, type SyntaxProblem, typeOf } from './lowering.ts'
import { collectSpans, type MovableSpan } from './shift.ts'
import { SourceFile } from './source-file.ts'

/** Characters above which a file is data and is only scanned by line. */
export const MAX_PARSE_LENGTH = 8_000_000
/** Parser progress reports, one per about 35 characters of sound code (2 MB) and per 40 of noise: two to four seconds on a slow machine. */
const MAX_PARSE_STEPS = 60_000

export interface PythonParser {
  /** Parses once and frees the tree. Never throws. */
  parse(text: string): SourceFile
  /** Starts an incremental parse of a document that will change. */
  open(text: string): OpenDocument
}

export interface OpenDocument {
  readonly file: SourceFile
  /**
   * The file after its text became `text`. Statements that did not change are the same objects, with their offsets moved in place:
   * whoever keeps something by statement keeps it, and the file answered before must not be read any more.
   */
  update(text: string): SourceFile
  close(): void
}

/** Starts the wasm runtime and loads the grammar. Rejects only when the bytes are not what they should be. */
export async function createPythonParser(wasm: { runtime: Uint8Array, grammar: Uint8Array }): Promise<PythonParser> {
  await Parser.init({ wasmBinary: wasm.runtime })
  const language = await Language.load(wasm.grammar)
  const parser = new Parser()
  parser.setLanguage(language)
  const context: ParseContext = { parser, symbols: readSymbols(language), flat: createFlatTree() }
  return {
    parse(text) {
      const tree = parseTree(context, text, null)
      if (tree === undefined) return lexicalFile(text, 'file too large to parse')
      const chunks = lowerTree(context, tree, text, () => undefined)
      tree.delete()
      return assemble(text, chunks)
    },
    open: (text) => openDocument(context, text),
  }
}

interface ParseContext {
  readonly parser: Parser
  readonly symbols: Symbols
  readonly flat: FlatTree
}

/** What one top-level node of the tree became. */
interface Chunk {
  readonly symbol: number
  start: number
  end: number
  readonly statements: readonly Statement[]
  readonly comments: readonly Comment[]
  readonly problems: readonly SyntaxProblem[]
  /** Every object of the chunk that has offsets, found when it is first moved. */
  spans: readonly MovableSpan[] | undefined
}

function parseTree(context: ParseContext, text: string, previous: Tree | null): Tree | undefined {
  if (text.length > MAX_PARSE_LENGTH) return undefined
  let steps = 0
  // The library's type says void, its code stops when the callback answers true.
  const progressCallback = (): boolean => ++steps > MAX_PARSE_STEPS
  try {
    const tree = context.parser.parse(text, previous, { progressCallback })
    if (tree !== null) return tree
  } catch {
    // Out of wasm memory: the parser's state is reset below and the file is scanned instead.
  }
  context.parser.reset()
  return undefined
}

/** Lowers every top-level node, taking from `reuse` where it has an answer. */
function lowerTree(context: ParseContext, tree: Tree, text: string, reuse: (symbol: number, start: number, end: number) => Chunk | undefined): Chunk[] {
  const chunks: Chunk[] = []
  const cursor = tree.walk()
  let nodes = 0
  if (cursor.nodeTypeId === 0xffff) {
    // The whole file is one error: its children are what was recognised.
    chunks.push(errorChunk(cursor, text))
  }
  if (cursor.gotoFirstChild()) {
    do {
      const symbol = cursor.nodeTypeId
      const start = cursor.startIndex
      const end = cursor.endIndex
      const old = reuse(symbol, start, end)
      if (old !== undefined) { chunks.push(old); continue }
      if (!flatten(cursor, context.symbols, context.flat, MAX_TREE_NODES - nodes)) {
        const message = 'too large to parse'
        chunks.push({ symbol, start, end, statements: [{ kind: 'error', reason: message, start, end }], comments: [], problems: [{ start, end, message }], spans: undefined })
        break
      }
      nodes += context.flat.count
      chunks.push(lowerChunk(context, text, symbol, start, end))
    } while (cursor.gotoNextSibling())
  }
  cursor.delete()
  return chunks
}

function errorChunk(cursor: TreeCursor, text: string): Chunk {
  const span = { start: Math.min(cursor.startIndex, text.length), end: Math.min(cursor.startIndex, text.length) }
  return { symbol: -1, ...span, statements: [], comments: [], problems: [{ ...span, message: 'invalid syntax' }], spans: undefined }
}

function lowerChunk(context: ParseContext, text: string, symbol: number, start: number, end: number): Chunk {
  const { flat, symbols } = context
  const problems: SyntaxProblem[] = []
  const lowering: Lowering = { text, tree: flat, symbols, problems, depth: 0 }
  const comments: Comment[] = []
  const comment = symbols.byName.get('comment')
  for (let i = 0; i < flat.count; i++) {
    if (flat.type[i] === comment) comments.push({ start: flat.start[i]!, end: flat.end[i]!, text: text.slice(flat.start[i], flat.end[i]) })
  }
  const type = typeOf(lowering, 0)
  const isCode = symbols.isNamed[flat.type[0]!] === 1 && type !== 'comment' && type !== 'line_continuation'
  // Under a root that is an error, bare expressions stand without their statement.
  const statements = !isCode ? [] : type === 'ERROR' || STATEMENT.test(type) ? lowerStatement(lowering, 0) : []
  return { symbol, start, end, statements, comments, problems, spans: undefined }
}

const STATEMENT = /_statement$|_definition$/

function assemble(text: string, chunks: readonly Chunk[]): SourceFile {
  const body: Statement[] = []
  const comments: Comment[] = []
  const problems: SyntaxProblem[] = []
  for (const chunk of chunks) {
    for (const statement of chunk.statements) body.push(statement)
    for (const comment of chunk.comments) comments.push(comment)
    for (const problem of chunk.problems) if (problems.length < MAX_PROBLEMS) problems.push(problem)
  }
  return new SourceFile({ text, body, comments, problems, mode: 'tree' })
}

// ---------------------------------------------------------------------------------------------- open documents

function openDocument(context: ParseContext, text: string): OpenDocument {
  let tree = parseTree(context, text, null)
  let chunks = tree === undefined ? [] : lowerTree(context, tree, text, () => undefined)
  let file = tree === undefined ? lexicalFile(text, 'file too large to parse') : assemble(text, chunks)
  return {
    get file() { return file },
    update(next) {
      if (next === file.text) return file
      const previous = tree
      const change = difference(file.text, next)
      if (previous !== undefined) {
        previous.edit(new Edit({
          startIndex: change.start, oldEndIndex: change.oldEnd, newEndIndex: change.newEnd,
          startPosition: pointAt(file.text, change.start), oldEndPosition: pointAt(file.text, change.oldEnd), newEndPosition: pointAt(next, change.newEnd),
        }))
      }
      tree = parseTree(context, next, previous ?? null)
      if (tree === undefined) {
        previous?.delete()
        chunks = []
        file = lexicalFile(next, 'file too large to parse')
        return file
      }
      const reuse = previous === undefined ? (): undefined => undefined : reusable(chunks, change, previous.getChangedRanges(tree))
      previous?.delete()
      chunks = lowerTree(context, tree, next, reuse)
      file = assemble(next, chunks)
      return file
    },
    close() {
      tree?.delete()
      tree = undefined
    },
  }
}

interface Change { readonly start: number, readonly oldEnd: number, readonly newEnd: number }

/** The one replaced stretch between two texts. */
function difference(before: string, after: string): Change {
  const shorter = Math.min(before.length, after.length)
  let start = 0
  while (start < shorter && before.charCodeAt(start) === after.charCodeAt(start)) start++
  let oldEnd = before.length
  let newEnd = after.length
  while (oldEnd > start && newEnd > start && before.charCodeAt(oldEnd - 1) === after.charCodeAt(newEnd - 1)) { oldEnd--; newEnd-- }
  return { start, oldEnd, newEnd }
}

function pointAt(text: string, offset: number): { row: number, column: number } {
  let row = 0
  let lineStart = 0
  for (let at = text.indexOf('\n'); at >= 0 && at < offset; at = text.indexOf('\n', at + 1)) {
    row++
    lineStart = at + 1
  }
  return { row, column: offset - lineStart }
}

/** Old chunks by their new place, for nodes that neither the edit nor the parser's own changed ranges touch; those below the edit are moved when they are taken. */
function reusable(chunks: readonly Chunk[], change: Change, changed: readonly { startIndex: number, endIndex: number }[]): (symbol: number, start: number, end: number) => Chunk | undefined {
  const delta = change.newEnd - change.oldEnd
  const byStart = new Map<number, Chunk>()
  for (const chunk of chunks) {
    if (chunk.end < change.start) byStart.set(chunk.start, chunk)
    else if (chunk.start > change.oldEnd) byStart.set(chunk.start + delta, chunk)
  }
  return (symbol, start, end) => {
    const old = byStart.get(start)
    if (old === undefined || old.symbol !== symbol || old.end - old.start !== end - start) return undefined
    if (changed.some((range) => range.startIndex <= end && start <= range.endIndex)) return undefined
    // Two nodes may begin at one place when one is empty: each old chunk stands once.
    byStart.delete(start)
    moveChunk(old, start - old.start)
    return old
  }
}

function moveChunk(chunk: Chunk, delta: number): void {
  if (delta === 0) return
  chunk.start += delta
  chunk.end += delta
  const spans = chunk.spans ??= collectSpans([chunk.statements, chunk.comments, chunk.problems])
  for (const span of spans) {
    span.start += delta
    span.end += delta
  }
}
