/** Every file of the zoo (test/oracle/checkpoint/make.py) against what a real PyTorch says about it: tensors, and the verdict of three releases. */

import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { memorySource } from '../../../server/src/core/checkpoint/bytes.ts'
import type { Checkpoint } from '../../../server/src/core/checkpoint/checkpoint.ts'
import { readCheckpoint } from '../../../server/src/core/checkpoint/read-checkpoint.ts'
import { parseRelease } from '../../../server/src/core/checkpoint/torch-release.ts'
import { createDiskFiles } from '../../../server/src/host/disk-files.ts'
import { inflate } from '../../../server/src/host/inflate.ts'

const good = join(import.meta.dirname, '../../fixtures/checkpoints/good')
const versions = ['1.13', '2.6', '2.13'] as const

interface Told { readonly name: string, readonly dtype: string, readonly shape: readonly number[] | null, readonly stride: readonly number[] | null, readonly bytes: number }
interface Verdict { readonly loads: boolean, readonly error?: string, readonly unsafe?: readonly string[] }

function oracle<T>(name: string): Readonly<Record<string, T>> {
  const file = join(good, name)
  return existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as { readonly files: Record<string, T> }).files : {}
}

function read(name: string, version: string): Checkpoint {
  const path = join(good, name)
  const file = statSync(path).isDirectory() ? join(path, readdirSync(path).find((entry) => entry.endsWith('.index.json'))!) : path
  return readCheckpoint(memorySource(new Uint8Array(readFileSync(file))), { name: file, inflate, release: parseRelease(version)!, files: createDiskFiles() }).checkpoint
}

/** What TorchScript and export hold besides their state_dict: constants. */
const notInState = (name: string): boolean => name.startsWith('constants.')

describe.each(versions)('files of torch %s', (version) => {
  it.each(Object.entries(oracle<readonly Told[]>(`${version}.oracle.json`)))('%s', (name, told) => {
    const checkpoint = read(name, version)
    const own = checkpoint.tensors?.filter((tensor) => !notInState(tensor.name)).map(({ name: label, dtype, shape, stride, bytes }) => ({ name: label, dtype, shape, stride, bytes }))
    const stateless = new Set(told.filter(({ stride, shape }) => stride === null || shape === null).map((tensor) => tensor.name))
    const sort = name.endsWith('.safetensors') || version === '2.6' && name.includes('safe')
    if (sort) own?.sort((a, b) => a.name < b.name ? -1 : 1)
    expect(own?.map((tensor) => stateless.has(tensor.name) ? { ...tensor, stride: null } : tensor)).toEqual(sort ? [...told].sort((a, b) => a.name < b.name ? -1 : 1) : told)
    expect(checkpoint.anatomy.reduce((sum, part) => sum + part.bytes, 0)).toBe(checkpoint.fileBytes)
    expect(checkpoint.anatomy.find(({ part }) => part === 'unknown')?.bytes ?? 0).toBeLessThan(name.includes('trailing') ? 10 : 1)
    expect(checkpoint.problems.filter(({ severity }) => severity === 'error')).toEqual([])
    expect(checkpoint.dangerousGlobals).toEqual([])
  })
})

describe.each(versions)('weights_only of torch %s', (version) => {
  it.each(Object.entries(oracle<Verdict>(`verdicts-${version}.oracle.json`)))('%s', (name, told) => {
    const { weightsOnly } = read(name, version)
    expect({ loads: weightsOnly.loads, why: weightsOnly.why, torch: told.error }).toMatchObject({ loads: told.loads })
    if (told.unsafe) {
      expect(weightsOnly.needs.filter((need) => !need.startsWith('numpy.dtypes.')).sort()).toEqual(told.unsafe)
    }
  })
})
