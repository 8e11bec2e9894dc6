/**
 * An installed environment: its site-packages folders, the distributions in them, and the Python they are for.
 * Reading it is the first, fast answer; exact bytes come from a walk (ownership.ts says whose each file is).
 */

import type { DirectoryEntry, Files } from '../ports.ts'
import { readDistribution, wheelTag, type Distribution } from './distribution.ts'
import { requirementsOf } from './metadata.ts'
import { targetOfTag, type PythonTarget } from './python-target.ts'

/** Where an environment was found, and the reason that is shown to people. */
export interface EnvironmentLocation {
  readonly sitePackages: readonly string[]
  readonly chosenBecause: string
  /** What the host knows of the machine; what the environment itself says goes first. */
  readonly target: PythonTarget
}

export interface InstalledEnvironment extends EnvironmentLocation {
  /** By normal form of the name; the first folder that has it wins, as in Python's own search. */
  readonly distributions: ReadonlyMap<string, Distribution>
  /** The entries of each site-packages folder, as listed. */
  readonly entries: ReadonlyMap<string, readonly DirectoryEntry[]>
  /** What could not be read; the rest is there. */
  readonly problems: readonly EnvironmentProblem[]
  /** What is unusual, but was read in full. */
  readonly notes: readonly EnvironmentProblem[]
}

export interface EnvironmentProblem {
  readonly path: string
  readonly message: string
}

/** Reads what is installed. An unreadable folder is a problem in the result; the others are still read. */
export function readEnvironment(files: Files, location: EnvironmentLocation): InstalledEnvironment {
  const distributions = new Map<string, Distribution>()
  const entries = new Map<string, readonly DirectoryEntry[]>()
  const problems: EnvironmentProblem[] = []
  const notes: EnvironmentProblem[] = []
  for (const sitePackages of location.sitePackages) {
    const listed = files.list(sitePackages)
    if (!listed) {
      problems.push({ path: sitePackages, message: 'the folder cannot be listed' })
      continue
    }
    entries.set(sitePackages, listed)
    for (const entry of listed) {
      if (entry.name.startsWith('~')) notes.push({ path: `${sitePackages}/${entry.name}`, message: 'left over from an uninstallation that broke off' })
      const distribution = readDistribution(files, sitePackages, entry)
      if (!distribution) continue
      for (const message of distribution.problems) problems.push({ path: distribution.folder, message })
      for (const message of distribution.notes) notes.push({ path: distribution.folder, message })
      const known = distributions.get(distribution.key)
      if (!known || (known.sitePackages === sitePackages && !known.hasRecord && distribution.hasRecord)) distributions.set(distribution.key, distribution)
      else if (known.sitePackages === sitePackages) notes.push({ path: distribution.folder, message: `${distribution.name} is installed twice here; ${known.version} is taken` })
    }
  }
  const target = { ...location.target, ...inferTarget(files, distributions, entries) }
  return { ...location, target, distributions, entries, problems, notes }
}

/** Requirements of installed packages that cannot be read; they are missing from every closure. */
export function requirementProblems(environment: InstalledEnvironment): readonly EnvironmentProblem[] {
  return [...environment.distributions.values()].flatMap((distribution) => requirementsOf(distribution).problems.map((message) => ({ path: distribution.folder, message })))
}

/** Packages whose files have to be found by their names, for a list of what is unusual. */
export function recordNotes(environment: InstalledEnvironment): readonly EnvironmentProblem[] {
  return [...environment.distributions.values()].filter(({ kind, hasRecord }) => kind === 'dist-info' && !hasRecord).map(({ folder }) => ({ path: folder, message: 'RECORD is missing; its files are found by their top-level names' }))
}

/**
 * The Python and platform that the files themselves speak of: pyvenv.cfg above the folder, `pythonX.Y` in its path,
 * the tag of an installed wheel, the names of compiled modules.
 */
function inferTarget(files: Files, distributions: ReadonlyMap<string, Distribution>, entries: ReadonlyMap<string, readonly DirectoryEntry[]>): PythonTarget {
  let target: PythonTarget = {}
  const compiled = distributions.get('torch') ?? distributions.get('numpy')
  const tag = compiled && wheelTag(files, compiled)
  if (tag !== undefined) target = targetOfTag(tag)
  for (const [folder, listed] of entries) {
    for (const entry of listed) {
      const named = /\.cpython-(\d)(\d+)t?-(?:([a-z0-9_]+)-)?(linux|darwin)/.exec(entry.name)
      if (!named) continue
      target = { python: `${named[1]!}.${named[2]!}`, system: named[4] === 'linux' ? 'linux' : 'macos', ...(named[3] ? { machine: named[3] } : {}), ...target }
      break
    }
    const inPath = /\/python(\d+\.\d+)t?\/(?:site|dist)-packages$/.exec(folder)?.[1]
    if (inPath) target = { ...target, python: inPath }
    const configured = pyvenvVersion(files, folder)
    if (configured) {
      const short = /^\d+\.\d+/.exec(configured)![0]
      target = { ...target, python: short, ...(configured === short ? {} : { pythonFull: configured }) }
    }
  }
  return target
}

/** The version that `pyvenv.cfg` of a virtual environment states, two or three folders above site-packages. */
function pyvenvVersion(files: Files, sitePackages: string): string | undefined {
  const parts = sitePackages.split('/')
  for (const up of [3, 2]) {
    const text = files.readText([...parts.slice(0, -up), 'pyvenv.cfg'].join('/'), 65_536)
    const version = typeof text === 'string' ? /^version(?:_info)?\s*=\s*(\d+\.\d+(?:\.\d+)?)/m.exec(text)?.[1] : undefined
    if (version) return version
  }
  return undefined
}
