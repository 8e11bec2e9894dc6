/** Reads numbers and text out of byte arrays, and files through a counting, caching window. Knows no format. */

import type { ByteSource } from '../ports.ts'

export function u16(bytes: Uint8Array, at: number): number {
  return bytes[at]! | (bytes[at + 1]! << 8)
}

export function u32(bytes: Uint8Array, at: number): number {
  return (bytes[at]! | (bytes[at + 1]! << 8) | (bytes[at + 2]! << 16) | (bytes[at + 3]! << 24)) >>> 0
}

export function i32(bytes: Uint8Array, at: number): number {
  return bytes[at]! | (bytes[at + 1]! << 8) | (bytes[at + 2]! << 16) | (bytes[at + 3]! << 24)
}

/** An unsigned 64-bit number; past 2^53 it is only good for comparing with the size of a file. */
export function u64(bytes: Uint8Array, at: number): number {
  return u32(bytes, at) + u32(bytes, at + 4) * 4_294_967_296
}

/** A signed 64-bit number; past 2^53 it is only good for comparing. */
export function i64(bytes: Uint8Array, at: number): number {
  return u32(bytes, at) + i32(bytes, at + 4) * 4_294_967_296
}

export function f64BigEndian(bytes: Uint8Array, at: number): number {
  return new DataView(bytes.buffer, bytes.byteOffset + at, 8).getFloat64(0, false)
}

/** Codes on their way into a short string, one list for each length: a plain array is spread several times faster than a typed one. */
const codesOfLength: number[][] = []
const shortText = 128

/** One character per byte. */
export function latin1(bytes: Uint8Array, start: number, end: number): string {
  const length = end - start
  if (length <= 0) return ''
  if (length <= shortText) {
    const codes = codesOfLength[length] ??= new Array<number>(length).fill(0)
    for (let index = 0; index < length; index++) codes[index] = bytes[start + index]!
    return String.fromCharCode.apply(null, codes)
  }
  if (end - start <= 4096) return String.fromCharCode.apply(null, bytes.subarray(start, end) as unknown as number[])
  const parts: string[] = []
  for (let at = start; at < end; at += 4096) parts.push(String.fromCharCode.apply(null, bytes.subarray(at, Math.min(at + 4096, end)) as unknown as number[]))
  return parts.join('')
}

function isAscii(bytes: Uint8Array, start: number, end: number): boolean {
  for (let at = start; at < end; at++) if (bytes[at]! > 127) return false
  return true
}

/** Strict UTF-8 as Python decodes it with `surrogatepass`: lone surrogates pass, all else that is wrong gives `undefined`. */
export function utf8(bytes: Uint8Array, start: number, end: number): string | undefined {
  const length = end - start
  if (length > 0 && length <= shortText) {
    const codes = codesOfLength[length] ??= new Array<number>(length).fill(0)
    let all = 0
    for (let index = 0; index < length; index++) {
      const byte = bytes[start + index]!
      codes[index] = byte
      all |= byte
    }
    if (all < 128) return String.fromCharCode.apply(null, codes)
  } else if (isAscii(bytes, start, end)) return latin1(bytes, start, end)
  const parts: string[] = []
  let units: number[] = []
  for (let at = start; at < end;) {
    const first = bytes[at]!
    const size = first < 0x80 ? 1 : first >= 0xc2 && first <= 0xdf ? 2 : first >= 0xe0 && first <= 0xef ? 3 : first >= 0xf0 && first <= 0xf4 ? 4 : 0
    if (size === 0 || at + size > end) return undefined
    let code = size === 1 ? first : first & (0x7f >> size)
    for (let index = 1; index < size; index++) {
      const next = bytes[at + index]!
      if ((next & 0xc0) !== 0x80) return undefined
      code = (code << 6) | (next & 0x3f)
    }
    if ((size === 3 && code < 0x800) || (size === 4 && (code < 0x10000 || code > 0x10ffff))) return undefined
    if (code > 0xffff) units.push(0xd800 + ((code - 0x10000) >> 10), 0xdc00 + ((code - 0x10000) & 0x3ff))
    else units.push(code)
    at += size
    if (units.length > 4000) {
      parts.push(String.fromCharCode.apply(null, units))
      units = []
    }
  }
  parts.push(String.fromCharCode.apply(null, units))
  return parts.join('')
}

