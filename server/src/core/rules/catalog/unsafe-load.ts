/**
 * `torch.load` may run code from the file, although this file does not need it.
 *
 * ## Why
 *
 * Without `weights_only=True` a checkpoint can call any function while it loads. True is the default from 2.6 on; before, it has to be said. Where the
 * file on disk loads with `weights_only=True`, the fix says so; where it does not, the finding names what would have to be allow-listed.
 *
 * ## Examples
 *
 * The file does not need it:
 *
 * ```python reported with=m.pt:checkpoints/rules/lean.pt
 * import torch
 * state = torch.load("m.pt", weights_only=False)
 * ```
 *
 * The default of old versions:
 *
 * ```python reported torch=2.5.1 with=m.pt:checkpoints/rules/lean.pt
 * import torch
 * weights = torch.load("m.pt")
 * ```
 *
 * The default of new versions:
 *
 * ```python clean torch=2.6.0 with=m.pt:checkpoints/rules/lean.pt
 * import torch
 * weights = torch.load("m.pt")
 * ```
 *
 * It is said:
 *
 * ```python clean torch=2.5.1 with=m.pt:checkpoints/rules/lean.pt
 * import torch
 * state = torch.load("m.pt", weights_only=True)
 * ```
 */

import { argumentFix, isListable, loadedCheckpoints, weightsOnlyOf } from '../loaded-checkpoints.ts'
import { defineRule } from '../rule.ts'

export const rule = defineRule({
  id: 'unsafe-load',
  severity: 'warning',
  category: 'checkpoint',
  subject: 'python',
  fix: 'safe',
  messages: {
    plain: '`{file}` may run code while it loads, and loads just as well with weights_only=True',
    needs: '`{file}` may run code while it loads; with weights_only=True it needs {needs} allow-listed',
    unread: 'a file that is loaded so may run code: say weights_only=True',
  },
  check(context) {
    const { facts } = context
    for (const load of facts.loads()) {
      if (load.function !== 'torch.load' || weightsOnlyOf(facts, load.call).value !== false) continue
      const loaded = loadedCheckpoints(facts).find((one) => one.load === load)
      if (!loaded) {
        context.report({ message: 'unread', range: load.range })
        continue
      }
      const { checkpoint, name } = loaded
      // A dangerous file and a pickled module have rules of their own.
      if (checkpoint.dangerousGlobals.length > 0 || checkpoint.format === 'torchscript' || loaded.reading.content?.holdsModule === true) continue
      if (checkpoint.weightsOnly.loads === true) context.report({ message: 'plain', data: { file: name }, range: load.range, fixes: [argumentFix(facts, load.call, 'weights_only', 'True', 'Load with weights_only=True', 'safe')] })
      else if (isListable(checkpoint)) context.report({ message: 'needs', data: { file: name, needs: checkpoint.weightsOnly.needs.slice(0, 6).join(', ') }, range: load.range })
    }
  },
})
