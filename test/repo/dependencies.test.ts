/** What this project rests on, by name: a new dependency is a decision, not a side effect. */

import * as fs from 'node:fs'
import * as path from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { commands } from '../../server/src/cli/generated/commands.ts'

const root = fileURLToPath(new URL('../..', import.meta.url))
const manifest = JSON.parse(fs.readFileSync(path.join(root, 'package.json'), 'utf8')) as { dependencies?: unknown; devDependencies: Record<string, string> }

const allowed = [
  '@eslint/js',
  '@renovatebot/pep440',
  '@tanstack/virtual-core',
  '@types/node',
  '@types/sarif',
  '@types/vscode',
  '@types/yauzl',
  '@vscode/python-extension',
  '@vscode/vsce',
  'ajv',
  'commander',
  'dependency-cruiser',
  'dockerfile-ast',
  'esbuild',
  'eslint',
  'fast-check',
  'ignore',
  'knip',
  'picocolors',
  'playwright-core',
  'smol-toml',
  'tree-sitter-python',
  'tsx',
  'typescript',
  'typescript-eslint',
  'vitest',
  'vscode-languageclient',
  'vscode-languageserver',
  'vscode-tmgrammar-test',
  'web-tree-sitter',
  'yaml',
  'yauzl',
]

test('dependencies equal the allow-list, pinned, and nothing is installed with the package', () => {
  expect(manifest.dependencies).toBeUndefined()
  expect(Object.keys(manifest.devDependencies).sort()).toEqual(allowed)
  for (const [name, version] of Object.entries(manifest.devDependencies)) expect(version, name).toMatch(/^\d+\.\d+\.\d+$/)
})

test('every command but a conversation says the schema of its document', () => {
  for (const command of commands) {
    if (command.name === 'lsp') continue
    expect(command.schema, command.name).toBeDefined()
    expect(fs.existsSync(path.join(root, `docs/schemas/${command.name}.schema.json`)), command.name).toBe(true)
  }
})
