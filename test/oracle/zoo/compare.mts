/**
 * Evaluates every model of a recorded zoo from source alone and compares it with what real PyTorch said.
 *
 *   TORCH_FOOTPRINT_SITE_PACKAGES=DIR npx tsx test/oracle/zoo/compare.mts RESULTS.json.gz [--filter TEXT] [--limit N] [--every N] [--write | --again]
 *
 * `--write` puts the outcome beside the results (`*.accuracy.json`), from which docs/accuracy.md is made (accuracy.mts); `--again` puts that of
 * a sample taken later there (`*.again.json`), which the page shows beside the full one.
 * For examples.json.gz, whose keys are `PROJECT/FILE.py:EXPRESSION`, TORCH_FOOTPRINT_EXAMPLES and TORCH_FOOTPRINT_NANOGPT name the projects' folders.
 * Where `saved-RESULTS.json.gz` lies beside the results, the bytes of the file that torch.save wrote are compared too.
 */

import { createHash } from 'node:crypto'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { subtreeTotals } from '../../../server/src/core/model/counts.ts'
import type { ModelTree } from '../../../server/src/core/model/layer-tree.ts'
import { stateDictFileBytes } from '../../../server/src/core/serialize/state-dict.ts'
import { createModelSession } from '../../../server/src/core/layers/model-session.ts'
import { createDiskFiles } from '../../../server/src/host/disk-files.ts'
import { startPythonParser } from '../../../server/src/host/python-parser.ts'

export interface Truth {
  readonly parameters: number
  readonly trainable: number
  readonly bufferElements: number
  readonly parameterBytes: number
  readonly bufferBytes: number
  readonly entries: number
  readonly hash: string
  /** Bytes of the file that `torch.save(model.state_dict(), 'model.pt')` wrote. */
  readonly saveBytes?: number
  readonly error?: string
  readonly message?: string
}

export interface Zoo {
  readonly torch: string
  readonly package: string
  readonly version: string
  /** `files` when the keys name files instead of modules. */
  readonly kind?: 'files'
  /** What is assumed of a file, as a person would with `# footprint: assume`: what the oracle gave on the command line. */
  readonly assumed?: Readonly<Record<string, Readonly<Record<string, string>>>>
  /** Files whose classes use what only their work as a program defines. */
  readonly asMain?: readonly string[]
  readonly models: Readonly<Record<string, Truth>>
}

export function readZoo(path: string): Zoo {
  const read = (file: string) => JSON.parse(gunzipSync(readFileSync(file)).toString('utf8')) as Zoo
  const zoo = read(path)
  const saved = join(dirname(path), `saved-${basename(path)}`)
  if (!existsSync(saved)) return zoo
  const files = read(saved).models
  return { ...zoo, models: Object.fromEntries(Object.entries(zoo.models).map(([target, truth]) => [target, files[target]?.saveBytes === undefined ? truth : { ...truth, saveBytes: files[target].saveBytes }])) }
}

/** The same hash as zoo.py makes of a state_dict. */
export function stateHash(model: ModelTree): string {
  const digest = createHash('sha256')
  for (const { name, tensor } of model.stateDict ?? []) digest.update(`${name}|${tensor.shape.join(',')}|${tensor.dtype}\n`)
  return digest.digest('hex').slice(0, 16)
}

/** What differs, for an exact model; empty when nothing does. */
export function differences(model: ModelTree, truth: Truth, torchVersion: string): string[] {
  if (truth.error !== undefined) return [`PyTorch raises ${truth.error}`]
  const totals = subtreeTotals(model.root)
  const found: string[] = []
  const compare = (what: string, ours: unknown, theirs: unknown) => { if (ours !== theirs) found.push(`${what} ${String(ours)} instead of ${String(theirs)}`) }
  compare('parameters', totals.parameters, truth.parameters)
  compare('trainable', totals.trainable, truth.trainable)
  compare('buffers', totals.bufferElements, truth.bufferElements)
  compare('parameter bytes', totals.parameterBytes, truth.parameterBytes)
  compare('buffer bytes', totals.bufferBytes, truth.bufferBytes)
  compare('entries', model.stateDict?.length, truth.entries)
  compare('state_dict', stateHash(model), truth.hash)
  if (truth.saveBytes !== undefined) {
    const file = stateDictFileBytes(model, { torchVersion, fileName: 'model.pt' })
    if (file.certainty === 'exact') compare('file', file.value, truth.saveBytes)
    else found.push(`file bytes are ${file.certainty}`)
  }
  return found
}

