import { afterEach, describe, expect, test } from 'vitest'
import { CancellationTokenSource } from 'vscode-languageserver/node'
import type { CodeAction, Finding } from '../../server/src/core/ide/answers.ts'
import { exact, unknown } from '../../server/src/core/measure/figure.ts'
import { checkpointRequest, footprintRequest, interpreterNotification, type FootprintAnswer } from '../../server/src/protocol.ts'
import { connect, file, open, until, uri, type Wire, type WireOptions } from './wire.ts'

const range = { start: { line: 0, character: 0 }, end: { line: 0, character: 6 } }
const finding: Finding = { rule: 'prepare-without-qconfig', severity: 'warning', message: 'saves nothing', file, range, saving: null, fixes: [] }

let wire: Wire
afterEach(() => wire.close())

async function connected(options?: WireOptions): Promise<Wire> {
  wire = await connect(options)
  return wire
}

describe('handshake', () => {
  test('every feature brings its capability', async () => {
    const { initialized } = await connected()
    expect(Object.keys(initialized.capabilities).sort()).toEqual(['codeActionProvider', 'codeLensProvider', 'hoverProvider', 'inlayHintProvider', 'textDocumentSync', 'workspace'])
  })

  test('settings of every folder and the defaults reach the service', async () => {
    const { told } = await connected({ settings: { '': { units: 'binary' }, 'file:///other': { target: 'heroku-slug' } } })
    const configured = await until(() => told.find((line) => line.startsWith('configure')))
    expect(configured).toBe('configure [{"folder":"/project","settings":null},{"folder":"/other","settings":{"target":"heroku-slug"}}] {"units":"binary"}')
  })

  test('a client that can nothing is asked nothing', async () => {
    const { told, registered } = await connected({ capabilities: {}, start: {} })
    await until(() => told.some((line) => line.startsWith('configure []')))
    expect(registered).toEqual([])
  })

  test('the interpreter of the client is handed on, at the start and later', async () => {
    const { told, client } = await connected({ start: { interpreter: '/venv/bin/python' } })
    await client.sendNotification(interpreterNotification, { interpreter: null })
    await until(() => told.includes('interpreter none'))
    expect(told.filter((line) => line.startsWith('interpreter'))).toEqual(['interpreter /venv/bin/python', 'interpreter none'])
  })
})

describe('text', () => {
  test('incremental changes build on each other, in UTF-16 columns', async () => {
    const { told, client } = await connected()
    await open(wire, 'x = "😀"\r\ny = 1\r\n')
    await client.sendNotification('textDocument/didChange', {
      textDocument: { uri, version: 2 },
      contentChanges: [
        { range: { start: { line: 0, character: 7 }, end: { line: 0, character: 7 } }, text: '!' },
        { range: { start: { line: 1, character: 0 }, end: { line: 2, character: 0 } }, text: '' },
      ],
    })
    await client.sendNotification('textDocument/didClose', { textDocument: { uri } })
    await until(() => told.includes(`close ${file}`))
    expect(told).toContain(`change ${file} ${JSON.stringify('x = "😀!"\r\n')}`)
  })

  test('a document that is no file is left alone', async () => {
    const { client, told } = await connected()
    await client.sendNotification('textDocument/didOpen', { textDocument: { uri: 'untitled:Untitled-1', languageId: 'python', version: 1, text: 'import torch' } })
    expect(await client.sendRequest('textDocument/hover', { textDocument: { uri: 'untitled:Untitled-1' }, position: range.start })).toBeNull()
    expect(told.filter((line) => line.startsWith('open'))).toEqual([])
  })
})

