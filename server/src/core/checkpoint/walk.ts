/**
 * Finds the tensors in what a pickle builds and names them by their path: dict keys by `str()`, indices, attributes,
 * joined by dots; of a torch.nn.Module the names of its state_dict. Shared tensors stand under every name.
 */

import type { Kind, Role } from './checkpoint.ts'
import * as limits from './limits.ts'
import { holdsOptimizer, isOptimizerState, kindOfDict, roleOfDottedName, roleOfKey } from './roles.ts'
import type { StorageOf } from './tensor-values.ts'
import { isBomb, surveyObjects } from './object-graph.ts'
import type { ObjectGraph } from './object-graph.ts'
import { TensorCall } from './tensor-call.ts'
import { isBroken, isCall, isDict, isGlobal, isTuple, moduleState, tensorOf } from './tensor-values.ts'
import type { PyDict, TensorValue, Value } from './values.ts'
import { getItem, isPrintableKey, keyText } from './values.ts'

export interface NamedTensor {
  readonly name: string
  readonly tensor: TensorValue
  readonly role: Role
  /** True for tensors of a module that its state_dict leaves out. */
  readonly hidden: boolean
  /** Containers around it, where a pickle built them. */
  readonly depth?: number
}

export interface Walked {
  readonly tensors: readonly NamedTensor[]
  readonly kind: Kind
  readonly holdsModule: boolean
  /** Why some tensors could not be read. */
  readonly broken: readonly { readonly message: string, readonly at: number }[]
  /** True when the walk stopped at its budget: then the list is not complete. */
  readonly truncated: boolean
  /** True when copying or printing the object would never end in practice. */
  readonly bomb: boolean
}

/** A container on the way to tensors. */
interface Node {
  readonly value: Value
  /** The last part of its name; the whole name is put together only for tensors. */
  readonly part: string
  readonly role: Role | undefined
  readonly depth: number
  readonly hidden: boolean
  readonly parent: Node | undefined
  /** True for what stands in a dict under a key: without other signs such tensors are weights. */
  readonly keyed: boolean
}

/** Name of a container, once put together, for all tensors in it. */
interface Frame { readonly node: Node, readonly children: readonly (Node | NamedTensor)[], next: number }

/** What naming the children of one container needs. */
interface Walk {
  readonly graph: ObjectGraph
  readonly storageOf: StorageOf
  readonly broken: { readonly message: string, readonly at: number }[]
  readonly declared: DeclaredState | undefined
  visits: number
}

/** What a compiled class declares as its parameters and buffers; undefined for classes that declare nothing. */
export type DeclaredState = (className: string) => ReadonlySet<string> | undefined

export function walk(root: Value, storageOf: StorageOf, declared?: DeclaredState): Walked {
  const tensors: NamedTensor[] = []
  const broken: { message: string, at: number }[] = []
  let truncated = false
  let modules = 0
  const graph = surveyObjects(root, (value) => tensorOf(value, storageOf) !== undefined)
  const walking: Walk = { graph, storageOf, broken, declared, visits: 0 }
  const most = limits.walkedValues + graph.distinct
  const frames: Frame[] = [{ node: { value: root, part: '', role: undefined, depth: 0, hidden: false, parent: undefined, keyed: false }, children: [], next: 0 }]
  const whole = tensorOf(root, storageOf)
  if (isBroken(whole)) broken.push({ message: `.: ${whole.broken}`, at: whole.at })
  else if (whole !== undefined) tensors.push({ name: '.', tensor: whole, role: 'other', hidden: false, depth: 0 })
  else frames.push(open(frames[0]!.node))
  for (let frame = frames.at(-1)!; frames.length > 1; frame = frames.at(-1)!) {
    const child = frame.children[frame.next++]
    if (child === undefined) {
      frames.pop()
      continue
    }
    if ('tensor' in child) tensors.push(child)
    else if (!graph.cyclic || !isItsOwnAncestor(child)) frames.push(open(child))
    if (walking.visits > most || tensors.length > limits.tensors) {
      truncated = true
      break
    }
  }
  const kind = kindOf(root, tensors, modules, storageOf)
  // Beside the dicts of a training checkpoint stand losses, scores and random states.
  if (kind === 'training-checkpoint') tensors.forEach((named, index) => { if (named.depth === 1 && named.role === 'weights') tensors[index] = { ...named, role: 'other' } })
  return { tensors, kind, holdsModule: modules > 0, broken, truncated, bomb: isBomb(graph) }

  function open(node: Node): Frame {
    const state = moduleState(node.value)
    if (state !== undefined) modules += 1
    const children = state === undefined ? childrenOf(node, walking) : moduleChildren(node, state, walking)
    if (node.depth < limits.walkedDepth || children.length === 0) return { node, children, next: 0 }
    truncated = true
    return { node, children: [], next: 0 }
  }
}

