import { expect, it } from 'vitest'
import { AnalysisHost } from '../../../server/src/core/analysis.ts'
import { countModel } from '../../../server/src/core/model/counts.ts'
import { startPythonParser } from '../../../server/src/host/python-parser.ts'
import { memoryFiles } from '../layers/memory-files.ts'

const parser = await startPythonParser(process.cwd())

it('an edit of a comment alone changes what rests on it, wherever the comment has moved to', () => {
  const analysis = new AnalysisHost({ files: memoryFiles(new Map()), parser })
  analysis.configure([{ folder: '/p', settings: {} }], undefined)
  const net = (comment: string, name: string): string => `${comment}class ${name}(nn.Module):\n    def __init__(self, vocab, cfg):\n        super().__init__()\n        self.emb = nn.Embedding(vocab, cfg.hidden)\n\n`
  const head = 'import torch.nn as nn\nimport os\n\nx = 1\n\n'
  const counts = (text: string): readonly (number | null)[] => {
    analysis.change('/p/main.py', text)
    return analysis.facts('/p/main.py').models().models.map(({ model }) => countModel(model).parameters.value)
  }
  const two = '# footprint: assume vocab=10, cfg.hidden=2\n'
  const three = '# footprint: assume vocab=10, cfg.hidden=3\n'
  analysis.open('/p/main.py', '')
  expect(counts(head + net('', 'A') + net('', 'B'))).toEqual([null, null])
  expect(counts(head + net('', 'A') + net(two, 'B'))).toEqual([null, 20])
  expect(counts(head + net('', 'A') + net(three, 'B'))).toEqual([null, 30])
  expect(counts(`${head}y = 2\n${net('', 'A')}${net(three, 'B')}`)).toEqual([null, 30])
  expect(counts(`${head}y = 2\n${net(two, 'A')}${net(three, 'B')}`)).toEqual([20, 30])
  expect(counts(`${head}y = 2\n${net(two, 'A')}${net('', 'B')}`)).toEqual([20, null])
  const script = (comment: string, more = ''): string => `${head}${comment}w = int(os.environ["W"])\n${more}m = nn.Linear(w, 1, bias=False)\n`
  expect(counts(script('# footprint: assume w=4\n'))).toEqual([4])
  expect(counts(script('# footprint: assume w=5\n', 'print(3)\n'))).toEqual([5])
  expect(counts(script(''))).toEqual([null])
})
