/**
 * The fast measure of a distribution: the sizes that its RECORD states, completed for entries without a size.
 * The exact measure is a walk; this one is an estimate by definition, and says so.
 */

import type { Files } from '../ports.ts'
import { isFailure } from '../ports.ts'
import { estimate, unknown, type Figure } from '../measure/figure.ts'
import { readBytes } from './decode.ts'
import type { Distribution } from './distribution.ts'
import type { InstalledEnvironment } from './environment.ts'
import { topLevelClaims } from './ownership.ts'
import { recordPathAt, recordPaths, sumRecord, type RecordTotals } from './record.ts'

export interface FolderSize {
  readonly bytes: number
  readonly files: number
  /** Files outside the folder that its links lead to. */
  readonly outside?: readonly { readonly target: string; readonly bytes: number }[]
}

/** Bytes and files below a path, links not followed; the host has a faster one than `folderMeter`. */
export type MeasureFolder = (path: string) => FolderSize

export interface FastSize {
  readonly bytes: Figure
  readonly files: number
  /** Libraries elsewhere that it links to (Debian's torch); known only where its folders were measured. */
  readonly outside: readonly { readonly target: string; readonly bytes: number }[]
  /** What is wrong with its RECORD, in one sentence. */
  readonly problem?: string
}

/** The largest RECORD seen has 1.5 MB; one of 64 MB is broken or hostile. */
const MAX_RECORD = 64 << 20
/**
 * Compiled bytecode stands in RECORD without its size. A first answer looks up the bytecode of a few sources and takes the
 * rest in proportion to its sources, whose sizes RECORD has: one for each so many bytes of source, within these bounds.
 */
const SOURCE_BYTES_PER_LOOK = 150_000
const MIN_LOOKS = 3
const MAX_LOOKS = 48
/** Bytes that bytecode of an empty source has, and a little: small sources count for more than their size. */
const BYTECODE_BASE = 1_500
const FAST = 'from RECORD, not measured on disk'

export interface FastOptions {
  /** `sample` for the first answer in the editor, `all` for `--fast`, which looks up every size that RECORD leaves out. */
  readonly sizeless: 'sample' | 'all'
  readonly measureFolder: MeasureFolder
}

/** The installed bytes of one distribution without a walk of its files. */
export function fastSize(files: Files, environment: InstalledEnvironment, distribution: Distribution, options: FastOptions): FastSize {
  const path = `${distribution.folder}/RECORD`
  // To open it is also the quickest way to learn whether it is there.
  const opened = distribution.kind === 'dist-info' || distribution.hasRecord ? readBytes(files, path, MAX_RECORD) : undefined
  const record = opened && isFailure(opened) && opened.reason === 'missing' ? undefined : opened
  if (!record || isFailure(record)) {
    const size = measureClaims(files, environment, distribution, options.measureFolder)
    const problem = record ? `RECORD cannot be read: ${record.message}` : undefined
    if (size.files === 0) return { bytes: unknown(problem ?? 'it has no RECORD and no files are found by its name'), files: 0, outside: [], ...(problem ? { problem } : {}) }
    return { bytes: estimate(size.bytes, 'it has no RECORD: the files found by its top-level names'), files: size.files, outside: size.outside ?? [], ...(problem ? { problem } : {}) }
  }
  if (!statesTrueSizes(distribution)) return measuredByPaths(files, distribution, recordPaths(record).paths)
  const totals = sumRecord(record)
  const rest = sizelessBytes(files, distribution, record, totals) + (options.sizeless === 'all' ? bytesAt(files, distribution, record, totals.bytecode) : bytecodeBytes(files, distribution, record, totals))
  const problem = totals.brokenLines === 0 ? undefined : `${String(totals.brokenLines)} broken ${totals.brokenLines === 1 ? 'line' : 'lines'}; what they should name is not counted`
  if (totals.files === 0) return { bytes: unknown(problem ?? 'RECORD is empty'), files: 0, outside: [], problem: problem ?? 'RECORD is empty' }
  return { bytes: estimate(totals.bytes + rest, FAST), files: totals.files, outside: [], ...(problem ? { problem } : {}) }
}

/** Debian strips libraries after it wrote RECORD, so the sizes there are those of other files; the paths hold. */
function statesTrueSizes(distribution: Distribution): boolean {
  return !distribution.sitePackages.endsWith('/dist-packages') || distribution.infoFiles.has('INSTALLER')
}

