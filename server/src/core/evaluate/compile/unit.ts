/** What the compiler knows of the file that it compiles beside its syntax. */

import type { FileAssumptions } from '../assume.ts'
import type { Expression, FunctionStatement } from '../../syntax/ast.ts'
import type { Code } from '../run/frame.ts'

export interface SourceUnit {
  /** What origins made now say: the file, or a name for it as it stands now (see layers/live-file.ts). */
  readonly file: string
  /** Undefined where nothing is assumed: then no instruction is spent on it. */
  readonly assumptions: FileAssumptions | undefined
  /** The code of an assumed value: evaluated in the module that needs it, and nothing is assumed in it. */
  readonly valueCode: (expression: Expression) => Code
  /** Told of the code of each function statement that is compiled. */
  readonly made?: (node: FunctionStatement, code: Code) => void
}
