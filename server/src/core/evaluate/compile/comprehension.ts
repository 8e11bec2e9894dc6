/** The body of a comprehension, which is a function of its first iterator. */

import type { ComprehensionExpression } from '../../syntax/ast.ts'
import * as op from '../run/ops-compute.ts'
import * as flow from '../run/ops-control.ts'
import * as load from '../run/ops-load.ts'
import { type Assembler, Label } from './assembler.ts'
import { compileExpression, compileStore, type Compiler } from './expressions.ts'

export function compileComprehension(c: Compiler, a: Assembler, e: ComprehensionExpression): void {
  if (e.type === 'list') a.emit(op.buildList, 0)
  else if (e.type === 'set') a.emit(op.buildSet, 0)
  else if (e.type === 'dict') a.emit(op.buildMap, 0)
  const loops: { start: Label, end: Label }[] = []
  e.clauses.forEach((clause, i) => {
    const loop = { start: new Label(), end: new Label() }
    loops.push(loop)
    if (i === 0) a.emit(load.local, a.local('.0'))
    else { compileExpression(c, a, clause.iterable); a.at(clause.iterable); a.emit(flow.getIterator) }
    a.place(loop.start)
    a.at(clause.iterable)
    a.jump(flow.forIterator, loop.end)
    compileStore(c, a, clause.target)
    for (const condition of clause.conditions) {
      compileExpression(c, a, condition)
      a.at(condition)
      a.jump(flow.jumpIfFalse, loop.start, loop.start)
    }
  })
  compileExpression(c, a, e.element)
  if (e.value !== undefined) compileExpression(c, a, e.value)
  a.at(e)
  if (e.type === 'generator') { a.emit(flow.yieldValue); a.emit(load.pop) } else {
    const depth = e.clauses.length + 1
    a.emit(e.type === 'list' ? op.listAppend : e.type === 'set' ? op.setAdd : op.mapAdd, depth)
  }
  for (const loop of loops.reverse()) {
    a.jump(flow.jumpBack, loop.start)
    a.place(loop.end)
  }
  if (e.type === 'generator') a.emit(load.constant, a.constant(null))
  a.emit(flow.returnValue)
}
