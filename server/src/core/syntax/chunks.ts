/** From one tree to lowered chunks, one for each top-level node: the unit that survives edits. Knows nothing of documents that change. */

import type { Parser, Tree, TreeCursor } from 'web-tree-sitter'
import type { Statement } from './ast.ts'
import { ERROR_SYMBOL, type FlatTree, flatten, MAX_TREE_NODES, type Symbols } from './flat-tree.ts'
import { lowerStatement } from './lower-statement.ts'
import { type Comment, type HiddenBodies, type Lowering, MAX_PROBLEMS, type SyntaxProblem, typeOf } from './lowering.ts'
import { collectSpans, type MovableSpan } from './shift.ts'
import { SourceFile } from './source-file.ts'

/** Characters above which a file is data and is only scanned by line. */
export const MAX_PARSE_LENGTH = 8_000_000
/** Parser progress reports, one per about 35 characters of sound code (2 MB) and per 40 of noise: two to four seconds on a slow machine. */
const MAX_PARSE_STEPS = 60_000

export interface ParseContext {
  readonly parser: Parser
  readonly symbols: Symbols
  readonly flat: FlatTree
}

/** What one top-level node of the tree became. */
export interface Chunk {
  /** Grammar symbol of the node; -1 for what stands for the whole file. */
  readonly symbol: number
  start: number
  end: number
  readonly statements: readonly Statement[]
  readonly comments: readonly Comment[]
  readonly problems: readonly SyntaxProblem[]
  /** An error is in it somewhere, or something is missing. */
  readonly isBroken: boolean
  /** Every object of the chunk that has offsets, found when it is first moved. */
  spans: readonly MovableSpan[] | undefined
}

export function parseTree(context: ParseContext, text: string, previous: Tree | null): Tree | undefined {
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

/** A tree of an outline, in which bodies are hidden. */
export interface Flattened {
  readonly hidden: HiddenBodies
  /** Makes the nodes of a subtree end where they do in the whole text. */
  readonly mend: (flat: FlatTree) => void
}

/** Lowers every top-level node, taking from `reuse` where it has an answer. */
export function lowerTree(context: ParseContext, tree: Tree, text: string, reuse: (symbol: number, start: number, end: number) => Chunk | undefined, flattened?: Flattened): Chunk[] {
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
        chunks.push({ symbol, start, end, statements: [{ kind: 'error', reason: message, start, end }], comments: [], problems: [{ start, end, message }], isBroken: true, spans: undefined })
        break
      }
      nodes += context.flat.count
      flattened?.mend(context.flat)
      chunks.push(lowerChunk(context, text, symbol, start, end, flattened?.hidden))
    } while (cursor.gotoNextSibling())
  }
  cursor.delete()
  return chunks
}

function errorChunk(cursor: TreeCursor, text: string): Chunk {
  const span = { start: Math.min(cursor.startIndex, text.length), end: Math.min(cursor.startIndex, text.length) }
  return { symbol: -1, ...span, statements: [], comments: [], problems: [{ ...span, message: 'invalid syntax' }], isBroken: true, spans: undefined }
}

function lowerChunk(context: ParseContext, text: string, symbol: number, start: number, end: number, hidden: HiddenBodies | undefined): Chunk {
  const { flat, symbols } = context
  const problems: SyntaxProblem[] = []
  const lowering: Lowering = { text, tree: flat, symbols, problems, depth: 0, stray: new Map(), hidden }
  const comments: Comment[] = []
  const comment = symbols.byName.get('comment')
  let isBroken = false
  for (let i = 0; i < flat.count; i++) {
    if (flat.broken[i] === 1 || flat.type[i] === ERROR_SYMBOL) isBroken = true
    if (flat.type[i] === comment) comments.push({ start: flat.start[i]!, end: flat.end[i]!, text: text.slice(flat.start[i], flat.end[i]) })
  }
  const type = typeOf(lowering, 0)
  const isCode = symbols.isNamed[flat.type[0]!] === 1 && type !== 'comment' && type !== 'line_continuation'
  // Under a root that is an error, bare expressions stand without their statement.
  const statements = !isCode ? [] : type === 'ERROR' || STATEMENT.test(type) ? lowerStatement(lowering, 0) : []
  return { symbol, start, end, statements, comments, problems, isBroken, spans: undefined }
}

const STATEMENT = /_statement$|_definition$/

/** Moves a chunk with everything in it. */
export function moveChunk(chunk: Chunk, delta: number): void {
  if (delta === 0) return
  chunk.start += delta
  chunk.end += delta
  const spans = chunk.spans ??= collectSpans([chunk.statements, chunk.comments, chunk.problems])
  for (const span of spans) {
    span.start += delta
    span.end += delta
  }
}

export function assemble(text: string, chunks: readonly Chunk[]): SourceFile {
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
