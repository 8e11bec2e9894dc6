/** Parses the outline of a file, and the bodies that it leaves out when they are asked for. The result is that of parsing the whole. */

import type { FunctionStatement } from './ast.ts'
import { assemble, lowerTree, type ParseContext, parseTree } from './chunks.ts'
import { type FlatTree, flatten, MAX_TREE_NODES } from './flat-tree.ts'
import { lexicalFile } from './lexical.ts'
import { lowerStatement } from './lower-statement.ts'
import { fieldOf, type Lowering, typeOf } from './lowering.ts'
import { type HiddenBody, type Outline, outlineOf } from './outline.ts'
import type { SourceFile } from './source-file.ts'

/** Stands before a body that is indented: nothing is indented at the start of a file. */
const HEAD = 'if 1:\n'

/** The file with function bodies that parse themselves. Problems and comments inside those are not listed. */
export function parseOutlined(context: ParseContext, text: string): SourceFile {
  const outline = outlineOf(text)
  let tree = outline && parseTree(context, outline.text, null)
  if (outline !== undefined && tree?.rootNode.hasError === false) {
    const { bodies } = outline
    const chunks = lowerTree(context, tree, text, () => undefined, {
      hidden: {
        at: (nameStart) => {
          const body = bodies.get(nameStart)
          return body && { mentionsClass: body.mentionsClass, read: () => readFunction(context, text, nameStart, body) }
        },
      },
      mend: mending(outline),
    })
    tree.delete()
    return assemble(text, chunks)
  }
  tree?.delete()
  tree = parseTree(context, text, null)
  if (tree === undefined) return lexicalFile(text, 'file too large to parse')
  const chunks = lowerTree(context, tree, text, () => undefined)
  tree.delete()
  return assemble(text, chunks)
}

/**
 * Gives the nodes of an outline their offsets in the whole text. Of a function whose body is hidden, it and all around it that
 * ends with it end where what is shown of the body ends, or in the blank behind: they end with the body.
 */
function mending({ bodies, cuts }: Outline): (flat: FlatTree) => void {
  const ordered = [...bodies].map(([nameStart, { openingEnd, end }]) => ({ nameStart, openingEnd, end }))
  const whole = (offset: number): number => offset + (cuts[countWhile(cuts, ({ at }) => at < offset) - 1]?.removed ?? 0)
  return ({ count, start, end }) => {
    for (let i = 0; i < count; i++) {
      const from = start[i] = whole(start[i]!)
      const to = end[i] = whole(end[i]!)
      const hidden = ordered[countWhile(ordered, ({ openingEnd }) => openingEnd <= to) - 1]
      if (hidden !== undefined && to < hidden.end && from < hidden.nameStart) end[i] = hidden.end
    }
  }
}

/** How many hold, where all that hold stand first. */
function countWhile<T>(ordered: readonly T[], holds: (one: T) => boolean): number {
  let low = 0
  let high = ordered.length
  while (low < high) {
    const middle = (low + high) >> 1
    if (holds(ordered[middle]!)) low = middle + 1
    else high = middle
  }
  return low
}

function readFunction(context: ParseContext, text: string, nameStart: number, { lineStart, indent, nextLine }: HiddenBody): FunctionStatement {
  const head = indent === 0 ? '' : HEAD
  const failed = (reason: string): FunctionStatement => {
    const span = { start: lineStart, end: nextLine }
    return { kind: 'function', name: { id: '', ...span }, parameters: [], returns: undefined, typeParameters: [], decorators: [], body: [{ kind: 'error', reason, ...span }], isAsync: false, ...span }
  }
  const tree = parseTree(context, head + text.slice(lineStart, nextLine), null)
  if (tree === undefined) return failed('too large to parse')
  const { flat, symbols } = context
  const cursor = tree.walk()
  const isWhole = flatten(cursor, symbols, flat, MAX_TREE_NODES)
  cursor.delete()
  tree.delete()
  if (!isWhole) return failed('too large to parse')
  const delta = lineStart - head.length
  for (let i = 0; i < flat.count; i++) {
    flat.start[i]! += delta
    flat.end[i]! += delta
  }
  // How deep it stands in the whole text counts too.
  const lowering: Lowering = { text, tree: flat, symbols, problems: [], depth: indent === 0 ? 0 : 1, stray: new Map() }
  for (let i = 0; i < flat.count; i++) {
    if (typeOf(lowering, i) !== 'function_definition') continue
    const name = fieldOf(lowering, i, 'name')
    const [made] = name !== undefined && flat.start[name] === nameStart ? lowerStatement(lowering, i) : []
    return made?.kind === 'function' ? made : failed('invalid syntax')
  }
  return failed('invalid syntax')
}
