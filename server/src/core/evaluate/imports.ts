/** Python's import system: finding, loading, packages, cycles. Natives first, then roots, then site-packages; the rest is opaque. */

import { type Files, isFailure } from '../ports.ts'
import type { PythonParser } from '../syntax/parser.ts'
import type { Statement } from '../syntax/ast.ts'
import type { SourceFile } from '../syntax/source-file.ts'
import { type Assumption, FileAssumptions, readFileAssumptions } from './assume.ts'
import { compiled } from './compile/assumed.ts'
import { compileExpressionCode, compileModule, unitOf } from './compile/compile.ts'
import type { SourceUnit } from './compile/unit.ts'
import type { LibraryCodes } from './library-codes.ts'
import { LimitReached } from './limits.ts'
import { type Found, ModuleFinder } from './module-finder.ts'
import type { NativeModule } from './native.ts'
import { type Code, Frame } from './run/frame.ts'
import type { Importer, Vm } from './run/interpreter.ts'
import { assumedValue } from './run/ops-assume.ts'
import { mayTake } from './run/takers.ts'
import { type Note, type Origin, type PyFunction, PyList, PyModule, PyObject, PyInstance, PyTuple, Unknown, type Value, PyRaise } from './value.ts'
import { CARRYING_PACKAGES, CHANGING_PACKAGES, OPAQUE_PACKAGES, STANDARD_LIBRARY, STAND_INS } from './known-packages.ts'
import { objectClass } from './core-classes.ts'
import { standInClass } from './stand-in.ts'

export interface ImportOptions {
  readonly files: Files
  readonly parser: PythonParser
  readonly roots: readonly string[]
  readonly sitePackages: readonly string[]
  readonly natives: readonly NativeModule[]
  readonly documentText: ((path: string) => string | undefined) | undefined
  /** Shared with other evaluators of the process. */
  readonly codes?: LibraryCodes | undefined
  /** What holds in every file of the workspace. */
  readonly assumptions?: readonly Assumption[]
  /** The units of a file that is followed from edit to edit. */
  readonly units?: ((path: string) => ((statement: Statement) => SourceUnit) | undefined) | undefined
}

/** What code that is not evaluated may do: nothing to what it is given; that, but hand out objects of others; anything; it was not found. */
type OpaqueKind = 'harmless' | 'carrying' | 'changing' | 'missing'

interface Parsed { readonly version: string, readonly code: Code, readonly assumptions: FileAssumptions | undefined }

export class ModuleLoader implements Importer {
  readonly #options: ImportOptions
  readonly #natives = new Map<string, NativeModule>()
  /** Everything above a native in the tree of names. */
  readonly #nativePackages = new Set<string>()
  readonly #parsed = new Map<string, Parsed>()
  readonly filesRead = new Map<string, string>()
  /** Modules of the workspace, which a reset forgets. */
  readonly #workspace = new Set<string>()
  readonly #finder: ModuleFinder
  #filesOpened = 0
  /** What was assumed while a library module was loaded: whoever imports it assumes it too. */
  readonly #noted = new Map<string, readonly Note[]>()
  /** Top-level names by which a library, or something that stays like one, was found or missed. */
  readonly #asked = new Set<string>()
  /** Something that stays loaded rests on what the workspace has. */
  #isTied = false

  constructor(options: ImportOptions) {
    this.#options = options
    this.#finder = new ModuleFinder(options)
    for (const native of options.natives) {
      this.#natives.set(native.name, native)
      for (let dot = native.name.lastIndexOf('.'); dot > 0; dot = native.name.lastIndexOf('.', dot - 1)) this.#nativePackages.add(native.name.slice(0, dot))
    }
  }