function measuredByPaths(files: Files, distribution: Distribution, paths: readonly string[]): FastSize {
  let bytes = 0
  for (const path of paths) bytes += files.stat(`${distribution.sitePackages}/${path}`)?.bytes ?? 0
  return { bytes: estimate(bytes, 'the files that RECORD names, looked up on disk'), files: paths.length, outside: [] }
}

/** Entries without a size that are no bytecode: RECORD itself, whose length is known, and rarely another. */
function sizelessBytes(files: Files, distribution: Distribution, record: Uint8Array, { sizeless }: RecordTotals): number {
  if (sizeless.length === 1 && recordPathAt(record, sizeless[0]!).endsWith('.dist-info/RECORD')) return record.length
  return bytesAt(files, distribution, record, sizeless)
}

function bytesAt(files: Files, distribution: Distribution, record: Uint8Array, lines: readonly number[]): number {
  let bytes = 0
  for (const line of lines) bytes += files.stat(`${distribution.sitePackages}/${recordPathAt(record, line)}`)?.bytes ?? 0
  return bytes
}

/**
 * Bytecode in proportion to its sources: every so many bytes of source one is looked up, so that large ones are never missed.
 * Sources that were not compiled count as none, as the others do.
 */
function bytecodeBytes(files: Files, distribution: Distribution, record: Uint8Array, { bytecode, sources }: RecordTotals): number {
  const total = sources.bytes.reduce((sum, bytes) => sum + bytes + BYTECODE_BASE, 0)
  const looks = Math.min(MAX_LOOKS, MIN_LOOKS + Math.floor(total / SOURCE_BYTES_PER_LOOK))
  if (bytecode.length <= looks || bytecode.length < sources.lines.length / 2) return bytesAt(files, distribution, record, bytecode)
  // `.cpython-311.pyc`: one interpreter compiled them all.
  const suffix = /\.[\w-]+\.pyc$/.exec(recordPathAt(record, bytecode[0]!))?.[0]
  if (suffix === undefined) return bytesAt(files, distribution, record, bytecode)
  const step = total / looks
  let passed = 0
  let next = step / 2
  let ratios = 0
  for (const [index, line] of sources.lines.entries()) {
    const weight = sources.bytes[index]! + BYTECODE_BASE
    passed += weight
    if (passed <= next) continue
    const [, folder = '', name = ''] = /^(.*\/)?([^/]*)\.py$/.exec(recordPathAt(record, line)) ?? []
    const ratio = (files.stat(`${distribution.sitePackages}/${folder}__pycache__/${name}${suffix}`)?.bytes ?? 0) / weight
    for (; next < passed; next += step) ratios += ratio
  }
  return Math.round(ratios * step)
}

function measureClaims(files: Files, environment: InstalledEnvironment, distribution: Distribution, measureFolder: MeasureFolder): FolderSize {
  let bytes = 0
  let count = 0
  const outside = new Map<string, { target: string; bytes: number }>()
  for (const claim of topLevelClaims(files, environment, distribution)) {
    const size = measureFolder(`${distribution.sitePackages}/${claim}`)
    bytes += size.bytes
    count += size.files
    for (const library of size.outside ?? []) outside.set(library.target, library)
  }
  return { bytes, files: count, outside: [...outside.values()] }
}

/** Deeper than any package; a tree that goes on is a loop of mounts. */
const MAX_DEPTH = 128
const MAX_ENTRIES = 2_000_000

/** A meter over the Files port. It follows no links and cannot count a link's own bytes. */
export function folderMeter(files: Files): MeasureFolder {
  return (path) => {
    let bytes = 0
    let count = 0
    let seen = 0
    const pending = [{ path, depth: 0 }]
    for (let next = pending.pop(); next && seen < MAX_ENTRIES; next = pending.pop()) {
      const listed = files.list(next.path)
      if (!listed) {
        const found = files.stat(next.path)
        if (found?.kind === 'file') {
          bytes += found.bytes
          count += 1
        }
        continue
      }
      for (const entry of listed) {
        seen += 1
        const below = `${next.path}/${entry.name}`
        if (entry.kind === 'directory' && next.depth < MAX_DEPTH) pending.push({ path: below, depth: next.depth + 1 })
        else if (entry.kind === 'file') {
          bytes += files.stat(below)?.bytes ?? 0
          count += 1
        }
      }
    }
    return { bytes, files: count }
  }
}
