/**
 * The tensor table: a tree grid of which only the rows in sight exist. Filter, sort and folding are computed in rows.ts;
 * the keyboard works as in VS Code's own trees.
 */

import { elementScroll, observeElementOffset, observeElementRect, Virtualizer } from '@tanstack/virtual-core'
import { formatBytes, formatCount, type CheckpointReport, type Units } from '../../../server/src/protocol.ts'
import { element, printable } from './elements.ts'
import { groupPaths, shapeText, tableRows, type SortKey, type TableRow } from './rows.ts'

export interface TableState {
  readonly filter: string
  readonly sort: SortKey
  readonly descending: boolean
  readonly grouped: boolean
  readonly folded: readonly string[]
}

interface Options {
  readonly units: Units
  readonly state: Partial<TableState>
  readonly changed: (state: TableState) => void
}

const rowPixels = 24
/** Rows kept beyond both ends of what is in sight, so that a fast wheel meets no gap. */
const overscan = 12
/** A page of the keyboard when the table has no height yet. */
const pageRows = 20
/** Files with more tensors open with their groups folded. */
const openTensors = 400

const columns: readonly { readonly key: SortKey | null; readonly label: string; readonly number?: boolean }[] = [
  { key: 'name', label: 'Name' },
  { key: 'dtype', label: 'Type' },
  { key: null, label: 'Shape' },
  { key: 'elements', label: 'Elements', number: true },
  { key: 'bytes', label: 'Bytes', number: true },
  { key: null, label: 'Role' },
]

export interface Table {
  readonly section: HTMLElement
  /** After the section is in the document. */
  mount(): void
  close(): void
}

/** `undefined` when the file's tensors could not be read or there are none. */
export function createTable(report: CheckpointReport, { units, state: saved, changed }: Options): Table | undefined {
  const tensors = report.tensors ?? []
  if (tensors.length === 0) return undefined
  const storages = new Map(report.storages.map(({ key, bytes }) => [key, bytes]))
  const everyGroup = groupPaths(tensors)
  const folded = new Set(saved.folded ?? (tensors.length > openTensors ? everyGroup : []))
  const state = { filter: saved.filter ?? '', sort: saved.sort ?? 'file' as SortKey, descending: saved.descending ?? false, grouped: saved.grouped ?? true, folded }
  let rows: TableRow[] = []
  let active = 0

  const canvas = element('div', { class: 'canvas', attributes: { role: 'presentation' } })
  const body = element('div', { class: 'rows', attributes: { role: 'rowgroup' } }, canvas)
  const heads = columns.map(({ key, label, number }) => headCell({ key, label, number: number ?? false, sort: () => { if (key) sortBy(key) } }))
  const grid = element('div', { class: 'grid', attributes: { 'role': 'treegrid', 'tabindex': '0', 'aria-label': 'Tensors', 'aria-colcount': String(columns.length), 'aria-readonly': 'true' }, on: { keydown: (event) => { onKey(event as KeyboardEvent) } } },
    element('div', { class: 'row head', attributes: { 'role': 'row', 'aria-rowindex': '1' } }, ...heads), body)
  const count = element('span', { class: 'quiet', attributes: { role: 'status' } })
  const filter = element('input', { attributes: { 'type': 'search', 'placeholder': 'Filter by name, type, shape or role', 'aria-label': 'Filter tensors' }, on: { input: () => { state.filter = filter.value; update() } } })
  filter.value = state.filter
  const group = element('input', { attributes: { type: 'checkbox' }, on: { change: () => { state.grouped = group.checked; update() } } })
  group.checked = state.grouped
  const toolbar = element('div', { class: 'toolbar' }, filter,
    element('label', {}, group, element('span', { text: 'Group by prefix' })),
    element('button', { text: 'Expand All', attributes: { type: 'button' }, on: { click: () => { folded.clear(); update() } } }),
    element('button', { text: 'Collapse All', attributes: { type: 'button' }, on: { click: () => { for (const path of everyGroup) folded.add(path); update() } } }),
    count)

  const options = () => ({
    count: rows.length,
    overscan,
    estimateSize: () => rowPixels,
    getScrollElement: () => body,
    scrollToFn: elementScroll,
    observeElementRect,
    observeElementOffset,
    onChange: () => { draw() },
  })
  const virtual = new Virtualizer<HTMLElement, HTMLElement>(options())
  let unmount: (() => void) | undefined

  function update(): void {
    rows = tableRows(tensors, storages, state)
    active = Math.min(active, Math.max(0, rows.length - 1))
    const shown = rows.reduce((total, row) => total + (row.kind === 'group' ? row.open ? 0 : row.tensors : 1), 0)
    count.textContent = shown === tensors.length ? `${shown.toLocaleString('en-US')} tensors` : `${shown.toLocaleString('en-US')} of ${tensors.length.toLocaleString('en-US')} tensors`
    grid.setAttribute('aria-rowcount', String(rows.length + 1))
    columns.forEach(({ key }, i) => {
      const direction = key === null || key !== state.sort ? 'none' : state.descending ? 'descending' : 'ascending'
      if (key !== null) heads[i]!.setAttribute('aria-sort', direction)
    })
    virtual.setOptions({ ...virtual.options, ...options() })
    virtual.measure()
    draw()
    changed({ filter: state.filter, sort: state.sort, descending: state.descending, grouped: state.grouped, folded: [...folded] })
  }

  function draw(): void {
    canvas.style.height = `${virtual.getTotalSize()}px`
    canvas.replaceChildren(...virtual.getVirtualItems().map(({ index, start }) => {
      const made = rowElement(rows[index]!, { index, active: index === active, units })
      made.style.transform = `translateY(${start}px)`
      made.addEventListener('click', () => {
        active = index
        toggle(index)
      })
      return made
    }))
    grid.setAttribute('aria-activedescendant', rows.length > 0 ? `row-${active}` : '')
  }

  function sortBy(key: SortKey): void {
    // A third click is the order of the file again. Numbers start with the largest.
    const first = key === 'bytes' || key === 'elements'
    if (state.sort !== key) Object.assign(state, { sort: key, descending: first })
    else if (state.descending === first) state.descending = !first
    else Object.assign(state, { sort: 'file', descending: false })
    update()
  }

  function toggle(index: number, open?: boolean): void {
    const row = rows[index]
    if (row?.kind === 'group' && open !== row.open) {
      if (row.open) folded.add(row.path)
      else folded.delete(row.path)
      update()
      return
    }
    draw()
  }

  function move(to: number): void {
    active = Math.max(0, Math.min(rows.length - 1, to))
    virtual.scrollToIndex(active, { align: 'auto' })
    draw()
  }

  function onKey(event: KeyboardEvent): void {
    if (event.target !== grid || event.ctrlKey || event.metaKey || event.altKey) return
    const page = Math.max(1, Math.floor((body.clientHeight || pageRows * rowPixels) / rowPixels) - 1)
    const row = rows[active]
    const handled = ({
      ArrowDown: () => { move(active + 1) },
      ArrowUp: () => { move(active - 1) },
      PageDown: () => { move(active + page) },
      PageUp: () => { move(active - page) },
      Home: () => { move(0) },
      End: () => { move(rows.length - 1) },
      ArrowRight: () => { if (row?.kind === 'group') { if (row.open) move(active + 1); else toggle(active, true) } },
      ArrowLeft: () => { if (row?.kind === 'group' && row.open) toggle(active, false); else move(parentOf(rows, active)) },
      Enter: () => { toggle(active) },
    } as Record<string, (() => void) | undefined>)[event.key === ' ' ? 'Enter' : event.key]
    if (!handled) return
    event.preventDefault()
    handled()
  }

  return {
    section: element('section', { class: 'tensors' }, element('h2', { text: 'Tensors' }), toolbar, grid),
    mount() {
      unmount = virtual._didMount()
      virtual._willUpdate()
      update()
    },
    close() { unmount?.() },
  }
}

