/**
 * Evaluates models whose source has one number or name changed and compares with what real PyTorch made of the same change.
 *
 *   TORCH_FOOTPRINT_SITE_PACKAGES=DIR npx tsx test/oracle/zoo/compare-mutations.mts results/mutations-*.json.gz [--write] [--verbose]
 *
 * A prediction must follow PyTorch or become unknown; one that stays where PyTorch moves is wrong.
 */

import { readFileSync, writeFileSync } from 'node:fs'
import { gunzipSync } from 'node:zlib'
import { createModelSession } from '../../../server/src/core/layers/model-session.ts'
import { createDiskFiles } from '../../../server/src/host/disk-files.ts'
import { startPythonParser } from '../../../server/src/host/python-parser.ts'
import { differences, type Truth } from './compare.mts'

interface Mutation { readonly target: string, readonly file: string, readonly offset: number, readonly old: string, readonly new: string, readonly truth: Truth }

const sitePackages = process.env['TORCH_FOOTPRINT_SITE_PACKAGES']
if (sitePackages === undefined) throw new Error('set TORCH_FOOTPRINT_SITE_PACKAGES')
const args = process.argv.slice(2)
const parser = await startPythonParser(process.cwd())
const limit = Number(process.env['LIMIT'] ?? Infinity)
for (const path of args.filter((arg) => !arg.startsWith('--'))) {
  const { torch, package: name, mutations } = JSON.parse(gunzipSync(readFileSync(path)).toString('utf8')) as { torch: string, package: string, mutations: Mutation[] }
  const counts = { follows: 0, unknown: 0, raises: 0 }
  const wrong: string[] = []
  for (const mutation of mutations.slice(0, limit)) {
    // The oracle builds on the meta device, which cannot read contents: that says nothing about the model.
    if (mutation.truth.error === 'NotImplementedError') continue
    const file = `${sitePackages}/${mutation.file}`
    const source = readFileSync(file, 'utf8')
    const changed = source.slice(0, mutation.offset) + mutation.new + source.slice(mutation.offset + mutation.old.length)
    const session = createModelSession({ files: createDiskFiles(), parser, roots: [], sitePackages: [sitePackages], torchVersion: torch, documentText: (asked) => (asked === file ? changed : undefined) })
    const colon = mutation.target.indexOf(':')
    const model = session.evaluate({ module: mutation.target.slice(0, colon), expression: mutation.target.slice(colon + 1) })
    if (model.certainty !== 'exact') {
      counts[mutation.truth.error === undefined ? 'unknown' : 'raises'] += 1
      if (args.includes('--verbose') && mutation.truth.error === undefined) console.log('unknown', mutation.target, mutation.file, mutation.offset, `${mutation.old} -> ${mutation.new}:`, model.unknown[0]?.reason)
      continue
    }
    const found = differences(model, mutation.truth, torch)
    if (found.length === 0) counts.follows += 1
    else {
      wrong.push(`${mutation.target} ${mutation.file} ${String(mutation.offset)} ${mutation.old} -> ${mutation.new}: ${found.join('; ')}`)
      console.log('WRONG', wrong.at(-1))
    }
  }
  console.log(path, JSON.stringify({ ...counts, wrong: wrong.length }))
  if (args.includes('--write')) writeFileSync(path.replace('.json.gz', '.mutated.json'), `${JSON.stringify({ package: name, torch, ...counts, wrong }, undefined, 1)}\n`)
}
