/** Attributes every byte of a file to one part, once; what nothing claims is `unknown`, so that the sum is the file. */

import type { AnatomyPart, Part } from './checkpoint.ts'

const order: readonly Part[] = ['weights', 'optimizer', 'ema', 'other-tensors', 'unreachable', 'pickle', 'code', 'container', 'padding', 'unknown']

interface Span {
  readonly start: number
  readonly end: number
  /** Bytes by part, summing to the length of the span. */
  readonly parts: readonly (readonly [Part, number])[]
}

/** Collects claimed ranges; a range that overlaps an earlier one is claimed only where it does not. */
export class Anatomy {
  private readonly spans: Span[] = []

  add(start: number, end: number, part: Part): void {
    if (end > start) this.spans.push({ start, end, parts: [[part, end - start]] })
  }

  /** A range shared by several parts; what they leave of it is unreachable. */
  addShared(start: number, end: number, parts: readonly (readonly [Part, number])[]): void {
    if (end <= start) return
    const claimed = parts.reduce((sum, [, bytes]) => sum + bytes, 0)
    this.spans.push({ start, end, parts: [...parts, ['unreachable', end - start - claimed]] })
  }

  /** A range inside one that is claimed already: its bytes are taken out of that claim. */
  addInside(start: number, end: number): void {
    const at = this.spans.findIndex((span) => span.start <= start && span.end >= end && span.parts.length === 1)
    const span = this.spans[at]
    if (span === undefined) return
    this.spans.splice(at, 1, { ...span, end: start, parts: [[span.parts[0]![0], start - span.start]] }, { ...span, start: end, parts: [[span.parts[0]![0], span.end - end]] })
  }

  /** The parts with bytes in them; sums to `fileBytes` exactly. `overlaps` is true when two claims collided. */
  total(fileBytes: number): { readonly anatomy: readonly AnatomyPart[], readonly overlaps: boolean } {
    const totals = new Map<Part, number>()
    const add = (part: Part, bytes: number): void => { if (bytes > 0) totals.set(part, (totals.get(part) ?? 0) + bytes) }
    this.spans.sort((a, b) => a.start - b.start || b.end - a.end)
    let at = 0
    let overlaps = false
    for (const span of this.spans) {
      const start = Math.max(span.start, at)
      const end = Math.min(span.end, fileBytes)
      if (start > at) add('unknown', start - at)
      if (end <= start) {
        overlaps ||= span.end > span.start
        continue
      }
      if (start === span.start && end === span.end) for (const [part, bytes] of span.parts) add(part, bytes)
      else {
        overlaps = true
        add(span.parts.length === 1 ? span.parts[0]![0] : 'unknown', end - start)
      }
      at = end
    }
    if (fileBytes > at) add('unknown', fileBytes - at)
    return { anatomy: order.flatMap((part) => totals.has(part) ? [{ part, bytes: totals.get(part)! }] : []), overlaps }
  }
}
