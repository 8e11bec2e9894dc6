/** Gives assumed values to what the program leaves open, and says so; never to a value that the program has. */

import { type Machine, Overwritten, PartlyKnown, type PyModule, PyObject, PyRaise, Unknown, type Value } from '../value.ts'
import { type Code, Frame, type Handler, type Interpreter } from './frame.ts'

/** What is assumed of the value at one place of the code: compiled, so that it is evaluated where it is needed. */
export interface AssumedHere {
  /** The name, for messages and as the identity of what is assumed. */
  readonly name: string
  readonly whole: { readonly code: Code, readonly because: string } | undefined
  /** By step: `.hidden`, `["hidden"]`. */
  readonly parts: ReadonlyMap<string, AssumedHere>
}

/** [value]: the assumed one in its place where it is not known. */
export const assume: Handler = (m, f, arg) => {
  const { stack } = f
  const value = stack[stack.length - 1]!
  if (value instanceof Overwritten) return
  if (value instanceof Unknown) stack[stack.length - 1] = assumed(m, f.module, value, f.instructions.extras[arg] as AssumedHere)
  else if (value instanceof PyObject) replaceDefaults(m, f.module, value, f.instructions.extras[arg] as AssumedHere)
}

/** The method by which objects of ours that hold assumed defaults take better ones: see argparse.ts. */
const TAKES = '_footprint_assume'
const wraps = new WeakMap<Unknown, Map<string, PartlyKnown>>()

function assumed(m: Interpreter, module: PyModule, value: Unknown, here: AssumedHere): Value {
  if (here.whole !== undefined) {
    const given = evaluate(m, module, here.whole.code)
    if (!(given instanceof Unknown)) {
      say(m, here, given)
      return given
    }
  }
  if (here.parts.size === 0) return value
  let known = wraps.get(value)
  if (known === undefined) wraps.set(value, known = new Map())
  let wrap = known.get(here.name)
  if (wrap === undefined) {
    known.set(here.name, wrap = new PartlyKnown(value))
    // Met again, under its own name, it is itself.
    wraps.set(wrap, new Map([[here.name, wrap]]))
  }
  for (const [step, part] of here.parts) wrap.offer(step, (machine) => assumed(machine as Interpreter, module, value, part))
  return wrap
}

/** Defaults of a command line that is not known are assumptions themselves: what a person says stands before them. */
function replaceDefaults(m: Interpreter, module: PyModule, value: PyObject, here: AssumedHere): void {
  if (here.parts.size === 0 || m.lookup(value.cls, TAKES) === undefined) return
  for (const [step, part] of here.parts) {
    if (part.whole === undefined || !step.startsWith('.')) continue
    const given = evaluate(m, module, part.whole.code)
    if (!(given instanceof Unknown) && m.callMethod(value, TAKES, [step.slice(1), given]) === true) say(m, part, given)
  }
}

/** The assumed value of a name, for natives that hand out defaults; undefined where nothing is assumed. */
export function assumedValue(m: Interpreter, module: PyModule, here: AssumedHere): Value | undefined {
  if (here.whole === undefined) return undefined
  const given = evaluate(m, module, here.whole.code)
  if (given instanceof Unknown) return undefined
  say(m, here, given)
  return given
}

function evaluate(m: Interpreter, module: PyModule, code: Code): Value {
  try {
    return m.runFrame(new Frame(code, module, new Array<Value | undefined>(code.instructions.localCount), []))
  } catch (error) {
    if (!(error instanceof PyRaise)) throw error
    return new Unknown('the assumed value cannot be evaluated here')
  }
}

const MAX_SHOWN = 60

function say(m: Machine, { name, whole }: AssumedHere, value: Value): void {
  const shown = m.repr(value)
  m.assume(`${name} = ${typeof shown === 'string' && shown.length <= MAX_SHOWN ? shown : '...'} (${whole?.because ?? ''})`)
}
