/** One run of the evaluator over a zoo in a process of its own: `evaluator-run TARGETS.json SITE-PACKAGES TORCH-VERSION`; prints one JSON object. Bundled by evaluator.ts. */

import { readFileSync } from 'node:fs'
import { createModelSession } from '../../server/src/core/layers/model-session.ts'
import { createDiskFiles } from '../../server/src/host/disk-files.ts'
import { startPythonParser } from '../../server/src/host/python-parser.ts'

const [, , targetsFile, sitePackages, torchVersion] = process.argv
const targets = JSON.parse(readFileSync(targetsFile!, 'utf8')) as readonly string[]
const started = process.cpuUsage()
const spent = (): number => { const { user, system } = process.cpuUsage(started); return (user + system) / 1000 }
const session = createModelSession({ files: createDiskFiles(), parser: await startPythonParser(process.cwd()), roots: [], sitePackages: [sitePackages!], torchVersion: torchVersion! })

/** CPU milliseconds of one model. */
function build(target: string): number {
  const before = spent()
  session.evaluate({ module: target.slice(0, target.indexOf(':')), expression: target.slice(target.indexOf(':') + 1) })
  return spent() - before
}

for (const target of targets) build(target)
const cold = spent()
const warm = targets.map(build)
console.log(JSON.stringify({ cold, warm, peak: process.resourceUsage().maxRSS / 1000 }))
