/** Turns what the checkpoint readers found in a file into what a program that loads it gets. A file that was not read in full gives nothing. */

import type { CheckpointReading } from '../checkpoint/read-checkpoint.ts'
import { getItem, type PyDict, type TensorValue, type Value } from '../checkpoint/values.ts'
import type { StoredValue } from '../model/stored-value.ts'

/** Values of one file that are handed on; a file with more is not loaded to build a model. */
const maxValues = 200_000
const maxDepth = 20

/** What `torch.load` or `load_file` of the file gives; undefined where that is not known. */
export function storedValue({ checkpoint, content }: CheckpointReading): StoredValue | undefined {
  if (!content || content.holdsModule || checkpoint.problems.some(({ severity }) => severity === 'error')) return undefined
  if (checkpoint.format === 'safetensors') {
    return { kind: 'dict', isOrdered: false, versions: undefined, entries: content.named.map(({ name, tensor }) => [name, tensorOf(tensor)] as const) }
  }
  if (!['torch-zip', 'torch-legacy', 'pickle'].includes(checkpoint.format) || content.root === undefined) return undefined
  const budget = { left: maxValues }
  const value = convert(content.root, budget, 0)
  return budget.left < 0 ? undefined : value
}

function convert(value: Value, budget: { left: number }, depth: number): StoredValue {
  budget.left -= 1
  if (budget.left < 0 || depth > maxDepth) return { kind: 'other', what: 'a part of the checkpoint' }
  if (typeof value !== 'object' || value === null) return value
  switch (value.kind) {
    case 'float': return { kind: 'float', value: value.value }
    case 'list': case 'tuple': return { kind: value.kind, items: value.items.map((item) => convert(item, budget, depth + 1)) }
    case 'dict': {
      if (value.className !== 'dict' && value.className !== 'collections.OrderedDict') return { kind: 'other', what: value.className }
      return {
        kind: 'dict', isOrdered: value.className === 'collections.OrderedDict', versions: versionsOf(value),
        entries: value.keys.map((key, index) => [convert(key, budget, depth + 1), convert(value.values[index]!, budget, depth + 1)] as const),
      }
    }
    case 'call': return value.tensor ? tensorOf(value.tensor) : { kind: 'other', what: 'an object in the checkpoint' }
    default: return { kind: 'other', what: 'an object in the checkpoint' }
  }
}

function tensorOf({ shape, dtype, layout }: TensorValue): StoredValue {
  if (layout !== 'strided' || shape === null || shape.some((size) => size === null)) return { kind: 'other', what: `a tensor of layout ${layout}` }
  return { kind: 'tensor', shape: shape as readonly number[], dtype }
}

/** `_metadata` that state_dict() puts on its OrderedDict. */
function versionsOf(value: PyDict): ReadonlyMap<string, number | null> | undefined {
  const { attributes } = value
  const metadata = isDict(attributes) ? getItem(attributes, '_metadata') : undefined
  if (!isDict(metadata)) return undefined
  const versions = new Map<string, number | null>()
  metadata.keys.forEach((key, index) => {
    const local = metadata.values[index]
    const version = isDict(local) ? getItem(local, 'version') : undefined
    if (typeof key === 'string') versions.set(key, typeof version === 'number' ? version : null)
  })
  return versions
}

function isDict(value: Value | undefined): value is PyDict {
  return typeof value === 'object' && value?.kind === 'dict'
}
