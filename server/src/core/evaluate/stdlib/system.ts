/** warnings, logging, argparse, string, os, pathlib, importlib, packaging and other small modules, as Python. */

export const WARNINGS_SOURCE = String.raw`
def warn(message, category=None, stacklevel=1, source=None, **kw): pass
def warn_explicit(*args, **kw): pass
def filterwarnings(*args, **kw): pass
def simplefilter(*args, **kw): pass
def resetwarnings(): pass
def showwarning(*args, **kw): pass
def formatwarning(message, *a, **k): return str(message)
filters = []
class catch_warnings:
    def __init__(self, *, record=False, **kw): self._record = record
    def __enter__(self): return [] if self._record else None
    def __exit__(self, *exc): pass
def deprecated(msg, /, **kw): return lambda f: f
`

export const LOGGING_SOURCE = String.raw`
CRITICAL = FATAL = 50
ERROR = 40
WARNING = WARN = 30
INFO = 20
DEBUG = 10
NOTSET = 0
class Handler:
    def __init__(self, *args, **kw): self.formatter = None; self.level = 0
    def setFormatter(self, f): self.formatter = f
    def setLevel(self, level): self.level = level
    def addFilter(self, f): pass
    def flush(self): pass
    def close(self): pass
    def emit(self, record): pass
StreamHandler = FileHandler = NullHandler = Handler
class Formatter:
    def __init__(self, *args, **kw): pass
    def format(self, record): return ''
class Filter:
    def __init__(self, name=''): pass
    def filter(self, record): return True
class LogRecord: pass
class Logger:
    manager = None
    def __init__(self, name, level=0):
        self.name, self.level, self.handlers, self.propagate, self.filters, self.disabled, self.parent = name, level, [], True, [], False, None
    def _log(self, *args, **kw): pass
    def log(self, *args, **kw): pass
    debug = info = warning = warn = error = critical = exception = fatal = _log
    def setLevel(self, level): self.level = level
    def addHandler(self, h): self.handlers.append(h)
    def removeHandler(self, h):
        if h in self.handlers: self.handlers.remove(h)
    def hasHandlers(self): return bool(self.handlers)
    def addFilter(self, f): pass
    def removeFilter(self, f): pass
    def isEnabledFor(self, level): return level >= self.getEffectiveLevel()
    def getEffectiveLevel(self): return self.level or 30
    def getChild(self, name): return getLogger(self.name + '.' + name)
_loggers = {}
root = Logger('root', 30)
def getLogger(name=None):
    if not name: return root
    if name not in _loggers: _loggers[name] = Logger(name)
    return _loggers[name]
class LoggerAdapter:
    def __init__(self, logger, extra=None): self.logger = logger; self.extra = extra
    def _log(self, *args, **kw): pass
    debug = info = warning = error = critical = exception = log = _log
    def __getattr__(self, name): return getattr(self.logger, name)
def basicConfig(**kw): pass
def _noop(*args, **kw): pass
debug = info = warning = warn = error = critical = exception = log = _noop
def disable(level=50): pass
def captureWarnings(capture): pass
def addLevelName(level, name): pass
def getLevelName(level): return {50: 'CRITICAL', 40: 'ERROR', 30: 'WARNING', 20: 'INFO', 10: 'DEBUG', 0: 'NOTSET'}.get(level, f'Level {level}')
def getLoggerClass(): return Logger
def setLoggerClass(c): pass
def shutdown(): pass
lastResort = Handler()
`

