/** json: reading in TypeScript, without recursion; writing in Python of our own. Numbers keep Python's difference between int and float. */

import type { NativeModule } from '../native.ts'
import { fn } from '../native.ts'
import { parseFloatText, parseIntText } from '../operate/numbers.ts'
import { type Machine, PyDict, PyFloat, PyList, PyTuple, Unknown, type Value } from '../value.ts'
import { knownName } from './known-names.ts'

const ESCAPES: Readonly<Record<string, string>> = { '"': '"', '\\': '\\', '/': '/', 'b': '\b', 'f': '\f', 'n': '\n', 'r': '\r', 't': '\t' }
const NUMBER = /(-?(?:0|[1-9]\d*))(\.\d+)?([eE][-+]?\d+)?/y
const SPACE = /[ \t\n\r]*/y
const CONSTANTS: readonly (readonly [string, Value])[] = [
  ['null', null], ['true', true], ['false', false], ['NaN', new PyFloat(Number.NaN)], ['Infinity', new PyFloat(Number.POSITIVE_INFINITY)], ['-Infinity', new PyFloat(Number.NEGATIVE_INFINITY)],
]

/** What is wrong with a text, and where. Thrown and caught in this file. */
class JsonFault {
  readonly message: string
  readonly offset: number
  constructor(message: string, offset: number) {
    this.message = message
    this.offset = offset
  }
}

type Container = { readonly list: PyList } | { readonly dict: PyDict, key: string }

class JsonReader {
  readonly #m: Machine
  readonly #text: string
  #at = 0

  constructor(m: Machine, text: string) {
    this.#m = m
    this.#text = text
  }

