/**
 * Which names PyTorch has in the version in force: answers for `hasattr(torch, ...)` and guarded imports. Read from the
 * generated table of three versions; between two of them a name is certain only where both agree.
 */

import { MODULE_TABLE, NAME_TABLE, NAME_TABLE_VERSIONS } from './generated/torch-names.ts'

export type NameKind = 'module' | 'class' | 'layer' | 'function' | 'value'

/** What is known of a name: its kind where it exists, `absent`, or `unsure` between two versions of the table that disagree. */
export type NameAnswer = NameKind | 'absent' | 'unsure'

interface Entry {
  readonly kind: NameKind
  /** One bit per version of the table. */
  readonly mask: number
}

interface Listing {
  readonly mask: number
  readonly names: ReadonlyMap<string, Entry>
}

const KINDS: Readonly<Record<string, NameKind>> = { '/': 'module', '^': 'class', '*': 'layer', '=': 'value' }
const EVERY = (1 << NAME_TABLE_VERSIONS.length) - 1

let parsed: { readonly modules: ReadonlyMap<string, string>, readonly listed: Map<string, Listing>, readonly existing: ReadonlyMap<string, Entry> } | undefined

/** The table as maps; a module's own names are read when they are first asked for. */
function table(): NonNullable<typeof parsed> {
  if (parsed) return parsed
  const modules = new Map<string, string>()
  for (const line of NAME_TABLE.split('\n')) {
    const space = line.indexOf(' ')
    if (space > 0) modules.set(line.slice(0, line.indexOf('~')), line)
    else if (line !== '') modules.set(line.slice(0, line.indexOf('~')), line)
  }
  parsed = { modules, listed: new Map(), existing: readNames(MODULE_TABLE.split(' '), EVERY) }
  return parsed
}

function readNames(words: readonly string[], every: number): ReadonlyMap<string, Entry> {
  const names = new Map<string, Entry>()
  for (const word of words) {
    if (word === '') continue
    const kind = KINDS[word[0]!]
    const start = kind === undefined ? 0 : 1
    const tilde = word.indexOf('~')
    names.set(word.slice(start, tilde < 0 ? undefined : tilde), { kind: kind ?? 'function', mask: tilde < 0 ? every : Number(word.slice(tilde + 1)) })
  }
  return names
}

function listing(label: string): Listing | undefined {
  const { modules, listed } = table()
  const known = listed.get(label)
  if (known) return known
  const line = modules.get(label)
  if (line === undefined) return undefined
  const [head = '', ...words] = line.split(' ')
  const mask = Number(head.slice(head.indexOf('~') + 1))
  const made = { mask, names: readNames(words, mask) }
  listed.set(label, made)
  return made
}

/** Bits of the table's versions that bracket the version in force: one when it is in the table, else its neighbours. */
function bracket(version: string): number {
  const known = brackets.get(version)
  if (known !== undefined) return known
  const made = findBracket(version)
  // Few versions are in force in one process; a hostile one is no reason to keep them all.
  if (brackets.size < MAX_BRACKETS) brackets.set(version, made)
  return made
}

const brackets = new Map<string, number>()
const MAX_BRACKETS = 100

function findBracket(version: string): number {
  const compared = NAME_TABLE_VERSIONS.map((one) => compareVersions(one, version))
  const exact = compared.indexOf(0)
  if (exact >= 0) return 1 << exact
  const above = compared.findIndex((sign) => sign > 0)
  if (above === 0) return 1
  if (above < 0) return 1 << (compared.length - 1)
  return (1 << above) | (1 << (above - 1))
}

/** Compares the release numbers of two versions. */
export function compareVersions(a: string, b: string): number {
  const [left, right] = [releaseOf(a), releaseOf(b)]
  for (let i = 0; i < 3; i++) {
    const difference = left[i]! - right[i]!
    if (difference !== 0) return difference
  }
  return 0
}

/** The numbers of a version, those that it leaves out as 0. */
export function releaseOf(version: string): readonly [major: number, minor: number, micro: number] {
  const [major = 0, minor = 0, micro = 0] = version.split('+')[0]!.split('.').map((part) => Number.parseInt(part, 10) || 0)
  return [major, minor, micro]
}

function answer(entry: Entry | undefined, version: string): NameAnswer {
  if (!entry) return 'absent'
  const bits = bracket(version)
  if ((entry.mask & bits) === bits) return entry.kind
  return (entry.mask & bits) === 0 ? 'absent' : 'unsure'
}

/** A name of a torch module; `undefined` when the module's names are not listed. */
export function moduleName(version: string, module: string, name: string): NameAnswer | undefined {
  const names = listing(module)
  if (!names) return undefined
  return answer(names.names.get(name), version)
}

/** The names that a torch module has for certain; `undefined` when they are not listed, or differ between the versions around the one in force. */
export function moduleNames(version: string, module: string): string[] | undefined {
  const names = listing(module)
  if (!names) return undefined
  const answers = [...names.names].map(([name, entry]) => [name, answer(entry, version)] as const)
  return answers.some(([, found]) => found === 'unsure') ? undefined : answers.filter(([, found]) => found !== 'absent').map(([name]) => name)
}

/** Whether a module exists in the version in force. */
export function moduleExists(version: string, module: string): NameAnswer {
  const listed = listing(module)
  if (listed) return answer({ kind: 'module', mask: listed.mask }, version)
  const entry = table().existing.get(module)
  return entry ? answer({ kind: 'module', mask: entry.mask }, version) : 'absent'
}

/** Whether a class has an attribute: `undefined` when that differs between the versions around the one in force, or the class is not listed. */
export function classHas(version: string, label: string, name: string): boolean | undefined {
  const names = listing(label)
  if (!names) return undefined
  const found = answer(names.names.get(name), version)
  return found === 'unsure' ? undefined : found !== 'absent'
}

/** Every module of torch that exists in some version of the table. */
export function everyModule(): string[] {
  const { modules, existing } = table()
  return [...new Set([...[...modules.keys()].filter((label) => !label.includes(':')), ...existing.keys()])]
}
