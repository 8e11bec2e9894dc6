/** The memo of a pickle: values by index. Many indexes may share one value, so that a tensor with all its parts takes one place. */

import * as limits from './limits.ts'
import { Broken } from './pickle-operands.ts'
import type { TensorCall } from './tensor-call.ts'
import type { Value } from './values.ts'

export class PickleMemo {
  /** How many indexes hold something. */
  size = 0
  /** Where the value of an index stands; below 0, which tensor it is a part of. Indexes below `inOrder` are all taken. */
  private places = new Int32Array(64)
  private inOrder = 0
  private readonly values: Value[] = []
  private readonly parts: TensorCall[] = []
  /** Index of the first part of each. */
  private firsts = new Int32Array(16)
  private readonly far = new Map<number, Value>()

  get(index: number): Value | undefined {
    if (index >= this.inOrder) return this.far.get(index)
    const place = this.places[index]!
    return place >= 0 ? this.values[place] : this.parts[~place]!.inMemo(index - this.firsts[~place]!)
  }

  /** The next index in order, when nothing stands out of order; else -1. */
  get next(): number {
    return this.far.size === 0 ? this.inOrder : -1
  }

  /** True when the index was out of order, which costs more. */
  put(index: number, value: Value): boolean {
    if (index < this.inOrder) {
      // Indexes that share a value do so by their place: a new value gets a place of its own.
      this.places[index] = this.values.push(value) - 1
      return false
    }
    if (!this.far.has(index)) this.size += 1
    if (index === this.inOrder) {
      this.append(this.values.push(value) - 1, 1)
      this.far.delete(index)
      return false
    }
    if (this.far.size > limits.farMemo) throw new Broken('memo indexes are too far apart', true)
    this.far.set(index, value)
    return true
  }

  /** A tensor and its parts under the next `count` indexes; the tensor knows which is which. */
  putRun(tensor: TensorCall, count: number): void {
    if (this.parts.length >= this.firsts.length) {
      const grown = new Int32Array(this.firsts.length * 2)
      grown.set(this.firsts)
      this.firsts = grown
    }
    this.firsts[this.parts.length] = this.inOrder
    this.append(~(this.parts.push(tensor) - 1), count)
    this.size += count
  }

  private append(place: number, count: number): void {
    const end = this.inOrder + count
    if (end > this.places.length) {
      const grown = new Int32Array(Math.max(end, this.places.length * 2))
      grown.set(this.places)
      this.places = grown
    }
    this.places.fill(place, this.inOrder, end)
    this.inOrder = end
  }
}
