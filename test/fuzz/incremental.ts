/** Follows random edits for as long as it is let: `npx tsx test/fuzz/incremental.ts [first seed] [seeds]`. Names the seed of the first difference. */

import { isDeepStrictEqual } from 'node:util'
import { followEdits } from '../support/follow-edits.ts'

const first = Number(process.argv[2] ?? 1)
const seeds = Number(process.argv[3] ?? 20)

async function main(): Promise<void> {
  for (let seed = first; seed < first + seeds; seed++) {
    let asked = 0
    for await (const { text, followed, fresh } of followEdits([seed], 60)) {
      asked += 1
      if (isDeepStrictEqual(followed, fresh)) continue
      console.log(`seed ${String(seed)}, question ${String(asked)}: the answers differ for\n${text}\nfollowed: ${JSON.stringify(followed)}\nfresh:    ${JSON.stringify(fresh)}`)
      process.exit(1)
    }
    console.log(`seed ${String(seed)}: ${String(asked)} answers agree`)
  }
}

void main()
