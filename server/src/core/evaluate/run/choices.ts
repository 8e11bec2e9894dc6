/** Instructions that act on a value need to know which one it is: of a choice they are run once for each, see `choose` in fork.ts. */

import { Choice, NativeFunction, PyClass, PyDict, PyFunction, PyList, PyMethod, Unknown, type Value } from '../value.ts'
import type { Frame, Handler, Interpreter } from './frame.ts'

/** A handler that may meet a choice among the topmost `count` values of the stack, the lowest `spared` of which it only passes on. */
export function choosing(count: number | ((f: Frame, arg: number) => number), handler: Handler, spared = 0): Handler {
  return (m, f, arg) => {
    if (Choice.isInUse) {
      const { stack } = f
      for (let slot = stack.length - (typeof count === 'number' ? count : count(f, arg)) + spared; slot < stack.length; slot++) {
        const value = stack[slot]
        if (value instanceof Choice) { m.choose(f, slot, value); return }
      }
    }
    handler(m, f, arg)
  }
}

/** As `choosing`, for what may fail with something unknown: giving an Unknown, it may have raised an exception instead. */
export function choosingAndFailing(count: number | ((f: Frame, arg: number) => number), handler: Handler): Handler {
  const inner = choosing(count, handler)
  return (m, f, arg) => {
    inner(m, f, arg)
    if (m.frame !== f) return
    const result = f.stack[f.stack.length - 1]
    if (result instanceof Unknown) m.mayRaise(f, result)
  }
}

/** As `choosingAndFailing`, for what changes or takes away a part of the object that is `depth` below the top: one in doubt may not have it. */
export function changing(count: number, depth: number, handler: Handler, spared = 0): Handler {
  const inner = choosing(count, handler, spared)
  return (m, f, arg) => {
    const object = f.stack[f.stack.length - 1 - depth]
    const index = f.stack[f.stack.length - 1]
    inner(m, f, arg)
    if (m.frame !== f) return
    const doubt = object instanceof Unknown ? object : index instanceof Unknown ? index : object instanceof PyList || object instanceof PyDict ? object.doubt : undefined
    if (doubt !== undefined && !(doubt instanceof Choice)) m.mayRaise(f, doubt)
  }
}

/** What asks for something that nobody knows, and gets it. */
const NEVER_RAISING = new Set(['random', 'randint', 'uniform', 'rand', 'randn', 'input', 'item', 'time', 'perf_counter', 'monotonic', 'getenv', 'get', 'is_available', 'device_count', 'print', 'isinstance', 'hasattr', 'len', 'exists', 'isfile', 'isdir'])

/** As `choosingAndFailing`, for calls: functions written in Python take a choice as it is, and what they may raise is seen inside. */
export function choosingCall(count: (f: Frame, arg: number) => number, handler: Handler): Handler {
  return (m, f, arg) => {
    const { stack } = f
    const first = stack.length - count(f, arg)
    const callee = stack[first]!
    if (Choice.isInUse) {
      const end = takesChoices(m, callee) ? first + 1 : stack.length
      for (let slot = first; slot < end; slot++) {
        const value = stack[slot]
        if (value instanceof Choice) { m.choose(f, slot, value); return }
      }
    }
    const self = stack[first + 1]
    handler(m, f, arg)
    if (m.frame !== f || callee instanceof PyFunction) return
    const result = f.stack[f.stack.length - 1]
    if (result instanceof Unknown) {
      if (!(callee instanceof NativeFunction && NEVER_RAISING.has(callee.name))) m.mayRaise(f, result)
    } else if (callee instanceof NativeFunction && (self instanceof PyList || self instanceof PyDict) && self.doubt !== undefined) m.mayRaise(f, self.doubt)
  }
}

function takesChoices(m: Interpreter, callee: Value): boolean {
  if (callee instanceof PyMethod) return takesChoices(m, callee.callee)
  if (callee instanceof PyFunction) return true
  if (!(callee instanceof PyClass)) return false
  const init = m.lookup(callee, '__init__')
  return init !== undefined && !(init instanceof NativeFunction)
}
