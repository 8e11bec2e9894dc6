/** What calls that download weights bring: the hint behind the call and its hover. Figures come from core/pretrained. */

import { formatFigure } from '../measure/format.ts'
import type { Download } from '../pretrained/find-downloads.ts'
import type { Facts } from '../rules/facts.ts'
import { touches, type Position } from '../text/range.ts'
import type { HoverCard, InlayHint } from './answers.ts'
import { code, escapeMarkdown } from './markdown.ts'

export function downloadHints(facts: Facts): readonly InlayHint[] {
  const source = facts.source()
  if (!source) return []
  return facts.downloads().filter(({ bytes }) => bytes.certainty !== 'unknown').map((download): InlayHint => ({
    kind: 'downloads', position: source.range(download.span).end, label: `downloads ${formatFigure(download.bytes, facts.settings.units)}`, tooltip: cardOf(facts, download), bytes: download.bytes,
  }))
}

/** The card stands on the name that is called, so that arguments keep their own. */
export function downloadHover(facts: Facts, position: Position): HoverCard | undefined {
  const source = facts.source()
  if (!source) return undefined
  const download = facts.downloads().find(({ calleeSpan }) => touches(source.range(calleeSpan), position))
  return download && { range: source.range(download.calleeSpan), markdown: cardOf(facts, download) }
}

function cardOf(facts: Facts, { label, library, bytes, url }: Download): string {
  const size = bytes.certainty === 'unknown' ? `an unknown amount: ${escapeMarkdown(bytes.reason)}` : `${formatFigure(bytes, facts.settings.units)}${bytes.reason === undefined ? '' : ` (${escapeMarkdown(bytes.reason)})`}`
  return `**${escapeMarkdown(library)}** downloads ${code(label)} on its first use: ${size}.${url === null ? '' : `\n\nFrom ${code(url)}, kept in the cache afterwards.`}`
}
