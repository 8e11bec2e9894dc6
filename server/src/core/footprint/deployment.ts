/**
 * The footprint against a deploy target: what counts there, whether it fits, and the shortest list of cuts that makes it
 * fit. Decides from facts that others computed; reads nothing.
 */

import { difference, estimate, exact, sum, type Figure } from '../measure/figure.ts'
import { isAcceleratorPackage } from '../packages/categories.ts'
import { estimateInstall } from '../packages/install-estimate.ts'
import type { InstalledPackages } from '../packages/installed-packages.ts'
import { planFiles, planToFit, fits, type Cut, type DeployTarget } from './targets.ts'
import { trainingModules } from './torch-signs.ts'

export interface DeployedCheckpoint {
  readonly path: string
  readonly name: string
  readonly bytes: number
  /** Whether deployed code loads it; undefined where a path in the code is not known. */
  readonly isLoaded: boolean | undefined
  /** Ways to make the file smaller without loss, and with it. */
  readonly smaller: readonly { readonly title: string; readonly fileBytes: Figure; readonly rule?: string; readonly isLossy: boolean }[]
}

export interface DeploymentInput {
  readonly target: DeployTarget
  readonly total: Figure
  /** A part of the total that is not known: then nothing fits for sure. */
  readonly unknownPart: string | undefined
  readonly checkpoints: readonly DeployedCheckpoint[]
  readonly packages: InstalledPackages | undefined
  /** Keys of the packages that requirements and imports ask for. */
  readonly roots: ReadonlySet<string>
  readonly imported: ReadonlySet<string>
  /** Companions that are asked for and not installed, with what the table says of them. */
  readonly missing: ReadonlyMap<string, Figure>
  /** What torch takes where it is not installed: as it is asked for, and from the CPU index. */
  readonly notInstalled: { readonly now: Figure; readonly cpu: Figure } | undefined
  /** Whether the code may run on a GPU. */
  readonly touchesGpu: boolean
}

export interface Deployment {
  readonly name: string
  readonly limit: number
  /** What the limit counts. */
  readonly counts: string
  readonly bytes: Figure
  /** Null where the bytes are not known well enough to say; `because` says why. */
  readonly fits: boolean | null
  readonly because?: string
  /** The shortest list of cuts that makes it fit; all that are known where they do not suffice. Empty where it fits. */
  readonly cuts: readonly Cut[]
  /** The bytes after all of the cuts; null where there are none. */
  readonly after: Figure | null
  readonly fitsAfter: boolean | null
}

export function deployment(input: DeploymentInput): Deployment {
  const { target } = input
  if (target.kind === 'file') return fileDeployment(input)
  const verdict = verdictOf(input.total, input)
  const answer = { name: target.name, limit: target.limit, counts: target.counts, bytes: input.total, ...verdict }
  if (verdict.fits !== false || input.total.value === null) return { ...answer, cuts: [], after: null, fitsAfter: null }
  const cuts = [...environmentCuts(input), ...input.checkpoints.flatMap((one) => checkpointCuts(one, input))]
  const limit = target.limit
  const lossless = planToFit(input.total.value, limit, cuts.filter(({ isLossy }) => !isLossy))
  const everything = lossless.fits ? lossless : planToFit(input.total.value, limit, cuts)
  // Where all of them are not enough, those that hardly matter only hide the others.
  const plan = everything.fits ? everything : planToFit(input.total.value, limit, cuts.filter(({ saving }) => (saving.value ?? 0) >= limit * leastShare))
  if (plan.cuts.length === 0) return { ...answer, cuts: [], after: null, fitsAfter: null }
  const after = plan.cuts.reduce<Figure>((left, cut) => difference(left, cut.saving), input.total)
  return { ...answer, cuts: plan.cuts.map(plain), after, fitsAfter: verdictOf(after, input).fits }
}

/** The limit counts each file alone: environments do not matter, and one large file is enough. */
function fileDeployment({ target, checkpoints }: DeploymentInput): Deployment {
  const largest = checkpoints.reduce((most, { bytes }) => Math.max(most, bytes), 0)
  const plan = planFiles(checkpoints.map((one) => ({
    bytes: one.bytes,
    cuts: [...smallerCuts(one), { title: `Keep ${one.name} out of the repository, or in Git LFS`, saving: exact(one.bytes), rule: 'committed-large-file', of: one.path }],
  })), target.limit)
  const isOver = largest > target.limit
  return { name: target.name, limit: target.limit, counts: target.counts, bytes: exact(largest), fits: !isOver, cuts: plan.cuts.map(plain), after: isOver ? estimate(plan.after, 'after the cuts') : null, fitsAfter: isOver ? plan.fits : null }
}

