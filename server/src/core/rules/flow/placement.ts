/**
 * Finds the one place where a model may be quantized: complete before it, used for inference after it and never before it on
 * that way, run once per model. Knows flow and events, not layers or bytes. Refuses with a reason rather than guesses.
 */

import type { Span, Statement } from '../../syntax/ast.ts'
import type { Event } from './event.ts'
import type { FlowGraph, Point } from './graph.ts'

export type Placement =
  | { readonly kind: 'place'; readonly point: Point }
  /** It would be wrong here: one clause that says why. */
  | { readonly kind: 'refused'; readonly reason: string }
  /** It is quantized already, or nothing tells that it ever computes: nothing to say. */
  | { readonly kind: 'silent' }

export interface PlacementQuestion {
  readonly graph: FlowGraph
  /** The events of each node of the graph, by its id. */
  readonly events: readonly (readonly Event[])[]
  /** Events that may happen at any time after the scope has ended. */
  readonly later: readonly (Event & { readonly by: string })[]
  readonly model: string
  /** True for a path such as `['fc', 'weight']` that leads to a layer which quantization replaces. */
  readonly isConverted: (path: readonly string[]) => boolean
  readonly lineOf: (span: Span) => number
  readonly columnOf: (span: Span) => number
}

/** Places tried for one model; the nearest to its events come first. */
const maxPoints = 300

// What may hold at a node, as a set of worlds: one bit per combination of what the name is, where, and in which precision.
type Worlds = number
const unbound = 0, float = 1, quantized = 2, other = 3
const onGpu = 4
const inOtherPrecision = 8
const all = 16

const worldsWhere = (test: (world: number) => boolean): Worlds => {
  let worlds = 0
  for (let world = 0; world < all; world++) if (test(world)) worlds |= 1 << world
  return worlds
}
const isFloat = worldsWhere((world) => (world & 3) === float)
const isQuantized = worldsWhere((world) => (world & 3) === quantized)
const isReady = 1 << float

const move = (worlds: Worlds, to: (world: number) => number): Worlds => {
  let moved = 0
  for (let world = 0; world < all; world++) if (worlds & (1 << world)) moved |= 1 << to(world)
  return moved
}

export function placeQuantization(question: PlacementQuestion): Placement {
  const { graph, events, later } = question
  if (!graph.isComplete) return { kind: 'refused', reason: 'the code around it is too long to follow' }
  const everything = [...events.flat(), ...later]
  if (everything.some((event) => event.kind === 'quantize')) return { kind: 'silent' }
  if (!everything.some((event) => event.kind === 'infer')) {
    return { kind: 'refused', reason: everything.some((event) => event.kind === 'complete' && event.how === 'train') ? 'it is trained here, and no inference follows' : 'no inference use follows' }
  }
  const refused = everything.find((event) => event.kind === 'refuse')
  if (refused?.kind === 'refuse') return { kind: 'refused', reason: refused.reason }
  const laterChange = later.find((event) => event.kind === 'complete')
  if (laterChange?.kind === 'complete') return { kind: 'refused', reason: laterChange.how === 'train' ? `\`${laterChange.by}\` may train it later` : `\`${laterChange.by}\` may change it later` }
  const unfinished = neverFinished(question)
  if (unfinished) return { kind: 'refused', reason: unfinished }
  let best: { readonly point: Point; readonly settles: number; readonly depth: number } | undefined
  let nearest: Trial | undefined
  for (const id of pointsToTry(question)) {
    const trial = tryPoint(question, id)
    if (trial.problem === undefined) {
      const point = graph.nodes[id]!.point!
      const depth = question.columnOf(point.block[0]!)
      // As late as its preparations want, then in the outermost block, then as early as possible.
      if (!best || trial.settlesAfter < best.settles || (trial.settlesAfter === best.settles && depth < best.depth)) best = { point, settles: trial.settlesAfter, depth }
    } else if (!nearest || trial.problem.weight > nearest.problem!.weight) nearest = trial
  }
  if (best) return { kind: 'place', point: best.point }
  return { kind: 'refused', reason: nearest?.problem?.reason ?? 'no inference use follows' }
}

