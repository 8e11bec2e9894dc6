/**
 * Finds Python environments from files alone: the chosen interpreter, VIRTUAL_ENV, CONDA_PREFIX, folders beside the
 * target, python3 on the PATH, the system. No interpreter is ever run. The first that holds torch is chosen; why is said.
 */

import type { Files } from '../core/ports.ts'
import type { EnvironmentLocation } from '../core/packages/environment.ts'
import type { PythonTarget, TargetSystem } from '../core/packages/python-target.ts'
import { interpreterSitePackages, prefixSitePackages, type HostMachine } from './interpreters.ts'

export interface DiscoveryOptions {
  /** Replaces discovery. */
  readonly sitePackages?: readonly string[]
  /** An interpreter (or the root of an environment) named by the user; replaces discovery. */
  readonly python?: string
  /** The interpreter that is selected in the editor. */
  readonly selected?: string
  /** Folders whose `.venv`, `venv` or `env`, and those of their parents, are looked at. */
  readonly startFolders: readonly string[]
  readonly machine: HostMachine
}

export interface EnvironmentCandidate {
  readonly label: string
  readonly sitePackages: readonly string[]
  readonly holdsTorch: boolean
}

export interface Discovery {
  readonly location: EnvironmentLocation
  /** Everything that was looked at, in order, for a person who wants another one. */
  readonly candidates: readonly EnvironmentCandidate[]
}

/** What is wrong with a folder or interpreter that the user named; one clear sentence. */
export interface DiscoveryFailure {
  readonly kind: 'failure'
  readonly message: string
}

const VENV_NAMES = ['.venv', 'venv', 'env', '.env']
/** Folders above the target that are looked at; deeper trees are no projects. */
const MAX_PARENTS = 64

/** Chooses the environment; a failure only when the user named one that is not there. */
export function discoverEnvironment(files: Files, options: DiscoveryOptions): Discovery | DiscoveryFailure {
  const target = hostTarget(options.machine)
  if (options.sitePackages && options.sitePackages.length > 0) {
    const missing = options.sitePackages.find((folder) => !files.list(folder))
    if (missing !== undefined) return { kind: 'failure', message: `${missing}: ${files.stat(missing) ? 'cannot be listed as a folder' : 'does not exist'}` }
    return { location: { sitePackages: options.sitePackages.map(withoutSlash), chosenBecause: 'named with --site-packages', target }, candidates: [] }
  }
  if (options.python !== undefined) {
    const found = interpreterSitePackages(files, options.python, options.machine)
    if (found.length === 0) return { kind: 'failure', message: `${options.python}: ${files.stat(options.python) ? 'no site-packages folder belongs to it' : 'does not exist'}` }
    return { location: { sitePackages: found, chosenBecause: `belongs to ${options.python} (--python)`, target }, candidates: [] }
  }
  const candidates: EnvironmentCandidate[] = []
  const seen = new Set<string>()
  for (const candidate of candidateFolders(files, options)) {
    if (candidate.sitePackages.length === 0) continue
    const identity = candidate.sitePackages.join('\n')
    if (seen.has(identity)) continue
    seen.add(identity)
    candidates.push({ ...candidate, holdsTorch: candidate.sitePackages.some((folder) => holdsTorch(files, folder)) })
  }
  const withTorch = candidates.find((candidate) => candidate.holdsTorch)
  const chosen = withTorch ?? candidates[0]
  if (!chosen) return { location: { sitePackages: [], chosenBecause: 'no Python environment was found', target }, candidates }
  const passed = candidates.slice(0, candidates.indexOf(chosen)).map((candidate) => candidate.label)
  const because = withTorch
    ? `${chosen.label}${passed.length > 0 ? ` (${passed.join(', ')} ${passed.length === 1 ? 'holds' : 'hold'} no torch)` : ''}`
    : `${chosen.label}; no environment that was found holds torch`
  return { location: { sitePackages: chosen.sitePackages, chosenBecause: because, target }, candidates }
}

function holdsTorch(files: Files, folder: string): boolean {
  return files.stat(`${folder}/torch`)?.kind === 'directory'
}

function withoutSlash(folder: string): string {
  const plain = folder.replaceAll('\\', '/')
  return plain.length > 1 ? plain.replace(/\/+$/, '') : plain
}

