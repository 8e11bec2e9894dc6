/** The card at a position: the first feature that has something to say there. */

import type { Facts } from '../rules/facts.ts'
import type { Position } from '../text/range.ts'
import type { HoverCard } from './answers.ts'
import { checkpointHover } from './checkpoint-sizes.ts'
import { downloadHover } from './download-sizes.ts'
import { importHover } from './import-sizes.ts'
import { layerHover } from './layer-sizes.ts'
import { requirementHover } from './requirement-sizes.ts'

const providers: readonly ((facts: Facts, position: Position) => HoverCard | undefined)[] = [importHover, checkpointHover, downloadHover, layerHover, requirementHover]

export function hover(facts: Facts, position: Position): HoverCard | undefined {
  for (const provide of providers) {
    const card = provide(facts, position)
    if (card) return card
  }
  return undefined
}