async function main(): Promise<void> {
  const args = process.argv.slice(2)
  const option = (name: string) => (args.includes(name) ? args[args.indexOf(name) + 1] : undefined)
  const path = args.find((arg) => arg.endsWith('.json.gz'))
  const sitePackages = process.env['TORCH_FOOTPRINT_SITE_PACKAGES']
  if (path === undefined || sitePackages === undefined) throw new Error('name a results file and set TORCH_FOOTPRINT_SITE_PACKAGES')
  const zoo = readZoo(path)
  const filter = option('--filter')
  const every = Number(option('--every') ?? 1)
  const targets = Object.keys(zoo.models).filter((target) => filter === undefined || target.includes(filter)).filter((_, i) => i % every === 0).slice(0, Number(option('--limit') ?? Infinity))
  const parser = await startPythonParser(process.cwd())
  const newSession = (roots: readonly string[], assumed: Readonly<Record<string, string>> = {}) =>
    createModelSession({ files: createDiskFiles(), parser, roots, sitePackages: [sitePackages], torchVersion: zoo.torch, assumptions: new Map(Object.entries(assumed)) })
  const session = newSession([])
  const projects: Readonly<Record<string, string | undefined>> = { examples: process.env['TORCH_FOOTPRINT_EXAMPLES'], nanoGPT: process.env['TORCH_FOOTPRINT_NANOGPT'] }
  const evaluate = (target: string): ModelTree => {
    const [module, expression] = [target.slice(0, target.indexOf(':')), target.slice(target.indexOf(':') + 1)]
    if (zoo.kind !== 'files') return session.evaluate({ module, expression })
    const root = projects[module.slice(0, module.indexOf('/'))]
    if (root === undefined) throw new Error('set TORCH_FOOTPRINT_EXAMPLES and TORCH_FOOTPRINT_NANOGPT')
    const file = join(root, module.slice(module.indexOf('/') + 1))
    return newSession([dirname(file)], zoo.assumed?.[module]).evaluate({ file, expression, asMain: zoo.asMain?.includes(module) === true })
  }
  const counts = { exact: 0, unknown: 0, wrong: 0, raises: 0, files: 0 }
  const reasons = new Map<string, number>()
  const wrong: string[] = []
  const started = Date.now()
  let slowest = 0
  for (const [i, target] of targets.entries()) {
    const truth = zoo.models[target]!
    const before = Date.now()
    const model = evaluate(target)
    slowest = Math.max(slowest, Date.now() - before)
    if (model.certainty === 'exact') {
      const found = differences(model, truth, zoo.torch)
      if (found.length === 0) {
        counts.exact += 1
        if (truth.saveBytes !== undefined) counts.files += 1
      } else {
        counts.wrong += 1
        wrong.push(`${target}: ${found.join('; ')}`)
        console.log('WRONG', wrong.at(-1))
      }
    } else if (truth.error !== undefined) counts.raises += 1
    else {
      counts.unknown += 1
      const first = model.unknown[0]
      const reason = first?.reason ?? 'no reason'
      reasons.set(reason, (reasons.get(reason) ?? 0) + 1)
      if (args.includes('--verbose')) console.log('unknown', target, model.certainty, reason, first?.place ? `${first.place.file}:${String(first.place.range.start.line + 1)}` : '')
    }
    if (args.includes('--times')) console.log(target, Date.now() - before, 'ms')
    else if (i % 50 === 49) console.log(`${String(i + 1)}/${String(targets.length)}`, JSON.stringify(counts), `${String(Math.round((Date.now() - started) / 1000))}s`)
  }
  const sorted = [...reasons].sort((a, b) => b[1] - a[1])
  console.log(basename(path), JSON.stringify(counts), `${String(Date.now() - started)} ms, slowest ${String(slowest)} ms, ${String(Math.round(process.memoryUsage().rss / 1e6))} MB`)
  for (const [reason, count] of sorted.slice(0, 40)) console.log(String(count).padStart(5), reason)
  if (args.includes('--write') || args.includes('--again')) {
    const outcome = { package: zoo.package, version: zoo.version, torch: zoo.torch, models: targets.length, every, ...counts, reasons: Object.fromEntries(sorted.slice(0, 12)), wrong }
    writeFileSync(path.replace('.json.gz', args.includes('--again') ? '.again.json' : '.accuracy.json'), `${JSON.stringify(outcome, undefined, 1)}\n`)
  }
}

if (process.argv[1]?.endsWith('compare.mts') === true) await main()
