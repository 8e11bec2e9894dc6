/** Quick fixes and refactorings; one that would be wrong here is shown disabled, with its reason, where the client can show that. */

import { CodeActionKind } from 'vscode-languageserver/node'
import { guardRequest } from '../guard.ts'
import type { Feature } from '../session.ts'
import { toCodeAction, toKind } from '../to-proto.ts'
import { readableFile } from './readable-file.ts'

export const codeActions: Feature = {
  capabilities: { codeActionProvider: { codeActionKinds: [CodeActionKind.QuickFix, CodeActionKind.RefactorRewrite], resolveProvider: false } },
  register(session) {
    session.connection.onCodeAction(guardRequest(session.connection.console, 'codeAction', ({ textDocument, range, context }) => {
      const file = readableFile(session, textDocument.uri)
      // A client without literals takes commands only, and there are none.
      if (file === undefined || !session.client.literalActions) return []
      return session.service.codeActions(file, range)
        .filter((action) => action.disabled === undefined || session.client.disabledActions)
        .filter((action) => isAsked(toKind(action), context.only))
        .map((action) => toCodeAction(action, { ...session, diagnostics: context.diagnostics }))
    }))
  },
}

/** `only` names kinds; a kind includes its sub-kinds. */
function isAsked(kind: CodeActionKind, only: readonly CodeActionKind[] | undefined): boolean {
  return only === undefined || only.some((asked) => asked === '' || kind === asked || kind.startsWith(`${asked}.`))
}
