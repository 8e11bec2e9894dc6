/**
 * The door to evaluated models: one session holds an evaluator with PyTorch registered and answers targets, expressions and
 * whole files with plain layer trees. Uncaught exceptions and used-up budgets become unknown models with their reason.
 */

import { isFailure, type Files } from '../ports.ts'
import type { Place } from '../text/range.ts'
import type { StoredFile, StoredValue } from '../model/stored-value.ts'
import type { LayerNode, ModelTree, UnknownReason } from '../model/layer-tree.ts'
import type { PythonParser } from '../syntax/parser.ts'
import type { Evaluator, EvaluatorOptions, Failure, ModuleResult } from '../evaluate/contract.ts'
import { createEvaluator } from '../evaluate/evaluator.ts'
import type { LibraryCodes } from '../evaluate/library-codes.ts'
import type { Limits } from '../evaluate/limits.ts'
import type { NativeModule } from '../evaluate/native.ts'
import { type Note, type Origin, PyClass, PyInstance, type PyModule, Unknown, type Value } from '../evaluate/value.ts'
import { libraryNatives, numpyNatives, patchFor } from './library-patches.ts'
import { isLayer } from './module-core.ts'
import { createPlaces } from './places.ts'
import { readModel } from './read-model.ts'
import { createTorch, type Torch } from './torch-natives.ts'

const MAX_PATCHED_BYTES = 4_000_000

/** How a session takes part in following a file whose text changes while its evaluation stays. */
export interface Following {
  readonly units: NonNullable<EvaluatorOptions['units']>
  readonly locate: (origin: Origin) => Origin
  readonly placeMade: (place: Place) => void
}

export interface SessionOptions {
  readonly files: Files
  readonly parser: PythonParser
  /** Workspace folders, the nearest first. */
  readonly roots: readonly string[]
  readonly sitePackages: readonly string[]
  /** As `2.6.0`. */
  readonly torchVersion: string
  readonly assumptions?: ReadonlyMap<string, string>
  readonly limits?: Partial<Limits>
  readonly documentText?: (path: string) => string | undefined
  /** Reads weights files that programs load, by absolute path. Absent: their contents are unknown. */
  readonly readStored?: (path: string) => StoredValue | undefined
  /** For a file that is followed from edit to edit; see live-file.ts. */
  readonly follow?: Following
  readonly shouldStop?: () => boolean
  /** Compiled library code, shared with other sessions. */
  readonly codes?: LibraryCodes
  /** Native modules beside torch and the standard library. */
  readonly natives?: readonly NativeModule[]
}

export interface ModelSession {
  readonly evaluator: Evaluator
  readonly torch: Torch
  /** `FILE.py:EXPR` or `package.module:EXPR`, already split. */
  evaluate(target: { readonly module: string, readonly expression: string } | { readonly file: string, readonly expression: string, readonly asMain?: boolean }): ModelTree
  /** The model that an expression is in the namespace of a file that was imported. */
  evaluateIn(imported: ModuleResult, expression: string, since: number): ModelTree
  /** Reads a value as a model. */
  modelOf(value: Value, since: number, place: Place | null): ModelTree
  placeOf(origin: Origin | undefined): Place | null
  /** Takes the session to other workspace folders; see `Evaluator.moveTo`. */
  moveTo(roots: readonly string[]): boolean
}

