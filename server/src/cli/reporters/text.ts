/** The report for a person at a terminal. */

import type { Severity } from '../../core/ide/answers.ts'
import { afterWords, cutWords, verdictWords } from '../../core/ide/target-words.ts'
import { formatBytes, formatFigure, type Units } from '../../core/measure/format.ts'
import type { Style } from '../command.ts'
import { printable } from '../printable.ts'
import type { Reporter, ScanReport } from './report.ts'

/** Rows of each group of the ledger. */
const maxRows = 10

export const text: Reporter = (report, style) => [...findingLines(report, style), ...ledgerLines(report, style), ...verdictLines(report, style)].join('\n')

function findingLines(report: ScanReport, style: Style): string[] {
  const paint: Record<Severity, (text: string) => string> = { error: style.red, warning: style.yellow, information: style.cyan, hint: style.dim }
  const lines = report.findings.map((finding) => {
    const { start } = finding.range
    const saving = finding.saving?.value ? style.green(` saves ${formatFigure(finding.saving, report.units)}`) : ''
    const fix = finding.fixes.length ? style.dim(` [${finding.fixes[0]!.safety} fix]`) : ''
    return `${printable(report.shown(finding.file))}:${String(start.line + 1)}:${String(start.character + 1)} ${paint[finding.severity](finding.severity)} ${printable(finding.message)}${saving} ${style.dim(`(${finding.rule})`)}${fix}`
  })
  return lines.length ? [...lines, ''] : ['No findings.', '']
}

function ledgerLines({ ledger, units }: ScanReport, style: Style): string[] {
  if (!ledger || ledger.children.length === 0) return []
  const lines = [`${style.bold(printable(ledger.name))}  ${formatFigure(ledger.bytes, units)}`]
  for (const group of ledger.children) {
    lines.push(`  ${style.bold(printable(group.name))}  ${formatFigure(group.bytes, units)}${group.detail === undefined ? '' : style.dim(`  ${printable(group.detail)}`)}`)
    for (const child of group.children.slice(0, maxRows)) lines.push(`    ${formatFigure(child.bytes, units).padStart(16)}  ${printable(child.name)}${child.detail === undefined ? '' : style.dim(` ${printable(child.detail)}`)}`)
    if (group.children.length > maxRows) lines.push(style.dim(`    ${`${String(group.children.length - maxRows)} more`.padStart(16)}`))
  }
  return [...lines, '']
}

function verdictLines({ findings, target, budgets, plan, units }: ScanReport, style: Style): string[] {
  const counts = (['error', 'warning', 'information', 'hint'] as const).map((severity) => [severity, findings.filter((finding) => finding.severity === severity).length] as const).filter(([, count]) => count > 0)
  return [
    ...(target ? targetLines(target, units, style) : []),
    ...budgets.map((budget) => `budget ${printable(budget.path)}: ${formatBytes(budget.bytes, units)}, ${budget.verdict === 'within' ? style.green('within') : style.red(`over (${budget.verdict})`)}`),
    ...(plan.length ? [`Largest saving: ${formatFigure(plan[0]!.saving, units)}, ${printable(plan[0]!.title)}`] : []),
    `${String(findings.length)} finding${findings.length === 1 ? '' : 's'}${counts.length ? `: ${counts.map(([severity, count]) => `${String(count)} ${severity}`).join(', ')}` : ''}`,
  ]
}

function targetLines(target: NonNullable<ScanReport['target']>, units: Units, style: Style): string[] {
  const paint = target.fits === null ? style.yellow : target.fits ? style.green : style.red
  const after = afterWords(target, units)
  return [
    `${style.bold(`target ${target.name}`)}: ${paint(printable(verdictWords(target, units)))}`,
    ...cutWords(target, units).map((cut, order) => `  ${String(order + 1)}. ${printable(cut)}`),
    ...(after === undefined ? [] : [`  ${after}`]),
    '',
  ]
}
