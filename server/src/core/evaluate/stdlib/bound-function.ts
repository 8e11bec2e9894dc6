/** Makes a function with any signature over a Python body: the constructors of dataclasses and named tuples. */

import { fn } from '../native.ts'
import type { PyDict} from '../value.ts';
import { type Bound, type Machine, NativeFunction, PyObject, PyTuple, type SignatureParameter, type Value } from '../value.ts'

/** Stands for "no default" in the parameter lists that our Python sources give. */
const required = new PyTuple([])

interface Parameter extends SignatureParameter {
  readonly isKeywordOnly: boolean
}

/**
 * `_bound_function(qualname, [(name, 1 if keyword-only else 0, default), ...], body, name)`: a function with these parameters that calls
 * `body` with their values in order. Errors of binding read as those of a Python function.
 */
const make = fn('_bound_function(qualname, parameters, body, name)', (m, [qualname, parameters, body, name]) => {
  const list = m.items(parameters)
  if (list instanceof PyObject) return list as Value
  const read = list.map((one): Parameter => {
    const [parameter, keywordOnly, fallback] = (one as PyTuple).items
    return { name: parameter as string, isKeywordOnly: keywordOnly === 1, defaultValue: fallback === required ? undefined : fallback }
  })
  return makeBoundFunction(qualname as string, name as string, read, (machine, values) => machine.call(body, values as unknown as readonly Value[]))
})

/** The same for natives; `body` receives the values in the order of `parameters`. */
export function makeBoundFunction(qualname: string, name: string, parameters: readonly Parameter[], body: (m: Machine, values: Bound) => Value): NativeFunction {
  const ordered = [...parameters.filter((one) => !one.isKeywordOnly), ...parameters.filter((one) => one.isKeywordOnly)]
  const positional = parameters.filter((one) => !one.isKeywordOnly).length
  // Binding is done here, from *args and **kwargs, because the messages are those of Python functions; the signature is for inspection.
  const shown = { parameters: ordered, positionalOnly: 0, positional, star: -1, doubleStar: -1 }
  const callee = new NativeFunction(name, { parameters: [{ name: 'args', defaultValue: undefined }, { name: 'kwargs', defaultValue: undefined }], positionalOnly: 0, positional: 0, star: 0, doubleStar: 1 },
    (m, [args, kwargs]) => body(m, bind(m, qualname, ordered, positional, (args as PyTuple).items, kwargs as PyDict) as unknown as Bound), { isMethod: true, isStrict: false })
  callee.attrs = new Map<string, Value>([['__qualname__', qualname]])
  shownSignatures.set(callee, shown)
  return callee
}

/** What inspect.signature says about functions made here. */
export const shownSignatures = new WeakMap<NativeFunction, NonNullable<NativeFunction['signature']>>()

function bind(m: Machine, name: string, parameters: readonly Parameter[], positional: number, args: readonly Value[], keywords: PyDict): readonly Value[] {
  const bound: (Value | undefined)[] = args.slice(0, positional)
  for (const [key, value] of m.dictEntries(keywords)) {
    const at = parameters.findIndex((one) => one.name === key)
    if (at < 0) return m.raise('TypeError', `${name}() got an unexpected keyword argument '${String(key)}'`)
    if (bound[at] !== undefined) return m.raise('TypeError', `${name}() got multiple values for argument '${String(key)}'`)
    bound[at] = value
  }
  if (args.length > positional) tooMany(m, name, parameters, positional, args.length)
  const missing: string[] = []
  const missingKeywords: string[] = []
  for (const [at, one] of parameters.entries()) {
    if (bound[at] !== undefined) continue
    bound[at] = one.defaultValue
    if (one.defaultValue === undefined) (at < positional ? missing : missingKeywords).push(`'${one.name}'`)
  }
  if (missing.length > 0) m.raise('TypeError', `${name}() missing ${missing.length} required positional argument${missing.length === 1 ? '' : 's'}: ${joined(missing)}`)
  if (missingKeywords.length > 0) m.raise('TypeError', `${name}() missing ${missingKeywords.length} required keyword-only argument${missingKeywords.length === 1 ? '' : 's'}: ${joined(missingKeywords)}`)
  return bound as readonly Value[]
}

function tooMany(m: Machine, name: string, parameters: readonly Parameter[], positional: number, given: number): never {
  const least = parameters.slice(0, positional).filter((one) => one.defaultValue === undefined).length
  const takes = least === positional ? `${positional}` : `from ${least} to ${positional}`
  return m.raise('TypeError', `${name}() takes ${takes} positional argument${positional === 1 && least === positional ? '' : 's'} but ${given} ${given === 1 ? 'was' : 'were'} given`)
}

function joined(names: readonly string[]): string {
  if (names.length <= 2) return names.join(' and ')
  return `${names.slice(0, -1).join(', ')}, and ${names[names.length - 1]!}`
}

/** Names that our Python sources use. `_calling_module` is the module of the code that called the function that asks. */
export const boundFunction: Readonly<Record<string, Value>> = {
  _bound_function: make,
  _bound_required: required,
  _calling_module: fn('_calling_module()', () => '__main__'),
}
