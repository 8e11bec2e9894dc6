import { expect, it } from 'vitest'
import { AnalysisHost } from '../../../server/src/core/analysis.ts'
import { startPythonParser } from '../../../server/src/host/python-parser.ts'
import { memoryFiles } from './memory-files.ts'

const parser = await startPythonParser(process.cwd())

function countsOf(files: Readonly<Record<string, string>>, file: string): readonly unknown[] {
  const host = new AnalysisHost({ files: memoryFiles(new Map(Object.entries(files))), parser })
  host.configure([{ folder: '/p', settings: {} }], undefined)
  return host.facts(file).models().models.map(({ label, model }) => [label, model.certainty, model.stateDict?.reduce((total, { tensor }) => total + tensor.count, 0)])
}

const block = 'import torch.nn as nn\nclass Block(nn.Module):\n    def __init__(self):\n        super().__init__()\n        self.fc = nn.Linear(3, 4)\n'
const net = 'import torch.nn as nn\nfrom .parts.block import Block\nfrom . import settings\nclass Net(nn.Module):\n    def __init__(self):\n        super().__init__()\n        self.block = Block()\n        self.out = nn.Linear(settings.WIDTH, 1)\n'

it('a file of a package imports from its package, wherever that starts', () => {
  for (const base of ['/p', '/p/src', '/p/a b']) {
    const files = { [`${base}/lib/__init__.py`]: '', [`${base}/lib/parts/__init__.py`]: 'from ..net import Net\n', [`${base}/lib/parts/block.py`]: block, [`${base}/lib/settings.py`]: 'WIDTH = 9\n', [`${base}/lib/net.py`]: net }
    expect(countsOf(files, `${base}/lib/net.py`)).toEqual([['Net()', 'exact', 26]])
  }
})

it('so does a package without __init__.py', () => {
  expect(countsOf({ '/p/lib/parts/block.py': block, '/p/lib/settings.py': 'WIDTH = 9\n', '/p/lib/net.py': net }, '/p/lib/net.py')).toEqual([['Net()', 'exact', 26]])
})

it('the file of the package itself', () => {
  expect(countsOf({ '/p/lib/__init__.py': net, '/p/lib/parts/__init__.py': '', '/p/lib/parts/block.py': block, '/p/lib/settings.py': 'WIDTH = 9\n' }, '/p/lib/__init__.py')).toEqual([['Net()', 'exact', 26]])
})

it('what an imported file builds is not said of the line that imports it', () => {
  expect(countsOf({ '/p/made.py': 'import torch.nn as nn\nmodel = nn.Linear(3, 4)\n', '/p/main.py': 'import torch.nn as nn\nfrom made import model\nhead = nn.Linear(4, 1)\n' }, '/p/main.py')).toEqual([['head', 'exact', 5]])
})
