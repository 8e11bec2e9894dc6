/** The standard library as native modules: some in TypeScript, some in Python source of our own. */

import type { Files } from '../../ports.ts'
import type { PythonParser } from '../../syntax/parser.ts'
import type { NativeModule } from '../native.ts'
import type { Value } from '../value.ts'

export interface LibraryContext {
  readonly files: Files
  readonly parser: PythonParser
  readonly builtins: Map<string, Value>
  /** sys.modules. */
  readonly modules: Map<string, Value>
  /** Whether an import would find something. */
  readonly find: (dotted: string) => boolean
}

export function standardLibrary(context: LibraryContext): readonly NativeModule[] {
  return [{ name: 'builtins', build: () => Object.fromEntries(context.builtins) }]
}
