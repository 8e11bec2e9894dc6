/** The standard library as native modules: some in TypeScript, some in Python source of our own; and the rest of it by name. */

import type { NativeModule } from '../native.ts'
import { argparseModule } from './argparse.ts'
import { abcModules } from './collections-abc.ts'
import { collectionsModule } from './collections.ts'
import { containerModules } from './containers.ts'
import { contextlibModule } from './contextlib.ts'
import type { LibraryContext } from './context.ts'
import { copyModule } from './copy.ts'
import { dataclassesModule } from './dataclasses.ts'
import { enumModule } from './enum.ts'
import { functoolsModule } from './functools.ts'
import { inspectModule } from './inspect.ts'
import { itertoolsModule } from './itertools.ts'
import { jsonModule } from './json.ts'
import { unmodelledModules } from './known-names.ts'
import { loggingModules } from './logging.ts'
import { mathModule } from './math.ts'
import { opaqueModules } from './opaque.ts'
import { operatorModule } from './operator.ts'
import { osModules } from './os.ts'
import { packageModules } from './packaging.ts'
import { pathlibModule } from './pathlib.ts'
import { reModule } from './re.ts'
import { systemModules } from './system.ts'
import { textModules } from './text-modules.ts'
import { typesModule } from './types.ts'
import { typingModules } from './typing.ts'

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
  const modelled: readonly NativeModule[] = [
    { name: 'builtins', build: () => Object.fromEntries(context.builtins) },
    ...abcModules, argparseModule, collectionsModule, ...containerModules, contextlibModule, copyModule, dataclassesModule, enumModule, functoolsModule, inspectModule, itertoolsModule, jsonModule,
    ...loggingModules, mathModule, ...opaqueModules, operatorModule, ...osModules(context.files), ...packageModules, pathlibModule(context.files), reModule, ...systemModules(context),
    ...textModules(context.files), typesModule, ...typingModules,
  ]
  return [...modelled, ...unmodelledModules(modelled)]
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