  renewBudget(): void { this.#filesOpened = 0 }

  /** Runs work and forgets the workspace modules that it loaded. */
  passing<T>(m: Vm, work: () => T): T {
    const before = new Set(this.#workspace)
    try {
      return work()
    } finally {
      for (const name of this.#workspace) {
        if (before.has(name)) continue
        m.modules.delete(name)
        this.#workspace.delete(name)
      }
    }
  }

  /** Whether everything that stays loaded would be the same with other roots. */
  mayMoveTo(roots: readonly string[]): boolean {
    return !this.#isTied && ![...this.#asked].some((name) => this.#finder.locate(name, roots) !== undefined)
  }

  /** A library holds on to what the workspace had asked for. */
  #keep(dotted: string, module: Value): void {
    if (module instanceof PyModule && module.file === undefined && module.doubt !== undefined) this.#workspace.delete(dotted)
    else this.#isTied = true
  }

  /** A name that has no dots, along the search path; natives come before it. */
  #locateTop(m: Vm, name: string): Found | undefined {
    const found = this.#finder.locate(name, this.#finder.searchPath)
    if (found === undefined || !this.#finder.isWorkspace(found.file ?? found.path?.[0] ?? '')) this.#asked.add(name)
    else if (m.isPermanent || OPAQUE_PACKAGES.has(name) || CHANGING_PACKAGES.has(name)) this.#isTied = true
    return found
  }

  /** Forgets workspace modules. */
  forget(m: Vm): void {
    for (const name of this.#workspace) m.modules.delete(name)
    this.#workspace.clear()
    this.#finder.renew()
    this.filesRead.clear()
  }

  // -------------------------------------------------------------------------------------------- statements

  importDotted(m: Vm, dotted: string, level: number, from: PyModule, innermost: boolean): Value {
    let name = dotted
    if (level > 0) {
      const own = from.attrs.get('__package__')
      const parts = (typeof own === 'string' ? own : from.name).split('.')
      if (level - 1 >= parts.length || parts[0] === '') m.raise('ImportError', 'attempted relative import with no known parent package')
      const base = parts.slice(0, parts.length - (level - 1)).join('.')
      name = dotted === '' ? base : `${base}.${dotted}`
    }
    const module = this.importModule(m, name)
    return innermost ? module : m.modules.get(name.split('.')[0]!) ?? module
  }

  importMember(m: Vm, module: Value, name: string): Value {
    if (module instanceof Unknown) return module
    const found = m.findAttribute(module, name)
    if (found !== undefined) return found
    const own = module instanceof PyModule ? module.name : m.findAttribute(module, '__name__')
    if (typeof own === 'string') {
      const loaded = m.modules.get(`${own}.${name}`)
      if (loaded !== undefined) return loaded
      const path = m.findAttribute(module, '__path__')
      if (path !== undefined) {
        try {
          return this.importModule(m, `${own}.${name}`)
        } catch (error) {
          if (!(error instanceof PyRaise) || error.exception.cls.name !== 'ModuleNotFoundError') throw error
        }
      }
    }
    m.raise('ImportError', `cannot import name '${name}' from '${typeof own === 'string' ? own : '<unknown module name>'}'`)
  }

  importStar(m: Vm, module: Value, frame: Frame): void {
    const target = frame.module
    m.touch(target)
    if (module instanceof Unknown) { target.doubt ??= module; return }
    if (!(module instanceof PyObject) || module.attrs === undefined) return
    const all = module.attrs.get('__all__')
    if (all !== undefined) {
      const names = m.items(all)
      if (names instanceof Unknown) { target.doubt ??= names; return }
      for (const name of names) if (typeof name === 'string') frame.globals.set(name, this.importMember(m, module, name))
      return
    }
    if (module instanceof PyModule && module.file === undefined && module.doubt !== undefined) { target.doubt ??= module.doubt; return }
    for (const [name, value] of module.attrs) if (!name.startsWith('_')) frame.globals.set(name, value)
  }

  // -------------------------------------------------------------------------------------------- finding

  importModule(m: Vm, dotted: string): Value {
    const known = m.modules.get(dotted)
    if (known !== undefined) {
      if (m.isPermanent && this.#workspace.has(dotted)) this.#keep(dotted, known)
      for (let name = dotted; ; name = name.slice(0, name.lastIndexOf('.'))) {
        const notes = this.#noted.get(name)
        if (notes !== undefined) m.repeat(notes)
        if (!name.includes('.')) break
      }
      return known
    }
    const dot = dotted.lastIndexOf('.')
    if (dot < 0) return this.#load(m, dotted, undefined, dotted)
    const parentName = dotted.slice(0, dot)
    const parent = this.importModule(m, parentName)
    // Importing the parent may have imported the child.
    const now = m.modules.get(dotted)
    if (now !== undefined) return now
    if (parent instanceof Unknown) return parent
    const child = this.#load(m, dotted, parent, dotted.slice(dot + 1))
    if (parent instanceof PyObject && parent.attrs !== undefined) { m.touch(parent); parent.attrs.set(dotted.slice(dot + 1), m.modules.get(dotted) ?? child) }
    return m.modules.get(dotted) ?? child
  }

  /** Whether `import name` would find something, without loading it (its parents are loaded). */
  find(m: Vm, dotted: string): boolean {
    if (this.#isNative(dotted)) return true
    // A module that stands for one that is not evaluated says nothing about whether that one is installed.
    const loaded = m.modules.get(dotted)
    if (loaded !== undefined && !(loaded instanceof PyModule && loaded.file === undefined && loaded.doubt !== undefined)) return true
    const dot = dotted.lastIndexOf('.')
    if (dot < 0) {
      const isThere = this.#locateTop(m, dotted) !== undefined || STANDARD_LIBRARY.has(dotted)
      if (!isThere) this.#noteAbsence(m, dotted)
      return isThere
    }
    const parent = this.importModule(m, dotted.slice(0, dot))
    return parent instanceof PyModule && this.#finder.locate(dotted.slice(dot + 1), this.#pathOf(m, parent)) !== undefined
  }

  #isNative(dotted: string): boolean {
    return this.#natives.has(dotted) || this.#nativePackages.has(dotted)
  }

  #pathOf(m: Vm, parent: Value): readonly string[] {
    const path = m.findAttribute(parent, '__path__')
    if (path === undefined) return []
    const items = m.items(path)
    return items instanceof Unknown ? [] : items.filter((item) => typeof item === 'string')
  }

  #load(m: Vm, dotted: string, parent: Value | undefined, simple: string): Value {
    if (this.#isNative(dotted)) return this.#loadNative(m, dotted)
    const top = dotted.split('.')[0]!
    if (parent === undefined) {
      const found = this.#locateTop(m, simple)
      if (OPAQUE_PACKAGES.has(top)) {
        if (found === undefined) this.#missIfGuarded(m, dotted)
        return this.#opaque(m, dotted, CARRYING_PACKAGES.has(top) ? 'carrying' : 'harmless')
      }
      if (CHANGING_PACKAGES.has(top) && found !== undefined) return this.#opaque(m, dotted, 'changing')
      if (found !== undefined) return this.#loadFound(m, dotted, found)
      if (STANDARD_LIBRARY.has(top)) return this.#opaque(m, dotted, CARRYING_PACKAGES.has(top) ? 'carrying' : 'harmless')
      this.#missIfGuarded(m, dotted)
      return this.#opaque(m, dotted, 'missing')
    }
    // What lies inside a package that is not evaluated is not evaluated either.
    if (parent instanceof PyModule && parent.file === undefined && parent.doubt !== undefined) return this.#opaque(m, dotted, parent.doubt.isHarmless ? parent.doubt.isPlain ? 'harmless' : 'carrying' : CHANGING_PACKAGES.has(top) ? 'changing' : 'missing')
    const fallback = parent instanceof PyModule && parent.file === undefined && m.findAttribute(parent, '__path__') === undefined ? m.findAttribute(parent, simple) : undefined
    if (fallback !== undefined) { m.modules.set(dotted, fallback); return fallback }
    if (OPAQUE_PACKAGES.has(dotted)) return this.#opaque(m, dotted, 'carrying')
    const path = this.#pathOf(m, parent)
    const found = this.#finder.locate(simple, path)
    if (found !== undefined) return this.#loadFound(m, dotted, found)
    if (this.#finder.isCompiled(simple, path)) return this.#opaque(m, dotted, 'harmless')
    // A package of which we model a part has other parts, unless it says that all of them are listed.
    const native = this.#natives.get(dotted.slice(0, dotted.lastIndexOf('.')))
    if (native !== undefined && native.isComplete !== true) return this.#opaque(m, dotted, 'harmless')
    m.raise('ModuleNotFoundError', `No module named '${dotted}'`)
  }

  /**
   * Raises ModuleNotFoundError when somebody may take it: the import's own code, or whoever called or imported that.
   * Where no environment is known it is an assumption that the module is not there.
   */
  #missIfGuarded(m: Vm, dotted: string): void {
    const exception = new PyInstance(m.exceptionClasses.get('ModuleNotFoundError')!)
    exception.attrs!.set('args', new PyTuple([`No module named '${dotted}'`]))
    const error = new PyRaise(exception)
    for (let frame = m.frame; frame !== undefined; frame = frame.back) {
      if (!frame.blocks.some((block) => mayTake(m, frame!, block, [error]))) continue
      this.#noteAbsence(m, dotted)
      throw error
    }
  }

  #noteAbsence(m: Vm, dotted: string): void {
    if (this.#options.sitePackages.length === 0) m.assume(`${dotted} is not installed`)
  }

  #opaque(m: Vm, dotted: string, why: OpaqueKind): PyModule {
    // It says where it was asked for: the next program says so for itself.
    if (!m.isPermanent) this.#workspace.add(dotted)
    return m.permanently(() => this.#makeOpaque(m, dotted, why))
  }

  #makeOpaque(m: Vm, dotted: string, why: OpaqueKind): PyModule {
    const module = new PyModule(dotted)
    const top = dotted.split('.')[0]!
    const unknown = new Unknown(why === 'missing' ? `${top} was not found` : `${top} is not evaluated`, m.here(), { isHarmless: why === 'harmless' || why === 'carrying', isPlain: why === 'harmless' })
    module.doubt = unknown
    module.fallback = (_m, name) => name.startsWith('__') ? undefined : unknown
    module.attrs.set('__version__', unknown)
    if (why !== 'missing') for (const name of STAND_INS.get(dotted) ?? []) module.attrs.set(name, standInClass(dotted, name))
    m.modules.set(dotted, module)
    return module
  }

  /** Library state, like a file of site-packages: it stays, whoever asks first. */
  #loadNative(m: Vm, dotted: string): PyModule {
    return m.permanently(() => this.#makeNative(m, dotted))
  }

  #makeNative(m: Vm, dotted: string): PyModule {
    const module = new PyModule(dotted)
    module.attrs.set('__package__', dotted)
    module.attrs.set('__path__', new PyList([]))
    module.attrs.set('__spec__', specOf(dotted, null))
    module.attrs.set('__file__', null)
    m.modules.set(dotted, module)
    const native = this.#natives.get(dotted)
    if (native === undefined) {
      module.fallback = (_m, name) => name.startsWith('__') ? undefined : new Unknown(`${dotted}.${name} is not modelled`, m.here())
      return module
    }
    const { missing } = native
    module.has = native.has
    module.names = native.names
    /** Names that are no modules below this one: they are asked for again and again. */
    const plain = new Set<string>()
    module.fallback = (machine, name) => {
      if (!plain.has(name)) {
        // A part that its package does not import is no attribute before somebody imports it.
      if (this.#isNative(`${dotted}.${name}`) && native.has?.(name) !== false) return this.importModule(m, `${dotted}.${name}`)
        plain.add(name)
      }
      if (missing !== undefined) return missing(machine, name)
      return name.startsWith('__') ? undefined : new Unknown(`${dotted}.${name} is not modelled`, machine.here())
    }
    try {
      this.#fillNative(m, native, module)
    } catch (error) {
      m.modules.delete(dotted)
      throw error
    }
    return module
  }

  #fillNative(m: Vm, native: NativeModule, module: PyModule): void {
    for (const [name, value] of Object.entries(native.build(m, module))) module.attrs.set(name, value)
    if (native.source !== undefined) {
      const { name } = native
      const code = this.#nativeCode(`<${name}>`, native.source)
      module.attrs.set('__package__', name.includes('.') ? name.slice(0, name.lastIndexOf('.')) : name)
      m.runFrame(new Frame(code, module, new Array<Value | undefined>(code.instructions.localCount), []))
      module.attrs.set('__package__', name)
    }
    native.ready?.(m, module.attrs)
  }

