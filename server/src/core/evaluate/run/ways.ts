/**
 * The ways an undecided branch can go: running one from a saved state, telling several apart, joining them into one.
 * A way is data (where its frame stands and what it changed); the program's state is as before after each run.
 */

import { LimitReached, Undecided } from '../limits.ts'
import { classChanged } from '../operate/attributes.ts'
import { PyClass, type PyObject, PyRaise, type Unknown, type Value } from '../value.ts'
import type { Block, Frame, Interpreter } from './frame.ts'
import type { Effect, Journal } from './journal.ts'
import { joinMaps, joinObject, joinValues } from './join.ts'

/** Where to leave a frame that runs: at `pc`, or outside of what lies from `low` to `high`. */
export interface Stop {
  readonly frame: Frame
  readonly pc: number
  readonly low: number
  readonly high: number
  /** Run the instruction that the frame stands at, wherever that is, before looking whether to stop. */
  readonly isStepFirst?: boolean
}

/** One run of a way: an exception that may or may not leave it is taken at the places `choices` name, and counted at all. */
export interface WayRun {
  readonly frame: Frame
  readonly choices: readonly boolean[]
  escapes: number
  readonly outer: WayRun | undefined
}

/** What the running of ways needs of the interpreter beyond its common face. */
export interface ForkHost extends Interpreter {
  readonly journal: Journal
  /** Runs until the frame stops as asked (true) or returns (false; the value is in `doneValue`); throws what escapes the frame. */
  runUntil(stop: Stop): boolean
  /** Makes a frame the current one, at its own depth. */
  moveTo(frame: Frame): void
  /** Lets an exception leave every frame from `from` up to, not including, `to`, and gives it to the innermost handler of `to`. */
  raiseInto(from: Frame, to: Frame, error: PyRaise): void
  readonly doneValue: Value
  way: WayRun | undefined
  openForks: number
  forkSteps: number
  stepsUsed: number
}

export interface FrameState {
  readonly pc: number
  readonly stack: readonly Value[]
  readonly locals: readonly (Value | undefined)[]
  readonly blocks: readonly Block[]
  readonly handled: readonly PyObject[]
  /** The namespace of a class body. */
  readonly names: ReadonlyMap<string, Value> | undefined
}

export type Effects = ReadonlyMap<PyObject, Effect>
export type Outcome = { readonly kind: 'at', readonly state: FrameState } | { readonly kind: 'return', readonly value: Value } | { readonly kind: 'raise', readonly error: PyRaise }
export interface Way { readonly outcome: Outcome, readonly effects: Effects }

export const NOTHING: Effects = new Map()

/** So many ways of one branch are followed, counting each exception that may leave it. */
const MAX_WAYS = 24

export function beginning(state: FrameState, effects = NOTHING): Way {
  return { outcome: { kind: 'at', state }, effects }
}

export function save(f: Frame): FrameState {
  return {
    pc: f.pc, stack: [...f.stack], locals: [...f.locals], blocks: [...f.blocks], handled: [...f.handled],
    names: f.names === undefined || f.code.kind !== 'class' ? undefined : new Map(f.names),
  }
}

export function load(f: Frame, state: FrameState): void {
  f.pc = state.pc
  f.stack = [...state.stack]
  f.locals = [...state.locals]
  f.blocks = [...state.blocks]
  f.handled = [...state.handled]
  if (state.names === undefined || f.names === undefined) return
  f.names.clear()
  for (const [name, value] of state.names) f.names.set(name, value)
}

export function replay(m: Interpreter, effects: Effects): void {
  let hasClass = false
  for (const [object, effect] of effects) {
    m.touch(object)
    object.restore(effect.after)
    hasClass ||= object instanceof PyClass
  }
  if (hasClass) classChanged()
}

export function never(f: Frame): Stop {
  return { frame: f, pc: -1, low: -1, high: Infinity }
}

/** Runs one way on from where it stands; more than one comes back when an exception may leave it on the way. */
export function run(m: ForkHost, f: Frame, way: Way, stop: Stop): Way[] {
  const { outcome } = way
  if (outcome.kind !== 'at') return [way]
  return runFrom(m, stop, way.effects, () => { load(f, outcome.state); m.moveTo(f) })
}

/** Runs from the state that `start` prepares, once for each choice there is between going on and raising. */
export function runFrom(m: ForkHost, stop: Stop, effects: Effects, start: () => void): Way[] {
  const ways: Way[] = []
  const pending: boolean[][] = [[]]
  for (let choices = pending.pop(); choices !== undefined; choices = pending.pop()) {
    const made = runOnce(m, stop, effects, start, choices)
    ways.push(made.way)
    for (let i = choices.length; i < made.escapes; i++) pending.push([...choices, ...new Array<boolean>(i - choices.length).fill(false), true])
    if (ways.length + pending.length > MAX_WAYS) throw new Undecided('too many exceptions may or may not be raised here')
  }
  return ways
}

