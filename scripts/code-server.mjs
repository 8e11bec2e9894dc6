// A real VS Code without a download from its vendor: the npm package code-server carries one. This file installs it into
// .cache/ (once), installs a .vsix into it, serves a folder on a loopback port and ends it again. It knows nothing of tests.

import { spawn, spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { createServer, get } from 'node:http'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('..', import.meta.url))

/** VS Code 1.100.3: the newest that runs on Node.js 20. */
const version = '4.100.3'
const home = join(root, '.cache', `code-server-${version}`)
const packageFolder = join(home, 'node_modules', 'code-server')
const entry = join(packageFolder, 'out', 'node', 'entry.js')
const readyMark = join(home, '.ready')

const installMilliseconds = 15 * 60_000
const listenMilliseconds = 60_000
/** What a stopped server gets to end by itself before it is ended. */
const graceMilliseconds = 3_000

/** Why code-server cannot run on this machine, in one line; `undefined` when it can be tried. */
export function codeServerObstacle() {
  if (process.platform !== 'linux') return 'code-server is set up here on Linux only'
  const major = Number(process.versions.node.split('.')[0])
  if (major !== 20) return `code-server ${version} runs on Node.js 20, this is ${process.versions.node}`
  return undefined
}

/**
 * Installs code-server into .cache/ unless it is there already; `log` gets one line per step.
 * Its own install script is not run: it downloads what is not needed here. Rejects with the step that failed.
 */
export async function ensureCodeServer({ log = () => undefined } = {}) {
  if (existsSync(readyMark) && readFileSync(readyMark, 'utf8') === process.versions.modules) return
  rmSync(home, { recursive: true, force: true })
  mkdirSync(home, { recursive: true })
  writeFileSync(join(home, 'package.json'), '{ "private": true }\n')
  const vscode = join(packageFolder, 'lib', 'vscode')
  log(`installing code-server ${version} (VS Code for the browser, once)`)
  await npm(['install', `code-server@${version}`, '--ignore-scripts', '--no-save'], home)
  await npm(['rebuild', 'argon2'], home)
  log('installing its VS Code')
  await npm(['install', '--omit=dev', '--ignore-scripts'], vscode)
  await npm(['rebuild', '@vscode/spdlog', '@parcel/watcher', 'native-watchdog'], vscode)
  const asar = join(vscode, 'node_modules.asar')
  if (!existsSync(asar)) symlinkSync('node_modules', asar)
  writeFileSync(readyMark, process.versions.modules)
}

/** Installs a packaged extension into `extensions`; throws with what code-server said when it refuses. */
export function installExtension({ vsix, userData, extensions }) {
  const result = spawnSync(process.execPath, [entry, '--user-data-dir', userData, '--extensions-dir', extensions, '--install-extension', vsix, '--force'], {
    encoding: 'utf8', env: cleanEnvironment(), timeout: installMilliseconds,
  })
  if (result.status !== 0 || !/successfully installed/.test(result.stdout)) {
    throw new Error(`code-server did not install ${vsix}: ${(result.stderr || result.stdout || String(result.error)).trim()}`)
  }
}

/** The settings a person would otherwise have to click away; `more` is merged over them. */
export function writeUserSettings(userData, more = {}) {
  mkdirSync(join(userData, 'User'), { recursive: true })
  writeFileSync(join(userData, 'User', 'settings.json'), JSON.stringify({
    'workbench.startupEditor': 'none',
    'telemetry.telemetryLevel': 'off',
    ...more,
  }, null, 2))
}

/**
 * Serves `folder` (or a .code-workspace file) on a free loopback port, or on `port`. Resolves once it listens, with the
 * address to open and `close()`, which ends the server with every process it started. `log` gets its output.
 */
export async function serve({ folder, userData, extensions, port, log = () => undefined }) {
  const chosen = port ?? await freePort()
  const child = spawn(process.execPath, [
    entry, '--auth', 'none', '--bind-addr', `127.0.0.1:${chosen}`, '--user-data-dir', userData, '--extensions-dir', extensions,
    '--disable-telemetry', '--disable-update-check', '--disable-getting-started-override', folder,
  ], { env: cleanEnvironment(), stdio: ['ignore', 'pipe', 'pipe'], detached: true })
  let output = ''
  const collect = (chunk) => {
    output = (output + String(chunk)).slice(-20_000)
    log(String(chunk).trimEnd())
  }
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
  while (!await answers(chosen)) {
    if (child.exitCode !== null) throw new Error(`code-server ended at once:\n${output}`)
    if (Date.now() > deadline) {
      await close()
      throw new Error(`code-server did not listen within ${listenMilliseconds / 1000} s:\n${output}`)
    }
    await new Promise((resolve) => setTimeout(resolve, 100))
  }
  const query = folder.endsWith('.code-workspace') ? 'workspace' : 'folder'
  return { port: chosen, url: `http://127.0.0.1:${chosen}/?${query}=${encodeURIComponent(folder)}`, close, output: () => output }
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
