/**
 * The edits that make a manifest take torch from the CPU index, in its own idiom: pip, uv, Poetry, PDM, Pipenv, conda, Dockerfile.
 * Where the idiom cannot say it, or hashes forbid it, the answer is the reason.
 */

import { newestAllowed, newestTorch, pinnedVersion, torchRelease } from '../packages/torch-releases.ts'
import { LineIndex } from '../text/line-index.ts'
import type { FileEdit, Range } from '../text/range.ts'
import { optionWords, type DockerManifest } from './dockerfile.ts'
import { cpuIndexUrl, torchIndexVariant } from './index-url.ts'
import { indexedFamily, type Manifest, type ManifestRequirement } from './manifest.ts'
import { scanToml } from './toml-scan.ts'

export type IndexFix = { readonly edits: readonly FileEdit[] } | { readonly refusal: string }

/** The name that a new index gets; one of the manifest that leads to the CPU builds keeps its own. */
const NEW_NAME = 'pytorch-cpu'

function cpuIndexName(manifest: Manifest): { readonly name: string; readonly isNew: boolean } {
  const known = manifest.indexes.find((index) => index.name === NEW_NAME) ?? manifest.indexes.find((index) => index.name !== undefined && torchIndexVariant(index.url) === 'cpu')
  return { name: known?.name ?? NEW_NAME, isNew: known === undefined }
}

/** `torch` is the requirement that was found; its companions in the same place move with it. */
export function cpuIndexFix(manifest: Manifest, text: string, torch: ManifestRequirement, context: { readonly usesUv: boolean; readonly isConstrained: boolean }): IndexFix {
  if (torch.hashed) return { refusal: 'its hash pins the present file; lock again with the CPU index' }
  if (torch.url !== undefined) return { refusal: 'it is pinned to one file by URL' }
  const family = manifest.requirements.filter((one) => indexedFamily.has(one.key) && one.command === torch.command && one.url === undefined)
  const edit = (range: Range, newText: string): FileEdit => ({ file: manifest.file, range, newText })
  const newline = text.includes('\r\n') ? '\r\n' : '\n'
  switch (torch.idiom) {
    case 'pip': return manifest.kind === 'setup-cfg' ? { refusal: 'setup.cfg cannot name an index: give it to pip, `--index-url`' } : manifest.kind === 'conda' ? condaPip(manifest, text, torch, edit, newline) : pipFile(manifest, torch, edit, newline, context)
    case 'pep621': return tomlFix(manifest, text, family, edit, newline, context.usesUv ? 'uv' : manifest.tool)
    case 'poetry': return tomlFix(manifest, text, family, edit, newline, 'poetry')
    case 'pipfile': return pipfileFix(manifest, text, family, edit, newline)
    case 'conda': return manifest.kind === 'dockerfile' ? condaCommandFix(manifest as DockerManifest, torch, edit) : condaFix(manifest, torch, edit)
    case 'command': return dockerFix(manifest as DockerManifest, text, torch, edit)
    default: return { refusal: 'the lock file follows the manifest: change that and lock again' }
  }
}

function at(line: number): Range {
  return { start: { line, character: 0 }, end: { line, character: 0 } }
}

/** The exact pin that pip needs beside an extra index; an exact pin accepts `+cpu`, which pip then ranks highest. */
function pinEdits(requirements: readonly ManifestRequirement[], edit: (range: Range, newText: string) => FileEdit): FileEdit[] {
  return requirements.flatMap((one) => {
    if (one.key !== 'torch' || !one.specifierRange) return []
    // Arbitrary equality compares text: `===2.13.0` does not accept `2.13.0+cpu`.
    if (/^===[^+]+$/.test(one.specifier)) return [edit(one.specifierRange, `${one.specifier}+cpu`)]
    if (pinnedVersion(one.specifier) !== undefined) return []
    const version = newestAllowed(one.specifier)?.version ?? newestTorch
    return [edit(one.specifierRange, `==${version}`)]
  })
}

