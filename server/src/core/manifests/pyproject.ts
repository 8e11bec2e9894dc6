/** pyproject.toml: PEP 621, dependency groups (PEP 735), Poetry, PDM and uv. */

import { evaluateMarker, parseMarker } from '../packages/marker.ts'
import { markerEnvironment } from '../packages/python-target.ts'
import { isRequirementFailure, normalizeName, parseRequirement } from '../packages/requirement.ts'
import { LineIndex } from '../text/line-index.ts'
import type { Manifest, ManifestIndex, ManifestProblem, ManifestRequirement } from './manifest.ts'
import { poetrySpecifier } from './poetry-version.ts'
import { item } from './requirements-file.ts'
import { scanToml, tomlItems, tomlValue, type TomlEntry, type TomlScan } from './toml-scan.ts'

/** Groups that nobody ships, by name. */
const DEV_GROUP = /^(?:dev|test|tests|testing|lint|docs?|typing|ci|style|development|pre-commit|benchmark)/i

interface Reading {
  readonly text: string
  readonly index: LineIndex
  readonly scan: TomlScan
  readonly requirements: ManifestRequirement[]
  readonly indexes: ManifestIndex[]
  readonly problems: ManifestProblem[]
  /** uv.sources: package key -> names of the indexes it is bound to. */
  readonly sources: Map<string, string>
  /** uv.sources: package key -> the file that it is taken from. */
  readonly urls: Map<string, string>
}

export function readPyproject(file: string, text: string): Manifest {
  const index = new LineIndex(text)
  const scan = scanToml(text)
  const reading: Reading = { text, index, scan, requirements: [], indexes: [], sources: new Map(), urls: new Map(), problems: scan.problems.map(({ offset, message }) => ({ range: lineRange(index, offset), message })) }
  let python: Manifest['python']
  for (const entry of scan.entries) {
    const table = entry.table < 0 ? [] : scan.tables[entry.table]!.path
    const path = [...table, ...entry.key]
    const full = path.join('.')
    if (full === 'project.dependencies') pepList(reading, entry, 'main', false)
    else if (path[0] === 'project' && path[1] === 'optional-dependencies' && path.length === 3) pepList(reading, entry, path[2]!, DEV_GROUP.test(path[2]!))
    else if (path[0] === 'dependency-groups' && path.length === 2) pepList(reading, entry, path[1]!, DEV_GROUP.test(path[1]!))
    else if (full === 'tool.uv.dev-dependencies') pepList(reading, entry, 'dev', true)
    else if (path[0] === 'tool' && path[1] === 'pdm' && path[2] === 'dev-dependencies' && path.length === 4) pepList(reading, entry, path[3]!, true)
    else if (full === 'project.requires-python') python = specifierAt(reading, entry)
    else if (path[0] === 'tool' && path[1] === 'poetry') {
      const group = poetryGroup(path)
      if (group && entry.key.length >= 1) python = poetryEntry(reading, entry, path, group) ?? python
    } else if (path[0] === 'tool' && path[1] === 'uv' && path[2] === 'sources' && path.length >= 4) uvSource(reading, entry, path[3]!)
    else if (full === 'tool.uv.index-url' || full === 'tool.uv.extra-index-url' || full === 'tool.uv.find-links') uvPlainIndex(reading, entry, path[2]!)
  }
  sourceTables(reading)
  const project = new Set(reading.requirements.filter(({ idiom }) => idiom === 'pep621').map(({ key }) => key))
  // Poetry 2: a table entry of the same name only completes what `[project]` asks for.
  const completing = reading.requirements.filter(({ idiom, key, specifier, url }) => idiom === 'poetry' && specifier === '' && url === undefined && project.has(key))
  for (const { key, source } of completing) if (source !== undefined) reading.sources.set(key, source)
  const bound = reading.requirements.filter((one) => !completing.includes(one)).map((requirement) => {
    const source = requirement.source ?? reading.sources.get(requirement.key)
    const url = requirement.url ?? reading.urls.get(requirement.key)
    return { ...requirement, ...(source === undefined ? {} : { source }), ...(url === undefined ? {} : { url }) }
  })
  return {
    file, kind: 'pyproject', requirements: bound, indexes: reading.indexes, includes: [], problems: reading.problems, tool: toolOf(reading), ...(python ? { python } : {}),
    ...(scan.tables.some(({ path }) => path.join('.') === 'tool.uv.workspace') ? { workspaceSources: reading.sources } : {}),
  }
}

