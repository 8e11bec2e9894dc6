/**
 * What client/ and lsp/ say to each other beyond the language server protocol: names and plain payloads.
 * The only server file that client/ may import, so it also hands on what payloads are made of. No logic of its own.
 */

import type { Checkpoint, CheckpointTensor, Part } from './core/checkpoint/checkpoint.ts'
import type { Figure } from './core/measure/figure.ts'
import type { Place } from './core/text/range.ts'
import type { LedgerNode, Severity } from './core/ide/answers.ts'
import type { Units } from './core/measure/format.ts'

export type { CheckpointTensor, Figure, LedgerNode, Part, Place, Severity, Units }
export { formatBytes, formatCount, formatFigure } from './core/measure/format.ts'

/** Requests of the client. */
export const footprintRequest = 'torchFootprint/footprint'
export const checkpointRequest = 'torchFootprint/checkpoint'
/** Notifications of the client. */
export const interpreterNotification = 'torchFootprint/interpreter'
/** Notifications of the server. */
export const footprintChangedNotification = 'torchFootprint/footprintChanged'
export const guardedNotification = 'torchFootprint/guarded'

/** The code lens command that shows a ledger node in the sidebar; its one argument is the node's id. */
export const revealCommand = 'torchFootprint.reveal'

/** The code lens command that opens the quick fixes or the hover at a place: its argument is an OpenAt. */
export const openAtCommand = 'torchFootprint.openAt'

export interface OpenAt {
  readonly uri: string
  readonly line: number
  readonly character: number
  readonly opens: 'quickFix' | 'hover'
}

/** The first words of the client, in `initializationOptions`. Every member is optional: another editor sends none. */
export interface StartOptions {
  /** The interpreter that the person selected; it is never run, its environment is found from files beside it. */
  readonly interpreter?: string
  /** Files that ended the server more than once; they are left alone. */
  readonly quarantine?: readonly string[]
  /** True when the client has a sidebar, so that a code lens may lead there. */
  readonly sidebar?: boolean
}

export interface InterpreterParams {
  readonly interpreter: string | null
}

/** Whether the runtime itself refuses what this server never does. */
export interface GuardedParams {
  readonly refusesWrites: boolean
  readonly refusesPrograms: boolean
}

/** One row of the sidebar, in words that are ready to be shown. */
export interface FootprintRow {
  readonly id: string
  readonly kind: LedgerNode['kind']
  readonly name: string
  /** Bytes and share. */
  readonly description: string
  /** Markdown, escaped. */
  readonly tooltip: string
  readonly place?: Place
  readonly children: readonly FootprintRow[]
}

export interface FootprintAnswer {
  readonly rows: readonly FootprintRow[]
  /** For the status bar; absent when there is nothing to add up. */
  readonly total?: { readonly text: string; readonly tooltip: string; readonly exceeds: boolean }
  /** The same as a Markdown table. */
  readonly markdown: string
}

export interface CheckpointParams {
  readonly uri: string
}

/** What is inside a checkpoint: the entry of `torch-footprint checkpoint --json`. */
export type CheckpointReport = { readonly file: string } & Checkpoint

export interface CheckpointFinding {
  readonly rule: string
  readonly severity: Severity
  readonly message: string
  readonly saving: Figure | null
}

export interface CheckpointAnswer {
  readonly report: CheckpointReport
  readonly findings: readonly CheckpointFinding[]
  readonly units: Units
}
