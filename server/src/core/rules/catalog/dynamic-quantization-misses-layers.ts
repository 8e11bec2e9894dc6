/**
 * Dynamic quantization names some layer types, and the model has others that it could convert as well.
 *
 * ## Why
 *
 * `quantize_dynamic(model, {nn.Linear})` converts Linear layers only. An LSTM or GRU beside them stays in float32, although the same call
 * would convert it: often that is the larger part of the model.
 *
 * ## Examples
 *
 * ```python reported
 * import torch
 * from torch import nn
 * from torch.ao.quantization import quantize_dynamic
 *
 * class Tagger(nn.Module):
 *     def __init__(self):
 *         super().__init__()
 *         self.lstm = nn.LSTM(64, 96)
 *         self.head = nn.Linear(96, 12)
 *
 *     def forward(self, x):
 *         return self.head(self.lstm(x)[0])
 *
 * model = Tagger()
 * model = quantize_dynamic(model, {nn.Linear}, dtype=torch.qint8)
 * ```
 *
 * ```python clean
 * import torch
 * from torch import nn
 * from torch.ao.quantization import quantize_dynamic
 *
 * model = nn.Sequential(nn.Linear(64, 96), nn.ReLU())
 * model = quantize_dynamic(model, {nn.Linear}, dtype=torch.qint8)
 * ```
 */

import { bounded } from '../../measure/figure.ts'
import { formatBytes } from '../../measure/format.ts'
import type { LayerNode } from '../../model/layer-tree.ts'
import type { CallExpression } from '../../syntax/ast.ts'
import { walk } from '../../syntax/walk.ts'
import { boundModels } from '../flow/bound-models.ts'
import { adviseDynamic, shortName } from '../flow/dynamic-advice.ts'
import { nameWriter } from '../flow/insertion.ts'
import { readAssignments } from '../flow/model-flow.ts'
import { dotted } from '../flow/names.ts'
import { defineRule } from '../rule.ts'

export const rule = defineRule({
  id: 'dynamic-quantization-misses-layers',
  severity: 'warning',
  category: 'quantization',
  subject: 'python',
  fix: 'unsafe',
  messages: {
    missed: '{missed} of `{model}` stays in float32 ({bytes}): quantize_dynamic converts it when it is named',
  },
  check(context) {
    const flow = context.facts.flow()
    if (!flow?.source.text.includes('quantize_dynamic')) return
    const { source, names } = flow
    const version = context.facts.torch().version
    walk(source.body, (node, ancestors) => {
      if (node.kind !== 'call' || names.resolve(node.callee) !== 'torch.ao.quantization.quantize_dynamic') return
      const spec = specOf(node)
      const model = node.args[0]?.value
      const name = model && dotted(model)?.join('.')
      if (!spec || name === undefined || !isInt8(node, names.resolve)) return
      const owner = ancestors.findLast((one) => one.kind === 'function')
      const bound = boundModels(context.facts).find((one) => one.bindings[0]!.variable.text === name && one.bindings[0]!.scope.owner?.start === owner?.start)
      // Once it is quantized, evaluation sees the model as changed by code it does not run: what was constructed tells its layers.
      const made = bound && readAssignments(flow).find((one) => one.binding.target.start === bound.bindings[0]!.target.start)
      const advice = bound && [...bound.models, ...(made ? [context.facts.evaluate(source.textOf(made.value))] : [])].map((tree) => adviseDynamic(tree, version)).find((one) => one.kind === 'useful')
      if (advice?.kind !== 'useful') return
      const named = new Set(spec.items.map((item) => names.resolve(item)))
      const missed = advice.types.filter((type) => !named.has(type))
      // A spec of names or of types that are not understood may cover everything.
      if (missed.length === 0 || named.has(undefined)) return
      const saved = missed.reduce((total, type) => total + bytesOf(advice.layers, type), 0)
      const writer = nameWriter(names, node.start, owner?.kind === 'function' ? owner : undefined, (qualified) => ({ line: 'from torch import nn', text: qualified.slice('torch.'.length) }))
      const added = missed.map((type) => writer.write(type))
      const last = spec.items.at(-1)!
      const end = source.range(last).end
      context.report({
        message: 'missed',
        data: { missed: missed.map(shortName).join(', '), model: name, bytes: formatBytes(saved, context.facts.settings.units) },
        range: source.range(spec),
        // Three quarters of the weights of these layers, less their scales: at least half in any case.
        saving: bounded(Math.floor(saved / 2), 'int8 weights take a quarter, and their scales a little'),
        ...(writer.missing.length ? {} : { fixes: [{ title: `Quantize ${missed.map(shortName).join(', ')} too`, safety: 'unsafe', edits: [{ file: context.file, range: { start: end, end }, newText: `, ${added.join(', ')}` }] }] }),
      })
    })
  },
})

function specOf(call: CallExpression) {
  const positional = call.args.filter((argument) => argument.kind === 'positional')
  const value = call.args.find((argument) => argument.name?.id === 'qconfig_spec')?.value ?? positional[1]?.value
  return value?.kind === 'set' && value.items.length > 0 ? value : undefined
}

/** qint8 is the default; other types convert other layers. */
function isInt8(call: CallExpression, resolve: (expression: CallExpression['callee']) => string | undefined): boolean {
  const value = call.args.find((argument) => argument.name?.id === 'dtype')?.value ?? call.args.filter((argument) => argument.kind === 'positional')[2]?.value
  return value === undefined || resolve(value) === 'torch.qint8'
}

function bytesOf(layers: readonly LayerNode[], type: string): number {
  const seen = new Set<number>()
  let bytes = 0
  for (const layer of layers) {
    if (layer.type !== type || seen.has(layer.id)) continue
    seen.add(layer.id)
    for (const { tensor } of layer.tensors) bytes += tensor.bytes
  }
  return bytes
}
