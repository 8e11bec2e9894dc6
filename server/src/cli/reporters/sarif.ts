/** The report as SARIF 2.1.0, for code scanning. Lines and columns count from 1, columns in UTF-16 units, as our ranges do. */

import type { Log, ReportingConfiguration, Result } from 'sarif'
import type { Severity } from '../../core/ide/answers.ts'
import { toolVersion } from '../../core/generated/version.ts'
import { rules } from '../../core/rules/generated/catalog.ts'
import type { Reporter } from './report.ts'

const levels: Record<Severity, Result.level> = { error: 'error', warning: 'warning', information: 'note', hint: 'note' }

export const sarif: Reporter = ({ findings, shown }) => {
  const used = rules.filter(({ rule }) => findings.some((finding) => finding.rule === rule.id))
  const log: Log = {
    $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
    version: '2.1.0',
    runs: [{
      tool: {
        driver: {
          name: 'torch-footprint',
          version: toolVersion,
          rules: used.map(({ rule, page }) => ({
            id: rule.id, shortDescription: { text: `${page.summary}.` }, help: { text: page.markdown, markdown: page.markdown }, defaultConfiguration: { level: (rule.severity === 'off' ? 'none' : levels[rule.severity]) as ReportingConfiguration.level },
          })),
        },
      },
      columnKind: 'utf16CodeUnits',
      results: findings.map((finding) => ({
        ruleId: finding.rule,
        ruleIndex: used.findIndex(({ rule }) => rule.id === finding.rule),
        level: levels[finding.severity],
        message: { text: finding.message },
        locations: [{ physicalLocation: { artifactLocation: { uri: toUri(shown(finding.file)) }, region: region(finding.range) } }],
        ...(finding.fixes.length ? {
          fixes: finding.fixes.map((fix) => ({
            description: { text: fix.title },
            artifactChanges: [...new Set(fix.edits.map((edit) => edit.file))].map((file) => ({
              artifactLocation: { uri: toUri(shown(file)) },
              replacements: fix.edits.filter((edit) => edit.file === file).map((edit) => ({ deletedRegion: region(edit.range), insertedContent: { text: edit.newText } })),
            })),
          })),
        } : {}),
      })),
    }],
  }
  return JSON.stringify(log, null, 2)
}

function region(range: { readonly start: { line: number; character: number }; readonly end: { line: number; character: number } }) {
  return { startLine: range.start.line + 1, startColumn: range.start.character + 1, endLine: range.end.line + 1, endColumn: range.end.character + 1 }
}

function toUri(path: string): string {
  const encoded = path.split('/').map(encodeURIComponent).join('/')
  return path.startsWith('/') ? `file://${encoded}` : encoded
}
