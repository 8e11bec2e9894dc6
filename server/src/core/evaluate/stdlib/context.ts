/** What the standard library needs of the evaluator it is made for. */

import type { Files } from '../../ports.ts'
import type { PythonParser } from '../../syntax/parser.ts'
import type { Value } from '../value.ts'

export interface LibraryContext {
  readonly files: Files
  readonly parser: PythonParser
  readonly builtins: Map<string, Value>
  /** sys.modules. */
  readonly modules: Map<string, Value>
  /** Whether an import would find something. */
  readonly find: (dotted: string) => boolean
  /** The version of an installed distribution, from its metadata; `undefined` when it is not there. */
  readonly versionOf: (distribution: string) => string | undefined
  /** Folders a relative path may be meant from. */
  readonly roots: readonly string[]
}
