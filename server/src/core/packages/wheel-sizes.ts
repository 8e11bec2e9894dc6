/** The table of known wheels: download and unpacked bytes by name, version and platform, and what can be said where a row is missing. */

import { compare, valid } from '@renovatebot/pep440'
import { estimate, unknown, type Figure } from '../measure/figure.ts'
import { wheels } from './generated/wheels.ts'

/** A platform of the table. */
export type WheelPlatform = 'linux-x86_64' | 'linux-aarch64' | 'macos-arm64' | 'macos-x86_64' | 'windows-amd64'

interface WheelRow {
  readonly version: string
  readonly platform: string
  readonly download: number
  /** Undefined where nobody measured it. */
  readonly unpacked: number | undefined
}

let table: ReadonlyMap<string, readonly WheelRow[]> | undefined

function rowsOf(key: string): readonly WheelRow[] {
  table ??= readTable()
  return table.get(key) ?? []
}

function readTable(): ReadonlyMap<string, readonly WheelRow[]> {
  const rows = new Map<string, WheelRow[]>()
  for (const line of wheels.trim().split('\n')) {
    const [key, version, platform, download, unpacked] = line.split(' ') as [string, string, string, string, string]
    const row = { version, platform, download: Number(download), unpacked: unpacked === '0' ? undefined : Number(unpacked) }
    const known = rows.get(key)
    if (known) known.push(row)
    else rows.set(key, [row])
  }
  return rows
}

export interface WheelSize {
  readonly download: Figure
  readonly installed: Figure
}

/**
 * The size of one wheel. `version` carries its local part where one is meant (`2.13.0+cpu`). A missing version takes the size of
 * a release of the same line (`2.7.1` that of `2.7.0`) and says so; anything further away stays unknown.
 */
export function wheelSize(key: string, version: string, platform: WheelPlatform): WheelSize {
  const rows = rowsOf(key).filter((row) => row.platform === platform || row.platform === 'any')
  const row = rows.find((entry) => entry.version === version) ?? neighbour(rows, version)
  if (!row) {
    const reason = rows.length === 0 ? `no wheel of ${key} for ${platform} is in the table` : `${key} ${version} for ${platform} is not in the table`
    return { download: unknown(reason), installed: unknown(reason) }
  }
  const reason = row.version === version ? `the wheel of ${key} ${version} for ${row.platform}` : `taken from ${key} ${row.version}, the nearest known of its line`
  return { download: estimate(row.download, reason), installed: installedSize(key, row, rows, reason) }
}

function installedSize(key: string, row: WheelRow, rows: readonly WheelRow[], reason: string): Figure {
  if (row.unpacked !== undefined) return estimate(row.unpacked, reason)
  // Wheels of one package and variant compress alike; another package's ratio says nothing.
  const measured = [...rows, ...siblings(key, row.platform)].filter((entry) => entry.unpacked !== undefined && kindOf(entry.version) === kindOf(row.version))
  const nearest = measured.sort((a, b) => Math.abs(a.download - row.download) - Math.abs(b.download - row.download))[0]
  if (!nearest) return unknown(`nobody measured how large ${key} ${row.version} is unpacked`)
  const ratio = nearest.unpacked! / nearest.download
  return estimate(Math.round(row.download * ratio), `${reason}; unpacked at the ratio of ${key} ${nearest.version} (${ratio.toFixed(2)})`)
}

/** NVIDIA's wheels of another CUDA: `nvidia-cublas` for `nvidia-cublas-cu12`. */
function siblings(key: string, platform: string): readonly WheelRow[] {
  if (!key.startsWith('nvidia-')) return []
  const bare = key.replace(/-cu\d+$/, '')
  return [bare, `${bare}-cu13`, `${bare}-cu12`].filter((name) => name !== key).flatMap((name) => rowsOf(name)).filter((row) => row.platform === platform)
}

/** CPU wheels and CUDA wheels compress differently. */
function kindOf(version: string): string {
  const plus = version.indexOf('+')
  return plus < 0 ? '' : version.slice(plus + 1).replace(/\d.*$/, '')
}

/** The row of the same release line and variant that is nearest; of CPU wheels, which hardly change, of any line. */
function neighbour(rows: readonly WheelRow[], version: string): WheelRow | undefined {
  const [release = '', local = ''] = version.split('+')
  if (!valid(release)) return undefined
  const line = release.split('.').slice(0, 2).join('.')
  const same = rows.filter((row) => (row.version.split('+')[1] ?? '') === local && valid(row.version))
  const inLine = same.filter((row) => row.version.split('+')[0]!.split('.').slice(0, 2).join('.') === line)
  const candidates = inLine.length > 0 ? inLine : local === 'cpu' ? same : []
  return candidates.sort((a, b) => distance(a.version, release) - distance(b.version, release) || compare(b.version, a.version))[0]
}

function distance(version: string, other: string): number {
  const a = version.split('+')[0]!.split('.').map(Number)
  const b = other.split('.').map(Number)
  return Math.abs((a[0] ?? 0) - (b[0] ?? 0)) * 10_000 + Math.abs((a[1] ?? 0) - (b[1] ?? 0)) * 100 + Math.abs((a[2] ?? 0) - (b[2] ?? 0))
}

/** The newest version of a package in the table, for a pure dependency that is not pinned. */
export function newestKnownVersion(key: string): string | undefined {
  return rowsOf(key).map((row) => row.version).filter((version) => valid(version) && !version.includes('+')).sort((a, b) => compare(b, a))[0]
}

/** Whether the table has any wheel of that package. */
export function isKnownWheel(key: string): boolean {
  return rowsOf(key).length > 0
}
