/**
 * One dependency as PEP 508 writes it (`name[extra] >=1 ; marker`), read from METADATA and from manifests.
 * Owns its grammar and the normal form of names (PEP 503); markers are evaluated in marker.ts.
 */

import { parseMarker, type Marker } from './marker.ts'

export interface Requirement {
  /** As written. */
  readonly name: string
  /** The normal form: lower case, runs of `-_.` as one `-`. */
  readonly key: string
  readonly extras: readonly string[]
  /** `>=1,<2` without spaces around; empty for any version, and for a URL. */
  readonly specifier: string
  readonly url?: string
  readonly marker?: Marker
  readonly markerText?: string
}

export interface RequirementFailure {
  readonly kind: 'failure'
  readonly message: string
}

/** The normal form of a distribution name (PEP 503). */
export function normalizeName(name: string): string {
  return name.toLowerCase().replace(/[-_.]+/g, '-')
}

const NAME = /^\s*([A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?)\s*/
const EXTRAS = /^\[([^\]]*)\]\s*/
const EXTRA = /^[A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?$/
const CLAUSE = /^(?:===|==|~=|!=|<=|>=|<|>)\s*[A-Za-z0-9*.!+_-]+$/
/** Longer than any requirement seen; a marker of this length is hostile or broken. */
const MAX_LENGTH = 16_384

/** Reads one PEP 508 requirement; anything else is a failure with one clear sentence. */
export function parseRequirement(text: string): Requirement | RequirementFailure {
  if (text.length > MAX_LENGTH) return failure('the requirement is too long')
  const named = NAME.exec(text)
  if (!named) return failure('a requirement starts with the name of a package')
  const name = named[1]!
  let rest = text.slice(named[0].length)
  let extras: string[] = []
  const bracket = EXTRAS.exec(rest)
  if (bracket) {
    extras = bracket[1]!.split(',').map((extra) => extra.trim()).filter((extra) => extra !== '')
    if (extras.some((extra) => !EXTRA.test(extra))) return failure(`\`${bracket[0].trim()}\` is not a list of extras`)
    rest = rest.slice(bracket[0].length)
  }
  const base = { name, key: normalizeName(name), extras: extras.map(normalizeName) }
  if (rest.startsWith('@')) {
    const body = rest.slice(1).trim()
    const split = /\s;/.exec(body)
    const url = (split ? body.slice(0, split.index) : body).trim()
    if (url === '') return failure(`\`${name} @\` needs a URL`)
    return withMarker({ ...base, specifier: '', url }, split ? body.slice(split.index + 2) : undefined)
  }
  const semicolon = rest.indexOf(';')
  let specifier = (semicolon < 0 ? rest : rest.slice(0, semicolon)).trim()
  if (specifier.startsWith('(') && specifier.endsWith(')')) specifier = specifier.slice(1, -1).trim()
  const clauses = specifier === '' ? [] : specifier.split(',').map((clause) => clause.trim()).filter((clause) => clause !== '')
  const wrong = clauses.find((clause) => !CLAUSE.test(clause))
  if (wrong !== undefined) return failure(`\`${shorten(wrong)}\` is not a version specifier`)
  const joined = clauses.map((clause) => clause.replace(/\s+/g, '')).join(',')
  return withMarker({ ...base, specifier: joined }, semicolon < 0 ? undefined : rest.slice(semicolon + 1))
}

function withMarker(requirement: Requirement, markerText: string | undefined): Requirement | RequirementFailure {
  const text = markerText?.trim()
  if (!text) return requirement
  const marker = parseMarker(text)
  if (marker === undefined) return failure(`\`${shorten(text)}\` is not an environment marker`)
  return { ...requirement, marker, markerText: text }
}

function failure(message: string): RequirementFailure {
  return { kind: 'failure', message }
}

export function isRequirementFailure(value: Requirement | RequirementFailure): value is RequirementFailure {
  return 'kind' in value
}

function shorten(text: string): string {
  return text.length > 60 ? `${text.slice(0, 57)}...` : text
}
