/** The checkpoint editor's webview: takes the report, shows it, remembers what was typed and folded. Computes no figure that the server has not given. */

import type { HostMessage, ViewMessage } from './checkpoint/messages.ts'
import { element } from './checkpoint/elements.ts'
import { summary } from './checkpoint/summary.ts'
import { createTable, type TableState } from './checkpoint/table.ts'

interface Host {
  postMessage(message: ViewMessage): void
  getState(): unknown
  setState(state: TableState): void
}

declare function acquireVsCodeApi(): Host

const host = acquireVsCodeApi()
const root = document.getElementById('root')!
let close: (() => void) | undefined

window.addEventListener('message', ({ data }: MessageEvent<HostMessage>) => {
  close?.()
  close = undefined
  root.setAttribute('aria-busy', 'false')
  if (data.type === 'failure') {
    root.replaceChildren(element('h1', { text: data.name }), element('p', { class: 'problem error', text: data.message, attributes: { role: 'alert' } }))
    return
  }
  const { report, units } = data.answer
  const table = createTable(report, { units, state: stateOf(host.getState()), changed: (state) => { host.setState(state) } })
  root.replaceChildren(...summary(data.name, data.answer, { slim: () => { host.postMessage({ type: 'slim' }) } }), ...table ? [table.section] : [])
  table?.mount()
  close = table?.close
})

host.postMessage({ type: 'ready' })

function stateOf(saved: unknown): Partial<TableState> {
  return typeof saved === 'object' && saved !== null ? saved as Partial<TableState> : {}
}
