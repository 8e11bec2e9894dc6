/**
 * Loading a checkpoint would run code that no checkpoint needs.
 *
 * ## Why
 *
 * A pickle is a program: it can call any function by name while it loads. torch keeps a list of what weights need. What is on no such list, is no plain
 * constructor, no torch.nn class and no class of your own is named here with what it could do. With `weights_only=True` torch refuses such a file.
 *
 * ## Examples
 *
 * It calls a function while it loads:
 *
 * ```python reported with=m.pt:checkpoints/rules/dangerous.pt
 * import torch
 * model = torch.load("m.pt", weights_only=False)
 * ```
 *
 * Tensors and nothing else:
 *
 * ```python clean with=m.pt:checkpoints/rules/lean.pt
 * import torch
 * weights = torch.load("m.pt")
 * ```
 */

import { defineRule } from '../rule.ts'
import { loadedWith } from '../loaded-checkpoints.ts'

export const rule = defineRule({
  id: 'dangerous-pickle',
  severity: 'error',
  category: 'checkpoint',
  subject: 'python',
  fix: 'none',
  messages: {
    found: '`{file}` calls {what}',
  },
  check(context) {
    for (const { load, finding, name } of loadedWith(context.facts, 'dangerous-pickle')) {
      context.report({ message: 'found', data: { what: finding.what, file: name }, range: load.argument, ...(finding.saving ? { saving: finding.saving } : {}) })
    }
  },
})
