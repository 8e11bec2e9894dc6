/** An analysis that followed every edit answers as one that has never seen another text: the same findings, hints, lenses and hovers. */

import { expect, test } from 'vitest'
import { followEdits } from '../support/follow-edits.ts'

test('answers after edits are those of the text alone', async () => {
  for await (const { text, followed, fresh } of followEdits([1], 16)) expect(followed, text).toEqual(fresh)
})
