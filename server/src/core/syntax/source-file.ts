/** A parsed file as everyone above syntax/ sees it. Immutable; holds no wasm memory. */

import { LineIndex } from '../text/line-index.ts'
import type { Range } from '../text/range.ts'
import type { Span, Statement } from './ast.ts'
import type { Comment, SyntaxProblem } from './lowering.ts'

export type { Comment, SyntaxProblem } from './lowering.ts'

export class SourceFile {
  readonly text: string
  readonly body: readonly Statement[]
  /** Every comment, in order. */
  readonly comments: readonly Comment[]
  readonly problems: readonly SyntaxProblem[]
  /** `lexical` when the text was past the parser's budget: only top-level imports and `torch.load(` calls are in `body` then. */
  readonly mode: 'tree' | 'lexical'
  #lines: LineIndex | undefined

  constructor(parts: { text: string, body: readonly Statement[], comments: readonly Comment[], problems: readonly SyntaxProblem[], mode: 'tree' | 'lexical' }) {
    this.text = parts.text
    this.body = parts.body
    this.comments = parts.comments
    this.problems = parts.problems
    this.mode = parts.mode
  }

  get lines(): LineIndex {
    this.#lines ??= new LineIndex(this.text)
    return this.#lines
  }

  range(span: Span): Range {
    return this.lines.range(span.start, span.end)
  }

  textOf(span: Span): string {
    return this.text.slice(span.start, span.end)
  }
}
