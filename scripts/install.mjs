// Installs the dependencies when package-lock.json says something else than what is installed. Plain Node: it runs before any dependency is there.
import { spawnSync } from 'node:child_process'
import * as fs from 'node:fs'
import * as path from 'node:path'
import { digestOf, readStamp, writeStamp } from './stamp.mjs'

const neededNode = 20

/** @returns {boolean} whether the dependencies are there now */
export function installDependencies(root) {
  const major = Number(process.versions.node.split('.')[0])
  if (major < neededNode) {
    console.error(`Node.js ${neededNode} or newer is needed; this is ${process.versions.node}.`)
    return false
  }
  const stamp = digestOf(root, ['package-lock.json'])
  if (readStamp(root, 'install') === stamp && fs.existsSync(path.join(root, 'node_modules/esbuild'))) return true
  console.log('Installing dependencies ...')
  const npm = spawnSync('npm', ['ci', '--no-audit', '--no-fund', '--loglevel=error'], { cwd: root, stdio: 'inherit', shell: process.platform === 'win32' })
  if (npm.status !== 0) return false
  writeStamp(root, 'install', stamp)
  return true
}
