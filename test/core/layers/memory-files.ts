import type { Files } from '../../../server/src/core/ports.ts'

/** A disk of texts by path. */
export function memoryFiles(texts: ReadonlyMap<string, string>): Files {
  const folders = () => {
    const all = new Set<string>()
    for (const path of texts.keys()) for (let at = path.lastIndexOf('/'); at > 0; at = path.lastIndexOf('/', at - 1)) all.add(path.slice(0, at))
    return all
  }
  let version = 0
  const versions = new Map<string, number>()
  const seen = new Map<string, string>()
  return {
    stat(path) {
      const text = texts.get(path)
      if (text !== undefined) {
        if (seen.get(path) !== text) { seen.set(path, text); versions.set(path, version += 1) }
        return { kind: 'file', bytes: text.length, modified: versions.get(path) ?? 0 }
      }
      return folders().has(path) ? { kind: 'directory', bytes: 0, modified: 0 } : undefined
    },
    list(path) {
      if (!folders().has(path)) return undefined
      const names = new Map<string, 'file' | 'directory'>()
      for (const file of texts.keys()) {
        if (!file.startsWith(`${path}/`)) continue
        const rest = file.slice(path.length + 1)
        const slash = rest.indexOf('/')
        names.set(slash < 0 ? rest : rest.slice(0, slash), slash < 0 ? 'file' : 'directory')
      }
      return [...names].map(([name, kind]) => ({ name, kind }))
    },
    readText: (path) => texts.get(path) ?? { kind: 'failure', reason: 'missing', message: 'does not exist' },
    open: () => ({ kind: 'failure', reason: 'missing', message: 'does not exist' }),
    realPath: (path) => path,
  }
}
