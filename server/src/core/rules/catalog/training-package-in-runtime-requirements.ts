/**
 * Packages for training and watching it, in requirements that are shipped, where no code outside of training imports them.
 *
 * ## Why
 *
 * tensorboard, wandb and the like bring hundreds of megabytes to a service that only predicts.
 *
 * ## Examples
 *
 * ```requirements reported with=app.py:manifests/code/cpu.py
 * torch==2.13.0
 * tensorboard==2.18.0
 * ```
 *
 * ```requirements clean with=app.py:manifests/code/cpu.py file=requirements-dev.txt
 * torch==2.13.0
 * tensorboard==2.18.0
 * ```
 */

import { trainingModules } from '../../footprint/torch-signs.ts'
import { defineRule } from '../rule.ts'

export const rule = defineRule({
  id: 'training-package-in-runtime-requirements',
  severity: 'information',
  category: 'install',
  subject: 'manifest',
  fix: 'unsafe',
  messages: { training: '{name} is for training or for a notebook, and no Python file here imports it' },
  check(context) {
    const manifest = context.facts.manifest()
    if (!manifest || !/^(?:requirements|pyproject|pipfile|setup-cfg)$/.test(manifest.kind)) return
    const candidates = manifest.requirements.filter((one) => !one.dev && one.group === 'main' && trainingModules.has(one.key))
    if (candidates.length === 0) return
    const use = context.facts.relatedTorchUse()
    if (!use.isComplete || !use.imports.has('torch')) return
    for (const requirement of candidates) {
      const module = trainingModules.get(requirement.key)!
      // A string may import it as well: `report_to="wandb"`.
      if (use.imports.has(module) || use.names(module)) continue
      context.report({
        message: 'training', data: { name: requirement.name }, range: requirement.nameRange,
        fixes: requirement.removal ? [{ title: `Remove ${requirement.name}`, safety: 'unsafe', edits: [{ file: context.file, range: requirement.removal, newText: '' }] }] : [],
      })
    }
  },
})
