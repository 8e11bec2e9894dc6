/** What layers and models hold where they are constructed or declared: hints and hovers. Evaluates nothing itself. */

import { modelSizes, usefulRecipes, recipeNames } from '../footprint/model-sizes.ts'
import type { ConstructionSite, FoundModel } from '../layers/find-models.ts'
import { formatCount, formatFigure, formatBytes } from '../measure/format.ts'
import type { Figure } from '../measure/figure.ts'
import { subtreeTotals, walkLayers } from '../model/counts.ts'
import type { LayerNode } from '../model/layer-tree.ts'
import type { Facts } from '../rules/facts.ts'
import { comparePositions, type Place, touches, type Position, type Range } from '../text/range.ts'
import type { HoverCard, InlayHint } from './answers.ts'
import { code, escapeMarkdown, placeLink } from './markdown.ts'

/** Rows of a breakdown in a hover; the rest is one line. */
const maxRows = 8
/** Reasons that a hover gives for an unknown. */
const maxReasons = 5
/** Layers of the list of the largest. */
const maxLargest = 5
/** Assumptions that a card spells out. */
const maxAssumed = 6

/** Containers hold what their items hold, and those have hints of their own. */
const containers = new Set(['torch.nn.Sequential', 'torch.nn.ModuleList', 'torch.nn.ModuleDict'])

export function layerHints(facts: Facts, range: Range): readonly InlayHint[] {
  const { units } = facts.settings
  return facts.models().sites.filter((site) => site.place.file === facts.file && touches(range, site.place.range.end) && !containers.has(site.type) && (site.bytes.value ?? 0) > 0).map((site): InlayHint => ({
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
  if (model) return { range: nameOf(facts, model.place!.range), markdown: modelCard(facts, model) }
  const at = sites.filter((site) => site.place.file === facts.file && touches(site.place.range, position)).sort((a, b) => byExtent(a.place.range, b.place.range))[0]
  const built = models.filter(({ place, how }) => how !== 'class' && place?.file === facts.file && touches(place.range, position)).sort((a, b) => byExtent(a.place!.range, b.place!.range))[0]
  if (built && (!at || byExtent(built.place!.range, at.place.range) <= 0)) return { range: built.place!.range, markdown: modelCard(facts, built) }
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

function modelCard(facts: Facts, found: FoundModel): string {
  const { model, label } = found
  const assuming = facts.mattering(found)
  const { units } = facts.settings
  const sizes = modelSizes(model, facts.torch().version)
  const { counts } = sizes
  const useful = usefulRecipes(sizes)
  const because = [
    ...(assuming.length ? [`${escapeMarkdown(assumingText(assuming))}.`] : []),
    ...(model.unknown.length ? [...(assuming.length ? [''] : []), 'Not known:', ''] : []),
    ...model.unknown.slice(0, maxReasons).map((one) => `- ${escapeMarkdown(one.reason)}${one.place ? ` (${placeLink(one.place, facts.file)})` : ''}`),
    ...(model.unknown.length > maxReasons ? [`- and ${String(model.unknown.length - maxReasons)} more`] : []),
  ]
  if (counts.parameters.certainty === 'unknown') return [`**${escapeMarkdown(label)}**: its size is not known here.`, '', ...because].join('\n')
  const { dynamic } = { dynamic: sizes.recipes.find(({ recipe }) => recipe === 'dynamic-int8') }
  return [
    `**${escapeMarkdown(label)}**: ${countText(counts.parameters)}, ${formatFigure(counts.totalBytes, units)}; saved state_dict ${formatFigure(sizes.fileBytes, units)}`,
    '',
    ...breakdown(model.root, units),
    ...largest(facts, model.root),
    ...(useful.length ? ['', '| smaller | saved state_dict |', '| --- | ---: |', ...useful.map(({ names, fileBytes }) => `| ${names.join(', ')} | ${formatFigure(fileBytes, units)} |`)] : []),
    ...(model.certainty === 'exact' && dynamic && dynamic.leaves.length && dynamic.converts.length ? ['', `${recipeNames['dynamic-int8']} leaves ${dynamic.leaves.slice(0, 3).map((one) => `${escapeMarkdown(shortName(one.type))} (${escapeMarkdown(one.why)})`).join('; ')}.`] : []),
    ...(because.length ? ['', ...because] : []),
  ].join('\n')
}

/** What the figures rest on, as plain text: the first few, and how many more. */
export function assumingText(assuming: readonly string[]): string {
  const rest = assuming.length - maxAssumed
  // Where a model runs says little about its size: that comes last.
  const ordered = [...assuming.filter((one) => !one.startsWith('torch.cuda.')), ...assuming.filter((one) => one.startsWith('torch.cuda.'))]
  return `With ${ordered.slice(0, maxAssumed).join(', ')}${rest > 0 ? `, and ${String(rest)} more` : ''}`
}

/** The layers that hold most, wherever they are, each with the line that builds it. */
function largest(facts: Facts, root: LayerNode): string[] {
  const rows = leafLayers(root).filter(({ path }) => path.includes('.')).slice(0, maxLargest)
  if (rows.length === 0) return []
  return ['', '| largest layers | parameters | bytes | |', '| --- | ---: | ---: | --- |', ...rows.map(({ path, type, place, parameters, bytes }) =>
    `| ${code(path)} ${escapeMarkdown(shortName(type))} | ${formatCount(parameters)} | ${formatBytes(bytes, facts.settings.units)} | ${place ? placeLink(place, facts.file) : ''} |`)]
}

/** Layers with tensors of their own, largest first; a shared tensor counts with the first that holds it. */
function leafLayers(root: LayerNode): { readonly path: string; readonly type: string; readonly place: Place | null; readonly parameters: number; readonly bytes: number }[] {
  const seen = new Set<number>()
  const found: { path: string; type: string; place: Place | null; parameters: number; bytes: number }[] = []
  for (const layer of walkLayers(root)) {
    const own = layer.tensors.filter(({ tensor }) => !seen.has(tensor.id))
    for (const { tensor } of own) seen.add(tensor.id)
    const bytes = own.reduce((total, { tensor }) => total + tensor.bytes, 0)
    if (bytes > 0) found.push({ path: layer.path, type: layer.type, place: layer.place, parameters: own.reduce((total, { tensor }) => total + (tensor.kind === 'parameter' ? tensor.count : 0), 0), bytes })
  }
  return found.sort((a, b) => b.bytes - a.bytes)
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
