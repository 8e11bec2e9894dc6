/**
 * Models of torchvision and timm from their sources alone: what one costs once its files are parsed, what all cost from nothing, and the memory.
 * Needs TORCH_FOOTPRINT_SITE_PACKAGES; with TORCH_FOOTPRINT_PYTHON (a Python that has torch there) the same models are built by PyTorch on the meta device.
 * CPU time, because machines are shared. Every 4th model of torchvision and every 25th of timm, or as TORCH_FOOTPRINT_EVERY says.
 */

import { spawnSync } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { buildSync } from 'esbuild'
import { percentile, row } from './measure.ts'

/** What is needed of the results of test/oracle/zoo. */
interface Zoo { readonly torch: string, readonly version: string, readonly models: Readonly<Record<string, { readonly error?: string }>> }

const PEER = `
import json, sys, time, importlib, torch
targets = json.load(open(sys.argv[1]))
def build(target):
    module, expression = target.split(':', 1)
    before = time.process_time()
    with torch.device('meta'):
        eval(expression, vars(importlib.import_module(module)))
    return 1000 * (time.process_time() - before)
times = []
for target in targets:
    try:
        build(target)
        times.append(build(target))
    except Exception:
        pass
print(json.dumps(times))
`

function main(): void {
  const sitePackages = process.env['TORCH_FOOTPRINT_SITE_PACKAGES']
  if (sitePackages === undefined) { console.log('TORCH_FOOTPRINT_SITE_PACKAGES is not set: left out'); return }
  const folder = mkdtempSync(join(tmpdir(), 'evaluator-'))
  const bundle = join(folder, 'run.mjs')
  const root = process.cwd()
  buildSync({
    entryPoints: [join(root, 'test/bench/evaluator-run.mts')], bundle: true, platform: 'node', format: 'esm', outfile: bundle, logLevel: 'error',
    banner: { js: `import{createRequire}from'node:module';const require=createRequire(import.meta.url);const __filename=${JSON.stringify(bundle)};const __dirname=${JSON.stringify(root)};` },
  })
  const results = join(root, 'test/oracle/zoo/results')
  for (const [name, every, aim] of [['torchvision', 4, 50], ['timm', 25, 50]] as const) {
    const file = readdirSync(results).filter((one) => one.startsWith(`${name}-`) && one.endsWith('.json.gz')).sort().at(-1)
    if (file === undefined) continue
    const zoo = JSON.parse(gunzipSync(readFileSync(join(results, file))).toString('utf8')) as Zoo
    const targets = Object.keys(zoo.models).filter((target) => zoo.models[target]!.error === undefined).filter((_, i) => i % Number(process.env['TORCH_FOOTPRINT_EVERY'] ?? every) === 0)
    const list = join(folder, 'targets.json')
    writeFileSync(list, JSON.stringify(targets))
    const ran = spawnSync(process.execPath, [bundle, list, sitePackages, zoo.torch], { encoding: 'utf8', cwd: root })
    if (ran.status !== 0) { console.log(`${name}: ${ran.stderr.slice(0, 300)}`); continue }
    const { cold, warm, peak } = JSON.parse(ran.stdout) as { cold: number, warm: number[], peak: number }
    row(`${name} ${zoo.version}, ${String(targets.length)} models: one, median`, `${percentile(warm, 50).toFixed(0)} ms`, `aim ${String(aim)} ms`)
    row(`${name}: one, 95 of 100`, `${percentile(warm, 95).toFixed(0)} ms`, `aim ${String(aim)} ms`)
    row(`${name}: all of these, files read and parsed`, `${(cold / 1000).toFixed(1)} s`, name === 'torchvision' ? 'aim 3 s for all of torchvision' : '')
    row(`${name}: memory of the process at most`, `${peak.toFixed(0)} MB`, 'aim 150 MB')
    const python = process.env['TORCH_FOOTPRINT_PYTHON']
    if (python === undefined) { console.log('TORCH_FOOTPRINT_PYTHON is not set: PyTorch itself is left out'); continue }
    const peer = spawnSync(python, ['-c', PEER, list], { encoding: 'utf8' })
    const times = peer.status === 0 ? JSON.parse(peer.stdout.trim().split('\n').at(-1)!) as number[] : []
    if (times.length > 0) row(`${name}: PyTorch on the meta device, median`, `${percentile(times, 50).toFixed(0)} ms`, `ours takes ${(percentile(warm, 50) / percentile(times, 50)).toFixed(2)} of it`)
  }
  rmSync(folder, { recursive: true, force: true })
}

main()
