/** What the standard library needs of the evaluator it is made for. */

import type { Files, ReadFailure } from '../../ports.ts'
import type { PythonParser } from '../../syntax/parser.ts'
import type { PyModule, Unknown, Value } from '../value.ts'

export interface LibraryContext {
  readonly files: Files
  readonly parser: PythonParser
  readonly builtins: Map<string, Value>
  /** sys.modules. */
  readonly modules: Map<string, Value>
  /** Whether an import would find something. */
  readonly find: (dotted: string) => boolean
  /** The text of a source file, as it is open or on the disk. */
  readonly sourceOf: (path: string) => string | ReadFailure
  /** A module for a file, not yet run. */
  readonly newModule: (name: string, file: string, path: readonly string[] | undefined) => PyModule
  /** Runs the file in the module; answers why it cannot be. */
  readonly execute: (module: PyModule, file: string) => Unknown | undefined
  /** The version of an installed distribution, from its metadata; `undefined` when it is not there. */
  readonly versionOf: (distribution: string) => string | undefined
  /** Folders a relative path may be meant from. */
  readonly roots: readonly string[]
}
