/**
 * `torch.save` is given a part of a tensor, and writes all of it.
 *
 * ## Why
 *
 * A slice is a view: it shares the storage of the tensor it was cut from, and `torch.save` writes storages whole. `.clone()` makes a storage of its own.
 *
 * ## Examples
 *
 * Ten rows of ten thousand:
 *
 * ```python reported
 * import torch
 * table = torch.zeros(10000, 64)
 * torch.save(table[:10], "rows.pt")
 * ```
 *
 * A storage of its own:
 *
 * ```python clean
 * import torch
 * table = torch.zeros(10000, 64)
 * torch.save(table[:10].clone(), "rows.pt")
 * ```
 *
 * A row in a dict:
 *
 * ```python reported
 * import torch
 * table = torch.zeros(10000, 64)
 * torch.save({"row": table[5], "step": 3}, "row.pt")
 * ```
 *
 * All of it:
 *
 * ```python clean
 * import torch
 * table = torch.zeros(10000, 64)
 * torch.save(table[:], "table.pt")
 * ```
 *
 * All of it, and a part:
 *
 * ```python clean
 * import torch
 * table = torch.zeros(10000, 64)
 * torch.save({"table": table, "head": table[:10]}, "both.pt")
 * ```
 *
 * A slice of a list is a list:
 *
 * ```python clean
 * import torch
 * rows = [1, 2, 3]
 * torch.save(rows[:2], "rows.pt")
 * ```
 */

import { findSaves } from '../saved-objects.ts'
import { defineRule } from '../rule.ts'

export const rule = defineRule({
  id: 'saves-view',
  severity: 'warning',
  category: 'checkpoint',
  subject: 'python',
  fix: 'safe',
  messages: {
    found: '`{text}` is a view: the whole of `{base}` is written. `.clone()` writes only the part',
  },
  check(context) {
    for (const { object, kind, base } of findSaves(context.facts)) {
      if (kind !== 'view') continue
      const source = context.facts.source()!
      const end = source.lines.position(object.end)
      context.report({
        message: 'found', data: { text: source.textOf(object).slice(0, 60), base: base ?? '' }, range: source.range(object),
        fixes: [{ title: 'Clone it', safety: 'safe', edits: [{ file: context.file, range: { start: end, end }, newText: '.clone()' }] }],
      })
    }
  },
})
