/** Instructions that make functions and classes, and those that import. */

import { PyCell, PyDict, PyFunction, type PyList, PyRaise, type PyTuple, type Value } from '../value.ts'
import { type Code, Frame, type Handler } from './frame.ts'

/** No defaults: for comprehensions. */
export const emptyDefaults: Handler = (_m, f) => { f.stack.push(null, null) }

/** [defaults keyword-defaults]. */
export const makeFunction: Handler = (m, f, arg) => {
  const keywordDefaults = f.stack.pop() as PyDict | null
  const defaults = f.stack.pop() as PyTuple | null
  const code = f.instructions.codes[arg]!
  m.allocate(1)
  f.stack.push(new PyFunction(
    code, f.module, closureOf(f, code), defaults?.items ?? [],
    keywordDefaults === null || keywordDefaults.values.size === 0 ? undefined : keywordDefaults.values as ReadonlyMap<string, Value>, code.qualname,
  ))
}

function closureOf(f: Parameters<Handler>[1], code: Code): readonly PyCell[] {
  if (code.freeNames.length === 0) return NO_CELLS
  return code.freeNames.map((name) => f.cells[f.instructions.cellNames.indexOf(name)] ?? new PyCell())
}

const NO_CELLS: readonly PyCell[] = []

/** [bases keywords]: runs the class body in a frame of its own. */
export const makeClass: Handler = (m, f, arg) => {
  const keywords = f.stack.pop() as PyDict
  const bases = f.stack.pop() as PyList
  const code = f.instructions.codes[arg]!
  m.buildClass(code.name, bases, keywords.values as ReadonlyMap<string, Value>, f, code)
}

/** Ends a class body, giving the cell of `__class__` (or None) to whoever builds the class. */
export const endClass: Handler = (m, f, arg) => { m.leave(arg >= 0 ? f.cells[arg]! : null) }

/** With `from __future__ import annotations` nothing has to exist yet: what does not is left as text. Pushes whether it was dealt with. */
export const postponedAnnotation: Handler = (m, f, arg) => {
  if (!f.globals.has('annotations')) { f.stack.push(false); return }
  const { name, code, text } = f.instructions.extras[arg] as { name: string, code: Code, text: string }
  let value: Value
  try {
    value = m.runFrame(new Frame(code, f.module, new Array<Value | undefined>(code.instructions.localCount), []))
  } catch (error) {
    if (!(error instanceof PyRaise)) throw error
    value = text
  }
  storeAnnotation(m, f, name, value)
  f.stack.push(true)
}

export const annotate: Handler = (m, f, arg) => {
  storeAnnotation(m, f, f.instructions.names[arg]!, f.stack.pop()!)
}

function storeAnnotation(m: Parameters<Handler>[0], f: Frame, name: string, annotation: Value): void {
  let annotations = f.names!.get('__annotations__')
  if (!(annotations instanceof PyDict)) {
    annotations = new PyDict()
    f.names!.set('__annotations__', annotations)
  }
  m.dictSet(annotations as PyDict, name, annotation)
}

interface ImportRequest { readonly module: string, readonly level: number, readonly innermost: boolean }

export const importName: Handler = (m, f, arg) => {
  const request = f.instructions.extras[arg] as ImportRequest
  f.stack.push(m.importDotted(request.module, request.level, f.module, request.innermost))
}

export const importFrom: Handler = (m, f, arg) => {
  f.stack.push(m.importMember(f.stack[f.stack.length - 1]!, f.instructions.names[arg]!))
}

export const importStar: Handler = (m, f) => { m.importStar(f.stack.pop()!, f) }
