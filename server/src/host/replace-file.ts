/** Writes a text file so that it is the old one or the new one, never half of each. Keeps its mode, its links and a byte order mark. */

import * as fs from 'node:fs'
import { basename, dirname, join } from 'node:path'

/** The failure in one clear sentence, or undefined. */
export function replaceFile(file: string, text: string): string | undefined {
  let temporary: string | undefined
  try {
    const target = fs.realpathSync(file)
    const { mode } = fs.statSync(target)
    fs.accessSync(target, fs.constants.W_OK)
    const mark = startsWithMark(target) ? '\ufeff' : ''
    temporary = join(dirname(target), `.${basename(target)}.${String(process.pid)}.tmp`)
    const handle = fs.openSync(temporary, 'wx', mode)
    try {
      fs.writeFileSync(handle, mark + text)
      fs.fsyncSync(handle)
    } finally {
      fs.closeSync(handle)
    }
    fs.renameSync(temporary, target)
    return undefined
  } catch (error) {
    if (temporary !== undefined) fs.rmSync(temporary, { force: true })
    return `it cannot be written (${(error as NodeJS.ErrnoException).code ?? 'unknown error'})`
  }
}

function startsWithMark(file: string): boolean {
  const head = Buffer.alloc(3)
  const handle = fs.openSync(file, 'r')
  const read = fs.readSync(handle, head, 0, 3, 0)
  fs.closeSync(handle)
  return read === 3 && head[0] === 0xef && head[1] === 0xbb && head[2] === 0xbf
}
