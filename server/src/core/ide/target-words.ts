/** A deployment in words, the same in every report: the verdict, and what the cuts come to. Callers escape. */

import type { Deployment } from '../footprint/deployment.ts'
import { formatBytes, formatFigure, type Units } from '../measure/format.ts'

/** `300 MB of 262 MB for the unzipped function, exceeds it by 37.9 MB`. */
export function verdictWords({ bytes, limit, counts, fits, because }: Deployment, units: Units): string {
  const verdict = fits === null ? `whether it fits cannot be told${because === undefined ? '' : `: ${because}`}` : fits ? 'fits' : `exceeds it${bytes.value === null ? '' : ` by ${formatBytes(bytes.value - limit, units)}`}`
  return `${formatFigure(bytes, units)} of ${formatBytes(limit, units)} for ${counts}, ${verdict}`
}

/** One line for each cut; empty where nothing has to be cut. */
export function cutWords({ cuts }: Deployment, units: Units): readonly string[] {
  return cuts.map(({ title, saving }) => `${title} (${formatFigure(saving, units)})`)
}

/** What is left after the cuts; `undefined` where there are none. */
export function afterWords({ name, cuts, after, fitsAfter }: Deployment, units: Units): string | undefined {
  if (after === null || cuts.length === 0) return undefined
  const what = cuts.length === 1 ? 'this cut' : `these ${String(cuts.length)} cuts`
  return `after ${what}: ${formatFigure(after, units)}, ${fitsAfter === null ? 'which may fit' : fitsAfter ? 'which fits' : `which still does not fit, and no other cut is known${name === 'aws-lambda-zip' ? '; an image would take it (aws-lambda-image)' : ''}`}`
}
