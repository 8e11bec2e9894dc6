/**
 * What a forward pass that is not followed may have done to a model: hooks that were called, and layers that `forward` builds
 * or changes when it first sees an input. Everything else that a forward pass does leaves the layers as they are.
 */

import { type Mentions, mentionsOf } from '../evaluate/run/mentions.ts'
import { type Machine, PyClass, PyDict, PyFunction, PyInstance, PyList, PyMethod, PyModule, PyProperty, PySet, PyTuple, Unknown, type Value } from '../evaluate/value.ts'
import { isOwnSource } from './places.ts'
import { plainLayerNames } from './python/plain-layers.ts'

/** Layers of a model that are looked at; a larger one is in doubt when it has hooks or builds layers, which the first ones show. */
const MAX_LAYERS = 20_000
/** Functions that one forward pass is followed into; those of the largest models of transformers name some 200. */
const MAX_FUNCTIONS = 1_000

const HOOKS = ['_forward_pre_hooks', '_forward_hooks'] as const
const REGISTRIES = ['_modules', '_parameters', '_buffers'] as const
/** Ways to keep something that are not assignments. */
const KEEPING = ['setattr', 'add_module', 'register_module', 'register_parameter', 'register_buffer', 'append', 'insert', 'extend', 'update', 'setdefault', '__setattr__', '__setitem__', '__dict__', 'apply']
/** Functions that change a layer without a new one in sight. */
const CHANGING = ['delattr', 'to_empty', 'register_parametrization', 'remove_parametrizations', 'weight_norm', 'spectral_norm', 'remove_weight_norm', 'remove_spectral_norm']

/** The unknown result of calling `module`, whose class is below `base`, nn.Module; a model that it may have changed comes into doubt. */
export function notFollowed(m: Machine, base: PyClass | undefined, module: Value): Unknown {
  const why = m.unknown('the result of a forward pass')
  const pending: Value[] = [module]
  const seen = new Set<Value>()
  const known = new Map<PyClass, Told>()
  for (let layer = pending.pop(); layer !== undefined && seen.size < MAX_LAYERS; layer = pending.pop()) {
    if (!(layer instanceof PyInstance) || seen.has(layer)) continue
    seen.add(layer)
    for (const hook of hooksOf(layer)) escapeReach(m, hook, why)
    if (layer.doubt === undefined && mayChange(m, base, layer, known)) m.escape([layer], m.unknown('its forward pass may build or change layers, and was not followed'))
    const children = layer.attrs?.get('_modules')
    if (children instanceof PyDict) pending.push(...children.values.values())
  }
  m.spend(seen.size)
  return why
}

function hooksOf(layer: PyInstance): Value[] {
  return HOOKS.flatMap((name) => {
    const hooks = layer.attrs?.get(name)
    return hooks instanceof PyDict ? [...hooks.values.values()].map((held) => (held instanceof PyTuple ? held.items[0]! : held)) : []
  })
}

/** What a function that was called unseen may have changed: what it holds on to, and of an object the containers. */
function escapeReach(m: Machine, callee: Value, why: Unknown): void {
  if (callee instanceof PyMethod) {
    if (callee.self instanceof PyInstance) m.escape([...callee.self.attrs ?? []].filter(([name, value]) => !(REGISTRIES as readonly string[]).includes(name) && (value instanceof PyDict || value instanceof PyList || value instanceof PySet)).map(([, value]) => value), why)
    else m.escape([callee.self], why)
    escapeReach(m, callee.callee, why)
    return
  }
  if (!(callee instanceof PyFunction)) { m.escape([callee], why); return }
  const globals = [...mentionsOf(callee).names].map((name) => callee.module.attrs.get(name)).filter((value): value is Value => value !== undefined && !(value instanceof PyModule) && !(value instanceof PyClass))
  m.escape([...callee.closure.flatMap((cell) => (cell.value === undefined ? [] : [cell.value])), ...callee.defaults, ...globals], why)
}

/** Of a class: what its forward pass assigns and deletes, and whether it makes layers; `undefined` where that cannot be told. */
type Told = { readonly names: ReadonlySet<string>, readonly makes: boolean } | undefined

