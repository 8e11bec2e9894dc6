/** Who may take an exception that is on its way out, told from the code of the blocks it would pass, without running any. */

import type { Expression } from '../../syntax/ast.ts'
import type { PyObject} from '../value.ts';
import { NativeFunction, PyClass, PyFunction, PyMethod, PyModule, type PyRaise, PyTuple, Unknown, type Value } from '../value.ts'
import type { Block, Code, Frame, Interpreter } from './frame.ts'
import { constant } from './ops-load.ts'
import { returnValue } from './ops-control.ts'

/** Whether a block of a frame may keep one of the exceptions from going on. False only where that is certain. */
export function mayTake(m: Interpreter, f: Frame, block: Block, errors: readonly PyRaise[]): boolean {
  const taker = f.instructions.takers.get(block.at)
  switch (taker?.kind) {
    case 'finally': return taker.mayLeave
    case 'with': return maySwallow(f.locals[taker.exit])
    case 'except': return errors.some(({ exception }) => taker.types.some((type) => type === undefined || isMatch(m, exception, valueOf(m, f, type))))
    case undefined: return true
  }
}

/** What only an import or somebody from outside raises: nothing that is done with an unknown value. */
const RAISED_BY_NAME = ['ImportError', 'KeyboardInterrupt', 'SystemExit', 'GeneratorExit', 'AssertionError', 'Warning', 'NotImplementedError']

function isMatch(m: Interpreter, exception: PyObject, type: Value | undefined): boolean {
  if (type instanceof PyTuple) return type.items.some((one) => isMatch(m, exception, one))
  if (!(type instanceof PyClass)) return true
  if (exception instanceof Unknown) return !RAISED_BY_NAME.some((name) => m.isSubclass(type, m.exceptionClasses.get(name)!))
  return m.isSubclass(exception.cls, type)
}

/** What a type in an `except` clause names, as far as looking tells. */
function valueOf(m: Interpreter, f: Frame, e: Expression): Value | undefined {
  switch (e.kind) {
    case 'name': {
      const isOwn = f.instructions.localNames.includes(e.id) || f.instructions.cellNames.includes(e.id) || f.names?.has(e.id) === true
      return isOwn ? undefined : f.globals.get(e.id) ?? m.builtins.get(e.id)
    }
    case 'attribute': {
      const object = valueOf(m, f, e.object)
      return object instanceof PyModule || object instanceof PyClass ? object.attrs.get(e.name.id) : undefined
    }
    case 'tuple': {
      const items = e.items.map((item) => valueOf(m, f, item))
      return items.every((item) => item !== undefined) ? new PyTuple(items) : undefined
    }
    default: return undefined
  }
}

/** An `__exit__` that always answers nothing lets every exception pass; those written in TypeScript do. */
function maySwallow(exit: Value | undefined): boolean {
  if (exit instanceof Unknown) return !exit.isHarmless
  const callee = exit instanceof PyMethod ? exit.callee : exit
  if (callee instanceof NativeFunction) return false
  if (!(callee instanceof PyFunction)) return true
  const { ops, args, constants } = (callee.code as Code).instructions
  return ops.some((op, at) => {
    if (op !== returnValue) return false
    const value = ops[at - 1] === constant ? constants[args[at - 1]!] : undefined
    return (value !== null && value !== false) || args.includes(at)
  })
}
