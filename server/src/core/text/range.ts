/**
 * Positions, ranges and edits: zero-based lines, UTF-16 columns, the same as LSP and web-tree-sitter,
 * so that no layer above ever converts. Knows nothing of files or protocols.
 */

export interface Position {
  readonly line: number
  readonly character: number
}

export interface Range {
  readonly start: Position
  readonly end: Position
}

/** A range in a file; `file` is an absolute path (or whatever name the caller gave the text). */
export interface Place {
  readonly file: string
  readonly range: Range
}

export interface TextEdit {
  readonly range: Range
  readonly newText: string
}

/** Edits of one file; all ranges speak of the text before any of them is applied. */
export interface FileEdit extends TextEdit {
  readonly file: string
}

export function comparePositions(a: Position, b: Position): number {
  return a.line - b.line || a.character - b.character
}

/** True when the position is inside the range or at either end. */
export function touches(range: Range, position: Position): boolean {
  return comparePositions(range.start, position) <= 0 && comparePositions(position, range.end) <= 0
}

/** True when the ranges share a position, their ends included. */
export function overlaps(a: Range, b: Range): boolean {
  return comparePositions(a.start, b.end) <= 0 && comparePositions(b.start, a.end) <= 0
}
