/**
 * The Git repository of a folder, read from its files: what is tracked, what is left to Git LFS, what is ignored. Runs no
 * git; what cannot be read is undefined, never a guess.
 */

import ignore, { type Ignore } from 'ignore'
import { readBytes } from '../packages/decode.ts'
import { isFailure, type Files } from '../ports.ts'
import { readGitIndex, type TrackedFile } from './git-index.ts'

export interface GitRepository {
  /** The folder that holds `.git`. */
  readonly top: string
  readonly tracked: readonly TrackedFile[]
  /** Whether .gitattributes gives the file to Git LFS. Paths are relative to the top. */
  isInLfs(path: string): boolean
  /** Whether a .gitignore leaves it out. */
  isIgnored(path: string): boolean
}

/** A real index of a million files has 100 MB. */
const maxIndexBytes = 256 << 20
const maxTextBytes = 1_000_000
const maxParents = 64

/** Where the user's own settings of Git lie: what the process knows of its machine. */
export interface GitUser {
  readonly variables: Readonly<Record<string, string | undefined>>
  /** The home folder, with `/`. */
  readonly home: string
}

/** The repository that a folder lies in; undefined where there is none, or where its index cannot be read. */
export function findGitRepository(files: Files, folder: string, user?: GitUser): GitRepository | undefined {
  let top = folder
  for (let up = 0; up < maxParents; up++) {
    const gitFolder = gitFolderOf(files, top)
    if (gitFolder !== undefined) return readRepository(files, top, gitFolder, user)
    const slash = top.lastIndexOf('/')
    if (slash <= 0) return undefined
    top = top.slice(0, slash)
  }
  return undefined
}

/** `.git` is a folder, or in worktrees and submodules a file that says where the folder is. */
function gitFolderOf(files: Files, top: string): string | undefined {
  const path = `${top}/.git`
  const found = files.stat(path)
  if (found?.kind === 'directory') return path
  const text = found?.kind === 'file' ? files.readText(path, 4096) : undefined
  const named = typeof text === 'string' ? /^gitdir:\s*(.+?)\s*$/m.exec(text)?.[1]?.replaceAll('\\', '/') : undefined
  return named === undefined ? undefined : /^(?:\/|[A-Za-z]:)/.test(named) ? named : `${top}/${named}`
}

/** The folder that the worktrees of one repository share: `.git/worktrees/NAME` names it. */
function commonFolder(files: Files, gitFolder: string): string {
  const named = textOf(files, `${gitFolder}/commondir`).trim().replaceAll('\\', '/')
  return named === '' ? gitFolder : /^(?:\/|[A-Za-z]:)/.test(named) ? named : `${gitFolder}/${named}`
}

/** What `core.excludesFile` names, in the repository or for the user; without it Git's usual place. */
function userIgnores(files: Files, common: string, { variables, home }: GitUser): string {
  const settings = variables.XDG_CONFIG_HOME ? variables.XDG_CONFIG_HOME.replaceAll('\\', '/') : `${home}/.config`
  const places = [`${common}/config`, `${home}/.gitconfig`, `${settings}/git/config`]
  const named = places.map((path) => /^\s*excludesfile\s*=\s*"?([^"\n]*?)"?\s*$/im.exec(textOf(files, path))?.[1]).find((path) => path !== undefined)
  return textOf(files, named === undefined ? `${settings}/git/ignore` : named.replaceAll('\\', '/').replace(/^~(?=\/)/, home))
}

