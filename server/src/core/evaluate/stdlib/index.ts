/** The standard library as native modules: some in TypeScript, some in Python source of our own. */

import { type Files, isFailure } from '../../ports.ts'
import type { PythonParser } from '../../syntax/parser.ts'
import { fn, type NativeModule } from '../native.ts'
import type { Code, Interpreter } from '../run/frame.ts'
import { type Machine, NativeFunction, PyDict, PyFunction, PyTuple, Unknown, type Value, PyList, PyInstance } from '../value.ts'
import { objectClass } from '../core-classes.ts'
import { ABC_SOURCE, COLLECTIONS_ABC_SOURCE, COLLECTIONS_SOURCE, COPY_SOURCE, DATACLASSES_SOURCE, ENUM_SOURCE, TYPES_SOURCE } from './data.ts'
import { CONTEXTLIB_SOURCE, FUNCTOOLS_SOURCE, ITERTOOLS_SOURCE } from './functional.ts'
import { JSON_SOURCE, jsonNatives } from './json.ts'
import { mathModule } from './math.ts'
import { OPERATOR_SOURCE, operatorNatives } from './operator.ts'
import { pythonModule } from './python-source.ts'
import { regexModule } from './regex.ts'
import {
  ARGPARSE_SOURCE, CLICK_SOURCE, IMPORTLIB_METADATA_SOURCE, IMPORTLIB_SOURCE, IMPORTLIB_UTIL_SOURCE, LOGGING_SOURCE, OS_SOURCE, OTHER_SOURCES, PACKAGING_VERSION_SOURCE, PATHLIB_SOURCE, POSIXPATH_SOURCE,
  STRING_SOURCE, WARNINGS_SOURCE,
} from './system.ts'
import { INSPECT_SOURCE, TYPING_SOURCE } from './typing.ts'

export interface LibraryContext {
  readonly files: Files
  readonly parser: PythonParser
  readonly builtins: Map<string, Value>
  /** sys.modules. */
  readonly modules: Map<string, Value>
  /** Whether an import would find something. */
  readonly find: (dotted: string) => boolean
  /** The version of an installed distribution, from its metadata; `undefined` when it is not there. */
  readonly versionOf: (distribution: string) => string | undefined
  /** Folders a relative path may be meant from. */
  readonly roots: readonly string[]
}

const SYSINFO_SOURCE = `
class version_info(tuple):
    major = property(lambda self: self[0])
    minor = property(lambda self: self[1])
    micro = property(lambda self: self[2])
    releaselevel = property(lambda self: self[3])
    serial = property(lambda self: self[4])
    def __repr__(self):
        return 'sys.version_info(major=%d, minor=%d, micro=%d, releaselevel=%r, serial=%d)' % tuple(self)
`

const MAX_CONFIG_CHARACTERS = 2_000_000

