/** A function statement whose body is parsed when it is first read: of a library, most are never called. */

import type { Decorator, DeferredBody, Expression, FunctionStatement, Identifier, Parameter, Statement } from './ast.ts'

/** `made` has what its outline shows of the body; `read` parses the function. */
export function deferredFunction(made: FunctionStatement, mentionsClass: boolean, read: () => FunctionStatement): FunctionStatement {
  return new OutlinedFunction(made, new Deferred(made.body, mentionsClass, read))
}

class Deferred implements DeferredBody {
  readonly opening: readonly Statement[]
  readonly mentionsClass: boolean
  readonly #read: () => FunctionStatement
  #whole: FunctionStatement | undefined

  constructor(opening: readonly Statement[], mentionsClass: boolean, read: () => FunctionStatement) {
    this.opening = opening
    this.mentionsClass = mentionsClass
    this.#read = read
  }

  read(): FunctionStatement {
    return this.#whole ??= this.#read()
  }

  release(): void {
    this.#whole = undefined
  }
}

/** A class, because thousands of objects that each have a getter of their own cost ten times the memory. */
class OutlinedFunction implements FunctionStatement {
  declare readonly kind: 'function'
  declare readonly name: Identifier
  declare readonly parameters: readonly Parameter[]
  declare readonly returns: Expression | undefined
  declare readonly typeParameters: readonly Identifier[]
  declare readonly decorators: readonly Decorator[]
  declare readonly isAsync: boolean
  declare readonly start: number
  declare readonly end: number
  declare readonly deferred: DeferredBody

  constructor({ name, parameters, returns, typeParameters, decorators, isAsync, start, end }: FunctionStatement, deferred: DeferredBody) {
    this.kind = 'function'
    this.name = name
    this.parameters = parameters
    this.returns = returns
    this.typeParameters = typeParameters
    this.decorators = decorators
    this.isAsync = isAsync
    this.start = start
    this.end = end
    this.deferred = deferred
  }

  get body(): readonly Statement[] {
    return this.deferred.read().body
  }
}
