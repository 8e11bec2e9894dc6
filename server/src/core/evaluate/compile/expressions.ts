/** Expressions to instructions. Leaves exactly one value on the stack per expression. */

import type { Argument, CallExpression, ComprehensionExpression, Expression, FormattedPart, FormattedString, LambdaExpression, Parameter } from '../../syntax/ast.ts'
import { ELLIPSIS } from '../core-classes.ts'
import { BINARY_OPS, COMPARE_OPS } from '../run/ops-compute.ts'
import * as op from '../run/ops-compute.ts'
import * as flow from '../run/ops-control.ts'
import * as define from '../run/ops-define.ts'
import * as load from '../run/ops-load.ts'
import { PyBytes, PyComplex, PyFloat, PyTuple, type Value } from '../value.ts'
import { type Assembler, Label } from './assembler.ts'
import { emitAssumed } from './assumed.ts'
import type { SourceUnit } from './unit.ts'

/** Makes the code of a function, lambda, comprehension or class inside the current one. */
export type CodeMaker = (a: Assembler, node: LambdaExpression | ComprehensionExpression) => number

export interface Compiler {
  readonly unit: SourceUnit
  readonly codeOf: CodeMaker
}

export function compileExpression(c: Compiler, a: Assembler, e: Expression): void {
  a.at(e)
  switch (e.kind) {
    case 'name': loadName(a, e.id); emitAssumed(c.unit, a, e); return
    case 'constant': a.emit(load.constant, a.constant(e.value === 'None' ? null : e.value === '...' ? ELLIPSIS : e.value === 'True')); return
    case 'number':
    case 'string':
    case 'bytes': a.emit(load.constant, a.constant(literalValue(e)!)); return
    case 'fstring': compileFormatted(c, a, e); return
    case 'attribute':
      compileExpression(c, a, e.object)
      a.at(e)
      a.emit(load.attribute, a.name(a.mangled(e.name.id)))
      emitAssumed(c.unit, a, e)
      return
    case 'subscript':
      compileExpression(c, a, e.object)
      compileExpression(c, a, e.index)
      a.at(e)
      a.emit(op.subscript)
      emitAssumed(c.unit, a, e)
      return
    case 'slice':
      for (const part of [e.lower, e.upper, e.step]) {
        if (part === undefined) a.emit(load.constant, a.constant(null))
        else compileExpression(c, a, part)
      }
      a.emit(op.buildSlice)
      return
    case 'call': compileCall(c, a, e); return
    case 'unary':
      compileExpression(c, a, e.operand)
      a.at(e)
      a.emit(e.operator === 'not' ? op.not : e.operator === '-' ? op.negative : e.operator === '+' ? op.positive : op.invert)
      return
    case 'binary':
      compileExpression(c, a, e.left)
      compileExpression(c, a, e.right)
      a.at(e)
      a.emit(op.binary, BINARY_OPS.indexOf(e.operator))
      return
    case 'boolean': {
      const end = new Label()
      e.values.forEach((value, i) => {
        compileExpression(c, a, value)
        if (i < e.values.length - 1) { a.at(value); a.jump(e.operator === 'and' ? flow.jumpIfFalseOrPop : flow.jumpIfTrueOrPop, end, end) }
      })
      a.place(end)
      return
    }
    case 'compare': compileCompare(c, a, e); return
    case 'conditional': {
      const otherwise = new Label()
      const end = new Label()
      compileExpression(c, a, e.test)
      a.at(e.test)
      a.jump(flow.jumpIfFalse, otherwise, end)
      compileExpression(c, a, e.then)
      a.jump(flow.jump, end)
      a.place(otherwise)
      compileExpression(c, a, e.otherwise)
      a.place(end)
      return
    }
    case 'lambda':
      compileDefaults(c, a, e.parameters)
      a.at(e)
      a.emit(define.makeFunction, c.codeOf(a, e))
      return
    case 'tuple':
    case 'list':
    case 'set': compileSequence(c, a, e.kind, e.items); return
    case 'dict': compileDict(c, a, e.entries); return
    case 'comprehension': {
      a.emit(define.emptyDefaults)
      a.emit(define.makeFunction, c.codeOf(a, e))
      a.emit(load.pushNull)
      compileExpression(c, a, e.clauses[0]?.iterable ?? e.element)
      a.at(e)
      a.emit(flow.getIterator)
      a.emit(op.call, 1)
      return
    }
    case 'starred':
      // A star outside a sequence or call is a syntax error in Python.
      a.emit(load.unreadable, a.extra('invalid syntax'))
      return
    case 'await': compileExpression(c, a, e.value); a.emit(flow.awaitValue); return
    case 'yield':
      if (e.value === undefined) a.emit(load.constant, a.constant(null))
      else compileExpression(c, a, e.value)
      a.at(e)
      if (e.from) { a.emit(flow.getIterator); a.emit(load.constant, a.constant(null)); a.emit(flow.yieldFrom) } else a.emit(flow.yieldValue)
      return
    case 'named':
      compileExpression(c, a, e.value)
      a.emit(load.duplicate)
      storeName(a, e.target.id)
      return
    case 'error': a.emit(load.unreadable, a.extra(e.reason)); return
  }
}

