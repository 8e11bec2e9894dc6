/**
 * What a rule is: metadata, messages as data, and one function over a narrow context. Owns no rule and runs none.
 *
 * To add a rule: write catalog/<id>.ts, whose name is the rule's id, with a doc comment first (what it reports; `## Why`;
 * `## Examples` with at least one block marked `reported` and one marked `clean`, both executed by the tests), export
 * `const rule = defineRule({...})`, add test/fixtures/rules/<id>/*.py for what the examples do not show, run `npm run generate`.
 * A rule names the problem, not the cure. It never imports another rule, and stays silent on what is not known.
 */

import type { Finding, Fix, Severity } from '../ide/answers.ts'
import type { Figure } from '../measure/figure.ts'
import type { LineIndex } from '../text/line-index.ts'
import type { Place, Range } from '../text/range.ts'
import type { Facts } from './facts.ts'

/** What a rule looks at: it is run once for each Python file, for each manifest, or once for a workspace. */
export type Subject = 'python' | 'manifest' | 'workspace'

export type Category = 'quantization' | 'checkpoint' | 'model' | 'install' | 'comment'

/** A rule's severity where nobody set one; `off` rules run only when they are switched on or named. */
export type DefaultSeverity = Severity | 'off'

/** One option of a rule: set as `rules.<id>.<name>` in torch-footprint.toml. */
export interface RuleOption {
  readonly description: string
  readonly default: number | string | boolean
}

export interface RuleContext<Message extends string = string> {
  /** Absolute path; for a `workspace` rule the folder. */
  readonly file: string
  /** Empty for a `workspace` rule. */
  readonly text: string
  readonly lines: LineIndex
  readonly facts: Facts
  option(name: string): number | string | boolean
  report(report: Report<Message>): void
  /** Says, where a person may look for a fix that would be wrong here, why it is not offered. Not a finding. */
  decline(decline: Decline): void
}

export interface Decline {
  readonly range: Range
  /** The fix, as its title would read: `Quantize \`model\` dynamically`. */
  readonly title: string
  /** One clause: `training continues after its first use`. */
  readonly reason: string
}

export interface Report<Message extends string = string> {
  readonly message: Message
  /** What stands for `{name}` in the message. */
  readonly data?: Readonly<Record<string, string | number>>
  readonly range: Range
  /** Another file than the context's, for `workspace` rules. */
  readonly file?: string
  readonly saving?: Figure
  /** Set where what is reported is less than what the rule speaks of, as it rests on an option: never above the severity in force. */
  readonly atMost?: Severity
  readonly fixes?: readonly Fix[]
  /** Why the fix that a person might expect is not offered. */
  readonly refusal?: string
  readonly related?: readonly { readonly place: Place; readonly message: string }[]
}

export interface Rule<Message extends string = string> {
  /** The name of its file. */
  readonly id: string
  readonly severity: DefaultSeverity
  readonly category: Category
  readonly subject: Subject
  /** Whether it has a fix, and whether the fix may change what the program computes. */
  readonly fix: 'none' | 'safe' | 'unsafe'
  readonly messages: Readonly<Record<Message, string>>
  readonly options?: Readonly<Record<string, RuleOption>>
  check(context: RuleContext<Message>): void
}

/** Declares a rule; the names of its messages are checked where it reports. */
export function defineRule<const Messages extends Readonly<Record<string, string>>>(
  rule: Omit<Rule<keyof Messages & string>, 'messages'> & { readonly messages: Messages },
): Rule {
  // A rule reports only its own messages, so forgetting their names here is sound.
  return rule as unknown as Rule
}

const severities: readonly Severity[] = ['hint', 'information', 'warning', 'error']

/** What `report` becomes for a reader. A placeholder without data stays visible, so that a test catches it. */
export function toFinding(rule: Rule, severity: Severity, file: string, report: Report): Finding {
  const message = (rule.messages[report.message] ?? report.message).replace(/\{(\w+)\}/g, (whole, name: string) => {
    const value = report.data?.[name]
    return value === undefined ? whole : String(value)
  })
  return {
    rule: rule.id,
    severity: report.atMost !== undefined && severities.indexOf(report.atMost) < severities.indexOf(severity) ? report.atMost : severity,
    message,
    file: report.file ?? file,
    range: report.range,
    saving: report.saving ?? null,
    fixes: report.fixes ?? [],
    ...(report.refusal === undefined ? {} : { refusal: report.refusal }),
    ...(report.related === undefined ? {} : { related: report.related }),
  }
}