/** `_assumed(object, label, value)` notes the assumption when the default is read. */
export const ARGPARSE_SOURCE = String.raw`
SUPPRESS = '==SUPPRESS=='
OPTIONAL, ZERO_OR_MORE, ONE_OR_MORE, REMAINDER, PARSER = '?', '*', '+', '...', 'A...'
class ArgumentError(Exception): pass
class ArgumentTypeError(Exception): pass
class HelpFormatter:
    def __init__(self, *a, **k): pass
class RawDescriptionHelpFormatter(HelpFormatter): pass
class RawTextHelpFormatter(HelpFormatter): pass
class ArgumentDefaultsHelpFormatter(HelpFormatter): pass
class MetavarTypeHelpFormatter(HelpFormatter): pass
class Action:
    def __init__(self, option_strings=(), dest=None, nargs=None, const=None, default=None, type=None, choices=None, required=False, help=None, metavar=None):
        self.option_strings, self.dest, self.nargs, self.const, self.default, self.type, self.choices, self.required, self.help = option_strings, dest, nargs, const, default, type, choices, required, help
class BooleanOptionalAction(Action): pass
class FileType:
    def __init__(self, *a, **k): pass
class Namespace:
    def __init__(self, **kwargs):
        for name, value in kwargs.items(): object.__setattr__(self, name, value)
    def __getattribute__(self, name):
        value = object.__getattribute__(self, name)
        if not name.startswith('_'):
            labels = object.__getattribute__(self, '__dict__').get('_assumed_names')
            if labels is not None and name in labels:
                _assume('args.' + name, value, 'argparse default')
        return value
    def __setattr__(self, name, value):
        labels = self.__dict__.get('_assumed_names')
        if labels is not None and name in labels: labels.remove(name)
        object.__setattr__(self, name, value)
    def __contains__(self, key): return key in self.__dict__
    def __eq__(self, other): return vars(self) == vars(other) if isinstance(other, Namespace) else NotImplemented
    def __repr__(self):
        return 'Namespace(' + ', '.join(f'{k}={v!r}' for k, v in self.__dict__.items() if k != '_assumed_names') + ')'
class _Group:
    def __init__(self, parser): self._parser = parser
    def add_argument(self, *a, **k): return self._parser.add_argument(*a, **k)
    def add_argument_group(self, *a, **k): return self
    def add_mutually_exclusive_group(self, **k): return self
    def set_defaults(self, **k): self._parser.set_defaults(**k)
class _SubParsers:
    def __init__(self, parser): self._parser = parser; self.choices = {}
    def add_parser(self, name, **k):
        p = ArgumentParser(); self.choices[name] = p
        return p
class ArgumentParser:
    def __init__(self, *args, parents=(), argument_default=None, **kwargs):
        self._actions = []
        self._defaults = {}
        self.argument_default = argument_default
        self.description = kwargs.get('description')
        self.prog = kwargs.get('prog')
        for p in parents:
            self._actions.extend(p._actions)
            self._defaults.update(p._defaults)
    def add_argument(self, *names, action=None, nargs=None, const=None, default=None, type=None, choices=None, required=False, help=None, metavar=None, dest=None, **extra):
        positional = bool(names) and not names[0].startswith('-')
        if dest is None:
            if positional: dest = names[0]
            else: dest = (next((n for n in names if n.startswith('--')), names[0])).lstrip('-').replace('-', '_')
        if isinstance(action, str):
            if action == 'store_true' and default is None: default = False
            if action == 'store_false' and default is None: default = True
            if action in ('help', 'version'): return None
            if action == 'count' and default is None: default = None
        made = Action(names, dest, nargs, const, default, type, choices, required or (positional and nargs not in ('?', '*')), help, metavar)
        made.positional = positional
        self._actions.append(made)
        return made
    def add_argument_group(self, *args, **kwargs): return _Group(self)
    def add_mutually_exclusive_group(self, **kwargs): return _Group(self)
    def add_subparsers(self, **kwargs): return _SubParsers(self)
    def set_defaults(self, **kwargs):
        self._defaults.update(kwargs)
        for a in self._actions:
            if a.dest in kwargs: a.default = kwargs[a.dest]
    def get_default(self, dest):
        for a in self._actions:
            if a.dest == dest: return a.default
        return self._defaults.get(dest)
    def parse_args(self, args=None, namespace=None):
        if args is not None:
            return _parse_given(self, list(args), namespace)[0]
        ns = namespace if namespace is not None else Namespace()
        labels = set()
        for a in self._actions:
            if a.default is SUPPRESS or a.default == SUPPRESS or a.dest in ns.__dict__: continue
            if a.required:
                object.__setattr__(ns, a.dest, _unknown(f'args.{a.dest} is a required argument without a default'))
                continue
            value = a.default
            if isinstance(value, str) and a.type is not None: value = a.type(value)
            object.__setattr__(ns, a.dest, value)
            labels.add(a.dest)
        for name, value in self._defaults.items():
            if name not in ns.__dict__: object.__setattr__(ns, name, value)
        object.__setattr__(ns, '_assumed_names', labels)
        return ns
    def parse_known_args(self, args=None, namespace=None):
        if args is not None:
            return _parse_given(self, list(args), namespace)
        return self.parse_args(None, namespace), []
    parse_intermixed_args = parse_args
    def error(self, message): raise SystemExit(2)
    def exit(self, status=0, message=None): raise SystemExit(status)
    def print_help(self, file=None): pass
    def print_usage(self, file=None): pass
    def format_help(self): return ''
    def format_usage(self): return ''
    def add_argument_to(self, *a): pass

def _parse_given(parser, args, namespace):
    ns = namespace if namespace is not None else Namespace()
    for a in parser._actions:
        value = a.default
        if isinstance(value, str) and a.type is not None: value = a.type(value)
        if a.default != SUPPRESS and a.dest not in ns.__dict__: setattr(ns, a.dest, value)
    for name, value in parser._defaults.items():
        if name not in ns.__dict__: setattr(ns, name, value)
    if args:
        for a in parser._actions: setattr(ns, a.dest, _unknown('command line arguments given in code are not evaluated'))
    return ns, []
`

