/** Turns the evaluator's origins (file and offsets) into places (file, lines, columns), reading a file again only when it has changed. */

import type { Files } from '../ports.ts'
import { LineIndex } from '../text/line-index.ts'
import type { Place } from '../text/range.ts'
import type { Origin } from '../evaluate/value.ts'

/** A source file larger than this is never evaluated, so nothing points into it. */
const MAX_SOURCE_BYTES = 16_000_000

/** Text of our own sources has names that no file has. */
export function isOwnSource(file: string): boolean {
  return file.startsWith('<')
}

/** The text of somebody else: a place in it may be shown. */
export function isForeignSource(file: string): boolean {
  return !isOwnSource(file)
}

export interface PlaceOptions {
  /** Folders whose modules are loaded once for all: their text stays what it was then. */
  readonly libraries?: readonly string[]
  readonly documentText?: (path: string) => string | undefined
  /** Where something is in the text as it is now, for origins that speak of an earlier one. */
  readonly locate?: (origin: Origin) => Origin
  /** Told of every place that is given out. */
  readonly placeMade?: (place: Place) => void
}

export function createPlaces(files: Files, { libraries, documentText, locate, placeMade }: PlaceOptions): (origin: Origin | undefined) => Place | null {
  // A session outlives the texts it was started on: an index counts only while its text or its file's stamp is the same.
  const indexes = new Map<string, { readonly stamp: string, readonly index: LineIndex | null, readonly isLasting: boolean }>()
  const indexOf = (file: string): LineIndex | null => {
    const known = indexes.get(file)
    if (known?.isLasting === true) return known.index
    const open = documentText?.(file)
    const stamp = open ?? stampOf(files, file)
    if (known?.stamp === stamp) return known.index
    const text = open ?? files.readText(file, MAX_SOURCE_BYTES)
    const index = typeof text === 'string' ? new LineIndex(text) : null
    indexes.set(file, { stamp, index, isLasting: libraries?.some((folder) => file.startsWith(`${folder}/`)) === true })
    return index
  }
  return (origin) => {
    if (origin === undefined || isOwnSource(origin.file)) return null
    const { file, start, end } = locate?.(origin) ?? origin
    const index = indexOf(file)
    if (!index) return null
    const place = { file, range: index.range(start, end) }
    placeMade?.(place)
    return place
  }
}

function stampOf(files: Files, file: string): string {
  const stat = files.stat(file)
  return stat ? `${String(stat.bytes)} ${String(stat.modified)}` : ''
}
