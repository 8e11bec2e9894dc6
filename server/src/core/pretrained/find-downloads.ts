/**
 * Finds the calls of a file that download weights, with the bytes they bring: torchvision models, torch.hub, timm and
 * from_pretrained. Reads the AST only; what is not a literal or a known name is unknown, and silence where nothing is loaded.
 */

import { estimate, unknown, type Figure } from '../measure/figure.ts'
import type { Files } from '../ports.ts'
import type { CallExpression, Expression, Span, Statement } from '../syntax/ast.ts'
import type { SourceFile } from '../syntax/source-file.ts'
import { walkKinds } from '../syntax/walk.ts'
import { backboneWeightsOf, isTorchvisionModel, legacyWeightsOf, weightsOf, type KnownWeights } from './torchvision-weights.ts'
import { cachedHubModel, cachedTorchFile, weightsInFolder, type CachedWeights, type CacheEnvironment } from './weight-caches.ts'

export interface Download {
  /** The call. */
  readonly span: Span
  /** What is called, without the arguments. */
  readonly calleeSpan: Span
  readonly library: 'torchvision' | 'torch.hub' | 'timm' | 'transformers'
  /** What is downloaded, as a person would name it: `ResNet50_Weights.IMAGENET1K_V2`, `bert-base-uncased`. */
  readonly label: string
  readonly url: string | null
  /** Exact when the file lies in a cache. */
  readonly bytes: Figure
  /** The cached file, or null when it is not there. */
  readonly cached: string | null
}

/** Where caches can be looked up; without it only tables answer. */
export interface DownloadContext {
  readonly files: Files
  readonly environment: CacheEnvironment
}

type Names = ReadonlyMap<string, string>

/** What the calls that download belong to. */
const LIBRARIES = /^(?:torchvision|torch|timm|transformers|diffusers|sentence_transformers|peft)(?:\.|$)/

/** Every download of a file, in the order of the text. */
export function findDownloads(source: SourceFile, context?: DownloadContext): readonly Download[] {
  const names = importedNames(source.body)
  if (![...names.values()].some((name) => LIBRARIES.test(name))) return []
  const texts = constantTexts(source.body)
  const found: Download[] = []
  walkKinds(source.body, ['call'], (node) => {
    const callee = dottedName(node.callee, names)
    if (callee === undefined) return
    const reading: Reading = { call: node, callee, names, texts, context }
    const download = torchvisionDownload(reading) ?? hubDownload(reading) ?? timmDownload(reading) ?? transformersDownload(reading)
    if (download) found.push(download)
  })
  return found
}

interface Reading {
  readonly call: CallExpression
  /** The qualified name that is called. */
  readonly callee: string
  readonly names: Names
  readonly texts: Names
  readonly context: DownloadContext | undefined
}

/** torchvision's builders, by name or through `get_model`. */
function torchvisionDownload(reading: Reading): Download | undefined {
  const { callee } = reading
  if (!callee.startsWith('torchvision.models.')) return undefined
  const last = callee.slice(callee.lastIndexOf('.') + 1)
  if (last !== 'get_model') {
    const isQuantization = callee.startsWith('torchvision.models.quantization.')
    return torchvisionModel(reading, isQuantization && truth(argument(reading, 'quantize')) === true ? `quantized_${last}` : last, 0)
  }
  const name = textOf(argument(reading, 'name') ?? positional(reading, 0), reading.texts)
  return name === undefined ? undefined : torchvisionModel(reading, name, 1)
}

/** `from` is the first positional argument that could be the old `pretrained`. */
function torchvisionModel(reading: Reading, model: string, from: number): Download | undefined {
  if (!isTorchvisionModel(model)) return undefined
  const weights = argument(reading, 'weights')
  const old = argument(reading, 'pretrained') ?? positional(reading, from)
  if (weights && !isNothing(weights)) {
    const selection = weightsName(weights, reading)
    const known = selection === undefined ? undefined : weightsOf(model, selection)
    return known ? knownDownload(reading, 'torchvision', known) : openDownload(reading, 'torchvision', model, 'which weights are meant is not known here')
  }
  const asked = old ? truth(old) : false
  if (asked === true) {
    const known = legacyWeightsOf(model)
    return known ? knownDownload(reading, 'torchvision', known) : undefined
  }
  if (asked === undefined) return openDownload(reading, 'torchvision', model, 'whether weights are downloaded is not known here')
  const backbone = argument(reading, 'weights_backbone') ?? argument(reading, 'pretrained_backbone')
  if (!backbone) {
    const known = backboneWeightsOf(model)
    return known ? knownDownload(reading, 'torchvision', known) : undefined
  }
  if (isNothing(backbone) || truth(backbone) === false) return undefined
  const known = truth(backbone) === true ? backboneWeightsOf(model) : weightsOf('', weightsName(backbone, reading) ?? '')
  return known ? knownDownload(reading, 'torchvision', known) : openDownload(reading, 'torchvision', model, 'which weights of the backbone are meant is not known here')
}

