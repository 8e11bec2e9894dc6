/**
 * A line of a manifest that no installer can read, or an include that leads nowhere or in a circle.
 *
 * ## Why
 *
 * pip stops at the first such line, and everything after it is not installed.
 *
 * ## Examples
 *
 * ```requirements reported
 * torch==2.13.0
 * numpy=>1.26
 * ```
 *
 * ```requirements reported
 * -r requirements.txt
 * ```
 *
 * ```requirements clean
 * torch==2.13.0
 * -e ./library
 * ```
 */

import { readRequirementTree } from '../../manifests/read-manifest.ts'
import { defineRule } from '../rule.ts'

export const rule = defineRule({
  id: 'unreadable-requirement',
  severity: 'warning',
  category: 'install',
  subject: 'manifest',
  fix: 'none',
  messages: { unreadable: 'this cannot be read: {why}', include: '{why}' },
  check(context) {
    const manifest = context.facts.manifest()
    if (!manifest) return
    for (const problem of manifest.problems) if (problem.message !== '') context.report({ message: 'unreadable', data: { why: problem.message }, range: problem.range })
    if (manifest.kind !== 'requirements' && manifest.kind !== 'constraints') return
    for (const problem of readRequirementTree(context.facts.files, manifest).problems) context.report({ message: 'include', data: { why: problem.message }, range: problem.range })
  },
})
