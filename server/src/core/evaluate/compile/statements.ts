/** Statements to instructions. The stack is as deep after a statement as before it. */

import type { Expression, FunctionStatement, Statement, TryStatement, WithStatement } from '../../syntax/ast.ts'
import * as op from '../run/ops-compute.ts'
import * as flow from '../run/ops-control.ts'
import * as define from '../run/ops-define.ts'
import type { Code } from '../run/frame.ts'
import * as load from '../run/ops-load.ts'
import { type Assembler, type Context, Label } from './assembler.ts'
import { compileAugmented, compileDefaults, compileDelete, compileExpression, type Compiler, compileStore, deleteName, storeName } from './expressions.ts'
import { Unknown } from '../value.ts'
import { compileCase } from './patterns.ts'

export interface StatementCompiler extends Compiler {
  readonly functionCode: (a: Assembler, node: FunctionStatement) => number
  /** The code of an expression that is evaluated later, in the module's namespace. */
  readonly expressionCode: (expression: Expression) => Code
  readonly classCode: (a: Assembler, node: Statement & { kind: 'class' }) => number
}

/** What is left of an annotation that names what does not exist: whether it makes a field is all that anyone asks. */
function annotationText(annotation: Expression): string {
  const head = annotation.kind === 'subscript' ? annotation.object : annotation
  const name = head.kind === 'name' ? head.id : head.kind === 'attribute' ? head.name.id : ''
  return name === 'ClassVar' || name === 'InitVar' ? name : 'object'
}

export function compileBlock(c: StatementCompiler, a: Assembler, body: readonly Statement[]): void {
  for (const statement of body) compileStatement(c, a, statement)
}

