/** The door to the evaluator: makes a machine with its natives, and contains every error and limit at the edge. */

import type { Files } from '../ports.ts'
import { FileAssumptions, optionAssumptions } from './assume.ts'
import { compileExpressionCode } from './compile/compile.ts'
import type { Evaluator, EvaluatorOptions, Failure, FileVersion, ModuleResult } from './contract.ts'
import { makeBuiltins } from './builtins/functions.ts'
import './builtins/containers.ts'
import './builtins/numeric.ts'
import './builtins/object.ts'
import { exceptionClasses } from './builtins/exceptions.ts'
import { ModuleLoader } from './imports.ts'
import { namespacePackage, ownPackage } from './own-package.ts'
import { DEFAULT_LIMITS, LimitReached, Undecided } from './limits.ts'
import { Frame } from './run/frame.ts'
import { Vm } from './run/interpreter.ts'
import { standardLibrary } from './stdlib/index.ts'
import { type Machine, PyModule, PyRaise, Unknown, type Value } from './value.ts'

export function createEvaluator(given: EvaluatorOptions): Evaluator {
  /** Changed in place by `moveTo`: everyone holds the same. */
  const roots = [...given.roots]
  const options: EvaluatorOptions = { ...given, roots }
  const vm = new Vm({
    limits: { ...DEFAULT_LIMITS, ...options.limits }, torchVersion: options.torchVersion, pythonVersion: options.pythonVersion ?? [3, 12, 3],
    builtins: makeBuiltins(), exceptionClasses, shouldStop: options.shouldStop,
  })
  const assumed = optionAssumptions(options.parser, options.assumptions ?? new Map())
  const loader: ModuleLoader = new ModuleLoader({
    files: options.files, parser: options.parser, roots: options.roots, sitePackages: options.sitePackages,
    natives: [...standardLibrary({
      files: options.files, parser: options.parser, builtins: vm.builtins, modules: vm.modules, find: (dotted: string): boolean => loader.find(vm, dotted), roots: options.roots,
      newModule: (name, file, path) => loader.unregistered(name, file, path), execute: (module, file) => loader.execute(vm, module, file),
      sourceOf: (path) => options.documentText?.(path) ?? options.files.readText(path, vm.limits.sourceCharacters),
      versionOf: (name) => distributionVersion(options.files, options.sitePackages, name),
    }), ...options.natives],
    documentText: options.documentText, assumptions: assumed, units: options.units, codes: options.codes,
  })
  vm.importer = loader
  vm.journal.open()

  /** Runs a piece of work with a fresh budget; nothing is thrown. */
  function attempt(work: (m: Machine) => Value): Value | Failure {
    vm.renewBudget()
    vm.openNotes()
    loader.renewBudget()
    const depth = vm.journal.depth
    vm.frame = undefined
    try {
      return work(vm)
    } catch (error) {
      while (vm.journal.depth > depth) vm.journal.rollBack()
      vm.frame = undefined
      return failureOf(error)
    }
  }

  let resets = 0
  function reset(): void {
    resets++
    while (vm.journal.depth > 0) vm.journal.rollBack()
    vm.journal.open()
    loader.forget(vm)
    vm.notes.length = 0
    vm.failures.length = 0
    vm.output = ''
    vm.frame = undefined
  }

  function failureOf(error: unknown): Failure {
    if (error instanceof PyRaise) {
      const unknown = vm.describeException(error.exception)
      const message = vm.quietly(() => vm.str(error.exception))
      return { kind: 'failure', unknown, exception: { type: error.exception.cls.name, message: typeof message === 'string' ? message : '', value: error.exception } }
    }
    if (error instanceof LimitReached) return { kind: 'failure', unknown: new Unknown(error.reason, error instanceof Undecided ? error.origin : undefined), exception: undefined }
    if (error instanceof RangeError) return { kind: 'failure', unknown: new Unknown(new LimitReached('nesting').reason), exception: undefined }
    // A defect of the evaluator itself: said as such, never passed on.
    return { kind: 'failure', unknown: new Unknown(`the evaluator failed here: ${error instanceof Error ? error.message : String(error)}`), exception: undefined }
  }

  function takeFailures(): Failure[] {
    return vm.failures.splice(0).map((one) => {
      const message = one.exception === undefined ? undefined : vm.quietly(() => vm.str(one.exception!))
      return { kind: 'failure', unknown: one.unknown, exception: one.exception === undefined ? undefined : { type: one.exception.cls.name, message: typeof message === 'string' ? message : '', value: one.exception } }
    })
  }

  return {
    machine: vm,
    attempt,
    importFile(path, how = {}) {
      const name = how.asMain === true ? { dotted: '__main__', isPackage: false } : moduleName(options, path)
      let module = new PyModule(name.dotted, path)
      const result = attempt(() => {
        const dot = name.dotted.lastIndexOf('.')
        const parent = dot < 0 ? undefined : vm.importModule(name.dotted.slice(0, dot))
        const known = how.asMain === true ? undefined : vm.modules.get(name.dotted)
        if (known instanceof PyModule) { module = known; return null }
        const code = loader.parse(vm, path)
        if (code instanceof Unknown) return code
        module = loader.prepare(vm, name.dotted, path, name.isPackage ? [path.slice(0, path.lastIndexOf('/'))] : undefined)
        // As `python -m` has it: relative imports work, which a plain script cannot make.
        if (how.asMain === true) module.attrs.set('__package__', ownPackage(options.files, path)?.dotted ?? namespacePackage(path, options.roots) ?? null)
        loader.markWorkspace(name.dotted)
        if (parent instanceof PyModule) parent.attrs.set(name.dotted.slice(dot + 1), module)
        const frame = new Frame(code, module, new Array<Value | undefined>(code.instructions.localCount), [])
        frame.isLenient = true
        vm.runFrame(frame)
        return null
      })
      const failures = takeFailures()
      if (isFailure(result)) failures.push(result)
      else if (result instanceof Unknown) failures.push({ kind: 'failure', unknown: result, exception: undefined })
      return { module, failures }
    },
    importModule(dotted): ModuleResult | Failure {
      const result = attempt(() => vm.importModule(dotted))
      if (isFailure(result)) return result
      if (result instanceof PyModule) return { module: result, failures: [] }
      // A module that replaced itself in sys.modules: its names are reached through the object's attributes.
      const stand = new PyModule(dotted)
      stand.fallback = (m, name) => m.findAttribute(result, name)
      return { module: stand, failures: [] }
    },
    evaluateExpression(module, source) {
      return attempt(() => {
        const file = options.parser.parse(`(${source}\n)`)
        const statement = file.body[0]
        if (statement?.kind !== 'expression' || file.body.length !== 1 || file.problems.length > 0) return vm.raise('SyntaxError', `not a Python expression: ${source.slice(0, 80)}`)
        const code = compileExpressionCode('<expression>', statement.value, assumed.length === 0 ? undefined : new FileAssumptions(assumed))
        return vm.runFrame(new Frame(code, module, new Array<Value | undefined>(code.instructions.localCount), []))
      })
    },
    isolated(work) {
      const notes = vm.notes.length
      const depth = vm.journal.depth
      vm.journal.open()
      try {
        return loader.passing(vm, work)
      } finally {
        while (vm.journal.depth > depth) vm.journal.rollBack()
        vm.notes.length = notes
        vm.frame = undefined
      }
    },
    withholding(texts, steps, work) {
      const start = vm.totalSteps
      vm.withheld = texts
      vm.deadline = start + steps
      try {
        const answer = work()
        return { answer: vm.totalSteps > vm.deadline ? undefined : answer, steps: vm.totalSteps - start }
      } finally {
        vm.withheld = new Set()
        vm.deadline = Infinity
      }
    },
    notesSince: (mark) => vm.notes.slice(mark),
    get output() { return vm.output },
    get filesRead(): readonly FileVersion[] { return [...loader.filesRead].map(([path, version]) => ({ path, version })) },
    reset,
    moveTo(next) {
      if (!loader.mayMoveTo(next)) return false
      reset()
      roots.splice(0, roots.length, ...next)
      return true
    },
    get resets() { return resets },
    get stepsUsed() { return vm.stepsUsed },
  }
}

