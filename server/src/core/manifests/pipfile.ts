/** Pipfile: `[packages]`, `[dev-packages]` and `[[source]]`. */

import { normalizeName } from '../packages/requirement.ts'
import { LineIndex } from '../text/line-index.ts'
import type { Manifest, ManifestIndex, ManifestRequirement } from './manifest.ts'
import { scanToml, tomlValue } from './toml-scan.ts'

export function readPipfile(file: string, text: string): Manifest {
  const index = new LineIndex(text)
  const scan = scanToml(text)
  const requirements: ManifestRequirement[] = []
  const indexes: ManifestIndex[] = []
  let python: Manifest['python']
  for (const entry of scan.entries) {
    const table = entry.table < 0 ? [] : scan.tables[entry.table]!.path
    const path = [...table, ...entry.key]
    const value = tomlValue(text, entry.valueStart, entry.valueEnd)
    const range = index.range(entry.keyStart, entry.valueEnd)
    if (path[0] === 'requires' && path[1] === 'python_version' && typeof value === 'string') python = { specifier: `==${value}.*`, range }
    if ((path[0] !== 'packages' && path[0] !== 'dev-packages') || path.length !== 2) continue
    const fields = typeof value === 'object' && value !== null ? value as Record<string, unknown> : { version: value }
    const version = typeof fields.version === 'string' && fields.version !== '*' ? fields.version.replace(/\s+/g, '') : ''
    const lineStart = text.lastIndexOf('\n', entry.keyStart - 1) + 1
    const lineStop = text.indexOf('\n', entry.valueEnd)
    const dev = path[0] === 'dev-packages'
    requirements.push({
      name: path[1]!, key: normalizeName(path[1]!), extras: [], specifier: version, range, nameRange: index.range(entry.keyStart, entry.keyEnd), specifierRange: index.range(entry.valueStart, entry.valueEnd),
      removal: index.range(lineStart, lineStop < 0 ? text.length : lineStop + 1), idiom: 'pipfile', group: dev ? 'dev' : 'main', dev, hashed: false,
      ...(typeof fields.index === 'string' ? { source: fields.index } : {}),
      ...(typeof fields.file === 'string' ? { url: fields.file } : typeof fields.git === 'string' ? { url: fields.git } : {}),
    })
  }
  let first = true
  for (const [at, table] of scan.tables.entries()) {
    if (!table.isArray || table.path.join('.') !== 'source') continue
    const values = new Map<string, unknown>(scan.entries.filter((entry) => entry.table === at).map((entry) => [entry.key.join('.'), tomlValue(text, entry.valueStart, entry.valueEnd)]))
    const url = values.get('url')
    if (typeof url !== 'string') continue
    const name = values.get('name')
    // Pipenv takes a package from another source than the first only when the package names it.
    indexes.push({ role: first ? 'index' : 'extra', url, explicit: !first, range: index.range(table.start, table.end), ...(typeof name === 'string' ? { name } : {}) })
    first = false
  }
  const problems = scan.problems.map(({ offset, message }) => ({ range: index.range(offset, offset), message }))
  return { file, kind: 'pipfile', requirements, indexes, includes: [], problems, ...(python ? { python } : {}) }
}
