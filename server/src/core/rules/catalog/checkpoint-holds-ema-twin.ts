/**
 * A checkpoint holds the weights twice: as they were trained and as their moving average.
 *
 * ## Why
 *
 * Averaged weights (EMA) are what inference uses; the trained ones are only for going on with training. A file with both is twice what either use needs.
 * Programs that name the key of the average choose between them, and are left alone.
 *
 * ## Examples
 *
 * Both are read, one is used:
 *
 * ```python reported with=m.pt:checkpoints/rules/ema.pt
 * import torch
 * model.load_state_dict(torch.load("m.pt", weights_only=True)["state_dict"])
 * ```
 *
 * The average is asked for:
 *
 * ```python clean with=m.pt:checkpoints/rules/ema.pt
 * import torch
 * model.load_state_dict(torch.load("m.pt", weights_only=True)["state_dict_ema"])
 * ```
 */

import { defineRule } from '../rule.ts'
import { loadedWith, mentionsKey, topKeys } from '../loaded-checkpoints.ts'

export const rule = defineRule({
  id: 'checkpoint-holds-ema-twin',
  severity: 'information',
  category: 'checkpoint',
  subject: 'python',
  fix: 'none',
  messages: {
    found: '`{file}` holds {what}: one of the two is enough for inference',
  },
  check(context) {
    for (const { load, finding, name, checkpoint } of loadedWith(context.facts, 'checkpoint-holds-ema-twin')) {
      if (mentionsKey(context.facts, topKeys(checkpoint, 'ema'))) continue
      context.report({ message: 'found', data: { what: finding.what, file: name }, range: load.argument, ...(finding.saving ? { saving: finding.saving } : {}) })
    }
  },
})