/** Why no use is one of the finished model; undefined when some use is. */
function neverFinished(question: PlacementQuestion): string | undefined {
  const uses = question.events.flatMap((list, id) => list.flatMap((event, index) => (event.kind === 'infer' ? [{ id, index }] : [])))
  if (question.later.some((event) => event.kind === 'infer') || uses.some((use) => !leadsToCompletion(question, use.id, use.index))) return undefined
  const trained = question.events.flatMap((list, id) => (list.some((event) => event.kind === 'complete' && event.how === 'train') ? [id] : []))
  if (trained.length === 0) return 'weights are loaded into it, or it is changed, after its last use'
  const afterTraining = reachable(question, trained)
  return uses.some((use) => !afterTraining.has(use.id) && !trained.includes(use.id))
    ? 'training continues after its first use'
    : 'it is trained here, and no inference follows'
}

function reachable({ graph }: PlacementQuestion, from: readonly number[]): ReadonlySet<number> {
  const seen = new Set<number>()
  const pending = from.flatMap((id) => graph.nodes[id]!.successors)
  for (let id = pending.pop(); id !== undefined; id = pending.pop()) {
    if (seen.has(id)) continue
    seen.add(id)
    pending.push(...graph.nodes[id]!.successors)
  }
  return seen
}

/** Points right after a statement (or at the start of a block) that has to do with the model, in the order of the text. */
function pointsToTry({ graph, events }: PlacementQuestion): readonly number[] {
  const eventful: number[] = []
  for (const node of graph.nodes) if (events[node.id]?.length && node.span) eventful.push(node.span.start)
  eventful.sort((a, b) => a - b)
  const touches = (statement: Statement | undefined): boolean => {
    if (!statement) return false
    let low = 0
    let high = eventful.length
    while (low < high) {
      const middle = (low + high) >> 1
      if (eventful[middle]! < statement.start) low = middle + 1
      else high = middle
    }
    return low < eventful.length && eventful[low]! < statement.end
  }
  const points: number[] = []
  for (const node of graph.nodes) {
    if (!node.point) continue
    const { block, index } = node.point
    if (index === 0 ? touches(block[0]) : touches(block[index - 1])) points.push(node.id)
  }
  return points.slice(0, maxPoints)
}

interface Trial {
  readonly settlesAfter: number
  /** Why the point is no good; the weightiest problem of all points is what a person is told. */
  readonly problem?: { readonly reason: string; readonly weight: number }
}

function tryPoint(question: PlacementQuestion, point: number): Trial {
  const { graph, later } = question
  const before = flow(question, point)
  const at = before[point]!
  if ((at & isFloat) === 0) return { settlesAfter: 0, problem: { reason: 'no inference use follows', weight: 0 } }
  const fail = (reason: string, weight: number): Trial => ({ settlesAfter: 0, problem: { reason, weight } })
  if (at & ~isReady) {
    if (at & isQuantized) return fail('it is used in a loop that does not make it anew', 1)
    if (at & worldsWhere((world) => (world & onGpu) !== 0)) return fail('it is moved to CUDA, where dynamically quantized layers do not run', 6)
    if (at & worldsWhere((world) => (world & inOtherPrecision) !== 0)) return fail('it is not float32, which dynamic quantization needs', 6)
    return fail('it is not made on every path here', 1)
  }
  let uses = 0
  let settlesAfter = 0
  for (const node of graph.nodes) {
    let worlds = node.id === point ? quantize(before[node.id]!) : before[node.id]!
    for (const event of question.events[node.id] ?? []) {
      const problem = problemOf(question, event, worlds)
      if (problem) return fail(problem.reason, problem.weight)
      if (event.kind === 'infer' && worlds & isQuantized) uses += 1
      if (event.kind === 'settle' && worlds & isQuantized) settlesAfter += 1
      worlds = apply(worlds, event)
    }
  }
  const atExit = before[graph.exit]!
  for (const event of later) {
    const problem = problemOf(question, event, atExit)
    if (problem) return fail(problem.reason, problem.weight)
    if (event.kind === 'infer' && atExit & isQuantized) uses += 1
  }
  return uses > 0 ? { settlesAfter } : fail(question.events.flat().some((event) => event.kind === 'complete' && event.how === 'train') ? 'it is trained here, and no inference follows' : 'no inference use follows', 2)
}