export const STRING_SOURCE = String.raw`
ascii_lowercase = 'abcdefghijklmnopqrstuvwxyz'
ascii_uppercase = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ'
ascii_letters = ascii_lowercase + ascii_uppercase
digits = '0123456789'
hexdigits = digits + 'abcdef' + 'ABCDEF'
octdigits = '01234567'
punctuation = '!"#$%&\'()*+,-./:;<=>?@[\\]^_\x60{|}~'
whitespace = ' \t\n\r\v\f'
printable = digits + ascii_letters + punctuation + whitespace
def capwords(s, sep=None):
    return (sep or ' ').join(map(str.capitalize, s.split(sep)))
class Template:
    def __init__(self, template): self.template = template
    def substitute(self, mapping={}, /, **kws): return self._sub({**mapping, **kws}, True)
    def safe_substitute(self, mapping={}, /, **kws): return self._sub({**mapping, **kws}, False)
    def _sub(self, values, strict):
        out, i, t = [], 0, self.template
        while i < len(t):
            if t[i] != '$':
                out.append(t[i]); i += 1; continue
            if t[i + 1:i + 2] == '$':
                out.append('$'); i += 2; continue
            braced = t[i + 1:i + 2] == '{'
            j = i + (2 if braced else 1)
            k = j
            while k < len(t) and (t[k].isalnum() or t[k] == '_'): k += 1
            name = t[j:k]
            end = k + 1 if braced else k
            if name in values: out.append(str(values[name]))
            elif strict: raise KeyError(name)
            else: out.append(t[i:end])
            i = end
        return ''.join(out)
class Formatter:
    def format(self, s, /, *args, **kwargs): return s.format(*args, **kwargs)
`

export const POSIXPATH_SOURCE = String.raw`
sep = '/'
altsep = None
extsep = '.'
curdir = '.'
pardir = '..'
pathsep = ':'
def fspath(p):
    if isinstance(p, (str, bytes)): return p
    f = getattr(type(p), '__fspath__', None)
    if f is None: raise TypeError(f'expected str, bytes or os.PathLike object, not {type(p).__name__}')
    return f(p)
def join(a, *p):
    path = fspath(a)
    for b in map(fspath, p):
        if b.startswith('/'): path = b
        elif not path or path.endswith('/'): path += b
        else: path += '/' + b
    return path
def split(p):
    p = fspath(p)
    i = p.rfind('/') + 1
    head, tail = p[:i], p[i:]
    if head and head != '/' * len(head): head = head.rstrip('/')
    return head, tail
def splitext(p):
    p = fspath(p)
    dot = p.rfind('.')
    start = p.rfind('/') + 1
    if dot > start and p[start:dot].strip('.') != '': return p[:dot], p[dot:]
    return p, ''
def splitdrive(p): return '', fspath(p)
def basename(p): return split(p)[1]
def dirname(p): return split(p)[0]
def isabs(p): return fspath(p).startswith('/')
def normpath(path):
    path = fspath(path)
    if not path: return '.'
    initial = '/' if path.startswith('/') else ''
    if path.startswith('//') and not path.startswith('///'): initial = '//'
    out = []
    for comp in path.split('/'):
        if not comp or comp == '.': continue
        if comp != '..' or (not initial and not out) or (out and out[-1] == '..'): out.append(comp)
        elif out: out.pop()
    return (initial + '/'.join(out)) or '.'
def normcase(p): return fspath(p)
def abspath(p):
    p = fspath(p)
    return normpath(p) if p.startswith('/') else _unknown('the working directory is not known')
def realpath(p, **kw): return abspath(p)
def expanduser(p):
    p = fspath(p)
    return _unknown('the home directory is not known') if p.startswith('~') else p
def expandvars(p): return p if '$' not in fspath(p) else _unknown('environment variables are not known')
def commonprefix(m):
    m = list(m)
    if not m: return ''
    a, b = min(m), max(m)
    for i, c in enumerate(a):
        if c != b[i]: return a[:i]
    return a
def relpath(path, start=curdir):
    a = [x for x in abspath(start).split('/') if x]
    b = [x for x in abspath(path).split('/') if x]
    i = len(commonprefix([a, b]))
    return '/'.join(['..'] * (len(a) - i) + b[i:]) or '.'
def commonpath(paths):
    parts = [p.split('/') for p in paths]
    out = []
    for level in zip(*parts):
        if len(set(level)) > 1: break
        out.append(level[0])
    return '/'.join(out) or '/'
def exists(p): return _exists(fspath(p), 'any')
def lexists(p): return _exists(fspath(p), 'any')
def isfile(p): return _exists(fspath(p), 'file')
def isdir(p): return _exists(fspath(p), 'directory')
def islink(p): return _unknown('links are not looked at')
def getsize(p): return _unknown('file sizes are not looked at')
def getmtime(p): return _unknown('file times are not looked at')
def samefile(a, b): return _unknown('files are not compared')
`

