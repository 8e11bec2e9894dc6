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

describe('imports', () => {
  test('an import shows what is installed for it, with what it pulls in', async () => {
    await workbench.open('serve.py')
    // torch 420.08 MB, sympy 29 MB, typing_extensions 0.13 MB, and their metadata.
    expect(await workbench.hint('import torch', 'MB')).toMatch(/449 MB/)
  })

  test('the hover names the packages', async () => {
    const card = await workbench.hover(lineOf('serve.py', 'import torch'), 9)
    expect(card).toMatch(/torch/)
    expect(card).toMatch(/sympy/)
    await workbench.closeHover()
  })
})

describe('checkpoints in code', () => {
  test('torch.load shows the bytes on disk', async () => {
    expect(await workbench.hint('torch.load(CHECKPOINTS', 'MB')).toMatch(/MB/)
  })

  test('its hover accounts for them', async () => {
    const card = await workbench.hover(lineOf('serve.py', 'torch.load('), 42)
    expect(card).toMatch(/float32/)
    // The card fades in.
    await workbench.page.waitForTimeout(500)
    await workbench.picture('hover')
    await workbench.closeHover()
  })

  test('a missing checkpoint is a warning', async () => {
    await workbench.open('shrink.py')
    await expect.poll(() => workbench.problems(), { timeout: 20_000 }).toContainEqual(expect.stringContaining('best.pt` is not there'))
  })
})

describe('models', () => {
  test('a layer shows its parameters and bytes', async () => {
    await workbench.open('models.py')
    // Embedding(1000, 64) is 64,000 parameters, 256,000 bytes.
    expect(await workbench.hint('nn.Embedding(vocabulary', 'kB')).toMatch(/256 kB/)
  })

  test('a class has its total above it', async () => {
    await workbench.page.locator('.codelens-decoration', { hasText: /params/ }).first().waitFor()
    await workbench.readmePicture('layers')
  })
})

describe('quantizing', () => {
  test('the quick fix is offered with its saving, is one step to undo, and is not offered twice', async () => {
    const before = workbench.read('serve.py')
    await workbench.open('serve.py')
    await workbench.cursorAt(lineOf('serve.py', 'model = Tagger()'), 6)
    const title = (await workbench.quickFixes()).find((one) => one.startsWith('Quantize `model`'))
    expect(title).toMatch(/Quantize `model` dynamically \(.*LSTM.*\): .*B -> .*B/)
    await workbench.readmePicture('quantize')
    await workbench.choose('Quantize `model`')
    await workbench.line('model = quantize_dynamic(model').waitFor()
    await workbench.save()
    expect(workbench.read('serve.py')).toMatch(/quantize_dynamic\(model, \{.*nn\.Linear.*\}, dtype=torch\.qint8\)/)
    await workbench.cursorAt(lineOf('serve.py', 'model = Tagger()'), 6)
    expect((await workbench.quickFixes()).filter((one) => one.startsWith('Quantize `model`'))).toEqual([])
    await workbench.closeHover()
    await workbench.page.keyboard.press('Control+z')
    await workbench.line('quantize_dynamic').waitFor({ state: 'detached' })
    await workbench.save()
    expect(workbench.read('serve.py')).toBe(before)
  })

  test('the command offers it too', async () => {
    await workbench.command('Torch Footprint: Quantize a Model in This File')
    await workbench.page.locator('.quick-input-list .monaco-list-row', { hasText: 'Quantize `model`' }).waitFor()
    await workbench.page.keyboard.press('Escape')
  })

  test('static quantization that does nothing is found', async () => {
    await workbench.open('quantize_static.py')
    await expect.poll(() => workbench.problems(), { timeout: 20_000 }).toContainEqual(expect.stringContaining('prepare-without-qconfig'))
    await workbench.hint('model = SmallNet()', 'kB')
    await workbench.readmePicture('static-quantization')
  })
})

describe('sidebar', () => {
  test('shows packages, checkpoints and models with their bytes', async () => {
    await workbench.command('Torch Footprint: Show Footprint')
    await workbench.footprint.filter({ hasText: 'torch' }).filter({ hasText: 'MB' }).first().waitFor()
    await workbench.footprint.filter({ hasText: 'training.pt' }).filter({ hasText: 'kB' }).first().waitFor()
    await workbench.readmePicture('sidebar')
  })

  test('a row opens what it stands for', async () => {
    // The tree may be drawn anew under the pointer while models are still being measured: whoever misses a row clicks again.
    await expect.poll(async () => {
      await workbench.footprint.filter({ hasText: 'training.pt' }).first().click()
      return workbench.page.locator('.tab.active', { hasText: 'training.pt' }).waitFor({ timeout: 8_000 }).then(() => true, () => false)
    }, { timeout: 40_000 }).toBe(true)
  })

  test('the total stands in the status bar', async () => {
    await workbench.page.locator('.statusbar-item', { hasText: /\d [kMG]B/ }).waitFor()
  })

  test('a new checkpoint appears by itself', async () => {
    fs.copyFileSync(path.join(workbench.folder, 'checkpoints/tagger.pt'), path.join(workbench.folder, 'checkpoints/arrived.pt'))
    await workbench.footprint.filter({ hasText: 'arrived.pt' }).first().waitFor()
  })
})

test.each([['Default Dark Modern', 'dark'], ['Default High Contrast', 'high-contrast'], ['Default High Contrast Light', 'high-contrast-light']] as const)('everything wears the theme %s', async (theme, name) => {
  await workbench.theme(theme)
  await workbench.open('models.py')
  await workbench.hint('nn.Embedding(vocabulary', 'kB')
  await workbench.picture(`models-${name}`)
  await workbench.command('Torch Footprint: Show Footprint')
  await workbench.footprint.first().waitFor()
  await workbench.picture(`sidebar-${name}`)
})
