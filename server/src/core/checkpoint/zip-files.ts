/** Tells the kinds of zip apart: torch.save, TorchScript, torch.export, AOTInductor, torch.package, numpy, and plain archives. */

import { latin1 } from './bytes.ts'
import type { Checkpoint } from './checkpoint.ts'
import { noTensors } from './content.ts'
import type { StoredStorage } from './storage-record.ts'
import * as limits from './limits.ts'
import { readNumpyHeader } from './numpy-files.ts'
import { readExported } from './exported.ts'
import { readOldExport } from './old-export.ts'
import type { Reading } from './reading.ts'
import { contiguousStride } from './tensor-values.ts'
import { claimRecords, scanOthers, warnOfDuplicates } from './archive-members.ts'
import { archiveRefusal, openArchive, record, startOf } from './torch-archive.ts'
import { readTorchZip } from './torch-zip.ts'
import type { TorchArchive } from './torch-archive.ts'
import { readTorchScript } from './torchscript.ts'
import type { NamedTensor } from './walk.ts'
import { isFault, readEntry, readZipDirectory } from './zip-directory.ts'
import type { ZipDirectory } from './zip-directory.ts'
import type { TensorValue } from './values.ts'

export function readZip(reading: Reading): Checkpoint {
  const { reader } = reading
  const directory = readZipDirectory(reader)
  if (isFault(directory)) {
    const head = reader.read(0, limits.headBytes)
    const torch = latin1(head, 30, Math.min(head.length, 200)).includes('/data.pkl')
    reading.problem('error', directory.fault, directory.at)
    reading.judge?.refuse(directory.fault)
    return reading.finish(torch ? 'torch-zip' : 'zip', 'other', reading.verdict())
  }
  const archive = openArchive(reading, directory)
  if (archive.root !== '' && record(archive, 'data.pkl')) return record(archive, 'constants.pkl') ? readTorchScript(reading, archive) : readTorchZip(reading, archive)
  if (archive.root !== '' && record(archive, 'archive_format')) return readExported(reading, archive)
  if (archive.root !== '' && (record(archive, '.data/extern_modules') || record(archive, 'extern_modules'))) return otherArchive(reading, archive, 'torch-package')
  if (archive.find('serialized_exported_program.json')?.name === 'serialized_exported_program.json') return readOldExport(reading, archive)
  if (isNumpyArchive(directory)) return numpyArchive(reading, archive)
  return otherArchive(reading, archive, 'zip')
}

function isNumpyArchive({ entries }: ZipDirectory): boolean {
  for (let index = 0; index < entries.length; index++) if (!entries.name(index).endsWith('.npy')) return false
  return entries.length > 0
}

/** An archive that torch.load does not take: its members are counted, its pickles looked through. */
function otherArchive(reading: Reading, archive: TorchArchive, format: 'zip' | 'torch-package'): Checkpoint {
  warnOfDuplicates(reading, archive)
  const pickles = scanOthers(reading, archive, new Set())
  claimRecords(reading, archive)
  if (format === 'torch-package') {
    reading.content = noTensors
    return reading.finish(format, 'other', { notAsked: 'torch.package.PackageImporter reads this archive' })
  }
  reading.problem('error', 'the file is a zip archive, but no checkpoint of torch', 0)
  if (pickles === 0 && archive.directory.entries.length > 0) return reading.finish(format, 'other', { notAsked: 'the file is a plain archive' })
  reading.judge?.refuse(archiveRefusal(reading, archive) ?? 'the archive has no data.pkl')
  return reading.finish(format, 'other', reading.verdict())
}

/** numpy.savez: one `.npy` per array. */
function numpyArchive(reading: Reading, archive: TorchArchive): Checkpoint {
  const named: NamedTensor[] = []
  const storages = new Map<string, StoredStorage>()
  for (const entry of archive.directory.entries) {
    if (entry.index >= limits.membersLookedAt) break
    const name = entry.name.slice(0, -4)
    const data = readEntry(reading.reader, entry, reading.options.inflate, limits.inflatedBytes)
    const header = isFault(data) ? data.fault : readNumpyHeader(data)
    const start = startOf(archive, entry)
    if (typeof header === 'string') {
      reading.problem('warning', `${entry.name}: ${header}`, entry.headerOffset)
      if (start !== undefined) reading.anatomy.add(start, start + entry.compressedBytes, 'unknown')
      continue
    }
    if (header.dtype === 'object') {
      if (start !== undefined) reading.anatomy.add(start, start + entry.compressedBytes, 'pickle')
      continue
    }
    const bytes = header.shape.reduce((total, size) => total * size, header.width)
    const stored = entry.method === 0 && start !== undefined && header.dataStart + bytes <= entry.bytes
    const storage = { key: name, dtype: header.dtype, device: 'cpu', bytes, count: bytes / header.width }
    const tensor: TensorValue = { dtype: header.dtype, shape: header.shape, stride: contiguousStride(header.shape), bytes, layout: 'numpy', storage: stored ? storage : null, offset: 0, parameter: false, requiresGrad: false, parts: [], opaque: true }
    named.push({ name, tensor, role: 'other', hidden: false })
    if (start === undefined) continue
    if (stored) {
      storages.set(name, { key: name, dtype: header.dtype, device: 'cpu', bytes, start: start + header.dataStart })
      reading.anatomy.add(start, start + header.dataStart, 'container')
      reading.anatomy.add(start + header.dataStart, start + header.dataStart + bytes, 'other-tensors')
      reading.anatomy.add(start + header.dataStart + bytes, start + entry.compressedBytes, 'unknown')
    } else reading.anatomy.add(start, start + entry.compressedBytes, 'other-tensors')
  }
  scanOthers(reading, archive, new Set())
  reading.content = { named, storages, bigEndian: false, holdsModule: false, reachable: new Map() }
  return reading.finish('numpy-archive', 'other', { notAsked: 'torch.load does not read numpy files' })
}
