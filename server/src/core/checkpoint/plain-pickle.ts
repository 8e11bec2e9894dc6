/** Reads a pickle that torch did not write: its tensors, its globals, the pickles that stand behind it. */

import type { Checkpoint } from './checkpoint.ts'
import type { StoredStorage } from './storage-record.ts'
import type { PickleInput } from './pickle-input.ts'
import type { PickleResult } from './pickle-machine.ts'
import type { PickleScan } from './pickle-scan.ts'
import { scanAll } from './pickle-scan.ts'
import type { Reading } from './reading.ts'
import { describe } from './torch-zip.ts'

export function readPlainPickle(reading: Reading, first: PickleResult, scan: PickleScan, input: PickleInput): Checkpoint {
  const { judge, anatomy, reader } = reading
  if (first.error) {
    judge?.refuse(`its pickle is broken: ${first.error.message}`)
    reading.problem('error', `the pickle is broken: ${first.error.message}`, first.error.at)
  } else {
    judge?.refuse('it is a plain pickle: the magic number of torch.save is missing')
    const end = input.offset
    anatomy.add(0, end, 'pickle')
    if (input.left > 0) {
      // Loaders that call `load` again read what follows; so does every scanner.
      reading.problem('warning', `${String(input.left)} bytes follow the first pickle`, end)
      const next = scanAll(input, reading.seen)
      if (next?.value !== undefined) anatomy.add(end, reader.bytes, 'pickle')
    }
  }
  if (first.value === undefined) {
    anatomy.add(0, Math.min(first.error?.at ?? 0, reader.bytes), 'pickle')
    return reading.finish('pickle', 'other', reading.verdict())
  }
  const storages = new Map<string, StoredStorage>()
  for (const { storage, start } of scan.inside) storages.set(storage.key, { key: storage.key, dtype: storage.dtype, device: storage.device, bytes: storage.bytes, start })
  for (const { storage, start } of scan.inside) if (start !== undefined) anatomy.addInside(start, start + storage.bytes)
  const kind = describe(reading, first.value, storages, false)
  return reading.finish('pickle', kind, reading.verdict())
}
