/** Keeps the service's texts equal to the editor's. Does no analysis: a keystroke costs one string. */

import { TextDocumentSyncKind } from 'vscode-languageserver/node'
import { applyChanges } from '../documents.ts'
import { guardWork } from '../guard.ts'
import type { Feature } from '../session.ts'
import { pathOf } from '../uris.ts'

export const textSync: Feature = {
  capabilities: { textDocumentSync: { openClose: true, change: TextDocumentSyncKind.Incremental, save: false } },
  register({ connection, documents, service, edited }) {
    const log = connection.console
    connection.onDidOpenTextDocument(guardWork(log, 'didOpen', ({ textDocument: { uri, text, version } }) => {
      const file = pathOf(uri)
      if (file === undefined) return
      documents.set({ uri, file, text, version })
      service.open(file, text)
      edited.fire(file)
    }))
    connection.onDidChangeTextDocument(guardWork(log, 'didChange', ({ textDocument: { uri, version }, contentChanges }) => {
      const document = documents.get(uri)
      if (!document) return
      const text = applyChanges(document.text, contentChanges)
      documents.set({ ...document, text, version })
      service.change(document.file, text)
      edited.fire(document.file)
    }))
    connection.onDidCloseTextDocument(guardWork(log, 'didClose', ({ textDocument: { uri } }) => {
      const document = documents.delete(uri)
      if (!document) return
      service.close(document.file)
      edited.fire(document.file)
    }))
  },
}
