/** The report as Markdown, for a pull request or a job summary. */

import { code, escapeMarkdown } from '../../core/ide/markdown.ts'
import { afterWords, cutWords, verdictWords } from '../../core/ide/target-words.ts'
import { formatBytes, formatFigure } from '../../core/measure/format.ts'
import type { Reporter } from './report.ts'

const maxRows = 20

export const markdown: Reporter = ({ findings, ledger, target, budgets, units, shown }) => {
  const lines = ['# Torch Footprint', '']
  if (ledger) {
    lines.push(`**${escapeMarkdown(ledger.name)}**: ${formatFigure(ledger.bytes, units)}`, '', '| what | bytes |', '| --- | ---: |')
    for (const group of ledger.children) {
      lines.push(`| **${escapeMarkdown(group.name)}** | ${formatFigure(group.bytes, units)} |`)
      for (const child of group.children.slice(0, maxRows)) lines.push(`| ${escapeMarkdown(child.name)} | ${formatFigure(child.bytes, units)} |`)
      if (group.children.length > maxRows) lines.push(`| ${String(group.children.length - maxRows)} more | |`)
    }
    lines.push('')
  }
  if (target) {
    lines.push(`Target **${escapeMarkdown(target.name)}**: ${escapeMarkdown(verdictWords(target, units))}.`, '')
    const after = afterWords(target, units)
    if (after !== undefined) lines.push(...cutWords(target, units).map((cut, order) => `${String(order + 1)}. ${escapeMarkdown(cut)}`), '', `${escapeMarkdown(after)}.`, '')
  }
  for (const budget of budgets) lines.push(`Budget ${code(budget.path)}: ${formatBytes(budget.bytes, units)}, ${budget.verdict === 'within' ? 'within' : `**over (${budget.verdict})**`}.`, '')
  if (findings.length === 0) return [...lines, 'No findings.'].join('\n')
  lines.push('| severity | where | finding | saves |', '| --- | --- | --- | ---: |')
  for (const { severity, file, range, message, rule, saving } of findings) {
    lines.push(`| ${severity} | ${code(`${shown(file)}:${String(range.start.line + 1)}`)} | ${escapeMarkdown(message)} (${rule}) | ${saving?.value ? formatFigure(saving, units) : ''} |`)
  }
  return lines.join('\n')
}
