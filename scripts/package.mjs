// Packages torch-footprint-<version>.vsix. `--if-stale` skips when nothing that goes in has changed.
import * as fs from 'node:fs'
import * as path from 'node:path'
import { fileURLToPath } from 'node:url'
import { createVSIX } from '@vscode/vsce'
import { digestOf, readStamp, writeStamp } from './stamp.mjs'

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..')
const { version } = JSON.parse(fs.readFileSync(path.join(root, 'package.json'), 'utf8'))
const vsix = path.join(root, `torch-footprint-${version}.vsix`)

const stamp = digestOf(root, ['dist', 'media', 'syntaxes', 'package.json', 'README.md', 'CHANGELOG.md', 'LICENSE', '.vscodeignore'])
if (!(process.argv.includes('--if-stale') && readStamp(root, 'package') === stamp && fs.existsSync(vsix))) {
  // Dependencies are bundled, so vsce must not look for production ones.
  await createVSIX({ cwd: root, packagePath: vsix, dependencies: false, skipLicense: true, allowMissingRepository: true, rewriteRelativeLinks: false })
  writeStamp(root, 'package', stamp)
}
