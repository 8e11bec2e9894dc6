/**
 * A checkpoint from a GPU is loaded without saying where to.
 *
 * ## Why
 *
 * Its tensors carry the device they were saved from. Without `map_location`, `torch.load` puts them back there: it fails on a machine without that device,
 * and takes GPU memory for a copy that `load_state_dict` throws away on one that has it.
 *
 * ## Examples
 *
 * Saved from `cuda:0`:
 *
 * ```python reported with=m.pt:checkpoints/rules/cuda.pt
 * import torch
 * weights = torch.load("m.pt")
 * ```
 *
 * It says where:
 *
 * ```python clean with=m.pt:checkpoints/rules/cuda.pt
 * import torch
 * weights = torch.load("m.pt", map_location="cpu")
 * ```
 *
 * Saved from the CPU:
 *
 * ```python clean with=m.pt:checkpoints/rules/lean.pt
 * import torch
 * weights = torch.load("m.pt")
 * ```
 */

import { argumentFix, hasHiddenArguments, keyword, loadedCheckpoints } from '../loaded-checkpoints.ts'
import { defineRule } from '../rule.ts'

export const rule = defineRule({
  id: 'load-without-map-location',
  severity: 'warning',
  category: 'checkpoint',
  subject: 'python',
  fix: 'unsafe',
  messages: {
    found: '`{file}` holds tensors of {device}: without map_location it loads only on a machine that has it',
  },
  check(context) {
    for (const { load, name, checkpoint } of loadedCheckpoints(context.facts)) {
      if (load.function !== 'torch.load' && load.function !== 'torch.jit.load') continue
      const device = checkpoint.storages.find((storage) => storage.device !== 'cpu' && storage.device !== 'meta')?.device
      if (device === undefined || keyword(load.call, 'map_location') || hasHiddenArguments(load.call) || load.call.args.filter(({ kind }) => kind === 'positional').length > 1) continue
      context.report({ message: 'found', data: { file: name, device }, range: load.range, fixes: [argumentFix(context.facts, load.call, 'map_location', "'cpu'", 'Load onto the CPU', 'unsafe')] })
    }
  },
})
