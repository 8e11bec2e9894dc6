/** string, textwrap, fnmatch, io (in memory), pprint-like and other small modules about text, in Python of our own. */

import { fn, type NativeModule } from '../native.ts'
import type { LibraryContext } from './context.ts'
import { knownName } from './known-names.ts'
import { readTextFile } from './pathlib.ts'

const stringSource = String.raw`
import re as _re

whitespace = ' \t\n\r\v\f'
ascii_lowercase = 'abcdefghijklmnopqrstuvwxyz'
ascii_uppercase = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ'
ascii_letters = ascii_lowercase + ascii_uppercase
digits = '0123456789'
hexdigits = digits + 'abcdef' + 'ABCDEF'
octdigits = '01234567'
punctuation = r"""!"#$%&'()*+,-./:;<=>?@[\]^_${'`'}{|}~"""
printable = digits + ascii_letters + punctuation + whitespace


def capwords(s, sep=None):
    return (sep or ' ').join([word.capitalize() for word in s.split(sep)])


class Template:
    delimiter = '$'
    idpattern = '(?a:[_a-z][_a-z0-9]*)'

    def __init__(self, template):
        self.template = template

    def _fill(self, mapping, kws, safe):
        delimiter = _re.escape(self.delimiter)
        pattern = _re.compile(f'{delimiter}(?:(?P<escaped>{delimiter})|(?P<named>{self.idpattern})|{{(?P<braced>{self.idpattern})}}|(?P<invalid>))', _re.IGNORECASE)

        def convert(found):
            named = found.group('named') or found.group('braced')
            if named is not None:
                for scope in (kws, mapping):
                    if scope is not None and named in scope:
                        return str(scope[named])
                if safe:
                    return found.group()
                return str(mapping[named] if mapping is not None else {}[named])
            if found.group('escaped') is not None:
                return self.delimiter
            if safe:
                return found.group()
            before = self.template[:found.start('invalid')]
            lines = before.splitlines(keepends=True)
            column = 1 if not lines else found.start('invalid') - len(''.join(lines[:-1]))
            raise ValueError(f'Invalid placeholder in string: line {max(len(lines), 1)}, col {column}')
        return pattern.sub(convert, self.template)

    def substitute(self, mapping=None, /, **kws):
        return self._fill(mapping, kws, False)

    def safe_substitute(self, mapping=None, /, **kws):
        return self._fill(mapping, kws, True)


class Formatter:
    def format(self, format_string, /, *args, **kwargs):
        return format_string.format(*args, **kwargs)

    def vformat(self, format_string, args, kwargs):
        return format_string.format(*args, **kwargs)
`

const textwrapSource = String.raw`
import re as _re


class TextWrapper:
    def __init__(self, width=70, initial_indent='', subsequent_indent='', **options):
        self.width, self.initial_indent, self.subsequent_indent, self.options = width, initial_indent, subsequent_indent, options

    def wrap(self, text):
        if self.options:
            return _not_modelled()
        words = text.split()
        lines = []
        line = self.initial_indent
        empty = True
        for word in words:
            if '-' in word or len(word) > self.width:
                return _not_modelled()
            if not empty and len(line) + 1 + len(word) > self.width:
                lines.append(line)
                line = self.subsequent_indent
                empty = True
            line += word if empty else ' ' + word
            empty = False
        if not empty:
            lines.append(line)
        return lines

    def fill(self, text):
        return '\n'.join(self.wrap(text))


def wrap(text, width=70, **kwargs):
    return TextWrapper(width=width, **kwargs).wrap(text)


def fill(text, width=70, **kwargs):
    return TextWrapper(width=width, **kwargs).fill(text)


def dedent(text):
    lines = [line if line.strip() else '' for line in text.split('\n')]
    margin = None
    for line in lines:
        if line:
            indent = line[:len(line) - len(line.lstrip(' \t'))]
            if margin is None:
                margin = indent
            else:
                while not indent.startswith(margin):
                    margin = margin[:-1]
    return '\n'.join([line[len(margin or ''):] if line else line for line in lines])


def indent(text, prefix, predicate=None):
    return ''.join([prefix + line if (predicate(line) if predicate is not None else line.strip()) else line for line in text.splitlines(True)])


def shorten(text, width, **kwargs):
    text = ' '.join(text.split())
    return text if len(text) <= width else _not_modelled()
`

const fnmatchSource = String.raw`
import re as _re


def translate(pat):
    result = ''
    at = 0
    while at < len(pat):
        c = pat[at]
        at += 1
        if c == '*':
            result += '.*'
        elif c == '?':
            result += '.'
        elif c == '[':
            end = at
            if pat[end:end + 1] == '!':
                end += 1
            if pat[end:end + 1] == ']':
                end += 1
            while end < len(pat) and pat[end] != ']':
                end += 1
            if end >= len(pat):
                result += '\\['
            else:
                inner = pat[at:end].replace('\\', '\\\\')
                at = end + 1
                result += '[^' + inner[1:] + ']' if inner[0] == '!' else '[' + inner + ']'
        else:
            result += _re.escape(c)
    return '(?s:' + result + ')\\Z'


