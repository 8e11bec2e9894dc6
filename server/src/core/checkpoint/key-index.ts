/**
 * Finds a key among the keys of a dict. Most dicts have a few keys, which are compared one by one, or thousands of
 * strings, for which two columns of numbers do; whatever else there is goes into a Map.
 */

/** Up to so many keys are compared one by one, without an index. */
export const fewKeys = 8

/** Places that are looked at for one key; keys made to collide end in the Map, whose hash nobody can foresee. */
const probes = 64

const nowhere = -1

const none = new Int32Array(0)

export class KeyIndex {
  /** Position of the key of each place, plus 1; 0 where there is none. */
  private slots = none
  /** Hashes by position. */
  private hashes = none
  private map: Map<unknown, number> | undefined = undefined

  /** Position of the key in `keys`, which are all keys that were added, in order; -1 when it is not there. `id` is what makes two keys the same. */
  find(keys: readonly unknown[], id: unknown): number {
    if (this.map !== undefined) return this.map.get(id) ?? nowhere
    if (keys.length <= fewKeys) return keys.indexOf(id)
    if (!isPlain(id)) return nowhere
    const { slots, hashes } = this
    const hash = hashOf(id)
    const mask = slots.length - 1
    for (let at = hash & mask, left = probes; left > 0; at = (at + 1) & mask, left--) {
      const slot = slots[at]!
      if (slot === 0) return nowhere
      if (hashes[slot - 1] === hash && keys[slot - 1] === id) return slot - 1
    }
    return nowhere
  }

  /** Notes the last of `keys`, which `find` did not find. `idOf` tells what makes a key the same as another. */
  added<Key>(keys: readonly Key[], id: unknown, idOf: (key: Key) => unknown): void {
    const last = keys.length - 1
    if (this.map !== undefined) this.map.set(id, last)
    else if (id !== keys[last] || !isPlain(id) || (last >= fewKeys && !this.place(keys, last))) this.map = new Map(keys.map((key, index) => [idOf(key), index]))
  }

  /** False when too many keys fall into one place. */
  private place(keys: readonly unknown[], last: number): boolean {
    if (keys.length * 2 <= this.slots.length) {
      this.hashes[last] = hashOf(keys[last] as string | number)
      return this.seat(last)
    }
    // Room for as many keys again, the first time for all that were compared one by one.
    const from = last === fewKeys ? 0 : last
    const room = 2 ** Math.ceil(Math.log2(keys.length * 2))
    const hashes = new Int32Array(room)
    hashes.set(this.hashes)
    this.hashes = hashes
    this.slots = new Int32Array(room * 2)
    for (let index = from; index <= last; index++) hashes[index] = hashOf(keys[index] as string | number)
    for (let index = 0; index <= last; index++) if (!this.seat(index)) return false
    return true
  }

  private seat(index: number): boolean {
    const { slots } = this
    const mask = slots.length - 1
    for (let at = this.hashes[index]! & mask, left = probes; left > 0; at = (at + 1) & mask, left--) {
      if (slots[at] !== 0) continue
      slots[at] = index + 1
      return true
    }
    return false
  }
}

/** Whether the key is the same as another exactly when the two are equal. */
export function isPlain(id: unknown): id is string | number {
  return typeof id === 'string' || (typeof id === 'number' && Number.isInteger(id))
}

function hashOf(id: string | number): number {
  let hash = 0x811c9dc5 | 0
  if (typeof id === 'string') for (let index = 0; index < id.length; index++) hash = Math.imul(hash ^ id.charCodeAt(index), 0x01000193)
  else hash = Math.imul(id | 0, 0x9e3779b1) ^ Math.floor(id / 4_294_967_296)
  return hash ^ (hash >>> 15)
}
