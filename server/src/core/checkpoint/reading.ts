/** What one reading of a file carries along: the reader, the version in force, the globals seen, the problems, the anatomy. */

import type { ByteSource, Files, Inflate } from '../ports.ts'
import { Anatomy } from './anatomy.ts'
import type { Reader } from './bytes.ts'
import type { Checkpoint, CheckpointFormat, CheckpointStorage, CheckpointTensor, Kind, Problem } from './checkpoint.ts'
import type { Content } from './content.ts'
import { listStorages, listTensors } from './content.ts'
import * as limits from './limits.ts'
import { GlobalsSeen } from './pickle-scan.ts'
import type { TorchRelease, WeightsOnlyRules } from './torch-release.ts'
import { weightsOnlyRules } from './torch-release.ts'
import { WeightsOnlyJudge } from './weights-only.ts'
import type { WeightsOnlyVerdict } from './weights-only.ts'

export interface ReadOptions {
  /** Path of the file, for its extension and its shards. */
  readonly name: string
  readonly inflate: Inflate
  readonly release: TorchRelease
  /** Where the shards of an index are found; none are read without it. */
  readonly files?: Files | undefined
}

/** Reads another file the same way: the shards of an index. */
export type ReadAnother = (source: ByteSource, options: ReadOptions) => { readonly checkpoint: Checkpoint, readonly content: Content | null }

export class Reading {
  readonly reader: Reader
  readonly readAnother: ReadAnother
  readonly options: ReadOptions
  readonly seen = new GlobalsSeen()
  readonly problems: Problem[] = []
  readonly anatomy = new Anatomy()
  readonly metadata: Record<string, string> = {}
  readonly rules: WeightsOnlyRules | undefined
  readonly judge: WeightsOnlyJudge | null
  torchVersionHint: string | null = null
  alignment: number | null = null
  content: Content | null = null

  constructor(reader: Reader, options: ReadOptions, readAnother: ReadAnother) {
    this.reader = reader
    this.readAnother = readAnother
    this.options = options
    this.rules = weightsOnlyRules(options.release)
    this.judge = this.rules ? new WeightsOnlyJudge(this.rules) : null
  }

  problem(severity: Problem['severity'], message: string, offset?: number): void {
    if (this.problems.length < limits.problems) this.problems.push(offset === undefined ? { severity, message } : { severity, message, offset })
  }

  /** The judge's answer for a file that torch would hand to its pickle reader. */
  verdict(): WeightsOnlyVerdict {
    return this.judge?.verdict() ?? { loads: null, needs: [], why: `torch ${this.options.release.text} has no weights_only` }
  }

  /** The report. `weightsOnly` is null where the question does not apply. */
  finish(format: CheckpointFormat, kind: Kind, weightsOnly: WeightsOnlyVerdict | { readonly notAsked: string }): Checkpoint {
    const { reader, content, seen } = this
    const { anatomy, overlaps } = this.anatomy.total(reader.bytes)
    if (overlaps) this.problem('warning', 'parts of the file overlap: no torch writes this')
    // A hover needs the totals of 20,000 tensors, not a row for each: rows are made when they are asked for.
    let tensors: readonly CheckpointTensor[] | undefined
    let storages: readonly CheckpointStorage[] | undefined
    return {
      format, fileBytes: reader.bytes, bytesRead: reader.bytesRead, torchVersionHint: this.torchVersionHint, alignment: this.alignment,
      get tensors() { return content && (tensors ??= listTensors(content)) },
      get storages() { return storages ??= content ? listStorages(content) : [] },
      anatomy, kind, globals: seen.names(),
      weightsOnly: 'notAsked' in weightsOnly ? { loads: null, needs: [], why: weightsOnly.notAsked } : weightsOnly,
      dangerousGlobals: seen.dangers(), whatIf: [], problems: this.problems, metadata: this.metadata,
    }
  }
}
