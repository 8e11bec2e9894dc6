/**
 * A checkpoint that is named for inference is saved with the state of its optimizer.
 *
 * ## Why
 *
 * A file called `best`, `final` or `export` is what gets deployed. Adam's state makes it three times its model; going on with training needs a file of its own.
 *
 * ## Examples
 *
 * The best model, times three:
 *
 * ```python reported
 * import torch
 * torch.save({"model": model.state_dict(), "optimizer": optimizer.state_dict()}, "best_model.pt")
 * ```
 *
 * Only the model:
 *
 * ```python clean
 * import torch
 * torch.save({"model": model.state_dict()}, "best_model.pt")
 * ```
 *
 * A file for going on:
 *
 * ```python clean
 * import torch
 * torch.save({"model": model.state_dict(), "optimizer": optimizer.state_dict()}, "last.pt")
 * ```
 */

import { findSaves } from '../saved-objects.ts'
import { defineRule } from '../rule.ts'

export const rule = defineRule({
  id: 'saves-training-state-for-inference',
  severity: 'hint',
  category: 'checkpoint',
  subject: 'python',
  fix: 'none',
  messages: {
    found: '`{key}` is saved into `{path}`: inference does not need it',
  },
  check(context) {
    for (const { object, kind, path, optimizerKey } of findSaves(context.facts)) {
      if (kind !== 'training-state' || path === undefined || optimizerKey === undefined) continue
      if (!/(^|[^a-z])(best|final|export\w*|deploy\w*|inference|release|prod\w*)([^a-z]|$)/i.test(path.slice(path.lastIndexOf('/') + 1))) continue
      context.report({ message: 'found', data: { key: optimizerKey, path }, range: context.facts.source()!.range(object) })
    }
  },
})
