/** A parsed pattern to instructions for regex-match.ts. */

import { FLAGS, type Instruction, type Program, RegexFault, type RegexNode, RegexParser } from './regex-program.ts'

/** Instructions of one program: `{m,n}` is written out. */
const MAX_PROGRAM = 20_000

export class Emitter {
  readonly out: Instruction[] = []
  registers = 0
  readonly #flags: number

  constructor(flags: number) { this.#flags = flags }

  emit(node: RegexNode): void {
    if (this.out.length > MAX_PROGRAM) throw new RegexFault('unsupported', 'the pattern is too large')
    switch (node.kind) {
      case 'char': this.out.push({ op: 'char', test: node.test }); return
      case 'sequence': for (const item of node.items) this.emit(item); return
      case 'at': this.out.push({ op: 'at', where: node.where, isAscii: (this.#flags & FLAGS.ascii) !== 0 }); return
      case 'backreference': this.out.push({ op: 'backreference', group: node.group, ignoreCase: (this.#flags & FLAGS.ignoreCase) !== 0 }); return
      case 'group':
        this.out.push({ op: 'save', slot: node.index * 2 })
        this.emit(node.body)
        this.out.push({ op: 'save', slot: node.index * 2 + 1 })
        return
      case 'choice': this.#choice(node.items); return
      case 'repeat': this.#repeat(node); return
      case 'look': {
        const behind = node.isBehind ? width(node.body) : 0
        const inner = new Emitter(this.#flags)
        inner.registers = this.registers
        inner.emit(node.body)
        inner.out.push({ op: 'match' })
        this.registers = inner.registers
        this.out.push({ op: 'look', program: inner.out, isNegative: node.isNegative, behind })
      }
    }
  }

  #choice(items: readonly RegexNode[]): void {
    const jumps: (Instruction & { op: 'jump' })[] = []
    for (const [i, item] of items.entries()) {
      if (i === items.length - 1) { this.emit(item); break }
      const split: Instruction & { op: 'split' } = { op: 'split', first: this.out.length + 1, second: 0 }
      this.out.push(split)
      this.emit(item)
      const jump: Instruction & { op: 'jump' } = { op: 'jump', to: 0 }
      this.out.push(jump)
      jumps.push(jump)
      split.second = this.out.length
    }
    for (const jump of jumps) jump.to = this.out.length
  }

  #repeat(node: RegexNode & { kind: 'repeat' }): void {
    for (let i = 0; i < node.least; i++) this.emit(node.body)
    const splits: (Instruction & { op: 'split' })[] = []
    const branch = (): Instruction & { op: 'split' } => {
      const split: Instruction & { op: 'split' } = { op: 'split', first: 0, second: 0 }
      this.out.push(split)
      splits.push(split)
      if (node.isLazy) split.second = this.out.length
      else split.first = this.out.length
      return split
    }
    if (node.most === Number.POSITIVE_INFINITY) {
      const start = this.out.length
      const register = this.registers++
      branch()
      this.out.push({ op: 'mark', register })
      this.emit(node.body)
      this.out.push({ op: 'progress', register }, { op: 'jump', to: start })
    } else {
      for (let i = node.least; i < node.most; i++) {
        branch()
        this.emit(node.body)
      }
    }
    for (const split of splits) if (node.isLazy) split.first = this.out.length; else split.second = this.out.length
  }
}

/** How many code points a lookbehind takes; Python asks for a fixed width. */
function width(node: RegexNode): number {
  switch (node.kind) {
    case 'char': return 1
    case 'sequence': return node.items.reduce((sum, item) => sum + width(item), 0)
    case 'group': return width(node.body)
    case 'at': case 'look': return 0
    case 'choice': {
      const widths = node.items.map(width)
      if (widths.every((one) => one === widths[0])) return widths[0]!
      break
    }
    case 'repeat': if (node.least === node.most) return node.least * width(node.body); break
    case 'backreference': break
  }
  throw new RegexFault('error', 'look-behind requires fixed-width pattern')
}

/** Compiles a pattern; throws `RegexFault`. */
export function compileRegex(pattern: string, flags: number): Program {
  const parser = new RegexParser(pattern, flags)
  const tree = parser.parse()
  const emitter = new Emitter(parser.flags)
  emitter.emit(tree)
  emitter.out.push({ op: 'match' })
  return { instructions: emitter.out, groups: parser.groups, registers: emitter.registers, names: parser.names, flags: parser.flags }
}
