/**
 * Loops that run an unknown number of times: any number of passes may happen. The body is run from what is known before it, what it left is joined
 * into that, and again, until another pass adds nothing; so a value that only the third pass would reach is not missed.
 */

import { Undecided } from '../limits.ts'
import { PyIterator, type Snapshot, type Unknown, type Value } from '../value.ts'
import type { Frame } from './frame.ts'
import { inFork } from './fork.ts'
import { dependsOn } from './join.ts'
import { beginning, combine, type Effects, type ForkHost, type FrameState, joinWays, run, save, type Way } from './ways.ts'

/** Passes before the loop is given up: each but the last makes something unknown that was known. */
const MAX_PASSES = 16

/** The frame stands behind the instruction that pulls the next item or tests the condition; `loopEnd` is where the loop goes when it is over. */
export function unknownLoop(m: ForkHost, f: Frame, cause: Unknown, loopEnd: number, kind: 'for' | 'while'): void {
  const at = f.pc - 1
  const again = f.openLoops?.get(at)
  if (again !== undefined) { again(); f.pc = loopEnd; return }
  const start = save(f)
  f.openLoops ??= new Map()
  try {
    inFork(m, f, cause, () => {
      let known = beginning(start)
      for (let pass = 0; pass < MAX_PASSES; pass++) {
        const heads: Way[] = []
        const depth = m.journal.depth
        const observe = (own?: PyIterator): void => {
          const effects = m.journal.effectsSince(depth)
          if (own !== undefined) effects.delete(own)
          heads.push(beginning({ ...save(f), pc: start.pc, stack: start.stack }, effects))
        }
        const ways = run(m, f, bodyOf(f, known, kind, at, cause, observe), { frame: f, pc: loopEnd, low: -1, high: loopEnd })
        f.openLoops!.delete(at)
        const next = heads.reduce((a, b) => joinWays(m, a, b, cause), known)
        if (isSame(known, next)) {
          const { state } = known.outcome as { readonly state: FrameState }
          return combine(m, f, [...ways, beginning({ ...state, pc: loopEnd }, known.effects)], cause)
        }
        known = next
      }
      throw new Undecided(cause.reason, cause.origin)
    })
  } finally {
    f.openLoops.delete(at)
  }
}

/** One pass through the body; `observe` is called when it comes back to the head of the loop. */
function bodyOf(f: Frame, known: Way, kind: 'for' | 'while', at: number, cause: Unknown, observe: (own?: PyIterator) => void): Way {
  const { state } = known.outcome as { readonly state: FrameState }
  if (kind === 'while') {
    f.openLoops!.set(at, observe)
    return beginning(state, known.effects)
  }
  const inside = dependsOn(cause)
  const items = new PyIterator((_m, self) => {
    if (self.at++ === 0) return inside
    observe(self)
    return undefined
  })
  return beginning({ ...state, pc: at, stack: [...state.stack, items] }, known.effects)
}

function isSame(a: Way, b: Way): boolean {
  const { state: x } = a.outcome as { readonly state: FrameState }
  const { state: y } = b.outcome as { readonly state: FrameState }
  return sameItems(x.locals, y.locals) && sameMaps(x.names, y.names) && sameEffects(a.effects, b.effects)
}

function sameEffects(a: Effects, b: Effects): boolean {
  for (const [object, { before, after }] of b) if (!sameSnapshots(a.get(object)?.after ?? before, after)) return false
  return true
}

function sameSnapshots(a: Snapshot, b: Snapshot): boolean {
  return (a.doubt === undefined) === (b.doubt === undefined) && a.isShuffled === b.isShuffled && sameMaps(a.attrs, b.attrs) && sameExtras(a.extra, b.extra)
}

function sameItems(a: readonly unknown[], b: readonly unknown[]): boolean {
  return a.length === b.length && a.every((one, i) => one === b[i])
}

function sameMaps(a: ReadonlyMap<unknown, unknown> | undefined, b: ReadonlyMap<unknown, unknown> | undefined): boolean {
  if (a === undefined || b === undefined) return a === b
  if (a.size !== b.size) return false
  for (const [key, value] of a) if (b.get(key) !== value) return false
  return true
}

/** What classes of objects add to a snapshot: items, a map, a value, or a record of these. */
function sameExtras(a: unknown, b: unknown): boolean {
  if (a === b) return true
  if (Array.isArray(a) && Array.isArray(b)) return sameItems(a as Value[], b as Value[])
  if (a instanceof Map && b instanceof Map) return sameMaps(a, b)
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null || a.constructor !== Object || b.constructor !== Object) return false
  const others = new Map<string, unknown>(Object.entries(b))
  return Object.entries(a).every(([name, value]) => sameExtras(value, others.get(name)))
}
