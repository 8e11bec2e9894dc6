/** Reads safetensors by the rules of its own library (safetensors/src/tensor.rs): a file that it refuses is an error here. */

import { u64 } from './bytes.ts'
import type { Checkpoint } from './checkpoint.ts'
import type { Content } from './content.ts'
import type { DenseTensor } from './dense-tensor.ts'
import * as limits from './limits.ts'
import type { Reading } from './reading.ts'
import { roleOfDottedName } from './roles.ts'
import { parseHeader } from './safetensors-header.ts'
import type { SafetensorsHeader } from './safetensors-header.ts'
import { StorageTable } from './storage-table.ts'
import type { NamedTensor } from './walk.ts'

/** True when the file begins like safetensors: a header length that fits and a `{`. */
export function looksLikeSafetensors(head: Uint8Array, fileBytes: number): boolean {
  if (head.length < 10) return false
  const length = u64(head, 0)
  if (length < 2 || length > limits.safetensorsHeader || length + 8 > fileBytes) return false
  for (let at = 8; at < head.length; at++) {
    const byte = head[at]!
    if (byte === 0x7b) return true
    if (byte !== 0x20 && byte !== 0x09 && byte !== 0x0a && byte !== 0x0d) return false
  }
  return head.length > 8
}

export function readSafetensors(reading: Reading): Checkpoint {
  const { anatomy, reader } = reading
  const outcome = readHeader(reading)
  if (typeof outcome === 'string') {
    reading.problem('error', outcome, 8)
    return reading.finish('safetensors', 'other', { notAsked })
  }
  const { header: { entries, metadata, padding }, dataStart } = outcome
  for (const [key, text] of metadata.slice(0, metadataShown)) Object.defineProperty(reading.metadata, key, { value: text.slice(0, limits.nameCharacters), enumerable: true, configurable: true, writable: true })
  reading.alignment = dataStart % 8 === 0 ? 8 : null
  anatomy.add(0, dataStart - padding, 'container')
  anatomy.add(dataStart - padding, dataStart, 'padding')
  const named: NamedTensor[] = []
  const storages = new StorageTable()
  let averaged = 0
  entries.forEach((tensor) => {
    const role = roleOfDottedName(tensor.key) === 'ema' ? 'ema' : 'weights'
    named.push({ name: tensor.key, tensor, role, hidden: false })
    storages.add(tensor)
    if (role === 'ema') averaged += tensor.bytes
  })
  // Without holes or overlaps, the tensors are the rest of the file.
  anatomy.addShared(dataStart, reader.bytes, [['weights', reader.bytes - dataStart - averaged], ['ema', averaged]])
  const content: Content = { named, storages, bigEndian: false, holdsModule: false, reachable: new Map() }
  reading.content = content
  return reading.finish('safetensors', 'state_dict', { notAsked })
}

const notAsked = 'a safetensors file holds no pickle'

/** Entries of the file's own metadata that are shown. */
const metadataShown = 64

function readHeader(reading: Reading): { readonly header: SafetensorsHeader, readonly dataStart: number } | string {
  const { reader } = reading
  const head = reader.read(0, 8)
  if (head.length < 8) return 'the file is too short for a safetensors header'
  const length = u64(head, 0)
  if (length > limits.safetensorsHeader) return `the header claims ${String(length)} bytes; 100,000,000 are allowed`
  if (length + 8 > reader.bytes) return `the header claims ${String(length)} bytes, more than the file has`
  if (length > limits.safetensorsHeaderRead) return `a header of ${String(length)} bytes is more than this reader takes`
  const bytes = reader.read(8, length)
  if (bytes.length < length) return 'the header cannot be read to its end'
  const dataStart = 8 + length
  const header = parseHeader(bytes, dataStart)
  if (typeof header === 'string') return header
  let at = dataStart
  for (const entry of inFileOrder(header.entries)) {
    if (entry.start !== at) return entry.start < at ? `${entry.key} overlaps another tensor` : `there is a hole before ${entry.key}`
    if (entry.end < entry.start) return `${entry.key} ends before it begins`
    let bits = entry.bits
    for (const size of entry.shape) bits *= size
    if (!Number.isSafeInteger(bits)) return `the shape of ${entry.key} is too large`
    if (bits % 8 !== 0) return `${entry.key} does not end on a whole byte`
    if (bits / 8 !== entry.bytes) return `${entry.key} has ${String(entry.bytes)} bytes, its shape wants ${String(bits / 8)}`
    at = entry.end
  }
  if (at !== reader.bytes) return at > reader.bytes ? `the file is cut off: its tensors want ${String(at)} bytes` : `${String(reader.bytes - at)} bytes follow the last tensor`
  return { header, dataStart }
}

/** The entries by where they stand; most files list them so, or by name. */
function inFileOrder(entries: readonly DenseTensor[]): readonly DenseTensor[] {
  for (let index = 1; index < entries.length; index++) if (entries[index]!.start < entries[index - 1]!.end) return [...entries].sort((a, b) => a.start - b.start || a.end - b.end)
  return entries
}
