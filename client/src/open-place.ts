/** Opens what a row of the footprint points at: a line, a checkpoint, or a folder. */

import * as vscode from 'vscode'
import type { OpenAt, Place } from '../../server/src/protocol.ts'

export async function openPlace({ file, range }: Place): Promise<void> {
  const uri = vscode.Uri.file(file)
  const kind = await kindOf(uri)
  if (kind === undefined) {
    void vscode.window.showWarningMessage(`${file} is not there any more.`)
    return
  }
  if (kind & vscode.FileType.Directory) {
    await showFolder(uri)
    return
  }
  const selection = new vscode.Range(range.start.line, range.start.character, range.end.line, range.end.character)
  // Without a selection the custom editor of a checkpoint opens; with one, a text editor at the line.
  await vscode.commands.executeCommand('vscode.open', uri, selection.isEmpty && selection.start.line === 0 ? {} : { selection })
}

/** Puts the cursor at a place and opens what can be done there, or what is known of it. */
export async function openAt({ uri, line, character, opens }: OpenAt): Promise<void> {
  const selection = new vscode.Range(line, character, line, character)
  await vscode.commands.executeCommand('vscode.open', vscode.Uri.parse(uri), { selection })
  await vscode.commands.executeCommand(opens === 'quickFix' ? 'editor.action.quickFix' : 'editor.action.showHover')
}

async function showFolder(uri: vscode.Uri): Promise<void> {
  if (vscode.workspace.getWorkspaceFolder(uri)) {
    await vscode.commands.executeCommand('revealInExplorer', uri)
    return
  }
  if (vscode.env.uiKind === vscode.UIKind.Desktop && vscode.env.remoteName === undefined) {
    await vscode.commands.executeCommand('revealFileInOS', uri)
    return
  }
  // The folder is on the remote machine and outside the workspace: its path is what can be given.
  const copy = 'Copy Path'
  if (await vscode.window.showInformationMessage(uri.fsPath, copy) === copy) await vscode.env.clipboard.writeText(uri.fsPath)
}

async function kindOf(uri: vscode.Uri): Promise<vscode.FileType | undefined> {
  try {
    return (await vscode.workspace.fs.stat(uri)).type
  } catch {
    return undefined
  }
}
