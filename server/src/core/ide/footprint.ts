/** The footprint of a folder: its ledger, and the ledger against the target that the settings name. */

import { deployment, type DeployedCheckpoint, type Deployment } from '../footprint/deployment.ts'
import { findImports } from '../footprint/import-uses.ts'
import { buildLedger, type LedgerInput } from '../footprint/ledger.ts'
import { deployTarget } from '../footprint/targets.ts'
import type { FoundModel } from '../layers/find-models.ts'
import { appliesToLinux, buildInForce } from '../manifests/build-in-force.ts'
import { indexedFamily, type Manifest, type ManifestRequirement } from '../manifests/manifest.ts'
import { unknown, type Figure } from '../measure/figure.ts'
import { whatIf } from '../checkpoint/what-if.ts'
import { pinnedVersion } from '../packages/torch-releases.ts'
import { estimateInstall } from '../packages/install-estimate.ts'
import type { InstalledPackages } from '../packages/installed-packages.ts'
import { isFailure } from '../ports.ts'
import type { Facts } from '../rules/facts.ts'
import type { Place } from '../text/range.ts'
import type { LedgerNode } from './answers.ts'

export interface FootprintSummary {
  readonly root: LedgerNode
  readonly target?: Deployment
}

export interface FootprintQuestion {
  readonly folder: string
  readonly files: readonly { readonly path: string; readonly bytes: number }[]
  readonly facts: (file: string) => Facts
}

const checkpointName = /\.(?:pt|pth|pt2|ckpt|safetensors|bin|pte|gguf|tar)$/i
/** Files with these endings are checkpoints by their name alone; others only from this size on, for much else is called .bin or .tar. */
const surelyCheckpoint = /\.(?:pt|pth|pt2|ckpt|safetensors|pte|gguf)$/i
const leastDoubtfulBytes = 1_000_000
/** Python files whose models are evaluated for a ledger. */
const maxModelFiles = 100
/** Checkpoints that are read for a plan of cuts, the largest first. */
const maxReadCheckpoints = 30
/** Files that are not deployed, though they are part of the project: what only they import or load is not shipped. */
const isForDevelopment = /(?:^|\/)(?:tests?|testing|docs?|benchmarks?|\.github)\/|(?:^|\/)(?:test_[^/]*|[^/]*_test|conftest|setup|noxfile|tasks)\.py$/
const developmentRequirements = /(?:^|[-_./])(?:dev|develop|development|tests?|testing|lint|docs?|ci|style|typing)(?:[-_./]|$)/i

/** What the deployed code of a folder reaches. */
interface Reached {
  readonly imports: Map<string, Place>
  readonly models: FoundModel[]
  readonly downloads: Map<string, LedgerInput['downloads'][number]>
  /** Checkpoints that code loads, by path. */
  readonly loaded: Set<string>
  /** Code loads something from a path that is not known. */
  loadsUnknown: boolean
}

export function footprint(question: FootprintQuestion): FootprintSummary {
  const { folder, files, facts } = question
  const own = facts(`${folder}/-`)
  const reached = reachedBy(question)
  const installed = own.installed()
  const manifests = own.manifestsAround()
  const requirements = deployedRequirements(manifests)
  const missing = notInstalled(reached.imports, requirements, manifests, installed)
  const checkpoints = files.filter(({ path, bytes }) => checkpointName.test(path) && (surelyCheckpoint.test(path) || bytes >= leastDoubtfulBytes))
  const input: LedgerInput = {
    name: folder.slice(folder.lastIndexOf('/') + 1) || folder,
    checkpoints: checkpoints.map((one) => ({ ...one, ...(reached.loaded.has(one.path) ? { detail: 'loaded by code here' } : {}) })),
    imports: [...reached.imports].map(([module, place]) => ({ module, place })),
    requirements: new Map([...requirements].map(([key, { manifest, requirement }]) => [key, { file: manifest.file, range: requirement.nameRange }])),
    missing, downloads: [...reached.downloads.values()],
    packages: installed.packages, because: (installed.packages?.environment.chosenBecause ?? installed.because).replaceAll(`${folder}/`, ''), models: reached.models, torchVersion: own.torch().version,
  }
  const root = buildLedger(input)
  const target = deployTarget(own.settings)
  if (!target) return { root }
  const known = importedKeys(reached.imports, installed.packages)
  const use = own.torchUse()
  const torch = missing.find(({ key }) => key === 'torch')
  return {
    root,
    target: deployment({
      target, total: root.bytes, unknownPart: unknownPart(root), packages: installed.packages, imported: known, missing: new Map(missing.map(({ key, bytes }) => [key, bytes])), roots: new Set([...known, ...requirements.keys()]),
      checkpoints: target.kind === 'file' ? files.filter(({ bytes }) => bytes > target.limit / 4).map((file) => deployedCheckpoint(file, reached, own)) : checkpoints.toSorted((a, b) => b.bytes - a.bytes).map((file, order) => deployedCheckpoint(file, reached, order < maxReadCheckpoints ? own : undefined)),
      notInstalled: torch && { now: torch.bytes, cpu: estimateInstall({ key: 'torch', specifier: torch.specifier, platform: 'linux-x86_64', variant: 'cpu' })?.together.installed ?? unknown('the version is not in the table') },
      touchesGpu: use.cuda.length > 0 || !use.isComplete,
    }),
  }
}

