/**
 * Reads thousands of source files for one question: no stat for each file, one buffer for all of them, bytes taken as they
 * are. Keeps nothing but the buffer; opens only what the listing says is a regular file.
 */

import * as fs from 'node:fs'
import type { SourceReader } from '../core/ports.ts'
import { walkProject } from './project-files.ts'

/** Sources of one folder that are listed: larger workspaces are monorepos, and the answer says that it is not complete. */
const maxSources = 30_000
/** File systems keep times in steps of up to two seconds: a file written in the second it was read counts as changed. */
const clockStep = 2_000
const firstBuffer = 1 << 20

export function createSourceReader(): SourceReader {
  let buffer = Buffer.allocUnsafe(firstBuffer)
  return {
    list(folder, exclude, isWanted) {
      const paths: string[] = []
      const { isComplete } = walkProject(folder, exclude, (path, name) => {
        if (isWanted(name)) paths.push(path)
        return paths.length <= maxSources
      })
      return { paths, isComplete }
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
