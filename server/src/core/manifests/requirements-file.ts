/**
 * requirements.txt and constraints files, as pip reads them: continuations, comments, options, includes, editable and direct
 * requirements. One broken line costs that line only. Reads no other file; includes are followed in requirement-tree.ts.
 */

import { isRequirementFailure, parseRequirement, type Requirement } from '../packages/requirement.ts'
import { LineIndex } from '../text/line-index.ts'
import type { Range } from '../text/range.ts'
import { wheelName } from './index-url.ts'
import type { Idiom, Manifest, ManifestInclude, ManifestIndex, ManifestProblem, ManifestRequirement } from './manifest.ts'

interface LogicalLine {
  /** The text with continuations joined by spaces of the same length, so that columns stay. */
  readonly text: string
  readonly start: number
  /** Of the last physical line, with its line end. */
  readonly end: number
}

/** Options that take a value and mean nothing here. */
const VALUE_OPTIONS = new Set(['--trusted-host', '--use-feature', '--no-binary', '--only-binary', '--config-settings', '--global-option', '--install-option'])

export function readRequirementsFile(file: string, text: string, kind: 'requirements' | 'constraints' = 'requirements'): Manifest {
  const index = new LineIndex(text)
  const requirements: ManifestRequirement[] = []
  const indexes: ManifestIndex[] = []
  const includes: ManifestInclude[] = []
  const problems: ManifestProblem[] = []
  const dev = /(?:^|[-_./])(?:dev|test|tests|lint|docs?|ci|training|train)(?:[-_.]|$)/i.test(file.slice(file.lastIndexOf('/') + 1))
  for (const line of logicalLines(text)) {
    const content = line.text.trim()
    if (content === '') continue
    const start = line.start + line.text.length - line.text.trimStart().length
    const range = index.range(start, start + content.length)
    const removal = index.range(line.start, line.end)
    if (content.startsWith('-')) {
      readOption(content, start, index, { requirements, indexes, includes, problems, removal, dev })
      continue
    }
    const read = requirementItem(content, start, index, { idiom: 'pip', group: 'main', dev, removal })
    // A folder or an archive is a fine requirement; what it brings is not known here.
    if (!('message' in read)) requirements.push(read)
    else if (read.message !== '') problems.push({ range, message: read.message })
  }
  return { file, kind, requirements, indexes, includes, problems }
}

function* logicalLines(text: string): Generator<LogicalLine> {
  let at = text.startsWith('\uFEFF') ? 1 : 0
  while (at < text.length) {
    const start = at
    let joined = ''
    let open = true
    while (open && at < text.length) {
      let end = text.indexOf('\n', at)
      if (end < 0) end = text.length
      let line = text.slice(at, end)
      const next = Math.min(text.length, end + 1)
      // A comment starts at the line's start or after white space; a URL's # does not.
      const comment = /(?:^|\s)#/.exec(line)
      if (comment) line = line.slice(0, comment.index) + ' '.repeat(line.length - comment.index)
      const continued = !comment && /\\\r?$/.test(line)
      joined += line.replace(/[\\\r]+$/, (tail) => ' '.repeat(tail.length))
      if (continued && next > end) joined += ' '
      at = next
      open = continued
    }
    yield { text: joined, start, end: at }
  }
}

interface OptionSink {
  readonly requirements: ManifestRequirement[]
  readonly indexes: ManifestIndex[]
  readonly includes: ManifestInclude[]
  readonly problems: ManifestProblem[]
  readonly removal: Range
  readonly dev: boolean
}

function readOption(content: string, start: number, index: LineIndex, sink: OptionSink): void {
  const parts = /^(--?[A-Za-z][\w-]*)(?:\s*=\s*|\s+|(?<=^-[a-z]))?(.*)$/.exec(content)
  if (!parts) {
    sink.problems.push({ range: index.range(start, start + content.length), message: 'this is neither a requirement nor an option of pip' })
    return
  }
  let [, option, value] = parts as unknown as [string, string, string]
  // `-rbase.txt` is `-r base.txt`.
  const glued = /^(-[rcefi])(.+)$/.exec(option)
  if (glued && value === '') [, option, value] = glued as unknown as [string, string, string]
  value = value.trim()
  const range = index.range(start, start + content.length)
  switch (option) {
    case '-r': case '--requirement': sink.includes.push({ path: value, role: 'requirements', range }); return
    case '-c': case '--constraint': sink.includes.push({ path: value, role: 'constraints', range }); return
    case '-i': case '--index-url': case '--pypi-url': sink.indexes.push({ role: 'index', url: value, range }); return
    case '--extra-index-url': for (const url of value.split(/\s+/)) sink.indexes.push({ role: 'extra', url, range }); return
    case '-f': case '--find-links': sink.indexes.push({ role: 'links', url: value, range }); return
    case '-e': case '--editable': {
      const read = requirementItem(value, start + content.length - value.length, index, { idiom: 'pip', group: 'main', dev: sink.dev, removal: sink.removal })
      // Most editable lines name a folder, which asks for nothing that the table knows.
      if (!('message' in read)) sink.requirements.push(read)
      return
    }
    case '--no-index': case '--pre': case '--prefer-binary': case '--require-hashes': case '--no-cache-dir': return
    default:
      if (!VALUE_OPTIONS.has(option)) sink.problems.push({ range, message: `\`${option}\` is not an option that a requirements file may have` })
  }
}

