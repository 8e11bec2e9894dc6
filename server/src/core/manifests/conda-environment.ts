/** conda's environment.yml: channels, dependencies as match specifications, and the `pip:` list inside them. */

import { isMap, isPair, isScalar, isSeq, LineCounter, parseDocument, type Scalar } from 'yaml'
import { normalizeName } from '../packages/requirement.ts'
import { LineIndex } from '../text/line-index.ts'
import type { Manifest, ManifestIndex, ManifestProblem, ManifestRequirement } from './manifest.ts'
import { condaSpecifier } from './poetry-version.ts'
import { readRequirementsFile, requirementItem } from './requirements-file.ts'

/** conda's names of packages that PyPI calls otherwise. */
const PYPI_NAMES = new Map([['pytorch', 'torch'], ['pytorch-cpu', 'torch'], ['pytorch-gpu', 'torch']])
/** `channel::name=version=build`. */
const MATCH = /^(?:([\w./:-]+)::)?([A-Za-z0-9_.-]+)\s*(.*)$/

export function readCondaEnvironment(file: string, text: string): Manifest {
  const index = new LineIndex(text)
  const requirements: ManifestRequirement[] = []
  const indexes: ManifestIndex[] = []
  const problems: ManifestProblem[] = []
  let python: Manifest['python']
  // An anchor that grows without end costs time here and nothing else: aliases are not followed.
  const document = parseDocument(text, { lineCounter: new LineCounter(), maxAliasCount: 0, logLevel: 'silent', uniqueKeys: false } as Parameters<typeof parseDocument>[1])
  for (const error of document.errors) problems.push({ range: index.range(error.pos[0], error.pos[1]), message: error.message.split('\n')[0]! })
  const removalOf = (start: number, end: number) => {
    const lineStart = text.lastIndexOf('\n', start - 1) + 1
    const lineStop = text.indexOf('\n', end)
    return /^\s*-\s*$/.test(text.slice(lineStart, start)) ? index.range(lineStart, lineStop < 0 ? text.length : lineStop + 1) : undefined
  }
  const root = document.contents
  if (!isMap(root)) return { file, kind: 'conda', requirements, indexes, includes: [], problems }
  for (const pair of root.items) {
    const key = isScalar(pair.key) ? pair.key.value : undefined
    if (!isSeq(pair.value)) continue
    if (key === 'channels') {
      for (const channel of pair.value.items) {
        if (isText(channel)) indexes.push({ role: 'channel', url: channel.value, name: channel.value, range: index.range(channel.range![0], channel.range![1]) })
      }
    }
    if (key !== 'dependencies') continue
    for (const entry of pair.value.items) {
      if (isText(entry)) {
        const read = condaItem(entry.value, entry.range![0] + quoteLength(text, entry.range![0]), index)
        if (!read) continue
        const removal = removalOf(entry.range![0], entry.range![1])
        if (read.key === 'python') python = { specifier: read.specifier, range: read.range }
        else requirements.push({ ...read, ...(removal ? { removal } : {}) })
      } else if (isMap(entry)) {
        for (const inner of entry.items) {
          if (!isPair(inner) || !isScalar(inner.key) || inner.key.value !== 'pip' || !isSeq(inner.value)) continue
          for (const line of inner.value.items) if (isText(line)) pipLine(line, removalOf(line.range![0], line.range![1]))
        }
      }
    }
  }
  return { file, kind: 'conda', requirements, indexes, includes: [], problems, ...(python ? { python } : {}) }

  function pipLine(line: Scalar<string> & { range?: readonly [number, number, number] | null | undefined }, removal: ReturnType<typeof removalOf>): void {
    const start = line.range![0] + quoteLength(text, line.range![0])
    if (line.value.startsWith('-')) {
      const read = readRequirementsFile(file, line.value)
      const range = index.range(start, start + line.value.length)
      for (const one of read.indexes) indexes.push({ ...one, range })
      return
    }
    const read = requirementItem(line.value, start, index, { idiom: 'pip', group: 'main', dev: false, ...(removal ? { removal } : {}) })
    if ('message' in read) problems.push({ range: index.range(start, start + line.value.length), message: read.message })
    else requirements.push(read)
  }
}

function isText(node: unknown): node is Scalar<string> {
  return isScalar(node) && typeof node.value === 'string' && node.range !== undefined && node.range !== null
}

function quoteLength(text: string, at: number): number {
  return text[at] === '"' || text[at] === "'" ? 1 : 0
}

/** One match specification at an offset, as a requirement in PyPI's names. */
export function condaItem(content: string, start: number, index: LineIndex, command?: number): ManifestRequirement | undefined {
  const parts = MATCH.exec(content.trim())
  if (!parts) return undefined
  const name = parts[2]!
  const bracket = /\[.*\]$/.exec(parts[3]!)?.[0] ?? ''
  const rest = parts[3]!.replace(/\[.*\]$/, '').trim().replace(/^=?([\w.*]+)=([\w.*]+)$/, (whole: string, version: string) => (whole.startsWith('=') ? `=${version}` : `=${version}`))
  const nameAt = content.indexOf(name, parts[1] === undefined ? 0 : parts[1].length + 2)
  const build = /=\s*([\w.*]*(?:cpu|cuda|gpu)[\w.*]*)$/.exec(parts[3]!)?.[1] ?? /build\s*=\s*['"]?([^'"\],]+)/.exec(bracket)?.[1]
  const key = PYPI_NAMES.get(name.toLowerCase()) ?? normalizeName(name)
  return {
    name, key, extras: [], specifier: condaSpecifier(rest), range: index.range(start, start + content.length), nameRange: index.range(start + nameAt, start + nameAt + name.length),
    specifierRange: index.range(start + nameAt + name.length, start + content.length), idiom: 'conda', group: 'main', dev: false, hashed: false,
    ...(build === undefined ? {} : { source: build }), ...(command === undefined ? {} : { command }),
  }
}
