// Everything that is computed from the rules, the settings and the commands: the manifest's settings, docs/ and README tables.
import { spawnSync } from 'node:child_process'
import * as fs from 'node:fs'
import * as path from 'node:path'

const head = '<!-- Written by `npm run generate`; do not edit. -->\n\n'

/** The derived files as `{file, text}`; `load` imports a source file of the repository. */
export async function documents(root, load) {
  const { rules } = await load('server/src/core/rules/generated/catalog.ts')
  const { declarations, targets } = await load('server/src/core/settings/settings.ts')
  const { deployTarget } = await load('server/src/core/footprint/targets.ts')
  const countsOf = (target) => deployTarget({ target, targetLimit: 1 })?.counts ?? ''
  const { commands } = await load('server/src/cli/generated/commands.ts')
  const { documentSchema } = await load('server/src/cli/schema.ts')
  const { helpOf } = await load('server/src/cli/command-line.ts')
  const files = [
    manifest(root, declarations, rules),
    { file: 'docs/rules/README.md', text: `${head}# Rules\n\n${ruleTable(rules, '')}\n${commentsPage}` },
    ...rules.map(({ rule, page }) => ({ file: `docs/rules/${rule.id}.md`, text: head + page.markdown + ruleFoot(rule) })),
    { file: 'docs/settings.md', text: settingsPage(declarations, targets, rules, countsOf) },
    { file: 'docs/command-line.md', text: commandPage(commands, helpOf) },
    ...commands.filter((command) => command.schema).map((command) => ({
      file: `docs/schemas/${command.name}.schema.json`, text: `${JSON.stringify(documentSchema(command.name, command.schema), null, 2)}\n`,
    })),
    readme(root, rules),
  ].filter(Boolean)
  return [...files, ...leftovers(root, files)]
}

/** Pages of rules and commands that are gone. */
function leftovers(root, files) {
  const wanted = new Set(files.map(({ file }) => file))
  return ['docs/rules', 'docs/schemas']
    .flatMap((folder) => (fs.existsSync(path.join(root, folder)) ? fs.readdirSync(path.join(root, folder)).map((name) => `${folder}/${name}`) : []))
    .filter((file) => !wanted.has(file))
    .map((file) => ({ file, text: null }))
}

function manifest(root, declarations, rules) {
  const parsed = JSON.parse(fs.readFileSync(path.join(root, 'package.json'), 'utf8'))
  const properties = {}
  for (const setting of declarations) properties[`torchFootprint.${setting.key}`] = toProperty(setting)
  for (const { rule, page } of rules) {
    properties[`torchFootprint.rules.${rule.id}`] = {
      type: 'string', enum: ['off', 'hint', 'information', 'warning', 'error'], default: rule.severity, scope: 'resource', markdownDescription: `${page.summary}.`,
    }
  }
  parsed.contributes.configuration = { title: 'Torch Footprint', properties }
  const restricted = declarations.filter((setting) => setting.restricted).map((setting) => `torchFootprint.${setting.key}`)
  // VS Code heeds the list only with `limited`.
  parsed.capabilities.untrustedWorkspaces = {
    supported: 'limited',
    description: "Everything works, as nothing is run. Which Python environment is read is then not taken from the workspace's own settings.",
    restrictedConfigurations: restricted,
  }
  return { file: 'package.json', text: `${JSON.stringify(parsed, null, 2)}\n` }
}

function toProperty(setting) {
  const types = {
    string: { type: 'string' }, integer: { type: 'integer', minimum: 0 }, boolean: { type: 'boolean' }, strings: { type: 'array', items: { type: 'string' } },
    budgets: {
      type: 'array',
      items: { type: 'object', properties: { path: { type: 'string' }, warn: { type: 'integer', minimum: 0 }, error: { type: 'integer', minimum: 0 } }, additionalProperties: false },
    },
  }
  return {
    ...types[setting.type],
    ...(setting.choices ? { enum: setting.choices } : {}),
    default: setting.default,
    scope: setting.restricted ? 'machine-overridable' : 'resource',
    markdownDescription: setting.description,
  }
}

function ruleTable(rules, folder) {
  const rows = rules.map(({ rule, page }) => `| [${rule.id}](${folder}${rule.id}.md) | ${rule.severity} | ${rule.fix === 'none' ? '' : rule.fix} | ${cell(page.summary)} |\n`)
  return `| rule | severity | fix | reports |\n| --- | --- | --- | --- |\n${rows.join('')}`
}

