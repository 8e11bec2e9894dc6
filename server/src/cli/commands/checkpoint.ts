/** `torch-footprint checkpoint FILE...`: what is in a weights file, to the byte. Loads no tensor and runs nothing. */

import { isAbsolute, resolve } from 'node:path'
import { readCheckpoint } from '../../core/checkpoint/read-checkpoint.ts'
import type { Checkpoint } from '../../core/checkpoint/checkpoint.ts'
import { whatIf } from '../../core/checkpoint/what-if.ts'
import { newestRelease, parseRelease, type TorchRelease } from '../../core/checkpoint/torch-release.ts'
import { formatBytes, formatCount, formatFigure } from '../../core/measure/format.ts'
import { isFailure } from '../../core/ports.ts'
import { createDiskFiles } from '../../host/disk-files.ts'
import { discoverEnvironment } from '../../host/environments.ts'
import { inflate } from '../../host/inflate.ts'
import { currentMachine } from '../../host/interpreters.ts'
import { installedTorchVersion } from '../../host/torch-version.ts'
import { defineCommand, UsageError, type CommandContext, type CommandResult, type InputProblem, type Style } from '../command.ts'
import * as schema from '../schema.ts'
import { printable } from '../printable.ts'

const sizes = schema.nullable(schema.list(schema.nullable(schema.count)))
const part = schema.object({ name: schema.text, dtype: schema.text, shape: sizes, bytes: schema.nullable(schema.count), storage: schema.nullable(schema.text) })
const tensor = schema.object(
  { name: schema.text, dtype: schema.text, shape: sizes, stride: schema.nullable(schema.list(schema.count)), bytes: schema.nullable(schema.count), storage: schema.nullable(schema.text), role: schema.oneOf('weights', 'optimizer', 'ema', 'other') },
  { layout: schema.text, class: schema.text, parts: schema.list(part), file: schema.text },
)

export const checkpointSchema: schema.Schema = schema.object({
  file: schema.text, format: schema.text, fileBytes: schema.count, bytesRead: schema.count, torchVersionHint: schema.nullable(schema.text), alignment: schema.nullable(schema.count),
  tensors: schema.nullable(schema.list(tensor)),
  storages: schema.list(schema.object({ key: schema.text, dtype: schema.text, device: schema.text, bytes: schema.count, reachableBytes: schema.count })),
  anatomy: schema.list(schema.object({ part: schema.oneOf('weights', 'optimizer', 'ema', 'other-tensors', 'unreachable', 'pickle', 'code', 'container', 'padding', 'unknown'), bytes: schema.count })),
  kind: schema.oneOf('state_dict', 'whole-module', 'training-checkpoint', 'torchscript', 'tensor', 'other'),
  globals: schema.list(schema.text),
  weightsOnly: schema.object({ loads: schema.nullable(schema.flag), needs: schema.list(schema.text), why: schema.text }),
  dangerousGlobals: schema.list(schema.object({ name: schema.text, why: schema.text })),
  whatIf: schema.list(schema.object({ action: schema.oneOf('drop-optimizer', 'drop-ema', 'materialise-views', 'float16', 'bfloat16', 'dynamic-int8'), fileBytes: schema.figure })),
  problems: schema.list(schema.object({ severity: schema.oneOf('error', 'warning'), message: schema.text }, { offset: schema.count })),
  metadata: schema.map(schema.text),
})

export const command = defineCommand({
  name: 'checkpoint',
  summary: 'what is in a weights file, to the byte; never loads tensors, never runs anything',
  targets: { usage: 'FILE...', description: 'weights files: .pt .pth .bin .ckpt .safetensors .pt2 and their indexes' },
  schema: { torchVersion: schema.text, checkpoints: schema.list(checkpointSchema) },
  run(context) {
    return readAll(context)
  },
})

