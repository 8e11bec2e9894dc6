/** Which names a function's own code speaks of, without running it. */

import type { PyFunction } from '../value.ts'
import type { Code } from './frame.ts'
import { deleteAttribute, storeAttribute } from './ops-load.ts'

export interface Mentions {
  /** Globals and attributes, of the functions within it too. */
  readonly names: ReadonlySet<string>
  /** Attributes, of whatever object, that are assigned. */
  readonly stored: ReadonlySet<string>
  readonly deleted: ReadonlySet<string>
}

const known = new WeakMap<Code, Mentions>()

export function mentionsOf(fn: PyFunction): Mentions {
  const code = fn.code as Code
  const before = known.get(code)
  if (before !== undefined) return before
  const [names, stored, deleted] = [new Set<string>(), new Set<string>(), new Set<string>()]
  const pending = [code]
  for (let one = pending.pop(); one !== undefined; one = pending.pop()) {
    const { instructions } = one
    for (const name of instructions.names) names.add(name)
    for (const [at, op] of instructions.ops.entries()) {
      if (op === storeAttribute) stored.add(instructions.names[instructions.args[at]!]!)
      else if (op === deleteAttribute) deleted.add(instructions.names[instructions.args[at]!]!)
    }
    pending.push(...instructions.codes)
  }
  const mentions = { names, stored, deleted }
  known.set(code, mentions)
  return mentions
}
