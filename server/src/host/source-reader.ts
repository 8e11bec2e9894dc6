/**
 * Reads thousands of source files for one question: no stat for each file, one buffer for all of them, bytes taken as they
 * are. Keeps nothing but the buffer; opens only what the listing says is a regular file.
 */

import * as fs from 'node:fs'
import type { SourceReader } from '../core/ports.ts'
import { walkProject } from './project-files.ts'
import { FIELDS, finishBatches, startBatch, type Batch } from './side-thread.ts'

/** Sources of one folder that are listed: larger workspaces are monorepos, and the answer says that it is not complete. */
const maxSources = 30_000
/** File systems keep times in steps of up to two seconds: a file written in the second it was read counts as changed. */
const clockStep = 2_000
const firstBuffer = 1 << 20
/** Files that are searched together while the folder is still listed. */
const batchOf = 1024

export function createSourceReader(): SourceReader {
  let buffer = Buffer.allocUnsafe(firstBuffer)
  return {
    list(folder, exclude, isWanted, search) {
      const paths: string[] = []
      const batches: Batch[] = []
      const question = search && ({ kind: 'search', anywhere: search.anywhere, keyword: search.keyword, names: search.names, maxBytes: search.maxBytes } as const)
      let searched: string[] = []
      const { isComplete } = walkProject(folder, exclude, (path, name) => {
        if (isWanted(name)) {
          paths.push(path)
          if (question && search.isWanted(name)) searched.push(path)
        }
        if (question && searched.length === batchOf) {
          batches.push(startBatch(question, searched))
          searched = []
        }
        return paths.length <= maxSources
      })
      if (question && searched.length > 0) batches.push(startBatch(question, searched))
      finishBatches(batches)
      return { paths, isComplete, barren: barrenOf(batches) }
    },
    read(path, maxBytes) {
      let descriptor: number
      try {
        // O_NONBLOCK: what was a file when it was listed may be a FIFO by now.
        descriptor = fs.openSync(path, fs.constants.O_RDONLY | (fs.constants.O_NONBLOCK ?? 0))
      } catch {
        return undefined
      }
      try {
        let length = 0
        for (;;) {
          const count = fs.readSync(descriptor, buffer, length, buffer.length - length, null)
          length += count
          // A read that does not fill the buffer has reached the end of a regular file.
          if (length < buffer.length) break
          if (length > maxBytes) return undefined
          const larger = Buffer.allocUnsafe(buffer.length * 4)
          buffer.copy(larger)
          buffer = larger
        }
        return length > maxBytes ? undefined : buffer.toString('latin1', 0, length)
      } catch {
        return undefined
      } finally {
        fs.closeSync(descriptor)
      }
    },
    now: () => Date.now(),
    isChanged(path, since, bytes) {
      const found = fs.statSync(path, { throwIfNoEntry: false })
      return !found || Math.max(found.ctimeMs, found.mtimeMs) > since - clockStep || (bytes !== undefined && found.size !== bytes)
    },
  }
}

function barrenOf(batches: readonly Batch[]): ReadonlyMap<string, number> {
  const barren = new Map<string, number>()
  for (const { paths, results } of batches) {
    for (const [index, path] of paths.entries()) {
      const bytes = results[index * FIELDS]!
      if (bytes >= 0 && results[index * FIELDS + 1] === 0) barren.set(path, bytes)
    }
  }
  return barren
}
