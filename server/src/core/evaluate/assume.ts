/**
 * Which values a file's `# footprint: assume` comments and the command line's `--assume` give, and where they hold.
 * Knows text and syntax only; run/ops-assume.ts applies them, and only to what the program itself leaves open.
 *
 * A comment holds for the class, function or statement that follows it (or whose line it stands on). Over a statement that
 * binds the first part of the name it holds to the end of the function or module around, over anything else at the head of a
 * file for the whole file. `--assume` holds in every file of the workspace, and wins.
 */

import { assumedPath, isClosed, openValue, readAssumedList } from '../syntax/assume-comment.ts'
import type { Expression, Node, Statement } from '../syntax/ast.ts'
import type { PythonParser } from '../syntax/parser.ts'
import type { SourceFile } from '../syntax/source-file.ts'
import { childNodes, isStatement, walk } from '../syntax/walk.ts'

export interface Assumption {
  /** As written. */
  readonly name: string
  readonly path: readonly string[]
  readonly expression: Expression
  /** Where it was said: `assumed here`, `--assume`. */
  readonly because: string
  /** Offsets in the file between which it holds. */
  readonly from: number
  readonly to: number
}

/** What is assumed of one value: itself, or parts of it. */
export interface AssumedValue {
  readonly whole: Assumption | undefined
  /** By step: `.hidden`, `["hidden"]`. */
  readonly parts: ReadonlyMap<string, AssumedValue>
}

/** An `assume` comment that gives nothing, and why. */
export interface AssumeProblem {
  readonly start: number
  readonly end: number
  readonly message: string
}

export interface AssumeComment {
  readonly start: number
  readonly end: number
  /** The statement that it speaks of; undefined at the head of a file. */
  readonly statement: Statement | undefined
  readonly names: readonly string[]
}

/** Comments of one file that are read; a file with more is not written by hand. */
const MAX_COMMENTS = 1000

export class FileAssumptions {
  readonly #assumptions: readonly Assumption[]
  readonly #roots: ReadonlySet<string>

  /** Later ones win. */
  constructor(assumptions: readonly Assumption[]) {
    this.#assumptions = assumptions
    this.#roots = new Set(assumptions.map(({ path }) => path[0]!))
  }