function lineRange(index: LineIndex, offset: number) {
  const { line } = index.position(offset)
  return { start: { line, character: 0 }, end: { line, character: index.line(line).length } }
}

function toolOf({ scan, text }: Reading): NonNullable<Manifest['tool']> {
  const has = (...path: string[]) => scan.tables.some((table) => path.every((part, at) => table.path[at] === part))
  if (has('tool', 'uv') || /build-backend\s*=\s*["']uv_build/.test(text)) return 'uv'
  if (has('tool', 'poetry')) return 'poetry'
  if (has('tool', 'pdm') || /build-backend\s*=\s*["']pdm\./.test(text)) return 'pdm'
  if (has('tool', 'setuptools') || /build-backend\s*=\s*["']setuptools/.test(text)) return 'setuptools'
  return 'other'
}

/** A list of PEP 508 strings. */
function pepList(reading: Reading, entry: TomlEntry, group: string, dev: boolean): void {
  const { text, index } = reading
  for (const { value, start, end, removalStart, removalEnd } of tomlItems(text, entry)) {
    // `{include-group = ...}` of a dependency group asks for nothing itself.
    if (typeof value !== 'string') continue
    const read = parseRequirement(value)
    if (isRequirementFailure(read)) {
      reading.problems.push({ range: index.range(start, end), message: read.message })
      continue
    }
    const places = item(read, value, start + 1, index)
    reading.requirements.push({ ...places, range: index.range(start, end), removal: index.range(removalStart, removalEnd), idiom: 'pep621', group, dev, hashed: false })
  }
}

function specifierAt(reading: Reading, entry: TomlEntry): Manifest['python'] {
  const value = tomlValue(reading.text, entry.valueStart, entry.valueEnd)
  return typeof value === 'string' ? { specifier: value.replace(/\s+/g, ''), range: reading.index.range(entry.valueStart, entry.valueEnd) } : undefined
}

function poetryGroup(path: readonly string[]): { readonly name: string; readonly dev: boolean; readonly depth: number } | undefined {
  if (path[2] === 'dependencies') return { name: 'main', dev: false, depth: 3 }
  if (path[2] === 'dev-dependencies') return { name: 'dev', dev: true, depth: 3 }
  if (path[2] === 'group' && path[4] === 'dependencies') return { name: path[3]!, dev: DEV_GROUP.test(path[3]!), depth: 5 }
  return undefined
}

/** `torch = "^2.1"` or `torch = {version = "^2.1", source = "x"}`; answers the Python specifier when the key is `python`. */
function poetryEntry(reading: Reading, entry: TomlEntry, path: readonly string[], group: { readonly name: string; readonly dev: boolean; readonly depth: number }): Manifest['python'] {
  const { text, index } = reading
  const name = path[group.depth]
  if (name === undefined || path.length > group.depth + 1) return undefined
  const value = tomlValue(text, entry.valueStart, entry.valueEnd)
  const tables = (Array.isArray(value) ? value : [value]) as unknown[]
  // Of several entries for several systems, the one that Linux takes.
  const first = tables.find((one) => /^linux|^$/.test(textOf(one, 'platform') ?? '') && isForLinux(textOf(one, 'markers'))) ?? tables[0]
  const version = typeof first === 'string' ? first : textOf(first, 'version')
  const range = index.range(entry.keyStart, entry.valueEnd)
  if (name === 'python') return version === undefined ? undefined : { specifier: poetrySpecifier(version), range }
  const url = textOf(first, 'url') ?? textOf(first, 'path') ?? textOf(first, 'git')
  const source = textOf(first, 'source')
  const markerText = textOf(first, 'markers')
  const lineStart = text.lastIndexOf('\n', entry.keyStart - 1) + 1
  const lineStop = text.indexOf('\n', entry.valueEnd)
  const marked = markerText === undefined ? undefined : parseRequirement(`${name} ; ${markerText}`)
  reading.requirements.push({
    name, key: normalizeName(name), extras: [], specifier: version === undefined ? '' : poetrySpecifier(version), range, nameRange: index.range(entry.keyStart, entry.keyEnd),
    specifierRange: index.range(entry.valueStart, entry.valueEnd), removal: index.range(lineStart, lineStop < 0 ? text.length : lineStop + 1), idiom: 'poetry', group: group.name, dev: group.dev, hashed: false,
    ...(url === undefined ? {} : { url }), ...(source === undefined ? {} : { source }),
    ...(marked && !isRequirementFailure(marked) && marked.marker ? { marker: marked.marker, markerText: markerText! } : {}),
  })
  return undefined
}

function textOf(value: unknown, key: string): string | undefined {
  const found = typeof value === 'object' && value !== null ? (value as Record<string, unknown>)[key] : undefined
  return typeof found === 'string' ? found : undefined
}

function uvSource(reading: Reading, entry: TomlEntry, name: string): void {
  const value = tomlValue(reading.text, entry.valueStart, entry.valueEnd)
  // `torch.index = "x"` is the same as `torch = {index = "x"}`.
  const direct = typeof value === 'string' && entry.key.at(-1) === 'index' ? value : undefined
  const tables: unknown[] = Array.isArray(value) ? value : [value]
  const names = direct === undefined ? tables.filter((one) => isForLinux(textOf(one, 'marker'))).map((one) => textOf(one, 'index')).filter((one) => one !== undefined) : [direct]
  const url = textOf(tables[0], 'url')
  if (url !== undefined) reading.urls.set(normalizeName(name), url)
  if (names[0] !== undefined) reading.sources.set(normalizeName(name), names[0])
}

/** A source that another system takes says nothing of what Linux gets. */
function isForLinux(marker: string | undefined): boolean {
  const parsed = marker === undefined ? undefined : parseMarker(marker)
  return evaluateMarker(parsed, markerEnvironment({ system: 'linux', machine: 'x86_64' })) !== false
}

function uvPlainIndex(reading: Reading, entry: TomlEntry, key: string): void {
  const value = tomlValue(reading.text, entry.valueStart, entry.valueEnd)
  const role = key === 'index-url' ? 'index' : key === 'extra-index-url' ? 'extra' : 'links'
  for (const url of Array.isArray(value) ? value : [value]) if (typeof url === 'string') reading.indexes.push({ role, url, range: reading.index.range(entry.keyStart, entry.valueEnd) })
}

/** `[[tool.uv.index]]`, `[[tool.poetry.source]]`, `[[tool.pdm.source]]`. */
function sourceTables(reading: Reading): void {
  const { scan, text, index } = reading
  // Entries stand in the order of their tables.
  let first = 0
  for (const [at, table] of scan.tables.entries()) {
    const kind = table.path.join('.')
    if (!table.isArray || !/^tool\.(?:uv\.index|poetry\.source|pdm\.source)$/.test(kind)) continue
    while (first < scan.entries.length && scan.entries[first]!.table < at) first += 1
    const values = new Map<string, unknown>()
    for (; scan.entries[first]?.table === at; first += 1) {
      const entry = scan.entries[first]!
      values.set(entry.key.join('.'), tomlValue(text, entry.valueStart, entry.valueEnd))
    }
    const url = values.get('url')
    if (typeof url !== 'string') continue
    const name = values.get('name')
    const included = values.get('include_packages')
    if (kind === 'tool.pdm.source' && Array.isArray(included) && typeof name === 'string') for (const one of included) if (typeof one === 'string') reading.sources.set(normalizeName(one), name)
    const priority = values.get('priority')
    const explicit = kind === 'tool.uv.index' ? values.get('explicit') === true : kind === 'tool.poetry.source' ? priority === 'explicit' : Array.isArray(values.get('include_packages'))
    const replaces = values.get('default') === true || priority === 'primary' || priority === 'default'
    reading.indexes.push({ role: replaces ? 'index' : 'extra', url, explicit, range: index.range(table.start, table.end), ...(typeof name === 'string' ? { name } : {}) })
  }
}
