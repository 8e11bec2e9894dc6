/**
 * The models of each file, evaluated when they are first asked for and kept until a file that they rest on changes; those of
 * open files follow their edits (layers/live-file.ts). Library code stays loaded in its session, so that only the first
 * question about it is slow.
 */

import type { Documents } from './documents.ts'
import type { ModuleResult } from './evaluate/contract.ts'
import { LibraryCodes } from './evaluate/library-codes.ts'
import type { Limits } from './evaluate/limits.ts'
import { analyseStanding, type FileModels, type FoundModel } from './layers/find-models.ts'
import { LiveFile } from './layers/live-file.ts'
import { createModelSession, type Following, type ModelSession } from './layers/model-session.ts'
import { foundModelMatters, type Rerun, rerunningFile, settleFaults, type SettledFaults } from './layers/what-matters.ts'
import type { StoredValue } from './model/stored-value.ts'
import type { ModelTree } from './model/layer-tree.ts'
import type { PythonParser } from './syntax/parser.ts'
import type { SourceFile } from './syntax/source-file.ts'

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
/** Open files that are followed: each holds a session of its own. */
const maxLive = 3
/** Files whose models are kept. */
const maxKept = 200

interface Kept {
  readonly key: string
  /** The files of the workspace that the answer rests on, with their stamps. */
  readonly stamps: readonly (readonly [string, string | undefined])[]
  readonly models: FileModels
}

/** An open file with what its evaluation rests on beside its own text. */
interface Live {
  readonly key: string
  readonly file: LiveFile
  /** Weights files that it has read. */
  readonly stored: Set<string>
  stamps: Kept['stamps']
}

const noModels: FileModels = { models: [], sites: [] }
/** A file that names none of these builds no model; most files of a workspace are left alone by this. */
const mentionsModels = /\btorch|\btimm\b|\btransformers\b|\bnn\.|\blightning|\bimport\s|\bfrom\s/

export class ModelState {
  readonly #documents: Documents
  readonly #parser: PythonParser
  readonly #limits: Partial<Limits>
  readonly #readStored: (path: string, torchVersion: string) => StoredValue | undefined
  /** Weights files that the evaluation at hand of a closed file has read. */
  readonly #stored = new Set<string>()
  readonly #sessions = new Map<string, ModelSession>()
  readonly #kept = new Map<string, Kept>()
  readonly #live = new Map<string, Live>()
  /** The closed file that was evaluated last, while its session has done nothing else. */
  #standing: { readonly session: ModelSession, readonly resets: number, readonly models: FileModels, readonly imported: ModuleResult } | undefined
  /** Libraries are parsed once for all sessions. */
  readonly #codes = new LibraryCodes()
  readonly #evaluated = new WeakMap<FileModels, Map<string, ModelTree>>()
  readonly #faults = new WeakMap<FileModels, SettledFaults>()
  readonly #mattering = new WeakMap<ModelTree, readonly string[]>()

  constructor(documents: Documents, parser: PythonParser, limits: Partial<Limits>, readStored: (path: string, torchVersion: string) => StoredValue | undefined) {
    this.#readStored = readStored
    this.#documents = documents
    this.#parser = { ...parser, parse: (text) => documents.openSourceOf(text) ?? parser.parse(text) }
    this.#limits = limits
  }

  /** The text of an open file has changed. */
  edited(file: string): void {
    const source = this.#documents.source(file)
    if (source) this.#live.get(file)?.file.edited(source)
  }