  read(): Value {
    const value = this.#value()
    this.#skip()
    if (this.#at < this.#text.length) throw new JsonFault('Extra data', this.#at)
    return value
  }

  #value(): Value {
    const open: Container[] = []
    for (;;) {
      let value = this.#begin(open)
      if (value === undefined) continue
      for (;;) {
        const inside = open[open.length - 1]
        if (inside === undefined) return value
        if ('list' in inside) inside.list.items.push(value)
        else inside.dict.values.set(inside.key, value)
        this.#skip()
        const next = this.#text[this.#at]
        if (next === ('list' in inside ? ']' : '}')) {
          this.#at++
          open.pop()
          value = 'list' in inside ? inside.list : inside.dict
          continue
        }
        if (next !== ',') throw new JsonFault('Expecting \',\' delimiter', this.#at)
        this.#at++
        if (!('list' in inside)) inside.key = this.#key()
        break
      }
    }
  }

  /** The value that starts here, or `undefined` after opening a container that is not empty. */
  #begin(open: Container[]): Value | undefined {
    this.#m.spend(1)
    this.#skip()
    const first = this.#text[this.#at]
    if (first !== '{' && first !== '[') return this.#scalar()
    this.#at++
    this.#skip()
    if (this.#text[this.#at] === (first === '{' ? '}' : ']')) {
      this.#at++
      return first === '{' ? new PyDict() : new PyList([])
    }
    open.push(first === '[' ? { list: new PyList([]) } : { dict: new PyDict(), key: this.#key() })
    return undefined
  }

  /** A key and the colon after it. */
  #key(): string {
    this.#skip()
    if (this.#text[this.#at] !== '"') throw new JsonFault('Expecting property name enclosed in double quotes', this.#at)
    const key = this.#string()
    this.#skip()
    if (this.#text[this.#at] !== ':') throw new JsonFault('Expecting \':\' delimiter', this.#at)
    this.#at++
    return key
  }

  #scalar(): Value {
    if (this.#text[this.#at] === '"') return this.#string()
    for (const [word, value] of CONSTANTS) {
      if (this.#text.startsWith(word, this.#at)) {
        this.#at += word.length
        return value
      }
    }
    NUMBER.lastIndex = this.#at
    const found = NUMBER.exec(this.#text)
    if (found === null) throw new JsonFault('Expecting value', this.#at)
    this.#at += found[0].length
    return found[2] === undefined && found[3] === undefined ? parseIntText(found[1]!, 10)! : new PyFloat(parseFloatText(found[0])!)
  }

  #string(): string {
    const start = this.#at
    let text = ''
    let from = start + 1
    for (let at = from; at < this.#text.length; at++) {
      const char = this.#text[at]!
      if (char === '"') {
        this.#at = at + 1
        return text + this.#text.slice(from, at)
      }
      if (char < ' ') throw new JsonFault('Invalid control character at', at)
      if (char !== '\\') continue
      text += this.#text.slice(from, at)
      const escape = this.#text[at + 1]
      if (escape === 'u') {
        const digits = this.#text.slice(at + 2, at + 6)
        if (!/^[0-9a-fA-F]{4}$/.test(digits)) throw new JsonFault('Invalid \\uXXXX escape', at + 2)
        text += String.fromCharCode(Number.parseInt(digits, 16))
        at += 5
      } else if (escape !== undefined && Object.hasOwn(ESCAPES, escape)) {
        text += ESCAPES[escape]!
        at++
      } else throw new JsonFault('Invalid \\escape', at)
      from = at + 1
    }
    throw new JsonFault('Unterminated string starting at', start)
  }

  #skip(): void {
    SPACE.lastIndex = this.#at
    SPACE.test(this.#text)
    this.#at = SPACE.lastIndex
  }
}

/** `_read(text)`: the value, or a tuple of message, offset, line and column of what is wrong. */
const read = fn('_read(text)', (m, [text]) => {
  if (text instanceof Unknown) return text
  const source = text as string
  try {
    return new PyTuple([true, new JsonReader(m, source).read()])
  } catch (fault) {
    if (!(fault instanceof JsonFault)) throw fault
    const before = source.slice(0, fault.offset)
    return new PyTuple([false, fault.message, [...before].length])
  }
})

const source = String.raw`
class JSONDecodeError(ValueError):
    def __init__(self, msg, doc, pos):
        lineno = doc.count('\n', 0, pos) + 1
        colno = pos - doc.rfind('\n', 0, pos)
        ValueError.__init__(self, f'{msg}: line {lineno} column {colno} (char {pos})')
        self.msg, self.doc, self.pos, self.lineno, self.colno = msg, doc, pos, lineno, colno


def _hooked(value, object_hook, pairs_hook):
    if isinstance(value, list):
        return [_hooked(one, object_hook, pairs_hook) for one in value]
    if isinstance(value, dict):
        pairs = [(key, _hooked(one, object_hook, pairs_hook)) for key, one in value.items()]
        if pairs_hook is not None:
            return pairs_hook(pairs)
        return object_hook(dict(pairs))
    return value


class JSONDecoder:
    def __init__(self, *, object_hook=None, parse_float=None, parse_int=None, parse_constant=None, strict=True, object_pairs_hook=None):
        self.object_hook = object_hook
        self.object_pairs_hook = object_pairs_hook

    def decode(self, s):
        result = _read(s)
        if not result[0]:
            raise JSONDecodeError(result[1], s, result[2])
        if self.object_hook is not None or self.object_pairs_hook is not None:
            return _hooked(result[1], self.object_hook, self.object_pairs_hook)
        return result[1]


def loads(s, *, cls=None, **kw):
    if isinstance(s, (bytes, bytearray)):
        s = s.decode('utf-8')
    elif not isinstance(s, str):
        raise TypeError(f'the JSON object must be str, bytes or bytearray, not {s.__class__.__name__}')
    return (JSONDecoder if cls is None else cls)(**kw).decode(s)


def load(fp, **kw):
    return loads(fp.read(), **kw)


_SHORT = {'"': '\\"', '\\': '\\\\', '\n': '\\n', '\r': '\\r', '\t': '\\t', '\f': '\\f', '\b': '\\b'}


def _quoted(s, ensure_ascii):
    parts = []
    for c in s:
        n = ord(c)
        if c in _SHORT:
            parts.append(_SHORT[c])
        elif n < 32 or ensure_ascii and 127 <= n < 0x10000 and n != 127:
            parts.append('\\u%04x' % n)
        elif ensure_ascii and n >= 0x10000:
            n -= 0x10000
            parts.append('\\u%04x\\u%04x' % (0xd800 | n >> 10, 0xdc00 | n & 0x3ff))
        else:
            parts.append(c)
    return '"' + ''.join(parts) + '"'


class JSONEncoder:
    item_separator = ', '
    key_separator = ': '

    def __init__(self, *, skipkeys=False, ensure_ascii=True, check_circular=True, allow_nan=True, sort_keys=False, indent=None, separators=None, default=None):
        self.skipkeys, self.ensure_ascii, self.allow_nan, self.sort_keys = skipkeys, ensure_ascii, allow_nan, sort_keys
        self.indent = ' ' * indent if isinstance(indent, int) else indent
        if separators is not None:
            self.item_separator, self.key_separator = separators
        elif indent is not None:
            self.item_separator = ','
        if default is not None:
            self.default = default

    def default(self, o):
        raise TypeError(f'Object of type {o.__class__.__name__} is not JSON serializable')

    def _float(self, o):
        if o != o:
            text = 'NaN'
        elif o == float('inf'):
            text = 'Infinity'
        elif o == -float('inf'):
            text = '-Infinity'
        else:
            return float.__repr__(o)
        if not self.allow_nan:
            raise ValueError(f'Out of range float values are not JSON compliant: {o!r}' if False else 'Out of range float values are not JSON compliant')
        return text

    def _key(self, key):
        if isinstance(key, str):
            return key
        if key is True:
            return 'true'
        if key is False:
            return 'false'
        if key is None:
            return 'null'
        if isinstance(key, int):
            return int.__repr__(key)
        if isinstance(key, float):
            return self._float(key)
        if self.skipkeys:
            return None
        raise TypeError(f'keys must be str, int, float, bool or None, not {key.__class__.__name__}')

    def _write(self, o, level, open):
        if isinstance(o, str):
            return _quoted(o, self.ensure_ascii)
        if o is None:
            return 'null'
        if o is True:
            return 'true'
        if o is False:
            return 'false'
        if isinstance(o, int):
            return int.__repr__(o)
        if isinstance(o, float):
            return self._float(o)
        if any(one is o for one in open):
            raise ValueError('Circular reference detected')
        open = open + [o]
        if isinstance(o, dict):
            items = list(o.items())
            if self.sort_keys:
                items = sorted(items)
            parts = []
            for key, value in items:
                name = self._key(key)
                if name is not None:
                    parts.append(_quoted(name, self.ensure_ascii) + self.key_separator + self._write(value, level + 1, open))
            return self._wrap('{', parts, '}', level)
        if isinstance(o, (list, tuple)):
            return self._wrap('[', [self._write(one, level + 1, open) for one in o], ']', level)
        return self._write(self.default(o), level, open)

    def _wrap(self, start, parts, end, level):
        if not parts:
            return start + end
        if self.indent is None:
            return start + self.item_separator.join(parts) + end
        inner = '\n' + self.indent * (level + 1)
        return start + inner + (self.item_separator + inner).join(parts) + '\n' + self.indent * level + end

    def encode(self, o):
        return self._write(o, 0, [])

    def iterencode(self, o):
        yield self.encode(o)


def dumps(obj, *, skipkeys=False, ensure_ascii=True, check_circular=True, allow_nan=True, cls=None, indent=None, separators=None, default=None, sort_keys=False, **kw):
    encoder = (JSONEncoder if cls is None else cls)(skipkeys=skipkeys, ensure_ascii=ensure_ascii, check_circular=check_circular, allow_nan=allow_nan, indent=indent, separators=separators, default=default, sort_keys=sort_keys, **kw)
    return encoder.encode(obj)


def dump(obj, fp, **kw):
    fp.write(dumps(obj, **kw))
`

export const jsonModule: NativeModule = { name: 'json', build: () => ({ _read: read }), source, missing: knownName('json') }
