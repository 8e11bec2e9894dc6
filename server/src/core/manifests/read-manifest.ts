/** Reads any manifest by its name, and requirement files with everything they include. */

import { isFailure, type Files } from '../ports.ts'
import { readCondaEnvironment } from './conda-environment.ts'
import { readDockerfile } from './dockerfile.ts'
import { readPipfileLock, readTomlLock } from './lock-files.ts'
import { manifestKind, maxManifestBytes, type Manifest, type ManifestKind, type ManifestProblem } from './manifest.ts'
import { readPipfile } from './pipfile.ts'
import { readPyproject } from './pyproject.ts'
import { readRequirementsFile } from './requirements-file.ts'
import { readSetupCfg } from './setup-cfg.ts'

/** The manifest, or undefined when the file's name is none and nothing says its kind. Never throws: what is broken stands in `problems`. */
export function readManifest(file: string, text: string, kind = manifestKind(file)): Manifest | undefined {
  switch (kind) {
    case undefined: return undefined
    case 'requirements': case 'constraints': return readRequirementsFile(file, text, kind)
    case 'pyproject': return readPyproject(file, text)
    case 'uv-lock': case 'poetry-lock': return readTomlLock(file, text, kind)
    case 'pipfile': return readPipfile(file, text)
    case 'pipfile-lock': return readPipfileLock(file, text)
    case 'setup-cfg': return readSetupCfg(file, text)
    case 'conda': return readCondaEnvironment(file, text)
    case 'dockerfile': return readDockerfile(file, text)
  }
}

/** Includes deeper than this are a chain that nobody wrote by hand. */
const MAX_INCLUDED = 200

export interface RequirementTree {
  /** The file itself first, then what it includes, each once. */
  readonly manifests: readonly Manifest[]
  /** Includes of the first file that cannot be followed: missing, unreadable, or a circle. */
  readonly problems: readonly ManifestProblem[]
}

/** A requirements file with its includes. A file that includes itself, by whatever way, is told and read once. */
export function readRequirementTree(files: Files, root: Manifest): RequirementTree {
  const manifests: Manifest[] = [root]
  const problems: ManifestProblem[] = []
  const pending: { manifest: Manifest; chain: readonly string[]; origin: ManifestProblem['range'] | undefined }[] = [{ manifest: root, chain: [root.file], origin: undefined }]
  const seen = new Set([root.file])
  for (let next = pending.pop(); next && manifests.length < MAX_INCLUDED; next = pending.pop()) {
    for (const include of next.manifest.includes) {
      if (/^[a-z]+:\/\//i.test(include.path)) continue
      const path = joinPath(folderOf(next.manifest.file), include.path)
      const origin = next.origin ?? include.range
      if (next.chain.includes(path)) {
        problems.push({ range: origin, message: path === root.file ? 'this file includes itself' : `${include.path} includes itself` })
        continue
      }
      if (seen.has(path)) continue
      seen.add(path)
      const text = files.readText(path, maxManifestBytes)
      if (isFailure(text)) {
        problems.push({ range: origin, message: `${include.path} cannot be read: ${text.message}` })
        continue
      }
      const manifest = readRequirementsFile(path, text, include.role)
      manifests.push(manifest)
      pending.push({ manifest, chain: [...next.chain, path], origin })
    }
  }
  return { manifests, problems }
}

export function folderOf(file: string): string {
  const slash = file.lastIndexOf('/')
  return slash <= 0 ? '/' : file.slice(0, slash)
}

/** `folder/path` with `.` and `..` resolved; an absolute path stays. */
export function joinPath(folder: string, path: string): string {
  const parts: string[] = []
  for (const part of (path.startsWith('/') ? path : `${folder}/${path}`).replaceAll('\\', '/').split('/')) {
    if (part === '..') parts.pop()
    else if (part !== '' && part !== '.') parts.push(part)
  }
  return `/${parts.join('/')}`
}

/** Manifests that were read, by their path: an edit elsewhere reads none of them again. */
const kept = new WeakMap<Files, Map<string, { readonly stamp: string; readonly manifest: Manifest | undefined }>>()

/** The manifest at a path; undefined for a file that is none or cannot be read. Read again only when the file has changed. */
export function manifestAt(files: Files, path: string, kind = manifestKind(path) ?? includedAs(files, path)): Manifest | undefined {
  if (kind === undefined) return undefined
  const stat = files.stat(path)
  if (!stat) return undefined
  const stamp = `${kind} ${String(stat.modified)} ${String(stat.bytes)}`
  const known = kept.get(files) ?? new Map<string, { stamp: string; manifest: Manifest | undefined }>()
  kept.set(files, known)
  const entry = known.get(path)
  if (entry?.stamp === stamp) return entry.manifest
  const text = files.readText(path, maxManifestBytes)
  const manifest = isFailure(text) ? undefined : readManifest(path, text, kind)
  known.set(path, { stamp, manifest })
  return manifest
}

/** `base.txt` is a requirements file where one beside it says `-r base.txt`. */
function includedAs(files: Files, path: string): ManifestKind | undefined {
  if (!/\.(?:txt|in|pip)$/.test(path)) return undefined
  const folder = folderOf(path)
  for (const beside of [folder, folderOf(folder)]) {
    for (const { name, kind } of files.list(beside) ?? []) {
      const file = `${beside === '/' ? '' : beside}/${name}`
      const known = kind === 'directory' ? undefined : manifestKind(file)
      if (known !== 'requirements' && known !== 'constraints') continue
      const include = manifestAt(files, file, known)?.includes.find((one) => joinPath(beside, one.path) === path)
      if (include) return include.role
    }
  }
  return undefined
}

/** The manifests of a folder and of those above it, up to `root`: what decides together about one installation. */
export function manifestsAround(files: Files, file: string, root: string): readonly Manifest[] {
  const found: Manifest[] = []
  let folder = folderOf(file)
  for (let up = 0; up < 32; up++) {
    const before = found.length
    for (const entry of files.list(folder) ?? []) {
      const path = `${folder === '/' ? '' : folder}/${entry.name}`
      if (entry.kind === 'directory' || path === file) continue
      const kind = manifestKind(path)
      const manifest = kind && manifestAt(files, path, kind)
      if (manifest) found.push(manifest)
    }
    // What these and the file itself include, by whatever names.
    const own = folder === folderOf(file) ? manifestAt(files, file) : undefined
    for (const { file: including, includes } of [...(own ? [own] : []), ...found.slice(before)]) {
      for (const { path, role } of includes) {
        const included = joinPath(folderOf(including), path)
        if (manifestKind(included) !== undefined || included === file || found.some((one) => one.file === included)) continue
        const manifest = manifestAt(files, included, role)
        if (manifest) found.push(manifest)
      }
    }
    if (folder === root || folder === '/' || folder.length <= root.length) break
    folder = folderOf(folder)
  }
  return found
}
