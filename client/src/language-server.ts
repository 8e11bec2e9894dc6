/**
 * The language client: starts dist/server.js over IPC under Node's permission model, restarts it when it ends by
 * itself, and keeps away from files that ended it. Holds no analysis.
 */

import * as vscode from 'vscode'
import {
  CloseAction, ErrorAction, LanguageClient, RevealOutputChannelOn, TransportKind,
  type CloseHandlerResult, type DocumentFilter, type LanguageClientOptions, type Middleware, type NodeModule,
} from 'vscode-languageclient/node'
import {
  checkpointRequest, footprintChangedNotification, footprintRequest, guardedNotification, interpreterNotification,
  type CheckpointAnswer, type CheckpointParams, type FootprintAnswer, type GuardedParams, type InterpreterParams, type StartOptions,
} from '../../server/src/protocol.ts'
import { permissionFlags } from './permission-flags.ts'
import { Quarantine } from './quarantine.ts'

/** As many crashes in as many milliseconds as VS Code's own client allows before it gives up. */
const maximumCrashes = 5
const crashWindowMilliseconds = 3 * 60_000

const patterns = [
  '**/*requirements*.{txt,in,pip}', '**/requirements/*.{txt,in}', '**/{constraint,req}*.{txt,in}', '**/pyproject.toml', '**/torch-footprint.toml', '**/setup.cfg',
  '**/Pipfile', '**/{environment,conda}*.{yml,yaml}', '**/{Dockerfile,Containerfile}', '**/*.{Dockerfile,Containerfile}', '**/{Dockerfile,Containerfile}{.,-}*',
  // Usual names of files that a requirements file includes; the server knows whether one does.
  '**/{base,common,core,cpu,dependencies,deps,gpu,main,prod,production,runtime,torch}.{txt,in}',
]
export const documentSelector: DocumentFilter[] = [
  { scheme: 'file', language: 'python' },
  ...patterns.map((pattern) => ({ scheme: 'file', pattern })),
]

export class LanguageServer implements vscode.Disposable {
  readonly #client: LanguageClient
  readonly #log: vscode.LogOutputChannel
  readonly #quarantine = new Quarantine()
  readonly #footprintChanged = new vscode.EventEmitter<void>()
  #interpreter: string | undefined
  #crashes: number[] = []

  readonly onDidChangeFootprint = this.#footprintChanged.event

