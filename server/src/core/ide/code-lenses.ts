/** One line over each model class: its parameters and bytes, and the bytes after each recipe that makes it smaller; or what it needs to be known. */

import { modelRowId } from '../footprint/ledger.ts'
import type { FoundModel } from '../layers/find-models.ts'
import { countModel } from '../model/counts.ts'
import type { Facts } from '../rules/facts.ts'
import type { ClassStatement } from '../syntax/ast.ts'
import { walk } from '../syntax/walk.ts'
import type { CodeLens } from './answers.ts'
import { openNamesOf } from './assume-actions.ts'
import { assumingText, modelLine, nameOf } from './layer-sizes.ts'

/** Names that a title lists. */
const maxNames = 3
/** Characters of a reason that a title shows; all of it is in the hover. */
const maxReason = 80

export function codeLenses(facts: Facts): readonly CodeLens[] {
  const minimum = facts.settings.lensMinimumParameters
  return facts.models().models.flatMap((found): readonly CodeLens[] => {
    if (found.how !== 'class' || found.place?.file !== facts.file) return []
    const { parameters } = countModel(found.model)
    // Nothing is known, or so little that it says nothing.
    if (parameters.value === null || (parameters.certainty === 'bounded' && parameters.value < minimum)) return unknownLens(facts, found)
    if (parameters.value === 0 || parameters.value < minimum) return []
    const assuming = found.model.assuming.length ? `${assumingText(found.model.assuming)}.` : undefined
    return [{ range: nameOf(facts, found.place.range), title: modelLine(facts, found), reveals: modelRowId(facts.file, found.label), ...(assuming === undefined ? {} : { tooltip: assuming }) }]
  })
}

/** For a class that is a model of its own: a block that others are built from is told by what they are. */
function unknownLens(facts: Facts, found: FoundModel): readonly CodeLens[] {
  const range = nameOf(facts, found.place!.range)
  const name = found.label.replace(/\(\)$/, '')
  const statement = facts.flow()?.functions.classes.get(name)
  // What holds no layers, as a loss, is not asked for its size; of one that could not be made, nobody knows.
  const { root } = found.model
  if (root.type !== 'unknown' && root.children.length === 0) return []
  if (!statement || isAbstract(facts, statement) || isUsed(facts, statement)) return []
  const names = openNamesOf(facts, found)
  const [first] = found.model.unknown
  if (names.length > 0) {
    const shown = names.slice(0, maxNames).join(', ') + (names.length > maxNames ? ` and ${String(names.length - maxNames)} more` : '')
    return [{ range, title: `size needs ${shown}`, tooltip: 'Give values for them in a comment, and the size is shown.', opens: 'quickFix' }]
  }
  if (first === undefined) return []
  const reason = first.reason.replace(/^depends on a condition that is not known: /, '').replaceAll('`', '')
  return [{ range, title: `size unknown: ${reason.length > maxReason ? `${reason.slice(0, maxReason - 3)}...` : reason}`, opens: 'hover' }]
}

/** Whether another class of the file is made from it, or the file makes one of known size: then that is what counts. */
function isUsed(facts: Facts, statement: ClassStatement): boolean {
  const { models } = facts.models()
  if (models.some(({ how, model }) => how !== 'class' && model.type.endsWith(`.${statement.name.id}`) && countModel(model).parameters.value !== null)) return true
  let isFound = false
  for (const other of facts.flow()?.functions.classes.values() ?? []) {
    if (other === statement) continue
    walk([other], (node) => {
      isFound ||= node.kind === 'name' && node.id === statement.name.id
      return isFound ? 'skip' : undefined
    })
  }
  return isFound
}

/** Written to be derived from: it says so by its name or its bases, or leaves its work to others. */
function isAbstract(facts: Facts, statement: ClassStatement): boolean {
  if (/^_|(?:^|_)(?:Base|Abstract)|(?:Base|Mixin|Abstract)$/.test(statement.name.id)) return true
  const textOf = (node: { readonly start: number; readonly end: number }): string => facts.source()?.text.slice(node.start, node.end) ?? ''
  if (statement.args.some(({ value }) => /\bABC(?:Meta)?$/.test(textOf(value)))) return true
  return statement.body.some((one) => one.kind === 'function' && (one.decorators.some(({ value }) => textOf(value).endsWith('abstractmethod')) || /^\s*raise NotImplementedError/m.test(textOf(one))))
}
