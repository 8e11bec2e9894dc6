/**
 * Which sources a manifest speaks for in a workspace of several projects: those that have no manifest nearer to them.
 * Looks at paths only.
 */

import { manifestKind } from './manifest.ts'
import { folderOf } from './read-manifest.ts'

/**
 * A test for sources of the manifest. A folder without sources of its own (`requirements/`, `docker/`) speaks for the
 * folder above it. Where the files of the workspace are not known every source counts.
 */
export function sourcesOf(manifest: string, project: readonly ProjectFile[]): (source: string) => boolean {
  if (project.length === 0) return () => true
  const { home, own } = homesFor(manifest, project)
  return (source) => home(source) === own
}

/**
 * A test for sources that may be run with what the manifest installs: its own, those of the projects inside of it, and those
 * of the folders around it, which its own may import. Only projects beside it are left out. Undefined where that is every source.
 */
export function sourcesRelatedTo(manifest: string, project: readonly ProjectFile[]): ((source: string) => boolean) | undefined {
  const { home, own, hasOthers } = homesFor(manifest, project)
  if (!hasOthers) return undefined
  return (source) => {
    const folder = home(source)
    return folder === own || folder.startsWith(withSlash(own)) || own.startsWith(withSlash(folder))
  }
}

interface ProjectFile {
  readonly path: string
}

interface Layout {
  /** Folders with sources in them or below. */
  readonly withSources: ReadonlySet<string>
  /** Folders that a manifest speaks for. */
  readonly homes: ReadonlySet<string>
}

/** One workspace has many manifests: what its files come to is found once for each listing. */
const layouts = new WeakMap<readonly ProjectFile[], Layout>()

function layoutOf(project: readonly ProjectFile[]): Layout {
  const known = layouts.get(project)
  if (known) return known
  const withSources = new Set<string>()
  for (const { path } of project) {
    if (!/\.(?:pyw?|ipynb)$/.test(path)) continue
    for (let folder = folderOf(path); folder.length > 1 && !withSources.has(folder); folder = folderOf(folder)) withSources.add(folder)
  }
  const homes = new Set<string>()
  for (const { path } of project) {
    const kind = manifestKind(path)
    if (kind !== undefined && !/^(?:dockerfile|uv-lock|poetry-lock|pipfile-lock)$/.test(kind)) homes.add(homeOf(path, withSources))
  }
  const layout = { withSources, homes }
  layouts.set(project, layout)
  return layout
}

function homeOf(file: string, folders: ReadonlySet<string>): string {
  let folder = folderOf(file)
  while (folder.length > 1 && !folders.has(folder)) folder = folderOf(folder)
  return folder
}

function homesFor(manifest: string, project: readonly ProjectFile[]): { readonly own: string; readonly home: (source: string) => string; readonly hasOthers: boolean } {
  const { withSources, homes } = layoutOf(project)
  const own = homeOf(manifest, withSources)
  const all = homes.has(own) ? homes : new Set([...homes, own])
  return { own, home: (source) => homeOf(source, all), hasOthers: all.size > 1 }
}

function withSlash(folder: string): string {
  return folder.endsWith('/') ? folder : `${folder}/`
}