function problemOf(question: PlacementQuestion, event: Event, worlds: Worlds): { reason: string; weight: number } | undefined {
  if (event.kind === 'infer') return worlds & isFloat && !restarts(question, event) ? { reason: 'its uses have no single place before them', weight: 1 } : undefined
  if (!(worlds & isQuantized)) return undefined
  const line = (): string => String(question.lineOf(event) + 1)
  if (event.kind === 'complete') {
    if (event.how === 'train') return { reason: 'training continues after its first use', weight: 3 }
    return { reason: event.how === 'load' ? `weights are loaded into it in line ${line()}` : `it is changed in line ${line()}`, weight: 3 }
  }
  if (event.kind === 'device' && event.on === 'gpu') return { reason: 'it is moved to CUDA, where dynamically quantized layers do not run', weight: 5 }
  if (event.kind === 'precision' && event.is === 'other') return { reason: 'it is cast to another precision, which quantized layers cannot take', weight: 5 }
  if (event.kind === 'state') return { reason: `line ${line()} looks up its parameters, and a quantized layer has none`, weight: 4 }
  if (event.kind === 'weight' && question.isConverted(event.path)) return { reason: `line ${line()} reads \`${event.path.join('.')}\`, which a quantized layer does not have`, weight: 6 }
  return undefined
}

/** True for a use after which the model is still trained, loaded or changed: it is no use of the finished model. */
function restarts(question: PlacementQuestion, use: Event): boolean {
  return question.events.some((list, id) => list.includes(use) && leadsToCompletion(question, id, list.indexOf(use)))
}

const completions = new WeakMap<PlacementQuestion, Map<number, boolean>>()

/** Whether a completing event can follow, before the name is bound anew. */
function leadsToCompletion(question: PlacementQuestion, id: number, index: number): boolean {
  let known = completions.get(question)
  if (!known) completions.set(question, known = new Map<number, boolean>())
  const key = id * 1000 + Math.min(index, 999)
  const kept = known.get(key)
  if (kept !== undefined) return kept
  const answer = searchCompletion(question, id, index)
  known.set(key, answer)
  return answer
}

function searchCompletion({ graph, events }: PlacementQuestion, id: number, index: number): boolean {
  const first = scan(events[id]!.slice(index + 1))
  if (first !== undefined) return first
  const seen = new Set<number>()
  const pending = [...graph.nodes[id]!.successors]
  for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
    if (seen.has(next)) continue
    seen.add(next)
    const found = scan(events[next] ?? [])
    if (found === true) return true
    if (found === undefined) pending.push(...graph.nodes[next]!.successors)
  }
  return false
}

/** True at a completing event, false at a new binding, undefined when control goes on. */
function scan(events: readonly Event[]): boolean | undefined {
  for (const event of events) {
    if (event.kind === 'complete') return true
    if (event.kind === 'bind' || event.kind === 'other') return false
  }
  return undefined
}

/** The worlds before each node, when the model is quantized at one point. */
function flow({ graph, events }: PlacementQuestion, point: number): Worlds[] {
  const before = new Array<Worlds>(graph.nodes.length).fill(0)
  before[graph.entry] = 1 << unbound
  const pending = [graph.entry]
  const queued = new Set(pending)
  for (let id = pending.pop(); id !== undefined; id = pending.pop()) {
    queued.delete(id)
    let worlds = id === point ? quantize(before[id]!) : before[id]!
    for (const event of events[id] ?? []) worlds = apply(worlds, event)
    for (const next of graph.nodes[id]!.successors) {
      const joined = before[next]! | worlds
      if (joined === before[next]) continue
      before[next] = joined
      if (!queued.has(next)) {
        queued.add(next)
        pending.push(next)
      }
    }
  }
  return before
}

function quantize(worlds: Worlds): Worlds {
  return move(worlds, (world) => ((world & 3) === float ? (world & ~3) | quantized : world))
}

function apply(worlds: Worlds, event: Event): Worlds {
  switch (event.kind) {
    case 'bind': return worlds === 0 ? 0 : 1 << float
    case 'other': return worlds === 0 ? 0 : 1 << other
    case 'device': return move(worlds, (world) => (event.on === 'gpu' ? world | onGpu : world & ~onGpu))
    case 'precision': return move(worlds, (world) => (event.is === 'other' ? world | inOtherPrecision : world & ~inOtherPrecision))
    default: return worlds
  }
}
