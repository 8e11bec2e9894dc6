/** Every bound of an evaluation, by name, and what happens past one. */

import type { Origin } from './value.ts'

export interface Limits {
  /** Interpreter steps of one piece of work (a call of the evaluator's own interface). */
  readonly steps: number
  /** Python frames on top of each other; CPython raises RecursionError at the same depth. */
  readonly depth: number
  /** Native code that calls back into Python, within itself: each costs host stack. */
  readonly nesting: number
  /** Items of one list, tuple, dict or set. */
  readonly items: number
  /** Characters of one string. */
  readonly characters: number
  /** Bits of one int. */
  readonly integerBits: number
  /** Values made in one piece of work: a bound on memory. */
  readonly allocations: number
  /** Source files opened by one piece of work. */
  readonly files: number
  /** Characters of one source file. */
  readonly sourceCharacters: number
  /** Undecidable branches open within each other. */
  readonly forks: number
  /** Steps spent on the second way of undecidable branches. */
  readonly forkSteps: number
}

/** For the command line and tests; the editor passes smaller ones. */
export const DEFAULT_LIMITS: Limits = {
  steps: 60_000_000,
  depth: 1000,
  nesting: 150,
  items: 1_000_000,
  characters: 4_000_000,
  integerBits: 100_000,
  allocations: 30_000_000,
  files: 6_000,
  sourceCharacters: 4_000_000,
  forks: 24,
  forkSteps: 1_000_000,
}

/** A budget is used up. Thrown past every Python handler to the edge of the evaluator; never leaves it. */
export class LimitReached {
  readonly limit: keyof Limits | 'cancelled' | 'undecided'
  constructor(limit: keyof Limits | 'cancelled' | 'undecided') { this.limit = limit }

  get reason(): string {
    return this.limit === 'cancelled' ? 'evaluation was cancelled' : `too large to evaluate here (limit: ${this.limit})`
  }
}

/** What happens hangs on something that is not known, in a way that cannot be followed here. */
export class Undecided extends LimitReached {
  readonly #why: string
  /** Where what is not known comes from. */
  readonly origin: Origin | undefined
  constructor(why: string, origin?: Origin) {
    super('undecided')
    this.#why = why
    this.origin = origin
  }

  override get reason(): string { return this.#why }
}
