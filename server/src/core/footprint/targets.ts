/** Where code is deployed: what the limit of each target counts, whether a footprint fits, and the shortest list of cuts that makes it fit. */

import type { Figure } from '../measure/figure.ts'
import { targets, type Settings } from '../settings/settings.ts'

export interface DeployTarget {
  readonly name: string
  /** In bytes. */
  readonly limit: number
  /** What the limit counts, as a sentence shows it. */
  readonly counts: string
  /** `file`: the largest file alone; `compressed`: what is shipped, compressed; `image`: with a base image of its own. */
  readonly kind: 'folder' | 'compressed' | 'image' | 'file'
  /** No machine of the platform has a GPU: nothing that exists for one is of use there. */
  readonly withoutGpu: boolean
}

const kinds: Readonly<Record<string, Omit<DeployTarget, 'name' | 'limit'>>> = {
  'aws-lambda-zip': { counts: 'the unzipped function with its layers', kind: 'folder', withoutGpu: true },
  'aws-lambda-image': { counts: 'the uncompressed container image', kind: 'image', withoutGpu: true },
  'vercel': { counts: 'the unzipped function', kind: 'folder', withoutGpu: true },
  'heroku-slug': { counts: 'the compressed slug', kind: 'compressed', withoutGpu: true },
  'github-file': { counts: 'each file of a repository', kind: 'file', withoutGpu: false },
  'docker-image': { counts: 'the image', kind: 'image', withoutGpu: false },
  'custom': { counts: 'everything that is shipped', kind: 'folder', withoutGpu: false },
}

/** The target that the settings name; `undefined` for none, or for one without a limit. */
export function deployTarget({ target, targetLimit }: Pick<Settings, 'target' | 'targetLimit'>): DeployTarget | undefined {
  const kind = kinds[target]
  const limit = ((targets as Readonly<Record<string, number>>)[target] ?? 0) || targetLimit
  return kind === undefined || limit === 0 ? undefined : { name: target, limit, ...kind }
}

/** Wheels and their contents differ by up to 3.7 (the CPU build of torch); no slug compresses better than this. */
const mostCompression = 4
/** A slim Python image or Lambda's own has less; an image with CUDA or with torch in it has more, and is not decided. */
const baseImageBytes = 1_200_000_000

/** Whether the bytes fit: `null` where they are not known well enough to say, with the reason. */
export function fits(bytes: Figure, { limit, kind }: Pick<DeployTarget, 'limit' | 'kind'>): { readonly fits: boolean | null; readonly because?: string } {
  if (bytes.certainty === 'unknown') return { fits: null, because: bytes.reason }
  const isOver = bytes.value > limit
  if (kind === 'compressed' && isOver) {
    return bytes.value / mostCompression > limit ? { fits: false } : { fits: null, because: 'the limit counts compressed bytes, and these are not' }
  }
  if (isOver) return { fits: false }
  // A lower bound below the limit says nothing.
  if (bytes.certainty === 'bounded') return { fits: null, because: bytes.reason ?? 'a part is not known' }
  if (kind === 'image' && bytes.value + baseImageBytes > limit) return { fits: null, because: 'the base image comes on top' }
  return { fits: true }
}

/** Something that can be left out or made smaller. */
export interface Cut {
  readonly title: string
  readonly saving: Figure
  readonly rule?: string
  /** What it cuts; of several cuts of one thing only the largest counts. */
  readonly of: string
}

export interface FitPlan {
  /** The fewest cuts that suffice, largest first; all of them where they do not. */
  readonly cuts: readonly Cut[]
  readonly after: number
  readonly fits: boolean
}

/** The shortest list of cuts: savings of different things add up, so the largest ones first is the shortest. Cuts of unknown saving do not take part. */
export function planToFit(bytes: number, limit: number, cuts: readonly Cut[]): FitPlan {
  const chosen: Cut[] = []
  const taken = new Set<string>()
  let after = bytes
  for (const cut of [...cuts].sort((a, b) => (b.saving.value ?? 0) - (a.saving.value ?? 0))) {
    if (after <= limit || cut.saving.value === null || cut.saving.value <= 0) break
    if (taken.has(cut.of)) continue
    taken.add(cut.of)
    chosen.push(cut)
    after -= cut.saving.value
  }
  return { cuts: chosen, after, fits: after <= limit }
}

/** For a limit on each file: every file above it has to be cut below it. */
export function planFiles(files: readonly { readonly bytes: number; readonly cuts: readonly Cut[] }[], limit: number): FitPlan {
  const cuts: Cut[] = []
  let after = 0
  for (const file of files) {
    const enough = [...file.cuts].sort((a, b) => (a.saving.value ?? 0) - (b.saving.value ?? 0)).find((cut) => cut.saving.value !== null && file.bytes - cut.saving.value <= limit)
    if (file.bytes > limit && enough) cuts.push(enough)
    after = Math.max(after, file.bytes > limit ? file.bytes - (enough?.saving.value ?? 0) : file.bytes)
  }
  return { cuts, after, fits: after <= limit }
}
