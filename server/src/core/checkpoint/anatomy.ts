/** Attributes every byte of a file to one part, once; what nothing claims is `unknown`, so that the sum is the file. */

import type { AnatomyPart, Part } from './checkpoint.ts'

const order: readonly Part[] = ['weights', 'optimizer', 'ema', 'other-tensors', 'unreachable', 'pickle', 'code', 'container', 'padding', 'unknown']

interface Span {
  readonly start: number
  end: number
  /** Bytes by part, summing to the length of the span. */
  parts: readonly (readonly [Part, number])[]
}

/** Collects claimed ranges; a range that overlaps an earlier one is claimed only where it does not. */
export class Anatomy {
  private readonly spans: Span[] = []
  /** A range that is known to be made of records without gaps, each claimed once: there totals are enough. */
  private tiled: { readonly start: number, readonly end: number, readonly totals: Map<Part, number> } | undefined

  tile(start: number, end: number, container: number, padding: number): void {
    this.tiled = { start, end, totals: new Map([['container', container], ['padding', padding]]) }
  }

  add(start: number, end: number, part: Part): void {
    if (end <= start) return
    if (this.tiled && start >= this.tiled.start && end <= this.tiled.end) this.tiled.totals.set(part, (this.tiled.totals.get(part) ?? 0) + end - start)
    else {
      const last = this.spans.at(-1)
      if (last?.end === start && last.parts.length === 1 && last.parts[0]![0] === part) {
        // Headers without data follow one another by the hundred thousand.
        last.end = end
        last.parts = [[part, end - last.start]]
      } else this.spans.push({ start, end, parts: [[part, end - start]] })
    }
  }

  /** A range shared by several parts; what they leave of it is unreachable. */
  addShared(start: number, end: number, parts: readonly (readonly [Part, number])[]): void {
    if (end <= start) return
    const claimed = parts.reduce((sum, [, bytes]) => sum + bytes, 0)
    if (this.tiled && start >= this.tiled.start && end <= this.tiled.end) {
      for (const [part, bytes] of parts) this.tiled.totals.set(part, (this.tiled.totals.get(part) ?? 0) + bytes)
      this.tiled.totals.set('unreachable', (this.tiled.totals.get('unreachable') ?? 0) + end - start - claimed)
      return
    }
    this.spans.push({ start, end, parts: [...parts, ['unreachable', end - start - claimed]] })
  }

  /** A range inside one that is claimed already: its bytes are taken out of that claim. */
  addInside(start: number, end: number): void {
    const at = this.spans.findIndex((span) => span.start <= start && span.end >= end && span.parts.length === 1)
    const span = this.spans[at]
    if (span === undefined) return
    this.spans.splice(at, 1, { ...span, end: start, parts: [[span.parts[0]![0], start - span.start]] }, { ...span, start: end, parts: [[span.parts[0]![0], span.end - end]] })
  }

  /** Turns the totals of the tiled range into one span; claims that are more than it holds mean that records were claimed twice. */
  private closeTiles({ start, end, totals }: { readonly start: number, readonly end: number, readonly totals: ReadonlyMap<Part, number> }): void {
    const claimed = [...totals.values()].reduce((sum, bytes) => sum + bytes, 0)
    const rest = end - start - claimed
    this.spans.push({ start, end, parts: rest < 0 ? [['unknown', end - start]] : [...totals, ['unknown', rest]] })
    this.tiled = undefined
  }

  /** The parts with bytes in them; sums to `fileBytes` exactly. `overlaps` is true when two claims collided. */
  total(fileBytes: number): { readonly anatomy: readonly AnatomyPart[], readonly overlaps: boolean } {
    const totals = new Map<Part, number>()
    const add = (part: Part, bytes: number): void => { if (bytes > 0) totals.set(part, (totals.get(part) ?? 0) + bytes) }
    if (this.tiled) this.closeTiles(this.tiled)
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