function ruleFoot(rule) {
  const rows = Object.entries(rule.options ?? {}).map(([name, option]) => `| \`rules.${rule.id}.${name}\` | \`${option.default}\` | ${cell(option.description)} |\n`)
  const options = rows.length ? `\n## Options\n\n| option | default | meaning |\n| --- | --- | --- |\n${rows.join('')}` : ''
  const fix = { none: 'none', safe: 'safe: it does not change what the program computes', unsafe: 'unsafe: it may change what the program computes, look at it first' }[rule.fix]
  return `${options}\n## At a glance\n\n| severity | category | looks at | fix |\n| --- | --- | --- | --- |\n| ${rule.severity} | ${rule.category} | ${rule.subject} | ${fix} |\n`
}

const commentsPage = `
A severity is set per rule (\`torchFootprint.rules.<id>\` in the editor, \`rules.<id>\` in torch-footprint.toml). In a file, comments say:

| comment | meaning |
| --- | --- |
| \`# footprint: ignore[rule-id]\` | nothing of this rule on this line, or on the next one when the comment stands alone |
| \`# footprint: ignore-file[rule-id]\` | nothing of this rule in this file |
| \`# footprint: assume name=value, other=value\` | values for the class, function or call that follows |

An ignore that silences nothing is itself reported.
`

function settingsPage(declarations, targets, rules, countsOf) {
  const rows = declarations.map((setting) => `| \`${setting.key}\` | \`${JSON.stringify(setting.default)}\` | ${cell(setting.description)}${setting.choices && setting.key !== 'target' ? ` One of ${setting.choices.join(', ')}.` : ''} |\n`)
  const limits = Object.entries(targets).map(([name, limit]) => `| \`${name}\` | ${limit === 0 ? (name === 'none' ? 'no limit' : '`targetLimit`') : limit.toLocaleString('en')} | ${countsOf(name)} |\n`)
  return `${head}# Settings

In VS Code each key stands after \`torchFootprint.\`. In \`torch-footprint.toml\`, or under \`[tool.torch-footprint]\` of pyproject.toml, it stands as it is.
The file wins over the editor, and the nearest file wins.

| key | default | meaning |
| --- | --- | --- |
${rows.join('')}| \`rules.<id>\` | see [rules](rules/README.md) | The severity of a rule: off, hint, information, warning or error (${rules.length} rules). |

## Targets

| target | limit in bytes | what it counts |
| --- | --- | --- |
${limits.join('')}
The footprint is what deployed code and its requirements bring: installed packages with everything that they require, checkpoints, pretrained downloads. Tests, documentation and
development requirements are left out; a pinned version that is not installed is taken from the table of wheels. \`torch-footprint scan --target NAME\` asks for one without setting it.
`
}

function commandPage(commands, helpOf) {
  const pages = commands.map((command) => `## ${command.name}\n\n\`\`\`\n${helpOf(commands, command.name).trim()}\n\`\`\`\n${command.schema ? `\nIts document: [schemas/${command.name}.schema.json](schemas/${command.name}.schema.json)\n` : ''}`)
  return `${head}# Command line

Exit status: 0 fine; 1 a finding at or above \`--fail-on\`, or a budget is exceeded; 2 wrong usage or an input that cannot be read.
\`--json\` prints one document and nothing else, whatever the status; each input that cannot be read is one line on standard error and an entry in \`problems\`.

${pages.join('\n')}`
}

/** What a command prints, as a fenced block that begins with the command. */
function outputOf(root, command) {
  const words = [...command.matchAll(/"([^"]*)"|(\S+)/g)].map(([, quoted, bare]) => quoted ?? bare)
  const { stdout, status, stderr } = spawnSync(process.execPath, ['--import', 'tsx', 'server/src/cli/main.ts', ...words], { cwd: root, encoding: 'utf8', env: { ...process.env, NO_COLOR: '1' } })
  if (status !== 0) throw new Error(`torch-footprint ${command}: ${stderr}`)
  return `\`\`\`console\n$ torch-footprint ${command}\n${stdout.trimEnd()}\n\`\`\`\n`
}

/** The README is hand-written around the tables and outputs between its markers. */
function readme(root, rules) {
  const file = path.join(root, 'README.md')
  if (!fs.existsSync(file)) return undefined
  const text = fs.readFileSync(file, 'utf8')
  if (!/<!-- rules -->\n[\s\S]*?<!-- \/rules -->/.test(text)) throw new Error('README.md has no `<!-- rules -->` ... `<!-- /rules -->` for the table of rules')
  const withRules = text.replace(/(<!-- rules -->\n)[\s\S]*?(<!-- \/rules -->)/, (_, open, close) => `${open}${ruleTable(rules, 'docs/rules/')}${close}`)
  return { file: 'README.md', text: withRules.replace(/(<!-- output: (.*) -->\n)[\s\S]*?(<!-- \/output -->)/g, (_, open, command, close) => `${open}${outputOf(root, command)}${close}`) }
}

function cell(text) {
  return text.replaceAll('|', '\\|').replace(/\s*\n\s*/g, ' ')
}
