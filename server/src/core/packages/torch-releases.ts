/**
 * Releases of torch: companions of the same release, Pythons that have a wheel, CUDA of the default Linux wheel.
 * Sources: the build matrices of pytorch/test-infra, the compatibility tables of pytorch/vision and replicate/cog, wheel METADATA (2026-10).
 */

import { compare, satisfies, valid } from '@renovatebot/pep440'

export interface TorchRelease {
  readonly version: string
  readonly torchvision: string
  /** Missing where the table does not know it; from 2.12 there is none: 2.11.0 is the last. */
  readonly torchaudio?: string
  /** Lowest and highest CPython with wheels, as `3.x` minors. */
  readonly python: readonly [number, number]
  /** CUDA variants (`cu118`) on the PyTorch index, as far as the table knows; none where only PyPI was seen. */
  readonly cuda: readonly string[]
  /** CUDA of the Linux x86_64 wheel on PyPI. */
  readonly defaultCuda: string
}

/** version, torchvision, torchaudio (`-`: none), Python minors, CUDA variants of the index (`-`: not known), default CUDA. */
const TABLE = `
2.15.0 0.29.2 - 11-15 - 13.2
2.14.1 0.29.1 - 10-14 126,130,132,134 13.0
2.14.0 0.29.0 - 10-14 126,130,132,134 13.0
2.13.0 0.28.0 - 10-14 126,130,132 13.0
2.12.1 0.27.1 - 10-14 126,130,132 13.0
2.12.0 0.27.0 - 10-14 126,130,132 13.0
2.11.0 0.26.0 2.11.0 10-14 126,128,130 13.0
2.10.0 0.25.0 2.10.0 10-14 126,128,130 12.8
2.9.1 0.24.1 2.9.1 10-14 126,128,130 12.8
2.9.0 0.24.0 2.9.0 10-14 126,128,130 12.8
2.8.0 0.23.0 2.8.0 9-13 126,128,129 12.8
2.7.1 0.22.1 2.7.1 9-13 118,126,128 12.6
2.7.0 0.22.0 2.7.0 9-13 118,126,128 12.6
2.6.0 0.21.0 2.6.0 9-13 118,124,126 12.4
2.5.1 0.20.1 2.5.1 9-12 118,121,124 12.4
2.5.0 0.20.0 2.5.0 9-12 118,121,124 12.4
2.4.1 0.19.1 2.4.1 8-12 118,121,124 12.1
2.4.0 0.19.0 2.4.0 8-12 118,121,124 12.1
2.3.1 0.18.1 2.3.1 8-12 118,121 12.1
2.3.0 0.18.0 2.3.0 8-12 118,121 12.1
2.2.2 0.17.2 2.2.2 8-12 118,121 12.1
2.2.1 0.17.1 2.2.1 8-12 118,121 12.1
2.2.0 0.17.0 2.2.0 8-12 118,121 12.1
2.1.2 0.16.2 2.1.2 8-11 118,121 12.1
2.1.1 0.16.1 2.1.1 8-11 118,121 12.1
2.1.0 0.16.0 2.1.0 8-11 118,121 12.1
2.0.1 0.15.2 2.0.2 8-11 117,118 11.7
2.0.0 0.15.1 2.0.1 8-11 117,118 11.7
1.13.1 0.14.1 0.13.1 7-10 116,117 11.7
1.13.0 0.14.0 0.13.0 7-10 116,117 11.7
1.12.1 0.13.1 0.12.1 7-10 102,113,116 10.2
1.12.0 0.13.0 0.12.0 7-10 102,113,116 10.2
1.11.0 0.12.0 0.11.0 7-10 102,113 10.2
`

/** The last torchaudio; from there on it works with every later torch. */
export const lastTorchaudio = '2.11.0'

/** Its METADATA asks for `torch>=2.14.0`, that of earlier ones for one exact torch. */
const firstStableTorchvision = { version: '0.29.1', torch: '2.14.0' }

/** Whether a companion works with more than the torch of its release, and with this one. */
export function isStableCompanion(companion: Companion, version: string, torch: string): boolean {
  return companion === 'torchvision' && compare(version, firstStableTorchvision.version) >= 0 && compare(torch, firstStableTorchvision.torch) >= 0
}

/** Newest first. */
export const torchReleases: readonly TorchRelease[] = TABLE.trim().split('\n').map((line): TorchRelease => {
  const [version, torchvision, torchaudio, python, cuda, defaultCuda] = line.split(' ') as [string, string, string, string, string, string]
  const [low, high] = python.split('-').map(Number) as [number, number]
  return { version, torchvision, ...(torchaudio === '-' ? {} : { torchaudio }), python: [low, high], cuda: cuda === '-' ? [] : cuda.split(',').map((digits) => `cu${digits}`), defaultCuda }
})

/** Releases whose builds on the PyTorch index are known: what is proposed is one of them. */
const settled = torchReleases.filter(({ cuda }) => cuda.length > 0)

export const newestTorch: string = settled[0]!.version

/** 1.13.1 has Linux wheels for Python 3.11 as well: uploaded for that platform alone. */
const LINUX_ONLY: ReadonlyMap<string, number> = new Map([['1.13.1', 11], ['1.13.0', 11]])

export function torchRelease(version: string): TorchRelease | undefined {
  const plain = version.split('+')[0]!
  return torchReleases.find((release) => sameVersion(release.version, plain))
}

function sameVersion(a: string, b: string): boolean {
  return valid(b) !== null && compare(a, b) === 0
}

/** Whether a release has a wheel for `3.12`; `undefined` where the table does not know the release or the Python. */
export function hasWheelFor(version: string, python: string, system?: string): boolean | undefined {
  const release = torchRelease(version)
  const minor = /^3\.(\d+)/.exec(python)?.[1]
  if (!release || minor === undefined) return undefined
  const high = system === 'linux' || system === undefined ? LINUX_ONLY.get(release.version) ?? release.python[1] : release.python[1]
  return Number(minor) >= release.python[0] && Number(minor) <= high
}

/** The newest known release that a specifier allows; of any version when it is empty. */
export function newestAllowed(specifier: string): TorchRelease | undefined {
  if (specifier === '') return settled[0]
  const isAllowed = (release: TorchRelease): boolean => satisfies(release.version, specifier) || satisfies(`${release.version}+cpu`, specifier)
  return settled.find(isAllowed) ?? torchReleases.find(isAllowed)
}

/** The one version that a specifier pins (`==2.1.0`, `===2.1.0+cpu`), wildcards excluded. */
export function pinnedVersion(specifier: string): string | undefined {
  return /^={2,3}([^,*]+)$/.exec(specifier)?.[1]
}

export type Companion = 'torchvision' | 'torchaudio'

/** The torch release that a companion's version belongs to. */
export function torchOfCompanion(companion: Companion, version: string): TorchRelease | undefined {
  const plain = version.split('+')[0]!
  return torchReleases.find((release) => {
    const known = release[companion]
    return known !== undefined && sameVersion(known, plain)
  })
}
