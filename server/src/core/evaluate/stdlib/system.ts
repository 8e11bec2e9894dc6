/**
 * sys, platform, time, random and importlib: what depends on the process or the clock is Unknown, with its reason.
 * The operating system is taken to be Linux: what others do differently concerns files and processes, never layers.
 */

import { fn, type NativeModule } from '../native.ts'
import type { Interpreter } from '../run/frame.ts'
import { type Machine, type NativeFunction, type PyClass, PyDict, PyList, PyModule, type PyObject, PyRaise, PyTuple, Unknown, type Value } from '../value.ts'
import type { LibraryContext } from './context.ts'
import { knownName } from './known-names.ts'

/** Names of a module whose calls answer nothing, and those whose calls are not known. */
function effects(names: readonly string[]): Record<string, Value> {
  return Object.fromEntries(names.map((name) => [name, fn(`${name}(*args, **kwargs)`, () => null)]))
}

function unknowns(module: string, names: readonly string[]): Record<string, Value> {
  return Object.fromEntries(names.map((name) => [name, fn(`${name}(*args, **kwargs)`, (m) => m.unknown(`${module}.${name}() is not known here`))]))
}

const sysSource = String.raw`
class _Stream:
    def __init__(self, name):
        self.name = name
        self.encoding = 'utf-8'

    def write(self, text):
        return len(text)

    def writelines(self, lines):
        pass

    def flush(self):
        pass

    def isatty(self):
        return _unknown_tty()


stdout = __stdout__ = _Stream('<stdout>')
stderr = __stderr__ = _Stream('<stderr>')
stdin = __stdin__ = _Stream('<stdin>')


class _VersionInfo(tuple):
    major = property(lambda self: self[0])
    minor = property(lambda self: self[1])
    micro = property(lambda self: self[2])
    releaselevel = property(lambda self: self[3])
    serial = property(lambda self: self[4])

    def __repr__(self):
        return f'sys.version_info(major={self[0]}, minor={self[1]}, micro={self[2]}, releaselevel={self[3]!r}, serial={self[4]})'


version_info = _VersionInfo(_version)

class _Version(str):
    # The release is known, the rest is how it was built.
    def __len__(self):
        return _unknown('how this Python was built')

version = _Version(_version_text)


class _FloatInfo:
    max = 1.7976931348623157e+308
    min = 2.2250738585072014e-308
    epsilon = 2.220446049250313e-16
    dig = 15
    mant_dig = 53
    max_exp = 1024
    min_exp = -1021
    max_10_exp = 308
    min_10_exp = -307
    radix = 2
    rounds = 1


float_info = _FloatInfo()


class _Flags:
    optimize = debug = interactive = dev_mode = utf8_mode = ignore_environment = no_user_site = 0


class _Implementation:
    name = 'cpython'
    cache_tag = f'cpython-{_version[0]}{_version[1]}'


flags = _Flags()
implementation = _Implementation()
implementation.version = version_info


def exit(status=None, /):
    raise SystemExit(status)
`

function handledException(m: Interpreter): Value {
  for (let { frame } = m; frame !== undefined; frame = frame.back) {
    const exception = frame.handled.at(-1)
    if (exception !== undefined) return new PyTuple([exception.cls, exception, null])
  }
  return new PyTuple([null, null, null])
}

