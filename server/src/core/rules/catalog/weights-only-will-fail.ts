/**
 * A checkpoint holds what `weights_only=True` refuses to load.
 *
 * ## Why
 *
 * From 2.6 on `weights_only=True` is the default of `torch.load`. It builds tensors and plain containers; every other class must be allow-listed by name
 * with `torch.serialization.add_safe_globals`. The message names exactly those that this file needs with the PyTorch in use.
 *
 * ## Examples
 *
 * A Decimal is not on the list:
 *
 * ```python reported with=m.pt:checkpoints/rules/needs.pt
 * import torch
 * state = torch.load("m.pt", weights_only=True)
 * ```
 *
 * It is loaded as a whole pickle:
 *
 * ```python clean with=m.pt:checkpoints/rules/needs.pt
 * import torch
 * state = torch.load("m.pt", weights_only=False)
 * ```
 *
 * It is allow-listed:
 *
 * ```python clean with=m.pt:checkpoints/rules/needs.pt
 * import decimal
 * import torch
 * torch.serialization.add_safe_globals([decimal.Decimal])
 * state = torch.load("m.pt", weights_only=True)
 * ```
 */

import { defineRule } from '../rule.ts'
import { isListable, loadedWith, weightsOnlyOf } from '../loaded-checkpoints.ts'

export const rule = defineRule({
  id: 'weights-only-will-fail',
  severity: 'error',
  category: 'checkpoint',
  subject: 'python',
  fix: 'none',
  messages: {
    needs: '`weights_only=True` will not load `{file}`: allow-list {needs} with torch.serialization.add_safe_globals',
    refused: '`weights_only=True` will not load `{file}`: {why}',
  },
  check(context) {
    const { facts } = context
    // Who allow-lists anything knows of it; whether the list is complete is then theirs to see.
    if (/\b(?:add_)?safe_globals\b/.test(facts.source()?.text ?? '')) return
    for (const { load, name, checkpoint } of loadedWith(facts, 'weights-only-will-fail')) {
      if (load.function !== 'torch.load' || weightsOnlyOf(facts, load.call).value !== true) continue
      const { needs, why } = checkpoint.weightsOnly
      if (isListable(checkpoint)) context.report({ message: 'needs', data: { file: name, needs: needs.slice(0, 6).join(', ') + (needs.length > 6 ? ` and ${String(needs.length - 6)} more` : '') }, range: load.argument })
      else context.report({ message: 'refused', data: { file: name, why }, range: load.argument })
    }
  },
})
