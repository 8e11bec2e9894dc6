/** The version that a project's requirement files ask of a package. A first look for hints; manifests/ reads them in full. */

import { isRequirementFailure, parseRequirement } from '../packages/requirement.ts'
import type { Files } from '../ports.ts'

/** Requirement files larger than this are lock files of something else. */
const maxBytes = 1_000_000
const names = /^[\w.-]*requirements[\w.-]*\.(?:txt|in)$/i

/** Specifiers (`==2.13.0`) by normal form of the name, from the requirement files of the nearest folder that has any. */
export function readPins(files: Files, folders: readonly string[]): ReadonlyMap<string, string> {
  for (const folder of folders) {
    const pins = new Map<string, string>()
    const entries = (files.list(folder) ?? []).filter((entry) => entry.kind !== 'directory' && names.test(entry.name))
    // requirements.txt itself speaks first, requirements-dev.txt and the like after it.
    entries.sort((a, b) => a.name.length - b.name.length || a.name.localeCompare(b.name))
    for (const entry of entries) {
      const text = files.readText(`${folder}/${entry.name}`, maxBytes)
      if (typeof text !== 'string') continue
      for (const line of text.split(/\r?\n/)) {
        const plain = line.replace(/(?:^|\s)#.*$/, '').replace(/\s--?\w.*$/, '').trim()
        if (plain === '' || plain.startsWith('-')) continue
        const requirement = parseRequirement(plain)
        if (!isRequirementFailure(requirement) && !pins.has(requirement.key)) pins.set(requirement.key, requirement.specifier)
      }
    }
    if (pins.size > 0) return pins
  }
  return new Map()
}
