/**
 * Turns what an editor or a configuration file says (plain JSON-like data, of any shape) into Settings. A value of the
 * wrong kind is left out and named in `problems`; nothing throws.
 */

import { type Budget, type HintSetting, type RuleLevel, type Settings, type SettingDeclaration, declarations } from './settings.ts'

export interface SettingProblem {
  /** `hints.minimumBytes` */
  readonly key: string
  readonly message: string
}

/** Nested tables deeper than this are no setting of ours. */
const maxDepth = 4
const levels: readonly string[] = ['off', 'hint', 'information', 'warning', 'error']

/** Lays the given values over `base`. Keys may be nested (`{hints: {minimumBytes: 0}}`) or dotted (`{'hints.minimumBytes': 0}`). */
export function layerSettings(base: Settings, given: unknown): { settings: Settings; problems: readonly SettingProblem[] } {
  const problems: SettingProblem[] = []
  const flat = flatten(given)
  const read = (key: string): unknown => {
    const value = flat.get(key)
    if (value === undefined || value === null) return undefined
    const declaration = declarations.find((one) => one.key === key)!
    const wrong = mismatch(declaration, value)
    if (wrong) problems.push({ key, message: wrong })
    return wrong ? undefined : value
  }
  const hints = { ...base.hints }
  for (const kind of Object.keys(hints) as HintSetting[]) hints[kind] = (read(`hints.${kind}`) as boolean | undefined) ?? hints[kind]
  const { rules, ruleOptions } = readRules(base, flat, problems)
  const budgets = read('budget') as readonly Record<string, unknown>[] | undefined
  return {
    settings: {
      target: (read('target') as string | undefined) ?? base.target,
      targetLimit: (read('targetLimit') as number | undefined) ?? base.targetLimit,
      budgets: budgets?.map(toBudget) ?? base.budgets,
      hintMinimumBytes: (read('hints.minimumBytes') as number | undefined) ?? base.hintMinimumBytes,
      hints,
      lensMinimumParameters: (read('lenses.minimumParameters') as number | undefined) ?? base.lensMinimumParameters,
      exclude: (read('exclude') as readonly string[] | undefined) ?? base.exclude,
      python: (read('python') as string | undefined) ?? base.python,
      sitePackages: (read('sitePackages') as readonly string[] | undefined) ?? base.sitePackages,
      torchVersion: (read('torchVersion') as string | undefined) ?? base.torchVersion,
      units: (read('units') as 'decimal' | 'binary' | undefined) ?? base.units,
      rules,
      ruleOptions,
    },
    problems: [...problems, ...unknownKeys(flat)],
  }
}

/** Leaves one level of maps under each declared key: budgets stay whole, `rules.<id>.<option>` becomes its own entry. */
function flatten(given: unknown): ReadonlyMap<string, unknown> {
  const flat = new Map<string, unknown>()
  const visit = (value: unknown, path: string, depth: number): void => {
    const isTable = typeof value === 'object' && value !== null && !Array.isArray(value)
    if (isTable && depth < maxDepth) for (const [name, member] of Object.entries(value)) visit(member, path === '' ? name : `${path}.${name}`, depth + 1)
    else if (path !== '') flat.set(path, value)
  }
  visit(given, '', 0)
  return flat
}

function mismatch(declaration: SettingDeclaration, value: unknown): string | undefined {
  switch (declaration.type) {
    case 'string':
      if (typeof value !== 'string') return 'expected a string'
      return declaration.choices && !declaration.choices.includes(value) ? `expected one of ${declaration.choices.join(', ')}` : undefined
    case 'integer': return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0 ? undefined : 'expected a whole number from 0 up'
    case 'boolean': return typeof value === 'boolean' ? undefined : 'expected true or false'
    case 'strings': return Array.isArray(value) && value.every((one) => typeof one === 'string') ? undefined : 'expected a list of strings'
    case 'budgets': return Array.isArray(value) && value.every(isBudget) ? undefined : 'expected a list of tables with `path`, `warn` and `error`'
  }
}

function isBudget(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false
  const { path, warn, error } = value as Record<string, unknown>
  const isBytes = (bytes: unknown): boolean => bytes === undefined || (typeof bytes === 'number' && Number.isSafeInteger(bytes) && bytes >= 0)
  return (path === undefined || typeof path === 'string') && isBytes(warn) && isBytes(error)
}

function toBudget(value: Record<string, unknown>): Budget {
  return {
    path: typeof value.path === 'string' ? value.path : '**',
    ...(typeof value.warn === 'number' ? { warn: value.warn } : {}),
    ...(typeof value.error === 'number' ? { error: value.error } : {}),
  }
}

function readRules(base: Settings, flat: ReadonlyMap<string, unknown>, problems: SettingProblem[]): Pick<Settings, 'rules' | 'ruleOptions'> {
  const rules = new Map(base.rules)
  const ruleOptions = new Map([...base.ruleOptions].map(([id, options]) => [id, new Map(options)]))
  for (const [key, value] of flat) {
    const [, id, option] = /^rules\.([\w-]+)(?:\.([\w-]+))?$/.exec(key) ?? []
    if (id === undefined || value === null || value === undefined) continue
    if (option === undefined || option === 'level') {
      if (typeof value === 'string' && levels.includes(value)) rules.set(id, value as RuleLevel)
      else problems.push({ key, message: `expected one of ${levels.join(', ')}` })
    } else if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') {
      const options = ruleOptions.get(id) ?? new Map<string, string | number | boolean>()
      options.set(option, value)
      ruleOptions.set(id, options)
    }
  }
  return { rules, ruleOptions }
}

function unknownKeys(flat: ReadonlyMap<string, unknown>): SettingProblem[] {
  const known = new Set(declarations.map((one) => one.key))
  return [...flat.keys()]
    .filter((key) => !known.has(key) && !key.startsWith('rules.') && !key.startsWith('trace.'))
    .map((key) => ({ key, message: 'there is no such setting' }))
}
