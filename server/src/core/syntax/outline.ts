/**
 * Finds the bodies of functions in a text by its lines alone, many times faster than a parser: most functions of a library
 * are never called, and their bodies need not be parsed. Decides nothing in doubt: a text that is not plainly laid out has no outline.
 */

/** A function's body that is left out of the outline. Offsets are UTF-16 units of the whole text. */
export interface HiddenBody {
  /** The line that `def` stands in. */
  readonly lineStart: number
  /** Columns before `def`. */
  readonly indent: number
  /** Where what the outline shows of the body ends: its docstring, or a `pass` that stands for it. */
  readonly openingEnd: number
  /** Behind its last statement. */
  readonly end: number
  /** Where the line of the next statement begins: comments behind the last one belong to it. */
  readonly nextLine: number
  /** It may use the class around it, by `super()` or `__class__`. */
  readonly mentionsClass: boolean
}

export interface Outline {
  /** The text without the bodies. */
  readonly text: string
  /** By the offset of the function's name, in order. */
  readonly bodies: ReadonlyMap<number, HiddenBody>
  /** What was left out, in order: `at` is an offset of the outline, `removed` the characters left out there and before. */
  readonly cuts: readonly Cut[]
}

export interface Cut { readonly at: number, readonly removed: number }

/** A shorter body is parsed faster than it is hidden. */
const MIN_HIDDEN_LENGTH = 40

const STAND_IN = 'pass'

const TAB = 9
const LINE_FEED = 10
const FORM_FEED = 12
const CARRIAGE_RETURN = 13
const SPACE = 32
const DOUBLE_QUOTE = 34
const HASH = 35
const SINGLE_QUOTE = 39
const COLON = 58
const BACKSLASH = 92
const OPEN_BRACE = 123
const CLOSE_BRACE = 125

const KEYWORD = /(?:(?:async[ ]+)?(def)|(class))[ ]+/y
const LAMBDA = /\blambda\b/
const USES_CLASS = /super|__class__/

interface LogicalLine {
  /** Of its first character that is no blank. */
  readonly start: number
  readonly indent: number
  /** Behind its last character that is neither blank nor comment. */
  readonly end: number
  /** Behind its line end. */
  readonly next: number
  /** It ends with the only colon that stands outside brackets: a block follows. */
  readonly opensBlock: boolean
  /** It is one string, or several. */
  readonly isText: boolean
}

interface OpenBlock { readonly indent: number, readonly isClass: boolean }

/** Undefined for a text whose lines may mean something else than they look like. */
export function outlineOf(text: string): Outline | undefined {
  const bodies = new Map<number, HiddenBody>()
  const cuts: Cut[] = []
  let shown = ''
  let done = 0
  const blocks: OpenBlock[] = []
  let line = readLine(text, 0)
  while (line !== 'end') {
    if (line === undefined) return undefined
    while (blocks.length > 0 && blocks[blocks.length - 1]!.indent >= line.indent) blocks.pop()
    KEYWORD.lastIndex = line.start
    const keyword = KEYWORD.exec(text)
    if (keyword?.[1] === undefined || !line.opensBlock) {
      if (line.opensBlock) blocks.push({ indent: line.indent, isClass: keyword?.[2] !== undefined })
      line = readLine(text, line.next)
      continue
    }
    const first = readLine(text, line.next)
    if (first === undefined || first === 'end' || first.indent <= line.indent) return undefined
    let last: LogicalLine = first
    let hiddenFrom = first.isText ? undefined : first.start
    let after = readLine(text, first.next)
    while (after !== 'end' && after !== undefined && after.indent > line.indent) {
      if (after.indent < first.indent) return undefined
      hiddenFrom ??= after.start
      last = after
      after = readLine(text, after.next)
    }
    if (hiddenFrom !== undefined && last.end - hiddenFrom >= MIN_HIDDEN_LENGTH && blocks.filter(({ isClass }) => isClass).length <= 1 && !LAMBDA.test(text.slice(line.start, line.end))) {
      shown += text.slice(done, hiddenFrom) + (first.isText ? '' : STAND_IN)
      done = last.end
      cuts.push({ at: shown.length, removed: done - shown.length })
      bodies.set(line.start + keyword[0].length, {
        lineStart: line.start - line.indent, indent: line.indent, openingEnd: first.isText ? first.end : hiddenFrom + STAND_IN.length, end: last.end, nextLine: after === undefined || after === 'end' ? text.length : after.start - after.indent,
        mentionsClass: USES_CLASS.test(text.slice(first.start, last.end)),
      })
    }
    line = after
  }
  if (bodies.size === 0) return undefined
  return { text: shown + text.slice(done), bodies, cuts }
}

