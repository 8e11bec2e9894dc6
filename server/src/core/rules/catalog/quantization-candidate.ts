/**
 * A model that is used for inference in float32, and whose file dynamic quantization would make smaller.
 * The fix inserts `quantize_dynamic` where the model is complete and not yet used, with exactly the layer types that it has.
 *
 * ## Why
 *
 * Linear and recurrent layers keep one byte instead of four for each weight: such a model loses up to three quarters of its bytes, in the
 * file and in memory, and usually runs faster on a CPU. The weights are rounded, so the results change a little: look at them before you ship it.
 *
 * The fix is not offered where it would be wrong: the model is trained or loaded later, nothing infers with it, it has nothing to convert or would
 * save less than 1 %, it moves to CUDA, its TransformerEncoder is batch_first, an LSTM has proj_size, weights are tied, or a converted layer's
 * `.weight` is read.
 *
 * ## Examples
 *
 * ```python reported
 * import torch
 * from torch import nn
 *
 * model = nn.Sequential(nn.Linear(400, 200), nn.ReLU())
 * model.load_state_dict(torch.load("weights.pt"))
 * print(model(torch.rand(1, 400)))
 * ```
 *
 * It is still trained:
 *
 * ```python clean
 * import torch
 * from torch import nn
 *
 * model = nn.Sequential(nn.Linear(400, 200), nn.ReLU())
 * optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
 * for _ in range(3):
 *     model(torch.rand(1, 400)).sum().backward()
 *     optimizer.step()
 * ```
 *
 * Convolutions are not converted:
 *
 * ```python clean
 * import torch
 * from torch import nn
 *
 * model = nn.Sequential(nn.Conv2d(3, 64, 3), nn.ReLU())
 * print(model(torch.rand(1, 3, 8, 8)))
 * ```
 */

import type { Fix } from '../../ide/answers.ts'
import { formatFigure } from '../../measure/format.ts'
import type { Span } from '../../syntax/ast.ts'
import { walk } from '../../syntax/walk.ts'
import type { FileEdit } from '../../text/range.ts'
import type { Facts } from '../facts.ts'
import { type BoundModel, boundModels } from '../flow/bound-models.ts'
import { adviseDynamic, type DynamicAdvice, shortName } from '../flow/dynamic-advice.ts'
import { insertImports, insertStatements, nameWriter } from '../flow/insertion.ts'
import { elsewhereFrom } from '../flow/elsewhere.ts'
import { type FileFlow, placementFor } from '../flow/model-flow.ts'
import type { Point } from '../flow/graph.ts'
import { weightReader } from '../flow/weight-reads.ts'
import { defineRule } from '../rule.ts'

type Useful = Extract<DynamicAdvice, { kind: 'useful' }>

export const rule = defineRule({
  id: 'quantization-candidate',
  severity: 'hint',
  category: 'quantization',
  subject: 'python',
  fix: 'unsafe',
  messages: {
    candidate: '`{model}` takes {before} when saved; with int8 weights for {types} it takes {after}',
  },
  check(context) {
    const flow = context.facts.flow()
    if (!flow) return
    const elsewhere = elsewhereFrom(context.facts)
    for (const bound of boundModels(context.facts)) {
      const { binding, variable } = { binding: bound.bindings[0]!, variable: bound.bindings[0]!.variable }
      const range = flow.source.range(binding.target)
      const title = `Quantize \`${variable.text}\` dynamically`
      const advice = adviceFor(bound, context.facts.torch().version)
      const isConverted = (path: readonly string[]): boolean => advice.kind === 'useful' && leadsToConverted(path, advice)
      const modelClass = shortName(bound.models[0]!.type)
      const { placement } = placementFor(flow, { bindings: bound.bindings, modelClass: flow.functions.classes.has(modelClass) ? modelClass : undefined, isConverted, elsewhere })
      if (placement.kind === 'silent') continue
      const reader = advice.kind === 'useful' ? weightReader(context.facts, bound.models, advice.layers) : undefined
      const reason = advice.kind === 'no' ? advice.reason : placement.kind === 'refused' ? placement.reason : reader ?? handedOn(flow, bound, placement.point)
      if (reason !== undefined || advice.kind === 'no' || placement.kind === 'refused') {
        context.decline({ range, title, reason: reason ?? '' })
        continue
      }
      const { units } = context.facts.settings
      const types = advice.types.map(shortName).join(', ')
      const before = formatFigure(advice.before, units)
      const after = formatFigure(advice.after, units)
      context.report({
        message: 'candidate',
        data: { model: variable.text, before, after, types },
        range,
        saving: advice.saving,
        fixes: [fixFor(context.facts, flow, bound, placement.point, advice, `${title} (${types}): ${before} -> ${after}`)],
      })
    }
  },
})

