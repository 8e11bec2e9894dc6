/**
 * A Dockerfile that installs torch twice: first from PyPI with other requirements, then from the CPU index.
 *
 * ## Why
 *
 * The second line finds torch satisfied and changes nothing, or it replaces torch and leaves the CUDA packages of the first in an earlier layer.
 *
 * ## Examples
 *
 * ```dockerfile reported
 * FROM python:3.12-slim
 * RUN pip install --no-cache-dir torch==2.13.0 flask
 * RUN pip install --no-cache-dir --index-url https://download.pytorch.org/whl/cpu torch==2.13.0
 * ```
 *
 * ```dockerfile clean
 * FROM python:3.12-slim
 * RUN pip install --no-cache-dir --index-url https://download.pytorch.org/whl/cpu torch==2.13.0
 * RUN pip install --no-cache-dir flask
 * ```
 */

import { buildInForce } from '../../manifests/build-in-force.ts'
import type { DockerManifest } from '../../manifests/dockerfile.ts'
import { folderOf, joinPath, readRequirementTree } from '../../manifests/read-manifest.ts'
import { readRequirementsFile } from '../../manifests/requirements-file.ts'
import { indexedFamily } from '../../manifests/manifest.ts'
import { defineRule } from '../rule.ts'

/** Packages that bring torch with them. */
const BRINGS = /^(?:easyocr|sentence-transformers|ultralytics|timm|openai-whisper|accelerate|pytorch-lightning|lightning|open-clip-torch|torchmetrics)$/

export const rule = defineRule({
  id: 'docker-torch-before-index',
  severity: 'warning',
  category: 'install',
  subject: 'manifest',
  fix: 'none',
  messages: { late: 'torch is installed before, from PyPI (line {line}): this index comes too late' },
  check(context) {
    const manifest = context.facts.manifest()
    if (manifest?.kind !== 'dockerfile') return
    const docker = manifest as DockerManifest
    for (const [number, command] of docker.commands.entries()) {
      const torch = docker.requirements.find((one) => one.command === number && indexedFamily.has(one.key) && one.idiom === 'command')
      if (!torch || buildInForce(docker, torch, []).variant !== 'cpu') continue
      const earlier = docker.commands.findIndex((other, at) => at < number && other.stage === command.stage && bringsDefault(at))
      if (earlier >= 0) context.report({ message: 'late', data: { line: docker.commands[earlier]!.range.start.line + 1 }, range: command.range })
    }

    function bringsDefault(number: number): boolean {
      const own = docker.requirements.filter((one) => one.command === number && one.idiom === 'command')
      const included = docker.includes.filter((one) => one.command === number && one.role === 'requirements').flatMap((include) => {
        const path = joinPath(folderOf(docker.file), include.path)
        const text = context.facts.files.readText(path, 4_000_000)
        if (typeof text !== 'string') return []
        const read = readRequirementsFile(path, text)
        return readRequirementTree(context.facts.files, read).manifests.flatMap((one) => one.requirements.filter((requirement) => buildInForce(one, requirement, [docker]).variant === 'default'))
      })
      const all = [...own.filter((one) => buildInForce(docker, one, []).variant === 'default'), ...included]
      return all.some((one) => indexedFamily.has(one.key) || BRINGS.test(one.key))
    }
  },
})
