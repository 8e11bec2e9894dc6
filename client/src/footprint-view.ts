/** The sidebar: the ledger as a native tree. Rows come ready made from the server; here they are only shown. */

import * as vscode from 'vscode'
import type { FootprintAnswer, FootprintRow } from '../../server/src/protocol.ts'
import type { LanguageServer } from './language-server.ts'
import { openPlace } from './open-place.ts'

const icons: Record<FootprintRow['kind'], string> = {
  workspace: 'root-folder', group: 'layers', package: 'package', part: 'file-binary', checkpoint: 'database',
  model: 'symbol-class', layer: 'symbol-field', download: 'cloud-download', target: 'rocket',
}

/** While nobody looks at the tree only the total is wanted, and that may come late. */
const unseenMilliseconds = 4_000

export class FootprintView implements vscode.TreeDataProvider<FootprintRow>, vscode.Disposable {
  readonly #server: LanguageServer
  readonly #changed = new vscode.EventEmitter<void>()
  readonly #view: vscode.TreeView<FootprintRow>
  readonly #answered = new vscode.EventEmitter<FootprintAnswer>()
  readonly #parents = new Map<string, FootprintRow>()
  readonly #rows = new Map<string, FootprintRow>()
  #answer: FootprintAnswer | undefined
  #asked = 0
  #stale = false
  #timer: NodeJS.Timeout | undefined

  readonly onDidChangeTreeData = this.#changed.event
  /** Every new answer of the server, for the status bar. */
  readonly onDidAnswer = this.#answered.event

  constructor(server: LanguageServer) {
    this.#server = server
    this.#view = vscode.window.createTreeView('torchFootprint.footprint', { treeDataProvider: this, showCollapseAll: true })
    this.#view.onDidChangeVisibility(({ visible }) => { if (visible && this.#stale) void this.refresh() })
  }

  /** The server's answer would be another one now: asks again, at once where somebody looks. */
  outdated(): void {
    this.#stale = true
    clearTimeout(this.#timer)
    this.#timer = setTimeout(() => { void this.refresh() }, this.#view.visible ? 0 : unseenMilliseconds)
  }

  /** Asks the server again; only the newest question's answer is shown. */
  async refresh(): Promise<void> {
    clearTimeout(this.#timer)
    this.#stale = false
    this.#asked += 1
    const question = this.#asked
    const answer = await this.#server.footprint()
    if (question !== this.#asked || !answer) return
    this.#answer = answer
    this.#index(answer.rows)
    this.#view.description = answer.total?.text ?? ''
    await vscode.commands.executeCommand('setContext', 'torchFootprint.empty', answer.rows.length === 0)
    this.#changed.fire()
    this.#answered.fire(answer)
  }

  /** Shows one row; `false` when the ledger has no such row (any more). */
  async reveal(id: string): Promise<boolean> {
    const row = this.#rows.get(id)
    await vscode.commands.executeCommand('torchFootprint.footprint.focus')
    if (!row) return false
    await this.#view.reveal(row, { select: true, focus: true, expand: true })
    return true
  }

  markdown(): string {
    return this.#answer?.markdown ?? ''
  }

  getTreeItem(row: FootprintRow): vscode.TreeItem {
    const item = new vscode.TreeItem(row.name, collapsibleState(row, this.#parents.has(row.id)))
    item.id = row.id
    item.description = row.description
    item.tooltip = tooltip(row.tooltip)
    item.iconPath = new vscode.ThemeIcon(icons[row.kind])
    item.contextValue = row.place ? `${row.kind}.place` : row.kind
    item.accessibilityInformation = { label: `${row.name}, ${row.description}` }
    // A click on a model or a layer goes to the line that builds it, and opens the row.
    if (row.place && (row.children.length === 0 || row.kind === 'model' || row.kind === 'layer')) item.command = { title: 'Open', command: 'torchFootprint.openRow', arguments: [row] }
    return item
  }

  getChildren(row?: FootprintRow): FootprintRow[] {
    return [...(row ? row.children : this.#answer?.rows ?? [])]
  }

  getParent(row: FootprintRow): FootprintRow | undefined {
    return this.#parents.get(row.id)
  }

  dispose(): void {
    clearTimeout(this.#timer)
    this.#view.dispose()
    this.#changed.dispose()
    this.#answered.dispose()
  }

  #index(rows: readonly FootprintRow[]): void {
    this.#rows.clear()
    this.#parents.clear()
    const stack = [...rows]
    while (stack.length > 0) {
      const row = stack.pop()!
      this.#rows.set(row.id, row)
      for (const child of row.children) {
        this.#parents.set(child.id, row)
        stack.push(child)
      }
    }
  }
}

export async function openRow(row: FootprintRow | undefined): Promise<void> {
  if (row?.place) await openPlace(row.place)
}

function collapsibleState(row: FootprintRow, nested: boolean): vscode.TreeItemCollapsibleState {
  if (row.children.length === 0) return vscode.TreeItemCollapsibleState.None
  return nested ? vscode.TreeItemCollapsibleState.Collapsed : vscode.TreeItemCollapsibleState.Expanded
}

function tooltip(text: string): vscode.MarkdownString {
  const markdown = new vscode.MarkdownString(text)
  // Names in it come from files that anybody may have written.
  markdown.isTrusted = false
  markdown.supportHtml = false
  return markdown
}
