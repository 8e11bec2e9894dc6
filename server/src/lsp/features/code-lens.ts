/** Code lenses: the total of a model above its class. */

import { guardRequest, guardWork } from '../guard.ts'
import type { Feature } from '../session.ts'
import { toCodeLens } from '../to-proto.ts'
import { readableFile } from './readable-file.ts'

export const codeLens: Feature = {
  capabilities: { codeLensProvider: { resolveProvider: false } },
  register(session) {
    const sidebar = session.start.sidebar ?? false
    session.connection.onCodeLens(guardRequest(session.connection.console, 'codeLens', ({ textDocument }) => {
      const file = readableFile(session, textDocument.uri)
      return file === undefined ? [] : session.service.codeLenses(file).map((lens) => toCodeLens(lens, { uri: textDocument.uri, sidebar }))
    }))
    if (session.client.codeLensRefresh) {
      session.refreshed.on(guardWork(session.connection.console, 'codeLens refresh', () => session.connection.sendRequest('workspace/codeLens/refresh')))
    }
  },
}
