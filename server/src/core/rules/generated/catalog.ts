/** Written by `npm run generate`; do not edit. */

import { rule as unusedIgnore } from '../catalog/unused-ignore.ts'
import type { RuleEntry } from '../registry.ts'

export const rules: readonly RuleEntry[] = [
  { rule: unusedIgnore, page: { summary: 'A `# footprint:` comment that silences nothing, names no rule that exists, or cannot be read', markdown: '# unused-ignore\n\nA `# footprint:` comment that silences nothing, names no rule that exists, or cannot be read.\n\n## Why\n\nAn ignore that outlives its finding hides the next one on that line. A mistyped comment hides nothing, and looks as if it did.\n\n## Examples\n\nThe line has no such finding:\n\n```python\nimport torch  # footprint: ignore[missing-checkpoint]\n```\n\nThere is no rule of that name:\n\n```python\nimport torch  # footprint: ignore[no-such-rule]\n```\n\nText in a string is no comment:\n\n```python\ntext = "# footprint: ignore[missing-checkpoint]"\n```\n' } },
]
