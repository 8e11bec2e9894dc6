/**
 * A manifest that brings the CUDA build of torch to a workspace whose code never touches a GPU.
 *
 * The whole workspace is looked at: `.cuda()`, `"cuda"` as a device, `torch.cuda` beyond questions such as `is_available()`, devices chosen at run time,
 * libraries that take a GPU by themselves, CUDA base images and GPU reservations. One sign is enough for silence.
 *
 * ## Why
 *
 * On Linux, PyPI serves the CUDA build: about 2.7 GB to download and 4.7 GB on disk for torch 2.13, where the CPU build has 0.2 GB and 0.7 GB.
 *
 * ## Examples
 *
 * ```requirements reported with=app.py:manifests/code/cpu.py
 * torch==2.13.0
 * ```
 *
 * The code may use a GPU:
 *
 * ```requirements clean with=app.py:manifests/code/cuda.py
 * torch==2.13.0
 * ```
 *
 * The CPU index is there already:
 *
 * ```requirements clean with=app.py:manifests/code/cpu.py
 * --extra-index-url https://download.pytorch.org/whl/cpu
 * torch==2.13.0
 * ```
 */

import { estimateInstall } from '../../packages/install-estimate.ts'
import { difference, type Figure } from '../../measure/figure.ts'
import { formatFigure } from '../../measure/format.ts'
import { appliesToLinux, buildInForce, constraintOf } from '../../manifests/build-in-force.ts'
import { cpuIndexFix, hasCpuBuild } from '../../manifests/cpu-index-fix.ts'
import { indexedFamily, type ManifestRequirement } from '../../manifests/manifest.ts'
import { pinnedVersion } from '../../packages/torch-releases.ts'
import { defineRule } from '../rule.ts'

export const rule = defineRule({
  id: 'cuda-wheel-for-cpu-code',
  severity: 'warning',
  category: 'install',
  subject: 'manifest',
  fix: 'unsafe',
  messages: {
    cuda: '{name} brings the CUDA build, but no code here touches a GPU ({files} looked at){saving}',
  },
  check(context) {
    const manifest = context.facts.manifest()
    if (!manifest || manifest.requirements.every((one) => !indexedFamily.has(one.key)) || /lock$/.test(manifest.kind) || manifest.kind === 'constraints') return
    const use = context.facts.relatedTorchUse()
    if (use.cuda.length > 0 || !use.isComplete || !(use.imports.has('torch') || use.imports.has('torchvision') || use.imports.has('torchaudio'))) return
    const around = context.facts.manifestsAround()
    const reported = new Set<number | undefined>()
    for (const requirement of firstOfFamily(manifest.requirements)) {
      if (reported.has(requirement.command) || !appliesToLinux(requirement) || !hasCpuBuild(requirement)) continue
      const { variant } = buildInForce(manifest, requirement, around)
      if (variant !== 'default' && !/^cu/.test(variant)) continue
      reported.add(requirement.command)
      const saving = savingOf(requirement)
      const usesUv = manifest.tool === 'uv' || around.some((other) => other.kind === 'uv-lock' || other.workspaceSources !== undefined)
      // An index or a local version that asks for CUDA was a decision: it is told, not undone.
      const fix = variant === 'default' || variant === 'cuda' ? cpuIndexFix(manifest, context.text, requirement, { usesUv, isConstrained: pinnedVersion(constraintOf(manifest, requirement, around) ?? '') !== undefined }) : { refusal: `it asks for ${variant} by name` }
      context.report({
        message: 'cuda',
        data: { name: requirement.name, files: use.pythonFiles === 1 ? '1 Python file' : `${String(use.pythonFiles)} Python files`, saving: saving.value === null ? '' : `; the CPU build saves ${formatFigure(saving)} on disk` },
        range: requirement.nameRange,
        saving,
        ...('edits' in fix ? { fixes: [{ title: 'Take torch from the CPU index', safety: 'unsafe', edits: fix.edits }] } : { refusal: fix.refusal }),
      })
    }
  },
})

/** torch itself where it is asked for, else a companion that brings it; per command of a Dockerfile. */
function firstOfFamily(requirements: readonly ManifestRequirement[]): readonly ManifestRequirement[] {
  const family = requirements.filter((one) => indexedFamily.has(one.key))
  return [...family.filter((one) => one.key === 'torch'), ...family.filter((one) => one.key !== 'torch')]
}

function savingOf(requirement: ManifestRequirement): Figure {
  if (requirement.idiom === 'conda') return { value: null, certainty: 'unknown', reason: 'the table holds wheels, not conda packages' }
  const question = { key: 'torch', specifier: requirement.key === 'torch' ? requirement.specifier.replace(/\+\w+/, '') : '', platform: 'linux-x86_64' } as const
  const now = estimateInstall(question)
  const then = estimateInstall({ ...question, variant: 'cpu' })
  return now && then ? difference(now.together.installed, then.together.installed) : { value: null, certainty: 'unknown', reason: 'the version is not in the table' }
}