function verdictOf(bytes: Figure, { target, unknownPart }: DeploymentInput): { readonly fits: boolean | null; readonly because?: string } {
  const verdict = fits(bytes, target)
  return verdict.fits === true && unknownPart !== undefined ? { fits: null, because: `the bytes of ${unknownPart} are not known` } : verdict
}

/** Share of the limit from which a cut is named that does not make it fit. */
const leastShare = 0.01

type PossibleCut = Cut & { readonly isLossy?: boolean }

function plain({ title, saving, rule, of }: Cut): Cut {
  return { title, saving, of, ...(rule === undefined ? {} : { rule }) }
}

function environmentCuts(input: DeploymentInput): readonly PossibleCut[] {
  return [...cpuCut(input), ...packageCuts(input)]
}

/** CUDA libraries, Triton, and the difference of torch itself: of no use where there is no GPU, or where no code asks for one. */
function cpuCut({ packages, target, touchesGpu, notInstalled, roots }: DeploymentInput): readonly PossibleCut[] {
  if (touchesGpu && !target.withoutGpu) return []
  const title = touchesGpu ? `Take torch from the CPU index: there is no GPU on ${target.name}` : 'Take torch from the CPU index: no code here touches a GPU'
  const cut = (saving: Figure): PossibleCut => ({ title, saving, rule: 'cuda-wheel-for-cpu-code', of: 'torch' })
  if (notInstalled) return [cut(difference(notInstalled.now, notInstalled.cpu))]
  const torch = packages?.torch
  if (!packages || !torch || !/^(?:cu|rocm)/.test(torch.variant)) return []
  const members = new Set([...roots].flatMap((key) => packages.packageCost(key)?.keys ?? []))
  const useless = [...members].filter(isAcceleratorPackage)
  const cpu = estimateInstall({ key: 'torch', specifier: `==${torch.version.split('+')[0]!}`, platform: 'linux-x86_64', variant: 'cpu' })?.alone.installed
  const now = packages.packageCost('torch')?.alone
  const itself = cpu && now && cpu.value !== null && now.value !== null && now.value > cpu.value ? difference(now, cpu) : estimate(0, 'the bytes of its CPU build are not known')
  return [cut(sum([...useless.map((key) => packages.packageCost(key)!.alone), itself]))]
}

const companions = new Set(['torchvision', 'torchaudio', 'torchtext'])

/** Packages that are asked for and never imported: what goes with each is what nothing else needs. */
function packageCuts({ packages, roots, imported, missing }: DeploymentInput): readonly PossibleCut[] {
  const installed = new Set([...roots].filter((key) => !missing.has(key)))
  return [...roots].flatMap((key): PossibleCut[] => {
    const rule = companions.has(key) ? 'unused-companion' : trainingModules.has(key) ? 'training-package-in-runtime-requirements' : undefined
    if (rule === undefined || imported.has(key)) return []
    const title = `Remove ${key}: no deployed code imports it`
    const absent = missing.get(key)
    if (absent) return [{ title, saving: absent, rule, of: key }]
    if (!packages?.environment.distributions.has(key)) return []
    const others = new Set([...installed].filter((other) => other !== key))
    return [{ title, saving: difference(packages.unionBytes(installed), packages.unionBytes(others)), rule, of: key }]
  })
}

function checkpointCuts(checkpoint: DeployedCheckpoint, _input: DeploymentInput): readonly PossibleCut[] {
  if (checkpoint.isLoaded !== false) return smallerCuts(checkpoint)
  return [...smallerCuts(checkpoint), { title: `Leave out ${checkpoint.name}: no deployed code loads it`, saving: exact(checkpoint.bytes), of: checkpoint.path }]
}

function smallerCuts({ smaller, bytes, path }: DeployedCheckpoint): readonly PossibleCut[] {
  return smaller.map(({ title, fileBytes, rule, isLossy }) => ({ title, saving: difference(exact(bytes), fileBytes), of: path, isLossy, ...(rule === undefined ? {} : { rule }) }))
}