type Candidate = Omit<EnvironmentCandidate, 'holdsTorch'>

/** In the documented order; a generator, so that nothing below the chosen one costs more than it must. */
function* candidateFolders(files: Files, options: DiscoveryOptions): Generator<Candidate> {
  const { machine } = options
  if (options.selected !== undefined) yield { label: 'the interpreter selected in the editor', sitePackages: interpreterSitePackages(files, options.selected, machine) }
  for (const name of ['VIRTUAL_ENV', 'CONDA_PREFIX', 'UV_PROJECT_ENVIRONMENT']) {
    const prefix = machine.variables[name]
    if (prefix) yield { label: name, sitePackages: prefixSitePackages(files, withoutSlash(prefix), machine) }
  }
  for (const folder of parents(options.startFolders)) {
    for (const name of VENV_NAMES) {
      const prefix = `${folder}/${name}`
      if (files.stat(`${prefix}/pyvenv.cfg`) ?? files.stat(`${prefix}/conda-meta`)) yield { label: prefix, sitePackages: prefixSitePackages(files, prefix, machine) }
    }
  }
  yield* cachedEnvironments(files, options)
  for (const folder of (machine.variables.PATH ?? machine.variables.Path ?? '').split(machine.platform === 'win32' ? ';' : ':')) {
    for (const name of machine.platform === 'win32' ? ['python.exe'] : ['python3', 'python']) {
      const executable = `${withoutSlash(folder)}/${name}`
      if (folder === '' || files.stat(executable)?.kind !== 'file') continue
      yield { label: `${name} on the PATH (${executable})`, sitePackages: interpreterSitePackages(files, executable, machine, options.startFolders) }
    }
  }
  if (machine.platform !== 'win32') {
    yield { label: 'the system Python', sitePackages: interpreterSitePackages(files, '/usr/bin/python3', machine) }
  }
}

/** Poetry and Pipenv keep environments in a cache, named after the project. */
function* cachedEnvironments(files: Files, options: DiscoveryOptions): Generator<Candidate> {
  const { machine } = options
  const roots = [
    { tool: 'Poetry', folder: machine.platform === 'darwin' ? `${machine.home}/Library/Caches/pypoetry/virtualenvs` : `${machine.home}/.cache/pypoetry/virtualenvs` },
    { tool: 'Poetry', folder: machine.variables.POETRY_VIRTUALENVS_PATH ?? '' },
    { tool: 'Pipenv', folder: machine.variables.WORKON_HOME ?? `${machine.home}/.local/share/virtualenvs` },
  ]
  for (const { tool, folder } of roots) {
    if (folder === '') continue
    const environments = files.list(withoutSlash(folder))
    if (!environments) continue
    for (const start of options.startFolders) {
      const project = withoutSlash(start).split('/').at(-1)!.toLowerCase().replace(/[^a-z0-9]+/g, '-')
      for (const { name } of environments) {
        if (name.toLowerCase().replace(/[^a-z0-9]+/g, '-').startsWith(`${project}-`)) {
          const prefix = `${withoutSlash(folder)}/${name}`
          yield { label: `${tool} (${name})`, sitePackages: prefixSitePackages(files, prefix, machine) }
        }
      }
    }
  }
}

/** The folders and all their parents, nearest first, each once. */
function parents(folders: readonly string[]): string[] {
  const all = new Set<string>()
  for (const start of folders) {
    let folder = withoutSlash(start)
    for (let up = 0; up < MAX_PARENTS && folder !== ''; up++) {
      all.add(folder)
      const slash = folder.lastIndexOf('/')
      if (slash < 0) break
      folder = folder.slice(0, slash)
    }
  }
  return [...all]
}

const SYSTEMS: Readonly<Record<string, TargetSystem | undefined>> = { linux: 'linux', darwin: 'macos', win32: 'windows' }

function hostTarget(machine: HostMachine): PythonTarget {
  const system = SYSTEMS[machine.platform]
  const names: Record<string, string> = { x64: system === 'windows' ? 'AMD64' : 'x86_64', arm64: system === 'linux' ? 'aarch64' : system === 'windows' ? 'ARM64' : 'arm64' }
  const name = names[machine.architecture]
  return { ...(system ? { system } : {}), ...(name ? { machine: name } : {}) }
}
