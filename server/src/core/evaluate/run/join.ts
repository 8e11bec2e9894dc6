/**
 * Joins two states of the program: what both ways of a branch agree on stays, the rest becomes unknown.
 * An object that is known must not be reachable through a plain Unknown, where its changes would not be seen: it comes into doubt.
 */

import { Undecided } from '../limits.ts'
import { shuffledAs } from '../operate/set-order.ts'
import { type GeneratorState, type Interpreter, PyGenerator } from './frame.ts'
import { Choice, type DictKey, PartlyKnown, PyBytes, PyCell, PyDict, PyFloat, PyInstance, PyIterator, PyList, type PyObject, PySet, PyTuple, type Snapshot, Unknown, type Value } from '../value.ts'

const MAX_TUPLE = 1000

/** The value where both agree; where they do not, a choice between them, or an Unknown that names the undecided condition. */
export function joinValues(m: Interpreter, a: Value | undefined, b: Value | undefined, cause: Unknown): Value | undefined {
  if (a === b) return a
  if (a instanceof PyFloat && b instanceof PyFloat && Object.is(a.value, b.value)) return a
  if (a instanceof PyTuple && b instanceof PyTuple && a.cls === b.cls && a.items.length === b.items.length && a.items.length < MAX_TUPLE && a.attrs === undefined && b.attrs === undefined) {
    const items = a.items.map((item, i) => joinValues(m, item, b.items[i]!, cause)!)
    const isSame = items.every((item, i) => item === a.items[i])
    return isSame && (a.isShuffled || !b.isShuffled) ? a : shuffledAs(new PyTuple(items, a.cls), a, b)
  }
  if (a instanceof PyBytes && b instanceof PyBytes && a.data.length === b.data.length && a.data.every((byte, i) => byte === b.data[i])) return a
  if (a instanceof Choice && (b === undefined || a.options.includes(b))) return a
  return oneOf(m, [a, b], cause)
}

/** What is known of a value that is one of these. Objects that can be changed or called are kept in mind as long as they are few. */
export function oneOf(m: Interpreter, values: readonly (Value | undefined)[], cause: Unknown): Unknown {
  const options = new Set<Value>()
  for (const value of values) {
    if (value instanceof Choice) value.options.forEach((option) => options.add(option))
    else if (isActive(value)) options.add(value)
  }
  const rest = values.find((value) => value instanceof Unknown && !(value instanceof Choice)) as Unknown | undefined
  const plain = rest === undefined ? dependsOn(cause) : rest instanceof PartlyKnown ? new Unknown(rest.reason, rest.origin) : rest
  if (options.size === 0) return plain
  if (options.size > MAX_OPTIONS) {
    m.escape([...options], dependsOn(cause))
    return plain
  }
  if (values.some((value) => !(value instanceof Choice) && !isActive(value))) options.add(plain)
  return new Choice([...options], plain.reason, plain.origin)
}

const MAX_OPTIONS = 6

/** Whether something can be done to a value or by it. */
function isActive(value: Value | undefined): value is PyObject {
  return typeof value === 'object' && value !== null && !(value instanceof Unknown) && !(value instanceof PyFloat) && !(value instanceof PyBytes)
}

const MAX_REASON = 300

export function dependsOn(cause: Unknown): Unknown {
  if (!cause.isHarmless && !(cause instanceof Choice) && (cause.reason.startsWith(DEPENDS) || cause.reason.length > MAX_REASON)) return cause
  return new Unknown(cause.reason.startsWith(DEPENDS) ? cause.reason : `${DEPENDS}${cause.reason}`, cause.origin)
}

const DEPENDS = 'depends on a condition that is not known: '

