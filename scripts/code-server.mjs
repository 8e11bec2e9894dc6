// A real VS Code without a download from its vendor: the npm package code-server carries one. This file installs it into
// .cache/ (once), installs a .vsix into it, serves a folder on a loopback port and ends it again. It knows nothing of tests.

import { spawn, spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { createServer, get } from 'node:http'
import { join } from 'node:path'

/** VS Code 1.100.3: the newest that runs on Node.js 20. */
const version = '4.100.3'

const installMilliseconds = 15 * 60_000
const listenMilliseconds = 60_000
/** What a stopped server gets to end by itself before it is ended. */
const graceMilliseconds = 3_000

/** Why code-server cannot run on this machine, in one line; `undefined` when it can be tried. */
export function whyNotHere() {
  if (process.platform !== 'linux') return 'code-server is set up on Linux only'
  const major = Number(process.versions.node.split('.')[0])
  if (major !== 20) return `code-server ${version} runs on Node.js 20, not ${process.versions.node}`
  return undefined
}

/**
 * Installs code-server below `root`/.cache unless it is there already. Its own install script is not run: it downloads
 * what is not needed here. Resolves with what `serve` wants, or with the `problem` in one line.
 */
export async function prepareCodeServer(root, { log = console.log } = {}) {
  const home = join(root, '.cache', `code-server-${version}`)
  const packageFolder = join(home, 'node_modules', 'code-server')
  const prepared = { entry: join(packageFolder, 'out', 'node', 'entry.js'), profile: join(root, '.cache', 'code-server-profile') }
  const readyMark = join(home, '.ready')
  // Native parts are built for one Node.js: another one installs anew.
  if (existsSync(readyMark) && readFileSync(readyMark, 'utf8') === process.versions.modules) return prepared
  try {
    rmSync(home, { recursive: true, force: true })
    mkdirSync(home, { recursive: true })
    writeFileSync(join(home, 'package.json'), '{ "private": true }\n')
    const vscode = join(packageFolder, 'lib', 'vscode')
    log(`Installing code-server ${version} into ${home} ...`)
    await npm(['install', `code-server@${version}`, '--ignore-scripts', '--no-save'], home)
    await npm(['rebuild', 'argon2'], home)
    await npm(['install', '--omit=dev', '--ignore-scripts'], vscode)
    await npm(['rebuild', '@vscode/spdlog', '@parcel/watcher', 'native-watchdog'], vscode)
    const asar = join(vscode, 'node_modules.asar')
    if (!existsSync(asar)) symlinkSync('node_modules', asar)
    writeFileSync(readyMark, process.versions.modules)
    return prepared
  } catch (error) {
    return { problem: `code-server could not be installed: ${error.message}` }
  }
}

/** Installs a packaged extension; throws with what code-server said when it refuses. */
function installExtension(prepared, { vsix, userData, extensions }) {
  const result = spawnSync(process.execPath, [prepared.entry, '--user-data-dir', userData, '--extensions-dir', extensions, '--install-extension', vsix, '--force'], {
    encoding: 'utf8', env: cleanEnvironment(), timeout: installMilliseconds,
  })
  if (result.status !== 0 || !/successfully installed/.test(result.stdout)) {
    throw new Error(`code-server did not install ${vsix}: ${(result.stderr || result.stdout || String(result.error)).trim()}`)
  }
}

/** What a person would otherwise have to click away. */
const quietSettings = {
  'workbench.startupEditor': 'none',
  'telemetry.telemetryLevel': 'off',
  'security.workspace.trust.enabled': false,
}

/**
 * Installs `vsix` and serves `folder` (or a .code-workspace file) on a free loopback port. Resolves once it listens, with
 * the address to open, the process, and `close()`, which ends the server with every process it started.
 * `settings` are the user settings, merged over the quiet ones; `profile` holds them and the installed extension.
 */
export async function serve(prepared, { vsix, folder, profile = prepared.profile, settings = {} }) {
  const userData = join(profile, 'data')
  const extensions = join(profile, 'extensions')
  mkdirSync(join(userData, 'User'), { recursive: true })
  writeFileSync(join(userData, 'User', 'settings.json'), JSON.stringify({ ...quietSettings, ...settings }, null, 2))
  if (vsix) installExtension(prepared, { vsix, userData, extensions })
  const port = await freePort()
  const child = spawn(process.execPath, [
    prepared.entry, '--auth', 'none', '--bind-addr', `127.0.0.1:${port}`, '--user-data-dir', userData, '--extensions-dir', extensions,
    '--disable-telemetry', '--disable-update-check', '--disable-getting-started-override', folder,
  ], { env: cleanEnvironment(), stdio: ['ignore', 'pipe', 'pipe'], detached: true })
  let output = ''
  const collect = (chunk) => { output = (output + String(chunk)).slice(-20_000) }
  child.stdout.on('data', collect)
  child.stderr.on('data', collect)
  const ended = new Promise((resolve) => child.once('exit', resolve))
  const close = async () => {
    // It has a process group of its own, so that the extension hosts it started end with it.
    signalGroup(child.pid, 'SIGTERM')
    const timer = setTimeout(() => signalGroup(child.pid, 'SIGKILL'), graceMilliseconds)
    await ended
    clearTimeout(timer)
    signalGroup(child.pid, 'SIGKILL')
  }
  const deadline = Date.now() + listenMilliseconds
  while (!await answers(port)) {
    if (child.exitCode !== null) throw new Error(`code-server ended at once:\n${output}`)
    if (Date.now() > deadline) {
      await close()
      throw new Error(`code-server did not listen within ${listenMilliseconds / 1000} s:\n${output}`)
    }
    await new Promise((resolve) => setTimeout(resolve, 100))
  }
  const query = folder.endsWith('.code-workspace') ? 'workspace' : 'folder'
  return { url: `http://127.0.0.1:${port}/?${query}=${encodeURIComponent(folder)}`, process: child, close }
}

function signalGroup(pid, signal) {
  try {
    process.kill(-pid, signal)
  } catch {
    // The group has ended already.
  }
}

/** A VS Code that starts us sets variables that would make the one we start believe it is part of it. */
function cleanEnvironment() {
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => !/^(VSCODE_|ELECTRON_|NODE_OPTIONS$|CI$)/.test(name)))
}

function freePort() {
  return new Promise((resolve, reject) => {
    const server = createServer()
    server.once('error', reject)
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address()
      server.close(() => resolve(port))
    })
  })
}

function answers(port) {
  return new Promise((resolve) => {
    const request = get({ host: '127.0.0.1', port, path: '/healthz', timeout: 2000 }, (response) => {
      response.resume()
      resolve(response.statusCode === 200)
    })
    request.on('error', () => resolve(false))
    request.on('timeout', () => request.destroy())
  })
}

function npm(parameters, cwd) {
  return new Promise((resolve, reject) => {
    const child = spawn('npm', parameters, { cwd, stdio: ['ignore', 'pipe', 'pipe'], timeout: installMilliseconds })
    let output = ''
    child.stdout.on('data', (chunk) => { output += String(chunk) })
    child.stderr.on('data', (chunk) => { output += String(chunk) })
    child.on('error', reject)
    child.on('exit', (code) => code === 0 ? resolve() : reject(new Error(`npm ${parameters.join(' ')} failed:\n${output.slice(-3000)}`)))
  })
}
