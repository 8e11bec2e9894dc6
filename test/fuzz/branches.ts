/**
 * Makes new Python programs with undecided branches, runs them with CPython for every outcome and with the evaluator once,
 * and shows every result that the evaluator takes for known and that is not.
 *
 *   npx tsx test/fuzz/branches.ts [--python EXE] [--seed N] [--count N] [--file JSON-LINES] [--sources]
 */

import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { startPythonParser } from '../../server/src/host/python-parser.ts'
import { type BranchProgram, branchRunner } from '../core/evaluate/branches.ts'

const args = process.argv.slice(2)

function option(name: string, fallback: string): string {
  const at = args.indexOf(name)
  return at < 0 ? fallback : args[at + 1] ?? fallback
}

function programs(): readonly BranchProgram[] {
  const parse = (text: string): BranchProgram[] => text.split('\n').filter((line) => line !== '').map((line) => JSON.parse(line) as BranchProgram)
  if (args.includes('--file')) return parse(readFileSync(option('--file', ''), 'utf8'))
  const seed = option('--seed', String(100_000 + Math.floor(Math.random() * 1e9)))
  console.log('seed', seed)
  return parse(spawnSync(option('--python', 'python3'), [join(process.cwd(), 'test/oracle/branches/record.py'), '--live', seed, option('--count', '200')], { encoding: 'utf8', maxBuffer: 1e9 }).stdout)
}

async function main(): Promise<void> {
  const run = branchRunner(await startPythonParser(process.cwd()))
  const counts = { programs: 0, held: 0, unknown: 0, missed: 0, wrong: 0 }
  const reasons = new Map<string, number>()
  for (const program of programs()) {
    const verdict = run(program)
    counts.programs++
    counts.held += verdict.held
    counts.unknown += verdict.unknown
    counts.missed += verdict.missed.length
    counts.wrong += verdict.wrong.length
    if (verdict.reason !== '') reasons.set(verdict.reason, (reasons.get(verdict.reason) ?? 0) + 1)
    if (verdict.wrong.length === 0) continue
    console.log(`WRONG ${program.name}\n  ${verdict.wrong.join('\n  ')}`)
    if (args.includes('--sources')) console.log(program.source)
  }
  console.log(JSON.stringify(counts))
  for (const [reason, count] of [...reasons].sort((a, b) => b[1] - a[1]).slice(0, 12)) console.log(String(count).padStart(5), reason)
  process.exitCode = counts.wrong > 0 ? 1 : 0
}

void main()
