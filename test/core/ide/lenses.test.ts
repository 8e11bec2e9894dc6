import { expect, it } from 'vitest'
import { AnalysisHost } from '../../../server/src/core/analysis.ts'
import { startPythonParser } from '../../../server/src/host/python-parser.ts'
import { memoryFiles } from '../layers/memory-files.ts'

const parser = await startPythonParser(process.cwd())
const file = '/p/main.py'
const analysis = new AnalysisHost({ files: memoryFiles(new Map()), parser })
analysis.configure([{ folder: '/p', settings: {} }], undefined)

function lenses(text: string): readonly string[] {
  analysis.open(file, `import os\nimport torch\nimport torch.nn as nn\n${text}`)
  return analysis.codeLenses(file).map(({ title, range, opens }) => `${String(range.start.line)} ${title}${opens ? ` -> ${opens}` : ''}`)
}

const net = (name: string, parameters: string, body: string, base = 'nn.Module'): string => `class ${name}(${base}):\n    def __init__(self, ${parameters}):\n        super(${name}, self).__init__()\n${body.split('\n').map((line) => `        ${line}\n`).join('')}`

it('a model that needs values says which', () => {
  expect(lenses(net('Net', 'vocab, dim', 'self.emb = nn.Embedding(vocab, dim)'))).toEqual(['3 size needs vocab, dim -> quickFix'])
  expect(lenses(net('Net', 'a, b, c, d, e', 'self.x = nn.Linear(a, b)\nself.y = nn.Linear(c, d)\nself.z = nn.Linear(e, 3)'))).toEqual(['3 size needs a, b, c and 2 more -> quickFix'])
  expect(lenses(net('Net', 'cfg', 'self.x = nn.Linear(cfg.hidden, cfg.out)'))).toEqual(['3 size needs cfg.hidden, cfg.out -> quickFix'])
})

it('a model with another cause says which', () => {
  expect(lenses(net('Net', 'dim=3', 'self.x = nn.LazyLinear(dim)'))).toEqual(['3 size unknown: x.weight is lazy: it has no shape before the first input -> hover'])
})

it('building blocks, bases, models that are made and small models are left alone', () => {
  const block = net('Block', 'dim', 'self.x = nn.Linear(dim, dim)')
  expect(lenses(block + net('Net', 'width', 'self.blocks = nn.Sequential(Block(width), Block(4))'))).toEqual(['7 size needs width -> quickFix'])
  expect(lenses(block + net('Wide', 'dim', 'self.y = nn.Linear(dim, 1)', 'Block').replace('__init__()\n        self.y', '__init__(dim)\n        self.y'))).toEqual(['7 size needs dim -> quickFix'])
  expect(lenses(`${block}model = Block(4)\n`)).toEqual([])
  expect(lenses(`${block}def build():\n    return Block(4)\n`)).toEqual([])
  expect(lenses(net('BaseNet', 'dim', 'self.x = nn.Linear(dim, dim)'))).toEqual([])
  expect(lenses(`${block}    def forward(self, x):\n        raise NotImplementedError\n`)).toEqual([])
  expect(lenses(net('Net', 'dim=4', 'self.x = nn.Linear(dim, dim)'))).toEqual([])
  expect(lenses(net('Loss', 'weight', 'self.weight = weight'))).toEqual([])
  expect(lenses(net('Swish', 'beta', 'self.beta = beta\nself.name = "swish"'))).toEqual([])
})

it('once the values are given, the size is shown', () => {
  expect(lenses(`# footprint: assume vocab=100000, dim=100\n${net('Net', 'vocab, dim', 'self.emb = nn.Embedding(vocab, dim)')}`)[0]).toMatch(/^4 10\.0 M params, 40\.0 MB saved/)
})
