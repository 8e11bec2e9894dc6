/**
 * Static quantization is prepared for a model that has no `qconfig`: nothing is observed, and `convert` leaves every layer in float32.
 *
 * ## Why
 *
 * `prepare` puts observers only where a layer or its parent has a `qconfig`. Without one PyTorch warns and goes on, and the "quantized"
 * model has exactly the bytes that it had before.
 *
 * The fix sets the default configuration for x86 in the line before. Layers that should be fused are fused before `prepare`, too.
 *
 * ## Examples
 *
 * ```python reported
 * import torch
 * from torch import nn, quantization
 *
 * model = nn.Sequential(nn.Conv2d(3, 8, 3), nn.ReLU())
 * model.eval()
 * prepared = quantization.prepare(model)
 * prepared(torch.rand(1, 3, 8, 8))
 * quantized = quantization.convert(prepared)
 * ```
 *
 * ```python clean
 * import torch
 * from torch import nn, quantization
 *
 * model = nn.Sequential(nn.Conv2d(3, 8, 3), nn.ReLU())
 * model.eval()
 * model.qconfig = quantization.get_default_qconfig("x86")
 * prepared = quantization.prepare(model)
 * prepared(torch.rand(1, 3, 8, 8))
 * quantized = quantization.convert(prepared)
 * ```
 */

import { type CallExpression, type Expression, type Statement } from '../../syntax/ast.ts'
import { walk } from '../../syntax/walk.ts'
import { lineEndOf } from '../flow/insertion.ts'
import { dotted } from '../flow/names.ts'
import { defineRule } from '../rule.ts'

const prepares = new Set(['torch.ao.quantization.prepare', 'torch.ao.quantization.prepare_qat'])
const setters = /^(?:propagate_qconfig_|add_quant_dequant|set_qconfig\w*|prepare_model)$/

export const rule = defineRule({
  id: 'prepare-without-qconfig',
  severity: 'warning',
  category: 'quantization',
  subject: 'python',
  fix: 'unsafe',
  messages: {
    missing: '`{model}` has no qconfig: nothing is prepared, and converting it saves nothing',
  },
  check(context) {
    const flow = context.facts.flow()
    // A file that says the word anywhere sets it in a way that may reach the model; what is imported may, too.
    if (!flow || !flow.source.text.includes('prepare') || /\bqconfig\b(?!_)/.test(withoutComments(flow.source.text, flow.source.comments))) return
    const { source, names } = flow
    let setElsewhere = false
    const calls: { readonly call: CallExpression; readonly statement: Statement | undefined }[] = []
    walk(source.body, (node, ancestors) => {
      if (node.kind !== 'call') return
      if (setters.test(dotted(node.callee)?.at(-1) ?? '')) setElsewhere = true
      const qualified = names.resolve(node.callee)
      if (qualified !== undefined && prepares.has(qualified)) calls.push({ call: node, statement: ancestors.findLast((one): one is Statement => isSimple(one)) })
    })
    if (setElsewhere) return
    for (const { call, statement } of calls) {
      const model = call.args[0]?.value
      const name = model && dotted(model)?.join('.')
      // A model that comes out of a call or from outside may bring its qconfig along.
      if (!model || name === undefined || !isMadeHere(source.body, name)) continue
      const callee = source.textOf(call.callee)
      const line = statement && source.lines.position(statement.start)
      const indent = line ? source.lines.line(line.line).slice(0, line.character) : ''
      const isQat = callee.endsWith('_qat')
      const statementText = `${name}.qconfig = ${callee.replace(/prepare(?:_qat)?$/, isQat ? 'get_default_qat_qconfig' : 'get_default_qconfig')}("${backendOf(context.facts.torch().version)}")`
      const canInsert = line && indent.trim() === '' && callee.includes('.')
      context.report({
        message: 'missing', data: { model: name }, range: source.range(call),
        ...(canInsert ? { fixes: [{ title: `Set \`${name}.qconfig\` before it is prepared`, safety: 'unsafe', edits: [{ file: context.file, range: { start: { line: line.line, character: 0 }, end: { line: line.line, character: 0 } }, newText: `${indent}${statementText}${lineEndOf(source.text)}` }] }] } : {}),
      })
    }
  },
})

/** `x86` is the default engine from 2.0 on and unknown before. */
function backendOf(version: string): string {
  return version.startsWith('1.') ? 'fbgemm' : 'x86'
}

function withoutComments(text: string, comments: readonly { readonly start: number; readonly end: number }[]): string {
  let out = ''
  let at = 0
  for (const comment of comments) {
    out += text.slice(at, comment.start)
    at = comment.end
  }
  return (out + text.slice(at)).replace(/"""[\s\S]*?"""|'''[\s\S]*?'''/g, '')
}

function isSimple(node: Statement | Expression): node is Statement {
  return node.kind === 'assign' || node.kind === 'expression' || node.kind === 'annotatedAssign' || node.kind === 'return'
}

/** True when every assignment to the name is a plain construction: `Net()`, `resnet18(...)`, `.eval()` behind it. */
function isMadeHere(body: readonly Statement[], name: string): boolean {
  let made = 0
  let other = 0
  walk(body, (node) => {
    if (node.kind !== 'assign' || !node.targets.some((target) => dotted(target)?.join('.') === name)) return
    if (node.value.kind === 'call' && !node.value.args.some((argument) => dotted(argument.value)?.join('.') === name)) made += 1
    else other += 1
  })
  return made > 0 && other === 0
}
