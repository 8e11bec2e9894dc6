/** The extension's start and end: builds its parts and joins them. Holds no analysis. */

import * as vscode from 'vscode'
import { checkpointEditors } from './checkpoint-editor.ts'
import { quantizeInFile } from './commands/quantize.ts'
import { selectEnvironment } from './commands/select-environment.ts'
import { writeSlimmerCopy } from './commands/slim.ts'
import { FootprintView, openRow } from './footprint-view.ts'
import { followInterpreter } from './interpreter.ts'
import { LanguageServer } from './language-server.ts'
import { openAt } from './open-place.ts'
import { createStatusBar } from './status-bar.ts'
import { openAtCommand, revealCommand, type FootprintRow } from '../../server/src/protocol.ts'

export async function activate(context: vscode.ExtensionContext): Promise<void> {
  const log = vscode.window.createOutputChannel('Torch Footprint', { log: true })
  const server = new LanguageServer(context, log)
  const view = new FootprintView(server)
  const status = createStatusBar()
  context.subscriptions.push(
    log, server, view, status,
    view.onDidAnswer((answer) => { status.show(answer) }),
    server.onDidChangeFootprint(() => { view.outdated() }),
    ...checkpointEditors(context, server),
    ...commands({ context, server, view, log }),
  )
  await server.start(undefined)
  void view.refresh()
  // The Python extension may take a while to wake up; until then the environment is found from files alone.
  const following = await followInterpreter(log, (interpreter) => { void server.selectInterpreter(interpreter) })
  if (following) context.subscriptions.push(following)
}

function commands({ context, server, view, log }: {
  readonly context: vscode.ExtensionContext
  readonly server: LanguageServer
  readonly view: FootprintView
  readonly log: vscode.LogOutputChannel
}): vscode.Disposable[] {
  const register = vscode.commands.registerCommand.bind(vscode.commands)
  return [
    register('torchFootprint.showFootprint', () => vscode.commands.executeCommand('torchFootprint.footprint.focus')),
    register('torchFootprint.refresh', () => view.refresh()),
    register('torchFootprint.restart', () => server.restart()),
    register('torchFootprint.showLog', () => { log.show() }),
    register('torchFootprint.selectEnvironment', selectEnvironment),
    register('torchFootprint.quantize', () => quantizeInFile(server)),
    register('torchFootprint.slim', (uri?: vscode.Uri) => writeSlimmerCopy(context, uri)),
    register('torchFootprint.openRow', (row?: FootprintRow) => openRow(row)),
    register('torchFootprint.copyMarkdown', async () => { await vscode.env.clipboard.writeText(view.markdown()) }),
    register(openAtCommand, openAt),
    register(revealCommand, (id: unknown) => typeof id === 'string' ? view.reveal(id) : undefined),
  ]
}
