/** Provides the facts about one file, each computed by its owner when it is first asked for. */

import type { CheckpointState } from './checkpoint-state.ts'
import { type Documents, isPython } from './documents.ts'
import { readFileAssumptions } from './evaluate/assume.ts'
import { findGitRepository } from './footprint/git-repository.ts'
import { findLoadCalls } from './footprint/load-calls.ts'
import { pinsOf } from './footprint/pins.ts'
import type { WorkspaceTorchUse } from './footprint/torch-use.ts'
import type { FileModels, FoundModel } from './layers/find-models.ts'
import type { SettledFaults } from './layers/what-matters.ts'
import type { ModelTree } from './model/layer-tree.ts'
import { folderOf, manifestAt, manifestsAround } from './manifests/read-manifest.ts'
import { sourcesRelatedTo } from './manifests/scope.ts'
import type { Files } from './ports.ts'
import { findDownloads, type Download } from './pretrained/find-downloads.ts'
import type { CacheEnvironment } from './pretrained/weight-caches.ts'
import type { AssumeFacts, Facts, Installed, TorchInForce } from './rules/facts.ts'
import { type FileFlow, readFlow } from './rules/flow/model-flow.ts'
import type { Settings } from './settings/settings.ts'
import type { PythonParser } from './syntax/parser.ts'
import type { SourceFile } from './syntax/source-file.ts'

/** What all files of a snapshot share. */
export interface SharedFacts {
  readonly documents: Documents
  readonly parser: PythonParser
  readonly torch: (file: string) => TorchInForce
  readonly installed: (file: string) => Installed
  readonly checkpoints: CheckpointState
  readonly models: (file: string) => FileModels
  readonly faults: (file: string) => SettledFaults
  readonly mattering: (file: string, found: FoundModel) => readonly string[]
  readonly evaluate: (file: string, expression: string) => ModelTree
  readonly torchUse: (root: string) => WorkspaceTorchUse
  readonly project: (root: string) => readonly { readonly path: string; readonly bytes: number }[]
  readonly caches: CacheEnvironment | undefined
}

/** Kept as long as the parsed file is: an edit elsewhere changes none of it. */
const flows = new WeakMap<SourceFile, FileFlow>()

export function createFacts(shared: SharedFacts, file: string, roots: readonly string[], settings: Settings): Facts {
  const { files } = shared.documents
  const source = once(() => (isPython(file) ? shared.documents.source(file) : undefined))
  const flow = once(() => flowOf(source()))
  const around = once(() => manifestsAround(files, file, roots.at(-1) ?? folderOf(file)))
  const pins = once(() => pinsOf(around()))
  const project = once(() => shared.project(roots.at(-1) ?? folderOf(file)))
  const torchUse = once(() => shared.torchUse(roots.at(-1) ?? folderOf(file)))
  return {
    file,
    roots,
    settings,
    files,
    source,
    flow,
    torch: once(() => shared.torch(file)),
    installed: once(() => shared.installed(file)),
    checkpoint: (path) => shared.checkpoints.of(path, shared.torch(file).version),
    models: once(() => shared.models(file)),
    faults: once(() => shared.faults(file)),
    mattering: (found) => shared.mattering(file, found),
    evaluate: (expression) => shared.evaluate(file, expression),
    assumptions: once(() => assumptionsOf(shared.parser, source())),
    sourceOf: (path) => shared.documents.source(path),
    manifest: once(() => manifestAt(files, file)),
    manifestsAround: around,
    git: once(() => findGitRepository(files, file, shared.caches)),
    project,
    torchUse,
    relatedTorchUse: once(() => {
      const isRelated = sourcesRelatedTo(file, project())
      return isRelated ? torchUse().within(isRelated) : torchUse()
    }),
    pinOf: (key) => pins().get(key),
    downloads: once(() => downloadsOf(files, source(), shared.caches)),
    loads: once(() => {
      const parsed = source()
      return parsed ? findLoadCalls({ source: parsed, file, roots, files, resolve: (expression) => flow()?.names.resolve(expression) }) : []
    }),
  }
}

function assumptionsOf(parser: PythonParser, source: SourceFile | undefined): AssumeFacts {
  if (!source) return { comments: [], problems: [] }
  const { comments, problems } = readFileAssumptions(parser, source)
  return { comments, problems: problems.map(({ start, end, message }) => ({ message, range: source.lines.range(start, end) })) }
}

function downloadsOf(files: Files, source: SourceFile | undefined, caches: CacheEnvironment | undefined): readonly Download[] {
  // Most files download nothing: the text tells before any walk.
  if (!source || !/torchvision|\bhub\b|timm|from_pretrained|model_zoo|load_state_dict_from_url/.test(source.text)) return []
  return findDownloads(source, caches && { files, environment: caches })
}

function flowOf(source: SourceFile | undefined): FileFlow | undefined {
  if (!source) return undefined
  let flow = flows.get(source)
  if (!flow) flows.set(source, flow = readFlow(source))
  return flow
}

/** The function with its first answer kept. */
export function once<Value>(compute: () => Value): () => Value {
  let kept: { readonly value: Value } | undefined
  return () => (kept ??= { value: compute() }).value
}
