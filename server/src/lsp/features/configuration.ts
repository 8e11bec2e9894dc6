/** Settings and folders: asks the client for both and hands them on, for each folder its own. */

import type { WorkspaceFolder } from 'vscode-languageserver/node'
import { guardWork } from '../guard.ts'
import type { Feature, Session } from '../session.ts'
import { pathOf } from '../uris.ts'

const section = 'torchFootprint'

export const configuration: Feature = {
  capabilities: { workspace: { workspaceFolders: { supported: true, changeNotifications: true } } },
  register(session) {
    const { connection } = session
    connection.onDidChangeConfiguration(guardWork(connection.console, 'didChangeConfiguration', ({ settings }) => {
      // A client that cannot be asked sends the settings along.
      const pushed: unknown = typeof settings === 'object' && settings !== null ? (settings as Record<string, unknown>)[section] : undefined
      return configure(session, pushed)
    }))
  },
  async start(session) {
    await configure(session, undefined)
    if (session.client.workspaceFolders) {
      session.connection.workspace.onDidChangeWorkspaceFolders(guardWork(session.connection.console, 'didChangeWorkspaceFolders', () => configure(session, undefined)))
    }
  },
}

async function configure({ connection, client, service, refreshed }: Session, pushed: unknown): Promise<void> {
  const open: WorkspaceFolder[] = client.workspaceFolders ? await connection.workspace.getWorkspaceFolders() ?? [] : []
  const folders = open.flatMap(({ uri }) => {
    const folder = pathOf(uri)
    return folder === undefined ? [] : [{ uri, folder }]
  })
  const settings: unknown[] = client.configuration
    ? await connection.workspace.getConfiguration([{ section }, ...folders.map(({ uri }) => ({ scopeUri: uri, section }))]) as unknown[]
    : [pushed, ...folders.map(() => pushed)]
  service.configure(folders.map(({ folder }, i) => ({ folder, settings: settings[i + 1] })), settings[0])
  refreshed.fire()
}
