/** Slimmed files read back: the same names, types and shapes, nothing unreachable, loadable with weights_only; the bytes themselves are proven by test/oracle/checkpoint/check-slim.py. */

import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { afterAll, describe, expect, it } from 'vitest'
import { memorySource } from '../../server/src/core/checkpoint/bytes.ts'
import { castFloats } from '../../server/src/core/checkpoint/casts.ts'
import { readCheckpoint, type CheckpointReading } from '../../server/src/core/checkpoint/read-checkpoint.ts'
import { planSlim, refuseSlim, type SlimOptions } from '../../server/src/core/checkpoint/slim-plan.ts'
import { newestRelease } from '../../server/src/core/checkpoint/torch-release.ts'
import { findDuplicates } from '../../server/src/host/find-duplicates.ts'
import { inflate } from '../../server/src/host/inflate.ts'
import { writeSlim } from '../../server/src/host/write-slim.ts'

const good = join(import.meta.dirname, '../fixtures/checkpoints/good')
const rules = join(import.meta.dirname, '../fixtures/checkpoints/rules')
const folder = mkdtempSync(join(tmpdir(), 'torch-footprint-slim-'))
afterAll(() => { rmSync(folder, { recursive: true, force: true }) })

function read(file: string): CheckpointReading {
  return readCheckpoint(memorySource(new Uint8Array(readFileSync(file))), { name: file, inflate, release: newestRelease })
}

const options: SlimOptions = { drop: new Set(['optimizer', 'ema', 'other']), materialise: true, format: 'torch', root: 'out' }

describe('slim', () => {
  const names = readdirSync(good).filter((name) => /^(2\.13|1\.13)-.*\.(pt|pth|bin|ckpt|safetensors)$/.test(name) && statSync(join(good, name)).isFile())
  it.each(names)('%s', async (name) => {
    const input = join(good, name)
    const reading = read(input)
    const refusal = refuseSlim(reading.checkpoint.format, reading.checkpoint.kind, reading.content)
    if (refusal !== undefined) return
    const plan = planSlim(reading.content!, options)
    if (plan.kind === 'refusal') return
    const output = join(folder, name.replace(/\.safetensors$/, '.pt'))
    const { bytes } = await writeSlim(input, output, plan, () => undefined)
    expect(bytes).toBe(plan.totalBytes)
    expect(statSync(output).size).toBe(bytes)
    const { checkpoint } = read(output)
    expect(checkpoint.problems).toEqual([])
    expect(checkpoint.weightsOnly).toMatchObject({ loads: true })
    expect(checkpoint.alignment).toBe(64)
    const shown = (list: typeof checkpoint.tensors): unknown => list!.filter(({ role }) => role === 'weights').map(({ name: label, dtype, shape, bytes: own }) => ({ label, dtype, shape, own }))
    expect(shown(checkpoint.tensors)).toEqual(shown(reading.checkpoint.tensors))
    expect(readdirSync(folder).filter((entry) => entry.includes('partial'))).toEqual([])
  })

  it('tells keys apart that print alike', async () => {
    const packed = JSON.parse(gunzipSync(readFileSync(join(good, '../rare.json.gz'))).toString()) as { readonly files: Record<string, string> }
    const input = join(folder, 'alike.pt')
    writeFileSync(input, Buffer.from(packed.files['2.13-keys_alike.pt']!, 'base64'))
    const plan = planSlim(read(input).content!, options)
    if (plan.kind === 'refusal') throw new Error(plan.reason)
    const output = join(folder, 'told-apart.pt')
    await writeSlim(input, output, plan, () => undefined)
    const { checkpoint } = read(output)
    expect(checkpoint.problems).toEqual([])
    // Of 1 and '1' only the second is a name of a weight.
    expect(checkpoint.tensors!.map(({ name, shape }) => [name, shape])).toEqual([['1', [2]], ['a\nb', [11]], ["it's.it's", [1]]])
  })

  it('leaves nothing behind when it is cancelled', async () => {
    const input = join(rules, 'optimizer.pt')
    const plan = planSlim(read(input).content!, options)
    const cancel = new AbortController()
    cancel.abort()
    const output = join(folder, 'cancelled.pt')
    await expect(writeSlim(input, output, plan as Extract<typeof plan, { kind: 'plan' }>, () => undefined, cancel.signal)).rejects.toThrow('cancelled')
    expect(existsSync(output)).toBe(false)
    expect(readdirSync(folder).filter((entry) => entry.includes('partial'))).toEqual([])
  })

  it('writes repeated tensors once', async () => {
    const input = join(rules, 'duplicates.pt')
    const content = read(input).content!
    const draft = planSlim(content, options)
    if (draft.kind === 'refusal') throw new Error(draft.reason)
    const same = findDuplicates(input, draft.storages)
    expect([...same]).toEqual([['1', '0']])
    const plan = planSlim(content, options, same)
    if (plan.kind === 'refusal') throw new Error(plan.reason)
    const output = join(folder, 'once.pt')
    await writeSlim(input, output, plan, () => undefined)
    const { checkpoint } = read(output)
    expect(checkpoint.storages).toHaveLength(1)
    expect(checkpoint.tensors!.map(({ name, storage }) => [name, storage])).toEqual([['embed.weight', '0'], ['head.weight', '0']])
  })
})

describe('castFloats', () => {
  const half = (values: readonly number[]): number[] => [...new Uint16Array(castFloats('float32-float16', new Uint8Array(Float32Array.from(values).buffer)).output.buffer)]
  const brain = (values: readonly number[]): number[] => [...new Uint16Array(castFloats('float32-bfloat16', new Uint8Array(Float32Array.from(values).buffer)).output.buffer)]
  it('rounds to nearest, ties to even', () => {
    expect(half([1, 1 + 2 ** -11, 1 + 3 * 2 ** -11, -0, 2 ** -24, 2 ** -25, 1.5 * 2 ** -25, 65504])).toEqual([0x3c00, 0x3c00, 0x3c02, 0x8000, 1, 0, 1, 0x7bff])
    expect(brain([1, 1 + 2 ** -8, 1 + 3 * 2 ** -8, -2.5])).toEqual([0x3f80, 0x3f80, 0x3f82, 0xc020])
  })
  it('counts what overflows, not what was infinite', () => {
    const input = new Uint8Array(Float32Array.from([65519.9, 65520, 1e30, Infinity, -Infinity]).buffer)
    const { output, overflowed } = castFloats('float32-float16', input)
    expect([...new Uint16Array(output.buffer)]).toEqual([0x7bff, 0x7c00, 0x7c00, 0x7c00, 0xfc00])
    expect(overflowed).toBe(2)
  })
})
