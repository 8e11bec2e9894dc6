/** Instructions that decide where to go on: jumps, loops, exceptions, with, generators. */

import { isTrue } from '../operate/compare.ts'
import { exceptionMatches, makeException } from '../operate/exceptions.ts'
import { iteratorOf, nextOf } from '../operate/iterate.ts'
import { Choice, PyInstance, PyIterator, PyObject, PyRaise, Unknown, type Value } from '../value.ts'
import { choosing, choosingAndFailing } from './choices.ts'
import { type Block, type Frame, GeneratorBroken, type Handler, type Interpreter, PyGenerator } from './frame.ts'

export const jump: Handler = (_m, f, arg) => { f.pc = arg }
export const jumpBack: Handler = (m, f, arg) => {
  m.spend(1)
  f.pc = arg
}

export const jumpIfFalse: Handler = (m, f, arg) => {
  const value = f.stack.pop()!
  const truth = typeof value === 'boolean' ? value : isTrue(m, value)
  if (truth === false) f.pc = arg
  else if (truth !== true) m.fork(f, truth, arg, f.instructions.joins.get(f.pc - 1) ?? arg)
}

export const jumpIfTrue: Handler = (m, f, arg) => {
  const truth = isTrue(m, f.stack.pop()!)
  if (truth === true) f.pc = arg
  else if (truth !== false) m.fork(f, truth, arg, f.instructions.joins.get(f.pc - 1) ?? arg)
}

export const jumpIfFalseOrPop: Handler = (m, f, arg) => { shortCircuit(m, f, arg, false) }
export const jumpIfTrueOrPop: Handler = (m, f, arg) => { shortCircuit(m, f, arg, true) }

function shortCircuit(m: Interpreter, f: Frame, target: number, on: boolean): void {
  const value = f.stack[f.stack.length - 1]!
  const truth = isTrue(m, value)
  if (truth === on) { f.pc = target; return }
  if (truth === !on) { f.stack.pop(); return }
  f.stack.pop()
  // `unknown and x`: the result is one of the two and what x does may or may not happen.
  m.fork(f, truth as Unknown, target, target, { kept: truth as Unknown })
}

/** In `a < b < c`, [b (a<b)]: stop at the first that fails. */
export const chainJump: Handler = (m, f, arg) => {
  const { stack } = f
  const result = stack.pop()!
  const truth = isTrue(m, result)
  if (truth === true) return
  // An undecidable link: the chain ends with it, or the later operands are evaluated too.
  if (truth !== false) { m.fork(f, truth, arg, arg, { drop: 1, kept: truth }); return }
  stack.pop()
  stack.push(result)
  f.pc = arg
}

export const whileTest: Handler = (m, f, arg) => {
  const truth = isTrue(m, f.stack.pop()!)
  if (truth === false) f.pc = arg
  else if (truth !== true) m.unknownLoop(f, truth, arg, 'while')
}

export const getIterator: Handler = choosingAndFailing(1, (m, f) => {
  const value = f.stack.pop()!
  f.stack.push(iteratorOf(m, value))
})

export const forIterator: Handler = (m, f, arg) => {
  m.spend(1)
  const iterator = f.stack[f.stack.length - 1]!
  if (iterator instanceof PyIterator) {
    const next = iterator.advance(m)
    if (next instanceof Unknown && iterator.doubt !== undefined) { f.stack.pop(); m.unknownLoop(f, next, arg, 'for') } else if (next !== undefined) f.stack.push(next)
    else { f.stack.pop(); f.pc = arg }
    return
  }
  if (iterator instanceof PyGenerator && iterator.broken === undefined && (iterator.state === 'new' || iterator.state === 'suspended')) {
    const { frame } = iterator
    if (iterator.state === 'suspended') frame.stack.push(null)
    m.touch(iterator)
    iterator.state = 'running'
    frame.completion = 'loop'
    f.loopAt = f.pc - 1
    f.loopExit = arg
    m.enter(frame)
    return
  }
  if (iterator instanceof Choice) { m.choose(f, f.stack.length - 1, iterator, arg); return }
  if (iterator instanceof Unknown) { f.stack.pop(); m.unknownLoop(f, iterator, arg, 'for'); return }
  const next = nextOf(m, iterator)
  if (next instanceof Unknown && iterator instanceof PyGenerator) { f.stack.pop(); m.unknownLoop(f, next, arg, 'for') } else if (next !== undefined) f.stack.push(next)
  else { f.stack.pop(); f.pc = arg }
}

export const returnValue: Handler = (m, f) => { m.leave(f.stack.pop()!) }

/** Gives the value on top to whoever drives the generator; what is sent takes its place. */
export const yieldValue: Handler = (m, f) => {
  const value = f.stack.pop()!
  const { generator } = f
  if (generator === undefined) { f.stack.push(new Unknown('yield outside a function', m.here())); return }
  if (f.draining !== undefined) { m.spend(1); m.escape([value], f.draining); f.stack.push(f.draining); return }
  if (f.forks > 0) throw new GeneratorBroken(f)
  m.suspend(f, value)
}

