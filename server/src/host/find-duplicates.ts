/** Finds storages of a slimming plan that hold the same bytes: samples first, then all bytes of those that might. */

import * as fs from 'node:fs'
import type { SlimStorage } from '../core/checkpoint/slim-plan.ts'

/** Below this, a repetition saves nothing worth tying two tensors together. */
const smallest = 1024

const sampleBytes = 64
const chunkBytes = 1024 * 1024

/**
 * The storage whose bytes another repeats, by key. Tensors of one value throughout are fresh buffers that happen to be
 * equal, never ties, and are left alone.
 */
export function findDuplicates(file: string, storages: readonly SlimStorage[]): Map<string, string> {
  const same = new Map<string, string>()
  const groups = new Map<string, SlimStorage[]>()
  for (const storage of storages) {
    if (storage.dense === undefined || storage.bytes < smallest || storage.from.start === undefined || storage.source.steps.length > 0) continue
    const id = `${storage.dense} ${String(storage.source.bytes)}`
    groups.set(id, [...groups.get(id) ?? [], storage])
  }
  if (![...groups.values()].some((group) => group.length > 1)) return same
  const descriptor = fs.openSync(file, 'r')
  try {
    for (const group of groups.values()) {
      if (group.length < 2) continue
      const bySample = new Map<string, SlimStorage[]>()
      for (const storage of group) {
        const sample = sampleOf(descriptor, storage)
        const first = bySample.get(sample)?.find((other) => sameBytes(descriptor, other, storage))
        if (first) same.set(storage.key, first.key)
        else bySample.set(sample, [...bySample.get(sample) ?? [], storage])
      }
    }
  } finally {
    fs.closeSync(descriptor)
  }
  return same
}

function startOf({ from, source }: SlimStorage): number {
  return from.start! + source.start
}

function sampleOf(descriptor: number, storage: SlimStorage): string {
  const buffer = Buffer.alloc(sampleBytes * 3)
  const start = startOf(storage)
  const { bytes } = storage.source
  fs.readSync(descriptor, buffer, 0, sampleBytes, start)
  fs.readSync(descriptor, buffer, sampleBytes, sampleBytes, start + Math.floor(bytes / 2))
  fs.readSync(descriptor, buffer, sampleBytes * 2, sampleBytes, start + bytes - sampleBytes)
  return buffer.toString('latin1')
}

function sameBytes(descriptor: number, a: SlimStorage, b: SlimStorage): boolean {
  const left = Buffer.alloc(chunkBytes)
  const right = Buffer.alloc(chunkBytes)
  let constant = true
  for (let done = 0; done < a.source.bytes; done += chunkBytes) {
    const count = Math.min(chunkBytes, a.source.bytes - done)
    if (fs.readSync(descriptor, left, 0, count, startOf(a) + done) !== count || fs.readSync(descriptor, right, 0, count, startOf(b) + done) !== count) return false
    if (left.compare(right, 0, count, 0, count) !== 0) return false
    // Sixteen bytes hold whole elements of every type: equal to itself sixteen bytes on is one value throughout.
    constant &&= count <= 16 || left.compare(left, 16, count, 0, count - 16) === 0
  }
  return !constant
}
