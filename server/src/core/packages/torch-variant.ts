/** Which build of torch is installed: its full version and variant (cpu, cuNNN, rocm, xpu, distribution). */

import type { Files } from '../ports.ts'
import { installerOf } from './distribution.ts'
import type { InstalledEnvironment } from './environment.ts'

export interface InstalledTorch {
  /** As `torch.__version__` says where torch/version.py is there, with its local part; else the version of METADATA. */
  readonly version: string
  readonly distributionVersion: string
  readonly variant: string
  /** What the variant was read from. */
  readonly because: string
}

/** The installed torch, or `undefined`. The variant is `unknown` only when neither version nor files tell it. */
export function installedTorch(files: Files, environment: InstalledEnvironment): InstalledTorch | undefined {
  const distribution = environment.distributions.get('torch') ?? environment.distributions.get('pytorch')
  if (!distribution) return undefined
  const folder = `${distribution.sitePackages}/torch`
  const read = files.readText(`${folder}/version.py`, 65_536)
  const source = typeof read === 'string' ? read : ''
  const version = /^__version__\s*(?::[^=]*)?=\s*['"]([^'"]+)['"]/m.exec(source)?.[1] ?? distribution.version
  const known = { version, distributionVersion: distribution.version }
  const local = localPart(version) ?? localPart(distribution.version)
  const named = local === undefined ? undefined : variantOfLocal(local)
  if (named !== undefined) return { ...known, variant: named, because: `its version says +${local!}` }
  const cuda = stringOf(source, 'cuda')
  if (cuda) return { ...known, variant: `cu${cuda.split('.').slice(0, 2).join('')}`, because: `torch/version.py says CUDA ${cuda}` }
  if (stringOf(source, 'hip') ?? stringOf(source, 'rocm')) return { ...known, variant: 'rocm', because: 'torch/version.py says ROCm' }
  if (stringOf(source, 'xpu')) return { ...known, variant: 'xpu', because: 'torch/version.py says XPU' }
  if (installerOf(files, distribution) === 'system') return { ...known, variant: 'distribution', because: 'no installer signed it: the system brought it' }
  const names = new Set((files.list(`${folder}/lib`) ?? []).map((entry) => entry.name))
  for (const [variant, library] of [['cuda', 'torch_cuda'], ['rocm', 'torch_hip'], ['xpu', 'torch_xpu']] as const) {
    if (names.has(`lib${library}.so`) || names.has(`${library}.dll`)) return { ...known, variant, because: `torch/lib holds ${library}` }
  }
  if (source !== '' && /^cuda\b.*=\s*None/m.test(source)) return { ...known, variant: 'cpu', because: 'torch/version.py says no CUDA, ROCm or XPU' }
  if (names.size > 0) return { ...known, variant: 'cpu', because: 'torch/lib holds no CUDA, ROCm or XPU library' }
  return { ...known, variant: 'unknown', because: 'neither its version nor its files tell it' }
}

/** The local part of a version (`cpu` of `2.13.0+cpu`). */
export function localPart(version: string): string | undefined {
  const plus = version.indexOf('+')
  return plus < 0 ? undefined : version.slice(plus + 1)
}

/** `cpu`, `cu130`, `rocm6.4`, `xpu` of a local version part; anything else tells nothing. */
export function variantOfLocal(local: string): string | undefined {
  return /^(cpu(?:\.cxx11\.abi)?|cu\d{2,3}|rocm[\d.]+|xpu)$/.test(local) ? local.replace('.cxx11.abi', '') : undefined
}

function stringOf(source: string, name: string): string | undefined {
  return new RegExp(`^${name}\\s*(?::[^=]*)?=\\s*['"]([^'"]+)['"]`, 'm').exec(source)?.[1]
}
