/** Everything above the tensor table: what the file is, what torch.load would say, where the bytes are, what could go. */

import { formatBytes, formatCount, formatFigure, type CheckpointAnswer, type CheckpointReport, type Part, type Units } from '../../../server/src/protocol.ts'
import { element, prose } from './elements.ts'
import { elementsOf } from './rows.ts'

const partWords: Record<Part, readonly [name: string, meaning: string]> = {
  'weights': ['Weights', 'what the model needs'],
  'optimizer': ['Optimizer', 'only needed to go on training'],
  'ema': ['EMA twin', 'a second, averaged copy of the weights'],
  'other-tensors': ['Other tensors', 'neither weights nor optimizer state'],
  'unreachable': ['Unreachable', 'stored, but no tensor covers it'],
  'pickle': ['Pickle', 'names, shapes and structure'],
  'code': ['Code', 'compiled or serialized source'],
  'container': ['Container', 'headers and directory of the archive'],
  'padding': ['Padding', 'empty space that aligns the tensors'],
  'unknown': ['Unknown', 'not explained'],
}

const actionWords = new Map([
  ['drop-optimizer', 'Without the optimizer'],
  ['drop-ema', 'Without the EMA twin'],
  ['materialise-views', 'With views stored alone'],
  ['float16', 'As float16'],
  ['bfloat16', 'As bfloat16'],
  ['dynamic-int8', 'After dynamic int8 quantization'],
])

export function summary(name: string, answer: CheckpointAnswer, actions: { readonly slim: () => void }): HTMLElement[] {
  const { report, units } = answer
  return [
    header(name, report, units),
    problems(report),
    verdict(report),
    anatomy(report, units),
    cuts(answer, actions),
    globals(report),
  ].filter((part) => part !== undefined)
}

function header(name: string, report: CheckpointReport, units: Units): HTMLElement {
  const { tensors } = report
  const counts = (tensors ?? []).map(({ shape }) => elementsOf(shape))
  const elements = counts.reduce<number>((total, count) => total + (count ?? 0), 0)
  const facts = [
    report.format,
    formatBytes(report.fileBytes, units),
    ...(tensors ? [`${tensors.length.toLocaleString('en-US')} tensors`, `${counts.includes(null) ? 'at least ' : ''}${formatCount(elements)} elements`] : []),
    ...(report.tensors && report.kind !== 'other' ? [report.kind.replaceAll('_', ' ').replaceAll('-', ' ')] : []),
    ...(report.torchVersionHint ? [`written by torch ${report.torchVersionHint}`] : []),
    `${formatBytes(report.bytesRead, units)} read to know this`,
  ]
  return element('header', {}, element('h1', { text: name }), element('p', { class: 'facts', text: facts.join(' · ') }))
}

function problems({ problems: list }: CheckpointReport): HTMLElement | undefined {
  if (list.length === 0) return undefined
  return element('ul', { class: 'problems', attributes: { 'aria-label': 'Problems' } }, ...list.map(({ severity, message, offset }) => element('li', {
    class: severity === 'error' ? 'problem error' : 'problem', text: offset === undefined ? message : `${message} (at byte ${offset.toLocaleString('en-US')})`,
  })))
}

function verdict({ weightsOnly, dangerousGlobals }: CheckpointReport): HTMLElement | undefined {
  const lines: HTMLElement[] = []
  if (weightsOnly.loads === true) lines.push(element('p', { class: 'verdict good' }, mark('✓'), text('Loads with '), code('weights_only=True'), text('.')))
  if (weightsOnly.loads === false) {
    lines.push(element('p', { class: 'verdict bad' }, mark('✗'), text('Does not load with '), code('weights_only=True'), text(`: ${weightsOnly.why}`)))
    if (weightsOnly.needs.length > 0) lines.push(element('p', {}, text('It would with '), code(`torch.serialization.safe_globals([${weightsOnly.needs.join(', ')}])`), text(', if you trust them.')))
  }
  for (const { name, why } of dangerousGlobals) lines.push(element('p', { class: 'verdict danger', attributes: { role: 'alert' } }, mark('⚠'), text('Loading this file would run '), code(name), text(`: ${why}`)))
  return lines.length === 0 ? undefined : element('section', { attributes: { 'aria-label': 'Would torch.load accept it?' } }, ...lines)
}

