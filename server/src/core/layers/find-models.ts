/**
 * Finds the models of a file: what its top level builds, every nn.Module class with its defaults, and what functions build
 * that nobody called. Each is evaluated; what the source leaves open stays Unknown with its reason.
 */

import { sum, type Figure } from '../measure/figure.ts'
import { subtreeTotals, withCertainty } from '../model/counts.ts'
import type { ModelTree } from '../model/layer-tree.ts'
import type { Place } from '../text/range.ts'
import { type Machine, type Origin, PyClass, PyDict, PyFunction, PyInstance, type PyModule, PyRaise, Unknown, type Value } from '../evaluate/value.ts'
import type { Code } from '../evaluate/run/frame.ts'
import { isFailureOf, unknownModel, failureReason, type ModelSession } from './model-session.ts'
import { isLayer } from './module-core.ts'
import { publicName } from './read-model.ts'

/** Classes and functions of one file that are tried; a file with more is generated. */
const MAX_TRIED = 400
/** Characters of a default that are shown. */
const MAX_SHOWN = 60

export interface FoundModel {
  /** How a person would name it: `model`, `Net()`, `build()`. */
  readonly label: string
  readonly how: 'construction' | 'class' | 'function'
  /** The construction, or the name of the class. */
  readonly place: Place | null
  readonly model: ModelTree
}

/** One line of the file that constructs a layer, with what all layers made there hold. */
export interface ConstructionSite {
  readonly place: Place
  readonly type: string
  /** Layers made there; more than one in a loop. */
  readonly layers: number
  /** Elements, everything below the layer included. */
  readonly parameters: Figure
  /** Parameter and buffer bytes. */
  readonly bytes: Figure
}

/** A line of the file that loads a checkpoint into a model that it does not fit: the program would raise there. */
export interface RefusedLoad {
  readonly place: Place
  /** The class of the model. */
  readonly type: string
  /** Absolute paths. */
  readonly files: readonly string[]
  /** It stands in a branch of which nobody knows whether it runs. */
  readonly isUndecided: boolean
  readonly missing: readonly string[]
  readonly unexpected: readonly string[]
  readonly misfits: readonly string[]
}

export interface FileModels {
  readonly models: readonly FoundModel[]
  readonly sites: readonly ConstructionSite[]
  readonly refused?: readonly RefusedLoad[]
}

interface Recorded { readonly layer: PyInstance, readonly origin: Origin }

/** A layer at the place that made it; `run` is the evaluation in which it happened. */
interface Made extends Recorded { readonly run: number }

export function findModels(session: ModelSession, file: string): readonly FoundModel[] {
  return analyseFile(session, file).models
}

/** Everything that the file constructs; evaluates the file from scratch. */
export function analyseFile(session: ModelSession, file: string): FileModels {
  const { evaluator, torch } = session
  evaluator.reset()
  const recorded: Recorded[] = []
  const parts = new Set<PyInstance>()
  torch.observer.layerAttached = (layer) => { parts.add(layer) }
  torch.observer.layerMade = (layer, origins) => {
    const origin = origins.find((one) => one.file === file)
    if (origin) recorded.push({ layer, origin })
  }
  const refused = new Map<number, RefusedLoad>()
  torch.files.refused = ({ model, origins, ...rest }) => {
    const origin = origins.find((one) => one.file === file)
    const place = session.placeOf(origin)
    // Under another value of an option the model may be the one that fits.
    if (!origin || !place || evaluator.machine.notes.some((note) => note.kind === 'assumption' && !isAboutDevices(note.text))) return
    refused.set(origin.start, { place, type: publicName(model.cls), ...rest })
  }
  try {
    const since = evaluator.machine.notes.length
    const { module, failures } = evaluator.importFile(file, { asMain: true })
    const models: FoundModel[] = readRoots(session, module, { recorded, parts }, since, 'construction')
    const known = new Set(recorded.map(({ layer }) => layer))
    const sites: Made[] = recorded.map((one) => ({ ...one, run: 0 }))
    let run = 0
    for (const [name, value] of [...module.attrs].slice(0, MAX_TRIED)) {
      if (value instanceof PyClass && value.origin?.file === file && value.name === name && torch.moduleClass.current && value.mro.includes(torch.moduleClass.current)) {
        recorded.length = 0
        run += 1
        models.push(tryClass(session, value))
        for (const one of recorded) sites.push({ ...one, run })
      } else if (value instanceof PyFunction && value.code.origin.file === file && value.name === name) {
        recorded.length = 0
        run += 1
        const mark = evaluator.machine.notes.length
        evaluator.attempt((m) => {
          const { args, keywords } = defaultArguments(m, value, { of: name, isMethod: false, at: undefined })
          return m.call(value, args, keywords)
        })
        const fresh = recorded.filter(({ layer }) => !known.has(layer))
        models.push(...readRoots(session, module, { recorded: fresh, parts }, mark, 'function').map((one) => ({ ...one, label: one.label === '' ? `${name}()` : one.label })))
        for (const one of fresh) sites.push({ ...one, run })
      }
    }
    if (models.length === 0 && failures.length > 0) models.push({ label: '', how: 'construction', place: null, model: unknownModel(failures.slice(0, 3).map((failure) => failureReason(failure, session.placeOf)), null) })
    return { models, sites: describeSites(session, sites), refused: [...refused.values()] }
  } finally {
    torch.observer.layerMade = undefined
    torch.observer.layerAttached = undefined
    torch.files.refused = undefined
  }
}

