/** All inlay hints of a range: gathers what each feature offers and keeps what the settings let through. */

import type { Facts } from '../rules/facts.ts'
import { touches, type Range } from '../text/range.ts'
import type { InlayHint } from './answers.ts'
import { checkpointHints } from './checkpoint-sizes.ts'
import { importHints } from './import-sizes.ts'
import { downloadHints } from './download-sizes.ts'
import { layerHints } from './layer-sizes.ts'
import { requirementHints } from './requirement-sizes.ts'

const providers: readonly ((facts: Facts, range: Range) => readonly InlayHint[])[] = [importHints, checkpointHints, layerHints, downloadHints, requirementHints]

/** Hints inside the range, in order; a provider may leave out others already. An unknown figure is no hint: it is in the hover, with its reason. */
export function inlayHints(facts: Facts, range: Range): readonly InlayHint[] {
  const { hints, hintMinimumBytes } = facts.settings
  return providers
    .flatMap((provide) => provide(facts, range))
    .filter((hint) => hints[hint.kind] && isLargeEnough(hint, hintMinimumBytes) && touches(range, hint.position))
    .sort((a, b) => a.position.line - b.position.line || a.position.character - b.position.character)
}

function isLargeEnough(hint: InlayHint, minimum: number): boolean {
  return hint.always === true || (hint.bytes.value !== null && hint.bytes.value >= minimum)
}
