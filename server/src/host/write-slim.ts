/**
 * Carries out a slimming plan: streams storages from one file into a new one beside its destination, checks and casts on
 * the way, then puts it in place in one step. The destination is complete or untouched; memory stays flat. Runs in a
 * process of its own: reads and writes block it, as those of `cp` do, because turns of the event loop take longer.
 */

import { readSync, writeSync } from 'node:fs'
import * as fs from 'node:fs/promises'
import { dirname } from 'node:path'
import { setImmediate } from 'node:timers/promises'
import * as zlib from 'node:zlib'
import { InflatedStorages } from './inflated-storages.ts'
import { castFloats } from '../core/checkpoint/casts.ts'
import { closingBytes, type SlimPlan, type SlimStorage, type TorchLayout } from '../core/checkpoint/slim-plan.ts'
import { dataDescriptor } from '../core/checkpoint/zip-layout.ts'

export type SlimProgress = (done: number, total: number) => void

export interface SlimOutcome {
  readonly bytes: number
  /** Finite values that became infinite, by tensor name. */
  readonly overflowed: ReadonlyMap<string, number>
}

/** Bytes moved at a time; a multiple of every element. */
const chunkBytes = 256 * 1024

/** Read ahead for runs that are shorter than a read is worth. */
const windowBytes = 256 * 1024

export async function writeSlim(input: string, output: string, plan: SlimPlan, progress: SlimProgress, signal?: AbortSignal): Promise<SlimOutcome> {
  const partial = `${output}.partial-${String(process.pid)}`
  const source = await fs.open(input, 'r')
  const inflated = new InflatedStorages(`${output}.inflated-${String(process.pid)}`)
  try {
    const target = await fs.open(partial, 'wx')
    const writer = new Writer(source, target, inflated, plan.totalBytes, progress, signal)
    try {
      await inflated.add(input, plan.storages, signal)
      await (plan.layout.format === 'torch' ? writeTorch(writer, plan, plan.layout) : writeSafetensors(writer, plan, plan.layout.header))
      if (writer.position !== plan.totalBytes) throw new Error(`wrote ${String(writer.position)} of ${String(plan.totalBytes)} bytes`)
      await target.sync()
      await target.close()
      await fs.rename(partial, output)
      await syncFolder(dirname(output))
      return { bytes: writer.position, overflowed: writer.overflowed }
    } catch (error) {
      await target.close().catch(() => undefined)
      await fs.rm(partial, { force: true })
      throw error
    }
  } finally {
    await source.close()
    await inflated.remove()
  }
}

async function writeTorch(writer: Writer, plan: SlimPlan, layout: TorchLayout): Promise<void> {
  const crcs: number[] = []
  for (const record of layout.zip.records) {
    await writer.write(record.header)
    const small = layout.small.get(record.name)
    writer.crc = 0
    if (small) await writer.write(small)
    else await writer.storage(plan.storages[Number(record.name.slice(5))]!)
    const crc = writer.crc
    crcs.push(crc)
    await writer.write(dataDescriptor(record, crc))
  }
  await writer.write(closingBytes(layout, crcs))
}

async function writeSafetensors(writer: Writer, plan: SlimPlan, header: Uint8Array): Promise<void> {
  await writer.write(header)
  for (const storage of plan.storages) await writer.storage(storage)
}

class Writer {
  position = 0
  crc = 0
  readonly overflowed = new Map<string, number>()
  private readonly input: fs.FileHandle
  private readonly inflated: InflatedStorages
  /** Where the storage under way is read from. */
  private source: fs.FileHandle
  private readonly target: fs.FileHandle
  private readonly total: number
  private readonly progress: SlimProgress
  private readonly signal: AbortSignal | undefined
  private readonly buffer = new Uint8Array(new ArrayBuffer(chunkBytes))

  constructor(source: fs.FileHandle, target: fs.FileHandle, inflated: InflatedStorages, total: number, progress: SlimProgress, signal: AbortSignal | undefined) {
    this.input = source
    this.source = source
    this.inflated = inflated
    this.target = target
    this.total = total
    this.progress = progress
    this.signal = signal
  }

  /** Appends to the file, and lets signals and progress have their turn. */
  async write(data: Uint8Array): Promise<void> {
    this.crc = crc32(data, this.crc)
    for (let at = 0; at < data.length;) at += writeSync(this.target.fd, data, at, data.length - at, this.position + at)
    this.position += data.length
    this.progress(this.position, this.total)
    this.unseen += data.length
    if (this.unseen < chunkBytes) return
    this.unseen = 0
    await setImmediate()
    if (this.signal?.aborted) throw new Error('cancelled')
  }

