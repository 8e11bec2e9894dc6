/** re: patterns run by our own matcher, so that no pattern can hang it; the classes in Python of our own. */

import { fn, type NativeModule } from '../native.ts'
import type { PyInstance} from '../value.ts';
import { PyBoxed, PyList, PyTuple, Unknown, type Value } from '../value.ts'
import { knownName } from './known-names.ts'
import { matchAt } from './regex-match.ts'
import { compileRegex } from './regex-emit.ts'
import { type Program, RegexFault } from './regex-program.ts'

/** `_compile(pattern, flags, holder)`: puts the program into the holder; answers (groups, names, flags), a str that is an error, or Unknown. */
const compile = fn('_compile(pattern, flags, holder)', (m, [given, flags, holder]) => {
  const pattern = plainText(given)
  if (pattern instanceof Unknown) return pattern
  if (typeof pattern !== 'string' || typeof flags !== 'number') return m.unknown('patterns of bytes are not evaluated')
  try {
    const program = compileRegex(pattern, flags)
    m.touch(holder as PyInstance)
    ;(holder as PyInstance).host = program
    return new PyTuple([program.groups, new PyList([...program.names].map(([name, index]) => new PyTuple([name, index]))), program.flags | ((program.flags & 256) === 0 ? 32 : 0)])
  } catch (fault) {
    if (!(fault instanceof RegexFault)) throw fault
    return fault.kind === 'error' ? fault.message : m.unknown(`a regular expression with ${fault.message} is not evaluated`)
  }
})

/** The text of a str or of an instance of a subclass of str. */
function plainText(value: Value): Value {
  return value instanceof PyBoxed && typeof value.value === 'string' ? value.value : value
}

const codesOf = new WeakMap<Program, { readonly text: string, readonly codes: readonly number[] }>()

/** `_find(holder, text, pos, endpos, mode)`: the spans of the first match as a flat tuple, or None. Modes: search, match, fullmatch, and nonempty: a match here that takes something. */
const find = fn('_find(holder, text, pos, endpos, mode)', (m, [holder, given, pos, endpos, mode]) => {
  const text = plainText(given)
  for (const one of [holder, text, pos, endpos]) if (one instanceof Unknown) return one
  const program = (holder as PyInstance).host as Program | undefined
  if (program === undefined || typeof text !== 'string') return m.unknown('patterns of bytes are not evaluated')
  let known = codesOf.get(program)
  if (known?.text !== text) {
    known = { text, codes: Array.from(text, (char) => char.codePointAt(0)!) }
    m.spend(known.codes.length)
    codesOf.set(program, known)
  }
  const { codes } = known
  const end = Math.max(0, Math.min(codes.length, endpos as number))
  const start = Math.max(0, pos as number)
  const spend = (steps: number): void => { m.spend(steps) }
  const last = mode === 'search' ? end : start
  for (let at = start; at <= last && at <= end; at++) {
    const spans = matchAt(program, { codes, start: 0, end }, at, { isFull: mode === 'fullmatch', isNonempty: mode === 'nonempty', spend })
    if (spans !== undefined) return new PyTuple(spans as readonly Value[])
  }
  return null
})

