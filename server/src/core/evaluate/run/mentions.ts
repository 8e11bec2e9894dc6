/** Which names a function's own code speaks of, without running it. */

import type { PyFunction } from '../value.ts'
import type { Code } from './frame.ts'
import { storeAttribute } from './ops-load.ts'

export interface Mentions {
  /** Globals and attributes, of the functions within it too. */
  readonly names: ReadonlySet<string>
  readonly storesAttributes: boolean
}

const known = new WeakMap<Code, Mentions>()

export function mentionsOf(fn: PyFunction): Mentions {
  const code = fn.code as Code
  const before = known.get(code)
  if (before !== undefined) return before
  const names = new Set<string>()
  let storesAttributes = false
  const pending = [code]
  for (let one = pending.pop(); one !== undefined; one = pending.pop()) {
    const { instructions } = one
    for (const name of instructions.names) names.add(name)
    storesAttributes ||= instructions.ops.includes(storeAttribute)
    pending.push(...instructions.codes)
  }
  const mentions = { names, storesAttributes }
  known.set(code, mentions)
  return mentions
}