function readRepository(files: Files, top: string, gitFolder: string, user: GitUser | undefined): GitRepository | undefined {
  const index = readBytes(files, `${gitFolder}/index`, maxIndexBytes)
  // A repository without an index tracks nothing yet.
  if (isFailure(index) && index.reason !== 'missing') return undefined
  const tracked = isFailure(index) ? [] : readGitIndex(index, /objectformat\s*=\s*sha256/i.test(textOf(files, `${commonFolder(files, gitFolder)}/config`)) ? 32 : 20)
  if (!tracked) return undefined
  const common = commonFolder(files, gitFolder)
  const topIgnores = (): string => [user ? userIgnores(files, common, user) : '', textOf(files, `${common}/info/exclude`), textOf(files, `${top}/.gitignore`)].join('\n')
  const attributes = new Map<string, readonly AttributeLine[]>()
  const ignores = new Map<string, Ignore | undefined>()
  const attributesOf = (folder: string): readonly AttributeLine[] => {
    const path = folder === '' ? `${top}/.gitattributes` : `${top}/${folder}/.gitattributes`
    return kept(attributes, folder, () => attributeLines(textOf(files, path)))
  }
  const ignoresOf = (folder: string): Ignore | undefined => kept(ignores, folder, () => {
    // What a file of the project says comes last, for it may take something back in.
    const text = folder === '' ? topIgnores() : textOf(files, `${top}/${folder}/.gitignore`)
    return text.trim() === '' ? undefined : ignore({ allowRelativePaths: true }).add(text)
  })
  return {
    top, tracked,
    isInLfs(path) {
      let isLfs = false
      // Deeper files speak last, and within a file the last line that matches.
      for (const folder of foldersOf(path)) {
        const relative = folder === '' ? path : path.slice(folder.length + 1)
        for (const line of attributesOf(folder)) if (line.filter !== undefined && line.matches(relative)) isLfs = line.filter === 'lfs'
      }
      return isLfs
    },
    isIgnored: (path) => foldersOf(path).some((folder) => ignoresOf(folder)?.ignores(folder === '' ? path : path.slice(folder.length + 1)) ?? false),
  }
}

interface AttributeLine {
  matches(path: string): boolean
  /** The filter that it sets; empty where it takes one away; undefined where it says nothing of filters. */
  readonly filter: string | undefined
}

/** Lines of a .gitattributes with what they say of filters; `[attr]NAME` defines a name for several attributes. */
function attributeLines(text: string): readonly AttributeLine[] {
  const macros = new Map<string, string | undefined>()
  const lines: AttributeLine[] = []
  for (const raw of text.split(/\r?\n/)) {
    const line = raw.trim()
    if (line === '' || line.startsWith('#')) continue
    const [, quoted, plain, rest = ''] = /^(?:"((?:[^"\\]|\\.)*)"|(\S+))\s*(.*)$/.exec(line) ?? []
    const pattern = quoted?.replace(/\\(.)/g, '$1') ?? plain ?? ''
    const filter = filterOf(rest, macros)
    if (pattern.startsWith('[attr]')) {
      macros.set(pattern.slice(6), filter)
      continue
    }
    // Negative patterns are forbidden in this file.
    if (pattern === '' || pattern.startsWith('!')) continue
    const rules = ignore({ allowRelativePaths: true }).add(pattern)
    lines.push({ filter, matches: (path) => rules.ignores(path) })
  }
  return lines
}

function filterOf(attributes: string, macros: ReadonlyMap<string, string | undefined>): string | undefined {
  let filter: string | undefined
  for (const word of attributes.split(/\s+/)) {
    if (word.startsWith('filter=')) filter = word.slice(7)
    else if (word === '-filter' || word === '!filter') filter = ''
    else if (macros.has(word)) filter = macros.get(word) ?? filter
  }
  return filter
}

/** The folders that a path lies in, the top (as '') first. */
function foldersOf(path: string): readonly string[] {
  const folders = ['']
  for (let slash = path.indexOf('/'); slash > 0; slash = path.indexOf('/', slash + 1)) folders.push(path.slice(0, slash))
  return folders
}

function kept<Value>(known: Map<string, Value>, key: string, compute: () => Value): Value {
  if (!known.has(key)) known.set(key, compute())
  return known.get(key)!
}

function textOf(files: Files, path: string): string {
  const text = files.readText(path, maxTextBytes)
  return isFailure(text) ? '' : text
}