const source = String.raw`
from enum import IntFlag as _IntFlag
from types import GenericAlias as _GenericAlias


class RegexFlag(_IntFlag):
    NOFLAG = 0
    ASCII = A = 256
    IGNORECASE = I = 2
    LOCALE = L = 4
    UNICODE = U = 32
    MULTILINE = M = 8
    DOTALL = S = 16
    VERBOSE = X = 64
    TEMPLATE = T = 1
    DEBUG = 128


for _name, _member in RegexFlag.__members__.items():
    globals()[_name] = _member
del _name, _member


class error(Exception):
    def __init__(self, msg, pattern=None, pos=None):
        super().__init__(msg)
        self.msg, self.pattern, self.pos = msg, pattern, pos


PatternError = error
_big = 2 ** 31


class Match:
    def __init__(self, re, string, spans, pos, endpos):
        self.re, self.string, self._spans, self.pos, self.endpos = re, string, spans, pos, endpos

    def _index(self, group):
        if isinstance(group, int):
            if 0 <= group <= self.re.groups:
                return group
        elif group in self.re.groupindex:
            return self.re.groupindex[group]
        raise IndexError('no such group')

    def _text(self, index, default=None):
        start, end = self._spans[index * 2], self._spans[index * 2 + 1]
        return default if start < 0 else self.string[start:end]

    def group(self, *groups):
        if not groups:
            return self._text(0)
        if len(groups) == 1:
            return self._text(self._index(groups[0]))
        return tuple([self._text(self._index(one)) for one in groups])

    def __getitem__(self, group):
        return self._text(self._index(group))

    def groups(self, default=None):
        return tuple([self._text(one, default) for one in range(1, self.re.groups + 1)])

    def groupdict(self, default=None):
        return {name: self._text(index, default) for name, index in self.re.groupindex.items()}

    def start(self, group=0):
        return self._spans[self._index(group) * 2]

    def end(self, group=0):
        return self._spans[self._index(group) * 2 + 1]

    def span(self, group=0):
        return (self.start(group), self.end(group))

    def expand(self, template):
        return _expand(self, _template(template, self.re))

    @property
    def lastindex(self):
        best = None
        for one in range(1, self.re.groups + 1):
            if self._spans[one * 2] >= 0 and (best is None or self._spans[one * 2 + 1] >= self._spans[best * 2 + 1] and self._spans[one * 2] >= self._spans[best * 2 + 1]):
                best = one
        return best

    @property
    def lastgroup(self):
        for name, index in self.re.groupindex.items():
            if index == self.lastindex:
                return name
        return None

    @property
    def regs(self):
        return tuple([self.span(one) for one in range(self.re.groups + 1)])

    def __copy__(self):
        return self

    def __deepcopy__(self, memo):
        return self

    def __repr__(self):
        return f'<re.Match object; span={self.span()!r}, match={self.group()!r}>'

    __class_getitem__ = classmethod(_GenericAlias)


_ESCAPES = {'n': '\n', 't': '\t', 'r': '\r', 'f': '\f', 'v': '\v', 'a': '\a', 'b': '\b', '\\': '\\'}


def _template(repl, pattern):
    parts = []
    at = 0
    while at < len(repl):
        c = repl[at]
        if c != '\\':
            parts.append(c)
            at += 1
            continue
        n = repl[at + 1:at + 2]
        at += 2
        if n == 'g':
            if repl[at:at + 1] != '<':
                raise error(f'missing < at position {at}', repl, at)
            end = repl.find('>', at)
            if end < 0:
                raise error(f'missing >, unterminated name at position {at + 1}', repl, at)
            name = repl[at + 1:end]
            if name.isdigit():
                group = int(name)
            elif name in pattern.groupindex:
                group = pattern.groupindex[name]
            else:
                raise IndexError(f'unknown group name {name!r}')
            if group > pattern.groups:
                raise error(f'invalid group reference {group} at position {at + 1}', repl, at)
            parts.append(group)
            at = end + 1
        elif n == '0':
            parts.append('\0')
        elif n.isdigit():
            if repl[at:at + 1].isdigit():
                n += repl[at]
                at += 1
            if int(n) > pattern.groups:
                raise error(f'invalid group reference {n} at position {at - len(n)}', repl, at)
            parts.append(int(n))
        elif n in _ESCAPES:
            parts.append(_ESCAPES[n])
        elif n.isalpha() and n.isascii():
            raise error(f'bad escape \\{n} at position {at - 2}', repl, at)
        else:
            parts.append('\\' + n)
    return parts


def _expand(match, parts):
    return ''.join([one if isinstance(one, str) else match._text(one, '') or '' for one in parts])


class Pattern:
    def __init__(self, pattern, flags):
        result = _compile(pattern, int(flags), self)
        if isinstance(result, str):
            raise error(result, pattern)
        self.pattern = pattern
        self.groups, names, self.flags = result
        self.groupindex = dict(names)

    def _first(self, string, pos, endpos, mode):
        spans = _find(self, string, pos, endpos, mode)
        if _is_unknown(spans):
            return spans
        return None if spans is None else Match(self, string, spans, pos, min(endpos, len(string)))

    def search(self, string, pos=0, endpos=_big):
        return self._first(string, pos, endpos, 'search')

    def match(self, string, pos=0, endpos=_big):
        return self._first(string, pos, endpos, 'match')

    def fullmatch(self, string, pos=0, endpos=_big):
        return self._first(string, pos, endpos, 'fullmatch')

    def finditer(self, string, pos=0, endpos=_big):
        return string if _is_unknown(string) else self._matches(string, pos, endpos)

    def _matches(self, string, pos, endpos):
        # An empty match may touch the end of the match before it, but not another empty one at the same place.
        while pos <= len(string):
            match = self._first(string, pos, endpos, 'search')
            if match is None:
                return
            yield match
            start, end = match.span()
            if start < end:
                pos = end
                continue
            # After an empty match, one that is not empty may still begin here.
            again = _find(self, string, end, endpos, 'nonempty')
            if again is not None:
                yield Match(self, string, again, end, min(endpos, len(string)))
                pos = again[1]
            else:
                pos = end + 1

    def findall(self, string, pos=0, endpos=_big):
        if _is_unknown(string):
            return string
        result = []
        for match in self.finditer(string, pos, endpos):
            if self.groups == 0:
                result.append(match.group())
            elif self.groups == 1:
                result.append(match._text(1, ''))
            else:
                result.append(match.groups(''))
        return result

    def split(self, string, maxsplit=0):
        if _is_unknown(string):
            return string
        result = []
        at = 0
        for match in self.finditer(string):
            if maxsplit and len(result) // (self.groups + 1) >= maxsplit:
                break
            result.append(string[at:match.start()])
            result.extend(match.groups())
            at = match.end()
        result.append(string[at:])
        return result

    def subn(self, repl, string, count=0):
        parts = [] if callable(repl) else _template(repl, self)
        result = []
        at = n = 0
        for match in self.finditer(string):
            if count and n >= count:
                break
            n += 1
            result.append(string[at:match.start()])
            result.append(repl(match) if callable(repl) else _expand(match, parts))
            at = match.end()
        result.append(string[at:])
        return ''.join(result), n

    def sub(self, repl, string, count=0):
        if _is_unknown(string):
            return string
        return self.subn(repl, string, count)[0]

    def __eq__(self, other):
        return (self.pattern, self.flags) == (other.pattern, other.flags) if isinstance(other, Pattern) else NotImplemented

    def __hash__(self):
        return hash((self.pattern, int(self.flags)))

    def __copy__(self):
        return self

    def __deepcopy__(self, memo):
        return self

    def __repr__(self):
        flags = self.flags & ~32
        shown = [f're.{one.name}' for one in (IGNORECASE, LOCALE, MULTILINE, DOTALL, VERBOSE, DEBUG, ASCII) if flags & one]
        return f're.compile({self.pattern!r}{", " + "|".join(shown) if shown else ""})'

    __class_getitem__ = classmethod(_GenericAlias)


_cache = {}


def compile(pattern, flags=0):
    if isinstance(pattern, Pattern):
        if flags:
            raise ValueError('cannot process flags argument with a compiled pattern')
        return pattern
    key = (pattern, int(flags))
    if key not in _cache:
        _cache[key] = Pattern(pattern, flags)
    return _cache[key]


def search(pattern, string, flags=0):
    return compile(pattern, flags).search(string)


def match(pattern, string, flags=0):
    return compile(pattern, flags).match(string)


def fullmatch(pattern, string, flags=0):
    return compile(pattern, flags).fullmatch(string)


def split(pattern, string, maxsplit=0, flags=0):
    return compile(pattern, flags).split(string, maxsplit)


def findall(pattern, string, flags=0):
    return compile(pattern, flags).findall(string)


def finditer(pattern, string, flags=0):
    return compile(pattern, flags).finditer(string)


def sub(pattern, repl, string, count=0, flags=0):
    return compile(pattern, flags).sub(repl, string, count)


def subn(pattern, repl, string, count=0, flags=0):
    return compile(pattern, flags).subn(repl, string, count)


_special = {ord(one): '\\' + one for one in '()[]{}?*+-|^$\\.&~# \t\n\r\v\f'}


def escape(pattern):
    return pattern.translate(_special)


def purge():
    _cache.clear()
`

export const reModule: NativeModule = { name: 're', build: () => ({ _compile: compile, _find: find, _is_unknown: fn('_is_unknown(value)', (_m, [value]) => value instanceof Unknown) }), source, missing: knownName('re') }
