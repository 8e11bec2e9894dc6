import { describe, expect, test } from 'vitest'
import { groupPaths, tableRows, type TableOptions, type TableRow } from '../../client/webview/checkpoint/rows.ts'
import type { CheckpointTensor } from '../../server/src/protocol.ts'

const unsure = (name: string): CheckpointTensor => ({ name, shape: [null, 2], dtype: 'float32', bytes: null, role: 'weights', storage: null, stride: null })
const tensor = (name: string, shape: readonly number[], more: Partial<CheckpointTensor> = {}): CheckpointTensor => ({
  name, shape, dtype: 'float32', bytes: 4 * shape.reduce((a, b) => a * b, 1), role: 'weights', storage: name, stride: null, ...more,
})
const tensors = [
  tensor('layers.10.weight', [2, 2]), tensor('layers.2.weight', [8, 8]), tensor('layers.2.bias', [8]),
  tensor('head', [1]), tensor('optimizer.state.0.step', [], { dtype: 'int64', bytes: 8, role: 'optimizer' }),
]
const plain: TableOptions = { filter: '', sort: 'file', descending: false, grouped: true, folded: new Set() }
const show = (rows: readonly TableRow[]) => rows.map((row) => `${'  '.repeat(row.level - 1)}${row.kind === 'group' ? row.open ? '- ' : '+ ' : ''}${row.label} ${row.bytes}`)
const rows = (options: Partial<TableOptions> = {}, of = tensors, storages = new Map<string, number>()) => show(tableRows(of, storages, { ...plain, ...options }))

describe('tensor rows', () => {
  test('stand in the order of the file, grouped by prefix', () => {
    expect(rows()).toEqual([
      '- layers 304', '  - 10 16', '    weight 16', '  - 2 288', '    weight 256', '    bias 32', 'head 4', '- optimizer 8', '  - state 8', '    - 0 8', '      step 8',
    ])
  })

  test('fold at a prefix, with all below it counted', () => {
    expect(rows({ folded: new Set(['layers', 'optimizer.state']) })).toEqual(['+ layers 304', 'head 4', '- optimizer 8', '  + state 8'])
    expect([...groupPaths(tensors)]).toEqual(['layers', 'layers.10', 'layers.2', 'optimizer', 'optimizer.state', 'optimizer.state.0'])
  })

  test('sort siblings, numbers in names as numbers', () => {
    expect(rows({ sort: 'name', folded: groupPaths(tensors) })).toEqual(['head 4', '+ layers 304', '+ optimizer 8'])
    expect(rows({ sort: 'name', grouped: false })[1]).toBe('layers.2.bias 32')
    expect(rows({ sort: 'bytes', descending: true, grouped: false })).toEqual(['layers.2.weight 256', 'layers.2.bias 32', 'layers.10.weight 16', 'optimizer.state.0.step 8', 'head 4'])
  })

  test('a filter looks at name, type, shape and role, and shows what it found although it is folded', () => {
    expect(rows({ filter: 'OPTIM int64', folded: new Set(['optimizer']) })).toEqual(['- optimizer 8', '  - state 8', '    - 0 8', '      step 8'])
    expect(rows({ filter: '8x8', grouped: false })).toEqual(['layers.2.weight 256'])
    expect(rows({ filter: 'nothing' })).toEqual([])
  })

  test('a group counts a shared storage once, a storage with views no more than it holds', () => {
    const tied = [tensor('a.x', [4], { storage: '0' }), tensor('a.y', [4], { storage: '0' }), tensor('a.z', [1], { storage: '1' })]
    expect(rows({ folded: new Set(['a']) }, tied, new Map([['0', 16], ['1', 400]]))).toEqual(['+ a 20'])
  })

  test('what is not known is no 0, and what holds it is a lower bound', () => {
    const [group, known, leaf] = tableRows([tensor('a.x', [4]), unsure('a.y')], new Map(), plain)
    expect(group).toMatchObject({ bytes: 16, elements: 4, incomplete: true })
    expect(known).toMatchObject({ bytes: 16, elements: 4 })
    expect(leaf).toMatchObject({ bytes: null, elements: null })
  })

  test('names without sense as paths stay whole', () => {
    expect(rows({}, [tensor('.', [1]), tensor('..x', [1]), tensor('', [1]), tensor('a.', [1])])).toEqual(['. 4', '..x 4', ' 4', 'a. 4'])
    const deep = Array.from({ length: 5000 }, (_, i) => `p${i}`).join('.')
    expect(tableRows([tensor(deep, [1])], new Map(), plain)).toHaveLength(16)
    expect(rows({}, [tensor('__proto__.constructor', [1])])).toEqual(['- __proto__ 4', '  constructor 4'])
  })
})
