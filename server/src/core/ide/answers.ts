/**
 * The plain data that the façade hands to its two doors, lsp/ and cli/. No protocol types: lsp/ translates
 * these, the command line prints them. Markdown fields hold escaped text only; they never hold command links.
 */

import type { FileEdit, Place, Position, Range } from '../text/range.ts'
import type { Figure } from '../measure/figure.ts'

export type Severity = 'hint' | 'information' | 'warning' | 'error'

export interface Fix {
  readonly title: string
  readonly safety: 'safe' | 'unsafe'
  readonly edits: readonly FileEdit[]
}

/** What a rule reports. A fix that would be wrong here is not listed; `refusal` says why, where a person may ask. */
export interface Finding {
  readonly rule: string
  readonly severity: Severity
  readonly message: string
  readonly file: string
  readonly range: Range
  readonly saving: Figure | null
  readonly fixes: readonly Fix[]
  readonly refusal?: string
  readonly related?: readonly { readonly place: Place; readonly message: string }[]
}

export type HintKind = 'imports' | 'checkpoints' | 'layers' | 'downloads' | 'requirements'

/** A short text at the end of what it speaks of; `bytes` decides whether it is shown (see `hints.minimumBytes`). */
export interface InlayHint {
  readonly kind: HintKind
  readonly position: Position
  readonly label: string
  readonly tooltip: string
  readonly bytes: Figure
  /** Shown whatever its bytes: it says that something is missing. */
  readonly always?: boolean
}

export interface HoverCard {
  readonly range: Range
  readonly markdown: string
}

export interface CodeLens {
  readonly range: Range
  readonly title: string
  readonly tooltip?: string
  /** The ledger node that a click reveals in the sidebar. */
  readonly reveals?: string
  /** What a click opens at the lens where there is nothing to reveal: the quick fixes there, or the hover. */
  readonly opens?: 'quickFix' | 'hover'
}

/** A quick fix or refactoring; `disabled` carries the reason when it is shown but cannot be applied. */
export interface CodeAction {
  readonly title: string
  readonly kind: 'quickfix' | 'refactor'
  readonly rule?: string
  readonly edits: readonly FileEdit[]
  readonly disabled?: string
  readonly preferred?: boolean
}

/** One row of the ledger: bytes that are shipped, and the line that ships them. Children sum to their parent, shared bytes once. */
export interface LedgerNode {
  readonly id: string
  readonly name: string
  readonly kind: 'workspace' | 'group' | 'package' | 'part' | 'checkpoint' | 'model' | 'layer' | 'download' | 'target'
  readonly bytes: Figure
  readonly detail?: string
  readonly place?: Place
  readonly children: readonly LedgerNode[]
}
