/**
 * Origins in a file whose text changes while its evaluation stays: each names the text that its offsets speak of, and is
 * moved through the edits since. Knows nothing of what is evaluated.
 */

import type { Origin } from '../evaluate/value.ts'
import type { Position, Range } from '../text/range.ts'

/** One replaced stretch, in offsets of the texts before and after. */
export interface Edit {
  readonly start: number
  readonly oldEnd: number
  readonly newEnd: number
}

/** The same in positions. */
export interface PositionEdit {
  readonly start: Position
  readonly oldEnd: Position
  readonly newEnd: Position
}

/** No path has it. */
const MARK = '\0'

/** What an origin made in the given text of a file says of its file. */
export function markedFile(file: string, text: number): string {
  return `${file}${MARK}${String(text)}`
}

export function fileOf({ file }: Origin): string {
  const at = file.indexOf(MARK)
  return at < 0 ? file : file.slice(0, at)
}

/** The origin in the text of today; `edits` are all since text 0. */
export function currentOrigin(origin: Origin, edits: readonly Edit[]): Origin {
  const at = origin.file.indexOf(MARK)
  if (at < 0) return origin
  let { start, end } = origin
  for (let i = Number(origin.file.slice(at + 1)); i < edits.length; i++) {
    const edit = edits[i]!
    start = movedStart(start, edit)
    end = movedEnd(end, edit)
  }
  return { file: origin.file.slice(0, at), start, end: Math.max(start, end) }
}

/** What begins where text is put in stands behind it. */
function movedStart(offset: number, { start, oldEnd, newEnd }: Edit): number {
  return offset >= oldEnd ? offset + newEnd - oldEnd : Math.min(offset, start)
}

/** What ends where text is put in stands before it. */
function movedEnd(offset: number, { start, oldEnd, newEnd }: Edit): number {
  return offset > oldEnd || (offset === oldEnd && oldEnd > start) ? offset + newEnd - oldEnd : Math.min(offset, start)
}

/** A range after an edit; the same object when it does not move. */
export function movedRange(range: Range, edit: PositionEdit): Range {
  if (isBefore(range.end, edit.start)) return range
  const start = isBefore(range.start, edit.oldEnd) ? range.start : moved(range.start, edit)
  const endStays = isBefore(range.end, edit.oldEnd) || (equal(range.end, edit.oldEnd) && equal(edit.start, edit.oldEnd))
  const end = endStays ? range.end : moved(range.end, edit)
  return start === range.start && end === range.end ? range : { start, end }
}

function moved(position: Position, { oldEnd, newEnd }: PositionEdit): Position {
  const line = position.line + newEnd.line - oldEnd.line
  return { line, character: position.line === oldEnd.line ? position.character + newEnd.character - oldEnd.character : position.character }
}

function isBefore(a: Position, b: Position): boolean {
  return a.line < b.line || (a.line === b.line && a.character < b.character)
}

function equal(a: Position, b: Position): boolean {
  return a.line === b.line && a.character === b.character
}
