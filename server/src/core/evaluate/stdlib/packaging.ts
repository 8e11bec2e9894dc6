/** packaging, click and yaml: third parties that decide what a script builds. */

import { parseDocument } from 'yaml'
import { fn, type NativeModule } from '../native.ts'
import { normalInt } from '../operate/numbers.ts'
import { type Machine, PyDict, PyFloat, PyFunction, PyList, PyTuple, Unknown, type Value } from '../value.ts'

/** The longest YAML text that is read. */
const MAX_YAML = 4_000_000
/** A document may not grow past this through aliases. */
const MAX_ALIASES = 1000

const versionSource = String.raw`
import re as _re

_PATTERN = r'v?(?:(?P<epoch>[0-9]+)!)?(?P<release>[0-9]+(?:\.[0-9]+)*)(?P<pre>[-_.]?(?P<pre_l>alpha|a|beta|b|preview|pre|c|rc)[-_.]?(?P<pre_n>[0-9]+)?)?(?P<post>-(?P<post_n1>[0-9]+)|[-_.]?(?:post|rev|r)[-_.]?(?P<post_n2>[0-9]+)?)?(?P<dev>[-_.]?dev[-_.]?(?P<dev_n>[0-9]+)?)?(?:\+(?P<local>[a-z0-9]+(?:[-_.][a-z0-9]+)*))?'
VERSION_PATTERN = _PATTERN
_regex = _re.compile(r'\s*' + _PATTERN + r'\s*', _re.IGNORECASE)
_LETTERS = {'alpha': 'a', 'beta': 'b', 'c': 'rc', 'pre': 'rc', 'preview': 'rc'}


class InvalidVersion(ValueError):
    pass


class Version:
    def __init__(self, version):
        found = _regex.fullmatch(version)
        if not found:
            raise InvalidVersion(f'Invalid version: {version!r}')
        self.epoch = int(found.group('epoch') or 0)
        self.release = tuple([int(one) for one in found.group('release').split('.')])
        letter = (found.group('pre_l') or '').lower()
        self.pre = (_LETTERS.get(letter, letter), int(found.group('pre_n') or 0)) if letter else None
        self.post = int(found.group('post_n1') or found.group('post_n2') or 0) if found.group('post') else None
        self.dev = int(found.group('dev_n') or 0) if found.group('dev') else None
        local = found.group('local')
        self._local = tuple([int(one) if one.isdigit() else one.lower() for one in _re.split('[-_.]', local)]) if local else None
        release = list(self.release)
        while len(release) > 1 and release[-1] == 0:
            release.pop()
        if self.pre is not None:
            pre = (1, *self.pre)
        elif self.post is None and self.dev is not None:
            pre = (0,)
        else:
            pre = (2,)
        self._key = (
            self.epoch, tuple(release), pre, -1 if self.post is None else self.post, (1,) if self.dev is None else (0, self.dev),
            (0,) if self._local is None else (1, *[(1, one, '') if isinstance(one, int) else (0, 0, one) for one in self._local]),
        )

    major = property(lambda self: self.release[0])
    minor = property(lambda self: self.release[1] if len(self.release) > 1 else 0)
    micro = property(lambda self: self.release[2] if len(self.release) > 2 else 0)
    is_prerelease = property(lambda self: self.dev is not None or self.pre is not None)
    is_postrelease = property(lambda self: self.post is not None)
    is_devrelease = property(lambda self: self.dev is not None)

    @property
    def local(self):
        return None if self._local is None else '.'.join([str(one) for one in self._local])

    @property
    def base_version(self):
        return (f'{self.epoch}!' if self.epoch else '') + '.'.join([str(one) for one in self.release])

    @property
    def public(self):
        return str(self).split('+', 1)[0]

    def __str__(self):
        text = self.base_version
        if self.pre is not None:
            text += f'{self.pre[0]}{self.pre[1]}'
        if self.post is not None:
            text += f'.post{self.post}'
        if self.dev is not None:
            text += f'.dev{self.dev}'
        return text + (f'+{self.local}' if self._local is not None else '')

    def __repr__(self):
        return f"<Version('{self}')>"

    def __hash__(self):
        return hash(self._key)

    def __eq__(self, other):
        return self._key == other._key if isinstance(other, Version) else NotImplemented

    def __lt__(self, other):
        return self._key < other._key if isinstance(other, Version) else NotImplemented

    def __le__(self, other):
        return self._key <= other._key if isinstance(other, Version) else NotImplemented

    def __gt__(self, other):
        return self._key > other._key if isinstance(other, Version) else NotImplemented

    def __ge__(self, other):
        return self._key >= other._key if isinstance(other, Version) else NotImplemented


def parse(version):
    return Version(version)
`