function anatomy(report: CheckpointReport, units: Units): HTMLElement | undefined {
  const parts = report.anatomy.filter(({ bytes }) => bytes > 0)
  if (parts.length === 0) return undefined
  const percent = (bytes: number) => report.fileBytes > 0 ? 100 * bytes / report.fileBytes : 0
  const words = parts.map(({ part, bytes }) => `${partWords[part][0]} ${formatBytes(bytes, units)}, ${share(percent(bytes))}`)
  const bar = element('div', { class: 'bar', attributes: { role: 'img', 'aria-label': `Where the bytes are: ${words.join('; ')}` } }, ...parts.map(({ part, bytes }) => {
    const segment = element('span', { class: `segment part-${part}`, attributes: { title: `${partWords[part][0]}: ${formatBytes(bytes, units)}` } })
    segment.style.flexGrow = String(percent(bytes))
    return segment
  }))
  const rows = parts.map(({ part, bytes }) => element('tr', {},
    element('th', { attributes: { scope: 'row' } }, element('span', { class: `swatch part-${part}`, attributes: { 'aria-hidden': 'true' } }), text(partWords[part][0])),
    element('td', { class: 'number', text: formatBytes(bytes, units), attributes: { title: `${bytes.toLocaleString('en-US')} bytes` } }),
    element('td', { class: 'number', text: share(percent(bytes)) }),
    element('td', { class: 'quiet', text: partWords[part][1] }),
  ))
  return element('section', {}, element('h2', { text: 'Where the bytes are' }), bar, element('table', { class: 'anatomy' }, element('tbody', {}, ...rows)))
}

function cuts({ report, findings, units }: CheckpointAnswer, { slim }: { readonly slim: () => void }): HTMLElement | undefined {
  const said = findings.map(({ severity, message, saving }) => element('li', { class: `finding ${severity}` },
    element('span', { class: 'message' }, ...prose(message)),
    saving && saving.certainty !== 'unknown' && saving.value > 0 ? element('strong', { class: 'saving', text: `saves ${formatFigure(saving, units)}` }) : undefined))
  const possible = report.whatIf
    .filter(({ fileBytes }) => fileBytes.certainty !== 'unknown' && fileBytes.value < report.fileBytes)
    .map(({ action, fileBytes }) => element('tr', {},
      element('th', { text: actionWords.get(action) ?? action, attributes: { scope: 'row' } }),
      element('td', { class: 'number', text: formatFigure(fileBytes, units), attributes: { title: `${fileBytes.value?.toLocaleString('en-US') ?? ''} bytes` } }),
      element('td', { class: 'number quiet', text: `−${formatBytes(report.fileBytes - (fileBytes.value ?? 0), units)}` })))
  if (report.tensors === null || report.tensors.length === 0) return undefined
  return element('section', {},
    said.length + possible.length > 0 ? element('h2', { text: 'What could be smaller' }) : undefined,
    said.length > 0 ? element('ul', { class: 'findings' }, ...said) : undefined,
    possible.length > 0 ? element('table', { class: 'anatomy' }, element('tbody', {}, ...possible)) : undefined,
    element('button', { class: 'action', text: 'Write a Slimmer Copy...', attributes: { type: 'button' }, on: { click: slim } }))
}

function globals({ globals: names, dangerousGlobals }: CheckpointReport): HTMLElement | undefined {
  if (names.length === 0) return undefined
  const dangerous = new Set(dangerousGlobals.map(({ name }) => name))
  return element('details', {},
    element('summary', { text: `${names.length} ${names.length === 1 ? 'name' : 'names'} that its pickle asks for` }),
    element('ul', { class: 'globals' }, ...names.map((name) => element('li', { class: dangerous.has(name) ? 'danger' : '' }, code(name)))))
}

function share(percent: number): string {
  if (percent >= 99.95) return percent >= 100 ? '100 %' : '> 99.9 %'
  return percent < 0.1 ? '< 0.1 %' : `${percent.toFixed(1)} %`
}

function text(value: string): HTMLElement {
  return element('span', { text: value })
}

function code(value: string): HTMLElement {
  return element('code', { text: value })
}

function mark(sign: string): HTMLElement {
  return element('span', { class: 'mark', text: sign, attributes: { 'aria-hidden': 'true' } })
}
