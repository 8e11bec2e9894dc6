/** Reads the tar files that torch wrote before 0.3: members `storages`, `tensors` and `pickle`. torch refuses them with weights_only. */

import { i64, latin1, startsWith } from './bytes.ts'
import type { Checkpoint } from './checkpoint.ts'
import { assemble } from './content.ts'
import type { StoredStorage } from './storage-record.ts'
import { elementBytes } from './dtypes.ts'
import * as limits from './limits.ts'
import { PickleInput } from './pickle-input.ts'
import { runPickle } from './pickle-machine.ts'
import { PickleScan, scanAll } from './pickle-scan.ts'
import type { Reading } from './reading.ts'
import { sizes, storageClassDtype } from './tensor-values.ts'
import type { StorageId, TensorValue, Value } from './values.ts'
import { walk } from './walk.ts'

interface Member { readonly name: string, readonly start: number, readonly bytes: number }

export function readTar(reading: Reading): Checkpoint {
  const { reader, anatomy, judge } = reading
  const members = listMembers(reading)
  const find = (name: string): Member | undefined => members.find((member) => member.name === name || member.name === `./${name}`)
  const [storagesMember, tensorsMember, pickle] = [find('storages'), find('tensors'), find('pickle')]
  if (!storagesMember || !tensorsMember || !pickle) {
    for (const member of members) if (/\.(pkl|pickle|pt|pth|bin)$/.test(member.name)) scanAll(PickleInput.inFile(reader, member.start, member.start + member.bytes), reading.seen)
    reading.problem('error', 'the file is a tar archive, but not one that torch wrote', 0)
    return reading.finish('torch-tar', 'other', { notAsked: 'the file is a plain archive' })
  }
  if (reading.rules?.refusesOtherFormats !== false) judge?.refuse('weights_only refuses files in the old tar format')
  const storages = new Map<string, StoredStorage>()
  const byKey = new Map<string, StorageId>()
  if (readStorages(reading, storagesMember, storages, byKey)) readTensors(reading, tensorsMember, byKey)
  anatomy.add(pickle.start, pickle.start + pickle.bytes, 'pickle')
  const result = runPickle(PickleInput.inFile(reader, pickle.start, pickle.start + pickle.bytes), new PickleScan(reading.seen, judge))
  if (result.value === undefined) {
    reading.problem('error', `pickle: ${result.error?.message ?? 'broken'}`, result.error?.at)
    return reading.finish('torch-tar', 'other', reading.verdict())
  }
  const tensors = tarTensors.get(reading) ?? new Map<string, TensorValue>()
  const walked = walk(bindTensors(result.value, tensors), () => undefined)
  reading.content = assemble(walked, storages, false, anatomy, reading.problems)
  reading.torchVersionHint = '<0.3'
  return reading.finish('torch-tar', walked.kind, reading.verdict())
}

/** Tensors by key of the reading under way. */
const tarTensors = new WeakMap<Reading, Map<string, TensorValue>>()

/** Replaces persistent ids by calls that already know their tensor. Visits each container once. */
function bindTensors(root: Value, tensors: ReadonlyMap<string, TensorValue>): Value {
  const bound = (value: Value): Value => {
    if (typeof value !== 'object' || value?.kind !== 'persistent' || (typeof value.id !== 'string' && typeof value.id !== 'number')) return value
    const tensor = tensors.get(String(value.id))
    const callee: Value = { kind: 'global', module: 'torch._utils', name: 'tar', path: 'torch._utils.tar', original: 'torch._utils.tar', at: value.at }
    return { kind: 'call', how: 'reduce', callee, args: null, at: value.at, state: undefined, items: undefined, entries: undefined, tensor: tensor ?? null, loaded: undefined }
  }
  const seen = new Set<unknown>()
  const pending: Value[] = [root]
  for (let value = pending.pop(); value !== undefined; value = pending.pop()) {
    if (typeof value !== 'object' || value === null || seen.has(value)) continue
    seen.add(value)
    const lists: Value[][] = []
    if (value.kind === 'dict') lists.push(value.values as Value[])
    else if (value.kind === 'list' || value.kind === 'set' || value.kind === 'tuple') lists.push(value.items as Value[])
    else if (value.kind === 'call') {
      if (value.state !== undefined) pending.push(value.state)
      if (value.entries) lists.push(value.entries.values as Value[])
      if (value.items) lists.push(value.items)
      pending.push(value.args)
    }
    for (const list of lists) {
      list.forEach((item, index) => {
        const value = bound(item)
        // Nothing may be written into the list that all empty containers share.
        if (value !== item) list[index] = value
        pending.push(value)
      })
    }
  }
  return bound(root)
}

function listMembers(reading: Reading): Member[] {
  const { reader, anatomy } = reading
  const members: Member[] = []
  let at = 0
  while (at + 512 <= reader.bytes && members.length < limits.membersLookedAt) {
    const header = reader.read(at, 512)
    if (header.length < 512 || header[0] === 0) break
    if (!startsWith(header, 'ustar', 257)) break
    const end = header.subarray(0, 100).indexOf(0)
    const digits = /^[ 0]*([0-7]*)/.exec(latin1(header, 124, 136))?.[1] ?? ''
    const bytes = digits === '' ? 0 : Number.parseInt(digits, 8)
    const start = at + 512
    anatomy.add(at, start, 'container')
    if (start + bytes > reader.bytes) {
      reading.problem('error', 'the tar archive is cut off', reader.bytes)
      break
    }
    members.push({ name: latin1(header, 0, end < 0 ? 100 : end), start, bytes })
    at = start + Math.ceil(bytes / 512) * 512
    anatomy.add(start + bytes, Math.min(at, reader.bytes), 'padding')
  }
  anatomy.add(at, reader.bytes, 'padding')
  return members
}

