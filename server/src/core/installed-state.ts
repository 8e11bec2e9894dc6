/** Which environment each workspace folder uses, read once and read again only when something was installed or chosen. */

import type { EnvironmentLocation } from './packages/environment.ts'
import type { MeasureFolder } from './packages/installed-bytes.ts'
import { environmentStamp, InstalledPackages } from './packages/installed-packages.ts'
import type { PythonTarget } from './packages/python-target.ts'
import type { WheelPlatform } from './packages/wheel-sizes.ts'
import type { Files } from './ports.ts'
import type { Installed } from './rules/facts.ts'

export interface EnvironmentQuestion {
  /** Replaces the search. */
  readonly sitePackages: readonly string[]
  /** An interpreter that settings name; replaces the search. */
  readonly python?: string
  /** The interpreter that is selected in the editor. */
  readonly selected?: string
  /** Folders whose virtual environments, and those above them, are looked at. */
  readonly startFolders: readonly string[]
}

/** Finds an environment from files; host/ implements it. */
export type FindEnvironment = (question: EnvironmentQuestion) => EnvironmentLocation | { readonly kind: 'failure'; readonly message: string }

interface Kept {
  readonly location: EnvironmentLocation
  readonly stamp: string
  readonly installed: Installed
}

export class InstalledState {
  readonly #files: Files
  readonly #find: FindEnvironment | undefined
  readonly #measureFolder: MeasureFolder | undefined
  readonly #kept = new Map<string, Kept>()
  /** Questions whose environment is known to be current: no look at the disk until `recheck`. */
  readonly #current = new Map<string, Installed>()

  constructor(files: Files, find: FindEnvironment | undefined, measureFolder: MeasureFolder | undefined) {
    this.#files = files
    this.#find = find
    this.#measureFolder = measureFolder
  }

  /** Something on the disk or in the choice of interpreter has changed: the next question looks again. */
  recheck(): void {
    this.#current.clear()
  }

  of(question: EnvironmentQuestion): Installed {
    const key = JSON.stringify(question)
    let installed = this.#current.get(key)
    if (!installed) this.#current.set(key, installed = this.#look(question, key))
    return installed
  }

  #look(question: EnvironmentQuestion, key: string): Installed {
    const location = this.#find?.(question)
    if (!location || 'kind' in location) return { packages: undefined, because: location?.message ?? 'no Python environment was looked for', platform: platformOf({}) }
    if (location.sitePackages.length === 0) return { packages: undefined, because: location.chosenBecause, platform: platformOf(location.target) }
    const stamp = environmentStamp(this.#files, location)
    const kept = this.#kept.get(key)
    if (kept?.stamp === stamp && kept.location.sitePackages.join() === location.sitePackages.join()) return kept.installed
    const packages = new InstalledPackages(this.#files, location, this.#measureFolder)
    const installed = { packages, because: location.chosenBecause, platform: platformOf(packages.environment.target) }
    this.#kept.set(key, { location, stamp, installed })
    return installed
  }
}

/** The wheel platform of a machine; Linux on x86-64 where nothing tells. */
function platformOf(target: PythonTarget): WheelPlatform {
  const isArm = /^(?:arm64|aarch64)$/i.test(target.machine ?? '')
  switch (target.system) {
    case 'macos': return isArm ? 'macos-arm64' : 'macos-x86_64'
    case 'windows': return 'windows-amd64'
    default: return isArm ? 'linux-aarch64' : 'linux-x86_64'
  }
}