/** Where a model runs does not change what it holds. */
function isAboutDevices(assumption: string): boolean {
  return /^(?:torch\.cuda\.|torch\.backends\.|no accelerator)/.test(assumption)
}

function tryClass(session: ModelSession, cls: PyClass): FoundModel {
  const { evaluator } = session
  const place = session.placeOf(cls.origin)
  const since = evaluator.machine.notes.length
  const value = evaluator.attempt((m) => {
    const init = m.lookup(cls, '__init__')
    const { args, keywords } = init instanceof PyFunction ? defaultArguments(m, init, { of: cls.name, isMethod: true, at: cls.origin }) : { args: [], keywords: new Map<string, Value>() }
    return m.newInstance(cls, args, keywords)
  })
  const model = isFailureOf(value) ? unknownModel([failureReason(value, session.placeOf)], place) : session.modelOf(value, since, place)
  return { label: `${cls.name}()`, how: 'class', place, model }
}

interface Callee {
  /** As messages name it. */
  readonly of: string
  readonly isMethod: boolean
  /** Where `assume` comments for it stand before: the class, for its `__init__`. */
  readonly at: Origin | undefined
}

/**
 * What a function is called with where nobody calls it: what a person assumes, else its defaults, else Unknown with its reason.
 * Assumed values and defaults are said.
 */
function defaultArguments(m: Machine, callee: PyFunction, { of, isMethod, at }: Callee): { readonly args: readonly Value[], readonly keywords: ReadonlyMap<string, Value> } {
  const { parameters, positional, positionalOnly, origin } = callee.code
  const required = positional - callee.defaults.length
  const keywords = new Map<string, Value>()
  const args: Value[] = []
  const defaultOf = (i: number): Value | undefined => (i < positional ? callee.defaults[i - required] : callee.keywordDefaults?.get(parameters[i]!))
  parameters.forEach((name, i) => {
    if (isMethod && i === 0) return
    const places = [at, origin].filter((one) => one !== undefined)
    const assumed = firstOf(places, (place) => m.assumedName(callee.module, place, name))
    const fallback = assumed === undefined ? defaultOf(i) : undefined
    if (fallback !== undefined) {
      sayDefault(m, name, fallback, of)
      if (i < positionalOnly) args.push(fallback)
      return
    }
    const value = assumed ?? (assumed === null ? null : configOf(m, callee, name, { of, parts: firstOf(places, (place) => m.assumedParts(callee.module, place, name)) ?? new Map() }))
    const given = value === undefined ? new Unknown(`\`${name}\` of \`${of}\` is not known here`, parameterOrigin(callee, name)) : value
    if (i < positionalOnly) args.push(given)
    else keywords.set(name, given)
  })
  return { args, keywords }
}

/** Where a parameter is declared. */
function parameterOrigin({ code }: PyFunction, name: string): Origin | undefined {
  const found = (code as Code).annotated?.parameters.find((one) => one.name?.id === name)?.name
  return found === undefined ? undefined : { file: code.origin.file, start: found.start, end: found.end }
}

function firstOf<T>(places: readonly Origin[], find: (place: Origin) => T | undefined): T | undefined {
  for (const place of places) {
    const found = find(place)
    if (found !== undefined) return found
  }
  return undefined
}

