import { expect, it } from 'vitest'
import { AnalysisHost } from '../../../server/src/core/analysis.ts'
import { LineIndex } from '../../../server/src/core/text/line-index.ts'
import { startPythonParser } from '../../../server/src/host/python-parser.ts'
import { memoryFiles } from '../layers/memory-files.ts'

const parser = await startPythonParser(process.cwd())
const file = '/p/main.py'
const analysis = new AnalysisHost({ files: memoryFiles(new Map()), parser })
analysis.configure([{ folder: '/p', settings: {} }], undefined)

function at(text: string, word: string) {
  const start = new LineIndex(text).position(text.indexOf(word))
  return { start, end: { line: start.line, character: start.character + word.length } }
}

function open(text: string): string {
  analysis.open(file, text)
  return text
}

/** The text after the one action at a word; undefined when none is offered. */
function assume(text: string, word: string): { readonly title: string, readonly text: string } | undefined {
  open(text)
  const actions = analysis.codeActions(file, at(text, word)).filter(({ title }) => title.startsWith('Assume'))
  expect(actions.length).toBeLessThan(2)
  const [action] = actions
  if (!action) return undefined
  const lines = new LineIndex(text)
  const [edit, ...others] = action.edits
  expect(others).toEqual([])
  const offset = lines.offset(edit!.range.start)
  expect(edit!.range.end).toEqual(edit!.range.start)
  return { title: action.title, text: text.slice(0, offset) + edit!.newText + text.slice(offset) }
}

const net = `import torch.nn as nn

class Net(nn.Module):
    def __init__(self, vocab, cfg):
        super().__init__()
        self.emb = nn.Embedding(vocab, cfg.hidden)
        self.out = nn.Linear(cfg.get('inner', 4), cfg['out'])
        self.cfg = cfg
        print(cfg.keys(), self.cfg.heads)
`

it('the hover of an unknown model says why and leads to the place', () => {
  open(net)
  const card = analysis.hover(file, at(net, 'Net').start)?.markdown
  expect(card).toContain('its size is not known here')
  expect(card).toContain('`vocab` of `Net` is not known here'.replaceAll('`', '\\`'))
  expect(card).toContain('[line 4](file:///p/main.py#L4)')
})

it('an action writes the names, and is not offered again', () => {
  const once = assume(net, 'Net')
  expect(once?.title).toBe('Assume values for `vocab`, `cfg.hidden`, `cfg["inner"]` and 2 more')
  expect(once?.text.split('\n')[2]).toBe('# footprint: assume vocab=..., cfg.hidden=..., cfg["inner"]=..., cfg["out"]=..., cfg.heads=...')
  expect(assume(once!.text, 'Net')).toBeUndefined()
  const filled = once!.text.replace('vocab=...', 'vocab=10').replace('cfg.hidden=...', 'cfg.hidden=2').replace('cfg["inner"]=...', 'cfg["inner"]=3').replace('cfg["out"]=...', 'cfg["out"]=1')
  open(filled)
  expect(analysis.hover(file, at(filled, 'class Net').end)?.markdown).toContain('24 params')
  expect(assume(filled, 'Net')).toBeUndefined()
})

it('names that a comment misses are added to it', () => {
  const text = net.replace('class Net', '# footprint: assume vocab=10\nclass Net')
  expect(assume(text, 'Net')?.text.split('\n')[2]).toBe('# footprint: assume vocab=10, cfg.hidden=..., cfg["inner"]=..., cfg["out"]=..., cfg.heads=...')
})

it('what a statement binds is named over it, at the statement and at the model', () => {
  const text = 'import os\nimport torch.nn as nn\n\ndef main():\n    width = int(os.environ["W"])\n    model = nn.Linear(width, 2)\n\nmain()\n'
  for (const word of ['os.environ["W"]', 'nn.Linear(width, 2)']) expect([word, assume(text, word)?.text.split('\n')[4]]).toEqual([word, '    # footprint: assume width=...'])
  expect(assume(text, 'main')).toBeUndefined()
})

it('only the option that must be given is asked for', () => {
  const text = 'import argparse\nimport torch.nn as nn\np = argparse.ArgumentParser()\np.add_argument("--width", type=int, required=True)\np.add_argument("--depth", type=int, default=3)\nopt = p.parse_args()\nmodel = nn.Linear(opt.width, opt.depth)\n'
  expect(assume(text, 'nn.Linear(opt')?.text.split('\n')[5]).toBe('# footprint: assume opt.width=...')
})

it('a model that is known has no such action', () => {
  expect(assume('import torch.nn as nn\nmodel = nn.Linear(2, 3)\n', 'nn.Linear(2')).toBeUndefined()
})