  constructor(context: vscode.ExtensionContext, log: vscode.LogOutputChannel) {
    this.#log = log
    const server: NodeModule = {
      module: context.asAbsolutePath('dist/server.js'),
      transport: TransportKind.ipc,
      options: { execArgv: permissionFlags() },
    }
    this.#client = new LanguageClient('torchFootprint', 'Torch Footprint', { run: server, debug: server }, this.#options())
    this.#client.onNotification(footprintChangedNotification, () => { this.#footprintChanged.fire() })
    this.#client.onNotification(guardedNotification, ({ refusesWrites, refusesPrograms }: GuardedParams) => {
      log.debug(`The runtime refuses writes: ${refusesWrites}, programs: ${refusesPrograms}`)
    })
  }

  async start(interpreter: string | undefined): Promise<void> {
    this.#interpreter = interpreter
    await this.#client.start()
  }

  /** A fresh start: files in quarantine get another chance. */
  async restart(): Promise<void> {
    this.#quarantine.release()
    this.#crashes = []
    if (this.#client.isRunning()) await this.#client.restart()
    else await this.#client.start()
    this.#footprintChanged.fire()
  }

  async selectInterpreter(interpreter: string | undefined): Promise<void> {
    this.#interpreter = interpreter
    if (!this.#client.isRunning()) return
    await this.#client.sendNotification(interpreterNotification, { interpreter: interpreter ?? null } satisfies InterpreterParams)
  }

  async footprint(): Promise<FootprintAnswer | undefined> {
    if (!this.#client.isRunning()) return undefined
    return await this.#client.sendRequest<FootprintAnswer>(footprintRequest, {})
  }

  async checkpoint(uri: vscode.Uri, token: vscode.CancellationToken): Promise<CheckpointAnswer> {
    const params: CheckpointParams = { uri: this.#client.code2ProtocolConverter.asUri(uri) }
    return await this.#client.sendRequest<CheckpointAnswer>(checkpointRequest, params, token)
  }

  /** The quick fixes of one rule in a whole document, disabled ones with their reason included. */
  async fixesOf(document: vscode.TextDocument, rule: string): Promise<RuleFix[]> {
    const converter = this.#client.code2ProtocolConverter
    const whole = new vscode.Range(new vscode.Position(0, 0), document.lineAt(document.lineCount - 1).range.end)
    const actions = await this.#client.sendRequest<ProtocolAction[] | null>('textDocument/codeAction', {
      textDocument: converter.asTextDocumentIdentifier(document), range: converter.asRange(whole), context: { diagnostics: [] },
    })
    return await Promise.all((actions ?? []).filter((action) => action.data?.rule === rule).map(async (action) => ({
      title: action.title,
      refusal: action.disabled?.reason,
      edit: await this.#client.protocol2CodeConverter.asWorkspaceEdit(action.edit as Parameters<LanguageClient['protocol2CodeConverter']['asWorkspaceEdit']>[0]),
    })))
  }

  async dispose(): Promise<void> {
    this.#footprintChanged.dispose()
    await this.#client.dispose()
  }

  #options(): LanguageClientOptions {
    return {
      documentSelector,
      outputChannel: this.#log,
      // An error in the log is no reason to take the keyboard away.
      revealOutputChannelOn: RevealOutputChannelOn.Never,
      progressOnInitialization: false,
      initializationOptions: (): StartOptions => ({
        sidebar: true,
        quarantine: this.#quarantine.files(),
        ...(this.#interpreter === undefined ? {} : { interpreter: this.#interpreter }),
      }),
      middleware: this.#middleware(),
      errorHandler: {
        error: () => ({ action: ErrorAction.Continue, handled: true }),
        closed: () => this.#closed(),
      },
      markdown: { isTrusted: false, supportHtml: false },
    }
  }

  #closed(): CloseHandlerResult {
    for (const uri of this.#quarantine.crashed()) {
      void vscode.window.showWarningMessage(`Torch Footprint leaves ${vscode.workspace.asRelativePath(vscode.Uri.parse(uri))} alone: reading it ended the server twice.`)
    }
    const now = Date.now()
    this.#crashes = [...this.#crashes.filter((time) => now - time < crashWindowMilliseconds), now]
    if (this.#crashes.length <= maximumCrashes) return { action: CloseAction.Restart, handled: true }
    void vscode.window.showErrorMessage('Torch Footprint has stopped: its server ended too often.', 'Restart', 'Show Log').then((choice) => {
      if (choice === 'Restart') void this.restart()
      if (choice === 'Show Log') this.#log.show()
    })
    return { action: CloseAction.DoNotRestart, handled: true }
  }

  #middleware(): Middleware {
    const quarantine = this.#quarantine
    const uriOf = (document: vscode.TextDocument) => this.#client.code2ProtocolConverter.asUri(document.uri)
    return {
      didOpen: (document, next) => {
        quarantine.edited(uriOf(document))
        return next(document)
      },
      didChange: (event, next) => {
        quarantine.edited(uriOf(event.document))
        return next(event)
      },
      didClose: (document, next) => {
        quarantine.read(uriOf(document))
        return next(document)
      },
      handleDiagnostics: (uri, diagnostics, next) => {
        quarantine.read(this.#client.code2ProtocolConverter.asUri(uri))
        next(uri, diagnostics)
      },
      sendRequest: async (type, params, token, next) => {
        const uri = askedAbout(params)
        if (uri === undefined) return await next(type, params, token)
        quarantine.asked(uri)
        const answer = await next(type, params, token).then((value) => ({ value }), (error: unknown) => ({ error }))
        // A crash has already settled what was owed; `answered` of something not owed changes nothing.
        quarantine.answered(uri)
        if ('error' in answer) throw answer.error
        return answer.value
      },
    }
  }
}

export interface RuleFix {
  readonly title: string
  readonly refusal: string | undefined
  readonly edit: vscode.WorkspaceEdit | undefined
}

interface ProtocolAction {
  readonly title: string
  readonly data?: { readonly rule?: string }
  readonly disabled?: { readonly reason: string }
  readonly edit?: unknown
}

function askedAbout(params: unknown): string | undefined {
  if (typeof params !== 'object' || params === null) return undefined
  const { textDocument, uri } = params as { textDocument?: { uri?: unknown }; uri?: unknown }
  const asked = textDocument?.uri ?? uri
  return typeof asked === 'string' ? asked : undefined
}
