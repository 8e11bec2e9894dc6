/** What `scan` found, in the shape that every reporter renders. */

import type { Finding, LedgerNode } from '../../core/ide/answers.ts'
import type { Deployment } from '../../core/footprint/deployment.ts'
import type { Figure } from '../../core/measure/figure.ts'
import type { Units } from '../../core/measure/format.ts'
import type { Style } from '../command.ts'

export interface BudgetAnswer {
  readonly path: string
  readonly bytes: number
  readonly warn: number | null
  readonly error: number | null
  readonly verdict: 'within' | 'warning' | 'error'
}

export interface ScanReport {
  readonly findings: readonly Finding[]
  readonly ledger: LedgerNode | null
  readonly plan: readonly { readonly title: string; readonly saving: Figure; readonly rule: string }[]
  readonly target: Deployment | null
  readonly budgets: readonly BudgetAnswer[]
  readonly units: Units
  /** A path as a reader wants it. */
  readonly shown: (path: string) => string
}

export type Reporter = (report: ScanReport, style: Style) => string
