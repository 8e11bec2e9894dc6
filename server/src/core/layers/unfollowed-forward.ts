/**
 * What a forward pass that is not followed may have done to a model: hooks that were called, and layers that `forward` builds
 * when it first sees an input. Everything else that a forward pass does leaves the layers as they are.
 */

import { mentionsOf } from '../evaluate/run/mentions.ts'
import { type Machine, PyClass, PyDict, PyFunction, PyInstance, PyMethod, PyModule, PyTuple, type Unknown, type Value } from '../evaluate/value.ts'

/** Layers of a model that are looked at; a larger one is in doubt when it has hooks or builds layers, which the first ones show. */
const MAX_LAYERS = 20_000
/** Functions that one forward pass is followed into. */
const MAX_FUNCTIONS = 60

const CHANGING = new Set(['setattr', 'add_module', 'register_module', 'register_parameter', 'register_buffer', 'append', 'insert', 'extend', 'update', '__setattr__'])

/** Builds of a class, by the function that is its forward pass. */
const builders = new WeakMap<PyFunction, boolean>()

/** The unknown result of calling `module`, whose class is below `base`, nn.Module; a model that it may have changed comes into doubt. */
export function notFollowed(m: Machine, base: PyClass | undefined, module: Value): Unknown {
  const why = m.unknown('the result of a forward pass')
  const pending: Value[] = [module]
  const seen = new Set<Value>()
  for (let layer = pending.pop(); layer !== undefined && seen.size < MAX_LAYERS; layer = pending.pop()) {
    if (!(layer instanceof PyInstance) || seen.has(layer)) continue
    seen.add(layer)
    for (const name of ['_forward_hooks', '_forward_pre_hooks']) {
      const hooks = layer.attrs?.get(name)
      if (hooks instanceof PyDict) for (const held of hooks.values.values()) if (held instanceof PyTuple) escapeReach(m, held.items[0]!, why)
    }
    if (buildsLayers(m, base, layer)) m.escape([layer], m.unknown('its forward pass may build layers, and was not followed'))
    const children = layer.attrs?.get('_modules')
    if (children instanceof PyDict) pending.push(...children.values.values())
  }
  m.spend(seen.size)
  return why
}

/** What a function that was called unseen may have changed: what it holds on to. */
function escapeReach(m: Machine, callee: Value, why: Unknown): void {
  if (callee instanceof PyMethod) { m.escape([callee.self], why); escapeReach(m, callee.callee, why); return }
  if (!(callee instanceof PyFunction)) { m.escape([callee], why); return }
  const globals = [...mentionsOf(callee).names].map((name) => callee.module.attrs.get(name)).filter((value): value is Value => value !== undefined && !(value instanceof PyModule) && !(value instanceof PyClass))
  m.escape([...callee.closure.flatMap((cell) => (cell.value === undefined ? [] : [cell.value])), ...callee.defaults, ...globals], why)
}

/** Whether the class's own forward pass, or a method of it that it names, changes attributes and names a kind of layer. */
function buildsLayers(m: Machine, base: PyClass | undefined, layer: PyInstance): boolean {
  const forward = m.lookup(layer.cls, 'forward')
  if (!(forward instanceof PyFunction)) return false
  const known = builders.get(forward)
  if (known !== undefined) return known
  const result = reaches(m, base, layer.cls, forward)
  builders.set(forward, result)
  return result
}

function reaches(m: Machine, base: PyClass | undefined, cls: PyClass, forward: PyFunction): boolean {
  const pending = [forward]
  const seen = new Set<PyFunction>()
  let changes = false
  let names = false
  for (let fn = pending.pop(); fn !== undefined && seen.size < MAX_FUNCTIONS; fn = pending.pop()) {
    if (seen.has(fn)) continue
    seen.add(fn)
    const { names: mentioned, storesAttributes } = mentionsOf(fn)
    changes ||= storesAttributes
    for (const name of mentioned) {
      if (CHANGING.has(name)) changes = true
      const global = fn.module.attrs.get(name)
      if (isLayerClass(m, base, global) || name === 'Parameter' || isLayerClass(m, base, libraryClass(m, name))) names = true
      const method = m.lookup(cls, name)
      if (name !== '__init__' && method instanceof PyFunction && !(base?.attrs.get(name) === method)) pending.push(method)
      if (global instanceof PyFunction) pending.push(global)
    }
    if (changes && names) return true
  }
  return false
}

function libraryClass(m: Machine, name: string): Value | undefined {
  const first = name.codePointAt(0)!
  return first >= 65 && first <= 90 ? m.findAttribute(m.importModule('torch.nn'), name) : undefined
}

function isLayerClass(m: Machine, base: PyClass | undefined, value: Value | undefined): boolean {
  return base !== undefined && value instanceof PyClass && value !== base && value.mro.includes(base)
}
