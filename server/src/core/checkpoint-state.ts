/** Checkpoints that were read, kept as long as the file on disk and the version in force stay the same. */

import { readCheckpoint, type CheckpointReading } from './checkpoint/read-checkpoint.ts'
import { newestRelease, parseRelease } from './checkpoint/torch-release.ts'
import { isFailure, type Files, type Inflate, type ReadFailure } from './ports.ts'

/** Readings that are kept. */
const maxKept = 32

/** Tensors in all readings together, at some 700 bytes each; the newest reading is kept whatever it holds. */
const maxTensors = 100_000

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
    this.#kept.set(path, { stamp, reading })
    this.#forget()
    return reading
  }

  /** Lets the oldest readings go, until what is left is no burden. */
  #forget(): void {
    let tensors = 0
    for (const { reading } of this.#kept.values()) tensors += reading.content?.named.length ?? 0
    for (const [path, { reading }] of this.#kept) {
      if (this.#kept.size <= 1 || (this.#kept.size <= maxKept && tensors <= maxTensors)) return
      tensors -= reading.content?.named.length ?? 0
      this.#kept.delete(path)
    }
  }
}
