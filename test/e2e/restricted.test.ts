import * as fs from 'node:fs'
import * as path from 'node:path'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { openWorkbench, type Workbench } from './workbench.ts'
import { sampleWorkspace } from './workspace.ts'

let workbench: Workbench
beforeAll(async () => {
  workbench = await openWorkbench({
    prepare: (folder) => {
      fs.writeFileSync(path.join(folder, 'broken.py'), 'import torch\n\ndef half(:\n    x = torch.load("checkpoints/tagger.pt"\n\nclass\n')
      fs.writeFileSync(path.join(folder, 'wide.py'), `import torch\nx = [${'1, '.repeat(400_000)}]\n`)
      return sampleWorkspace(folder)
    },
    settings: { 'security.workspace.trust.enabled': true, 'security.workspace.trust.startupPrompt': 'never', 'security.workspace.trust.banner': 'always' },
  })
})
afterAll(() => workbench.close())
afterEach(({ task }) => workbench.pictureOfFailure(task))

test('in Restricted Mode it reads and shows as ever', async () => {
  await workbench.page.getByText('Restricted Mode').first().waitFor()
  await workbench.open('serve.py')
  expect(await workbench.hint('import torch', 'MB')).toMatch(/import torch.*MB/)
  await workbench.picture('restricted')
})

test('in Restricted Mode nothing is written', async () => {
  await workbench.open('checkpoints/tagger.pt')
  await workbench.webview.getByRole('button', { name: 'Write a Slimmer Copy...' }).click()
  await workbench.page.getByText('In Restricted Mode nothing is written').first().waitFor()
})

test('a file with syntax errors is served as far as it can be read', async () => {
  await workbench.open('broken.py')
  expect(await workbench.hint('import torch', 'MB')).toMatch(/import torch.*MB/)
})

test('a file with one very long line does not end the server', async () => {
  await workbench.open('wide.py')
  expect(await workbench.hint('import torch', 'MB')).toMatch(/import torch.*MB/)
})
