/**
 * A CUDA runtime base image under a torch that brings its own CUDA libraries.
 *
 * ## Why
 *
 * The wheels from PyPI carry cuBLAS, cuDNN and the rest: the copies in the image are 2 to 3 GB that torch never opens. A plain base image and the driver of the host are enough.
 *
 * ## Examples
 *
 * ```dockerfile reported
 * FROM nvidia/cuda:12.4.1-cudnn-runtime-ubuntu22.04
 * RUN pip install --no-cache-dir torch==2.6.0
 * ```
 *
 * ```dockerfile clean
 * FROM python:3.12-slim
 * RUN pip install --no-cache-dir torch==2.6.0
 * ```
 *
 * The `base` images hold no libraries:
 *
 * ```dockerfile clean
 * FROM nvidia/cuda:12.4.1-base-ubuntu22.04
 * RUN pip install --no-cache-dir torch==2.6.0
 * ```
 */

import { estimate } from '../../measure/figure.ts'
import { buildInForce } from '../../manifests/build-in-force.ts'
import type { DockerManifest } from '../../manifests/dockerfile.ts'
import { defineRule } from '../rule.ts'

export const rule = defineRule({
  id: 'docker-cuda-base-and-wheel',
  severity: 'warning',
  category: 'install',
  subject: 'manifest',
  fix: 'unsafe',
  messages: {
    twice: 'the CUDA libraries of {image} and those that torch brings are both in the image',
    image: '{image} holds torch already: installing it again adds a second copy',
  },
  check(context) {
    const manifest = context.facts.manifest()
    if (manifest?.kind !== 'dockerfile') return
    const docker = manifest as DockerManifest
    for (const requirement of docker.requirements) {
      if (requirement.key !== 'torch' || requirement.command === undefined || requirement.idiom === 'conda') continue
      const stage = docker.stages[docker.commands[requirement.command]!.stage]
      const root = stage && rootOf(docker, stage)
      if (!root) continue
      const { variant } = buildInForce(docker, requirement, [])
      const isCuda = variant === 'default' || /^cu/.test(variant)
      if (/(?:^|\/)nvidia\/cuda:\S*-runtime/.test(root.image) && isCuda) {
        const base = root.image.replace(/-cudnn\d*-runtime|-runtime/, '-base')
        context.report({
          message: 'twice', data: { image: root.image }, range: root.imageRange, saving: estimate(2_300_000_000, 'the CUDA libraries of a runtime image'),
          fixes: context.text.includes(root.image) ? [{ title: 'Use the base image without libraries', safety: 'unsafe', edits: [{ file: context.file, range: root.imageRange, newText: base }] }] : [],
        })
        return
      }
      if (/(?:^|\/)pytorch\/pytorch:/.test(root.image)) context.report({ message: 'image', data: { image: root.image }, range: requirement.range, fixes: requirement.removal && docker.requirements.filter((one) => one.command === requirement.command).length > 1 ? [{ title: 'Do not install torch again', safety: 'unsafe', edits: [{ file: context.file, range: requirement.removal, newText: '' }] }] : [] })
    }
  },
})

function rootOf(docker: DockerManifest, stage: DockerManifest['stages'][number]): DockerManifest['stages'][number] {
  let current = stage
  for (let up = 0; current.base !== undefined && up < 32; up++) current = docker.stages.find((one) => one.name === current.base) ?? current
  return current
}