function kindOf(root: Value, tensors: readonly NamedTensor[], modules: number, storageOf: StorageOf): Kind {
  if (tensorOf(root, storageOf) !== undefined) return 'tensor'
  if (moduleState(root) !== undefined) return 'whole-module'
  if (!isDict(root)) return modules > 0 && tensors.length > 0 ? 'whole-module' : 'other'
  let direct = 0
  root.values.forEach((value) => { if (tensorOf(value, storageOf) !== undefined) direct += 1 })
  return kindOfDict(root, { direct, nested: tensors.length - direct, modules, optimizer: holdsOptimizer(root) })
}

function isItsOwnAncestor(node: Node): boolean {
  if (typeof node.value !== 'object' || node.value === null) return false
  for (let above = node.parent; above !== undefined; above = above.parent) if (above.value === node.value) return true
  return false
}

/** The name of what stands in a container under `part`. */
function nameIn(node: Node, part: string): string {
  if (node.parent === undefined) return part.slice(0, limits.nameCharacters)
  const parts: string[] = [part]
  let characters = part.length + 1
  for (let at: Node | undefined = node; at?.parent !== undefined && characters < limits.nameCharacters; at = at.parent) {
    parts.push(at.part)
    characters += at.part.length + 1
  }
  return parts.reverse().join('.').slice(0, limits.nameCharacters)
}

interface About { readonly role?: Role | undefined, readonly keyed?: boolean, readonly hidden?: boolean }

/** Appends a child that is a tensor or leads to one. */
function add(children: (Node | NamedTensor)[], node: Node, value: Value, part: string, about: About, walking: Walk): void {
  if (!walking.graph.leadsToTensor(value)) return
  walking.visits += 1
  const role = node.role ?? about.role
  const hidden = node.hidden || about.hidden === true
  const keyed = about.keyed ?? node.keyed
  const tensor = tensorOf(value, walking.storageOf)
  if (tensor === undefined) children.push({ value, part, role, depth: node.depth + 1, hidden, parent: node, keyed })
  else if (!isBroken(tensor)) children.push({ name: nameIn(node, part), tensor, role: role ?? (tensor.layout === 'numpy' || tensor.layout === 'storage' || !keyed ? 'other' : 'weights'), hidden, depth: node.depth + 1 })
  else if (walking.broken.length < limits.problems) walking.broken.push({ message: `${nameIn(node, part)}: ${tensor.broken}`, at: tensor.at })
}

const anonymous: About = {}

