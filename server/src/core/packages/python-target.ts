/** The Python and the platform that an environment is for, and the marker variables that follow from them. */

import type { MarkerEnvironment } from './marker.ts'

export type TargetSystem = 'linux' | 'macos' | 'windows'

export interface PythonTarget {
  /** `3.11`; missing when nothing tells it. */
  readonly python?: string
  /** `3.11.7`, where it is known to the last digit. */
  readonly pythonFull?: string
  readonly system?: TargetSystem
  /** As `platform.machine()` says: `x86_64`, `aarch64`, `arm64`, `AMD64`. */
  readonly machine?: string
}

const SYSTEMS: Record<TargetSystem, { readonly sys: string; readonly platform: string; readonly os: string }> = {
  linux: { sys: 'linux', platform: 'Linux', os: 'posix' },
  macos: { sys: 'darwin', platform: 'Darwin', os: 'posix' },
  windows: { sys: 'win32', platform: 'Windows', os: 'nt' },
}

/** The marker variables of CPython on that target; what is not known is left out. */
export function markerEnvironment(target: PythonTarget): MarkerEnvironment {
  const variables = new Map<string, string>([['implementation_name', 'cpython'], ['platform_python_implementation', 'CPython']])
  if (target.python) variables.set('python_version', target.python)
  if (target.pythonFull ?? target.python) {
    const full = target.pythonFull ?? `${target.python!}.0`
    variables.set('python_full_version', full)
    variables.set('implementation_version', full)
  }
  if (target.system) {
    const names = SYSTEMS[target.system]
    variables.set('sys_platform', names.sys)
    variables.set('platform_system', names.platform)
    variables.set('os_name', names.os)
  }
  if (target.machine) variables.set('platform_machine', target.machine)
  return variables
}

/** What a wheel's compatibility tag (`cp311-cp311-manylinux_2_28_x86_64`) says about the target; pure wheels say nothing. */
export function targetOfTag(tag: string): PythonTarget {
  const [interpreter = '', , platform = ''] = tag.trim().split('-')
  const python = /^cp(\d)(\d+)$/.exec(interpreter)
  const machine = /(x86_64|aarch64|arm64|amd64|universal2|i686|win32)$/.exec(platform)?.[1]
  const system = platform.startsWith('macosx') ? 'macos' : platform.startsWith('win') ? 'windows' : /linux/.test(platform) ? 'linux' : undefined
  return {
    ...(python && machine ? { python: `${python[1]!}.${python[2]!}` } : {}),
    ...(system ? { system } : {}),
    ...(machine && machine !== 'universal2' ? { machine: system === 'windows' ? 'AMD64' : machine } : {}),
  }
}