describe('diagnostics', () => {
  test('are pushed with the version they speak of, and withdrawn on close', async () => {
    const { client, published } = await connected({ service: { diagnostics: () => [finding] } })
    await open(wire, 'import torch\n', 7)
    const first = await until(() => published.find((params) => params.diagnostics.length > 0))
    expect(first).toEqual({ uri, version: 7, diagnostics: [{ source: 'Torch Footprint', code: 'prepare-without-qconfig', severity: 2, range, message: 'saves nothing' }] })
    await client.sendNotification('textDocument/didClose', { textDocument: { uri } })
    expect(await until(() => published.find((params) => params.diagnostics.length === 0))).toEqual({ uri, diagnostics: [] })
  })

  test('a file in quarantine is not read, and says so', async () => {
    let asked = 0
    const { client, published } = await connected({ start: { quarantine: [uri] }, service: { diagnostics: () => { asked += 1; return [] }, hover: () => { asked += 1; return undefined } } })
    await open(wire, 'import torch\n')
    const note = await until(() => published[0])
    expect(note.diagnostics[0]?.message).toContain('leaves this file alone')
    expect(await client.sendRequest('textDocument/hover', { textDocument: { uri }, position: range.start })).toBeNull()
    expect(asked).toBe(0)
  })
})

describe('requests', () => {
  test('a cancelled one is answered once, with -32800, and no work is done for it', async () => {
    let asked = 0
    const { client } = await connected({ service: { hover: () => { asked += 1; return undefined } } })
    await open(wire, 'import torch\n')
    const cancelled = new CancellationTokenSource()
    const answer = client.sendRequest('textDocument/hover', { textDocument: { uri }, position: range.start }, cancelled.token)
    cancelled.cancel()
    await expect(answer).rejects.toMatchObject({ code: -32800 })
    expect(asked).toBe(0)
  })

  test('one that fails is answered with an error, and the next one is served', async () => {
    let failing = true
    const { client } = await connected({
      service: {
        hover: () => {
          if (failing) throw new Error('boom')
          return { range, markdown: '**torch**' }
        },
      },
    })
    await open(wire, 'import torch\n')
    const ask = () => client.sendRequest('textDocument/hover', { textDocument: { uri }, position: range.start })
    await expect(ask()).rejects.toMatchObject({ code: -32603, message: 'hover failed: boom' })
    failing = false
    expect(await ask()).toEqual({ range, contents: { kind: 'markdown', value: '**torch**' } })
  })

  test('inlay hints carry their explanation', async () => {
    const { client } = await connected({ service: { inlayHints: () => [{ kind: 'imports', position: range.end, label: '244 MB', tooltip: 'with *what it pulls in*', bytes: exact(244e6) }] } })
    await open(wire, 'import torch\n')
    expect(await client.sendRequest('textDocument/inlayHint', { textDocument: { uri }, range })).toEqual([
      { position: range.end, paddingLeft: true, label: [{ value: '244 MB', tooltip: { kind: 'markdown', value: 'with *what it pulls in*' } }] },
    ])
  })

  test('a lens leads to the sidebar only where there is one', async () => {
    const service = { codeLenses: () => [{ range, title: '25.6 M parameters', reveals: 'model:Net' }] }
    await connected({ service })
    await open(wire, 'import torch\n')
    const lens = (command: object) => [{ range, command: { title: '25.6 M parameters', ...command } }]
    expect(await wire.client.sendRequest('textDocument/codeLens', { textDocument: { uri } })).toEqual(lens({ command: 'torchFootprint.reveal', arguments: ['model:Net'] }))
    await wire.close()
    await connected({ service, start: {} })
    await open(wire, 'import torch\n')
    expect(await wire.client.sendRequest('textDocument/codeLens', { textDocument: { uri } })).toEqual(lens({ command: '' }))
  })
})

