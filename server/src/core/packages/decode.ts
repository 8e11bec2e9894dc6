/** Bytes of small metadata files to text: UTF-8, or Latin-1 where they are not UTF-8, with the difference told. */

import type { ByteSource, Files, ReadFailure } from '../ports.ts'
import { isFailure } from '../ports.ts'

declare class TextDecoder {
  constructor(label: string, options: { readonly fatal: boolean })
  decode(bytes: Uint8Array): string
}

export interface DecodedText {
  readonly text: string
  readonly encoding: 'utf-8' | 'latin-1'
}

const strict = new TextDecoder('utf-8', { fatal: true })

export function decodeText(bytes: Uint8Array): DecodedText {
  try {
    return { text: strict.decode(bytes), encoding: 'utf-8' }
  } catch {
    return { text: latin1(bytes), encoding: 'latin-1' }
  }
}

/** Every byte as the character of the same number; in slices, for a call has a limit of arguments. */
export function latin1(bytes: Uint8Array): string {
  let text = ''
  for (let at = 0; at < bytes.length; at += 4096) text += String.fromCharCode(...bytes.subarray(at, at + 4096))
  return text
}

/** All bytes of a file; a failure when it is missing, longer than `maxBytes`, or ends early. */
export function readBytes(files: Files, path: string, maxBytes: number): Uint8Array | ReadFailure {
  const source = files.open(path)
  if (isFailure(source)) return source
  return readAll(source, maxBytes)
}

function readAll(source: ByteSource, maxBytes: number): Uint8Array | ReadFailure {
  try {
    if (source.bytes > maxBytes) return { kind: 'failure', reason: 'too-large', message: `it has ${source.bytes} bytes, more than the ${maxBytes} that are read` }
    const bytes = source.read(0, source.bytes)
    return bytes.length < source.bytes ? { kind: 'failure', reason: 'io', message: 'it could not be read to its end' } : bytes
  } finally {
    source.close()
  }
}

/**
 * The head of a METADATA file: up to its first empty line. Descriptions run to hundreds of kilobytes and
 * nobody here reads them, so the file is read on only when the headers are longer than one block.
 */
export function readHeaders(files: Files, path: string, maxBytes: number): DecodedText | ReadFailure {
  const source = files.open(path)
  if (isFailure(source)) return source
  const first = source.read(0, Math.min(source.bytes, 12_288))
  if (first.length < source.bytes && emptyLine(first) < 0) return fromBytes(readAll(source, maxBytes))
  source.close()
  const end = emptyLine(first)
  return decodeText(end < 0 ? first : first.subarray(0, end))
}

function fromBytes(bytes: Uint8Array | ReadFailure): DecodedText | ReadFailure {
  return isFailure(bytes) ? bytes : decodeText(bytes)
}

function emptyLine(bytes: Uint8Array): number {
  for (let at = bytes.indexOf(10); at >= 0; at = bytes.indexOf(10, at + 1)) {
    const next = bytes[at + 1]
    if (next === 10 || (next === 13 && bytes[at + 2] === 10)) return at + 1
  }
  return -1
}
