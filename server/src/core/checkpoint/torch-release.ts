/** Versions of torch as far as reading checkpoints is concerned. */

import { weightsOnlyNames, weightsOnlyReleases } from './generated/weights-only.ts'

export interface TorchRelease {
  readonly text: string
  readonly major: number
  readonly minor: number
  readonly patch: number
}

/** The newest release whose reader is described here. */
export const newestRelease: TorchRelease = (() => {
  const [major, minor] = weightsOnlyReleases.at(-1)!
  return { text: `${String(major)}.${String(minor)}`, major, minor, patch: 0 }
})()

/** `2.6.0+cu124`, `1.13.0a0`, `2.13`: undefined when it is no version. */
export function parseRelease(text: string): TorchRelease | undefined {
  const match = /^\s*v?(\d{1,4})\.(\d{1,4})(?:\.(\d{1,4}))?/.exec(text)
  return match ? { text: text.trim(), major: Number(match[1]), minor: Number(match[2]), patch: Number(match[3] ?? 0) } : undefined
}

export function isAtLeast(release: TorchRelease, major: number, minor: number, patch = 0): boolean {
  return release.major !== major ? release.major > major : release.minor !== minor ? release.minor > minor : release.patch >= patch
}

/** How the reader behind `weights_only=True` of one release behaves. */
export interface WeightsOnlyRules {
  readonly release: TorchRelease
  readonly allowed: ReadonlySet<string>
  /** False when the release is newer than what was looked at: then the newest known rules stand in. */
  readonly known: boolean
  /** Floating point numbers in the pickle: from 2.0. */
  readonly floats: boolean
  /** Python 2 names are moved: never before 2.4, for protocol 2 only before 2.6. */
  readonly moves: 'never' | 'protocol-2' | 'always'
  /** sys, os, posix and nt are refused even when allow-listed: from 2.5. */
  readonly blocks: boolean
  /** `add_safe_globals` exists: from 2.4. */
  readonly userList: boolean
  /** NEWOBJ and BUILD on any allow-listed class: from 2.6; before, only Parameter and the user's own. */
  readonly buildsAllowed: boolean
  /** SETITEM only on dict, OrderedDict and Counter: from 2.10. */
  readonly checksItems: boolean
  /** APPEND on list subclasses the user has allow-listed: from 2.14. */
  readonly appendsToSubclasses: boolean
  /** `_rebuild_tensor_v2` takes a seventh argument (conjugate, negative), and sparse tensors come in all layouts: from 2.0. */
  readonly metadata: boolean
  /** Sparse COO tensors say whether they are coalesced: from 2.1. */
  readonly coalesced: boolean
  /** TorchScript archives and tar files are refused: from 2.6; before, they went to other readers. */
  readonly refusesOtherFormats: boolean
}

/** What `import torch` itself adds to the user's list (torch.serialization.get_safe_globals() in a fresh interpreter). */
const registeredBy26 = ['torch.nested._internal.nested_tensor.NestedTensor', 'torch.nested._internal.nested_tensor._rebuild_njt']
const registeredBy213 = ['torch.distributed._mesh_layout._FlatLayout', 'torch.distributed._mesh_layout._MeshLayout']

/** The rules of a release; undefined before 1.13, where `weights_only` does not exist. */
export function weightsOnlyRules(release: TorchRelease): WeightsOnlyRules | undefined {
  if (!isAtLeast(release, 1, 13)) return undefined
  let index = -1
  weightsOnlyReleases.forEach(([major, minor], at) => { if (isAtLeast(release, major, minor)) index = at })
  const allowed = new Set<string>()
  for (const [name, first, gone] of weightsOnlyNames) if (first <= index && (gone < 0 || gone > index)) allowed.add(name)
  const registered = isAtLeast(release, 2, 13) ? [...registeredBy26, ...registeredBy213] : isAtLeast(release, 2, 6) ? registeredBy26 : []
  for (const name of registered) allowed.add(name)
  const from = (major: number, minor: number): boolean => isAtLeast(release, major, minor)
  return {
    release, allowed, known: !isAtLeast(release, newestRelease.major, newestRelease.minor + 1),
    floats: from(2, 0), moves: from(2, 6) ? 'always' : from(2, 4) ? 'protocol-2' : 'never', blocks: from(2, 5), userList: from(2, 4),
    metadata: from(2, 0), coalesced: from(2, 1), buildsAllowed: from(2, 6), checksItems: from(2, 10), appendsToSubclasses: from(2, 14), refusesOtherFormats: from(2, 6),
  }
}

/** Every name that any release allows. */
export const everAllowed: ReadonlySet<string> = new Set(weightsOnlyNames.map(([name]) => name))

/** Names that every release from 2.6 to the newest allows: safe to write. */
export const newestAllowed: ReadonlySet<string> = new Set(weightsOnlyNames.filter(([, first, gone]) => gone < 0 && first <= weightsOnlyReleases.findIndex(([major, minor]) => major === 2 && minor === 6)).map(([name]) => name))
