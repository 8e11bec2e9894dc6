/**
 * Over public test data of other projects (TORCH_FOOTPRINT_CORPORA names the folder; skipped without it): what torch
 * itself said about each file stands in its `expected.json`.
 */

import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { memorySource } from '../../../server/src/core/checkpoint/bytes.ts'
import type { Checkpoint } from '../../../server/src/core/checkpoint/checkpoint.ts'
import { readCheckpoint } from '../../../server/src/core/checkpoint/read-checkpoint.ts'
import { newestRelease } from '../../../server/src/core/checkpoint/torch-release.ts'
import { inflate } from '../../../server/src/host/inflate.ts'

interface Expected {
  readonly torch_unsafe_globals: readonly string[] | { readonly exc: string } | null
  readonly torch_weights_only: { readonly ok?: string, readonly tensors?: Readonly<Record<string, readonly [string, readonly number[]]>> } | null
  readonly picklescan: { readonly issues: number | null } | null
}

const folder = process.env['TORCH_FOOTPRINT_CORPORA']
const list = folder === undefined ? undefined : join(folder, 'expected.json')
const expected: Readonly<Record<string, Expected>> = list !== undefined && existsSync(list) ? JSON.parse(readFileSync(list, 'utf8')) as Record<string, Expected> : {}

/** Files whose names do not say that they are hostile, but that are. */
const hostile = /malicious|exploit|attack|evil|GHSA|\/unsafe_|sploit|bypass|injection|exfiltration|FileIO|FileHandler|CodeType|urlopen|nested_pickle|mixed_malicious|dill_func|decode_exec|broken_model|path_traversal/
/** A 7z archive is not opened; its pickle cannot be seen. */
const closed = /\.7z$/

function read(name: string): { readonly checkpoint: Checkpoint, readonly bytes: number } {
  const data = new Uint8Array(readFileSync(join(folder!, name)))
  return { checkpoint: readCheckpoint(memorySource(data), { name, inflate, release: newestRelease }).checkpoint, bytes: data.length }
}

describe.skipIf(Object.keys(expected).length === 0)('public corpora', () => {
  it.each(Object.keys(expected))('%s', (name) => {
    const { checkpoint, bytes } = read(name)
    const said = expected[name]!
    expect(checkpoint.anatomy.reduce((sum, part) => sum + part.bytes, 0)).toBe(bytes)
    if (said.torch_weights_only) {
      const loads = said.torch_weights_only.ok !== undefined
      // A plain archive without a pickle is not asked; torch refuses it.
      if (checkpoint.weightsOnly.loads !== null || loads) expect(checkpoint.weightsOnly.loads).toBe(loads)
      else expect(checkpoint.globals).toEqual([])
    }
    if (Array.isArray(said.torch_unsafe_globals)) expect([...checkpoint.weightsOnly.needs].sort()).toEqual([...said.torch_unsafe_globals as string[]].sort())
    if (said.torch_weights_only?.tensors) {
      const own = Object.fromEntries(checkpoint.tensors!.map((tensor) => [tensor.name === '.' ? '' : tensor.name, [`torch.${tensor.dtype}`, tensor.shape]]))
      const theirs = Object.fromEntries(Object.entries(said.torch_weights_only.tensors).map(([key, value]) => [key === '.' ? '' : key, value]))
      expect(own).toEqual(theirs)
    }
    if (hostile.test(name) && !closed.test(name)) {
      expect(checkpoint.dangerousGlobals).not.toEqual([])
      expect(checkpoint.weightsOnly.loads).not.toBe(true)
    } else expect(checkpoint.dangerousGlobals).toEqual([])
  })
})