function childrenOf(node: Node, walking: Walk): (Node | NamedTensor)[] {
  const { value } = node
  if (typeof value !== 'object' || value === null) return []
  const children: (Node | NamedTensor)[] = []
  const items = (list: readonly Value[]): void => {
    for (let index = 0; index < list.length; index++) add(children, node, list[index]!, String(index), anonymous, walking)
  }
  const entries = (from: PyDict): void => {
    const optimizer = isOptimizerState(from)
    for (let index = 0; index < from.keys.length; index++) {
      const key = from.keys[index]!
      const item = from.values[index]!
      if (item instanceof TensorCall && typeof key === 'string') {
        // Nearly every entry of a state_dict.
        walking.visits += 1
        const role = node.role ?? (optimizer ? 'optimizer' : key.includes('.') ? roleOfDottedName(key) : undefined) ?? 'weights'
        children.push({ name: nameIn(node, key), tensor: item, role, hidden: node.hidden, depth: node.depth + 1 })
        continue
      }
      if (!walking.graph.leadsToTensor(item)) continue
      const text = isPrintableKey(key) ? keyText(key) : String(index)
      const leaf = isCall(item) && isGlobal(item.callee) && item.callee.module.startsWith('torch._')
      const role = optimizer ? 'optimizer' : leaf ? (text.includes('.') ? roleOfDottedName(text) : undefined) : roleOfKey(text)
      add(children, node, item, text, role === undefined && typeof key === 'string' ? keyedOnly : { role, keyed: typeof key === 'string' }, walking)
    }
  }
  switch (value.kind) {
    case 'list':
    case 'tuple':
    case 'set': items(value.items); break
    case 'dict':
      entries(value)
      if (value.attributes !== undefined && isDict(value.attributes)) attributes(node, value.attributes, children, walking)
      break
    case 'call': {
      if (isGlobal(value.callee) && value.callee.path.startsWith('torch.optim.')) {
        if (isDict(value.state)) attributes({ ...node, role: 'optimizer' }, value.state, children, walking)
        break
      }
      if (value.entries) entries(value.entries)
      if (value.items) items(value.items)
      if (isDict(value.state)) attributes(node, value.state, children, walking)
      else if (isTuple(value.state)) {
        for (const part of value.state.items) if (isDict(part)) attributes(node, part, children, walking)
      }
      if (children.length === 0 && isTuple(value.args)) items(value.args.items)
      break
    }
    default: break
  }
  return children
}

const keyedOnly: About = { keyed: true }

function attributes(node: Node, state: PyDict, children: (Node | NamedTensor)[], walking: Walk): void {
  const { value } = node
  const declared = walking.declared !== undefined && isCall(value) && isGlobal(value.callee) ? walking.declared(value.callee.path) : undefined
  state.keys.forEach((key, index) => {
    const item = state.values[index]!
    // Of a compiled module, tensors that it does not declare are attributes, which its state_dict leaves out.
    const hidden = declared !== undefined && !declared.has(keyText(key)) && !(isCall(item) && isGlobal(item.callee) && item.callee.path.startsWith('__torch__.'))
    add(children, node, item, keyText(key), { role: isCall(item) ? undefined : roleOfKey(keyText(key)), keyed: true, hidden }, walking)
  })
}

/** The state_dict of a module: its parameters, its persistent buffers, then its children; what else it holds is hidden. */
function moduleChildren(node: Node, state: PyDict, walking: Walk): (Node | NamedTensor)[] {
  const children: (Node | NamedTensor)[] = []
  const transient = new Set<string>()
  const list = getItem(state, '_non_persistent_buffers_set')
  if (typeof list === 'object' && list !== null && (list.kind === 'set' || list.kind === 'list' || list.kind === 'tuple')) for (const name of list.items) if (typeof name === 'string') transient.add(name)
  for (const member of ['_parameters', '_buffers', '_modules'] as const) {
    const from = getItem(state, member)
    if (!isDict(from)) continue
    from.keys.forEach((key, index) => {
      const name = keyText(key)
      const hidden = member === '_buffers' && transient.has(name)
      const role = member === '_modules' ? roleOfKey(name) === 'ema' ? 'ema' : undefined : hidden || node.hidden ? 'other' : 'weights'
      add(children, node, from.values[index]!, name, { role, keyed: true, hidden }, walking)
    })
  }
  state.keys.forEach((key, index) => {
    const name = keyText(key)
    if (name !== '_parameters' && name !== '_buffers' && name !== '_modules') add(children, node, state.values[index]!, name, { role: 'other', hidden: true }, walking)
  })
  return children
}
