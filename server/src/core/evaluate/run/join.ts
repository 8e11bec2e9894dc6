/** Joins two states of the program: what both ways of a branch agree on stays, the rest becomes unknown. */

import type { Interpreter } from './frame.ts'
import { PyGenerator } from './frame.ts'
import type { PyObject} from '../value.ts';
import { type DictKey, PyBytes, PyCell, PyDict, PyFloat, PyInstance, PyList, PySet, PyTuple, type Snapshot, Unknown, type Value } from '../value.ts'

const MAX_TUPLE = 1000

/** The value where both agree, an Unknown that names the undecided condition where they do not. */
export function joinValues(a: Value | undefined, b: Value | undefined, cause: Unknown): Value | undefined {
  if (a === b) return a
  if (a instanceof PyFloat && b instanceof PyFloat && Object.is(a.value, b.value)) return a
  if (a instanceof Unknown) return a
  if (b instanceof Unknown) return b
  if (a instanceof PyTuple && b instanceof PyTuple && a.cls === b.cls && a.items.length === b.items.length && a.items.length < MAX_TUPLE && a.attrs === undefined) {
    return new PyTuple(a.items.map((item, i) => joinValues(item, b.items[i]!, cause)!), a.cls)
  }
  if (a instanceof PyBytes && b instanceof PyBytes && a.data.length === b.data.length && a.data.every((byte, i) => byte === b.data[i])) return a
  return dependsOn(cause)
}

const MAX_REASON = 300

export function dependsOn(cause: Unknown): Unknown {
  if (cause.reason.startsWith(DEPENDS) || cause.reason.length > MAX_REASON) return cause
  return new Unknown(`${DEPENDS}${cause.reason}`, cause.origin)
}

const DEPENDS = 'depends on a condition that is not known: '

/** Gives an object the join of two states; both are snapshots of it. */
export function joinObject(m: Interpreter, object: PyObject, a: Snapshot, b: Snapshot, cause: Unknown): void {
  const doubts = { found: undefined as Unknown | undefined }
  const attrs = a.attrs === undefined || b.attrs === undefined ? a.attrs ?? b.attrs : joinMaps(a.attrs, b.attrs, cause)
  const extra = joinExtra(object, a.extra, b.extra, cause, doubts)
  m.touch(object)
  object.restore({ attrs, doubt: a.doubt ?? b.doubt, extra })
  if (doubts.found !== undefined) m.doubt(object, doubts.found)
}

function joinMaps<K>(a: Map<K, Value>, b: Map<K, Value>, cause: Unknown): Map<K, Value> {
  const joined = new Map<K, Value>()
  for (const [key, value] of a) joined.set(key, b.has(key) ? joinValues(value, b.get(key), cause)! : dependsOn(cause))
  for (const key of b.keys()) if (!a.has(key)) joined.set(key, dependsOn(cause))
  return joined
}

function sameKeys<K>(a: Map<K, Value>, b: Map<K, Value>): boolean {
  if (a.size !== b.size) return false
  for (const key of a.keys()) if (!b.has(key)) return false
  return true
}

function joinExtra(object: PyObject, a: unknown, b: unknown, cause: Unknown, doubts: { found: Unknown | undefined }): unknown {
  const doubt = (): void => { doubts.found = dependsOn(cause) }
  if (object instanceof PyList) {
    const x = a as Value[]
    const y = b as Value[]
    if (x.length === y.length) return x.map((item, i) => joinValues(item, y[i]!, cause))
    doubt()
    return x.length > y.length ? x : y
  }
  if (object instanceof PyDict) {
    const x = a as { values: Map<DictKey, Value>, originals: Map<DictKey, Value> | undefined }
    const y = b as typeof x
    if (!sameKeys(x.values, y.values)) doubt()
    const originals = x.originals === undefined && y.originals === undefined ? undefined : new Map([...x.originals ?? [], ...y.originals ?? []])
    return { values: joinMaps(x.values, y.values, cause), originals }
  }
  if (object instanceof PySet) {
    const x = a as Map<DictKey, Value>
    const y = b as Map<DictKey, Value>
    if (!sameKeys(x, y)) doubt()
    return new Map([...x, ...y])
  }
  if (object instanceof PyCell) return joinValues(a as Value | undefined, b as Value | undefined, cause)
  if (object instanceof PyInstance) {
    if (a !== b) doubt()
    return a
  }
  if (object instanceof PyGenerator) {
    const x = a as { pc: number, broken: Unknown | undefined }
    const y = b as typeof x
    return x.pc === y.pc ? a : { ...x, broken: dependsOn(cause) }
  }
  return a
}
