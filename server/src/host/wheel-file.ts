/**
 * What a wheel on disk would install, from its zip directory and its METADATA; nothing else of it is inflated.
 * General archives are yauzl's; torch checkpoints have a reader of their own in core/checkpoint.
 */

import * as yauzl from 'yauzl'

export interface WheelContents {
  /** Bytes of the wheel itself: what is downloaded. */
  readonly downloadBytes: number
  /** Bytes of its files after installation, without the bytecode that Python writes. */
  readonly installedBytes: number
  readonly files: number
  /** The text of `<name>.dist-info/METADATA`. */
  readonly metadata: string
}

/** The largest wheels have some 30,000 files. */
const maxEntries = 500_000
/** METADATA is a few kilobytes; long descriptions reach some hundred. */
const maxMetadataBytes = 8_000_000

/** Resolves with what went wrong, in one clause, for anything that is no whole wheel. */
export async function readWheel(path: string, downloadBytes: number): Promise<WheelContents | { readonly problem: string }> {
  try {
    const zip = await yauzl.openPromise(path, { strictFileNames: true })
    try {
      return await contentsOf(zip, downloadBytes)
    } finally {
      zip.close()
    }
  } catch (error) {
    return { problem: `it is no readable wheel (${error instanceof Error ? error.message : String(error)})` }
  }
}

async function contentsOf(zip: yauzl.ZipFile, downloadBytes: number): Promise<WheelContents | { readonly problem: string }> {
  let installedBytes = 0
  let files = 0
  let metadata: string | undefined
  for await (const entry of zip.eachEntry()) {
    if (files >= maxEntries) return { problem: `it has more than ${String(maxEntries)} files` }
    if (entry.fileName.endsWith('/')) continue
    files += 1
    installedBytes += entry.uncompressedSize
    if (/^[^/]+\.dist-info\/METADATA$/.test(entry.fileName)) {
      if (entry.uncompressedSize > maxMetadataBytes) return { problem: 'its METADATA is too large' }
      metadata = await textOf(await zip.openReadStreamPromise(entry))
    }
  }
  return metadata === undefined ? { problem: 'it has no METADATA' } : { downloadBytes, installedBytes, files, metadata }
}

async function textOf(stream: AsyncIterable<Uint8Array>): Promise<string> {
  const chunks: Uint8Array[] = []
  let length = 0
  for await (const chunk of stream) {
    length += chunk.length
    // The directory may lie about a size; yauzl checks it at the end, this keeps the memory bounded until then.
    if (length > maxMetadataBytes) throw new Error('METADATA is longer than it says')
    chunks.push(chunk)
  }
  return Buffer.concat(chunks).toString('utf8')
}
