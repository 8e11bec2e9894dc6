/**
 * A checkpoint stores memory that none of its tensors covers.
 *
 * ## Why
 *
 * `torch.save` writes the whole storage behind a view: four rows of a large table keep the large table. `.clone()` before saving leaves the rest
 * behind; `torch-footprint slim` does the same to a file that is there already.
 *
 * ## Examples
 *
 * Four rows of four hundred:
 *
 * ```python reported with=m.pt:checkpoints/rules/view.pt
 * import torch
 * weights = torch.load("m.pt")
 * ```
 *
 * Every byte belongs to a tensor:
 *
 * ```python clean with=m.pt:checkpoints/rules/lean.pt
 * import torch
 * weights = torch.load("m.pt")
 * ```
 */

import { defineRule } from '../rule.ts'
import { loadedWith } from '../loaded-checkpoints.ts'

export const rule = defineRule({
  id: 'storage-outlives-view',
  severity: 'warning',
  category: 'checkpoint',
  subject: 'python',
  fix: 'none',
  messages: {
    found: '`{file}` holds {what}: it was saved from a view, without `.clone()`',
  },
  check(context) {
    for (const { load, finding, name } of loadedWith(context.facts, 'storage-outlives-view')) {
      context.report({ message: 'found', data: { what: finding.what, file: name }, range: load.argument, ...(finding.saving ? { saving: finding.saving } : {}) })
    }
  },
})
