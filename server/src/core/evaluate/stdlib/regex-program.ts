/** Python regular expressions to instructions for regex-match.ts. What is not supported is said, never approximated. */

export const FLAGS = { ignoreCase: 2, multiline: 8, dotAll: 16, verbose: 64, ascii: 256 } as const

/** One test of a code point. */
export type CharTest = (code: number) => boolean

export type Instruction =
  | { readonly op: 'char', readonly test: CharTest }
  | { op: 'split', first: number, second: number }
  | { op: 'jump', to: number }
  | { readonly op: 'save', readonly slot: number }
  | { readonly op: 'at', readonly where: 'start' | 'end' | 'lineStart' | 'lineEnd' | 'lastLineEnd' | 'word' | 'notWord', readonly isAscii: boolean }
  | { readonly op: 'look', readonly program: readonly Instruction[], readonly isNegative: boolean, readonly behind: number }
  | { readonly op: 'backreference', readonly group: number, readonly ignoreCase: boolean }
  /** Fails when nothing was consumed since `mark` of the same register: an empty turn of a loop. */
  | { readonly op: 'mark' | 'progress', readonly register: number }
  | { readonly op: 'match' }

export interface Program {
  readonly instructions: readonly Instruction[]
  readonly groups: number
  readonly registers: number
  readonly names: ReadonlyMap<string, number>
  readonly flags: number
}

/** What is wrong with a pattern (an error in Python too), or not supported here. */
export class RegexFault {
  readonly kind: 'error' | 'unsupported'
  readonly message: string
  constructor(kind: RegexFault['kind'], message: string) {
    this.kind = kind
    this.message = message
  }
}

/** A parsed pattern. */
export type RegexNode =
  | { kind: 'char', test: CharTest }
  | { kind: 'sequence', items: RegexNode[] }
  | { kind: 'choice', items: RegexNode[] }
  | { kind: 'group', index: number, body: RegexNode }
  | { kind: 'repeat', body: RegexNode, least: number, most: number, isLazy: boolean }
  | { kind: 'look', body: RegexNode, isNegative: boolean, isBehind: boolean }
  | { kind: 'at', where: (Instruction & { op: 'at' })['where'] }
  | { kind: 'backreference', group: number }

/** Groups within each other; the parser descends by one call per level. */
const MAX_NESTING = 60

const CLASSES: Readonly<Record<string, { readonly unicode: RegExp, readonly ascii: RegExp }>> = {
  d: { unicode: /\p{Nd}/u, ascii: /[0-9]/ },
  w: { unicode: /[\p{L}\p{N}_]/u, ascii: /[0-9A-Za-z_]/ },
  s: { unicode: /[\s\u001c-\u001f\u0085]/u, ascii: /[ \t\n\r\f\v]/ },
}
const CONTROL: Readonly<Record<string, number>> = { n: 10, t: 9, r: 13, f: 12, v: 11, a: 7, 0: 0 }

export function classTest(letter: string, isAscii: boolean): CharTest {
  const { unicode, ascii } = CLASSES[letter.toLowerCase()]!
  const pattern = isAscii ? ascii : unicode
  const isNegative = letter !== letter.toLowerCase()
  return (code) => (isAscii && code > 127 ? false : pattern.test(String.fromCodePoint(code))) !== isNegative
}

function fold(code: number): number {
  const lower = String.fromCodePoint(code).toLowerCase()
  return lower.codePointAt(0)!
}

export function sameIgnoringCase(a: number, b: number): boolean {
  return a === b || fold(a) === fold(b)
}

export class RegexParser {
  readonly #codes: readonly number[]
  #at = 0
  #nesting = 0
  flags: number
  groups = 0
  readonly names = new Map<string, number>()

  constructor(pattern: string, flags: number) {
    this.#codes = Array.from(pattern, (char) => char.codePointAt(0)!)
    this.flags = flags
  }

  parse(): RegexNode {
    const node = this.#choice()
    if (this.#at < this.#codes.length) throw new RegexFault('error', `unbalanced parenthesis at position ${this.#at}`)
    return node
  }

  #peek(offset = 0): string {
    const code = this.#codes[this.#at + offset]
    return code === undefined ? '' : String.fromCodePoint(code)
  }

  #take(text: string): boolean {
    for (let i = 0; i < text.length; i++) if (this.#peek(i) !== text[i]) return false
    this.#at += text.length
    return true
  }

  #has(flag: number): boolean { return (this.flags & flag) !== 0 }

