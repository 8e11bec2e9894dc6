/** "Quantize a Model in This File...": the quick fixes of one rule, also where no lamp is lit, with the reasons of those that are refused. */

import * as vscode from 'vscode'
import type { LanguageServer } from '../language-server.ts'

export async function quantizeInFile(server: LanguageServer): Promise<void> {
  const document = vscode.window.activeTextEditor?.document
  if (document?.languageId !== 'python') {
    void vscode.window.showInformationMessage('Open a Python file first: its models are what can be quantized.')
    return
  }
  const fixes = await server.fixesOf(document, 'quantization-candidate')
  if (fixes.length === 0) {
    void vscode.window.showInformationMessage('No model in this file can be quantized: none is constructed or loaded here, or its layers are not known.')
    return
  }
  const chosen = await vscode.window.showQuickPick(
    fixes.map((fix) => ({ label: fix.title, ...(fix.refusal === undefined ? {} : { detail: `Not here: ${fix.refusal}` }), fix })),
    { placeHolder: 'Which model?' },
  )
  if (!chosen) return
  if (chosen.fix.refusal !== undefined || !chosen.fix.edit) {
    void vscode.window.showWarningMessage(`${chosen.fix.title}: ${chosen.fix.refusal ?? 'there is nothing to change'}.`)
    return
  }
  if (!await vscode.workspace.applyEdit(chosen.fix.edit)) void vscode.window.showWarningMessage('The file has changed meanwhile; please try again.')
}
