/** `torch-footprint model TARGET...`: parameters and bytes of models from source alone. Runs no Python. */

import { dirname, isAbsolute, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { CheckpointState } from '../../core/checkpoint-state.ts'
import { unreadableAssumption } from '../../core/evaluate/assume.ts'
import { DEFAULT_LIMITS } from '../../core/evaluate/limits.ts'
import { importRoots } from '../../core/evaluate/own-package.ts'
import { storedValue } from '../../core/footprint/stored-values.ts'
import { type FoundModel, findModels } from '../../core/layers/find-models.ts'
import { createModelSession, type ModelSession } from '../../core/layers/model-session.ts'
import { assumptionsThatMatter, foundModelMatters, rerunning, rerunningFile } from '../../core/layers/what-matters.ts'
import { countModel } from '../../core/model/counts.ts'
import type { StoredValue } from '../../core/model/stored-value.ts'
import type { ModelTree } from '../../core/model/layer-tree.ts'
import { difference, type Figure } from '../../core/measure/figure.ts'
import { formatBytes, formatCount, formatFigure } from '../../core/measure/format.ts'
import { type Files, isFailure } from '../../core/ports.ts'
import { runRecipes } from '../../core/quantize/registry.ts'
import { stateDictFileBytes } from '../../core/serialize/state-dict.ts'
import type { PythonParser } from '../../core/syntax/parser.ts'
import { createDiskFiles } from '../../host/disk-files.ts'
import { discoverEnvironment } from '../../host/environments.ts'
import { currentMachine } from '../../host/interpreters.ts'
import { inflate } from '../../host/inflate.ts'
import { startPythonParser } from '../../host/python-parser.ts'
import { releaseInForce } from './checkpoint.ts'
import { defineCommand, UsageError, type CommandContext, type CommandResult, type InputProblem, type Style } from '../command.ts'
import { printable } from '../printable.ts'
import * as schema from '../schema.ts'

/** Layers of the breakdown that people see; `--json` has all of them. */
const SHOWN_TYPES = 12

const placeOrNull = schema.nullable(schema.place)
const certainty = schema.oneOf('exact', 'bounded', 'estimate', 'unknown')
export const modelSchema: schema.Schema = schema.object({
  target: schema.text, place: placeOrNull, class: schema.text, certainty,
  parameters: schema.figure, trainableParameters: schema.figure, bufferElements: schema.figure,
  bytes: schema.object({ parameters: schema.figure, buffers: schema.figure, total: schema.figure }),
  stateDictFileBytes: schema.figure,
  byLayerType: schema.list(schema.object({ type: schema.text, layers: schema.count, parameters: schema.count, bytes: schema.count })),
  stateDict: schema.nullable(schema.list(schema.object({ name: schema.text, shape: schema.list(schema.count), dtype: schema.text, kind: schema.oneOf('parameter', 'buffer'), place: placeOrNull }))),
  recipes: schema.list(schema.object({
    recipe: schema.text, api: schema.nullable(schema.text),
    converts: schema.list(schema.object({ type: schema.text, layers: schema.count, parameters: schema.count })),
    leaves: schema.list(schema.object({ type: schema.text, parameters: schema.count, why: schema.text })),
    fileBytes: schema.figure, saving: schema.figure,
  })),
  assuming: schema.list(schema.text),
  unknown: schema.list(schema.object({ place: placeOrNull, reason: schema.text })),
})

export const command = defineCommand({
  name: 'model',
  summary: 'parameters and bytes of models from source alone',
  targets: { usage: 'TARGET...', description: 'FILE.py (every model in it), FILE.py:EXPR or package.module:EXPR, EXPR being any Python expression' },
  options: [{ name: 'save-as', description: 'the NAME in torch.save(model.state_dict(), NAME)', value: 'NAME' }],
  schema: { torchVersion: schema.text, models: schema.list(modelSchema) },
  async run(context) {
    if (context.targets.length === 0) throw new UsageError('name at least one target: FILE.py, FILE.py:EXPR or package.module:EXPR')
    return describe(context, await startPythonParser(dirname(fileURLToPath(import.meta.url))))
  },
})

interface Target { readonly text: string, readonly file?: string, readonly module?: string, readonly expression?: string }

/** Splits after the first `:` that follows `.py` or a dotted name; `undefined` for what is neither. */
export function parseTarget(text: string): Target | undefined {
  const file = /^(.*?\.pyi?)(?::([\s\S]*))?$/.exec(text)
  if (file) return file[2] === undefined ? { text, file: file[1]! } : { text, file: file[1]!, expression: file[2] }
  const module = /^([\p{L}_][\p{L}\p{N}_.]*):([\s\S]+)$/u.exec(text)
  return module ? { text, module: module[1]!, expression: module[2]! } : undefined
}

function describe(context: CommandContext, parser: Awaited<ReturnType<typeof startPythonParser>>): CommandResult {
  for (const [name, value] of context.common.assume) {
    const problem = unreadableAssumption(parser, name, value)
    if (problem !== undefined) throw new UsageError(`--assume ${name}=${value}: ${problem}`)
  }
  const files = createDiskFiles()
  const torchVersion = releaseInForce(context).text
  const absolute = (path: string): string => (isAbsolute(path) ? path : resolve(context.cwd, path)).replaceAll('\\', '/')
  const { sitePackages, python } = context.common
  const found = discoverEnvironment(files, { sitePackages: sitePackages.map(absolute), ...(python === undefined ? {} : { python: absolute(python) }), startFolders: [absolute('.')], machine: { ...currentMachine(), variables: context.environment } })
  if ('kind' in found) throw new UsageError(found.message)
  const checkpoints = new CheckpointState(files, inflate)
  const readStored = (path: string): StoredValue | undefined => {
    const reading = checkpoints.of(path, torchVersion)
    return 'kind' in reading ? undefined : storedValue(reading)
  }
  const sessions = new Map<string, ModelSession>()
  const sessionFor = (roots: readonly string[]): ModelSession => {
    const key = roots.join('\n')
    let session = sessions.get(key)
    if (!session) sessions.set(key, session = createModelSession({ files, parser, roots, sitePackages: found.location.sitePackages, torchVersion, assumptions: context.common.assume, readStored }))
    return session
  }
  const problems: InputProblem[] = []
  const withoutModels: string[] = []
  const models: { readonly target: string, readonly model: ModelTree }[] = []
  context.targets.forEach((text, index) => {
    context.progress(index, context.targets.length, text)
    const target = parseTarget(text)
    if (!target) {
      problems.push({ input: text, message: 'is neither FILE.py, FILE.py:EXPR nor package.module:EXPR' })
      return
    }
    if (target.expression?.trim() === '') {
      problems.push({ input: text, message: 'names no expression after the colon: leave the colon out for every model of the file' })
      return
    }
    if (target.file === undefined) {
      models.push({ target: text, model: evaluated(sessionFor([absolute('.')]), { module: target.module!, expression: target.expression! }) })
      return
    }
    const file = absolute(target.file)
    if (files.stat(file)?.kind !== 'file') {
      problems.push({ input: text, message: files.stat(file) ? 'is not a file' : 'does not exist' })
      return
    }
    const session = sessionFor(importRoots(files, file, [absolute('.')]))
    if (target.expression !== undefined) models.push({ target: text, model: evaluated(session, { file, expression: target.expression }) })
    else {
      const rerun = rerunningFile(session, file)
      const found = findModels(session, file).filter(isModel)
      const broken = found.length === 0 ? brokenLine(files, parser, file) : undefined
      if (broken !== undefined) problems.push({ input: text, message: `cannot be read as Python from line ${String(broken)} on` })
      else if (found.length === 0) withoutModels.push(text)
      for (const one of found) models.push({ target: `${text}:${one.label}`, model: { ...one.model, assuming: foundModelMatters(one, rerun) } })
    }
  })
  const saveAs = context.value('save-as') ?? 'model.pt'
  return {
    document: { torchVersion, models: models.map(({ target, model }) => entry(target, model, torchVersion, saveAs)) },
    text: (style) => [
      ...models.map(({ target, model }) => render(target, model, { torchVersion, saveAs, style })),
      ...withoutModels.map((target) => `${style.bold(printable(target))}  ${style.dim('declares and builds no model')}`),
    ].join('\n\n'),
    problems,
  }
}

/** The first line that is no Python; undefined when all of the file is. */
function brokenLine(files: Files, parser: PythonParser, file: string): number | undefined {
  const text = files.readText(file, DEFAULT_LIMITS.sourceCharacters)
  if (isFailure(text)) return undefined
  const source = parser.parse(text)
  const [first] = source.problems
  return first && source.lines.position(first.start).line + 1
}

/** Not a loss or a transform of a library, which the program makes beside its models and which holds nothing. */
function isModel({ how, model }: FoundModel): boolean {
  return how === 'class' || model.certainty !== 'exact' || !/^torch(?:vision|audio)?\./.test(model.type) || countModel(model).totalBytes.value !== 0
}

function evaluated(session: ModelSession, target: Parameters<ModelSession['evaluate']>[0]): ModelTree {
  const model = session.evaluate(target)
  return { ...model, assuming: assumptionsThatMatter(model, rerunning(session, () => session.evaluate(target))) }
}

/** One entry of `models`, as the contract lays it down. */
export function entry(target: string, model: ModelTree, torchVersion: string, fileName: string): Record<string, unknown> {
  const counts = countModel(model)
  return {
    target, place: model.place, class: model.type, certainty: model.certainty,
    parameters: counts.parameters, trainableParameters: counts.trainableParameters, bufferElements: counts.bufferElements,
    bytes: { parameters: counts.parameterBytes, buffers: counts.bufferBytes, total: counts.totalBytes },
    stateDictFileBytes: stateDictFileBytes(model, { torchVersion, fileName }),
    byLayerType: model.certainty === 'unknown' ? [] : counts.byLayerType,
    stateDict: model.certainty === 'unknown' ? null : model.stateDict?.map(({ name, tensor, kind }) => ({ name, shape: tensor.shape, dtype: tensor.dtype, kind, place: tensor.place })) ?? null,
    recipes: model.certainty === 'unknown' ? [] : runRecipes(model, { torchVersion, fileName }),
    assuming: model.assuming,
    unknown: model.unknown.map(({ place, reason }) => ({ place, reason })),
  }
}

function render(target: string, model: ModelTree, { torchVersion, saveAs, style }: { torchVersion: string, saveAs: string, style: Style }): string {
  const counts = countModel(model)
  const lines = [`${style.bold(printable(target))}  ${style.dim(printable(model.type))}`]
  const say = (label: string, figure: Figure, unit: 'bytes' | 'count') => lines.push(`  ${label.padEnd(22)} ${unit === 'bytes' ? formatFigure(figure) : figure.value === null ? 'unknown' : formatCount(figure.value)}${figure.certainty === 'exact' ? '' : style.yellow(`  ${figure.certainty}`)}`)
  if (model.certainty !== 'unknown') {
    say('parameters', counts.parameters, 'count')
    if (counts.trainableParameters.value !== counts.parameters.value) say('trainable', counts.trainableParameters, 'count')
    if (counts.bufferElements.value !== 0) say('buffers', counts.bufferElements, 'count')
    say('in memory', counts.totalBytes, 'bytes')
    const file = stateDictFileBytes(model, { torchVersion, fileName: saveAs })
    say('state_dict file', file, 'bytes')
    for (const { type, layers, parameters, bytes } of counts.byLayerType.slice(0, SHOWN_TYPES)) lines.push(style.dim(`    ${formatBytes(bytes).padStart(9)}  ${formatCount(parameters).padStart(12)}  ${String(layers).padStart(5)} x ${printable(type)}`))
    for (const recipe of runRecipes(model, { torchVersion, fileName: saveAs })) if (recipe.fileBytes.value !== null && recipe.fileBytes.certainty !== 'bounded') lines.push(`  ${recipe.recipe.padEnd(22)} ${formatFigure(recipe.fileBytes)}${style.dim(`  ${savingText(difference(file, recipe.fileBytes))}`)}`)
  }
  for (const text of model.assuming) lines.push(style.dim(`  assuming ${printable(text)}`))
  for (const { reason, place } of model.unknown) lines.push(style.yellow(`  ${model.certainty}: ${printable(reason)}${place ? ` (${printable(place.file)}:${String(place.range.start.line + 1)})` : ''}`))
  return lines.join('\n')
}

function savingText(saving: Figure): string {
  return saving.value === null ? '' : saving.value >= 0 ? `saves ${formatBytes(saving.value)}` : `adds ${formatBytes(-saving.value)}`
}
