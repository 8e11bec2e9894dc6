/** Reads the cases that test/oracle/serialize recorded from real PyTorch. */

import { readFileSync } from 'node:fs'
import { gunzipSync } from 'node:zlib'
import type { SavedDictionary, SavedStorage } from '../../../server/src/core/serialize/saved-value.ts'

type EntryRow = readonly [name: string, shape: number[], dtype: string, storage: number, storageBytes: number, offset: number, strides: 0 | number[], isParameter: 0 | 1]

export interface SerializeCase {
  readonly case: string
  readonly file: string
  readonly form: SavedDictionary['form']
  readonly entries: readonly EntryRow[]
  readonly versions: readonly (readonly [string, number])[]
  /** Bytes of the file by torch version. */
  readonly bytes: Readonly<Record<string, number>>
}

export function readSerializeCases(): readonly SerializeCase[] {
  const path = new URL('../../oracle/serialize/cases.oracle.json.gz', import.meta.url)
  return (JSON.parse(gunzipSync(readFileSync(path)).toString('utf8')) as { cases: SerializeCase[] }).cases
}

export function dictionaryOf(row: SerializeCase): SavedDictionary {
  const storages = new Map<number, SavedStorage>()
  const objects = new Map<string, SavedDictionary['entries'][number]['value']>()
  const entries = row.entries.map(([name, shape, dtype, storage, bytes, offset, strides, isParameter]) => {
    const known = storages.get(storage) ?? { bytes }
    storages.set(storage, known)
    const value = { kind: 'tensor' as const, shape, dtype, storage: known, offset, ...(strides === 0 ? {} : { strides }), isParameter: isParameter === 1 }
    // In a dictionary made by hand one Parameter object may stand under several keys; state_dict() makes a tensor for each.
    const identity = isParameter === 1 ? `${String(storage)} ${String(offset)}` : name
    const object = objects.get(identity) ?? value
    objects.set(identity, object)
    return { name, value: object }
  })
  return { form: row.form, entries, versions: row.versions.map(([path, version]) => ({ path, version })) }
}
