/** Instructions that move values: names, attributes, the stack. */

import { deleteAttribute, getAttribute, loadMethod, setAttribute } from '../operate/attributes.ts'
import { MISSING, Unknown, type Value } from '../value.ts'
import { choosing, choosingAndFailing } from './choices.ts'
import type { Handler } from './frame.ts'

export const constant: Handler = (_m, f, arg) => { f.stack.push(f.instructions.constants[arg]!) }
export const pop: Handler = (_m, f) => { f.stack.pop() }
export const pushNull: Handler = (_m, f) => { f.stack.push(MISSING.value!) }
export const duplicate: Handler = (_m, f) => { f.stack.push(f.stack[f.stack.length - 1]!) }

export const duplicateTwo: Handler = (_m, f) => {
  const { stack } = f
  stack.push(stack[stack.length - 2]!, stack[stack.length - 1]!)
}

/** [a b] -> [b a b]. */
export const duplicateUnder: Handler = (_m, f) => {
  const { stack } = f
  const b = stack.pop()!
  const a = stack.pop()!
  stack.push(b, a, b)
}

export const swap: Handler = (_m, f) => {
  const { stack } = f
  const b = stack.pop()!
  const a = stack.pop()!
  stack.push(b, a)
}

/** [a b c] -> [c a b]. */
export const rotateThree: Handler = (_m, f) => {
  const { stack } = f
  const c = stack.pop()!
  const b = stack.pop()!
  const a = stack.pop()!
  stack.push(c, a, b)
}

export const local: Handler = (m, f, arg) => {
  const value = f.locals[arg]
  if (value === undefined) unbound(m, f.instructions.localNames[arg]!)
  f.stack.push(value)
}

export const storeLocal: Handler = (_m, f, arg) => { f.locals[arg] = f.stack.pop()! }

export const deleteLocal: Handler = (m, f, arg) => {
  if (f.locals[arg] === undefined) unbound(m, f.instructions.localNames[arg]!)
  f.locals[arg] = undefined
}

function unbound(m: Parameters<Handler>[0], name: string): never {
  m.raise('UnboundLocalError', `cannot access local variable '${name}' where it is not associated with a value`)
}

export const cell: Handler = (m, f, arg) => {
  const { value } = f.cells[arg]!
  if (value === undefined) {
    const name = f.instructions.cellNames[arg]!
    if (f.code.freeNames.includes(name)) m.raise('NameError', `cannot access free variable '${name}' where it is not associated with a value in enclosing scope`)
    unbound(m, name)
  }
  f.stack.push(value)
}

export const storeCell: Handler = (m, f, arg) => {
  const target = f.cells[arg]!
  m.touch(target)
  target.value = f.stack.pop()!
}

export const deleteCell: Handler = (m, f, arg) => {
  const target = f.cells[arg]!
  m.touch(target)
  target.value = undefined
}

export const global: Handler = (m, f, arg) => {
  const name = f.instructions.names[arg]!
  const value = f.globals.get(name) ?? lookUp(m, f, name)
  f.stack.push(value)
}

/** Past `??`, because a global may hold None, which is null. */
function lookUp(m: Parameters<Handler>[0], f: Parameters<Handler>[1], name: string): Value {
  const own = f.globals.get(name)
  if (own !== undefined) return own
  const builtin = m.builtins.get(name)
  if (builtin !== undefined) return builtin
  if (f.module.fallback !== undefined) {
    const found = f.module.fallback(m, name)
    if (found !== undefined) return found
  }
  if (f.module.doubt !== undefined) return f.module.doubt
  m.raise('NameError', `name '${name}' is not defined`)
}

export const storeGlobal: Handler = (m, f, arg) => {
  m.touch(f.module)
  f.globals.set(f.instructions.names[arg]!, f.stack.pop()!)
}

export const deleteGlobal: Handler = (m, f, arg) => {
  const name = f.instructions.names[arg]!
  m.touch(f.module)
  if (!f.globals.delete(name)) m.raise('NameError', `name '${name}' is not defined`)
}

export const classOrGlobal: Handler = (m, f, arg) => {
  const name = f.instructions.names[arg]!
  const own = f.names?.get(name)
  f.stack.push(own !== undefined ? own : lookUp(m, f, name))
}

/** The name is on the stack: a class body reads its own namespace before the enclosing function's cell. */
export const classCell: Handler = (m, f, arg) => {
  const name = f.stack.pop() as string
  const own = f.names?.get(name)
  if (own !== undefined) f.stack.push(own)
  else cell(m, f, arg)
}

export const storeClass: Handler = (_m, f, arg) => { f.names!.set(f.instructions.names[arg]!, f.stack.pop()!) }

export const deleteClass: Handler = (m, f, arg) => {
  const name = f.instructions.names[arg]!
  if (!f.names!.delete(name)) m.raise('NameError', `name '${name}' is not defined`)
}

export const attribute: Handler = choosingAndFailing(1, (m, f, arg) => {
  const object = f.stack.pop()!
  f.stack.push(getAttribute(m, object, f.instructions.names[arg]!))
})

/** Leaves the function and its `self`, or the callable and the null marker. */
export const method: Handler = choosing(1, (m, f, arg) => { loadMethod(m, f.stack, f.stack.pop()!, f.instructions.names[arg]!) })

export const storeAttribute: Handler = choosing(1, (m, f, arg) => {
  const object = f.stack.pop()!
  const value = f.stack.pop()!
  setAttribute(m, object, f.instructions.names[arg]!, value)
})

const deleteAttribute_: Handler = choosing(1, (m, f, arg) => { deleteAttribute(m, f.stack.pop()!, f.instructions.names[arg]!) })
export { deleteAttribute_ as deleteAttribute }

/** Stands for source that could not be read. */
export const unreadable: Handler = (m, f, arg) => { f.stack.push(new Unknown(f.instructions.extras[arg] as string, m.here())) }
