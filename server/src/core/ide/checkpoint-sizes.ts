/** What a `torch.load` call reads: the hint behind it and the hover with what is inside. Reads no file itself. */

import type { Checkpoint, CheckpointTensor } from '../checkpoint/checkpoint.ts'
import type { LoadCall } from '../footprint/load-calls.ts'
import { modelSizes } from '../footprint/model-sizes.ts'
import { exact, type Figure, unknown } from '../measure/figure.ts'
import { formatBytes, formatFigure, type Units } from '../measure/format.ts'
import type { ModelTree } from '../model/layer-tree.ts'
import { isFailure } from '../ports.ts'
import type { Facts } from '../rules/facts.ts'
import { touches, type Position } from '../text/range.ts'
import type { HoverCard, InlayHint } from './answers.ts'
import { code, escapeMarkdown } from './markdown.ts'

/** Tensors that a hover lists. */
const maxTensors = 6

const partNames: Readonly<Record<string, string>> = {
  'weights': 'weights', 'optimizer': 'optimizer state', 'ema': 'averaged copy of the weights (EMA)', 'other-tensors': 'other tensors', 'unreachable': 'storage that no tensor covers',
  'pickle': 'pickle', 'code': 'code', 'container': 'container', 'padding': 'padding', 'unknown': 'not accounted for',
}

interface LoadSize {
  readonly load: LoadCall
  readonly label: string
  readonly bytes: Figure
  readonly card: string
  readonly always?: boolean
}

export function checkpointHints(facts: Facts): readonly InlayHint[] {
  return facts.loads().map((load) => sizeOf(facts, load)).filter(({ label }) => label !== '').map(({ load, label, bytes, card, always }): InlayHint => ({
    kind: 'checkpoints', position: load.range.end, label, tooltip: card, bytes, ...(always === true ? { always } : {}),
  }))
}

export function checkpointHover(facts: Facts, position: Position): HoverCard | undefined {
  const load = facts.loads().find((one) => touches(one.range, position))
  return load && { range: load.range, markdown: sizeOf(facts, load).card }
}

function sizeOf(facts: Facts, load: LoadCall): LoadSize {
  const { units } = facts.settings
  if (load.path.kind === 'unknown') return { load, label: '', bytes: unknown(load.path.reason), card: `Which file this loads is not known: ${escapeMarkdown(load.path.reason)}.` }
  const assuming = load.path.assuming.length ? `With ${load.path.assuming.map(escapeMarkdown).join(', ')}.` : ''
  if (load.file === undefined) {
    const card = `${code(load.path.text)} is not on this disk. Looked for: ${load.candidates.slice(0, 4).map(code).join(', ')}. ${assuming}`
    return { load, label: 'not found', bytes: unknown('the file is missing'), card, always: load.path.assuming.length === 0 }
  }
  const reading = facts.checkpoint(load.file)
  const name = load.file.slice(load.file.lastIndexOf('/') + 1)
  if (isFailure(reading)) return { load, label: 'cannot be read', bytes: unknown(reading.message), card: `${code(name)} cannot be read: ${escapeMarkdown(reading.message)}.`, always: true }
  const { checkpoint } = reading
  if (checkpoint.format === 'git-lfs-pointer') {
    const real = Number(checkpoint.metadata.size ?? Number.NaN)
    const bytes = Number.isSafeInteger(real) ? exact(real) : unknown('the pointer names no size')
    return { load, label: `not downloaded: ${formatFigure(bytes, units)}`, bytes, card: `${code(name)} is a Git LFS pointer: the checkpoint itself is not downloaded. It has ${formatFigure(bytes, units)}; \`git lfs pull\` brings it.`, always: true }
  }
  const model = matchingModel(facts, checkpoint)
  const int8 = model && modelSizes(model, facts.torch().version).recipes.find(({ recipe, saving }) => recipe === 'dynamic-int8' && (saving.value ?? 0) > 0)
  const label = `${formatBytes(checkpoint.fileBytes, units)}${int8 ? `, int8 ${formatFigure(int8.fileBytes, units)}` : ''}`
  return { load, label, bytes: exact(checkpoint.fileBytes), card: `${cardOf(name, checkpoint, units)}${int8 ? `\n\nAfter dynamic int8 quantization of ${escapeMarkdown(model.type)}: ${formatFigure(int8.fileBytes, units)}.` : ''}${assuming ? `\n\n${assuming}` : ''}` }
}

