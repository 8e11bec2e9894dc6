/** The quick fix that writes a `# footprint: assume ...` comment with the names that keep a model from being known. */

import { openValue } from '../syntax/assume-comment.ts'
import type { FoundModel } from '../layers/find-models.ts'
import type { Facts } from '../rules/facts.ts'
import type { SourceFile } from '../syntax/source-file.ts'
import type { TextEdit } from '../text/range.ts'
import { comparePositions, overlaps, type Range } from '../text/range.ts'
import type { CodeAction } from './answers.ts'
import { openNamesAt, type OpenNames } from './assume-names.ts'
import { nameOf } from './layer-sizes.ts'

/** Names that a title lists. */
const maxTitleNames = 3

/** Offered where the model stands and where its unknown begins. */
export function assumeActions(facts: Facts, range: Range): readonly CodeAction[] {
  const source = facts.source()
  if (!source) return []
  const found = new Map<number, { readonly open: OpenNames; readonly names: Set<string> }>()
  for (const model of facts.models().models) {
    for (const { open, reason } of openNames(facts, source, model)) {
      const isHere = [model.place, reason].some((place) => place?.file === facts.file && overlaps(nameOf(facts, place.range), range))
      if (!isHere) continue
      const known = found.get(open.statement.start)
      if (known) for (const name of open.names) known.names.add(name)
      else found.set(open.statement.start, { open, names: new Set(open.names) })
    }
  }
  return [...found.values()].flatMap(({ open, names }): CodeAction[] => {
    const edit = editFor(facts, source, open, [...names])
    return edit ? [{ title: title(edit.names), kind: 'quickfix', edits: [{ file: facts.file, ...edit.edit }] }] : []
  })
}

/** The names that a person would have to give values for, so that a model becomes known. */
export function openNamesOf(facts: Facts, model: FoundModel): readonly string[] {
  const source = facts.source()
  return source ? [...new Set(openNames(facts, source, model).flatMap(({ open }) => open.names))] : []
}

function openNames(facts: Facts, source: SourceFile, { model }: FoundModel) {
  return model.unknown.flatMap(({ place, reason }) => {
    const open = place?.file === facts.file ? openNamesAt(source, place.range, reason) : undefined
    return open ? [{ open, reason: place }] : []
  }).sort((a, b) => comparePositions(a.reason!.range.start, b.reason!.range.start))
}

function title(names: readonly string[]): string {
  const shown = names.slice(0, maxTitleNames).map((name) => `\`${name}\``).join(', ')
  return `Assume ${names.length > 1 ? 'values' : 'a value'} for ${shown}${names.length > maxTitleNames ? ` and ${String(names.length - maxTitleNames)} more` : ''}`
}

/** Adds to the comment that is there, else writes one on a line of its own; nothing where all names are given already. */
function editFor(facts: Facts, source: SourceFile, { statement }: OpenNames, names: readonly string[]): { readonly names: readonly string[]; readonly edit: TextEdit } | undefined {
  const own = facts.assumptions().comments.filter((comment) => comment.statement?.start === statement.start)
  const given = new Set(own.flatMap((comment) => comment.names))
  const missing = names.filter((name) => !given.has(name))
  if (missing.length === 0) return undefined
  const list = missing.map((name) => `${name}=${openValue}`).join(', ')
  const last = own.at(-1)
  if (last) {
    const { end } = source.lines.range(last.start, last.end)
    return { names: missing, edit: { range: { start: end, end }, newText: `${last.names.length > 0 ? ', ' : ' '}${list}` } }
  }
  const { start } = source.range(statement)
  const indent = source.lines.line(start.line).slice(0, start.character)
  // A statement behind another one on its line: the comment goes to the line's end.
  if (indent.trim() !== '') return undefined
  const at = { line: start.line, character: 0 }
  const newline = source.text.includes('\r\n') ? '\r\n' : '\n'
  return { names: missing, edit: { range: { start: at, end: at }, newText: `${indent}# footprint: assume ${list}${newline}` } }
}