/** Whether the layer's own forward pass and its hooks, with the functions that they name, could make or change layers. */
function mayChange(m: Machine, base: PyClass | undefined, layer: PyInstance, known: Map<PyClass, Told>): boolean {
  const hooks = hooksOf(layer)
  // A class says the same of all its layers, but for their hooks.
  if (hooks.length > 0) return changes(layer, told(m, base, layer, hooks))
  if (!known.has(layer.cls)) known.set(layer.cls, told(m, base, layer, []))
  return changes(layer, known.get(layer.cls))
}

function told(m: Machine, base: PyClass | undefined, layer: PyInstance, hooks: readonly Value[]): Told {
  const holders = hooks.flatMap((hook) => (hook instanceof PyMethod && hook.self instanceof PyInstance ? [hook.self.cls] : []))
  const reached = reach(m, base, [layer.cls, ...holders], [m.lookup(layer.cls, 'forward'), ...hooks])
  if (reached === undefined) return undefined
  m.spend(reached.length)
  return { names: new Set(reached.flatMap(({ mentions }) => [...mentions.stored, ...mentions.deleted])), makes: makesLayers(m, base, reached) }
}

function changes(layer: PyInstance, of: Told): boolean {
  if (of === undefined || of.makes) return true
  return REGISTRIES.some((registry) => { const dict = layer.attrs?.get(registry); return dict instanceof PyDict && [...of.names].some((name) => dict.values.has(name)) })
}

interface Reached { readonly fn: PyFunction, readonly mentions: Mentions }

/** The program's functions that running `first` may run, by the names in their code; `undefined` where that cannot be told. */
function reach(m: Machine, base: PyClass | undefined, classes: readonly PyClass[], first: readonly (Value | undefined)[]): Reached[] | undefined {
  const reached = new Map<PyFunction, Mentions>()
  const pending = [...first]
  while (pending.length > 0) {
    if (reached.size > MAX_FUNCTIONS) return undefined
    const value = pending.pop()
    if (value instanceof Unknown) return undefined
    else if (value instanceof PyMethod) pending.push(value.callee)
    else if (value instanceof PyProperty) pending.push(value.getter, value.setter)
    else if (value instanceof PyInstance) pending.push(value.attrs?.get('func') ?? m.lookup(value.cls, '__call__'))
    if (!(value instanceof PyFunction) || reached.has(value) || isOwnSource(value.code.origin.file)) continue
    const mentions = mentionsOf(value)
    reached.set(value, mentions)
    // A decorator's wrapper holds what it wraps.
    for (const { value: held } of value.closure) if (held instanceof PyFunction || held instanceof PyMethod) pending.push(held)
    for (const name of mentions.names) {
      const global = value.globals.get(name)
      if (global instanceof PyFunction) pending.push(global)
      if (name === '__init__' || name === '__call__') continue
      for (const cls of classes) {
        const own = m.lookup(cls, name)
        if ((own instanceof PyFunction || own instanceof PyProperty) && base?.attrs.get(name) !== own) pending.push(own)
      }
    }
  }
  return [...reached].map(([fn, mentions]) => ({ fn, mentions }))
}

/** Whether some of the code makes layers or parameters and some keeps things, or some changes what there is. */
function makesLayers(m: Machine, base: PyClass | undefined, reached: readonly Reached[]): boolean {
  const names = (mentions: Mentions, wanted: readonly string[]): boolean => wanted.some((name) => mentions.names.has(name))
  if (reached.some(({ mentions }) => mentions.stored.has('requires_grad') || names(mentions, CHANGING))) return true
  if (!reached.some(({ mentions }) => mentions.stored.size > 0 || names(mentions, KEEPING))) return false
  return reached.some(({ fn, mentions }) => [...mentions.names].some((name) => name === 'deepcopy' || name === 'Parameter' || isMaker(base, fn.globals.get(name)) || isMaker(base, libraryClass(m, name))))
}

/** A class whose layers hold parameters; those that never do are known by name. */
function isMaker(base: PyClass | undefined, value: Value | undefined): boolean {
  return base !== undefined && value instanceof PyClass && value !== base && value.mro.includes(base) && !(value.origin !== undefined && isOwnSource(value.origin.file) && plainLayerNames.has(value.name)) && !value.name.endsWith('Loss')
}

function libraryClass(m: Machine, name: string): Value | undefined {
  const first = name.codePointAt(0)!
  return first >= 65 && first <= 90 ? m.findAttribute(m.importModule('torch.nn'), name) : undefined
}
