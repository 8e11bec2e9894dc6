/** The ledger in words: rows of the sidebar, the status bar's total, and a Markdown table of both. Adds nothing up: core did. */

import type { LedgerNode } from '../core/ide/answers.ts'
import type { Figure } from '../core/measure/figure.ts'
import { formatFigure, type Units } from '../core/measure/format.ts'
import type { FootprintAnswer, FootprintRow } from '../protocol.ts'
import type { Deployment } from '../core/footprint/deployment.ts'
import type { FootprintSummary } from '../core/ide/footprint.ts'
import { afterWords, cutWords, verdictWords } from '../core/ide/target-words.ts'

/** Levels and rows of the copied table; the tree itself has no such end. */
const tableDepth = 3
const tableRows = 200
/** Deeper levels are not shown: nobody opens sixty levels by hand, and a file can nest layers without end. */
const treeDepth = 60

export function renderFootprint({ root, target }: FootprintSummary, { units }: { readonly units: Units }): FootprintAnswer {
  const rows = root.children.map((child) => toRow(child, { parent: root.bytes, units, depth: 1 }))
  if (rows.length === 0) return { rows, markdown: '' }
  const goal = target ? `Target ${escape(target.name)}: ${escape(verdictWords(target, units))}` : undefined
  const tooltip = [`**${escape(root.name)}**: ${describeFigure(root.bytes, units)}`, ...goal ? [goal] : []].join('\n\n')
  return {
    rows: target ? [targetRow(target, units), ...rows] : rows,
    total: { text: formatFigure(root.bytes, units), tooltip, exceeds: target?.fits === false },
    markdown: table(root, goal === undefined ? [] : [goal, ...(target ? cutWords(target, units).map((cut, order) => `${String(order + 1)}. ${escape(cut)}`) : [])], units),
  }
}

function toRow(node: LedgerNode, context: { readonly parent: Figure; readonly units: Units; readonly depth: number }): FootprintRow {
  const { parent, units, depth } = context
  return {
    id: node.id,
    kind: node.kind,
    name: node.name,
    description: [formatFigure(node.bytes, units), ...share(node.bytes, parent), ...node.detail === undefined ? [] : [node.detail]].join(' · '),
    tooltip: `**${escape(node.name)}**\n\n${describeFigure(node.bytes, units)}${node.detail === undefined ? '' : `\n\n${escape(node.detail)}`}`,
    ...(node.place ? { place: node.place } : {}),
    children: depth < treeDepth ? node.children.map((child) => toRow(child, { parent: node.bytes, units, depth: depth + 1 })) : [],
  }
}

/** A share of something that is not known exactly would look more certain than it is. */
function share(part: Figure, whole: Figure): string[] {
  if (part.certainty !== 'exact' || whole.certainty !== 'exact' || whole.value <= 0 || part.value > whole.value) return []
  const percent = 100 * part.value / whole.value
  return [percent < 1 ? '< 1 %' : `${Math.round(percent)} %`]
}

function describeFigure(figure: Figure, units: Units): string {
  if (figure.certainty === 'unknown') return `unknown size: ${escape(figure.reason)}`
  const bytes = `${formatFigure(figure, units)} (${figure.value.toLocaleString('en-US')} bytes, ${figure.certainty})`
  return figure.reason === undefined ? bytes : `${bytes}\n\n${escape(figure.reason)}`
}

/** The target with the cuts that make it fit below it: they are no bytes of the ledger. */
function targetRow(target: Deployment, units: Units): FootprintRow {
  const verdict = verdictWords(target, units)
  const after = afterWords(target, units)
  return {
    id: 'target', kind: 'target', name: target.name, description: verdict, tooltip: [`**${escape(target.name)}**: ${escape(verdict)}`, ...(after === undefined ? [] : [escape(after)])].join('\n\n'),
    children: target.cuts.map(({ title, saving, of, rule }, order): FootprintRow => ({
      id: `cut:${String(order)}:${of}`, kind: 'part', name: title, description: `saves ${formatFigure(saving, units)}`, tooltip: `${escape(title)}\n\n${describeFigure(saving, units)}${rule === undefined ? '' : `\n\n${escape(rule)}`}`, children: [],
    })),
  }
}

function table(root: LedgerNode, goal: readonly string[], units: Units): string {
  const lines = ['| what | bytes | certainty |', '| --- | ---: | --- |']
  const stack: { readonly node: LedgerNode; readonly depth: number }[] = [{ node: root, depth: 0 }]
  while (stack.length > 0 && lines.length < tableRows) {
    const { node, depth } = stack.pop()!
    lines.push(`| ${'&emsp;'.repeat(depth)}${escape(node.name)} | ${formatFigure(node.bytes, units)} | ${node.bytes.certainty} |`)
    if (depth < tableDepth) for (const child of [...node.children].reverse()) stack.push({ node: child, depth: depth + 1 })
  }
  if (stack.length > 0) lines.push(`| ... | | |`)
  return `${lines.join('\n')}\n${goal.length ? `\n${goal.join('\n')}\n` : ''}`
}

/** Names come from files that anybody may have written. */
function escape(text: string): string {
  return text.replace(/[\\`*_{}[\]()#+\-!|<>~&]/g, (sign) => sign === '<' ? '&lt;' : sign === '&' ? '&amp;' : `\\${sign}`).replace(/[\u0000-\u001f\u007f\u202a-\u202e\u2066-\u2069]+/g, ' ')
}
