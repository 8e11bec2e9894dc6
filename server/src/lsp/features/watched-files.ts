/** Files that change outside the editor: sources, checkpoints, manifests, and what is installed. */

import { DidChangeWatchedFilesNotification, FileChangeType, type Disposable, type FileSystemWatcher } from 'vscode-languageserver/node'
import { guardWork } from '../guard.ts'
import { pathsOf } from '../from-proto.ts'
import type { Feature, Session } from '../session.ts'
import { uriOf } from '../uris.ts'

const workspaceGlobs = [
  '**/*.py',
  '**/*.{pt,pth,pt2,ckpt,bin,pkl,safetensors,onnx,pte,gguf,tar}',
  '**/*.safetensors.index.json',
  '**/pytorch_model.bin.index.json',
  '**/*requirements*.{txt,in}',
  '**/{pyproject.toml,torch-footprint.toml,Pipfile,environment.yml,environment.yaml,.gitignore}',
  '**/{uv.lock,poetry.lock,pdm.lock,Pipfile.lock,setup.cfg,setup.py,devcontainer.json}',
  '**/{compose,docker-compose,environment,conda}*.{yml,yaml}',
  '**/*.{ipynb,cu,cuh}',
  '**/{Dockerfile,Containerfile,*.Dockerfile,Dockerfile.*}',
]

/** A burst (a checkout, an install) is one change. */
const settleMilliseconds = 250

export const watchedFiles: Feature = {
  capabilities: {},
  register({ connection, service, timers, refreshed }) {
    let changed = new Set<string>()
    let contentsOnly = true
    const tell = guardWork(connection.console, 'watched files', () => {
      const files = [...changed]
      const options = { contentsOnly }
      changed = new Set()
      contentsOnly = true
      service.filesChanged(files, options)
      refreshed.fire()
    })
    connection.onDidChangeWatchedFiles(guardWork(connection.console, 'didChangeWatchedFiles', ({ changes }) => {
      for (const path of pathsOf(changes)) changed.add(path)
      if (changes.some(({ type }) => type !== FileChangeType.Changed)) contentsOnly = false
      if (changed.size > 0 && !timers.isWaiting('watched files')) timers.schedule('watched files', settleMilliseconds, tell)
    }))
  },
  async start(session) {
    if (!session.client.watchedFiles) return
    await watch(session, workspaceGlobs.map((globPattern) => ({ globPattern })))
    if (session.client.relativePatterns) watchInstalled(session)
  },
}

/** Follows the site-packages in use: their direct children tell of every install and removal. */
function watchInstalled(session: Session): void {
  let watched = ''
  let registration: Disposable | undefined
  const follow = guardWork(session.connection.console, 'watching installed packages', async () => {
    const folders = session.service.watchedFolders()
    if (folders.join('\n') === watched) return
    watched = folders.join('\n')
    registration?.dispose()
    registration = folders.length === 0 ? undefined : await watch(session, folders.map((folder) => ({ globPattern: { baseUri: uriOf(folder), pattern: '*' } })))
  })
  session.refreshed.on(follow)
  follow()
}

function watch({ connection }: Session, watchers: FileSystemWatcher[]): Promise<Disposable> {
  return connection.client.register(DidChangeWatchedFilesNotification.type, { watchers })
}
