/** The bytes of one pickle stream, in memory or through a moving window, so that a huge pickle costs no more than a small one. */

import type { Reader } from './bytes.ts'
import * as limits from './limits.ts'

export class PickleInput {
  /** The bytes at hand; `position` is the next one to read. */
  buffer: Uint8Array
  position = 0
  /** Offset in the file of `buffer[0]`. */
  base: number
  private readonly reader: Reader | undefined
  private readonly end: number

  /** A pickle in memory; `base` is where it stands in the file, for messages. */
  static inMemory(buffer: Uint8Array, base = 0): PickleInput {
    return new PickleInput(undefined, buffer, base, base + buffer.length)
  }

  /** A pickle somewhere in `[start, end)` of a file, read as it is needed. */
  static inFile(reader: Reader, start: number, end: number): PickleInput {
    return new PickleInput(reader, new Uint8Array(0), start, end)
  }

  private constructor(reader: Reader | undefined, buffer: Uint8Array, base: number, end: number) {
    this.reader = reader
    this.buffer = buffer
    this.base = base
    this.end = end
  }

  /** Offset in the file of the next byte. */
  get offset(): number {
    return this.base + this.position
  }

  /** Bytes left, whether read or not. */
  get left(): number {
    return this.end - this.offset
  }

  /** Makes `count` bytes available at `position` where the stream has them; false when it ends before. Invalidates `buffer`. */
  ensure(count: number): boolean {
    if (this.position + count <= this.buffer.length) return true
    if (this.reader === undefined || count > this.left) return false
    const start = this.offset
    this.buffer = this.reader.read(start, Math.min(this.end - start, Math.max(count, limits.pickleWindow)))
    this.base = start
    this.position = 0
    return this.buffer.length >= count
  }

  /** Moves past `count` bytes without keeping them; false when the stream ends before. */
  skip(count: number): boolean {
    if (count > this.left) return false
    if (this.position + count <= this.buffer.length) {
      this.position += count
      return true
    }
    this.base = this.offset + count
    this.buffer = new Uint8Array(0)
    this.position = 0
    return true
  }
}
