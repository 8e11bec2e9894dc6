/**
 * The questions lsp/ asks of the analysis, and the changes it tells it of. Files are absolute paths with `/`.
 * Answers are plain data of core; nothing here knows the protocol.
 */

import type { FootprintSummary } from '../core/ide/footprint.ts'
import type { CodeAction, CodeLens, Finding, HoverCard, InlayHint } from '../core/ide/answers.ts'
import type { Units } from '../core/measure/format.ts'
import type { Position, Range } from '../core/text/range.ts'
import type { CheckpointReport } from '../protocol.ts'

export interface AnalysisService {
  /** The editor's text stands before the disk's until `close`. */
  open(file: string, text: string): void
  change(file: string, text: string): void
  close(file: string): void
  /** Files or folders that were created, changed or deleted outside the editor; `contentsOnly` says that all were there before and still are. */
  filesChanged(files: readonly string[], options: { readonly contentsOnly: boolean }): void
  /** The open folders; `settings` is the `torchFootprint` section of each, as the client sent it. */
  configure(folders: readonly { readonly folder: string; readonly settings: unknown }[], defaults: unknown): void
  selectInterpreter(path: string | undefined): void

  diagnostics(file: string): readonly Finding[]
  /** What is said of the open folders as a whole: findings about files that no editor shows as text. */
  projectFindings(): readonly Finding[]
  inlayHints(file: string, range: Range): readonly InlayHint[]
  hover(file: string, position: Position): HoverCard | undefined
  codeLenses(file: string): readonly CodeLens[]
  codeActions(file: string, range: Range): readonly CodeAction[]
  footprint(): FootprintSummary | undefined
  /** What is inside a checkpoint, and what the rules say about it; `undefined` when the file is not there. */
  checkpoint(file: string): { readonly report: CheckpointReport; readonly findings: readonly Finding[] } | undefined
  units(): Units
  /** Folders outside the workspace whose direct children matter: the site-packages in use. */
  watchedFolders(): readonly string[]
}
