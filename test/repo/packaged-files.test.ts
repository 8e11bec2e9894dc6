import * as fs from 'node:fs'
import * as path from 'node:path'
import { fileURLToPath } from 'node:url'
import { listFiles, PackageManager } from '@vscode/vsce'
import { expect, test } from 'vitest'

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../..')

const shipped = [
  'CHANGELOG.md', 'LICENSE', 'README.md', 'package.json',
  'dist/THIRD-PARTY-NOTICES.txt', 'dist/cli.js', 'dist/extension.js', 'dist/many-files.mjs', 'dist/programs.js', 'dist/server.js', 'dist/tree-sitter-python.wasm', 'dist/web-tree-sitter.wasm', 'dist/webview/checkpoint.js',
  'media/activity.svg', 'media/checkpoint.css', 'media/icon.png',
  'syntaxes/footprint-comments.tmLanguage.json',
]

test('the extension ships what is named here and nothing else', async () => {
  const files = await listFiles({ cwd: root, packageManager: PackageManager.None })
  // dist/ is whole only after a build; what is in it must be on the list all the same.
  const expected = shipped.filter((file) => !file.startsWith('dist/') || fs.existsSync(path.join(root, file)))
  expect([...files].sort()).toEqual(expected.sort())
})

test('everything that the manifest names is shipped', () => {
  const manifest = fs.readFileSync(path.join(root, 'package.json'), 'utf8')
  const named = [...manifest.matchAll(/"\.?\/?((?:dist|media|syntaxes)\/[^"*]+)"/g)].map((match) => match[1]!)
  expect(named.length).toBeGreaterThan(4)
  for (const file of named) expect(shipped).toContain(file)
})

test('settings that name places on the disk are the user\'s own until the workspace is trusted', () => {
  const { capabilities, contributes } = JSON.parse(fs.readFileSync(path.join(root, 'package.json'), 'utf8')) as {
    capabilities: { untrustedWorkspaces: { supported: boolean | string; restrictedConfigurations: string[] } }
    contributes: { configuration: { properties: Record<string, unknown> } }
  }
  // VS Code heeds the list only with `limited`.
  expect(capabilities.untrustedWorkspaces.supported).toBe('limited')
  const places = Object.keys(contributes.configuration.properties).filter((key) => !key.includes('.rules.')).filter((key) => /python|path|folder|packages$/i.test(key))
  expect(capabilities.untrustedWorkspaces.restrictedConfigurations).toEqual(expect.arrayContaining(places))
})
