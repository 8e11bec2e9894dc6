/** Collects the instructions of one body: constants and names pooled, labels patched, source spans kept. */

import type { Span, Statement } from '../../syntax/ast.ts'
import type { Code, Handler, Instructions, Taker } from '../run/frame.ts'
import { PyFloat, type Value } from '../value.ts'
import { mangle, type Scope } from './scope.ts'

export class Label {
  pc = -1
}

/** Something between here and the function's edge that leaving must undo. */
export type Context =
  | { readonly kind: 'loop', readonly start: Label, readonly end: Label, readonly isFor: boolean }
  | { readonly kind: 'try' }
  | { readonly kind: 'handler' }
  | { readonly kind: 'finally', readonly body: readonly Statement[] }
  | { readonly kind: 'with', readonly exit: number }

export class Assembler {
  readonly ops: Handler[] = []
  readonly args: number[] = []
  readonly spans: number[] = []
  readonly constants: Value[] = []
  readonly names: string[] = []
  readonly codes: Code[] = []
  readonly extras: unknown[] = []
  readonly locals: string[] = []
  readonly statements: { pc: number, statement: Statement }[] = []
  readonly contexts: Context[] = []
  readonly scope: Scope | undefined
  readonly cellNames: string[]
  readonly #labels: { at: number, label: Label }[] = []
  readonly #takers = new Map<number, Taker>()
  readonly #joins: { at: number, label: Label }[] = []
  readonly #nameIndex = new Map<string, number>()
  readonly #localIndex = new Map<string, number>()
  readonly #constantIndex = new Map<Value, number>()
  #start = 0
  #end = 0

  constructor(scope: Scope | undefined, freeNames: readonly string[]) {
    this.scope = scope
    this.cellNames = scope === undefined ? [] : [...scope.cells, ...freeNames]
  }

  at(span: Span): void {
    this.#start = span.start
    this.#end = span.end
  }

  get span(): Span {
    return { start: this.#start, end: this.#end }
  }

  emit(op: Handler, arg = 0): number {
    this.ops.push(op)
    this.spans.push(this.#start, this.#end)
    return this.args.push(arg) - 1
  }

  /** A jump; `join` is where both ways of a conditional one meet. */
  jump(op: Handler, label: Label, join?: Label): void {
    const at = this.emit(op)
    this.#labels.push({ at, label })
    if (join !== undefined) this.#joins.push({ at, label: join })
  }

  /** Sets up a block that sees exceptions; `end` is behind the whole statement. */
  guard(op: Handler, handler: Label, end: Label, taker: Taker): void {
    this.#takers.set(this.ops.length, taker)
    this.jump(op, handler, end)
  }

  place(label: Label): void {
    label.pc = this.ops.length
  }

  constant(value: Value): number {
    const known = value instanceof PyFloat ? undefined : this.#constantIndex.get(value)
    if (known !== undefined) return known
    const index = this.constants.push(value) - 1
    if (!(value instanceof PyFloat)) this.#constantIndex.set(value, index)
    return index
  }

  name(name: string): number {
    const known = this.#nameIndex.get(name)
    if (known !== undefined) return known
    const index = this.names.push(name) - 1
    this.#nameIndex.set(name, index)
    return index
  }

  /** Attribute and variable names go through private name mangling. */
  mangled(name: string): string {
    return mangle(this.scope?.className, name)
  }

  local(name: string): number {
    const known = this.#localIndex.get(name)
    if (known !== undefined) return known
    const index = this.locals.push(name) - 1
    this.#localIndex.set(name, index)
    return index
  }

  /** A hidden local; the name cannot be written in Python. */
  temporary(): number {
    return this.locals.push(`.${this.locals.length}`) - 1
  }

  extra(value: unknown): number {
    return this.extras.push(value) - 1
  }

  /** `file` is what the origins of these instructions say. */
  finish(parameterNames: readonly string[], file: string): Instructions {
    const args = Int32Array.from(this.args)
    for (const { at, label } of this.#labels) args[at] = label.pc
    const cellParameters: [number, number][] = []
    this.cellNames.forEach((name, cell) => {
      const local = parameterNames.indexOf(name)
      if (local >= 0 && this.scope?.cells.has(name) === true) cellParameters.push([cell, local])
    })
    return {
      ops: this.ops, args, spans: Int32Array.from(this.spans), constants: this.constants, names: this.names, codes: this.codes,
      takers: this.#takers, joins: new Map(this.#joins.map(({ at, label }) => [at, label.pc])), localCount: this.locals.length, localNames: this.locals, cellNames: this.cellNames, cellParameters,
      statements: this.statements, extras: this.extras, file,
    }
  }
}
