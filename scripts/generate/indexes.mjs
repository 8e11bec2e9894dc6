// The indexes that make a rule or a command exist by its file existing.
import * as fs from 'node:fs'
import * as path from 'node:path'
import { readPage } from './rule-page.mjs'

const notice = '/** Written by `npm run generate`; do not edit. */\n'

/** The version of package.json, where core and the command line can see it. */
export function versionFile(root) {
  const { version } = JSON.parse(fs.readFileSync(path.join(root, 'package.json'), 'utf8'))
  return { file: 'server/src/core/generated/version.ts', text: `${notice}\nexport const toolVersion = '${version}'\n` }
}

/** All rules with the pages of their doc comments. */
export function ruleIndex(root) {
  const folder = 'server/src/core/rules/catalog'
  const ids = filesOf(root, folder)
  const entries = ids.map((id) => ({ id, name: camel(id), page: readPage(path.join(root, folder, `${id}.ts`), id) }))
  const imports = entries.map(({ id, name }) => `import { rule as ${name} } from '../catalog/${id}.ts'\n`).join('')
  const rows = entries.map(({ name, page }) => `  { rule: ${name}, page: { summary: ${quote(page.summary)}, markdown: ${quote(page.markdown)} } },\n`).join('')
  return {
    file: 'server/src/core/rules/generated/catalog.ts',
    text: `${notice}\n${imports}import type { RuleEntry } from '../registry.ts'\n\nexport const rules: readonly RuleEntry[] = [\n${rows}]\n`,
  }
}

export function commandIndex(root) {
  const names = filesOf(root, 'server/src/cli/commands', 'export const command =')
  // The order of the help: the main job first, the rest as it is met.
  const order = ['scan', 'model', 'checkpoint', 'env', 'fix', 'slim', 'rules', 'explain', 'lsp']
  names.sort((a, b) => (order.indexOf(a) + 1 || 99) - (order.indexOf(b) + 1 || 99))
  const imports = names.map((name) => `import { command as ${camel(name)} } from '../commands/${name}.ts'\n`).join('')
  return {
    file: 'server/src/cli/generated/commands.ts',
    text: `${notice}\n${imports}import type { Command } from '../command.ts'\n\nexport const commands: readonly Command[] = [${names.map(camel).join(', ')}]\n`,
  }
}

/** The names of the TypeScript files in a folder that hold `marker`, sorted, without their ending. */
function filesOf(root, folder, marker = 'export const rule =') {
  return fs.readdirSync(path.join(root, folder))
    .filter((name) => name.endsWith('.ts') && fs.readFileSync(path.join(root, folder, name), 'utf8').includes(marker))
    .map((name) => name.slice(0, -3))
    .sort()
}

function camel(id) {
  return id.replace(/-(\w)/g, (_, letter) => letter.toUpperCase())
}

function quote(text) {
  return `'${text.replace(/[\\']/g, '\\$&').replace(/\n/g, '\\n')}'`
}
