/**
 * Joins two states of the program: what both ways of a branch agree on stays, the rest becomes unknown.
 * An object that is known must not be reachable through an Unknown, where its changes would not be seen: it comes into doubt.
 */

import { Undecided } from '../limits.ts'
import { type GeneratorState, type Interpreter, PyGenerator } from './frame.ts'
import { type DictKey, PartlyKnown, PyBytes, PyCell, PyClass, PyDict, PyFloat, PyInstance, PyIterator, PyList, PyModule, type PyObject, PySet, PyTuple, type Snapshot, Unknown, type Value } from '../value.ts'

const MAX_TUPLE = 1000

/** The value where both agree, an Unknown that names the undecided condition where they do not. Without a machine nothing comes into doubt. */
export function joinValues(m: Interpreter | undefined, a: Value | undefined, b: Value | undefined, cause: Unknown): Value | undefined {
  if (a === b) return a
  if (a instanceof PyFloat && b instanceof PyFloat && Object.is(a.value, b.value)) return a
  if (a instanceof Unknown) { lose(m, b, undefined, a); return plain(a) }
  if (b instanceof Unknown) { lose(m, a, undefined, b); return plain(b) }
  if (a instanceof PyTuple && b instanceof PyTuple && a.cls === b.cls && a.items.length === b.items.length && a.items.length < MAX_TUPLE && a.attrs === undefined) {
    const items = a.items.map((item, i) => joinValues(m, item, b.items[i]!, cause)!)
    return items.every((item, i) => item === a.items[i]) ? a : new PyTuple(items, a.cls)
  }
  if (a instanceof PyBytes && b instanceof PyBytes && a.data.length === b.data.length && a.data.every((byte, i) => byte === b.data[i])) return a
  const joined = dependsOn(cause, isShared(a) || isShared(b))
  lose(m, a, b, joined)
  return joined
}

/** What was said of parts of it is said of one way only. */
function plain(unknown: Unknown): Unknown {
  return unknown instanceof PartlyKnown ? new Unknown(unknown.reason, unknown.origin) : unknown
}

function lose(m: Interpreter | undefined, a: Value | undefined, b: Value | undefined, why: Unknown): void {
  if (m === undefined) return
  const lost = [a, b].filter((one) => one !== undefined && typeof one === 'object' && one !== null) as Value[]
  if (lost.length > 0) m.escape(lost, why.isHarmless ? dependsOn(why) : why)
}

/** Classes and modules are too shared to doubt: a change through the Unknown ends the evaluation instead. */
function isShared(value: Value | undefined): boolean {
  return value instanceof PyClass || value instanceof PyModule
}

const MAX_REASON = 300

export function dependsOn(cause: Unknown, isShared = false): Unknown {
  if (!isShared && !cause.isHarmless && (cause.reason.startsWith(DEPENDS) || cause.reason.length > MAX_REASON)) return cause
  return new Unknown(cause.reason.startsWith(DEPENDS) ? cause.reason : `${DEPENDS}${cause.reason}`, cause.origin, { isShared })
}

const DEPENDS = 'depends on a condition that is not known: '

/** Gives an object the join of two states; both are snapshots of it. */
export function joinObject(m: Interpreter, object: PyObject, a: Snapshot, b: Snapshot, cause: Unknown): void {
  const doubts = { found: undefined as Unknown | undefined }
  if (a.cls !== b.cls) throw new Undecided(cause.reason)
  const attrs = a.attrs === undefined || b.attrs === undefined ? a.attrs ?? b.attrs : joinMaps(m, a.attrs, b.attrs, cause)
  const extra = joinExtra(m, object, a.extra, b.extra, cause, doubts)
  m.touch(object)
  object.restore({ cls: a.cls, attrs, doubt: a.doubt ?? b.doubt, extra })
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
  if (!sameParts(a, b)) throw new Undecided(cause.reason)
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
