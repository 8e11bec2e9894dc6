/** Storages that an archive holds deflated, inflated into a file beside the new one, because their bytes are wanted in any order. Memory stays flat; the file goes with the work. */

import * as fs from 'node:fs/promises'
import { createReadStream } from 'node:fs'
import { Writable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { createInflateRaw } from 'node:zlib'
import type { SlimStorage } from '../core/checkpoint/slim-plan.ts'

export interface InflatedStorage {
  readonly handle: fs.FileHandle
  /** Offset of its first byte in the file that `handle` reads. */
  readonly start: number
}

export class InflatedStorages {
  readonly #path: string
  readonly #placed = new Map<string, InflatedStorage>()
  #handle: fs.FileHandle | undefined
  #bytes = 0

  constructor(path: string) {
    this.#path = path
  }

  get(key: string): InflatedStorage | undefined {
    return this.#placed.get(key)
  }

  /** Inflates what of the storages is deflated; throws when one does not inflate to the bytes it promises. */
  async add(input: string, storages: readonly SlimStorage[], signal: AbortSignal | undefined): Promise<void> {
    for (const { from, names } of storages) {
      if (from.deflated === undefined || this.#placed.has(from.key)) continue
      const handle = this.#handle ??= await fs.open(this.#path, 'wx+')
      const start = this.#bytes
      const end = start + from.bytes
      const sink = new Writable({
        write: (chunk: Uint8Array, _encoding, done) => {
          if (this.#bytes + chunk.length > end) {
            done(new Error(`the storage of ${names[0]!} inflates to more than it promises`))
            return
          }
          const at = this.#bytes
          this.#bytes += chunk.length
          writeAll(handle, chunk, at).then(() => { done() }, done)
        },
      })
      const packed = createReadStream(input, { start: from.deflated.start, end: from.deflated.start + from.deflated.bytes - 1 })
      if (from.deflated.bytes > 0) await pipeline(packed, createInflateRaw(), sink, signal === undefined ? {} : { signal })
      if (this.#bytes !== end) throw new Error(`the storage of ${names[0]!} does not inflate to the ${String(from.bytes)} bytes it promises`)
      this.#placed.set(from.key, { handle, start })
    }
  }

  async remove(): Promise<void> {
    if (this.#handle === undefined) return
    await this.#handle.close()
    await fs.rm(this.#path, { force: true })
  }
}

async function writeAll(handle: fs.FileHandle, data: Uint8Array, position: number): Promise<void> {
  for (let at = 0; at < data.length;) {
    const { bytesWritten } = await handle.write(data, at, data.length - at, position + at)
    at += bytesWritten
  }
}