/** Its state after the point goes into another model of the file, which a quantized state does not fit. */
function handedOn(flow: FileFlow, bound: BoundModel, point: Point): string | undefined {
  const { variable } = bound.bindings[0]!
  const at = point.block[point.index - 1]?.end ?? point.block[point.index]?.start ?? 0
  const states: number[] = []
  const loads: Span[] = []
  walk(flow.source.body, (node) => {
    if (node.kind !== 'call' || node.callee.kind !== 'attribute' || node.end < at) return
    const isOwn = flow.source.textOf(node.callee.object) === variable.text
    if (node.callee.name.id === 'state_dict' && isOwn) states.push(node.start)
    if (node.callee.name.id === 'load_state_dict' && !isOwn) loads.push(node)
  })
  const state = states.find((one) => loads.some((load) => load.end > one))
  return state === undefined ? undefined : `its state is taken in line ${String(flow.source.lines.position(state).line + 1)}, and loaded into another model`
}

/** The models of all bindings together: of several, the advice must hold for each. */
function adviceFor(bound: BoundModel, torchVersion: string): DynamicAdvice {
  const all = bound.models.map((model) => adviseDynamic(model, torchVersion))
  const no = all.find((advice) => advice.kind === 'no')
  if (no) return no
  const useful = all as Useful[]
  const largest = useful.reduce((a, b) => ((b.before.value ?? 0) > (a.before.value ?? 0) ? b : a))
  return { ...largest, types: largest.types.concat(useful.flatMap((one) => one.types)).filter((type, index, types) => types.indexOf(type) === index), layers: useful.flatMap((one) => one.layers) }
}

/** `['encoder', '[]', 'fc', 'weight']` leads to the weight of `encoder.0.fc`. */
function leadsToConverted(path: readonly string[], advice: Useful): boolean {
  const steps = path.slice(0, path.findIndex((step) => /^(?:weight|bias)(?:_|$)/.test(step)))
  const pattern = new RegExp(`^${steps.map((step) => (step === '[]' ? '[^.]+' : step)).join('\\.')}$`)
  return advice.layers.some((layer) => pattern.test(layer.path))
}

function fixFor(facts: Facts, flow: FileFlow, bound: BoundModel, point: Point, advice: Useful, title: string): Fix {
  const { variable, scope } = bound.bindings[0]!
  const { source, names } = flow
  const at = point.block[point.index - 1]?.end ?? point.block[point.index]?.start ?? 0
  const module = advice.api.slice(0, advice.api.lastIndexOf('.'))
  // A name that the file binds itself would hide the import: read from the text, so that every form of assignment counts.
  const isTaken = flow.functions.functions.has('quantize_dynamic') || flow.functions.classes.has('quantize_dynamic')
    || /(?<![\w.])quantize_dynamic\s*(?::[^=\n]*)?=(?!=)/.test(source.text)
  const writer = nameWriter(names, at, scope.owner, (qualified) => {
    if (qualified === 'torch.nn' || qualified.startsWith('torch.nn.')) return { line: 'from torch import nn', text: qualified.slice('torch.'.length) }
    return { line: 'import torch', text: qualified }
  })
  // The call is imported by its name, as the documentation shows it, unless an import already leads to its module.
  const caller = nameWriter({ ...names, imports: names.imports.filter((one) => /^torch\.(?:ao\.)?quantization(?:\.|$)/.test(one.qualified)) }, at, scope.owner, () => (isTaken
    ? { line: `import ${module}`, text: advice.api }
    : { line: `from ${module} import quantize_dynamic`, text: 'quantize_dynamic' }))
  const call = caller.write(callName(names.imports.map((one) => one.qualified), advice.api))
  const types = advice.types.map((type) => writer.write(type)).join(', ')
  const statement = `${variable.text} = ${call}(${variable.text}, {${types}}, dtype=${writer.write('torch.qint8')})`
  const lines = [...writer.missing, ...caller.missing]
  const place = (edits: ReturnType<typeof insertStatements>): FileEdit => ({ file: facts.file, ...edits })
  const imports = lines.length ? insertImports(source, names, at, lines) : undefined
  return {
    title,
    safety: 'unsafe',
    edits: imports ? [place(imports), place(insertStatements(source, point, [statement]))] : [place(insertStatements(source, point, [...lines, statement]))],
  }
}

/** The spelling of the API that the file's own imports use: the old name is an alias of the new one. */
function callName(imported: readonly string[], api: string): string {
  const older = 'torch.quantization'
  return imported.some((name) => name === older || name.startsWith(`${older}.`)) ? `${older}.quantize_dynamic` : api
}
