/**
 * Which assumed values an answer rests on: the same work is done again with options and parameters left open, and what comes
 * out the same rests on none of them. Sound because what is open is Unknown, and an Unknown never becomes a number.
 */

import type { ModelTree } from '../model/layer-tree.ts'
import type { Place } from '../text/range.ts'
import { analyseFile, type FileModels, type FoundModel, type RefusedLoad, type SharedSaved } from './find-models.ts'
import type { ModelSession } from './model-session.ts'

/** What the questions about one file may take: evaluations, and interpreter steps of all of them. What is undecided then is said to matter. */
interface Budget { readonly runs: number, readonly steps: number }

/** Some tenths of a second: a person waits. */
const HOVER: Budget = { runs: 16, steps: 100_000 }
/** Only where a program is about to fail. */
const FAULTS: Budget = { runs: 48, steps: 400_000 }

/** Defaults of options and parameters: what a caller may give another value. */
function isDefault(assumption: string): boolean {
  return /\((?:argparse default|click default|default of [^()]*)\)$/.test(assumption)
}

/** Options of the program, and what a person has written down: not what another file may call a function with. */
function isOption(assumption: string): boolean {
  return /\((?:argparse default|click default|assumed here|--assume)\)$/.test(assumption)
}

/** One piece of work, done again with some assumptions left open; undefined where that takes too long. */
export type Rerun<Answer> = (open: readonly string[]) => Answer | undefined

/** Answers are kept, and all questions together have one budget. */
export function rerunning<Answer>({ evaluator }: ModelSession, again: () => Answer, budget = HOVER): Rerun<Answer> {
  const kept = new Map<string, Answer | undefined>()
  let left = budget.steps
  return (open) => {
    const key = JSON.stringify([...open].sort())
    if (kept.has(key)) return kept.get(key)
    if (kept.size >= budget.runs || left <= 0) return undefined
    const { answer, steps } = evaluator.withholding(new Set(open), left, again)
    left -= steps
    kept.set(key, answer)
    return answer
  }
}

export function rerunningFile(session: ModelSession, file: string, question: 'hover' | 'faults' = 'hover'): Rerun<FileModels> {
  return rerunning(session, () => analyseFile(session, file), question === 'hover' ? HOVER : FAULTS)
}

/**
 * Those of `texts` without which `isSame` may no longer hold, in their order. Only defaults can be left open; other assumptions
 * always count.
 */
function whatMatters<Answer>(rerun: Rerun<Answer>, texts: readonly string[], isSame: (answer: Answer) => boolean, all: readonly string[] = texts): readonly string[] {
  // Several questions have their first evaluation in common: more is left open there than this one asks for.
  const first = rerun(all.filter(isDefault))
  if (first !== undefined && isSame(first)) return texts.filter((text) => !isDefault(text))
  const open = new Set<string>()
  const pending: (readonly string[])[] = [texts.filter(isDefault)]
  for (let group = pending.pop(); group; group = pending.pop()) {
    if (group.length === 0) continue
    const answer = rerun([...open, ...group])
    if (answer !== undefined && isSame(answer)) {
      for (const text of group) open.add(text)
    } else if (group.length > 1) {
      const half = group.length >> 1
      pending.push(group.slice(half), group.slice(0, half))
    }
  }
  return texts.filter((text) => !open.has(text))
}

/** What of a model's assumptions its answer rests on. */
export function assumptionsThatMatter(model: ModelTree, rerun: Rerun<ModelTree | undefined>): readonly string[] {
  if (!model.assuming.some(isDefault)) return model.assuming
  const wanted = signature(model)
  return whatMatters(rerun, model.assuming, (other) => other !== undefined && signature(other) === wanted)
}

/** The same for a model that was found in a file. */
export function foundModelMatters(found: FoundModel, rerun: Rerun<FileModels>): readonly string[] {
  return assumptionsThatMatter(found.model, (open) => rerun(open)?.models.find((one) => one.how === found.how && one.label === found.label && samePlace(one.place, found.place))?.model)
}

/** Everything that is shown of a model. */
function signature({ type, certainty, root, stateDict, extraState }: ModelTree): string {
  const parts: unknown[] = [type, certainty, extraState, stateDict?.map(({ name, kind, tensor: { id } }) => [name, kind, id])]
  const pending = [root]
  for (let layer = pending.pop(); layer; layer = pending.pop()) {
    parts.push(layer.path, layer.type, layer.tensors.map(({ name, persistent, tensor: { id, storage, shape, dtype, trainable, device } }) => [name, persistent, id, storage, shape, dtype, trainable, device]))
    pending.push(...layer.children)
  }
  return JSON.stringify(parts)
}

/** What a file loads and saves amiss, each with the options on which that rests; left out where it rests on anything else. */
export interface SettledFaults {
  readonly refused: readonly RefusedLoad[]
  readonly shared: readonly SharedSaved[]
}

export function settleFaults({ refused = [], shared = [] }: FileModels, rerun: Rerun<FileModels>): SettledFaults {
  const all = [...new Set([...refused, ...shared].flatMap(({ assuming }) => assuming))]
  return {
    refused: refused.flatMap((one) => settled({ rerun, all }, one, (answer) => answer.refused?.find((other) => samePlace(other.place, one.place) && sameRefusal(other, one)))),
    shared: shared.flatMap((one) => settled({ rerun, all }, one, (answer) => answer.shared?.find((other) => samePlace(other.place, one.place) && sameSaved(other, one)))),
  }
}

function settled<Fault extends { readonly assuming: readonly string[] }>({ rerun, all }: { readonly rerun: Rerun<FileModels>, readonly all: readonly string[] }, fault: Fault, find: (answer: FileModels) => Fault | undefined): readonly Fault[] {
  if (fault.assuming.length === 0) return [fault]
  const assuming = whatMatters(rerun, fault.assuming, (answer) => find(answer) !== undefined, all)
  return assuming.every(isOption) ? [{ ...fault, assuming }] : []
}

function sameRefusal(a: RefusedLoad, b: RefusedLoad): boolean {
  return a.isUndecided === b.isUndecided && JSON.stringify([a.files, a.missing, a.unexpected, a.misfits]) === JSON.stringify([b.files, b.missing, b.unexpected, b.misfits])
}

function sameSaved(a: SharedSaved, b: SharedSaved): boolean {
  return a.how === b.how && a.bytes === b.bytes && JSON.stringify(a.groups) === JSON.stringify(b.groups)
}

function samePlace(a: Place | null, b: Place | null): boolean {
  return JSON.stringify(a) === JSON.stringify(b)
}