export function createModelSession(given: SessionOptions): ModelSession {
  let options = given
  const torch = createTorch(options.torchVersion)
  torch.files.read = (path) => findStored(options, path)
  const patched = new Map<string, string>()
  /** Open documents, and library files with the line that this project adds. */
  const documentText = (path: string): string | undefined => {
    const open = options.documentText?.(path)
    const patch = patchFor(path)
    if (patch === undefined) return open
    const known = patched.get(path)
    if (known !== undefined && open === undefined) return known
    const text = open ?? options.files.readText(path, MAX_PATCHED_BYTES)
    if (isFailure(text)) return undefined
    patched.set(path, text + patch)
    return text + patch
  }
  const evaluator = createEvaluator({
    files: options.files, parser: options.parser, roots: options.roots, sitePackages: options.sitePackages, torchVersion: options.torchVersion,
    ...pythonOf(options.sitePackages),
    natives: [...torch.natives, libraryNatives(options.files), ...numpyNatives(), ...options.natives ?? []],
    documentText,
    ...(options.follow === undefined ? {} : { units: options.follow.units }),
    ...(options.limits === undefined ? {} : { limits: options.limits }),
    ...(options.assumptions === undefined ? {} : { assumptions: options.assumptions }),
    ...(options.shouldStop === undefined ? {} : { shouldStop: options.shouldStop }),
    ...(options.codes === undefined ? {} : { codes: options.codes }),
  })
  const placeOf = createPlaces(options.files, { libraries: options.sitePackages, documentText, ...options.follow })

  const modelOf = (value: Value, since: number, place: Place | null): ModelTree => {
    const m = evaluator.machine
    if (value instanceof Unknown) return unknownModel([{ reason: value.reason, place: placeOf(value.origin) }], place)
    if (!isLayer(m, torch.moduleClass, value)) {
      const reason = value instanceof PyClass && torch.moduleClass.current && value.mro.includes(torch.moduleClass.current) ? `${value.name} is a class: call it to get a model` : `this is no nn.Module but ${m.typeOf(value).name}`
      return unknownModel([{ reason, place: null }], place)
    }
    let result: ModelTree | undefined
    const read = evaluator.attempt((machine) => {
      result = readModel(machine, torch, value, { place, placeOf, assuming: assumptions(evaluator.notesSince(since)), doubts: [] })
      return null
    })
    if (isFailureOf(read)) return unknownModel([failureReason(read, placeOf)], place)
    return (result as ModelTree | undefined) ?? unknownModel([{ reason: 'the model could not be read', place: null }], place)
  }

  /** Whether a statement that failed names a layer that the expression names too: then nobody knows what became of it. */
  const speaksOf = (failure: Failure, expression: string, module: PyModule): boolean => {
    const from = failure.unknown.origin
    const origin = from && (options.follow?.locate(from) ?? from)
    const text = origin === undefined ? undefined : documentText(origin.file) ?? options.files.readText(origin.file, MAX_PATCHED_BYTES)
    if (origin === undefined || typeof text !== 'string') return false
    const lines = text.slice(text.lastIndexOf('\n', origin.start) + 1, (text.indexOf('\n', origin.end) + 1 || text.length + 1) - 1)
    return (expression.match(/[\p{L}_][\p{L}\p{N}_]*/gu) ?? []).some((name) => module.attrs.get(name) instanceof PyInstance && new RegExp(`\\b${name}\\b`, 'u').test(lines))
  }

  const evaluateIn = (imported: ModuleResult, expression: string, since: number): ModelTree => {
    const { module, failures } = imported
    const value = evaluator.evaluateExpression(module, expression)
    if (isFailureOf(value)) return unknownModel([failureReason(value, placeOf), ...failures.slice(0, 3).map((failure) => failureReason(failure, placeOf))], null)
    const model = modelOf(value, since, constructionPlace(value, placeOf))
    const broken = failures.find((failure) => speaksOf(failure, expression, module))
    return broken === undefined || model.certainty !== 'exact' ? model : { ...model, certainty: 'estimate', unknown: [failureReason(broken, placeOf)] }
  }

  return {
    evaluator, torch, placeOf, modelOf, evaluateIn,
    moveTo(roots) {
      const isMoved = evaluator.moveTo(roots)
      if (isMoved) options = { ...options, roots }
      return isMoved
    },
    evaluate(target) {
      evaluator.reset()
      const since = evaluator.machine.notes.length
      const imported = 'file' in target ? evaluator.importFile(target.file, { asMain: target.asMain ?? false }) : evaluator.importModule(target.module)
      return isFailureOf(imported) ? unknownModel([failureReason(imported, placeOf)], null) : evaluateIn(imported as ModuleResult, target.expression, since)
    },
  }
}

/** The one file that a path may mean: relative ones start at the folder that the program is run in, which is not known. */
function findStored({ files, roots, readStored }: SessionOptions, path: string): StoredFile | undefined {
  if (readStored === undefined || path.startsWith('~')) return undefined
  const candidates = path.startsWith('/') || /^[A-Za-z]:[\\/]/.test(path) ? [path] : [...new Set(roots.map((root) => normalise(`${root}/${path}`)))]
  const found = candidates.filter((candidate) => files.stat(candidate)?.kind === 'file')
  const value = found.length === 1 ? readStored(found[0]!) : undefined
  return value === undefined ? undefined : { path: found[0]!, value }
}

function normalise(path: string): string {
  const parts: string[] = []
  for (const part of path.split('/')) {
    if (part === '..') parts.pop()
    else if (part !== '.' && part !== '') parts.push(part)
  }
  return `/${parts.join('/')}`.replace(/^\/(?=[A-Za-z]:)/, '')
}

/** Where a layer was constructed. */
export function constructionPlace(value: Value, placeOf: (origin: Origin | undefined) => Place | null): Place | null {
  return value instanceof PyInstance ? placeOf((value.host as { place?: Origin } | undefined)?.place) : null
}

export function isFailureOf(value: unknown): value is Failure {
  return typeof value === 'object' && value !== null && (value as { kind?: unknown }).kind === 'failure'
}

export function failureReason(failure: Failure, placeOf: (origin: Origin | undefined) => Place | null): UnknownReason {
  const { exception, unknown } = failure
  const reason = exception === undefined ? unknown.reason : `${exception.type}: ${exception.message}`
  return { reason, place: placeOf(unknown.origin) }
}

export function assumptions(notes: readonly Note[]): string[] {
  return [...new Set(notes.filter((note) => note.kind === 'assumption').map((note) => note.text))]
}

const EMPTY_LAYER: LayerNode = { id: 0, name: '', path: '', type: 'unknown', ancestry: [], version: null, attributes: new Map(), tensors: [], children: [], place: null }

/** A model about which nothing is known but why. */
export function unknownModel(reasons: readonly UnknownReason[], place: Place | null): ModelTree {
  return { type: 'unknown', certainty: 'unknown', place, root: EMPTY_LAYER, stateDict: null, metadata: [], extraState: [], assuming: [], unknown: reasons }
}


/** The Python that an environment is for, where its folders say so: `lib/python3.11/site-packages`. */
function pythonOf(sitePackages: readonly string[]): { pythonVersion?: readonly [number, number, number] } {
  for (const folder of sitePackages) {
    const found = /\bpython3\.(\d+)\//i.exec(folder)
    if (found) return { pythonVersion: [3, Number(found[1]), 0] }
  }
  return {}
}
