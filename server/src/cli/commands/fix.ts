/**
 * `torch-footprint fix [PATH...]`: applies fixes. Each file is fixed until nothing is left to fix, one fix at a time, and written
 * once, atomically. Without `--rule` only safe fixes of rules that are on; a named rule's fix is applied, safe or not.
 */

import * as fs from 'node:fs'
import type { Finding, Fix } from '../../core/ide/answers.ts'
import { rules } from '../../core/rules/generated/catalog.ts'
import { applyEdits } from '../../core/text/line-index.ts'
import { replaceFile } from '../../host/replace-file.ts'
import { defineCommand, UsageError, type CommandContext, type CommandResult, type InputProblem, type Style } from '../command.ts'
import { printable } from '../printable.ts'
import * as schema from '../schema.ts'
import { unifiedDiff } from '../unified-diff.ts'
import { openWorkspace, shown, type Workspace } from '../workspace.ts'

/** Fixes of one file in one run; more would mean that fixes undo each other. */
const maxFixes = 1000

interface Applied {
  readonly file: string
  readonly before: string
  readonly after: string
  readonly fixes: readonly { readonly rule: string; readonly title: string }[]
}

export const command = defineCommand({
  name: 'fix',
  summary: 'apply fixes',
  targets: { usage: '[PATH...]', description: 'folders or files (default: the current folder)' },
  options: [
    { name: 'rule', value: 'ID', repeatable: true, description: 'apply this rule\'s fix, safe or unsafe, also when the rule is off' },
    { name: 'diff', description: 'show what would change; write nothing' },
    { name: 'dry-run', description: 'count what would change; write nothing' },
  ],
  schema: {
    files: schema.list(schema.object({ file: schema.text, fixes: schema.list(schema.object({ rule: schema.text, title: schema.text })), diff: schema.nullable(schema.text) })),
    fixed: schema.count,
    written: schema.flag,
    declined: schema.list(schema.object({ file: schema.text, rule: schema.text, range: schema.range, title: schema.text, reason: schema.text })),
  },
  run: fix,
})

async function fix(context: CommandContext): Promise<CommandResult> {
  const named = new Set(context.values('rule'))
  for (const id of named) if (!rules.some(({ rule }) => rule.id === id)) throw new UsageError(`--rule ${id}: there is no such rule`)
  const workspace = await openWorkspace(context)
  const problems: InputProblem[] = [...workspace.problems]
  const applied: Applied[] = []
  const declined: { file: string; rule: string; range: Finding['range']; title: string; reason: string }[] = []
  for (const file of workspace.sources) {
    const result = fixFile(workspace, file, named)
    if (result) applied.push(result)
    if (named.size > 0) declined.push(...workspace.analysis.ruleAnswers(file, { named }).declined.filter((one) => named.has(one.rule)).map((one) => ({ file, ...one })))
  }
  const isWriting = !context.flag('diff') && !context.flag('dry-run')
  const done = isWriting ? applied.filter((one) => {
    const failure = replaceFile(one.file, one.after)
    if (failure !== undefined) problems.push({ input: shown(context, one.file), message: failure })
    return failure === undefined
  }) : applied
  const diffOf = (one: Applied): string => unifiedDiff(shown(context, one.file), one.before, one.after)
  return {
    document: {
      files: done.map((one) => ({ file: one.file, fixes: one.fixes, diff: context.flag('diff') ? diffOf(one) : null })),
      fixed: done.reduce((count, one) => count + one.fixes.length, 0),
      written: isWriting,
      declined,
    },
    text: (style) => (context.flag('diff') ? done.map(diffOf).join('') : lines(context, done, declined, isWriting, style)),
    problems,
  }
}

/** The file after all its fixes; undefined when there is nothing to fix. The analysis keeps seeing the fixed text. */
function fixFile({ analysis }: Workspace, file: string, named: ReadonlySet<string>): Applied | undefined {
  const before = readExactly(file)
  if (before === undefined) return undefined
  let text = before
  const fixes: { rule: string; title: string }[] = []
  const seen = new Set([text])
  while (fixes.length < maxFixes) {
    const { findings } = analysis.ruleAnswers(file, named.size > 0 ? { named } : {})
    const next = findings.flatMap((finding) => finding.fixes.filter((one) => isWanted(finding, one, named) && one.edits.every((edit) => edit.file === file)).slice(0, 1).map((one) => ({ finding, fix: one })))
      .map((one) => ({ ...one, text: applyEdits(text, one.fix.edits) }))
      .find((one) => one.text !== undefined && !seen.has(one.text))
    if (next?.text === undefined) break
    text = next.text
    seen.add(text)
    fixes.push({ rule: next.finding.rule, title: next.fix.title })
    analysis.change(file, text)
  }
  return fixes.length ? { file, before, after: text, fixes } : undefined
}

function isWanted(finding: Finding, one: Fix, named: ReadonlySet<string>): boolean {
  return named.size > 0 ? named.has(finding.rule) : one.safety === 'safe'
}

/** The text when it can be written back as it was; a file that is not UTF-8 is left alone. */
function readExactly(file: string): string | undefined {
  try {
    const bytes = fs.readFileSync(file)
    const text = bytes.toString('utf8')
    // A byte order mark is no part of the text that edits speak of; replaceFile keeps it.
    return Buffer.from(text, 'utf8').equals(bytes) ? text.replace(/^\ufeff/, '') : undefined
  } catch {
    return undefined
  }
}

function lines(context: CommandContext, done: readonly Applied[], declined: readonly { file: string; title: string; reason: string; range: Finding['range'] }[], isWriting: boolean, style: Style): string {
  const count = done.reduce((total, one) => total + one.fixes.length, 0)
  return [
    ...done.flatMap((one) => one.fixes.map((each) => `${printable(shown(context, one.file))}: ${printable(each.title)} ${style.dim(`(${each.rule})`)}`)),
    ...declined.map((one) => style.dim(`${printable(shown(context, one.file))}:${String(one.range.start.line + 1)}: not: ${printable(one.title)}: ${printable(one.reason)}`)),
    `${String(count)} ${count === 1 ? 'fix' : 'fixes'} ${isWriting ? 'applied' : 'to apply'} in ${String(done.length)} ${done.length === 1 ? 'file' : 'files'}`,
  ].join('\n')
}
