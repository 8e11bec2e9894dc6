// npm start [-- PROJECT]: from a fresh clone to the extension at work on sample/ (or PROJECT), and its footprint in the terminal.
import { spawn, spawnSync } from 'node:child_process'
import * as fs from 'node:fs'
import * as path from 'node:path'
import { fileURLToPath } from 'node:url'
import { installDependencies } from './install.mjs'

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..')
const { version } = JSON.parse(fs.readFileSync(path.join(root, 'package.json'), 'utf8'))
const vsix = path.join(root, `torch-footprint-${version}.vsix`)
const project = path.resolve(process.argv[2] ?? path.join(root, 'sample'))

if (!fs.statSync(project, { throwIfNoEntry: false })) fail(`${project} does not exist: give an existing folder or file, as in: npm start -- path/to/project`)
if (!installDependencies(root)) fail('The dependencies could not be installed: see the lines above, then run npm start again.')
step('build.mjs')
step('package.mjs')

console.log(`\nThe footprint of ${path.relative(process.cwd(), project) || '.'}:\n`)
spawnSync(process.execPath, [path.join(root, 'dist/cli.js'), 'scan', project], { stdio: 'inherit' })

const children = new Set()
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => stop(0))

if (hasVsCode()) openInVsCode()
else await openInCodeServer()

function hasVsCode() {
  // A `code` that cannot print its version is a broken link or another program.
  return spawnSync('code', ['--version'], { stdio: 'ignore', shell: process.platform === 'win32' }).status === 0
}

/** A profile of its own: neither the person's settings nor their other extensions change what is seen. */
function openInVsCode() {
  const profile = path.join(root, 'node_modules/.cache/torch-footprint/vscode')
  const folders = ['--user-data-dir', path.join(profile, 'data'), '--extensions-dir', path.join(profile, 'extensions')]
  const shell = process.platform === 'win32'
  const installed = spawnSync('code', [...folders, '--install-extension', vsix, '--force'], { stdio: 'inherit', shell })
  if (installed.status !== 0) fail(`VS Code did not install ${path.basename(vsix)}: see the lines above.`)
  console.log('\nOpening VS Code. Close its window or press Ctrl-C to end.')
  watch(spawn('code', [...folders, '--wait', '--new-window', project], { stdio: 'inherit', shell }))
}

async function openInCodeServer() {
  const { prepareCodeServer, serve, whyNotHere } = await import('./code-server.mjs')
  const reason = whyNotHere()
  if (reason) {
    console.log(`\nVS Code is not on the PATH${reason ? ` and ${reason}` : ''}. Install the extension with:\n\n  code --install-extension ${path.relative(process.cwd(), vsix)}\n`)
    return
  }
  console.log('\nVS Code is not on the PATH: starting the one that code-server carries (the first time takes about a minute) ...')
  const prepared = await prepareCodeServer(root)
  if (prepared.problem) fail(`${prepared.problem}\nInstall the extension by hand: code --install-extension ${path.relative(process.cwd(), vsix)}`)
  const server = await serve(prepared, { vsix, folder: project })
  watch(server.process)
  console.log(`\nOpen ${server.url}\nPress Ctrl-C to end.`)
}

function step(script) {
  const done = spawnSync(process.execPath, [path.join(root, 'scripts', script), '--if-stale'], { cwd: root, stdio: 'inherit' })
  if (done.status !== 0) fail(`scripts/${script} failed: see the lines above.`)
}

function watch(child) {
  children.add(child)
  child.on('exit', (code) => {
    children.delete(child)
    if (children.size === 0) process.exit(code ?? 0)
  })
}

function stop(code) {
  for (const child of children) child.kill('SIGTERM')
  // What does not end on SIGTERM is ended: nothing that this started may stay behind.
  setTimeout(() => {
    for (const child of children) child.kill('SIGKILL')
    process.exit(code)
  }, 3000).unref()
  if (children.size === 0) process.exit(code)
}

function fail(message) {
  console.error(message)
  process.exit(1)
}