def fnmatchcase(name, pat):
    return _re.match(translate(pat), name) is not None


def fnmatch(name, pat):
    return fnmatchcase(name, pat)


def filter(names, pat):
    return [name for name in names if fnmatchcase(name, pat)]
`

const ioSource = String.raw`
SEEK_SET, SEEK_CUR, SEEK_END = 0, 1, 2
DEFAULT_BUFFER_SIZE = 8192


class UnsupportedOperation(OSError, ValueError):
    pass


class IOBase:
    closed = False

    def __enter__(self):
        return self

    def __exit__(self, *exc_info):
        self.close()

    def close(self):
        self.closed = True

    def flush(self):
        pass


class RawIOBase(IOBase):
    pass


class BufferedIOBase(IOBase):
    pass


class TextIOBase(IOBase):
    pass


class _Memory:
    def __init__(self, initial):
        self._value = initial
        self._at = 0

    def read(self, size=-1, /):
        end = len(self._value) if size is None or size < 0 else self._at + size
        result = self._value[self._at:end]
        self._at += len(result)
        return result

    def readline(self, size=-1, /):
        end = self._value.find(self._newline, self._at)
        end = len(self._value) if end < 0 else end + 1
        result = self._value[self._at:end]
        self._at = end
        return result

    def readlines(self, hint=-1, /):
        return list(self)

    def __iter__(self):
        return self

    def __next__(self):
        line = self.readline()
        if not line:
            raise StopIteration
        return line

    def write(self, s, /):
        if len(self._value) < self._at:
            self._value = self._value + self._zero * (self._at - len(self._value))
        self._value = self._value[:self._at] + s + self._value[self._at + len(s):]
        self._at += len(s)
        return len(s)

    def writelines(self, lines, /):
        for line in lines:
            self.write(line)

    def getvalue(self):
        return self._value

    def tell(self):
        return self._at

    def seek(self, pos, whence=0, /):
        self._at = pos if whence == 0 else self._at + pos if whence == 1 else len(self._value) + pos
        return self._at

    def truncate(self, pos=None, /):
        self._value = self._value[:self._at if pos is None else pos]
        return len(self._value)

    def readable(self):
        return True
    writable = seekable = readable


class StringIO(_Memory, TextIOBase):
    _newline = '\n'
    _zero = '\0'

    def __init__(self, initial_value='', newline='\n'):
        super().__init__(initial_value or '')


class BytesIO(_Memory, BufferedIOBase):
    _newline = b'\n'
    _zero = b'\0'

    def __init__(self, initial_bytes=b''):
        super().__init__(bytes(initial_bytes))

    def getbuffer(self):
        return self._value


class _TextFile(StringIO):
    def __init__(self, name, text):
        super().__init__(text)
        self.name = name


class _BinaryFile(BufferedIOBase):
    """A file of which nothing but the name is known; what loads weights asks for that."""
    def __init__(self, name):
        self.name = name

    def __getattr__(self, name):
        if name.startswith('__'):
            raise AttributeError(name)
        return _unknown_file(self.name)

    def __iter__(self):
        return _unknown_file(self.name)

    def read(self, *args):
        return _unknown_file(self.name)
    readline = readlines = readinto = peek = read1 = seek = tell = fileno = read


class _LostFile(TextIOBase):
    def __init__(self, name):
        self.name = name

    def write(self, s, /):
        return len(s)

    def writelines(self, lines, /):
        pass


def open(file, mode='r', buffering=-1, encoding=None, errors=None, newline=None, closefd=True, opener=None):
    if 'w' in mode or 'a' in mode or 'x' in mode or '+' in mode:
        return _LostFile(file)
    if 'b' in mode:
        return _BinaryFile(file)
    return _TextFile(file, _read_text(file))
`

export function textModules(context: LibraryContext): readonly NativeModule[] {
  const notModelled = fn('_not_modelled()', (m) => m.unknown('this way of wrapping text is not evaluated'))
  return [
    { name: 'string', build: () => ({}), source: stringSource, missing: knownName('string') },
    { name: 'textwrap', build: () => ({ _not_modelled: notModelled }), source: textwrapSource, missing: knownName('textwrap') },
    { name: 'fnmatch', build: () => ({}), source: fnmatchSource, missing: knownName('fnmatch') },
    {
      name: 'io',
      build: () => ({ _read_text: readTextFile(context), _unknown_file: fn('_unknown_file(file)', (m) => m.unknown('the contents of binary files are not evaluated')) }),
      source: ioSource,
      missing: knownName('io'),
    },
    { name: 'codecs', build: () => ({}), source: 'import io as _io\n\ndef open(filename, mode=\'r\', encoding=None, errors=\'strict\', buffering=-1):\n    return _io.open(filename, mode)\n', missing: knownName('codecs') },
  ]
}
