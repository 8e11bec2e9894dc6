/** Reads the models that test/oracle/quantize recorded from real PyTorch, as layer trees. */

import { readFileSync } from 'node:fs'
import { gunzipSync } from 'node:zlib'
import { elementBytes } from '../../../server/src/core/model/dtypes.ts'
import type { LayerNode, ModelTensor, ModelTree, StateDictEntry } from '../../../server/src/core/model/layer-tree.ts'

type TensorRow = readonly [storage: number, storageElements: number, offset: number, shape: number[], strides: 0 | number[], dtype: string, kind: 'parameter' | 'buffer']
type NodeRow = readonly [id: number, name: string, type: number, version: number, own: (readonly [name: string, tensor: number, registered: 0 | 1 | 2])[], children: NodeRow[]]

export interface QuantizeCase {
  readonly case: string
  readonly types: readonly (readonly string[])[]
  readonly tensors: readonly TensorRow[]
  readonly root: NodeRow
  /** By torch version, then by recipe: the bytes of the file, or the name of the error. */
  readonly bytes: Readonly<Record<string, Readonly<Record<string, number | string>>>>
}

export interface QuantizeRun {
  readonly torch: string
  readonly engine: string
  readonly torchao: string | null
}

export function readQuantizeCases(): { readonly runs: readonly QuantizeRun[], readonly cases: readonly QuantizeCase[] } {
  const path = new URL('../../oracle/quantize/cases.oracle.json.gz', import.meta.url)
  return JSON.parse(gunzipSync(readFileSync(path)).toString('utf8')) as { runs: QuantizeRun[], cases: QuantizeCase[] }
}

export function modelOf(row: QuantizeCase): ModelTree {
  const tensors = row.tensors.map(([storage, storageElements, storageOffset, shape, strides, dtype, kind], id): ModelTensor => {
    const count = shape.reduce((product, length) => product * length, 1)
    return {
      id, storage, storageElements, storageOffset, shape, strides: strides === 0 ? contiguous(shape) : strides, dtype, kind,
      trainable: kind === 'parameter', count, bytes: count * elementBytes(dtype)!, place: null,
    }
  })
  const stateDict: StateDictEntry[] = []
  const metadata: { path: string, version: number | null }[] = []
  const nodeOf = ([id, name, type, version, own, children]: NodeRow, parent: string): LayerNode => {
    const path = parent === '' ? name : `${parent}.${name}`
    metadata.push({ path, version })
    const entries = own.map(([attribute, tensor, registered]) => ({
      name: attribute, tensor: tensors[tensor]!, kind: registered === 0 ? 'parameter' as const : 'buffer' as const, persistent: registered !== 2,
    }))
    for (const entry of entries) {
      if (entry.persistent) stateDict.push({ name: path === '' ? entry.name : `${path}.${entry.name}`, tensor: entry.tensor, kind: entry.kind })
    }
    return {
      id, name, path, type: row.types[type]![0]!, ancestry: row.types[type]!, version, attributes: new Map(), tensors: entries,
      children: children.map((child) => nodeOf(child, path)), place: null,
    }
  }
  const root = nodeOf(row.root, '')
  return { type: root.type, certainty: 'exact', place: null, root, stateDict, metadata, extraState: [], assuming: [], unknown: [] }
}

function contiguous(shape: readonly number[]): readonly number[] {
  const strides: number[] = []
  let stride = 1
  for (const length of [...shape].reverse()) {
    strides.unshift(stride)
    stride *= Math.max(length, 1)
  }
  return strides
}
