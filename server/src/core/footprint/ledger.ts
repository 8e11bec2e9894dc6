/**
 * The ledger of a project: packages that its code and its requirements ask for, checkpoints, pretrained weights that it
 * downloads, and the models that its code builds. The first three are shipped or fetched and sum to the total; models are
 * made when the code runs, so they stand apart and add nothing.
 */

import type { LedgerNode } from '../ide/answers.ts'
import type { FoundModel } from '../layers/find-models.ts'
import { exact, type Figure, sum, unknown } from '../measure/figure.ts'
import type { InstalledPackages } from '../packages/installed-packages.ts'
import { countModel } from '../model/counts.ts'
import type { Place } from '../text/range.ts'
import { layerRows } from './layer-rows.ts'
import { modelSizes } from './model-sizes.ts'

export interface LedgerInput {
  readonly name: string
  readonly checkpoints: readonly { readonly path: string; readonly bytes: number; readonly detail?: string }[]
  /** Imports of the project's files, one for each module name. */
  readonly imports: readonly { readonly module: string; readonly place: Place }[]
  /** Requirements of what is shipped, by key. */
  readonly requirements: ReadonlyMap<string, Place>
  /** What is asked for and not installed, with what the table knows of it. */
  readonly missing: readonly { readonly key: string; readonly name: string; readonly bytes: Figure; readonly detail: string; readonly place?: Place }[]
  readonly downloads: readonly { readonly label: string; readonly library: string; readonly bytes: Figure; readonly cached: string | null; readonly place: Place }[]
  readonly packages: InstalledPackages | undefined
  /** Why there are no packages. */
  readonly because: string
  readonly models: readonly FoundModel[]
  readonly torchVersion: string
}

/** Rows of one group; the rest is one row. */
const maxRows = 200
const nowhere = { start: { line: 0, character: 0 }, end: { line: 0, character: 0 } }

export function buildLedger(input: LedgerInput): LedgerNode {
  const groups = [environmentGroup(input), checkpointGroup(input), downloadGroup(input)].filter((group) => group !== undefined)
  groups.sort(byBytes)
  const models = modelGroup(input)
  return {
    id: 'workspace', name: input.name, kind: 'workspace',
    bytes: groups.length ? sum(groups.map((group) => group.bytes)) : exact(0),
    children: models ? [...groups, models] : groups,
  }
}

function environmentGroup(input: LedgerInput): LedgerNode | undefined {
  const { packages, missing } = input
  if (input.imports.length === 0 && input.requirements.size === 0) return undefined
  const absent = missing.map((one): LedgerNode => ({ id: `package:${one.key}`, name: one.name, kind: 'package', bytes: one.bytes, detail: one.detail, ...(one.place ? { place: one.place } : {}), children: [] }))
  if (!packages && absent.length === 0) return { id: 'environment', name: 'environment', kind: 'group', bytes: unknown(input.because), detail: input.because, children: [] }
  const children = [...reachedPackages(input)].flatMap(([key, place]): LedgerNode[] => {
    const cost = packages?.packageCost(key)
    return cost ? [{ id: `package:${key}`, name: cost.name, kind: 'package', bytes: cost.alone, detail: cost.version, place, children: [] }] : []
  })
  if (children.length + absent.length === 0) return undefined
  return group('environment', 'environment', [...children, ...absent], input.because)
}

/** Installed packages that imports and requirements bring, with everything that those require, each at the first line that does. */
export function reachedPackages({ packages, imports, requirements, missing }: Pick<LedgerInput, 'packages' | 'imports' | 'requirements' | 'missing'>): ReadonlyMap<string, Place> {
  const reached = new Map<string, Place>()
  if (!packages) return reached
  // What stands in the table's place is not counted as installed, nor is what only it brings.
  const absent = new Set(missing.map(({ key }) => key))
  const bring = (key: string, place: Place): void => {
    if (absent.has(key)) return
    for (const member of packages.packageCost(key)?.keys ?? []) if (!reached.has(member) && !absent.has(member)) reached.set(member, place)
  }
  for (const { module, place } of imports) {
    const key = packages.distributionOf(module)
    if (key !== undefined) bring(key, place)
  }
  for (const [key, place] of requirements) bring(key, place)
  return reached
}

