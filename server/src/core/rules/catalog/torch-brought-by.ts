/**
 * A requirement that brings torch although the file does not name it.
 *
 * ## Why
 *
 * `easyocr` or `sentence-transformers` looks small and installs 4.7 GB of torch with CUDA on Linux. Naming torch beside it, from the CPU index, is what makes it small.
 *
 * ## Examples
 *
 * ```requirements reported
 * easyocr==1.7.2
 * ```
 *
 * ```requirements clean
 * --extra-index-url https://download.pytorch.org/whl/cpu
 * torch==2.13.0
 * easyocr==1.7.2
 * ```
 */

import { formatFigure } from '../../measure/format.ts'
import { estimateInstall } from '../../packages/install-estimate.ts'
import { torchIndexVariant } from '../../manifests/index-url.ts'
import { defineRule } from '../rule.ts'

/** Packages that require torch without an extra. */
const BRINGS = new Set([
  'easyocr', 'sentence-transformers', 'ultralytics', 'timm', 'openai-whisper', 'accelerate', 'pytorch-lightning', 'lightning', 'open-clip-torch', 'torchmetrics', 'peft', 'bitsandbytes', 'segmentation-models-pytorch',
  'kornia', 'stanza', 'flair', 'speechbrain', 'facenet-pytorch', 'lpips', 'torch-geometric', 'bertopic', 'keybert', 'unstructured-inference', 'fastai', 'botorch', 'gpytorch', 'pyannote-audio', 'demucs', 'vllm', 'xformers',
])

export const rule = defineRule({
  id: 'torch-brought-by',
  severity: 'information',
  category: 'install',
  subject: 'manifest',
  fix: 'none',
  messages: { brings: '{name} brings torch{bytes}' },
  check(context) {
    const manifest = context.facts.manifest()
    if (!manifest || /lock$/.test(manifest.kind) || manifest.kind === 'constraints') return
    const { requirements } = manifest
    for (const requirement of requirements) {
      if (!BRINGS.has(requirement.key) || requirement.idiom === 'conda') continue
      const same = (command: number | undefined) => command === requirement.command
      if (requirements.some((one) => one.key === 'torch' && (same(one.command) || (one.command ?? 0) < (requirement.command ?? 0))) || manifest.indexes.some((index) => same(index.command) && torchIndexVariant(index.url) === 'cpu')) continue
      if (context.facts.manifestsAround().some((other) => !/lock$/.test(other.kind) && other.requirements.some((one) => one.key === 'torch'))) continue
      const bytes = estimateInstall({ key: 'torch', specifier: '', platform: 'linux-x86_64' })?.together.installed
      context.report({ message: 'brings', data: { name: requirement.name, bytes: bytes === undefined || bytes.value === null ? '' : `, ${formatFigure(bytes)} with its CUDA packages on Linux` }, range: requirement.nameRange, ...(bytes ? { saving: bytes } : {}) })
    }
  },
})