const clickSource = String.raw`
def _name(decls):
    names = [one for one in decls if one.isidentifier()]
    if names:
        return names[0]
    long = [one for one in decls if one.startswith('--')]
    return (long or list(decls))[0].split('/')[0].lstrip('-').replace('-', '_').lower()


def _converted(value, type, multiple, nargs):
    if value is None:
        return () if multiple else None
    if multiple or nargs != 1:
        return tuple(value)
    if type in (int, float, str):
        return type(value)
    return value


def _parameter(decls, attrs, is_option):
    def decorate(f):
        name = _name(decls)
        known = getattr(f, '__click_params__', None)
        if known is None:
            known = f.__click_params__ = {}
        known[name] = (attrs, is_option)
        return f
    return decorate


def option(*decls, **attrs):
    return _parameter(decls, attrs, True)


def argument(*decls, **attrs):
    return _parameter(decls, attrs, False)


class Command:
    def __init__(self, callback, name=None):
        self.callback = callback
        self.name = name
        self.params = getattr(callback, '__click_params__', {})
        self.__name__ = getattr(callback, '__name__', name)

    def __call__(self, *args, **kwargs):
        return self.main(*args, **kwargs)

    def main(self, args=None, standalone_mode=True, **extra):
        values = {}
        for name, (attrs, is_option) in self.params.items():
            given, value = _assumed(self.callback, name)
            if given:
                values[name] = value
                continue
            flag = attrs.get('is_flag', False) or attrs.get('flag_value') is not None
            if not is_option and 'default' not in attrs or attrs.get('required') or args is not None or attrs.get('prompt'):
                values[name] = _unknown_option(name)
                continue
            default = attrs.get('default')
            if callable(default):
                default = default()
            if flag and default is None:
                default = False
            value = _converted(default, attrs.get('type'), attrs.get('multiple', False), attrs.get('nargs', 1))
            text = f'{name} = {value!r} (click default)'
            if _is_withheld(text):
                values[name] = _unknown_option(name)
                continue
            _assume(text)
            values[name] = value
        return self.callback(**values)


class Group(Command):
    def __init__(self, callback, name=None):
        super().__init__(callback, name)
        self.commands = {}

    def command(self, name=None, cls=None, **attrs):
        def decorate(f):
            made = Command(f, name)
            self.commands[made.__name__] = made
            return made
        return decorate

    def group(self, name=None, **attrs):
        def decorate(f):
            made = Group(f, name)
            self.commands[made.__name__] = made
            return made
        return decorate

    def add_command(self, cmd, name=None):
        self.commands[name or cmd.__name__] = cmd


def command(name=None, cls=None, **attrs):
    if callable(name):
        return Command(name)
    return lambda f: Command(f, name)


def group(name=None, cls=None, **attrs):
    if callable(name):
        return Group(name)
    return lambda f: Group(f, name)


def pass_context(f):
    return f


def echo(message=None, file=None, nl=True, err=False, color=None):
    pass


secho = echo


def version_option(*args, **kwargs):
    return lambda f: f


help_option = version_option


class Choice:
    def __init__(self, choices, case_sensitive=True):
        self.choices = choices


class Path:
    def __init__(self, *args, **kwargs):
        pass


class IntRange:
    def __init__(self, *args, **kwargs):
        pass


class FloatRange(IntRange):
    pass


class File(IntRange):
    pass


STRING, INT, FLOAT, BOOL = str, int, float, bool


class ClickException(Exception):
    pass


class UsageError(ClickException):
    pass


class BadParameter(UsageError):
    pass
`

