/** The texts open in the editor, kept up to date by incremental changes. Knows nothing of what they mean. */

import type { TextDocumentContentChangeEvent } from 'vscode-languageserver/node'
import { LineIndex } from '../core/text/line-index.ts'

export interface OpenDocument {
  readonly uri: string
  readonly file: string
  readonly text: string
  readonly version: number
}

export class OpenDocuments {
  readonly #byUri = new Map<string, OpenDocument>()
  readonly #byFile = new Map<string, OpenDocument>()

  set(document: OpenDocument): void {
    this.#byUri.set(document.uri, document)
    this.#byFile.set(document.file, document)
  }

  delete(uri: string): OpenDocument | undefined {
    const document = this.#byUri.get(uri)
    if (!document) return undefined
    this.#byUri.delete(uri)
    this.#byFile.delete(document.file)
    return document
  }

  get(uri: string): OpenDocument | undefined {
    return this.#byUri.get(uri)
  }

  ofFile(file: string): OpenDocument | undefined {
    return this.#byFile.get(file)
  }

  all(): readonly OpenDocument[] {
    return [...this.#byUri.values()]
  }
}

/** The text after the changes, each of which speaks of the text that the one before it left. */
export function applyChanges(text: string, changes: readonly TextDocumentContentChangeEvent[]): string {
  let result = text
  for (const change of changes) {
    if (!('range' in change)) {
      result = change.text
      continue
    }
    const index = new LineIndex(result)
    const start = index.offset(change.range.start)
    const end = Math.max(start, index.offset(change.range.end))
    result = result.slice(0, start) + change.text + result.slice(end)
  }
  return result
}
