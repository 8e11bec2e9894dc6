/** The footprint of a folder: its ledger, and the ledger against the target that the settings name. */

import { findImports } from '../footprint/import-uses.ts'
import { buildLedger } from '../footprint/ledger.ts'
import type { FoundModel } from '../layers/find-models.ts'
import type { Figure } from '../measure/figure.ts'
import type { Facts } from '../rules/facts.ts'
import { targets, type Settings } from '../settings/settings.ts'
import type { Place } from '../text/range.ts'
import type { LedgerNode } from './answers.ts'

export interface TargetAnswer {
  readonly name: string
  readonly limit: number
  readonly bytes: Figure
  /** Null where the bytes are not known well enough to say. */
  readonly fits: boolean | null
}

export interface FootprintSummary {
  readonly root: LedgerNode
  readonly target?: TargetAnswer
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

export function footprint(question: FootprintQuestion): FootprintSummary {
  const { folder, files, facts } = question
  const own = facts(folder)
  const imports = new Map<string, Place>()
  const models: FoundModel[] = []
  let evaluated = 0
  for (const { path } of files) {
    if (!path.endsWith('.py')) continue
    const text = own.files.readText(path, 2_000_000)
    if (typeof text !== 'string' || !/\bimport\b/.test(text)) continue
    const of = facts(path)
    const source = of.source()
    if (!source) continue
    for (const use of findImports(source)) if (!imports.has(use.module)) imports.set(use.module, { file: path, range: use.range })
    if (/\bnn\.|torchvision|timm|transformers|\bModule\b/.test(text) && evaluated++ < maxModelFiles) models.push(...of.models().models)
  }
  const installed = own.installed()
  const root = buildLedger({
    name: folder.slice(folder.lastIndexOf('/') + 1) || folder,
    checkpoints: files.filter(({ path, bytes }) => checkpointName.test(path) && (surelyCheckpoint.test(path) || bytes >= leastDoubtfulBytes)),
    imports: [...imports].map(([module, place]) => ({ module, place })),
    packages: installed.packages, because: installed.because, models, torchVersion: own.torch().version,
  })
  const target = targetOf(own.settings, root.bytes)
  return { root, ...(target ? { target } : {}) }
}

function targetOf(settings: Settings, bytes: Figure): TargetAnswer | undefined {
  const known = (targets as Readonly<Record<string, number>>)[settings.target] ?? 0
  const limit = known || settings.targetLimit
  if (settings.target === 'none' || limit === 0) return undefined
  const fits = bytes.value === null ? null : bytes.certainty === 'bounded' && bytes.value <= limit ? null : bytes.value <= limit
  return { name: settings.target, limit, bytes, fits }
}
