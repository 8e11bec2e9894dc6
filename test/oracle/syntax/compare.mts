/**
 * Compares our syntax tree of Python files with the one that CPython's own parser makes.
 *
 *     npx tsx test/oracle/syntax/compare.mts PYTHON FOLDER...
 *
 * PYTHON is CPython 3.12 or newer. Prints the first difference of each file that has one; files that CPython refuses are counted apart.
 */

import { execFileSync } from 'node:child_process'
import * as fs from 'node:fs'
import * as path from 'node:path'
import { startPythonParser } from '../../../server/src/host/python-parser.ts'
import { block, difference, statement, type Dump } from '../../support/syntax-dump.ts'

/** Files for one run of Python. */
const BATCH = 200
const MAX_REPORTED = 60

function* pythonFiles(folder: string): Generator<string> {
  if (fs.statSync(folder).isFile()) { yield folder; return }
  for (const entry of fs.readdirSync(folder, { withFileTypes: true })) {
    const full = path.join(folder, entry.name)
    if (entry.isDirectory() || (entry.isSymbolicLink() && fs.existsSync(full) && fs.statSync(full).isDirectory())) yield* pythonFiles(full)
    else if (entry.name.endsWith('.py')) yield full
  }
}

const [python, ...folders] = process.argv.slice(2)
if (python === undefined || folders.length === 0) throw new Error('usage: compare.mts PYTHON FOLDER...')
const root = path.resolve(import.meta.dirname, '../../..')
const parser = await startPythonParser(root)
const files = folders.flatMap((folder) => [...pythonFiles(folder)])
let [equal, different, refused, unreadable] = [0, 0, 0, 0]
for (let from = 0; from < files.length; from += BATCH) {
  const output = execFileSync(python, [path.join(import.meta.dirname, 'dump.py'), ...files.slice(from, from + BATCH)], { encoding: 'utf8', maxBuffer: 2 ** 31 })
  for (const line of output.split('\n')) {
    if (line === '') continue
    const [file, theirs] = JSON.parse(line) as [string, Dump]
    if (theirs === null) { refused++; continue }
    const bytes = fs.readFileSync(file)
    const text = bytes.toString('utf8')
    // Other encodings are a matter of reading, not of parsing.
    if (text.includes('\ufffd')) { unreadable++; continue }
    const source = text.replace(/^\ufeff/, '')
    const { body } = parser.parse(source)
    const found = difference(block(body), theirs, '')
    if (found === undefined) { equal++; continue }
    if (++different > MAX_REPORTED) continue
    const first = body.findIndex((one, i) => difference(statement(one), (theirs as readonly Dump[])[i] ?? null, '') !== undefined)
    const at = source.slice(0, body[Math.max(first, 0)]?.start).split('\n').length
    console.log(`${file}:${String(at)}\n    ${found}`)
  }
}
console.log(`${String(equal)} equal, ${String(different)} different, ${String(refused)} refused by CPython, ${String(unreadable)} not UTF-8`)
