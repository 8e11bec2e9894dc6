/**
 * torchvision, torchaudio or torchtext that is asked for and never imported, by name or by a string that could import it.
 *
 * ## Why
 *
 * The three are often installed as a trio out of habit. Each brings its own libraries, and its version must follow that of torch for nothing.
 *
 * ## Examples
 *
 * ```requirements reported with=app.py:manifests/code/cpu.py
 * torch==2.13.0
 * torchvision==0.28.0
 * ```
 *
 * ```requirements clean with=app.py:manifests/code/vision.py
 * torch==2.13.0
 * torchvision==0.28.0
 * ```
 */

import { formatFigure } from '../../measure/format.ts'
import { estimateInstall } from '../../packages/install-estimate.ts'
import { unknown } from '../../measure/figure.ts'
import type { ManifestRequirement } from '../../manifests/manifest.ts'
import { defineRule } from '../rule.ts'

const COMPANIONS = new Set(['torchvision', 'torchaudio', 'torchtext'])
/** Packages that import a companion although the workspace does not. */
const NEEDS_VISION = /^(?:timm|ultralytics|easyocr|segmentation-models-pytorch|kornia|lightly|facenet-pytorch|clip|open-clip-torch|detectron2|torchmetrics|fastai|albumentations|lpips|effdet|super-gradients|mmcv|mmdet|basicsr|gfpgan|realesrgan|transformers|diffusers)$/

/** An extra that holds a companion and no torch is offered to those who ask for it: nobody has to import it here. */
function isOffered({ idiom, group, dev }: ManifestRequirement, all: readonly ManifestRequirement[]): boolean {
  return (idiom === 'pep621' || idiom === 'pip') && group !== 'main' && !dev && !all.some((other) => other.key === 'torch' && other.group === group)
}

export const rule = defineRule({
  id: 'unused-companion',
  severity: 'warning',
  category: 'install',
  subject: 'manifest',
  fix: 'unsafe',
  messages: {
    unused: 'no Python file here imports {name}{bytes}',
  },
  check(context) {
    const manifest = context.facts.manifest()
    if (!manifest || /lock$/.test(manifest.kind) || manifest.kind === 'constraints') return
    const companions = manifest.requirements.filter((one) => COMPANIONS.has(one.key))
    if (companions.length === 0) return
    const use = context.facts.relatedTorchUse()
    if (!use.isComplete || !use.imports.has('torch')) return
    const others = [...manifest.requirements, ...context.facts.manifestsAround().flatMap((other) => (/lock$/.test(other.kind) ? [] : other.requirements))]
    const isNeeded = others.some((other) => NEEDS_VISION.test(other.key))
    for (const requirement of companions) {
      if (use.imports.has(requirement.key) || use.names(requirement.key)) continue
      if (requirement.key === 'torchvision' && isNeeded) continue
      if (isOffered(requirement, manifest.requirements)) continue
      const alone = estimateInstall({ key: requirement.key, specifier: requirement.specifier.replace(/\+\w+/, ''), platform: 'linux-x86_64' })?.alone
      const figure = alone && alone.installed.value !== null ? alone.installed : alone?.download ?? unknown('the version is not in the table')
      context.report({
        message: 'unused',
        data: { name: requirement.name, bytes: figure.value === null ? '' : ` (${formatFigure(figure)})` },
        range: requirement.nameRange,
        saving: figure,
        fixes: requirement.removal ? [{ title: `Remove ${requirement.name}`, safety: 'unsafe', edits: [{ file: context.file, range: requirement.removal, newText: '' }] }] : [],
      })
    }
  },
})
