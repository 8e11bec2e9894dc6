/** Builds the analysis over this machine's disk: the one place that chooses the implementation of each port. */

import { AnalysisHost } from '../core/analysis.ts'
import type { Limits } from '../core/evaluate/limits.ts'
import { createDiskFiles } from './disk-files.ts'
import { discoverEnvironment } from './environments.ts'
import { inflate } from './inflate.ts'
import { currentMachine } from './interpreters.ts'
import { listProject } from './project-files.ts'
import { createSourceReader } from './source-reader.ts'
import { startPythonParser } from './python-parser.ts'
import { measureOnDisk } from './walk.ts'

/** Rejects, with one sentence, only when the parser's files are missing beside the program. */
export async function createAnalysis(programFolder: string, options: { readonly limits?: Partial<Limits> } = {}): Promise<AnalysisHost> {
  const files = createDiskFiles()
  return new AnalysisHost({
    files,
    parser: await startPythonParser(programFolder),
    inflate,
    measureFolder: measureOnDisk,
    sourceReader: createSourceReader(),
    caches: currentMachine(),
    ...(options.limits === undefined ? {} : { limits: options.limits }),
    listProject: (folder, exclude) => listProject(folder, exclude).files,
    findEnvironment(question) {
      const { sitePackages, ...rest } = question
      const found = discoverEnvironment(files, { ...rest, ...(sitePackages.length ? { sitePackages } : {}), machine: currentMachine() })
      return 'kind' in found ? found : found.location
    },
  })
}
