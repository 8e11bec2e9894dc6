/** Which package a file belongs to, told by the folders around it, and where imports start for it. Reads no file. */

import type { Files } from '../ports.ts'

/** Packages within packages that are climbed. */
const MAX_LEVELS = 40

const NAME = /^[\p{ID_Start}_][\p{ID_Continue}]*$/u

/** The dotted package that holds a file, as `python -m` would have it, and the folder above its outermost one; undefined for a plain script. */
export function ownPackage(files: Files, file: string): { readonly dotted: string, readonly base: string } | undefined {
  const parts: string[] = []
  let folder = folderOf(file)
  while (parts.length < MAX_LEVELS && folder !== '' && files.stat(`${folder}/__init__.py`)?.kind === 'file') {
    const name = folder.slice(folder.lastIndexOf('/') + 1)
    if (!NAME.test(name)) break
    parts.unshift(name)
    folder = folderOf(folder)
  }
  return parts.length === 0 ? undefined : { dotted: parts.join('.'), base: folder || '/' }
}

/** A package without `__init__.py`: the folders from the outermost root that the file is in. */
export function namespacePackage(file: string, roots: readonly string[]): string | undefined {
  const outer = roots.filter((root) => file.startsWith(`${root}/`)).sort((a, b) => a.length - b.length)[0]
  const parts = outer === undefined ? [] : file.slice(outer.length + 1).split('/').slice(0, -1)
  return parts.length === 0 || !parts.every((part) => NAME.test(part)) ? undefined : parts.join('.')
}

/** Where imports are looked for: the file's own folder, as for a script that is run; where its package starts; then `roots`. */
export function importRoots(files: Files, file: string, roots: readonly string[]): readonly string[] {
  const inPackage = ownPackage(files, file)
  return [...new Set([folderOf(file) || '/', ...inPackage ? [inPackage.base] : [], ...roots])]
}

function folderOf(path: string): string {
  return path.slice(0, path.lastIndexOf('/'))
}