function readAll(context: CommandContext): CommandResult {
  if (context.targets.length === 0) throw new UsageError('name at least one weights file')
  const files = createDiskFiles()
  const release = releaseInForce(context)
  const problems: InputProblem[] = []
  const checkpoints: ({ readonly file: string } & Checkpoint)[] = []
  context.targets.forEach((target, index) => {
    context.progress(index, context.targets.length, target)
    const name = (isAbsolute(target) ? target : resolve(context.cwd, target)).replaceAll('\\', '/')
    const source = files.open(name)
    if (isFailure(source)) {
      problems.push({ input: target, message: source.message })
      return
    }
    const reading = readCheckpoint(source, { name, inflate, release, files })
    source.close()
    const checkpoint = { ...reading.checkpoint, whatIf: whatIf(reading, name) }
    checkpoints.push({ file: target, ...checkpoint })
    if (checkpoint.tensors === null) problems.push({ input: target, message: checkpoint.problems.find(({ severity }) => severity === 'error')?.message ?? 'its tensors could not be read' })
  })
  return {
    document: { torchVersion: release.text, checkpoints },
    text: (style) => checkpoints.map((checkpoint) => render(checkpoint, style)).join('\n\n'),
    problems,
  }
}

/** The version that `--torch-version` names, else the installed one, else the newest that is known here. */
export function releaseInForce(context: CommandContext): TorchRelease {
  const { torchVersion, sitePackages, python } = context.common
  if (torchVersion !== undefined) {
    const release = parseRelease(torchVersion)
    if (!release) throw new UsageError(`--torch-version ${torchVersion} is not a version`)
    return release
  }
  const files = createDiskFiles()
  const absolute = (path: string): string => (isAbsolute(path) ? path : resolve(context.cwd, path)).replaceAll('\\', '/')
  const found = discoverEnvironment(files, { sitePackages: sitePackages.map(absolute), ...(python === undefined ? {} : { python: absolute(python) }), startFolders: [absolute('.')], machine: { ...currentMachine(), variables: context.environment } })
  const version = 'kind' in found ? undefined : installedTorchVersion(files, found.location.sitePackages)
  return (version === undefined ? undefined : parseRelease(version)) ?? newestRelease
}

/** Rows of the tensor table that people see; `--json` has all of them. */
const shownTensors = 20

function render(checkpoint: { readonly file: string } & Checkpoint, style: Style): string {
  const { tensors, weightsOnly } = checkpoint
  const lines = [`${style.bold(printable(checkpoint.file))}  ${formatBytes(checkpoint.fileBytes)}  ${style.dim(`${checkpoint.format}, ${checkpoint.kind.replace('_', ' ')}`)}`]
  for (const { part: name, bytes } of checkpoint.anatomy) {
    const share = checkpoint.fileBytes === 0 ? 0 : bytes / checkpoint.fileBytes
    lines.push(`${formatBytes(bytes).padStart(10)}  ${`${(share * 100).toFixed(1)}%`.padStart(6)}  ${name}`)
  }
  if (tensors) {
    lines.push('', style.dim(tensors.length === 1 ? '1 tensor' : `${formatCount(tensors.length)} tensors`))
    const largest = [...tensors].sort((a, b) => (b.bytes ?? 0) - (a.bytes ?? 0)).slice(0, shownTensors)
    for (const { name, dtype, shape, bytes, role } of largest) {
      lines.push(`${(bytes === null ? 'unknown' : formatBytes(bytes)).padStart(10)}  ${printable(name)}  ${style.dim(`${dtype} [${shape?.map((size) => size ?? '?').join(', ') ?? '?'}]${role === 'weights' ? '' : ` ${role}`}`)}`)
    }
    if (tensors.length > largest.length) lines.push(style.dim(`            and ${formatCount(tensors.length - largest.length)} more`))
  }
  const answer = weightsOnly.loads === null ? style.dim('does not apply') : weightsOnly.loads ? style.green('loads') : style.red('fails')
  lines.push('', `weights_only=True: ${answer}: ${printable(weightsOnly.why)}`)
  if (weightsOnly.needs.length > 0) lines.push(`  needs ${weightsOnly.needs.slice(0, shownTensors).map(printable).join(', ')}`)
  for (const { name, why } of checkpoint.dangerousGlobals) lines.push(`${style.red('dangerous')} ${printable(name)}: ${printable(why)}`)
  for (const { action, fileBytes } of checkpoint.whatIf) lines.push(`${formatFigure(fileBytes).padStart(10)}  after ${action}`)
  for (const problem of checkpoint.problems) lines.push(`${problem.severity === 'error' ? style.red('error') : style.yellow('warning')} ${printable(problem.message)}${problem.offset === undefined ? '' : style.dim(` (offset ${String(problem.offset)})`)}`)
  return lines.join('\n')
}