export function compileStatement(c: StatementCompiler, a: Assembler, s: Statement): void {
  a.at(s)
  switch (s.kind) {
    case 'expression':
      if (s.value.kind === 'string' || s.value.kind === 'constant' || s.value.kind === 'number') return
      compileExpression(c, a, s.value)
      a.emit(load.pop)
      return
    case 'assign':
      compileExpression(c, a, s.value)
      s.targets.forEach((target, i) => {
        if (i < s.targets.length - 1) a.emit(load.duplicate)
        compileStore(c, a, target)
      })
      return
    case 'annotatedAssign':
      if (s.value !== undefined) { compileExpression(c, a, s.value); compileStore(c, a, s.target) }
      if (a.scope?.kind === 'class' && s.target.kind === 'name') {
        const end = new Label()
        const name = a.mangled(s.target.id)
        a.at(s)
        a.emit(define.postponedAnnotation, a.extra({ name, code: c.expressionCode(s.annotation), text: annotationText(s.annotation) }))
        a.jump(flow.jumpIfTrue, end, end)
        compileExpression(c, a, s.annotation)
        a.at(s)
        a.emit(define.annotate, a.name(name))
        a.place(end)
      }
      return
    case 'augmentedAssign': compileAugmented(c, a, s.target, s.operator, s.value); return
    case 'return':
      if (s.value === undefined) a.emit(load.constant, a.constant(null))
      else compileExpression(c, a, s.value)
      leaveAll(c, a)
      a.at(s)
      a.emit(flow.returnValue)
      return
    case 'raise':
      if (s.value === undefined) { a.emit(flow.reraiseCurrent); return }
      compileExpression(c, a, s.value)
      if (s.cause !== undefined) compileExpression(c, a, s.cause)
      a.at(s)
      a.emit(flow.raiseValue, s.cause === undefined ? 0 : 1)
      return
    case 'assert': {
      const end = new Label()
      compileExpression(c, a, s.test)
      a.at(s.test)
      a.jump(flow.jumpIfTrue, end, end)
      if (s.message === undefined) a.emit(load.constant, a.constant(null))
      else compileExpression(c, a, s.message)
      a.at(s)
      a.emit(flow.assertionFailed, s.message === undefined ? 0 : 1)
      a.place(end)
      return
    }
    case 'delete': for (const target of s.targets) compileDelete(c, a, target); return
    case 'pass': return
    case 'break':
    case 'continue': compileLeaveLoop(c, a, s.kind); return
    case 'import':
      for (const one of s.names) {
        a.at(one)
        a.emit(define.importName, a.extra({ module: one.name.id, level: 0, innermost: one.alias !== undefined }))
        storeName(a, one.alias?.id ?? one.name.id.split('.')[0]!)
      }
      return
    case 'importFrom':
      a.emit(define.importName, a.extra({ module: s.module?.id ?? '', level: s.level, innermost: true }))
      if (s.names === '*') { a.emit(define.importStar); return }
      for (const one of s.names) {
        a.at(one)
        a.emit(define.importFrom, a.name(one.name.id))
        storeName(a, one.alias?.id ?? one.name.id)
      }
      a.emit(load.pop)
      return
    case 'global':
    case 'nonlocal': return
    case 'typeAlias':
      if (s.name === undefined) return
      a.emit(load.unreadable, a.extra('type aliases are not evaluated'))
      storeName(a, s.name.id)
      return
    case 'if': {
      const end = new Label()
      for (const [i, branch] of s.branches.entries()) {
        const next = new Label()
        const isLast = i === s.branches.length - 1 && s.otherwise.length === 0
        compileExpression(c, a, branch.test)
        a.at(branch.test)
        a.jump(flow.jumpIfFalse, isLast ? end : next, end)
        compileBlock(c, a, branch.body)
        if (!isLast) a.jump(flow.jump, end)
        a.place(next)
      }
      compileBlock(c, a, s.otherwise)
      a.place(end)
      return
    }
    case 'while': {
      const start = new Label()
      const end = new Label()
      const otherwise = new Label()
      a.place(start)
      compileExpression(c, a, s.test)
      a.at(s.test)
      a.jump(flow.whileTest, otherwise)
      a.contexts.push({ kind: 'loop', start, end, isFor: false })
      compileBlock(c, a, s.body)
      a.contexts.pop()
      a.jump(flow.jumpBack, start)
      a.place(otherwise)
      compileBlock(c, a, s.otherwise)
      a.place(end)
      return
    }
    case 'for': {
      const start = new Label()
      const end = new Label()
      const otherwise = new Label()
      compileExpression(c, a, s.iterable)
      a.at(s.iterable)
      a.emit(flow.getIterator)
      a.place(start)
      a.at(s.iterable)
      a.jump(flow.forIterator, otherwise)
      compileStore(c, a, s.target)
      a.contexts.push({ kind: 'loop', start, end, isFor: true })
      compileBlock(c, a, s.body)
      a.contexts.pop()
      a.jump(flow.jumpBack, start)
      a.place(otherwise)
      compileBlock(c, a, s.otherwise)
      a.place(end)
      return
    }
    case 'try': compileTry(c, a, s); return
    case 'with': compileWith(c, a, s, 0); return
    case 'match': {
      const end = new Label()
      const subject = a.temporary()
      compileExpression(c, a, s.subject)
      a.emit(load.storeLocal, subject)
      for (const one of s.cases) {
        const next = new Label()
        compileCase(c, a, one.pattern, subject, next, end)
        if (one.guard !== undefined) { compileExpression(c, a, one.guard); a.at(one.guard); a.jump(flow.jumpIfFalse, next, end) }
        compileBlock(c, a, one.body)
        a.jump(flow.jump, end)
        a.place(next)
      }
      a.place(end)
      return
    }
    case 'function': {
      for (const decorator of s.decorators) { compileExpression(c, a, decorator.value); a.emit(load.pushNull) }
      compileDefaults(c, a, s.parameters)
      a.at({ start: s.name.start, end: s.name.end })
      a.emit(define.makeFunction, c.functionCode(a, s))
      for (const decorator of [...s.decorators].reverse()) { a.at(decorator); a.emit(op.call, 1) }
      storeName(a, s.name.id)
      return
    }
    case 'class': {
      for (const decorator of s.decorators) { compileExpression(c, a, decorator.value); a.emit(load.pushNull) }
      const positional = s.args.filter((argument) => argument.kind === 'positional' || argument.kind === 'star')
      const keywords = s.args.filter((argument) => argument.kind === 'keyword' || argument.kind === 'doubleStar')
      a.emit(op.buildList, 0)
      for (const argument of positional) { compileExpression(c, a, argument.value); a.emit(argument.kind === 'star' ? op.listExtend : op.listAppend, 1) }
      a.emit(op.buildMap, 0)
      for (const argument of keywords) {
        if (argument.kind === 'keyword') { a.emit(load.constant, a.constant(argument.name!.id)); compileExpression(c, a, argument.value); a.emit(op.keywordAdd) } else { compileExpression(c, a, argument.value); a.emit(op.keywordMerge) }
      }
      a.at(s)
      a.emit(define.makeClass, c.classCode(a, s))
      for (const decorator of [...s.decorators].reverse()) { a.at(decorator); a.emit(op.call, 1) }
      storeName(a, s.name.id)
      return
    }
    case 'error': a.emit(load.unreadable, a.extra(s.reason)); a.emit(load.pop); return
  }
}

