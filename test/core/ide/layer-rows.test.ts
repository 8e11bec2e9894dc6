import { expect, it } from 'vitest'
import { AnalysisHost } from '../../../server/src/core/analysis.ts'
import type { LedgerNode } from '../../../server/src/core/ide/answers.ts'
import { startPythonParser } from '../../../server/src/host/python-parser.ts'
import { memoryFiles } from '../layers/memory-files.ts'

const parser = await startPythonParser(process.cwd())
const text = `import torch
import torch.nn as nn

class Block(nn.Module):
    def __init__(self, width):
        super().__init__()
        self.up = nn.Linear(width, 4 * width)
        self.scale = nn.Parameter(torch.ones(width))

class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.emb = nn.Embedding(100, 8)
        self.blocks = nn.ModuleList([Block(8) for _ in range(3)])
        self.head = nn.Linear(8, 100, bias=False)
        self.head.weight = self.emb.weight
        self.quiet = nn.ReLU()
`

function modelRow(): LedgerNode {
  const files = memoryFiles(new Map([['/p/main.py', text]]))
  const analysis = new AnalysisHost({ files, parser, listProject: () => [{ path: '/p/main.py', bytes: text.length }] })
  analysis.configure([{ folder: '/p', settings: { 'lens.minimumParameters': 1 } }], undefined)
  const models = analysis.footprint()?.root.children.find(({ id }) => id === 'models')
  return models!.children.find(({ name }) => name === 'Net()')!
}

it('a model unfolds into its layers, each with the line that builds it, and rows sum to their parent', () => {
  const row = modelRow()
  const rows = (node: LedgerNode): readonly unknown[] => node.children.map((child) => [child.name, child.bytes.value, (child.place?.range.start.line ?? -1) + 1, ...rows(child)])
  const block = (name: string): readonly unknown[] => [name, 1184, 14, ['up', 1152, 7], ['scale', 32, 8]]
  // The head shares the embedding's weight, so it adds nothing and has no row.
  expect(rows(row)).toEqual([['emb', 3200, 13], ['blocks', 3552, 14, block('0'), block('1'), block('2')]])
  expect(row.bytes.value).toBe(3200 + 3552)
  const ids = new Set<string>()
  const all = (node: LedgerNode): void => { expect(ids.has(node.id)).toBe(false); ids.add(node.id); for (const child of node.children) all(child) }
  all(row)
})
