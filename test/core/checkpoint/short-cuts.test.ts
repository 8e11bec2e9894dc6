/** The quick ways of reading what torch and safetensors usually write must give what the full readers give, on good input and on any mutant of it. */

import { describe, expect, it } from 'vitest'
import { encodeUtf8 } from '../../../server/src/core/checkpoint/bytes.ts'
import { PickleInput } from '../../../server/src/core/checkpoint/pickle-input.ts'
import { runPickle } from '../../../server/src/core/checkpoint/pickle-machine.ts'
import { GlobalsSeen, PickleScan } from '../../../server/src/core/checkpoint/pickle-scan.ts'
import { StorageRecord } from '../../../server/src/core/checkpoint/storage-record.ts'
import { parseAnyHeader, parseHeader } from '../../../server/src/core/checkpoint/safetensors-header.ts'
import { isCall, storageOfPersistent } from '../../../server/src/core/checkpoint/tensor-values.ts'
import { newestRelease, weightsOnlyRules } from '../../../server/src/core/checkpoint/torch-release.ts'
import type { Value } from '../../../server/src/core/checkpoint/values.ts'
import { walk } from '../../../server/src/core/checkpoint/walk.ts'
import { WeightsOnlyJudge } from '../../../server/src/core/checkpoint/weights-only.ts'

/** Park-Miller: the same numbers on every machine. */
function random(seed: number): (below: number) => number {
  let state = seed
  return (below) => {
    state = (state * 48_271) % 2_147_483_647
    return state % below
  }
}

/** A state_dict as torch.save pickles it, every part in the memo, with a tied tensor and keys that are memoized strings. */
function stateDict(): Uint8Array {
  const bytes: number[] = [0x80, 2]
  let memo = 0
  const text = (value: string): void => { bytes.push(...encodeUtf8(value)) }
  const put = (): void => { bytes.push(0x71, memo++) }
  const word = (value: string): void => {
    bytes.push(0x58, value.length, 0, 0, 0)
    text(value)
    put()
  }
  text('ccollections\nOrderedDict\n')
  put()
  text(')R')
  put()
  text('(')
  const first = memo
  const shapes = [[4, 3], [7], [], [2, 3, 4], [2, 1, 2, 2], [0, 5], [200, 300], [5]]
  shapes.forEach((shape, index) => {
    word(`layer.${String(index)}.weight`)
    if (index === 0) {
      text('ctorch._utils\n_rebuild_tensor_v2\n')
      put()
      text('((')
      word('storage')
      text('ctorch\nFloatStorage\n')
      put()
    } else bytes.push(0x68, first + 1, 0x28, 0x28, 0x68, first + 2, 0x68, first + 3)
    // The last tensor is tied to the one before it.
    const key = index === 7 ? 6 : index
    const count = index >= 6 ? 60_000 : shape.reduce((product, size) => product * size, 1)
    word(String(key))
    if (index === 0) word('cpu')
    else bytes.push(0x68, first + 5)
    if (count < 256) bytes.push(0x4b, count)
    else bytes.push(0x4d, count & 0xff, count >> 8)
    text('t')
    put()
    text('Q')
    bytes.push(0x4b, 0)
    const stride = shape.map((_, at) => shape.slice(at + 1).reduce((product, size) => product * size, 1))
    for (const numbers of [shape, stride]) {
      if (numbers.length > 3) text('(')
      for (const number of numbers) {
        if (number < 256) bytes.push(0x4b, number)
        else bytes.push(0x4d, number & 0xff, number >> 8)
      }
      bytes.push([0x29, 0x85, 0x86, 0x87, 0x74][numbers.length]!)
      if (numbers.length > 0) put()
    }
    bytes.push(0x89, 0x68, 0)
    text(')R')
    put()
    text('t')
    put()
    text('R')
    put()
  })
  text('u.')
  // The short cut wants room behind a tensor: what follows STOP is no part of the pickle.
  return Uint8Array.from([...bytes, ...new Array<number>(400).fill(0x2e)])
}

/** Everything that a reading of the pickle tells: tensors, storages, globals, verdict, error. */
function told(pickle: Uint8Array, usualTensors: 'zip' | 'none'): unknown {
  const seen = new GlobalsSeen()
  const judge = new WeightsOnlyJudge(weightsOnlyRules(newestRelease)!)
  const scan = new PickleScan(seen, judge, { usualTensors })
  const { value, error } = runPickle(PickleInput.inMemory(pickle), scan)
  const about = { error, globals: seen.names(), dangers: seen.dangers(), verdict: judge.verdict() }
  if (value === undefined) return about
  const walked = walk(value, storageOfPersistent)
  const storages = new Map(scan.persistentIds.map((id) => {
    const storage = id instanceof StorageRecord ? id : storageOfPersistent(id)
    return [storage?.key, storage && [storage.dtype, storage.device, storage.bytes, storage.count]]
  }))
  const tensors = walked.tensors.map(({ name, tensor: { dtype, shape, stride, bytes, offset, requiresGrad, storage }, role }) => ({ name, dtype, shape, stride, bytes, offset, requiresGrad, key: storage?.key, role }))
  return { ...about, storages, tensors, broken: walked.broken, kind: walked.kind, spelled: spelled(value) }
}

