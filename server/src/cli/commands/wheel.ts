/** `torch-footprint wheel FILE...`: what wheels on disk would download, install and require. Installs nothing. */

import { isAbsolute, resolve } from 'node:path'
import { formatBytes } from '../../core/measure/format.ts'
import { parseMetadata, requirementsOf } from '../../core/packages/metadata.ts'
import type { Requirement } from '../../core/packages/requirement.ts'
import { createDiskFiles } from '../../host/disk-files.ts'
import { readWheel } from '../../host/wheel-file.ts'
import { defineCommand, UsageError, type CommandContext, type CommandResult, type InputProblem } from '../command.ts'
import { printable } from '../printable.ts'
import * as schema from '../schema.ts'

export const command = defineCommand({
  name: 'wheel',
  summary: 'what a wheel file would download, install and require',
  targets: { usage: 'FILE...', description: 'wheels (.whl) on disk' },
  schema: {
    wheels: schema.list(schema.object({
      file: schema.text, name: schema.text, version: schema.text, downloadBytes: schema.count, installedBytes: schema.count, files: schema.count, requires: schema.list(schema.text),
    })),
  },
  run: readAll,
})

async function readAll(context: CommandContext): Promise<CommandResult> {
  if (context.targets.length === 0) throw new UsageError('name at least one wheel')
  const files = createDiskFiles()
  const problems: InputProblem[] = []
  const wheels: { file: string; name: string; version: string; downloadBytes: number; installedBytes: number; files: number; requires: string[] }[] = []
  for (const target of context.targets) {
    const path = isAbsolute(target) ? target : resolve(context.cwd, target)
    const stat = files.stat(path)
    const read = stat?.kind === 'file' ? await readWheel(path, stat.bytes) : { problem: stat ? 'it is no file' : 'it does not exist' }
    if ('problem' in read) {
      problems.push({ input: target, message: read.problem })
      continue
    }
    const metadata = parseMetadata(read.metadata)
    const { name, version } = metadata
    const { requires } = requirementsOf(metadata)
    wheels.push({ file: target, name, version, downloadBytes: read.downloadBytes, installedBytes: read.installedBytes, files: read.files, requires: requires.map(asWritten) })
  }
  return {
    document: { wheels },
    text: () => wheels.map((one) => [
      `${printable(one.name)} ${printable(one.version)}  ${formatBytes(one.downloadBytes)} to download, ${formatBytes(one.installedBytes)} installed, ${String(one.files)} files`,
      ...one.requires.map((requirement) => `  requires ${printable(requirement)}`),
    ].join('\n')).join('\n\n'),
    problems,
  }
}

function asWritten({ name, extras, specifier, url, markerText }: Requirement): string {
  return `${name}${extras.length ? `[${extras.join(',')}]` : ''}${url === undefined ? specifier : ` @ ${url}`}${markerText === undefined ? '' : `; ${markerText}`}`
}
