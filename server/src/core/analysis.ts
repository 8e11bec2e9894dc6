/**
 * The façade: everything that lsp/ and cli/ may ask, over the state that they tell. Synchronous and pure; answers are plain
 * data (ide/answers.ts). Keeps what a file's answers rest on until a change makes them stale, and computes on question only.
 */

import { createFacts, type SharedFacts } from './analysis-facts.ts'
import type { Checkpoint } from './checkpoint/checkpoint.ts'
import { CheckpointState } from './checkpoint-state.ts'
import { whatIf } from './checkpoint/what-if.ts'
import { fileFindings } from './ide/checkpoint-findings.ts'
import { Documents, isPython } from './documents.ts'
import { importRoots } from './evaluate/own-package.ts'
import type { Limits } from './evaluate/limits.ts'
import type { CodeAction, CodeLens, Finding, HoverCard, InlayHint } from './ide/answers.ts'
import { plainSourceReader } from './footprint/plain-source-reader.ts'
import { TorchUseState, type WorkspaceTorchUse } from './footprint/torch-use.ts'
import { storedValue } from './footprint/stored-values.ts'
import { codeActions } from './ide/code-actions.ts'
import { codeLenses } from './ide/code-lenses.ts'
import { diagnostics } from './ide/diagnostics.ts'
import { footprint, type FootprintSummary } from './ide/footprint.ts'
import { hover } from './ide/hover.ts'
import { inlayHints } from './ide/inlay-hints.ts'
import { type EnvironmentQuestion, type FindEnvironment, InstalledState } from './installed-state.ts'
import { sum } from './measure/figure.ts'
import type { Units } from './measure/format.ts'
import { type ModelQuestion, ModelState } from './model-state.ts'
import type { MeasureFolder } from './packages/installed-bytes.ts'
import { newestTorch, pinnedVersion } from './packages/torch-releases.ts'
import type { CacheEnvironment } from './pretrained/weight-caches.ts'
import { isFailure, type Files, type Inflate, type SourceReader } from './ports.ts'
import type { Facts, TorchInForce } from './rules/facts.ts'
import { rules } from './rules/generated/catalog.ts'
import { type RuleAnswers, type RunOptions, runRules } from './rules/run-rules.ts'
import { configFileNames, maxConfigBytes, readConfigFile } from './settings/config-file.ts'
import { layerSettings } from './settings/read-settings.ts'
import { defaultSettings, type Settings } from './settings/settings.ts'
import type { PythonParser } from './syntax/parser.ts'
import type { Position, Range } from './text/range.ts'

export interface AnalysisPorts {
  readonly files: Files
  readonly parser: PythonParser
  readonly inflate?: Inflate
  /** Absent: there is no environment to look at. */
  readonly findEnvironment?: FindEnvironment
  readonly measureFolder?: MeasureFolder
  /** Lists the files of a project folder. Absent: there is no footprint of folders. */
  readonly listProject?: (folder: string, exclude: readonly string[]) => readonly ProjectEntry[]
  /** Absent: sources are read through `files`. */
  readonly sourceReader?: SourceReader
  /** Where downloaded weights are kept. Absent: only tables answer. */
  readonly caches?: CacheEnvironment
  /** Budgets of evaluation; an editor gives smaller ones than a command line. */
  readonly limits?: Partial<Limits>
}

/** What a caller fixes from outside, whatever files say: the command line's options. */
export interface Overrides {
  readonly sitePackages?: readonly string[]
  readonly python?: string
  readonly torchVersion?: string
  readonly target?: string
  readonly targetLimit?: number
  readonly assume?: ReadonlyMap<string, string>
}

export interface ProjectEntry {
  readonly path: string
  readonly bytes: number
}

interface Folder {
  readonly folder: string
  readonly settings: unknown
}

