/**
 * A large checkpoint is read into memory before it is copied into the model.
 *
 * ## Why
 *
 * With `mmap=True` (from 2.1 on) torch maps the file instead: pages are read as they are copied, and the process never holds the model twice.
 *
 * ## Examples
 *
 * Larger than the limit:
 *
 * ```python reported torch=2.6.0 with=torch-footprint.toml:checkpoints/rules/mmap.toml with=m.pt:checkpoints/rules/lean.pt
 * import torch
 * weights = torch.load("m.pt")
 * ```
 *
 * It is mapped:
 *
 * ```python clean torch=2.6.0 with=torch-footprint.toml:checkpoints/rules/mmap.toml with=m.pt:checkpoints/rules/lean.pt
 * import torch
 * weights = torch.load("m.pt", mmap=True)
 * ```
 *
 * Small:
 *
 * ```python clean torch=2.6.0 with=m.pt:checkpoints/rules/lean.pt
 * import torch
 * weights = torch.load("m.pt")
 * ```
 */

import { isAtLeast, parseRelease } from '../../checkpoint/torch-release.ts'
import { formatBytes } from '../../measure/format.ts'
import { argumentFix, hasHiddenArguments, keyword, loadedCheckpoints } from '../loaded-checkpoints.ts'
import { defineRule } from '../rule.ts'

export const rule = defineRule({
  id: 'load-without-mmap',
  severity: 'hint',
  category: 'checkpoint',
  subject: 'python',
  fix: 'safe',
  messages: {
    found: '`{file}` has {bytes}: with mmap=True it is not held in memory twice',
  },
  options: { minimumBytes: { description: 'Files of this size and more are reported.', default: 500_000_000 } },
  check(context) {
    const { facts } = context
    const release = parseRelease(facts.torch().version)
    if (!release || !isAtLeast(release, 2, 1)) return
    for (const { load, name, checkpoint } of loadedCheckpoints(facts)) {
      if (load.function !== 'torch.load' || checkpoint.format !== 'torch-zip' || checkpoint.fileBytes < Number(context.option('minimumBytes'))) continue
      if (keyword(load.call, 'mmap') || hasHiddenArguments(load.call)) continue
      context.report({ message: 'found', data: { file: name, bytes: formatBytes(checkpoint.fileBytes, facts.settings.units) }, range: load.range, fixes: [argumentFix(facts, load.call, 'mmap', 'True', 'Load with mmap=True', 'safe')] })
    }
  },
})
