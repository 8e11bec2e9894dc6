/**
 * The exact measure of an environment: every entry of its folders, by lstat. Apparent sizes; a hard link counts once;
 * links are not followed (a link counts its own length, as lstat has it) and those that lead outside are reported.
 */

import * as fs from 'node:fs'
import type { FolderSize } from '../core/packages/installed-bytes.ts'
import { FIELDS, finishBatches, startBatch, type Batch } from './side-thread.ts'

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

/** A walk whose folders are being listed and whose files a second thread may already look at. */
export interface Walk {
  /** Visits every entry, in the order in which folders list them. */
  finish(visit: VisitEntry): WalkedTree
}

/** Deeper trees than this are loops of mounts; a path of that depth is past PATH_MAX on every platform. */
const MAX_DEPTH = 1024
/** Entries that are asked about together, and those that are held at a time. */
const BATCH = 2048
const WINDOW = 1 << 17

/** Files of several names by device and inode: their bytes, the names that they have, and how many of them a walk came upon. */
export type MetLinks = Map<string, { readonly bytes: number; readonly names: number; met: number }>

/** Bytes of files that have names outside of what was walked: in the cache of an installer, in another environment. */
export function sharedElsewhere(seen: MetLinks): FolderSize {
  const shared = [...seen.values()].filter(({ names, met }) => met < names)
  return { bytes: shared.reduce((sum, { bytes }) => sum + bytes, 0), files: shared.length }
}

/** Walks a folder. Entries that cannot be read become problems; everything else is still visited. `seen` spans several walks. */
export function walkFolder(root: string, visit: VisitEntry, seen: MetLinks = new Map()): WalkedTree {
  return startWalk(root, seen).finish(visit)
}

/** Begins a walk: what else has to be read can be read before `finish`, while a second thread looks at the files. */
export function startWalk(root: string, seen: MetLinks = new Map()): Walk {
  const links: OutsideLink[] = []
  const problems: WalkProblem[] = []
  const pending: Folder[] = [{ path: '', depth: 0 }]
  const first = listSome(root, pending, problems)
  return {
    finish(visit) {
      for (let listed = first; listed.length > 0; listed = listSome(root, pending, problems)) {
        finishBatches(listed.map(({ batch }) => batch))
        for (const { batch, relative, isLink } of listed) visitBatch(batch, relative, isLink)
      }
      return { links, problems }

      function visitBatch({ paths, results }: Batch, relative: readonly string[], isLink: readonly boolean[]): void {
        for (const [index, path] of relative.entries()) {
          const at = index * FIELDS
          const bytes = results[at]!
          if (bytes < 0) problems.push({ path: paths[index]!, message: 'vanished or cannot be looked at' })
          else if (isLink[index]) {
            visit(path, bytes, 'link')
            const outside = outsideLink(root, path)
            if (outside) links.push(outside)
          } else if (results[at + 1]! > 1 && repeated(seen, { device: results[at + 2]!, inode: results[at + 3]!, bytes, names: results[at + 1]! })) visit(path, 0, 'repeated')
          else visit(path, bytes, 'file')
        }
      }
    },
  }
}

interface Folder {
  readonly path: string
  readonly depth: number
}

interface Listed {
  readonly batch: Batch
  readonly relative: readonly string[]
  readonly isLink: readonly boolean[]
}

/** Lists folders until enough entries are held; sub-folders that it comes upon are pending. */
function listSome(root: string, pending: Folder[], problems: WalkProblem[]): Listed[] {
  const listed: Listed[] = []
  let paths: string[] = []
  let relative: string[] = []
  let isLink: boolean[] = []
  const hand = (): void => {
    if (paths.length > 0) listed.push({ batch: startBatch({ kind: 'stat' }, paths), relative, isLink })
    paths = []
    relative = []
    isLink = []
  }
  for (let next = listed.length * BATCH < WINDOW ? pending.pop() : undefined; next; next = listed.length * BATCH < WINDOW ? pending.pop() : undefined) {
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
      const path = prefix + entry.name
      if (!entry.isDirectory()) {
        paths.push(`${root}/${path}`)
        relative.push(path)
        isLink.push(entry.isSymbolicLink())
      } else if (next.depth < MAX_DEPTH) pending.push({ path, depth: next.depth + 1 })
      else problems.push({ path: `${root}/${path}`, message: 'is too deep; nothing below it is counted' })
    }
    if (paths.length >= BATCH) hand()
  }
  hand()
  return listed
}

function repeated(seen: MetLinks, { device, inode, bytes, names }: { readonly device: number; readonly inode: number; readonly bytes: number; readonly names: number }): boolean {
  const identity = `${String(device)}:${String(inode)}`
  const known = seen.get(identity)
  if (!known) {
    seen.set(identity, { bytes, names, met: 1 })
    return false
  }
  known.met += 1
  return true
}

const QUIET = { throwIfNoEntry: false } as const

function lstat(path: string): fs.Stats | undefined {
  try {
    return fs.lstatSync(path, QUIET)
  } catch {
    return undefined
  }
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
