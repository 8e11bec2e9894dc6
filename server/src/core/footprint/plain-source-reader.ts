/** The SourceReader over the Files port alone, for a host that has no faster one: no globs, the usual folders left out. */

import { isFailure, type Files, type SourceReader } from '../ports.ts'

const skipped: ReadonlySet<string> = new Set(['.git', '.hg', '.svn', '.venv', 'venv', 'node_modules', '__pycache__', '.tox', '.nox', '.mypy_cache', '.ruff_cache', '.pytest_cache', 'site-packages', 'dist-packages', '.ipynb_checkpoints'])
const maxFolders = 60_000

export function plainSourceReader(files: Files): SourceReader {
  return {
    list(root, _exclude, isWanted) {
      const paths: string[] = []
      const pending = [root]
      let folders = 0
      for (let folder = pending.pop(); folder !== undefined; folder = pending.pop()) {
        if (++folders > maxFolders) return { paths, isComplete: false, barren: new Map() }
        const entries = files.list(folder) ?? []
        if (folder !== root && entries.some(({ name }) => name === 'pyvenv.cfg' || name === 'conda-meta')) continue
        for (const { name, kind } of entries) {
          const path = `${folder === '/' ? '' : folder}/${name}`
          if (kind === 'directory' && !skipped.has(name)) pending.push(path)
          else if (kind === 'file' && isWanted(name)) paths.push(path)
        }
      }
      return { paths, isComplete: true, barren: new Map() }
    },
    read(path, maxBytes) {
      const source = files.open(path)
      if (isFailure(source)) return undefined
      try {
        if (source.bytes > maxBytes) return undefined
        const parts: string[] = []
        for (let at = 0; at < source.bytes; at += chunk) parts.push(String.fromCharCode(...source.read(at, Math.min(chunk, source.bytes - at))))
        return parts.join('')
      } finally {
        source.close()
      }
    },
    now: () => 0,
    isChanged: () => true,
  }
}

/** As many bytes as a call takes arguments without harm. */
const chunk = 8192