export interface ItemPlace {
  readonly idiom: Idiom
  readonly group: string
  readonly dev: boolean
  readonly removal?: Range
  readonly command?: number
  readonly source?: string
}

/** One requirement as pip takes it, at an offset: PEP 508, a path or URL of a wheel, with per-requirement options after it. */
export function requirementItem(content: string, start: number, index: LineIndex, place: ItemPlace): ManifestRequirement | { readonly message: string } {
  const options = /\s--(?:hash|config-settings|global-option|install-option)\b/.exec(content)
  const hashed = /\s--hash[=\s]/.test(content)
  const body = (options ? content.slice(0, options.index) : content).trimEnd()
  const range = index.range(start, start + body.length)
  const common = {
    idiom: place.idiom, group: place.group, dev: place.dev, hashed, range, ...(place.removal ? { removal: place.removal } : {}),
    ...(place.command === undefined ? {} : { command: place.command }), ...(place.source === undefined ? {} : { source: place.source }),
  }
  const direct = directRequirement(body)
  if (direct === 'other') return { message: '' }
  if (direct) return { ...direct, ...common, nameRange: range }
  const read = parseRequirement(body.replace(/\$\{[A-Z0-9_]+\}/g, 'x'))
  if (isRequirementFailure(read)) return { message: read.message }
  return { ...item(read, body, start, index), ...common }
}

/** A wheel by path or URL; `other` for a path or URL of something else; undefined for a plain requirement. */
function directRequirement(body: string): Pick<ManifestRequirement, 'name' | 'key' | 'extras' | 'specifier' | 'url'> | 'other' | undefined {
  const path = body.split(/\s*;/)[0]!
  if (!/^(?:[a-z][a-z0-9+.-]*:\/\/|git\+|\.{0,2}\/|~\/|[A-Za-z]:\\|\.\\|\.$)/i.test(path) && !/\.whl$/.test(path)) return undefined
  const wheel = wheelName(path)
  if (wheel) return { name: wheel.name, key: wheel.name.toLowerCase().replace(/[-_.]+/g, '-'), extras: [], specifier: `==${wheel.version}`, url: path }
  const egg = /[#&]egg=([A-Za-z0-9._-]+)/.exec(body)?.[1]
  return egg ? { name: egg, key: egg.toLowerCase().replace(/[-_.]+/g, '-'), extras: [], specifier: '', url: path } : 'other'
}

/** Where name and version of a PEP 508 requirement stand. */
export function item(read: Requirement, body: string, start: number, index: LineIndex): Pick<ManifestRequirement, 'name' | 'key' | 'extras' | 'specifier' | 'url' | 'marker' | 'markerText' | 'nameRange' | 'specifierRange'> {
  const nameAt = body.indexOf(read.name)
  const afterName = nameAt + read.name.length + (/^\s*\[[^\]]*\]/.exec(body.slice(nameAt + read.name.length))?.[0].length ?? 0)
  const end = body.indexOf(';') < 0 ? body.length : body.slice(0, body.indexOf(';')).trimEnd().length
  const wheel = read.url === undefined ? undefined : wheelName(read.url)
  return {
    name: read.name, key: read.key, extras: read.extras, specifier: wheel ? `==${wheel.version}` : read.specifier,
    ...(read.url === undefined ? {} : { url: read.url }), ...(read.marker ? { marker: read.marker } : {}), ...(read.markerText === undefined ? {} : { markerText: read.markerText }),
    nameRange: index.range(start + nameAt, start + nameAt + read.name.length),
    ...(read.url === undefined ? { specifierRange: index.range(start + afterName, start + Math.max(afterName, end)) } : {}),
  }
}
