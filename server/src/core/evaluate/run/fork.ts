/**
 * Both ways of a branch whose test is not known. Each runs on the same state until they meet again; what they did is then joined.
 * A way that leaves by `return`, `break` or `continue` waits there until the other arrives or ends too. A way that ends in an
 * exception is left out only when nobody above could take it: then, if it happened, there would be no result at all.
 */

import { LimitReached, Undecided } from '../limits.ts'
import { type Choice, Possible, PyRaise, Unknown, type Value } from '../value.ts'
import { type Frame, GeneratorBroken } from './frame.ts'
import { mayTake } from './takers.ts'
import { beginning, combine, type Combined, type Effects, type ForkHost, type FrameState, joinWays, load, never, NOTHING, replay, run, runFrom, save, type Stop, type Way } from './ways.ts'

/** What the stack is like where a conditional jump goes: so many values fewer, and then these. */
export interface JumpStack { readonly drop?: number, readonly kept?: Value }

export function fork(m: ForkHost, f: Frame, cause: Unknown, target: number, join: number, jumped: JumpStack = {}): void {
  const at = f.pc - 1
  const stop: Stop = { frame: f, pc: join, low: join > at ? at : -1, high: join > at ? join : Infinity }
  const start = save(f)
  const kept = start.stack.slice(0, start.stack.length - (jumped.drop ?? 0))
  const other: FrameState = { ...start, pc: target, stack: jumped.kept === undefined ? kept : [...kept, jumped.kept] }
  inFork(m, f, cause, () => combine(m, f, [...run(m, f, beginning(start), stop), ...run(m, f, beginning(other), stop)], cause))
}

/** Goes on as each of several values would, where an instruction needs to know which one it has; the instruction is run again, and what follows up to `end`. */
export function choose(m: ForkHost, f: Frame, slot: number, choice: Choice, end?: number): void {
  const after = f.pc
  const start = save(f)
  const stop: Stop = end === undefined ? { frame: f, pc: after, low: after, high: after, isStepFirst: true } : { frame: f, pc: end, low: after - 1, high: end }
  inFork(m, f, choice, () => combine(m, f, choice.options.flatMap((option) => {
    const stack = [...start.stack]
    stack[slot] = option
    return run(m, f, beginning({ ...start, pc: after - 1, stack }), stop)
  }), choice))
}

/** What was done just now with something that is not known may have raised an exception: both are followed, when anybody would take it. */
export function mayRaise(m: ForkHost, f: Frame, cause: Unknown): void {
  const error = new PyRaise(new Possible(`whether this raises an exception is not known: ${cause.reason}`, cause.origin))
  if (!isGuarded(m, f, error)) return
  const start = save(f)
  const block = f.blocks[f.blocks.length - 1]
  const end = block === undefined ? undefined : f.instructions.joins.get(block.at) ?? block.handler
  inFork(m, f, cause, () => {
    if (block === undefined || end === undefined) return { arrived: beginning(start), raised: [{ outcome: { kind: 'raise', error }, effects: NOTHING }] }
    const stop: Stop = { frame: f, pc: end, low: block.at, high: end }
    const taken = runFrom(m, stop, NOTHING, () => { load(f, start); m.moveTo(f); m.raiseInto(f, f, error) })
    return combine(m, f, taken.every((way) => way.outcome.kind === 'raise') ? [beginning(start), ...taken] : [...run(m, f, beginning(start), stop), ...taken], cause)
  })
}

/** What is done from here on may happen or not: what it changes is not known any more. */
export function maybe(m: ForkHost, cause: Unknown, work: () => void): void {
  const { frame, way } = m
  m.journal.open()
  m.way = undefined
  let effects: Effects
  try {
    work()
  } catch (error) {
    throw error instanceof PyRaise ? new Undecided(cause.reason, cause.origin) : error
  } finally {
    effects = m.journal.rollBack()
    m.way = way
  }
  if (frame !== undefined) m.moveTo(frame)
  const outcome = { kind: 'return', value: null } as const
  replay(m, joinWays(m, { outcome, effects }, { outcome, effects: NOTHING }, cause).effects)
}

/** So often an exception that may or may not be raised is followed to one handler; each costs a run of the rest of its block. */
const MAX_GUARDED = 8

function isGuarded(m: ForkHost, f: Frame, error: PyRaise): boolean {
  for (let frame: Frame | undefined = f; frame !== undefined; frame = frame.back) {
    for (const block of frame.blocks) if (mayTake(m, frame, block, [error])) return block.seen++ < MAX_GUARDED
    if (frame.completion === 'entry' && frame !== m.way?.frame) return false
  }
  return false
}

/** Runs what brings several ways together, and lets the frame go on from there. */
export function inFork(m: ForkHost, f: Frame, cause: Unknown, work: () => Combined): void {
  if (m.openForks >= m.limits.forks) throw new LimitReached('forks')
  m.openForks++
  f.forks++
  try {
    settle(m, f, work(), cause)
  } catch (error) {
    if (!(error instanceof GeneratorBroken) || error.frame !== f || f.forks > 1) throw error
    drain(m, f, cause, work)
  } finally {
    f.forks--
    m.openForks--
  }
}

/**
 * A generator that yields under an undecided branch: nobody knows what it gives, but what it does until its end may happen.
 * It is run to that end at once; what it changed is not known any more, and whoever waits for it gets an Unknown.
 */