  #nativeCode(file: string, source: string): Code {
    const { codes, parser } = this.#options
    const known = codes?.find(file, source)
    if (known !== undefined) return known
    const code = compileModule(file, parser.parseOutlined(source).body, { isLibrary: true })
    codes?.keep(file, source, code)
    return code
  }

  // -------------------------------------------------------------------------------------------- loading

  #loadFound(m: Vm, dotted: string, found: Found): Value {
    if (found.file === undefined) {
      const module = new PyModule(dotted)
      module.attrs.set('__path__', new PyList([...found.path ?? []]))
      module.attrs.set('__package__', dotted)
      m.modules.set(dotted, module)
      if (this.#finder.isWorkspace(found.path?.[0] ?? '')) this.#workspace.add(dotted)
      return module
    }
    const { file } = found
    const isWorkspace = this.#finder.isWorkspace(file)
    const code = this.parse(m, file)
    if (code instanceof Unknown) {
      const module = this.#opaque(m, dotted, 'missing')
      module.doubt = code
      module.fallback = (_m, name) => name.startsWith('__') ? undefined : code
      return module
    }
    if (isWorkspace) this.#workspace.add(dotted)
    const load = (): Value => {
      const module = this.prepare(m, dotted, file, found.path)
      try {
        m.runFrame(new Frame(code, module, new Array<Value | undefined>(code.instructions.localCount), []))
      } catch (error) {
        m.modules.delete(dotted)
        throw error
      }
      return m.modules.get(dotted) ?? module
    }
    if (isWorkspace) return load()
    const since = m.notes.length
    const module = m.permanently(load)
    if (m.notes.length > since) this.#noted.set(dotted, m.notes.slice(since))
    return module
  }

  /** A module object ready to be filled, registered. */
  prepare(m: Vm, name: string, file: string, path: readonly string[] | undefined): PyModule {
    const module = this.unregistered(name, file, path)
    m.modules.set(name, module)
    return module
  }

  /** Runs a file in a module that somebody made for it: `loader.exec_module(module)`. */
  execute(m: Vm, module: PyModule, file: string): Unknown | undefined {
    const code = this.parse(m, file)
    if (code instanceof Unknown) return code
    m.runFrame(new Frame(code, module, new Array<Value | undefined>(code.instructions.localCount), []))
    return undefined
  }

  /** A module object ready to be filled. */
  unregistered(name: string, file: string, path: readonly string[] | undefined): PyModule {
    const module = new PyModule(name, file)
    const { attrs } = module
    attrs.set('__file__', file)
    attrs.set('__package__', path === undefined ? name.includes('.') ? name.slice(0, name.lastIndexOf('.')) : '' : name)
    attrs.set('__doc__', null)
    attrs.set('__spec__', specOf(name, file))
    attrs.set('__loader__', null)
    if (path !== undefined) attrs.set('__path__', new PyList([...path]))
    return module
  }

  markWorkspace(name: string): void { this.#workspace.add(name) }

  parse(m: Vm, path: string): Code | Unknown {
    const overlay = this.#options.documentText?.(path)
    const stat = overlay === undefined ? this.#options.files.stat(path) : undefined
    const version = overlay === undefined ? `${stat?.modified ?? 0}:${stat?.bytes ?? 0}` : `text:${textHash(overlay)}`
    this.filesRead.set(path, version)
    if (this.#finder.isLibrary(path)) return this.#libraryCode(m, path, version, overlay)
    const unitFor = this.#options.units?.(path)
    const known = this.#parsed.get(path)
    if (known?.version === version && unitFor === undefined) return known.code
    const file = this.#read(m, path, overlay, (text) => this.#options.parser.parse(text))
    if (file instanceof Unknown) return file
    const assumptions = this.#assumptionsOf(file)
    const code = compileModule(path, file.body, { assumptions, unitFor: assumptions === undefined ? unitFor : undefined })
    this.#parsed.set(path, { version, code, assumptions })
    return code
  }

  #libraryCode(m: Vm, path: string, version: string, overlay: string | undefined): Code | Unknown {
    const { codes, parser } = this.#options
    const known = codes?.find(path, version)
    if (known !== undefined) return known
    const file = this.#read(m, path, overlay, (text) => parser.parseOutlined(text))
    if (file instanceof Unknown) return file
    const code = compileModule(path, file.body, { isLibrary: true })
    codes?.keep(path, version, code)
    return code
  }

  #read(m: Vm, path: string, overlay: string | undefined, parse: (text: string) => SourceFile): SourceFile | Unknown {
    if (++this.#filesOpened > m.limits.files) throw new LimitReached('files')
    const text = overlay ?? this.#options.files.readText(path, m.limits.sourceCharacters)
    if (isFailure(text)) return new Unknown(`${shortName(path)} cannot be read: ${text.message}`)
    if (text.length > m.limits.sourceCharacters) return new Unknown(`${shortName(path)} is too large to evaluate`)
    const file = parse(text)
    return file.mode === 'lexical' ? new Unknown(`${shortName(path)} is too large to parse`) : file
  }

  /** What is assumed in a file of the workspace; library code is as it is. */
  #assumptionsOf(file: SourceFile): FileAssumptions | undefined {
    const { parser, assumptions: given } = this.#options
    const all = [...readFileAssumptions(parser, file).assumptions, ...given ?? []]
    return all.length === 0 ? undefined : new FileAssumptions(all)
  }

  assumedName(m: Vm, module: PyModule, at: Origin, name: string): Value | undefined {
    const found = this.#parsed.get(at.file)?.assumptions?.find([name], at.start)
    return found === undefined ? undefined : assumedValue(m, module, compiled(unitOf(at.file, undefined), [name], found))
  }

  assumedParts(m: Vm, module: PyModule, at: Origin, name: string): ReadonlyMap<string, Value> | undefined {
    const found = this.#parsed.get(at.file)?.assumptions?.find([name], at.start)
    if (found === undefined) return undefined
    const values = new Map<string, Value>()
    for (const [step, part] of compiled(unitOf(at.file, undefined), [name], found).parts) {
      const value = step.startsWith('.') ? assumedValue(m, module, part) : undefined
      if (value !== undefined) values.set(step.slice(1), value)
    }
    return values.size === 0 ? undefined : values
  }

  annotations(m: Vm, fn: PyFunction): ReadonlyMap<string, Value> {
    const result = new Map<string, Value>()
    const code = fn.code as Code
    const evaluate = (expression: Parameters<typeof compileExpressionCode>[1]): Value => {
      const inner = compileExpressionCode(code.spanFile, expression)
      try {
        return m.runFrame(new Frame(inner, fn.module, new Array<Value | undefined>(inner.instructions.localCount), []))
      } catch (error) {
        if (error instanceof PyRaise) return new Unknown('annotation cannot be evaluated here', code.origin)
        throw error
      }
    }
    const { annotated } = code
    for (const parameter of annotated?.parameters ?? []) {
      if (parameter.name !== undefined && parameter.annotation !== undefined) result.set(parameter.name.id, evaluate(parameter.annotation))
    }
    if (annotated?.returns !== undefined) result.set('return', evaluate(annotated.returns))
    return result
  }
}

function specOf(name: string, file: string | null): PyInstance {
  const spec = new PyInstance(objectClass)
  spec.attrs!.set('name', name)
  spec.attrs!.set('origin', file)
  spec.attrs!.set('loader', null)
  spec.attrs!.set('parent', name.includes('.') ? name.slice(0, name.lastIndexOf('.')) : '')
  return spec
}

function shortName(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1)
}

function textHash(text: string): string {
  let hash = 0x811c9dc5
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193)
  return `${text.length}:${(hash >>> 0).toString(36)}`
}
