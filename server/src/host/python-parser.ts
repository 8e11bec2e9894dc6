/** Finds the two wasm files, beside the bundle or in node_modules, and hands their bytes to core. Parses nothing itself. */

import { existsSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { createPythonParser, type PythonParser } from '../core/syntax/parser.ts'

const RUNTIME = 'web-tree-sitter.wasm'
const GRAMMAR = 'tree-sitter-python.wasm'

/** Starts the parser with the wasm files found from `folder` (the bundle's) upward. Rejects with one sentence when there are none. */
export async function startPythonParser(folder: string): Promise<PythonParser> {
  return createPythonParser({ runtime: readFileSync(find(folder, RUNTIME, 'web-tree-sitter')), grammar: readFileSync(find(folder, GRAMMAR, 'tree-sitter-python')) })
}

function find(folder: string, name: string, packageName: string): string {
  for (let at = folder; ; at = dirname(at)) {
    for (const candidate of [join(at, name), join(at, 'node_modules', packageName, name)]) {
      if (existsSync(candidate)) return candidate
    }
    if (dirname(at) === at) throw new Error(`${name} was found neither beside the program nor in node_modules.`)
  }
}
