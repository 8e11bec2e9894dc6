/**
 * The exact measure of an environment: every entry of its folders, by lstat. Apparent sizes; a hard link counts once;
 * links are not followed (a link counts its own length, as lstat has it) and those that lead outside are reported.
 */

import * as fs from 'node:fs'
import type { FolderSize } from '../core/packages/installed-bytes.ts'

/** A link that leads out of the folder that was walked; `target` is its resolved path. */
export interface OutsideLink {
  readonly path: string
  readonly target: string
  readonly kind: 'file' | 'directory'
  /** Of the file it leads to; 0 for a folder, which is not walked. */
  readonly bytes: number
}

export interface WalkProblem {
  readonly path: string
  readonly message: string
}

export interface WalkedTree {
  readonly links: readonly OutsideLink[]
  readonly problems: readonly WalkProblem[]
}

/** Sees every entry that is not a folder: its path relative to the walked folder, and its bytes; `repeated` for a hard link seen before. */
export type VisitEntry = (path: string, bytes: number, kind: 'file' | 'link' | 'repeated') => void

/** Deeper trees than this are loops of mounts; a path of that depth is past PATH_MAX on every platform. */
const MAX_DEPTH = 1024

/** Walks a folder. Entries that cannot be read become problems; everything else is still visited. `seen` spans several walks. */
export function walkFolder(root: string, visit: VisitEntry, seen = new Set<string>()): WalkedTree {
  const links: OutsideLink[] = []
  const problems: WalkProblem[] = []
  const pending: { path: string; depth: number }[] = [{ path: '', depth: 0 }]
  for (let next = pending.pop(); next; next = pending.pop()) {
    const prefix = next.path === '' ? '' : `${next.path}/`
    const folder = next.path === '' ? root : `${root}/${next.path}`
    let entries: fs.Dirent[]
    try {
      entries = fs.readdirSync(folder, { withFileTypes: true })
    } catch (error) {
      problems.push({ path: folder, message: `cannot be listed (${codeOf(error)})` })
      continue
    }
    for (const entry of entries) {
      const relative = prefix + entry.name
      if (entry.isDirectory()) {
        if (next.depth < MAX_DEPTH) pending.push({ path: relative, depth: next.depth + 1 })
        else problems.push({ path: `${root}/${relative}`, message: 'is too deep; nothing below it is counted' })
        continue
      }
      const path = `${root}/${relative}`
      const found = lstat(path)
      if (!found) {
        problems.push({ path, message: 'vanished or cannot be looked at' })
        continue
      }
      const isLink = entry.isSymbolicLink()
      if (found.nlink > 1 && !isLink && repeated(seen, found)) visit(relative, 0, 'repeated')
      else if (isLink) {
        visit(relative, found.size, 'link')
        const outside = outsideLink(root, relative)
        if (outside) links.push(outside)
      } else visit(relative, found.size, 'file')
    }
  }
  return { links, problems }
}

const QUIET = { throwIfNoEntry: false } as const

function lstat(path: string): fs.Stats | undefined {
  try {
    return fs.lstatSync(path, QUIET)
  } catch {
    return undefined
  }
}

function repeated(seen: Set<string>, found: fs.Stats): boolean {
  const identity = `${found.dev}:${found.ino}`
  if (seen.has(identity)) return true
  seen.add(identity)
  return false
}

/** Where a link leads, when that exists and lies outside the walked folder. */
function outsideLink(root: string, relative: string): OutsideLink | undefined {
  try {
    const target = fs.realpathSync.native(`${root}/${relative}`).replaceAll('\\', '/')
    const inside = fs.realpathSync.native(root).replaceAll('\\', '/')
    if (target === inside || target.startsWith(`${inside}/`)) return undefined
    const found = fs.statSync(target)
    if (found.isDirectory()) return { path: relative, target, kind: 'directory', bytes: 0 }
    return found.isFile() ? { path: relative, target, kind: 'file', bytes: found.size } : undefined
  } catch {
    // A dangling or looping link leads nowhere; it still counted its own length.
    return undefined
  }
}

function codeOf(error: unknown): string {
  return (error as NodeJS.ErrnoException).code ?? 'unknown error'
}

/** Bytes and files below a folder, or of a file; links not followed. */
export function measureOnDisk(path: string): FolderSize {
  const found = lstat(path)
  if (!found) return { bytes: 0, files: 0 }
  if (!found.isDirectory()) return { bytes: found.size, files: 1 }
  let bytes = 0
  let files = 0
  const { links } = walkFolder(path, (_path, size, kind) => {
    bytes += size
    if (kind !== 'repeated') files += 1
  })
  return { bytes, files, outside: links.filter((link) => link.kind === 'file').map(({ target, bytes }) => ({ target, bytes })) }
}
