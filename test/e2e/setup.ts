/** Before the suite: a built and packaged extension, a code-server to install it into, and a Chromium to look at it with. */

import { spawnSync } from 'node:child_process'
import * as fs from 'node:fs'
import * as path from 'node:path'
import { fileURLToPath } from 'node:url'
import type { TestProject } from 'vitest/node'
import { findChromium, installChromium } from '../../scripts/chromium.mjs'
import { prepareCodeServer, whyNotHere } from '../../scripts/code-server.mjs'

declare module 'vitest' {
  interface ProvidedContext {
    readonly root: string
    readonly vsix: string
    readonly codeServer: { readonly entry: string; readonly profile: string }
    readonly chromium: string
    readonly pictures: string
    /** Whether the README's pictures are written anew. */
    readonly update: boolean
  }
}

export default async function setup(project: TestProject): Promise<void> {
  const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../..')
  const obstacle = whyNotHere() ?? installChromium()
  if (obstacle !== undefined) throw new Error(`The end-to-end suite cannot run here: ${obstacle}.`)
  for (const script of ['build.mjs', 'package.mjs']) {
    const done = spawnSync(process.execPath, [path.join(root, 'scripts', script), '--if-stale'], { cwd: root, encoding: 'utf8' })
    if (done.status !== 0) throw new Error(`scripts/${script} failed:\n${done.stdout}${done.stderr}`)
  }
  const prepared = await prepareCodeServer(root)
  if ('problem' in prepared) throw new Error(prepared.problem)
  const { version } = JSON.parse(fs.readFileSync(path.join(root, 'package.json'), 'utf8')) as { version: string }
  const pictures = path.join(root, '.cache', 'screenshots')
  fs.mkdirSync(pictures, { recursive: true })
  project.provide('root', root)
  project.provide('vsix', path.join(root, `torch-footprint-${version}.vsix`))
  project.provide('codeServer', prepared)
  project.provide('chromium', findChromium()!)
  project.provide('pictures', pictures)
  const update = project.config.snapshotOptions.updateSnapshot === 'all'
  if (update) fs.mkdirSync(path.join(root, 'media/screenshots'), { recursive: true })
  project.provide('update', update)
}
