/** `torch-footprint slim IN -o OUT`: writes a smaller checkpoint. Never in place; OUT is complete or untouched. */

import { basename, isAbsolute, resolve } from 'node:path'
import type { Role } from '../../core/checkpoint/checkpoint.ts'
import { readCheckpoint } from '../../core/checkpoint/read-checkpoint.ts'
import { planSlim, refuseSlim, type SlimFormat, type SlimPlan } from '../../core/checkpoint/slim-plan.ts'
import { newestRelease } from '../../core/checkpoint/torch-release.ts'
import { formatBytes, formatCount } from '../../core/measure/format.ts'
import { isFailure } from '../../core/ports.ts'
import { createDiskFiles } from '../../host/disk-files.ts'
import { findDuplicates } from '../../host/find-duplicates.ts'
import { inflate } from '../../host/inflate.ts'
import { writeSlim } from '../../host/write-slim.ts'
import { defineCommand, UsageError, type CommandContext, type CommandResult, type Style } from '../command.ts'
import { printable } from '../printable.ts'
import * as schema from '../schema.ts'

const noted = schema.list(schema.object({ name: schema.text, why: schema.text, bytes: schema.count }))

export const command = defineCommand({
  name: 'slim',
  summary: 'write a smaller checkpoint: only the weights, views without the rest of their storage, repeated tensors once',
  targets: { usage: 'IN', description: 'the checkpoint to read; it is never changed' },
  options: [
    { name: 'output', short: 'o', value: 'OUT', description: 'the file to write (required)' },
    { name: 'dtype', value: 'TYPE', choices: ['float32', 'float16', 'bfloat16'], description: 'cast wider floating point tensors to this type (round to nearest even)' },
    { name: 'format', value: 'FORMAT', choices: ['torch', 'safetensors'], description: 'default: by the ending of OUT, else torch' },
    { name: 'keep', value: 'ROLE', repeatable: true, choices: ['optimizer', 'ema', 'other'], description: 'keep these tensors too' },
    { name: 'keep-views', description: 'keep whole storages, also what no tensor reaches' },
    { name: 'keep-duplicates', description: 'write repeated tensors as often as they stand there' },
  ],
  schema: {
    input: schema.text, output: schema.nullable(schema.text), inputBytes: schema.count, outputBytes: schema.nullable(schema.count), format: schema.oneOf('torch', 'safetensors'),
    tensors: schema.count, dropped: noted, overflowed: schema.list(schema.object({ name: schema.text, values: schema.count })),
  },
  run(context) {
    return slim(context)
  },
})

interface Document {
  readonly [member: string]: unknown
  readonly input: string
  readonly output: string | null
  readonly inputBytes: number
  readonly outputBytes: number | null
  readonly format: SlimFormat
  readonly tensors: number
  readonly dropped: SlimPlan['dropped']
  readonly overflowed: readonly { readonly name: string, readonly values: number }[]
}

async function slim(context: CommandContext): Promise<CommandResult> {
  const [target, ...others] = context.targets
  const named = context.value('output')
  if (target === undefined || others.length > 0) throw new UsageError('name one checkpoint to read')
  if (named === undefined || named === '') throw new UsageError('name the file to write with -o OUT')
  const absolute = (path: string): string => (isAbsolute(path) ? path : resolve(context.cwd, path)).replaceAll('\\', '/')
  const input = absolute(target)
  const output = absolute(named)
  const files = createDiskFiles()
  if ((files.realPath(output) ?? output) === (files.realPath(input) ?? input)) throw new UsageError('OUT is the checkpoint itself: slim never writes in place')
  const format: SlimFormat = (context.value('format') as SlimFormat | undefined) ?? (output.endsWith('.safetensors') ? 'safetensors' : 'torch')
  const source = files.open(input)
  const refused = (reason: string, inputBytes: number): CommandResult => ({
    document: { input: target, output: null, inputBytes, outputBytes: null, format, tensors: 0, dropped: [], overflowed: [] } satisfies Document,
    text: () => '', problems: [{ input: target, message: reason }],
  })
  if (isFailure(source)) return refused(source.message, 0)
  const { checkpoint, content } = readCheckpoint(source, { name: input, inflate, release: newestRelease, files })
  source.close()
  const broken = checkpoint.problems.find(({ severity }) => severity === 'error')
  const refusal = broken?.message ?? refuseSlim(checkpoint.format, checkpoint.kind, content)
  if (refusal !== undefined || content === null) return refused(refusal ?? 'its tensors cannot be read', checkpoint.fileBytes)
  const drop = new Set<Role>(['optimizer', 'ema', 'other'])
  for (const role of context.values('keep')) drop.delete(role as Role)
  // A file of nothing but unnamed tensors has no weights to tell apart: then they are what is kept.
  if (!content.named.some(({ role }) => role === 'weights')) drop.delete('other')
  const options = { drop, materialise: !context.flag('keep-views'), dtype: context.value('dtype') as 'float16' | undefined, format, root: rootOf(output) }
  const draft = planSlim(content, options)
  if (draft.kind === 'refusal') return refused(draft.reason, checkpoint.fileBytes)
  const sameAs = context.flag('keep-duplicates') ? new Map<string, string>() : findDuplicates(input, draft.storages)
  const plan = sameAs.size === 0 ? draft : planSlim(content, options, sameAs)
  if (plan.kind === 'refusal') return refused(plan.reason, checkpoint.fileBytes)
  const cancel = new AbortController()
  const stop = (): void => { cancel.abort() }
  process.once('SIGINT', stop)
  process.once('SIGTERM', stop)
  try {
    const { bytes, overflowed } = await writeSlim(input, output, plan, (done, total) => { context.progress(done, total, basename(output)) }, cancel.signal)
    const document: Document = {
      input: target, output: named, inputBytes: checkpoint.fileBytes, outputBytes: bytes, format, tensors: plan.tensors, dropped: plan.dropped,
      overflowed: Array.from(overflowed, ([name, values]) => ({ name, values })),
    }
    return { document, text: (style) => render(document, style) }
  } catch (error) {
    return refused(`${named} was not written: ${error instanceof Error ? error.message : String(error)}`, checkpoint.fileBytes)
  } finally {
    process.off('SIGINT', stop)
    process.off('SIGTERM', stop)
  }
}

/** The folder inside the archive, as torch.save names it: the file name without its last extension. */
function rootOf(path: string): string {
  const name = path.slice(path.lastIndexOf('/') + 1)
  const dot = name.lastIndexOf('.')
  return dot > 0 ? name.slice(0, dot) : name === '' || name === '.' ? 'archive' : name
}

/** Dropped values that are listed by name for people. */
const shown = 12

function render(document: Document, style: Style): string {
  const { inputBytes, outputBytes, dropped, overflowed } = document
  const lines = [`${style.bold(printable(document.output ?? ''))}  ${formatBytes(outputBytes ?? 0)}  ${style.dim(`was ${formatBytes(inputBytes)}; ${formatCount(document.tensors)} tensors, ${document.format}`)}`]
  for (const { name, why, bytes } of dropped.slice(0, shown)) lines.push(`  left out ${printable(name)}${bytes > 0 ? ` (${formatBytes(bytes)})` : ''}: ${printable(why)}`)
  if (dropped.length > shown) lines.push(style.dim(`  and ${formatCount(dropped.length - shown)} more`))
  for (const { name, values } of overflowed) lines.push(style.yellow(`  ${printable(name)}: ${formatCount(values)} values are too large for the new type and became infinite`))
  return lines.join('\n')
}
