/** What the compiler knows of the file that it compiles beside its syntax. */

import type { FileAssumptions } from '../assume.ts'
import type { Expression } from '../../syntax/ast.ts'
import type { Code } from '../run/frame.ts'

export interface SourceUnit {
  readonly file: string
  /** Undefined where nothing is assumed: then no instruction is spent on it. */
  readonly assumptions: FileAssumptions | undefined
  /** The code of an assumed value: evaluated in the module that needs it, and nothing is assumed in it. */
  readonly valueCode: (expression: Expression) => Code
}
