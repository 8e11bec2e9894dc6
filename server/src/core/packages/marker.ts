/**
 * PEP 508 environment markers: reading and evaluating. A marker is kept in postfix order, so that neither
 * step recurses. A variable that the environment does not know makes the answer `undefined`, never a guess.
 */

import { satisfies, valid } from '@renovatebot/pep440'

/** The variables of PEP 508; a missing one is not known. */
export type MarkerEnvironment = ReadonlyMap<string, string>

interface Operand {
  readonly kind: 'variable' | 'literal'
  readonly text: string
}

type MarkerItem =
  | { readonly kind: 'comparison'; readonly left: Operand; readonly operator: string; readonly right: Operand }
  | { readonly kind: 'and' | 'or' }

/** A marker in postfix order. */
export type Marker = readonly MarkerItem[]

const TOKEN = /\s*(?:(\(|\))|("[^"]*"|'[^']*')|(===|==|~=|!=|<=|>=|<|>)|(not\s+in\b|in\b|and\b|or\b)|([A-Za-z_][A-Za-z0-9_.]*))/y
const VERSION_VARIABLES = new Set(['python_version', 'python_full_version', 'implementation_version', 'platform_release'])
/** Names that old metadata still uses (PEP 345). */
const ALIASES = new Map([
  ['os.name', 'os_name'], ['sys.platform', 'sys_platform'], ['platform.version', 'platform_version'], ['platform.machine', 'platform_machine'],
  ['platform.python_implementation', 'platform_python_implementation'], ['python_implementation', 'platform_python_implementation'],
])

interface Token {
  readonly kind: 'paren' | 'operator' | 'word' | 'variable' | 'literal'
  readonly text: string
}

function tokenize(text: string): Token[] | undefined {
  const tokens: Token[] = []
  TOKEN.lastIndex = 0
  const end = text.trimEnd().length
  while (TOKEN.lastIndex < end) {
    const match = TOKEN.exec(text)
    if (!match) return undefined
    if (match[1]) tokens.push({ kind: 'paren', text: match[1] })
    else if (match[2]) tokens.push({ kind: 'literal', text: match[2].slice(1, -1) })
    else if (match[3]) tokens.push({ kind: 'operator', text: match[3] })
    else if (match[4]) {
      const word = match[4].replace(/\s+/g, ' ')
      tokens.push({ kind: word === 'and' || word === 'or' ? 'word' : 'operator', text: word })
    } else tokens.push({ kind: 'variable', text: ALIASES.get(match[5]!) ?? match[5]! })
  }
  return tokens
}

/** Reads a marker; `undefined` when it is none. */
export function parseMarker(text: string): Marker | undefined {
  const tokens = tokenize(text)
  if (!tokens || tokens.length === 0) return undefined
  const output: MarkerItem[] = []
  const stack: ('and' | 'or' | '(')[] = []
  let wantsOperand = true
  for (let at = 0; at < tokens.length; at++) {
    const token = tokens[at]!
    if (wantsOperand) {
      if (token.text === '(' && token.kind === 'paren') {
        stack.push('(')
        continue
      }
      const operator = tokens[at + 1]
      const right = tokens[at + 2]
      if (!isOperand(token) || operator?.kind !== 'operator' || !right || !isOperand(right)) return undefined
      output.push({ kind: 'comparison', left: operand(token), operator: operator.text, right: operand(right) })
      at += 2
      wantsOperand = false
      continue
    }
    if (token.kind === 'paren' && token.text === ')') {
      let top = stack.pop()
      while (top === 'and' || top === 'or') {
        output.push({ kind: top })
        top = stack.pop()
      }
      if (top !== '(') return undefined
      continue
    }
    if (token.kind !== 'word') return undefined
    const word = token.text as 'and' | 'or'
    let top = stack.at(-1)
    while (top === 'and' || (top === 'or' && word === 'or')) {
      output.push({ kind: top })
      stack.pop()
      top = stack.at(-1)
    }
    stack.push(word)
    wantsOperand = true
  }
  if (wantsOperand) return undefined
  for (let top = stack.pop(); top !== undefined; top = stack.pop()) {
    if (top === '(') return undefined
    output.push({ kind: top })
  }
  return output
}

function isOperand(token: Token): boolean {
  return token.kind === 'variable' || token.kind === 'literal'
}

function operand(token: Token): Operand {
  return { kind: token.kind === 'variable' ? 'variable' : 'literal', text: token.text }
}

/**
 * True, false, or `undefined` when it depends on something the environment does not say. `extras` are the
 * extras that were asked for; without any, `extra` compares as the empty string, as pip has it.
 */
export function evaluateMarker(marker: Marker | undefined, environment: MarkerEnvironment, extras: ReadonlySet<string> = new Set()): boolean | undefined {
  if (!marker) return true
  const stack: (boolean | undefined)[] = []
  for (const item of marker) {
    if (item.kind === 'comparison') {
      stack.push(comparison(item, environment, extras))
      continue
    }
    const right = stack.pop()
    const left = stack.pop()
    stack.push(item.kind === 'and' ? conjunction(left, right) : disjunction(left, right))
  }
  return stack[0]
}

function conjunction(left: boolean | undefined, right: boolean | undefined): boolean | undefined {
  if (left === false || right === false) return false
  return left === undefined || right === undefined ? undefined : true
}

function disjunction(left: boolean | undefined, right: boolean | undefined): boolean | undefined {
  if (left === true || right === true) return true
  return left === undefined || right === undefined ? undefined : false
}

function comparison(item: MarkerItem & { kind: 'comparison' }, environment: MarkerEnvironment, extras: ReadonlySet<string>): boolean | undefined {
  const variable = item.left.kind === 'variable' ? item.left.text : item.right.kind === 'variable' ? item.right.text : undefined
  if (variable === 'extra') return extraComparison(item, extras)
  const left = valueOf(item.left, environment)
  const right = valueOf(item.right, environment)
  if (left === undefined || right === undefined) return undefined
  return compareValues(left, item.operator, right, { asVersions: variable !== undefined && VERSION_VARIABLES.has(variable) })
}

/** `extra` holds one name at a time: the comparison is true when it is for any extra asked for. */
function extraComparison(item: MarkerItem & { kind: 'comparison' }, extras: ReadonlySet<string>): boolean {
  const wanted = (item.left.kind === 'literal' ? item.left : item.right).text.toLowerCase().replace(/[-_.]+/g, '-')
  if (item.operator === '!=') return !extras.has(wanted)
  if (item.operator === '==' || item.operator === '===') return extras.has(wanted)
  return false
}

function valueOf(operand: Operand, environment: MarkerEnvironment): string | undefined {
  return operand.kind === 'literal' ? operand.text : environment.get(operand.text)
}

function compareValues(left: string, operator: string, right: string, options: { readonly asVersions: boolean }): boolean | undefined {
  if (operator === 'in') return right.includes(left)
  if (operator === 'not in') return !right.includes(left)
  const version = right.endsWith('.*') ? right.slice(0, -2) : right
  if (options.asVersions && valid(left) && valid(version)) return satisfies(left, `${operator}${right}`, { prereleases: true })
  switch (operator) {
    case '==': case '===': return left === right
    case '!=': return left !== right
    case '<': return left < right
    case '<=': return left <= right
    case '>': return left > right
    case '>=': return left >= right
    default: return undefined
  }
}
