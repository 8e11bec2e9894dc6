/**
 * Finds the models of a file: what its top level builds, every nn.Module class with its defaults, and what functions build
 * that nobody called. Each is evaluated; what the source leaves open stays Unknown with its reason.
 */

import { sum, type Figure } from '../measure/figure.ts'
import { subtreeTotals, withCertainty } from '../model/counts.ts'
import type { ModelTree } from '../model/layer-tree.ts'
import type { Place } from '../text/range.ts'
import type { ModuleResult } from '../evaluate/contract.ts'
import { type Machine, type Origin, PyClass, PyDict, PyFloat, PyFunction, PyInstance, type PyModule, PyRaise, Unknown, type Value } from '../evaluate/value.ts'
import type { Code } from '../evaluate/run/frame.ts'
import { assumptions, isFailureOf, unknownModel, failureReason, type ModelSession } from './model-session.ts'
import { fileOf } from './live-origin.ts'
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
  /** What had been assumed until then, and may have another value when the program runs; it need not matter here. */
  readonly assuming: readonly string[]
}

/** A line of the file that saves tensors which are one in the model. */
export interface SharedSaved {
  readonly place: Place
  readonly how: 'refused' | 'twice'
  readonly groups: readonly (readonly string[])[]
  readonly bytes: number
  /** As in RefusedLoad. */
  readonly assuming: readonly string[]
}

export interface FileModels {
  readonly models: readonly FoundModel[]
  readonly sites: readonly ConstructionSite[]
  readonly shared?: readonly SharedSaved[]
  readonly refused?: readonly RefusedLoad[]
}

interface Recorded { readonly layer: PyInstance, readonly origin: Origin }

/** What one piece of work built: the top level of a file, or one class or function that was tried. */
export interface Run {
  readonly models: readonly FoundModel[]
  readonly sites: readonly ConstructionSite[]
  readonly refused: readonly RefusedLoad[]
  readonly shared: readonly SharedSaved[]
}

/** A file's top level as evaluation left it, with what is still to be tried in it. */
export interface ImportedFile extends Run {
  readonly imported: ModuleResult
  /** Layers that the top level made: they are not a function's own. */
  readonly known: ReadonlySet<PyInstance>
  readonly attached: ReadonlySet<PyInstance>
  readonly tries: readonly { readonly name: string, readonly value: PyClass | PyFunction }[]
}

export function findModels(session: ModelSession, file: string): readonly FoundModel[] {
  return analyseFile(session, file).models
}

/** Everything that the file constructs; evaluates the file from scratch. */
export function analyseFile(session: ModelSession, file: string): FileModels {
  return analyseStanding(session, file).models
}

/** As `analyseFile`; the session then stands where the file's top level ended. */
export function analyseStanding(session: ModelSession, file: string): { readonly models: FileModels, readonly imported: ModuleResult } {
  session.evaluator.reset()
  const top = evaluateTopLevel(session, file)
  return { models: joinRuns(session, top, top.tries.map((one) => evaluateTry(session, file, top, one))), imported: top.imported }
}

/** All runs of one file, the top level first. */
export function joinRuns(session: ModelSession, top: ImportedFile, tries: readonly Run[]): FileModels {
  // What the program itself builds at a place is not shown again as what its function builds alone.
  const built = new Set(top.models.flatMap(({ place }) => (place ? [placeKey(place)] : [])))
  const models = [...top.models, ...tries.flatMap((run) => run.models).filter(({ how, place }) => how !== 'function' || place === null || !built.has(placeKey(place)))]
  const { failures } = top.imported
  if (models.length === 0 && failures.length > 0) models.push({ label: '', how: 'construction', place: null, model: unknownModel(failures.slice(0, 3).map((failure) => failureReason(failure, session.placeOf)), null) })
  // The first run to come to a place speaks for it.
  const sites = new Map<string, ConstructionSite>()
  for (const run of [top, ...tries]) {
    for (const site of run.sites) {
      const key = placeKey(site.place)
      if (!sites.has(key)) sites.set(key, site)
    }
  }
  return { models, sites: [...sites.values()], refused: atPlaces([top, ...tries].flatMap((run) => run.refused)), shared: atPlaces([top, ...tries].flatMap((run) => run.shared)) }
}

