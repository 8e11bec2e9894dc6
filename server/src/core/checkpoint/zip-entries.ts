/** The records of a zip as columns of numbers over the directory's own bytes: there are as many as tensors, and most are asked for their place only. */

import { latin1, u16, u32, utf8 } from './bytes.ts'

/** One record as the directory describes it. */
export class ZipEntry {
  /** Position among the records. */
  readonly index: number
  private readonly entries: ZipEntries

  constructor(entries: ZipEntries, index: number) {
    this.entries = entries
    this.index = index
  }

  /** The name up to its first NUL; Latin-1 where it is not UTF-8. */
  get name(): string {
    return this.entries.name(this.index)
  }

  get nameBytes(): number {
    return this.entries.nameBytes(this.index)
  }

  get flags(): number {
    return this.entries.flags(this.index)
  }

  get method(): number {
    return this.entries.method(this.index)
  }

  get crc(): number {
    return this.entries.crc(this.index)
  }

  get compressedBytes(): number {
    return this.entries.compressedBytes[this.index]!
  }

  get bytes(): number {
    return this.entries.bytes[this.index]!
  }

  get headerOffset(): number {
    return this.entries.headerOffset[this.index]!
  }
}

export class ZipEntries {
  readonly length: number
  readonly compressedBytes: Float64Array
  readonly bytes: Float64Array
  readonly headerOffset: Float64Array
  private readonly directory: Uint8Array
  private readonly at: Uint32Array
  /** Bytes of the name up to its first NUL. */
  private readonly nameLength: Uint16Array

  constructor(directory: Uint8Array, length: number) {
    this.directory = directory
    this.length = length
    this.compressedBytes = new Float64Array(length)
    this.bytes = new Float64Array(length)
    this.headerOffset = new Float64Array(length)
    this.at = new Uint32Array(length)
    this.nameLength = new Uint16Array(length)
  }

  /** Fills in one record while the directory is read. */
  note(index: number, at: number, nameLength: number, compressedBytes: number, bytes: number, headerOffset: number): void {
    this.at[index] = at
    this.nameLength[index] = nameLength
    this.compressedBytes[index] = compressedBytes
    this.bytes[index] = bytes
    this.headerOffset[index] = headerOffset
  }

  get(index: number): ZipEntry {
    return new ZipEntry(this, index)
  }

  * [Symbol.iterator](): Generator<ZipEntry> {
    for (let index = 0; index < this.length; index++) yield this.get(index)
  }

  name(index: number): string {
    const from = this.at[index]! + 46
    const end = from + this.nameLength[index]!
    return utf8(this.directory, from, end) ?? latin1(this.directory, from, end)
  }

  isValidName(index: number): boolean {
    const from = this.at[index]! + 46
    const end = from + this.nameLength[index]!
    const { directory } = this
    for (let at = from; at < end; at++) if (directory[at]! > 127) return utf8(directory, from, end) !== undefined
    return true
  }

  nameBytes(index: number): number {
    return u16(this.directory, this.at[index]! + 28)
  }

  flags(index: number): number {
    return u16(this.directory, this.at[index]! + 8)
  }

  method(index: number): number {
    return u16(this.directory, this.at[index]! + 10)
  }

  crc(index: number): number {
    return u32(this.directory, this.at[index]! + 16)
  }

  /** Whether the name begins with these bytes. */
  startsWith(index: number, prefix: Uint8Array): boolean {
    if (this.nameLength[index]! < prefix.length) return false
    const { directory } = this
    const from = this.at[index]! + 46
    for (let at = 0; at < prefix.length; at++) if (directory[from + at] !== prefix[at]) return false
    return true
  }

  /** The number that stands behind the prefix, in decimal without leading zeros, and nothing else; -1 when none does. */
  numberAfter(index: number, prefix: Uint8Array): number {
    const digits = this.nameLength[index]! - prefix.length
    if (digits < 1 || digits > 9 || !this.startsWith(index, prefix)) return -1
    const { directory } = this
    const from = this.at[index]! + 46 + prefix.length
    if (digits > 1 && directory[from] === 0x30) return -1
    let number = 0
    for (let at = from; at < from + digits; at++) {
      const digit = directory[at]! - 0x30
      if (digit < 0 || digit > 9) return -1
      number = number * 10 + digit
    }
    return number
  }
}