/** Classes that hold settings, by their names; dataclasses and named tuples may be called anything. */
const CONFIG_NAME = /(?:Config|Configuration|Cfg|Args|Arguments|Params|Parameters|HParams|Hparams|Options|Settings)$/

/** An instance of the class that a parameter is annotated with, where that holds settings and all of them have defaults. */
function configOf(m: Machine, callee: PyFunction, name: string, { of, parts }: { readonly of: string, readonly parts: ReadonlyMap<string, Value> }): Value | undefined {
  const annotations = m.getAttribute(callee, '__annotations__')
  const cls = annotations instanceof PyDict ? m.dictGet(annotations, name) : undefined
  if (!(cls instanceof PyClass) || cls.origin === undefined) return undefined
  const isConfig = m.lookup(cls, '__dataclass_fields__') !== undefined || (m.lookup(cls, '_fields') !== undefined && cls.mro.some((one) => one.name === 'tuple')) || CONFIG_NAME.test(cls.name)
  if (!isConfig || cls.mro.some((one) => one.name === 'Module' && one.attrs.get('__module__') === 'torch.nn.modules.module')) return undefined
  try {
    const made = m.newInstance(cls, [], parts)
    if (made instanceof Unknown) return undefined
    m.assume(`${name} = ${cls.name}(${parts.size > 0 ? '...' : ''}) (annotation of ${of})`)
    return made
  } catch (error) {
    if (error instanceof PyRaise) return undefined
    throw error
  }
}

function sayDefault(m: Machine, name: string, value: Value, of: string): void {
  if (value instanceof Unknown) return
  const shown = m.repr(value)
  if (typeof shown === 'string' && shown.length <= MAX_SHOWN) m.assume(`${name} = ${shown} (default of ${of})`)
}

/** Models among the layers made: those that are no part of another one. */
function readRoots(session: ModelSession, module: PyModule, { recorded, parts }: { readonly recorded: readonly Recorded[], readonly parts: ReadonlySet<PyInstance> }, since: number, how: FoundModel['how']): FoundModel[] {
  const seen = new Set<PyInstance>()
  const found: FoundModel[] = []
  for (const { layer, origin } of recorded) {
    if (parts.has(layer) || seen.has(layer)) continue
    seen.add(layer)
    const label = [...module.attrs].find(([, value]) => value === layer)?.[0]
    const place = session.placeOf(origin)
    found.push({ label: label ?? (how === 'function' ? '' : layer.cls.name), how, place, model: session.modelOf(layer, since, place) })
  }
  return found
}

function* childrenOf(layer: PyInstance): Generator<PyInstance> {
  const modules = layer.attrs?.get('_modules')
  if (!(modules instanceof PyDict)) return
  for (const child of modules.values.values()) if (child instanceof PyInstance) yield child
}

function describeSites(session: ModelSession, recorded: readonly Made[]): ConstructionSite[] {
  const m = session.evaluator.machine
  const byPlace = new Map<string, { place: Place, run: number, layers: Set<PyInstance> }>()
  for (const { layer, origin, run } of recorded) {
    if (!isLayer(m, session.torch.moduleClass, layer)) continue
    const place = session.placeOf(origin)
    if (!place) continue
    const key = `${String(origin.start)}:${String(origin.end)}`
    let site = byPlace.get(key)
    if (!site) byPlace.set(key, site = { place, run, layers: new Set() })
    if (site.run === run) site.layers.add(layer)
  }
  return [...byPlace.values()].map(({ place, layers }) => {
    const parts = new Set([...layers].flatMap((layer) => [...childrenOf(layer)]))
    const whole = [...layers].filter((layer) => !parts.has(layer))
    // Layers that hold each other in a ring are all parts: then each stands for itself.
    const trees = (whole.length > 0 ? whole : [...layers]).map((layer) => session.modelOf(layer, m.notes.length, place))
    const totals = trees.map((tree) => ({ tree, counts: subtreeTotals(tree.root) }))
    return {
      place, type: trees[0]!.type, layers: trees.length,
      parameters: sum(totals.map(({ tree, counts }) => withCertainty(tree, counts.parameters))),
      bytes: sum(totals.map(({ tree, counts }) => withCertainty(tree, counts.parameterBytes + counts.bufferBytes))),
    }
  })
}
