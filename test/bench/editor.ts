/** How long a person waits: server start, open to diagnostics, edit to diagnostics and to hints on a large file; and what a user downloads. */

import { spawn, type ChildProcess } from 'node:child_process'
import * as fs from 'node:fs'
import * as os from 'node:os'
import * as path from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { createProtocolConnection, StreamMessageReader, StreamMessageWriter, type ProtocolConnection, type PublishDiagnosticsParams } from 'vscode-languageserver/node'
import type { AnalysisHost } from '../../server/src/core/analysis.ts'
import { createAnalysis } from '../../server/src/host/create-analysis.ts'
import { percentile, report, row } from './measure.ts'

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../..')
const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'torch-footprint-bench-'))
const file = path.join(folder, 'large.py')
const uri = pathToFileURL(file).href
/** The delay with which diagnostics wait for a quiet moment; it is part of what is measured, and shown beside it. */
const quietMilliseconds = 150

interface Server {
  readonly child: ChildProcess
  readonly connection: ProtocolConnection
  nextDiagnostics(version: number): Promise<PublishDiagnosticsParams>
}

async function start(): Promise<Server> {
  const child = spawn(process.execPath, [path.join(root, 'dist/server.js'), '--stdio'], { stdio: ['pipe', 'pipe', 'inherit'] })
  const connection = createProtocolConnection(new StreamMessageReader(child.stdout), new StreamMessageWriter(child.stdin))
  const waiting: { version: number; resolve: (params: PublishDiagnosticsParams) => void }[] = []
  connection.onNotification('textDocument/publishDiagnostics', (params: PublishDiagnosticsParams) => {
    const index = waiting.findIndex((entry) => (params.version ?? 0) >= entry.version && params.uri === uri)
    if (index >= 0) waiting.splice(index, 1)[0]!.resolve(params)
  })
  connection.onUnhandledNotification(() => undefined)
  connection.listen()
  await connection.sendRequest('initialize', {
    processId: process.pid, rootUri: pathToFileURL(folder).href, workspaceFolders: [{ uri: pathToFileURL(folder).href, name: 'bench' }],
    capabilities: { textDocument: { publishDiagnostics: { versionSupport: true } } },
  })
  await connection.sendNotification('initialized', {})
  return { child, connection, nextDiagnostics: (version) => new Promise((resolve) => waiting.push({ version, resolve })) }
}

async function stop(server: Server): Promise<void> {
  await server.connection.sendRequest('shutdown')
  await server.connection.sendNotification('exit')
  await new Promise((resolve) => server.child.once('exit', resolve))
}

/** About 10,000 lines: models, functions that build them, and ordinary code around them. */
function largeFile(): string {
  const lines = ['import torch', 'from torch import nn', '']
  for (let i = 0; lines.length < 10_000; i++) {
    lines.push(
      `class Net${i}(nn.Module):`, '    def __init__(self, width=64, depth=3):', '        super().__init__()',
      '        self.layers = nn.ModuleList([nn.Linear(width, width) for _ in range(depth)])', `        self.head = nn.Linear(width, ${i + 1})`, '',
      '    def forward(self, x):', '        for layer in self.layers:', '            x = torch.relu(layer(x))', '        return self.head(x)', '', '',
      `def helper_${i}(values):`, '    total = 0', '    for value in values:', '        if value > 3:', '            total += value * 2', '    return total', '', '',
    )
  }
  return `${lines.join('\n')}\n`
}

/** Edits by what they touch: what is replaced, and by what. */
const keystrokes: readonly { readonly name: string; readonly at: string; readonly type: (text: string, at: number) => string }[] = [
  { name: 'a number in the body of __init__', at: 'self.head = nn.Linear(width, ', type: replaceNumber },
  { name: 'a name in the body of forward', at: 'x = torch.relu', type: (text, at) => `${text.slice(0, at)}layer${text.slice(at)}` },
  { name: 'a new line in the body of __init__', at: 'super().__init__()', type: (text, at) => `${text.slice(0, at)}\n        ${text.slice(at)}` },
  { name: 'a default of __init__', at: 'width=', type: replaceNumber },

]