function readStorages(reading: Reading, member: Member, storages: Map<string, StoredStorage>, byKey: Map<string, StorageId>): boolean {
  const { reader, anatomy } = reading
  const end = member.start + member.bytes
  const input = PickleInput.inFile(reader, member.start, end)
  const next = (): Value | undefined => runPickle(input, new PickleScan(reading.seen, null)).value
  const fail = (message: string): boolean => {
    reading.problem('error', `storages: ${message}`, input.offset)
    return false
  }
  const count = next()
  if (typeof count !== 'number' || count > limits.tensors) return fail('their number is missing')
  anatomy.add(member.start, input.offset, 'pickle')
  for (let index = 0; index < count; index++) {
    const start = input.offset
    const described = next()
    if (typeof described !== 'object' || described?.kind !== 'tuple' || described.items.length < 3) return fail(`storage ${String(index)} is not described`)
    const [key, location, type] = described.items
    const dtype = storageClassDtype(type)
    const size = reader.read(input.offset, 8)
    if (dtype === undefined || size.length < 8) return fail(`storage ${String(index)} has no known type`)
    const width = elementBytes(dtype)!
    const elements = i64(size, 0)
    const data = input.offset + 8
    anatomy.add(start, input.offset, 'pickle')
    anatomy.add(input.offset, data, 'container')
    if (elements < 0 || data + elements * width > end) return fail(`storage ${String(index)} passes the end of its member`)
    const name = String(typeof key === 'object' ? index : key)
    const device = typeof location === 'string' ? location : 'cpu'
    storages.set(name, { key: name, dtype, device, bytes: elements * width, start: data })
    byKey.set(name, { key: name, dtype, device, bytes: elements * width, count: elements })
    if (!input.skip(8) || !input.skip(elements * width)) return fail('the member is cut off')
  }
  const start = input.offset
  const views = next()
  anatomy.add(start, end, 'pickle')
  return viewsOf(views, byKey) || fail('the list of views is missing')
}

/** Views are storages of their own inside another: (key, root key, offset, count). */
function viewsOf(views: Value | undefined, byKey: Map<string, StorageId>): boolean {
  if (typeof views !== 'object' || (views?.kind !== 'list' && views?.kind !== 'tuple')) return false
  for (const view of views.items) {
    if (typeof view !== 'object' || view?.kind !== 'tuple') continue
    const [key, rootKey, offset] = view.items
    const root = byKey.get(String(rootKey as string))
    if (root && typeof offset === 'number') byKey.set(String(key as string), { ...root, viewOffset: offset * (elementBytes(root.dtype) ?? 1) } as StorageId)
  }
  return true
}

function readTensors(reading: Reading, member: Member, byKey: ReadonlyMap<string, StorageId>): void {
  const { reader, anatomy } = reading
  const end = member.start + member.bytes
  anatomy.add(member.start, end, 'container')
  const input = PickleInput.inFile(reader, member.start, end)
  const next = (): Value | undefined => runPickle(input, new PickleScan(reading.seen, null)).value
  const tensors = new Map<string, TensorValue>()
  tarTensors.set(reading, tensors)
  const count = next()
  if (typeof count !== 'number' || count > limits.tensors) {
    reading.problem('error', 'tensors: their number is missing', member.start)
    return
  }
  for (let index = 0; index < count; index++) {
    const described = next()
    const rank = reader.read(input.offset, 4)
    const dimensions = rank.length === 4 ? rank[0]! : -1
    const body = reader.read(input.offset + 8, dimensions * 16 + 8)
    if (typeof described !== 'object' || described?.kind !== 'tuple' || dimensions < 0 || dimensions > limits.dimensions || body.length < dimensions * 16 + 8 || input.offset + 8 + body.length > end) {
      reading.problem('error', `tensors: tensor ${String(index)} is broken`, input.offset)
      return
    }
    const numbers = (from: number): number[] => Array.from({ length: dimensions }, (_, at) => i64(body, (from + at) * 8))
    const shape = numbers(0)
    const stride = numbers(dimensions)
    const offset = i64(body, dimensions * 16)
    const storage = byKey.get(String(described.items[1] as string))
    const width = storage ? elementBytes(storage.dtype)! : 0
    const elements = shape.reduce((product, size) => product * size, 1)
    const reach = elements === 0 ? 0 : offset + 1 + shape.reduce((sum, size, at) => sum + (size - 1) * stride[at]!, 0)
    const viewOffset = (storage as { readonly viewOffset?: number } | undefined)?.viewOffset ?? 0
    if (!storage || !sizes({ kind: 'tuple', items: shape }) || !sizes({ kind: 'tuple', items: stride }) || offset < 0 || viewOffset + reach * width > storage.bytes) reading.problem('error', `tensors: tensor ${String(index)} has no valid storage`, input.offset)
    else tensors.set(String(described.items[0] as string), { dtype: storage.dtype, shape, stride, bytes: elements * width, layout: 'strided', storage, offset: offset + viewOffset / width, parameter: false, requiresGrad: false, parts: [], opaque: false })
    input.skip(8 + dimensions * 16 + 8)
  }
}