function downloadGroup({ downloads }: LedgerInput): LedgerNode | undefined {
  if (downloads.length === 0) return undefined
  return group('downloads', 'pretrained downloads', downloads.map((one): LedgerNode => ({
    id: `download:${one.library}:${one.label}`, name: one.label, kind: 'download', bytes: one.bytes, detail: one.cached === null ? `${one.library}, fetched when it runs` : `${one.library}, in the cache`, place: one.place, children: [],
  })))
}

function checkpointGroup(input: LedgerInput): LedgerNode | undefined {
  if (input.checkpoints.length === 0) return undefined
  return group('checkpoints', 'checkpoints', input.checkpoints.map((one): LedgerNode => ({
    id: `checkpoint:${one.path}`, name: one.path.slice(one.path.lastIndexOf('/') + 1), kind: 'checkpoint', bytes: exact(one.bytes),
    ...(one.detail === undefined ? {} : { detail: one.detail }), place: { file: one.path, range: nowhere }, children: [],
  })))
}

function modelGroup(input: LedgerInput): LedgerNode | undefined {
  const ids = new Set<string>()
  const children = distinctModels(input.models).map((found, index): LedgerNode => {
    const bytes = modelSizes(found.model, input.torchVersion).counts.totalBytes
    const plain = modelRowId(found.place!.file, found.label)
    const id = ids.has(plain) ? `${plain}:${String(index)}` : plain
    ids.add(id)
    return { id, name: found.label || found.model.type.slice(found.model.type.lastIndexOf('.') + 1), kind: 'model', bytes, detail: found.model.type.replace(/^__main__\./, ''), place: found.place!, children: layerRows(found.model, id) }
  })
  return children.length ? { ...group('models', 'models in the code', children, 'made when the code runs, not shipped'), bytes: sum(children.map((child) => child.bytes)) } : undefined
}

/** The row of a model; of several with one label, that of the first. */
export function modelRowId(file: string, label: string): string {
  return `model:${file}:${label}`
}

function group(id: string, name: string, unsorted: readonly LedgerNode[], detail?: string): LedgerNode {
  const sorted = unsorted.toSorted(byBytes)
  const rest = sorted.slice(maxRows)
  const children = rest.length === 0 ? sorted : [
    ...sorted.slice(0, maxRows),
    { id: `${id}:rest`, name: `${String(rest.length)} more`, kind: 'group' as const, bytes: sum(rest.map((node) => node.bytes)), children: [] },
  ]
  return { id, name, kind: 'group', bytes: sum(sorted.map((node) => node.bytes)), ...(detail === undefined ? {} : { detail }), children }
}

/** Largest first; what is not known comes last. */
function byBytes(a: { readonly bytes: Figure }, b: { readonly bytes: Figure }): number {
  return (b.bytes.value ?? -1) - (a.bytes.value ?? -1)
}

/** Models of one class that hold the same are one row, at their declaration where there is one; layers without tensors are none. */
function distinctModels(models: readonly FoundModel[]): readonly FoundModel[] {
  const rows = new Map<string, FoundModel>()
  for (const found of models) {
    const { model, place, how } = found
    if (place === null || model.certainty === 'unknown') continue
    const { totalBytes, parameters } = countModel(model)
    if (!totalBytes.value) continue
    // `__main__.Net` where it is declared is `models.Net` where it is imported.
    const key = `${model.type.slice(model.type.lastIndexOf('.') + 1)} ${String(parameters.value)} ${String(totalBytes.value)}`
    const known = rows.get(key)
    if (!known || (how === 'class' && known.how !== 'class')) rows.set(key, found)
  }
  return [...rows.values()]
}
