/**
 * Looks at many files for one question, so that two threads can do it together: each takes the next few paths until none is
 * left, and writes what it found into shared memory. JavaScript, for a worker starts from a file that Node loads as it stands;
 * as a worker it answers the messages of side-thread.ts. Opens only what listings call regular files; changes nothing.
 */

import { Buffer } from 'node:buffer'
import * as fs from 'node:fs'
import { isMainThread, parentPort } from 'node:worker_threads'

/**
 * What is asked of each file: its lstat, or whether it holds `anywhere`, or one of `names` in a statement with `keyword`.
 * @typedef {{ readonly kind: 'stat' } | { readonly kind: 'search', readonly anywhere: string, readonly keyword: string, readonly names: readonly string[], readonly maxBytes: number }} Question
 */

/**
 * One question about many files. `results` has four numbers for each path: bytes (-1 where they could not be had), then links,
 * device and inode, or 1 where something was found. `control` has the next unit of paths that nobody took, then one flag for
 * each unit that is done.
 * @typedef {{ readonly question: Question, readonly control: Int32Array, readonly results: Float64Array }} Job
 */

/** Paths that one thread takes at a time. */
export const UNIT = 32
export const FIELDS = 4

/**
 * Works until every unit has been taken by somebody.
 * @param {Job} job
 * @param {readonly string[]} paths
 */
export function workOn(job, paths) {
  const units = Math.ceil(paths.length / UNIT)
  for (let unit = Atomics.add(job.control, 0, 1); unit < units; unit = Atomics.add(job.control, 0, 1)) workOnUnit(job, paths, unit)
}

/**
 * @param {Job} job
 * @param {readonly string[]} paths
 * @param {number} unit
 */
export function workOnUnit({ question, control, results }, paths, unit) {
  const end = Math.min(paths.length, (unit + 1) * UNIT)
  if (question.kind === 'stat') for (let at = unit * UNIT; at < end; at++) stat(/** @type {string} */ (paths[at]), results, at * FIELDS)
  else {
    const words = wordsOf(question)
    for (let at = unit * UNIT; at < end; at++) search(/** @type {string} */ (paths[at]), question, words, results, at * FIELDS)
  }
  Atomics.store(control, unit + 1, 1)
  Atomics.notify(control, unit + 1)
}

const QUIET = /** @type {const} */ ({ throwIfNoEntry: false })

/**
 * @param {string} path
 * @param {Float64Array} results
 * @param {number} at
 */
function stat(path, results, at) {
  results[at] = -1
  try {
    const found = fs.lstatSync(path, QUIET)
    if (!found) return
    results[at] = found.size
    results[at + 1] = found.nlink
    results[at + 2] = found.dev
    results[at + 3] = found.ino
  } catch {
    // It cannot be looked at: -1 says so.
  }
}

let buffer = Buffer.allocUnsafe(1 << 16)

/**
 * @param {string} path
 * @param {Extract<Question, { kind: 'search' }>} question
 * @param {Words} words
 * @param {Float64Array} results
 * @param {number} at
 */
function search(path, question, words, results, at) {
  results[at] = -1
  const length = readInto(path, question.maxBytes)
  if (length < 0) return
  const text = buffer.toString('latin1', 0, length)
  results[at] = length
  results[at + 1] = holds(text, question.anywhere, words) ? 1 : 0
}

/**
 * Reads a file into the kept buffer; -1 when that fails or it has more bytes than may be.
 * @param {string} path
 * @param {number} maxBytes
 */
function readInto(path, maxBytes) {
  let descriptor
  try {
    // O_NONBLOCK: what was a file when it was listed may be a FIFO by now.
    descriptor = fs.openSync(path, fs.constants.O_RDONLY | (fs.constants.O_NONBLOCK ?? 0))
  } catch {
    return -1
  }
  try {
    for (let length = 0; ;) {
      length += fs.readSync(descriptor, buffer, length, buffer.length - length, null)
      // A read that does not fill the buffer has reached the end of a regular file.
      if (length < buffer.length) return length > maxBytes ? -1 : length
      if (length > maxBytes) return -1
      const larger = Buffer.allocUnsafe(buffer.length * 4)
      buffer.copy(larger)
      buffer = larger
    }
  } catch {
    return -1
  } finally {
    fs.closeSync(descriptor)
  }
}

/**
 * The word anywhere and the keyword in one pattern, for two searches of a text take twice as long; and the names.
 * @typedef {{ readonly of: readonly string[], readonly either: RegExp, readonly names: RegExp }} Words
 * @type {Words | undefined}
 */
let compiled

/**
 * @param {Extract<Question, { kind: 'search' }>} question
 * @returns {Words}
 */
function wordsOf({ anywhere, keyword, names }) {
  if (compiled?.of === names) return compiled
  return (compiled = { of: names, either: new RegExp(`${anywhere}|${keyword}`, 'g'), names: new RegExp(`\\b(?:${names.join('|')})\\b`) })
}

/** A statement is longer only where it is continued; and none stands this far from the start of its line. */
const REACH = 300
const NEWLINE = 10
const BACKSLASH = 92
const RETURN = 13
const SEMICOLON = 59
const COLON = 58

/**
 * Whether the word stands anywhere, or a name in the line of a keyword: from the statement's start to the end of the line
 * or of what may continue it.
 * @param {string} text
 * @param {string} anywhere
 * @param {Words} words
 */
function holds(text, anywhere, { either, names }) {
  either.lastIndex = 0
  for (let found = either.exec(text); found; found = either.exec(text)) {
    if (found[0] === anywhere) return true
    const at = found.index
    let start = at
    for (; start > 0 && at - start < REACH; start -= 1) {
      const unit = text.charCodeAt(start - 1)
      if (unit === NEWLINE || unit === RETURN || unit === SEMICOLON || unit === COLON) break
    }
    let end = text.indexOf('\n', at)
    if (end < 0) end = text.length
    if (text.charCodeAt(end - 1) === BACKSLASH) end = either.lastIndex + REACH
    if (names.test(text.slice(start, end))) return true
  }
  return false
}

if (!isMainThread && parentPort) {
  parentPort.on('message', (/** @type {{ readonly job: Job, readonly paths: string }} */ { job, paths }) => { workOn(job, paths.split('\0')) })
}
