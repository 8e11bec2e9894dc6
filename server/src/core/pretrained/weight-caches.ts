/**
 * Where downloaded weights lie: the folders of torch.hub and of the Hugging Face hub, from the variables of an
 * environment, and the bytes of what they hold. Reads names and lengths through the Files port, nothing else.
 * Source: torch/hub.py, huggingface_hub/constants.py, the layout of the hub's cache.
 */

import { exact, unknown, type Figure } from '../measure/figure.ts'
import { isFailure, type Files } from '../ports.ts'

export interface CacheEnvironment {
  readonly variables: Readonly<Record<string, string | undefined>>
  /** The home folder, with `/`. */
  readonly home: string
}

/** Longest index file that is read, in bytes; real ones have some 100 kB. */
const MAXIMUM_INDEX_BYTES = 16 * 1024 * 1024

/** A model id as the hub allows it; anything else could leave the cache's folder. */
const HUB_ID = /^[\w][\w.-]*(\/[\w][\w.-]*)?$/

/** `$TORCH_HOME`, else `$XDG_CACHE_HOME/torch`, else `~/.cache/torch`. */
export function torchHome({ variables, home }: CacheEnvironment): string {
  return expand(filled(variables['TORCH_HOME']) ?? `${filled(variables['XDG_CACHE_HOME']) ?? '~/.cache'}/torch`, home)
}

/** The folder in which torch.hub, torchvision and torchaudio keep weights files. */
export function torchCheckpointsFolder(environment: CacheEnvironment): string {
  return `${torchHome(environment)}/hub/checkpoints`
}

/** `$HF_HUB_CACHE`, else `$HUGGINGFACE_HUB_CACHE`, else `$HF_HOME/hub`; HF_HOME is `$XDG_CACHE_HOME/huggingface` by default. */
export function hubCacheFolder({ variables, home }: CacheEnvironment): string {
  const base = filled(variables['HF_HOME']) ?? `${filled(variables['XDG_CACHE_HOME']) ?? '~/.cache'}/huggingface`
  return expand(filled(variables['HF_HUB_CACHE']) ?? filled(variables['HUGGINGFACE_HUB_CACHE']) ?? `${base}/hub`, home)
}

/** A cached file and its real bytes. */
export interface CachedWeights {
  readonly path: string
  readonly bytes: Figure
}

/** A weights file of torch.hub by the name it has there; `undefined` when it is not there. */
export function cachedTorchFile(files: Files, environment: CacheEnvironment, name: string): CachedWeights | undefined {
  if (!/^[\w][\w.-]*$/.test(name)) return undefined
  const path = `${torchCheckpointsFolder(environment)}/${name}`
  const stat = files.stat(path)
  return stat?.kind === 'file' ? { path, bytes: exact(stat.bytes) } : undefined
}

/** The weights of a model of the hub in the revision that `main` names; `undefined` when none are there. */
export function cachedHubModel(files: Files, environment: CacheEnvironment, id: string): CachedWeights | undefined {
  if (!HUB_ID.test(id)) return undefined
  const folder = `${hubCacheFolder(environment)}/models--${id.replace('/', '--')}`
  const revision = files.readText(`${folder}/refs/main`, 200)
  if (isFailure(revision) || !/^[\w.-]+$/.test(revision.trim())) return undefined
  return weightsInFolder(files, `${folder}/snapshots/${revision.trim()}`)
}

/** Single files and indexes in the order in which from_pretrained looks for them. */
const WEIGHT_FILES = ['model.safetensors', 'model.safetensors.index.json', 'pytorch_model.bin', 'pytorch_model.bin.index.json']

/** The weights that from_pretrained would load from a folder: one file, or the shards of an index. */
export function weightsInFolder(files: Files, folder: string): CachedWeights | undefined {
  for (const name of WEIGHT_FILES) {
    const path = `${folder}/${name}`
    const stat = files.stat(path)
    if (stat?.kind !== 'file') continue
    return { path, bytes: name.endsWith('.index.json') ? shardBytes(files, folder, path) : exact(stat.bytes) }
  }
  return undefined
}

function shardBytes(files: Files, folder: string, index: string): Figure {
  const text = files.readText(index, MAXIMUM_INDEX_BYTES)
  if (isFailure(text)) return unknown(`the index of the shards: ${text.message}`)
  const shards = shardNames(text)
  if (!shards) return unknown('the index of the shards is not readable')
  let bytes = 0
  for (const shard of shards) {
    const stat = files.stat(`${folder}/${shard}`)
    if (stat?.kind !== 'file') return unknown(`the shard \`${shard}\` is missing`)
    bytes += stat.bytes
  }
  return exact(bytes)
}

function shardNames(text: string): ReadonlySet<string> | undefined {
  let parsed: unknown
  try {
    parsed = JSON.parse(text)
  } catch {
    return undefined
  }
  const map = typeof parsed === 'object' && parsed !== null ? (parsed as { weight_map?: unknown }).weight_map : undefined
  if (typeof map !== 'object' || map === null) return undefined
  const names = new Set<string>(Object.values(map).map(String))
  return [...names].every((name) => /^[\w][\w.-]*$/.test(name)) ? names : undefined
}

function filled(value: string | undefined): string | undefined {
  return value === undefined || value === '' ? undefined : value
}

function expand(path: string, home: string): string {
  const forward = path.replaceAll('\\', '/')
  return forward === '~' ? home : forward.startsWith('~/') ? `${home}${forward.slice(1)}` : forward
}
