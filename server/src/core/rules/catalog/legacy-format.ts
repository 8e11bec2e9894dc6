/**
 * A checkpoint is in a format that torch has not written since 1.6.
 *
 * ## Why
 *
 * The old stream cannot be mapped into memory (`mmap=True`) and must be read from its beginning; the archive that torch writes today can.
 * Saving it once more, or `torch-footprint slim`, converts it.
 *
 * ## Examples
 *
 * Written before 1.6:
 *
 * ```python reported with=m.pt:checkpoints/rules/legacy.pt
 * import torch
 * weights = torch.load("m.pt")
 * ```
 *
 * Written today:
 *
 * ```python clean with=m.pt:checkpoints/rules/lean.pt
 * import torch
 * weights = torch.load("m.pt")
 * ```
 */

import { defineRule } from '../rule.ts'
import { loadedWith } from '../loaded-checkpoints.ts'

export const rule = defineRule({
  id: 'legacy-format',
  severity: 'information',
  category: 'checkpoint',
  subject: 'python',
  fix: 'none',
  messages: {
    found: '`{file}` is in {what}: it cannot be loaded with mmap=True',
  },
  check(context) {
    for (const { load, finding, name } of loadedWith(context.facts, 'legacy-format')) {
      context.report({ message: 'found', data: { what: finding.what, file: name }, range: load.argument, ...(finding.saving ? { saving: finding.saving } : {}) })
    }
  },
})