  /** Bytes written since signals had their turn. */
  private unseen = chunkBytes

  /** Copies what the storage is made of, run by run, through one buffer. */
  async storage(storage: SlimStorage): Promise<void> {
    let filled = 0
    const drain = async (): Promise<void> => {
      const data = this.buffer.subarray(0, filled)
      filled = 0
      turn(data, storage.turned)
      if (storage.cast === undefined) await this.write(data)
      else {
        const { output, overflowed } = castFloats(storage.cast, data)
        if (overflowed > 0) this.overflowed.set(storage.names[0]!, (this.overflowed.get(storage.names[0]!) ?? 0) + overflowed)
        await this.write(output)
      }
    }
    const { handle = this.input, start } = this.inflated.get(storage.from.key) ?? { start: storage.from.start! }
    if (handle !== this.source) this.window = new Uint8Array(0)
    this.source = handle
    if (storage.source.reach !== undefined) this.fillWindow(start + storage.source.start, storage.source.reach)
    for (const [offset, length] of rangesOf(storage, start)) {
      for (let done = 0; done < length;) {
        const count = Math.min(length - done, chunkBytes - filled)
        if (!this.copyFromWindow(offset + done, filled, count)) this.read(offset + done, filled, count)
        filled += count
        done += count
        if (filled === chunkBytes) await drain()
      }
    }
    if (filled > 0) await drain()
  }

  /** Small runs are cut out of a window that moves forward. */
  private window = new Uint8Array(0)
  private windowStart = 0

  private read(offset: number, into: number, count: number): void {
    if (count >= 65_536) {
      for (let got = 0; got < count;) {
        const bytesRead = readSync(this.source.fd, this.buffer, into + got, count - got, offset + got)
        if (bytesRead === 0) throw new Error('the input ends before its last tensor')
        got += bytesRead
      }
      return
    }
    this.fillWindow(offset, windowBytes)
    if (!this.copyFromWindow(offset, into, count)) throw new Error('the input ends before its last tensor')
  }

  private fillWindow(offset: number, count: number): void {
    const window = new Uint8Array(count)
    let got = 0
    while (got < count) {
      const bytesRead = readSync(this.source.fd, window, got, count - got, offset + got)
      if (bytesRead === 0) break
      got += bytesRead
    }
    this.window = window.subarray(0, got)
    this.windowStart = offset
  }

  private copyFromWindow(offset: number, into: number, count: number): boolean {
    const at = offset - this.windowStart
    if (at < 0 || at + count > this.window.length) return false
    this.buffer.set(this.window.subarray(at, at + count), into)
    return true
  }
}

/** The byte ranges of the input that make up a storage, in order. */
function * rangesOf({ source }: SlimStorage, storageStart: number): Generator<readonly [number, number]> {
  const start = storageStart + source.start
  if (source.run === 0) return
  const at = source.steps.map(() => 0)
  for (;;) {
    yield [source.steps.reduce((sum, { step }, index) => sum + at[index]! * step, start), source.run]
    let dimension = at.length - 1
    while (dimension >= 0) {
      at[dimension]! += 1
      if (at[dimension]! < source.steps[dimension]!.count) break
      at[dimension] = 0
      dimension -= 1
    }
    if (dimension < 0) return
  }
}

/** Turns the bytes of every number around, in place. */
function turn(data: Uint8Array, bytes: number): void {
  const view = Buffer.from(data.buffer, data.byteOffset, data.byteLength)
  if (bytes === 2) view.swap16()
  else if (bytes === 4) view.swap32()
  else if (bytes === 8) view.swap64()
}

async function syncFolder(folder: string): Promise<void> {
  // Not every platform opens a folder; the file itself is safe by then.
  const handle = await fs.open(folder, 'r').catch(() => undefined)
  await handle?.sync().catch(() => undefined)
  await handle?.close()
}

const nativeCrc = (zlib as { readonly crc32?: (data: Uint8Array, value?: number) => number }).crc32

/** CRC-32, by Node's own where it has one (20.15, 22.2). */
function crc32(data: Uint8Array, value: number): number {
  if (nativeCrc) return nativeCrc(data, value)
  let crc = ~value
  for (const byte of data) crc = (crc >>> 8) ^ crcTable[(crc ^ byte) & 0xff]!
  return ~crc >>> 0
}

const crcTable = Uint32Array.from({ length: 256 }, (_, index) => {
  let crc = index
  for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >>> 1) ^ 0xedb88320 : crc >>> 1
  return crc
})
