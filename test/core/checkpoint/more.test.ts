/** Training states, wrapped and averaged models, odd views, keys and pickles (test/oracle/checkpoint/more.py), forms that are rarer still (rare.py) against a real PyTorch; and pickles that run something, or do not (globals.py). */

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

interface Zoo { readonly tensors: Record<string, { readonly files: Record<string, readonly Told[]> }>, readonly verdicts: Record<string, { readonly files: Record<string, Verdict> }>, readonly files: Record<string, string> }

/** torch.fx writes Python source that loading runs. */
const runsCode = /graph_module/

/** Tensors of an exported program beside its state_dict. */
const beside = (name: string, told: readonly Told[]) => ({ name: label }: { readonly name: string }): boolean => label.startsWith('constants.') || (name.endsWith('.pt2') && !told.some((tensor) => tensor.name === label))

describe.each([['more', 60], ['rare', 40]] as const)('%s', (zoo, least) => {
  const { tensors, verdicts, files } = fixture<Zoo>(`${zoo}.json.gz`)

  describe.each(versions)('files of torch %s', (version) => {
    it('have the tensors that torch loads', () => {
      const wanted = Object.entries(tensors[version]!.files)
      expect(wanted.length).toBeGreaterThan(least)
      for (const [name, told] of wanted) {
        const checkpoint = read(name, files[name]!, version)
        const stateless = new Set(told.filter(({ stride }) => stride === null).map((tensor) => tensor.name))
        const isBeside = beside(name, told)
        const own = checkpoint.tensors?.filter((tensor) => !isBeside(tensor)).map(({ name: label, dtype, shape, stride, bytes }) => ({ name: label, dtype, shape, stride: stateless.has(label) ? null : stride, bytes }))
        // Which order a safetensors file is listed in differs from release to release of its library.
        const ordered = <T extends { readonly name: string }>(list: readonly T[] | undefined): readonly T[] | undefined => name.endsWith('.safetensors') ? list?.toSorted((a, b) => a.name < b.name ? -1 : 1) : list
        expect(ordered(own), name).toEqual(ordered(told))
        expect(checkpoint.anatomy.reduce((sum, part) => sum + part.bytes, 0), name).toBe(checkpoint.fileBytes)
        expect(checkpoint.anatomy.find(({ part }) => part === 'unknown'), name).toBeUndefined()
        expect(checkpoint.problems.filter(({ severity }) => severity === 'error'), name).toEqual([])
        expect(checkpoint.dangerousGlobals.length > 0, name).toBe(runsCode.test(name))
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
