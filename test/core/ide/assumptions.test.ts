import { expect, it } from 'vitest'
import { AnalysisHost } from '../../../server/src/core/analysis.ts'
import { LineIndex } from '../../../server/src/core/text/line-index.ts'
import { startPythonParser } from '../../../server/src/host/python-parser.ts'
import { memoryFiles } from '../layers/memory-files.ts'

const parser = await startPythonParser(process.cwd())
const file = '/p/main.py'
const analysis = new AnalysisHost({ files: memoryFiles(new Map()), parser })
analysis.configure([{ folder: '/p', settings: {} }], undefined)

function hover(text: string, word: string): string {
  analysis.open(file, text)
  return analysis.hover(file, new LineIndex(text).position(text.indexOf(word)))?.markdown.replaceAll('\\', '') ?? ''
}

const head = `import argparse
import torch
import torch.nn as nn

parser = argparse.ArgumentParser()
parser.add_argument("--hidden", type=int, default=6)
parser.add_argument("--depth", type=int, default=2)
parser.add_argument("--lr", type=float, default=0.1)
parser.add_argument("--seed", type=int, default=1)
parser.add_argument("--epochs", type=int, default=3)
parser.add_argument("--cuda", action="store_true")
parser.add_argument("--half", action="store_true")
parser.add_argument("--name", default="net")
args = parser.parse_args()
torch.manual_seed(args.seed)
device = torch.device("cuda" if args.cuda else "cpu")
`

it('a hover names the options that the size rests on, and no other', () => {
  const card = hover(`${head}model = nn.Sequential(*[nn.Linear(args.hidden, args.hidden) for _ in range(args.depth)])\noptimizer = torch.optim.SGD(model.parameters(), lr=args.lr)\nprint(args.name)\n`, 'nn.Sequential(*')
  expect(card).toContain('With args.depth = 2 (argparse default), args.hidden = 6 (argparse default).')
})

it('an option that changes what is there later counts', () => {
  const card = hover(`${head}model = nn.Linear(args.hidden, 2)\nif args.half:\n    model.half()\n`, 'nn.Linear(args')
  expect(card).toContain('With args.hidden = 6 (argparse default), args.half = False (argparse default).')
})

it('options that only matter together are both named', () => {
  const card = hover(`${head}model = nn.Linear(7 if args.cuda and args.half else 5, 2)\n`, 'nn.Linear(7')
  expect(card).toMatch(/With .*args\.(?:cuda|half) = False/)
})

it('parameters of the class that no figure rests on are not named', () => {
  const card = hover('import torch.nn as nn\nclass Net(nn.Module):\n    def __init__(self, width=4, dropout=0.1, debug=False):\n        super().__init__()\n        self.fc = nn.Linear(width, 2)\n        self.drop = nn.Dropout(dropout)\n        if debug:\n            print(width)\n', 'Net')
  expect(card).toContain('With width = 4 (default of Net).')
})

it('an option that chooses a layer is never left out', () => {
  for (const [fallback, layer] of [['"Linear"', 'getattr(nn, args.kind)(2, 3)'], ['"none"', '{"a": nn.Linear(3, 4)}.get(args.kind)'], ['0', '[None, nn.Linear(3, 4)][args.kind]'], ['0', '[nn.Linear(3, 4)][args.kind - 1:0]']] as const) {
    const card = hover(`import argparse\nimport torch.nn as nn\np = argparse.ArgumentParser()\np.add_argument("--kind", default=${fallback})\nargs = p.parse_args()\nclass Net(nn.Module):\n    def __init__(self):\n        super().__init__()\n        self.fc = nn.Linear(2, 2)\n        self.other = ${layer}\nmodel = Net()\n`, 'Net()')
    expect([layer, /args\.kind = [^ ]+ \(argparse default\)/.test(card) || card.includes('Not known')]).toEqual([layer, true])
  }
})
