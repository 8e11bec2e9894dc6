import { describe, expect, it } from 'vitest'
import { countModel, subtreeTotals, walkLayers } from '../../../server/src/core/model/counts.ts'
import { dtypeByName } from '../../../server/src/core/model/dtypes.ts'
import type { LayerNode, LayerTensor, ModelTree } from '../../../server/src/core/model/layer-tree.ts'

function tensor(id: number, shape: number[], options: { kind?: 'parameter' | 'buffer', trainable?: boolean, dtype?: string } = {}): LayerTensor {
  const { kind = 'parameter', trainable = kind === 'parameter', dtype = 'float32' } = options
  const count = shape.reduce((a, b) => a * b, 1)
  return {
    name: 'weight', kind, persistent: true,
    tensor: { id, storage: id, storageElements: count, storageOffset: 0, shape, strides: [], dtype, kind, trainable, count, bytes: count * dtypeByName(dtype)!.bytes, place: null },
  }
}

function layer(id: number, type: string, tensors: LayerTensor[], children: LayerNode[] = []): LayerNode {
  return { id, name: '', path: '', type, ancestry: [type], version: 1, attributes: new Map(), tensors, children, place: null }
}

function model(root: LayerNode, certainty: ModelTree['certainty'] = 'exact'): ModelTree {
  return { type: root.type, certainty, place: null, root, stateDict: [], metadata: [], extraState: [], assuming: [], unknown: certainty === 'exact' ? [] : [{ reason: 'why', place: null }] }
}

describe('counts', () => {
  const embedding = layer(1, 'torch.nn.Embedding', [tensor(1, [10, 4])])
  const head = layer(2, 'torch.nn.Linear', [tensor(1, [10, 4]), tensor(2, [10], { trainable: false })])
  const norm = layer(3, 'torch.nn.BatchNorm1d', [tensor(3, [4], { kind: 'buffer' }), tensor(4, [], { kind: 'buffer', dtype: 'int64' })])
  const root = layer(0, 'Net', [], [embedding, head, norm, norm])

  it('counts a tied tensor and a shared layer once', () => {
    expect(subtreeTotals(root)).toEqual({ parameters: 50, trainable: 40, bufferElements: 5, parameterBytes: 200, bufferBytes: 24 })
    expect(countModel(model(root)).byLayerType).toEqual([
      { type: 'torch.nn.Embedding', layers: 1, parameters: 40, bytes: 160 },
      { type: 'torch.nn.Linear', layers: 1, parameters: 10, bytes: 40 },
      { type: 'torch.nn.BatchNorm1d', layers: 1, parameters: 0, bytes: 24 },
    ])
    expect([...countModel(model(root)).bytesByDtype]).toEqual([['float32', 216], ['int64', 8]])
  })

  it('walks parents before children', () => {
    expect([...walkLayers(root)].map((node) => node.id)).toEqual([0, 1, 2, 3, 3])
  })

  it('never turns an unknown model into a number', () => {
    expect(countModel(model(root, 'unknown')).parameters).toEqual({ value: null, certainty: 'unknown', reason: 'why' })
    expect(countModel(model(root, 'bounded')).parameters).toEqual({ value: 50, certainty: 'bounded', reason: 'why' })
  })
})