/** Gives an object the join of two states; both are snapshots of it. */
export function joinObject(m: Interpreter, object: PyObject, a: Snapshot, b: Snapshot, cause: Unknown): void {
  const doubts = { found: undefined as Unknown | undefined }
  if (a.cls !== b.cls) throw new Undecided(cause.reason, cause.origin)
  const attrs = a.attrs === undefined || b.attrs === undefined ? a.attrs ?? b.attrs : joinMaps(m, a.attrs, b.attrs, cause)
  const extra = joinExtra(m, object, a.extra, b.extra, cause, doubts)
  m.touch(object)
  object.restore({ cls: a.cls, attrs, doubt: a.doubt ?? b.doubt, extra, isShuffled: a.isShuffled === true || b.isShuffled === true })
  if (doubts.found !== undefined) m.doubt(object, doubts.found)
}

export function joinMaps<K>(m: Interpreter, a: ReadonlyMap<K, Value>, b: ReadonlyMap<K, Value>, cause: Unknown): Map<K, Value> {
  const joined = new Map<K, Value>()
  for (const [key, value] of a) joined.set(key, joinValues(m, value, b.get(key), cause)!)
  for (const [key, value] of b) if (!a.has(key)) joined.set(key, joinValues(m, value, undefined, cause)!)
  return joined
}

function sameKeys<K>(a: ReadonlyMap<K, Value>, b: ReadonlyMap<K, Value>): boolean {
  if (a.size !== b.size) return false
  const other = b.keys()
  for (const key of a.keys()) if (key !== other.next().value) return false
  return true
}

interface DictState { readonly values: Map<DictKey, Value>, readonly originals: Map<DictKey, Value> | undefined }

function joinExtra(m: Interpreter, object: PyObject, a: unknown, b: unknown, cause: Unknown, doubts: { found: Unknown | undefined }): unknown {
  const doubt = (): Unknown => doubts.found ??= dependsOn(cause)
  if (object instanceof PyList) {
    const x = a as Value[]
    const y = b as Value[]
    if (x.length === y.length) return x.map((item, i) => joinValues(m, item, y[i]!, cause))
    // Which of the items is where is not known: every one of them can be reached through an Unknown.
    m.escape([...x, ...y], doubt())
    return x
  }
  if (object instanceof PyDict) {
    const x = a as DictState
    const y = b as DictState
    if (!sameKeys(x.values, y.values)) doubt()
    const originals = x.originals === undefined && y.originals === undefined ? undefined : new Map([...x.originals ?? [], ...y.originals ?? []])
    return { values: joinMaps(m, x.values, y.values, cause), originals }
  }
  if (object instanceof PySet) {
    const x = a as Map<DictKey, Value>
    const y = b as Map<DictKey, Value>
    if (!sameKeys(x, y)) m.escape([...x.values(), ...y.values()], doubt())
    return new Map([...x, ...y])
  }
  if (object instanceof PyCell) return joinValues(m, a as Value | undefined, b as Value | undefined, cause)
  if (object instanceof PyInstance || object instanceof PyIterator) {
    if (a !== b) doubt()
    return a
  }
  if (object instanceof PyGenerator) return joinGenerators(m, a as GeneratorState, b as GeneratorState, cause)
  if (!sameParts(a, b)) throw new Undecided(cause.reason, cause.origin)
  return a
}

/** Two generators that stand at the same place may have different locals; otherwise nobody knows what comes next. */
function joinGenerators(m: Interpreter, a: GeneratorState, b: GeneratorState, cause: Unknown): GeneratorState {
  const broken = a.broken ?? b.broken
  if (broken !== undefined) return { ...a, broken }
  const isAlike = a.pc === b.pc && a.state === b.state && a.stack.length === b.stack.length && a.blocks.length === b.blocks.length && a.handled.length === 0 && b.handled.length === 0
  if (!isAlike) return { ...a, broken: dependsOn(cause), isLost: true }
  return {
    ...a, result: joinValues(m, a.result, b.result, cause)!,
    stack: a.stack.map((value, i) => joinValues(m, value, b.stack[i], cause)!), locals: a.locals.map((value, i) => joinValues(m, value, b.locals[i], cause)),
  }
}

/** Functions: defaults and names that a branch replaced. */
function sameParts(a: unknown, b: unknown): boolean {
  if (!Array.isArray(a) || !Array.isArray(b)) return a === b
  return a.every((one, i) => one === b[i])
}