const sysModule = (context: LibraryContext): NativeModule => ({
  name: 'sys',
  build: (m) => ({
    modules: new PyDict(context.modules as PyDict['values']),
    _version: new PyTuple([...m.pythonVersion, 'final', 0]),
    _unknown_tty: fn('_unknown_tty()', (inner) => inner.unknown('whether there is a terminal is not known here')),
    _version_text: `${m.pythonVersion.join('.')} (main)`, _unknown: fn('_unknown(reason)', (machine, [reason]) => machine.unknown(String(reason))), hexversion: (m.pythonVersion[0] * 256 + m.pythonVersion[1]) * 65536 + m.pythonVersion[2] * 256 + 0xf0,
    maxsize: 9223372036854775807n, maxunicode: 1114111, byteorder: 'little', copyright: '', path: new PyList([]), meta_path: new PyList([]), path_hooks: new PyList([]), warnoptions: new PyList([]),
    argv: m.unknown('the command line is not known here'), platform: 'linux', executable: m.unknown('the interpreter is not known here'),
    prefix: m.unknown('the environment is not known here'), base_prefix: m.unknown('the environment is not known here'),
    getrecursionlimit: fn('getrecursionlimit()', () => 1000), intern: fn('intern(s)', (_m, [s]) => s), getdefaultencoding: fn('getdefaultencoding()', () => 'utf-8'),
    getfilesystemencoding: fn('getfilesystemencoding()', () => 'utf-8'), exc_info: fn('exc_info()', (inner) => handledException(inner as Interpreter)),
    ...effects(['setrecursionlimit', 'settrace', 'setprofile', 'setswitchinterval']),
  }),
  source: sysSource,
  missing: knownName('sys'),
})

const RANDOM = ['random', 'randint', 'randrange', 'uniform', 'choice', 'choices', 'sample', 'gauss', 'normalvariate', 'betavariate', 'expovariate', 'getrandbits', 'triangular', 'lognormvariate', 'getstate', 'randbytes']

const randomSource = String.raw`
class Random:
    def __init__(self, x=None):
        pass

    def __getattr__(self, name):
        if name.startswith('__') or name not in globals():
            raise AttributeError(name)
        return globals()[name]


SystemRandom = Random
`

const randomModule: NativeModule = {
  name: 'random',
  build: () => ({
    ...unknowns('random', RANDOM),
    ...effects(['seed', 'setstate']),
    shuffle: fn('shuffle(x)', (m, [x]) => {
      if (!(x instanceof PyList) || x.items.length < 2) return null
      // The length stays; any item may be anywhere.
      const why = m.unknown('random.shuffle() puts items in an order that is not known')
      const [first] = x.items
      if (x.items.every((one) => one === first)) return null
      m.touch(x)
      x.items = x.items.map(() => why)
      return null
    }),
  }),
  source: randomSource,
  missing: knownName('random'),
}

const timeModule: NativeModule = {
  name: 'time',
  build: () => ({
    ...unknowns('time', ['time', 'time_ns', 'perf_counter', 'perf_counter_ns', 'monotonic', 'monotonic_ns', 'process_time', 'process_time_ns', 'localtime', 'gmtime', 'strftime', 'strptime', 'ctime', 'asctime', 'mktime', 'thread_time']),
    ...effects(['sleep', 'tzset']),
  }),
  missing: knownName('time'),
}

function findSpec(context: LibraryContext, m: Machine, name: Value): Value {
  if (typeof name !== 'string') return name instanceof Unknown ? name : m.raise('ImportError', 'a module name must be a str')
  return context.find(name) ? m.newInstance(m.getAttribute(m.importModule('importlib.machinery'), 'ModuleSpec') as PyClass, [name, null]) : null
}

function versionOf(context: LibraryContext): NativeFunction {
  return fn('version(distribution_name)', (m, [name]) => {
    if (name instanceof Unknown) return name
    if (name === 'torch') return m.torchVersion
    const found = context.versionOf(String(name))
    if (found !== undefined) return found
    throw new PyRaise(m.call(m.getAttribute(m.importModule('importlib.metadata'), 'PackageNotFoundError'), [name]) as PyObject)
  })
}

const importlibSource = String.raw`
import sys as _sys


def import_module(name, package=None):
    if name.startswith('.'):
        if not package:
            raise TypeError(f'the \'package\' argument is required to perform a relative import for {name!r}')
        level = len(name) - len(name.lstrip('.'))
        parts = package.split('.')
        if level - 1 >= len(parts):
            raise ImportError('attempted relative import beyond top-level package')
        base = '.'.join(parts[:len(parts) - level + 1])
        name = f'{base}.{name[level:]}' if name[level:] else base
    return _import(name)


def reload(module):
    return module


def invalidate_caches():
    pass
`