export function standardLibrary(context: LibraryContext): readonly NativeModule[] {
  const { parser } = context
  const unknown = fn('_unknown(reason)', (m, [reason]) => m.unknown(String(reason)))
  const assume = fn('_assume(name, value, source=None)', (m, [name, value, source]) => {
    const shown = m.repr(value)
    m.assume(source === null ? `${String(name)} ${String(value)}` : `${String(name)} = ${typeof shown === 'string' ? shown : '?'} (${String(source)})`)
    return null
  })
  const helpers = { _unknown: unknown, _assume: assume }
  const python = (name: string, source: string, more: Readonly<Record<string, Value>> = {}): NativeModule => ({ ...pythonModule(parser, name, source, { ...helpers, ...more }), missing: (_m, attribute) => missingName(name, attribute) })
  const exists = fn('_exists(path, kind)', (m, [path, kind]) => {
    const found = locate(context, String(path))
    if (found === undefined) return String(path).startsWith('/') ? false : m.unknown(`whether ${String(path)} exists is not known`)
    return kind === 'any' || context.files.stat(found)?.kind === kind
  })
  const readText = fn('_read_text(path)', (m, [path]) => readConfig(context, m, path))
  context.builtins.set('open', fn('open(file, mode=\'r\', *args, **kwargs)', (m, [path, mode]) => {
    if (typeof mode !== 'string' || /[wab+x]/.test(mode)) return m.unknown('files are only read as text')
    const text = readConfig(context, m, path)
    return text instanceof Unknown ? text : m.call(m.getAttribute(m.importModule('io'), 'StringIO'), [text])
  }))
  return [
    { name: 'builtins', build: () => Object.fromEntries(context.builtins), missing: () => undefined },
    { name: 'sys', build: (m) => sysNames(context, m), missing: (m, name) => name.startsWith('__') ? undefined : m.unknown(`sys.${name} is not evaluated`) },
    python('_sysinfo', SYSINFO_SOURCE), mathModule, operatorNatives, jsonNatives, regexModule,
    python('operator', OPERATOR_SOURCE), python('json', JSON_SOURCE), { ...python('json.decoder', 'from json import JSONDecodeError, JSONDecoder\n') }, { ...python('json.encoder', 'from json import JSONEncoder\n') },
    python('functools', FUNCTOOLS_SOURCE), python('itertools', ITERTOOLS_SOURCE), python('contextlib', CONTEXTLIB_SOURCE),
    python('collections', COLLECTIONS_SOURCE), python('collections.abc', COLLECTIONS_ABC_SOURCE), python('_collections_abc', 'from collections.abc import *\n'),
    python('abc', ABC_SOURCE), python('dataclasses', DATACLASSES_SOURCE), python('enum', ENUM_SOURCE), python('copy', COPY_SOURCE), python('types', TYPES_SOURCE),
    python('typing', TYPING_SOURCE),
    python('inspect', INSPECT_SOURCE, { _shape: fn('_shape(f)', (_m, [f]) => shapeOf(f)), _is_generator: fn('_is_generator(f)', (_m, [f]) => f instanceof PyFunction && (f.code as Code).isGenerator), _native_signature: fn('_native_signature(f)', (m, [f]) => nativeSignature(m, f)) }),
    python('warnings', WARNINGS_SOURCE), python('logging', LOGGING_SOURCE), python('logging.handlers', 'from logging import *\nfrom logging import Handler\nRotatingFileHandler = TimedRotatingFileHandler = QueueHandler = Handler\n'),
    python('logging.config', 'def dictConfig(*a): pass\ndef fileConfig(*a, **k): pass\n'),
    python('argparse', ARGPARSE_SOURCE), python('click', CLICK_SOURCE), python('string', STRING_SOURCE),
    python('posixpath', POSIXPATH_SOURCE, { _exists: exists }), python('os.path', 'from posixpath import *\nfrom posixpath import _exists\n', { _exists: exists }), python('os', OS_SOURCE), python('pathlib', PATHLIB_SOURCE, { _read_text: readText }),
    python('importlib', IMPORTLIB_SOURCE, { _import: fn('_import(name)', (m, [name]) => name instanceof Unknown ? name : m.importModule(String(name))) }),
    python('importlib.util', IMPORTLIB_UTIL_SOURCE, { _find: fn('_find(name)', (m, [name]) => name instanceof Unknown ? name : context.find(String(name))) }),
    python('importlib.machinery', 'class ModuleSpec:\n    def __init__(self, name, loader=None, *, origin=None, loader_state=None, is_package=None):\n        self.name, self.loader, self.origin, self.submodule_search_locations = name, loader, origin, None\nclass SourceFileLoader: pass\nSOURCE_SUFFIXES = [".py"]\n'),
    python('importlib.metadata', IMPORTLIB_METADATA_SOURCE, versionHelpers(context)), python('importlib_metadata', IMPORTLIB_METADATA_SOURCE, versionHelpers(context)),
    python('packaging', 'from packaging import version\n'), python('packaging.version', PACKAGING_VERSION_SOURCE), python('distutils.version', PACKAGING_VERSION_SOURCE),
    ...Object.entries(OTHER_SOURCES).map(([name, source]) => python(name, source)),
  ]
}

/** Names of library modules that are not there are unknown, not missing: the real module may have them. */
function missingName(module: string, name: string): Value | undefined {
  return name.startsWith('__') || name.startsWith('_') ? undefined : new Unknown(`${module}.${name} is not evaluated`)
}

function versionHelpers(context: LibraryContext): Record<string, Value> {
  return { _version: fn('_version(name)', (_m, [name]) => name instanceof Unknown ? name : context.versionOf(String(name)) ?? null) }
}

function locate(context: LibraryContext, path: string): string | undefined {
  if (path.startsWith('/')) return context.files.stat(path) === undefined ? undefined : path
  return context.roots.map((root) => `${root}/${path}`).find((candidate) => context.files.stat(candidate) !== undefined)
}

function readConfig(context: LibraryContext, m: Machine, path: Value): Value {
  if (path instanceof Unknown) return path
  const text = m.str(path)
  if (text instanceof Unknown) return text
  const found = locate(context, text)
  if (found === undefined) return m.unknown(`${text} was not found`)
  const content = context.files.readText(found, MAX_CONFIG_CHARACTERS)
  return isFailure(content) ? m.unknown(`${text} cannot be read`) : content
}

