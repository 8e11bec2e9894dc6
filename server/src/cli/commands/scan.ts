/** `torch-footprint scan [PATH...]`: findings, ledger, plan, and totals against target and budgets. Changes nothing. */

import type { Finding } from '../../core/ide/answers.ts'
import { matchesGlob } from '../../host/project-files.ts'
import type { Overrides } from '../../core/analysis.ts'
import { targets } from '../../core/settings/settings.ts'
import { defineCommand, UsageError, type CommandContext, type CommandResult } from '../command.ts'
import { github } from '../reporters/github.ts'
import { html } from '../reporters/html.ts'
import { markdown } from '../reporters/markdown.ts'
import type { BudgetAnswer, Reporter, ScanReport } from '../reporters/report.ts'
import { sarif } from '../reporters/sarif.ts'
import { text } from '../reporters/text.ts'
import * as schema from '../schema.ts'
import { openWorkspace, shown, type Workspace } from '../workspace.ts'

const reporters: Readonly<Record<string, Reporter>> = { text, sarif, markdown, html, github }

const finding = schema.object({
  rule: schema.text, severity: schema.severity, message: schema.text, file: schema.text, range: schema.range, saving: schema.nullable(schema.figure),
  fixes: schema.list(schema.object({
    title: schema.text, safety: schema.oneOf('safe', 'unsafe'), edits: schema.list(schema.object({ file: schema.text, range: schema.range, newText: schema.text })),
  })),
}, { refusal: schema.text, related: schema.list(schema.object({ place: schema.place, message: schema.text })) })

const ledger: schema.Schema = schema.object(
  { id: schema.text, name: schema.text, kind: schema.text, bytes: schema.figure, children: schema.list({ $ref: '#/properties/ledger/anyOf/0' }) },
  { detail: schema.text, place: schema.place },
)

export const command = defineCommand({
  name: 'scan',
  summary: 'everything about a project: findings, ledger, target and budgets',
  targets: { usage: '[PATH...]', description: 'folders or files (default: the current folder)' },
  options: [
    { name: 'format', value: 'FORMAT', choices: ['text', 'json', 'sarif', 'markdown', 'html', 'github'], description: 'how to print it; json is the same as --json' },
    { name: 'target', value: 'TARGET', choices: Object.keys(targets), description: 'where it is deployed, whatever the settings say' },
    { name: 'limit', value: 'BYTES', description: 'the limit of the targets custom and docker-image' },
  ],
  schema: {
    findings: schema.list(finding),
    ledger: schema.nullable(ledger),
    plan: schema.list(schema.object({ title: schema.text, saving: schema.figure, rule: schema.text })),
    target: schema.nullable(schema.object({
      name: schema.text, limit: schema.count, counts: schema.text, bytes: schema.figure, fits: { enum: [true, false, null] },
      cuts: schema.list(schema.object({ title: schema.text, saving: schema.figure, of: schema.text }, { rule: schema.text })), after: schema.nullable(schema.figure), fitsAfter: { enum: [true, false, null] },
    }, { because: schema.text })),
    budgets: schema.list(schema.object({ path: schema.text, bytes: schema.count, warn: schema.nullable(schema.count), error: schema.nullable(schema.count), verdict: schema.oneOf('within', 'warning', 'error') })),
  },
  run: scan,
})

async function scan(context: CommandContext): Promise<CommandResult> {
  const workspace = await openWorkspace(context, targetOf(context))
  const { analysis, folders, sources } = workspace
  const findings: Finding[] = []
  for (const [index, file] of sources.entries()) {
    context.progress(index, sources.length, 'scanning')
    findings.push(...analysis.diagnostics(file))
  }
  for (const folder of folders) findings.push(...analysis.workspaceFindings(folder))
  context.progress(1, 1, 'scanning')
  const footprint = analysis.footprint()
  const report: ScanReport = {
    findings,
    ledger: footprint?.root ?? null,
    plan: planOf(findings),
    target: footprint?.target ?? null,
    budgets: budgetsOf(workspace),
    units: analysis.settings(`${folders[0] ?? context.cwd}/x`).units,
    shown: (path) => shown(context, path),
  }
  const format = context.value('format') ?? 'text'
  const { units: _units, shown: _shown, ...document } = report
  return {
    document: { ...document },
    isJson: format === 'json',
    text: (style) => (reporters[format] ?? text)(report, style),
    problems: workspace.problems,
    findings,
    failed: report.budgets.some((budget) => budget.verdict === 'error') || report.target?.fits === false,
  }
}

/** The target that the command line names; a limit alone means a custom one. */
function targetOf(context: CommandContext): Pick<Overrides, 'target' | 'targetLimit'> {
  const target = context.value('target')
  const given = context.value('limit')
  if (given === undefined) {
    if (target === 'custom' || target === 'docker-image') throw new UsageError(`the target ${target} needs its --limit in bytes`)
    return target === undefined ? {} : { target }
  }
  const limit = Number(given.replaceAll('_', ''))
  if (!Number.isSafeInteger(limit) || limit <= 0) throw new UsageError(`--limit ${given} is no number of bytes`)
  return { target: target ?? 'custom', targetLimit: limit }
}

/** What can be saved, the most first; a finding without a saving is no step of a plan. */
function planOf(findings: readonly Finding[]): ScanReport['plan'] {
  return findings
    .flatMap(({ saving, fixes, message, rule }) => (saving?.value ? [{ title: fixes[0]?.title ?? message, saving, rule }] : []))
    .sort((a, b) => (b.saving.value ?? 0) - (a.saving.value ?? 0))
}

function budgetsOf({ analysis, folders, files }: Workspace): readonly BudgetAnswer[] {
  return folders.flatMap((folder) => analysis.settings(`${folder}/x`).budgets.map((budget): BudgetAnswer => {
    const inside = files.filter(({ path }) => path.startsWith(`${folder}/`) && matchesGlob(budget.path, path.slice(folder.length + 1)))
    const bytes = inside.reduce((total, file) => total + file.bytes, 0)
    const over = (limit: number | undefined): boolean => limit !== undefined && bytes > limit
    return { path: budget.path, bytes, warn: budget.warn ?? null, error: budget.error ?? null, verdict: over(budget.error) ? 'error' : over(budget.warn) ? 'warning' : 'within' }
  }))
}