function literalValue(e: Expression): Value | undefined {
  switch (e.kind) {
    case 'number': return e.type === 'int' ? e.value : e.type === 'float' ? new PyFloat(e.value as number) : new PyComplex(0, e.value as number)
    case 'string': return e.value
    case 'bytes': return new PyBytes(e.value)
    case 'constant': return e.value === 'None' ? null : e.value === '...' ? ELLIPSIS : e.value === 'True'
    default: return undefined
  }
}

export function loadName(a: Assembler, raw: string): void {
  const name = a.mangled(raw)
  const { scope } = a
  if (scope === undefined) { a.emit(load.global, a.name(name)); return }
  const cell = a.cellNames.indexOf(name)
  if (scope.kind === 'class') {
    if (scope.free.has(name) && cell >= 0 && (!scope.bound.has(name) || scope.nonlocals.has(name))) { a.emit(load.constant, a.constant(name)); a.emit(load.classCell, cell) } else a.emit(scope.globals.has(name) ? load.global : load.classOrGlobal, a.name(name))
    return
  }
  if (cell >= 0) a.emit(load.cell, cell)
  else if (scope.bound.has(name)) a.emit(load.local, a.local(name))
  else a.emit(load.global, a.name(name))
}

export function storeName(a: Assembler, raw: string): void {
  const name = a.mangled(raw)
  const { scope } = a
  if (scope === undefined || scope.globals.has(name)) { a.emit(load.storeGlobal, a.name(name)); return }
  const cell = a.cellNames.indexOf(name)
  if (scope.kind === 'class' && !scope.nonlocals.has(name)) { a.emit(load.storeClass, a.name(name)); return }
  if (cell >= 0) a.emit(load.storeCell, cell)
  else a.emit(load.storeLocal, a.local(name))
}

export function deleteName(a: Assembler, raw: string): void {
  const name = a.mangled(raw)
  const { scope } = a
  if (scope === undefined || scope.globals.has(name)) { a.emit(load.deleteGlobal, a.name(name)); return }
  const cell = a.cellNames.indexOf(name)
  if (scope.kind === 'class') a.emit(load.deleteClass, a.name(name))
  else if (cell >= 0) a.emit(load.deleteCell, cell)
  else a.emit(load.deleteLocal, a.local(name))
}

/** Leaves the tuple of positional defaults and the dict of keyword-only ones. */
export function compileDefaults(c: Compiler, a: Assembler, parameters: readonly Parameter[]): void {
  let isKeywordOnly = false
  let positional = 0
  const keywords: Parameter[] = []
  for (const parameter of parameters) {
    if (parameter.kind === 'star' || parameter.kind === 'keywordMarker') isKeywordOnly = true
    if (parameter.defaultValue === undefined || parameter.name === undefined) continue
    if (isKeywordOnly) keywords.push(parameter)
    else { compileExpression(c, a, parameter.defaultValue); positional++ }
  }
  a.emit(op.buildTuple, positional)
  for (const parameter of keywords) {
    a.emit(load.constant, a.constant(a.mangled(parameter.name!.id)))
    compileExpression(c, a, parameter.defaultValue!)
  }
  a.emit(op.buildMap, keywords.length)
}

