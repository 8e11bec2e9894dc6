/** The interpreter that the person selected in the Python extension, where that is installed. Nothing is run by us. */

import { PythonExtension } from '@vscode/python-extension'
import * as vscode from 'vscode'

/** Calls `select` with the selected interpreter, now and whenever another one is selected. */
export async function followInterpreter(log: vscode.LogOutputChannel, select: (interpreter: string | undefined) => void): Promise<vscode.Disposable | undefined> {
  if (!vscode.extensions.getExtension('ms-python.python')) return undefined
  let python: PythonExtension
  try {
    python = await PythonExtension.api()
  } catch (error) {
    log.warn(`The Python extension does not answer: ${String(error)}`)
    return undefined
  }
  let asked = 0
  const tell = async () => {
    const mine = ++asked
    try {
      const folder = vscode.workspace.workspaceFolders?.[0]?.uri
      const active = python.environments.getActiveEnvironmentPath(folder)
      const environment = await python.environments.resolveEnvironment(active)
      // A later selection may have been answered sooner.
      if (mine !== asked) return
      const executable = environment?.executable.uri?.fsPath
      log.info(`Interpreter of the Python extension: ${executable ?? 'none'}`)
      select(executable)
    } catch (error) {
      log.warn(`The Python extension does not say which interpreter is selected: ${String(error)}`)
    }
  }
  await tell()
  return python.environments.onDidChangeActiveEnvironmentPath(() => { void tell() })
}
