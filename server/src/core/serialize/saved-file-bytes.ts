/**
 * The bytes of the file that torch.save writes for a dictionary: joins the pickle and the container of a release.
 * Owns when the answer is exact, an estimate or unknown; reads no files and knows nothing of layers.
 */

import { estimate, exact, unknown, type Figure } from '../measure/figure.ts'
import { addRecord, archiveBytes, archiveRoot, startArchive } from './archive-bytes.ts'
import { addComputedText, addDictBatches, addEmptyOrderedDict, addInteger, addOpcodes, addOrderedDictBatches, addSharedText, memoize, startPickle } from './pickle-bytes.ts'
import type { SavedDictionary, SavedStorage } from './saved-value.ts'
import { containerFormat, isBeyondKnown, parseTorchRelease, type ContainerFormat } from './torch-release.ts'
import { addEntryName, addValue, type ValueMeter } from './value-bytes.ts'

export interface SaveOptions {
  /** The version of torch in force: `2.6.0`, `1.13.0a0`, `2.13.0+cpu`. */
  readonly torchVersion: string
  /** The path given to torch.save; its last part names the folder inside the file. */
  readonly fileName: string
}

/** Addresses of 64-bit processes on Linux print with 14 digits, rarely with 15. */
const ADDRESS_DIGITS = 14

/** Names that also stand in every pickle of this kind as strings of their own. */
const PICKLED_WORDS = new Set(['storage', 'cpu', 'version', '_metadata'])

/**
 * The bytes of `torch.save(dictionary, fileName)` on a little-endian machine, with protocol 2, the storages on the CPU.
 * Exact for the releases that were measured; unknown, with its reason, where torch would refuse.
 */
export function savedFileBytes(dictionary: SavedDictionary, options: SaveOptions): Figure {
  const release = parseTorchRelease(options.torchVersion)
  if (!release) return unknown(`\`${options.torchVersion}\` is not a version of torch`)
  const format = containerFormat(release)
  if (typeof format === 'string') return unknown(format)
  const root = rootName(format, options.fileName)
  if (root === undefined) return unknown(`torch.save refuses the file name \`${options.fileName}\``)

  const meter: ValueMeter = {
    pickle: startPickle(), release, addressDigits: format.keys === 'addresses' ? ADDRESS_DIGITS : undefined, storages: new Map(), problem: undefined,
  }
  addDictionary(meter, dictionary)
  if (meter.problem !== undefined) return unknown(meter.problem)

  const archive = startArchive(root)
  addRecord(archive, 'data.pkl', meter.pickle.bytes)
  for (const [name, bytes] of format.before) addRecord(archive, name, bytes)
  for (const [key, storage] of orderedStorages(format, meter.storages)) {
    addRecord(archive, `data/${meter.addressDigits === undefined ? key : '0'.repeat(meter.addressDigits)}`, storage.bytes)
  }
  for (const [name, bytes] of format.after) addRecord(archive, name, bytes)
  const bytes = archiveBytes(archive)

  const doubt = reasonForDoubt(dictionary, options, format, isBeyondKnown(release))
  return doubt === undefined ? exact(bytes) : estimate(bytes, doubt)
}

function addDictionary(meter: ValueMeter, dictionary: SavedDictionary): void {
  const { pickle } = meter
  const { entries, form, versions } = dictionary
  if (form === 'plain') {
    addOpcodes(pickle, 1)
    memoize(pickle)
    addDictBatches(pickle, entries.length)
  } else {
    addEmptyOrderedDict(pickle)
    addOrderedDictBatches(pickle, entries.length)
  }
  for (const entry of entries) {
    addEntryName(meter, entry.name)
    addValue(meter, entry.value)
  }
  if (form !== 'state-dict') return

  // The state: {'_metadata': OrderedDict of {'version': n}}, set by BUILD.
  addOpcodes(pickle, 3)
  memoize(pickle)
  addSharedText(pickle, '_metadata')
  addEmptyOrderedDict(pickle)
  addOrderedDictBatches(pickle, versions.length)
  for (const { path, version } of versions) {
    addComputedText(pickle, path)
    addOpcodes(pickle, 2)
    memoize(pickle)
    addSharedText(pickle, 'version')
    if (version === null) addOpcodes(pickle, 1)
    else addInteger(pickle, version)
  }
}

function rootName(format: ContainerFormat, fileName: string): string | undefined {
  if (format.root === 'archive') return 'archive'
  if (format.asciiRootOnly && /[^\x00-\x7f]/.test(fileName)) return 'archive'
  return archiveRoot(fileName)
}

function orderedStorages(format: ContainerFormat, storages: ReadonlyMap<SavedStorage, number>): readonly (readonly [string, SavedStorage])[] {
  const keyed = [...storages].map(([storage, key]) => [String(key), storage] as const)
  // All keys are digits, so comparing UTF-16 units is Python's order.
  return format.storageOrder === 'first-met' ? keyed : keyed.sort(([left], [right]) => (left < right ? -1 : 1))
}

function reasonForDoubt(dictionary: SavedDictionary, options: SaveOptions, format: ContainerFormat, beyondKnown: boolean): string | undefined {
  if (format.keys === 'addresses') return 'this torch names storages after their addresses, which differ from run to run'
  if (beyondKnown) return `torch ${options.torchVersion} is newer than the releases that were measured`
  // A `state_dict()` of the model's own making may key a tensor by the very string that is a layer's path.
  const paths = new Set(dictionary.versions.map(({ path }) => path))
  const path = dictionary.entries.find(({ name }) => paths.has(name))
  if (path) return `whether Python holds the name \`${path.name}\` once or twice is not known`
  const word = dictionary.entries.find(({ name }) => PICKLED_WORDS.has(name))
  if (word) return `whether Python holds the name \`${word.name}\` once or twice is not known`
  return undefined
}