function placeKey({ range: { start, end } }: Place): string {
  return `${String(start.line)}:${String(start.character)}:${String(end.line)}:${String(end.character)}`
}

/** One for each place: the last that was said there. */
function atPlaces<T extends { readonly place: Place }>(said: readonly T[]): readonly T[] {
  return [...new Map(said.map((one) => [`${String(one.place.range.start.line)}:${String(one.place.range.start.character)}`, one])).values()]
}

/** Runs the top level of a file in an evaluator that was reset. */
export function evaluateTopLevel(session: ModelSession, file: string): ImportedFile {
  const { evaluator } = session
  const since = evaluator.machine.notes.length
  const { made: imported, recorded, parts, refused, shared } = observe(session, file, () => evaluator.importFile(file, { asMain: true }))
  // Reading a model may run methods of the program: what they do is no part of its top level.
  return evaluator.isolated(() => ({
    imported, refused, shared, attached: parts, known: new Set(recorded.map(({ layer }) => layer)), tries: triesOf(session, file, imported.module),
    models: readRoots(session, imported.module, { recorded, isPart: (layer) => parts.has(layer) }, since, 'construction'),
    sites: describeSites(session, recorded),
  }))
}

/** Tries one class or function of a file whose top level was evaluated; leaves the program as it was. */
export function evaluateTry(session: ModelSession, file: string, top: ImportedFile, { name, value }: ImportedFile['tries'][number]): Run {
  const { evaluator } = session
  return evaluator.isolated(() => {
    const since = evaluator.machine.notes.length
    if (value instanceof PyClass) {
      const { made, recorded, refused, shared } = observe(session, file, () => tryClass(session, value))
      return { models: [made], sites: describeSites(session, recorded), refused, shared }
    }
    const { recorded, parts, refused, shared } = observe(session, file, () => evaluator.attempt((m) => {
      const { args, keywords } = defaultArguments(m, value, { of: name, isMethod: false, at: undefined })
      return m.call(value, args, keywords)
    }))
    const fresh = recorded.filter(({ layer }) => !top.known.has(layer))
    const isPart = (layer: PyInstance): boolean => parts.has(layer) || top.attached.has(layer)
    const models = readRoots(session, top.imported.module, { recorded: fresh, isPart }, since, 'function').map((one) => ({ ...one, label: one.label === '' ? `${name}()` : one.label }))
    return { models, sites: describeSites(session, fresh), refused, shared }
  })
}

/** The classes and functions that the file itself defines, in the order of their names' first binding. */
function triesOf({ torch }: ModelSession, file: string, module: PyModule): ImportedFile['tries'] {
  const base = torch.moduleClass.current
  const found: ImportedFile['tries'][number][] = []
  for (const [name, value] of [...module.attrs].slice(0, MAX_TRIED)) {
    if (value instanceof PyClass) {
      if (value.origin !== undefined && fileOf(value.origin) === file && value.name === name && base !== undefined && value.mro.includes(base)) found.push({ name, value })
    } else if (value instanceof PyFunction && fileOf(value.code.origin) === file && value.name === name) found.push({ name, value })
  }
  return found
}

interface Observed<T> {
  readonly made: T
  readonly recorded: readonly Recorded[]
  readonly parts: ReadonlySet<PyInstance>
  readonly refused: readonly RefusedLoad[]
  readonly shared: readonly SharedSaved[]
}

