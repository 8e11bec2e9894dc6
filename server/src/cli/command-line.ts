/**
 * Parses arguments, runs one command and renders its result: the envelope, the exit status, one line on standard error per
 * unreadable input. Takes its streams as an argument, so that tests run it in this process; holds no analysis.
 */

import { Command as Commander, CommanderError, Option } from 'commander'
import pc from 'picocolors'
import { type Command, type CommandContext, type CommandOption, type CommandResult, type CommonOptions, type Style, UsageError } from './command.ts'
import { toolVersion } from '../core/generated/version.ts'
import type { Severity } from '../core/ide/answers.ts'

/** The process as the command line sees it. */
export interface Streams {
  readonly cwd: string
  readonly environment: Readonly<Record<string, string | undefined>>
  readonly out: { write(text: string): void; readonly isTerminal: boolean; readonly columns: number | undefined }
  readonly error: { write(text: string): void; readonly isTerminal: boolean }
}

const severities: readonly Severity[] = ['hint', 'information', 'warning', 'error']

const commonOptions: readonly CommandOption[] = [
  { name: 'json', description: 'print one JSON document and nothing else' },
  { name: 'site-packages', value: 'DIR', repeatable: true, description: 'the installed packages to look at, instead of searching for them' },
  { name: 'python', value: 'EXE', description: 'the interpreter whose environment counts; it is never run' },
  { name: 'torch-version', value: 'X.Y.Z', description: 'the PyTorch to answer for (default: installed, else pinned, else the newest known)' },
  { name: 'assume', value: 'NAME=VALUE', repeatable: true, description: 'a value that the source does not say' },
  { name: 'fail-on', value: 'SEVERITY', choices: severities, description: 'exit with 1 when a finding is at least this severe' },
]

/** Runs the command that `args` (without node and the script) names; resolves to the exit status. */
export async function runCommandLine(commands: readonly Command[], args: readonly string[], streams: Streams): Promise<number> {
  let status = 0
  const program = new Commander('torch-footprint')
    .description('Shows what PyTorch costs and cuts it. Reads files; runs nothing.')
    .version(toolVersion, '--version', 'print the version')
    .helpOption('-h, --help', 'print help')
    .helpCommand(false)
  configure(program, streams)
  for (const command of commands) {
    addCommand(program, command, streams, async (context) => {
      status = await run(command, context, streams)
    })
  }
  try {
    if (args.length === 0) {
      streams.out.write(program.helpInformation())
      return 0
    }
    await program.parseAsync([...args], { from: 'user' })
    return status
  } catch (error) {
    if (error instanceof CommanderError && error.exitCode === 0) return 0
    if (!(error instanceof CommanderError) && !(error instanceof UsageError)) throw error
    const message = error.message.replace(/^error: /, '')
    streams.error.write(`torch-footprint: ${oneLine(message)}\n`)
    if (wantsJson(args)) streams.out.write(toDocument({ problems: [{ input: 'command line', message }] }))
    return 2
  }
}

/** The help of one command, as `torch-footprint NAME --help` prints it at 100 columns. */
export function helpOf(commands: readonly Command[], name: string): string {
  const silent = { write: () => undefined, isTerminal: false }
  const streams: Streams = { cwd: '/', environment: {}, out: { ...silent, columns: 100 }, error: silent }
  const program = new Commander('torch-footprint')
  configure(program, streams)
  for (const command of commands) addCommand(program, command, streams, () => Promise.resolve())
  return program.commands.find((command) => command.name() === name)?.helpInformation() ?? ''
}

/** `--json` as an option, not as the value of another or a target after `--`. */
function wantsJson(args: readonly string[]): boolean {
  const end = args.indexOf('--')
  return (end < 0 ? args : args.slice(0, end)).includes('--json')
}

function configure(program: Commander, streams: Streams): void {
  program.exitOverride()
  program.configureOutput({
    writeOut: (text) => { streams.out.write(text) },
    // Errors are printed once, in our own form, by the caller that catches them.
    writeErr: () => undefined,
    getOutHelpWidth: () => streams.out.columns ?? 100,
  })
}

function addCommand(program: Commander, command: Command, streams: Streams, action: (context: CommandContext) => Promise<void>): void {
  const sub = program.command(command.name).description(command.summary)
  configure(sub, streams)
  sub.showHelpAfterError(false)
  if (command.targets) {
    const optional = command.targets.usage.startsWith('[')
    const several = command.targets.usage.includes('...')
    const name = command.targets.usage.replace(/[[\].]/g, '')
    sub.argument(optional ? `[${name}${several ? '...' : ''}]` : `<${name}${several ? '...' : ''}>`, command.targets.description)
  }
  const own = new Set(command.options?.map((option) => option.name))
  for (const option of [...(command.options ?? []), ...commonOptions.filter((common) => !own.has(common.name))]) sub.addOption(toOption(option))
  sub.action(async (...received: unknown[]) => {
    const values = sub.opts<Record<string, unknown>>()
    const first = command.targets ? received[0] : undefined
    const targets = Array.isArray(first) ? first.map(String) : typeof first === 'string' ? [first] : []
    await action(toContext(values, targets, streams))
  })
}

