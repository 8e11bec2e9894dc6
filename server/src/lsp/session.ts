/** What the features of one connection share, and what a feature is. Holds no behaviour of its own. */

import type { Connection, ServerCapabilities } from 'vscode-languageserver/node'
import type { StartOptions } from '../protocol.ts'
import type { OpenDocuments } from './documents.ts'
import type { AnalysisService } from './service.ts'
import type { Timers } from './timers.ts'

export interface Session {
  readonly connection: Connection
  readonly documents: OpenDocuments
  readonly service: AnalysisService
  readonly client: ClientTraits
  readonly start: StartOptions
  /** Files that are left alone, by path. */
  readonly quarantined: ReadonlySet<string>
  /** Something that many answers rest on has changed: features ask again or tell the client to. */
  readonly refreshed: Signal
  /** The text of one file has changed, or it was opened or closed. */
  readonly edited: Signal<string>
  readonly timers: Timers
}

/** What the client can do, as far as we ask. */
export interface ClientTraits {
  readonly configuration: boolean
  readonly configurationChanges: boolean
  readonly workspaceFolders: boolean
  readonly watchedFiles: boolean
  readonly relativePatterns: boolean
  readonly inlayHintRefresh: boolean
  readonly codeLensRefresh: boolean
  readonly versionedEdits: boolean
  readonly disabledActions: boolean
  readonly literalActions: boolean
  readonly relatedInformation: boolean
}

/** One feature: what it adds to the server's capabilities, and the handlers that answer for it. */
export interface Feature {
  readonly capabilities: ServerCapabilities
  register(session: Session): void
  /** After `initialized`: what needs a client that answers. */
  start?(session: Session): void | Promise<void>
}

/** A list of listeners, called in the order in which they came. */
export class Signal<Value = void> {
  readonly #listeners: ((value: Value) => void)[] = []

  on(listener: (value: Value) => void): void {
    this.#listeners.push(listener)
  }

  fire(value: Value): void {
    for (const listener of this.#listeners) listener(value)
  }
}
