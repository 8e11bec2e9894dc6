/**
 * A checkpoint is a pickled module instead of its state_dict.
 *
 * ## Why
 *
 * A pickled module names its classes by module and attribute: it loads only where the very same code stands in the very same place, and never with
 * `weights_only=True`. A state_dict is the tensors alone.
 *
 * ## Examples
 *
 * The module itself was saved:
 *
 * ```python reported with=m.pt:checkpoints/rules/module.pt
 * import torch
 * model = torch.load("m.pt", weights_only=False)
 * ```
 *
 * Its state_dict was saved:
 *
 * ```python clean with=m.pt:checkpoints/rules/lean.pt
 * import torch
 * model.load_state_dict(torch.load("m.pt", weights_only=True))
 * ```
 */

import { defineRule } from '../rule.ts'
import { loadedWith } from '../loaded-checkpoints.ts'

export const rule = defineRule({
  id: 'whole-module-pickle',
  severity: 'warning',
  category: 'checkpoint',
  subject: 'python',
  fix: 'none',
  messages: {
    found: '`{file}` holds {what}: it loads only beside the code that made it, and not with weights_only',
  },
  check(context) {
    for (const { load, finding, name } of loadedWith(context.facts, 'whole-module-pickle')) {
      context.report({ message: 'found', data: { what: finding.what, file: name }, range: load.argument, ...(finding.saving ? { saving: finding.saving } : {}) })
    }
  },
})
