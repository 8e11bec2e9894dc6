/** Written by `npm run generate`; do not edit. */

import type { RuleEntry } from '../registry.ts'

export const rules: readonly RuleEntry[] = [
]