/** Plain data of the yaml package as Python values; integers of YAML stay ints, floats floats, both as YAML 1.1 (PyYAML) reads them. */
function fromYaml(m: Machine, text: string): Value {
  if (text.length > MAX_YAML) return m.unknown('the YAML text is too large to read here')
  const document = parseDocument(text, { version: '1.1', intAsBigInt: true, merge: true, logLevel: 'silent' })
  if (document.errors.length > 0) return m.unknown('the YAML text cannot be read')
  try {
    return toValue(m, document.toJS({ mapAsMap: true, maxAliasCount: MAX_ALIASES }), 0)
  } catch {
    return m.unknown('the YAML text cannot be read')
  }
}

/** Levels of lists and mappings within each other. */
const MAX_LEVELS = 100

function toValue(m: Machine, data: unknown, level: number): Value {
  m.spend(1)
  if (level > MAX_LEVELS) return m.unknown('the YAML text is nested too deeply')
  if (data === null || data === undefined) return null
  if (typeof data === 'string' || typeof data === 'boolean') return data
  if (typeof data === 'bigint') return normalInt(data)
  if (typeof data === 'number') return new PyFloat(data)
  if (Array.isArray(data)) return new PyList(data.map((one) => toValue(m, one, level + 1)))
  if (data instanceof Map) {
    const dict = new PyDict()
    for (const [key, value] of data) m.dictSet(dict, toValue(m, key, level + 1), toValue(m, value, level + 1))
    return dict
  }
  return m.unknown('this kind of YAML value is not evaluated')
}

const loadYaml = fn('_load_yaml(stream)', (m, [stream]) => {
  if (stream instanceof Unknown) return stream
  const text = typeof stream === 'string' ? stream : m.callMethod(stream, 'read')
  return typeof text === 'string' ? fromYaml(m, text) : text instanceof Unknown ? text : m.unknown('YAML of bytes is not read here')
})

const assume = fn('_assume(text)', (m, [text]) => { if (typeof text === 'string') m.assume(text); return null })

/** `(True, value)` for an option whose value a person has said. */
const assumed = fn('_assumed(callback, name)', (m, [callback, name]) => {
  const value = callback instanceof PyFunction && typeof name === 'string' ? m.assumedName(callback.module, callback.code.origin, name) : undefined
  return new PyTuple(value === undefined ? [false, null] : [true, value])
})

export const packageModules: readonly NativeModule[] = [
  { name: 'packaging', build: () => ({}) },
  { name: 'packaging.version', build: () => ({}), source: versionSource },
  { name: 'click', build: () => ({ _assume: assume, _is_withheld: fn('_is_withheld(text)', (m, [text]) => m.isWithheld(String(text))), _assumed: assumed, _unknown_option: fn('_unknown_option(name)', (m, [name]) => m.unknown(`${String(name)} comes from the command line, which is not known here`)) }), source: clickSource },
  {
    name: 'yaml',
    build: () => ({ _load_yaml: loadYaml }),
    source: 'class YAMLError(Exception):\n    pass\n\nclass Loader:\n    def __init__(self, stream=None):\n        pass\n\n    @classmethod\n    def add_constructor(cls, tag, constructor):\n        pass\n    add_implicit_resolver = add_constructor\n\nclass SafeLoader(Loader):\n    pass\n\nclass FullLoader(Loader):\n    pass\n\nclass UnsafeLoader(Loader):\n    pass\n\nCLoader = CSafeLoader = SafeLoader\n\ndef safe_load(stream):\n    return _load_yaml(stream)\n\ndef full_load(stream):\n    return _load_yaml(stream)\n\ndef load(stream, Loader=None):\n    return _load_yaml(stream)\n',
  },
]
