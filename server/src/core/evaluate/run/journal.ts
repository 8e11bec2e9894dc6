/** Remembers objects as they were before a change, so that changes can be undone, compared and joined. */

import { classChanged } from '../operate/attributes.ts'
import { inOlderEpoch, nextEpoch } from '../epoch.ts'
import { PyClass, type PyObject, type Snapshot } from '../value.ts'

interface Scope {
  readonly epoch: number
  readonly saved: Map<PyObject, Snapshot>
  /** What was in force when the scope was opened: nothing, when it was opened inside `permanently`. */
  readonly outerSaved: Map<PyObject, Snapshot> | undefined
  readonly outerEpoch: number
}

/** What happened to one object between the opening and the end of a scope. */
export interface Effect { readonly before: Snapshot, readonly after: Snapshot }

export class Journal {
  readonly #scopes: Scope[] = []
  #epoch = 0
  #saved: Map<PyObject, Snapshot> | undefined

  open(): void {
    const scope: Scope = { epoch: nextEpoch(), saved: new Map<PyObject, Snapshot>(), outerSaved: this.#saved, outerEpoch: this.#epoch }
    this.#scopes.push(scope)
    this.#epoch = scope.epoch
    this.#saved = scope.saved
  }

  get depth(): number {
    return this.#scopes.length
  }

  /** Saves an object older than the innermost scope, once. */
  touch(object: PyObject): void {
    if (object.born >= this.#epoch || this.#saved === undefined || this.#saved.has(object)) return
    this.#saved.set(object, object.snapshot())
  }

  /**
   * Runs `work` outside every scope: what it does stays. For loading library modules, which is the same whoever asks first.
   * What it makes is older than every open scope, so later changes of it are undone; what the scopes made stays theirs.
   */
  permanently<T>(work: () => T): T {
    const saved = this.#saved
    if (saved === undefined) return work()
    this.#saved = undefined
    try {
      return inOlderEpoch(work)
    } finally {
      this.#saved = saved
    }
  }

  /** Ends the innermost scope, undoing it; answers what it had done. */
  rollBack(): ReadonlyMap<PyObject, Effect> {
    const scope = this.#close()
    const effects = new Map<PyObject, Effect>()
    let hasClass = false
    for (const [object, before] of scope.saved) {
      effects.set(object, { before, after: object.snapshot() })
      object.restore(before)
      hasClass ||= object instanceof PyClass
    }
    if (hasClass) classChanged()
    return effects
  }

  /** What happened, to objects that were there before, in the scopes opened since there were `depth` of them, which stay open. */
  effectsSince(depth: number): Map<PyObject, Effect> {
    const effects = new Map<PyObject, Effect>()
    const epoch = this.#scopes[depth]?.epoch ?? Infinity
    for (const scope of this.#scopes.slice(depth)) {
      for (const [object, before] of scope.saved) if (object.born < epoch && !effects.has(object)) effects.set(object, { before, after: object.snapshot() })
    }
    return effects
  }

  /** Ends the innermost scope, keeping its changes as changes of the one outside. */
  commit(): void {
    const scope = this.#close()
    if (this.#saved === undefined) return
    for (const [object, before] of scope.saved) {
      if (object.born < this.#epoch && !this.#saved.has(object)) this.#saved.set(object, before)
    }
  }

  #close(): Scope {
    const scope = this.#scopes.pop()!
    this.#epoch = scope.outerEpoch
    this.#saved = scope.outerSaved
    return scope
  }
}
