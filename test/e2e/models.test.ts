import * as fs from 'node:fs'
import * as path from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { openWorkbench, type Workbench } from './workbench.ts'
import { sampleWorkspace } from './workspace.ts'

let workbench: Workbench
beforeAll(async () => { workbench = await openWorkbench({ prepare: sampleWorkspace }) })
afterAll(() => workbench.close())
afterEach(({ task }) => workbench.pictureOfFailure(task))

/** One-based line of the first line that holds the text. */
const lineOf = (file: string, text: string) => workbench.read(file).split('\n').findIndex((line) => line.includes(text)) + 1

describe('a model that is not known', () => {
  test('says why, with a link to the place', async () => {
    await workbench.open('models.py')
    await workbench.hint('nn.Embedding(vocabulary', 'kB')
    const card = await workbench.hover(lineOf('models.py', 'class ConvBlock'), 9)
    expect(card).toMatch(/`inputs` of `ConvBlock` is not known here \(line \d+\)/)
    expect(await workbench.page.locator('.monaco-hover:not(.hidden) a', { hasText: `line ${String(lineOf('models.py', 'def __init__(self, inputs'))}` }).count()).toBeGreaterThan(0)
    await workbench.closeHover()
  })

  test('the quick fix writes the names to assume, is one step to undo, and is not offered twice', async () => {
    const before = workbench.read('models.py')
    await workbench.cursorAt(lineOf('models.py', 'class ConvBlock'), 9)
    const title = (await workbench.quickFixes()).find((one) => one.startsWith('Assume'))
    expect(title).toBe('Assume values for `inputs`, `outputs`')
    await workbench.choose('Assume values')
    await workbench.line('# footprint: assume inputs=..., outputs=...').waitFor()
    await workbench.save()
    await workbench.cursorAt(lineOf('models.py', 'class ConvBlock'), 9)
    expect((await workbench.quickFixes()).filter((one) => one.startsWith('Assume'))).toEqual([])
    await workbench.closeHover()
    await workbench.page.keyboard.press('Control+z')
    await workbench.line('footprint: assume').waitFor({ state: 'detached' })
    await workbench.save()
    expect(workbench.read('models.py')).toBe(before)
  })
})

describe('a model that needs values', () => {
  test('says over its class which, and a click offers to write them', async () => {
    fs.writeFileSync(path.join(workbench.folder, 'large.py'), 'import torch.nn as nn\n\n\nclass Large(nn.Module):\n    def __init__(self, vocabulary):\n        super().__init__()\n        self.embedding = nn.Embedding(vocabulary, 64)\n')
    await workbench.open('large.py')
    const lens = workbench.page.locator('.codelens-decoration a', { hasText: 'size needs vocabulary' })
    await lens.waitFor({ timeout: 30_000 })
    await lens.click()
    await workbench.page.locator('.action-widget', { hasText: 'Assume a value for `vocabulary`' }).waitFor({ timeout: 20_000 })
    await workbench.page.keyboard.press('Escape')
    await workbench.page.keyboard.press('Escape')
  })
})

describe('the sidebar', () => {
  test('a model unfolds into its layers, and a layer leads to the line that builds it', async () => {
    await workbench.command('Torch Footprint: Show Footprint')
    const model = workbench.footprint.filter({ hasText: 'Tagger()' }).first()
    await model.waitFor({ timeout: 30_000 })
    // A click on the row would open its line and take the keyboard along.
    await model.locator('.monaco-tl-twistie').click()
    const layer = workbench.footprint.filter({ hasText: 'lstm' }).first()
    await layer.waitFor()
    await layer.click()
    await workbench.page.locator('.tab.active', { hasText: 'models.py' }).waitFor()
    await expect.poll(() => workbench.page.locator('.statusbar-item', { hasText: /Ln \d+/ }).first().innerText(), { timeout: 20_000 }).toContain(`Ln ${String(lineOf('models.py', 'self.lstm ='))},`)
  })
})
