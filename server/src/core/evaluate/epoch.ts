/**
 * When objects were made, in epochs: whether an object is older than a branch or an evaluation decides whether its changes
 * must be undone with it. Counts only; what is undone is in run/journal.ts.
 */

/** The epoch of everything that is made before any evaluator. */
export const FIRST_EPOCH = 1

let epoch = FIRST_EPOCH

export function currentEpoch(): number {
  return epoch
}

/** Starts a new epoch and answers its number; objects made from now on are younger than it. */
export function nextEpoch(): number {
  return ++epoch
}

/** Epochs of what is made permanently, for each depth of such work within such work: below those of everything else. */
const DEPTH_OF_EPOCHS = 2 ** 24
const permanentEpochs: number[] = []
let permanentDepth = 0

/**
 * Runs work whose objects are older than every scope that is open now, however many there are, and than their objects.
 * Deeper work is older than the work that asked for it.
 */
export function inOlderEpoch<T>(work: () => T): T {
  const now = epoch
  const depth = permanentDepth++
  epoch = permanentEpochs[depth] ?? -DEPTH_OF_EPOCHS * (depth + 1)
  try {
    return work()
  } finally {
    permanentEpochs[depth] = epoch
    permanentDepth--
    epoch = now
  }
}
