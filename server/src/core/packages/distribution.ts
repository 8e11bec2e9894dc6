/**
 * One installed distribution: what its dist-info or egg-info folder says about it. Reads only that folder;
 * how many bytes it holds is measured in installed-bytes.ts.
 */

import { isFailure, type DirectoryEntry, type Files } from '../ports.ts'
import { decodeText, readBytes, readHeaders } from './decode.ts'
import { parseMetadata, parseRequiresTxt, type Metadata } from './metadata.ts'
import { normalizeName } from './requirement.ts'

export interface Distribution extends Metadata {
  readonly key: string
  readonly kind: 'dist-info' | 'egg-info'
  /** The absolute path of the dist-info or egg-info entry. */
  readonly folder: string
  readonly sitePackages: string
  /** Whether it has a RECORD; without one its files are found by its top-level names. */
  readonly hasRecord: boolean
  /** A person asked for it by name (the installer wrote REQUESTED). */
  readonly requested: boolean
  /** The names in its folder, listed when somebody asks; what they hold is read then as well. */
  readonly infoFiles: ReadonlySet<string>
  /** What was read otherwise than it should stand there, without loss. */
  readonly notes: readonly string[]
}

/** Metadata larger than this is not metadata; the largest seen has 150 kB. */
const MAX_METADATA = 8 << 20
const MAX_SMALL_FILE = 1 << 20

/** Reads `name.dist-info` or `name.egg-info`; `undefined` when the entry is neither. Never fails: what is wrong stands in `problems`. */
export function readDistribution(files: Files, sitePackages: string, entry: DirectoryEntry): Distribution | undefined {
  const kind = entry.name.endsWith('.dist-info') ? 'dist-info' : entry.name.endsWith('.egg-info') ? 'egg-info' : undefined
  if (!kind || entry.name.startsWith('~')) return undefined
  const folder = `${sitePackages}/${entry.name}`
  if (entry.kind === 'file') return eggFile(files, sitePackages, entry.name, kind)
  const metadataFile = kind === 'dist-info' ? 'METADATA' : 'PKG-INFO'
  const problems: string[] = []
  const notes: string[] = []
  const text = readHeaders(files, `${folder}/${metadataFile}`, MAX_METADATA)
  // Only what cannot be read needs a second look: the folder itself may be what is wrong, or an entry that is a link to a file.
  if (isFailure(text) && !files.list(folder)) return entry.kind === 'directory' ? unreadable(sitePackages, entry.name, kind) : eggFile(files, sitePackages, entry.name, kind)
  const metadata = metadataOf(text, metadataFile, problems, notes)
  const egg = kind === 'egg-info' && files.stat(`${folder}/requires.txt`)?.kind === 'file' ? readRequiresTxt(files, `${folder}/requires.txt`, problems) : undefined
  return finish(entry.name, {
    ...metadata, ...(egg ? { requirementTexts: [...metadata.requirementTexts, ...egg.requirementTexts], extras: [...new Set([...metadata.extras, ...egg.extras])] } : {}),
    kind, folder, sitePackages, problems, notes,
  }, () => new Set(files.list(folder)?.map(({ name }) => name)))
}

type Read = Omit<Distribution, 'key' | 'hasRecord' | 'requested' | 'infoFiles'>

/** Fills name and version from the folder's name where METADATA did not say. */
function finish(entryName: string, read: Read, list: () => ReadonlySet<string>): Distribution {
  const stem = entryName.replace(/\.(dist|egg)-info$/, '')
  const dash = stem.indexOf('-')
  const name = read.name || (dash < 0 ? stem : stem.slice(0, dash))
  const version = read.version || (dash < 0 ? '' : stem.slice(dash + 1).replace(/-py[\d.]+$/, ''))
  let names: ReadonlySet<string> | undefined
  return {
    ...read, name, version, key: normalizeName(name),
    get infoFiles() { return (names ??= list()) },
    get hasRecord() { return this.infoFiles.has('RECORD') },
    get requested() { return this.infoFiles.has('REQUESTED') },
  }
}

const noFiles = (): ReadonlySet<string> => new Set()
const NOTHING: Metadata = { name: '', version: '', requirementTexts: [], extras: [], problems: [] }

function unreadable(sitePackages: string, entryName: string, kind: Distribution['kind']): Distribution {
  return finish(entryName, { ...NOTHING, kind, folder: `${sitePackages}/${entryName}`, sitePackages, notes: [], problems: ['its folder cannot be listed'] }, noFiles)
}

/** Old distutils wrote PKG-INFO as a file in place of the folder. */
function eggFile(files: Files, sitePackages: string, entryName: string, kind: Distribution['kind']): Distribution {
  const problems: string[] = []
  const notes: string[] = []
  const folder = `${sitePackages}/${entryName}`
  const metadata = metadataOf(readHeaders(files, folder, MAX_METADATA), entryName, problems, notes)
  return finish(entryName, { ...metadata, kind, folder, sitePackages, notes, problems }, noFiles)
}

function metadataOf(text: ReturnType<typeof readHeaders>, label: string, problems: string[], notes: string[]): Metadata {
  if (isFailure(text)) {
    problems.push(`${label} cannot be read: ${text.message}`)
    return NOTHING
  }
  if (text.encoding === 'latin-1') notes.push(`${label} is not UTF-8; read as Latin-1`)
  const metadata = parseMetadata(text.text)
  if (metadata.name === '') problems.push(`${label} names no package`)
  return metadata
}

function readRequiresTxt(files: Files, path: string, problems: string[]): ReturnType<typeof parseRequiresTxt> | undefined {
  const bytes = readBytes(files, path, MAX_SMALL_FILE)
  if (isFailure(bytes)) {
    problems.push(`requires.txt cannot be read: ${bytes.message}`)
    return undefined
  }
  return parseRequiresTxt(decodeText(bytes).text)
}

/** The text of a small file of the folder; empty when it is missing or unreadable. */
export function infoText(files: Files, distribution: Distribution, name: string): string {
  if (!distribution.infoFiles.has(name)) return ''
  const bytes = readBytes(files, `${distribution.folder}/${name}`, MAX_SMALL_FILE)
  return isFailure(bytes) ? '' : decodeText(bytes).text
}

/** `pip`, `uv`, `conda` ...; `system` where no installer signed, as a system package manager leaves it. */
export function installerOf(files: Files, distribution: Distribution): string {
  return infoText(files, distribution, 'INSTALLER').trim() || 'system'
}

/** The first tag of its WHEEL, which tells Python and platform of a compiled package. */
export function wheelTag(files: Files, distribution: Distribution): string | undefined {
  return /^Tag:\s*(\S+)/m.exec(infoText(files, distribution, 'WHEEL'))?.[1]
}

/** Import names that the installer wrote down; empty when it did not. */
export function topLevelNames(files: Files, distribution: Distribution): readonly string[] {
  return infoText(files, distribution, 'top_level.txt').split('\n').map((line) => line.trim()).filter((line) => line !== '')
}
