/** Hovers: where a number comes from and how sure it is. */

import { guardRequest } from '../guard.ts'
import type { Feature } from '../session.ts'
import { toHover } from '../to-proto.ts'
import { readableFile } from './readable-file.ts'

export const hover: Feature = {
  capabilities: { hoverProvider: true },
  register(session) {
    session.connection.onHover(guardRequest(session.connection.console, 'hover', ({ textDocument, position }) => {
      const file = readableFile(session, textDocument.uri)
      const card = file === undefined ? undefined : session.service.hover(file, position)
      return card ? toHover(card) : null
    }))
  },
}