function sysNames(context: LibraryContext, m: Machine): Record<string, Value> {
  const [major, minor, micro] = m.pythonVersion
  const versionType = m.getAttribute(m.importModule('_sysinfo'), 'version_info')
  const flags = new PyInstance(objectClass)
  for (const name of ['optimize', 'debug', 'interactive', 'dev_mode', 'utf8_mode', 'ignore_environment', 'no_user_site']) flags.attrs!.set(name, 0)
  const implementation = new PyInstance(objectClass)
  implementation.attrs!.set('name', 'cpython')
  const stream = (): PyInstance => {
    const made = new PyInstance(objectClass)
    for (const name of ['write', 'flush', 'isatty', 'fileno', 'close']) made.attrs!.set(name, fn(`${name}(*args)`, (machine) => name === 'isatty' ? machine.unknown('the terminal is not known') : null))
    return made
  }
  return {
    modules: new PyDict(context.modules as Map<never, Value>), version_info: m.call(versionType, [new PyTuple([major, minor, micro, 'final', 0])]), version: `${major}.${minor}.${micro} (main)`, hexversion: (major << 24) | (minor << 16) | (micro << 8) | 0xf0,
    platform: 'linux', maxsize: 9223372036854775807n, byteorder: 'little', argv: new Unknown('command line arguments are not known'), path: new PyList([]), flags, implementation, executable: new Unknown('the interpreter is not known'),
    prefix: new Unknown('the interpreter is not known'), stdout: stream(), stderr: stream(), stdin: new Unknown('what is typed is not known'), warnoptions: new PyList([]), builtin_module_names: new PyTuple([]), dont_write_bytecode: false,
    float_info: new Unknown('sys.float_info is not evaluated'), maxunicode: 0x10ffff, path_hooks: new PyList([]), meta_path: new PyList([]), api_version: 1013,
    exit: fn('exit(code=0)', (machine, [code]) => machine.raise('SystemExit', String(code))),
    getrecursionlimit: fn('getrecursionlimit()', () => 1000), setrecursionlimit: fn('setrecursionlimit(n)', () => null),
    getsizeof: fn('getsizeof(*args)', (machine) => machine.unknown('sizes in memory are not evaluated')), getdefaultencoding: fn('getdefaultencoding()', () => 'utf-8'), getfilesystemencoding: fn('getfilesystemencoding()', () => 'utf-8'),
    intern: fn('intern(s)', (_m, [s]) => s), exc_info: fn('exc_info()', (machine) => excInfo(machine as Interpreter)), _getframe: fn('_getframe(*args)', (machine) => machine.unknown('frames are not evaluated')),
    getrefcount: fn('getrefcount(*args)', (machine) => machine.unknown('reference counts are not evaluated')), gettrace: fn('gettrace()', () => null), settrace: fn('settrace(*args)', () => null),
  }
}

function excInfo(m: Interpreter): Value {
  for (let { frame } = m; frame !== undefined; frame = frame.back) {
    const exception = frame.handled.at(-1)
    if (exception !== undefined) return new PyTuple([exception.cls, exception, null])
  }
  return new PyTuple([null, null, null])
}

/** Star name, double star name and count of positional-only parameters. */
function shapeOf(f: Value): Value {
  if (!(f instanceof PyFunction)) return new PyTuple([null, null, 0])
  return new PyTuple([f.code.star ?? null, f.code.doubleStar ?? null, f.code.positionalOnly])
}

function nativeSignature(m: Machine, f: Value): Value {
  const inspect = m.importModule('inspect')
  if (!(f instanceof NativeFunction) || f.signature === undefined) return m.unknown('this signature is not known')
  const parameterClass = m.getAttribute(inspect, 'Parameter')
  const kind = (name: string): Value => m.getAttribute(parameterClass, name)
  const { parameters, positional, positionalOnly, star, doubleStar } = f.signature
  const made = parameters.map((one, i) => {
    const place = i === star ? 'VAR_POSITIONAL' : i === doubleStar ? 'VAR_KEYWORD' : i < positionalOnly ? 'POSITIONAL_ONLY' : i < positional ? 'POSITIONAL_OR_KEYWORD' : 'KEYWORD_ONLY'
    return m.call(parameterClass, [one.name, kind(place)], one.defaultValue === undefined ? undefined : new Map([['default', one.defaultValue]]))
  })
  return m.call(m.getAttribute(inspect, 'Signature'), [new PyList(made)])
}

