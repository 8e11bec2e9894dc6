/** Inlay hints: bytes at the end of the line that costs them. */

import { guardRequest, guardWork } from '../guard.ts'
import type { Feature } from '../session.ts'
import { toInlayHint } from '../to-proto.ts'
import { readableFile } from './readable-file.ts'

export const inlayHints: Feature = {
  capabilities: { inlayHintProvider: true },
  register(session) {
    session.connection.languages.inlayHint.on(guardRequest(session.connection.console, 'inlayHint', ({ textDocument, range }) => {
      const file = readableFile(session, textDocument.uri)
      return file === undefined ? [] : session.service.inlayHints(file, range).map(toInlayHint)
    }))
    if (session.client.inlayHintRefresh) {
      session.refreshed.on(guardWork(session.connection.console, 'inlayHint refresh', () => session.connection.languages.inlayHint.refresh()))
    }
  },
}
