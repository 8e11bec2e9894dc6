/**
 * An environment with its bytes, measured exactly or fast, and the report that every reader gets: `env`, the sidebar,
 * the ledger. Plain sums over what host/measure-environment.ts or installed-bytes.ts counted.
 */

import { bounded, estimate, exact, sum, type Figure } from '../measure/figure.ts'
import { categoryOf, type PackageCategory } from './categories.ts'
import { closureOf, requirementGraph, type RequirementGraph } from './closure.ts'
import type { EnvironmentProblem, InstalledEnvironment } from './environment.ts'
import { findOrphans } from './orphans.ts'
import { acceleratorPartOf, needInVersion, type TorchPart } from './torch-parts.ts'
import type { InstalledTorch } from './torch-variant.ts'

export interface SizeAndFiles {
  readonly bytes: number
  readonly files: number
}

/** A library outside the environment that a package links to. */
export interface OutsideLibrary extends SizeAndFiles {
  readonly path: string
  readonly key: string
}

/** What a measurement counted. */
export interface Measured {
  readonly mode: 'exact' | 'fast'
  /** By key of the distribution. */
  readonly packages: ReadonlyMap<string, { readonly bytes: Figure; readonly files: number }>
  readonly unowned: SizeAndFiles | undefined
  /** Of the unowned: bytecode that Python wrote beside files of packages, by package. */
  readonly unownedBytecode: ReadonlyMap<string, SizeAndFiles>
  readonly outside: readonly OutsideLibrary[]
  /** Parts of the torch distribution; undefined in fast mode. */
  readonly torchParts: ReadonlyMap<string, { readonly part: TorchPart; readonly bytes: number }> | undefined
  /** Of the files: those that have other names outside, which a cache or another environment keeps; undefined in fast mode. */
  readonly sharedElsewhere: SizeAndFiles | undefined
  /** What could not be measured. */
  readonly problems: readonly EnvironmentProblem[]
}

export interface ReportedPackage {
  readonly key: string
  readonly name: string
  readonly version: string
  readonly bytes: Figure
  readonly files: number
  readonly requires: readonly string[]
  readonly requiredBy: readonly string[]
  readonly direct: boolean
  readonly category: PackageCategory
}

export interface ReportedPart extends TorchPart {
  readonly bytes: Figure
  /** The distribution that holds it: torch itself, or a CUDA library. */
  readonly package: string
}

export interface EnvironmentReport {
  readonly total: { readonly bytes: Figure; readonly files: number }
  /** Largest first. */
  readonly packages: readonly ReportedPackage[]
  readonly torch: (InstalledTorch & { readonly closureBytes: Figure; readonly closure: readonly string[]; readonly missing: readonly string[]; readonly parts: readonly ReportedPart[] }) | undefined
  readonly orphans: readonly { readonly name: string; readonly bytes: Figure; readonly why: string }[]
  readonly outside: readonly { readonly path: string; readonly bytes: number; readonly package: string }[]
  readonly unowned: { readonly bytes: Figure; readonly files: number } | undefined
  readonly graph: RequirementGraph
}

/** Joins what is installed and what was counted. */
export function reportEnvironment(environment: InstalledEnvironment, measured: Measured, torch: InstalledTorch | undefined): EnvironmentReport {
  const graph = requirementGraph(environment)
  const packages = [...environment.distributions.values()].map((distribution): ReportedPackage => {
    const size = measured.packages.get(distribution.key)
    return {
      key: distribution.key,
      name: distribution.name,
      version: distribution.version,
      bytes: size?.bytes ?? exact(0),
      files: size?.files ?? 0,
      requires: graph.requires.get(distribution.key) ?? [],
      requiredBy: graph.requiredBy.get(distribution.key) ?? [],
      direct: graph.direct.has(distribution.key),
      category: categoryOf(distribution.key),
    }
  }).sort((a, b) => (b.bytes.value ?? 0) - (a.bytes.value ?? 0) || a.key.localeCompare(b.key))
  const nameOf = (key: string) => environment.distributions.get(key)?.name ?? key
  const unowned = measured.unowned && { bytes: certain(measured, measured.unowned.bytes), files: measured.unowned.files }
  const files = packages.reduce((count, entry) => count + entry.files, unowned?.files ?? 0)
  return {
    total: { bytes: sum([...packages.map((entry) => entry.bytes), ...(unowned ? [unowned.bytes] : [])]), files },
    packages,
    torch: torch && reportTorch(environment, measured, torch),
    orphans: findOrphans(environment, torch?.version).map((orphan) => ({ name: nameOf(orphan.key), bytes: measured.packages.get(orphan.key)?.bytes ?? exact(0), why: orphan.why })),
    outside: measured.outside.map((library) => ({ path: library.path, bytes: library.bytes, package: nameOf(library.key) })),
    unowned,
    graph,
  }
}

/** A count of this measurement as a figure: exact, a lower bound where something could not be read, an estimate in fast mode. */
export function certain(measured: Pick<Measured, 'mode' | 'problems'>, bytes: number): Figure {
  if (measured.mode === 'fast') return estimate(bytes, 'from RECORD, not measured on disk')
  return measured.problems.length === 0 ? exact(bytes) : bounded(bytes, 'a part of the environment could not be read')
}

function reportTorch(environment: InstalledEnvironment, measured: Measured, torch: InstalledTorch): NonNullable<EnvironmentReport['torch']> {
  const key = environment.distributions.has('torch') ? 'torch' : 'pytorch'
  const closure = closureOf(environment, key)
  const parts: ReportedPart[] = []
  for (const { part, bytes } of measured.torchParts?.values() ?? []) parts.push({ ...needInVersion(part, torch.version), bytes: certain(measured, bytes), package: key })
  for (const member of closure.keys) {
    const part = acceleratorPartOf(member)
    if (part) parts.push({ ...part, bytes: measured.packages.get(member)?.bytes ?? exact(0), package: member })
  }
  parts.sort((a, b) => (b.bytes.value ?? 0) - (a.bytes.value ?? 0) || a.part.localeCompare(b.part))
  return { ...torch, closureBytes: closureBytes(closure.keys, measured), closure: closure.keys, missing: closure.missing, parts }
}

/** Installed bytes of those packages together, with the libraries outside that they link to. */
export function closureBytes(keys: readonly string[], measured: Pick<Measured, 'packages' | 'outside' | 'mode' | 'problems'>): Figure {
  const members = new Set(keys)
  const figures: Figure[] = keys.map((key) => measured.packages.get(key)?.bytes ?? exact(0))
  for (const library of measured.outside) if (members.has(library.key)) figures.push(certain(measured, library.bytes))
  return sum(figures)
}
