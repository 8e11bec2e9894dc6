/** What is worth saying about a weights file by itself, whatever code loads it: one finding per rule, with what it would save. */

import { difference, exact, type Figure } from '../measure/figure.ts'
import { formatBytes, formatCount } from '../measure/format.ts'
import type { CheckpointTensor, WhatIfAction } from './checkpoint.ts'
import { elementBytes } from './dtypes.ts'
import type { CheckpointReading } from './read-checkpoint.ts'
import { whatIf } from './what-if.ts'

export type CheckpointRule =
  | 'checkpoint-holds-optimizer' | 'checkpoint-holds-ema-twin' | 'storage-outlives-view' | 'duplicate-tensors' | 'float64-weights'
  | 'whole-module-pickle' | 'legacy-format' | 'weights-only-will-fail' | 'dangerous-pickle'

export interface CheckpointFinding {
  readonly rule: CheckpointRule
  /** What stands in the file, as a clause that a sentence can go on from. */
  readonly what: string
  /** The whole sentence, about the file. */
  readonly message: string
  readonly saving: Figure | null
}

const sentences: Readonly<Record<CheckpointRule, string>> = {
  'checkpoint-holds-optimizer': 'It holds {what}: inference does not need it.',
  'checkpoint-holds-ema-twin': 'It holds {what}: one of the two is enough for inference.',
  'storage-outlives-view': 'It holds {what}: it was saved from a view, without .clone().',
  'duplicate-tensors': 'It holds {what}.',
  'float64-weights': 'It holds {what}: float32 takes half.',
  'whole-module-pickle': 'It holds {what}: it loads only beside the code that made it.',
  'legacy-format': 'It is in {what}: it cannot be loaded with mmap=True.',
  'weights-only-will-fail': 'weights_only=True will not load it: {what}.',
  'dangerous-pickle': 'Loading it calls {what}.',
}

/** Below this, bytes are not worth a word. */
const worthSaying = 65_536

/** A storage of which less than this share lies idle is left alone. */
const idleShare = 0.05

export function checkpointFindings(reading: CheckpointReading, name: string): readonly CheckpointFinding[] {
  const { checkpoint, content } = reading
  const found: Omit<CheckpointFinding, 'message'>[] = []
  const part = (wanted: string): number => checkpoint.anatomy.find((row) => row.part === wanted)?.bytes ?? 0
  let planned: ReturnType<typeof whatIf> | undefined
  const saving = (action: WhatIfAction): Figure | null => {
    const after = (planned ??= whatIf(reading, name)).find((one) => one.action === action)
    return after ? difference(exact(checkpoint.fileBytes), after.fileBytes) : null
  }
  if (checkpoint.dangerousGlobals.length > 0) {
    const [first, ...others] = checkpoint.dangerousGlobals
    found.push({ rule: 'dangerous-pickle', what: `${first!.name}: ${first!.why}${others.length > 0 ? `; and ${String(others.length)} more` : ''}`, saving: null })
  }
  if (part('optimizer') >= worthSaying) found.push({ rule: 'checkpoint-holds-optimizer', what: `${formatBytes(part('optimizer'))} of optimizer state`, saving: saving('drop-optimizer') })
  if (part('ema') >= worthSaying && part('weights') >= worthSaying) found.push({ rule: 'checkpoint-holds-ema-twin', what: `${formatBytes(part('ema'))} of averaged weights beside the weights`, saving: saving('drop-ema') })
  const idle = part('unreachable')
  if (idle >= worthSaying && idle >= checkpoint.fileBytes * idleShare && checkpoint.format !== 'torchscript') found.push({ rule: 'storage-outlives-view', what: `${formatBytes(idle)} of storage that no tensor covers`, saving: saving('materialise-views') })
  const repeats = repeatedBytes(reading)
  if (repeats.bytes >= worthSaying) found.push({ rule: 'duplicate-tensors', what: `${formatCount(repeats.count)} tensors that repeat others byte for byte, such as ${repeats.example}`, saving: exact(repeats.bytes) })
  const wide = (checkpoint.tensors ?? []).filter(({ dtype, role }) => dtype === 'float64' && role === 'weights')
  const wideBytes = distinctBytes(wide)
  if (wideBytes >= worthSaying) found.push({ rule: 'float64-weights', what: `${formatCount(wide.length)} weights in float64`, saving: exact(wideBytes / 2) })
  if (content?.holdsModule === true && checkpoint.format !== 'torchscript') found.push({ rule: 'whole-module-pickle', what: 'a whole module instead of its state_dict', saving: null })
  if (checkpoint.format === 'torch-legacy' || checkpoint.format === 'torch-tar') found.push({ rule: 'legacy-format', what: checkpoint.format === 'torch-tar' ? 'the tar format of torch before 0.3' : 'the stream format of torch before 1.6', saving: null })
  if (checkpoint.weightsOnly.loads === false && checkpoint.format !== 'torchscript' && checkpoint.format !== 'html' && checkpoint.format !== 'empty' && checkpoint.format !== 'text') found.push({ rule: 'weights-only-will-fail', what: checkpoint.weightsOnly.why, saving: null })
  return found.map((finding) => ({ ...finding, message: sentences[finding.rule].replace('{what}', () => finding.what) }))
}

