/**
 * Which files Git tracks, from `.git/index` alone: versions 2 to 4 of its format (gitformat-index). Runs no git and reads no
 * objects. An index that is split over several files, or broken, is undefined: nothing is known then.
 */

import { decodeText } from '../packages/decode.ts'

export interface TrackedFile {
  /** Relative to the top of the repository. */
  readonly path: string
  /** What lstat said when the file was added, modulo 2^32; 0 where Git left it open. */
  readonly bytes: number
}

const headerBytes = 12
/** Times, device, inode, mode, owner: what stands before the size. */
const sizeAt = 36
const modeAt = 24
const statBytes = 40
const extended = 0x4000
const modeType = 0xf000
const regularFile = 0x8000

/** The regular files of an index; `hashBytes` is 20, or 32 in repositories with SHA-256. */
export function readGitIndex(index: Uint8Array, hashBytes = 20): readonly TrackedFile[] | undefined {
  const view = new DataView(index.buffer, index.byteOffset, index.byteLength)
  if (index.length < headerBytes + hashBytes || view.getUint32(0) !== 0x44495243) return undefined
  const version = view.getUint32(4)
  const count = view.getUint32(8)
  if (version < 2 || version > 4) return undefined
  const end = index.length - hashBytes
  const found: TrackedFile[] = []
  let at = headerBytes
  let name: Uint8Array = new Uint8Array(0)
  for (let entry = 0; entry < count; entry++) {
    const start = at
    const flagsAt = start + statBytes + hashBytes
    if (flagsAt + 2 > end) return undefined
    at = flagsAt + (version >= 3 && (view.getUint16(flagsAt) & extended) !== 0 ? 4 : 2)
    let kept = 0
    if (version === 4) {
      const stripped = offsetAt(index, at)
      if (!stripped || stripped.value > name.length) return undefined
      at = stripped.end
      kept = name.length - stripped.value
    }
    const zero = index.indexOf(0, at)
    if (zero < 0 || zero >= end) return undefined
    const own = index.subarray(at, zero)
    if (kept === 0) name = own
    else {
      const joined = new Uint8Array(kept + own.length)
      joined.set(name.subarray(0, kept))
      joined.set(own, kept)
      name = joined
    }
    // Before version 4, entries are padded with zeros to a multiple of eight bytes, at least one.
    at = version === 4 ? zero + 1 : start + ((zero - start + 8) & ~7)
    if ((view.getUint32(start + modeAt) & modeType) === regularFile) found.push({ path: decodeText(name).text, bytes: view.getUint32(start + sizeAt) })
  }
  return isSplit(view, at, end) ? undefined : found
}

/** The number of bytes to strip: seven bits each, most significant first, with an offset so that no number has two forms. */
function offsetAt(bytes: Uint8Array, start: number): { readonly value: number; readonly end: number } | undefined {
  let at = start
  let byte = bytes[at++]
  if (byte === undefined) return undefined
  let value = byte & 0x7f
  while ((byte & 0x80) !== 0) {
    byte = bytes[at++]
    if (byte === undefined || value > 0xffff) return undefined
    value = ((value + 1) << 7) | (byte & 0x7f)
  }
  return { value, end: at }
}

/** An extension `link` names another index that holds the rest. */
function isSplit(view: DataView, start: number, end: number): boolean {
  for (let at = start; at + 8 <= end; at += 8 + view.getUint32(at + 4)) if (view.getUint32(at) === 0x6c696e6b) return true
  return false
}
