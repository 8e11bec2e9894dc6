/** The plain data that the checkpoint readers hand out (the `checkpoint --json` contract, and what rules and views need besides). */

import type { Figure } from '../measure/figure.ts'
import type { DangerousGlobal } from './dangerous-globals.ts'
import type { TensorValue } from './values.ts'

export type CheckpointFormat =
  | 'torch-zip' | 'torch-legacy' | 'torch-tar' | 'torchscript' | 'torch-export' | 'aot-inductor' | 'torch-package' | 'safetensors' | 'safetensors-index' | 'torch-index' | 'pickle'
  | 'numpy' | 'numpy-archive' | 'zip' | 'executorch' | 'gguf' | 'git-lfs-pointer' | 'html' | 'gzip' | 'xz' | 'bzip2' | '7z' | 'empty' | 'json' | 'text' | 'unknown'

export type Role = 'weights' | 'optimizer' | 'ema' | 'other'
export type Part = 'weights' | 'optimizer' | 'ema' | 'other-tensors' | 'unreachable' | 'pickle' | 'code' | 'container' | 'padding' | 'unknown'
export type Kind = 'state_dict' | 'whole-module' | 'training-checkpoint' | 'torchscript' | 'tensor' | 'other'

/** A tensor inside another: the indices of a sparse one, the scales of a quantized one. */
export interface TensorPart {
  readonly name: string
  readonly dtype: string
  readonly shape: readonly (number | null)[] | null
  readonly bytes: number | null
  readonly storage: string | null
}

export interface CheckpointTensor {
  readonly name: string
  readonly dtype: string
  /** Null, or null in a dimension, where only the data tells. */
  readonly shape: readonly (number | null)[] | null
  /** In elements; null for layouts that have none. */
  readonly stride: readonly number[] | null
  /** Product of the shape times the element's bytes. */
  readonly bytes: number | null
  /** Key among `storages`; null when the bytes lie elsewhere (meta, composite, in the pickle). */
  readonly storage: string | null
  readonly role: Role
  readonly layout?: TensorValue['layout']
  readonly class?: string
  readonly parts?: readonly TensorPart[]
  /** The shard that holds it, for indexes. */
  readonly file?: string
}

export interface CheckpointStorage {
  readonly key: string
  readonly dtype: string
  readonly device: string
  readonly bytes: number
  readonly reachableBytes: number
}

export interface AnatomyPart {
  readonly part: Part
  readonly bytes: number
}

export type WhatIfAction = 'drop-optimizer' | 'drop-ema' | 'materialise-views' | 'float16' | 'bfloat16' | 'dynamic-int8'

export interface WhatIf {
  readonly action: WhatIfAction
  readonly fileBytes: Figure
}

export interface Problem {
  readonly severity: 'error' | 'warning'
  readonly message: string
  readonly offset?: number
}

export interface Checkpoint {
  readonly format: CheckpointFormat
  readonly fileBytes: number
  readonly bytesRead: number
  readonly torchVersionHint: string | null
  readonly alignment: number | null
  readonly tensors: readonly CheckpointTensor[] | null
  readonly storages: readonly CheckpointStorage[]
  readonly anatomy: readonly AnatomyPart[]
  readonly kind: Kind
  readonly globals: readonly string[]
  readonly weightsOnly: { readonly loads: boolean | null, readonly needs: readonly string[], readonly why: string }
  readonly dangerousGlobals: readonly DangerousGlobal[]
  readonly whatIf: readonly WhatIf[]
  readonly problems: readonly Problem[]
  /** What the file says about itself: safetensors metadata, a Git LFS object. */
  readonly metadata: Readonly<Record<string, string>>
}