export const OS_SOURCE = String.raw`
import sys as _sys
import posixpath as path
from posixpath import sep, altsep, extsep, curdir, pardir, pathsep, fspath
name = 'posix'
linesep = '\n'
devnull = '/dev/null'
error = OSError
class PathLike:
    def __class_getitem__(cls, item): return cls
    @classmethod
    def __subclasshook__(cls, sub):
        return any('__fspath__' in b.__dict__ for b in sub.__mro__) or NotImplemented
class _Environ:
    def __init__(self): self._set = {}
    def __getitem__(self, key):
        if key in self._set: return self._set[key]
        return _unknown(f'the environment variable {key} is not known')
    def get(self, key, default=None):
        if key in self._set: return self._set[key]
        _assume(f'os.environ[{key!r}]', 'not set', None)
        return default
    def __setitem__(self, key, value): self._set[key] = value
    def __delitem__(self, key): self._set.pop(key, None)
    def __contains__(self, key):
        if key in self._set: return True
        _assume(f'os.environ[{key!r}]', 'not set', None)
        return False
    def setdefault(self, key, default=None): return self._set.setdefault(key, default)
    def pop(self, key, *default): return self._set.pop(key, *default) if key in self._set or default else _unknown(f'the environment variable {key} is not known')
    def copy(self): return dict(self._set)
    def update(self, *a, **k): self._set.update(*a, **k)
    def items(self): return _unknown('the environment is not known')
    keys = values = items
environ = _Environ()
def getenv(key, default=None): return environ.get(key, default)
def putenv(key, value): environ[key] = value
def getcwd(): return _unknown('the working directory is not known')
def cpu_count(): return _unknown('the number of processors is not known')
def getpid(): return _unknown('process numbers are not known')
def listdir(*a): return _unknown('folders are not listed')
def walk(*a, **k): return _unknown('folders are not listed')
def scandir(*a): return _unknown('folders are not listed')
def makedirs(*a, **k): pass
mkdir = remove = unlink = rmdir = rename = replace = chdir = chmod = symlink = link = removedirs = utime = makedirs
def system(cmd): return _unknown('commands are not run')
popen = system
def urandom(n): return _unknown('random bytes are not known')
def stat(p, **k): return _unknown('files are not looked at')
def access(*a): return _unknown('files are not looked at')
def get_terminal_size(*a): return _unknown('the terminal is not known')
def uname(): return _unknown('the machine is not known')
def kill(*a): pass
def fsencode(s): return s.encode()
def fsdecode(s): return s if isinstance(s, str) else s.decode()
F_OK, R_OK, W_OK, X_OK = 0, 4, 2, 1
def __getattr__(name):
    if name.startswith('__'): raise AttributeError(name)
    return _unknown(f'os.{name} is not evaluated')
`

export const PATHLIB_SOURCE = String.raw`
import posixpath as _p
class PurePath:
    def __init__(self, *args):
        raw = [_p.fspath(a) for a in args]
        text = _p.join(*raw) if raw else '.'
        initial = '/' if text.startswith('/') else ''
        parts = [c for c in text.split('/') if c and c != '.']
        self._str = initial + '/'.join(parts) or '.'
        self._parts = ([initial] if initial else []) + parts
    def __fspath__(self): return self._str
    def __str__(self): return self._str
    def __repr__(self): return f'{self.__class__.__name__}({self._str!r})'
    def as_posix(self): return self._str
    def as_uri(self): return 'file://' + self._str
    def __truediv__(self, other): return self.__class__(self, other)
    def __rtruediv__(self, other): return self.__class__(other, self)
    def joinpath(self, *others): return self.__class__(self, *others)
    def with_segments(self, *a): return self.__class__(*a)
    def __eq__(self, other): return isinstance(other, PurePath) and self._str == other._str
    def __lt__(self, other): return self._parts < other._parts
    def __hash__(self): return hash(self._str)
    @property
    def parts(self): return tuple(self._parts)
    @property
    def name(self):
        return self._parts[-1] if self._parts and self._parts[-1] != '/' else ''
    @property
    def suffix(self):
        i = self.name.rfind('.')
        return self.name[i:] if 0 < i < len(self.name) - 1 else ''
    @property
    def suffixes(self):
        n = self.name
        return [] if n.endswith('.') else ['.' + s for s in n.lstrip('.').split('.')[1:]]
    @property
    def stem(self):
        i = self.name.rfind('.')
        return self.name[:i] if 0 < i < len(self.name) - 1 else self.name
    @property
    def parent(self):
        if len(self._parts) <= 1: return self.__class__('/' if self._str.startswith('/') else '.')
        return self.__class__(_p.join(*self._parts[:-1]))
    @property
    def parents(self):
        out, p = [], self
        while p.parent != p and len(out) < 200:
            p = p.parent
            out.append(p)
        return tuple(out)
    @property
    def anchor(self): return '/' if self._str.startswith('/') else ''
    root = anchor
    drive = ''
    def with_name(self, name): return self.parent / name
    def with_suffix(self, suffix): return self.parent / (self.stem + suffix)
    def with_stem(self, stem): return self.parent / (stem + self.suffix)
    def is_absolute(self): return self._str.startswith('/')
    def relative_to(self, *other):
        base = PurePath(*other)
        if self._parts[:len(base._parts)] != base._parts and base._str != '.':
            raise ValueError(f'{self._str!r} is not in the subpath of {base._str!r}')
        rest = self._parts[len(base._parts):] if base._str != '.' else self._parts
        return self.__class__(*rest)
    def is_relative_to(self, *other):
        try: self.relative_to(*other)
        except ValueError: return False
        return True
    def match(self, pattern): return _unknown('path patterns are not evaluated')
class PurePosixPath(PurePath): pass
class PureWindowsPath(PurePath): pass
class Path(PurePath):
    @classmethod
    def cwd(cls): return _unknown('the working directory is not known')
    @classmethod
    def home(cls): return _unknown('the home directory is not known')
    def exists(self, **k): return _p.exists(self._str)
    def is_file(self): return _p.isfile(self._str)
    def is_dir(self): return _p.isdir(self._str)
    def resolve(self, strict=False): return Path(r) if isinstance(r := _p.abspath(self._str), str) else r
    def absolute(self): return self.resolve()
    def expanduser(self): return Path(_p.expanduser(self._str))
    def read_text(self, *a, **k): return _read_text(self._str)
    def open(self, *a, **k): return open(self._str, *a, **k)
    def mkdir(self, *a, **k): pass
    unlink = rmdir = touch = write_text = write_bytes = rename = chmod = mkdir
    def glob(self, pattern): return _unknown('folders are not listed')
    rglob = iterdir = stat = glob
    def read_bytes(self): return _unknown('files are not opened')
    def iterdir(self): return _unknown('folders are not listed')
class PosixPath(Path): pass
`