const metadataSource = String.raw`
class PackageNotFoundError(ModuleNotFoundError):
    def __str__(self):
        return f'No package metadata was found for {self.args[0]}'


def distribution(distribution_name):
    version(distribution_name)
    return _unknown_metadata(distribution_name)


metadata = requires = files = distribution
`

const utilSource = String.raw`
import importlib.machinery as _machinery


def spec_from_file_location(name, location=None, *, loader=None, submodule_search_locations=None):
    location = str(location)
    if loader is None:
        if not location.endswith('.py'):
            return None
        loader = _machinery.SourceFileLoader(name, location)
    spec = _machinery.ModuleSpec(name, loader, origin=location)
    if submodule_search_locations is not None:
        spec.submodule_search_locations = [str(one) for one in submodule_search_locations]
    elif location.endswith('/__init__.py'):
        spec.submodule_search_locations = [location.rpartition('/')[0]]
    return spec


def module_from_spec(spec):
    module = _new_module(spec.name, spec.origin, spec.submodule_search_locations)
    module.__spec__ = spec
    module.__loader__ = spec.loader
    return module
`

/** `_new_module(name, file, path)` and `_execute_module(module, file)`: a module made and run step by step. */
function loadingFunctions(context: LibraryContext): { readonly made: Value, readonly executed: Value } {
  return {
    made: fn('_new_module(name, file, path)', (m, [name, file, path]) => {
      if (typeof name !== 'string' || typeof file !== 'string') return m.unknown('the module of a file that is not known')
      const folders = path === null ? undefined : m.items(path)
      return folders instanceof Unknown ? folders : context.newModule(name, file, folders?.filter((one) => typeof one === 'string'))
    }),
    executed: fn('_execute_module(module, file)', (m, [module, file]) => {
      if (!(module instanceof PyModule) || typeof file !== 'string') return m.unknown('the file of a module is not known')
      const why = context.execute(module, file)
      if (why !== undefined) m.doubt(module, why)
      return null
    }),
  }
}

const machinerySource = String.raw`
SOURCE_SUFFIXES = ['.py']
BYTECODE_SUFFIXES = ['.pyc']


class ModuleSpec:
    def __init__(self, name, loader, *, origin=None, loader_state=None, is_package=None):
        self.name, self.loader, self.origin = name, loader, origin
        self.submodule_search_locations = [] if is_package else None
        self.has_location = origin is not None
        self.cached = None

    @property
    def parent(self):
        return self.name.rpartition('.')[0] if self.submodule_search_locations is None else self.name


class SourceFileLoader:
    def __init__(self, fullname, path):
        self.name, self.path = fullname, path

    def create_module(self, spec):
        return None

    def exec_module(self, module):
        _execute_module(module, self.path)

    def load_module(self, fullname=None):
        from importlib.util import module_from_spec
        module = module_from_spec(ModuleSpec(self.name, self, origin=self.path))
        self.exec_module(module)
        return module

    def get_filename(self, name=None):
        return self.path

    def is_package(self, fullname=None):
        return self.path.endswith('/__init__.py')


class ExtensionFileLoader(SourceFileLoader):
    pass


class SourcelessFileLoader(SourceFileLoader):
    pass


# Which endings a compiled module has depends on the platform: any of them counts as one of these.
EXTENSION_SUFFIXES = ['.so', '.pyd']


class FileFinder:
    def __init__(self, path, *loader_details):
        self.path = path
        self._loaders = loader_details

    def find_spec(self, fullname, target=None):
        for loader, suffixes in self._loaders:
            found = _file_of_module(self.path, fullname.rpartition('.')[2], suffixes)
            if found is not None:
                return ModuleSpec(fullname, loader(fullname, found), origin=found)
        return None
`

