/**
 * Library functions that read other source files line by line, or rewrite docstrings, to decide nothing about layers: answered
 * natively instead of being interpreted. A patch is a line of Python after the library's own text, so that nothing moves.
 */

import { fn, type NativeModule } from '../evaluate/native.ts'
import { PyDict, PyList, Unknown, type Value } from '../evaluate/value.ts'
import { NUMPY_SOURCE } from './python/numpy-source.ts'
import { isFailure, type Files } from '../ports.ts'

/** Text of a library file that is read for its `__all__` only. */
const MAX_TEXT_BYTES = 4_000_000
/** Folders below a package that exports lazily. */
const MAX_DEPTH = 6
const MAX_FILES = 20_000

const MODULE = '_footprint_library'

const SOURCE = String.raw`
def define_import_structure(module_path, prefix=None):
    return {frozenset(): _exported_names(str(module_path), prefix)}

def same(obj=None, *args, **kwargs):
    if obj is None:
        return lambda decorated: decorated
    return obj
`

/** End of a path below site-packages -> the text that follows the file's own. */
const PATCHES: ReadonlyMap<string, string> = new Map([
  ['/transformers/utils/import_utils.py', `\nfrom ${MODULE} import define_import_structure\n`],
  ['/transformers/utils/auto_docstring.py', `\nfrom ${MODULE} import same as auto_docstring\n`],
])

/** What follows the text of a library file, or `undefined`. */
export function patchFor(path: string): string | undefined {
  for (const [end, text] of PATCHES) if (path.endsWith(end)) return text
  return undefined
}

const NUMPY_PARTS = ['numpy.typing', 'numpy.random', 'numpy.linalg', 'numpy.lib', 'numpy.core', 'numpy.core.multiarray', 'numpy._core', 'numpy.fft', 'numpy.testing', 'numpy.ma', 'numpy.polynomial', 'numpy.lib.stride_tricks', 'numpy.exceptions', 'numpy.version']

/** NumPy: what constructors compute with, the rest harmless and Unknown. */
export function numpyNatives(): NativeModule[] {
  const missing: NonNullable<NativeModule['missing']> = (m, name) => (name.startsWith('__') && name !== '__version__' ? undefined : new Unknown('numpy is not evaluated', m.here(), { isHarmless: true, isPlain: true }))
  return [
    { name: 'numpy', source: NUMPY_SOURCE, missing, build: () => ({ _is_unknown: fn('_is_unknown(value)', (_m, [value]) => value instanceof Unknown), _unknown: fn('_unknown(reason)', (m, [reason]) => new Unknown(String(reason), m.here(), { isHarmless: true, isPlain: true })) }) },
    ...NUMPY_PARTS.map((name) => ({ name, missing, build: () => ({}) })),
  ]
}

export function libraryNatives(files: Files): NativeModule {
  return {
    name: MODULE,
    source: SOURCE,
    build: () => ({
      _exported_names: fn('_exported_names(path, prefix)', (m, [path, prefix]) => {
        if (typeof path !== 'string') return m.unknown('the folder of a lazy package')
        const folder = path.endsWith('.py') ? path.slice(0, path.lastIndexOf('/')) : path
        const names = new Map<string, string[]>()
        collect(files, folder, typeof prefix === 'string' ? `${prefix}.` : '', names, 0)
        m.spend(names.size)
        return new PyDict(new Map<string, Value>([...names].map(([module, exported]) => [module, new PyList(exported)])))
      }),
    }),
  }
}

/** Module path below the folder -> the names in its `__all__`. */
function collect(files: Files, folder: string, prefix: string, names: Map<string, string[]>, depth: number): void {
  if (depth > MAX_DEPTH) return
  for (const { name, kind } of [...files.list(folder) ?? []].sort((a, b) => (a.name < b.name ? -1 : 1))) {
    if (names.size > MAX_FILES) return
    if (kind === 'directory') {
      if (name !== '__pycache__') collect(files, `${folder}/${name}`, `${prefix}${name}.`, names, depth + 1)
    } else if (name.endsWith('.py') && name !== '__init__.py' && !/^(?:convert_|modular_)/.test(name)) {
      const text = files.readText(`${folder}/${name}`, MAX_TEXT_BYTES)
      const exported = isFailure(text) ? [] : exportedNames(text)
      if (exported.length > 0) names.set(prefix + name.slice(0, -3), exported)
    }
  }
}

/** The strings of the last `__all__ = [...]` at the start of a line. */
function exportedNames(text: string): string[] {
  const at = text.lastIndexOf('\n__all__')
  if (at < 0) return []
  const open = text.indexOf('[', at)
  const close = text.indexOf(']', open)
  if (open < 0 || close < 0) return []
  return [...text.slice(open, close).matchAll(/["']([^"'\n]+)["']/g)].map((match) => match[1]!)
}
