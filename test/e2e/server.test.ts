import * as fs from 'node:fs'
import * as path from 'node:path'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { openWorkbench, type Workbench } from './workbench.ts'
import { sampleWorkspace } from './workspace.ts'

let workbench: Workbench
beforeAll(async () => {
  workbench = await openWorkbench({
    prepare: (folder) => {
      const [first, second] = ['sample', 'other'].map((name) => path.join(folder, name))
      sampleWorkspace(first!)
      fs.mkdirSync(second!)
      fs.writeFileSync(path.join(second!, 'alone.py'), 'import os\nimport torch\n\nlayer = torch.nn.Linear(1000, 1000)\n')
      const workspace = path.join(folder, 'two.code-workspace')
      fs.writeFileSync(workspace, JSON.stringify({ folders: [{ path: 'sample' }, { path: 'other' }] }))
      return workspace
    },
  })
})
afterAll(() => workbench.close())
afterEach(({ task }) => workbench.pictureOfFailure(task))

test('every folder of a workspace is served', async () => {
  await workbench.open('other/alone.py')
  expect(await workbench.hint('torch.nn.Linear(1000, 1000)', 'MB')).toMatch(/4\.00 MB/)
  await workbench.open('sample/serve.py')
  expect(await workbench.hint('import torch', 'MB')).toMatch(/449 MB/)
})

test('a server that ends is started again, and nothing is lost', async () => {
  const [before, ...more] = workbench.serverProcesses()
  expect(more).toEqual([])
  process.kill(before!, 'SIGKILL')
  await expect.poll(() => workbench.serverProcesses().filter((pid) => pid !== before), { timeout: 30_000 }).toHaveLength(1)
  await workbench.open('other/alone.py')
  await workbench.page.keyboard.press('Control+End')
  await workbench.page.keyboard.type('wide = torch.nn.Linear(2000, 1000)\n')
  expect(await workbench.hint('torch.nn.Linear(2000, 1000)', 'MB')).toMatch(/8\.00 MB/)
})

test('the command starts it anew', async () => {
  const before = workbench.serverProcesses()
  await workbench.command('Torch Footprint: Restart')
  await expect.poll(() => workbench.serverProcesses().filter((pid) => !before.includes(pid)), { timeout: 30_000 }).toHaveLength(1)
  await workbench.hint('torch.nn.Linear(2000, 1000)', 'MB')
})
