/** Checkpoints that were read, kept as long as the file on disk and the version in force stay the same. */

import { readCheckpoint, type CheckpointReading } from './checkpoint/read-checkpoint.ts'
import { newestRelease, parseRelease } from './checkpoint/torch-release.ts'
import { isFailure, type Files, type Inflate, type ReadFailure } from './ports.ts'

/** Readings that are kept; the tensors of a large checkpoint take a few megabytes. */
const maxKept = 32

export class CheckpointState {
  readonly #files: Files
  readonly #inflate: Inflate
  readonly #kept = new Map<string, { readonly stamp: string; readonly reading: CheckpointReading }>()

  constructor(files: Files, inflate: Inflate) {
    this.#files = files
    this.#inflate = inflate
  }

  /** What is in the file, for the version of torch in force. */
  of(path: string, torchVersion: string): CheckpointReading | ReadFailure {
    const stat = this.#files.stat(path)
    const stamp = `${torchVersion} ${String(stat?.bytes)} ${String(stat?.modified)}`
    const kept = this.#kept.get(path)
    if (kept?.stamp === stamp) return kept.reading
    const source = this.#files.open(path)
    if (isFailure(source)) return source
    const reading = readCheckpoint(source, { name: path, inflate: this.#inflate, release: parseRelease(torchVersion) ?? newestRelease, files: this.#files })
    source.close()
    this.#kept.delete(path)
    if (this.#kept.size >= maxKept) this.#kept.delete(this.#kept.keys().next().value!)
    this.#kept.set(path, { stamp, reading })
    return reading
  }
}