/** `torch.hub.load('pytorch/vision', 'resnet50', ...)` and `load_state_dict_from_url(URL)`. */
function hubDownload(reading: Reading): Download | undefined {
  const { callee, texts } = reading
  if (callee === 'torch.hub.load_state_dict_from_url' || callee === 'torch.utils.model_zoo.load_url') {
    const url = textOf(argument(reading, 'url') ?? positional(reading, 0), texts)
    if (url === undefined) return openDownload(reading, 'torch.hub', 'weights', 'the address is not known here')
    const file = /^[^?#]*\/([^/?#]+)/.exec(url)?.[1]
    const cached = file !== undefined && !argument(reading, 'model_dir') ? cachedFile(reading, textOf(argument(reading, 'file_name'), texts) ?? file) : undefined
    return made(reading, 'torch.hub', file ?? url, url, cached, unknown('only the server knows the length of this file'))
  }
  if (callee !== 'torch.hub.load') return undefined
  const repository = textOf(argument(reading, 'repo_or_dir') ?? positional(reading, 0), texts)
  const model = textOf(argument(reading, 'model') ?? positional(reading, 1), texts)
  if (textOf(argument(reading, 'source'), texts) === 'local') return undefined
  if (repository !== undefined && /^pytorch\/vision(:|$)/.test(repository) && model !== undefined && isTorchvisionModel(model)) return torchvisionModel(reading, model, 2)
  return openDownload(reading, 'torch.hub', [repository, model].filter((part) => part !== undefined).join(' '), 'what this repository downloads is not in a table')
}

/** `timm.create_model(NAME, pretrained=True)`. */
function timmDownload(reading: Reading): Download | undefined {
  if (reading.callee !== 'timm.create_model' && reading.callee !== 'timm.models.create_model') return undefined
  const asked = argument(reading, 'pretrained') ?? positional(reading, 1)
  if (!asked || truth(asked) === false) return undefined
  const name = textOf(argument(reading, 'model_name') ?? positional(reading, 0), reading.texts)
  if (name === undefined || truth(asked) === undefined) return openDownload(reading, 'timm', name ?? 'a model', 'whether and which weights are downloaded is not known here')
  const hub = /^hf[-_]hub:(.+)$/.exec(name)?.[1]
  // Without a tag the default one is meant, which only timm itself knows.
  const cached = hub !== undefined ? cachedModel(reading, hub) : name.includes('.') ? cachedModel(reading, `timm/${name}`) : undefined
  return made(reading, 'timm', name, null, cached, unknown('timm states no sizes; the weights are not in the cache'))
}

/** `AutoModel.from_pretrained(ID)` of names imported from transformers. */
function transformersDownload(reading: Reading): Download | undefined {
  const { callee, texts } = reading
  if (!/^(transformers|diffusers|sentence_transformers|peft)\./.test(callee) || !callee.endsWith('.from_pretrained')) return undefined
  const owner = callee.split('.').at(-2) ?? ''
  // What these load is small and no weights file.
  if (/(Tokenizer|TokenizerFast|Processor|FeatureExtractor|Config)$/.test(owner)) return undefined
  const id = textOf(argument(reading, 'pretrained_model_name_or_path') ?? positional(reading, 0), texts)
  if (id === undefined) return openDownload(reading, 'transformers', owner, 'which model is meant is not known here')
  const local = /^[./~]|^[A-Za-z]:/.test(id)
  if (local) {
    const folder = reading.context && id.startsWith('/') ? weightsInFolder(reading.context.files, id) : undefined
    return folder ? made(reading, 'transformers', id, null, folder, folder.bytes) : undefined
  }
  // A variant, a revision or a folder below selects other files than the ones looked up here.
  const isPlain = !['revision', 'subfolder', 'variant', 'use_safetensors', 'cache_dir', 'gguf_file'].some((name) => argument(reading, name) !== undefined)
  const cached = isPlain && callee.startsWith('transformers.') ? cachedModel(reading, id) : undefined
  return made(reading, 'transformers', id, null, cached, unknown('only the hub knows the length of these files; they are not in the cache'))
}

function knownDownload(reading: Reading, library: Download['library'], weights: KnownWeights): Download {
  return made(reading, library, weights.name, weights.url, cachedFile(reading, weights.file), estimate(weights.bytes, 'as torchvision states it, rounded'))
}

function openDownload(reading: Reading, library: Download['library'], label: string, reason: string): Download {
  return made(reading, library, label, null, undefined, unknown(reason))
}

function made({ call }: Reading, library: Download['library'], label: string, url: string | null, cached: CachedWeights | undefined, otherwise: Figure): Download {
  return { span: { start: call.start, end: call.end }, calleeSpan: { start: call.callee.start, end: call.callee.end }, library, label, url, bytes: cached?.bytes ?? otherwise, cached: cached?.path ?? null }
}

function cachedFile({ context }: Reading, name: string): CachedWeights | undefined {
  return context && cachedTorchFile(context.files, context.environment, name)
}

function cachedModel({ context }: Reading, id: string): CachedWeights | undefined {
  return context && cachedHubModel(context.files, context.environment, id)
}

function argument({ call }: Reading, name: string): Expression | undefined {
  return call.args.find((one) => one.kind === 'keyword' && one.name?.id === name)?.value
}

function positional({ call }: Reading, index: number): Expression | undefined {
  const before = call.args.slice(0, index + 1)
  return before.length > index && before.every(({ kind }) => kind === 'positional') ? before[index]!.value : undefined
}

/** True or False as written; `undefined` for anything that has to be evaluated. */
function truth(value: Expression | undefined): boolean | undefined {
  if (value?.kind === 'constant') return value.value === 'True' ? true : value.value === 'False' || value.value === 'None' ? false : undefined
  return undefined
}

function isNothing(value: Expression): boolean {
  return value.kind === 'constant' && value.value === 'None'
}

/** `"IMAGENET1K_V2"`, `ResNet50_Weights.DEFAULT`, `models.ResNet50_Weights["DEFAULT"]`: the selection as text. */
function weightsName(value: Expression, { texts, names }: Reading): string | undefined {
  const text = textOf(value, texts)
  if (text !== undefined) return text
  if (value.kind === 'subscript' && value.index.kind === 'string') {
    const group = dottedName(value.object, names)
    return group === undefined ? undefined : `${group.slice(group.lastIndexOf('.') + 1)}.${value.index.value}`
  }
  const name = dottedName(value, names)
  const parts = name?.split('.') ?? []
  return parts.length >= 2 && /Weights$/.test(parts.at(-2)!) ? parts.slice(-2).join('.') : undefined
}

function textOf(value: Expression | undefined, texts: Names): string | undefined {
  if (value?.kind === 'string') return value.value
  return value?.kind === 'name' ? texts.get(value.id) : undefined
}

/** `models.resnet50` with `models` imported from torchvision: `torchvision.models.resnet50`. Unimported names are no modules. */
function dottedName(value: Expression, names: Names): string | undefined {
  const parts: string[] = []
  let at = value
  while (at.kind === 'attribute') {
    parts.push(at.name.id)
    at = at.object
  }
  if (at.kind !== 'name') return undefined
  const root = names.get(at.id)
  return root === undefined ? undefined : [root, ...parts.reverse()].join('.')
}

/** Local names that stand for modules and what is in them. */
function importedNames(body: readonly Statement[]): Names {
  const names = new Map<string, string>()
  walkKinds(body, ['import', 'importFrom'], (node) => {
    if (node.kind === 'import') {
      for (const { name, alias } of node.names) {
        if (alias) names.set(alias.id, name.id)
        else names.set(name.id.split('.')[0]!, name.id.split('.')[0]!)
      }
    } else if (node.level === 0 && node.module && node.names !== '*') {
      for (const { name, alias } of node.names) names.set(alias?.id ?? name.id, `${node.module.id}.${name.id}`)
    }
  })
  return names
}

/** Names that the whole file binds once, to a string, at its top level. */
function constantTexts(body: readonly Statement[]): Names {
  const texts = new Map<string, string>()
  const bound = new Map<string, number>()
  walkKinds(body, ['assign', 'annotatedAssign', 'augmentedAssign', 'for', 'named', 'function'], (node) => {
    const targets = node.kind === 'assign' ? node.targets : node.kind === 'annotatedAssign' || node.kind === 'augmentedAssign' || node.kind === 'for' || node.kind === 'named' ? [node.target] : []
    for (const target of targets) if (target.kind === 'name') bound.set(target.id, (bound.get(target.id) ?? 0) + 1)
    if (node.kind === 'function') for (const { name } of node.parameters) if (name) bound.set(name.id, (bound.get(name.id) ?? 0) + 1)
  })
  for (const statement of body) {
    if (statement.kind !== 'assign' || statement.value.kind !== 'string') continue
    for (const target of statement.targets) if (target.kind === 'name' && bound.get(target.id) === 1) texts.set(target.id, statement.value.value)
  }
  return texts
}
