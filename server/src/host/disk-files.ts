/**
 * The Files port over the disk. Turns every file system error into a result; keeps nothing,
 * so an answer is never older than the call. Opens only regular files: a FIFO or a device
 * in a workspace must not hang the server.
 */

import * as fs from 'node:fs'
import type { ByteSource, DirectoryEntry, Files, FileStat, ReadFailure } from '../core/ports.ts'

export function createDiskFiles(): Files {
  return { stat, list, readText, open, realPath }
}

function stat(path: string): FileStat | undefined {
  try {
    // Without throwIfNoEntry a missing file costs an exception, and most of an import search is missing files.
    const found = fs.statSync(path, { throwIfNoEntry: false })
    return found && { kind: found.isFile() ? 'file' : found.isDirectory() ? 'directory' : 'other', bytes: found.size, modified: found.mtimeMs }
  } catch {
    return undefined
  }
}

function list(path: string): readonly DirectoryEntry[] | undefined {
  try {
    return fs.readdirSync(path, { withFileTypes: true }).map((entry) => ({ name: entry.name, kind: entryKind(entry) }))
  } catch {
    return undefined
  }
}

function entryKind(entry: fs.Dirent): DirectoryEntry['kind'] {
  if (entry.isFile()) return 'file'
  if (entry.isDirectory()) return 'directory'
  return entry.isSymbolicLink() ? 'link' : 'other'
}

const utf8 = new TextDecoder('utf-8')

function readText(path: string, maxBytes: number): string | ReadFailure {
  const source = open(path)
  if ('kind' in source) return source
  try {
    if (source.bytes > maxBytes) {
      return { kind: 'failure', reason: 'too-large', message: `it has ${source.bytes} bytes, more than the ${maxBytes} that are read as text` }
    }
    const bytes = source.read(0, source.bytes)
    if (bytes.length < source.bytes) return { kind: 'failure', reason: 'io', message: 'it could not be read to its end' }
    return utf8.decode(bytes)
  } finally {
    source.close()
  }
}

function open(path: string): ByteSource | ReadFailure {
  let descriptor: number
  try {
    // O_NONBLOCK: opening a FIFO for reading would otherwise wait for a writer.
    descriptor = fs.openSync(path, fs.constants.O_RDONLY | (fs.constants.O_NONBLOCK ?? 0))
  } catch (error) {
    return failure(error)
  }
  try {
    const found = fs.fstatSync(descriptor)
    if (found.isFile()) return byteSource(descriptor, found.size)
    fs.closeSync(descriptor)
    return { kind: 'failure', reason: 'not-a-file', message: found.isDirectory() ? 'it is a folder' : 'it is not a regular file' }
  } catch (error) {
    fs.closeSync(descriptor)
    return failure(error)
  }
}

function byteSource(descriptor: number, bytes: number): ByteSource {
  let closed = false
  return {
    bytes,
    read(offset, length) {
      if (closed || length <= 0 || offset < 0 || offset >= bytes) return new Uint8Array(0)
      const buffer = new Uint8Array(Math.min(length, bytes - offset))
      let done = 0
      try {
        while (done < buffer.length) {
          const count = fs.readSync(descriptor, buffer, done, buffer.length - done, offset + done)
          if (count === 0) break
          done += count
        }
      } catch {
        // Reported as a short read: the reader knows what it wanted and can name the place.
      }
      return done === buffer.length ? buffer : buffer.subarray(0, done)
    },
    close() {
      if (closed) return
      closed = true
      fs.closeSync(descriptor)
    },
  }
}

function realPath(path: string): string | undefined {
  try {
    return fs.realpathSync.native(path).replaceAll('\\', '/')
  } catch {
    return undefined
  }
}

function failure(error: unknown): ReadFailure {
  const code = (error as NodeJS.ErrnoException).code
  switch (code) {
    case 'ENOENT':
    case 'ENOTDIR': return { kind: 'failure', reason: 'missing', message: 'it does not exist' }
    case 'EACCES':
    case 'EPERM': return { kind: 'failure', reason: 'permission', message: 'permission to read it is denied' }
    case 'EISDIR': return { kind: 'failure', reason: 'not-a-file', message: 'it is a folder' }
    case 'ELOOP': return { kind: 'failure', reason: 'io', message: 'its links form a loop' }
    default: return { kind: 'failure', reason: 'io', message: `reading it failed (${code ?? 'unknown error'})` }
  }
}
