/**
 * The rows of the tensor table: grouping by name prefix, filtering, sorting, and what is folded. Pure: no document.
 * A row's bytes count a storage that several tensors share once.
 */

import type { CheckpointTensor } from '../../../server/src/protocol.ts'

export type SortKey = 'file' | 'name' | 'dtype' | 'elements' | 'bytes'

export interface TableOptions {
  readonly filter: string
  readonly sort: SortKey
  readonly descending: boolean
  readonly grouped: boolean
  /** Full prefixes of folded groups. */
  readonly folded: ReadonlySet<string>
}

export interface GroupRow {
  readonly kind: 'group'
  readonly path: string
  readonly label: string
  readonly level: number
  readonly open: boolean
  readonly tensors: number
  readonly elements: number
  readonly bytes: number
  /** True when tensors are in it whose bytes are not known: the numbers are then lower bounds. */
  readonly incomplete: boolean
}

export interface TensorRow {
  readonly kind: 'tensor'
  readonly tensor: CheckpointTensor
  readonly label: string
  readonly level: number
  readonly elements: number | null
  readonly bytes: number | null
}

export type TableRow = GroupRow | TensorRow

/** Names of thousands of parts exist in hostile files only; the rest of such a name stays in one piece. */
const maximumLevels = 16

interface Group {
  readonly label: string
  readonly path: string
  readonly level: number
  readonly groups: Map<string, Group>
  readonly leaves: Leaf[]
  readonly storages: Map<string, number>
  tensors: number
  elements: number
  bytes: number
  incomplete: boolean
  readonly order: number
}

interface Leaf {
  readonly tensor: CheckpointTensor
  readonly label: string
  readonly elements: number | null
  readonly order: number
}

/** Visible rows in order. `storageBytes` is what each storage holds: no group counts more of it. */
export function tableRows(tensors: readonly CheckpointTensor[], storageBytes: ReadonlyMap<string, number>, options: TableOptions): TableRow[] {
  const root = groupOf('', '', 0, 0)
  const wanted = options.filter.trim().toLowerCase().split(/\s+/).filter((word) => word !== '')
  tensors.forEach((tensor, order) => {
    if (matches(tensor, wanted)) place(root, { tensor, order, storageBytes, grouped: options.grouped })
  })
  return flatten(root, options)
}

/** Null where only the data tells. */
export function elementsOf(shape: CheckpointTensor['shape']): number | null {
  if (shape === null) return null
  return shape.reduce<number | null>((product, length) => product === null || length === null ? null : product * length, 1)
}

export function shapeText(shape: CheckpointTensor['shape'], sign: string): string {
  if (shape === null) return 'unknown'
  return shape.length === 0 ? 'scalar' : shape.map((length) => length ?? '?').join(sign)
}

/** All group paths, for "collapse all". */
export function groupPaths(tensors: readonly CheckpointTensor[]): Set<string> {
  const paths = new Set<string>()
  for (const { name } of tensors) {
    const parts = partsOf(name)
    for (let length = 1; length < parts.length; length++) paths.add(parts.slice(0, length).join('.'))
  }
  return paths
}

function matches({ name, dtype, role, shape }: CheckpointTensor, words: readonly string[]): boolean {
  if (words.length === 0) return true
  const text = `${name} ${dtype} ${role} ${shapeText(shape, '×')} ${shapeText(shape, 'x')}`.toLowerCase()
  return words.every((word) => text.includes(word))
}

function place(root: Group, { tensor, order, storageBytes, grouped }: { readonly tensor: CheckpointTensor; readonly order: number; readonly storageBytes: ReadonlyMap<string, number>; readonly grouped: boolean }): void {
  const parts = grouped ? partsOf(tensor.name) : [tensor.name]
  const elements = elementsOf(tensor.shape)
  const key = tensor.storage ?? `alone ${order}`
  const limit = storageBytes.get(key) ?? Infinity
  let group = root
  let path = ''
  for (let i = 0; i < parts.length - 1; i++) {
    path = i === 0 ? parts[0]! : `${path}.${parts[i]!}`
    let next = group.groups.get(parts[i]!)
    if (!next) {
      next = groupOf(parts[i]!, path, i + 1, order)
      group.groups.set(parts[i]!, next)
    }
    group = next
    add(group, { key, limit, elements, bytes: tensor.bytes })
  }
  group.leaves.push({ tensor, label: parts.at(-1)!, elements, order })
}

function add(group: Group, { key, limit, elements, bytes }: { readonly key: string; readonly limit: number; readonly elements: number | null; readonly bytes: number | null }): void {
  const before = group.storages.get(key) ?? 0
  const after = Math.min(limit, before + (bytes ?? 0))
  group.storages.set(key, after)
  group.bytes += after - before
  group.elements += elements ?? 0
  group.incomplete ||= bytes === null || elements === null
  group.tensors += 1
}

function groupOf(label: string, path: string, level: number, order: number): Group {
  return { label, path, level, order, groups: new Map(), leaves: [], storages: new Map(), tensors: 0, elements: 0, bytes: 0, incomplete: false }
}

function partsOf(name: string): string[] {
  // A name that is only dots is a name, not a path.
  const parts = name.split('.')
  if (parts.some((part) => part === '')) return [name]
  return parts.length <= maximumLevels ? parts : [...parts.slice(0, maximumLevels - 1), parts.slice(maximumLevels - 1).join('.')]
}

function flatten(root: Group, options: TableOptions): TableRow[] {
  const rows: TableRow[] = []
  const stack: (Group | Leaf)[] = sorted(root, options).reverse()
  const levels = new Map<Leaf, number>()
  for (const leaf of root.leaves) levels.set(leaf, 1)
  // While searching, what was found is shown whatever is folded.
  const searching = options.filter.trim() !== ''
  while (stack.length > 0) {
    const item = stack.pop()!
    if (!('groups' in item)) {
      rows.push({ kind: 'tensor', tensor: item.tensor, label: item.label, level: levels.get(item) ?? 1, elements: item.elements, bytes: item.tensor.bytes })
      continue
    }
    const open = searching || !options.folded.has(item.path)
    rows.push({ kind: 'group', path: item.path, label: item.label, level: item.level, open, tensors: item.tensors, elements: item.elements, bytes: item.bytes, incomplete: item.incomplete })
    if (!open) continue
    for (const leaf of item.leaves) levels.set(leaf, item.level + 1)
    stack.push(...sorted(item, options).reverse())
  }
  return rows
}

function sorted(group: Group, { sort, descending }: TableOptions): (Group | Leaf)[] {
  const items: (Group | Leaf)[] = [...group.groups.values(), ...group.leaves]
  const direction = descending ? -1 : 1
  return items.sort((a, b) => direction * compare(a, b, sort) || a.order - b.order)
}

function compare(a: Group | Leaf, b: Group | Leaf, sort: SortKey): number {
  switch (sort) {
    case 'file': return a.order - b.order
    case 'name': return natural.compare(a.label, b.label)
    case 'dtype': return natural.compare(dtypeOf(a), dtypeOf(b))
    case 'elements': return (a.elements ?? 0) - (b.elements ?? 0)
    case 'bytes': return bytesOf(a) - bytesOf(b)
  }
}

/** layers.2 before layers.10. */
const natural = new Intl.Collator('en', { numeric: true })

function dtypeOf(item: Group | Leaf): string {
  return 'tensor' in item ? item.tensor.dtype : ''
}

function bytesOf(item: Group | Leaf): number {
  return 'tensor' in item ? item.tensor.bytes ?? 0 : item.bytes
}
