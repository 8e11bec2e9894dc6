/**
 * Which sources a manifest speaks for in a workspace of several projects: those that have no manifest nearer to them.
 * Looks at paths only.
 */

import { manifestKind } from './manifest.ts'
import { folderOf } from './read-manifest.ts'

/**
 * A test for sources of the manifest. A folder without sources of its own (`requirements/`, `docker/`) speaks for the
 * folder above it. Where `paths`, the files of the workspace, are not known every source counts.
 */
export function sourcesOf(manifest: string, paths: readonly string[]): (source: string) => boolean {
  if (paths.length === 0) return () => true
  const withSources = new Set<string>()
  for (const path of paths) {
    if (!/\.(?:pyw?|ipynb)$/.test(path)) continue
    for (let folder = folderOf(path); folder.length > 1 && !withSources.has(folder); folder = folderOf(folder)) withSources.add(folder)
  }
  const homeOf = (file: string): string => {
    let folder = folderOf(file)
    while (folder.length > 1 && !withSources.has(folder)) folder = folderOf(folder)
    return folder
  }
  const homes = new Set(paths.filter((path) => !/^(?:dockerfile|uv-lock|poetry-lock|pipfile-lock)$/.test(manifestKind(path) ?? 'dockerfile')).map(homeOf))
  const own = homeOf(manifest)
  homes.add(own)
  return (source) => {
    let folder = folderOf(source)
    while (folder.length > 1 && !homes.has(folder)) folder = folderOf(folder)
    return folder === own
  }
}
