/** Instructions that make functions and classes, and those that import. */

import { PyCell, PyDict, PyFunction, type PyList, type PyTuple, type Value } from '../value.ts'
import type { Code, Handler } from './frame.ts'

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

export const annotate: Handler = (m, f, arg) => {
  const annotation = f.stack.pop()!
  let annotations = f.names!.get('__annotations__')
  if (!(annotations instanceof PyDict)) {
    annotations = new PyDict()
    f.names!.set('__annotations__', annotations)
  }
  m.dictSet(annotations as PyDict, f.instructions.names[arg]!, annotation)
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
