/** What the imports of a file bring: hints at PyTorch packages, and the hover of each. Measures nothing itself. */

import { type ImportUse, findImports } from '../footprint/import-uses.ts'
import type { Figure } from '../measure/figure.ts'
import { formatFigure } from '../measure/format.ts'
import { estimateInstall, type InstallEstimate } from '../packages/install-estimate.ts'
import { likelyDistribution, type ImportCost } from '../packages/installed-packages.ts'
import type { WheelPlatform } from '../packages/wheel-sizes.ts'
import type { Facts } from '../rules/facts.ts'
import { touches, type Position } from '../text/range.ts'
import type { HoverCard, InlayHint } from './answers.ts'
import { escapeMarkdown } from './markdown.ts'

/** Members that a hover lists; the rest is one line. */
const maxListed = 8

interface ImportSize {
  readonly use: ImportUse
  readonly bytes: Figure
  readonly card: string
  readonly key: string
}

export function importHints(facts: Facts): readonly InlayHint[] {
  const seen = new Set<string>()
  return sizesOf(facts).map(({ use, bytes, card, key }): InlayHint => {
    const again = seen.has(key)
    seen.add(key)
    const label = formatFigure(bytes, facts.settings.units)
    return { kind: 'imports', position: use.range.end, label: again ? `${label}, as above` : label, tooltip: card, bytes }
  })
}

export function importHover(facts: Facts, position: Position): HoverCard | undefined {
  const size = sizesOf(facts).find(({ use }) => touches(use.range, position))
  return size && { range: size.use.range, markdown: size.card }
}

function sizesOf(facts: Facts): readonly ImportSize[] {
  const source = facts.source()
  return source ? findImports(source).flatMap((use) => sizeOf(facts, use) ?? []) : []
}

/** Only packages that are, or bring, PyTorch: everything else is somebody else's business. */
function sizeOf(facts: Facts, use: ImportUse): ImportSize | undefined {
  const { packages, because } = facts.installed()
  const cost = packages?.importCost(use.module)
  if (packages && cost) {
    if (!cost.keys.some((key) => key === 'torch' || key === 'pytorch')) return undefined
    return { use, bytes: cost.together, key: cost.name, card: installedCard(facts, use, cost, because) }
  }
  const key = likelyDistribution(use.module)
  const assumed = estimateInstall({ key, specifier: facts.pinOf(key) ?? '', platform: platformOf(facts) })
  if (!assumed) return undefined
  return { use, bytes: assumed.together.installed, key, card: estimateCard(facts, key, assumed, because) }
}

function platformOf(facts: Facts): WheelPlatform {
  return facts.installed().platform
}

function installedCard(facts: Facts, use: ImportUse, cost: ImportCost, because: string): string {
  const { units } = facts.settings
  const listed = cost.members.slice(0, maxListed)
  const rest = cost.members.length - listed.length
  return [
    `**${escapeMarkdown(cost.name)} ${escapeMarkdown(cost.version)}**: ${formatFigure(cost.together, units)} installed, ${formatFigure(cost.alone, units)} of it its own`,
    '',
    '| package | bytes |', '| --- | ---: |',
    ...listed.map((member) => `| ${escapeMarkdown(member.name)} ${escapeMarkdown(member.version)} | ${formatFigure(member.bytes, units)} |`),
    ...(rest > 0 ? [`| ${String(rest)} more | |`] : []),
    '',
    ...(cost.missing.length ? [`Required, but not installed: ${cost.missing.map(escapeMarkdown).join(', ')}.`, ''] : []),
    `What other imports bring too counts once in any total. Environment: ${escapeMarkdown(because)}.`,
  ].join('\n')
}

function estimateCard(facts: Facts, key: string, assumed: InstallEstimate, because: string): string {
  const { units } = facts.settings
  const figure = (name: string, value: Figure): string => `${name}: ${value.certainty === 'unknown' ? `unknown (${escapeMarkdown(value.reason)})` : formatFigure(value, units)}`
  return [
    `**${escapeMarkdown(key)} ${escapeMarkdown(assumed.version)}** is not installed here; this is what its wheels would bring.`,
    '',
    `- ${figure('installed, with what it pulls in', assumed.together.installed)}`,
    `- ${figure('download, with what it pulls in', assumed.together.download)}`,
    `- ${figure('its own wheel', assumed.alone.download)}`,
    '',
    `Version: ${escapeMarkdown(assumed.because)}. Environment: ${escapeMarkdown(because)}.`,
  ].join('\n')
}
