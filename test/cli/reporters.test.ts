import { expect, test } from 'vitest'
import { exact, unknown } from '../../server/src/core/measure/figure.ts'
import { html } from '../../server/src/cli/reporters/html.ts'
import { markdown } from '../../server/src/cli/reporters/markdown.ts'
import type { ScanReport } from '../../server/src/cli/reporters/report.ts'
import { text } from '../../server/src/cli/reporters/text.ts'

const plain = (line: string): string => line
const style = { width: 80, bold: plain, dim: plain, red: plain, yellow: plain, green: plain, cyan: plain }
const start = { line: 1, character: 2 }
const report: ScanReport = {
  findings: [{ rule: 'saves-view', severity: 'warning', message: 'a <b>`view`</b>\u001b[31m', file: '/p/a.py', range: { start, end: start }, saving: exact(2_000_000), fixes: [] }],
  ledger: {
    id: 'workspace', name: 'p', kind: 'workspace', bytes: exact(300_000_000), children: [
      { id: 'checkpoints', name: 'checkpoints', kind: 'group', bytes: exact(300_000_000), children: [{ id: 'c', name: 'm|.pt', kind: 'checkpoint', bytes: exact(300_000_000), children: [] }, { id: 'd', name: 'x.pt', kind: 'checkpoint', bytes: unknown('it cannot be read'), children: [] }] },
    ],
  },
  plan: [{ title: 'Save less', saving: exact(2_000_000), rule: 'saves-view' }],
  target: { name: 'vercel', limit: 262_144_000, counts: 'the unzipped function', bytes: exact(300_000_000), fits: false, cuts: [{ title: 'Leave out m.pt', saving: exact(300_000_000), of: 'c' }], after: exact(0), fitsAfter: true },
  budgets: [{ path: '*.pt', bytes: 300_000_000, warn: 1, error: null, verdict: 'warning' }],
  units: 'decimal',
  shown: (path) => path.slice(3),
}

test('text: where, what, the target with its cuts; no control character gets through', () => {
  const lines = text(report, style).split('\n')
  expect(lines[0]).toContain('a.py:2:3 warning a <b>`view`</b>')
  expect(lines.join('\n')).not.toContain('\u001b')
  expect(lines).toContain('target vercel: 300 MB of 262 MB for the unzipped function, exceeds it by 37.9 MB')
  expect(lines).toContain('  1. Leave out m.pt (300 MB)')
  expect(lines).toContain('  after this cut: 0 B, which fits')
  expect(lines).toContain('budget *.pt: 300 MB, over (warning)')
  expect(lines.at(-1)).toBe('1 finding: 1 warning')
  expect(text({ ...report, findings: [], ledger: null, target: null, budgets: [], plan: [] }, style)).toBe('No findings.\n\n0 findings')
})

test('markdown and html: names are escaped', () => {
  const table = markdown(report, style)
  expect(table).toContain('m\\|.pt')
  expect(table).toContain('1. Leave out m.pt \\(300 MB\\)')
  expect(table).not.toContain('<b>')
  const page = html(report, style)
  expect(page).not.toContain('<b>')
  expect(page).toContain('<li>Leave out m.pt (300 MB)</li>')
})
