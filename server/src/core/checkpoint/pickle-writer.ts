/** Writes pickles that every torch since 1.13 loads with weights_only: protocol 2 and its opcodes alone. Numbers in the order of bytes that pickle wants. */

import { encodeUtf8 } from './bytes.ts'

export class PickleWriter {
  private buffer = new Uint8Array(4096)
  private used = 0
  private readonly memo = new Map<string, number>()

  constructor() {
    this.raw(0x80, 2)
  }

  /** The pickle so far, with STOP behind it. */
  finish(): Uint8Array {
    this.raw(0x2e)
    return this.buffer.slice(0, this.used)
  }

  raw(...bytes: readonly number[]): void {
    this.reserve(bytes.length)
    for (const byte of bytes) this.buffer[this.used++] = byte
  }

  bytes(data: Uint8Array): void {
    this.reserve(data.length)
    this.buffer.set(data, this.used)
    this.used += data.length
  }

  opcode(letter: string): void {
    this.raw(letter.charCodeAt(0))
  }

  text(value: string): void {
    if (this.recall(`t${value}`)) return
    const data = encodeUtf8(value)
    this.opcode('X')
    this.u32(data.length)
    this.bytes(data)
    if (value.length < 64) this.remember(`t${value}`)
  }

  global(module: string, name: string): void {
    if (this.recall(`g${module} ${name}`)) return
    this.opcode('c')
    this.bytes(encodeUtf8(`${module}\n${name}\n`))
    this.remember(`g${module} ${name}`)
  }

  integer(value: number | bigint): void {
    if (typeof value === 'number' && value >= 0 && value < 256) this.raw(0x4b, value)
    else if (typeof value === 'number' && value >= 0 && value < 65_536) this.raw(0x4d, value & 0xff, value >> 8)
    else if (typeof value === 'number' && value >= -0x80000000 && value <= 0x7fffffff) {
      this.opcode('J')
      this.u32(value >>> 0)
    } else this.long(BigInt(value))
  }

  float(value: number): void {
    this.opcode('G')
    const view = new DataView(new ArrayBuffer(8))
    view.setFloat64(0, value, false)
    this.bytes(new Uint8Array(view.buffer))
  }

  private long(value: bigint): void {
    const bytes: number[] = []
    let rest = value
    do {
      bytes.push(Number(rest & 0xffn))
      rest >>= 8n
    } while (!((rest === 0n && bytes.at(-1)! < 0x80) || (rest === -1n && bytes.at(-1)! >= 0x80)) && bytes.length < 255)
    this.raw(0x8a, bytes.length, ...bytes)
  }

  private u32(value: number): void {
    this.raw(value & 0xff, (value >>> 8) & 0xff, (value >>> 16) & 0xff, value >>> 24)
  }

  private recall(key: string): boolean {
    const index = this.memo.get(key)
    if (index === undefined) return false
    if (index < 256) this.raw(0x68, index)
    else {
      this.opcode('j')
      this.u32(index)
    }
    return true
  }

  private remember(key: string): void {
    const index = this.memo.size
    this.memo.set(key, index)
    if (index < 256) this.raw(0x71, index)
    else {
      this.opcode('r')
      this.u32(index)
    }
  }

  private reserve(count: number): void {
    if (this.used + count <= this.buffer.length) return
    const larger = new Uint8Array(Math.max(this.buffer.length * 2, this.used + count))
    larger.set(this.buffer.subarray(0, this.used))
    this.buffer = larger
  }
}
