/** os, os.path and glob: what paths are is computed; what is on the disk is asked of the Files port; what the process has is Unknown. */

import type { NativeModule } from '../native.ts'
import { fn, pure } from '../native.ts'
import type { Files } from '../../ports.ts'
import { type Machine, type NativeFunction, PyBoxed, PyList, PyTuple, Unknown, type Value } from '../value.ts'
import { knownName } from './known-names.ts'

/** A path argument as text: a str or what `__fspath__` gives. */
export function pathText(m: Machine, value: Value): string | Unknown {
  if (typeof value === 'string' || value instanceof Unknown) return value
  if (value instanceof PyBoxed && typeof value.value === 'string') return value.value
  const convert = m.lookup(m.typeOf(value), '__fspath__')
  const made = convert === undefined ? undefined : m.call(convert, [value])
  if (typeof made === 'string' || made instanceof Unknown) return made
  return m.raise('TypeError', `expected str, bytes or os.PathLike object, not ${m.typeOf(value).name}`)
}

function onPath(signature: string, compute: (path: string, m: Machine) => Value): NativeFunction {
  return pure(signature, (m, [path]) => {
    const text = pathText(m, path)
    return text instanceof Unknown ? text : compute(text, m)
  })
}

export function joinPaths(first: string, rest: readonly string[]): string {
  let path = first
  for (const one of rest) {
    if (one.startsWith('/')) path = one
    else path += path === '' || path.endsWith('/') ? one : `/${one}`
  }
  return path
}

export function normalPath(path: string): string {
  if (path === '') return '.'
  const slashes = path.startsWith('//') && !path.startsWith('///') ? '//' : path.startsWith('/') ? '/' : ''
  const parts: string[] = []
  for (const part of path.split('/')) {
    if (part === '' || part === '.') continue
    if (part !== '..' || (slashes === '' && parts.length === 0) || parts[parts.length - 1] === '..') parts.push(part)
    else parts.pop()
  }
  const text = slashes + parts.join('/')
  return text === '' ? '.' : text
}

