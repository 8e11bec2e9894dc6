/**
 * One preorder pass over a wasm tree into typed arrays, without recursion: after it no call crosses into wasm,
 * and a tree a million levels deep is as harmless as a flat one. Knows node types by number, not what they mean.
 */

import type { Language, TreeCursor } from 'web-tree-sitter'

/** Nodes of a file that are lowered; real files of 10,000 lines have about 200,000. */
export const MAX_TREE_NODES = 3_000_000

/** Reused from statement to statement: only the first `count` entries speak of the last subtree walked. */
export interface FlatTree {
  count: number
  /** Grammar symbol of node i. */
  type: Uint16Array
  start: Int32Array
  end: Int32Array
  field: Uint8Array
  /** Index of the first node after the subtree of i. */
  next: Int32Array
  /** 1 when a direct child is an error or is missing. */
  broken: Uint8Array
}

export function createFlatTree(): FlatTree {
  const capacity = 4096
  return {
    count: 0, type: new Uint16Array(capacity), start: new Int32Array(capacity), end: new Int32Array(capacity),
    field: new Uint8Array(capacity), next: new Int32Array(capacity), broken: new Uint8Array(capacity),
  }
}

/** Per grammar: which symbols are named (the others are tokens whose ends nobody asks for). */
export interface Symbols {
  readonly isNamed: Uint8Array
  readonly isLeaf: Uint8Array
  readonly byName: ReadonlyMap<string, number>
  readonly names: readonly string[]
  readonly fields: ReadonlyMap<string, number>
}

export const ERROR_SYMBOL = 0xffff

const LEAF_TYPES = ['identifier', 'integer', 'true', 'false', 'none', 'ellipsis', 'comment', 'pass_statement', 'break_statement', 'continue_statement', 'string_start', 'string_end', 'type_conversion', 'import_prefix', 'line_continuation', 'escape_sequence', 'escape_interpolation']

export function readSymbols(language: Language): Symbols {
  const isNamed = new Uint8Array(0x10000)
  const isLeaf = new Uint8Array(0x10000)
  const byName = new Map<string, number>()
  const names: string[] = []
  for (let i = 0; i < language.nodeTypeCount; i++) {
    const name = language.nodeTypeForId(i) ?? ''
    const named = language.nodeTypeIsNamed(i)
    names[i] = name
    isNamed[i] = named ? 1 : 0
    isLeaf[i] = !named || LEAF_TYPES.includes(name) ? 1 : 0
    if (named && !byName.has(name)) byName.set(name, i)
  }
  isNamed[ERROR_SYMBOL] = 1
  const fields = new Map<string, number>()
  for (let i = 1; i <= language.fieldCount; i++) {
    const name = language.fieldNameForId(i)
    if (name !== null) fields.set(name, i)
  }
  return { isNamed, isLeaf, byName, names, fields }
}

/**
 * Walks the subtree under the cursor's node (the node itself is index 0) into `flat`; the cursor ends where it began.
 * False when the subtree has more than `maxNodes` nodes; the cursor is then somewhere inside it.
 */
export function flatten(cursor: TreeCursor, symbols: Symbols, flat: FlatTree, maxNodes: number): boolean {
  const parents: number[] = []
  const { isNamed, isLeaf } = symbols
  let count = 0
  for (;;) {
    if (count >= maxNodes) return false
    if (count === flat.type.length) widen(flat)
    const here = count++
    const symbol = cursor.nodeTypeId
    const start = cursor.startIndex
    const named = isNamed[symbol] === 1
    const end = named ? cursor.endIndex : start
    flat.type[here] = symbol
    flat.start[here] = start
    flat.end[here] = end
    flat.field[here] = named ? cursor.currentFieldId : 0
    flat.broken[here] = 0
    if (symbol === ERROR_SYMBOL || (end === start && cursor.endIndex === start && cursor.nodeIsMissing)) {
      const parent = parents.at(-1)
      if (parent !== undefined) flat.broken[parent] = 1
    }
    if (isLeaf[symbol] !== 1 && cursor.gotoFirstChild()) {
      parents.push(here)
      continue
    }
    flat.next[here] = count
    while (parents.length === 0 || !cursor.gotoNextSibling()) {
      const parent = parents.pop()
      if (parent === undefined) {
        flat.count = count
        return true
      }
      cursor.gotoParent()
      flat.next[parent] = count
    }
  }
}

function widen(flat: FlatTree): void {
  const capacity = flat.type.length * 2
  flat.type = grow(flat.type, new Uint16Array(capacity))
  flat.start = grow(flat.start, new Int32Array(capacity))
  flat.end = grow(flat.end, new Int32Array(capacity))
  flat.field = grow(flat.field, new Uint8Array(capacity))
  flat.next = grow(flat.next, new Int32Array(capacity))
  flat.broken = grow(flat.broken, new Uint8Array(capacity))
}

function grow<T extends Uint8Array | Uint16Array | Int32Array>(from: T, into: T): T {
  into.set(from)
  return into
}
