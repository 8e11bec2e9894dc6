/**
 * Every setting, declared once: the manifest's `contributes.configuration`, docs/settings.md and the readers of
 * torch-footprint.toml are derived from this list. Reads no file and knows no rule; rules bring `rules.<id>` of their own.
 */

import type { Units } from '../measure/format.ts'

export type HintSetting = 'imports' | 'checkpoints' | 'layers' | 'downloads' | 'requirements'
export type RuleLevel = 'off' | 'hint' | 'information' | 'warning' | 'error'

/** Bytes from which a path's total is a warning or an error. */
export interface Budget {
  /** A glob relative to the workspace; the whole workspace when absent. */
  readonly path: string
  readonly warn?: number
  readonly error?: number
}

/** What is in force for a file: defaults, then the editor, then the nearest configuration file. */
export interface Settings {
  readonly target: string
  /** The limit of a `custom` or `docker-image` target, in bytes. */
  readonly targetLimit: number
  readonly budgets: readonly Budget[]
  readonly hintMinimumBytes: number
  readonly hints: Readonly<Record<HintSetting, boolean>>
  readonly lensMinimumParameters: number
  readonly exclude: readonly string[]
  readonly python: string
  readonly sitePackages: readonly string[]
  readonly torchVersion: string
  readonly units: Units
  readonly rules: ReadonlyMap<string, RuleLevel>
  /** `rules.<id>.<option>` of a configuration file. */
  readonly ruleOptions: ReadonlyMap<string, ReadonlyMap<string, string | number | boolean>>
}

export interface SettingDeclaration {
  /** After `torchFootprint.`; the same path in a configuration file. */
  readonly key: string
  readonly type: 'string' | 'integer' | 'boolean' | 'strings' | 'budgets'
  readonly default: string | number | boolean | readonly string[]
  readonly choices?: readonly string[]
  readonly description: string
  /** Read from the user's own settings only while the workspace is not trusted. */
  readonly restricted?: boolean
}

/**
 * Where a footprint is deployed, with the limit in bytes that its platform enforces; 0 where the user says it. The platforms
 * count in powers of two: AWS Lambda 250 MiB unzipped and 10 GiB for an image, Vercel 250 MiB, Heroku 500 MiB, GitHub 100 MiB.
 * Source: the limits pages of the platforms.
 */
export const targets = {
  'none': 0,
  'aws-lambda-zip': 262_144_000,
  'aws-lambda-image': 10_737_418_240,
  'vercel': 262_144_000,
  'heroku-slug': 524_288_000,
  'github-file': 104_857_600,
  'docker-image': 0,
  'custom': 0,
} as const

/** Folders that hold nothing a person wrote or ships from here. Environments of any name are known by their pyvenv.cfg: `env` alone may be source code. */
export const defaultExclude: readonly string[] = [
  '**/.git', '**/.hg', '**/.svn', '**/.venv', '**/venv', '**/.tox', '**/.nox', '**/site-packages', '**/dist-packages', '**/node_modules',
  '**/__pycache__', '**/.mypy_cache', '**/.ruff_cache', '**/.pytest_cache', '**/.ipynb_checkpoints', '**/.cache', '**/*.egg-info',
]

export const declarations: readonly SettingDeclaration[] = [
  { key: 'target', type: 'string', default: 'none', choices: Object.keys(targets), description: 'Where the project is deployed; the ledger says whether the footprint fits, and the shortest list of cuts that makes it fit.' },
  { key: 'targetLimit', type: 'integer', default: 0, description: 'The limit in bytes of the targets `custom` and `docker-image`.' },
  { key: 'budget', type: 'budgets', default: [], description: 'Bytes from which the files below a path are a warning or an error: a list of `{ "path": GLOB, "warn": BYTES, "error": BYTES }`.' },
  { key: 'hints.minimumBytes', type: 'integer', default: 1_000_000, description: 'Inlay hints are shown from this many bytes up; the hover says everything.' },
  { key: 'hints.imports', type: 'boolean', default: true, description: 'Show the installed bytes of PyTorch packages where they are imported.' },
  { key: 'hints.checkpoints', type: 'boolean', default: true, description: 'Show the bytes of a checkpoint where it is loaded.' },
  { key: 'hints.layers', type: 'boolean', default: true, description: 'Show parameters and bytes where layers and models are constructed.' },
  { key: 'hints.downloads', type: 'boolean', default: true, description: 'Show the bytes of pretrained weights where they are asked for.' },
  { key: 'hints.requirements', type: 'boolean', default: true, description: 'Show the bytes that a requirement brings, in requirement files.' },
  { key: 'lenses.minimumParameters', type: 'integer', default: 1_000_000, description: 'Code lenses are shown on model classes with this many parameters or more.' },
  { key: 'exclude', type: 'strings', default: [], description: 'Globs of files and folders to leave out, besides what .gitignore, virtual environments and caches already leave out.' },
  { key: 'python', type: 'string', default: '', restricted: true, description: 'The interpreter whose environment counts. It is never run. Empty: the one selected in the Python extension, else the first environment that is found.' },
  { key: 'sitePackages', type: 'strings', default: [], restricted: true, description: 'Folders of installed packages to look at, instead of searching for them.' },
  { key: 'torchVersion', type: 'string', default: '', description: 'The PyTorch version to answer for. Empty: the installed one, else the pinned one, else the newest known.' },
  { key: 'units', type: 'string', default: 'decimal', choices: ['decimal', 'binary'], description: 'How bytes are printed: decimal (1 MB is 1,000,000 bytes) or binary (1 MiB is 1,048,576 bytes).' },
]

export const defaultSettings: Settings = {
  target: 'none', targetLimit: 0, budgets: [], hintMinimumBytes: 1_000_000,
  hints: { imports: true, checkpoints: true, layers: true, downloads: true, requirements: true },
  lensMinimumParameters: 1_000_000, exclude: [], python: '', sitePackages: [], torchVersion: '', units: 'decimal', rules: new Map(), ruleOptions: new Map(),
}
