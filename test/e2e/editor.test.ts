import { afterAll, afterEach, beforeAll, describe, test } from 'vitest'
import { openWorkbench, type Workbench } from './workbench.ts'
import { sampleWorkspace } from './workspace.ts'

let workbench: Workbench
beforeAll(async () => { workbench = await openWorkbench({ prepare: sampleWorkspace }) })
afterAll(() => workbench.close())
afterEach(({ task }) => workbench.pictureOfFailure(task))

describe('the sample', () => {
  test('opens', async () => {
    await workbench.open('serve.py')
    await workbench.line('import torch').waitFor()
    await workbench.picture('serve')
    await workbench.open('checkpoints/tagger.pt')
    await workbench.page.waitForTimeout(3000)
    await workbench.picture('checkpoint')
    await workbench.command('Torch Footprint: Show Footprint')
    await workbench.page.waitForTimeout(1000)
    await workbench.picture('sidebar')
    await workbench.command('Torch Footprint: Show Log')
    await workbench.page.waitForTimeout(1000)
    await workbench.picture('log')
  })
})
