/**
 * Evaluates models whose source has one number or name changed and compares with what real PyTorch made of the same change.
 *
 *   TORCH_FOOTPRINT_SITE_PACKAGES=DIR npx tsx test/oracle/zoo/compare-mutations.mts results/mutations-*.json.gz [--write] [--verbose] [--resume FILE]
 *
 * Each mutation has a session of its own, as a fresh interpreter would; the trees of unchanged files are shared. With `--resume` every
 * outcome is appended to FILE as one line, and those already in it are not asked again.
 * A prediction must follow PyTorch or become unknown; one that stays where PyTorch moves is wrong.
 */

import { appendFileSync, existsSync, readFileSync, writeFileSync } from 'node:fs'
import { gunzipSync } from 'node:zlib'
import { createModelSession } from '../../../server/src/core/layers/model-session.ts'
import { createDiskFiles } from '../../../server/src/host/disk-files.ts'
import { startPythonParser } from '../../../server/src/host/python-parser.ts'
import type { PythonParser } from '../../../server/src/core/syntax/parser.ts'
import type { SourceFile } from '../../../server/src/core/syntax/source-file.ts'
import { differences, type Truth } from './compare.mts'

interface Mutation { readonly target: string, readonly file: string, readonly offset: number, readonly old: string, readonly new: string, readonly truth: Truth }

interface Outcome { readonly kind: 'follows' | 'unknown' | 'raises' | 'wrong', readonly text: string }

const sitePackages = process.env['TORCH_FOOTPRINT_SITE_PACKAGES']
if (sitePackages === undefined) throw new Error('set TORCH_FOOTPRINT_SITE_PACKAGES')
const args = process.argv.slice(2)
const resume = args.includes('--resume') ? args[args.indexOf('--resume') + 1] : undefined
const parser = remembering(await startPythonParser(process.cwd()))
const files = createDiskFiles()

/** Parses every text once. */
function remembering(inner: PythonParser): PythonParser {
  const known = new Map<string, SourceFile>()
  return {
    parse(text) {
      let file = known.get(text)
      if (file === undefined) known.set(text, file = inner.parse(text))
      return file
    },
    open: (text) => inner.open(text),
  }
}

function judge(mutation: Mutation, torch: string): Outcome {
  const file = `${sitePackages!}/${mutation.file}`
  const source = readFileSync(file, 'utf8')
  const changed = source.slice(0, mutation.offset) + mutation.new + source.slice(mutation.offset + mutation.old.length)
  const session = createModelSession({ files, parser, roots: [], sitePackages: [sitePackages!], torchVersion: torch, documentText: (asked) => (asked === file ? changed : undefined) })
  const colon = mutation.target.indexOf(':')
  const model = session.evaluate({ module: mutation.target.slice(0, colon), expression: mutation.target.slice(colon + 1) })
  if (model.certainty !== 'exact') return { kind: mutation.truth.error === undefined ? 'unknown' : 'raises', text: model.unknown[0]?.reason ?? '' }
  const found = differences(model, mutation.truth, torch)
  return { kind: found.length === 0 ? 'follows' : 'wrong', text: found.join('; ') }
}

for (const path of args.filter((arg) => arg.endsWith('.json.gz'))) {
  const { torch, package: name, mutations } = JSON.parse(gunzipSync(readFileSync(path)).toString('utf8')) as { torch: string, package: string, mutations: Mutation[] }
  const known = new Map(resume === undefined || !existsSync(resume) ? [] : readFileSync(resume, 'utf8').trim().split('\n').map((line) => JSON.parse(line) as [string, Outcome]))
  const counts = { follows: 0, unknown: 0, raises: 0 }
  const wrong: string[] = []
  for (const mutation of mutations) {
    // The oracle builds on the meta device, which cannot read contents: that says nothing about the model.
    if (mutation.truth.error === 'NotImplementedError') continue
    const what = `${mutation.target} ${mutation.file} ${String(mutation.offset)} ${mutation.old} -> ${mutation.new}`
    let outcome = known.get(what)
    if (outcome === undefined) {
      outcome = judge(mutation, torch)
      if (resume !== undefined) appendFileSync(resume, `${JSON.stringify([what, outcome])}\n`)
    }
    if (outcome.kind === 'wrong') wrong.push(`${what}: ${outcome.text}`)
    else counts[outcome.kind] += 1
    if (outcome.kind === 'wrong' || args.includes('--verbose')) console.log(outcome.kind, what, outcome.text)
  }
  console.log(path, JSON.stringify({ ...counts, wrong: wrong.length }))
  if (args.includes('--write')) writeFileSync(path.replace('.json.gz', '.mutated.json'), `${JSON.stringify({ package: name, torch, ...counts, wrong }, undefined, 1)}\n`)
}
