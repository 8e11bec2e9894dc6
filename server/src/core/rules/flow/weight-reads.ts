/** Code of model classes that reads the weight of a layer in its forward pass: after quantization there is a method of that name. */

import { walkLayers } from '../../model/counts.ts'
import type { LayerNode, ModelTree } from '../../model/layer-tree.ts'
import type { ClassStatement, Expression, FunctionStatement } from '../../syntax/ast.ts'
import { walk } from '../../syntax/walk.ts'
import type { Facts } from '../facts.ts'
import { pathFrom, type Variable } from './variable.ts'

const self: Variable = { text: 'self', kind: 'name', name: 'self' }
/** Methods that run while the model is made. */
const making = /^(?:__init__|\w*init\w*|reset_\w+|_reset_\w+|tie_\w+|extra_repr|__repr__|from_pretrained|configure_optimizers)$/

/** Why the layers cannot be quantized, when a class that holds them reads their weights; undefined when none does. */
export function weightReader(facts: Facts, models: readonly ModelTree[], converted: readonly LayerNode[]): string | undefined {
  // Only the classes that the models are made of, and their bases, have a say.
  const classes = new Set(models.flatMap((model) => [...walkLayers(model.root)].flatMap((layer) => [layer.type, ...layer.ancestry])).map((type) => type.slice(type.lastIndexOf('.') + 1)))
  const names = new Set(converted.map((layer) => layer.name))
  const kept = new Set(converted)
  const isEmptied = models.some((model) => ![...walkLayers(model.root)].some((layer) => !kept.has(layer) && layer.tensors.some(({ kind }) => kind === 'parameter')))
  const files = new Set([facts.file, ...converted.flatMap((layer) => (layer.place ? [layer.place.file] : []))])
  for (const file of files) {
    const source = facts.sourceOf(file)
    // A file without the words reads no weight: most need no walk.
    if (!source || !/\.(?:weight|bias|parameters)\b/.test(source.text)) continue
    let found: string | undefined
    walk(source.body, (node) => {
      if (found !== undefined) return 'skip'
      if (node.kind !== 'class' || !classes.has(node.name.id)) return undefined
      found = readerIn(node, names) ?? (isEmptied ? firstParameterIn(node) : undefined)
      return undefined
    })
    if (found !== undefined) return found
  }
  return undefined
}

function readerIn(holder: ClassStatement, names: ReadonlySet<string>): string | undefined {
  for (const method of holder.body) {
    if (method.kind !== 'function' || making.test(method.name.id)) continue
    const layers = layersOf(method)
    let found: string | undefined
    walk(method.body, (node) => {
      if (node.kind === 'attribute' && node.object.kind === 'name' && layers.has(node.object.id) && /^(?:weight|bias)$/.test(node.name.id)) {
        found ??= `\`${holder.name.id}.${method.name.id}\` reads \`${node.object.id}.${node.name.id}\`, which a quantized layer does not have`
      }
      const path = node.kind === 'attribute' ? pathFrom(self, node as Expression) : undefined
      const at = path?.findIndex((step) => step === 'weight' || step === 'bias' || /^(?:weight|bias)_(?:ih|hh)/.test(step)) ?? -1
      if (path && at > 0 && (path[at - 1] === '[]' || names.has(path[at - 1]!))) found ??= `\`${holder.name.id}.${method.name.id}\` reads \`${path.slice(0, at + 1).join('.').replaceAll('.[]', '[...]')}\`, which a quantized layer does not have`
    })
    if (found !== undefined) return found
  }
  return undefined
}

/** Names of a method that may hold a layer: what is taken from `self`, and parameters that are called so. */
function layersOf(method: FunctionStatement): ReadonlySet<string> {
  const found = new Set(method.parameters.flatMap(({ name }) => (name && /layer|module|linear|proj|block|^(?:fc|lin|head)$/i.test(name.id) ? [name.id] : [])))
  const bind = (target: Expression, value: Expression): void => {
    let isOwn = false
    walk([value], (node) => { isOwn ||= node.kind === 'attribute' && node.object.kind === 'name' && (node.object.id === 'self' || found.has(node.object.id)) })
    isOwn ||= value.kind === 'name' && found.has(value.id)
    if (isOwn) walk([target], (node) => { if (node.kind === 'name') found.add(node.id) })
  }
  walk(method.body, (node) => {
    if (node.kind === 'for') bind(node.target, node.iterable)
    else if (node.kind === 'assign' && node.value.kind !== 'call') for (const target of node.targets) bind(target, node.value)
    else if (node.kind === 'comprehension') for (const clause of node.clauses) bind(clause.target, clause.iterable)
  })
  return found
}

/** `next(self.parameters())`, a usual way to ask for the device, of a model that has no parameter left. */
function firstParameterIn(holder: ClassStatement): string | undefined {
  for (const method of holder.body) {
    if (method.kind !== 'function' || making.test(method.name.id)) continue
    let found: string | undefined
    walk(method.body, (node) => {
      if (node.kind !== 'call' || node.callee.kind !== 'name' || node.callee.id !== 'next') return
      const list = node.args[0]?.value
      if (list?.kind === 'call' && list.callee.kind === 'attribute' && list.callee.name.id === 'parameters' && pathFrom(self, list.callee.object)?.length === 0) {
        found ??= `\`${holder.name.id}.${method.name.id}\` takes the first of its parameters, and a quantized model has none left`
      }
    })
    if (found !== undefined) return found
  }
  return undefined
}