/** `_file_of_module(folder, name, suffixes)`: the file `name` + a suffix, with the tag of a platform before it or without; None when there is none. */
const fileOfModule = (context: LibraryContext): Value => fn('_file_of_module(folder, name, suffixes)', (m, [folder, name, suffixes]) => {
  const endings = m.items(suffixes)
  if (endings instanceof Unknown) return endings
  if (typeof folder !== 'string' || typeof name !== 'string') return m.unknown('the folder of a compiled module')
  const file = (context.files.list(folder) ?? []).map((entry) => entry.name).sort()
    .find((one) => one.startsWith(`${name}.`) && endings.some((ending) => typeof ending === 'string' && one.endsWith(ending)))
  return file === undefined ? null : `${folder}/${file}`
})

/** `pkgutil.get_data(package, resource)`: the bytes of a text file beside a package; others are not read. */
const packageData = (context: LibraryContext): Value => fn('get_data(package, resource)', (m, [name, resource]) => {
  if (typeof name !== 'string' || typeof resource !== 'string') return m.unknown('the data of a package')
  const module = m.importModule(name)
  const file = module instanceof PyModule ? module.file : undefined
  const text = file === undefined ? undefined : context.sourceOf(`${file.slice(0, file.lastIndexOf('/'))}/${resource}`)
  // Bytes that are no UTF-8 were replaced when the text was read: then the file is not this text.
  return typeof text === 'string' && !text.includes('\ufffd') ? m.callMethod(text, 'encode', ['utf-8']) : m.unknown('the data of a package is not read')
})

function importlibModules(context: LibraryContext): readonly NativeModule[] {
  const metadata = (name: string): NativeModule => ({
    name,
    build: () => ({ version: versionOf(context), _unknown_metadata: fn('_unknown_metadata(name)', (m, [distribution]) => m.unknown(`the metadata of ${String(distribution)} is not read here`)) }),
    source: metadataSource,
    missing: knownName('importlib.metadata'),
  })
  return [
    {
      name: 'importlib',
      build: () => ({ _import: fn('_import(name)', (m, [name]) => (typeof name === 'string' ? m.importModule(name) : name)) }),
      source: importlibSource,
      missing: knownName('importlib'),
    },
    { name: 'pkgutil', build: () => ({ get_data: packageData(context) }), missing: knownName('pkgutil') },
    { name: 'importlib.util', source: utilSource, build: () => ({ _new_module: loadingFunctions(context).made, find_spec: fn('find_spec(name, package=None)', (m, [name]) => findSpec(context, m, name)) }), missing: knownName('importlib.util') },
    metadata('importlib.metadata'), metadata('importlib_metadata'),
    { name: 'importlib.machinery', build: () => ({ _file_of_module: fileOfModule(context), _execute_module: loadingFunctions(context).executed }), source: machinerySource, missing: knownName('importlib.machinery') },
  ]
}

const futureModule: NativeModule = {
  name: '__future__',
  build: () => Object.fromEntries(['annotations', 'division', 'print_function', 'absolute_import', 'unicode_literals', 'generators', 'nested_scopes', 'with_statement', 'generator_stop', 'barry_as_FLUFL'].map((name) => [name, null])),
}

const platformModule: NativeModule = {
  name: 'platform',
  build: (m) => ({
    python_version: fn('python_version()', (inner) => inner.pythonVersion.join('.')),
    python_implementation: fn('python_implementation()', () => 'CPython'),
    python_version_tuple: fn('python_version_tuple()', () => new PyTuple(m.pythonVersion.map(String))),
    system: fn('system()', () => 'Linux'),
    ...unknowns('platform', ['machine', 'platform', 'node', 'processor', 'release', 'version', 'uname', 'architecture', 'mac_ver', 'libc_ver', 'win32_ver']),
  }),
  missing: knownName('platform'),
}

export function systemModules(context: LibraryContext): readonly NativeModule[] {
  return [sysModule(context), randomModule, timeModule, ...importlibModules(context), futureModule, platformModule]
}
