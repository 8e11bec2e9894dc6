/**
 * Evaluates recorded programs (record.py) and prints what is wrong and, with --verbose, what is unknown and why.
 *
 *   [TORCH_FOOTPRINT_SITE_PACKAGES=DIR] npx tsx test/oracle/models/compare.mts ORACLE.json.gz [--programs FOLDER] [--verbose]
 */

import { readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { createModelSession } from '../../../server/src/core/layers/model-session.ts'
import { createDiskFiles } from '../../../server/src/host/disk-files.ts'
import { startPythonParser } from '../../../server/src/host/python-parser.ts'
import { disagreement, type Truth } from './disagreement.ts'

const args = process.argv.slice(2)
const site = process.env['TORCH_FOOTPRINT_SITE_PACKAGES']
const oracle = JSON.parse(gunzipSync(readFileSync(args.find((arg) => arg.endsWith('.json.gz'))!)).toString('utf8')) as { torch: string, programs: Record<string, Record<string, Truth>> }
const folder = resolve(args.includes('--programs') ? args[args.indexOf('--programs') + 1]! : join(import.meta.dirname, 'programs'))
const parser = await startPythonParser(process.cwd())
const session = createModelSession({ files: createDiskFiles(), parser, roots: [folder], sitePackages: site === undefined ? [] : [site], torchVersion: oracle.torch })
const counts = { exact: 0, unknown: 0, raises: 0, wrong: 0 }
for (const [program, truths] of Object.entries(oracle.programs)) {
  for (const [expression, truth] of Object.entries(truths)) {
    const model = session.evaluate({ file: join(folder, program), expression })
    if (model.certainty !== 'exact') {
      counts[truth.error === undefined ? 'unknown' : 'raises'] += 1
      const [first] = model.unknown
      if (truth.error === undefined && args.includes('--verbose')) console.log('unknown', `${program}:${expression}`, first?.reason, first?.place === null || first?.place === undefined ? '' : `${first.place.file.split('/').at(-1)!}:${String(first.place.range.start.line + 1)}`)
      continue
    }
    const found = disagreement(model, truth, oracle.torch)
    counts[found === undefined ? 'exact' : 'wrong'] += 1
    if (found !== undefined) console.log('WRONG', `${program}:${expression}`, found)
  }
}
console.log(oracle.torch, JSON.stringify(counts))
