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
  const files: ProjectFile[] = []
  const { problems } = walkProject(root, exclude, (path) => {
    const bytes = sizeOf(path)
    if (bytes !== undefined) files.push({ path, bytes })
    return files.length < maxFiles
  })
  files.sort((a, b) => (a.path < b.path ? -1 : 1))
  return { files, problems }
}

/** Default globs say one name at any depth: to look it up in a set costs nothing, where a glob matched for each of 12,000 files does. */
const excludedNames: ReadonlySet<string> = new Set(defaultExclude.flatMap((glob) => (/^\*\*\/[\w.-]+$/.test(glob) ? [glob.slice(3)] : [])))
const otherGlobs = defaultExclude.filter((glob) => !excludedNames.has(glob.slice(3)))
const excludedEnds = otherGlobs.flatMap((glob) => (/^\*\*\/\*\.[\w.-]+$/.test(glob) ? [glob.slice(4)] : []))
const slowGlobs = otherGlobs.filter((glob) => !excludedEnds.includes(glob.slice(4)))

/** Visits every file of a project that is not left out, until `visit` answers false. Follows no links. */
export function walkProject(root: string, exclude: readonly string[], visit: (path: string, name: string) => boolean): { readonly problems: ProjectListing['problems']; readonly isComplete: boolean } {
  // A glob that takes something back in has to be matched together with what it takes it from.
  const takesBack = exclude.some((glob) => glob.startsWith('!'))
  const globs = takesBack ? [...defaultExclude, ...exclude] : [...slowGlobs, ...exclude]
  const always = globs.length === 0 ? undefined : ignore({ allowRelativePaths: true }).add(globs)
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
    const prefix = next.folder === '/' ? '/' : `${next.folder}/`
    for (const entry of entries) {
      const { name } = entry
      if (!takesBack && (excludedNames.has(name) || excludedEnds.some((end) => name.endsWith(end)))) continue
      const isFolder = entry.isDirectory()
      if (!isFolder && !entry.isFile()) continue
      if (always || ignores.length > 0) {
        const asPath = next.relative + name + (isFolder ? '/' : '')
        if (always?.ignores(asPath) || ignores.some(({ base, rules }) => rules.ignores(asPath.slice(base.length)))) continue
      }
      if (isFolder) pending.push({ folder: prefix + name, relative: `${next.relative}${name}/`, ignores })
      else if (!visit(prefix + name, name)) {
        problems.push({ path: root, message: `more than ${String(maxFiles)} files: the rest is left out` })
        return { problems, isComplete: false }
      }
    }
  }
  return { problems, isComplete: true }
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
