import { beforeAll, expect, it } from 'vitest'
import { createModelSession, type ModelSession } from '../../../server/src/core/layers/model-session.ts'
import { runRecipes } from '../../../server/src/core/quantize/registry.ts'
import { stateDictFileBytes } from '../../../server/src/core/serialize/state-dict.ts'
import { startPythonParser } from '../../../server/src/host/python-parser.ts'
import { memoryFiles } from './memory-files.ts'

const text = `import torch
import torch.nn as nn

class Sub(torch.Tensor):
    pass

class Plain(nn.Parameter):
    pass

class Own(nn.Parameter):
    def __new__(cls, data, *, tag):
        return super().__new__(cls, data)

class Net(nn.Module):
    def __init__(self, value):
        super().__init__()
        self.fc = nn.Linear(8, 8)
        if isinstance(value, nn.Parameter):
            self.p = value
        else:
            self.register_buffer('p', value)
`
let session: ModelSession
beforeAll(async () => {
  session = createModelSession({ files: memoryFiles(new Map([['/p/main.py', text]])), parser: await startPythonParser(process.cwd()), roots: ['/p'], sitePackages: [], torchVersion: '2.13.0' })
})

/** Certainty of the file, of quantize_dynamic and of the cast. */
function certainties(value: string): readonly string[] {
  const model = session.evaluate({ file: '/p/main.py', expression: `Net(${value})` })
  const context = { torchVersion: '2.13.0', fileName: 'model.pt' }
  const recipes = runRecipes(model, context)
  return [stateDictFileBytes(model, context).certainty, ...['dynamic-int8', 'float16'].map((id) => recipes.find(({ recipe }) => recipe === id)!.fileBytes.certainty)]
}

it('classes of tensors that are the program\'s own decide how they are copied and saved', () => {
  expect(certainties('nn.Parameter(torch.ones(3))')).toEqual(['exact', 'exact', 'exact'])
  // Measured: copied and saved as a plain parameter.
  expect(certainties('Plain(torch.ones(3))')).toEqual(['exact', 'exact', 'exact'])
  // Measured: copy.deepcopy raises for want of `tag`.
  expect(certainties('Own(torch.ones(3), tag=1)')).toEqual(['exact', 'unknown', 'exact'])
  // Measured: copy.deepcopy raises, and the file holds the class.
  for (const made of ['Sub(torch.ones(3))', 'Sub([1.0, 2.0])', 'torch.Tensor._make_subclass(Sub, torch.ones(3))']) expect([made, ...certainties(made)]).toEqual([made, 'estimate', 'unknown', 'estimate'])
})
