import { beforeAll, expect, it } from 'vitest'
import { readFileAssumptions } from '../../../server/src/core/evaluate/assume.ts'
import { analyseFile } from '../../../server/src/core/layers/find-models.ts'
import { createModelSession, type ModelSession } from '../../../server/src/core/layers/model-session.ts'
import { countModel } from '../../../server/src/core/model/counts.ts'
import type { PythonParser } from '../../../server/src/core/syntax/parser.ts'
import { startPythonParser } from '../../../server/src/host/python-parser.ts'
import { memoryFiles } from './memory-files.ts'

let parser: PythonParser
let shared: ModelSession
const texts = new Map<string, string>()
beforeAll(async () => {
  parser = await startPythonParser(process.cwd())
  shared = sessionWith({})
})

const head = 'import argparse, json, os\nimport torch.nn as nn\n'

function sessionWith(assume: Readonly<Record<string, string>>): ModelSession {
  return createModelSession({ files: memoryFiles(texts), parser, roots: ['/p'], sitePackages: [], torchVersion: '2.6.0', assumptions: new Map(Object.entries(assume)) })
}

function models(text: string, { assume, other = '' }: { readonly assume?: Readonly<Record<string, string>>, readonly other?: string } = {}) {
  texts.set('/p/main.py', head + text).set('/p/other.py', other)
  const session = assume === undefined ? shared : sessionWith(assume)
  return Object.fromEntries(analyseFile(session, '/p/main.py').models.map(({ label, model }) => [label, [countModel(model).parameters.value, model.certainty, ...model.assuming]]))
}

const net = `
class Net(nn.Module):
    def __init__(self, vocab, cfg):
        super().__init__()
        self.emb = nn.Embedding(vocab, cfg.hidden)
`

it('what a class leaves open is given over it', () => {
  expect(models(`# footprint: assume vocab=100, cfg.hidden=8${net}`)).toEqual({ 'Net()': [800, 'exact', 'vocab = 100 (assumed here)', 'cfg.hidden = 8 (assumed here)'] })
  expect(models(`${net}`, { assume: { 'vocab': '10', 'cfg.hidden': '4 * 2' } })).toEqual({ 'Net()': [80, 'exact', 'vocab = 10 (--assume)', 'cfg.hidden = 8 (--assume)'] })
  expect(models(`# footprint: assume vocab=100${net}`)['Net()']?.slice(0, 2)).toEqual([null, 'unknown'])
  expect(models(`# footprint: assume vocab=..., cfg.hidden=8${net}`)['Net()']?.slice(0, 2)).toEqual([null, 'unknown'])
})

it('members are known however they are reached, until the program sets them', () => {
  const layer = (expression: string, before = ''): string => `
class Net(nn.Module):  # footprint: assume cfg.hidden=8, cfg['out']=3, cfg.sub.width=5
    def __init__(self, cfg):
        super().__init__()
${before}        self.layer = nn.Linear(1, ${expression}, bias=False)
`
  for (const [expression, count] of [['cfg.hidden', 8], ['getattr(cfg, "hidden")', 8], ['getattr(cfg, "hidden", 2)', 8], ['cfg["out"]', 3], ['cfg.get("out", 1)', 3], ['cfg.sub.width', 5], ['cfg.hidden if hasattr(cfg, "hidden") else 1', 8]] as const) {
    expect([expression, models(layer(expression))['Net()']?.slice(0, 2)]).toEqual([expression, [count, 'exact']])
  }
  expect(models(layer('cfg.hidden', '        cfg.hidden = 4\n'))['Net()']?.[1]).toBe('unknown')
  expect(models(layer('cfg["out"]', '        cfg["out"] = 4\n'))['Net()']?.[1]).toBe('unknown')
  expect(models(layer('cfg.other'))['Net()']?.[1]).toBe('unknown')
})

it('a value that the program has stays', () => {
  expect(models('width = 5\n# footprint: assume width=7\nmodel = nn.Linear(width, 1, bias=False)\n')).toEqual({ model: [5, 'exact'] })
  expect(models('def build(width):\n    return nn.Linear(width, 1, bias=False)\nmodel = build(5)\n', { assume: { width: '7' } })['model']).toEqual([5, 'exact'])
})

