/** Offsets (UTF-16 units) to positions and back, and the application of edits, for one immutable text. */

import { comparePositions, type Position, type Range, type TextEdit } from './range.ts'

export class LineIndex {
  readonly #starts: number[] = [0]
  readonly #text: string

  constructor(text: string) {
    this.#text = text
    if (!text.includes('\r')) {
      for (let end = text.indexOf('\n'); end >= 0; end = text.indexOf('\n', end + 1)) this.#starts.push(end + 1)
      return
    }
    for (let i = 0; i < text.length; i++) {
      const unit = text.charCodeAt(i)
      // A lone CR ends a line for editors, CR LF ends one line, not two.
      if (unit === 10 || (unit === 13 && text.charCodeAt(i + 1) !== 10)) this.#starts.push(i + 1)
    }
  }

  get lineCount(): number {
    return this.#starts.length
  }

  /** The position of an offset; offsets outside the text are moved to its nearest end. */
  position(offset: number): Position {
    const wanted = Math.max(0, Math.min(offset, this.#text.length))
    let low = 0
    let high = this.#starts.length - 1
    while (low < high) {
      const middle = (low + high + 1) >> 1
      if (this.#starts[middle]! <= wanted) low = middle
      else high = middle - 1
    }
    return { line: low, character: wanted - this.#starts[low]! }
  }

  /** The offset of a position; a column past the end of its line means the end of that line. */
  offset(position: Position): number {
    if (position.line < 0) return 0
    const start = this.#starts[position.line]
    if (start === undefined) return this.#text.length
    return Math.min(start + Math.max(0, position.character), this.#lineEnd(position.line))
  }

  range(startOffset: number, endOffset: number): Range {
    return { start: this.position(startOffset), end: this.position(endOffset) }
  }

  /** The text of a line without its line end; empty past the last line. */
  line(line: number): string {
    const start = this.#starts[line]
    return start === undefined ? '' : this.#text.slice(start, this.#lineEnd(line))
  }

  #lineEnd(line: number): number {
    let end = this.#starts[line + 1] ?? this.#text.length
    if (line + 1 < this.#starts.length) {
      end -= 1
      if (this.#text.charCodeAt(end) === 10 && this.#text.charCodeAt(end - 1) === 13) end -= 1
    }
    return end
  }
}

/** The text after the edits. Edits at the same place are applied in the order given; overlapping ones are refused with `undefined`. */
export function applyEdits(text: string, edits: readonly TextEdit[]): string | undefined {
  const index = new LineIndex(text)
  const sorted = edits
    .map((edit, order) => ({ edit, order }))
    .sort((a, b) => comparePositions(a.edit.range.start, b.edit.range.start) || a.order - b.order)
  let result = ''
  let done = 0
  for (const { edit } of sorted) {
    const start = index.offset(edit.range.start)
    if (start < done) return undefined
    result += text.slice(done, start) + edit.newText
    done = index.offset(edit.range.end)
  }
  return result + text.slice(done)
}
