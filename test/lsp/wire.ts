/** A real server and a real client over two in-process streams, around a service that a test fills in. No mock connection. */

import { PassThrough } from 'node:stream'
import {
  createConnection, createProtocolConnection, StreamMessageReader, StreamMessageWriter,
  type ClientCapabilities, type InitializeResult, type ProtocolConnection, type PublishDiagnosticsParams,
} from 'vscode-languageserver/node'
import { startSession } from '../../server/src/lsp/serve.ts'
import type { AnalysisService } from '../../server/src/lsp/service.ts'
import type { StartOptions } from '../../server/src/protocol.ts'

export const uri = 'file:///project/train.py'
export const file = '/project/train.py'

export interface Wire {
  readonly client: ProtocolConnection
  readonly initialized: InitializeResult
  readonly published: PublishDiagnosticsParams[]
  /** What the server told the service, in order. */
  readonly told: string[]
  readonly registered: string[]
  close(): Promise<void>
}

export interface WireOptions {
  readonly service?: Partial<AnalysisService>
  readonly capabilities?: ClientCapabilities
  readonly start?: StartOptions
  readonly settings?: Record<string, unknown>
}

export async function connect({ service = {}, capabilities = fullClient, start = { sidebar: true }, settings = {} }: WireOptions = {}): Promise<Wire> {
  const up = new PassThrough()
  const down = new PassThrough()
  const told: string[] = []
  const server = createConnection(new StreamMessageReader(up), new StreamMessageWriter(down))
  startSession(server, () => Promise.resolve({ ...quietService(told), ...service }))
  const client = createProtocolConnection(new StreamMessageReader(down), new StreamMessageWriter(up))
  const published: PublishDiagnosticsParams[] = []
  const registered: string[] = []
  client.onNotification('textDocument/publishDiagnostics', (params: PublishDiagnosticsParams) => { published.push(params) })
  client.onRequest('workspace/configuration', ({ items }: { items: { scopeUri?: string }[] }) => items.map(({ scopeUri }) => settings[scopeUri ?? ''] ?? null))
  client.onRequest('workspace/workspaceFolders', () => [{ uri: 'file:///project', name: 'project' }, { uri: 'file:///other', name: 'other' }])
  client.onRequest('client/registerCapability', ({ registrations }: { registrations: { method: string }[] }) => { registered.push(...registrations.map(({ method }) => method)) })
  client.onRequest('workspace/inlayHint/refresh', () => null)
  client.onRequest('workspace/codeLens/refresh', () => null)
  client.listen()
  const initialized = await client.sendRequest<InitializeResult>('initialize', { processId: null, rootUri: null, capabilities, initializationOptions: start, workspaceFolders: null })
  await client.sendNotification('initialized', {})
  return {
    client, initialized, published, told, registered,
    async close() {
      await client.sendRequest('shutdown')
      client.dispose()
      server.dispose()
    },
  }
}

export async function open(wire: Wire, text: string, version = 1): Promise<void> {
  await wire.client.sendNotification('textDocument/didOpen', { textDocument: { uri, languageId: 'python', version, text } })
}

/** Waits for what arrives by itself, without guessing how long it takes. */
export async function until<T>(read: () => T | undefined | false): Promise<T> {
  for (;;) {
    const value = read()
    if (value !== undefined && value !== false) return value
    await new Promise((resolve) => { setTimeout(resolve, 5) })
  }
}

const fullClient: ClientCapabilities = {
  workspace: {
    configuration: true, workspaceFolders: true, workspaceEdit: { documentChanges: true },
    didChangeConfiguration: { dynamicRegistration: true }, didChangeWatchedFiles: { dynamicRegistration: true, relativePatternSupport: true },
    inlayHint: { refreshSupport: true }, codeLens: { refreshSupport: true },
  },
  textDocument: {
    codeAction: { disabledSupport: true, codeActionLiteralSupport: { codeActionKind: { valueSet: [] } } },
    publishDiagnostics: { relatedInformation: true },
  },
}

function quietService(told: string[]): AnalysisService {
  return {
    open: (path, text) => { told.push(`open ${path} ${JSON.stringify(text)}`) },
    change: (path, text) => { told.push(`change ${path} ${JSON.stringify(text)}`) },
    close: (path) => { told.push(`close ${path}`) },
    filesChanged: (files) => { told.push(`changed ${files.join(' ')}`) },
    configure: (folders, defaults) => { told.push(`configure ${JSON.stringify(folders)} ${JSON.stringify(defaults)}`) },
    selectInterpreter: (path) => { told.push(`interpreter ${path ?? 'none'}`) },
    diagnostics: () => [], inlayHints: () => [], hover: () => undefined, codeLenses: () => [], codeActions: () => [],
    projectFindings: () => [], footprint: () => undefined, checkpoint: () => undefined, units: () => 'decimal', watchedFolders: () => [],
  }
}
