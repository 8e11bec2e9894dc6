/** Reads `*.index.json`: a weight map over shards, and the shards themselves where they lie beside it. */

import { isFailure } from '../ports.ts'
import { utf8 } from './bytes.ts'
import type { Checkpoint, CheckpointStorage, CheckpointTensor, Part } from './checkpoint.ts'
import * as limits from './limits.ts'
import type { Reading } from './reading.ts'
import { isJsonFault, member, parseStrictJson } from './strict-json.ts'
import type { Json } from './strict-json.ts'

/** A JSON file: the index of a sharded checkpoint, or something else. */
export function readIndex(reading: Reading): Checkpoint {
  const { reader } = reading
  const bytes = reader.read(0, reader.bytes)
  const text = utf8(bytes, 0, bytes.length)
  const json = text === undefined ? undefined : parseStrictJson(text)
  reading.anatomy.add(0, reader.bytes, 'container')
  const map = json === undefined || isJsonFault(json) ? undefined : member(json, 'weight_map')
  if (json === undefined || isJsonFault(json) || typeof map !== 'object' || map?.kind !== 'object') {
    reading.problem('error', 'the file is JSON, but no index of a sharded checkpoint', 0)
    return reading.finish('json', 'other', { notAsked: 'the file is JSON' })
  }
  const shards = new Map<string, string[]>()
  for (const [index, name] of map.keys.entries()) {
    const shard = map.values[index]!
    if (typeof shard !== 'string') {
      reading.problem('error', `the index names no shard for ${name}`)
      continue
    }
    const list = shards.get(shard)
    if (list) list.push(name)
    else if (shards.size < limits.shards) shards.set(shard, [name])
  }
  const safe = [...shards.keys()].every((shard) => shard.endsWith('.safetensors')) && shards.size > 0
  const report = { ...reading.finish(safe ? 'safetensors-index' : 'torch-index', 'state_dict', { notAsked: 'an index holds no pickle; its shards are loaded one by one' }) }
  return withShards(reading, report, shards, totalSize(json))
}

function totalSize(json: Json): number | undefined {
  const total = member(member(json, 'metadata'), 'total_size')
  return typeof total === 'object' && total?.kind === 'number' && Number.isSafeInteger(Number(total.text)) ? Number(total.text) : undefined
}

/** Joins the shards' reports: tensors of all, anatomy and bytes over the index and every shard that is there. */
function withShards(reading: Reading, report: Checkpoint, shards: ReadonlyMap<string, readonly string[]>, total: number | undefined): Checkpoint {
  const { files } = reading.options
  const folder = reading.options.name.replace(/[^/\\]*$/, '')
  const tensors: CheckpointTensor[] = []
  const storages: CheckpointStorage[] = []
  const anatomy = new Map<Part, number>(report.anatomy.map(({ part, bytes }) => [part, bytes]))
  const globals = new Set<string>()
  const dangerous = [...report.dangerousGlobals]
  let fileBytes = report.fileBytes
  let bytesRead = report.bytesRead
  let complete = files !== undefined
  let tooMany = false
  for (const [shard, names] of shards) {
    if (/[/\\]|^\.\.?$|\0/.test(shard)) {
      reading.problem('error', `the shard ${shard} does not stand beside the index`)
      complete = false
      continue
    }
    const source = files?.open(folder + shard)
    if (source === undefined) continue
    if (isFailure(source)) {
      reading.problem('error', `${shard}: ${source.message}`)
      complete = false
      continue
    }
    const { checkpoint } = reading.readAnother(source, { ...reading.options, name: folder + shard, files: undefined })
    source.close()
    fileBytes += checkpoint.fileBytes
    bytesRead += checkpoint.bytesRead
    for (const { part, bytes } of checkpoint.anatomy) anatomy.set(part, (anatomy.get(part) ?? 0) + bytes)
    for (const name of checkpoint.globals) globals.add(name)
    for (const danger of checkpoint.dangerousGlobals) if (!dangerous.some(({ name }) => name === danger.name)) dangerous.push(danger)
    for (const problem of checkpoint.problems) reading.problem(problem.severity, `${shard}: ${problem.message}`, problem.offset)
    if (checkpoint.tensors === null) complete = false
    const listed = new Set(checkpoint.tensors?.map(({ name }) => name))
    for (const name of names) if (checkpoint.tensors && !listed.has(name)) reading.problem('error', `${shard} does not hold ${name}`)
    if (tensors.length + (checkpoint.tensors?.length ?? 0) > limits.shardTensors) tooMany = true
    for (const tensor of tooMany ? [] : checkpoint.tensors ?? []) {
      if (tensors.length < limits.shardTensors) tensors.push({ ...tensor, storage: tensor.storage === null ? null : `${shard}:${tensor.storage}`, file: shard })
    }
    for (const storage of checkpoint.storages) if (storages.length < limits.shardTensors) storages.push({ ...storage, key: `${shard}:${storage.key}` })
  }
  if (tooMany) {
    complete = false
    reading.problem('error', `the shards hold more than ${String(limits.shardTensors)} tensors, which this reader does not keep in memory: they are not listed`)
  }
  const sum = tensors.reduce((bytes, tensor) => bytes + (tensor.bytes ?? 0), 0)
  if (complete && total !== undefined && total !== sum) reading.problem('warning', `the index says its tensors have ${String(total)} bytes, the shards hold ${String(sum)}`)
  if (total !== undefined) reading.metadata['total_size'] = String(total)
  return { ...report, fileBytes, bytesRead, tensors: files === undefined || tooMany ? null : tensors, storages: tooMany ? [] : storages, anatomy: Array.from(anatomy, ([part, bytes]) => ({ part, bytes })), globals: [...globals], dangerousGlobals: dangerous, problems: reading.problems, metadata: reading.metadata }
}