export class AnalysisHost {
  readonly #parser: PythonParser
  readonly #documents: Documents
  readonly #installed: InstalledState
  readonly #checkpoints: CheckpointState
  readonly #models: ModelState
  #folders: readonly Folder[] = []
  #editorDefaults: unknown
  #interpreter: string | undefined
  #overrides: Overrides = {}
  readonly #listProject: AnalysisPorts['listProject']
  readonly #listings = new Map<string, readonly ProjectEntry[]>()
  #footprint: FootprintSummary | undefined
  #projectFindings: readonly Finding[] | undefined
  /** By folder; it follows edits by itself. */
  readonly #torchUse = new Map<string, TorchUseState>()
  readonly #sourceReader: SourceReader
  readonly #caches: CacheEnvironment | undefined
  /** Answers of the present state by file; emptied by every change, so that no answer outlives what it rests on. */
  readonly #facts = new Map<string, Facts>()
  readonly #rules = new Map<string, RuleAnswers>()

  constructor(ports: AnalysisPorts) {
    this.#parser = ports.parser
    this.#documents = new Documents(ports.files, ports.parser)
    this.#installed = new InstalledState(ports.files, ports.findEnvironment, ports.measureFolder)
    // Without an inflater only what is stored can be read; torch.save stores everything.
    this.#checkpoints = new CheckpointState(ports.files, ports.inflate ?? (() => undefined))
    this.#models = new ModelState(this.#documents, ports.parser, ports.limits ?? {}, (path, torchVersion) => {
      const reading = this.#checkpoints.of(path, torchVersion)
      return isFailure(reading) ? undefined : storedValue(reading)
    })
    this.#listProject = ports.listProject
    this.#caches = ports.caches
    this.#sourceReader = ports.sourceReader ?? plainSourceReader(ports.files)
  }

  // ------------------------------------------------------------------------------------------------ changes

  /** The editor's text stands before the disk's until `close`. */
  open(file: string, text: string): void {
    this.#documents.open(file, text)
    this.#edited(file)
    this.#forget()
  }

  change(file: string, text: string): void {
    this.#documents.change(file, text)
    this.#models.edited(file)
    this.#edited(file)
    this.#forget()
  }

  close(file: string): void {
    this.#documents.close(file)
    this.#edited(file)
    this.#forget()
  }

  #edited(file: string): void {
    for (const [root, state] of this.#torchUse) if (file.startsWith(`${root}/`)) state.edited(file)
  }

  /** Files or folders that were created, changed or deleted outside the editor; `contentsOnly` says that all were there before and still are. */
  filesChanged(files: readonly string[], { contentsOnly = false }: { readonly contentsOnly?: boolean } = {}): void {
    // What the editor holds stands before the disk: a file that was saved has not changed.
    if (contentsOnly && files.every((file) => this.#documents.isOpen(file) && isPython(file))) return
    this.#installed.recheck()
    // Contents are compared by their stamps; what an import finds may be another file now.
    if (!contentsOnly) this.#models.forget()
    this.#listings.clear()
    this.#projectFindings = undefined
    for (const state of this.#torchUse.values()) state.recheck()
    this.#forget()
  }

  /** The open folders; `settings` is the `torchFootprint` section of each, as the editor sent it. */
  configure(folders: readonly Folder[], defaults: unknown): void {
    this.#folders = folders
    this.#projectFindings = undefined
    this.#editorDefaults = defaults
    this.#forget()
  }

  /** The interpreter that the person selected; it is never run. */
  selectInterpreter(path: string | undefined): void {
    this.#interpreter = path
    this.#installed.recheck()
    this.#forget()
  }

  override(overrides: Overrides): void {
    this.#overrides = overrides
    this.#forget()
  }

  #forget(): void {
    this.#facts.clear()
    this.#rules.clear()
    this.#footprint = undefined
  }

  // ------------------------------------------------------------------------------------------------ questions

  diagnostics(file: string): readonly Finding[] {
    return this.ruleAnswers(file).findings
  }

  /** Findings, and the fixes that are declined with their reasons; `named` rules run although they are off. */
  ruleAnswers(file: string, options: RunOptions = {}): RuleAnswers {
    if (options.named) return this.#runRules(file, options)
    let answers = this.#rules.get(file)
    if (!answers) this.#rules.set(file, answers = this.#runRules(file, {}))
    return answers
  }

  /** What rules say about a folder as a whole. */
  workspaceFindings(folder: string): readonly Finding[] {
    const facts = this.facts(folder)
    return runRules(rules, { kind: 'workspace', file: folder, text: '', facts }, facts.settings).findings
  }

  /** The same of every open folder; kept until something on the disk changes, for no edit can. */
  projectFindings(): readonly Finding[] {
    return (this.#projectFindings ??= this.#folders.filter(({ folder }) => folder !== '').flatMap(({ folder }) => this.workspaceFindings(folder)))
  }

  #runRules(file: string, options: RunOptions): RuleAnswers {
    const text = this.#documents.text(file)
    return text === undefined ? { findings: [], declined: [] } : diagnostics(rules, this.facts(file), text, options)
  }

  inlayHints(file: string, range: Range): readonly InlayHint[] {
    return inlayHints(this.facts(file), range)
  }

  hover(file: string, position: Position): HoverCard | undefined {
    return hover(this.facts(file), position)
  }

  codeLenses(file: string): readonly CodeLens[] {
    return codeLenses(this.facts(file))
  }

  /** What is in a weights file, and what the rules say about it. */
  checkpoint(file: string): { readonly report: { readonly file: string } & Checkpoint; readonly findings: readonly Finding[] } | undefined {
    const reading = this.facts(file).checkpoint(file)
    return isFailure(reading) ? undefined : { report: { file, ...reading.checkpoint, whatIf: whatIf(reading, file) }, findings: fileFindings(reading, file) }
  }

  codeActions(file: string, range: Range): readonly CodeAction[] {
    return codeActions(this.facts(file), this.ruleAnswers(file), range)
  }

  /** The ledger of the first open folder; of several folders, one ledger with a row for each. */
  footprint(): FootprintSummary | undefined {
    const listed = this.#folders.filter(({ folder }) => this.#listProject !== undefined && folder !== '')
    if (listed.length === 0) return undefined
    this.#footprint ??= joinFootprints(listed.map(({ folder }) => footprint({ folder, files: this.#filesOf(folder), facts: (file) => this.facts(file) })))
    return this.#footprint
  }

  /** The files of a project folder, excluded ones left out. */
  #filesOf(folder: string): readonly ProjectEntry[] {
    let files = this.#listings.get(folder)
    if (!files) this.#listings.set(folder, files = this.#listProject?.(folder, this.settings(`${folder}/x`).exclude) ?? [])
    return files
  }

  units(): Units {
    return this.#settings(this.#folders[0]?.folder ?? '/').units
  }

  /** Folders outside the workspace whose direct children matter: the site-packages in use. */
  watchedFolders(): readonly string[] {
    return this.#folders.flatMap(({ folder }) => this.facts(folder).installed().packages?.environment.sitePackages ?? [])
  }

  /** The facts that the answers about a file rest on, for those who compute more from them. */
  facts(file: string): Facts {
    let facts = this.#facts.get(file)
    if (!facts) {
      const shared: SharedFacts = { documents: this.#documents, parser: this.#parser, torch: (of) => this.#torch(of), installed: (of) => this.#installed.of(this.#environmentQuestion(of)), checkpoints: this.#checkpoints, models: (of) => this.#models.of(this.#modelQuestion(of)), faults: (of) => this.#models.faults(this.#modelQuestion(of)), mattering: (of, found) => this.#models.mattering(this.#modelQuestion(of), found), evaluate: (of, expression) => this.#models.evaluate(this.#modelQuestion(of), expression), torchUse: (root) => this.#torchUseOf(root), project: (root) => this.#filesOf(root), caches: this.#caches }
      this.#facts.set(file, facts = createFacts(shared, file, this.#rootsOf(file), this.#settings(file)))
    }
    return facts
  }

  #torchUseOf(root: string): WorkspaceTorchUse {
    let state = this.#torchUse.get(root)
    if (!state) this.#torchUse.set(root, state = new TorchUseState(this.#documents.files, this.#sourceReader, (path) => this.#documents.openText(path)))
    return state.of(root, this.settings(`${root}/x`).exclude)
  }

  /** The settings in force for a file or folder: defaults, the editor, the nearest configuration file, the command line. */
  settings(file: string): Settings {
    return this.facts(file).settings
  }

  #settings(file: string): Settings {
    let settings = layerSettings(defaultSettings, this.#editorDefaults).settings
    const folder = this.#rootsOf(file)[0]
    const editor = this.#folders.find((one) => one.folder === folder)
    if (editor) settings = layerSettings(settings, editor.settings).settings
    const config = this.#configFor(file)
    if (config) settings = layerSettings(settings, config).settings
    const { sitePackages, python, torchVersion, target, targetLimit } = this.#overrides
    return {
      ...settings,
      ...(sitePackages?.length ? { sitePackages } : {}),
      ...(python === undefined ? {} : { python }),
      ...(torchVersion === undefined ? {} : { torchVersion }),
      ...(target === undefined ? {} : { target }),
      ...(targetLimit === undefined ? {} : { targetLimit }),
    }
  }

  /** The nearest configuration file that speaks of us, from the file's folder up to the top of the disk. */
  #configFor(file: string): Readonly<Record<string, unknown>> | undefined {
    const { files } = this.#documents
    for (let folder = file; folder.includes('/');) {
      folder = folder.slice(0, folder.lastIndexOf('/'))
      for (const name of configFileNames) {
        const path = `${folder}/${name}`
        if (files.stat(path)?.kind !== 'file') continue
        const text = files.readText(path, maxConfigBytes)
        const { values } = typeof text === 'string' ? readConfigFile(name, text) : { values: {} }
        if (name === 'torch-footprint.toml' || Object.keys(values).length > 0) return values
      }
    }
    return undefined
  }

  #rootsOf(file: string): readonly string[] {
    const roots = this.#folders.map((one) => one.folder).filter((folder) => file === folder || file.startsWith(`${folder}/`))
    roots.sort((a, b) => b.length - a.length)
    return roots.length ? roots : [file.slice(0, file.lastIndexOf('/')) || '/']
  }

  /** One environment for a workspace: what the settings name, else what is found from its folders. */
  #environmentQuestion(file: string): EnvironmentQuestion {
    const { sitePackages, python } = this.facts(file).settings
    return {
      sitePackages,
      ...(python === '' ? {} : { python }),
      ...(this.#interpreter === undefined ? {} : { selected: this.#interpreter }),
      startFolders: this.#rootsOf(file),
    }
  }

  #modelQuestion(file: string): ModelQuestion {
    const facts = this.facts(file)
    return {
      file,
      roots: importRoots(this.#documents.files, file, facts.roots),
      sitePackages: facts.installed().packages?.environment.sitePackages ?? [],
      torchVersion: facts.torch().version,
      assumptions: new Map(this.#overrides.assume),
    }
  }

  #torch(file: string): TorchInForce {
    const facts = this.facts(file)
    if (facts.settings.torchVersion) return { version: plainVersion(facts.settings.torchVersion), because: 'set' }
    const installed = facts.installed().packages?.torch
    if (installed) return { version: plainVersion(installed.version), because: 'installed' }
    const pinned = pinnedVersion(facts.pinOf('torch') ?? '')
    return pinned === undefined ? { version: newestTorch, because: 'newest known' } : { version: plainVersion(pinned), because: 'pinned' }
  }
}

/** `2.6.0+cpu` and `1.13.0a0` without what does not say which release it is. */
function plainVersion(version: string): string {
  return /^\d+(?:\.\d+)*/.exec(version)?.[0] ?? version
}

function joinFootprints(all: readonly FootprintSummary[]): FootprintSummary {
  if (all.length === 1) return all[0]!
  const root = { id: 'workspace', name: 'workspace', kind: 'workspace' as const, bytes: sum(all.map((one) => one.root.bytes)), children: all.map((one, index) => ({ ...one.root, id: `folder:${String(index)}` })) }
  const target = all.find((one) => one.target?.fits === false)?.target ?? all.find((one) => one.target)?.target
  return { root, ...(target ? { target } : {}) }
}
