/** "Select Environment...": which Python environment counts. An interpreter that is chosen here is never run. */

import * as vscode from 'vscode'

const setting = 'python'

export async function selectEnvironment(): Promise<void> {
  if (!vscode.workspace.isTrusted) {
    void vscode.window.showInformationMessage('In Restricted Mode the environment is found automatically; trust the workspace to choose one.')
    return
  }
  const withPython = vscode.extensions.getExtension('ms-python.python') !== undefined
  const choice = await vscode.window.showQuickPick([
    ...(withPython ? [{ label: 'Select in the Python extension...', action: 'extension' as const }] : []),
    { label: 'Choose an interpreter or an environment folder...', action: 'browse' as const },
    { label: 'Find it automatically', detail: 'VIRTUAL_ENV, conda, .venv or venv from the file upward, then the system', action: 'automatic' as const },
  ], { placeHolder: 'The environment whose packages are measured' })
  if (choice?.action === 'extension') await vscode.commands.executeCommand('python.setInterpreter')
  if (choice?.action === 'browse') {
    const [picked] = await vscode.window.showOpenDialog({ canSelectFiles: true, canSelectFolders: true, canSelectMany: false, openLabel: 'Measure This Environment' }) ?? []
    if (picked) await write(picked.fsPath)
  }
  if (choice?.action === 'automatic') await write(undefined)
}

async function write(value: string | undefined): Promise<void> {
  const target = vscode.workspace.workspaceFolders ? vscode.ConfigurationTarget.Workspace : vscode.ConfigurationTarget.Global
  await vscode.workspace.getConfiguration('torchFootprint').update(setting, value, target)
}
