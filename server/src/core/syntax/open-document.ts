/**
 * A document that changes. Where the statements around an edit can be parsed by themselves without an error, only they are;
 * otherwise the parser goes over its old tree. Either way the result is that of a fresh parse, and statements that the edit
 * does not touch stay the same objects.
 */

import { Edit, type Tree } from 'web-tree-sitter'
import { assemble, type Chunk, lowerTree, moveChunk, type ParseContext, parseTree } from './chunks.ts'
import { type Change, difference } from './difference.ts'
import { lexicalFile } from './lexical.ts'
import type { SourceFile } from './source-file.ts'

export interface OpenDocument {
  readonly file: SourceFile
  /**
   * The file after its text became `text`. Statements that did not change are the same objects, with their offsets moved in place:
   * whoever keeps something by statement keeps it, and the file answered before must not be read any more.
   */
  update(text: string): SourceFile
  close(): void
}

/** Characters of the statements around an edit up to which parsing them anew is faster than going over the whole tree. */
const MAX_LOCAL_LENGTH = 16_000

/**
 * Characters of a text that is parsed from nothing while it has an error: how the parser recovers depends on the tree that it
 * comes from. In a larger text that takes too long for a keystroke, and what it makes of half a line may differ from a fresh parse.
 */
const MAX_FRESH_LENGTH = 120_000

interface Document {
  /** Undefined for a text past the parser's budget. */
  tree: Tree | undefined
  chunks: readonly Chunk[]
  file: SourceFile
}

export function openDocument(context: ParseContext, text: string): OpenDocument {
  const tree = parseTree(context, text, null)
  const chunks = tree === undefined ? [] : lowerTree(context, tree, text, () => undefined)
  const document: Document = { tree, chunks, file: tree === undefined ? lexicalFile(text, 'file too large to parse') : assemble(text, chunks) }
  return {
    get file() { return document.file },
    update(next) {
      if (next === document.file.text) return document.file
      const change = difference(document.file.text, next)
      editTree(document, change, next)
      const local = document.tree === undefined ? undefined : parseAround(context, document.chunks, change, next)
      if (local === undefined) parseAgain(context, document, change, next)
      else {
        document.chunks = local
        document.file = assemble(next, local)
      }
      return document.file
    },
    close() {
      document.tree?.delete()
      document.tree = undefined
    },
  }
}

/** Tells the tree what changed; it is gone over when it is needed. */
function editTree({ tree, file }: Document, change: Change, next: string): void {
  tree?.edit(new Edit({
    startIndex: change.start, oldEndIndex: change.oldEnd, newEndIndex: change.newEnd,
    startPosition: pointAt(file, change.start), oldEndPosition: pointAt(file, change.oldEnd), newEndPosition: advanced(pointAt(file, change.start), next.slice(change.start, change.newEnd)),
  }))
}

interface Point { readonly row: number, readonly column: number }

/** Rows as the parser counts them: by line feeds alone. */
function pointAt({ text, lines }: SourceFile, offset: number): Point {
  if (text.includes('\r')) return advanced({ row: 0, column: 0 }, text.slice(0, offset))
  const { line, character } = lines.position(offset)
  return { row: line, column: character }
}

function advanced(from: Point, text: string): Point {
  let { row } = from
  let lineStart = -1
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) {
    row += 1
    lineStart = at
  }
  return { row, column: lineStart < 0 ? from.column + text.length : text.length - lineStart - 1 }
}

function parseAgain(context: ParseContext, document: Document, change: Change, next: string): void {
  const previous = document.tree
  let tree = parseTree(context, next, previous ?? null)
  if (tree?.rootNode.hasError === true && next.length <= MAX_FRESH_LENGTH) {
    tree.delete()
    tree = parseTree(context, next, null)
  }
  document.tree = tree
  if (tree === undefined) {
    previous?.delete()
    document.chunks = []
    document.file = lexicalFile(next, 'file too large to parse')
    return
  }
  const reuse = previous === undefined ? (): undefined => undefined : reusable(document.chunks, change, previous.getChangedRanges(tree))
  previous?.delete()
  document.chunks = lowerTree(context, tree, next, reuse)
  document.file = assemble(next, document.chunks)
}

