/** "Write a Slimmer Copy...": asks where to, runs `torch-footprint slim` in a process of its own, shows its progress, and can end it. */

import { spawn, type ChildProcess } from 'node:child_process'
import * as vscode from 'vscode'
import { formatBytes } from '../../../server/src/protocol.ts'

/** What is kept of the command line's messages, for the error that a person sees. */
const keptErrors = 4000

const precisions = [
  { label: 'Keep element types', parameters: [] },
  { label: 'float16', detail: 'Half the bytes of float32; values beyond 65,504 overflow and are reported', parameters: ['--dtype', 'float16'] },
  { label: 'bfloat16', detail: 'Half the bytes of float32; the same range with fewer digits', parameters: ['--dtype', 'bfloat16'] },
]

export async function writeSlimmerCopy(context: vscode.ExtensionContext, chosen: vscode.Uri | undefined): Promise<void> {
  const input = chosen ?? activeCheckpoint()
  if (!input) {
    void vscode.window.showInformationMessage('Open a checkpoint first, or use the command from its menu in the explorer.')
    return
  }
  if (!vscode.workspace.isTrusted) {
    void vscode.window.showInformationMessage('In Restricted Mode nothing is written; trust the workspace to write a slimmer copy.')
    return
  }
  const precision = await vscode.window.showQuickPick(precisions, { title: 'Write a Slimmer Copy', placeHolder: 'Keeps the weights, drops what only training needs. Element types?' })
  if (!precision) return
  const output = await vscode.window.showSaveDialog({ title: 'Write a Slimmer Copy', defaultUri: suggested(input), filters: { Checkpoints: ['pt', 'pth', 'safetensors', 'bin', 'ckpt'] } })
  if (!output) return
  if (output.fsPath === input.fsPath) {
    void vscode.window.showWarningMessage('A slimmer copy is never written over its original: choose another name.')
    return
  }
  const result = await run(context, ['slim', '--json', '-o', output.fsPath, ...precision.parameters, '--', input.fsPath])
  if (result.kind === 'cancelled') return
  if (result.kind === 'failed') {
    void vscode.window.showErrorMessage(`No copy was written: ${result.message}`)
    return
  }
  const open = 'Open'
  const written = readDocument(result.message)
  const message = `${vscode.workspace.asRelativePath(output)}: ${formatBytes(written.outputBytes)} instead of ${formatBytes(written.inputBytes)}, ${written.tensors.toLocaleString('en-US')} tensors kept.`
  // A notification turns brackets into links, and names come from the file.
  const lost = written.overflowed.length > 0 ? ` Values became infinite in ${written.overflowed.map(({ name }) => name.replace(/[^\w.-]/g, '?')).slice(0, 3).join(', ')}${written.overflowed.length > 3 ? ' and others' : ''}.` : ''
  const answer = lost === '' ? vscode.window.showInformationMessage(message, open) : vscode.window.showWarningMessage(message + lost, open)
  if (await answer === open) await vscode.commands.executeCommand('vscode.open', output)
}

type Outcome = { readonly kind: 'done' | 'failed'; readonly message: string } | { readonly kind: 'cancelled' }

function run(context: vscode.ExtensionContext, parameters: readonly string[]): Thenable<Outcome> {
  return vscode.window.withProgress({ location: vscode.ProgressLocation.Notification, title: 'Writing a slimmer copy', cancellable: true }, (progress, token) => {
    const child = spawn(process.execPath, [context.asAbsolutePath('dist/cli.js'), ...parameters], {
      env: { ...process.env, ELECTRON_RUN_AS_NODE: '1', NO_COLOR: '1', TORCH_FOOTPRINT_PROGRESS: 'lines' },
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    token.onCancellationRequested(() => { child.kill('SIGTERM') })
    let shown = 0
    return outcomeOf(child, {
      cancelled: () => token.isCancellationRequested,
      percent: (percent) => {
        progress.report({ increment: percent - shown, message: `${percent} %` })
        shown = percent
      },
    })
  })
}

function outcomeOf(child: ChildProcess, { cancelled, percent }: { readonly cancelled: () => boolean; readonly percent: (percent: number) => void }): Promise<Outcome> {
  return new Promise((resolve) => {
    let out = ''
    let errors = ''
    child.stdout?.on('data', (chunk: Buffer) => { out += chunk.toString() })
    child.stderr?.on('data', (chunk: Buffer) => {
      const text = chunk.toString()
      errors = (errors + text).slice(-keptErrors)
      const seen = [...text.matchAll(/^progress (\d{1,3}) %$/gm)].at(-1)?.[1]
      if (seen !== undefined) percent(Math.min(100, Number(seen)))
    })
    child.on('error', (error) => { resolve({ kind: 'failed', message: error.message }) })
    child.on('close', (code) => {
      if (cancelled()) resolve({ kind: 'cancelled' })
      else if (code === 0) resolve({ kind: 'done', message: out })
      else resolve({ kind: 'failed', message: lastLine(errors) || `the command ended with ${code ?? 'a signal'}` })
    })
  })
}

function lastLine(text: string): string {
  return text.split(/[\r\n]+/).map((line) => line.trim()).filter((line) => line !== '' && !line.startsWith('progress ')).at(-1)?.replace(/^torch-footprint: /, '') ?? ''
}

/** What is shown of the document that `slim --json` prints. */
function readDocument(text: string): { readonly inputBytes: number; readonly outputBytes: number; readonly tensors: number; readonly overflowed: readonly { readonly name: string }[] } {
  return JSON.parse(text) as ReturnType<typeof readDocument>
}

/** The checkpoint whose editor is in front. */
function activeCheckpoint(): vscode.Uri | undefined {
  const input = vscode.window.tabGroups.activeTabGroup.activeTab?.input
  return input instanceof vscode.TabInputCustom && input.viewType.startsWith('torchFootprint.') ? input.uri : undefined
}

function suggested(input: vscode.Uri): vscode.Uri {
  return input.with({ path: input.path.replace(/(\.[^./]*)?$/, '.slim$1') })
}
