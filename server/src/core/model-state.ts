/**
 * The models of each file, evaluated when they are first asked for and kept until a file that they rest on changes.
 * Library code stays loaded in the session of its folder, so that only the first question about it is slow.
 */

import type { Documents } from './documents.ts'
import type { Limits } from './evaluate/limits.ts'
import { analyseFile, type FileModels } from './layers/find-models.ts'
import { createModelSession, type ModelSession } from './layers/model-session.ts'
import type { StoredValue } from './model/stored-value.ts'
import type { ModelTree } from './model/layer-tree.ts'
import type { PythonParser } from './syntax/parser.ts'

export interface ModelQuestion {
  readonly file: string
  /** Folders that imports are looked for in, the file's own first. */
  readonly roots: readonly string[]
  readonly sitePackages: readonly string[]
  readonly torchVersion: string
  readonly assumptions: ReadonlyMap<string, string>
}

/** Sessions that are kept: each holds the library modules that its folder imports. */
const maxSessions = 4
/** Files whose models are kept. */
const maxKept = 200

interface Kept {
  readonly key: string
  /** The files of the workspace that the answer rests on, with their stamps. */
  readonly stamps: readonly (readonly [string, string | undefined])[]
  readonly models: FileModels
}

const noModels: FileModels = { models: [], sites: [] }
/** A file that names none of these builds no model; most files of a workspace are left alone by this. */
const mentionsModels = /\btorch|\btimm\b|\btransformers\b|\bnn\.|\blightning|\bimport\s|\bfrom\s/

export class ModelState {
  readonly #documents: Documents
  readonly #parser: PythonParser
  readonly #limits: Partial<Limits>
  readonly #readStored: (path: string, torchVersion: string) => StoredValue | undefined
  /** Weights files that the evaluation at hand has read. */
  readonly #stored = new Set<string>()
  readonly #sessions = new Map<string, ModelSession>()
  readonly #kept = new Map<string, Kept>()
  readonly #evaluated = new WeakMap<FileModels, Map<string, ModelTree>>()

  constructor(documents: Documents, parser: PythonParser, limits: Partial<Limits>, readStored: (path: string, torchVersion: string) => StoredValue | undefined) {
    this.#readStored = readStored
    this.#documents = documents
    this.#parser = { parse: (text) => documents.openSourceOf(text) ?? parser.parse(text), open: (text) => parser.open(text) }
    this.#limits = limits
  }

  of(question: ModelQuestion): FileModels {
    const { file } = question
    const text = this.#documents.text(file)
    if (text === undefined || !mentionsModels.test(text)) return noModels
    const key = sessionKey(question)
    const kept = this.#kept.get(file)
    if (kept?.key === key && kept.stamps.every(([path, stamp]) => this.#documents.stamp(path) === stamp)) return kept.models
    const session = this.#session(question, key)
    this.#stored.clear()
    const models = analyseFile(session, file)
    const libraries = question.sitePackages
    const read = new Set([file, ...this.#stored, ...session.evaluator.filesRead.map(({ path }) => path).filter((path) => !libraries.some((folder) => path.startsWith(`${folder}/`)))])
    this.#kept.delete(file)
    if (this.#kept.size >= maxKept) this.#kept.delete(this.#kept.keys().next().value!)
    this.#kept.set(file, { key, models, stamps: [...read].map((path) => [path, this.#documents.stamp(path)] as const) })
    return models
  }

  /** The model that an expression is in the namespace of the file; kept as long as the file's models are. */
  evaluate(question: ModelQuestion, expression: string): ModelTree {
    const models = this.of(question)
    let kept = this.#evaluated.get(models)
    if (!kept) this.#evaluated.set(models, kept = new Map())
    let model = kept.get(expression)
    if (!model) kept.set(expression, model = this.#session(question, sessionKey(question)).evaluate({ file: question.file, expression }))
    return model
  }

  /** Files appeared or went away: what an import finds may be another file now. */
  forget(): void {
    this.#kept.clear()
    this.#sessions.clear()
  }

  #session(question: ModelQuestion, key: string): ModelSession {
    let session = this.#sessions.get(key)
    if (session) {
      // Used last: leaves last.
      this.#sessions.delete(key)
    } else {
      if (this.#sessions.size >= maxSessions) this.#sessions.delete(this.#sessions.keys().next().value!)
      session = createModelSession({
        files: this.#documents.files, parser: this.#parser, roots: question.roots, sitePackages: question.sitePackages,
        torchVersion: question.torchVersion, assumptions: question.assumptions, limits: this.#limits,
        readStored: (path) => { this.#stored.add(path); return this.#readStored(path, question.torchVersion) },
        documentText: (path) => (this.#documents.isOpen(path) ? this.#documents.text(path) : undefined),
      })
    }
    this.#sessions.set(key, session)
    return session
  }
}

function sessionKey({ roots, sitePackages, torchVersion, assumptions }: ModelQuestion): string {
  return JSON.stringify([roots, sitePackages, torchVersion, [...assumptions]])
}
