import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { expect, test } from 'vitest'
import { startPythonParser } from '../../../server/src/host/python-parser.ts'
import { type Program, programRunner } from './programs.ts'

const recorded = JSON.parse(gunzipSync(readFileSync(join(import.meta.dirname, '../../oracle/python/programs.json.gz'))).toString('utf8')) as { readonly programs: readonly Program[] }

/** Part of the programs whose result may be unknown; none may be wrong. */
const MOST_UNKNOWN = 0.02

test('recorded programs print what CPython printed', async () => {
  const run = programRunner(await startPythonParser(import.meta.dirname))
  const wrong: string[] = []
  let unknown = 0
  for (const program of recorded.programs) {
    const outcome = run(program)
    if (outcome.verdict === 'unknown') unknown++
    if (outcome.verdict === 'wrong') wrong.push(program.name)
  }
  expect(recorded.programs.length).toBeGreaterThanOrEqual(2000)
  expect(wrong).toEqual([])
  expect(unknown / recorded.programs.length).toBeLessThan(MOST_UNKNOWN)
}, 120_000)
