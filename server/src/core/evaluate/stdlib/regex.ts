/** re: the common part of Python's patterns on the host's engine; anything else is unknown, as is what could take exponential time. */

import { fn, method, nativeClass, type NativeModule, property } from '../native.ts'
import { strOfBoxed } from '../operate/numbers.ts'
import { intOf } from '../operate/numbers.ts'
import { type Machine, PyDict, PyInstance, PyIterator, PyList, PyTuple, Unknown, type Value } from '../value.ts'

interface Pattern { readonly regex: RegExp, readonly source: string, readonly flags: number, readonly groups: number, readonly names: readonly string[], readonly isRisky: boolean }
interface Match { readonly pattern: Pattern, readonly text: string, readonly match: RegExpExecArray, readonly instance: PyInstance }

const IGNORECASE = 2
const MULTILINE = 8
const DOTALL = 16
const VERBOSE = 64
const ASCII = 256

/** Subjects of patterns whose matching time may grow exponentially, and of all others. */
const MAX_RISKY_TEXT = 24
const MAX_TEXT = 200_000

const cache = new Map<string, Pattern | string>()

/** The pattern for the host, or why it cannot be had. */
function translate(source: string, flags: number): Pattern | string {
  const key = `${flags}:${source}`
  const known = cache.get(key)
  if (known !== undefined) return known
  if (cache.size > 1000) cache.clear()
  const made = compile(source, flags)
  cache.set(key, made)
  return made
}