  of(question: ModelQuestion): FileModels {
    const { file } = question
    const text = this.#documents.text(file)
    if (text === undefined || !mentionsModels.test(text)) return noModels
    const key = sessionKey(question)
    const source = this.#documents.isOpen(file) ? this.#documents.source(file) : undefined
    if (source) return this.#ask(question, key, (live) => live.models(source))
    const kept = this.#kept.get(file)
    if (kept?.key === key && this.#isCurrent(kept.stamps)) return kept.models
    const session = this.#session(question, key)
    this.#stored.clear()
    const { models, imported } = analyseStanding(session, file)
    this.#standing = { session, resets: session.evaluator.resets, models, imported }
    this.#kept.delete(file)
    if (this.#kept.size >= maxKept) this.#kept.delete(this.#kept.keys().next().value!)
    this.#kept.set(file, { key, models, stamps: [[file, this.#documents.stamp(file)], ...this.#stamps(session, question, this.#stored)] })
    return models
  }

  /** The model that an expression is in the namespace of the file; kept as long as the file's models are. */
  evaluate(question: ModelQuestion, expression: string): ModelTree {
    const { file } = question
    const key = sessionKey(question)
    const source = this.#documents.isOpen(file) ? this.#documents.source(file) : undefined
    if (source) return this.#ask(question, key, (live) => live.evaluate(source, expression))
    const models = this.of(question)
    let kept = this.#evaluated.get(models)
    if (!kept) this.#evaluated.set(models, kept = new Map())
    let model = kept.get(expression)
    if (!model) kept.set(expression, model = this.#evaluateStanding(models, expression) ?? this.#session(question, key).evaluate({ file, expression, asMain: true }))
    return model
  }

  /** In a file that was the last to be evaluated its top level need not be run again. */
  #evaluateStanding(models: FileModels, expression: string): ModelTree | undefined {
    if (this.#standing?.models !== models) return undefined
    const { session, resets, imported } = this.#standing
    return session.evaluator.resets === resets ? session.evaluator.isolated(() => session.evaluateIn(imported, expression, 0)) : undefined
  }

  /** What the file loads and saves amiss, with the options that this rests on. */
  faults(question: ModelQuestion): SettledFaults {
    const models = this.of(question)
    let faults = this.#faults.get(models)
    if (!faults) this.#faults.set(models, faults = settleFaults(models, this.#rerun(question, 'faults')))
    return faults
  }

  /** Those of the model's assumptions that what is said of it rests on. */
  mattering(question: ModelQuestion, found: FoundModel): readonly string[] {
    let mattering = this.#mattering.get(found.model)
    if (!mattering) this.#mattering.set(found.model, mattering = foundModelMatters(found, this.#rerun(question)))
    return mattering
  }

  #rerun(question: ModelQuestion, of: 'hover' | 'faults' = 'hover'): Rerun<FileModels> {
    return rerunningFile(this.#session(question, sessionKey(question)), question.file, of)
  }

  /** Asks an open file, which starts anew when something else that it read has changed. */
  #ask<Answer>(question: ModelQuestion, key: string, answer: (live: LiveFile) => Answer): Answer {
    const { file } = question
    let live = this.#live.get(file)
    if (live && live.key !== key) live = undefined
    if (live && !this.#isCurrent(live.stamps)) live.file.forget()
    if (!live) {
      const stored = new Set<string>()
      live = { key, stamps: [], stored, file: new LiveFile(file, (follow, ownSource) => this.#createSession(question, stored, { follow, ownSource })) }
    }
    // Used last: leaves last.
    this.#live.delete(file)
    if (this.#live.size >= maxLive) this.#live.delete(this.#live.keys().next().value!)
    this.#live.set(file, live)
    const given = answer(live.file)
    live.stamps = this.#stamps(live.file.session, question, live.stored)
    return given
  }

  #isCurrent(stamps: Kept['stamps']): boolean {
    return stamps.every(([path, stamp]) => this.#documents.stamp(path) === stamp)
  }

  /** Files of the workspace that an evaluation read, the evaluated one left out. */
  #stamps({ evaluator }: ModelSession, { file, sitePackages }: ModelQuestion, stored: ReadonlySet<string>): Kept['stamps'] {
    return [...stored, ...evaluator.filesRead.map(({ path }) => path)]
      .filter((path) => path !== file && !sitePackages.some((folder) => path.startsWith(`${folder}/`)))
      .map((path) => [path, this.#documents.stamp(path)] as const)
  }

  /** Files appeared or went away: what an import finds may be another file now. */
  forget(): void {
    this.#kept.clear()
    this.#live.clear()
    this.#sessions.clear()
    this.#standing = undefined
  }

  #session(question: ModelQuestion, key: string): ModelSession {
    let session = this.#sessions.get(key)
    if (session) {
      // Used last: leaves last.
      this.#sessions.delete(key)
    } else {
      session = this.#moved(question)
      if (session === undefined) {
        if (this.#sessions.size >= maxSessions) this.#sessions.delete(this.#sessions.keys().next().value!)
        session = this.#createSession(question, this.#stored)
      }
    }
    this.#sessions.set(key, session)
    return session
  }

  /** A session of another folder whose libraries are the same here: loading them again takes longer than all the rest. */
  #moved(question: ModelQuestion): ModelSession | undefined {
    for (const [key, session] of this.#sessions) {
      if (!key.endsWith(environmentKey(question)) || !session.moveTo(question.roots)) continue
      this.#sessions.delete(key)
      return session
    }
    return undefined
  }

  #createSession(question: ModelQuestion, stored: Set<string>, live?: { readonly follow: Following, readonly ownSource: (text: string) => SourceFile | undefined }): ModelSession {
    const parser = this.#parser
    return createModelSession({
      files: this.#documents.files, parser: live ? { ...parser, parse: (text) => live.ownSource(text) ?? parser.parse(text) } : parser,
      roots: question.roots, sitePackages: question.sitePackages,
      torchVersion: question.torchVersion, assumptions: question.assumptions, limits: this.#limits, codes: this.#codes,
      readStored: (path) => { stored.add(path); return this.#readStored(path, question.torchVersion) },
      documentText: (path) => (this.#documents.isOpen(path) ? this.#documents.text(path) : undefined),
      ...(live ? { follow: live.follow } : {}),
    })
  }
}

function sessionKey(question: ModelQuestion): string {
  return JSON.stringify(question.roots) + environmentKey(question)
}

/** What a session that is taken to other folders keeps. */
function environmentKey({ sitePackages, torchVersion, assumptions }: ModelQuestion): string {
  return `\n${JSON.stringify([sitePackages, torchVersion, [...assumptions]])}`
}