function parentOf(rows: readonly TableRow[], index: number): number {
  const level = rows[index]?.level ?? 1
  for (let i = index - 1; i >= 0; i--) if (rows[i]!.level < level) return i
  return index
}

function headCell({ key, label, number, sort }: { readonly key: SortKey | null; readonly label: string; readonly number: boolean; readonly sort: () => void }): HTMLElement {
  const content = key === null ? element('span', { text: label }) : element('button', { text: label, attributes: { type: 'button' }, on: { click: sort } })
  return element('div', { class: number ? 'cell number' : 'cell', attributes: { role: 'columnheader' } }, content)
}

function rowElement(row: TableRow, { index, active, units }: { readonly index: number; readonly active: boolean; readonly units: Units }): HTMLElement {
  const attributes = {
    'role': 'row', 'id': `row-${index}`, 'aria-rowindex': String(index + 2), 'aria-level': String(row.level), 'aria-selected': String(active),
    ...(row.kind === 'group' ? { 'aria-expanded': String(row.open) } : {}),
  }
  const name = element('div', { class: 'cell name', attributes: { role: 'gridcell', title: printable(row.kind === 'group' ? row.path : row.tensor.name) } },
    element('span', { class: 'twistie', text: row.kind === 'group' ? row.open ? '▾' : '▸' : '', attributes: { 'aria-hidden': 'true' } }),
    element('span', { class: 'label', text: row.label }))
  name.style.paddingInlineStart = `${(row.level - 1) * 14 + 4}px`
  const cells = row.kind === 'group'
    ? [cell(''), cell(`${row.tensors.toLocaleString('en-US')} ${row.tensors === 1 ? 'tensor' : 'tensors'}`, 'quiet')]
    : [cell(row.tensor.dtype), cell(shapeText(row.tensor.shape, ' × '))]
  return element('div', { class: `row ${row.kind}${active ? ' active' : ''}`, attributes },
    name, ...cells,
    amount(row, row.elements, formatCount),
    amount(row, row.bytes, (bytes) => formatBytes(bytes, units)),
    cell(row.kind === 'group' ? '' : row.tensor.role, 'quiet'))
}

/** A number, a lower bound, or a dash where it is not known: never a 0 in its place. */
function amount(row: TableRow, value: number | null, format: (value: number) => string): HTMLElement {
  if (value === null) return cell('–', 'number', 'Only the data tells')
  const bound = row.kind === 'group' && row.incomplete ? 'at least ' : ''
  return cell(`${bound === '' ? '' : '≥ '}${format(value)}`, 'number', `${bound}${value.toLocaleString('en-US')}`)
}

function cell(text: string, style = '', title?: string): HTMLElement {
  return element('div', { class: `cell ${style}`, text, attributes: { role: 'gridcell', ...(title === undefined ? {} : { title }) } })
}