export function drain(m: ForkHost, f: Frame, cause: Unknown, work: () => Combined): void {
  const generator = f.generator!
  const why = new Unknown('what this generator yields depends on a condition that is not known', cause.origin)
  f.draining = why
  const first = work()
  const { arrived, raised } = combine(m, f, first.arrived === undefined ? [] : run(m, f, first.arrived, never(f)), why)
  if (arrived?.outcome.kind !== 'return' || first.raised.length + raised.length > 0) throw new Undecided(why.reason, why.origin)
  replay(m, joinWays(m, arrived, { outcome: arrived.outcome, effects: NOTHING }, why).effects)
  m.touch(generator)
  generator.broken = why
  m.moveTo(f)
  m.leave(null)
}

/** Leaves the frame where its ways have arrived, after every exception that may have left it has been accounted for. */
function settle(m: ForkHost, f: Frame, combined: Combined, cause: Unknown): void {
  let { arrived, raised } = combined
  // Where those that arrived stand, and how far out the exceptions have come.
  let standing = f
  let reached = f
  while (raised.length > 0) {
    if (arrived === undefined && raised.length === 1) break
    const errors = raised.map((way) => errorOf(way))
    if (!mayBeCaught(m, reached, errors)) break
    const handler = nextHandler(m, reached)
    if (handler === undefined) {
      // In the way of an outer branch: that one tells the two apart.
      if (m.way === undefined) {
        if (arrived !== undefined && errors.every(({ exception }) => exception instanceof Possible)) break
        throw new Undecided(cause.reason, cause.origin)
      }
      const last = arrived === undefined ? raised.length - 1 : raised.length
      for (const way of raised.slice(0, last)) if (isChosen(m)) raise(m, reached, way)
      raised = raised.slice(last)
      break
    }
    const outcome = handle(m, standing, reached, handler, arrived, raised, cause)
    if (outcome.arrived === undefined) raised = outcome.raised
    else {
      ({ arrived, raised } = outcome)
      standing = handler
    }
    reached = handler
  }
  if (arrived === undefined) raise(m, reached, raised[0]!)
  else adopt(m, standing, arrived)
}

function errorOf(way: Way): PyRaise {
  return (way.outcome as { readonly error: PyRaise }).error
}

function isChosen(m: ForkHost): boolean {
  const way = m.way!
  return way.choices[way.escapes++] === true
}

function raise(m: ForkHost, f: Frame, way: Way): never {
  replay(m, way.effects)
  m.moveTo(f)
  f.blocks.length = 0
  f.handled.length = 0
  throw errorOf(way)
}

function adopt(m: ForkHost, f: Frame, way: Way): void {
  replay(m, way.effects)
  m.moveTo(f)
  if (way.outcome.kind === 'at') load(f, way.outcome.state)
  else if (way.outcome.kind === 'return') m.leave(way.outcome.value)
}

/** What TypeScript code takes as an answer: a missing attribute, the end of an iteration, a module that is not there. */
const CAUGHT_BY_NATIVES = ['AttributeError', 'IndexError', 'StopIteration', 'GeneratorExit', 'ImportError']

function mayBeCaught(m: ForkHost, f: Frame, errors: readonly PyRaise[]): boolean {
  for (let frame: Frame | undefined = f; frame !== undefined; frame = frame.back) {
    if (frame !== f && frame.blocks.some((block) => mayTake(m, frame!, block, errors))) return true
    if (frame.completion === 'entry' && frame.back !== undefined && errors.some(({ exception }) => exception instanceof Unknown || CAUGHT_BY_NATIVES.some((name) => m.isInstance(exception, m.exceptionClasses.get(name)!)))) return true
  }
  return false
}

/** The next frame out that has a handler, as long as no TypeScript code and no way of another branch is in between. */
function nextHandler(m: ForkHost, f: Frame): Frame | undefined {
  for (let frame = f; ;) {
    if (frame === m.way?.frame || frame.completion === 'entry' || frame.back === undefined) return undefined
    frame = frame.back
    if (frame.blocks.length > 0) return frame
  }
}

/** Gives the exceptions to the handlers of an outer frame; those that went on follow them out of the `try` there. */
function handle(m: ForkHost, standing: Frame, reached: Frame, outer: Frame, arrived: Way | undefined, raised: readonly Way[], cause: Unknown): Combined {
  const block = outer.blocks[outer.blocks.length - 1]!
  const end = outer.instructions.joins.get(block.at) ?? block.handler
  const stop: Stop = { frame: outer, pc: end, low: block.at, high: end }
  const frames: (readonly [Frame, FrameState])[] = []
  for (let frame = standing; frame !== outer; frame = frame.back!) frames.push([frame.back!, save(frame.back!)])
  const restore = (): void => { for (const [frame, state] of frames) load(frame, state) }
  const ways: Way[] = []
  for (const way of raised) ways.push(...runFrom(m, stop, way.effects, () => { restore(); m.raiseInto(reached, outer, errorOf(way)) }))
  const onward = ways.some((way) => way.outcome.kind !== 'raise')
  if (!onward) {
    restore()
    return { arrived: undefined, raised: ways }
  }
  if (arrived !== undefined) {
    const going = arrived
    ways.push(...runFrom(m, stop, going.effects, () => {
      restore()
      m.moveTo(standing)
      if (going.outcome.kind === 'at') load(standing, going.outcome.state)
      else if (going.outcome.kind === 'return') m.leave(going.outcome.value)
    }))
  }
  return combine(m, outer, ways, cause)
}