export const IMPORTLIB_SOURCE = String.raw`
import sys as _sys
def import_module(name, package=None):
    if name.startswith('.'):
        if not package: raise TypeError(f"the 'package' argument is required to perform a relative import for {name!r}")
        level = len(name) - len(name.lstrip('.'))
        base = package.split('.')
        base = base[:len(base) - (level - 1)]
        rest = name.lstrip('.')
        name = '.'.join(base + ([rest] if rest else []))
    return _import(name)
def reload(module): return module
def invalidate_caches(): pass
`

export const IMPORTLIB_UTIL_SOURCE = String.raw`
class _Spec:
    def __init__(self, name):
        self.name, self.origin, self.loader, self.submodule_search_locations = name, None, _Loader(), None
class _Loader:
    def exec_module(self, module): return _unknown('loading a file by path is not evaluated')
def find_spec(name, package=None):
    if name.startswith('.') and package: name = package + name
    return _Spec(name) if _find(name) else None
def spec_from_file_location(*args, **kw): return _unknown('loading a file by path is not evaluated')
def module_from_spec(spec): return _unknown('loading a file by path is not evaluated')
def resolve_name(name, package): return name
class LazyLoader:
    def __init__(self, loader): pass
`

export const IMPORTLIB_METADATA_SOURCE = String.raw`
class PackageNotFoundError(ModuleNotFoundError): pass
def version(name):
    found = _version(name)
    if found is None: raise PackageNotFoundError(name)
    return found
def packages_distributions():
    return _Distributions()
class _Distributions(dict):
    def __missing__(self, key): return [key]
    def get(self, key, default=None): return [key]
    def __contains__(self, key): return True
def metadata(name): return _unknown('package metadata is not read')
def distribution(name): return _unknown('package metadata is not read')
def distributions(**kw): return _unknown('installed packages are not listed')
def entry_points(**kw): return []
def requires(name): return _unknown('package metadata is not read')
def files(name): return _unknown('package metadata is not read')
`