/** How many bytes the text takes in UTF-8. */
export function utf8Length(text: string): number {
  let bytes = 0
  for (let index = 0; index < text.length; index++) {
    const unit = text.charCodeAt(index)
    if (unit < 0x80) bytes += 1
    else if (unit < 0x800) bytes += 2
    else if (unit >= 0xd800 && unit < 0xdc00 && (text.charCodeAt(index + 1) & 0xfc00) === 0xdc00) {
      bytes += 4
      index += 1
    } else bytes += 3
  }
  return bytes
}

/** UTF-8 of the text; lone surrogates as Python's `surrogatepass` writes them. */
export function encodeUtf8(text: string): Uint8Array {
  const out = new Uint8Array(utf8Length(text))
  let at = 0
  for (let index = 0; index < text.length; index++) {
    let code = text.charCodeAt(index)
    if (code >= 0xd800 && code < 0xdc00 && (text.charCodeAt(index + 1) & 0xfc00) === 0xdc00) {
      code = 0x10000 + ((code - 0xd800) << 10) + (text.charCodeAt(index + 1) - 0xdc00)
      index += 1
    }
    if (code < 0x80) out[at++] = code
    else if (code < 0x800) {
      out[at++] = 0xc0 | (code >> 6)
      out[at++] = 0x80 | (code & 0x3f)
    } else if (code < 0x10000) {
      out[at++] = 0xe0 | (code >> 12)
      out[at++] = 0x80 | ((code >> 6) & 0x3f)
      out[at++] = 0x80 | (code & 0x3f)
    } else {
      out[at++] = 0xf0 | (code >> 18)
      out[at++] = 0x80 | ((code >> 12) & 0x3f)
      out[at++] = 0x80 | ((code >> 6) & 0x3f)
      out[at++] = 0x80 | (code & 0x3f)
    }
  }
  return out
}

export function startsWith(bytes: Uint8Array, text: string, at = 0): boolean {
  if (bytes.length < at + text.length) return false
  for (let index = 0; index < text.length; index++) if (bytes[at + index] !== text.charCodeAt(index)) return false
  return true
}

/** Reads a file in ranges, counts what it reads, and answers from what it has read where it can. */
export class Reader {
  readonly bytes: number
  bytesRead = 0
  reads = 0
  private readonly source: ByteSource
  private readonly windows: { readonly offset: number, readonly data: Uint8Array }[] = []

  constructor(source: ByteSource) {
    this.source = source
    this.bytes = source.bytes
  }

  /** `length` bytes, or fewer at the end of the file. The result must not be written to. */
  read(offset: number, length: number): Uint8Array {
    const wanted = Math.max(0, Math.min(length, this.bytes - offset))
    if (wanted === 0 || offset < 0) return new Uint8Array(0)
    for (const window of this.windows) {
      if (offset >= window.offset && offset + wanted <= window.offset + window.data.length) return window.data.subarray(offset - window.offset, offset - window.offset + wanted)
    }
    const data = this.source.read(offset, wanted)
    this.bytesRead += data.length
    this.reads += 1
    return data
  }

  /** A part of the file as a source of its own; what is read through it is counted here. */
  section(start: number, bytes: number): ByteSource {
    return { bytes, read: (offset, length) => this.read(start + offset, Math.max(0, Math.min(length, bytes - offset))), close: () => undefined }
  }

  /** Reads and keeps a range for later small reads inside it. */
  keep(offset: number, length: number): Uint8Array {
    const start = Math.max(0, offset)
    const data = this.read(start, length - (start - offset))
    this.windows.push({ offset: start, data })
    return data
  }
}

/** A source over bytes in memory. */
export function memorySource(data: Uint8Array): ByteSource {
  return { bytes: data.length, read: (offset, length) => data.subarray(Math.min(offset, data.length), Math.min(offset + length, data.length)), close: () => undefined }
}
