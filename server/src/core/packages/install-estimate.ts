/**
 * What a requirement that is not installed would bring: download and installed bytes by version, variant and platform,
 * alone and with what it pulls in. Everything here is an estimate or unknown with its reason.
 */

import { estimate, sum, unknown, type Figure } from '../measure/figure.ts'
import { broughtBy, pureRequirements } from './torch-brings.ts'
import { newestAllowed, pinnedVersion, torchOfCompanion, torchRelease, newestTorch } from './torch-releases.ts'
import { isKnownWheel, newestKnownVersion, wheelSize, type WheelPlatform, type WheelSize } from './wheel-sizes.ts'

export interface InstallQuestion {
  /** Normal form. */
  readonly key: string
  /** As PEP 508 writes it; empty for any version. */
  readonly specifier: string
  readonly platform: WheelPlatform
  /** `cpu`, `cu130`; undefined for what PyPI serves. */
  readonly variant?: string
}

export interface InstallEstimate {
  /** The version that is assumed, and why. */
  readonly version: string
  readonly because: string
  /** The wheel alone. */
  readonly alone: WheelSize
  /** With everything that it pulls in. */
  readonly together: WheelSize
}

/** The estimate; `undefined` for a package that the table does not know at all. */
export function estimateInstall(question: InstallQuestion): InstallEstimate | undefined {
  const chosen = assumedVersion(question)
  if (!chosen) return undefined
  const alone = sizeOf(question, chosen.version)
  if (question.key === 'torch') return { ...chosen, alone, together: addTorchRequirements(question, chosen.version, alone) }
  if (question.key !== 'torchvision' && question.key !== 'torchaudio') return { ...chosen, alone, together: alone }
  const release = torchOfCompanion(question.key, chosen.version)
  const reason = `which torch belongs to ${question.key} ${chosen.version} is not known`
  const torch = release && estimateInstall({ ...question, key: 'torch', specifier: `==${release.version}` })
  const rest = torch?.together ?? { download: unknown(reason), installed: unknown(reason) }
  const helpers = question.key === 'torchvision' ? ['numpy', 'pillow'].map((key) => pureSize(key, question.platform)) : []
  return { ...chosen, alone, together: add([alone, rest, ...helpers]) }
}

function assumedVersion(question: InstallQuestion): { readonly version: string; readonly because: string } | undefined {
  const { key, specifier } = question
  const pinned = pinnedVersion(specifier)
  if (pinned !== undefined) return isKnownWheel(key) ? { version: pinned.split('+')[0]!, because: `pinned to ${pinned}` } : undefined
  if (key === 'torch') {
    const release = newestAllowed(specifier)
    return release && { version: release.version, because: specifier === '' ? `not pinned: the newest known, ${release.version}` : `the newest known that ${specifier} allows, ${release.version}` }
  }
  const newest = key === 'torchvision' ? torchRelease(newestTorch)?.torchvision : newestKnownVersion(key)
  return newest === undefined ? undefined : { version: newest, because: `not pinned: the newest known, ${newest}` }
}

function sizeOf(question: InstallQuestion, version: string): WheelSize {
  const local = localOf(question)
  const exactly = wheelSize(question.key, local === undefined ? version : `${version}+${local}`, question.platform)
  // Companions on the CPU index are about as large as those on PyPI; torch is not, so it gets no such fallback.
  return exactly.download.value === null && question.key !== 'torch' && local === 'cpu' ? wheelSize(question.key, version, question.platform) : exactly
}

/** The local version part that the wheel has; macOS wheels have none, and Windows wheels on PyPI are CPU wheels. */
function localOf(question: InstallQuestion): string | undefined {
  const asked = question.variant ?? pinnedVersion(question.specifier)?.split('+')[1]
  if (asked === undefined || question.platform.startsWith('macos')) return undefined
  if (asked === 'cpu' && question.platform === 'windows-amd64') return undefined
  return asked
}

function addTorchRequirements(question: InstallQuestion, version: string, alone: WheelSize): WheelSize {
  const pure = pureRequirements.map((key) => pureSize(key, question.platform))
  const brought = broughtSizes(question, version)
  return add([alone, ...brought, ...pure])
}

/** CUDA and Triton wheels that come along; none for a CPU wheel, for other systems, and for wheels that carry CUDA inside. */
function broughtSizes(question: InstallQuestion, version: string): readonly WheelSize[] {
  const variant = localOf(question)
  if (variant === 'cpu' || !question.platform.startsWith('linux')) return []
  const [major = 0, minor = 0] = version.split('.').map(Number)
  // Linux on ARM got CUDA wheels with 2.11.
  if (question.platform === 'linux-aarch64' && (major < 2 || (major === 2 && minor < 11))) return []
  const release = torchRelease(version)
  const standard = release && `cu${release.defaultCuda.replace('.', '')}`
  if (variant !== undefined && variant !== standard) {
    const reason = `which CUDA packages torch ${version}+${variant} requires is not known here`
    return [{ download: unknown(reason), installed: unknown(reason) }]
  }
  const packages = broughtBy(version)
  if (packages) return packages.map((entry) => wheelSize(entry.key, entry.version, question.platform))
  const reason = `which CUDA packages torch ${version} requires is not known here`
  return [{ download: unknown(reason), installed: unknown(reason) }]
}

function pureSize(key: string, platform: WheelPlatform): WheelSize {
  const version = newestKnownVersion(key)
  return version === undefined ? { download: unknown(`${key} is not in the table`), installed: unknown(`${key} is not in the table`) } : wheelSize(key, version, platform)
}

function add(sizes: readonly WheelSize[]): WheelSize {
  return { download: total(sizes.map((size) => size.download)), installed: total(sizes.map((size) => size.installed)) }
}

/**
 * The sum, where an unknown part must not pass for nothing: without the wheel itself or without its CUDA packages the sum is
 * unknown; without one small requirement it is an estimate that names what is missing.
 */
function total(figures: readonly Figure[]): Figure {
  const missing = figures.filter((figure) => figure.certainty === 'unknown')
  const decisive = figures[0]?.certainty === 'unknown' ? figures[0] : missing.find((figure) => figure.reason?.startsWith('which '))
  if (decisive) return decisive
  const known = sum(figures.filter((figure) => figure.certainty !== 'unknown'))
  if (missing.length === 0 || known.value === null) return known
  return estimate(known.value, `without ${String(missing.length)} of its ${String(figures.length - 1)} requirements: ${missing[0]!.reason ?? 'unknown'}`)
}