export function isFailure(value: unknown): value is Failure {
  return typeof value === 'object' && value !== null && (value as { kind?: unknown }).kind === 'failure'
}

/** The version in a distribution's metadata folder name, as `importlib.metadata.version` would find it. */
function distributionVersion(files: Files, sitePackages: readonly string[], name: string): string | undefined {
  const wanted = name.toLowerCase().replace(/[-_.]+/g, '_')
  for (const folder of sitePackages) {
    for (const entry of files.list(folder) ?? []) {
      const match = /^(.+?)-([^-]+)(?:-py[\d.]+)?\.(?:dist-info|egg-info)$/.exec(entry.name)
      if (match !== null && match[1]!.toLowerCase().replace(/[-_.]+/g, '_') === wanted) return match[2]
    }
  }
  return undefined
}

/** The dotted name a file has by the folders around it. */
function moduleName({ files, roots, sitePackages }: EvaluatorOptions, path: string): { dotted: string, isPackage: boolean } {
  const own = ownPackage(files, path)
  if (own && roots.includes(own.base)) {
    const stem = path.slice(path.lastIndexOf('/') + 1).replace(/\.pyi?$/, '')
    return stem === '__init__' ? { dotted: own.dotted, isPackage: true } : { dotted: `${own.dotted}.${stem}`, isPackage: false }
  }
  const folders = [...roots, ...sitePackages].filter((root) => path.startsWith(`${root}/`)).sort((a, b) => b.length - a.length)
  const relative = folders[0] === undefined ? path.slice(path.lastIndexOf('/') + 1) : path.slice(folders[0].length + 1)
  const parts = relative.replace(/\.py$/, '').split('/')
  const isPackage = parts.at(-1) === '__init__'
  if (isPackage) parts.pop()
  const isName = parts.every((part) => /^[\p{ID_Start}_][\p{ID_Continue}]*$/u.test(part))
  return { dotted: isName ? parts.join('.') : parts.at(-1) ?? '__main__', isPackage }
}
