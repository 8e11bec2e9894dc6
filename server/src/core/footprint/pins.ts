/** The version that a project asks of a package, from the manifests of the nearest folder that has any. Reads none itself. */

import { folderOf } from '../manifests/read-manifest.ts'
import type { Manifest } from '../manifests/manifest.ts'
import { pinnedVersion } from '../packages/torch-releases.ts'

/**
 * Specifiers (`==2.13.0`) by normal form of the name. What a person wrote comes before what a tool locked, unless only the lock
 * says which version it is; requirements.txt comes before requirements-dev.txt and the like.
 */
export function pinsOf(manifests: readonly Manifest[]): ReadonlyMap<string, string> {
  const pins = new Map<string, string>()
  // The deeper folder is the nearer one: all of them hold the file.
  const ordered = [...manifests].sort((a, b) => folderOf(b.file).length - folderOf(a.file).length || order(a) - order(b) || a.file.length - b.file.length || a.file.localeCompare(b.file))
  const nearest = ordered[0] && folderOf(ordered[0].file)
  for (const { file, requirements } of ordered) {
    if (folderOf(file) !== nearest && pins.size > 0) break
    for (const { key, specifier, idiom } of requirements) {
      const name = idiom === 'conda' && key === 'pytorch' ? 'torch' : key
      const known = pins.get(name)
      if (known === undefined || (pinnedVersion(known) === undefined && pinnedVersion(specifier) !== undefined)) pins.set(name, specifier)
    }
  }
  return pins
}

function order({ kind }: Manifest): number {
  switch (kind) {
    case 'requirements': return 0
    case 'pyproject': case 'pipfile': case 'conda': case 'setup-cfg': return 1
    case 'constraints': return 2
    case 'uv-lock': case 'poetry-lock': case 'pipfile-lock': return 3
    case 'dockerfile': return 4
  }
}
