/** What a user of the evaluator gives and gets: the shapes of `createEvaluator` (evaluator.ts). Types only. */

import type { Files } from '../ports.ts'
import type { Statement } from '../syntax/ast.ts'
import type { PythonParser } from '../syntax/parser.ts'
import type { SourceUnit } from './compile/unit.ts'
import type { LibraryCodes } from './library-codes.ts'
import type { Limits } from './limits.ts'
import type { NativeModule } from './native.ts'
import type { Note, PyModule, Unknown, Value, Machine } from './value.ts'

export interface EvaluatorOptions {
  readonly files: Files
  readonly parser: PythonParser
  /** Folders that imports are looked for in, in order: workspace roots first. */
  readonly roots: readonly string[]
  /** Folders of installed packages; what is imported from them stays loaded between evaluations. */
  readonly sitePackages: readonly string[]
  readonly torchVersion: string
  /** Default 3.12. */
  readonly pythonVersion?: readonly [number, number, number]
  readonly natives: readonly NativeModule[]
  readonly limits?: Partial<Limits>
  /** Values for names that the source leaves open, as Python expressions: `# footprint: assume` and `--assume`. */
  readonly assumptions?: ReadonlyMap<string, string>
  /** Text of open documents, over what is on disk. */
  readonly documentText?: (path: string) => string | undefined
  /** For a file that is followed from edit to edit: what its top-level statements are compiled with. */
  readonly units?: (path: string) => ((statement: Statement) => SourceUnit) | undefined
  /** Compiled library code that is shared with other evaluators. */
  readonly codes?: LibraryCodes
  /** Asked every few thousand steps; true ends the evaluation with the limit named `cancelled`. */
  readonly shouldStop?: () => boolean
}

/** Something that ended a piece of work: an exception that nobody caught, or a limit. */
export interface Failure {
  readonly kind: 'failure'
  readonly unknown: Unknown
  /** For an uncaught Python exception, its class name and message. */
  readonly exception: { readonly type: string, readonly message: string, readonly value: Value } | undefined
}

export interface ModuleResult {
  /** Names that were bound, also when some statements failed; those they would have bound are Unknown. */
  readonly module: PyModule
  readonly failures: readonly Failure[]
}

export interface FileVersion {
  readonly path: string
  /** Modification time and bytes, or a hash of an open document's text. */
  readonly version: string
}

export interface Evaluator {
  readonly machine: Machine
  /** Runs a file's top level; `asMain` sets `__name__` to `__main__`. Failing statements are skipped, as no interpreter would. */
  importFile(path: string, options?: { asMain?: boolean }): ModuleResult
  /** Imports a dotted name through roots and site-packages as Python does. */
  importModule(dotted: string): ModuleResult | Failure
  /** Evaluates an expression in a module's namespace. */
  evaluateExpression(module: PyModule, source: string): Value | Failure
  /** Runs work with budgets and errors contained: `m.call(...)` and the like. */
  attempt(work: (m: Machine) => Value): Value | Failure
  /** Runs work, which may ask everything here but `reset`, and undoes what it did to the program's state. */
  isolated<T>(work: () => T): T
  /**
   * Runs work in which options and parameters whose default would be noted in one of these words have no known value. What takes
   * more than `steps` in all is cancelled: then `answer` is undefined.
   */
  withholding<T>(texts: ReadonlySet<string>, steps: number, work: () => T): { readonly answer: T | undefined, readonly steps: number }
  /** Notes made since `mark` (a former `machine.notes.length`). */
  notesSince(mark: number): readonly Note[]
  /** What was printed, for tests; bounded. */
  readonly output: string
  /** Every source file read since the evaluator was made or last reset, with its version. */
  readonly filesRead: readonly FileVersion[]
  /** Forgets workspace modules and every change made to library modules since they were loaded; keeps parsed and loaded library code. */
  reset(): void
  /**
   * Resets, and looks for imports below other roots from now on; library modules stay loaded. False, and nothing is done, where a
   * library module that is loaded could be another one there.
   */
  moveTo(roots: readonly string[]): boolean
  /** How often the evaluator was reset: what one evaluation left stands while this is the same. */
  readonly resets: number
  readonly stepsUsed: number
}
