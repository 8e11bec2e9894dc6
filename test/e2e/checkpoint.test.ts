import * as fs from 'node:fs'
import * as path from 'node:path'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { openWorkbench, type Workbench } from './workbench.ts'
import { sampleWorkspace } from './workspace.ts'

const manyTensors = 20_000

let workbench: Workbench
beforeAll(async () => { workbench = await openWorkbench({ prepare: (folder) => {
  hostileAndLarge(folder)
  return sampleWorkspace(folder)
} }) })
afterAll(() => workbench.close())
afterEach(({ task }) => workbench.pictureOfFailure(task))

const heading = () => workbench.webview.getByRole('heading', { level: 1 })
const grid = () => workbench.webview.getByRole('treegrid', { name: 'Tensors' })

test('a checkpoint opens as an account of its bytes', async () => {
  await workbench.open('checkpoints/training.pt')
  await heading().getByText('training.pt').waitFor()
  await workbench.webview.getByRole('img', { name: /Where the bytes are: .*Weights.*Optimizer/ }).waitFor()
  await workbench.webview.getByRole('button', { name: 'Write a Slimmer Copy...' }).waitFor()
  await workbench.picture('checkpoint-light')
})

test.each([['Default Dark Modern', 'dark'], ['Default High Contrast', 'high-contrast'], ['Default High Contrast Light', 'high-contrast-light']] as const)('it wears the theme %s', async (theme, name) => {
  await workbench.theme(theme)
  await workbench.readmePicture(`checkpoint-${name}`)
  await workbench.theme('Default Light Modern')
})

const dialog = () => workbench.page.locator('.quick-input-widget')
const slimmer = () => workbench.webview.getByRole('button', { name: 'Write a Slimmer Copy...' })

/** Answers the questions of the command: element types as they are, then the file to write. */
async function writeSlimmer(name: string): Promise<void> {
  await slimmer().click()
  await dialog().getByText('Keep element types').waitFor()
  await workbench.page.keyboard.press('Enter')
  await dialog().getByText('Write a Slimmer Copy').first().waitFor()
  const input = dialog().locator('input.input')
  await expect.poll(() => input.inputValue()).toContain('.slim')
  await input.fill(path.join(workbench.folder, name))
  await dialog().getByRole('button', { name: /Save|OK/ }).click()
}

test('a slimmer copy is written where the dialog says, and opens', async () => {
  await workbench.open('checkpoints/training.pt')
  await heading().getByText('training.pt').waitFor()
  await writeSlimmer('weights-only.pt')
  await workbench.page.locator('.notification-toast', { hasText: 'instead of' }).waitFor({ timeout: 30_000 })
  const written = fs.statSync(path.join(workbench.folder, 'weights-only.pt')).size
  expect(written).toBeLessThan(fs.statSync(path.join(workbench.folder, 'checkpoints/training.pt')).size / 2)
  await workbench.picture('checkpoint-slimmed')
  await workbench.page.locator('.notification-toast').getByRole('button', { name: 'Open' }).click()
  await heading().getByText('weights-only.pt').waitFor()
  expect(await workbench.webview.getByText('Optimizer', { exact: true }).count()).toBe(0)
})

test('a copy that is cancelled leaves nothing behind', async () => {
  await workbench.open('large.safetensors')
  await heading().getByText('large.safetensors').waitFor()
  await writeSlimmer('cancelled.pt')
  const toast = workbench.page.locator('.notification-toast', { hasText: 'Writing a slimmer copy' })
  await toast.waitFor()
  await toast.getByRole('button', { name: 'Cancel' }).click()
  await toast.waitFor({ state: 'hidden' })
  await expect.poll(() => fs.readdirSync(workbench.folder).filter((name) => name.startsWith('cancelled'))).toEqual([])
})

test('closing the dialog writes nothing', async () => {
  await workbench.open('checkpoints/training.pt')
  await heading().getByText('training.pt').waitFor()
  const before = fs.readdirSync(path.join(workbench.folder, 'checkpoints'))
  await slimmer().click()
  await dialog().getByText('Keep element types').waitFor()
  await workbench.page.keyboard.press('Enter')
  await expect.poll(() => dialog().locator('input.input').inputValue()).toContain('.slim')
  await workbench.page.keyboard.press('Escape')
  await dialog().waitFor({ state: 'hidden' })
  expect(fs.readdirSync(path.join(workbench.folder, 'checkpoints'))).toEqual(before)
})

