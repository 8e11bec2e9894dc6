/**
 * Publishes findings of open files a moment after the last edit, never on the way of a keystroke, one file per turn so
 * that requests get in between. What did not change is not sent again.
 */

import type { Diagnostic } from 'vscode-languageserver/node'
import { DiagnosticSeverity } from 'vscode-languageserver/node'
import type { Finding } from '../../core/ide/answers.ts'
import { guardWork } from '../guard.ts'
import type { Feature, Session } from '../session.ts'
import { source, toDiagnostic, uriIn } from '../to-proto.ts'

/** Long enough that a fast typist is not interrupted, short enough to feel immediate. */
const quietMilliseconds = 150
/** Findings about the project as a whole look at the disk: they come after everything that a person waits for. */
const projectMilliseconds = 1_500

export const diagnostics: Feature = {
  capabilities: {},
  register(session) {
    const known = new Set<string>()
    const publish = guardWork(session.connection.console, 'diagnostics', (file: string) => {
      const document = session.documents.ofFile(file)
      if (!document) return
      known.add(file)
      return session.connection.sendDiagnostics({ uri: document.uri, version: document.version, diagnostics: findingsOf(session, file) })
    })
    const schedule = (file: string, milliseconds: number) => {
      session.timers.schedule(`diagnostics ${file}`, milliseconds, () => { publish(file) })
    }
    session.edited.on((file) => {
      if (session.documents.ofFile(file)) {
        schedule(file, known.has(file) ? quietMilliseconds : 0)
        return
      }
      session.timers.cancel(`diagnostics ${file}`)
      if (known.delete(file)) void session.connection.sendDiagnostics({ uri: uriIn(session.documents, file), diagnostics: [] })
    })
    let shown: readonly string[] = []
    const publishProject = guardWork(session.connection.console, 'project diagnostics', async () => {
      const byFile = new Map<string, Finding[]>()
      for (const finding of session.service.projectFindings()) byFile.set(finding.file, [...byFile.get(finding.file) ?? [], finding])
      // A file that is open has its own findings, published with its version.
      const files = [...byFile.keys()].filter((file) => !session.documents.ofFile(file))
      for (const file of shown) if (!files.includes(file) && !session.documents.ofFile(file)) await session.connection.sendDiagnostics({ uri: uriIn(session.documents, file), diagnostics: [] })
      shown = files
      for (const file of files) await session.connection.sendDiagnostics({ uri: uriIn(session.documents, file), diagnostics: byFile.get(file)!.map((finding) => toDiagnostic(finding, session)) })
    })
    session.refreshed.on(() => {
      session.timers.schedule('project diagnostics', projectMilliseconds, () => { publishProject() })
      for (const { file } of session.documents.all()) schedule(file, quietMilliseconds)
    })
  },
}

function findingsOf(session: Session, file: string): Diagnostic[] {
  if (session.quarantined.has(file)) return [quarantineNote]
  return session.service.diagnostics(file).map((finding) => toDiagnostic(finding, session))
}

const quarantineNote: Diagnostic = {
  source,
  severity: DiagnosticSeverity.Information,
  range: { start: { line: 0, character: 0 }, end: { line: 0, character: 1 } },
  message: 'Torch Footprint leaves this file alone: reading it ended the server more than once. The command "Torch Footprint: Restart" tries again.',
}
