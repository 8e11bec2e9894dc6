// npm run bench [-- TOPIC ...]: runs test/bench/<topic>.ts one after another. Each prints its own rows; peers that are not installed are left out and said so.
// A program is bundled first and runs in plain Node, as the product does: a loader that translates as it goes slows down what it has loaded.
import { spawnSync } from 'node:child_process'
import * as fs from 'node:fs'
import * as os from 'node:os'
import * as path from 'node:path'
import { fileURLToPath } from 'node:url'
import { buildSync } from 'esbuild'

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..')
const folder = path.join(root, 'test/bench')
const all = fs.readdirSync(folder).filter((name) => name.endsWith('.ts') && name !== 'measure.ts').map((name) => name.slice(0, -3))
const topics = process.argv.slice(2)
const unknown = topics.filter((topic) => !all.includes(topic))
if (unknown.length > 0) {
  console.error(`No benchmark named ${unknown.join(', ')}: there are ${all.join(', ')}`)
  process.exit(2)
}
console.log(`Node ${process.version}, ${os.platform()} ${os.arch()}, ${os.cpus().length} x ${os.cpus()[0]?.model.trim()}, ${(os.totalmem() / 1e9).toFixed(0)} GB`)
if (spawnSync(process.execPath, [path.join(root, 'scripts/build.mjs'), '--if-stale'], { stdio: 'inherit' }).status !== 0) process.exit(1)
let failed = false
const threadProgram = path.join(folder, 'many-files.mjs')
for (const topic of topics.length > 0 ? topics : all) {
  console.log(`\n${topic}`)
  // Beside its source, so that what it looks for by its own place is found; the file that a second thread runs is another such thing.
  const made = { [`.${topic}`]: path.join(folder, `${topic}.ts`), 'many-files': path.join(root, 'server/src/host/many-files.mjs') }
  try {
    buildSync({ entryPoints: made, bundle: true, packages: 'external', platform: 'node', format: 'esm', target: 'node20', outdir: folder, outExtension: { '.js': '.mjs' }, logLevel: 'error' })
    const done = spawnSync(process.execPath, ['--expose-gc', path.join(folder, `.${topic}.mjs`)], { cwd: root, stdio: 'inherit' })
    failed ||= done.status !== 0
  } finally {
    for (const file of [path.join(folder, `.${topic}.mjs`), threadProgram]) fs.rmSync(file, { force: true })
  }
}
process.exit(failed ? 1 : 0)