function pipFile(manifest: Manifest, torch: ManifestRequirement, edit: (range: Range, newText: string) => FileEdit, newline: string, { isConstrained }: { readonly isConstrained: boolean }): IndexFix {
  // Before the first line that says something, below the comments at the top.
  const first = Math.min(...[...manifest.requirements, ...manifest.indexes, ...manifest.includes].map((one) => one.range.start.line))
  const line = Number.isFinite(first) ? first : 0
  return { edits: [edit(at(line), `--extra-index-url ${cpuIndexUrl}${newline}`), ...(isConstrained ? [] : pinEdits([torch], edit))] }
}

function condaPip(manifest: Manifest, text: string, torch: ManifestRequirement, edit: (range: Range, newText: string) => FileEdit, newline: string): IndexFix {
  const first = manifest.requirements.find((one) => one.idiom === 'pip') ?? torch
  const index = linesOf(text)
  const indent = /^\s*/.exec(index.line(first.range.start.line))![0]
  return { edits: [edit(at(first.range.start.line), `${indent}- --extra-index-url ${cpuIndexUrl}${newline}`), ...pinEdits([torch], edit)] }
}

function tomlFix(manifest: Manifest, text: string, family: readonly ManifestRequirement[], edit: (range: Range, newText: string) => FileEdit, newline: string, tool: Manifest['tool']): IndexFix {
  const index = linesOf(text)
  const end = index.range(text.length, text.length)
  const gap = text.endsWith('\n') || text === '' ? newline : newline + newline
  const keys = [...new Set(family.map((one) => one.key))]
  const { name, isNew } = cpuIndexName(manifest)
  switch (tool) {
    case 'uv': {
      const scan = scanToml(text)
      const inline = scan.entries.find((one) => /^tool\.uv\.(?:sources|index)$/.test([...(scan.tables[one.table]?.path ?? []), ...one.key].join('.')))
      if (inline) return { refusal: `\`${inline.key.join('.')}\` stands as one value here, and a table beside it would be an error: add the index to it` }
      const table = scan.tables.find((one) => !one.isArray && one.path.join('.') === 'tool.uv.sources')
      const bound = scan.entries.find((one) => one.table >= 0 && scan.tables[one.table]!.path.join('.') === 'tool.uv.sources' && keys.includes(one.key[0]!.toLowerCase()))
      if (bound) return { refusal: `\`tool.uv.sources\` says already where ${bound.key[0]!} comes from` }
      const lines = keys.map((key) => `${key} = [{ index = "${name}" }]${newline}`).join('')
      const block = !isNew ? '' : `[[tool.uv.index]]${newline}name = "${name}"${newline}url = "${cpuIndexUrl}"${newline}explicit = true${newline}`
      if (!table) return { edits: [edit(end, `${gap}${block}${block === '' ? '' : newline}[tool.uv.sources]${newline}${lines}`)] }
      const after = Math.min(text.length, text.indexOf('\n', table.end) < 0 ? text.length : text.indexOf('\n', table.end) + 1)
      // At the end of a text without a last newline both edits would stand at one place.
      if (after === text.length) return { edits: [edit(end, `${text.endsWith('\n') ? '' : newline}${lines}${block === '' ? '' : newline + block}`)] }
      return { edits: [edit(index.range(after, after), lines), ...(block === '' ? [] : [edit(end, gap + block)])] }
    }
    case 'poetry': {
      const edits = family.flatMap((one): FileEdit[] => {
        if (one.idiom !== 'poetry' || !one.specifierRange) return []
        const value = text.slice(index.offset(one.specifierRange.start), index.offset(one.specifierRange.end))
        if (/\bsource\s*=/.test(value)) return []
        if (value.startsWith('{')) return [edit(one.specifierRange, value.replace(/\s*\}$/, `, source = "${name}" }`))]
        return value.startsWith('[') ? [] : [edit(one.specifierRange, `{ version = ${value}, source = "${name}" }`)]
      })
      const source = `[[tool.poetry.source]]${newline}name = "${name}"${newline}url = "${cpuIndexUrl}"${newline}priority = "explicit"${newline}`
      if (edits.length === 0) {
        // Poetry 2: what `[project]` asks for is completed by a table of the same names.
        const isProject = family.every((one) => one.idiom === 'pep621') && !scanToml(text).tables.some((one) => one.path.join('.') === 'tool.poetry.dependencies')
        if (!isProject) return { refusal: 'Poetry binds a package to a source in `[tool.poetry.dependencies]`, and this one stands elsewhere' }
        return { edits: [edit(end, `${gap}[tool.poetry.dependencies]${newline}${keys.map((key) => `${key} = { source = "${name}" }${newline}`).join('')}${!isNew ? '' : newline + source}`)] }
      }
      return { edits: [...edits, ...(!isNew ? [] : [edit(end, gap + source)])] }
    }
    case 'pdm':
      return { edits: [edit(end, `${gap}[[tool.pdm.source]]${newline}name = "${name}"${newline}url = "${cpuIndexUrl}"${newline}verify_ssl = true${newline}include_packages = [${keys.map((key) => `"${key}"`).join(', ')}]${newline}`), ...pdmPins(family, edit)] }
    default:
      return { refusal: 'pyproject.toml alone cannot name an index: give it to the installer, `pip install --index-url`, or use the tables of uv, Poetry or PDM' }
  }
}