function compile(source: string, given: number): Pattern | string {
  let text = source
  let flags = given
  const inline = /^\(\?([aiLmsux]+)\)/.exec(text)
  if (inline !== null) {
    text = text.slice(inline[0].length)
    for (const letter of inline[1]!) flags |= letter === 'i' ? IGNORECASE : letter === 'm' ? MULTILINE : letter === 's' ? DOTALL : letter === 'x' ? VERBOSE : letter === 'a' ? ASCII : 0
  }
  let out = ''
  let groups = 0
  const names: string[] = []
  let inClass = false
  for (let i = 0; i < text.length; i++) {
    const unit = text[i]!
    if (unit === '\\') {
      const next = text[++i]
      if (next === undefined) return 'bad escape (end of pattern)'
      if (next === 'A' && !inClass) out += '(?<![\\s\\S])'
      else if (next === 'Z' && !inClass) out += '(?![\\s\\S])'
      else if (next === 'd' && (flags & ASCII) === 0) out += inClass ? '\\p{Nd}' : '\\p{Nd}'
      else if (next === 'D' && (flags & ASCII) === 0) out += '\\P{Nd}'
      else if (next === 'w' && (flags & ASCII) === 0) out += inClass ? '\\p{L}\\p{N}_' : '[\\p{L}\\p{N}_]'
      else if (next === 'W' && (flags & ASCII) === 0) { if (inClass) return 'negated class in a class'; out += '[^\\p{L}\\p{N}_]' } else if (/[bBdDwWsSnrtfv]/.test(next)) out += next === 'b' && inClass ? '\\x08' : `\\${next}`
      else if (/[0-9]/.test(next)) { if (next === '0') out += '\\x00'; else out += `\\${next}` } else if (/[xu]/.test(next)) out += `\\${next}`
      else if (/[a-zA-Z]/.test(next)) { if (next === 'a') out += '\\x07'; else return `bad escape \\${next}` } else out += /[\^$\\.*+?()[\]{}|/-]/.test(next) ? (next === '-' && !inClass ? '-' : `\\${next}`) : next
      continue
    }
    if (inClass) {
      if (unit === ']') inClass = false
      out += unit === '[' ? '\\[' : unit
      continue
    }
    if (unit === '[') {
      inClass = true
      out += '['
      if (text[i + 1] === '^') { out += '^'; i++ }
      if (text[i + 1] === ']') { out += '\\]'; i++ }
      continue
    }
    if ((flags & VERBOSE) !== 0) {
      if (/\s/.test(unit)) continue
      if (unit === '#') { while (i < text.length && text[i] !== '\n') i++; continue }
    }
    if (unit === '(') {
      if (text[i + 1] !== '?') { groups++; out += '('; continue }
      const named = /^\(\?P<(\w+)>/.exec(text.slice(i))
      if (named !== null) { groups++; names[groups] = named[1]!; out += `(?<${named[1]!}>`; i += named[0].length - 1; continue }
      const back = /^\(\?P=(\w+)\)/.exec(text.slice(i))
      if (back !== null) { out += `\\k<${back[1]!}>`; i += back[0].length - 1; continue }
      if (text.startsWith('(?#', i)) { i = text.indexOf(')', i); if (i < 0) return 'missing ), unterminated comment'; continue }
      if (/^\(\?(?:[:=!]|<[=!])/.test(text.slice(i))) { out += '('; continue }
      return 'extension is not evaluated'
    }
    if (unit === '$') { out += (flags & MULTILINE) !== 0 ? '(?=\\n|(?![\\s\\S]))' : '(?=\\n?(?![\\s\\S]))'; continue }
    if (unit === '^') { out += (flags & MULTILINE) !== 0 ? '(?<![^\\n])' : '(?<![\\s\\S])'; continue }
    if (unit === '.') { out += (flags & DOTALL) !== 0 ? '[\\s\\S]' : '[^\\n]'; continue }
    if (unit === '{' && !/^\{\d*,?\d*\}/.test(text.slice(i))) { out += '\\{'; continue }
    if (unit === '{' && text.startsWith('{,', i)) { out += '{0'; continue }
    if (unit === '}' && !/\{[\d,]*$/.test(out)) { out += '\\}'; continue }
    if (unit === ']') { out += '\\]'; continue }
    if ((unit === '+' || unit === '*' || unit === '?') && text[i + 1] === '+') return 'possessive quantifiers are not evaluated'
    out += unit === '/' ? '\\/' : unit
  }
  try {
    const regex = new RegExp(out, `dguy${(flags & IGNORECASE) !== 0 ? 'i' : ''}`.replace('y', ''))
    return { regex, source, flags: flags | 32, groups, names, isRisky: /[+*}][^()]*\)[+*{]|\|[^()]*\)[+*{]/.test(text) || /\\[1-9]/.test(text) || (text.match(/\.[*+]/g) ?? []).length > 3 }
  } catch (error) {
    return error instanceof Error ? error.message : 'bad pattern'
  }
}

type Mode = 'match' | 'fullmatch' | 'search'

const matchClass = nativeClass({
  name: 'Match', module: 're',
  methods: [
    method('group(self, *groups)', (m, [self, groups]) => {
      const wanted = (groups as PyTuple).items
      const found = wanted.length === 0 ? [groupOf(m, self, 0)] : wanted.map((one) => groupOf(m, self, one))
      return found.length === 1 ? found[0]! : new PyTuple(found)
    }),
    method('__getitem__(self, group)', (m, [self, group]) => groupOf(m, self, group)),
    method('groups(self, default=None)', (_m, [self, fallback]) => new PyTuple(hostOf(self).match.slice(1).map((one: string | undefined) => one ?? fallback))),
    method('groupdict(self, default=None)', (m, [self, fallback]) => {
      const dict = new PyDict()
      const { match, pattern } = hostOf(self)
      pattern.names.forEach((name, i) => { m.dictSet(dict, name, match[i] ?? fallback) })
      return dict
    }),
    method('start(self, group=0)', (m, [self, group]) => spanOf(m, self, group)[0]),
    method('end(self, group=0)', (m, [self, group]) => spanOf(m, self, group)[1]),
    method('span(self, group=0)', (m, [self, group]) => new PyTuple(spanOf(m, self, group))),
    method('expand(self, template)', (m, [self, template]) => expand(m, strOfBoxed(template) ?? '', hostOf(self))),
    method('__repr__(self)', (m, [self]) => { const shown = m.repr(hostOf(self).match[0]); return `<re.Match object; span=(${spanOf(m, self, 0).join(', ')}), match=${typeof shown === 'string' ? shown : '?'}>` }),
  ],
  properties: { string: (_m, self) => hostOf(self).text, re: (_m, self) => hostOf(self).instance, lastindex: (_m, self) => { let last: number | null = null; hostOf(self).match.forEach((one: string | undefined, i) => { if (i > 0 && one !== undefined) last = i }); return last } },
})

function hostOf(self: Value): Match { return (self as PyInstance).host as Match }

function indexOf(m: Machine, self: Value, group: Value): number {
  const { pattern } = hostOf(self)
  const index = typeof group === 'string' ? pattern.names.indexOf(group) : Number(intOf(group) ?? -1)
  return index >= 0 && index <= pattern.groups ? index : m.raise('IndexError', 'no such group')
}

function groupOf(m: Machine, self: Value, group: Value): Value { return hostOf(self).match[indexOf(m, self, group)] ?? null }

function spanOf(m: Machine, self: Value, group: Value): [number, number] {
  const found = hostOf(self).match.indices?.[indexOf(m, self, group)]
  return found === undefined ? [-1, -1] : [found[0], found[1]]
}

function expand(m: Machine, template: string, host: Match): string {
  return template.replace(/\\(?:g<(\w+)>|([1-9]\d?)|(.))/gs, (_whole, name: string | undefined, number: string | undefined, other: string | undefined) => {
    if (other !== undefined) return other === 'n' ? '\n' : other === 't' ? '\t' : other === '\\' ? '\\' : `\\${other}`
    const key = name ?? number!
    const index = /^\d+$/.test(key) ? Number(key) : host.pattern.names.indexOf(key)
    if (index < 0 || index > host.pattern.groups) return m.raise('IndexError', `unknown group name '${key}'`)
    return host.match[index] ?? ''
  })
}

function refuse(m: Machine, pattern: Pattern, text: string): Unknown | undefined {
  m.spend(1 + (text.length >> 4))
  if (text.length > (pattern.isRisky ? MAX_RISKY_TEXT : MAX_TEXT)) return m.unknown('this regular expression is too costly to evaluate here')
  return undefined
}

function run(pattern: Pattern, text: string, mode: Mode, from: number): RegExpExecArray | undefined {
  const source = mode === 'fullmatch' ? `(?:${pattern.regex.source})(?![\\s\\S])` : pattern.regex.source
  const regex = new RegExp(source, pattern.regex.flags.replace('g', '') + (mode === 'search' ? 'g' : 'y'))
  regex.lastIndex = from
  return regex.exec(text) ?? undefined
}

function wrap(pattern: Pattern, text: string, match: RegExpExecArray | undefined, instance: PyInstance): Value {
  return match === undefined ? null : new PyInstance(matchClass, { pattern, text, match, instance } satisfies Match)
}

function allMatches(pattern: Pattern, text: string): RegExpExecArray[] {
  const found: RegExpExecArray[] = []
  const regex = new RegExp(pattern.regex.source, pattern.regex.flags)
  for (let match = regex.exec(text); match !== null; match = regex.exec(text)) {
    found.push(match)
    if (match[0] === '') regex.lastIndex++
  }
  return found
}

function patternOf(self: Value): Pattern { return (self as PyInstance).host as Pattern }

function withText(apply: (m: Machine, pattern: Pattern, text: string, self: PyInstance, args: readonly Value[]) => Value): (m: Machine, args: readonly Value[]) => Value {
  return (m, args) => {
    for (const one of args) if (one instanceof Unknown) return one
    const pattern = patternOf(args[0]!)
    const text = strOfBoxed(args[1]!)
    if (text === undefined) return m.unknown('matching anything but text is not evaluated')
    return refuse(m, pattern, text) ?? apply(m, pattern, text, args[0] as PyInstance, args.slice(2))
  }
}

function matcher(mode: Mode): (m: Machine, args: readonly Value[]) => Value {
  return withText((_m, pattern, text, self, [from]) => wrap(pattern, text, run(pattern, text, mode, Number(intOf(from!) ?? 0)), self))
}

function substitute(countToo: boolean): (m: Machine, args: readonly Value[]) => Value {
  return (m, [self, replacement, text, limit]) => withText((machine, pattern, subject, instance) => {
    const most = Number(intOf(limit!) ?? 0)
    let out = ''
    let at = 0
    let count = 0
    for (const match of allMatches(pattern, subject)) {
      if (most > 0 && count >= most) break
      const host: Match = { pattern, text: subject, match, instance }
      const made = typeof replacement === 'string' ? expand(machine, replacement, host) : machine.call(replacement!, [new PyInstance(matchClass, host)])
      if (typeof made !== 'string') return made instanceof Unknown ? made : machine.raise('TypeError', 'expected str instance')
      out += subject.slice(at, match.index) + made
      at = match.index + match[0].length
      count++
    }
    out += subject.slice(at)
    return countToo ? new PyTuple([out, count]) : out
  })(m, [self!, text!])
}

const splitText = withText((_m, pattern, text, _self, [limit]) => {
  const most = Number(intOf(limit!) ?? 0)
  const parts: Value[] = []
  let at = 0
  for (const match of allMatches(pattern, text)) {
    if (most > 0 && parts.length >= most * (1 + pattern.groups)) break
    parts.push(text.slice(at, match.index), ...match.slice(1).map((one: string | undefined) => one ?? null))
    at = match.index + match[0].length
  }
  return new PyList([...parts, text.slice(at)])
})

const findAll = withText((_m, pattern, text) => new PyList(allMatches(pattern, text).map((match) => pattern.groups === 0 ? match[0] : pattern.groups === 1 ? match[1] ?? '' : new PyTuple(match.slice(1).map((one: string | undefined) => one ?? '')))))
const findIter = withText((_m, pattern, text, self) => { const found = allMatches(pattern, text); return new PyIterator(() => { const match = found.shift(); return match === undefined ? undefined : wrap(pattern, text, match, self) }, 'callable_iterator') })

const patternClass = nativeClass({
  name: 'Pattern', module: 're',
  methods: [
    method('match(self, string, pos=0)', matcher('match')),
    method('fullmatch(self, string, pos=0)', matcher('fullmatch')),
    method('search(self, string, pos=0)', matcher('search')),
    method('findall(self, string)', findAll),
    method('finditer(self, string)', findIter),
    method('sub(self, repl, string, count=0)', substitute(false)),
    method('subn(self, repl, string, count=0)', substitute(true)),
    method('split(self, string, maxsplit=0)', splitText),
    method('__repr__(self)', (m, [self]) => { const shown = m.repr(patternOf(self).source); return `re.compile(${typeof shown === 'string' ? shown : '?'})` }),
  ],
  properties: {
    pattern: (_m, self) => patternOf(self).source, flags: (_m, self) => patternOf(self).flags, groups: (_m, self) => patternOf(self).groups,
    groupindex: property((m, self) => { const dict = new PyDict(); patternOf(self).names.forEach((name, i) => { m.dictSet(dict, name, i) }); return dict }),
  },
})

function compileValue(m: Machine, source: Value, flags: Value): Value {
  if (source instanceof Unknown || (source instanceof PyInstance && source.cls === patternClass)) return source
  const text = strOfBoxed(source)
  if (text === undefined) return m.unknown('patterns other than text are not evaluated')
  const pattern = translate(text, Number(intOf(flags) ?? 0))
  return typeof pattern === 'string' ? m.unknown(`this regular expression is not evaluated: ${pattern}`) : new PyInstance(patternClass, pattern)
}

function direct(name: string, signature: string): Value {
  return fn(`${name}(pattern, ${signature}, flags=0)`, (m, args) => {
    const given = args as readonly Value[]
    const compiled = compileValue(m, given[0]!, given[signature.split(',').length + 1]!)
    return compiled instanceof Unknown ? compiled : m.callMethod(compiled, name, given.slice(1, signature.split(',').length + 1))
  })
}

export const regexModule: NativeModule = {
  name: 're',
  build: (m) => ({
    compile: fn('compile(pattern, flags=0)', (machine, [source, flags]) => compileValue(machine, source, flags)),
    match: direct('match', 'string'), fullmatch: direct('fullmatch', 'string'), search: direct('search', 'string'), findall: direct('findall', 'string'), finditer: direct('finditer', 'string'),
    sub: direct('sub', 'repl, string, count=0'), subn: direct('subn', 'repl, string, count=0'), split: direct('split', 'string, maxsplit=0'),
    escape: fn('escape(pattern)', (_m, [text]) => text instanceof Unknown ? text : (strOfBoxed(text) ?? '').replace(/[()[\]{}?*+\-|^$\\.&~# \t\n\r\v\f]/g, '\\$&')),
    purge: fn('purge()', () => null),
    I: IGNORECASE, IGNORECASE, M: MULTILINE, MULTILINE, S: DOTALL, DOTALL, X: VERBOSE, VERBOSE, A: ASCII, ASCII, U: 32, UNICODE: 32, Pattern: patternClass, Match: matchClass, error: m.getAttribute(m.importModule('builtins'), 'ValueError'),
    RegexFlag: m.getAttribute(m.importModule('builtins'), 'int'),
  }),
}
