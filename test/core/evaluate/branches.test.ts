/** Undecided branches: nothing is known that does not hold for every outcome. What CPython gives is recorded by test/oracle/branches/record.py. */

import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { gunzipSync } from 'node:zlib'
import { expect, test } from 'vitest'
import { startPythonParser } from '../../../server/src/host/python-parser.ts'
import { type BranchProgram, branchRunner } from './branches.ts'

const recorded = JSON.parse(gunzipSync(readFileSync(new URL('../../oracle/branches/programs.oracle.json.gz', import.meta.url))).toString('utf8')) as { readonly programs: readonly BranchProgram[] }

test('every result that is known holds for every outcome', async () => {
  const run = branchRunner(await startPythonParser(fileURLToPath(new URL('../../..', import.meta.url))))
  const wrong: string[] = []
  let held = 0
  for (const program of recorded.programs) {
    const verdict = run(program)
    held += verdict.held
    for (const one of verdict.wrong) wrong.push(`${program.name}: ${one}`)
  }
  expect(wrong).toEqual([])
  // Not by knowing nothing.
  expect(held).toBeGreaterThan(700)
}, 120_000)

test('what no outcome changes is known', async () => {
  const run = branchRunner(await startPythonParser(fileURLToPath(new URL('../../..', import.meta.url))))
  const KNOWN = new Set(['nobody catches it', 'a handler of another class does not catch it', 'assert that nobody catches', 'an import guard stays known', 'what both ways agree on stays known', 'finally with a return', 'range iterator in both ways'])
  const missed = recorded.programs.filter((program) => KNOWN.has(program.name)).flatMap((program) => run(program).missed.map((one) => `${program.name}: ${one}`))
  expect(missed).toEqual([])
})
