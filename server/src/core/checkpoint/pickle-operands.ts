/** Takes the operands of opcodes from a pickle's bytes. An operand that is not there, or is none, throws `Broken`, which `runPickle` catches. */

import { i32, latin1, utf8 } from './bytes.ts'
import * as limits from './limits.ts'
import type { PickleInput } from './pickle-input.ts'

/** A pickle that cannot be read on; `budget` is true when it is a limit of ours that it passes. */
export class Broken extends Error {
  readonly budget: boolean
  constructor(message: string, budget = false) {
    super(message)
    this.budget = budget
  }
}

/** The index in the buffer of `count` bytes, which are consumed. */
export function take(input: PickleInput, count: number): number {
  if (input.position + count > input.buffer.length) throw new Broken('the pickle ends inside an opcode')
  input.position += count
  return input.position - count
}

export function takeByte(input: PickleInput): number {
  return input.buffer[take(input, 1)]!
}

export function takeLength(input: PickleInput): number {
  const length = i32(input.buffer, take(input, 4))
  if (length < 0) throw new Broken('a negative length')
  return length
}

/** The rest of the line without its line feed: UTF-8, or one character per byte as UNICODE writes what has no escape. */
export function takeLine(input: PickleInput, encoding: 'utf8' | 'latin1' = 'utf8'): string {
  let length = 0
  for (;;) {
    if (input.position + length >= input.buffer.length) {
      if (length >= limits.lineBytes) throw new Broken('a line is too long', true)
      if (!input.ensure(length + 1)) throw new Broken('the pickle ends inside a line')
    }
    if (input.buffer[input.position + length] === 0x0a) break
    length += 1
  }
  const text = (encoding === 'latin1' ? latin1 : utf8)(input.buffer, input.position, input.position + length)
  input.position += length + 1
  if (text === undefined) throw new Broken('a line is not UTF-8')
  return text
}

/** A memo index as GET and PUT spell it. */
export function takeIndex(input: PickleInput): number {
  const text = takeLine(input)
  if (!/^\s*\+?\d{1,15}\s*$/.test(text)) throw new Broken('a memo index is no number')
  return Number(text)
}
