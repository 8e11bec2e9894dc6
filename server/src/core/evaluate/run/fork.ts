/**
 * Both ways of a branch whose test is not known. Each way runs on the same state until they meet again; what they did is then joined.
 * A way that leaves by `return`, `break` or `continue` waits there until the other arrives or ends too. A way that ends in
 * an exception nobody in this function handles is left out: if it happened, there would be no result at all.
 */

import { LimitReached } from '../limits.ts'
import { PyIterator, type PyObject, PyRaise, type Unknown, type Value } from '../value.ts'
import type { Frame, Interpreter } from './frame.ts'
import type { Effect, Journal } from './journal.ts'
import { dependsOn, joinObject, joinValues } from './join.ts'

export interface Stop { readonly frame: Frame, readonly pc: number, readonly low: number, readonly high: number }

/** What fork needs of the interpreter beyond its common face. */
export interface ForkHost extends Interpreter {
  readonly journal: Journal
  /** Runs until the frame stops as asked (true) or returns (false; the value is in `doneValue`); throws what escapes the frame. */
  runUntil(stop: Stop): boolean
  readonly doneValue: Value
  openForks: number
  forkSteps: number
  stepsUsed: number
}

interface FrameState { readonly pc: number, readonly stack: readonly Value[], readonly locals: readonly (Value | undefined)[], readonly blocks: Frame['blocks'], readonly handled: readonly PyObject[] }

type Outcome = { readonly kind: 'at', readonly state: FrameState } | { readonly kind: 'return', readonly value: Value } | { readonly kind: 'raise', readonly error: PyRaise }
interface Way { readonly outcome: Outcome, readonly effects: ReadonlyMap<PyObject, Effect> }

const NOTHING: ReadonlyMap<PyObject, Effect> = new Map()

export function fork(m: ForkHost, f: Frame, cause: Unknown, target: number, join: number, kept?: Value): void {
  const at = f.pc - 1
  const stop: Stop = { frame: f, pc: join, low: join > at ? at : -1, high: join > at ? join : Infinity }
  const start = save(f)
  enterFork(m, f)
  try {
    const a = run(m, f, { outcome: { kind: 'at', state: start }, effects: NOTHING }, stop)
    const b = run(m, f, { outcome: { kind: 'at', state: { ...start, pc: target, stack: kept === undefined ? start.stack : [...start.stack, kept] } }, effects: NOTHING }, stop)
    settle(m, f, a, b, cause)
  } finally {
    f.forks--
    m.openForks--
  }
}

/** A loop that runs an unknown number of times: what no pass and two passes agree on stays. */
export function unknownLoop(m: ForkHost, f: Frame, cause: Unknown, loopEnd: number, kind: 'for' | 'while'): void {
  const at = f.pc - 1
  if (f.openLoops?.has(at) === true) { f.pc = loopEnd; return }
  const isFor = kind === 'for'
  const start = save(f)
  const inside = dependsOn(cause)
  let left = 2
  const passes = new PyIterator(() => left-- > 0 ? inside : undefined)
  enterFork(m, f)
  f.openLoops ??= new Set()
  const body: FrameState = isFor ? { ...start, pc: at, stack: [...start.stack, passes] } : start
  try {
    if (!isFor) f.openLoops.add(at)
    const a = run(m, f, { outcome: { kind: 'at', state: body }, effects: NOTHING }, { frame: f, pc: loopEnd, low: -1, high: loopEnd })
    const b: Way = { outcome: { kind: 'at', state: { ...start, pc: loopEnd } }, effects: NOTHING }
    settle(m, f, a, b, cause)
  } finally {
    f.openLoops.delete(at)
    f.forks--
    m.openForks--
  }
}

function enterFork(m: ForkHost, f: Frame): void {
  if (m.openForks >= m.limits.forks) throw new LimitReached('forks')
  m.openForks++
  f.forks++
}

