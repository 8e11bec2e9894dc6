/**
 * One connection with one editor: the handshake and the order in which the features come to life. Each feature brings
 * its own capability and its own handlers.
 */

import {
  DidChangeConfigurationNotification,
  type Connection, type InitializeParams, type InitializeResult, type ServerCapabilities,
} from 'vscode-languageserver/node'
import { guardedNotification } from '../protocol.ts'
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
import { guardWork } from './guard.ts'
import { permissionReport } from './permissions.ts'
import { Signal, type ClientTraits, type Feature, type Session } from './session.ts'
import { Timers } from './timers.ts'

const features: readonly Feature[] = [
  textSync, configuration, interpreter, watchedFiles, diagnostics, inlayHints, hover, codeLens, codeActions, footprint, checkpoint,
]

/** Serves one client. `createService` is called once, when the client has said who it is. */
export function startSession(connection: Connection, createService: () => Promise<AnalysisService>): void {
  let session: Session | undefined
  connection.onInitialize(async (params): Promise<InitializeResult> => {
    const created = createSession(connection, await createService(), params)
    session = created
    for (const feature of features) feature.register(created)
    return {
      serverInfo: { name: 'torch-footprint' },
      capabilities: Object.assign({}, ...features.map((feature) => feature.capabilities)) as ServerCapabilities,
    }
  })
  connection.onInitialized(guardWork(connection.console, 'initialized', async () => {
    if (!session) return
    if (session.client.configurationChanges) await connection.client.register(DidChangeConfigurationNotification.type, { section: 'torchFootprint' })
    for (const feature of features) await feature.start?.(session)
    const report = permissionReport()
    connection.console.info(report.message)
    if (session.start.sidebar) await connection.sendNotification(guardedNotification, report.guarded)
  }))
  connection.onShutdown(() => { session?.timers.stop() })
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
    timers: new Timers(),
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
