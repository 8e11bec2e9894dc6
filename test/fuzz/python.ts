/**
 * Makes new Python programs, runs them with CPython and with the evaluator, and shows where they differ.
 *
 *   npx tsx test/fuzz/python.ts [--python EXE] [--seed N] [--count N] [--recorded]
 */

import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { startPythonParser } from '../../server/src/host/python-parser.ts'
import { type Program, programRunner } from '../core/evaluate/programs.ts'

const args = process.argv.slice(2)

function option(name: string, fallback: string): string {
  const at = args.indexOf(name)
  return at < 0 ? fallback : args[at + 1] ?? fallback
}

function programs(): readonly Program[] {
  const folder = join(process.cwd(), 'test/oracle/python')
  if (args.includes('--recorded')) return (JSON.parse(gunzipSync(readFileSync(join(folder, 'programs.json.gz'))).toString('utf8')) as { programs: readonly Program[] }).programs
  const seed = option('--seed', String(100_000 + Math.floor(Math.random() * 1e9)))
  console.log('seed', seed)
  const made = spawnSync(option('--python', 'python3'), [join(folder, 'record.py'), '--live', seed, option('--count', '500')], { encoding: 'utf8', maxBuffer: 1e9 })
  return made.stdout.split('\n').filter((line) => line !== '').map((line) => JSON.parse(line) as Program)
}

function firstDifference(ours: string, theirs: string): string {
  const a = ours.split('\n')
  const b = theirs.split('\n')
  const at = b.findIndex((line, i) => line !== a[i])
  const line = at < 0 ? b.length : at
  return `  ours:   ${a[line] ?? '(end)'}\n  theirs: ${b[line] ?? '(end)'}`
}

async function main(): Promise<void> {
  const run = programRunner(await startPythonParser(process.cwd()))
  const counts = { equal: 0, unknown: 0, wrong: 0 }
  for (const program of programs()) {
    const outcome = run(program)
    counts[outcome.verdict]++
    if (outcome.verdict === 'equal') continue
    console.log(`${outcome.verdict} ${program.name} ${outcome.reason}\n${firstDifference(outcome.output, program.output)}`)
    if (args.includes('--sources')) console.log(program.source)
  }
  console.log(JSON.stringify(counts))
  process.exitCode = counts.wrong > 0 ? 1 : 0
}

void main()
