/** What is wrong or wasteful in one file: its rules, and the text that could not be parsed. Owns no check of its own. */

import { manifestKind } from '../manifests/manifest.ts'
import type { Facts } from '../rules/facts.ts'
import type { RuleEntry } from '../rules/registry.ts'
import { type RuleAnswers, type RunOptions, runRules } from '../rules/run-rules.ts'
import type { Subject } from '../rules/rule.ts'

/** Which rules look at a file; undefined when none does. */
export function subjectOf(file: string): Subject | undefined {
  if (/\.pyw?$/.test(file)) return 'python'
  const kind = manifestKind(file)
  // Lock files are read for what they decide; nobody mends them by hand.
  return kind === undefined || kind.endsWith('lock') ? undefined : 'manifest'
}

export function diagnostics(catalog: readonly RuleEntry[], facts: Facts, text: string, options: RunOptions = {}): RuleAnswers {
  // A requirements file may have any name, where another one includes it.
  const subject = subjectOf(facts.file) ?? (/\.(?:txt|in|pip)$/.test(facts.file) && facts.manifest() ? 'manifest' : undefined)
  if (subject === undefined) return { findings: [], declined: [] }
  return runRules(catalog, { kind: subject, file: facts.file, text, facts }, facts.settings, options)
}
