/** A function statement whose body is parsed when it is first read: of a library, most are never called. */

import type { DeferredBody, FunctionStatement, Statement } from './ast.ts'

/** `made` has what its outline shows of the body; `read` parses the body. */
export function deferredFunction(made: FunctionStatement, mentionsClass: boolean, read: () => readonly Statement[]): FunctionStatement {
  let body: readonly Statement[] | undefined
  const deferred: DeferredBody = { opening: made.body, mentionsClass, release: () => { body = undefined } }
  return {
    kind: 'function', name: made.name, parameters: made.parameters, returns: made.returns, typeParameters: made.typeParameters, decorators: made.decorators, isAsync: made.isAsync, start: made.start, end: made.end, deferred,
    get body() { return body ??= read() },
  }
}
