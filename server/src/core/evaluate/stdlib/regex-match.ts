/** Runs the instructions of regex-program.ts by backtracking over an explicit stack, every step counted. */

import { classTest, type Instruction, type Program, sameIgnoringCase } from './regex-program.ts'

export interface Subject {
  readonly codes: readonly number[]
  /** Where matching may look, as `pos` and `endpos`. */
  readonly start: number
  readonly end: number
}

/** Starts and ends by group, -1 where a group took no part. */
export type Spans = readonly number[]

const word = { unicode: classTest('w', false), ascii: classTest('w', true) }
/** How often the budget is told. */
const STEPS_AT_ONCE = 1024

export interface MatchOptions {
  /** The match must reach the end. */
  readonly isFull: boolean
  /** The match must take something. */
  readonly isNonempty: boolean
  readonly spend: (steps: number) => void
}

/** Matches at one place. */
export function matchAt(program: Program, subject: Subject, at: number, options: MatchOptions): Spans | undefined {
  const slots = new Array<number>((program.groups + 1) * 2).fill(-1)
  const end = run(program.instructions, subject, at, slots, new Array<number>(program.registers).fill(-1), options)
  if (end === undefined) return undefined
  slots[0] = at
  slots[1] = end
  return slots
}

/** Backtracking entries: `pc position -1` to go on from, or `slot value 0` / `register value 1` to put back. */
function run(
  instructions: readonly Instruction[], subject: Subject, from: number, slots: number[], registers: number[], options: MatchOptions,
): number | undefined {
  const stack: number[] = []
  const { codes } = subject
  let pc = 0
  let at = from
  let steps = 0
  for (;;) {
    if (++steps % STEPS_AT_ONCE === 0) options.spend(STEPS_AT_ONCE)
    const instruction = instructions[pc]!
    let isGood = true
    switch (instruction.op) {
      case 'char':
        isGood = at < subject.end && instruction.test(codes[at]!)
        if (isGood) { at++; pc++ }
        break
      case 'split':
        stack.push(instruction.second, at, -1)
        pc = instruction.first
        break
      case 'jump': pc = instruction.to; break
      case 'save':
        stack.push(instruction.slot, slots[instruction.slot]!, 0)
        slots[instruction.slot] = at
        pc++
        break
      case 'mark':
        stack.push(instruction.register, registers[instruction.register]!, 1)
        registers[instruction.register] = at
        pc++
        break
      case 'progress':
        // An empty turn ends the loop: go on behind it, which is where the jump after this one leads its split.
        isGood = registers[instruction.register] !== at
        if (isGood) pc++
        else { isGood = true; pc += 2 }
        break
      case 'at': isGood = holds(instruction.where, subject, at, instruction.isAscii ? word.ascii : word.unicode); pc++; break
      case 'backreference': {
        const [start, end] = [slots[instruction.group * 2]!, slots[instruction.group * 2 + 1]!]
        isGood = start >= 0 && end >= start && at + end - start <= subject.end
        for (let i = start; isGood && i < end; i++) isGood = instruction.ignoreCase ? sameIgnoringCase(codes[i]!, codes[at + i - start]!) : codes[i] === codes[at + i - start]
        if (isGood) at += end - start
        pc++
        break
      }
      case 'look': {
        const begin = at - instruction.behind
        const inner = [...slots]
        const found = begin >= subject.start ? run(instruction.program, subject, begin, inner, [...registers], { isFull: false, isNonempty: false, spend: options.spend }) : undefined
        isGood = (found !== undefined && (instruction.behind === 0 || found === at)) !== instruction.isNegative
        if (isGood && !instruction.isNegative) {
          for (const [slot, value] of inner.entries()) {
            if (slots[slot] === value) continue
            stack.push(slot, slots[slot]!, 0)
            slots[slot] = value
          }
        }
        pc++
        break
      }
      case 'match':
        if ((!options.isFull || at === subject.end) && (!options.isNonempty || at > from)) { options.spend(steps % STEPS_AT_ONCE); return at }
        isGood = false
    }
    if (isGood) continue
    for (;;) {
      const kind = stack.pop()
      if (kind === undefined) { options.spend(steps % STEPS_AT_ONCE); return undefined }
      const second = stack.pop()!
      const first = stack.pop()!
      if (kind === -1) { pc = first; at = second; break }
      if (kind === 0) slots[first] = second
      else registers[first] = second
    }
  }
}

function holds(where: (Instruction & { op: 'at' })['where'], subject: Subject, at: number, isWord: (code: number) => boolean): boolean {
  const { codes, start, end } = subject
  switch (where) {
    case 'start': return at === 0
    case 'end': return at === end
    case 'lineStart': return at === 0 || codes[at - 1] === 10
    case 'lineEnd': return at === end || codes[at] === 10
    case 'lastLineEnd': return at === end || (at === end - 1 && codes[at] === 10)
    default: {
      const isBoundary = (at > start && isWord(codes[at - 1]!)) !== (at < end && isWord(codes[at]!))
      return isBoundary === (where === 'word')
    }
  }
}