function splitPath(path: string): readonly [string, string] {
  const at = path.lastIndexOf('/') + 1
  const head = path.slice(0, at)
  return [/^\/*$/.test(head) ? head : head.replace(/\/+$/, ''), path.slice(at)]
}

function splitExtension(path: string): readonly [string, string] {
  // Leading dots of a name are part of it: `.bashrc` has no extension.
  const name = path.slice(path.lastIndexOf('/') + 1).replace(/^\.+/, '')
  const dot = name.lastIndexOf('.')
  if (dot <= 0) return [path, '']
  const length = name.length - dot
  return [path.slice(0, -length), path.slice(-length)]
}

function relativePath(m: Machine, path: string, start: string): Value {
  if (!path.startsWith('/') || !start.startsWith('/')) return m.unknown('a path relative to the working directory is not known here')
  const to = normalPath(path).split('/').filter((one) => one !== '')
  const from = normalPath(start).split('/').filter((one) => one !== '')
  let shared = 0
  while (shared < to.length && to[shared] === from[shared]) shared++
  const parts = [...from.slice(shared).map(() => '..'), ...to.slice(shared)]
  return parts.length === 0 ? '.' : parts.join('/')
}

const cwdReason = 'the working directory is not known here'

/** True as far as the disk says so now; what is not there may be there when the program runs. */
function onDisk(name: string, files: Files, ask: (kind: string) => boolean): NativeFunction {
  return fn(`${name}(path)`, (m, [path]) => {
    if (typeof path === 'number') return m.unknown('open file descriptors are not known here')
    const text = pathText(m, path)
    if (text instanceof Unknown) return text
    const kind = text.startsWith('/') ? files.stat(text)?.kind : undefined
    return kind !== undefined && ask(kind) ? true : m.unknown(`whether a file exists when this runs is not known (os.path.${name})`)
  })
}

function pathModule(files: Files): NativeModule {
  return {
    name: 'os.path',
    build: () => Object.fromEntries([
      pure('join(a, *p)', (m, [a, p]) => {
        const first = pathText(m, a)
        if (first instanceof Unknown) return first
        const rest: string[] = []
        for (const one of (p as PyTuple).items) {
          const text = pathText(m, one)
          if (text instanceof Unknown) return text
          rest.push(text)
        }
        return joinPaths(first, rest)
      }),
      onPath('dirname(p)', (path) => splitPath(path)[0]),
      onPath('basename(p)', (path) => splitPath(path)[1]),
      onPath('split(p)', (path) => new PyTuple(splitPath(path))),
      onPath('splitext(p)', (path) => new PyTuple(splitExtension(path))),
      onPath('splitdrive(p)', (path) => new PyTuple(['', path])),
      onPath('normpath(path)', normalPath),
      onPath('normcase(s)', (path) => path),
      onPath('isabs(s)', (path) => path.startsWith('/')),
      onPath('abspath(path)', (path, m) => (path.startsWith('/') ? normalPath(path) : m.unknown(cwdReason))),
      onPath('realpath(filename)', (path, m) => (path.startsWith('/') ? files.realPath(path) ?? normalPath(path) : m.unknown(cwdReason))),
      onPath('expanduser(path)', (path, m) => (path.startsWith('~') ? m.unknown('the home directory is not known here') : path)),
      onPath('expandvars(path)', (path, m) => (path.includes('$') ? m.unknown('environment variables are not known here') : path)),
      pure('relpath(path, start=?)', (m, [path, start]) => {
        const to = pathText(m, path)
        if (to instanceof Unknown) return to
        return typeof start === 'string' ? relativePath(m, to, start) : m.unknown(cwdReason)
      }),
      pure('commonprefix(m)', (m, [paths]) => {
        const items = m.items(paths)
        if (items instanceof Unknown) return items
        const texts = items.map(String).sort()
        const [least, most] = [texts[0] ?? '', texts[texts.length - 1] ?? '']
        let at = 0
        while (at < least.length && least[at] === most[at]) at++
        return least.slice(0, at)
      }),
      onDisk('exists', files, () => true),
      onDisk('lexists', files, () => true),
      onDisk('isfile', files, (kind) => kind === 'file'),
      onDisk('isdir', files, (kind) => kind === 'directory'),
      fn('getsize(filename)', (m) => m.unknown('the size of a file when this runs is not known')),
    ].map((one): [string, Value] => [one.name, one]).concat([['sep', '/'], ['pathsep', ':'], ['curdir', '.'], ['pardir', '..'], ['extsep', '.'], ['altsep', null]])),
    missing: knownName('os.path'),
  }
}

/** What changes files or the process, and nothing that a model is made of: called and forgotten. */
const EFFECTS = ['makedirs', 'mkdir', 'remove', 'unlink', 'rmdir', 'removedirs', 'rename', 'replace', 'chdir', 'chmod', 'symlink', 'link', 'putenv', 'unsetenv', 'kill', 'close', 'umask', 'truncate', 'utime']

/** What every shell sets: these are not taken to be unset. */
const ALWAYS_SET: ReadonlySet<string> = new Set(['HOME', 'PATH', 'USER', 'LOGNAME', 'PWD', 'SHELL', 'LANG', 'TERM', 'HOSTNAME'])

function listDirectory(m: Machine, files: Files, path: Value): Value {
  const text = pathText(m, path)
  if (text instanceof Unknown) return text
  const entries = text.startsWith('/') ? files.list(text) : undefined
  return entries === undefined ? m.unknown('the contents of a directory when this runs are not known') : new PyList(entries.map((one) => one.name).sort())
}

export function osModules(files: Files): readonly NativeModule[] {
  return [
    pathModule(files),
    {
      name: 'os',
      build: (m) => ({
        ...Object.fromEntries(EFFECTS.map((name) => [name, fn(`${name}(*args, **kwargs)`, () => null)])),
        path: m.importModule('os.path'),
        _unset: fn('_unset(key)', (inner, [key]) => {
          if (ALWAYS_SET.has(String(key))) return inner.unknown(`the environment variable ${String(key)} is not known here`)
          inner.assume(`the environment variable ${String(key)} is not set`)
          return null
        }),
        _environment: fn('_environment(key)', (inner, [key]) => inner.unknown(`the environment variable ${String(key)} is not known here`)),
        getcwd: fn('getcwd()', (inner) => inner.unknown(cwdReason)),
        fspath: pure('fspath(path)', (inner, [path]) => pathText(inner, path)),
        fsdecode: pure('fsdecode(filename)', (inner, [path]) => pathText(inner, path)),
        listdir: fn('listdir(path=None)', (inner, [path]) => (path === null ? inner.unknown(cwdReason) : listDirectory(inner, files, path))),
        cpu_count: fn('cpu_count()', (inner) => inner.unknown('the number of processors is not known here')),
        sep: '/', linesep: '\n', pathsep: ':', curdir: '.', pardir: '..', extsep: '.', altsep: null, devnull: '/dev/null', name: 'posix',
        error: m.getAttribute(m.importModule('builtins'), 'OSError'),
        F_OK: 0, R_OK: 4, W_OK: 2, X_OK: 1,
      }),
      source: PATH_LIKE,
      missing: knownName('os'),
    },
    {
      name: 'glob',
      build: () => ({ escape: pure('escape(pathname)', (_m, [path]) => String(path).replace(/[*?[]/g, '[$&]')) }),
      missing: knownName('glob'),
    },
  ]
}

const PATH_LIKE = String.raw`
import abc as _abc


class _Environ:
    """Variables that the program sets are known; others are taken to be unset, and that is said."""

    def __init__(self):
        self._set = {}

    def get(self, key, default=None):
        if key in self._set:
            return self._set[key]
        unknown = _unset(key)
        return default if unknown is None else unknown

    def __contains__(self, key):
        if key in self._set:
            return True
        return _unset(key) is not None

    def __getitem__(self, key):
        return self._set[key] if key in self._set else _environment(key)

    def __setitem__(self, key, value):
        self._set[key] = value

    def __delitem__(self, key):
        self._set.pop(key, None)

    def setdefault(self, key, default=None):
        if key not in self:
            self._set[key] = default
        return self._set[key]

    def pop(self, key, *default):
        return self._set.pop(key, *default) if key in self._set or default else _environment(key)

    def update(self, *args, **kwargs):
        self._set.update(*args, **kwargs)

    def copy(self):
        return self

    def __iter__(self):
        return iter(_environment('list'))

    def keys(self):
        return _environment('list')
    items = values = keys


environ = _Environ()


def getenv(key, default=None):
    return environ.get(key, default)


class PathLike(_abc.ABC):
    @_abc.abstractmethod
    def __fspath__(self):
        raise NotImplementedError

    @classmethod
    def __subclasshook__(cls, subclass):
        if cls is PathLike:
            return True if any('__fspath__' in base.__dict__ for base in subclass.__mro__) else NotImplemented
        return NotImplemented

    @classmethod
    def __class_getitem__(cls, item):
        return cls
`
