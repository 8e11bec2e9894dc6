/**
 * A checkpoint stores the same tensor more than once.
 *
 * ## Why
 *
 * Tied weights are written once as long as they share their storage. A copy, a `.clone()` or a conversion unties them, and the file holds them twice.
 * `torch-footprint slim` ties them again. Told from the checksums in the archive; buffers that are all zeros or all ones are no copies.
 *
 * ## Examples
 *
 * The head repeats the embedding:
 *
 * ```python reported with=m.pt:checkpoints/rules/duplicates.pt
 * import torch
 * weights = torch.load("m.pt")
 * ```
 *
 * No two are alike:
 *
 * ```python clean with=m.pt:checkpoints/rules/lean.pt
 * import torch
 * weights = torch.load("m.pt")
 * ```
 */

import { defineRule } from '../rule.ts'
import { loadedWith } from '../loaded-checkpoints.ts'

export const rule = defineRule({
  id: 'duplicate-tensors',
  severity: 'warning',
  category: 'checkpoint',
  subject: 'python',
  fix: 'none',
  messages: {
    found: '`{file}` holds {what}',
  },
  check(context) {
    for (const { load, finding, name } of loadedWith(context.facts, 'duplicate-tensors')) {
      context.report({ message: 'found', data: { what: finding.what, file: name }, range: load.argument, ...(finding.saving ? { saving: finding.saving } : {}) })
    }
  },
})