function replaceNumber(text: string, at: number): string {
  const old = /\d+/.exec(text.slice(at, at + 20))?.[0] ?? ''
  return `${text.slice(0, at)}${String((Number(old) % 97) + 1)}${text.slice(at + old.length)}`
}

/** CPU time of one keystroke with everything that an editor asks after it, without the protocol: change, visible hints, lenses, diagnostics. */
async function measureKeystrokes(text: string): Promise<void> {
  const analysis = await createAnalysis(path.join(root, 'dist'))
  analysis.configure([{ folder, settings: {} }], undefined)
  analysis.open(file, text)
  ask(analysis, 0)
  for (const { name, at, type } of keystrokes) {
    const times: number[] = []
    let current = text
    for (let edit = 0; edit < 70; edit++) {
      const offset = current.indexOf(at, Math.floor((current.length / 24) * ((edit % 9) + 0.5))) + at.length
      const next = type(current, offset)
      const began = process.cpuUsage()
      analysis.change(file, next)
      ask(analysis, next.slice(0, offset).split('\n').length)
      const { user, system } = process.cpuUsage(began)
      current = next
      // The first ones warm the code up.
      if (edit >= 20) times.push((user + system) / 1000)
    }
    report(`CPU of a keystroke with all answers, 10,000 lines: ${name}`, times)
    row('  p95', `${percentile(times, 95).toFixed(1)} ms`, 'aim: under 20 ms')
  }
}

function ask(analysis: AnalysisHost, line: number): void {
  analysis.inlayHints(file, { start: { line: Math.max(0, line - 30), character: 0 }, end: { line: line + 30, character: 0 } })
  analysis.codeLenses(file)
  analysis.diagnostics(file)
}

async function main(): Promise<void> {
  const text = largeFile()
  fs.writeFileSync(file, text)
  await measureKeystrokes(text)

  const starts: number[] = []
  const opens: number[] = []
  const edits: number[] = []
  const hints: number[] = []
  for (let run = 0; run < 5; run++) {
    const began = performance.now()
    const server = await start()
    starts.push(performance.now() - began)
    const opened = performance.now()
    const first = server.nextDiagnostics(1)
    await server.connection.sendNotification('textDocument/didOpen', { textDocument: { uri, languageId: 'python', version: 1, text } })
    await first
    opens.push(performance.now() - opened)
    for (let edit = 0; edit < 20; edit++) {
      const version = edit + 2
      // A different line each time, in the middle of a class body, as a person types a number.
      const line = 3 + 20 * (edit * 20 + 7) + 4
      const at = { line, character: '        self.head = nn.Linear(width, '.length }
      const done = server.nextDiagnostics(version)
      const edited = performance.now()
      await server.connection.sendNotification('textDocument/didChange', { textDocument: { uri, version }, contentChanges: [{ range: { start: at, end: at }, text: '1' }] })
      await server.connection.sendRequest('textDocument/inlayHint', { textDocument: { uri }, range: { start: { line: line - 30, character: 0 }, end: { line: line + 30, character: 0 } } })
      hints.push(performance.now() - edited)
      await done
      edits.push(performance.now() - edited - quietMilliseconds)
    }
    await stop(server)
  }
  report('server start (spawn to initialize reply)', starts)
  report('open a 10,000-line file to diagnostics', opens)
  report(`edit to diagnostics, 10,000 lines, beyond the ${quietMilliseconds} ms of quiet`, edits)
  row('  p95', `${percentile(edits, 95).toFixed(1)} ms`)
  report('edit to inlay hints of the visible range, 10,000 lines', hints)
  row('  p95', `${percentile(hints, 95).toFixed(1)} ms`)
  const vsix = fs.readdirSync(root).find((name) => name.endsWith('.vsix'))
  row('.vsix', vsix ? `${(fs.statSync(path.join(root, vsix)).size / 1000).toFixed(0)} kB` : 'not packaged', 'aim: under 1 MB now, 400 kB in the end')
  fs.rmSync(folder, { recursive: true })
}

void main()
