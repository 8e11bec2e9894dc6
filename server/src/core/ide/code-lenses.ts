/** One line over each model class: its parameters and bytes, and the bytes after each recipe that makes it smaller. */

import { modelRowId } from '../footprint/ledger.ts'
import { countModel } from '../model/counts.ts'
import type { Facts } from '../rules/facts.ts'
import type { CodeLens } from './answers.ts'
import { assumingText, modelLine, nameOf } from './layer-sizes.ts'

export function codeLenses(facts: Facts): readonly CodeLens[] {
  const minimum = facts.settings.lensMinimumParameters
  return facts.models().models.flatMap((found): CodeLens[] => {
    if (found.how !== 'class' || found.place?.file !== facts.file) return []
    const { parameters } = countModel(found.model)
    // What is not known is in the hover with its reason: a lens that says nothing is noise.
    if (parameters.value === null || parameters.value === 0 || parameters.value < minimum) return []
    const assuming = found.model.assuming.length ? `${assumingText(found.model.assuming)}.` : undefined
    return [{ range: nameOf(facts, found.place.range), title: modelLine(facts, found), reveals: modelRowId(facts.file, found.label), ...(assuming === undefined ? {} : { tooltip: assuming }) }]
  })
}
