/** Which names the standard library has, so that what is not modelled is Unknown and what does not exist raises as in Python. */

import type { NativeModule } from '../native.ts'
import type { Machine, Value } from '../value.ts'
import { PYTHON_NAMES } from './generated/python-names.ts'

const tables = new Map<string, ReadonlyMap<string, readonly [first: number, last: number]>>()

function namesOf(module: string): ReadonlyMap<string, readonly [number, number]> | undefined {
  const made = tables.get(module)
  if (made !== undefined) return made
  if (!Object.hasOwn(PYTHON_NAMES, module)) return undefined
  const names = new Map<string, readonly [number, number]>()
  for (const word of PYTHON_NAMES[module]!.split(' ')) {
    const [name, versions] = word.split('@')
    const [first, last] = (versions ?? '-').split('-')
    names.set(name!, [first === '' ? 0 : Number(first), last === '' || last === undefined ? Number.POSITIVE_INFINITY : Number(last)])
  }
  tables.set(module, names)
  return names
}

/** For `NativeModule.missing`: Unknown for a name that the module has in the Python in force, `undefined` otherwise. */
export function knownName(module: string): (m: Machine, name: string) => Value | undefined {
  return (m, name) => {
    const versions = namesOf(module)?.get(name)
    // Names with an underscore are no interface and not in the table: they may well exist.
    if (versions === undefined) return name.startsWith('_') && !name.startsWith('__') ? m.unknown(`${module}.${name} is not evaluated`) : undefined
    const minor = m.pythonVersion[1]
    return minor >= versions[0] && minor <= versions[1] ? m.unknown(`${module}.${name} is not evaluated`) : undefined
  }
}

/** Modules of the standard library that none of `modelled` stands for: their names exist and are Unknown. */
export function unmodelledModules(modelled: readonly NativeModule[]): NativeModule[] {
  const taken = new Set(modelled.map((one) => one.name))
  return Object.keys(PYTHON_NAMES).filter((name) => !taken.has(name)).map((name) => ({ name, build: () => ({}), missing: knownName(name) }))
}
