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

export function walk(root: Value, storageOf: StorageOf): Walked {
  const tensors: NamedTensor[] = []
  const broken: { message: string, at: number }[] = []
  let visits = 0
  let truncated = false
  let modules = 0
  const graph = surveyObjects(root, (value) => tensorOf(value, storageOf) !== undefined)
  const first: Node = { value: root, part: '', role: undefined, depth: 0, hidden: false, parent: undefined, keyed: false }
  const stack: Node[] = [first]
  for (let node = stack.pop(); node !== undefined; node = stack.pop()) {
    visits += 1
    if (visits > limits.walkedValues || tensors.length > limits.tensors) {
      truncated = true
      break
    }
    const { value } = node
    const tensor = tensorOf(value, storageOf)
    if (isBroken(tensor)) {
      if (broken.length < limits.problems) broken.push({ message: `${nameOf(node)}: ${tensor.broken}`, at: tensor.at })
      continue
    }
    if (tensor !== undefined) {
      tensors.push({ name: nameOf(node), tensor, role: node.role ?? (tensor.layout === 'numpy' || tensor.layout === 'storage' || !node.keyed ? 'other' : 'weights'), hidden: node.hidden, depth: node.depth })
      continue
    }
    if (graph.cyclic && isItsOwnAncestor(node)) continue
    const state = moduleState(value)
    if (state !== undefined) modules += 1
    const children = state === undefined ? childrenOf(node, graph) : moduleChildren(node, state, graph)
    if (node.depth >= limits.walkedDepth && children.length > 0) {
      truncated = true
      continue
    }
    if (visits + stack.length + children.length > limits.walkedValues) {
      truncated = true
      break
    }
    for (let index = children.length - 1; index >= 0; index--) stack.push(children[index]!)
  }
  const kind = kindOf(root, tensors, modules, storageOf)
  // Beside the dicts of a training checkpoint stand losses, scores and random states.
  if (kind === 'training-checkpoint') tensors.forEach((named, index) => { if (named.depth === 1 && named.role === 'weights') tensors[index] = { ...named, role: 'other' } })
  return { tensors, kind, holdsModule: modules > 0, broken, truncated, bomb: isBomb(graph) }
}

function kindOf(root: Value, tensors: readonly NamedTensor[], modules: number, storageOf: StorageOf): Kind {
  if (tensorOf(root, storageOf) !== undefined) return 'tensor'
  if (moduleState(root) !== undefined) return 'whole-module'
  if (!isDict(root)) return modules > 0 && tensors.length > 0 ? 'whole-module' : 'other'
  const direct = root.values.filter((value) => tensorOf(value, storageOf) !== undefined).length
  return kindOfDict(root, { direct, nested: tensors.length - direct, modules, optimizer: holdsOptimizer(root) })
}

function isItsOwnAncestor(node: Node): boolean {
  if (typeof node.value !== 'object' || node.value === null) return false
  for (let above = node.parent; above !== undefined; above = above.parent) if (above.value === node.value) return true
  return false
}

function nameOf(node: Node): string {
  const parts: string[] = []
  let characters = 0
  for (let at: Node | undefined = node; at?.parent !== undefined && characters < limits.nameCharacters; at = at.parent) {
    parts.push(at.part)
    characters += at.part.length + 1
  }
  return parts.length === 0 ? '.' : parts.reverse().join('.').slice(0, limits.nameCharacters)
}

function child(node: Node, value: Value, part: string, more: { readonly role?: Role | undefined, readonly keyed?: boolean, readonly hidden?: boolean }): Node {
  return { value, part, role: node.role ?? more.role, depth: node.depth + 1, hidden: node.hidden || more.hidden === true, parent: node, keyed: more.keyed ?? node.keyed }
}

function childrenOf(node: Node, graph: ObjectGraph): Node[] {
  const canHold = (item: Value): boolean => graph.leadsToTensor(item)
  const { value } = node
  if (typeof value !== 'object' || value === null) return []
  const children: Node[] = []
  const items = (list: readonly Value[]): void => {
    list.forEach((item, index) => { if (canHold(item)) children.push(child(node, item, String(index), {})) })
  }
  const entries = (from: PyDict): void => {
    const optimizer = isOptimizerState(from)
    from.keys.forEach((key, index) => {
      const item = from.values[index]!
      if (!canHold(item)) return
      const text = isPrintableKey(key) ? keyText(key) : String(index)
      const leaf = isCall(item) && isGlobal(item.callee) && item.callee.module.startsWith('torch._')
      const role = optimizer ? 'optimizer' : leaf ? (text.includes('.') ? roleOfDottedName(text) : undefined) : roleOfKey(text)
      children.push(child(node, item, text, { role, keyed: typeof key === 'string' }))
    })
  }
  switch (value.kind) {
    case 'list':
    case 'tuple':
    case 'set': items(value.items); break
    case 'dict':
      entries(value)
      if (value.attributes !== undefined && isDict(value.attributes)) attributes(node, value.attributes, children, graph)
      break
    case 'call': {
      if (isGlobal(value.callee) && value.callee.path.startsWith('torch.optim.')) {
        if (isDict(value.state)) attributes({ ...node, role: 'optimizer' }, value.state, children, graph)
        break
      }
      if (value.entries) entries(value.entries)
      if (value.items) items(value.items)
      if (isDict(value.state)) attributes(node, value.state, children, graph)
      else if (isTuple(value.state)) {
        for (const part of value.state.items) if (isDict(part)) attributes(node, part, children, graph)
      }
      if (children.length === 0 && isTuple(value.args)) items(value.args.items)
      break
    }
    default: break
  }
  return children
}

function attributes(node: Node, state: PyDict, children: Node[], graph: ObjectGraph): void {
  state.keys.forEach((key, index) => {
    const item = state.values[index]!
    if (graph.leadsToTensor(item)) children.push(child(node, item, keyText(key), { role: isCall(item) ? undefined : roleOfKey(keyText(key)), keyed: true }))
  })
}

/** The state_dict of a module: its parameters, its persistent buffers, then its children; what else it holds is hidden. */
function moduleChildren(node: Node, state: PyDict, graph: ObjectGraph): Node[] {
  const canHold = (item: Value): boolean => graph.leadsToTensor(item)
  const children: Node[] = []
  const transient = new Set<string>()
  const list = getItem(state, '_non_persistent_buffers_set')
  if (typeof list === 'object' && list !== null && (list.kind === 'set' || list.kind === 'list' || list.kind === 'tuple')) for (const name of list.items) if (typeof name === 'string') transient.add(name)
  for (const member of ['_parameters', '_buffers', '_modules'] as const) {
    const from = getItem(state, member)
    if (!isDict(from)) continue
    from.keys.forEach((key, index) => {
      const item = from.values[index]!
      const name = keyText(key)
      if (canHold(item)) children.push(child(node, item, name, { role: member === '_modules' ? roleOfKey(name) === 'ema' ? 'ema' : undefined : 'weights', keyed: true, hidden: member === '_buffers' && transient.has(name) }))
    })
  }
  state.keys.forEach((key, index) => {
    const name = keyText(key)
    const item = state.values[index]!
    if (name !== '_parameters' && name !== '_buffers' && name !== '_modules' && canHold(item)) children.push(child(node, item, name, { role: 'other', hidden: true }))
  })
  return children.map((entry) => entry.hidden && entry.role === 'weights' ? { ...entry, role: 'other' as const } : entry)
}
