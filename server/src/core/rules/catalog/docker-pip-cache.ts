/**
 * A RUN line that installs torch and leaves pip's download cache in the layer.
 *
 * ## Why
 *
 * The wheels stay beside what was unpacked from them: up to 3 GB that nothing reads again.
 *
 * ## Examples
 *
 * ```dockerfile reported
 * FROM python:3.12-slim
 * RUN pip install torch==2.13.0
 * ```
 *
 * ```dockerfile clean
 * FROM python:3.12-slim
 * RUN pip install --no-cache-dir torch==2.13.0
 * ```
 *
 * ```dockerfile clean
 * FROM python:3.12-slim
 * RUN --mount=type=cache,target=/root/.cache/pip pip install torch==2.13.0
 * ```
 */

import { sum, unknown } from '../../measure/figure.ts'
import { formatFigure } from '../../measure/format.ts'
import { optionWords, type DockerManifest } from '../../manifests/dockerfile.ts'
import { torchFamily } from '../../manifests/manifest.ts'
import { buildInForce } from '../../manifests/build-in-force.ts'
import { folderOf, joinPath, readRequirementTree } from '../../manifests/read-manifest.ts'
import { readRequirementsFile } from '../../manifests/requirements-file.ts'
import { estimateInstall } from '../../packages/install-estimate.ts'
import { defineRule } from '../rule.ts'

export const rule = defineRule({
  id: 'docker-pip-cache',
  severity: 'warning',
  category: 'install',
  subject: 'manifest',
  fix: 'safe',
  messages: { cache: '{tool} leaves its download cache in this layer{bytes}' },
  check(context) {
    const manifest = context.facts.manifest()
    if (manifest?.kind !== 'dockerfile') return
    const docker = manifest as DockerManifest
    for (const [number, command] of docker.commands.entries()) {
      if ((command.tool !== 'pip' && command.tool !== 'uv-pip') || command.hasCacheMount) continue
      const variables = docker.variables[command.stage] ?? new Map<string, string>()
      const option = command.tool === 'pip' ? '--no-cache-dir' : '--no-cache'
      const isOff = command.options.some((one) => one.name === '--no-cache-dir' || one.name === '--no-cache' || (one.name === '--cache-dir' && /^(?:false|off|\/tmp)/.test(one.value)))
        || isSet(variables.get('PIP_NO_CACHE_DIR')) && command.tool === 'pip' || isSet(variables.get('UV_NO_CACHE')) && command.tool === 'uv-pip'
      // The same RUN may wipe the cache itself.
      const run = context.text.slice(context.lines.offset(command.instruction.start), context.lines.offset(command.instruction.end))
      if (isOff || /pip\S*\s+cache\s+purge|uv\s+cache\s+clean|rm\s+-\w*r\w*\s+\S*\.cache/.test(run)) continue
      // A stage that only builds for another one leaves nothing behind.
      const stage = docker.stages[command.stage]
      if (command.stage < docker.stages.length - 1 && stage && docker.copies.some((copy) => copy.from === stage.name || copy.from === String(command.stage)) && !docker.stages.some((other) => other.base === stage.name)) continue
      const own = docker.requirements.filter((one) => one.command === number)
      const included = docker.includes.filter((one) => one.command === number).flatMap((include) => {
        const path = joinPath(folderOf(docker.file), include.path.replace(/^\/(?:app|src|code|tmp)\//, ''))
        const text = context.facts.files.readText(path, 4_000_000)
        return typeof text === 'string' ? readRequirementTree(context.facts.files, readRequirementsFile(path, text)).manifests.flatMap((one) => one.requirements) : []
      })
      const family = [...own, ...included].filter((one) => torchFamily.has(one.key))
      if (family.length === 0) continue
      const torch = family.find((one) => one.key === 'torch') ?? family[0]!
      const { variant } = buildInForce(docker, { ...torch, command: number }, [])
      const estimated = variant === 'unknown' ? undefined : estimateInstall({ key: torch.key, specifier: torch.specifier.replace(/\+\w+/, ''), platform: 'linux-x86_64', ...(variant === 'default' ? {} : { variant }) })
      const bytes = estimated ? sum([estimated.together.download]) : unknown('the version is not in the table')
      context.report({
        message: 'cache', data: { tool: command.tool === 'pip' ? 'pip' : 'uv', bytes: bytes.value === null ? '' : ` (${formatFigure(bytes)})` }, range: command.range, saving: bytes,
        fixes: [{ title: `Add ${option}`, safety: 'safe', edits: [{ file: context.file, range: command.insertAt, newText: optionWords(command, option) }] }],
      })
    }
  },
})

function isSet(value: string | undefined): boolean {
  return value !== undefined && !/^(?:0|false|no|off)?$/i.test(value)
}
