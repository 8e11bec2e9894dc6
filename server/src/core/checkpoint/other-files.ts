/** Recognises what else lies about under a checkpoint's name, and says what it is: placeholders, web pages, archives, other runtimes' models. */

import { latin1, startsWith, u32, u64, utf8 } from './bytes.ts'
import type { Checkpoint } from './checkpoint.ts'
import { noTensors } from './content.ts'
import { readGguf } from './gguf.ts'
import * as limits from './limits.ts'
import { readNumpyFile } from './numpy-files.ts'
import type { Reading } from './reading.ts'
import { readIndex } from './sharded.ts'

/** The report when the first bytes are of a known other format. */
export function readOtherFile(reading: Reading, head: Uint8Array): Checkpoint | undefined {
  const { reader } = reading
  if (startsWith(head, 'version https://git-lfs')) return gitLfs(reading, head)
  if (startsWith(head, '\x93NUMPY')) return readNumpyFile(reading)
  if (startsWith(head, 'GGUF')) return readGguf(reading)
  if (head.length >= 12 && startsWith(head, 'ET', 4) && /^\d\d$/.test(latin1(head, 6, 8))) return executorch(reading, head)
  const archive = archives.find(([magic]) => startsWith(head, magic))
  if (archive) {
    reading.problem('error', `the file is ${archive[2]}, not a checkpoint`, 0)
    reading.anatomy.add(0, reader.bytes, 'unknown')
    return reading.finish(archive[1], 'other', { notAsked: `the file is ${archive[2]}` })
  }
  const text = latin1(head, 0, head.length).trimStart()
  if (/^<(!doctype|html|head|\?xml)/i.test(text)) {
    reading.problem('error', 'the file is a web page, probably an error page that a download saved', 0)
    reading.judge?.refuse('the file is a web page')
    return reading.finish('html', 'other', reading.verdict())
  }
  if (text.startsWith('{') && reader.bytes <= limits.indexBytes) return readIndex(reading)
  return undefined
}

const archives: readonly (readonly [string, 'gzip' | 'xz' | 'bzip2' | '7z', string])[] = [
  ['\x1f\x8b', 'gzip', 'a gzip archive'], ['\xfd7zXZ\x00', 'xz', 'an xz archive'], ['BZh', 'bzip2', 'a bzip2 archive'], ['7z\xbc\xaf\x27\x1c', '7z', 'a 7z archive'],
]

/** A Git LFS pointer: three lines of text in the place of the file. */
function gitLfs(reading: Reading, head: Uint8Array): Checkpoint {
  const text = utf8(head, 0, head.length) ?? ''
  const oid = /^oid (\S+)$/m.exec(text)?.[1]
  const size = /^size (\d{1,16})$/m.exec(text)?.[1]
  if (oid) reading.metadata['oid'] = oid
  if (size) reading.metadata['bytes'] = size
  reading.problem('error', size ? `not downloaded: a Git LFS pointer to a file of ${size} bytes` : 'not downloaded: a Git LFS pointer', 0)
  reading.anatomy.add(0, reading.reader.bytes, 'container')
  return reading.finish('git-lfs-pointer', 'other', { notAsked: 'the file is a Git LFS pointer' })
}

/** An ExecuTorch program: a flatbuffer, with its sizes in an extended header where there is one (executorch/docs/source/pte-file-format.md). */
function executorch(reading: Reading, head: Uint8Array): Checkpoint {
  const { reader, anatomy } = reading
  reading.metadata['schema'] = latin1(head, 4, 8)
  const notAsked = { notAsked: 'an ExecuTorch program holds no pickle' }
  if (head.length >= 32 && startsWith(head, 'eh', 8)) {
    const program = u64(head, 16)
    const segments = u64(head, 24)
    const segmentBytes = u32(head, 12) >= 32 && head.length >= 40 ? u64(head, 32) : 0
    reading.metadata['program bytes'] = String(program)
    if (program > reader.bytes || segments > reader.bytes) reading.problem('error', 'the file is cut off: its program or segments pass its end', 16)
    anatomy.add(0, Math.min(program, reader.bytes), 'code')
    if (segments > 0) {
      anatomy.add(Math.min(program, segments), Math.min(segments, reader.bytes), 'padding')
      anatomy.add(segments, segmentBytes > 0 ? Math.min(segments + segmentBytes, reader.bytes) : reader.bytes, 'weights')
    }
  } else anatomy.add(0, reader.bytes, 'unknown')
  if (reading.problems.length === 0) reading.content = noTensors
  return reading.finish('executorch', 'other', notAsked)
}
