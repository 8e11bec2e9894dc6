/**
 * Lists the files of a project: .gitignore obeyed, virtual environments, caches and what settings exclude left out.
 * Follows no links, so it always ends; a folder that cannot be listed is named.
 */

import ignore, { type Ignore } from 'ignore'
import * as fs from 'node:fs'
import { defaultExclude } from '../core/settings/settings.ts'

export interface ProjectFile {
  /** Absolute, with `/`. */
  readonly path: string
  readonly bytes: number
}

export interface ProjectListing {
  readonly files: readonly ProjectFile[]
  readonly problems: readonly { readonly path: string; readonly message: string }[]
}

/** Files of one project that are listed; past it the rest is left out, and said. */
const maxFiles = 200_000
/** A .gitignore larger than this is something else. */
const maxIgnoreBytes = 1_000_000

interface Pending {
  readonly folder: string
  /** Path below the root with a trailing slash; empty for the root. */
  readonly relative: string
  /** The .gitignore files above, each with the folder it speaks for. */
  readonly ignores: readonly { readonly base: string; readonly rules: Ignore }[]
}

export function listProject(root: string, exclude: readonly string[]): ProjectListing {
  const always = ignore({ allowRelativePaths: true }).add([...defaultExclude, ...exclude])
  const files: ProjectFile[] = []
  const problems: { path: string; message: string }[] = []
  const pending: Pending[] = [{ folder: root, relative: '', ignores: [] }]
  for (let next = pending.pop(); next; next = pending.pop()) {
    let entries: fs.Dirent[]
    try {
      entries = fs.readdirSync(next.folder, { withFileTypes: true })
    } catch (error) {
      problems.push({ path: next.folder, message: `the folder cannot be listed (${(error as NodeJS.ErrnoException).code ?? 'unknown error'})` })
      continue
    }
    if (next.relative !== '' && entries.some((entry) => entry.name === 'pyvenv.cfg' || entry.name === 'conda-meta')) continue
    const own = entries.some((entry) => entry.name === '.gitignore' && entry.isFile()) ? readIgnore(`${next.folder}/.gitignore`) : undefined
    const ignores = own ? [...next.ignores, { base: next.relative, rules: own }] : next.ignores
    for (const entry of entries) {
      const relative = next.relative + entry.name
      const asPath = entry.isDirectory() ? `${relative}/` : relative
      if (always.ignores(asPath) || ignores.some(({ base, rules }) => rules.ignores(asPath.slice(base.length)))) continue
      const path = `${next.folder === '/' ? '' : next.folder}/${entry.name}`
      if (entry.isDirectory()) pending.push({ folder: path, relative: `${relative}/`, ignores })
      else if (entry.isFile()) {
        if (files.length >= maxFiles) {
          problems.push({ path: root, message: `more than ${String(maxFiles)} files: the rest is left out` })
          return { files, problems }
        }
        const bytes = sizeOf(path)
        if (bytes !== undefined) files.push({ path, bytes })
      }
    }
  }
  files.sort((a, b) => (a.path < b.path ? -1 : 1))
  return { files, problems }
}

function readIgnore(path: string): Ignore | undefined {
  const bytes = sizeOf(path)
  if (bytes === undefined || bytes > maxIgnoreBytes) return undefined
  try {
    return ignore({ allowRelativePaths: true }).add(fs.readFileSync(path, 'utf8'))
  } catch {
    return undefined
  }
}

function sizeOf(path: string): number | undefined {
  try {
    return fs.lstatSync(path).size
  } catch {
    return undefined
  }
}

/** True when a path below a project's root matches a glob, as in .gitignore; `**` matches everything. */
export function matchesGlob(glob: string, relative: string): boolean {
  return glob === '**' || ignore({ allowRelativePaths: true }).add(glob).ignores(relative)
}