// ---------------------------------------------------------------------------------------------- leaving

/** Undoes every context around a `return`; the value stays on top of the stack. */
function leaveAll(c: StatementCompiler, a: Assembler): void {
  const all = [...a.contexts]
  if (!all.some((context) => context.kind === 'finally' || context.kind === 'with')) return
  const value = a.temporary()
  a.emit(load.storeLocal, value)
  leave(c, a, all, 0)
  a.emit(load.local, value)
}

function compileLeaveLoop(c: StatementCompiler, a: Assembler, kind: 'break' | 'continue'): void {
  const index = a.contexts.findLastIndex((context) => context.kind === 'loop')
  const loop = a.contexts[index]
  if (loop?.kind !== 'loop') { a.emit(load.unreadable, a.extra(`'${kind}' outside loop`)); a.emit(load.pop); return }
  leave(c, a, [...a.contexts], index + 1)
  if (kind === 'break' && loop.isFor) a.emit(load.pop)
  a.jump(kind === 'break' ? flow.jump : flow.jumpBack, kind === 'break' ? loop.end : loop.start)
}

/** Emits what leaving the contexts from the innermost down to `from` needs. */
function leave(c: StatementCompiler, a: Assembler, all: readonly Context[], from: number): void {
  for (let i = all.length - 1; i >= from; i--) {
    const context = all[i]!
    // What runs on the way out stands outside the contexts already left.
    const saved = a.contexts.splice(i)
    switch (context.kind) {
      case 'try': a.emit(flow.popBlock); break
      case 'handler': a.emit(flow.popHandled); break
      case 'finally': a.emit(flow.popBlock); compileBlock(c, a, context.body); break
      case 'with': a.emit(flow.popBlock); a.emit(flow.withExit, context.exit); break
      case 'loop': break
    }
    a.contexts.push(...saved)
  }
}

function inContext(a: Assembler, context: Context, work: () => void): void {
  a.contexts.push(context)
  work()
  a.contexts.pop()
}

function compileTry(c: StatementCompiler, a: Assembler, s: TryStatement): void {
  if (s.final.length === 0) { compileExcept(c, a, s); return }
  const onError = new Label()
  const end = new Label()
  a.guard(flow.setupFinally, onError, end, { kind: 'finally', mayLeave: mayLeave(s.final) })
  inContext(a, { kind: 'finally', body: s.final }, () => { compileExcept(c, a, s) })
  a.emit(flow.popBlock)
  compileBlock(c, a, s.final)
  a.jump(flow.jump, end)
  a.place(onError)
  a.emit(flow.pushHandled)
  inContext(a, { kind: 'handler' }, () => { compileBlock(c, a, s.final) })
  a.emit(flow.reraise)
  a.place(end)
}