function toOption(option: CommandOption): Option {
  const flags = `${option.short ? `-${option.short}, ` : ''}--${option.name}${option.value ? ` <${option.value}>` : ''}`
  const made = new Option(flags, option.description)
  if (option.choices) made.choices([...option.choices])
  const checkChoice = made.parseArg as ((value: string, previous: unknown) => unknown) | undefined
  if (option.repeatable) {
    made.argParser((value: string, previous: readonly string[] | undefined) => {
      checkChoice?.(value, undefined)
      return [...(previous ?? []), value]
    })
  }
  return made
}

function toContext(values: Readonly<Record<string, unknown>>, targets: readonly string[], streams: Streams): CommandContext {
  const read = (name: string): unknown => values[name.replace(/-([a-z])/g, (_, letter: string) => letter.toUpperCase())]
  const all = (name: string): readonly string[] => {
    const value = read(name)
    return Array.isArray(value) ? value.map(String) : typeof value === 'string' ? [value] : []
  }
  const common: CommonOptions = {
    json: read('json') === true,
    sitePackages: all('site-packages'),
    python: all('python').at(-1),
    torchVersion: readVersion(all('torch-version').at(-1)),
    assume: readAssumptions(all('assume')),
    failOn: all('fail-on').at(-1) as Severity | undefined,
  }
  let shownPercent = -1
  return {
    cwd: streams.cwd,
    environment: streams.environment,
    common,
    targets,
    value: (name) => all(name).at(-1),
    values: all,
    flag: (name) => read(name) === true,
    progress(done, total, what) {
      if (total <= 0) return
      // A program that shows the progress itself asks for lines of their own.
      if (streams.environment['TORCH_FOOTPRINT_PROGRESS'] === 'lines') {
        const percent = Math.floor(100 * Math.max(0, Math.min(1, done / total)))
        if (percent !== shownPercent) streams.error.write(`progress ${String(percent)} %\n`)
        shownPercent = percent
        return
      }
      if (!streams.error.isTerminal) return
      const part = Math.max(0, Math.min(1, done / total))
      // One line, rewritten in place and wiped at the end: it leaves nothing behind in a terminal's history.
      streams.error.write(part >= 1 ? '\r\u001b[K' : `\r\u001b[K${what} ${'█'.repeat(Math.round(part * 30)).padEnd(30, '░')} ${String(Math.floor(part * 100))} %`)
    },
  }
}

function readVersion(text: string | undefined): string | undefined {
  if (text !== undefined && !/^\d+\.\d+(\.\d+)?([a-z+.-][\w.+-]*)?$/i.test(text)) throw new UsageError(`--torch-version ${text}: not a version such as 2.13.0`)
  return text
}

function readAssumptions(given: readonly string[]): ReadonlyMap<string, string> {
  const assumed = new Map<string, string>()
  for (const text of given) {
    const at = text.indexOf('=')
    if (at <= 0) throw new UsageError(`--assume ${text}: expected NAME=VALUE`)
    assumed.set(text.slice(0, at).trim(), text.slice(at + 1).trim())
  }
  return assumed
}

async function run(command: Command, context: CommandContext, streams: Streams): Promise<number> {
  const result = await command.run(context)
  if ('status' in result) return result.status
  const problems = result.problems ?? []
  streams.out.write(context.common.json || result.isJson ? toDocument({ ...result.document, problems }) : withLineEnd(result.text(toStyle(streams))))
  for (const problem of problems) streams.error.write(`torch-footprint: ${oneLine(problem.input)}: ${oneLine(problem.message)}\n`)
  return exitStatus(result, context.common.failOn)
}

function exitStatus(result: CommandResult, failOn: Severity | undefined): number {
  if (result.problems?.length) return 2
  if (result.failed) return 1
  if (failOn === undefined) return 0
  for (const finding of result.findings ?? []) {
    if (severities.indexOf(finding.severity) >= severities.indexOf(failOn)) return 1
  }
  return 0
}

function toDocument(members: Readonly<Record<string, unknown>>): string {
  return `${JSON.stringify({ schema: 1, tool: { name: 'torch-footprint', version: toolVersion }, ...members }, null, 2)}\n`
}

function withLineEnd(text: string): string {
  return text === '' || text.endsWith('\n') ? text : `${text}\n`
}

/** Names and messages may hold anything a file name or a file may hold: one line, no control characters. */
function oneLine(text: string): string {
  return text.replace(/[\u0000-\u001f\u007f-\u009f\u2028\u2029]+/g, ' ').trim()
}

function toStyle(streams: Streams): Style {
  const wanted = streams.out.isTerminal && !streams.environment.NO_COLOR && streams.environment.TERM !== 'dumb'
  const { bold, dim, red, yellow, green, cyan } = pc.createColors(wanted)
  return { width: streams.out.columns ?? 100, bold, dim, red, yellow, green, cyan }
}
