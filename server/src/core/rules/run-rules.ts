/**
 * Runs rules over one subject and settles what its comments and the settings silence. Owns the order in which that
 * happens; knows no rule but the two that speak of the comments themselves.
 */

import type { Finding, Severity } from '../ide/answers.ts'
import type { Settings } from '../settings/settings.ts'
import { LineIndex } from '../text/line-index.ts'
import type { Range } from '../text/range.ts'
import { readComments, type FootprintComment } from './comments.ts'
import type { Facts } from './facts.ts'
import type { RuleEntry } from './registry.ts'
import { type Decline, type Report, type Rule, type Subject, toFinding } from './rule.ts'

export interface RuleSubject {
  readonly kind: Subject
  readonly file: string
  readonly text: string
  readonly facts: Facts
}

/** What rules said about one subject. */
export interface RuleAnswers {
  readonly findings: readonly Finding[]
  /** Fixes that a person might look for and that would be wrong, each with the reason. */
  readonly declined: readonly Declined[]
}

export interface Declined extends Decline {
  readonly rule: string
}

export interface RunOptions {
  /** Rules that run whatever the settings say: those that a person named. */
  readonly named?: ReadonlySet<string>
}

/** The rule that reports an ignore which silences nothing. */
const unusedIgnore = 'unused-ignore'

/** Findings in the order of their places, then of the rules. */
export function runRules(catalog: readonly RuleEntry[], subject: RuleSubject, settings: Settings, options: RunOptions = {}): RuleAnswers {
  const source = subject.kind === 'python' ? subject.facts.source() : undefined
  const lines = source?.text === subject.text ? source.lines : new LineIndex(subject.text)
  const comments = readComments(subject.text, subject.kind === 'python' ? 'python' : 'other', lines)
  const used = new Set<string>()
  const findings: Finding[] = []
  const declined: Declined[] = []
  const ran = new Set<string>()
  for (const { rule } of catalog) {
    if (rule.subject !== subject.kind || rule.id === unusedIgnore) continue
    const severity = severityOf(rule, settings, options)
    if (severity === 'off') continue
    ran.add(rule.id)
    check(rule, severity, subject, lines, settings, {
      found: (finding) => {
        const ignore = silencer(comments, finding, subject.file)
        if (ignore === undefined) findings.push(finding)
        else used.add(ignore)
      },
      declined: (decline) => declined.push({ ...decline, rule: rule.id }),
    })
  }
  const last = catalog.find(({ rule }) => rule.id === unusedIgnore)?.rule
  const severity = last && subject.kind !== 'workspace' ? severityOf(last, settings, options) : 'off'
  if (last && severity !== 'off') findings.push(...unusedIgnores(last, severity, subject, comments, used, ran, catalog))
  findings.sort((a, b) => a.range.start.line - b.range.start.line || a.range.start.character - b.range.start.character)
  return { findings, declined }
}

function severityOf(rule: Rule, settings: Settings, options: RunOptions): Severity | 'off' {
  const level = settings.rules.get(rule.id) ?? rule.severity
  return level === 'off' && options.named?.has(rule.id) ? 'hint' : level
}

function check(
  rule: Rule, severity: Severity, subject: RuleSubject, lines: LineIndex, settings: Settings,
  to: { found: (finding: Finding) => void; declined: (decline: Decline) => void },
): void {
  const given = settings.ruleOptions.get(rule.id)
  rule.check({
    file: subject.file,
    text: subject.text,
    lines,
    facts: subject.facts,
    option(name) {
      const declared = rule.options?.[name]?.default ?? ''
      const value = given?.get(name)
      return typeof value === typeof declared ? value! : declared
    },
    report: (report: Report) => { to.found(toFinding(rule, severity, subject.file, report)) },
    decline: to.declined,
  })
}

/** The key of the ignore that silences a finding, so that its use is known. */
function silencer(comments: readonly FootprintComment[], finding: Finding, file: string): string | undefined {
  if (finding.file !== file) return undefined
  for (const comment of comments) {
    const named = comment.rules.findIndex(({ id }) => id === finding.rule)
    if (named < 0) continue
    const line = comment.range.start.line + (comment.alone ? 1 : 0)
    const covers = comment.kind === 'ignore-file'
      || (comment.kind === 'ignore' && ((finding.range.start.line <= line && line <= finding.range.end.line) || finding.range.start.line === line))
    if (covers) return keyOf(comment.rules[named]!.range)
  }
  return undefined
}

function unusedIgnores(
  rule: Rule, severity: Severity, subject: RuleSubject, comments: readonly FootprintComment[],
  used: ReadonlySet<string>, ran: ReadonlySet<string>, catalog: readonly RuleEntry[],
): Finding[] {
  const known = new Set(catalog.map((entry) => entry.rule.id))
  const assumptions = comments.some(({ kind }) => kind === 'assume') ? subject.facts.assumptions().problems : []
  const silent = assumptions.map(({ message, range }) => toFinding(rule, severity, subject.file, { message: 'unreadable', data: { problem: message }, range }))
  return [...silent, ...comments.flatMap((comment) => {
    if (comment.kind === 'unreadable') {
      return [toFinding(rule, severity, subject.file, { message: 'unreadable', data: { problem: comment.problem ?? '' }, range: comment.range })]
    }
    return comment.rules.flatMap((named) => {
      if (used.has(keyOf(named.range))) return []
      if (!known.has(named.id)) return [toFinding(rule, severity, subject.file, { message: 'unknown', data: { rule: named.id }, range: named.range })]
      // A rule that is off may come back on: its ignores are kept.
      if (!ran.has(named.id)) return []
      const only = comment.rules.length === 1
      const edit = { file: subject.file, range: only ? commentWithSpace(comment, subject.text) : named.range, newText: '' }
      const fixes = only ? [{ title: 'Remove the unused ignore', safety: 'safe' as const, edits: [edit] }] : []
      return [toFinding(rule, severity, subject.file, { message: 'unused', data: { rule: named.id }, range: named.range, fixes })]
    })
  })]
}

/** The comment with the spaces before it, and its line when nothing else is on it. */
function commentWithSpace(comment: FootprintComment, text: string): Range {
  const { start, end } = comment.range
  if (comment.alone) return { start: { line: start.line, character: 0 }, end: { line: start.line + 1, character: 0 } }
  const before = new LineIndex(text).line(start.line).slice(0, start.character)
  return { start: { line: start.line, character: before.trimEnd().length }, end }
}

function keyOf(range: Range): string {
  return `${String(range.start.line)}:${String(range.start.character)}`
}
