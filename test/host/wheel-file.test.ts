import * as fs from 'node:fs'
import * as os from 'node:os'
import * as path from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { readWheel } from '../../server/src/host/wheel-file.ts'

const wheel = fileURLToPath(new URL('../fixtures/wheels/tiny-1.0-py3-none-any.whl', import.meta.url))

test('a wheel is measured from its directory', async () => {
  const read = await readWheel(wheel, 500)
  expect(read).toMatchObject({ downloadBytes: 500, installedBytes: 600 + 89, files: 3 })
})

test('what is no wheel says so', async () => {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'torch-footprint-'))
  const broken = path.join(folder, 'broken.whl')
  fs.writeFileSync(broken, fs.readFileSync(wheel).subarray(0, 200))
  expect(await readWheel(broken, 200)).toMatchObject({ problem: expect.stringContaining('no readable wheel') as string })
  expect(await readWheel(path.join(folder, 'none.whl'), 0)).toHaveProperty('problem')
  fs.rmSync(folder, { recursive: true })
})
