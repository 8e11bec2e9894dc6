/**
 * What a command of the command line is: plain data and one function. main.ts turns it into arguments, an envelope
 * and an exit status; a command never prints, never exits and never reads `process`.
 *
 * To add one: write commands/<name>.ts that exports `const command = defineCommand({...})`, run `npm run generate`.
 */

import type { Severity } from '../core/ide/answers.ts'
import type { Schema } from './schema.ts'

/** An input that could not be read. Each becomes one line on standard error and an entry in `problems` of the document. */
export interface InputProblem {
  readonly input: string
  /** One clear sentence, without the input's name. */
  readonly message: string
}

/** How text for people is printed; `width` is the terminal's, or 100 where there is none. */
export interface Style {
  readonly width: number
  readonly bold: (text: string) => string
  readonly dim: (text: string) => string
  readonly red: (text: string) => string
  readonly yellow: (text: string) => string
  readonly green: (text: string) => string
  readonly cyan: (text: string) => string
}

export interface CommandResult {
  /** The members of the JSON document after `schema` and `tool`. */
  readonly document: Readonly<Record<string, unknown>>
  /** The same for people; without a final line end. Empty prints nothing. */
  readonly text: (style: Style) => string
  readonly problems?: readonly InputProblem[]
  /** Severities of what was found: `--fail-on` compares them. */
  readonly findings?: Iterable<{ readonly severity: Severity }>
  /** True prints the document although `--json` was not given: `--format json`. */
  readonly isJson?: boolean
  /** True makes the exit status 1 whatever `--fail-on` says: an exceeded budget. */
  readonly failed?: boolean
}

/** A command that is a conversation (`lsp`): it owns standard input and output and says its exit status. */
export interface Conversation {
  readonly status: number
}

/** The options that every command takes; see docs/ for their meaning. */
export interface CommonOptions {
  readonly json: boolean
  readonly sitePackages: readonly string[]
  readonly python: string | undefined
  readonly torchVersion: string | undefined
  readonly assume: ReadonlyMap<string, string>
  readonly failOn: Severity | undefined
}

export interface CommandContext {
  /** Absolute. Relative targets are resolved against it. */
  readonly cwd: string
  readonly environment: Readonly<Record<string, string | undefined>>
  readonly common: CommonOptions
  readonly targets: readonly string[]
  /** The value of `--name`; the last one when it was repeated. */
  value(name: string): string | undefined
  /** All values of `--name`. */
  values(name: string): readonly string[]
  /** True when the switch `--name` was given. */
  flag(name: string): boolean
  /** Reports progress of long work on standard error; silent unless that is a terminal. */
  progress(done: number, total: number, what: string): void
}

export interface CommandOption {
  /** Without dashes: `save-as`. */
  readonly name: string
  readonly description: string
  /** The name of its value, as help prints it; a switch has none. */
  readonly value?: string
  /** One letter, for `-o`. */
  readonly short?: string
  readonly repeatable?: boolean
  readonly choices?: readonly string[]
}

export interface Command {
  readonly name: string
  readonly summary: string
  /** As help prints it: `[PATH...]`, `FILE...`, `ID`. Brackets mean optional, dots mean several. Absent: none. */
  readonly targets?: { readonly usage: string; readonly description: string }
  readonly options?: readonly CommandOption[]
  /** The JSON Schema of each member of its document; absent for a conversation. See schema.ts for the words. */
  readonly schema?: Readonly<Record<string, Schema>>
  run(context: CommandContext): CommandResult | Conversation | Promise<CommandResult | Conversation>
}

/** Wrong usage found by a command: one line on standard error, exit status 2. */
export class UsageError extends Error {}

export function defineCommand(command: Command): Command {
  return command
}