function pdmPins(family: readonly ManifestRequirement[], edit: (range: Range, newText: string) => FileEdit): FileEdit[] {
  return pinEdits(family, edit)
}

function pipfileFix(manifest: Manifest, text: string, family: readonly ManifestRequirement[], edit: (range: Range, newText: string) => FileEdit, newline: string): IndexFix {
  const index = linesOf(text)
  const scan = scanToml(text)
  const last = scan.tables.findLast((table) => table.isArray && table.path.join('.') === 'source')
  const insert = last ? Math.min(text.length, last.end + 1) : 0
  const { name, isNew } = cpuIndexName(manifest)
  const edits = family.flatMap((one): FileEdit[] => {
    if (!one.specifierRange) return []
    const value = text.slice(index.offset(one.specifierRange.start), index.offset(one.specifierRange.end))
    return [edit(one.specifierRange, value.startsWith('{') ? value.replace(/\s*\}$/, `, index = "${name}"}`) : `{version = ${value}, index = "${name}"}`)]
  })
  return { edits: [...(isNew ? [edit(index.range(insert, insert), `${newline}[[source]]${newline}url = "${cpuIndexUrl}"${newline}verify_ssl = true${newline}name = "${name}"${newline}`)] : []), ...edits] }
}

function condaFix(manifest: Manifest, torch: ManifestRequirement, edit: (range: Range, newText: string) => FileEdit): IndexFix {
  const cuda = manifest.requirements.filter((one) => one.idiom === 'conda' && /^(?:pytorch-cuda|cudatoolkit|cuda-toolkit|pytorch-gpu)$/.test(one.name.toLowerCase()))
  const channels = manifest.indexes.filter((one) => one.role === 'channel').map((one) => one.url)
  const usesPytorch = channels.some((channel) => channel === 'pytorch')
  const [first, ...rest] = cuda
  const removals = rest.flatMap((one) => (one.removal ? [edit(one.removal, '')] : []))
  if (usesPytorch && first) return { edits: [edit(first.range, 'cpuonly'), ...removals] }
  if (first) return { edits: [...(first.name.toLowerCase() === 'pytorch-gpu' ? [edit(first.nameRange, 'pytorch-cpu')] : [edit(torch.nameRange, 'pytorch-cpu'), ...(first.removal ? [edit(first.removal, '')] : [])]), ...removals] }
  return torch.specifierRange ? { edits: [edit(torch.nameRange, 'pytorch-cpu')] } : { refusal: 'conda decides by the machine here' }
}