/** [iterator sent]: yields each value of the iterator, leaves its result. */
export const yieldFrom: Handler = (m, f) => {
  const sent = f.stack.pop()!
  f.isDelegating = false
  const iterator = f.stack[f.stack.length - 1]!
  let next: Value | undefined
  let result: Value = null
  if (iterator instanceof PyGenerator) {
    next = m.resume(iterator, sent)
    result = iterator.result
  } else if (iterator instanceof Unknown) {
    f.stack.pop()
    f.stack.push(iterator)
    if (f.generator === undefined || f.draining !== undefined) return
    if (f.forks > 0) throw new GeneratorBroken(f)
    m.drain(f, iterator)
    return
  } else {
    next = sent === null ? nextOf(m, iterator) : m.callMethod(iterator, 'send', [sent])
  }
  if (next === undefined) {
    f.stack.pop()
    f.stack.push(result)
    return
  }
  f.pc--
  f.stack.push(next)
  if (f.draining === undefined) f.isDelegating = true
  yieldValue(m, f, 0)
}

export const awaitValue: Handler = (m, f) => {
  f.stack.pop()
  f.stack.push(new Unknown('async code is not evaluated', m.here()))
}

// ---------------------------------------------------------------------------------------------- exceptions

function pushBlock(f: Frame, handler: number, catches: boolean): void {
  const block: Block = { at: f.pc - 1, handler, depth: f.stack.length, handledDepth: f.handled.length, catches, seen: 0 }
  f.blocks.push(block)
}

export const setupTry: Handler = (_m, f, arg) => { pushBlock(f, arg, true) }
export const setupFinally: Handler = (_m, f, arg) => { pushBlock(f, arg, false) }
export const popBlock: Handler = (_m, f) => { f.blocks.pop() }

/** The exception arrives on the stack and becomes the one being handled. */
export const pushHandled: Handler = (_m, f) => { f.handled.push(f.stack.pop() as PyObject) }
export const popHandled: Handler = (_m, f) => { f.handled.pop() }
export const loadHandled: Handler = (_m, f) => { f.stack.push(f.handled[f.handled.length - 1]!) }

export const matchException: Handler = (m, f) => {
  const type = f.stack.pop()!
  f.stack.push(exceptionMatches(m, f.handled[f.handled.length - 1]!, type))
}

export const reraise: Handler = (_m, f) => { throw new PyRaise(f.handled.pop()!) }

export const reraiseCurrent: Handler = (m, f) => {
  for (let at: Frame | undefined = f; at !== undefined; at = at.back) {
    const exception = at.handled[at.handled.length - 1]
    if (exception !== undefined) throw new PyRaise(exception)
  }
  m.raise('RuntimeError', 'No active exception to reraise')
}

export const raiseValue: Handler = (m, f, arg) => {
  const cause = arg === 1 ? f.stack.pop()! : undefined
  const exception = makeException(m, f.stack.pop()!)
  if (cause !== undefined && exception instanceof PyInstance) exception.attrs!.set('__cause__', cause instanceof PyObject && !(cause instanceof Unknown) ? makeException(m, cause) : null)
  throw new PyRaise(exception)
}

export const assertionFailed: Handler = (m, f, arg) => {
  const message = f.stack.pop()!
  throw new PyRaise(m.newInstance(m.exceptionClasses.get('AssertionError')!, arg === 1 ? [message] : []) as PyObject)
}

// ---------------------------------------------------------------------------------------------- with

/** Keeps the bound `__exit__` in local `arg`, leaves what `__enter__` gave. */
export const withEnter: Handler = choosing(1, (m, f, arg) => {
  const context = f.stack.pop()!
  if (context instanceof Unknown) {
    f.locals[arg] = context
    f.stack.push(context)
    return
  }
  const exit = m.findAttribute(context, '__exit__')
  const enter = m.findAttribute(context, '__enter__')
  if (enter === undefined || exit === undefined) return m.raise('TypeError', `'${m.typeOf(context).name}' object does not support the context manager protocol`)
  f.locals[arg] = exit
  f.stack.push(m.call(enter))
})

export const withExit: Handler = (m, f, arg) => {
  const exit = f.locals[arg]!
  if (!(exit instanceof Unknown)) m.call(exit, [null, null, null])
}

/** Leaves whether `__exit__` swallowed the exception. */
export const withExcept: Handler = (m, f, arg) => {
  const exit = f.locals[arg]!
  const exception = f.handled[f.handled.length - 1]!
  // Whether a context that is not known lets the exception pass is not known either.
  f.stack.push(exit instanceof Unknown ? exit : isTrue(m, m.call(exit, [exception.cls, exception, null])))
}