/** Runs work and notes which layers it makes in the file, which layers become parts of others, and which loads would raise. */
function observe<T>(session: ModelSession, file: string, work: () => T): Observed<T> {
  const { evaluator, torch } = session
  const recorded: Recorded[] = []
  const parts = new Set<PyInstance>()
  torch.observer.layerAttached = (layer) => { parts.add(layer) }
  torch.observer.layerMade = (layer, origins) => {
    const origin = origins.find((one) => fileOf(one) === file)
    if (origin) recorded.push({ layer, origin })
  }
  const refused = new Map<number, RefusedLoad>()
  const shared = new Map<number, SharedSaved>()
  /** The line of this file, with what had been assumed before it was reached. */
  const spot = (origins: readonly Origin[]): { readonly start: number, readonly place: Place, readonly assuming: readonly string[] } | undefined => {
    const origin = origins.find((one) => fileOf(one) === file)
    const place = session.placeOf(origin)
    const assuming = assumptions(evaluator.machine.notes).filter((text) => !isAboutDevices(text))
    return origin && place ? { start: origin.start, place, assuming } : undefined
  }
  torch.files.refused = ({ model, origins, ...rest }) => {
    const at = spot(origins)
    if (at) refused.set(at.start, { place: at.place, assuming: at.assuming, type: publicName(model.cls), ...rest })
  }
  torch.files.shared = ({ origins, ...rest }) => {
    const at = spot(origins)
    if (at) shared.set(at.start, { place: at.place, assuming: at.assuming, ...rest })
  }
  try {
    const made = work()
    return { made, recorded, parts, refused: [...refused.values()], shared: [...shared.values()] }
  } finally {
    torch.observer.layerMade = undefined
    torch.observer.layerAttached = undefined
    torch.files.refused = undefined
    torch.files.shared = undefined
  }
}

/** Where a model runs does not change what it holds. */
function isAboutDevices(assumption: string): boolean {
  return /^(?:torch\.cuda\.|torch\.backends\.|torch\.version\.|torchvision is built without CUDA|no accelerator)/.test(assumption)
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
    const text = fallback === undefined ? undefined : defaultText(m, name, fallback, of)
    if (fallback !== undefined && (text === undefined || !m.isWithheld(text))) {
      if (text !== undefined) m.assume(text)
      if (i < positionalOnly) args.push(fallback)
      return
    }
    const value = assumed ?? (assumed === null ? null : configOf(m, callee, name, { of, parts: firstOf(places, (place) => m.assumedParts(callee.module, place, name)) ?? new Map() }))
    // In the place of a fraction stands no layer, and none is chosen by it.
    const isHarmless = fallback instanceof PyFloat
    const given = value === undefined ? new Unknown(`\`${name}\` of \`${of}\` is not known here`, parameterOrigin(callee, name), { isHarmless, isPlain: isHarmless }) : value
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

function defaultText(m: Machine, name: string, value: Value, of: string): string | undefined {
  if (value instanceof Unknown) return undefined
  const shown = m.repr(value)
  return typeof shown === 'string' && shown.length <= MAX_SHOWN ? `${name} = ${shown} (default of ${of})` : undefined
}

/** Models among the layers made: those that are no part of another one. */
function readRoots(session: ModelSession, module: PyModule, { recorded, isPart }: { readonly recorded: readonly Recorded[], readonly isPart: (layer: PyInstance) => boolean }, since: number, how: FoundModel['how']): FoundModel[] {
  const seen = new Set<PyInstance>()
  const found: FoundModel[] = []
  for (const { layer, origin } of recorded) {
    if (isPart(layer) || seen.has(layer)) continue
    seen.add(layer)
    const place = session.placeOf(origin)
    found.push({ label: nameOf(module, layer) ?? (how === 'function' ? '' : layer.cls.name), how, place, model: session.modelOf(layer, since, place) })
  }
  return found
}

function nameOf(module: PyModule, layer: PyInstance): string | undefined {
  for (const [name, value] of module.attrs) if (value === layer) return name
  return undefined
}

function* childrenOf(layer: PyInstance): Generator<PyInstance> {
  const modules = layer.attrs?.get('_modules')
  if (!(modules instanceof PyDict)) return
  for (const child of modules.values.values()) if (child instanceof PyInstance) yield child
}

function describeSites(session: ModelSession, recorded: readonly Recorded[]): ConstructionSite[] {
  const m = session.evaluator.machine
  const byPlace = new Map<string, { place: Place, layers: Set<PyInstance> }>()
  for (const { layer, origin } of recorded) {
    if (!isLayer(m, session.torch.moduleClass, layer)) continue
    const key = `${origin.file}:${String(origin.start)}:${String(origin.end)}`
    let site = byPlace.get(key)
    if (!site) {
      const place = session.placeOf(origin)
      if (!place) continue
      byPlace.set(key, site = { place, layers: new Set() })
    }
    site.layers.add(layer)
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
