/** Runs a recorded Python program and says whether it printed what CPython printed. Shared by the suite and the fuzz run. */

import { createEvaluator, isFailure } from '../../../server/src/core/evaluate/evaluator.ts'
import type { Files } from '../../../server/src/core/ports.ts'
import type { PythonParser } from '../../../server/src/core/syntax/parser.ts'

export interface Program { readonly name: string, readonly source: string, readonly output: string }
export interface Outcome { readonly verdict: 'equal' | 'unknown' | 'wrong', readonly output: string, readonly reason: string }

/** An evaluator for many programs: the library is loaded once, each program runs after a reset. */
export function programRunner(parser: PythonParser): (program: Program) => Outcome {
  let source = ''
  let version = 0
  const path = '/w/__main__.py'
  const files: Files = {
    stat: (asked) => asked === path ? { kind: 'file', bytes: source.length, modified: version } : undefined,
    list: () => undefined, readText: () => source, open: () => ({ kind: 'failure', reason: 'missing', message: 'It does not exist.' }), realPath: (asked) => asked,
  }
  const evaluator = createEvaluator({ files, parser, roots: ['/w'], sitePackages: [], torchVersion: '2.6.0', natives: [], limits: { steps: 2_000_000 } })
  return (program) => {
    source = program.source
    version++
    evaluator.reset()
    const result = evaluator.importModule('__main__')
    const exception = isFailure(result) ? result.exception : undefined
    const output = evaluator.output + (exception === undefined ? '' : `uncaught ${exception.type}\n`)
    const reason = isFailure(result) ? result.unknown.reason : ''
    if (output === program.output) return { verdict: 'equal', output, reason }
    const isUnknown = output.includes('<unknown: ') || (isFailure(result) && exception === undefined && !reason.startsWith('the evaluator failed'))
    return { verdict: isUnknown ? 'unknown' : 'wrong', output, reason }
  }
}
