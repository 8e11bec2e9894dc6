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

import { defineRule } from '../rule.ts'

/** Distribution -> import name. */
const TRAINING = new Map([
  ['tensorboard', 'tensorboard'], ['wandb', 'wandb'], ['mlflow', 'mlflow'], ['optuna', 'optuna'], ['deepspeed', 'deepspeed'], ['comet-ml', 'comet_ml'], ['neptune', 'neptune'], ['tensorboardx', 'tensorboardX'],
  ['jupyter', 'jupyter'], ['jupyterlab', 'jupyterlab'], ['notebook', 'notebook'],
])

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
    const candidates = manifest.requirements.filter((one) => !one.dev && one.group === 'main' && TRAINING.has(one.key))
    if (candidates.length === 0) return
    const use = context.facts.torchUse()
    if (!use.isComplete || !use.imports.has('torch')) return
    for (const requirement of candidates) {
      const module = TRAINING.get(requirement.key)!
      if (use.imports.has(module) || use.named.has(module) || (requirement.key === 'tensorboard' && use.named.has('SummaryWriter'))) continue
      // `from torch.utils.tensorboard import SummaryWriter` needs it without naming it as an import.
      if (requirement.key === 'tensorboard' && use.mentionsTensorboard) continue
      context.report({
        message: 'training', data: { name: requirement.name }, range: requirement.nameRange,
        fixes: requirement.removal ? [{ title: `Remove ${requirement.name}`, safety: 'unsafe', edits: [{ file: context.file, range: requirement.removal, newText: '' }] }] : [],
      })
    }
  },
})
