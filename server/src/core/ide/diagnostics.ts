/** What is wrong or wasteful in one file: its rules, and the text that could not be parsed. Owns no check of its own. */

import type { Facts } from '../rules/facts.ts'
import type { RuleEntry } from '../rules/registry.ts'
import { type RuleAnswers, type RunOptions, runRules } from '../rules/run-rules.ts'
import type { Subject } from '../rules/rule.ts'

/** Which rules look at a file; undefined when none does. */
export function subjectOf(file: string): Subject | undefined {
  const name = file.slice(file.lastIndexOf('/') + 1)
  if (/\.pyw?$/.test(name)) return 'python'
  if (/^(?:[\w.-]*requirements[\w.-]*|constraints[\w.-]*)\.(?:txt|in)$/i.test(name)) return 'manifest'
  if (/^(?:pyproject\.toml|setup\.cfg|Pipfile|(?:environment|conda)[\w.-]*\.ya?ml|(?:[\w.-]*\.)?(?:Docker|Container)file|(?:Docker|Container)file\..+)$/i.test(name)) return 'manifest'
  return undefined
}

export function diagnostics(catalog: readonly RuleEntry[], facts: Facts, text: string, options: RunOptions = {}): RuleAnswers {
  const subject = subjectOf(facts.file)
  if (subject === undefined) return { findings: [], declined: [] }
  return runRules(catalog, { kind: subject, file: facts.file, text, facts }, facts.settings, options)
}
