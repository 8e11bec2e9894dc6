/** Which names of a file hold which models: joins the assignments of the source with what evaluation built. */

import { isFailure } from '../../ports.ts'
import { pickledModel } from '../../footprint/pickled-model.ts'
import type { FileModels, FoundModel } from '../../layers/find-models.ts'
import type { ModelTree } from '../../model/layer-tree.ts'
import type { CallExpression, ClassStatement, Expression } from '../../syntax/ast.ts'
import { comparePositions, type Range } from '../../text/range.ts'
import type { Facts } from '../facts.ts'
import { type Binding, type FileFlow, groupBindings, readAssignments } from './model-flow.ts'
import { dotted } from './names.ts'
import { isChainMethod } from './variable.ts'

/** One name in one scope, with the model of each of its bindings, in the order of the text. */
export interface BoundModel {
  readonly bindings: readonly Binding[]
  readonly models: readonly ModelTree[]
}

/** Expressions of one file that are evaluated by themselves, because nothing ran them. */
const maxEvaluated = 12

const known = new WeakMap<Facts, readonly BoundModel[]>()

export function boundModels(facts: Facts): readonly BoundModel[] {
  let bound = known.get(facts)
  if (!bound) known.set(facts, bound = findBound(facts))
  return bound
}

/** What is asked of all models of a file again and again. */
interface Sorted {
  readonly classes: ReadonlySet<string>
  /** Those that are constructed in the file itself, and known. */
  readonly constructed: readonly FoundModel[]
}

const sorted = new WeakMap<FileModels, Sorted>()

function sortedModels(facts: Facts): Sorted {
  const all = facts.models()
  let found = sorted.get(all)
  if (!found) {
    const classes = new Set(all.models.filter(({ how }) => how === 'class').map(({ label }) => label))
    sorted.set(all, found = { classes, constructed: all.models.filter((one) => one.how !== 'class' && one.place?.file === facts.file && one.model.certainty !== 'unknown') })
  }
  return found
}

function findBound(facts: Facts): readonly BoundModel[] {
  const flow = facts.flow()
  if (!flow || !/torch|\bnn\b|timm|transformers/.test(flow.source.text)) return []
  const byBinding = new Map<Binding, ModelTree>()
  let evaluated = 0
  for (const { binding, value } of readAssignments(flow)) {
    if (isPartOfModel(facts, flow, binding.scope.holder) && binding.variable.kind === 'attribute') continue
    const call = constructing(value)
    if (!call) continue
    const model = builtIn(facts, flow, value) ?? returnedBy(facts, flow, call) ?? loadedBy(facts, flow, call) ?? namedAs(facts, binding)
      ?? (mayConstruct(flow, call) && evaluated++ < maxEvaluated ? knownOnly(facts.evaluate(flow.source.textOf(call))) : undefined)
    if (model && model.certainty !== 'unknown' && model.type !== 'unknown') byBinding.set(binding, model)
  }
  return groupBindings([...byBinding.keys()]).map((bindings) => ({ bindings, models: bindings.map((binding) => byBinding.get(binding)!) }))
}

/** The call that makes the value, without `.eval()` and the like behind it. */
function constructing(value: Expression): CallExpression | undefined {
  let at = value
  while (at.kind === 'call' && at.callee.kind === 'attribute' && isChainMethod(at.callee.name.id)) at = at.callee.object
  return at.kind === 'call' ? at : undefined
}

/** A model that is constructed in the text of the value. */
function builtIn(facts: Facts, flow: FileFlow, value: Expression): ModelTree | undefined {
  return largest(facts, flow.source.range(value))
}

/** A model that a function of this file constructs and returns. */
function returnedBy(facts: Facts, flow: FileFlow, call: CallExpression): ModelTree | undefined {
  const targets = call.callee.kind === 'name' ? flow.functions.functions.get(call.callee.id) : undefined
  return targets?.length === 1 ? largest(facts, flow.source.range(targets[0]!)) : undefined
}

/** The one model constructed in a range; of several, nobody says which is meant. */
function largest(facts: Facts, range: Range): ModelTree | undefined {
  const inside = sortedModels(facts).constructed.filter((one) => contains(range, one.place!.range))
  const outermost = inside.filter((one) => !inside.some((other) => other !== one && isWider(other, one)))
  return outermost.length === 1 || sameShape(outermost) ? outermost[0]?.model : undefined
}

function isWider(a: FoundModel, b: FoundModel): boolean {
  return contains(a.place!.range, b.place!.range) && !contains(b.place!.range, a.place!.range)
}

/** The same construction met several times (a function that is called twice) counts as one. */
function sameShape(found: readonly FoundModel[]): boolean {
  const text = ({ model }: FoundModel): string => `${model.type} ${model.stateDict?.map((entry) => `${entry.name}${entry.tensor.shape.join()}`).join(';') ?? ''}`
  return found.length > 0 && found.every((one) => text(one) === text(found[0]!))
}

function contains(outer: Range, inner: Range): boolean {
  return comparePositions(outer.start, inner.start) <= 0 && comparePositions(inner.end, outer.end) <= 0
}

/** `torch.load` of a file that holds a whole module. */
function loadedBy(facts: Facts, flow: FileFlow, call: CallExpression): ModelTree | undefined {
  if (flow.names.resolve(call.callee) !== 'torch.load') return undefined
  const load = facts.loads().find((one) => one.call.start === call.start)
  const reading = load?.file === undefined ? undefined : facts.checkpoint(load.file)
  return reading && !isFailure(reading) && reading.checkpoint.kind === 'whole-module' ? pickledModel(reading.content) : undefined
}

/** What the module's name holds once its top level has run. */
function namedAs(facts: Facts, binding: Binding): ModelTree | undefined {
  if (binding.scope.owner || binding.variable.kind !== 'name') return undefined
  return facts.models().models.find((one) => one.how === 'construction' && one.label === binding.variable.name)?.model
}

function knownOnly(model: ModelTree): ModelTree | undefined {
  return model.certainty === 'unknown' ? undefined : model
}

/** A class of this file, or a factory of a library of models: everything else is not worth an evaluation. */
function mayConstruct(flow: FileFlow, call: CallExpression): boolean {
  const path = dotted(call.callee)
  if (!path) return false
  if (path.length === 1 && (flow.functions.classes.has(path[0]!) || flow.functions.functions.has(path[0]!))) return true
  const qualified = flow.names.resolve(call.callee)
  if (qualified === undefined) return false
  return /^(?:torchvision\.models|timm|torch\.nn)\./.test(qualified) || (/^[A-Z]/.test(path.at(-1)!) && !/^(?:torch\.(?!nn\.)|torchvision\.(?:datasets|transforms)|numpy|pathlib|argparse|collections)/.test(qualified))
}

/** True for the class of a model: what it holds are layers of a larger model. */
function isPartOfModel(facts: Facts, flow: FileFlow, holder: ClassStatement | undefined): boolean {
  if (!holder) return false
  if (sortedModels(facts).classes.has(`${holder.name.id}()`)) return true
  return holder.args.some((argument) => /(?:Module|Model|Network)$/.test(dotted(argument.value)?.at(-1) ?? '') || flow.functions.classes.has(dotted(argument.value)?.at(-1) ?? ''))
}
