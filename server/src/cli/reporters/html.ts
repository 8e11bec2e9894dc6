/** The report as one page that needs nothing else: no script, no font, no request. */

import type { LedgerNode } from '../../core/ide/answers.ts'
import { afterWords, cutWords, verdictWords } from '../../core/ide/target-words.ts'
import { formatBytes, formatFigure } from '../../core/measure/format.ts'
import type { Reporter } from './report.ts'

const style = `body{font:14px/1.5 system-ui,sans-serif;max-width:70rem;margin:2rem auto;padding:0 1rem;color-scheme:light dark}
table{border-collapse:collapse;width:100%}th,td{text-align:left;padding:.25rem .5rem;border-bottom:1px solid #8884}td.n,th.n{text-align:right;font-variant-numeric:tabular-nums}
meter{width:8rem}code{font-size:.95em}.error{color:#c22}.warning{color:#a60}`

export const html: Reporter = ({ findings, ledger, target, budgets, units, shown }) => {
  const rows = (ledger?.children ?? []).flatMap((group) => [ledgerRow(group, ledger!, true), ...group.children.map((child) => ledgerRow(child, group, false))])
  const found = findings.map(({ severity, file, range, message, rule, saving }) =>
    `<tr><td class="${severity}">${severity}</td><td><code>${escape(shown(file))}:${String(range.start.line + 1)}</code></td><td>${escape(message)} <code>${escape(rule)}</code></td><td class="n">${saving?.value ? formatFigure(saving, units) : ''}</td></tr>`)
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>Torch Footprint</title><style>${style}</style></head><body>
<h1>Torch Footprint</h1>
${ledger ? `<p><strong>${escape(ledger.name)}</strong>: ${formatFigure(ledger.bytes, units)}</p>` : ''}
${target ? `<p>Target <strong>${escape(target.name)}</strong>: <span class="${target.fits === false ? 'error' : ''}">${escape(verdictWords(target, units))}</span>.</p>` : ''}
${target?.cuts.length ? `<ol>${cutWords(target, units).map((cut) => `<li>${escape(cut)}</li>`).join('')}</ol><p>${escape(afterWords(target, units) ?? '')}.</p>` : ''}
${budgets.map((budget) => `<p>Budget <code>${escape(budget.path)}</code>: ${formatBytes(budget.bytes, units)}, ${budget.verdict}.</p>`).join('\n')}
${rows.length ? `<h2>Ledger</h2><table><thead><tr><th>what</th><th class="n">bytes</th><th>share</th></tr></thead><tbody>${rows.join('\n')}</tbody></table>` : ''}
<h2>Findings</h2>
${found.length ? `<table><thead><tr><th>severity</th><th>where</th><th>finding</th><th class="n">saves</th></tr></thead><tbody>${found.join('\n')}</tbody></table>` : '<p>None.</p>'}
</body></html>`

  function ledgerRow(node: LedgerNode, parent: LedgerNode, isGroup: boolean): string {
    const share = node.bytes.value !== null && parent.bytes.value ? node.bytes.value / parent.bytes.value : 0
    const name = escape(node.name)
    return `<tr><td>${isGroup ? `<strong>${name}</strong>` : `&nbsp;&nbsp;${name}`}</td><td class="n">${formatFigure(node.bytes, units)}</td><td><meter value="${share.toFixed(4)}" max="1"></meter></td></tr>`
  }
}

function escape(text: string): string {
  return text.replace(/[&<>"']/g, (mark) => `&#${String(mark.charCodeAt(0))};`)
}
