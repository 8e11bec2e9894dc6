/** pathlib, in Python of our own: paths as values; what is on the disk goes through os. */

import { fn, type NativeModule } from '../native.ts'
import { Unknown } from '../value.ts'
import type { LibraryContext } from './context.ts'
import { knownName } from './known-names.ts'
import { pathText } from './os.ts'

/** The longest text file that is read for a program: configurations are far smaller. */
const MAX_BYTES = 16 * 1024 * 1024

const source = String.raw`
import os


class PurePath:
    def __new__(cls, *args):
        if cls is Path:
            cls = PosixPath
        elif cls is PurePath:
            cls = PurePosixPath
        return object.__new__(cls)

    def __init__(self, *args):
        path = ''
        for one in args:
            text = one._path if isinstance(one, PurePath) else os.fspath(one)
            path = os.path.join(path, text) if path else text
        root = '//' if path.startswith('//') and not path.startswith('///') else '/' if path.startswith('/') else ''
        self._tail = [part for part in path.split('/') if part and part != '.']
        self.root = root
        self.drive = ''
        self.anchor = root
        self._path = root + '/'.join(self._tail)

    def _with(self, root, tail):
        made = object.__new__(type(self))
        made._tail = list(tail)
        made.root = made.anchor = root
        made.drive = ''
        made._path = root + '/'.join(tail)
        return made

    def __fspath__(self):
        return str(self)

    def __str__(self):
        return self._path or '.'

    def as_posix(self):
        return str(self)

    def __repr__(self):
        return f'{self.__class__.__name__}({str(self)!r})'

    def __hash__(self):
        return hash(self._path)

    def __eq__(self, other):
        return self._path == other._path if isinstance(other, PurePath) else NotImplemented

    def __lt__(self, other):
        return self.parts < other.parts if isinstance(other, PurePath) else NotImplemented

    def __le__(self, other):
        return self.parts <= other.parts if isinstance(other, PurePath) else NotImplemented

    def __gt__(self, other):
        return self.parts > other.parts if isinstance(other, PurePath) else NotImplemented

    def __ge__(self, other):
        return self.parts >= other.parts if isinstance(other, PurePath) else NotImplemented

    def __truediv__(self, key):
        try:
            return type(self)(self, key)
        except TypeError:
            return NotImplemented

    def __rtruediv__(self, key):
        try:
            return type(self)(key, self)
        except TypeError:
            return NotImplemented

    @property
    def parts(self):
        return tuple(([self.root] if self.root else []) + self._tail)

    @property
    def name(self):
        return self._tail[-1] if self._tail else ''

    @property
    def suffix(self):
        name = self.name
        at = name.rfind('.')
        return name[at:] if 0 < at < len(name) - 1 else ''

    @property
    def suffixes(self):
        name = self.name
        if name.endswith('.'):
            return []
        return ['.' + one for one in name.lstrip('.').split('.')[1:]]

    @property
    def stem(self):
        name = self.name
        at = name.rfind('.')
        return name[:at] if 0 < at < len(name) - 1 else name

    @property
    def parent(self):
        return self._with(self.root, self._tail[:-1]) if self._tail else self

    @property
    def parents(self):
        return tuple([self._with(self.root, self._tail[:n]) for n in reversed(range(len(self._tail)))])

    def joinpath(self, *others):
        return type(self)(self, *others)

    def with_name(self, name):
        if not self.name:
            raise ValueError(f'{self!r} has an empty name')
        if not name or '/' in name or name == '.':
            raise ValueError(f'Invalid name {name!r}')
        return self._with(self.root, self._tail[:-1] + [name])

    def with_stem(self, stem):
        return self.with_name(stem + self.suffix)

    def with_suffix(self, suffix):
        if suffix and not suffix.startswith('.') or suffix == '.':
            raise ValueError(f'Invalid suffix {suffix!r}')
        if not self.name:
            raise ValueError(f'{self!r} has an empty name')
        return self.with_name(self.stem + suffix)

    def is_absolute(self):
        return bool(self.root)

    def is_relative_to(self, other, /, *others):
        other = type(self)(other, *others)
        return other == self or other in self.parents

    def relative_to(self, other, /, *others, walk_up=False):
        other = type(self)(other, *others)
        if not self.is_relative_to(other):
            raise ValueError(f'{str(self)!r} is not in the subpath of {str(other)!r}')
        return self._with('', self._tail[len(other._tail):])

    def match(self, path_pattern, *, case_sensitive=None):
        from fnmatch import fnmatchcase
        pattern = type(self)(path_pattern)
        if pattern.root and len(pattern._tail) != len(self._tail) or len(pattern._tail) > len(self._tail):
            return False
        return all([fnmatchcase(a, b) for a, b in zip(reversed(self._tail), reversed(pattern._tail))])

    def as_uri(self):
        return 'file://' + str(self)


class PurePosixPath(PurePath):
    pass


class PureWindowsPath(PurePath):
    pass


class Path(PurePath):
    @classmethod
    def cwd(cls):
        return os.getcwd()

    @classmethod
    def home(cls):
        return os.path.expanduser('~')

    def exists(self, *, follow_symlinks=True):
        return os.path.exists(self)

    def is_file(self):
        return os.path.isfile(self)

    def is_dir(self):
        return os.path.isdir(self)

    def mkdir(self, mode=0o777, parents=False, exist_ok=False):
        pass

    def touch(self, mode=0o666, exist_ok=True):
        pass

    def unlink(self, missing_ok=False):
        pass

    def absolute(self):
        return self if self.root else os.getcwd()

    def resolve(self, strict=False):
        return type(self)(os.path.realpath(str(self))) if self.root else os.getcwd()

    def expanduser(self):
        return self if not str(self).startswith('~') else os.path.expanduser(str(self))

    def read_text(self, encoding=None, errors=None):
        return _read_text(str(self))

    def write_text(self, data, encoding=None, errors=None, newline=None):
        return len(data)

    def open(self, mode='r', buffering=-1, encoding=None, errors=None, newline=None):
        return open(str(self), mode)

    def iterdir(self):
        return (self / name for name in os.listdir(self))

    def glob(self, pattern, **kwargs):
        return _unknown_files('glob')

    def rglob(self, pattern, **kwargs):
        return _unknown_files('rglob')

    def stat(self, **kwargs):
        return _unknown_files('stat')


class PosixPath(Path, PurePosixPath):
    pass


class WindowsPath(Path, PureWindowsPath):
    pass


os.PathLike.register(PurePath)
`

/** Reads a text file for a program, by a path that is absolute or relative to a root of the workspace. */
export function readTextFile(context: LibraryContext): ReturnType<typeof fn> {
  return fn('_read_text(path)', (m, [path]) => {
    const text = pathText(m, path)
    if (text instanceof Unknown) return text
    const found = text.startsWith('/') ? text : context.roots.map((root) => `${root}/${text}`).find((one) => context.files.stat(one)?.kind === 'file')
    if (found === undefined) return m.unknown(`the file ${text} is not found`)
    const content = context.files.readText(found, MAX_BYTES)
    return typeof content === 'string' ? content : m.unknown(`the file ${text} cannot be read: ${content.message}`)
  })
}

export function pathlibModule(context: LibraryContext): NativeModule {
  return {
    name: 'pathlib',
    build: () => ({
      _read_text: readTextFile(context),
      _unknown_files: fn('_unknown_files(what)', (m, [what]) => m.unknown(`what is on the disk when this runs is not known (Path.${String(what)})`)),
    }),
    source,
    missing: knownName('pathlib'),
  }
}
