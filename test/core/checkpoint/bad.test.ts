/** Hostile and broken files (test/oracle/checkpoint/craft.py): the name of each is the problem or the danger that must be reported. */

import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { memorySource } from '../../../server/src/core/checkpoint/bytes.ts'
import type { Checkpoint } from '../../../server/src/core/checkpoint/checkpoint.ts'
import { readCheckpoint } from '../../../server/src/core/checkpoint/read-checkpoint.ts'
import { newestRelease } from '../../../server/src/core/checkpoint/torch-release.ts'
import { inflate } from '../../../server/src/host/inflate.ts'

const folder = join(import.meta.dirname, '../../fixtures/checkpoints')

function read(group: string, name: string): { readonly checkpoint: Checkpoint, readonly bytes: number } {
  const data = new Uint8Array(readFileSync(join(folder, group, name)))
  return { checkpoint: readCheckpoint(memorySource(data), { name, inflate, release: newestRelease }).checkpoint, bytes: data.length }
}

/** A file name cannot hold every character of a message. */
const plain = (text: string): string => text.replaceAll('/', ' ')

describe('hostile files', () => {
  it.each(readdirSync(join(folder, 'bad')))('%s', (name) => {
    const { checkpoint, bytes } = read('bad', name)
    expect(checkpoint.anatomy.reduce((sum, part) => sum + part.bytes, 0)).toBe(bytes)
    const expected = name.replace(/\.\w+$/, '').replace(/ - .*/, '')
    const danger = /^dangerous (.*)/.exec(expected)
    if (danger) expect(checkpoint.dangerousGlobals.map((found) => found.name.replace(/[<>]/g, '')).join(' ')).toContain(danger[1])
    else if (expected === 'no problem') expect(checkpoint.problems).toEqual([])
    else expect(checkpoint.problems.map(({ message }) => plain(message)).join('\n')).toContain(expected)
    if (checkpoint.tensors === null) expect(checkpoint.problems.some(({ severity }) => severity === 'error')).toBe(true)
  })
})

describe('crafted formats', () => {
  const shown = (name: string): string => {
    const { checkpoint } = read('good', `crafted-${name}`)
    return `${checkpoint.format}: ${(checkpoint.tensors ?? []).map(({ name: label, dtype, shape, stride, bytes }) => `${label} ${dtype} [${String(shape)}] [${String(stride)}] ${String(bytes)}`).join('; ')}`
  }
  it.each([
    ['tar.pt', 'torch-tar: weight float32 [2,3] [3,1] 24; view float32 [3] [1] 12'],
    ['gguf.gguf', 'gguf: embed float32 [3,4] [4,1] 48; block q8_0 [64] [1] 68'],
    ['program.pte', 'executorch: '],
    ['aot.pt2', 'aot-inductor: '],
    ['sub-byte.safetensors', 'safetensors: f4 float4 [2,3] [3,1] 3; f6 float6_e2m3 [4] [1] 3'],
    ['white-space.safetensors', 'safetensors: w float32 [3] [1] 12;  float32 [0] [1] 0; __proto__ float32 [2,0] [1,1] 0'],
    ['unknown-field.safetensors', 'safetensors: w float32 [3] [1] 12'],
    ['python2-legacy.pt', 'torch-legacy: weight float32 [3] [1] 12'],
    ['old-tensor.pt', 'torch-legacy: weight float32 [3] [1] 12'],
    ['tail-100.pt', 'torch-zip: weight float32 [3] [1] 12'],
    ['wrong-crc.pt', 'torch-zip: weight float32 [3] [1] 12'],
    ['lfs-pointer.pt', 'git-lfs-pointer: '],
  ])('%s', (name, expected) => {
    expect(shown(name)).toBe(expected)
  })
  it('says how large a file is that was not downloaded', () => {
    const { checkpoint } = read('good', 'crafted-lfs-pointer.pt')
    expect(checkpoint.problems[0]!.message).toContain('46827520 bytes')
  })
})