/** Whether statements may end a `finally` by something else than its end. */
function mayLeave(body: readonly Statement[]): boolean {
  const pending = [...body]
  for (let s = pending.pop(); s !== undefined; s = pending.pop()) {
    switch (s.kind) {
      case 'return':
      case 'break':
      case 'continue':
      case 'raise': return true
      case 'if': pending.push(...s.branches.flatMap((branch) => branch.body), ...s.otherwise); break
      case 'while':
      case 'for': pending.push(...s.body, ...s.otherwise); break
      case 'with': pending.push(...s.body); break
      case 'try': pending.push(...s.body, ...s.handlers.flatMap((handler) => handler.body), ...s.otherwise, ...s.final); break
      case 'match': pending.push(...s.cases.flatMap((one) => one.body)); break
    }
  }
  return false
}

function compileExcept(c: StatementCompiler, a: Assembler, s: TryStatement): void {
  if (s.handlers.length === 0) { compileBlock(c, a, s.body); compileBlock(c, a, s.otherwise); return }
  const onError = new Label()
  const end = new Label()
  a.guard(flow.setupTry, onError, end, { kind: 'except', types: s.handlers.map((handler) => handler.type) })
  inContext(a, { kind: 'try' }, () => { compileBlock(c, a, s.body) })
  a.emit(flow.popBlock)
  compileBlock(c, a, s.otherwise)
  a.jump(flow.jump, end)
  a.place(onError)
  a.emit(flow.pushHandled)
  for (const handler of s.handlers) {
    const next = new Label()
    a.at(handler)
    if (handler.type !== undefined) {
      compileExpression(c, a, handler.type)
      a.at(handler.type)
      a.emit(flow.matchException)
      a.jump(flow.jumpIfFalse, next, end)
    }
    if (handler.name !== undefined) {
      if (handler.isGroup === true) a.emit(load.constant, a.constant(new Unknown('exception groups are not evaluated')))
      else a.emit(flow.loadHandled)
      storeName(a, handler.name.id)
    }
    inContext(a, { kind: 'handler' }, () => { compileBlock(c, a, handler.body) })
    if (handler.name !== undefined) {
      a.emit(load.constant, a.constant(null))
      storeName(a, handler.name.id)
      deleteName(a, handler.name.id)
    }
    a.emit(flow.popHandled)
    a.jump(flow.jump, end)
    a.place(next)
  }
  a.emit(flow.reraise)
  a.place(end)
}

function compileWith(c: StatementCompiler, a: Assembler, s: WithStatement, index: number): void {
  const item = s.items[index]
  if (item === undefined) { compileBlock(c, a, s.body); return }
  const exit = a.temporary()
  const onError = new Label()
  const end = new Label()
  const swallow = new Label()
  compileExpression(c, a, item.context)
  a.at(item.context)
  const entered = a.temporary()
  a.emit(flow.withEnter, exit)
  // Off the stack before the block is set up: the block remembers how deep the stack is.
  a.emit(load.storeLocal, entered)
  a.guard(flow.setupFinally, onError, end, { kind: 'with', exit })
  if (item.target !== undefined) { a.emit(load.local, entered); compileStore(c, a, item.target) }
  inContext(a, { kind: 'with', exit }, () => { compileWith(c, a, s, index + 1) })
  a.at(item.context)
  a.emit(flow.popBlock)
  a.emit(flow.withExit, exit)
  a.jump(flow.jump, end)
  a.place(onError)
  a.emit(flow.pushHandled)
  a.emit(flow.withExcept, exit)
  a.jump(flow.jumpIfTrue, swallow, swallow)
  a.emit(flow.reraise)
  a.place(swallow)
  a.emit(flow.popHandled)
  a.place(end)
}