test('unreachable bytes are named', async () => {
  await workbench.open('checkpoints/rows.pt')
  await heading().getByText('rows.pt').waitFor()
  await workbench.webview.getByRole('rowheader', { name: 'Unreachable' }).waitFor()
})

test('names from a file are text, whatever they look like', async () => {
  await workbench.open('hostile.safetensors')
  await heading().getByText('hostile.safetensors').waitFor()
  await grid().getByText('<img src=x onerror=alert(1)>').first().waitFor()
  expect(await workbench.webview.locator('img').count()).toBe(0)
})

test('twenty thousand tensors: only the rows in sight exist; sorted, filtered and walked by keyboard', async () => {
  await workbench.open('many.safetensors')
  await heading().getByText('many.safetensors').waitFor()
  await workbench.webview.getByText('20,000 tensors').first().waitFor()
  await workbench.webview.getByRole('button', { name: 'Expand All' }).click()
  await grid().press('End')
  await workbench.webview.locator('.row.active', { hasText: 'weight' }).waitFor()
  expect(await workbench.webview.locator('.rows .row').count()).toBeLessThan(100)
  expect(Number(await grid().getAttribute('aria-rowcount'))).toBeGreaterThan(manyTensors)
  await workbench.webview.getByRole('searchbox').fill('layers.19999')
  await workbench.webview.getByText('1 of 20,000 tensors').waitFor()
  await workbench.webview.getByRole('searchbox').fill('')
  await workbench.webview.getByRole('checkbox', { name: 'Group by prefix' }).uncheck()
  await workbench.webview.getByRole('button', { name: 'Bytes' }).click()
  await expect.poll(() => workbench.webview.getByRole('columnheader', { name: 'Bytes' }).getAttribute('aria-sort')).toBe('descending')
  await workbench.webview.locator('#row-0', { hasText: 'layers.12345.weight' }).waitFor()
})

test('a broken file says what is wrong with it', async () => {
  await workbench.open('broken.pt')
  await heading().getByText('broken.pt').waitFor()
  await workbench.webview.locator('.problem').first().waitFor()
  await workbench.picture('checkpoint-broken')
})

test('a file that is written anew is read anew', async () => {
  fs.copyFileSync(path.join(workbench.folder, 'checkpoints/rows.pt'), path.join(workbench.folder, 'broken.pt'))
  await workbench.webview.getByRole('rowheader', { name: 'Unreachable' }).waitFor()
})

function hostileAndLarge(folder: string): void {
  fs.writeFileSync(path.join(folder, 'broken.pt'), 'PK\u0003\u0004 this is not the archive it says it is')
  safetensors(path.join(folder, 'hostile.safetensors'), [['<img src=x onerror=alert(1)>', 1], ['__proto__', 2], ['a\u202eb', 1], ['${1}`', 1]])
  // Holes: read in seconds, kept on no disk.
  safetensors(path.join(folder, 'large.safetensors'), Array.from({ length: 8 }, (_, i) => [`layers.${i}.weight`, 50_000_000]))
  safetensors(path.join(folder, 'many.safetensors'), Array.from({ length: manyTensors }, (_, i) => [`model.layers.${i}.weight`, i === 12345 ? 64 : 1]))
}

function safetensors(file: string, tensors: readonly (readonly [name: string, elements: number])[]): void {
  let end = 0
  const entries = tensors.map(([name, elements]) => {
    const start = end
    end += 4 * elements
    return `${JSON.stringify(name)}:{"dtype":"F32","shape":[${elements}],"data_offsets":[${start},${end}]}`
  })
  const header = Buffer.from(`{${entries.join(',')}}`)
  const length = Buffer.alloc(8)
  length.writeBigUInt64LE(BigInt(header.length))
  fs.writeFileSync(file, Buffer.concat([length, header]))
  fs.truncateSync(file, 8 + header.length + end)
}
