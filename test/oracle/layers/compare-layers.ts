/** Reads the recorded forms of layers and compares one evaluated form with what PyTorch registered. Used by the test suite and by hand. */

import { readFileSync } from 'node:fs'
import { gunzipSync } from 'node:zlib'
import { subtreeTotals } from '../../../server/src/core/model/counts.ts'
import type { ModelTree } from '../../../server/src/core/model/layer-tree.ts'

export interface LayerTruth {
  readonly error?: string
  readonly stateDict: readonly (readonly [name: string, shape: readonly number[], dtype: string])[]
  readonly extra: readonly string[]
  readonly metadata: readonly (readonly [name: string, version: number | null])[]
  readonly storages: number
  readonly parameters: number
  readonly trainable: number
  readonly buffers: number
  readonly type: string
}

export interface LayerOracle {
  readonly torch: string
  readonly prelude: string
  readonly cases: readonly (readonly [source: string, truth: LayerTruth])[]
}

export function readLayerOracle(path: string): LayerOracle {
  return JSON.parse(gunzipSync(readFileSync(path)).toString('utf8')) as LayerOracle
}

/** `undefined` when it agrees, `unknown: ...` when it says that it does not know, else what is wrong. */
export function disagreement(model: ModelTree, truth: LayerTruth): string | undefined {
  if (model.certainty !== 'exact') return truth.error === undefined ? `unknown: ${model.unknown[0]?.reason ?? ''}` : undefined
  if (truth.error !== undefined) return `PyTorch raises ${truth.error}`
  const ours = JSON.stringify(model.stateDict?.map(({ name, tensor }) => [name, tensor.shape, tensor.dtype]))
  if (ours !== JSON.stringify(truth.stateDict)) return `state_dict ${ours} instead of ${JSON.stringify(truth.stateDict)}`
  const totals = subtreeTotals(model.root)
  if (totals.parameters !== truth.parameters) return `parameters ${String(totals.parameters)} instead of ${String(truth.parameters)}`
  if (totals.trainable !== truth.trainable) return `trainable ${String(totals.trainable)} instead of ${String(truth.trainable)}`
  if (totals.bufferElements !== truth.buffers) return `buffers ${String(totals.bufferElements)} instead of ${String(truth.buffers)}`
  const storages = new Set(model.stateDict?.map(({ tensor }) => tensor.storage)).size
  if (storages !== truth.storages) return `storages ${String(storages)} instead of ${String(truth.storages)}`
  const metadata = JSON.stringify(model.metadata.map(({ path, version }) => [path, version]))
  if (metadata !== JSON.stringify(truth.metadata)) return `metadata ${metadata} instead of ${JSON.stringify(truth.metadata)}`
  return undefined
}
