/**
 * What a rule and an editor feature may ask about one file. Every fact is computed by the folder that owns it, on first
 * use, and kept for the snapshot; this file only names them. What cannot be known says so in its own type.
 *
 * To add one: add a member here and provide it in ../analysis-facts.ts.
 */

import type { CheckpointReading } from '../checkpoint/read-checkpoint.ts'
import type { AssumeComment } from '../evaluate/assume.ts'
import type { GitRepository } from '../footprint/git-repository.ts'
import type { LoadCall } from '../footprint/load-calls.ts'
import type { WorkspaceTorchUse } from '../footprint/torch-use.ts'
import type { FileModels, FoundModel } from '../layers/find-models.ts'
import type { SettledFaults } from '../layers/what-matters.ts'
import type { ModelTree } from '../model/layer-tree.ts'
import type { Manifest } from '../manifests/manifest.ts'
import type { InstalledPackages } from '../packages/installed-packages.ts'
import type { WheelPlatform } from '../packages/wheel-sizes.ts'
import type { Download } from '../pretrained/find-downloads.ts'
import type { Files, ReadFailure } from '../ports.ts'
import type { Settings } from '../settings/settings.ts'
import type { SourceFile } from '../syntax/source-file.ts'
import type { Range } from '../text/range.ts'
import type { FileFlow } from './flow/model-flow.ts'

export interface Facts {
  /** Absolute path of the file (or folder) that the facts are about. */
  readonly file: string
  /** The folders of the workspace that hold it, the nearest first; the file's own folder when there is none. */
  readonly roots: readonly string[]
  /** The disk, with open documents in the place of their files. */
  readonly files: Files
  readonly settings: Settings
  /** The PyTorch that answers are for. */
  torch(): TorchInForce
  /** The parsed file; undefined for one that is not Python. */
  source(): SourceFile | undefined
  /** Names, functions and devices of the file; undefined for one that is not Python. */
  flow(): FileFlow | undefined
  /** Calls that load a checkpoint, with the file that each means. */
  loads(): readonly LoadCall[]
  /** Calls that download weights, with their bytes where a table or a cache knows them. */
  downloads(): readonly Download[]
  /** What is in a checkpoint on disk, for the PyTorch in force. */
  checkpoint(path: string): CheckpointReading | ReadFailure
  /** The models that the file builds or declares, and the places where it constructs layers. */
  models(): FileModels
  /** What the file loads and saves amiss, with the options that this rests on. */
  faults(): SettledFaults
  /** Those of a model's assumptions that its figures rest on. */
  mattering(found: FoundModel): readonly string[]
  /** The model that an expression is in this file's namespace, as its top level leaves it. */
  evaluate(expression: string): ModelTree
  /** The `assume` comments of the file, each with the statement that it speaks of, and what is wrong with them. */
  assumptions(): AssumeFacts
  /** Another file, parsed; undefined when it cannot be read. */
  sourceOf(path: string): SourceFile | undefined
  /** The environment in use, or why there is none. */
  installed(): Installed
  /** The manifest, for a file that is one. */
  manifest(): Manifest | undefined
  /** The other manifests of its folder and those above, up to the root. */
  manifestsAround(): readonly Manifest[]
  /** The files of the workspace folder, excluded and ignored ones left out; empty where folders cannot be listed. */
  project(): readonly { readonly path: string; readonly bytes: number }[]
  /** The Git repository that the file or folder lies in; undefined where there is none that can be read. */
  git(): GitRepository | undefined
  /** What the Python files of the workspace import, and every sign that they may run on a GPU. */
  torchUse(): WorkspaceTorchUse
  /** As `torchUse`, of the sources that may be run with what this manifest installs: not those of projects beside it. */
  relatedTorchUse(): WorkspaceTorchUse
  /** The specifier that the project's requirement files ask of a package: `==2.13.0`. */
  pinOf(key: string): string | undefined
}

export interface AssumeFacts {
  readonly comments: readonly AssumeComment[]
  readonly problems: readonly { readonly range: Range; readonly message: string }[]
}

export interface Installed {
  readonly packages: InstalledPackages | undefined
  /** Why this environment, or why none. */
  readonly because: string
  readonly platform: WheelPlatform
}

export interface TorchInForce {
  /** As `2.13.0`, without a local part. */
  readonly version: string
  readonly because: 'installed' | 'pinned' | 'set' | 'newest known'
}
