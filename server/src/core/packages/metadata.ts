/**
 * METADATA and PKG-INFO (email headers, core metadata), and the requires.txt of egg-info. Broken lines become
 * problems; the rest is still read.
 */

import { isRequirementFailure, normalizeName, parseRequirement, type Requirement } from './requirement.ts'

export interface Metadata {
  readonly name: string
  readonly version: string
  /** As written, as PEP 508 has it; `requirementsOf` reads them, for most are never asked about. */
  readonly requirementTexts: readonly string[]
  readonly extras: readonly string[]
  readonly requiresPython?: string
  readonly problems: readonly string[]
}

/** Reads the headers; the description after the first empty line is not looked at. */
export function parseMetadata(text: string): Metadata {
  const requirementTexts: string[] = []
  const extras: string[] = []
  let name = ''
  let version = ''
  let requiresPython: string | undefined
  for (const { header, value } of headers(text)) {
    switch (header) {
      case 'name': name ||= value; break
      case 'version': version ||= value; break
      case 'requires-python': requiresPython = value; break
      case 'provides-extra': extras.push(normalizeName(value)); break
      case 'requires-dist': requirementTexts.push(value); break
    }
  }
  return { name, version, requirementTexts, extras, ...(requiresPython === undefined ? {} : { requiresPython }), problems: [] }
}

interface Requirements {
  readonly requires: readonly Requirement[]
  readonly problems: readonly string[]
}

const read = new WeakMap<readonly string[], Requirements>()
const readPlain = new WeakMap<readonly string[], Requirements>()

/** What metadata requires; lines that are no requirements are problems. Read when first asked, and kept. */
export function requirementsOf({ requirementTexts }: Pick<Metadata, 'requirementTexts'>): Requirements {
  return keptIn(read, requirementTexts, () => true)
}

/** As `requirementsOf`, without those that only an extra brings: most of what metadata lists, and seldom asked for. */
export function requirementsWithoutExtras({ requirementTexts }: Pick<Metadata, 'requirementTexts'>): Requirements {
  return keptIn(readPlain, requirementTexts, (text) => !needsExtra(text))
}

/** A marker in which all has to hold, `extra ==` too. */
function needsExtra(text: string): boolean {
  const semicolon = text.indexOf(';')
  return semicolon >= 0 && text.includes('extra', semicolon) && /\bextra\s*==/.test(text.slice(semicolon)) && !/\bor\b/.test(text.slice(semicolon))
}

function keptIn(kept: WeakMap<readonly string[], Requirements>, requirementTexts: readonly string[], isWanted: (text: string) => boolean): Requirements {
  let known = kept.get(requirementTexts)
  if (known) return known
  const requires: Requirement[] = []
  const problems: string[] = []
  for (const text of requirementTexts) {
    if (!isWanted(text)) continue
    const requirement = parseRequirement(text)
    if (isRequirementFailure(requirement)) problems.push(`\`${text.slice(0, 60)}\` is no requirement: ${requirement.message}`)
    else requires.push(requirement)
  }
  kept.set(requirementTexts, known = { requires, problems })
  return known
}

function* headers(text: string): Generator<{ header: string; value: string }> {
  let header = ''
  let value = ''
  let at = 0
  while (at < text.length) {
    const end = lineEnd(text, at)
    const line = text.slice(at, end).replace(/\r$/, '')
    at = end + 1
    if (line === '') break
    // A continuation belongs to the header above.
    if (line.startsWith(' ') || line.startsWith('\t')) {
      value += ` ${line.trim()}`
      continue
    }
    if (header !== '') yield { header, value }
    const colon = line.indexOf(':')
    header = colon < 0 ? '' : line.slice(0, colon).trim().toLowerCase()
    value = colon < 0 ? '' : line.slice(colon + 1).trim()
  }
  if (header !== '') yield { header, value }
}

function lineEnd(text: string, from: number): number {
  const end = text.indexOf('\n', from)
  return end < 0 ? text.length : end
}

/** The requires.txt of an egg-info folder: `[extra:marker]` sections of requirements. */
export function parseRequiresTxt(text: string): { readonly requirementTexts: readonly string[]; readonly extras: readonly string[] } {
  const requirementTexts: string[] = []
  const extras: string[] = []
  let condition = ''
  for (const raw of text.split('\n')) {
    const line = raw.trim()
    if (line === '' || line.startsWith('#')) continue
    const section = /^\[([^\]:]*)(?::(.*))?\]$/.exec(line)
    if (section) {
      const extra = section[1]!.trim()
      if (extra !== '') extras.push(normalizeName(extra))
      const parts = [extra === '' ? '' : `extra == '${extra}'`, section[2]?.trim() ? `(${section[2].trim()})` : '']
      condition = parts.filter((part) => part !== '').join(' and ')
      continue
    }
    requirementTexts.push(condition === '' || line.includes(';') ? line : `${line} ; ${condition}`)
  }
  return { requirementTexts, extras: [...new Set(extras)] }
}
