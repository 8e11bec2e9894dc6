/** Puts an `assume` instruction behind what reads or binds a name of which something is assumed. */

import type { AssumedValue, Assumption } from '../assume.ts'
import { stepsOf } from '../../syntax/assume-comment.ts'
import type { Expression } from '../../syntax/ast.ts'
import type { Code } from '../run/frame.ts'
import { assume, type AssumedHere } from '../run/ops-assume.ts'
import type { Assembler } from './assembler.ts'
import type { SourceUnit } from './unit.ts'

/** The value on the stack is that of an expression: a name, an attribute or an item of one. */
export function emitAssumed(unit: SourceUnit, a: Assembler, e: Expression): void {
  if (unit.assumptions === undefined) return
  const path = stepsOf(e)
  if (path !== undefined) emitAssumedPath(unit, a, path, e.start)
}

/** The value on the stack is about to be bound to a name. */
export function emitAssumedPath(unit: SourceUnit, a: Assembler, path: readonly string[], at: number): void {
  const found = unit.assumptions?.find(path, at)
  if (found !== undefined) a.emit(assume, a.extra(compiled(unit, path, found)))
}

export function compiled(unit: SourceUnit, path: readonly string[], { whole, parts }: AssumedValue): AssumedHere {
  return {
    name: whole?.name ?? path.join(''),
    whole: whole === undefined ? undefined : { code: codeOf(unit, whole), because: whole.because },
    parts: new Map([...parts].map(([step, part]) => [step, compiled(unit, [...path, step], part)])),
  }
}

const codes = new WeakMap<Assumption, Code>()

function codeOf(unit: SourceUnit, assumption: Assumption): Code {
  let code = codes.get(assumption)
  if (code === undefined) codes.set(assumption, code = unit.valueCode(assumption.expression))
  return code
}
