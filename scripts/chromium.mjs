// Finds a Chromium for the end-to-end suite, or installs Debian's where that can be done without asking anybody.
import { spawnSync } from 'node:child_process'
import * as fs from 'node:fs'

const candidates = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome']

/** The browser's path; `undefined` when there is none. `CHROMIUM` in the environment wins. */
export function findChromium() {
  return [process.env.CHROMIUM, ...candidates].find((file) => file && fs.existsSync(file))
}

/** @returns {string | undefined} why there is no Chromium, after having tried to install one */
export function installChromium() {
  if (findChromium()) return undefined
  if (process.platform !== 'linux' || !fs.existsSync('/usr/bin/apt-get')) return 'Chromium is missing and there is no apt-get to install it with'
  if (process.getuid?.() !== 0) return 'Chromium is missing; install it with: sudo apt-get install chromium'
  console.log('Installing Chromium ...')
  const environment = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' }
  spawnSync('apt-get', ['update', '-qq'], { stdio: 'ignore', env: environment })
  spawnSync('apt-get', ['install', '-y', '-qq', '--no-install-recommends', 'chromium'], { stdio: 'ignore', env: environment })
  return findChromium() ? undefined : 'apt-get could not install Chromium'
}
