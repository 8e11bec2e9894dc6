/**
 * The acceptance corpus of the fix: 25 scripts, what each becomes, and what a real PyTorch said of the results
 * (test/oracle/scripts/run.py). Applying the fix twice changes nothing the second time.
 */

import * as fs from 'node:fs'
import * as path from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import { applyEdits } from '../../../server/src/core/text/line-index.ts'
import { analysisOf } from '../../support/analysis.ts'

const folder = fileURLToPath(new URL('../../fixtures/quantize', import.meta.url))
const oracles = fileURLToPath(new URL('../../oracle/scripts', import.meta.url))
const update = process.env.UPDATE_FIXTURES === '1'
if (update && process.env.CI) throw new Error('fixtures are never rewritten under CI')

const scripts = fs.readdirSync(folder).filter((name) => /^\w+\.py$/.test(name)).map((name) => name.slice(0, -3)).sort()
/** No inference follows the training: nothing to insert. */
const refused = new Map([['23', 'it is trained here, and no inference follows']])

/** One host for each checkpoint and version: the library is read once. */
const hosts = new Map<string, ReturnType<typeof analysisOf>>()

async function answersTo(name: string, text: string, torch: string) {
  const weights = name === '10' ? 'whole.pt' : 'state.pt'
  const key = `${weights} ${torch}`
  if (!hosts.has(key)) hosts.set(key, analysisOf(new Map<string, string | Uint8Array>([['/project/m.pt', fs.readFileSync(path.join(folder, weights))]]), { torchVersion: torch }))
  const host = (await hosts.get(key))!
  host.open('/project/script.py', text)
  return host.ruleAnswers('/project/script.py')
}

/** The text after the fix of each candidate, one after the other. */
async function fixed(name: string, text: string, torch: string): Promise<string> {
  let after = text
  for (let round = 0; round < 5; round++) {
    const finding = (await answersTo(name, after, torch)).findings.find((one) => one.rule === 'quantization-candidate')
    if (!finding) return after
    expect(finding.fixes[0]!.title).toMatch(/^Quantize `[\w.]+` dynamically \(Linear\): 32[23] kB -> 8[23]\.\d kB$/)
    after = applyEdits(after, finding.fixes[0]!.edits)!
  }
  throw new Error('the fix does not come to an end')
}

describe.each(['1.13.1', '2.13.0'])('torch %s', (torch) => {
  test.each(scripts)('script %s', async (name) => {
    const text = fs.readFileSync(path.join(folder, `${name}.py`), 'utf8')
    const reason = refused.get(name)
    if (reason !== undefined) {
      const { findings, declined } = await answersTo(name, text, torch)
      expect(findings.filter((one) => one.rule === 'quantization-candidate')).toEqual([])
      expect(declined.map((one) => one.reason)).toEqual([reason])
      return
    }
    const after = await fixed(name, text, torch)
    expect(after).not.toBe(text)
    const expected = path.join(folder, `${name}.fixed.py`)
    if (update) fs.writeFileSync(expected, after)
    expect(after).toBe(fs.readFileSync(expected, 'utf8'))
  })
})

describe.each(fs.readdirSync(oracles).filter((name) => name.endsWith('.oracle.json')))('%s', (name) => {
  const { scripts: results } = JSON.parse(fs.readFileSync(path.join(oracles, name), 'utf8')) as { scripts: Record<string, { int8: number; bytes: number }[]> }

  test('ran every result, and each has int8 layers', () => {
    expect(Object.keys(results).sort()).toEqual(scripts.filter((one) => !refused.has(one)))
    for (const [script, models] of Object.entries(results)) {
      expect(Array.isArray(models), `${script}: ${JSON.stringify(models)}`).toBe(true)
      for (const model of models) expect(model.int8, script).toBe(1)
    }
  })
})
