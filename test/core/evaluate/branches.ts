/** Runs a program with undecided branches and says whether what the evaluator knows of its results holds for every outcome. Shared by the suite and the fuzz run. */

import { createEvaluator, isFailure } from '../../../server/src/core/evaluate/evaluator.ts'
import type { Files } from '../../../server/src/core/ports.ts'
import type { PythonParser } from '../../../server/src/core/syntax/parser.ts'
import { Unknown } from '../../../server/src/core/evaluate/value.ts'

export interface BranchProgram {
  readonly name: string
  readonly source: string
  /** In how many outcomes of the coins the program ends. */
  readonly ends: number
  /** By the name of a result, every text that it may be. */
  readonly results: Readonly<Record<string, readonly string[]>>
}

export interface BranchVerdict {
  /** Known results that hold, known ones that do not, and those that are not known although they could be. */
  readonly held: number
  readonly wrong: readonly string[]
  readonly missed: readonly string[]
  readonly unknown: number
  readonly reason: string
}

export function branchRunner(parser: PythonParser): (program: BranchProgram) => BranchVerdict {
  let source = ''
  let version = 0
  const path = '/w/__main__.py'
  const files: Files = {
    stat: (asked) => asked === path ? { kind: 'file', bytes: source.length, modified: version } : undefined,
    list: () => undefined, readText: () => source, open: () => ({ kind: 'failure', reason: 'missing', message: 'It does not exist.' }), realPath: (asked) => asked,
  }
  const evaluator = createEvaluator({ files, parser, roots: ['/w'], sitePackages: [], torchVersion: '2.6.0', natives: [], limits: { steps: 200_000, forkSteps: 100_000 } })
  return (program) => {
    source = program.source
    version++
    evaluator.reset()
    const made = evaluator.importModule('__main__')
    const verdict = { held: 0, wrong: [] as string[], missed: [] as string[], unknown: 0, reason: isFailure(made) ? made.unknown.reason : '' }
    if (isFailure(made) && /evaluator failed/.test(made.unknown.reason)) verdict.wrong.push(made.unknown.reason)
    for (const [name, texts] of Object.entries(program.results)) {
      const value = isFailure(made) ? undefined : made.module.attrs.get(name)
      const shown = value === undefined ? undefined : evaluator.attempt((m) => { const text = m.repr(value); return text })
      // A result that may differ, and is said to, is not taken for known.
      const isDoubtful = evaluator.machine.notes.some((note) => note.kind === 'doubt')
      const known = !isDoubtful && typeof shown === 'string' && !(value instanceof Unknown) ? shown : undefined
      if (known === undefined) {
        verdict.unknown++
        if (texts.length === 1) verdict.missed.push(name)
      } else if (texts.every((text) => text === known)) verdict.held++
      else verdict.wrong.push(`${name} is ${known} for us, one of ${texts.slice(0, 4).join(' ')}`)
    }
    if (program.ends === 0 && !isFailure(made)) verdict.reason = 'the program never ends'
    return verdict
  }
}