/** Brings two ways together and leaves the frame where both have arrived. */
function settle(m: ForkHost, f: Frame, first: Way, second: Way, cause: Unknown): void {
  let a = first
  let b = second
  const steps = m.stepsUsed
  for (;;) {
    if (m.stepsUsed - steps > m.limits.forkSteps) throw new LimitReached('forkSteps')
    if (a.outcome.kind === 'raise' && b.outcome.kind === 'raise') { adopt(m, f, a); throw a.outcome.error }
    if (a.outcome.kind === 'raise' || b.outcome.kind === 'raise') {
      const survivor = a.outcome.kind === 'raise' ? b : a
      adopt(m, f, survivor)
      if (survivor.outcome.kind === 'return') finish(m, f, survivor.outcome.value)
      return
    }
    if (a.outcome.kind === 'return' && b.outcome.kind === 'return') {
      const value = joinValues(a.outcome.value, b.outcome.value, cause)!
      applyJoined(m, a, b, cause)
      finish(m, f, value)
      return
    }
    if (a.outcome.kind === 'return') { b = run(m, f, b, never(f)); continue }
    if (b.outcome.kind === 'return') { a = run(m, f, a, never(f)); continue }
    const x = a.outcome.state
    const y = b.outcome.state
    if (x.pc === y.pc && x.stack.length === y.stack.length) {
      applyJoined(m, a, b, cause)
      load(f, {
        pc: x.pc, blocks: x.blocks, handled: x.handled,
        stack: x.stack.map((value, i) => joinValues(value, y.stack[i], cause)!), locals: x.locals.map((value, i) => joinValues(value, y.locals[i], cause)),
      })
      return
    }
    // Both stand at the same place with different stacks: a defect of the compiled code, and never a reason to hang.
    if (x.pc === y.pc) throw new LimitReached('forks')
    // The way that is behind runs on until it reaches where the other waits, or the end of the function.
    if (x.pc <= y.pc) a = run(m, f, a, { frame: f, pc: y.pc, low: -1, high: Infinity })
    else b = run(m, f, b, { frame: f, pc: x.pc, low: -1, high: Infinity })
  }
}

function never(f: Frame): Stop {
  return { frame: f, pc: -1, low: -1, high: Infinity }
}

/** Ends the frame with a value, as its own `return` would. */
function finish(m: ForkHost, f: Frame, value: Value): void {
  m.frame = f
  m.leave(value)
}

/** Runs one way on from where it stands. The state of the program is as before afterwards. */
function run(m: ForkHost, f: Frame, way: Way, stop: Stop): Way {
  if (way.outcome.kind !== 'at') return way
  const { completion } = f
  m.journal.open()
  let outcome: Outcome
  const steps = m.stepsUsed
  try {
    for (const [object, effect] of way.effects) { m.journal.touch(object); object.restore(effect.after) }
    load(f, way.outcome.state)
    m.frame = f
    f.completion = 'entry'
    // One instruction first: the place to stop at may be the place to start from.
    outcome = m.runUntil(stop) ? { kind: 'at', state: save(f) } : { kind: 'return', value: m.doneValue }
  } catch (error) {
    if (!(error instanceof PyRaise)) {
      m.journal.rollBack()
      f.completion = completion
      throw error
    }
    outcome = { kind: 'raise', error }
  }
  const effects = m.journal.rollBack()
  f.completion = completion
  m.frame = f
  m.forkSteps += m.stepsUsed - steps
  if (m.forkSteps > m.limits.forkSteps) throw new LimitReached('forkSteps')
  return { outcome, effects }
}

function adopt(m: ForkHost, f: Frame, way: Way): void {
  for (const [object, effect] of way.effects) { m.touch(object); object.restore(effect.after) }
  if (way.outcome.kind === 'at') load(f, way.outcome.state)
  m.frame = f
}

function applyJoined(m: ForkHost, a: Way, b: Way, cause: Unknown): void {
  for (const object of new Set([...a.effects.keys(), ...b.effects.keys()])) {
    const x = a.effects.get(object)
    const y = b.effects.get(object)
    const base = (x ?? y)!.before
    joinObject(m, object, x?.after ?? base, y?.after ?? base, cause)
  }
}

function save(f: Frame): FrameState {
  return { pc: f.pc, stack: [...f.stack], locals: [...f.locals], blocks: [...f.blocks], handled: [...f.handled] }
}

function load(f: Frame, state: FrameState): void {
  f.pc = state.pc
  f.stack = [...state.stack]
  f.locals = [...state.locals]
  f.blocks = [...state.blocks]
  f.handled = [...state.handled]
}
