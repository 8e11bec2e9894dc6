/** How an evaluated model differs from what record.py says of the same program. */

import { subtreeTotals } from '../../../server/src/core/model/counts.ts'
import type { ModelTree } from '../../../server/src/core/model/layer-tree.ts'
import { stateDictFileBytes } from '../../../server/src/core/serialize/state-dict.ts'

export interface Truth {
  readonly error?: string
  readonly parameters: number
  readonly trainable: number
  readonly buffers: number
  /** Shape and type are null where an entry is no tensor. */
  readonly state: readonly (readonly [name: string, shape: readonly number[] | null, dtype: string | null])[]
  /** Null when torch.save refuses. */
  readonly file: number | null
}

/** One sentence on the first difference of an exact model; undefined when there is none. */
export function disagreement(model: ModelTree, truth: Truth, torchVersion: string): string | undefined {
  if (truth.error !== undefined) return `PyTorch raises ${truth.error}`
  const { parameters, trainable, bufferElements: buffers } = subtreeTotals(model.root)
  const ours = JSON.stringify({ parameters, trainable, buffers, state: model.stateDict?.map(({ name, tensor }) => [name, tensor.shape, tensor.dtype]) })
  const theirs = JSON.stringify({ parameters: truth.parameters, trainable: truth.trainable, buffers: truth.buffers, state: truth.state.filter(([, shape]) => shape !== null) })
  if (ours !== theirs) return `${ours} instead of ${theirs}`
  const bytes = stateDictFileBytes(model, { torchVersion, fileName: 'model.pt' })
  return bytes.certainty === 'exact' && bytes.value !== truth.file ? `file of ${String(bytes.value)} bytes instead of ${String(truth.file)}` : undefined
}
