/**
 * A program halves weights that the file stores in float32.
 *
 * ## Why
 *
 * The file is downloaded, shipped and read in full, and half of it is rounded away at once. Storing it in the type it is used in halves the file:
 * `torch-footprint slim --dtype float16`.
 *
 * ## Examples
 *
 * Half of every number is thrown away:
 *
 * ```python reported with=m.pt:checkpoints/rules/lean.pt
 * import torch
 * model.load_state_dict(torch.load("m.pt", weights_only=True))
 * model.half()
 * ```
 *
 * The file is float64, which is another finding:
 *
 * ```python clean with=m.pt:checkpoints/rules/double.pt
 * import torch
 * model.load_state_dict(torch.load("m.pt", weights_only=True))
 * model.half()
 * ```
 *
 * What another function does with the model is another matter:
 *
 * ```python clean with=m.pt:checkpoints/rules/lean.pt
 * import torch
 * def resume():
 *     model.load_state_dict(torch.load("m.pt", weights_only=True))
 * def export():
 *     model.half()
 * ```
 *
 * It is used as it is:
 *
 * ```python clean with=m.pt:checkpoints/rules/lean.pt
 * import torch
 * model.load_state_dict(torch.load("m.pt", weights_only=True))
 * model.eval()
 * ```
 */

import { savingOfCast } from '../../checkpoint/what-if.ts'
import type { CallExpression, Expression, Span } from '../../syntax/ast.ts'
import type { SourceFile } from '../../syntax/source-file.ts'
import { walk } from '../../syntax/walk.ts'
import { loadedCheckpoints } from '../loaded-checkpoints.ts'
import { defineRule } from '../rule.ts'

/** The text of what `load_state_dict` is called on with this load, directly or through one name. */
function loadingModel(source: SourceFile, load: CallExpression): string | undefined {
  let model: string | undefined
  const names = new Set<string>()
  walk(source.body, (node) => {
    if (node.kind === 'assign' && node.value.start <= load.start && node.value.end >= load.end) for (const target of node.targets) if (target.kind === 'name') names.add(target.id)
    if (node.kind !== 'call' || node.callee.kind !== 'attribute' || node.callee.name.id !== 'load_state_dict') return
    const argument = node.args[0]
    const holds = argument && ((argument.start <= load.start && argument.end >= load.end) || [...names].some((name) => source.textOf(argument).startsWith(name)))
    if (holds) model ??= source.textOf(node.callee.object)
  })
  return model
}

const casts: ReadonlyMap<string, 'float16' | 'bfloat16'> = new Map([['half', 'float16'], ['bfloat16', 'bfloat16'], ['torch.float16', 'float16'], ['torch.half', 'float16'], ['torch.bfloat16', 'bfloat16']])

/** The cast of that model behind the load. */
function castOf(source: SourceFile, model: string, after: number, resolve: (expression: Expression) => string | undefined): { readonly dtype: 'float16' | 'bfloat16', readonly at: number } | undefined {
  let found: { dtype: 'float16' | 'bfloat16', at: number } | undefined
  const functions: Span[] = []
  walk(source.body, (node) => { if (node.kind === 'function' || node.kind === 'lambda') functions.push(node) })
  // A cast in a function that does not hold the load may run before it, or never.
  const isReached = (at: number): boolean => functions.every(({ start, end }) => at < start || at >= end || (after > start && after <= end))
  walk(source.body, (node) => {
    if (found || node.kind !== 'call' || node.start < after || !isReached(node.start) || node.callee.kind !== 'attribute' || source.textOf(node.callee.object) !== model) return
    const method = node.callee.name.id
    const dtype = method === 'to' ? node.args.map(({ value }) => casts.get(resolve(value) ?? '')).find((one) => one !== undefined) : node.args.length === 0 ? casts.get(method) : undefined
    if (dtype) found = { dtype, at: node.start }
  })
  return found
}

export const rule = defineRule({
  id: 'half-after-load',
  severity: 'information',
  category: 'checkpoint',
  subject: 'python',
  fix: 'none',
  messages: {
    found: '`{file}` stores float32 and is cast to {dtype} in line {line}: stored so, it takes half',
  },
  check(context) {
    const { facts } = context
    const source = facts.source()
    const flow = facts.flow()
    if (!source || !flow) return
    for (const { load, name, checkpoint, reading } of loadedCheckpoints(facts)) {
      const model = loadingModel(source, load.call)
      const cast = model === undefined ? undefined : castOf(source, model, load.call.end, (expression) => flow.names.resolve(expression))
      if (!cast || !(checkpoint.tensors ?? []).some(({ dtype, role }) => dtype === 'float32' && role === 'weights')) continue
      const saving = savingOfCast(reading, load.file!, cast.dtype)
      if ((saving.value ?? 0) < 16_384) continue
      context.report({ message: 'found', data: { file: name, dtype: cast.dtype, line: source.lines.position(cast.at).line + 1 }, range: load.argument, saving })
    }
  },
})
