/**
 * Weights that are one in the model are saved as if they were several: safetensors refuses them, and copies made for saving are written once for each name.
 *
 * ## Why
 *
 * A tied tensor (`head.weight = embed.weight`) stands in the state_dict under every name, over one storage. `torch.save` writes a storage once, however many names it has;
 * `.half()`, `.clone()` and the like give every name a storage of its own, and the file holds the same numbers twice: cast the model, not its entries.
 * `safetensors.torch.save_file` raises `RuntimeError: Some tensors share memory`; `safetensors.torch.save_model` keeps one name, and `load_model` ties again.
 *
 * ## Examples
 *
 * safetensors raises:
 *
 * ```python reported
 * import torch.nn as nn
 * from safetensors.torch import save_file
 *
 * model = nn.ModuleDict({"embed": nn.Embedding(100, 8), "head": nn.Linear(8, 100, bias=False)})
 * model["head"].weight = model["embed"].weight
 * save_file(model.state_dict(), "model.safetensors")
 * ```
 *
 * The embedding is in the file twice:
 *
 * ```python reported
 * import torch
 * import torch.nn as nn
 *
 * model = nn.ModuleDict({"embed": nn.Embedding(100, 8), "head": nn.Linear(8, 100, bias=False)})
 * model["head"].weight = model["embed"].weight
 * torch.save({name: tensor.half() for name, tensor in model.state_dict().items()}, "model.pt")
 * ```
 *
 * The model is cast as a whole, and stays tied:
 *
 * ```python clean
 * import torch
 * import torch.nn as nn
 *
 * model = nn.ModuleDict({"embed": nn.Embedding(100, 8), "head": nn.Linear(8, 100, bias=False)})
 * model["head"].weight = model["embed"].weight
 * torch.save(model.half().state_dict(), "model.pt")
 * ```
 */

import { formatBytes } from '../../measure/format.ts'
import { exact } from '../../measure/figure.ts'
import { defineRule } from '../rule.ts'

/** Names of one tensor that a message lists, and tensors. */
const maxNames = 3
const maxGroups = 2

export const rule = defineRule({
  id: 'tied-weights-broken-by-save',
  severity: 'warning',
  category: 'checkpoint',
  subject: 'python',
  fix: 'none',
  messages: {
    refused: '{tensors}: safetensors refuses tensors that share memory; `save_model` keeps one name',
    twice: '{tensors}: the copies are saved once for each name, {bytes} more than needed',
  },
  check(context) {
    const { facts } = context
    if (!/\bsave/.test(context.text)) return
    for (const { place, how, groups, bytes, assuming } of facts.faults().shared) {
      if (place.file !== facts.file) continue
      const tensors = groups.slice(0, maxGroups).map((names) => `${list(names)} are one tensor`).join('; ') + (groups.length > maxGroups ? `; and ${String(groups.length - maxGroups)} more` : '')
      context.report({
        message: how, range: place.range,
        data: { tensors: assuming.length > 0 ? `with ${assuming.join(', ')}, ${tensors}` : tensors, bytes: formatBytes(bytes, facts.settings.units) },
        ...(assuming.length > 0 ? { atMost: 'information' } : {}),
        ...(how === 'twice' ? { saving: exact(bytes) } : {}),
      })
    }
  },
})

function list(names: readonly string[]): string {
  const shown = names.slice(0, maxNames).map((name) => `\`${name}\``)
  return names.length > maxNames ? `${shown.join(', ')} and ${String(names.length - maxNames)} more` : `${shown.slice(0, -1).join(', ')} and ${shown.at(-1) ?? ''}`
}
