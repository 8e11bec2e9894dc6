import { beforeAll, expect, it } from 'vitest'
import { analyseFile } from '../../../server/src/core/layers/find-models.ts'
import { createModelSession } from '../../../server/src/core/layers/model-session.ts'
import type { PythonParser } from '../../../server/src/core/syntax/parser.ts'
import { startPythonParser } from '../../../server/src/host/python-parser.ts'
import { memoryFiles } from './memory-files.ts'

let parser: PythonParser
beforeAll(async () => { parser = await startPythonParser(process.cwd()) })

const net = `
import torch.nn as nn
class Net(nn.Module):
    def __init__(self, width=10):
        super().__init__()
        self.first = nn.Linear(width, 20)
        self.second = nn.Sequential(nn.Linear(20, 5), nn.ReLU())
`

it('places follow the text, although the session stays', () => {
  const texts = new Map([['/p/main.py', 'import torch.nn as nn\nx = nn.L\n']])
  const files = memoryFiles(texts)
  const session = createModelSession({ files, parser, roots: ['/p'], sitePackages: [], torchVersion: '2.6.0' })
  const end = () => analyseFile(session, '/p/main.py').sites[0]?.place.range.end
  texts.set('/p/main.py', 'import torch.nn as nn\nx = nn.Linear(2, 3)\n')
  expect(end()).toEqual({ line: 1, character: 19 })
  texts.set('/p/main.py', 'import torch.nn as nn\n\n\nwide = nn.Linear(200, 300)\n')
  expect(end()).toEqual({ line: 3, character: 26 })
})

function sites(main: string) {
  const session = createModelSession({ files: memoryFiles(new Map([['/p/net.py', net], ['/p/main.py', main]])), parser, roots: ['/p'], sitePackages: [], torchVersion: '2.6.0' })
  return analyseFile(session, '/p/main.py').sites.map(({ type, layers, parameters }) => [type, layers, parameters.value])
}

it('a model is counted once where it is made, not again for each of its layers', () => {
  expect(sites('from net import Net\nmodel = Net()\n')).toEqual([['net.Net', 1, 325]])
})

it('a place that is evaluated as the file runs and as a function alone is described once', () => {
  expect(sites('from net import Net\ndef main(width=3):\n    return Net(width)\nif __name__ == "__main__":\n    main(10)\n')).toEqual([['net.Net', 1, 325]])
})

it('layers that one place makes in a loop are added up', () => {
  expect(sites('import torch.nn as nn\nlayers = [nn.Linear(2, 3) for _ in range(4)]\n')).toEqual([['torch.nn.Linear', 4, 36]])
})

it('quantizing copies the model first: what it is given stays exact, unless it is changed in place', () => {
  const certainty = (call: string) => {
    const session = createModelSession({ files: memoryFiles(new Map([['/p/main.py', `import torch\nimport torch.nn as nn\nfrom torch.ao.quantization import quantize_dynamic\nmodel = nn.Linear(2, 3)\nsmall = ${call}\n`]])), parser, roots: ['/p'], sitePackages: [], torchVersion: '2.6.0' })
    return analyseFile(session, '/p/main.py').models.map(({ model }) => model.certainty)
  }
  expect(certainty('quantize_dynamic(model, {nn.Linear}, dtype=torch.qint8)')).toEqual(['exact'])
  expect(certainty('quantize_dynamic(model, {nn.Linear}, dtype=torch.qint8, inplace=True)')).toEqual(['estimate'])
  expect(certainty('torch.quantization.convert(model, None, True)')).toEqual(['estimate'])
})
