/** The site-packages folders that belong to an interpreter or to the root of an environment, from the files around it. */

import * as os from 'node:os'
import type { Files } from '../core/ports.ts'

/** What the process knows of the machine it runs on; `currentMachine` reads it. */
export interface HostMachine {
  readonly variables: Readonly<Record<string, string | undefined>>
  readonly home: string
  readonly platform: string
  readonly architecture: string
}

/** The machine that this process runs on. */
export function currentMachine(): HostMachine {
  return { variables: process.env, home: os.homedir().replaceAll('\\', '/'), platform: process.platform, architecture: process.arch }
}

/**
 * The folders of an interpreter, in Python's own order. A virtual environment is known by the pyvenv.cfg above the
 * interpreter's folder, before links are followed; a pyenv shim by the version files that pyenv itself reads.
 */
export function interpreterSitePackages(files: Files, interpreter: string, machine: HostMachine, startFolders: readonly string[] = []): string[] {
  const path = interpreter.replaceAll('\\', '/')
  if (files.stat(path)?.kind === 'directory') return prefixSitePackages(files, path.replace(/\/+$/, ''), machine)
  const folder = parent(path)
  if (/\/shims$/.test(folder)) return pyenvSitePackages(files, parent(folder), machine, startFolders)
  for (const prefix of [parent(folder), folder]) {
    if (files.stat(`${prefix}/pyvenv.cfg`) ?? files.stat(`${prefix}/conda-meta`)) return prefixSitePackages(files, prefix, machine)
  }
  const real = files.realPath(path)
  if (real === undefined) return []
  const realFolder = parent(real)
  const version = /python(\d+\.\d+)$/.exec(real)?.[1]
  return prefixSitePackages(files, realFolder.endsWith('/bin') ? parent(realFolder) : realFolder, machine, version)
}

/** The folders below the root of an environment: `lib/pythonX.Y/site-packages`, `Lib/site-packages`, Debian's dist-packages. */
export function prefixSitePackages(files: Files, prefix: string, machine: HostMachine, version?: string): string[] {
  const found: string[] = []
  const add = (folder: string) => {
    if (!found.includes(folder) && files.list(folder)) found.push(folder)
  }
  const system = prefix === '/usr' || prefix === ''
  if (system && version !== undefined) add(`/usr/local/lib/python${version}/dist-packages`)
  const versions = (files.list(`${prefix}/lib`) ?? [])
    .filter((entry) => /^python\d+\.\d+t?$/.test(entry.name) && (version === undefined || entry.name === `python${version}`))
    .map((entry) => entry.name)
    .sort((a, b) => minor(b) - minor(a))
  // Several versions below one root (a distribution's /usr) are several environments: without a version the newest stands.
  for (const name of versions.slice(0, 1)) {
    add(`${prefix}/lib/${name}/site-packages`)
    if (system) add(`${prefix}/lib/${name}/dist-packages`)
  }
  if (system) add('/usr/lib/python3/dist-packages')
  add(`${prefix}/Lib/site-packages`)
  const configuration = files.readText(`${prefix}/pyvenv.cfg`, 65_536)
  if (typeof configuration === 'string' && /^include-system-site-packages\s*=\s*true/im.test(configuration)) {
    const home = /^home\s*=\s*(.+)$/m.exec(configuration)?.[1]?.trim().replaceAll('\\', '/')
    const base = home === undefined ? undefined : files.realPath(`${home}/python3`) ?? files.realPath(`${home}/python.exe`)
    if (base !== undefined) for (const folder of interpreterSitePackages(files, base, machine)) add(folder)
  }
  return found
}

/** The version that pyenv would choose: PYENV_VERSION, `.python-version` from the project upward, the global file. */
function pyenvSitePackages(files: Files, root: string, machine: HostMachine, startFolders: readonly string[]): string[] {
  const named = machine.variables.PYENV_VERSION ?? startFolders.map((folder) => versionFileAbove(files, folder)).find((name) => name !== undefined) ?? firstLine(files, `${root}/version`)
  const version = named?.split(':')[0]
  return version === undefined || version === 'system' || version.includes('/') ? [] : prefixSitePackages(files, `${root}/versions/${version}`, machine)
}

function versionFileAbove(files: Files, start: string): string | undefined {
  let folder = start
  for (let up = 0; up < 64 && folder !== ''; up++) {
    const line = firstLine(files, `${folder}/.python-version`)
    if (line) return line
    folder = parent(folder)
  }
  return undefined
}

function firstLine(files: Files, path: string): string | undefined {
  const text = files.readText(path, 4096)
  return typeof text === 'string' ? text.trim().split(/\s/)[0] : undefined
}

function parent(path: string): string {
  const slash = path.lastIndexOf('/')
  return slash < 0 ? '' : path.slice(0, slash)
}

function minor(name: string): number {
  return Number(/\.(\d+)/.exec(name)?.[1] ?? 0)
}