describe('code actions', () => {
  const quantize: CodeAction = { title: 'Quantize `model`', kind: 'quickfix', rule: 'quantization-candidate', edits: [{ file, range, newText: 'import th' }] }
  const refused: CodeAction = { title: 'Quantize `other`', kind: 'refactor', edits: [], disabled: 'training continues' }
  const service = { codeActions: () => [quantize, refused] }
  const ask = (only?: string[]) => wire.client.sendRequest('textDocument/codeAction', { textDocument: { uri }, range, context: { diagnostics: [], ...(only ? { only } : {}) } })

  test('edits carry the version of the text that they were made for; refusals carry their reason', async () => {
    await connected({ service })
    await open(wire, 'import torch\n', 3)
    expect(await ask()).toEqual([
      { title: 'Quantize `model`', kind: 'quickfix', data: { rule: 'quantization-candidate' }, edit: { documentChanges: [{ textDocument: { uri, version: 3 }, edits: [{ range, newText: 'import th' }] }] } },
      { title: 'Quantize `other`', kind: 'refactor.rewrite', disabled: { reason: 'training continues' } },
    ])
    expect(await ask(['refactor'])).toHaveLength(1)
    expect(await ask(['source'])).toEqual([])
  })

  test('a client that cannot show a refusal is not given one', async () => {
    await connected({ service, capabilities: { textDocument: { codeAction: { codeActionLiteralSupport: { codeActionKind: { valueSet: [] } } } } } })
    await open(wire, 'import torch\n')
    expect(await ask()).toEqual([
      { title: 'Quantize `model`', kind: 'quickfix', data: { rule: 'quantization-candidate' }, edit: { changes: { [uri]: [{ range, newText: 'import th' }] } } },
    ])
  })
})

describe('footprint and checkpoint', () => {
  test('rows are words: bytes, share, certainty; names are escaped', async () => {
    await connected({
      service: {
        footprint: () => ({
          root: {
            id: 'root', name: 'project', kind: 'workspace', bytes: exact(300e6), children: [
              { id: 'a', name: 'torch', kind: 'package', bytes: exact(200e6), detail: '2.6.0', children: [] },
              { id: 'b', name: '[x](command:y)<b>', kind: 'checkpoint', bytes: unknown('not *readable*'), children: [] },
            ],
          },
          target: { name: 'aws-lambda-zip', limit: 262_144_000, counts: 'the unzipped function', bytes: exact(300e6), fits: false, cuts: [{ title: 'Leave out *old*.pt', saving: exact(100e6), of: 'old.pt' }], after: exact(200e6), fitsAfter: true },
        }),
      },
    })
    const answer = await wire.client.sendRequest<FootprintAnswer>(footprintRequest)
    expect(answer.rows.map(({ name, description }) => [name, description])).toEqual([['aws-lambda-zip', '300 MB of 262 MB for the unzipped function, exceeds it by 37.9 MB'], ['torch', '200 MB · 67 % · 2.6.0'], ['[x](command:y)<b>', 'unknown size']])
    expect(answer.rows[0]?.tooltip).toBe('**aws\\-lambda\\-zip**: 300 MB of 262 MB for the unzipped function, exceeds it by 37.9 MB\n\nafter this cut: 200 MB, which fits')
    expect(answer.rows[0]?.children.map(({ name, description }) => [name, description])).toEqual([['Leave out *old*.pt', 'saves 100 MB']])
    expect(answer.rows[2]?.tooltip).toBe('**\\[x\\]\\(command:y\\)&lt;b\\>**\n\nunknown size: not \\*readable\\*')
    expect(answer.total).toMatchObject({ text: '300 MB', exceeds: true })
    expect(answer.markdown).toContain('Target aws\\-lambda\\-zip: 300 MB of 262 MB for the unzipped function, exceeds it by 37.9 MB\n1. Leave out \\*old\\*.pt')
  })

  test('what is no file on disk has no checkpoint', async () => {
    await connected()
    await expect(wire.client.sendRequest(checkpointRequest, { uri: 'vscode-remote://x/y.pt' })).rejects.toMatchObject({ message: 'Only files on disk can be read.' })
  })

  test('a burst of changed files is told once', async () => {
    const { client, told } = await connected()
    for (const name of ['a.pt', 'b.pt', 'a.pt']) await client.sendNotification('workspace/didChangeWatchedFiles', { changes: [{ uri: `file:///project/${name}`, type: 2 }] })
    expect(await until(() => told.find((line) => line.startsWith('changed')))).toBe('changed /project/a.pt /project/b.pt')
  })
})
