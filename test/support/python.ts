/** Parses Python text with the real parser. */

import { fileURLToPath } from 'node:url'
import type { SourceFile } from '../../server/src/core/syntax/source-file.ts'
import { startPythonParser } from '../../server/src/host/python-parser.ts'

const parser = startPythonParser(fileURLToPath(new URL('../..', import.meta.url)))

export async function parsePython(text: string): Promise<SourceFile> {
  return (await parser).parse(text)
}
