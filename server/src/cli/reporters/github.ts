/** Findings as GitHub Actions workflow commands: annotations on the lines of a pull request. */

import type { Severity } from '../../core/ide/answers.ts'
import type { Reporter } from './report.ts'

const levels: Record<Severity, string> = { error: 'error', warning: 'warning', information: 'notice', hint: 'notice' }

export const github: Reporter = ({ findings, shown }) => findings.map(({ severity, file, range, message, rule }) => {
  const properties = { file: shown(file), line: range.start.line + 1, col: range.start.character + 1, endLine: range.end.line + 1, endColumn: range.end.character + 1, title: rule }
  return `::${levels[severity]} ${Object.entries(properties).map(([name, value]) => `${name}=${escapeProperty(String(value))}`).join(',')}::${escapeData(message)}`
}).join('\n')

function escapeData(text: string): string {
  return text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A')
}

function escapeProperty(text: string): string {
  return escapeData(text).replaceAll(':', '%3A').replaceAll(',', '%2C')
}
