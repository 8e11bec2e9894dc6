/** Which bytes of a storage its tensors touch, by role: what is left over is stored for nobody. */

import { storageBits } from './dtypes.ts'
import * as limits from './limits.ts'
import type { Role } from './checkpoint.ts'
import type { TensorValue } from './values.ts'

export interface Covered {
  readonly tensor: TensorValue
  readonly role: Role
}

/** Bytes by role of one storage; each byte once, for the first role that touches it. */
export interface Coverage {
  readonly byRole: ReadonlyMap<Role, number>
  readonly reachable: number
  /** False when the tensors are too intricate to follow: then everything between their ends counts as touched. */
  readonly exact: boolean
}

/** Roles in the order in which they own a byte that several touch. */
const order: readonly Role[] = ['weights', 'ema', 'optimizer', 'other']

/** How many more runs of bytes may be listed, shared by all storages of a file. */
export interface RunBudget { left: number }

export function newRunBudget(): RunBudget {
  return { left: limits.coverageRuns }
}

export function coverage(tensors: readonly Covered[], storageBytes: number, budget: RunBudget): Coverage {
  const byRole = new Map<Role, number>()
  let exact = true
  let reachable = 0
  const intervals: [number, number][] = []
  for (const role of order) {
    const own = tensors.filter((covered) => covered.role === role)
    if (own.length === 0) continue
    for (const { tensor } of own) exact = addRuns(tensor, intervals, budget) && exact
    const total = unionLength(intervals, storageBytes)
    if (total > reachable) byRole.set(role, total - reachable)
    reachable = total
  }
  return { byRole, reachable, exact }
}

/** Whether the tensor is the whole storage, element after element. */
export function fills({ shape, stride, dtype, offset, bytes }: TensorValue, storageBytes: number): boolean {
  if (offset !== 0 || bytes !== storageBytes || !shape || !stride || storageBits(dtype) % 8 !== 0) return false
  let step = 1
  for (let index = shape.length - 1; index >= 0; index--) {
    if (shape[index] !== 1 && stride[index] !== step) return false
    step *= shape[index] ?? 0
  }
  return step > 0
}

/** Appends the byte runs that a strided tensor touches; false when only their hull was added. */
function addRuns(tensor: TensorValue, intervals: [number, number][], budget: RunBudget): boolean {
  const bits = storageBits(tensor.dtype)
  const shape = tensor.shape ?? []
  const stride = tensor.stride ?? []
  const dimensions: { readonly size: number, readonly step: number }[] = []
  for (let index = 0; index < shape.length; index++) {
    const size = shape[index] ?? 0
    if (size === 0) return true
    if (size > 1 && stride[index]! !== 0) dimensions.push({ size, step: stride[index]! })
  }
  dimensions.sort((a, b) => a.step - b.step)
  let run = 1
  let inner = 0
  while (inner < dimensions.length && dimensions[inner]!.step <= run) {
    // Steps inside the run overlap it; the run grows to the end of the last one.
    run += (dimensions[inner]!.size - 1) * dimensions[inner]!.step
    inner += 1
  }
  const outer = dimensions.slice(inner)
  let count = 1
  for (const { size } of outer) count *= size
  const start = tensor.offset
  if (count > budget.left) {
    const last = outer.reduce((sum, { size, step }) => sum + (size - 1) * step, run)
    intervals.push([Math.floor((start * bits) / 8), Math.ceil(((start + last) * bits) / 8)])
    return false
  }
  budget.left -= count
  const at = new Array<number>(outer.length).fill(0)
  for (let index = 0; index < count; index++) {
    const from = outer.reduce((sum, { step }, dimension) => sum + at[dimension]! * step, start)
    intervals.push([Math.floor((from * bits) / 8), Math.ceil(((from + run) * bits) / 8)])
    for (let dimension = 0; dimension < outer.length; dimension++) {
      at[dimension]! += 1
      if (at[dimension]! < outer[dimension]!.size) break
      at[dimension] = 0
    }
  }
  return true
}

function unionLength(intervals: [number, number][], limit: number): number {
  if (intervals.length > 1) intervals.sort((a, b) => a[0] - b[0])
  let total = 0
  let end = 0
  for (const [from, to] of intervals) {
    const start = Math.max(from, end)
    const stop = Math.min(to, limit)
    if (stop > start) {
      total += stop - start
      end = stop
    }
  }
  return total
}
