/** What layers and models hold where they are constructed or declared: hints and hovers. Evaluates nothing itself. */

import { modelSizes, usefulRecipes, recipeNames } from '../footprint/model-sizes.ts'
import type { ConstructionSite, FoundModel } from '../layers/find-models.ts'
import { formatCount, formatFigure, formatBytes } from '../measure/format.ts'
import type { Figure } from '../measure/figure.ts'
import { subtreeTotals } from '../model/counts.ts'
import type { LayerNode, ModelTree } from '../model/layer-tree.ts'
import type { Facts } from '../rules/facts.ts'
import { comparePositions, touches, type Position, type Range } from '../text/range.ts'
import type { HoverCard, InlayHint } from './answers.ts'
import { code, escapeMarkdown } from './markdown.ts'

/** Rows of a breakdown in a hover; the rest is one line. */
const maxRows = 8
/** Reasons that a hover gives for an unknown. */
const maxReasons = 5

/** Containers hold what their items hold, and those have hints of their own. */
const containers = new Set(['torch.nn.Sequential', 'torch.nn.ModuleList', 'torch.nn.ModuleDict'])

export function layerHints(facts: Facts): readonly InlayHint[] {
  const { units } = facts.settings
  return facts.models().sites.filter((site) => site.place.file === facts.file && !containers.has(site.type) && (site.bytes.value ?? 0) > 0).map((site): InlayHint => ({
    kind: 'layers',
    position: site.place.range.end,
    label: `${countText(site.parameters)}, ${formatFigure(site.bytes, units)}`,
    tooltip: siteCard(facts, site),
    bytes: site.bytes,
  }))
}

export function layerHover(facts: Facts, position: Position): HoverCard | undefined {
  const { models, sites } = facts.models()
  const model = models.find(({ place, how }) => how === 'class' && place?.file === facts.file && touches(nameOf(facts, place.range), position))
  if (model) return { range: nameOf(facts, model.place!.range), markdown: modelCard(facts, model.model, model.label) }
  const at = sites.filter((site) => site.place.file === facts.file && touches(site.place.range, position)).sort((a, b) => byExtent(a.place.range, b.place.range))[0]
  const built = models.filter(({ place, how }) => how !== 'class' && place?.file === facts.file && touches(place.range, position)).sort((a, b) => byExtent(a.place!.range, b.place!.range))[0]
  if (built && (!at || byExtent(built.place!.range, at.place.range) <= 0)) return { range: built.place!.range, markdown: modelCard(facts, built.model, built.label) }
  return at && { range: at.place.range, markdown: siteCard(facts, at) }
}

/** The innermost of two ranges first. */
function byExtent(a: Range, b: Range): number {
  return comparePositions(b.start, a.start) || comparePositions(a.end, b.end)
}

/** The name of a class, of which the place may be the whole statement. */
export function nameOf(facts: Facts, range: Range): Range {
  const line = facts.source()?.lines.line(range.start.line) ?? ''
  const found = /^(\s*class\s+)(\w+)/.exec(line)
  if (!found || range.start.line === range.end.line) return range
  return { start: { line: range.start.line, character: found[1]!.length }, end: { line: range.start.line, character: found[0].length } }
}

function countText(count: Figure): string {
  if (count.value === null) return 'unknown parameters'
  return `${count.certainty === 'bounded' ? 'at least ' : count.certainty === 'estimate' ? 'about ' : ''}${formatCount(count.value)} params`
}

function siteCard(facts: Facts, site: ConstructionSite): string {
  return [
    `**${escapeMarkdown(site.type)}**: ${countText(site.parameters)}, ${formatFigure(site.bytes, facts.settings.units)}${site.layers > 1 ? `, in ${String(site.layers)} layers made here` : ''}`,
    ...(site.parameters.reason === undefined ? [] : ['', `Not exact: ${escapeMarkdown(site.parameters.reason)}.`]),
  ].join('\n')
}

function modelCard(facts: Facts, model: ModelTree, label: string): string {
  const { units } = facts.settings
  const sizes = modelSizes(model, facts.torch().version)
  const { counts } = sizes
  const useful = usefulRecipes(sizes)
  const because = [
    ...(model.assuming.length ? [`With ${model.assuming.map(escapeMarkdown).join(', ')}.`] : []),
    ...model.unknown.slice(0, maxReasons).map((one) => `Not known: ${escapeMarkdown(one.reason)}${one.place ? ` (line ${String(one.place.range.start.line + 1)}${one.place.file === facts.file ? '' : ` of ${escapeMarkdown(one.place.file.slice(one.place.file.lastIndexOf('/') + 1))}`})` : ''}.`),
  ]
  if (counts.parameters.certainty === 'unknown') return [`**${escapeMarkdown(label)}**: its size is not known here.`, '', ...because].join('\n')
  const { dynamic } = { dynamic: sizes.recipes.find(({ recipe }) => recipe === 'dynamic-int8') }
  return [
    `**${escapeMarkdown(label)}**: ${countText(counts.parameters)}, ${formatFigure(counts.totalBytes, units)}; saved state_dict ${formatFigure(sizes.fileBytes, units)}`,
    '',
    ...breakdown(model.root, units),
    ...(useful.length ? ['', '| smaller | saved state_dict |', '| --- | ---: |', ...useful.map(({ names, fileBytes }) => `| ${names.join(', ')} | ${formatFigure(fileBytes, units)} |`)] : []),
    ...(dynamic && dynamic.leaves.length && dynamic.converts.length ? ['', `${recipeNames['dynamic-int8']} leaves ${dynamic.leaves.slice(0, 3).map((one) => `${escapeMarkdown(shortName(one.type))} (${escapeMarkdown(one.why)})`).join('; ')}.`] : []),
    ...(because.length ? ['', ...because] : []),
  ].join('\n')
}

function breakdown(root: LayerNode, units: 'decimal' | 'binary'): string[] {
  const rows = root.children.map((child) => ({ name: child.name, type: child.type, totals: subtreeTotals(child) }))
    .map((row) => ({ ...row, bytes: row.totals.parameterBytes + row.totals.bufferBytes }))
    .filter((row) => row.bytes > 0).sort((a, b) => b.bytes - a.bytes)
  if (rows.length < 2) return []
  const rest = rows.slice(maxRows)
  return [
    '| child | parameters | bytes |', '| --- | ---: | ---: |',
    ...rows.slice(0, maxRows).map((row) => `| ${code(row.name)} ${escapeMarkdown(shortName(row.type))} | ${formatCount(row.totals.parameters)} | ${formatBytes(row.bytes, units)} |`),
    ...(rest.length ? [`| ${String(rest.length)} more | ${formatCount(rest.reduce((total, row) => total + row.totals.parameters, 0))} | ${formatBytes(rest.reduce((total, row) => total + row.bytes, 0), units)} |`] : []),
  ]
}

function shortName(type: string): string {
  return type.slice(type.lastIndexOf('.') + 1)
}

/** A model in one line: the title of its lens. */
export function modelLine(facts: Facts, found: FoundModel): string {
  const { units } = facts.settings
  const sizes = modelSizes(found.model, facts.torch().version)
  const recipes = usefulRecipes(sizes).slice(0, 3).map(({ names, fileBytes }) => `${names.join(' or ')} ${formatFigure(fileBytes, units)}`)
  return [`${countText(sizes.counts.parameters)}, ${formatFigure(sizes.fileBytes.certainty === 'unknown' ? sizes.counts.totalBytes : sizes.fileBytes, units)} saved`, ...recipes].join(' | ')
}
