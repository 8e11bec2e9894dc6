/**
 * uv.lock, poetry.lock, pdm.lock and Pipfile.lock: what was resolved, with the bytes of the wheels where the lock states them.
 * Read line by line, for a lock of ten megabytes is nothing unusual; nothing else in them is looked at.
 */

import { normalizeName } from '../packages/requirement.ts'
import { LineIndex } from '../text/line-index.ts'
import type { Manifest, ManifestProblem, ManifestRequirement } from './manifest.ts'

export interface LockedPackage {
  readonly key: string
  readonly version: string
  /** The index or registry it came from, as the lock names it. */
  readonly registry?: string
  readonly wheels: readonly { readonly file: string; readonly bytes?: number }[]
  readonly requirement: ManifestRequirement
}

export interface LockManifest extends Manifest {
  readonly packages: readonly LockedPackage[]
}

export function readTomlLock(file: string, text: string, kind: 'uv-lock' | 'poetry-lock'): LockManifest {
  const index = new LineIndex(text)
  const packages: LockedPackage[] = []
  let name: { value: string; start: number; end: number } | undefined
  let version = ''
  let registry: string | undefined
  let wheels: { file: string; bytes?: number }[] = []
  let inPackage = false
  let at = 0
  const finish = () => {
    if (inPackage && name) {
      const range = index.range(name.start, name.end)
      packages.push({
        key: normalizeName(name.value), version, wheels, ...(registry === undefined ? {} : { registry }),
        requirement: { name: name.value, key: normalizeName(name.value), extras: [], specifier: version === '' ? '' : `==${version}`, range, nameRange: range, idiom: 'lock', group: 'main', dev: false, hashed: true, ...(registry === undefined ? {} : { source: registry }) },
      })
    }
    name = undefined
    version = ''
    registry = undefined
    wheels = []
  }
  while (at < text.length) {
    let end = text.indexOf('\n', at)
    if (end < 0) end = text.length
    const line = text.slice(at, end)
    if (line.startsWith('[')) {
      if (line.startsWith('[[package]]')) {
        finish()
        inPackage = true
      } else if (!line.startsWith('[package.')) {
        finish()
        inPackage = false
      } else if (/^\[package\.source\]/.test(line)) registry ??= ''
    } else if (inPackage) {
      const field = line.charCodeAt(0) === 32 ? null : /^(name|version|url|reference)\s*=\s*"([^"]*)"/.exec(line)
      if (field?.[1] === 'name' && !name) name = { value: field[2]!, start: at + line.indexOf(field[2]!, 6), end: at + line.indexOf(field[2]!, 6) + field[2]!.length }
      else if (field?.[1] === 'version' && version === '') version = field[2]!
      else if (field?.[1] === 'url' && registry === '') registry = field[2]!
      else if (line.startsWith('source = ')) registry = /registry = "([^"]+)"/.exec(line)?.[1]
      const wheel = line.includes('.whl"') ? /(?:url|file) = "([^"]*\.whl)"/.exec(line) : null
      if (wheel) {
        const size = /size = (\d+)/.exec(line)?.[1]
        wheels.push({ file: wheel[1]!.split('/').at(-1)!.replace(/%2B/gi, '+'), ...(size === undefined ? {} : { bytes: Number(size) }) })
      }
    }
    at = end + 1
  }
  finish()
  return { file, kind, requirements: packages.map((entry) => entry.requirement), indexes: [], includes: [], problems: noPackages(packages, text, index), packages }
}

function noPackages(packages: readonly LockedPackage[], text: string, index: LineIndex): readonly ManifestProblem[] {
  return packages.length === 0 && text.trim() !== '' && !/^version\s*=/m.test(text.slice(0, 2000)) && !/^#|^\[metadata\]/m.test(text.slice(0, 2000)) ? [{ range: index.range(0, 0), message: 'no locked package is found in this file' }] : []
}

export function readPipfileLock(file: string, text: string): LockManifest {
  const index = new LineIndex(text)
  const packages: LockedPackage[] = []
  const problems: ManifestProblem[] = []
  let parsed: unknown
  try {
    parsed = JSON.parse(text)
  } catch (error) {
    problems.push({ range: index.range(0, 0), message: `not JSON: ${(error as Error).message}` })
  }
  for (const group of ['default', 'develop']) {
    const members = (parsed as Record<string, unknown> | undefined)?.[group]
    if (typeof members !== 'object' || members === null) continue
    const groupAt = text.indexOf(`"${group}"`)
    // Members stand in the order of the text: each is looked for after the one before it.
    let last = groupAt
    for (const [name, value] of Object.entries(members as Record<string, unknown>)) {
      const fields = typeof value === 'object' && value !== null ? value as Record<string, unknown> : {}
      const version = typeof fields.version === 'string' ? fields.version : ''
      const after = text.indexOf(`"${name}"`, last)
      const start = Math.max(0, after < 0 ? text.indexOf(`"${name}"`, groupAt) : after) + 1
      last = after < 0 ? last : start
      const range = index.range(start, start + name.length)
      const registry = typeof fields.index === 'string' ? fields.index : undefined
      packages.push({
        key: normalizeName(name), version: version.replace(/^==/, ''), wheels: [], ...(registry === undefined ? {} : { registry }),
        requirement: { name, key: normalizeName(name), extras: [], specifier: version, range, nameRange: range, idiom: 'lock', group: group === 'default' ? 'main' : 'dev', dev: group !== 'default', hashed: true, ...(registry === undefined ? {} : { source: registry }) },
      })
    }
  }
  return { file, kind: 'pipfile-lock', requirements: packages.map((entry) => entry.requirement), indexes: [], includes: [], problems, packages }
}
