/**
 * A final image built on a CUDA `devel` image, which carries compilers and static libraries.
 *
 * ## Why
 *
 * `devel` images of PyTorch have 13 to 17 GB, `runtime` ones 6: the compiler is needed while building extensions, not while running. Build in an earlier stage.
 *
 * ## Examples
 *
 * ```dockerfile reported
 * FROM pytorch/pytorch:2.6.0-cuda12.4-cudnn9-devel
 * COPY app.py .
 * CMD ["python", "app.py"]
 * ```
 *
 * ```dockerfile clean
 * FROM pytorch/pytorch:2.6.0-cuda12.4-cudnn9-runtime
 * COPY app.py .
 * CMD ["python", "app.py"]
 * ```
 */

import type { DockerManifest } from '../../manifests/dockerfile.ts'
import { defineRule } from '../rule.ts'

export const rule = defineRule({
  id: 'docker-devel-base',
  severity: 'warning',
  category: 'install',
  subject: 'manifest',
  fix: 'unsafe',
  messages: { devel: '{image} ships compilers and static libraries to where the code only runs' },
  check(context) {
    const manifest = context.facts.manifest()
    if (manifest?.kind !== 'dockerfile') return
    const docker = manifest as DockerManifest
    let last = docker.stages.at(-1)
    for (let up = 0; last?.base !== undefined && up < 32; up++) last = docker.stages.find((one) => one.name === last!.base && one !== last)
    if (!last || !/(?:pytorch\/pytorch|nvidia\/cuda):\S*-devel/.test(last.image)) return
    // Something is compiled in the image: the compiler is there on purpose.
    if (/\b(?:nvcc|ninja|cmake|make|setup\.py|TORCH_CUDA_ARCH_LIST|flash-attn|flash_attn|apex|--no-build-isolation|build-essential|gcc|g\+\+|vllm|deepspeed|bitsandbytes|git\+)/.test(context.text)) return
    const newText = last.image.replace('-devel', '-runtime')
    context.report({
      message: 'devel', data: { image: last.image }, range: last.imageRange,
      fixes: context.text.includes(last.image) ? [{ title: 'Use the runtime image', safety: 'unsafe', edits: [{ file: context.file, range: last.imageRange, newText }] }] : [],
    })
  },
})
