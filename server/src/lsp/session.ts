/**
 * One connection with one editor: the handshake, the shared state of the features, and the order in which they come to
 * life. Each feature brings its own capability and its own handlers.
 */

import {
  DidChangeConfigurationNotification, TextDocumentSyncKind,
  type Connection, type InitializeParams, type InitializeResult, type ServerCapabilities,
} from 'vscode-languageserver/node'
import type { StartOptions } from '../protocol.ts'
import { OpenDocuments } from './documents.ts'
import type { AnalysisService } from './service.ts'
import { checkpoint } from './features/checkpoint.ts'
import { codeActions } from './features/code-actions.ts'
import { codeLens } from './features/code-lens.ts'
import { configuration } from './features/configuration.ts'
import { diagnostics } from './features/diagnostics.ts'
import { footprint } from './features/footprint.ts'
import { hover } from './features/hover.ts'
import { inlayHints } from './features/inlay-hints.ts'
import { interpreter } from './features/interpreter.ts'
import { textSync } from './features/text-sync.ts'
import { watchedFiles } from './features/watched-files.ts'
import { readStartOptions } from './from-proto.ts'
import { permissionReport } from './permissions.ts'
import { guardedNotification } from '../protocol.ts'

/** What the features share. */
export interface Session {
  readonly connection: Connection
  readonly documents: OpenDocuments
  readonly service: AnalysisService
  readonly client: ClientTraits
  readonly start: StartOptions
  /** Files that are left alone, by path. */
  readonly quarantined: ReadonlySet<string>
  /** Something that many answers rest on has changed: features ask again or tell the client to. */
  readonly refreshed: Signal
  /** The text of one file has changed, or it was opened or closed. */
  readonly edited: Signal<string>
}

/** What the client can do, as far as we ask. */
export interface ClientTraits {
  readonly configuration: boolean
  readonly configurationChanges: boolean
  readonly workspaceFolders: boolean
  readonly watchedFiles: boolean
  readonly relativePatterns: boolean
  readonly inlayHintRefresh: boolean
  readonly codeLensRefresh: boolean
  readonly versionedEdits: boolean
  readonly disabledActions: boolean
  readonly literalActions: boolean
  readonly relatedInformation: boolean
}

/** One feature: what it adds to the server's capabilities, and the handlers that answer for it. */
export interface Feature {
  readonly capabilities: ServerCapabilities
  register(session: Session): void
  /** After `initialized`: what needs a client that answers. */
  start?(session: Session): void | Promise<void>
}

const features: readonly Feature[] = [
  textSync, configuration, interpreter, watchedFiles, diagnostics, inlayHints, hover, codeLens, codeActions, footprint, checkpoint,
]

/** Serves one client. `createService` is called once, when the client has said who it is. */
export function startSession(connection: Connection, createService: () => AnalysisService): void {
  let session: Session | undefined
  connection.onInitialize((params): InitializeResult => {
    const created = createSession(connection, createService(), params)
    session = created
    for (const feature of features) feature.register(created)
    return {
      serverInfo: { name: 'torch-footprint' },
      capabilities: Object.assign({ textDocumentSync: TextDocumentSyncKind.Incremental }, ...features.map((feature) => feature.capabilities)) as ServerCapabilities,
    }
  })
  connection.onInitialized(async () => {
    if (!session) return
    if (session.client.configurationChanges) await connection.client.register(DidChangeConfigurationNotification.type, { section: 'torchFootprint' })
    for (const feature of features) await feature.start?.(session)
    const report = permissionReport()
    connection.console.info(report.message)
    await connection.sendNotification(guardedNotification, report.guarded)
  })
  connection.listen()
}

function createSession(connection: Connection, service: AnalysisService, params: InitializeParams): Session {
  const start = readStartOptions(params.initializationOptions)
  return {
    connection, service, start,
    documents: new OpenDocuments(),
    client: traitsOf(params),
    quarantined: new Set(start.quarantine),
    refreshed: new Signal(),
    edited: new Signal(),
  }
}

function traitsOf({ capabilities }: InitializeParams): ClientTraits {
  const { workspace, textDocument } = capabilities
  return {
    configuration: workspace?.configuration ?? false,
    configurationChanges: workspace?.didChangeConfiguration?.dynamicRegistration ?? false,
    workspaceFolders: workspace?.workspaceFolders ?? false,
    watchedFiles: workspace?.didChangeWatchedFiles?.dynamicRegistration ?? false,
    relativePatterns: workspace?.didChangeWatchedFiles?.relativePatternSupport ?? false,
    inlayHintRefresh: workspace?.inlayHint?.refreshSupport ?? false,
    codeLensRefresh: workspace?.codeLens?.refreshSupport ?? false,
    versionedEdits: workspace?.workspaceEdit?.documentChanges ?? false,
    disabledActions: textDocument?.codeAction?.disabledSupport ?? false,
    literalActions: textDocument?.codeAction?.codeActionLiteralSupport !== undefined,
    relatedInformation: textDocument?.publishDiagnostics?.relatedInformation ?? false,
  }
}

/** A list of listeners, called in the order in which they came. */
export class Signal<Value = void> {
  readonly #listeners: ((value: Value) => void)[] = []

  on(listener: (value: Value) => void): void {
    this.#listeners.push(listener)
  }

  fire(value: Value): void {
    for (const listener of this.#listeners) listener(value)
  }
}
