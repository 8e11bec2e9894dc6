/** Training states, wrapped and averaged models, odd views, keys and pickles (test/oracle/checkpoint/more.py) against a real PyTorch; and pickles that run something, or do not (globals.py). */

import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { memorySource } from '../../../server/src/core/checkpoint/bytes.ts'
import type { Checkpoint } from '../../../server/src/core/checkpoint/checkpoint.ts'
import { readCheckpoint } from '../../../server/src/core/checkpoint/read-checkpoint.ts'
import { parseRelease } from '../../../server/src/core/checkpoint/torch-release.ts'
import { inflate } from '../../../server/src/host/inflate.ts'

const versions = ['1.13', '2.6', '2.13'] as const

interface Told { readonly name: string, readonly dtype: string, readonly shape: readonly number[] | null, readonly stride: readonly number[] | null, readonly bytes: number }
interface Verdict { readonly loads: boolean, readonly error?: string, readonly unsafe?: readonly string[] }

function fixture<T>(name: string): T {
  return JSON.parse(gunzipSync(readFileSync(join(import.meta.dirname, '../../fixtures/checkpoints', name))).toString()) as T
}

function read(name: string, base64: string, version: string): Checkpoint {
  return readCheckpoint(memorySource(new Uint8Array(Buffer.from(base64, 'base64'))), { name, inflate, release: parseRelease(version)! }).checkpoint
}

const { tensors, verdicts, files } = fixture<{ readonly tensors: Record<string, { readonly files: Record<string, readonly Told[]> }>, readonly verdicts: Record<string, { readonly files: Record<string, Verdict> }>, readonly files: Record<string, string> }>('more.json.gz')

describe.each(versions)('more files of torch %s', (version) => {
  it('have the tensors that torch loads', () => {
    const wanted = Object.entries(tensors[version]!.files)
    expect(wanted.length).toBeGreaterThan(60)
    for (const [name, told] of wanted) {
      const checkpoint = read(name, files[name]!, version)
      const stateless = new Set(told.filter(({ stride }) => stride === null).map((tensor) => tensor.name))
      const own = checkpoint.tensors?.filter((tensor) => !tensor.name.startsWith('constants.')).map(({ name: label, dtype, shape, stride, bytes }) => ({ name: label, dtype, shape, stride: stateless.has(label) ? null : stride, bytes }))
      expect(own, name).toEqual(told)
      expect(checkpoint.anatomy.reduce((sum, part) => sum + part.bytes, 0), name).toBe(checkpoint.fileBytes)
      expect(checkpoint.anatomy.find(({ part }) => part === 'unknown'), name).toBeUndefined()
      expect(checkpoint.problems.filter(({ severity }) => severity === 'error'), name).toEqual([])
      expect(checkpoint.dangerousGlobals, name).toEqual([])
    }
  })

  it('load with weights_only, or not, as torch says', () => {
    for (const [name, told] of Object.entries(verdicts[version]!.files)) {
      const { weightsOnly } = read(name, files[name]!, version)
      expect({ name, loads: weightsOnly.loads, why: weightsOnly.why, torch: told.error }).toMatchObject({ loads: told.loads })
      if (told.unsafe) expect(weightsOnly.needs.filter((need) => !need.startsWith('numpy.dtypes.')).sort(), name).toEqual(told.unsafe)
    }
  })
})

describe('what a pickle calls', () => {
  const { bad, ok } = fixture<{ readonly bad: Record<string, string>, readonly ok: Record<string, string> }>('globals.json.gz')

  it('is named when it could do harm', () => {
    for (const [name, data] of Object.entries(bad)) {
      const { dangerousGlobals, weightsOnly } = read(name, data, '2.13')
      expect(dangerousGlobals.length, name).toBeGreaterThan(0)
      // What stands beside data.pkl in an archive is never read by torch, so it cannot keep the file from loading.
      if (!/^zip (member|storage)/.test(name)) expect(weightsOnly.loads, name).not.toBe(true)
    }
  })

  it('is left alone when it cannot', () => {
    for (const [name, data] of Object.entries(ok)) {
      const { dangerousGlobals, problems } = read(name, data, '2.13')
      expect(dangerousGlobals, name).toEqual([])
      expect(problems.filter(({ severity }) => severity === 'error'), name).toEqual([])
    }
  })
})