function compileSequence(c: Compiler, a: Assembler, kind: 'tuple' | 'list' | 'set', items: readonly Expression[]): void {
  const build = kind === 'tuple' ? op.buildTuple : kind === 'list' ? op.buildList : op.buildSet
  if (!items.some((item) => item.kind === 'starred')) {
    if (kind === 'tuple' && items.every((item) => item.kind === 'string' || item.kind === 'number' || item.kind === 'constant')) {
      a.emit(load.constant, a.constant(new PyTuple(items.map((item) => literalValue(item)!))))
      return
    }
    for (const item of items) compileExpression(c, a, item)
    a.emit(build, items.length)
    return
  }
  a.emit(op.buildList, 0)
  for (const item of items) {
    if (item.kind === 'starred') { compileExpression(c, a, item.value); a.emit(op.listExtend) } else { compileExpression(c, a, item); a.emit(op.listAppend, 1) }
  }
  if (kind === 'tuple') a.emit(op.listToTuple)
  else if (kind === 'set') a.emit(op.listToSet)
}

function compileDict(c: Compiler, a: Assembler, entries: readonly { key: Expression | undefined, value: Expression }[]): void {
  a.emit(op.buildMap, 0)
  for (const entry of entries) {
    if (entry.key === undefined) { compileExpression(c, a, entry.value); a.emit(op.dictUpdate); continue }
    compileExpression(c, a, entry.key)
    compileExpression(c, a, entry.value)
    a.emit(op.mapAdd, 1)
  }
}

function compileCompare(c: Compiler, a: Assembler, e: Expression & { kind: 'compare' }): void {
  compileExpression(c, a, e.first)
  if (e.rest.length === 1) {
    compileExpression(c, a, e.rest[0]!.value)
    a.at(e)
    a.emit(op.compare, COMPARE_OPS.indexOf(e.rest[0]!.operator))
    return
  }
  const end = new Label()
  e.rest.forEach((one, i) => {
    compileExpression(c, a, one.value)
    a.at(e)
    if (i === e.rest.length - 1) { a.emit(op.compare, COMPARE_OPS.indexOf(one.operator)); return }
    // Keep the middle operand for the next comparison: [a b] -> [b (a?b)].
    a.emit(load.duplicateUnder)
    a.emit(op.compare, COMPARE_OPS.indexOf(one.operator))
    a.jump(flow.chainJump, end, end)
  })
  a.place(end)
}

function compileCall(c: Compiler, a: Assembler, e: CallExpression): void {
  if (e.callee.kind === 'attribute') {
    compileExpression(c, a, e.callee.object)
    a.at(e.callee)
    a.emit(load.method, a.name(a.mangled(e.callee.name.id)))
  } else {
    compileExpression(c, a, e.callee)
    a.emit(load.pushNull)
  }
  compileArguments(c, a, e.args)
  finishCall(a, e.args, e)
}

/** Arguments onto the stack, in the form `finishCall` expects. */
export function compileArguments(c: Compiler, a: Assembler, args: readonly Argument[]): void {
  if (!hasStars(args)) {
    for (const argument of args) if (argument.kind === 'positional') compileExpression(c, a, argument.value)
    for (const argument of args) if (argument.kind === 'keyword') compileExpression(c, a, argument.value)
    return
  }
  a.emit(op.buildList, 0)
  for (const argument of args) {
    if (argument.kind === 'positional') { compileExpression(c, a, argument.value); a.emit(op.listAppend, 1) } else if (argument.kind === 'star') { compileExpression(c, a, argument.value); a.at(argument); a.emit(op.listExtend) }
  }
  a.emit(op.buildMap, 0)
  for (const argument of args) {
    if (argument.kind === 'keyword') {
      a.emit(load.constant, a.constant(argument.name!.id))
      compileExpression(c, a, argument.value)
      a.emit(op.keywordAdd)
    } else if (argument.kind === 'doubleStar') { compileExpression(c, a, argument.value); a.at(argument); a.emit(op.keywordMerge) }
  }
}

function hasStars(args: readonly Argument[]): boolean {
  return args.some((argument) => argument.kind === 'star' || argument.kind === 'doubleStar')
}

function finishCall(a: Assembler, args: readonly Argument[], e: CallExpression): void {
  a.at(e)
  if (hasStars(args)) { a.emit(op.callSpread); return }
  const keywords = args.filter((argument) => argument.kind === 'keyword').map((argument) => argument.name!.id)
  if (keywords.length === 0) a.emit(op.call, args.length)
  else a.emit(op.callKeywords, a.extra({ count: args.length, keywords }))
}