function reachedBy({ files, facts, folder }: FootprintQuestion): Reached {
  const own = facts(`${folder}/-`)
  const reached: Reached = { imports: new Map(), models: [], downloads: new Map(), loaded: new Set(), loadsUnknown: false }
  let evaluated = 0
  for (const { path } of files) {
    if (!path.endsWith('.py')) continue
    const text = own.files.readText(path, 2_000_000)
    if (typeof text !== 'string' || !/\bimport\b/.test(text)) continue
    const of = facts(path)
    const source = of.source()
    if (!source) continue
    if (/\bnn\.|torchvision|timm|transformers|\bModule\b/.test(text) && evaluated++ < maxModelFiles) reached.models.push(...of.models().models)
    if (isForDevelopment.test(path.slice(folder.length))) continue
    for (const use of findImports(source)) if (!reached.imports.has(use.module)) reached.imports.set(use.module, { file: path, range: use.range })
    for (const { label, library, bytes, cached, span } of of.downloads()) {
      const key = `${library} ${label}`
      if (!reached.downloads.has(key)) reached.downloads.set(key, { label, library, bytes, cached, place: { file: path, range: source.range(span) } })
    }
    for (const load of of.loads()) {
      if (load.file !== undefined) reached.loaded.add(load.file)
      else if (load.path.kind !== 'path') reached.loadsUnknown = true
    }
    // A folder or a pattern that is walked may load any file.
    if (/\.(?:i?glob|listdir|scandir|iterdir|rglob)\s*\(|load_checkpoint|from_pretrained\s*\(\s*(?!["'])/.test(text)) reached.loadsUnknown = true
  }
  return reached
}

interface Deployed {
  readonly manifest: Manifest
  readonly requirement: ManifestRequirement
  readonly specifier: string
}

/** What the manifests of the folder ask for in production, on Linux; locks repeat what manifests say. */
function deployedRequirements(manifests: readonly Manifest[]): ReadonlyMap<string, Deployed> {
  const found = new Map<string, Deployed>()
  for (const manifest of manifests) {
    if (/lock$|^constraints$|^dockerfile$/.test(manifest.kind) || (manifest.kind === 'requirements' && developmentRequirements.test(manifest.file.slice(manifest.file.lastIndexOf('/') + 1)))) continue
    for (const requirement of manifest.requirements) {
      if (requirement.dev || requirement.group !== 'main' || !appliesToLinux(requirement)) continue
      const key = requirement.idiom === 'conda' && /^pytorch(?:-cpu|-gpu)?$/.test(requirement.key) ? 'torch' : requirement.key
      if (!found.has(key)) found.set(key, { manifest, requirement, specifier: requirement.specifier.replace(/\+[\w.]+/, '') })
    }
  }
  return found
}

type Missing = LedgerInput['missing'][number] & { readonly specifier: string }

/** torch and its companions where they are asked for or imported and not installed here: what the table says that they bring. */
function notInstalled(imports: ReadonlyMap<string, Place>, requirements: ReadonlyMap<string, Deployed>, manifests: readonly Manifest[], installed: ReturnType<Facts['installed']>): readonly Missing[] {
  const roots = new Map([...imports].map(([module, place]) => [module.split('.')[0]!, place]))
  return [...indexedFamily].flatMap((key): Missing[] => {
    const asked = requirements.get(key)
    const place = asked ? { file: asked.manifest.file, range: asked.requirement.nameRange } : roots.get(key)
    const specifier = asked?.specifier ?? ''
    const found = installed.packages?.environment.distributions.get(key)?.version ?? (key === 'torch' ? installed.packages?.torch?.version : undefined)
    const pinned = pinnedVersion(specifier)
    // Another version that happens to lie here is not what is deployed.
    if (place === undefined || (found !== undefined && (pinned === undefined || isSameRelease(found, pinned)))) return []
    const build = asked ? buildInForce(asked.manifest, asked.requirement, manifests.filter((one) => one !== asked.manifest)).variant : 'default'
    if (build === 'unknown' || asked?.requirement.idiom === 'conda') return [{ key, name: key, bytes: unknown('another index or channel decides which build is installed'), detail: 'not installed here', place, specifier }]
    const answer = estimateInstall({ key, specifier, platform: installed.platform, ...(build === 'default' ? {} : { variant: build }) })
    const bytes: Figure = (key === 'torch' ? answer?.together : answer?.alone)?.installed ?? unknown('the version is not in the table')
    return [{ key, name: key, bytes, detail: `${answer?.version ?? ''} not installed here: as ${build === 'default' ? 'PyPI' : `the ${build} index`} serves it${key === 'torch' ? ', with what it requires' : ''}`.trim(), place, specifier }]
  })
}

/** `2.13.0+cpu` and Debian's `1.13.0a0` are the releases 2.13.0 and 1.13.0. */
function isSameRelease(one: string, other: string): boolean {
  const release = (version: string): string => (/^\d+(?:\.\d+)*/.exec(version)?.[0] ?? version).replace(/(?:\.0)+$/, '')
  return release(one) === release(other)
}

/** The distributions that deployed code imports. */
function importedKeys(imports: ReadonlyMap<string, Place>, packages: InstalledPackages | undefined): ReadonlySet<string> {
  return new Set([...imports.keys()].flatMap((module) => {
    const root = module.split('.')[0]!
    const key = packages?.distributionOf(module)
    return [...(indexedFamily.has(root) ? [root] : []), ...(key === undefined ? [] : [key])]
  }))
}

const cutTitles = { 'drop-optimizer': 'Drop the optimizer state from', 'materialise-views': 'Drop unreachable storage from', 'float16': 'Save in float16:' } as const
const cutRules: Readonly<Record<string, string>> = { 'drop-optimizer': 'checkpoint-holds-optimizer', 'materialise-views': 'storage-outlives-view' }

function deployedCheckpoint({ path, bytes }: { readonly path: string; readonly bytes: number }, reached: Reached, facts: Facts | undefined): DeployedCheckpoint {
  const name = path.slice(path.lastIndexOf('/') + 1)
  const reading = facts && checkpointName.test(path) ? facts.checkpoint(path) : undefined
  const smaller = !reading || isFailure(reading) ? [] : whatIf(reading, path).flatMap(({ action, fileBytes }) => {
    if (action !== 'drop-optimizer' && action !== 'materialise-views' && action !== 'float16') return []
    return [{ title: `${cutTitles[action]} ${name}`, fileBytes, isLossy: action === 'float16', ...(cutRules[action] === undefined ? {} : { rule: cutRules[action] }) }]
  })
  return { path, name, bytes, isLoaded: reached.loaded.has(path) ? true : reached.loadsUnknown || reached.loaded.size === 0 ? undefined : false, smaller }
}

/** The first part of what is shipped whose bytes are unknown. */
function unknownPart(root: LedgerNode): string | undefined {
  for (const group of root.children) {
    if (group.id === 'models') continue
    const part = group.children.find(({ bytes }) => bytes.certainty === 'unknown') ?? (group.bytes.certainty === 'unknown' ? group : undefined)
    if (part) return part.name
  }
  return undefined
}
