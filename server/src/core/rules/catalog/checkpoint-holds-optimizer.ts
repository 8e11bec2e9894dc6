/**
 * A checkpoint that is loaded for its weights also holds the state of an optimizer.
 *
 * ## Why
 *
 * Adam keeps two numbers for every weight, so a training checkpoint is three times its model. A program that only infers ships, downloads and reads
 * all of it. `torch-footprint slim` writes the file without it. Programs that name the optimizer's key use it, and are left alone.
 *
 * ## Examples
 *
 * Two thirds of the file are Adam's:
 *
 * ```python reported with=m.pt:checkpoints/rules/optimizer.pt
 * import torch
 * model.load_state_dict(torch.load("m.pt", weights_only=True)["model"])
 * ```
 *
 * The optimizer goes on from it:
 *
 * ```python clean with=m.pt:checkpoints/rules/optimizer.pt
 * import torch
 * state = torch.load("m.pt", weights_only=True)
 * model.load_state_dict(state["model"])
 * optimizer.load_state_dict(state["optimizer"])
 * ```
 */

import { defineRule } from '../rule.ts'
import { loadedWith, mentionsKey, topKeys } from '../loaded-checkpoints.ts'

export const rule = defineRule({
  id: 'checkpoint-holds-optimizer',
  severity: 'warning',
  category: 'checkpoint',
  subject: 'python',
  fix: 'none',
  messages: {
    found: '`{file}` holds {what}, which nothing here uses: `torch-footprint slim` writes it without',
  },
  check(context) {
    for (const { load, finding, name, checkpoint } of loadedWith(context.facts, 'checkpoint-holds-optimizer')) {
      if (mentionsKey(context.facts, topKeys(checkpoint, 'optimizer'))) continue
      context.report({ message: 'found', data: { what: finding.what, file: name }, range: load.argument, ...(finding.saving ? { saving: finding.saving } : {}) })
    }
  },
})
