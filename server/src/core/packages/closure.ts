/**
 * Who requires whom among installed distributions: the closure of a package under its markers and extras,
 * the reverse edges, packages nobody requires. Missing requirements are named, never invented.
 */

import type { Distribution } from './distribution.ts'
import type { InstalledEnvironment } from './environment.ts'
import { requirementsOf, requirementsWithoutExtras } from './metadata.ts'
import { evaluateMarker, type MarkerEnvironment } from './marker.ts'
import { markerEnvironment } from './python-target.ts'
import type { Requirement } from './requirement.ts'

export interface Closure {
  /** Keys of the installed distributions, the root first. */
  readonly keys: readonly string[]
  /** Required here but not installed. */
  readonly missing: readonly string[]
  /** Requirements whose marker depends on something not known here; they are counted in when installed. */
  readonly undecided: readonly string[]
}

/** What a distribution requires under those extras: active requirements, and those whose marker cannot be decided. */
export function activeRequirements(distribution: Distribution, variables: MarkerEnvironment, extras: ReadonlySet<string>): { readonly active: readonly Requirement[]; readonly undecided: readonly Requirement[] } {
  const active: Requirement[] = []
  const undecided: Requirement[] = []
  const { requires } = extras.size === 0 ? requirementsWithoutExtras(distribution) : requirementsOf(distribution)
  for (const requirement of requires) {
    const verdict = evaluateMarker(requirement.marker, variables, extras)
    if (verdict === true) active.push(requirement)
    else if (verdict === undefined) undecided.push(requirement)
  }
  return { active, undecided }
}

/** Everything that a distribution, with those extras, brings along, itself included. */
export function closureOf(environment: InstalledEnvironment, key: string, extras: readonly string[] = []): Closure {
  return closureOfAll(environment, [{ key, extras }])
}

/** The union of closures: what is shared stands in it once. */
export function closureOfAll(environment: InstalledEnvironment, roots: readonly { readonly key: string; readonly extras: readonly string[] }[]): Closure {
  const variables = markerEnvironment(environment.target)
  const wanted = new Map<string, Set<string>>()
  const missing = new Set<string>()
  const undecided = new Set<string>()
  const pending: string[] = []
  const want = (key: string, extras: readonly string[]) => {
    const known = wanted.get(key)
    if (!known) wanted.set(key, new Set(extras))
    else if (extras.every((extra) => known.has(extra))) return
    else for (const extra of extras) known.add(extra)
    pending.push(key)
  }
  for (const root of roots) want(root.key, root.extras)
  for (let key = pending.pop(); key !== undefined; key = pending.pop()) {
    const distribution = environment.distributions.get(key)
    if (!distribution) {
      missing.add(key)
      wanted.delete(key)
      continue
    }
    const found = activeRequirements(distribution, variables, wanted.get(key)!)
    for (const requirement of found.active) if (!missing.has(requirement.key)) want(requirement.key, requirement.extras)
    for (const requirement of found.undecided) {
      undecided.add(requirement.key)
      if (environment.distributions.has(requirement.key)) want(requirement.key, requirement.extras)
    }
  }
  return { keys: [...wanted.keys()], missing: [...missing], undecided: [...undecided] }
}

export interface RequirementGraph {
  readonly requires: ReadonlyMap<string, readonly string[]>
  readonly requiredBy: ReadonlyMap<string, readonly string[]>
  /** Asked for by a person, or required by nobody. */
  readonly direct: ReadonlySet<string>
}

/** The edges between installed distributions, with the extras that some installed distribution asks for. */
export function requirementGraph(environment: InstalledEnvironment): RequirementGraph {
  const variables = markerEnvironment(environment.target)
  const extras = new Map<string, Set<string>>()
  const requires = new Map<string, Set<string>>()
  const pending = [...environment.distributions.keys()]
  for (let key = pending.pop(); key !== undefined; key = pending.pop()) {
    const distribution = environment.distributions.get(key)
    if (!distribution) continue
    const { active } = activeRequirements(distribution, variables, extras.get(key) ?? new Set())
    requires.set(key, new Set(active.map((requirement) => requirement.key)))
    for (const requirement of active) {
      const known = extras.get(requirement.key) ?? new Set<string>()
      if (requirement.extras.every((extra) => known.has(extra))) continue
      for (const extra of requirement.extras) known.add(extra)
      extras.set(requirement.key, known)
      pending.push(requirement.key)
    }
  }
  const requiredBy = new Map<string, string[]>()
  for (const [key, targets] of requires) {
    for (const target of targets) if (target !== key) requiredBy.set(target, [...(requiredBy.get(target) ?? []), key])
  }
  const direct = new Set<string>()
  for (const [key, distribution] of environment.distributions) {
    if (distribution.requested || (requiredBy.get(key) ?? []).length === 0) direct.add(key)
  }
  return { requires: new Map([...requires].map(([key, targets]) => [key, [...targets].sort()])), requiredBy: new Map([...requiredBy].map(([key, sources]) => [key, sources.sort()])), direct }
}
