/**
 * A checkpoint or an environment that Git tracks, or that the next `git add .` would, above what hosts take.
 *
 * Read from `.git/index`, `.gitattributes` and `.gitignore`: no git is run. Files in Git LFS are right, and so are ignored ones.
 *
 * ## Why
 *
 * GitHub refuses a push with a file over 100 MiB, and what was committed once stays in the history of everyone who clones, also after it is deleted.
 *
 * ## Examples
 *
 * The index tracks `model.pt` with 250 MB:
 *
 * ```gitattributes reported file=.gitattributes with=.git/index:git/tracked-model.index
 * *.txt text
 * ```
 *
 * ```gitattributes clean file=.gitattributes with=.git/index:git/tracked-model.index
 * *.pt filter=lfs diff=lfs merge=lfs -text
 * ```
 */

import type { GitRepository } from '../../footprint/git-repository.ts'
import { exact } from '../../measure/figure.ts'
import { formatBytes } from '../../measure/format.ts'
import { defineRule, type RuleContext } from '../rule.ts'

const start = { start: { line: 0, character: 0 }, end: { line: 0, character: 0 } }
/** Everything below such a folder was installed. */
const installed = /^(.*?)(?:^|\/)(?:lib(?:64)?\/python[\d.]+t?|Lib)\/(?:site|dist)-packages\//

type Message = 'tracked' | 'unignored' | 'environment' | 'openEnvironment'

export const rule = defineRule({
  id: 'committed-large-file',
  severity: 'warning',
  category: 'checkpoint',
  subject: 'workspace',
  fix: 'unsafe',
  messages: {
    tracked: 'Git tracks {name} with {bytes}: hosts such as GitHub refuse files over {limit}',
    unignored: '{name} ({bytes}) is neither ignored nor in Git LFS: the next `git add .` takes it, and hosts such as GitHub refuse files over {limit}',
    environment: 'Git tracks the environment {name}: {bytes} in {files} files',
    openEnvironment: 'the environment {name} holds torch and is not ignored: the next `git add .` takes it, and hosts such as GitHub refuse files over {limit}',
  },
  options: { maximumBytes: { description: 'The most bytes of a file that the host takes.', default: 104_857_600 } },
  check(context) {
    const repository = context.facts.git()
    if (!repository) return
    const limit = Number(context.option('maximumBytes'))
    const inside = context.file === repository.top ? '' : `${context.file.slice(repository.top.length + 1)}/`
    reportTracked(context, repository, inside, limit)
    reportUntracked(context, repository, limit)
    reportOpenEnvironments(context, repository, limit)
  },
})

function reportTracked(context: RuleContext<Message>, repository: GitRepository, inside: string, limit: number): void {
  const environments = new Map<string, { bytes: number; files: number }>()
  for (const { path, bytes: noted } of repository.tracked) {
    if (!path.startsWith(inside)) continue
    const root = installed.exec(path)?.[1]
    // Git leaves the size open for a file that was written in the moment it was added; larger ones wrap around.
    const bytes = noted === 0 || noted >= 0xf000_0000 ? context.facts.files.stat(`${repository.top}/${path}`)?.bytes ?? noted : noted
    if (root !== undefined) {
      const known = environments.get(root) ?? { bytes: 0, files: 0 }
      environments.set(root, { bytes: known.bytes + bytes, files: known.files + 1 })
    } else if (bytes > limit && !repository.isInLfs(path)) {
      context.report({ message: 'tracked', data: { name: path.slice(inside.length), bytes: formatBytes(bytes), limit: formatBytes(limit) }, file: `${repository.top}/${path}`, range: start, saving: exact(bytes), refusal: `Git has to forget it first: \`git rm --cached ${path}\`` })
    }
  }
  for (const [root, { bytes, files }] of environments) {
    if (bytes <= limit) continue
    const name = root === '' ? 'at the top' : root
    context.report({ message: 'environment', data: { name, bytes: formatBytes(bytes), files }, file: root === '' ? repository.top : `${repository.top}/${root}`, range: start, saving: exact(bytes), refusal: `Git has to forget it first: \`git rm -r --cached ${root === '' ? '.' : root}\`` })
  }
}

function reportUntracked(context: RuleContext<Message>, repository: GitRepository, limit: number): void {
  const large = context.facts.project().filter(({ bytes }) => bytes > limit)
  if (large.length === 0) return
  const tracked = new Set(repository.tracked.map(({ path }) => path))
  for (const { path, bytes } of large) {
    const relative = path.slice(repository.top.length + 1)
    if (tracked.has(relative) || repository.isInLfs(relative) || repository.isIgnored(relative)) continue
    context.report({ message: 'unignored', data: { name: path.slice(context.file.length + 1), bytes: formatBytes(bytes), limit: formatBytes(limit) }, file: path, range: start, saving: exact(bytes), fixes: ignoreFix(context, repository, `/${relative}`) })
  }
}

/** Environments beside the code: those that tools make ignore themselves, older ones do not. */
function reportOpenEnvironments(context: RuleContext<Message>, repository: GitRepository, limit: number): void {
  const { files } = context.facts
  for (const entry of files.list(context.file) ?? []) {
    const folder = `${context.file}/${entry.name}`
    if (entry.kind !== 'directory' || files.stat(`${folder}/pyvenv.cfg`)?.kind !== 'file') continue
    const relative = folder.slice(repository.top.length + 1)
    if (repository.isIgnored(`${relative}/pyvenv.cfg`) || repository.tracked.some(({ path }) => path.startsWith(`${relative}/`))) continue
    const versions = [...(files.list(`${folder}/lib`) ?? []).map(({ name }) => `lib/${name}/site-packages`), 'Lib/site-packages']
    const library = versions.flatMap((site) => ['libtorch_cpu.so', 'libtorch_cpu.dylib', 'torch_cpu.dll', 'libtorch_cuda.so'].map((name) => files.stat(`${folder}/${site}/torch/lib/${name}`)?.bytes ?? 0)).reduce((most, bytes) => Math.max(most, bytes), 0)
    if (library > limit) context.report({ message: 'openEnvironment', data: { name: entry.name, limit: formatBytes(limit) }, file: folder, range: start, fixes: ignoreFix(context, repository, `/${relative}/`) })
  }
}

/** One more line for the .gitignore at the top, where there is one. */
function ignoreFix({ facts }: RuleContext<Message>, repository: GitRepository, line: string) {
  const file = `${repository.top}/.gitignore`
  const text = facts.files.readText(file, 1_000_000)
  if (typeof text !== 'string') return []
  const lines = text.split('\n')
  const at = { line: lines.length - 1, character: lines.at(-1)!.length }
  const newline = text.includes('\r\n') ? '\r\n' : '\n'
  return [{ title: `Ignore ${line}`, safety: 'unsafe' as const, edits: [{ file, range: { start: at, end: at }, newText: `${text === '' || text.endsWith('\n') ? '' : newline}${line}${newline}` }] }]
}
