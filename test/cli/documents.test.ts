/** Every `--json` document against the schema of its command, over the sample and over bad input. */

import * as fs from 'node:fs'
import * as os from 'node:os'
import * as path from 'node:path'
import { fileURLToPath } from 'node:url'
import { Ajv2020 } from 'ajv/dist/2020.js'
import { afterAll, describe, expect, test } from 'vitest'
import { runCommandLine } from '../../server/src/cli/command-line.ts'
import { commands } from '../../server/src/cli/generated/commands.ts'

const root = fileURLToPath(new URL('../..', import.meta.url))
const scratch = fs.mkdtempSync(path.join(os.tmpdir(), 'torch-footprint-cli-'))
fs.cpSync(path.join(root, 'sample'), path.join(scratch, 'sample'), { recursive: true })
fs.mkdirSync(path.join(scratch, 'empty-site'))
afterAll(() => { fs.rmSync(scratch, { recursive: true, force: true }) })

const ajv = new Ajv2020({ strict: false })
const schemas = path.join(root, 'docs/schemas')

async function run(...args: readonly string[]): Promise<{ status: number; out: string; error: string }> {
  let out = ''
  let error = ''
  const status = await runCommandLine(commands, args, {
    cwd: scratch, environment: {},
    out: { write: (text) => { out += text }, isTerminal: false, columns: undefined },
    error: { write: (text) => { error += text }, isTerminal: false },
  })
  return { status, out, error }
}

const here = ['--site-packages', 'empty-site', '--torch-version', '2.6.0']

describe('documents', () => {
  test.each([
    [0, ['scan', 'sample', ...here]],
    [0, ['scan', '--format', 'json', 'sample/serve.py', ...here]],
    [1, ['scan', 'sample', '--fail-on', 'warning', ...here]],
    [2, ['scan', 'sample', 'nothing-here', ...here]],
    [0, ['fix', '--diff', '--rule', 'quantization-candidate', 'sample', ...here]],
    [0, ['fix', '--dry-run', 'sample', ...here]],
    [0, ['rules']],
    [0, ['explain', 'quantization-candidate']],
    [2, ['explain', 'nothing-like-it']],
    [0, ['checkpoint', 'sample/checkpoints/training.pt']],
    [2, ['checkpoint', 'sample/checkpoints/training.pt', 'sample/README.md']],
    [0, ['env', '--site-packages', 'empty-site']],
    [0, ['model', 'sample/models.py', ...here]],
    [0, ['wheel', path.join(root, 'test/fixtures/wheels/tiny-1.0-py3-none-any.whl')]],
    [2, ['wheel', 'nothing-here.whl']],
  ])('%i from %j', async (status, args) => {
    const done = await run(...args, '--json')
    expect(done.status, done.error).toBe(status)
    const document = JSON.parse(done.out) as unknown
    const validate = ajv.compile(JSON.parse(fs.readFileSync(path.join(schemas, `${args[0]!}.schema.json`), 'utf8')) as object)
    expect(validate(document) ? null : validate.errors).toBeNull()
    if (status === 2) expect(done.error).toMatch(/^(?:torch-footprint: [^\n]+\n)+$/)
  })

  test.each(['text', 'sarif', 'markdown', 'html', 'github'])('scan as %s', async (format) => {
    const { out, status } = await run('scan', 'sample', '--format', format, ...here)
    expect(status).toBe(0)
    expect(out).toContain('quantization-candidate')
    if (format === 'sarif') expect(JSON.parse(out)).toMatchObject({ version: '2.1.0' })
  })

  test('fix writes once, and changes nothing the second time', async () => {
    const file = path.join(scratch, 'sample/serve.py')
    const first = await run('fix', '--rule', 'quantization-candidate', 'sample/serve.py', ...here)
    expect(first.out).toContain('1 fix applied in 1 file')
    const text = fs.readFileSync(file, 'utf8')
    expect(text).toContain('    model = quantize_dynamic(model, {torch.nn.Linear, torch.nn.LSTM}, dtype=torch.qint8)\n')
    expect((await run('fix', '--rule', 'quantization-candidate', 'sample/serve.py', ...here)).out).toContain('0 fixes applied in 0 files')
    expect(fs.readFileSync(file, 'utf8')).toBe(text)
    expect(fs.readdirSync(path.dirname(file)).filter((name) => name.endsWith('.tmp'))).toEqual([])
  })
})
