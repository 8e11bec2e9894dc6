/** The Files port over a map: absolute path -> text or bytes. Folders exist by having something in them. */

import type { DirectoryEntry, Files } from '../../server/src/core/ports.ts'

export function memoryFiles(entries: ReadonlyMap<string, string | Uint8Array>): Files {
  const bytesOf = (path: string): Uint8Array | undefined => {
    const entry = entries.get(path)
    return typeof entry === 'string' ? new TextEncoder().encode(entry) : entry
  }
  const isFolder = (path: string): boolean => [...entries.keys()].some((name) => name.startsWith(path === '/' ? '/' : `${path}/`))
  return {
    stat(path) {
      const bytes = bytesOf(path)
      if (bytes) return { kind: 'file', bytes: bytes.length, modified: 1 }
      return isFolder(path) ? { kind: 'directory', bytes: 0, modified: 1 } : undefined
    },
    list(path) {
      const prefix = path === '/' ? '/' : `${path}/`
      const found = new Map<string, DirectoryEntry['kind']>()
      for (const name of entries.keys()) {
        if (!name.startsWith(prefix)) continue
        const [first, ...rest] = name.slice(prefix.length).split('/')
        found.set(first!, rest.length ? 'directory' : 'file')
      }
      return found.size || isFolder(path) ? [...found].map(([name, kind]) => ({ name, kind })) : undefined
    },
    readText(path, maxBytes) {
      const bytes = bytesOf(path)
      if (!bytes) return { kind: 'failure', reason: 'missing', message: 'there is no such file' }
      if (bytes.length > maxBytes) return { kind: 'failure', reason: 'too-large', message: 'the file is too large' }
      return new TextDecoder().decode(bytes)
    },
    open(path) {
      const bytes = bytesOf(path)
      if (!bytes) return { kind: 'failure', reason: 'missing', message: 'there is no such file' }
      return { bytes: bytes.length, read: (offset, length) => bytes.slice(offset, offset + length), close: () => undefined }
    },
    realPath: (path) => (bytesOf(path) || isFolder(path) ? path : undefined),
  }
}