// ---------------------------------------------------------------------------------------------- around the edit

/**
 * The chunks after a change, from a parse of nothing but the statements that it touches and one sound neighbour on each side;
 * undefined when that could differ from a parse of the whole. It cannot where the stretch begins with a statement at the start
 * of a line, ends with one that the change leaves alone, and no error is in the file: statements of a module do not depend on each other.
 */
function parseAround(context: ParseContext, chunks: readonly Chunk[], change: Change, next: string): readonly Chunk[] | undefined {
  const delta = change.newEnd - change.oldEnd
  const touched = firstIndex(chunks, (chunk) => chunk.end >= change.start)
  let from = touched
  // A statement that keeps its first character keeps its start; what may have lost it is parsed behind the one before.
  if (!isAnchor(context, chunks[from], next) || chunks[from]!.start >= change.start) {
    do from -= 1; while (from >= 0 && !isAnchor(context, chunks[from], next))
  }
  let to = firstIndex(chunks, (chunk) => chunk.start > change.oldEnd)
  while (to < chunks.length && !isAnchor(context, chunks[to], next, delta)) to += 1
  // What follows an error, and what precedes it, depends on how the parser recovers.
  if (chunks.some((chunk, i) => chunk.isBroken && (i < from || i >= to))) return undefined
  const before = from >= 0 && from < touched ? chunks[from] : undefined
  const behind = chunks[to]
  const start = from < 0 ? 0 : chunks[from]!.start
  const end = behind === undefined ? next.length : behind.end + delta
  if (end - start > MAX_LOCAL_LENGTH) return undefined
  const text = next.slice(start, end)
  const tree = parseTree(context, text, null)
  if (tree === undefined) return undefined
  const made = tree.rootNode.hasError ? undefined : lowerTree(context, tree, text, () => undefined)
  tree.delete()
  if (made === undefined || made.length === 0) return undefined
  const hasBefore = before === undefined || (made[0]!.symbol === before.symbol && made[0]!.start === 0 && made[0]!.end === before.end - before.start)
  const last = made.at(-1)!
  const hasBehind = behind === undefined || (made.length > (before === undefined ? 0 : 1) && last.symbol === behind.symbol && last.start === behind.start + delta - start)
  if (!hasBefore || !hasBehind) return undefined
  const fresh = made.slice(before === undefined ? 0 : 1, behind === undefined ? made.length : -1)
  for (const chunk of fresh) moveChunk(chunk, start)
  const rest = chunks.slice(to)
  for (const chunk of rest) moveChunk(chunk, delta)
  return [...chunks.slice(0, before === undefined ? Math.max(from, 0) : from + 1), ...fresh, ...rest]
}

/** Whether a chunk is a sound statement at the start of a line; `delta` is how far its text has moved. */
function isAnchor(context: ParseContext, chunk: Chunk | undefined, text: string, delta = 0): boolean {
  if (chunk === undefined || chunk.isBroken) return false
  const start = chunk.start + delta
  return isStatementSymbol(context, chunk.symbol) && (start === 0 || text.charCodeAt(start - 1) === 10)
}

function isStatementSymbol(context: ParseContext, symbol: number): boolean {
  return /_statement$|_definition$/.test(context.symbols.names[symbol] ?? '')
}

/** The first chunk for which something holds that holds for all after it; their number when there is none. */
function firstIndex(chunks: readonly Chunk[], holds: (chunk: Chunk) => boolean): number {
  let low = 0
  let high = chunks.length
  while (low < high) {
    const middle = (low + high) >> 1
    if (holds(chunks[middle]!)) high = middle
    else low = middle + 1
  }
  return low
}

// ---------------------------------------------------------------------------------------------- the whole tree

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
    // Each old chunk stands once, though an empty node may begin where another does.
    byStart.delete(start)
    moveChunk(old, start - old.start)
    return old
  }
}
