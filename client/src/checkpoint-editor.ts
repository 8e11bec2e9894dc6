/**
 * The read-only editor of checkpoints: hands the server's report to a webview and follows the file. The webview gets
 * data, never markup: everything in a checkpoint is text that anybody may have written.
 */

import { randomBytes } from 'node:crypto'
import * as path from 'node:path'
import * as vscode from 'vscode'
import type { ViewMessage, HostMessage } from '../webview/checkpoint/messages.ts'
import type { LanguageServer } from './language-server.ts'

/** The second one opens what belongs to others too, only when a person asks for it. */
const viewTypes = ['torchFootprint.checkpoint', 'torchFootprint.checkpointOnRequest']

/** A file that is being written changes many times a second. */
const settleMilliseconds = 500

export function checkpointEditors(context: vscode.ExtensionContext, server: LanguageServer): vscode.Disposable[] {
  const provider: vscode.CustomReadonlyEditorProvider = {
    openCustomDocument: (uri) => ({ uri, dispose: () => undefined }),
    resolveCustomEditor: (document, panel) => { show({ context, server, uri: document.uri, panel }) },
  }
  return viewTypes.map((viewType) => vscode.window.registerCustomEditorProvider(viewType, provider, {
    supportsMultipleEditorsPerDocument: true,
    webviewOptions: { enableFindWidget: true },
  }))
}

function show({ context, server, uri, panel }: {
  readonly context: vscode.ExtensionContext
  readonly server: LanguageServer
  readonly uri: vscode.Uri
  readonly panel: vscode.WebviewPanel
}): void {
  const { webview } = panel
  webview.options = { enableScripts: true, localResourceRoots: [vscode.Uri.joinPath(context.extensionUri, 'dist', 'webview'), vscode.Uri.joinPath(context.extensionUri, 'media')] }
  let reading = new vscode.CancellationTokenSource()
  const send = async () => {
    reading.cancel()
    const mine = reading = new vscode.CancellationTokenSource()
    const message = await read(server, uri, mine.token)
    if (!mine.token.isCancellationRequested) await webview.postMessage(message)
  }
  const disposables = [
    webview.onDidReceiveMessage((message: ViewMessage) => {
      if (message.type === 'ready') void send()
      if (message.type === 'slim') void vscode.commands.executeCommand('torchFootprint.slim', uri)
    }),
    follow(uri, () => { void send() }),
  ]
  panel.onDidDispose(() => {
    reading.cancel()
    for (const disposable of disposables) disposable.dispose()
  })
  webview.html = page(webview, context.extensionUri)
}

async function read(server: LanguageServer, uri: vscode.Uri, token: vscode.CancellationToken): Promise<HostMessage> {
  const name = path.posix.basename(uri.path)
  try {
    return { type: 'checkpoint', name, answer: await server.checkpoint(uri, token) }
  } catch (error) {
    return { type: 'failure', name, message: error instanceof Error ? error.message : String(error) }
  }
}

function follow(uri: vscode.Uri, changed: () => void): vscode.Disposable {
  const watcher = vscode.workspace.createFileSystemWatcher(new vscode.RelativePattern(vscode.Uri.joinPath(uri, '..'), path.posix.basename(uri.path).replace(/[[\]{}*?]/g, '?')))
  let timer: NodeJS.Timeout | undefined
  const later = () => {
    clearTimeout(timer)
    timer = setTimeout(changed, settleMilliseconds)
  }
  watcher.onDidChange(later)
  watcher.onDidCreate(later)
  watcher.onDidDelete(later)
  return { dispose: () => {
    clearTimeout(timer)
    watcher.dispose()
  } }
}

function page(webview: vscode.Webview, extension: vscode.Uri): string {
  const nonce = randomBytes(16).toString('base64')
  const script = webview.asWebviewUri(vscode.Uri.joinPath(extension, 'dist', 'webview', 'checkpoint.js')).toString()
  const style = webview.asWebviewUri(vscode.Uri.joinPath(extension, 'media', 'checkpoint.css')).toString()
  return `<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src ${webview.cspSource}; script-src 'nonce-${nonce}'">
<meta name="viewport" content="width=device-width, initial-scale=1">
<link rel="stylesheet" href="${style}">
<title>Checkpoint</title>
</head>
<body>
<main id="root" aria-busy="true"><p>Reading ...</p></main>
<script nonce="${nonce}" src="${script}"></script>
</body>
</html>`
}
