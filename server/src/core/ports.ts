/**
 * What core needs from outside, as interfaces; host/ implements them over the disk, tests over memory.
 * All ports are synchronous: the server is a process of its own, reads are small and bounded, and an
 * evaluator that had to await an import could not run Python's own rules in Python's own order.
 * Paths are absolute and use `/` on every platform.
 */

export interface FileStat {
  readonly kind: 'file' | 'directory' | 'other'
  readonly bytes: number
  /** Milliseconds since the epoch; together with `bytes` it tells whether a cached answer still holds. */
  readonly modified: number
}

export interface DirectoryEntry {
  readonly name: string
  readonly kind: 'file' | 'directory' | 'link' | 'other'
}

/** Why something could not be read; `message` is one clear sentence without the path. */
export interface ReadFailure {
  readonly kind: 'failure'
  readonly reason: 'missing' | 'permission' | 'not-a-file' | 'too-large' | 'io'
  readonly message: string
}

/** Random access to the bytes of one open file. */
export interface ByteSource {
  readonly bytes: number
  /** Reads exactly `length` bytes, or fewer at the end of the file. Throws nothing; an I/O error reads as a short result. */
  read(offset: number, length: number): Uint8Array
  close(): void
}

export interface Files {
  /** Follows links. */
  stat(path: string): FileStat | undefined
  /** The entries of a directory, in no order; `undefined` when it cannot be listed. */
  list(path: string): readonly DirectoryEntry[] | undefined
  /** The text of a file: UTF-8 (a byte order mark is dropped), invalid bytes replaced. */
  readText(path: string, maxBytes: number): string | ReadFailure
  open(path: string): ByteSource | ReadFailure
  /** The path with every link resolved, or `undefined` when it does not exist or the links loop. */
  realPath(path: string): string | undefined
}

/** What makes a source worth reading: a word anywhere in it, or one of the names in a statement with the keyword. */
export interface SourceSearch {
  readonly isWanted: (name: string) => boolean
  readonly anywhere: string
  readonly keyword: string
  readonly names: readonly string[]
  readonly maxBytes: number
}

export interface SourceListing {
  readonly paths: readonly string[]
  readonly isComplete: boolean
  /** Files that were searched while the folder was listed and hold nothing of what was asked for, with their bytes. */
  readonly barren: ReadonlyMap<string, number>
}

/** Looks through the sources of a project folder, thousands of them, as fast as the disk allows. */
export interface SourceReader {
  /** The files whose names are wanted, without what `exclude`, .gitignore files and virtual environments leave out. */
  list(folder: string, exclude: readonly string[], isWanted: (name: string) => boolean, search?: SourceSearch): SourceListing
  /** The bytes of a file, one in each unit of the string; `undefined` when they cannot be read or are too many. */
  read(path: string, maxBytes: number): string | undefined
  /** A moment that `isChanged` can be asked about. */
  now(): number
  /** Whether the file may have changed since a moment, or has another number of bytes than it had then. */
  isChanged(path: string, since: number, bytes: number | undefined): boolean
}

/** Inflates a raw deflate stream; `undefined` when it is broken or would grow past `maxBytes`. */
export type Inflate = (compressed: Uint8Array, maxBytes: number) => Uint8Array | undefined

export function isFailure(value: unknown): value is ReadFailure {
  return typeof value === 'object' && value !== null && (value as { kind?: unknown }).kind === 'failure'
}
