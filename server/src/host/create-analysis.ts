/** Builds the analysis over this machine's disk: the one place that chooses the implementation of each port. */

import { AnalysisHost } from '../core/analysis.ts'
import { createDiskFiles } from './disk-files.ts'
import { startPythonParser } from './python-parser.ts'

/** Rejects, with one sentence, only when the parser's files are missing beside the program. */
export async function createAnalysis(programFolder: string): Promise<AnalysisHost> {
  return new AnalysisHost({ files: createDiskFiles(), parser: await startPythonParser(programFolder) })
}
