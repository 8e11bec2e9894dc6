/**
 * A checkpoint on disk does not fit the model that it is loaded into: `load_state_dict` will raise.
 *
 * ## Why
 *
 * The error comes when the program runs, often after minutes of setting up, or on the machine that it is deployed to. Names that are missing from the file,
 * names that the model does not have, and tensors of another shape are known before: from the source of the model and the directory of the file.
 * Nothing is said where the model, the file, its path or what the code does with the names is not known exactly; with `strict=False` only shapes count.
 * Where it hangs on the default of an option (`args.hidden`), that is named, and it is information: who runs the program may give another value.
 *
 * ## Examples
 *
 * The file holds the weights of a layer with 64 inputs:
 *
 * ```python reported with=m.pt:checkpoints/rules/lean.pt
 * import torch
 * import torch.nn as nn
 *
 * model = nn.Linear(3, 4)
 * model.load_state_dict(torch.load("m.pt", weights_only=True))
 * ```
 *
 * With `strict=False` names may differ:
 *
 * ```python clean with=m.pt:checkpoints/rules/lean.pt
 * import torch
 * import torch.nn as nn
 *
 * model = nn.Sequential()
 * model.load_state_dict(torch.load("m.pt", weights_only=True), strict=False)
 * ```
 *
 * The program expects that it may fail:
 *
 * ```python clean with=m.pt:checkpoints/rules/lean.pt
 * import torch
 * import torch.nn as nn
 *
 * model = nn.Linear(3, 4)
 * try:
 *     model.load_state_dict(torch.load("m.pt", weights_only=True))
 * except RuntimeError:
 *     print("starting anew")
 * ```
 */

import type { Expression } from '../../syntax/ast.ts'
import { walk } from '../../syntax/walk.ts'
import type { Position } from '../../text/range.ts'
import type { Facts } from '../facts.ts'
import { defineRule } from '../rule.ts'

/** Names that a message lists of each kind. */
const maxListed = 4

export const rule = defineRule({
  id: 'state-dict-mismatch',
  severity: 'error',
  category: 'checkpoint',
  subject: 'python',
  fix: 'none',
  messages: {
    found: '`{file}` does not fit {type}: {what}',
    assumed: 'with {assuming}, `{file}` does not fit {type}: {what}',
  },
  check(context) {
    const { facts } = context
    if (!context.text.includes('load_state_dict')) return
    for (const { place, type, files, isUndecided, missing, unexpected, misfits, assuming } of facts.faults().refused) {
      if (place.file !== facts.file || (isUndecided && !isUnderExistence(facts, place.range.start))) continue
      const what = [
        ...(misfits.length ? [`${count(misfits, 'tensor')} of another shape (${listed(misfits, '; ')})`] : []),
        ...(missing.length ? [`${String(missing.length)} missing (${listed(missing.map(quoted), ', ')})`] : []),
        ...(unexpected.length ? [`${String(unexpected.length)} unexpected (${listed(unexpected.map(quoted), ', ')})`] : []),
      ].join(', ')
      context.report({
        message: assuming.length > 0 ? 'assumed' : 'found',
        // Whoever runs it may give another value.
        ...(assuming.length > 0 ? { atMost: 'information' } : {}),
        data: { assuming: assuming.join(', '), file: files.map((path) => path.slice(path.lastIndexOf('/') + 1)).join(', '), type: type.slice(type.lastIndexOf('.') + 1), what },
        range: place.range,
      })
    }
  },
})

/** Whether the branch asks for nothing but that a file is there, which it is. */
function isUnderExistence(facts: Facts, position: Position): boolean {
  const source = facts.source()
  if (!source) return false
  const at = source.lines.offset(position)
  let asks = true
  let depth = 0
  walk(source.body, (node) => {
    if (at < node.start || node.end <= at) return 'skip'
    if (node.kind === 'function') { asks = true; depth = 0 }
    if (node.kind === 'while' || node.kind === 'for' || node.kind === 'match' || node.kind === 'conditional') asks = false
    if (node.kind === 'if') {
      depth += 1
      const [first] = node.branches
      asks &&= first !== undefined && first.body.some((one) => one.start <= at && at < one.end) && isExistence(first.test)
    }
    return undefined
  })
  return asks && depth > 0
}

function isExistence(test: Expression): boolean {
  return test.kind === 'call' && test.callee.kind === 'attribute' && /^(?:exists|isfile|is_file)$/.test(test.callee.name.id)
}

function count(list: readonly string[], noun: string): string {
  return `${String(list.length)} ${noun}${list.length === 1 ? '' : 's'}`
}

function quoted(name: string): string {
  return `\`${name}\``
}

function listed(list: readonly string[], separator: string): string {
  return list.slice(0, maxListed).join(separator) + (list.length > maxListed ? `${separator}and ${String(list.length - maxListed)} more` : '')
}
