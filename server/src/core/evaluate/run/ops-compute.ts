/** Instructions that compute: operators, subscripts, containers, calls, formatting. */

import { comesShuffled, shuffledAs, SHUFFLED } from '../operate/set-order.ts'
import { binaryOperation, inplaceOperation, type BinaryName } from '../operate/arithmetic.ts'
import { compareValues, isTrue, type CompareName } from '../operate/compare.ts'
import { formatValue } from '../operate/format.ts'
import { keyOf } from '../operate/hash.ts'
import { itemsOf } from '../operate/iterate.ts'
import { deleteItem, getItem, setItem } from '../operate/subscript.ts'
import { reprOf, strOf } from '../operate/text.ts'
import { unaryOperation } from '../operate/unary.ts'
import { mixed } from './mixed.ts'
import { MISSING, PyDict, PyFunction, PyList, PySet, PySlice, PyTuple, Unknown, type Value } from '../value.ts'
import { changing, choosing, choosingAndFailing, choosingCall } from './choices.ts'
import type { Handler, Interpreter } from './frame.ts'

export const BINARY_OPS: readonly BinaryName[] = ['+', '-', '*', '/', '//', '%', '**', '@', '<<', '>>', '&', '|', '^']
export const COMPARE_OPS: readonly CompareName[] = ['<', '<=', '>', '>=', '==', '!=', 'is', 'is not', 'in', 'not in']

export const binary: Handler = choosingAndFailing(2, (m, f, arg) => {
  const right = f.stack.pop()!
  const left = f.stack.pop()!
  f.stack.push(binaryOperation(m, BINARY_OPS[arg]!, left, right))
})

export const inplace: Handler = choosingAndFailing(2, (m, f, arg) => {
  const right = f.stack.pop()!
  const left = f.stack.pop()!
  f.stack.push(inplaceOperation(m, BINARY_OPS[arg]!, left, right))
})

export const compare: Handler = choosing(2, (m, f, arg) => {
  const right = f.stack.pop()!
  const left = f.stack.pop()!
  f.stack.push(compareValues(m, COMPARE_OPS[arg]!, left, right))
})

export const not: Handler = choosing(1, (m, f) => {
  const truth = isTrue(m, f.stack.pop()!)
  f.stack.push(truth instanceof Unknown ? truth : !truth)
})

export const negative: Handler = choosing(1, (m, f) => { f.stack.push(unaryOperation(m, '-', f.stack.pop()!)) })
export const positive: Handler = choosing(1, (m, f) => { f.stack.push(unaryOperation(m, '+', f.stack.pop()!)) })
export const invert: Handler = choosing(1, (m, f) => { f.stack.push(unaryOperation(m, '~', f.stack.pop()!)) })

export const subscript: Handler = choosingAndFailing(2, (m, f) => {
  const index = f.stack.pop()!
  const object = f.stack.pop()!
  f.stack.push(getItem(m, object, index))
})

/** [value object index]. */
export const storeSubscript: Handler = changing(3, 1, (m, f) => {
  const index = f.stack.pop()!
  const object = f.stack.pop()!
  setItem(m, object, index, f.stack.pop()!)
}, 1)

export const deleteSubscript: Handler = changing(2, 1, (m, f) => {
  const index = f.stack.pop()!
  deleteItem(m, f.stack.pop()!, index)
})

export const buildSlice: Handler = (_m, f) => {
  const step = f.stack.pop()!
  const upper = f.stack.pop()!
  f.stack.push(new PySlice(f.stack.pop()!, upper, step))
}

export const buildTuple: Handler = (m, f, arg) => { f.stack.push(new PyTuple(popMany(m, f.stack, arg))) }
export const buildList: Handler = (m, f, arg) => { f.stack.push(new PyList(popMany(m, f.stack, arg))) }

export const buildSet: Handler = (m, f, arg) => {
  const set = new PySet()
  for (const item of popMany(m, f.stack, arg)) addToSet(m, set, item)
  f.stack.push(set)
}

function addToSet(m: Interpreter, set: PySet, item: Value): void {
  const key = keyOf(m, item)
  if (key instanceof Unknown) set.doubt ??= key
  else if (!set.values.has(key)) set.values.set(key, item)
}

export const buildMap: Handler = (m, f, arg) => {
  const dict = new PyDict()
  const parts = popMany(m, f.stack, arg * 2)
  for (let i = 0; i < parts.length; i += 2) m.dictSet(dict, parts[i]!, parts[i + 1]!)
  f.stack.push(dict)
}