/** The value written out, so that what a tensor spells out again is compared as well. */
function spelled(root: Value): unknown {
  const seen = new Map<object, number>()
  const write = (value: Value, depth: number): unknown => {
    if (typeof value !== 'object' || value === null || depth > 12) return value
    const known = seen.get(value)
    if (known !== undefined) return `again ${String(known)}`
    // Empty tuples are one object to the machine, several to a tensor that spells itself out again.
    if (value.kind !== 'tuple' || value.items.length > 0) seen.set(value, seen.size)
    switch (value.kind) {
      case 'dict': return [value.className, value.keys.map((key, index) => [write(key, depth + 1), write(value.values[index]!, depth + 1)]), value.attributes === undefined ? '' : write(value.attributes, depth + 1)]
      case 'list':
      case 'tuple':
      case 'set': return [value.kind, ...value.items.map((item) => write(item, depth + 1))]
      case 'persistent': return ['persistent', write(value.id, depth + 1)]
      case 'global': return value.path
      case 'call': return [isCall(value) ? value.how : '', write(value.callee, depth + 1), write(value.args, depth + 1), value.state === undefined ? '' : write(value.state, depth + 1)]
      default: return value
    }
  }
  return write(root, 0)
}

describe('tensors that are read at once', () => {
  const pickle = stateDict()

  it('are what the machine builds from their opcodes', () => {
    const slow = told(pickle, 'none') as { readonly tensors: readonly unknown[], readonly error: unknown }
    expect(slow.error).toBeUndefined()
    expect(slow.tensors).toHaveLength(8)
    expect(told(pickle, 'zip')).toEqual(slow)
  })

  it('are the same, or refused the same, in every mutant', () => {
    const below = random(20_260_722)
    const interesting = [0x28, 0x29, 0x52, 0x74, 0x51, 0x68, 0x71, 0x4b, 0x4e, 0x88, 0x89, 0x85, 0x86, 0x87, 0x2e, 0x30, 0x31, 0x32, 0x62, 0x75, 0x58, 0x63, 0, 1, 7, 255]
    let readable = 0
    for (let round = 0; round < 6_000; round++) {
      let mutant = pickle.slice()
      for (let changes = below(2) + 1; changes > 0; changes--) {
        const at = 60 + below(pickle.length - 460)
        const kind = below(4)
        if (kind === 0) mutant[at] = interesting[below(interesting.length)]!
        else if (kind === 1) mutant[at] = (mutant[at]! + 1 + below(3)) & 0xff
        else if (kind === 2) mutant = Uint8Array.from([...mutant.subarray(0, at), ...mutant.subarray(at + 1)])
        else mutant = Uint8Array.from([...mutant.subarray(0, at), interesting[below(interesting.length)]!, ...mutant.subarray(at)])
      }
      const slow = told(mutant, 'none')
      if ((slow as { readonly error: unknown }).error === undefined) readable += 1
      expect(told(mutant, 'zip'), `mutant ${String(round)}`).toEqual(slow)
    }
    expect(readable).toBeGreaterThan(100)
  })
})

describe('safetensors headers that are read at once', () => {
  const header = '{"__metadata__":{"format":"pt","tied":"a.weight"},"a.weight":{"dtype":"F32","shape":[2,3],"data_offsets":[0,24]},"b":{"dtype":"I64","shape":[],"data_offsets":[24,32]},"c.d":{"dtype":"F8_E4M3","shape":[1,2,3,4],"data_offsets":[32,56]}}      '

  it('are what the strict reader makes of them, or are left to it', () => {
    expect(parseHeader(encodeUtf8(header))).toEqual(parseAnyHeader(encodeUtf8(header)))
    const below = random(7)
    const letters = '{}[],:"0123456789.eE -+abFI\\\u0000\u007f\u00e9'
    for (let round = 0; round < 20_000; round++) {
      const at = below(header.length)
      const letter = letters[below(letters.length)]!
      const kind = below(3)
      const mutant = encodeUtf8(header.slice(0, at) + (kind === 0 ? '' : letter) + header.slice(kind === 1 ? at : at + 1))
      expect(parseHeader(mutant), `mutant ${String(round)}`).toEqual(parseAnyHeader(mutant))
    }
  })
})