function compileFormatted(c: Compiler, a: Assembler, e: FormattedString): void {
  a.emit(op.buildString, compileParts(c, a, e.parts))
}

function compileParts(c: Compiler, a: Assembler, parts: readonly FormattedPart[]): number {
  let count = 0
  for (const part of parts) {
    if (typeof part === 'string') { a.emit(load.constant, a.constant(part)); count++; continue }
    if (part.debug !== undefined) { a.emit(load.constant, a.constant(part.debug)); count++ }
    compileExpression(c, a, part.value)
    a.at(part)
    if (part.format === undefined) a.emit(load.constant, a.constant(''))
    else a.emit(op.buildString, compileParts(c, a, part.format))
    a.emit(op.format, part.conversion === undefined ? 0 : part.conversion === 's' ? 1 : part.conversion === 'r' ? 2 : 3)
    count++
  }
  return count
}

// ---------------------------------------------------------------------------------------------- targets

/** Stores the value on top of the stack into a target. */
export function compileStore(c: Compiler, a: Assembler, target: Expression): void {
  a.at(target)
  emitAssumed(c.unit, a, target)
  switch (target.kind) {
    case 'name': storeName(a, target.id); return
    case 'attribute':
      compileExpression(c, a, target.object)
      a.at(target)
      a.emit(load.storeAttribute, a.name(a.mangled(target.name.id)))
      return
    case 'subscript':
      compileExpression(c, a, target.object)
      compileExpression(c, a, target.index)
      a.at(target)
      a.emit(op.storeSubscript)
      return
    case 'tuple':
    case 'list': {
      const star = target.items.findIndex((item) => item.kind === 'starred')
      if (star < 0) a.emit(op.unpack, target.items.length)
      else a.emit(op.unpackStar, a.extra({ before: star, after: target.items.length - star - 1 }))
      for (const item of target.items) compileStore(c, a, item.kind === 'starred' ? item.value : item)
      return
    }
    default: a.emit(load.unreadable, a.extra('cannot assign to this')); a.emit(load.pop); a.emit(load.pop)
  }
}

export function compileDelete(c: Compiler, a: Assembler, target: Expression): void {
  a.at(target)
  switch (target.kind) {
    case 'name': deleteName(a, target.id); return
    case 'attribute':
      compileExpression(c, a, target.object)
      a.at(target)
      a.emit(load.deleteAttribute, a.name(a.mangled(target.name.id)))
      return
    case 'subscript':
      compileExpression(c, a, target.object)
      compileExpression(c, a, target.index)
      a.at(target)
      a.emit(op.deleteSubscript)
      return
    case 'tuple':
    case 'list': for (const item of target.items) compileDelete(c, a, item); return
    default: a.emit(load.unreadable, a.extra('cannot delete this')); a.emit(load.pop)
  }
}

/** `target op= value`: the target is evaluated once. */
export function compileAugmented(c: Compiler, a: Assembler, target: Expression, operator: (typeof BINARY_OPS)[number], value: Expression): void {
  const index = BINARY_OPS.indexOf(operator)
  switch (target.kind) {
    case 'attribute':
      compileExpression(c, a, target.object)
      a.emit(load.duplicate)
      a.at(target)
      a.emit(load.attribute, a.name(a.mangled(target.name.id)))
      compileExpression(c, a, value)
      a.at(target)
      a.emit(op.inplace, index)
      a.emit(load.swap)
      a.emit(load.storeAttribute, a.name(a.mangled(target.name.id)))
      return
    case 'subscript':
      compileExpression(c, a, target.object)
      compileExpression(c, a, target.index)
      a.emit(load.duplicateTwo)
      a.at(target)
      a.emit(op.subscript)
      compileExpression(c, a, value)
      a.at(target)
      a.emit(op.inplace, index)
      a.emit(load.rotateThree)
      a.emit(op.storeSubscript)
      return
    default:
      compileExpression(c, a, target)
      compileExpression(c, a, value)
      a.at(target)
      a.emit(op.inplace, index)
      compileStore(c, a, target)
  }
}

