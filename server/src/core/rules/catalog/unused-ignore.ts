/**
 * A `# footprint:` comment that silences nothing, names no rule that exists, assumes nothing, or cannot be read.
 *
 * ## Why
 *
 * An ignore that outlives its finding hides the next one on that line. A mistyped comment hides nothing, and looks as if it did.
 *
 * ## Examples
 *
 * The line has no such finding:
 *
 * ```python reported
 * import torch  # footprint: ignore[missing-checkpoint]
 * ```
 *
 * There is no rule of that name:
 *
 * ```python reported
 * import torch  # footprint: ignore[no-such-rule]
 * ```
 *
 * An assumption needs a name and a value:
 *
 * ```python reported
 * # footprint: assume hidden
 * hidden = load_settings()
 * ```
 *
 * Text in a string is no comment:
 *
 * ```python clean
 * text = "# footprint: ignore[missing-checkpoint]"
 * ```
 */

import { defineRule } from '../rule.ts'

export const rule = defineRule({
  id: 'unused-ignore',
  severity: 'information',
  category: 'comment',
  subject: 'python',
  fix: 'safe',
  messages: {
    unused: 'there is no `{rule}` finding here to ignore',
    unknown: 'there is no rule `{rule}`',
    unreadable: 'this comment says nothing: {problem}',
  },
  // What is unused is known only after all other rules: run-rules.ts reports it.
  check: () => undefined,
})