export const PACKAGING_VERSION_SOURCE = String.raw`
import re as _re
class InvalidVersion(ValueError): pass
_order = {'dev': -4, 'a': -3, 'b': -2, 'rc': -1, '': 0, 'post': 1}
class Version:
    def __init__(self, version):
        m = _re.match(r'^\s*v?(?:(\d+)!)?(\d+(?:\.\d+)*)(?:[-_.]?(a|b|c|rc|alpha|beta|pre|preview)[-_.]?(\d*))?(?:-(\d+)|[-_.]?(post|rev|r)[-_.]?(\d*))?(?:[-_.]?(dev)[-_.]?(\d*))?(?:\+([a-zA-Z0-9]+(?:[-_.][a-zA-Z0-9]+)*))?\s*$', str(version).lower())
        if m is None: raise InvalidVersion(f'Invalid version: {version!r}')
        self._text = str(version).strip()
        self.epoch = int(m.group(1) or 0)
        self.release = tuple(int(p) for p in m.group(2).split('.'))
        letter = m.group(3)
        letter = {'alpha': 'a', 'beta': 'b', 'c': 'rc', 'pre': 'rc', 'preview': 'rc'}.get(letter, letter)
        self.pre = (letter, int(m.group(4) or 0)) if letter else None
        self.post = int(m.group(5) or m.group(7) or 0) if m.group(5) or m.group(6) else None
        self.dev = int(m.group(9) or 0) if m.group(8) else None
        self.local = m.group(10)
        release = list(self.release)
        while len(release) > 1 and release[-1] == 0: release.pop()
        inf = 10 ** 9
        pre = (_order[self.pre[0]], self.pre[1]) if self.pre else ((-9, 0) if self.post is None and self.dev is not None else (inf, 0))
        local = tuple((int(p), '') if p.isdigit() else (-1, p) for p in self.local.replace('-', '.').replace('_', '.').split('.')) if self.local else ()
        self._key = (self.epoch, tuple(release), pre, -1 if self.post is None else self.post, inf if self.dev is None else self.dev, local)
    @property
    def major(self): return self.release[0]
    @property
    def minor(self): return self.release[1] if len(self.release) > 1 else 0
    @property
    def micro(self): return self.release[2] if len(self.release) > 2 else 0
    @property
    def base_version(self): return '.'.join(map(str, self.release))
    @property
    def public(self): return str(self).split('+')[0]
    @property
    def is_prerelease(self): return self.dev is not None or self.pre is not None
    @property
    def is_devrelease(self): return self.dev is not None
    @property
    def is_postrelease(self): return self.post is not None
    def __str__(self):
        text = (f'{self.epoch}!' if self.epoch else '') + '.'.join(map(str, self.release))
        if self.pre: text += f'{self.pre[0]}{self.pre[1]}'
        if self.post is not None: text += f'.post{self.post}'
        if self.dev is not None: text += f'.dev{self.dev}'
        if self.local: text += '+' + self.local.replace('-', '.').replace('_', '.')
        return text
    def __repr__(self): return f"<Version('{self}')>"
    def __hash__(self): return hash(self._key)
    def __eq__(self, o): return self._key == o._key if isinstance(o, Version) else NotImplemented
    def __lt__(self, o): return self._key < o._key if isinstance(o, Version) else NotImplemented
    def __le__(self, o): return self._key <= o._key if isinstance(o, Version) else NotImplemented
    def __gt__(self, o): return self._key > o._key if isinstance(o, Version) else NotImplemented
    def __ge__(self, o): return self._key >= o._key if isinstance(o, Version) else NotImplemented
def parse(version): return Version(version)
VERSION_PATTERN = ''
LegacyVersion = Version
class LooseVersion(Version): pass
StrictVersion = LooseVersion
`

export const CLICK_SOURCE = String.raw`
class Command:
    def __init__(self, callback, params): self.callback, self.params, self.name = callback, params, callback.__name__
    def __call__(self, *args, **kwargs):
        values = {}
        for name, default, required in self.params:
            if required: values[name] = _unknown(f'{name} is a required option without a default')
            else:
                values[name] = default
                _assume(name, default, 'click default')
        return self.callback(**values)
    main = __call__
    def command(self, *a, **k): return command(*a, **k)
    def group(self, *a, **k): return command(*a, **k)
    def add_command(self, *a, **k): pass
def _param(names, kwargs, positional):
    name = next((n for n in names if not n.startswith('-')), None) or next((n for n in names if n.startswith('--')), names[0])
    name = name.split('/')[0].lstrip('-').replace('-', '_').lower()
    default = kwargs.get('default')
    if default is None and kwargs.get('is_flag'): default = False
    if kwargs.get('multiple') and default is None: default = ()
    if kwargs.get('type') in (int, float, str) and isinstance(default, (int, float)) and default is not True and default is not False: default = kwargs['type'](default)
    return (name, default, (positional and kwargs.get('required', True) and 'default' not in kwargs) or (kwargs.get('required', False) and 'default' not in kwargs))
def option(*names, **kwargs):
    def decorate(f):
        target = f.callback if isinstance(f, Command) else f
        params = f.params if isinstance(f, Command) else f.__dict__.setdefault('__click_params__', [])
        params.insert(0, _param(names, kwargs, False))
        return f
    return decorate
def argument(*names, **kwargs):
    def decorate(f):
        params = f.params if isinstance(f, Command) else f.__dict__.setdefault('__click_params__', [])
        params.insert(0, _param(names, kwargs, True))
        return f
    return decorate
def command(name=None, **kwargs):
    if callable(name): return Command(name, getattr(name, '__click_params__', []))
    return lambda f: Command(f, getattr(f, '__click_params__', []))
group = command
def pass_context(f): return f
pass_obj = pass_context
def version_option(*a, **k): return lambda f: f
help_option = confirmation_option = password_option = version_option
def echo(*a, **k): pass
secho = echo
def style(text, **k): return text
class Choice:
    def __init__(self, choices, case_sensitive=True): self.choices = choices
class Path:
    def __init__(self, *a, **k): pass
File = IntRange = FloatRange = Path
INT, FLOAT, STRING, BOOL = int, float, str, bool
class ClickException(Exception): pass
class UsageError(ClickException): pass
class BadParameter(UsageError): pass
class Context: pass
`

