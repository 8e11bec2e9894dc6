/**
 * A second thread that helps to look at many files: it is started when there are many, kept while it is of use, and never
 * needed. Whoever asks works along, and does alone what the helper has not taken; so an answer is the same with it and without.
 */

import { Worker } from 'node:worker_threads'
import { FIELDS, UNIT, workOn, workOnUnit, type Job, type Question } from './many-files.mjs'

export { FIELDS }

/** Files that are asked about together; `results` are complete after `finishBatches`. */
export interface Batch {
  readonly paths: readonly string[]
  /** Four numbers for each path: bytes (-1 where they could not be had), then links, device and inode, or 1 where something was found. */
  readonly results: Float64Array
  readonly job: Job
}

/** Fewer files than these are done before a thread has started. */
const WORTH_A_THREAD = 512
/** The helper goes when it has had nothing to do for this long: it holds some 10 MB. */
const IDLE_MS = 60_000
/** A unit takes a millisecond; a helper that takes this long for one is gone, or its disk is: then the one that asks sees for itself. */
const PATIENCE_MS = 2_000

let helper: Worker | undefined
let idle: NodeJS.Timeout | undefined
let isUseless = false

/** Begins to look at files, in the helper alone until `finishBatches` joins in. */
export function startBatch(question: Question, paths: readonly string[]): Batch {
  const job: Job = {
    question,
    control: new Int32Array(new SharedArrayBuffer(4 * (1 + Math.ceil(paths.length / UNIT)))),
    results: new Float64Array(new SharedArrayBuffer(8 * FIELDS * paths.length)),
  }
  if (paths.length >= WORTH_A_THREAD) helperThread()?.postMessage({ job, paths: paths.join('\0') })
  return { paths, results: job.results, job }
}

/** Works along from the last batch to the first, towards the helper; then waits for what the helper still holds. */
export function finishBatches(batches: readonly Batch[]): void {
  for (const { job, paths } of batches.toReversed()) workOn(job, paths)
  for (const { job, paths } of batches) {
    for (let unit = 0; unit * UNIT < paths.length; unit++) {
      if (Atomics.load(job.control, unit + 1) === 1 || isDone(job, unit)) continue
      giveUp()
      workOnUnit(job, paths, unit)
    }
  }
}

function isDone({ control }: Job, unit: number): boolean {
  if (!helper) return false
  try {
    return Atomics.wait(control, unit + 1, 0, PATIENCE_MS) !== 'timed-out'
  } catch {
    // Some programs do not let their main thread wait.
    return false
  }
}

function helperThread(): Worker | undefined {
  if (isUseless) return undefined
  clearTimeout(idle)
  idle = setTimeout(() => {
    void helper?.terminate()
    helper = undefined
  }, IDLE_MS).unref()
  if (helper) return helper
  try {
    const started = new Worker(new URL('./many-files.mjs', import.meta.url))
    started.unref()
    started.on('error', giveUp)
    return (helper = started)
  } catch {
    giveUp()
    return undefined
  }
}

function giveUp(): void {
  isUseless = true
  void helper?.terminate()
  helper = undefined
}
