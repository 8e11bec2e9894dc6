/** What the generated catalog is made of: a rule and its page. */

import type { Rule } from './rule.ts'

export interface RuleEntry {
  readonly rule: Rule
  readonly page: {
    /** One sentence without its full stop. */
    readonly summary: string
    /** docs/rules/<id>.md as it stands there, without the generated head. */
    readonly markdown: string
  }
}