function popMany(m: Interpreter, stack: Value[], count: number): Value[] {
  m.allocate(1 + count)
  return count === 0 ? [] : stack.splice(stack.length - count, count)
}

/** Appends the top to the list `arg` below it. */
export const listAppend: Handler = (m, f, arg) => {
  const item = f.stack.pop()!
  const at = f.stack.length - arg
  const list = f.stack[at] as PyList
  m.touch(list)
  m.allocate(1)
  // Of a comprehension the iterators stand above its list.
  for (let i = at + 1; i < f.stack.length; i++) if (comesShuffled(f.stack[i])) list.isShuffled = true
  if (list.items.push(item) > m.limits.items) m.checkSize('items', list.items.length)
}

export const setAdd: Handler = (m, f, arg) => {
  const item = f.stack.pop()!
  const set = f.stack[f.stack.length - arg] as PySet
  m.touch(set)
  m.allocate(1)
  addToSet(m, set, item)
}

export const mapAdd: Handler = (m, f, arg) => {
  const value = f.stack.pop()!
  const key = f.stack.pop()!
  m.dictSet(f.stack[f.stack.length - arg] as PyDict, key, value)
}

export const listExtend: Handler = choosingAndFailing(1, (m, f) => {
  const iterable = f.stack.pop()!
  const items = itemsOf(m, iterable)
  const list = f.stack[f.stack.length - 1] as PyList
  if (comesShuffled(iterable)) list.isShuffled = true
  if (items instanceof Unknown) list.doubt ??= items
  else for (const item of items) list.items.push(item)
  m.allocate(list.items.length)
})

export const listToTuple: Handler = (_m, f) => {
  const list = f.stack.pop() as PyList
  const tuple = shuffledAs(new PyTuple(list.items), list)
  tuple.doubt = list.doubt
  f.stack.push(list.doubt ?? tuple)
}

export const listToSet: Handler = (m, f) => {
  const list = f.stack.pop() as PyList
  const set = new PySet()
  set.doubt = list.doubt
  for (const item of list.items) addToSet(m, set, item)
  f.stack.push(set)
}

/** `{**other}`: later values win. */
export const dictUpdate: Handler = choosingAndFailing(1, (m, f) => {
  const other = f.stack.pop()!
  mergeInto(m, f.stack[f.stack.length - 1] as PyDict, other)
})

function mergeInto(m: Interpreter, dict: PyDict, other: Value): void {
  if (other instanceof Unknown) { dict.doubt ??= other; return }
  if (other instanceof PyDict) {
    if (other.doubt !== undefined) dict.doubt ??= other.doubt
    for (const [key, value] of m.dictEntries(other)) m.dictSet(dict, key, value)
    return
  }
  const keys = m.findAttribute(other, 'keys')
  if (keys === undefined) m.raise('TypeError', `'${m.typeOf(other).name}' object is not a mapping`)
  const items = m.items(m.call(keys))
  if (items instanceof Unknown) dict.doubt ??= items
  else for (const key of items) m.dictSet(dict, key, m.getItem(other, key))
}

/** [map name value]: a keyword argument. */
export const keywordAdd: Handler = (m, f) => {
  const value = f.stack.pop()!
  const name = f.stack.pop() as string
  const dict = f.stack[f.stack.length - 1] as PyDict
  if (dict.values.has(name)) m.raise('TypeError', `got multiple values for keyword argument '${name}'`)
  dict.values.set(name, value)
}

/** `**mapping` among arguments: no name twice. */
export const keywordMerge: Handler = choosingAndFailing(1, (m, f) => {
  const other = f.stack.pop()!
  const dict = f.stack[f.stack.length - 1] as PyDict
  const added = new PyDict()
  mergeInto(m, added, other)
  if (added.doubt !== undefined) dict.doubt ??= added.doubt
  for (const [key, value] of m.dictEntries(added)) {
    if (typeof key !== 'string') return m.raise('TypeError', 'keywords must be strings')
    if (dict.values.has(key)) m.raise('TypeError', `${calleeName(f.stack[f.stack.length - 4])}got multiple values for keyword argument '${key}'`)
    dict.values.set(key, value)
  }
})

function calleeName(callee: Value | undefined): string {
  return callee instanceof PyFunction ? `${callee.module.name}.${callee.qualname}() ` : ''
}

// ---------------------------------------------------------------------------------------------- calls

