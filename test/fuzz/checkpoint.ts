/**
 * Fuzzes the checkpoint readers: seeded mutants of the zoo, and every prefix of its files. Each must give a report whose
 * anatomy sums to the file, within 250 ms, without an exception; a report without tensors must say why.
 * usage: tsx test/fuzz/checkpoint.ts [--mutants N] [--seed N] [--format NAME] [--seconds N]     at most N seconds per format
 */

import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { gunzipSync } from 'node:zlib'
import { memorySource } from '../../server/src/core/checkpoint/bytes.ts'
import { readCheckpoint, type CheckpointReading } from '../../server/src/core/checkpoint/read-checkpoint.ts'
import { newestRelease } from '../../server/src/core/checkpoint/torch-release.ts'
import { createDiskFiles } from '../../server/src/host/disk-files.ts'
import { inflate } from '../../server/src/host/inflate.ts'

const { values } = parseArgs({ options: { mutants: { type: 'string', default: '100000' }, seed: { type: 'string', default: '1' }, format: { type: 'string' }, keep: { type: 'string' }, seconds: { type: 'string', default: '3600' } } })
const mutants = Number(values.mutants)
/** Milliseconds of processor time: a busy machine makes nothing slower than it is. */
const slowest = 250

function processorTime(): number {
  const { user, system } = process.cpuUsage()
  return (user + system) / 1000
}

/** xorshift32: the same run for the same seed, everywhere. */
let state = Number(values.seed) * 2_654_435_761 >>> 0 || 1
function random(below: number): number {
  state ^= state << 13
  state ^= state >>> 17
  state ^= state << 5
  return (state >>> 0) % below
}

interface Seed { readonly name: string, readonly data: Uint8Array }

/** Files larger than this make slow mutants and no others. */
const largestSeed = 40_000

/** The shards that a mutated index may still name. */
const shards = createDiskFiles()

function read(name: string, data: Uint8Array): CheckpointReading {
  return readCheckpoint(memorySource(data), { name, inflate, release: newestRelease, files: shards })
}

function seeds(): Map<string, Seed[]> {
  const byFormat = new Map<string, Seed[]>()
  const add = (name: string, data: Uint8Array): void => {
    if (data.length > largestSeed) return
    const { checkpoint: { format, storages }, content } = read(name, data)
    byFormat.set(format, [...byFormat.get(format) ?? [], { name, data }])
    // Big-endian files and sixth members are rare among the rest: they count as formats of their own.
    if (content?.bigEndian) byFormat.set('big-endian', [...byFormat.get('big-endian') ?? [], { name, data }])
    if (storages.some(({ key }) => key.includes('constants'))) byFormat.set('with constants', [...byFormat.get('with constants') ?? [], { name, data }])
  }
  const folder = join(import.meta.dirname, '../fixtures/checkpoints')
  for (const kind of ['good', 'bad']) {
    for (const name of readdirSync(join(folder, kind))) {
      const path = join(folder, kind, name)
      // Indexes are read beside their shards.
      if (statSync(path).isDirectory()) for (const inner of readdirSync(path)) add(join(path, inner), new Uint8Array(readFileSync(join(path, inner))))
      else if (!name.endsWith('.oracle.json')) add(path, new Uint8Array(readFileSync(path)))
    }
  }
  for (const zoo of ['more.json.gz', 'rare.json.gz']) {
    const packed = JSON.parse(gunzipSync(readFileSync(join(folder, zoo))).toString()) as { readonly files: Record<string, string> }
    for (const [name, data] of Object.entries(packed.files)) add(name, new Uint8Array(Buffer.from(data, 'base64')))
  }
  const globals = JSON.parse(gunzipSync(readFileSync(join(folder, 'globals.json.gz'))).toString()) as { readonly bad: Record<string, string> }
  for (const [name, data] of Object.entries(globals.bad)) if (!/^(reduce|inst|zip) /.test(name)) add(name, new Uint8Array(Buffer.from(data, 'base64')))
  return byFormat
}

const interesting = [0, 1, 2, 0x28, 0x2e, 0x50, 0x52, 0x62, 0x63, 0x7f, 0x80, 0x81, 0x85, 0x93, 0x94, 0x95, 0xfe, 0xff]

