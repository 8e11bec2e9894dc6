/** Core's answers in the words of the protocol. Translates, decides nothing. */

import {
  CodeActionKind, DiagnosticSeverity, InlayHintLabelPart, MarkupKind,
  type CodeAction as ProtoCodeAction, type CodeLens as ProtoCodeLens, type Diagnostic, type Hover, type InlayHint as ProtoInlayHint, type WorkspaceEdit,
} from 'vscode-languageserver/node'
import type { CodeAction, CodeLens, Finding, HoverCard, InlayHint, Severity } from '../core/ide/answers.ts'
import type { FileEdit } from '../core/text/range.ts'
import { type OpenAt, openAtCommand, revealCommand } from '../protocol.ts'
import type { OpenDocuments } from './documents.ts'
import type { ClientTraits } from './session.ts'
import { uriOf } from './uris.ts'

export const source = 'Torch Footprint'

const severities: Record<Severity, DiagnosticSeverity> = {
  error: DiagnosticSeverity.Error,
  warning: DiagnosticSeverity.Warning,
  information: DiagnosticSeverity.Information,
  hint: DiagnosticSeverity.Hint,
}

export function toDiagnostic(finding: Finding, context: { readonly documents: OpenDocuments; readonly client: ClientTraits }): Diagnostic {
  return {
    source,
    code: finding.rule,
    severity: severities[finding.severity],
    range: finding.range,
    message: finding.message,
    ...(context.client.relatedInformation && finding.related ? {
      relatedInformation: finding.related.map(({ place, message }) => ({ location: { uri: uriIn(context.documents, place.file), range: place.range }, message })),
    } : {}),
  }
}

export function toInlayHint(hint: InlayHint): ProtoInlayHint {
  return {
    position: hint.position,
    label: [{ ...InlayHintLabelPart.create(hint.label), tooltip: { kind: MarkupKind.Markdown, value: hint.tooltip } }],
    paddingLeft: true,
  }
}

export function toHover(card: HoverCard): Hover {
  return { range: card.range, contents: { kind: MarkupKind.Markdown, value: card.markdown } }
}

/** A lens that leads nowhere has an empty command: it is text. */
export function toCodeLens(lens: CodeLens, context: { readonly uri: string; readonly sidebar: boolean }): ProtoCodeLens {
  const at = lens.opens === undefined ? undefined : { uri: context.uri, ...lens.range.start, opens: lens.opens } satisfies OpenAt
  const command = !context.sidebar ? { title: lens.title, command: '' }
    : lens.reveals !== undefined ? { title: lens.title, command: revealCommand, arguments: [lens.reveals] }
    : at ? { title: lens.title, command: openAtCommand, arguments: [at] } : { title: lens.title, command: '' }
  return { range: lens.range, command: lens.tooltip === undefined ? command : { ...command, tooltip: lens.tooltip } }
}

export function toCodeAction(action: CodeAction, context: { readonly documents: OpenDocuments; readonly client: ClientTraits; readonly diagnostics: readonly Diagnostic[] }): ProtoCodeAction {
  const solved = context.diagnostics.filter((diagnostic) => diagnostic.source === source && diagnostic.code === action.rule)
  return {
    title: action.title,
    kind: toKind(action),
    ...(action.rule === undefined ? {} : { data: { rule: action.rule } }),
    ...(solved.length > 0 ? { diagnostics: solved } : {}),
    ...(action.preferred ? { isPreferred: true } : {}),
    ...(action.disabled === undefined ? { edit: toWorkspaceEdit(action.edits, context) } : { disabled: { reason: action.disabled } }),
  }
}

export function toKind(action: CodeAction): CodeActionKind {
  return action.kind === 'quickfix' ? CodeActionKind.QuickFix : CodeActionKind.RefactorRewrite
}

export function toWorkspaceEdit(edits: readonly FileEdit[], context: { readonly documents: OpenDocuments; readonly client: ClientTraits }): WorkspaceEdit {
  const byFile = new Map<string, FileEdit[]>()
  for (const edit of edits) {
    const list = byFile.get(edit.file)
    if (list) list.push(edit)
    else byFile.set(edit.file, [edit])
  }
  const files = [...byFile].map(([file, list]) => ({
    uri: uriIn(context.documents, file),
    version: context.documents.ofFile(file)?.version ?? null,
    edits: list.map(({ range, newText }) => ({ range, newText })),
  }))
  // With the version a client refuses an edit that was made for a text it no longer has.
  if (context.client.versionedEdits) return { documentChanges: files.map(({ uri, version, edits: changes }) => ({ textDocument: { uri, version }, edits: changes })) }
  return { changes: Object.fromEntries(files.map(({ uri, edits: changes }) => [uri, changes])) }
}

/** The URI as the client spells it when the file is open. */
export function uriIn(documents: OpenDocuments, file: string): string {
  return documents.ofFile(file)?.uri ?? uriOf(file)
}