it('a statement that binds the name gives it to what follows', () => {
  expect(models('# footprint: assume width=7\nwidth = int(os.environ["W"])\nmodel = nn.Linear(width, 1, bias=False)\n')['model']?.slice(0, 2)).toEqual([7, 'exact'])
  expect(models('cfg = json.load(open("no.json"))  # footprint: assume cfg["w"]=3\nmodel = nn.Linear(cfg["w"], 1, bias=False)\n')['model']?.slice(0, 2)).toEqual([3, 'exact'])
  expect(models('from other import width\nmodel = nn.Linear(width, 1, bias=False)\n', { other: 'import os\n# footprint: assume width=9\nwidth = int(os.environ["W"])\n' })['model']?.slice(0, 2)).toEqual([9, 'exact'])
})

it('a comment speaks of what follows it, no further', () => {
  const text = '# footprint: assume width=7\nclass A(nn.Module):\n    def __init__(self, width):\n        super().__init__()\n        self.l = nn.Linear(width, 1, bias=False)\n'
  expect(models(`${text}${text.replace(/^.*\n/, '').replace('A(', 'B(')}`)).toEqual({ 'A()': [7, 'exact', 'width = 7 (assumed here)'], 'B()': [null, 'unknown'] })
})

it('what is said stands before the defaults of an unknown command line, and of parameters nobody gives', () => {
  const script = 'p = argparse.ArgumentParser()\np.add_argument("--width", type=int, default=4)\np.add_argument("--need", type=int, required=True)\nargs = p.parse_args()\nmodel = nn.Linear(args.width, 1, bias=False)\nother = nn.Linear(args.need, 1, bias=False)\n'
  expect(models(script)['model']).toEqual([4, 'exact', 'args.width = 4 (argparse default)'])
  expect(models(script, { assume: { 'args.width': '6', 'args.need': '2' } })).toEqual({ model: [6, 'exact', 'args.width = 6 (--assume)', 'args.need = 2 (--assume)'], other: [2, 'exact', 'args.width = 6 (--assume)', 'args.need = 2 (--assume)'] })
  const defaults = 'class Net(nn.Module):\n    def __init__(self, width=4):\n        super().__init__()\n        self.l = nn.Linear(width, 1, bias=False)\n'
  expect(models(defaults)['Net()']).toEqual([4, 'exact', 'width = 4 (default of Net)'])
  expect(models(`# footprint: assume width=6\n${defaults}`)['Net()']).toEqual([6, 'exact', 'width = 6 (assumed here)'])
})

it('a parameter annotated with a settings class is one with its defaults', () => {
  const config = (comment: string): string => `from dataclasses import dataclass\n@dataclass\nclass Shape:\n    width: int = 4\n    def __post_init__(self):\n        self.twice = self.width * 2\n${comment}class Net(nn.Module):\n    def __init__(self, cfg: Shape):\n        super().__init__()\n        self.l = nn.Linear(cfg.width, cfg.twice, bias=False)\n`
  expect(models(config(''))['Net()']).toEqual([32, 'exact', 'cfg = Shape() (annotation of Net)'])
  expect(models(config('# footprint: assume cfg.width=1\n'))['Net()']?.slice(0, 2)).toEqual([2, 'exact'])
})

it('each model says what it rests on, also what an earlier one has said', () => {
  const one = (name: string): string => `class ${name}(nn.Module):\n    def __init__(self):\n        super().__init__()\n        self.l = nn.Linear(args.width, 1, bias=False)\n`
  const found = models(`p = argparse.ArgumentParser()\np.add_argument("--width", type=int, default=4)\nargs = p.parse_args()\n${one('A')}${one('B')}`)
  expect(found).toEqual({ 'A()': [4, 'exact', 'args.width = 4 (argparse default)'], 'B()': [4, 'exact', 'args.width = 4 (argparse default)'] })
})

it('what cannot be read is said once', () => {
  const problems = (text: string): readonly string[] => readFileAssumptions(parser, parser.parse(text)).problems.map(({ message }) => message)
  expect(problems('# footprint: assume\nx = 1\n')).toEqual(['write `assume name=value`'])
  expect(problems('# footprint: assume hidden\nx = 1\n')).toEqual(['`hidden` is no `name=value`'])
  expect(problems('# footprint: assume a=1, hidden 5, b=2\nx = 1\n')).toEqual(['`hidden 5` is no `name=value`'])
  expect(problems('# footprint: assume a=)(\nx = 1\n')).toEqual(['`)(` is no Python expression'])
  expect(problems('# footprint: assume a=open("x")\nx = 1\n')).toEqual(['`open("x")` is no plain value: write a number, a string, a list or a name'])
  expect(problems('# footprint: assume a=...\nx = 1\n')).toEqual(['write a value for `a` in the place of `...`'])
  expect(problems('# footprint: assume a=[1, 2], b="x, y", c={"k": (1,)}, d.e[0]=-1.5\nx = 1\n')).toEqual([])
})
