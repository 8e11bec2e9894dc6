/** The one way in: looks at the first bytes of a file and hands it to the reader of its format. Never throws on any input. */

import type { ByteSource } from '../ports.ts'
import { Reader, latin1, startsWith } from './bytes.ts'
import type { Checkpoint } from './checkpoint.ts'
import type { Content } from './content.ts'
import { readLegacyOrPickle } from './legacy.ts'
import * as limits from './limits.ts'
import { readOtherFile } from './other-files.ts'
import { Reading } from './reading.ts'
import type { ReadOptions } from './reading.ts'
import { looksLikeSafetensors, readSafetensors } from './safetensors.ts'
import { readTar } from './tar.ts'
import { readZip } from './zip-files.ts'

export interface CheckpointReading {
  readonly checkpoint: Checkpoint
  /** What slimming and rules need beyond the report; null when no tensors could be read. */
  readonly content: Content | null
}

/** Reads a weights file: no more of it than its directory and its pickle. The source stays open. */
export function readCheckpoint(source: ByteSource, options: ReadOptions): CheckpointReading {
  const reading = new Reading(new Reader(source), options, readCheckpoint)
  const checkpoint = dispatch(reading)
  return { checkpoint, content: reading.content }
}

function dispatch(reading: Reading): Checkpoint {
  const { reader } = reading
  const head = reader.keep(0, limits.headBytes)
  if (head.length === 0) {
    reading.problem('error', reader.bytes === 0 ? 'the file is empty' : 'the file cannot be read', 0)
    return reading.finish('empty', 'other', refused(reading, 'the file is empty'))
  }
  if (startsWith(head, 'PK\x03\x04')) return readZip(reading)
  if (looksLikeSafetensors(head, reader.bytes)) return readSafetensors(reading)
  if (reader.bytes >= 512 && startsWith(head, 'ustar', 257)) return readTar(reading)
  const other = readOtherFile(reading, head)
  if (other) return other
  if (/\.safetensors$/i.test(reading.options.name)) return readSafetensors(reading)
  if (looksLikeText(head)) {
    reading.problem('error', `the file is text, not weights: it begins with ${JSON.stringify(latin1(head, 0, Math.min(40, head.length)))}`, 0)
    return reading.finish('text', 'other', refused(reading, 'the file is text'))
  }
  return readLegacyOrPickle(reading)
}

function refused(reading: Reading, why: string): { readonly loads: boolean | null, readonly needs: readonly string[], readonly why: string } {
  reading.judge?.refuse(why)
  return reading.verdict()
}

/** Text that cannot be a protocol-0 pickle: those begin with an opcode and its argument on a line of its own. */
function looksLikeText(head: Uint8Array): boolean {
  for (const byte of head) if (byte > 126 || (byte < 32 && byte !== 9 && byte !== 10 && byte !== 13)) return false
  return !/^(\(|\]|\}|\)|[cSVILFNUXTGKMJiPp])/.test(latin1(head, 0, 1))
}
