/**
 * The first answer and the exact answer about a 5.8 GB, 25,000-file environment, beside `du -sb`; 12,000 Python files searched
 * for the use of torch, beside ripgrep. Peers run in the same rounds: only the ratios count on a shared machine.
 */

import { spawnSync } from 'node:child_process'
import * as fs from 'node:fs'
import * as os from 'node:os'
import * as path from 'node:path'
import { InstalledPackages } from '../../server/src/core/packages/installed-packages.ts'
import { createDiskFiles } from '../../server/src/host/disk-files.ts'
import { measureExactly } from '../../server/src/host/measure-environment.ts'
import { measureOnDisk } from '../../server/src/host/walk.ts'
import { describedPackages, makeEnvironment } from '../support/made-environment.ts'

const ROUNDS = 15
const made = path.join(os.tmpdir(), `torch-footprint-bench-${String(process.pid)}`)
const named = process.env.TORCH_FOOTPRINT_SITE_PACKAGES
const folder = named ?? path.join(made, 'lib/python3.11/site-packages')

try {
  if (named === undefined) makeEnvironment(folder, describedPackages(path.join(import.meta.dirname, 'default-environment.json')))
  run()
} finally {
  fs.rmSync(made, { recursive: true, force: true })
}

function run(): void {
  const files = createDiskFiles()
  const location = { sitePackages: [folder], chosenBecause: 'named', target: { system: 'linux', machine: 'x86_64' } } as const
  const times: Record<string, number[]> = {}
  let answer = 0
  let counted = 0
  for (let round = 0; round < ROUNDS; round++) {
    time('du -sb', () => spawnSync('du', ['-sb', folder]).status)
    time('first answer: every package, total, import torch', () => {
      const packages = new InstalledPackages(files, location, measureOnDisk)
      answer = packages.totalBytes().value ?? 0
      packages.importCost('torch')
    })
    const packages = new InstalledPackages(files, location, measureOnDisk)
    time('exact answer: a walk, every file attributed', () => {
      const measured = measureExactly(files, packages.environment)
      counted = [...measured.packages.values()].reduce((sum, size) => sum + (size.bytes.value ?? 0), measured.unowned?.bytes ?? 0)
    })
    packages.importCost('torch')
    time('asked again', () => {
      packages.importCost('torch')
      packages.importCost('torch')
    })
  }
  const du = median(times['du -sb']!)
  console.log(`  ${folder}: ${String(counted)} bytes; the first answer is ${((answer / counted - 1) * 100).toFixed(3)} % off`)
  for (const [what, rounds] of Object.entries(times)) console.log(`  ${what.padEnd(52)} ${median(rounds).toFixed(1).padStart(8)} ms  ${(median(rounds) / du).toFixed(3)} of du`)

  function time(what: string, work: () => unknown): void {
    const start = performance.now()
    work()
    ;(times[what] ??= []).push(performance.now() - start)
  }
}

function median(numbers: readonly number[]): number {
  return [...numbers].sort((a, b) => a - b)[numbers.length >> 1] ?? 0
}
