import { execFileSync } from 'node:child_process'
import * as fs from 'node:fs'
import * as os from 'node:os'
import * as path from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createDiskFiles } from '../../server/src/host/disk-files.ts'
import { isFailure } from '../../server/src/core/ports.ts'

const files = createDiskFiles()
let folder: string

beforeAll(() => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'torch-footprint-'))
  fs.writeFileSync(path.join(folder, 'a.txt'), '\uFEFFhé')
  fs.symlinkSync('loop', path.join(folder, 'loop'))
})
afterAll(() => fs.rmSync(folder, { recursive: true }))

describe('disk files', () => {
  it('reads text without its byte order mark', () => expect(files.readText(`${folder}/a.txt`, 100)).toBe('hé'))
  it('says what is wrong, and throws nothing', () => {
    expect(files.readText(`${folder}/none`, 100)).toMatchObject({ reason: 'missing' })
    expect(files.readText(folder, 100)).toMatchObject({ reason: 'not-a-file' })
    expect(files.readText(`${folder}/a.txt`, 2)).toMatchObject({ reason: 'too-large' })
    expect(files.open(`${folder}/loop`)).toMatchObject({ reason: 'io' })
    expect(files.open(`${folder}/a\0b`)).toMatchObject({ kind: 'failure' })
    expect(files.stat(`${folder}/a\0b`)).toBeUndefined()
    expect(files.list(`${folder}/none`)).toBeUndefined()
    expect(files.realPath(`${folder}/loop`)).toBeUndefined()
  })
  it('does not wait for a writer of a FIFO', () => {
    if (process.platform === 'win32') return
    execFileSync('mkfifo', [`${folder}/fifo`])
    expect(files.open(`${folder}/fifo`)).toMatchObject({ reason: 'not-a-file' })
  })
  it('reads ranges, short at the end, empty outside', () => {
    const source = files.open(`${folder}/a.txt`)
    if (isFailure(source)) throw new Error(source.message)
    expect(source.bytes).toBe(6)
    expect([...source.read(3, 2)]).toEqual([0x68, 0xc3])
    expect(source.read(5, 10).length).toBe(1)
    expect(source.read(6, 1).length).toBe(0)
    source.close()
    source.close()
    expect(source.read(0, 1).length).toBe(0)
  })
  it('lists kinds', () => {
    expect(files.list(folder)?.find((entry) => entry.name === 'loop')?.kind).toBe('link')
    expect(files.stat(`${folder}/a.txt`)).toMatchObject({ kind: 'file', bytes: 6 })
  })
})
