/**
 * A number that knows how far it can be trusted. Every count and every amount of bytes that may be inexact
 * travels as a Figure, so that an unknown can never turn into a number on the way to a reader.
 */

export type Certainty = 'exact' | 'bounded' | 'estimate' | 'unknown'

export interface KnownFigure {
  readonly value: number
  /** `bounded` means at least `value`. */
  readonly certainty: 'exact' | 'bounded' | 'estimate'
  /** Why it is not exact. */
  readonly reason?: string
}

export interface UnknownFigure {
  readonly value: null
  readonly certainty: 'unknown'
  readonly reason: string
}

export type Figure = KnownFigure | UnknownFigure

export function exact(value: number): KnownFigure {
  return { value, certainty: 'exact' }
}

export function bounded(value: number, reason: string): KnownFigure {
  return { value, certainty: 'bounded', reason }
}

export function estimate(value: number, reason: string): KnownFigure {
  return { value, certainty: 'estimate', reason }
}

export function unknown(reason: string): UnknownFigure {
  return { value: null, certainty: 'unknown', reason }
}

/**
 * The sum. Unknown addends make it `bounded` by what is known (or unknown, when nothing is known);
 * otherwise it is as certain as its least certain addend. An empty sum is exactly 0.
 */
export function sum(figures: Iterable<Figure>): Figure {
  let total = 0
  let known = 0
  let estimated: KnownFigure | undefined
  let lower: Figure | undefined
  for (const figure of figures) {
    if (figure.certainty === 'unknown') {
      lower ??= figure
      continue
    }
    known += 1
    total += figure.value
    if (figure.certainty === 'bounded') lower ??= figure
    if (figure.certainty === 'estimate') estimated ??= figure
  }
  if (lower && known === 0) return unknown(lower.reason ?? 'not known')
  // An estimate may be too high, so a sum that holds one is no lower bound.
  if (estimated) return estimate(total, estimated.reason ?? 'estimated')
  if (lower) return bounded(total, lower.reason ?? 'a part is not known')
  return exact(total)
}

/** `before - after`; exact only when both are; a lower bound where only `before` is one; unknown when either is, or when `after` is a lower bound. */
export function difference(before: Figure, after: Figure): Figure {
  if (before.certainty === 'unknown') return before
  if (after.certainty === 'unknown') return after
  if (after.certainty === 'bounded') return unknown(after.reason ?? 'a part is not known')
  const value = before.value - after.value
  if (before.certainty === 'bounded' && after.certainty === 'exact') return bounded(value, before.reason ?? 'a part is not known')
  if (before.certainty === 'exact' && after.certainty === 'exact') return exact(value)
  return estimate(value, (before.certainty === 'exact' ? after.reason : before.reason) ?? 'estimated')
}