/** The model of this file whose state_dict has the very names and shapes of the checkpoint: only its layers tell what can be quantized. */
function matchingModel(facts: Facts, checkpoint: Checkpoint): ModelTree | undefined {
  if (checkpoint.kind !== 'state_dict' || !checkpoint.tensors) return undefined
  const wanted = new Map(checkpoint.tensors.map((tensor) => [tensor.name, shapeOf(tensor)]))
  return facts.models().models.find(({ model }) => model.certainty === 'exact' && model.stateDict?.length === wanted.size
    && model.stateDict.every(({ name, tensor }) => wanted.get(name) === `${tensor.dtype} ${tensor.shape.join()}`))?.model
}

function shapeOf(tensor: CheckpointTensor): string {
  return `${tensor.dtype} ${tensor.shape?.join() ?? '?'}`
}

function cardOf(name: string, checkpoint: Checkpoint, units: Units): string {
  const { tensors, anatomy, weightsOnly, dangerousGlobals } = checkpoint
  const lines = [`**${escapeMarkdown(name)}**: ${formatBytes(checkpoint.fileBytes, units)}, ${checkpoint.format}, ${checkpoint.kind.replaceAll('_', ' ')}`, '']
  const error = checkpoint.problems.find(({ severity }) => severity === 'error')
  if (error) lines.push(`It cannot be read in full: ${escapeMarkdown(error.message)}${error.offset === undefined ? '' : ` (at byte ${String(error.offset)})`}.`, '')
  lines.push('| part | bytes | |', '| --- | ---: | ---: |')
  for (const { part, bytes } of anatomy.toSorted((a, b) => b.bytes - a.bytes)) {
    if (bytes > 0) lines.push(`| ${partNames[part] ?? part} | ${formatBytes(bytes, units)} | ${((100 * bytes) / Math.max(1, checkpoint.fileBytes)).toFixed(1)} % |`)
  }
  if (tensors?.length) {
    const byDtype = new Map<string, { count: number; bytes: number }>()
    for (const { dtype, bytes } of tensors) {
      const row = byDtype.get(dtype) ?? { count: 0, bytes: 0 }
      byDtype.set(dtype, { count: row.count + 1, bytes: row.bytes + (bytes ?? 0) })
    }
    lines.push('', `${String(tensors.length)} tensors: ${[...byDtype].sort((a, b) => b[1].bytes - a[1].bytes).map(([dtype, { count, bytes }]) => `${String(count)} ${escapeMarkdown(dtype)} (${formatBytes(bytes, units)})`).join(', ')}. Largest:`, '')
    for (const tensor of tensors.toSorted((a, b) => (b.bytes ?? 0) - (a.bytes ?? 0)).slice(0, maxTensors)) {
      lines.push(`- ${code(tensor.name)} ${escapeMarkdown(tensor.dtype)} ${code(`[${tensor.shape?.map((size) => size ?? '?').join(', ') ?? '?'}]`)}${tensor.bytes === null ? '' : ` ${formatBytes(tensor.bytes, units)}`}`)
    }
  }
  if (dangerousGlobals.length) lines.push('', `**Dangerous**: loading it with \`weights_only=False\` calls ${dangerousGlobals.slice(0, 4).map((one) => `${code(one.name)} (${escapeMarkdown(one.why)})`).join(', ')}.`)
  if (weightsOnly.loads !== null) lines.push('', `\`weights_only=True\`: ${weightsOnly.loads ? 'loads' : 'does not load'}, ${escapeMarkdown(weightsOnly.why)}.`)
  return lines.join('\n')
}