  #choice(): RegexNode {
    if (++this.#nesting > MAX_NESTING) throw new RegexFault('unsupported', 'groups are nested too deeply')
    const items = [this.#sequence()]
    while (this.#take('|')) items.push(this.#sequence())
    this.#nesting--
    return items.length === 1 ? items[0]! : { kind: 'choice', items }
  }

  #sequence(): RegexNode {
    const items: RegexNode[] = []
    for (;;) {
      if (this.#has(FLAGS.verbose)) this.#skipLayout()
      const next = this.#peek()
      if (next === '' || next === '|' || next === ')') break
      const atom = this.#atom()
      if (atom !== undefined) items.push(this.#quantified(atom))
    }
    return items.length === 1 ? items[0]! : { kind: 'sequence', items }
  }

  #skipLayout(): void {
    for (;;) {
      const next = this.#peek()
      if (next !== '' && /\s/.test(next)) this.#at++
      else if (next === '#') while (this.#at < this.#codes.length && this.#peek() !== '\n') this.#at++
      else return
    }
  }

  #quantified(atom: RegexNode): RegexNode {
    let node = atom
    for (;;) {
      if (this.#has(FLAGS.verbose)) this.#skipLayout()
      const start = this.#at
      const bounds = this.#bounds()
      if (bounds === undefined) return node
      if (node !== atom) throw new RegexFault('error', `multiple repeat at position ${start}`)
      if (node.kind === 'at') throw new RegexFault('unsupported', 'a repeated assertion')
      if (this.#peek() === '+') throw new RegexFault('unsupported', 'a possessive quantifier')
      const isLazy = this.#take('?')
      node = { kind: 'repeat', body: atom, least: bounds[0], most: bounds[1], isLazy }
    }
  }

  #bounds(): readonly [number, number] | undefined {
    if (this.#take('*')) return [0, Number.POSITIVE_INFINITY]
    if (this.#take('+')) return [1, Number.POSITIVE_INFINITY]
    if (this.#take('?')) return [0, 1]
    if (this.#peek() !== '{') return undefined
    let end = this.#at + 1
    while (end < this.#codes.length && end - this.#at < 20 && this.#codes[end] !== 125) end++
    const found = /^\{(\d*)(,?)(\d*)\}$/.exec(String.fromCodePoint(...this.#codes.slice(this.#at, end + 1)))
    if (found === null || (found[1] === '' && found[2] === '')) return undefined
    this.#at = end + 1
    const least = found[1] === '' ? 0 : Number(found[1])
    const most = found[2] === '' ? least : found[3] === '' ? Number.POSITIVE_INFINITY : Number(found[3])
    if (most < least) throw new RegexFault('error', 'min repeat greater than max repeat')
    return [least, most]
  }

  #atom(): RegexNode | undefined {
    const char = this.#peek()
    if (char === '(') return this.#group()
    if (char === '[') return this.#set()
    if (char === '\\') return this.#escape()
    this.#at++
    switch (char) {
      case '.': return { kind: 'char', test: this.#has(FLAGS.dotAll) ? () => true : (code) => code !== 10 }
      case '^': return { kind: 'at', where: this.#has(FLAGS.multiline) ? 'lineStart' : 'start' }
      case '$': return { kind: 'at', where: this.#has(FLAGS.multiline) ? 'lineEnd' : 'lastLineEnd' }
      case '*': case '+': case '?': throw new RegexFault('error', `nothing to repeat at position ${this.#at - 1}`)
    }
    return this.#literal(char.codePointAt(0)!)
  }

  #literal(code: number): RegexNode {
    if (!this.#has(FLAGS.ignoreCase)) return { kind: 'char', test: (other) => other === code }
    return { kind: 'char', test: (other) => sameIgnoringCase(other, code) }
  }

  #group(): RegexNode | undefined {
    const start = this.#at
    this.#at++
    let wrap: (body: RegexNode) => RegexNode = (body) => body
    let outerFlags = this.flags
    if (this.#take('?')) {
      if (this.#take('#')) {
        while (this.#peek() !== ')' && this.#peek() !== '') this.#at++
        this.#at++
        return undefined
      }
      if (this.#take(':')) wrap = (body) => body
      else if (this.#take('=')) wrap = (body) => ({ kind: 'look', body, isNegative: false, isBehind: false })
      else if (this.#take('!')) wrap = (body) => ({ kind: 'look', body, isNegative: true, isBehind: false })
      else if (this.#take('<=')) wrap = (body) => ({ kind: 'look', body, isNegative: false, isBehind: true })
      else if (this.#take('<!')) wrap = (body) => ({ kind: 'look', body, isNegative: true, isBehind: true })
      else if (this.#take('P<')) {
        const name = this.#until('>')
        const index = ++this.groups
        if (this.names.has(name)) throw new RegexFault('error', `redefinition of group name '${name}' as group ${index}; was group ${this.names.get(name)!} at position ${start + 4}`)
        this.names.set(name, index)
        wrap = (body) => ({ kind: 'group', index, body })
      } else if (this.#take('P=')) {
        const name = this.#until(')')
        const group = this.names.get(name)
        if (group === undefined) throw new RegexFault('error', `unknown group name '${name}' at position ${start + 4}`)
        return { kind: 'backreference', group }
      } else {
        const flags = this.#inlineFlags()
        if (this.#take(')')) {
          if (start !== 0) throw new RegexFault('error', `global flags not at the start of the expression at position ${start}`)
          this.flags = flags
          return undefined
        }
        if (!this.#take(':')) throw new RegexFault('unsupported', 'an extension group')
        outerFlags = this.flags
        this.flags = flags
      }
    } else {
      const index = ++this.groups
      wrap = (body) => ({ kind: 'group', index, body })
    }
    const body = this.#choice()
    if (!this.#take(')')) throw new RegexFault('error', `missing ), unterminated subpattern at position ${start}`)
    this.flags = outerFlags
    return wrap(body)
  }

  #inlineFlags(): number {
    const letters: Readonly<Record<string, number>> = { i: FLAGS.ignoreCase, m: FLAGS.multiline, s: FLAGS.dotAll, x: FLAGS.verbose, a: FLAGS.ascii, u: 0 }
    let flags = this.flags
    let isOff = false
    for (;;) {
      const letter = this.#peek()
      if (letter === '-') isOff = true
      else if (!Object.hasOwn(letters, letter)) return flags
      else flags = isOff ? flags & ~letters[letter]! : flags | letters[letter]!
      this.#at++
    }
  }

  #until(end: string): string {
    let text = ''
    while (this.#peek() !== '' && this.#peek() !== end) { text += this.#peek(); this.#at++ }
    if (!this.#take(end)) throw new RegexFault('error', `missing ${end}, unterminated name at position ${this.#at - text.length}`)
    return text
  }

  #escape(): RegexNode {
    const letter = this.#peek(1)
    this.#at += 2
    switch (letter) {
      case 'A': return { kind: 'at', where: 'start' }
      case 'Z': return { kind: 'at', where: 'end' }
      case 'b': return { kind: 'at', where: 'word' }
      case 'B': return { kind: 'at', where: 'notWord' }
      case '': throw new RegexFault('error', `bad escape (end of pattern) at position ${this.#at - 2}`)
    }
    if (/[dDwWsS]/.test(letter)) return { kind: 'char', test: classTest(letter, this.#has(FLAGS.ascii)) }
    if (/[1-9]/.test(letter)) {
      let group = Number(letter)
      if (/[0-9]/.test(this.#peek())) { group = group * 10 + Number(this.#peek()); this.#at++ }
      if (group > this.groups) throw new RegexFault('error', `invalid group reference ${group} at position ${this.#at - String(group).length}`)
      return { kind: 'backreference', group }
    }
    return this.#literal(this.#escaped(letter))
  }

  /** The code point of `\letter...`, the backslash and the letter being read. */
  #escaped(letter: string): number {
    if (Object.hasOwn(CONTROL, letter)) return CONTROL[letter]!
    const digits = { x: 2, u: 4, U: 8 }[letter]
    if (digits !== undefined) {
      const text = String.fromCodePoint(...this.#codes.slice(this.#at, this.#at + digits))
      if (!new RegExp(`^[0-9a-fA-F]{${digits}}$`).test(text)) throw new RegexFault('error', `incomplete escape \\${letter}${text} at position ${this.#at - 2}`)
      this.#at += digits
      return Number.parseInt(text, 16)
    }
    if (/[A-Za-z]/.test(letter)) throw new RegexFault('error', `bad escape \\${letter} at position ${this.#at - 2}`)
    return letter.codePointAt(0)!
  }

  #set(): RegexNode {
    const start = this.#at
    this.#at++
    const isNegative = this.#take('^')
    const tests: CharTest[] = []
    for (let isFirst = true; ; isFirst = false) {
      const char = this.#peek()
      if (char === '') throw new RegexFault('error', `unterminated character set at position ${start}`)
      if (char === ']' && !isFirst) break
      const low = this.#setMember()
      if (typeof low !== 'number') { tests.push(low); continue }
      if (this.#peek() === '-' && this.#peek(1) !== ']' && this.#peek(1) !== '') {
        this.#at++
        const high = this.#setMember()
        if (typeof high !== 'number' || high < low) throw new RegexFault('error', `bad character range at position ${this.#at}`)
        tests.push((code) => code >= low && code <= high)
      } else tests.push((code) => code === low)
    }
    this.#at++
    const plain: CharTest = (code) => tests.some((test) => test(code))
    const ignoreCase = this.#has(FLAGS.ignoreCase)
    const any: CharTest = ignoreCase ? (code) => plain(code) || plain(fold(code)) || plain(String.fromCodePoint(code).toUpperCase().codePointAt(0)!) : plain
    return { kind: 'char', test: isNegative ? (code) => !any(code) : any }
  }

  #setMember(): number | CharTest {
    const char = this.#peek()
    this.#at++
    if (char !== '\\') return char.codePointAt(0)!
    const letter = this.#peek()
    this.#at++
    if (/[dDwWsS]/.test(letter)) return classTest(letter, this.#has(FLAGS.ascii))
    return letter === 'b' ? 8 : this.#escaped(letter)
  }
}
