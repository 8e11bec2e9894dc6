/** The records of a torch archive that are no storages which its pickle names: what they are, which hide pickles, which stand there twice. */

import { startsWith } from './bytes.ts'
import * as limits from './limits.ts'
import { PickleInput } from './pickle-input.ts'
import { scanAll } from './pickle-scan.ts'
import type { Reading } from './reading.ts'
import { record, startOf } from './torch-archive.ts'
import type { TorchArchive } from './torch-archive.ts'
import { foldCase, isFault, readEntry } from './zip-directory.ts'

/** Records that torch writes beside the storages. */
export const storedNames = new Set(['data.pkl', 'version', 'byteorder', '.format_version', '.storage_alignment', '.data/serialization_id', '.data/version'])

/** Entries that differ only in case, or not at all: torch takes the last one, other readers the first. */
export function warnOfDuplicates(reading: Reading, archive: TorchArchive): void {
  if (!archive.ambiguous) return
  const seen = new Set<string>()
  for (const entry of archive.directory.entries) {
    const name = foldCase(entry.name)
    if (seen.has(name)) reading.problem('warning', `the archive holds ${entry.name} more than once: torch and other tools may read different ones`, entry.headerOffset)
    seen.add(name)
  }
}

/** Looks for globals in every member that could be a pickle, whatever its name; torch reads none of them. */
export function scanOthers(reading: Reading, archive: TorchArchive, known: ReadonlySet<string>, used?: Uint8Array): number {
  let pickles = 0
  let looked = 0
  let heads = 0
  const prefix = archive.root.length + 1
  const { entries } = archive.directory
  for (let index = 0; index < entries.length; index++) {
    if (looked >= limits.membersLookedAt) break
    if (used?.[index] === 1 || entries.compressedBytes[index] === 0) continue
    const entry = entries.get(index)
    const { name } = entry
    const local = name.slice(prefix)
    const named = /\.(pkl|pickle|p|joblib|dill|pt|pth|bin|ckpt|dat|npy)$/i.test(name)
    if (known.has(local) && record(archive, local)?.index === index) continue
    if ((!named && entry.bytes > limits.inflatedBytes)) continue
    if (!named && /(^|\/)(weights|constants)\/|\.(py|so|cpp|debug_pkl)$|^code\//.test(local)) continue
    if (/^data\/\d+$/.test(local)) {
      // A storage that no tensor names, if the names are known: its first bytes tell whether it is one.
      const start = startOf(archive, entry)
      if (used === undefined || start === undefined || entry.method !== 0 || heads >= limits.localHeaders) continue
      heads += 1
      const head = reading.reader.read(start, 2)
      if (head[0] !== 0x80 || head[1]! > 5) continue
    }
    looked += 1
    const data = readEntry(reading.reader, entry, reading.options.inflate, limits.inflatedBytes, { evenEncrypted: true })
    if (isFault(data)) continue
    const at = startOf(archive, entry) ?? entry.headerOffset
    const body = startsWith(data, '\x93NUMPY') ? afterNumpyHeader(data) : data
    if (!couldBePickle(body, named)) continue
    pickles += 1
    scanAll(PickleInput.inMemory(body, at), reading.seen)
  }
  return pickles
}

function couldBePickle(data: Uint8Array, named: boolean): boolean {
  if (data.length < 2) return false
  if (data[0] === 0x80 && data[1]! <= 5) return true
  // Protocols 0 and 1 have no mark of their own: they end with STOP and begin with an opcode.
  return (named || data.at(-1) === 0x2e) && '(cI]})lFLNSVXUTGJKMi'.includes(String.fromCharCode(data[0]!))
}

export function afterNumpyHeader(data: Uint8Array): Uint8Array {
  const version = data[6] ?? 1
  const length = version === 1 ? data[8]! | (data[9]! << 8) : data[8]! | (data[9]! << 8) | (data[10]! << 16)
  return data.subarray(Math.min(data.length, (version === 1 ? 10 : 12) + length))
}

/** Claims the data of every record that is no storage named by the pickle. */
export function claimRecords(reading: Reading, archive: TorchArchive, { used, unnamed = 'unreachable' }: { readonly used?: Uint8Array, readonly unnamed?: 'unreachable' | 'unknown' } = {}): void {
  const prefix = archive.root.length + 1
  const { entries } = archive.directory
  for (let index = 0; index < entries.length; index++) {
    if (used?.[index] === 1 || entries.compressedBytes[index] === 0) continue
    const entry = entries.get(index)
    const start = startOf(archive, entry)
    if (start === undefined) continue
    const local = entry.name.slice(prefix).toLowerCase()
    const part = local.endsWith('.pkl') || local.endsWith('.pickle') ? 'pickle'
      : local.startsWith('code/') || /\.(py|so|cpp|json|debug_pkl)$/.test(local) ? 'code'
        : storedNames.has(local) || /^(archive_format|archive_version|\.data\/)/.test(local) ? 'container'
          : local.startsWith('data/') && !local.includes('.') ? unnamed : 'unknown'
    reading.anatomy.add(start, start + entry.compressedBytes, part)
  }
}