/** [callee self-or-null arguments...]. */
export const call: Handler = choosingCall((_f, arg) => arg + 2, (m, f, arg) => {
  const { stack } = f
  const args = arg === 0 ? [] : stack.splice(stack.length - arg, arg)
  finish(m, stack, args, undefined)
})

function finish(m: Interpreter, stack: Value[], args: Value[], keywords: ReadonlyMap<string, Value> | undefined): void {
  const self = stack.pop()!
  const callee = stack.pop()!
  if (self !== MISSING.value) args.unshift(self)
  m.invoke(callee, args, keywords)
}

export const callKeywords: Handler = choosingCall((f, arg) => (f.instructions.extras[arg] as { count: number }).count + 2, (m, f, arg) => {
  const { count, keywords } = f.instructions.extras[arg] as { count: number, keywords: readonly string[] }
  const { stack } = f
  const all = stack.splice(stack.length - count, count)
  const given = new Map<string, Value>()
  const positional = count - keywords.length
  for (let i = 0; i < keywords.length; i++) {
    if (given.has(keywords[i]!)) m.raise('TypeError', `keyword argument repeated: ${keywords[i]}`)
    given.set(keywords[i]!, all[positional + i]!)
  }
  all.length = positional
  finish(m, stack, all, given)
})

/** [callee self-or-null list map]. */
export const callSpread: Handler = choosingAndFailing(4, (m, f) => {
  const { stack } = f
  const map = stack.pop() as PyDict
  const list = stack.pop() as PyList
  const doubt = list.doubt ?? map.doubt
  if (doubt !== undefined) {
    // What is passed is not known, so neither is what the call does with it.
    const self = stack.pop()!
    const callee = stack.pop()!
    const passed = [callee, ...(self === MISSING.value ? [] : [self]), ...list.items, ...map.values.values()]
    if (!(callee instanceof Unknown && callee.isHarmless)) m.escape(passed, doubt)
    stack.push(mixed(m, doubt, passed))
    return
  }
  finish(m, stack, list.items, map.values.size === 0 ? undefined : map.values as ReadonlyMap<string, Value>)
})

// ---------------------------------------------------------------------------------------------- strings and unpacking

export const format: Handler = choosing(2, (m, f, arg) => {
  const spec = f.stack.pop()!
  let value = f.stack.pop()!
  if (spec instanceof Unknown) { f.stack.push(spec); return }
  if (arg === 1) value = strOf(m, value)
  else if (arg >= 2) value = reprOf(m, value)
  f.stack.push(formatValue(m, value, spec as string))
})

export const buildString: Handler = (m, f, arg) => {
  const parts = popMany(m, f.stack, arg)
  let text = ''
  for (const part of parts) {
    if (part instanceof Unknown) { f.stack.push(part); return }
    text += part as string
  }
  m.checkSize('characters', text.length)
  f.stack.push(text)
}

/** A set, or what was made of one, whose items come in no known order. */
function shuffledBy(m: Interpreter, value: Value): Unknown | undefined {
  return comesShuffled(value) ? m.unknown(SHUFFLED) : undefined
}

export const unpack: Handler = choosingAndFailing(1, (m, f, arg) => {
  const value = f.stack.pop()!
  const items = value instanceof Unknown ? value : shuffledBy(m, value) ?? itemsOf(m, value, arg + 1)
  if (items instanceof Unknown) { for (let i = 0; i < arg; i++) f.stack.push(items); return }
  if (items.length < arg) m.raise('ValueError', `not enough values to unpack (expected ${arg}, got ${items.length})`)
  if (items.length > arg) m.raise('ValueError', `too many values to unpack (expected ${arg})`)
  for (let i = arg - 1; i >= 0; i--) f.stack.push(items[i]!)
})

export const unpackStar: Handler = choosingAndFailing(1, (m, f, arg) => {
  const { before, after } = f.instructions.extras[arg] as { before: number, after: number }
  const value = f.stack.pop()!
  const items = shuffledBy(m, value) ?? itemsOf(m, value)
  if (items instanceof Unknown) { for (let i = 0; i <= before + after; i++) f.stack.push(items); return }
  if (items.length < before + after) m.raise('ValueError', `not enough values to unpack (expected at least ${before + after}, got ${items.length})`)
  for (let i = items.length - 1; i >= items.length - after; i--) f.stack.push(items[i]!)
  f.stack.push(new PyList(items.slice(before, items.length - after)))
  for (let i = before - 1; i >= 0; i--) f.stack.push(items[i]!)
})
