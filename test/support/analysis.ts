/** An analysis over files in memory, with the real parser. */

import { fileURLToPath } from 'node:url'
import { AnalysisHost } from '../../server/src/core/analysis.ts'
import { startPythonParser } from '../../server/src/host/python-parser.ts'
import { memoryFiles } from './memory-files.ts'

const root = fileURLToPath(new URL('../..', import.meta.url))
const parser = startPythonParser(root)

/** `files` by absolute path; `settings` as an editor would send them for the folder `/project`. */
export async function analysisOf(files: ReadonlyMap<string, string | Uint8Array>, settings: unknown = {}): Promise<AnalysisHost> {
  const listProject = (folder: string): { path: string; bytes: number }[] => [...files].filter(([path]) => path.startsWith(`${folder}/`)).map(([path, content]) => ({ path, bytes: content.length }))
  const host = new AnalysisHost({ files: memoryFiles(files), parser: await parser, listProject })
  host.configure([{ folder: '/project', settings }], undefined)
  return host
}
