/**
 * A checkpoint stores weights in double precision.
 *
 * ## Why
 *
 * Models run in float32 or less; float64 usually comes in with numpy, whose default it is. The file is twice what it needs to be, and so is the model in
 * memory until somebody casts it. `torch-footprint slim --dtype float32` halves it.
 *
 * ## Examples
 *
 * numpy's default:
 *
 * ```python reported with=m.pt:checkpoints/rules/double.pt
 * import torch
 * weights = torch.load("m.pt")
 * ```
 *
 * Single precision:
 *
 * ```python clean with=m.pt:checkpoints/rules/lean.pt
 * import torch
 * weights = torch.load("m.pt")
 * ```
 */

import { defineRule } from '../rule.ts'
import { loadedWith } from '../loaded-checkpoints.ts'

export const rule = defineRule({
  id: 'float64-weights',
  severity: 'warning',
  category: 'checkpoint',
  subject: 'python',
  fix: 'none',
  messages: {
    found: '`{file}` holds {what}: float32 takes half',
  },
  check(context) {
    for (const { load, finding, name } of loadedWith(context.facts, 'float64-weights')) {
      context.report({ message: 'found', data: { what: finding.what, file: name }, range: load.argument, ...(finding.saving ? { saving: finding.saving } : {}) })
    }
  },
})
