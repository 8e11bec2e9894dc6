/** C3 linearisation, Python's method resolution order. */

import type { PyClass } from './value.ts'

/** The mro of a class with these bases, itself first; `undefined` when no consistent order exists. */
export function linearise(cls: PyClass, bases: readonly PyClass[]): PyClass[] | undefined {
  const queues = [...bases.map((base) => [...base.mro]), [...bases]].filter((queue) => queue.length > 0)
  const order = [cls]
  while (queues.length > 0) {
    const next = queues.find((queue) => !queues.some((other) => other.indexOf(queue[0]!) > 0))?.[0]
    if (next === undefined) return undefined
    order.push(next)
    for (let i = queues.length - 1; i >= 0; i--) {
      if (queues[i]![0] === next) queues[i]!.shift()
      if (queues[i]!.length === 0) queues.splice(i, 1)
    }
  }
  return order
}
