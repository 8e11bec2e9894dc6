/** Where code is deployed, with the limit that the platform sets, whether a footprint fits, and the shortest list of cuts that makes it fit. */

import type { Figure } from '../measure/figure.ts'

export interface DeployTarget {
  readonly name: string
  /** In bytes; undefined where the user sets it. */
  readonly limit: number | undefined
  /** What the limit counts, as a sentence shows it. */
  readonly counts: string
}

/**
 * AWS counts 250 MiB unzipped and 10 GiB per image; Vercel 250 MB unzipped; Heroku 500 MB compressed slug; GitHub refuses files
 * from 100 MiB on. Sources: the limits pages of the platforms.
 */
export const deployTargets: readonly DeployTarget[] = [
  { name: 'aws-lambda-zip', limit: 262_144_000, counts: 'the unzipped function with its layers' },
  { name: 'aws-lambda-image', limit: 10_000_000_000, counts: 'the uncompressed container image' },
  { name: 'vercel', limit: 250_000_000, counts: 'the unzipped function' },
  { name: 'heroku-slug', limit: 500_000_000, counts: 'the slug' },
  { name: 'github-file', limit: 100_000_000, counts: 'a single file' },
  { name: 'docker-image', limit: undefined, counts: 'the image' },
]

/** A target of the table, or a custom one with a limit of its own. */
export function deployTarget(name: string, customLimit?: number): DeployTarget | undefined {
  const known = deployTargets.find((target) => target.name === name)
  if (known) return known.limit === undefined && customLimit !== undefined ? { ...known, limit: customLimit } : known
  return name === 'custom' && customLimit !== undefined ? { name, limit: customLimit, counts: 'everything that is shipped' } : undefined
}

/** Whether it fits: `null` where the bytes are not known well enough to say. */
export function fits(bytes: Figure, limit: number): boolean | null {
  switch (bytes.certainty) {
    case 'exact': case 'estimate': return bytes.value <= limit
    // A lower bound above the limit is an answer; below it, it is none.
    case 'bounded': return bytes.value > limit ? false : null
    case 'unknown': return null
  }
}

export interface Cut {
  readonly title: string
  readonly saving: Figure
  readonly rule?: string
}

export interface FitPlan {
  /** The fewest cuts that suffice, largest first; all of them where they do not. */
  readonly cuts: readonly Cut[]
  readonly after: number
  readonly fits: boolean
}

/** The shortest list of cuts: savings add up, so the largest ones first is the shortest. Cuts of unknown saving do not take part. */
export function planToFit(bytes: number, limit: number, cuts: readonly Cut[]): FitPlan {
  const chosen: Cut[] = []
  let after = bytes
  for (const cut of [...cuts].sort((a, b) => (b.saving.value ?? 0) - (a.saving.value ?? 0))) {
    if (after <= limit || cut.saving.value === null || cut.saving.value <= 0) break
    chosen.push(cut)
    after -= cut.saving.value
  }
  return { cuts: chosen, after, fits: after <= limit }
}
