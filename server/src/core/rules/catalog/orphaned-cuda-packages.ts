/**
 * A manifest that pins CUDA packages of another torch than the one it asks for, or beside a CPU build.
 *
 * ## Why
 *
 * Left over from `pip freeze` after a switch: nothing loads them, and they have up to 3 GB. What is left over in an environment, `torch-footprint env` lists.
 *
 * ## Examples
 *
 * ```requirements reported
 * --extra-index-url https://download.pytorch.org/whl/cpu
 * torch==2.6.0+cpu
 * nvidia-cublas-cu12==12.4.5.8
 * ```
 *
 * ```requirements reported
 * torch==2.6.0
 * nvidia-cublas-cu11==11.10.3.66
 * ```
 *
 * ```requirements clean
 * torch==2.6.0
 * nvidia-cublas-cu12==12.4.5.8
 * ```
 */

import { formatFigure } from '../../measure/format.ts'
import { buildInForce } from '../../manifests/build-in-force.ts'
import { isAcceleratorPackage } from '../../packages/categories.ts'
import { broughtBy } from '../../packages/torch-brings.ts'
import { pinnedVersion } from '../../packages/torch-releases.ts'
import { wheelSize } from '../../packages/wheel-sizes.ts'
import { defineRule } from '../rule.ts'

/** Packages that load CUDA libraries themselves: beside one, a library may be theirs. */
const OTHER_USERS = /^(?:tensorflow.*|jax.*|cupy.*|onnxruntime-gpu|paddlepaddle.*|numba.*|ctranslate2|faster-whisper|vllm|tensorrt.*|xformers|bitsandbytes|nvidia-dali.*)$/

export const rule = defineRule({
  id: 'orphaned-cuda-packages',
  severity: 'warning',
  category: 'install',
  subject: 'manifest',
  fix: 'unsafe',
  messages: { orphan: 'torch {torch} does not use {name}{bytes}' },
  check(context) {
    const manifest = context.facts.manifest()
    if (!manifest || /lock$/.test(manifest.kind) || manifest.kind === 'constraints') return
    const torch = manifest.requirements.find((one) => one.key === 'torch' && one.idiom !== 'conda')
    const version = torch && pinnedVersion(torch.specifier)
    if (!torch || version === undefined || manifest.requirements.some((one) => OTHER_USERS.test(one.key))) return
    const { variant } = buildInForce(manifest, torch, context.facts.manifestsAround())
    const brought = variant === 'cpu' ? [] : variant === 'default' ? broughtBy(version) : undefined
    if (!brought) return
    const own = new Set(brought.map((one) => one.key))
    for (const requirement of manifest.requirements) {
      if (!isAcceleratorPackage(requirement.key) || own.has(requirement.key) || requirement.idiom === 'conda') continue
      const suffix = /-cu(\d+)$/.exec(requirement.key)?.[0]
      // Another CUDA's suffix is proof; a library without one may be asked for by something else.
      if (variant !== 'cpu' && (suffix === undefined || [...own].some((key) => key.endsWith(suffix)))) continue
      const size = wheelSize(requirement.key, pinnedVersion(requirement.specifier) ?? '', 'linux-x86_64').download
      context.report({
        message: 'orphan', data: { torch: version, name: requirement.name, bytes: size.value === null ? '' : `: ${formatFigure(size)} to download` }, range: requirement.range, saving: size,
        fixes: requirement.removal ? [{ title: `Remove ${requirement.name}`, safety: 'unsafe', edits: [{ file: context.file, range: requirement.removal, newText: '' }] }] : [],
      })
    }
  },
})