  /** What is assumed of the value that a name has at an offset. */
  find(path: readonly string[], at: number): AssumedValue | undefined {
    if (!this.#roots.has(path[0]!)) return undefined
    const here = this.#assumptions.filter((one) => one.from <= at && at <= one.to && path.every((step, i) => one.path[i] === step))
    return here.length === 0 ? undefined : valueOf(here, path.length)
  }
}

function valueOf(assumptions: readonly Assumption[], depth: number): AssumedValue {
  const parts = new Map<string, AssumedValue>()
  for (const step of new Set(assumptions.flatMap(({ path }) => path.slice(depth, depth + 1)))) parts.set(step, valueOf(assumptions.filter(({ path }) => path[depth] === step), depth + 1))
  return { whole: assumptions.findLast(({ path }) => path.length === depth), parts }
}

/** The assumptions of the command line: names that cannot be read are left out, `unreadableAssumption` says why. */
export function optionAssumptions(parser: PythonParser, given: ReadonlyMap<string, string>): readonly Assumption[] {
  return [...given].flatMap(([name, value]): Assumption[] => {
    const path = assumedPath(name)
    const expression = expressionOf(parser, value)
    return path === undefined || typeof expression === 'string' ? [] : [{ name, path, expression, because: '--assume', from: 0, to: Infinity }]
  })
}

/** Why `NAME=VALUE` of the command line says nothing. */
export function unreadableAssumption(parser: PythonParser, name: string, value: string): string | undefined {
  if (assumedPath(name) === undefined) return `\`${name}\` is no name: write NAME=VALUE, as in cfg.hidden=768`
  if (value.trim() === '') return 'no value is given: write NAME=VALUE, as in cfg.hidden=768'
  const expression = expressionOf(parser, value)
  return typeof expression === 'string' ? expression : undefined
}

/** What a file's comments assume. */
export function readFileAssumptions(parser: PythonParser, file: SourceFile): { readonly assumptions: readonly Assumption[], readonly problems: readonly AssumeProblem[], readonly comments: readonly AssumeComment[] } {
  const assumptions: Assumption[] = []
  const problems: AssumeProblem[] = []
  const comments: AssumeComment[] = []
  if (!file.text.includes('footprint:')) return { assumptions, problems, comments }
  for (const comment of file.comments) {
    const found = /^#\s*footprint:\s*assume(?![\w-])\s*/.exec(comment.text)
    if (!found) continue
    if (comments.length >= MAX_COMMENTS) break
    const { assumed, wrong } = readAssumedList(comment.text.slice(found[0].length))
    const listStart = comment.start + found[0].length
    const place = placeOf(file, comment.start)
    comments.push({ start: comment.start, end: comment.end, statement: place.statement, names: assumed.map(({ name }) => name) })
    if (wrong !== undefined) problems.push({ start: comment.start, end: comment.end, message: wrong === '' ? 'write `assume name=value`' : `\`${wrong}\` is no \`name=value\`` })
    for (const { name, path, value, start, end } of assumed) {
      const expression = expressionOf(parser, value)
      if (typeof expression === 'string') problems.push({ start: listStart + start, end: listStart + end, message: expression })
      else if (value === openValue) problems.push({ start: listStart + start, end: listStart + end, message: `write a value for \`${name}\` in the place of \`...\`` })
      else assumptions.push({ name, path, expression, because: 'assumed here', ...regionOf(place, path[0]!) })
    }
  }
  return { assumptions, problems, comments }
}

// ---------------------------------------------------------------------------------------------- values

/** The value as an expression, or why it is none: data and names only, nothing that runs. */
function expressionOf(parser: PythonParser, value: string): Expression | string {
  const file = parser.parse(`(${value}\n)`)
  const [statement] = file.body
  if (!isClosed(value) || statement?.kind !== 'expression' || file.body.length !== 1 || file.problems.length > 0) return `\`${value}\` is no Python expression`
  let runs: string | undefined
  walk([statement.value], (node) => { if (!DATA.has(node.kind) && !isPlainCall(node)) runs ??= node.kind })
  return runs === undefined ? statement.value : `\`${value}\` is no plain value: write a number, a string, a list or a name`
}

function isPlainCall(node: Node): boolean {
  return node.kind === 'call' && node.callee.kind === 'name' && PLAIN_CALLS.has(node.callee.id)
}

/** Built-in functions that make nothing but plain values. */
const PLAIN_CALLS: ReadonlySet<string> = new Set(['abs', 'bool', 'dict', 'float', 'int', 'len', 'list', 'max', 'min', 'pow', 'range', 'round', 'set', 'str', 'sum', 'tuple'])
const DATA: ReadonlySet<string> = new Set(['name', 'constant', 'number', 'string', 'bytes', 'attribute', 'subscript', 'unary', 'binary', 'tuple', 'list', 'set', 'dict'])

// ---------------------------------------------------------------------------------------------- regions

interface Place {
  readonly statement: Statement | undefined
  /** The function or module around. */
  readonly scopeEnd: number
  readonly fileEnd: number
  readonly isHead: boolean
}

/** The statement that a comment at an offset speaks of. */
function placeOf(file: SourceFile, at: number): Place {
  const line = file.lines.position(at).line
  const alone = file.lines.line(line).slice(0, file.lines.position(at).character).trim() === ''
  let around: Statement | undefined
  let next: Statement | undefined
  const scopes: Statement[] = []
  walk(file.body, (node) => {
    if (!isStatement(node)) return 'skip'
    const startsBefore = node.start <= at
    if (startsBefore && (at < node.end || (!alone && file.lines.position(node.end).line === line) || file.lines.position(node.start).line === line)) {
      around = node
      if (node.kind === 'function') scopes.push(node)
      return undefined
    }
    if (!startsBefore && (next === undefined || node.start < next.start)) next = node
    return startsBefore ? 'skip' : undefined
  })
  const inHeader = around !== undefined && (!alone || !isCompound(around) || at < bodyStart(around))
  const statement = inHeader ? around : next
  const enclosing = scopes.findLast((one) => one !== statement && statement !== undefined && one.start <= statement.start && statement.end <= one.end)
  const first = file.body.find((one) => !(one.kind === 'expression' && one.value.kind === 'string'))
  return { statement, scopeEnd: enclosing?.end ?? file.text.length, fileEnd: file.text.length, isHead: alone && first !== undefined && at < first.start && first === statement }
}

function regionOf({ statement, scopeEnd, fileEnd, isHead }: Place, root: string): { readonly from: number, readonly to: number } {
  if (statement === undefined) return { from: 0, to: fileEnd }
  if (binds(statement, root)) return { from: statement.start, to: scopeEnd }
  if (isHead && statement.kind !== 'class' && statement.kind !== 'function') return { from: 0, to: fileEnd }
  return { from: statement.start, to: statement.end }
}

function binds(statement: Statement, name: string): boolean {
  switch (statement.kind) {
    case 'assign': return statement.targets.some((target) => names(target, name))
    case 'annotatedAssign': return names(statement.target, name)
    case 'for': return names(statement.target, name)
    case 'with': return statement.items.some(({ target }) => target !== undefined && names(target, name))
    case 'import': return statement.names.some((one) => (one.alias?.id ?? one.name.id.split('.')[0]) === name)
    case 'importFrom': return statement.names !== '*' && statement.names.some((one) => (one.alias ?? one.name).id === name)
    default: return false
  }
}

function names(target: Expression, name: string): boolean {
  return (target.kind === 'name' && target.id === name) || ((target.kind === 'tuple' || target.kind === 'list') && target.items.some((item) => item.kind === 'name' && item.id === name))
}

function isCompound({ kind }: Statement): boolean {
  return kind === 'if' || kind === 'while' || kind === 'for' || kind === 'try' || kind === 'with' || kind === 'match' || kind === 'function' || kind === 'class'
}

/** Where the first statement inside a compound one begins. */
function bodyStart(statement: Statement): number {
  return childNodes(statement).find(isStatement)?.start ?? statement.end
}
