/** One quiet number in the status bar: the total, and whether it fits its target. */

import * as vscode from 'vscode'
import type { FootprintAnswer } from '../../server/src/protocol.ts'

export function createStatusBar(): { show(answer: FootprintAnswer): void; dispose(): void } {
  const item = vscode.window.createStatusBarItem('torchFootprint.total', vscode.StatusBarAlignment.Right, 50)
  item.name = 'Torch Footprint'
  item.command = 'torchFootprint.showFootprint'
  return {
    show({ total }) {
      if (!total) {
        item.hide()
        return
      }
      item.text = `$(package) ${total.text}`
      item.tooltip = new vscode.MarkdownString(total.tooltip)
      item.accessibilityInformation = { label: `Torch Footprint: ${total.text}${total.exceeds ? ', more than its target allows' : ''}` }
      item.backgroundColor = total.exceeds ? new vscode.ThemeColor('statusBarItem.warningBackground') : undefined
      item.show()
    },
    dispose() { item.dispose() },
  }
}