export const OTHER_SOURCES: Readonly<Record<string, string>> = {
  numbers: String.raw`
from abc import ABCMeta, abstractmethod
class Number(metaclass=ABCMeta): pass
class Complex(Number): pass
class Real(Complex): pass
class Rational(Real): pass
class Integral(Rational): pass
Complex.register(complex)
Real.register(float)
Integral.register(int)
`,
  weakref: String.raw`
class ref:
    def __init__(self, obj, callback=None): self._obj = obj
    def __call__(self): return self._obj
    def __eq__(self, other): return isinstance(other, ref) and self._obj is other._obj
    def __hash__(self): return hash(id(self._obj))
ReferenceType = ref
def proxy(obj, callback=None): return obj
WeakKeyDictionary = dict
WeakValueDictionary = dict
class WeakSet(set): pass
class finalize:
    def __init__(self, *a, **k): pass
WeakMethod = ref
`,
  heapq: String.raw`
def heappush(heap, item):
    heap.append(item)
    _down(heap, 0, len(heap) - 1)
def heappop(heap):
    last = heap.pop()
    if heap:
        item = heap[0]
        heap[0] = last
        _up(heap, 0)
        return item
    return last
def heapify(x):
    for i in reversed(range(len(x) // 2)): _up(x, i)
def heapreplace(heap, item):
    out = heap[0]
    heap[0] = item
    _up(heap, 0)
    return out
def heappushpop(heap, item):
    if heap and heap[0] < item:
        item, heap[0] = heap[0], item
        _up(heap, 0)
    return item
def _down(heap, start, pos):
    item = heap[pos]
    while pos > start:
        parent = (pos - 1) >> 1
        if item < heap[parent]:
            heap[pos] = heap[parent]
            pos = parent
            continue
        break
    heap[pos] = item
def _up(heap, pos):
    end, start, item = len(heap), pos, heap[pos]
    child = 2 * pos + 1
    while child < end:
        right = child + 1
        if right < end and not heap[child] < heap[right]: child = right
        heap[pos] = heap[child]
        pos = child
        child = 2 * pos + 1
    heap[pos] = item
    _down(heap, start, pos)
def nlargest(n, iterable, key=None): return sorted(iterable, key=key, reverse=True)[:n]
def nsmallest(n, iterable, key=None): return sorted(iterable, key=key)[:n]
def merge(*iterables, key=None, reverse=False): return iter(sorted((x for it in iterables for x in it), key=key, reverse=reverse))
`,
  bisect: String.raw`
def bisect_right(a, x, lo=0, hi=None, *, key=None):
    hi = len(a) if hi is None else hi
    while lo < hi:
        mid = (lo + hi) // 2
        if x < (a[mid] if key is None else key(a[mid])): hi = mid
        else: lo = mid + 1
    return lo
def bisect_left(a, x, lo=0, hi=None, *, key=None):
    hi = len(a) if hi is None else hi
    while lo < hi:
        mid = (lo + hi) // 2
        if (a[mid] if key is None else key(a[mid])) < x: lo = mid + 1
        else: hi = mid
    return lo
bisect = bisect_right
def insort_right(a, x, lo=0, hi=None, *, key=None): a.insert(bisect_right(a, x if key is None else key(x), lo, hi, key=key), x)
def insort_left(a, x, lo=0, hi=None, *, key=None): a.insert(bisect_left(a, x if key is None else key(x), lo, hi, key=key), x)
insort = insort_right
`,
  textwrap: String.raw`
def dedent(text):
    lines = text.split('\n')
    margin = None
    for line in lines:
        if line.strip():
            indent = line[:len(line) - len(line.lstrip())]
            if margin is None: margin = indent
            else:
                n = 0
                while n < min(len(margin), len(indent)) and margin[n] == indent[n]: n += 1
                margin = margin[:n]
    return '\n'.join(line[len(margin or ''):] if line.strip() else '' for line in lines)
def indent(text, prefix, predicate=None):
    return ''.join(prefix + line if (predicate(line) if predicate else line.strip()) else line for line in text.splitlines(True))
def fill(text, width=70, **k): return text
def wrap(text, width=70, **k): return [text]
def shorten(text, width, **k): return text
`,
  threading: String.raw`
class Lock:
    def acquire(self, *a, **k): return True
    def release(self): pass
    def locked(self): return False
    def __enter__(self): return True
    def __exit__(self, *a): pass
RLock = Condition = Semaphore = BoundedSemaphore = Lock
class Event:
    def __init__(self): self._f = False
    def set(self): self._f = True
    def clear(self): self._f = False
    def is_set(self): return self._f
    def wait(self, timeout=None): return True
class local: pass
class Thread:
    def __init__(self, *a, **k): self.name, self.daemon = 'Thread', False
    def start(self): pass
    def join(self, timeout=None): pass
    def is_alive(self): return False
def current_thread(): return Thread()
def main_thread(): return Thread()
def get_ident(): return 0
Timer = Thread
`,
  contextvars: String.raw`
class ContextVar:
    def __init__(self, name, *, default=None): self.name, self._v = name, default
    def get(self, *d): return self._v
    def set(self, v): self._v = v; return self
    def reset(self, t): pass
class Context: pass
class Token: pass
def copy_context(): return Context()
`,
  atexit: 'def register(f, *a, **k): return f\ndef unregister(f): pass\n',
  gc: 'def collect(*a): return 0\ndef enable(): pass\ndef disable(): pass\ndef isenabled(): return True\ndef freeze(): pass\n',
  platform: 'def system(): return "Linux"\ndef python_version(): return "3.12.3"\ndef python_implementation(): return "CPython"\ndef machine(): return "x86_64"\ndef platform(*a, **k): return "Linux"\ndef node(): return ""\ndef processor(): return "x86_64"\ndef release(): return ""\ndef version(): return ""\ndef python_version_tuple(): return ("3", "12", "3")\n',
  errno: 'ENOENT = 2\nEEXIST = 17\nEACCES = 13\nEINVAL = 22\nEPERM = 1\nENOTDIR = 20\nEISDIR = 21\nENOSYS = 38\n',
  keyword: 'kwlist = ["False", "None", "True", "and", "as", "assert", "async", "await", "break", "class", "continue", "def", "del", "elif", "else", "except", "finally", "for", "from", "global", "if", "import", "in", "is", "lambda", "nonlocal", "not", "or", "pass", "raise", "return", "try", "while", "with", "yield"]\ndef iskeyword(s): return s in kwlist\n',
  token: 'pass\n',
  copyreg: 'dispatch_table = {}\ndef pickle(*a, **k): pass\n',
  traceback: 'def format_exc(*a, **k): return ""\ndef print_exc(*a, **k): pass\ndef print_stack(*a, **k): pass\ndef format_stack(*a, **k): return []\ndef extract_stack(*a, **k): return []\ndef format_exception(*a, **k): return []\ndef walk_stack(*a): return []\n',
  pprint: 'def pprint(*a, **k): pass\ndef pformat(o, *a, **k): return repr(o)\nclass PrettyPrinter:\n    def __init__(self, *a, **k): pass\n    def pprint(self, o): pass\n    def pformat(self, o): return repr(o)\n',
  io: String.raw`
class IOBase: pass
class RawIOBase(IOBase): pass
class BufferedIOBase(IOBase): pass
class TextIOBase(IOBase): pass
class TextIOWrapper(TextIOBase): pass
class BufferedReader(BufferedIOBase): pass
class StringIO(TextIOBase):
    def __init__(self, initial='', newline=None): self._parts, self._pos = [initial], 0
    def write(self, s):
        self._parts.append(s)
        return len(s)
    def getvalue(self): return ''.join(self._parts)
    def read(self, n=-1):
        out = self.getvalue()[self._pos:]
        self._pos += len(out)
        return out
    def readlines(self): return self.read().splitlines(True)
    def __iter__(self): return iter(self.readlines())
    def seek(self, pos, *a): self._pos = pos
    def close(self): pass
    def __enter__(self): return self
    def __exit__(self, *a): pass
class BytesIO(BufferedIOBase):
    def __init__(self, initial=b''): self._data = initial
    def write(self, b):
        self._data = self._data + b
        return len(b)
    def getvalue(self): return self._data
    def read(self, *a): return self._data
    def seek(self, *a): pass
    def close(self): pass
    def __enter__(self): return self
    def __exit__(self, *a): pass
def open(*a, **k): return _unknown('files are not opened')
SEEK_SET, SEEK_CUR, SEEK_END = 0, 1, 2
class UnsupportedOperation(OSError, ValueError): pass
`,
  'tqdm': String.raw`
class tqdm:
    def __init__(self, iterable=None, *a, **k): self.iterable = iterable
    def __iter__(self): return iter(self.iterable)
    def __len__(self): return len(self.iterable)
    def update(self, n=1): pass
    def set_description(self, *a, **k): pass
    set_postfix = set_description_str = set_postfix_str = close = refresh = clear = set_description
    def __enter__(self): return self
    def __exit__(self, *a): pass
    @classmethod
    def write(cls, *a, **k): pass
def trange(*a, **k): return tqdm(range(*a))
tqdm_notebook = tqdm
`,
  'tqdm.auto': 'from tqdm import *\n',
  'tqdm.contrib': 'pass\n',
  '__future__': 'annotations = division = print_function = absolute_import = unicode_literals = generator_stop = with_statement = nested_scopes = generators = True\n',
  'typing_extensions': 'from typing import *\nimport typing as _t\nfrom typing import runtime_checkable, Protocol, TypedDict, NamedTuple\ndef __getattr__(name):\n    if name.startswith("__"): raise AttributeError(name)\n    return _t._Special(name)\n',
}