/** Bytes of the storages that the tensors stand on, each once. */
function distinctBytes(tensors: readonly CheckpointTensor[]): number {
  const storages = new Map<string, number>()
  for (const { storage, bytes } of tensors) if (storage !== null) storages.set(storage, Math.max(storages.get(storage) ?? 0, bytes ?? 0))
  return [...storages.values()].reduce((sum, bytes) => sum + bytes, 0)
}

/**
 * Storages with the same checksum, length and element type, by the zip's own directory: no data is read. Storages of one
 * value throughout share a checksum without being copies of each other, so those whose checksum such bytes have are not counted.
 */
function repeatedBytes({ content }: CheckpointReading): { readonly bytes: number, readonly count: number, readonly example: string } {
  const seen = new Map<string, string>()
  let bytes = 0
  let count = 0
  let example = ''
  if (content === null) return { bytes, count, example }
  const names = new Map<string, string>()
  for (const { name, tensor } of content.named) if (tensor.storage && !names.has(tensor.storage.key)) names.set(tensor.storage.key, name)
  for (const { key, dtype, bytes: size, crc } of content.storages.values()) {
    if (crc === undefined || crc === 0 || size < 1024 || !names.has(key)) continue
    const id = `${dtype} ${String(size)} ${String(crc)}`
    const first = seen.get(id)
    if (first === undefined) seen.set(id, names.get(key)!)
    else if (!isConstant(crc, size, dtype)) {
      bytes += size
      count += 1
      if (example === '') example = `${names.get(key)!} and ${first}`
    }
  }
  return { bytes, count, example }
}

/** Whether zeros or ones, the values of fresh buffers, have this checksum at this length. */
function isConstant(crc: number, size: number, dtype: string): boolean {
  const width = elementBytes(dtype) ?? 1
  if (size > constantsChecked) return false
  const patterns: Uint8Array[] = [new Uint8Array(width)]
  const one = new DataView(new ArrayBuffer(width))
  if (dtype === 'float32') one.setFloat32(0, 1, true)
  else if (dtype === 'float64') one.setFloat64(0, 1, true)
  else if (dtype === 'float16') one.setUint16(0, 0x3c00, true)
  else if (dtype === 'bfloat16') one.setUint16(0, 0x3f80, true)
  else one.setUint8(0, 1)
  patterns.push(new Uint8Array(one.buffer))
  return patterns.some((pattern) => crcOfRepeated(pattern, size) === crc)
}

/** Larger storages are not filled with one value by any layer's defaults. */
const constantsChecked = 4 * 1024 * 1024

let table: Uint32Array | undefined

function crcOfRepeated(pattern: Uint8Array, size: number): number {
  table ??= Uint32Array.from({ length: 256 }, (_, index) => {
    let crc = index
    for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >>> 1) ^ 0xedb88320 : crc >>> 1
    return crc
  })
  let crc = 0xffffffff
  for (let at = 0; at < size; at++) crc = (crc >>> 8) ^ table[(crc ^ pattern[at % pattern.length]!) & 0xff]!
  return ~crc >>> 0
}