function mutate(data: Uint8Array, other: Uint8Array): Uint8Array {
  let out = data.slice()
  for (let round = random(4) + 1; round > 0; round--) {
    const at = random(Math.max(1, out.length))
    switch (random(8)) {
      case 0: out[at] = random(256); break
      case 1: out[at] = interesting[random(interesting.length)]!; break
      case 2: for (let index = at; index < Math.min(out.length, at + 4 + random(5)); index++) out[index] = random(2) * 255; break
      case 3: out = out.slice(0, at); break
      case 4: { // a piece out
        const length = random(Math.min(64, out.length) + 1)
        const shorter = new Uint8Array(Math.max(0, out.length - length))
        shorter.set(out.subarray(0, Math.min(at, shorter.length)))
        if (at + length < out.length) shorter.set(out.subarray(at + length), at)
        out = shorter
        break
      }
      case 5: { // a piece twice
        const piece = out.subarray(at, at + random(64))
        const longer = new Uint8Array(out.length + piece.length)
        longer.set(out.subarray(0, at))
        longer.set(piece, at)
        longer.set(out.subarray(at), at + piece.length)
        out = longer
        break
      }
      case 6: { // a piece of another file
        const from = random(Math.max(1, other.length))
        const piece = other.subarray(from, from + random(48))
        out.set(piece.subarray(0, Math.max(0, out.length - at)), at)
        break
      }
      default: out[at] = (out[at] ?? 0) ^ (1 << random(8))
    }
  }
  return out
}

let failures = 0
let worst = 0

function check(name: string, data: Uint8Array): void {
  const start = processorTime()
  let complaint: string | undefined
  try {
    const { checkpoint } = read(name, data)
    const sum = checkpoint.anatomy.reduce((total, part) => total + part.bytes, 0)
    if (sum !== checkpoint.fileBytes || checkpoint.fileBytes < data.length || checkpoint.anatomy.some(({ bytes }) => !Number.isSafeInteger(bytes) || bytes < 0)) complaint = `the anatomy sums to ${String(sum)} of ${String(data.length)}`
    else if (checkpoint.tensors === null && !checkpoint.problems.some(({ severity }) => severity === 'error') && !quiet.has(checkpoint.format)) complaint = `no tensors and no reason (${checkpoint.format})`
    else if (checkpoint.storages.some(({ bytes, reachableBytes }) => reachableBytes > bytes || reachableBytes < 0)) complaint = 'more bytes are reachable than there are'
  } catch (error) {
    complaint = error instanceof Error ? error.stack ?? error.message : String(error)
  }
  let took = processorTime() - start
  // A slow answer counts only when it is slow again: garbage is collected at any time.
  for (let again = 0; again < 2 && took > slowest; again++) {
    const restart = processorTime()
    read(name, data)
    took = Math.min(took, processorTime() - restart)
  }
  worst = Math.max(worst, took)
  if (took > slowest) complaint ??= `took ${took.toFixed(0)} ms`
  if (complaint === undefined) return
  failures += 1
  if (failures <= 20) console.error(`${name}: ${complaint}`)
  if (values.keep !== undefined && failures <= 20) writeFileSync(join(values.keep, `failure-${String(failures)}`), data)
}

/** Formats that are named without tensors and without a fault. */
const quiet = new Set(['executorch', 'numpy', 'torch-package', 'aot-inductor', 'torch-export'])

for (const [format, files] of seeds()) {
  if (values.format !== undefined && format !== values.format) continue
  worst = 0
  const start = performance.now()
  let prefixes = 0
  for (const { name, data } of files.slice(0, 12)) {
    const step = Math.max(1, Math.floor(data.length / 4000))
    for (let length = 0; length < data.length; length += step) {
      prefixes += 1
      check(`${name} cut to ${String(length)}`, data.slice(0, length))
    }
  }
  let made = 0
  for (; made < mutants && performance.now() - start < Number(values.seconds) * 1000; made++) {
    const { name, data } = files[random(files.length)]!
    check(`${name} mutant ${String(made)}`, mutate(data, files[random(files.length)]!.data))
  }
  console.log(`${format.padEnd(18)} ${String(files.length).padStart(4)} files  ${String(prefixes).padStart(6)} prefixes  ${String(made)} mutants  worst ${worst.toFixed(1)} ms  ${((performance.now() - start) / 1000).toFixed(1)} s`)
}
if (failures > 0) console.error(`${String(failures)} failures`)
process.exit(failures > 0 ? 1 : 0)
