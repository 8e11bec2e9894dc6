/**
 * `torch.save` is given a module instead of its state_dict.
 *
 * ## Why
 *
 * The pickle then names the module's classes and depends on their code; it loads only beside it, and never with `weights_only=True`.
 * A state_dict is the tensors alone.
 *
 * ## Examples
 *
 * The model itself:
 *
 * ```python reported
 * import torch
 * from torch import nn
 * model = nn.Linear(2, 3)
 * torch.save(model, "m.pt")
 * ```
 *
 * Its tensors:
 *
 * ```python clean
 * import torch
 * from torch import nn
 * model = nn.Linear(2, 3)
 * torch.save(model.state_dict(), "m.pt")
 * ```
 */

import { findSaves } from '../saved-objects.ts'
import { defineRule } from '../rule.ts'

export const rule = defineRule({
  id: 'saves-whole-module',
  severity: 'warning',
  category: 'checkpoint',
  subject: 'python',
  fix: 'unsafe',
  messages: {
    found: '`{name}` is saved as a whole module: it loads only beside its code, and not with weights_only',
  },
  check(context) {
    for (const { object, kind } of findSaves(context.facts)) {
      if (kind !== 'module') continue
      const source = context.facts.source()!
      const end = source.lines.position(object.end)
      context.report({
        message: 'found', data: { name: source.textOf(object) }, range: source.range(object),
        fixes: [{ title: 'Save its state_dict', safety: 'unsafe', edits: [{ file: context.file, range: { start: end, end }, newText: '.state_dict()' }] }],
      })
    }
  },
})
