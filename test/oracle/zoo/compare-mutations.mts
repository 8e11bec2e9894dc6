/**
 * Evaluates models whose source has one number or name changed and compares with what real PyTorch made of the same change.
 *
 *   TORCH_FOOTPRINT_SITE_PACKAGES=DIR npx tsx test/oracle/zoo/compare-mutations.mts results/mutations-*.json.gz
 *
 * A prediction must follow PyTorch or become unknown; one that stays where PyTorch moves is wrong.
 */

import { readFileSync } from 'node:fs'
import { gunzipSync } from 'node:zlib'
import { createModelSession } from '../../../server/src/core/layers/model-session.ts'
import { createDiskFiles } from '../../../server/src/host/disk-files.ts'
import { startPythonParser } from '../../../server/src/host/python-parser.ts'
import { differences, type Truth } from './compare.mts'

interface Mutation { readonly target: string, readonly file: string, readonly offset: number, readonly old: string, readonly new: string, readonly truth: Truth }

const sitePackages = process.env['TORCH_FOOTPRINT_SITE_PACKAGES']
if (sitePackages === undefined) throw new Error('set TORCH_FOOTPRINT_SITE_PACKAGES')
const parser = await startPythonParser(process.cwd())
const limit = Number(process.env['LIMIT'] ?? Infinity)
for (const path of process.argv.slice(2)) {
  const { torch, mutations } = JSON.parse(gunzipSync(readFileSync(path)).toString('utf8')) as { torch: string, mutations: Mutation[] }
  const counts = { follows: 0, unknown: 0, raises: 0, wrong: 0 }
  for (const mutation of mutations.slice(0, limit)) {
    // The oracle builds on the meta device, which cannot read contents: that says nothing about the model.
    if (mutation.truth.error === 'NotImplementedError') continue
    const file = `${sitePackages}/${mutation.file}`
    const source = readFileSync(file, 'utf8')
    const changed = source.slice(0, mutation.offset) + mutation.new + source.slice(mutation.offset + mutation.old.length)
    const session = createModelSession({ files: createDiskFiles(), parser, roots: [], sitePackages: [sitePackages], torchVersion: torch, documentText: (name) => (name === file ? changed : undefined) })
    const colon = mutation.target.indexOf(':')
    const model = session.evaluate({ module: mutation.target.slice(0, colon), expression: mutation.target.slice(colon + 1) })
    if (model.certainty !== 'exact') counts[mutation.truth.error === undefined ? 'unknown' : 'raises'] += 1
    else {
      const found = differences(model, mutation.truth)
      counts[found.length === 0 ? 'follows' : 'wrong'] += 1
      if (found.length > 0) console.log('WRONG', mutation.target, mutation.file, mutation.offset, `${mutation.old} -> ${mutation.new}:`, found.join('; '))
    }
  }
  console.log(path, JSON.stringify(counts))
}
