/** What `scan` and `fix` share: the analysis with the command line's options, and the files that targets stand for. */

import { dirname, isAbsolute, relative, resolve } from 'node:path'
import { statSync } from 'node:fs'
import type { AnalysisHost, Overrides } from '../core/analysis.ts'
import { subjectOf } from '../core/ide/diagnostics.ts'
import { createAnalysis } from '../host/create-analysis.ts'
import { listProject, type ProjectFile } from '../host/project-files.ts'
import type { CommandContext, InputProblem } from './command.ts'
import { fileURLToPath } from 'node:url'

export interface Workspace {
  readonly analysis: AnalysisHost
  /** The folders that were named, or those of the files that were. */
  readonly folders: readonly string[]
  /** Files that rules look at, each once, in order. */
  readonly sources: readonly string[]
  /** All files of the folders. */
  readonly files: readonly ProjectFile[]
  readonly problems: readonly InputProblem[]
}

export async function openWorkspace(context: CommandContext, more: Overrides = {}): Promise<Workspace> {
  const analysis = await createAnalysis(dirname(fileURLToPath(import.meta.url)))
  const { sitePackages, python, torchVersion, assume } = context.common
  const absolute = (path: string): string => (isAbsolute(path) ? path : resolve(context.cwd, path)).replaceAll('\\', '/').replace(/(?<=.)\/+$/, '')
  analysis.override({
    sitePackages: sitePackages.map(absolute),
    ...(python === undefined ? {} : { python: absolute(python) }),
    ...(torchVersion === undefined ? {} : { torchVersion }),
    assume,
    ...more,
  })
  const folders = new Set<string>()
  const sources = new Set<string>()
  const files = new Map<string, ProjectFile>()
  const problems: InputProblem[] = []
  for (const target of context.targets.length ? context.targets : ['.']) {
    const path = absolute(target)
    const kind = kindOf(path)
    if (kind === 'missing') problems.push({ input: target, message: 'there is no such file or folder' })
    else if (kind === 'other') problems.push({ input: target, message: 'this is neither a file nor a folder' })
    else if (kind === 'file') {
      folders.add(path.slice(0, path.lastIndexOf('/')) || '/')
      sources.add(path)
      files.set(path, { path, bytes: statSync(path).size })
    } else {
      folders.add(path)
      analysis.configure([...folders].map((folder) => ({ folder, settings: {} })), undefined)
      const listing = listProject(path, analysis.settings(`${path}/x`).exclude)
      problems.push(...listing.problems.map((problem) => ({ input: problem.path, message: problem.message })))
      for (const file of listing.files) {
        files.set(file.path, file)
        if (subjectOf(file.path) !== undefined || mayBeIncluded(file.path)) sources.add(file.path)
      }
    }
  }
  analysis.configure([...folders].map((folder) => ({ folder, settings: {} })), undefined)
  return { analysis, folders: [...folders], sources: [...sources], files: [...files.values()], problems }
}

/** A name that a requirements file gives to one that it includes; whether one does is found out by whoever reads it. */
function mayBeIncluded(path: string): boolean {
  return /^[\w-]{1,40}\.(?:txt|in|pip)$/.test(path.slice(path.lastIndexOf('/') + 1)) && !/(?:readme|license|notice|changes)/i.test(path)
}

function kindOf(path: string): 'file' | 'folder' | 'missing' | 'other' {
  try {
    const stat = statSync(path)
    return stat.isFile() ? 'file' : stat.isDirectory() ? 'folder' : 'other'
  } catch {
    return 'missing'
  }
}

/** A path as a person wants to read it: relative to where they are, when it is below. */
export function shown(context: Pick<CommandContext, 'cwd'>, path: string): string {
  const short = relative(context.cwd, path).replaceAll('\\', '/')
  return short === '' ? '.' : short.startsWith('../') ? path : short
}
