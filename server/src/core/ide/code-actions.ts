/** Quick fixes of the findings and of the unknowns at a place, and the fixes that would be wrong there, disabled with their reason. */

import { overlaps, type Range } from '../text/range.ts'
import type { CodeAction } from './answers.ts'
import type { Facts } from '../rules/facts.ts'
import type { RuleAnswers } from '../rules/run-rules.ts'
import { assumeActions } from './assume-actions.ts'

export function codeActions(facts: Facts, answers: RuleAnswers, range: Range): readonly CodeAction[] {
  const fixes = answers.findings.filter((finding) => overlaps(finding.range, range)).flatMap((finding) =>
    finding.fixes.map((fix, index): CodeAction => ({
      title: fix.title, kind: 'quickfix', rule: finding.rule, edits: fix.edits, ...(index === 0 && fix.safety === 'safe' ? { preferred: true } : {}),
    })))
  const declined = answers.declined.filter((decline) => overlaps(decline.range, range))
    .map((decline): CodeAction => ({ title: decline.title, kind: 'quickfix', rule: decline.rule, edits: [], disabled: decline.reason }))
  return [...fixes, ...assumeActions(facts, range), ...declined]
}
