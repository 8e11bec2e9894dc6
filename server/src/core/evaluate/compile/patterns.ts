/** `case` patterns to instructions. Subjects live in hidden locals, so a failing pattern leaves nothing on the stack. */

import type { Pattern } from '../../syntax/ast.ts'
import * as op from '../run/ops-compute.ts'
import * as flow from '../run/ops-control.ts'
import * as match from '../run/ops-match.ts'
import * as load from '../run/ops-load.ts'
import { type Assembler, Label } from './assembler.ts'
import { compileExpression, type Compiler, storeName } from './expressions.ts'

interface Capture { readonly name: string, readonly local: number }

/** Falls through with its names bound when local `subject` matches, else jumps to `fail`; `join` is the end of the match statement. */
export function compileCase(c: Compiler, a: Assembler, p: Pattern, subject: number, fail: Label, join: Label): void {
  const captures: Capture[] = []
  compilePattern(c, a, p, subject, fail, join, captures)
  // Names are bound only once the whole pattern has matched.
  for (const capture of captures) { a.emit(load.local, capture.local); storeName(a, capture.name) }
}

function compilePattern(c: Compiler, a: Assembler, p: Pattern, subject: number, fail: Label, join: Label, captures: Capture[]): void {
  const test = (): void => { a.jump(flow.jumpIfFalse, fail, join) }
  const subject_ = (): void => { a.emit(load.local, subject) }
  switch (p.kind) {
    case 'wildcard': return
    case 'capture': captures.push({ name: p.name, local: subject }); return
    case 'star': return
    case 'value':
      subject_()
      compileExpression(c, a, p.value)
      a.emit(op.compare, p.value.kind === 'constant' ? op.COMPARE_OPS.indexOf('is') : op.COMPARE_OPS.indexOf('=='))
      test()
      return
    case 'as':
      compilePattern(c, a, p.pattern, subject, fail, join, captures)
      captures.push({ name: p.name, local: subject })
      return
    case 'or': {
      const success = new Label()
      p.options.forEach((option, i) => {
        const next = i === p.options.length - 1 ? fail : new Label()
        const own: Capture[] = []
        compilePattern(c, a, option, subject, next, join, own)
        for (const capture of own) {
          let shared = captures.find((one) => one.name === capture.name)
          if (shared === undefined) { shared = { name: capture.name, local: a.temporary() }; captures.push(shared) }
          a.emit(load.local, capture.local)
          a.emit(load.storeLocal, shared.local)
        }
        if (next === fail) return
        a.jump(flow.jump, success)
        a.place(next)
      })
      a.place(success)
      return
    }
    case 'sequence': {
      const star = p.items.findIndex((item) => item.kind === 'star')
      const shape = { before: star < 0 ? p.items.length : star, after: star < 0 ? 0 : p.items.length - star - 1, isOpen: star >= 0 }
      subject_()
      a.emit(match.matchSequence, a.extra(shape))
      test()
      subject_()
      if (star < 0) a.emit(op.unpack, p.items.length)
      else a.emit(op.unpackStar, a.extra(shape))
      const parts = p.items.map(() => a.temporary())
      for (const part of parts) a.emit(load.storeLocal, part)
      p.items.forEach((item, i) => {
        if (item.kind === 'star') {
          if (item.name !== undefined) captures.push({ name: item.name, local: parts[i]! })
        } else compilePattern(c, a, item, parts[i]!, fail, join, captures)
      })
      return
    }
    case 'mapping': {
      subject_()
      for (const entry of p.entries) compileExpression(c, a, entry.key)
      a.emit(op.buildTuple, p.entries.length)
      a.emit(match.matchMapping, p.rest === undefined ? 0 : 1)
      const found = a.temporary()
      a.emit(load.storeLocal, found)
      a.emit(load.local, found)
      a.emit(match.isFound)
      test()
      unpackInto(c, a, found, p.entries.map((entry) => entry.value), p.rest, fail, join, captures)
      return
    }
    case 'class': {
      subject_()
      compileExpression(c, a, p.type)
      a.emit(match.matchClass, a.extra({ positional: p.positional.length, keywords: p.keywords.map((one) => a.mangled(one.name)) }))
      const found = a.temporary()
      a.emit(load.storeLocal, found)
      a.emit(load.local, found)
      a.emit(match.isFound)
      test()
      unpackInto(c, a, found, [...p.positional, ...p.keywords.map((one) => one.value)], undefined, fail, join, captures)
      return
    }
    case 'error': a.emit(load.unreadable, a.extra(p.reason)); test()
  }
}

function unpackInto(c: Compiler, a: Assembler, found: number, patterns: readonly Pattern[], rest: string | undefined, fail: Label, join: Label, captures: Capture[]): void {
  a.emit(load.local, found)
  a.emit(op.unpack, patterns.length + (rest === undefined ? 0 : 1))
  const parts = patterns.map(() => a.temporary())
  for (const part of parts) a.emit(load.storeLocal, part)
  if (rest !== undefined) {
    const local = a.temporary()
    a.emit(load.storeLocal, local)
    captures.push({ name: rest, local })
  }
  patterns.forEach((pattern, i) => { compilePattern(c, a, pattern, parts[i]!, fail, join, captures) })
}
