/** Finds storages of a slimming plan that hold the same bytes: by what the file says of them, then samples, then a digest of those that might. */

import { createHash } from 'node:crypto'
import * as fs from 'node:fs'
import type { SlimStorage } from '../core/checkpoint/slim-plan.ts'

/** Below this, a repetition saves nothing worth tying two tensors together. */
const smallest = 1024

/** Looked at in as many places, from the first byte to the last. */
const samples = 8
const sampleBytes = 64
const chunkBytes = 256 * 1024

/**
 * The storage whose bytes another repeats, by key. Tensors of one value throughout are fresh buffers that happen to be
 * equal, never ties, and are left alone; so are those that look like it in every sample. No byte is read more than twice.
 */
export function findDuplicates(file: string, storages: readonly SlimStorage[]): Map<string, string> {
  const same = new Map<string, string>()
  const groups = groupsOf(storages.filter(({ dense, bytes, from, source }) => dense !== undefined && bytes >= smallest && from.start !== undefined && source.steps.length === 0), ({ dense, from, source }) => `${dense!} ${String(source.bytes)} ${source.whole ? String(from.crc) : ''}`)
  if (groups.length === 0) return same
  const descriptor = fs.openSync(file, 'r')
  try {
    for (const group of groups) {
      for (const alike of groupsOf(group, (storage) => sampleOf(descriptor, storage))) {
        for (const [first, ...others] of groupsOf(alike, (storage) => digestOf(descriptor, storage))) for (const other of others) same.set(other.key, first!.key)
      }
    }
  } finally {
    fs.closeSync(descriptor)
  }
  return same
}

/** Those that share what `trait` says of them with another one; it may leave one out. */
function groupsOf(storages: readonly SlimStorage[], trait: (storage: SlimStorage) => string | undefined): SlimStorage[][] {
  const groups = new Map<string, SlimStorage[]>()
  for (const storage of storages) {
    const id = trait(storage)
    if (id === undefined) continue
    const group = groups.get(id)
    if (group) group.push(storage)
    else groups.set(id, [storage])
  }
  return [...groups.values()].filter((group) => group.length > 1)
}

function startOf({ from, source }: SlimStorage): number {
  return from.start! + source.start
}

/** Undefined when it looks like one value throughout. */
function sampleOf(descriptor: number, storage: SlimStorage): string | undefined {
  const buffer = Buffer.alloc(sampleBytes * samples)
  const start = startOf(storage)
  const last = storage.source.bytes - sampleBytes
  // Every sample begins at a multiple of sixteen bytes, which hold whole elements of every type.
  for (let index = 0; index < samples; index++) fs.readSync(descriptor, buffer, index * sampleBytes, sampleBytes, start + Math.floor((last * index) / (samples - 1) / 16) * 16)
  return buffer.compare(buffer, 16, buffer.length, 0, buffer.length - 16) === 0 ? undefined : buffer.toString('latin1')
}

/** Undefined when the file ends before the storage does. */
function digestOf(descriptor: number, storage: SlimStorage): string | undefined {
  const hash = createHash('sha256')
  const buffer = Buffer.alloc(chunkBytes)
  for (let done = 0; done < storage.source.bytes; done += chunkBytes) {
    const count = Math.min(chunkBytes, storage.source.bytes - done)
    if (fs.readSync(descriptor, buffer, 0, count, startOf(storage) + done) !== count) return undefined
    hash.update(buffer.subarray(0, count))
  }
  return hash.digest('hex')
}
