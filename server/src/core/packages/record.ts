/**
 * RECORD files (the installed files of a wheel, as CSV of path, hash and bytes). Summing looks only at the end of
 * each line, so that the first answer about an environment costs a scan for line ends and nothing more.
 */

import { decodeText } from './decode.ts'

export interface RecordTotals {
  /** Sum of the sizes that are written down, of entries inside the site-packages folder. */
  readonly bytes: number
  readonly files: number
  /** Entries inside without a size other than bytecode (RECORD itself), by the offsets of their lines. */
  readonly sizeless: readonly number[]
  /** Compiled bytecode, which pip lists without sizes, by the offsets of its lines. */
  readonly bytecode: readonly number[]
  /** Sources with their sizes: what bytecode is estimated from. */
  readonly sources: { readonly lines: readonly number[]; readonly bytes: readonly number[] }
  /** Entries that lie outside, such as `../../../bin/torchrun`. */
  readonly outsideFiles: number
  readonly outsideBytes: number
  /** Lines that are no RECORD entry. */
  readonly brokenLines: number
}

const NEWLINE = 10
const RETURN = 13
const COMMA = 44
const DOT = 46
const SLASH = 47
const ZERO = 48
const NINE = 57
const QUOTE = 34

/** Sums a RECORD without looking at its paths, but of the lines that need it. */
export function sumRecord(record: Uint8Array): RecordTotals {
  let bytes = 0
  let files = 0
  let outsideFiles = 0
  let outsideBytes = 0
  let brokenLines = 0
  const sizeless: number[] = []
  const bytecode: number[] = []
  const sources = { lines: [] as number[], bytes: [] as number[] }
  let start = 0
  while (start < record.length) {
    let end = record.indexOf(NEWLINE, start)
    if (end < 0) end = record.length
    let last = end - 1
    if (last >= start && record[last] === RETURN) last -= 1
    let at = last
    let size = 0
    let scale = 1
    for (; at >= start; at--) {
      const digit = record[at]!
      if (digit < ZERO || digit > NINE) break
      size += (digit - ZERO) * scale
      scale *= 10
    }
    if (last >= start) {
      if (at < start || record[at] !== COMMA) brokenLines += 1
      else if (liesOutside(record, start)) {
        outsideFiles += 1
        outsideBytes += size
      } else {
        if (at === last) (endsIn(record, at - 1, BYTECODE) ? bytecode : sizeless).push(start)
        else if (endsIn(record, at - HASH, SOURCE)) {
          sources.lines.push(start)
          sources.bytes.push(size)
        }
        files += 1
        bytes += size
      }
    }
    start = end + 1
  }
  return { bytes, files, sizeless, bytecode, sources, outsideFiles, outsideBytes, brokenLines }
}

function liesOutside(record: Uint8Array, start: number): boolean {
  const at = record[start] === QUOTE ? start + 1 : start
  return record[at] === SLASH || (record[at] === DOT && record[at + 1] === DOT && record[at + 2] === SLASH)
}

/** Every path of a RECORD that lies inside site-packages, relative to it, and how many lines are none. */
export function recordPaths(record: Uint8Array): { readonly paths: readonly string[]; readonly brokenLines: number } {
  const paths: string[] = []
  let brokenLines = 0
  const { text } = decodeText(record)
  let start = 0
  while (start < text.length) {
    let end = text.indexOf('\n', start)
    if (end < 0) end = text.length
    const path = csvField(text, start, end)
    if (path === '') brokenLines += text.slice(start, end).trim() === '' ? 0 : 1
    else if (!path.startsWith('../') && !path.startsWith('/')) paths.push(path.includes('\\') ? path.replaceAll('\\', '/') : path)
    start = end + 1
  }
  return { paths, brokenLines }
}

/** `.pyc`, `.py`, backwards. */
const BYTECODE = [99, 121, 112, 46]
const SOURCE = [121, 112, 46]
/** `,sha256=` and 43 letters of a hash stand between the path and the comma before the size. */
const HASH = 51

/** Whether the field that ends before `comma` ends in these letters, quoted or not. */
function endsIn(record: Uint8Array, comma: number, backwards: readonly number[]): boolean {
  let at = comma - 1
  if (record[at] === QUOTE) at -= 1
  for (const letter of backwards) if (record[at--] !== letter) return false
  return true
}

/** The path of the entry whose line starts there. */
export function recordPathAt(record: Uint8Array, start: number): string {
  const end = record.indexOf(NEWLINE, start)
  const { text } = decodeText(record.subarray(start, end < 0 ? record.length : end))
  const path = csvField(text, 0, text.length)
  return path.includes('\\') ? path.replaceAll('\\', '/') : path
}

/** The first field of a CSV line; a broken line (no comma) has none. */
function csvField(text: string, start: number, end: number): string {
  if (text.charCodeAt(start) !== QUOTE) {
    const comma = text.indexOf(',', start)
    return comma < 0 || comma >= end ? '' : text.slice(start, comma)
  }
  let field = ''
  for (let at = start + 1; at < end; at++) {
    if (text.charCodeAt(at) !== QUOTE) field += text[at]!
    else if (text.charCodeAt(at + 1) === QUOTE && at + 1 < end) {
      field += '"'
      at += 1
    } else return field
  }
  return ''
}