/** In a command the CUDA package gives its place to `cpuonly`, or torch takes the name of its CPU package on conda-forge. */
function condaCommandFix(docker: DockerManifest, torch: ManifestRequirement, edit: (range: Range, newText: string) => FileEdit): IndexFix {
  const own = docker.requirements.filter((one) => one.command === torch.command && one.idiom === 'conda')
  const [first, ...rest] = own.filter((one) => /^(?:pytorch-cuda|cudatoolkit|cuda-toolkit|pytorch-gpu)$/.test(one.name.toLowerCase()))
  if (!first) return { refusal: 'conda decides by the machine here' }
  const removal = (one: ManifestRequirement): FileEdit[] => (one.removal ? [edit(one.removal, '')] : [])
  if (docker.indexes.some((one) => one.command === torch.command && one.role === 'channel' && one.url === 'pytorch')) return { edits: [edit(first.range, 'cpuonly'), ...rest.flatMap(removal)] }
  if (first.name.toLowerCase() === 'pytorch-gpu') return { edits: [edit(first.nameRange, 'pytorch-cpu'), ...rest.flatMap(removal)] }
  return { edits: [edit(torch.nameRange, 'pytorch-cpu'), ...removal(first), ...rest.flatMap(removal)] }
}

function dockerFix(docker: DockerManifest, text: string, torch: ManifestRequirement, edit: (range: Range, newText: string) => FileEdit): IndexFix {
  const command = torch.command === undefined ? undefined : docker.commands[torch.command]
  if (!command) return { refusal: 'its command is not understood' }
  const index = linesOf(text)
  const { isExec } = command
  if (command.tool === 'uv-pip') return { edits: [edit(command.insertAt, optionWords(command, '--torch-backend=cpu'))] }
  if (command.tool !== 'pip') return { refusal: `${command.tool} takes the index from its own configuration` }
  const own = docker.requirements.filter((one) => one.command === torch.command)
  const others = own.filter((one) => !indexedFamily.has(one.key))
  const includes = docker.includes.some((one) => one.command === torch.command)
  const main = docker.indexes.find((one) => one.command === torch.command && one.role !== 'channel')
  if (others.length === 0 && !includes) {
    if (main && isExec) return { refusal: 'its index stands in an exec form, as strings of their own' }
    if (main) return { edits: [edit(main.range, `--index-url ${cpuIndexUrl}`)] }
    return { edits: [edit(command.insertAt, optionWords(command, '--index-url', cpuIndexUrl))] }
  }
  if (isExec) return { refusal: 'an exec form holds one command: install torch in one of its own, from the CPU index' }
  // Installed first and from the CPU index alone, torch is satisfied when the rest is installed from PyPI.
  const head = text.slice(index.offset(command.range.start), index.offset(command.insertAt.start))
  const noCache = command.options.some((option) => option.name === '--no-cache-dir') ? ' --no-cache-dir' : ''
  const asked = own.filter((one) => indexedFamily.has(one.key)).map((one) => text.slice(index.offset(one.range.start), index.offset(one.range.end)))
  return { edits: [edit({ start: command.range.start, end: command.range.start }, `${head}${noCache} --index-url ${cpuIndexUrl} ${asked.join(' ')} && `)] }
}

let last: { readonly text: string; readonly lines: LineIndex } | undefined

/** The line index of a text; of the last one it is kept, for a file of thousands of commands asks for each. */
function linesOf(text: string): LineIndex {
  if (last?.text !== text) last = { text, lines: new LineIndex(text) }
  return last.lines
}

/** Whether a CPU build of the version that a requirement means is known to exist. */
export function hasCpuBuild(requirement: ManifestRequirement): boolean {
  const pinned = pinnedVersion(requirement.specifier)
  return pinned === undefined || (torchRelease(pinned)?.cuda.length ?? 0) > 0
}