/** The first logical line at or behind an offset that is neither blank nor comment; undefined where that is in doubt. */
function readLine(text: string, from: number): LogicalLine | 'end' | undefined {
  let at = from
  for (;;) {
    const lineStart = at
    while (text.charCodeAt(at) === SPACE) at++
    const unit = text.charCodeAt(at)
    if (at >= text.length) return 'end'
    if (unit === TAB || unit === FORM_FEED) return undefined
    if (unit === LINE_FEED) { at++; continue }
    if (unit === CARRIAGE_RETURN) {
      if (text.charCodeAt(at + 1) !== LINE_FEED) return undefined
      at += 2
      continue
    }
    if (unit === HASH) {
      at = behindComment(text, at)
      continue
    }
    return readCode(text, at, at - lineStart)
  }
}

function behindComment(text: string, at: number): number {
  const end = text.indexOf('\n', at)
  return end < 0 ? text.length : end
}

function readCode(text: string, start: number, indent: number): LogicalLine | undefined {
  let depth = 0
  let end = start
  let colons = 0
  let isText = true
  let at = start
  for (; at < text.length; at++) {
    const unit = text.charCodeAt(at)
    switch (unit) {
      case SPACE: case TAB: case FORM_FEED: continue
      case CARRIAGE_RETURN:
        if (text.charCodeAt(at + 1) !== LINE_FEED) return undefined
        continue
      case LINE_FEED:
        if (depth > 0) continue
        return { start, indent, end, next: at + 1, opensBlock: colons === 1 && text.charCodeAt(end - 1) === COLON, isText }
      case HASH:
        at = behindComment(text, at) - 1
        continue
      case BACKSLASH: {
        const behind = text.charCodeAt(at + 1) === CARRIAGE_RETURN ? at + 2 : at + 1
        if (text.charCodeAt(behind) !== LINE_FEED) return undefined
        at = behind
        continue
      }
      case DOUBLE_QUOTE: case SINGLE_QUOTE: {
        const closed = behindString(text, at, unit)
        if (closed === undefined) return undefined
        at = closed - 1
        break
      }
      case 40: case 91: case OPEN_BRACE: depth++; isText = false; break
      case 41: case 93: case CLOSE_BRACE:
        if (--depth < 0) return undefined
        break
      case COLON:
        if (depth === 0) colons++
        isText = false
        break
      default: if (!isPrefix(text, at, unit)) isText = false
    }
    end = at + 1
  }
  return depth > 0 ? undefined : { start, indent, end, next: text.length, opensBlock: false, isText }
}

/** A letter before the quote of a string, `rb"..."`. */
function isPrefix(text: string, at: number, unit: number): boolean {
  if (!isPrefixLetter(unit)) return false
  const next = text.charCodeAt(at + 1)
  return next === DOUBLE_QUOTE || next === SINGLE_QUOTE || (isPrefixLetter(next) && isPrefix(text, at + 1, next) && !isPrefixLetter(text.charCodeAt(at - 1)))
}

const PREFIX_LETTERS = new Set(Array.from('rRbBuUfF', (letter) => letter.charCodeAt(0)))

function isPrefixLetter(unit: number): boolean {
  return PREFIX_LETTERS.has(unit)
}

/** Behind the closing quote of the string that opens at `at`. */
function behindString(text: string, at: number, quote: number): number | undefined {
  const isTriple = text.charCodeAt(at + 1) === quote && text.charCodeAt(at + 2) === quote
  // A formatted string may hold strings of its own, with the same quotes in newer Pythons: one whose braces do not close inside it is in doubt.
  const isFormatted = hasFormatPrefix(text, at)
  let braces = 0
  for (let i = at + (isTriple ? 3 : 1); i < text.length; i++) {
    const unit = text.charCodeAt(i)
    if (unit === BACKSLASH) {
      i += text.charCodeAt(i + 1) === CARRIAGE_RETURN && text.charCodeAt(i + 2) === LINE_FEED ? 2 : 1
    } else if (unit === quote && (!isTriple || (text.charCodeAt(i + 1) === quote && text.charCodeAt(i + 2) === quote))) {
      return braces === 0 ? i + (isTriple ? 3 : 1) : undefined
    } else if (unit === LINE_FEED && !isTriple) return undefined
    else if (isFormatted && unit === OPEN_BRACE) {
      if (braces === 0 && text.charCodeAt(i + 1) === OPEN_BRACE) i++
      else braces++
    } else if (isFormatted && unit === CLOSE_BRACE) {
      if (braces > 0) braces--
      else if (text.charCodeAt(i + 1) === CLOSE_BRACE) i++
      else return undefined
    }
  }
  return undefined
}

function hasFormatPrefix(text: string, quoteAt: number): boolean {
  for (let i = quoteAt - 1; i >= quoteAt - 2 && isPrefixLetter(text.charCodeAt(i)); i--) {
    const unit = text.charCodeAt(i)
    if (unit === 102 || unit === 70) return true
  }
  return false
}