function runOnce(m: ForkHost, stop: Stop, effects: Effects, start: () => void, choices: readonly boolean[]): { way: Way, escapes: number } {
  const f = stop.frame
  const { completion, generator } = f
  const state = generator?.state
  const steps = m.stepsUsed
  const mine: WayRun = { frame: f, choices, escapes: 0, outer: m.way }
  const depth = m.journal.depth
  m.journal.open()
  m.way = mine
  let outcome: Outcome
  try {
    replay(m, effects)
    f.completion = 'entry'
    start()
    outcome = m.runUntil(stop) ? { kind: 'at', state: save(f) } : { kind: 'return', value: m.doneValue }
  } catch (error) {
    if (!(error instanceof PyRaise)) {
      while (m.journal.depth > depth) m.journal.rollBack()
      throw error
    }
    outcome = { kind: 'raise', error }
  } finally {
    m.way = mine.outer
    f.completion = completion
    if (generator !== undefined) generator.state = state!
  }
  const made = m.journal.rollBack()
  m.moveTo(f)
  m.forkSteps += m.stepsUsed - steps
  if (m.forkSteps > m.limits.forkSteps) throw new LimitReached('forkSteps')
  return { way: { outcome, effects: made }, escapes: mine.escapes }
}

export interface Combined { readonly arrived: Way | undefined, readonly raised: readonly Way[] }

/** Brings ways of one frame together: the one where all that go on have arrived, and those that ended in an exception. */
export function combine(m: ForkHost, f: Frame, given: readonly Way[], cause: Unknown): Combined {
  const raised: Way[] = []
  let open: Way[] = []
  const sort = (ways: readonly Way[]): void => { for (const way of ways) (way.outcome.kind === 'raise' ? raised : open).push(way) }
  sort(given)
  const steps = m.stepsUsed
  while (open.length > 1) {
    if (m.stepsUsed - steps > m.limits.forkSteps) throw new LimitReached('forkSteps')
    if (open.length + raised.length > MAX_WAYS) throw new Undecided(cause.reason, cause.origin)
    const places = open.map((way) => way.outcome.kind === 'at' ? way.outcome.state.pc : Infinity)
    const lowest = Math.min(...places)
    const here = open.filter((_, i) => places[i] === lowest)
    const others = open.filter((_, i) => places[i] !== lowest)
    if (here.length > 1) {
      open = [...others, here.reduce((a, b) => joinWays(m, a, b, cause))]
      continue
    }
    // The way that is behind runs on until it reaches where another waits, or the end of the function.
    const next = Math.min(...places.filter((pc) => pc !== lowest))
    open = others
    sort(run(m, f, here[0]!, next === Infinity ? never(f) : { frame: f, pc: next, low: -1, high: Infinity }))
  }
  return { arrived: open[0], raised }
}

/** Both have returned, or stand at the same place. */
export function joinWays(m: ForkHost, a: Way, b: Way, cause: Unknown): Way {
  const outcome = joinOutcomes(m, a.outcome, b.outcome, cause)
  m.journal.open()
  for (const object of new Set([...a.effects.keys(), ...b.effects.keys()])) {
    const x = a.effects.get(object)
    const y = b.effects.get(object)
    const base = (x ?? y)!.before
    joinObject(m, object, x?.after ?? base, y?.after ?? base, cause)
  }
  return { outcome, effects: m.journal.rollBack() }
}

function joinOutcomes(m: ForkHost, a: Outcome, b: Outcome, cause: Unknown): Outcome {
  if (a.kind === 'return' && b.kind === 'return') return { kind: 'return', value: joinValues(m, a.value, b.value, cause)! }
  // Anything else at one place would be a defect of the compiled code, and never a reason to guess.
  if (a.kind !== 'at' || b.kind !== 'at' || a.state.stack.length !== b.state.stack.length || a.state.blocks.length !== b.state.blocks.length || a.state.handled.length !== b.state.handled.length) throw new Undecided(cause.reason, cause.origin)
  const { state: x } = a
  const { state: y } = b
  return {
    kind: 'at',
    state: {
      pc: x.pc, blocks: x.blocks,
      handled: x.handled.map((one, i) => joinValues(m, one, y.handled[i]!, cause) as PyObject),
      stack: x.stack.map((value, i) => joinValues(m, value, y.stack[i]!, cause)!),
      locals: x.locals.map((value, i) => joinValues(m, value, y.locals[i], cause)),
      names: x.names === undefined || y.names === undefined ? x.names : joinMaps(m, x.names, y.names, cause),
    },
  }
}
