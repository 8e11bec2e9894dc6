/** An analysis that followed every edit answers as one that has never seen another text: the same findings, hints, lenses and hovers. */

import { expect, test } from 'vitest'
import { followEdits } from '../support/follow-edits.ts'

/** Two analyses of 16 texts: some seconds alone, a minute beside other work. */
const timeout = 180_000

test('answers after edits are those of the text alone', { timeout }, async () => {
  for await (const { text, followed, fresh } of followEdits([1], 16)) expect(followed, text).toEqual(fresh)
})
