/**
 * Dockerfile and Containerfile: stages with their images, and the install commands of RUN lines with what they ask for and from where.
 * Parsed by dockerfile-ast; the shell text inside RUN is read by install-command.ts.
 */

import { DockerfileParser, type Instruction } from 'dockerfile-ast'
import { LineIndex } from '../text/line-index.ts'
import type { Range } from '../text/range.ts'
import { condaItem } from './conda-environment.ts'
import { installCommand, shellCommands, type InstallCommand } from './install-command.ts'
import type { Manifest, ManifestInclude, ManifestIndex, ManifestProblem, ManifestRequirement } from './manifest.ts'
import { requirementItem } from './requirements-file.ts'

export interface DockerStage {
  readonly image: string
  readonly imageRange: Range
  readonly name?: string
  /** The line of its FROM. */
  readonly line: number
  /** The stage it is built on, by name. */
  readonly base?: string
}

export interface DockerCommand extends InstallCommand {
  /** Index into `stages`; -1 before the first FROM. */
  readonly stage: number
  readonly range: Range
  /** Of the whole RUN instruction. */
  readonly instruction: Range
  /** A cache is mounted for this RUN, so that it does not stay in the layer. */
  readonly hasCacheMount: boolean
  /** Where an option is inserted, as `optionWords` writes it: after the verb. */
  readonly insertAt: Range
  /** `RUN ["pip", "install", ...]`: every word is a string of its own, and nothing can be cut out without its comma. */
  readonly isExec: boolean
}

/** Words for `insertAt` of a command. */
export function optionWords({ isExec }: DockerCommand, ...words: readonly string[]): string {
  return isExec ? words.map((word) => ` "${word}",`).join('') : ` ${words.join(' ')}`
}

export interface DockerManifest extends Manifest {
  readonly kind: 'dockerfile'
  readonly stages: readonly DockerStage[]
  readonly commands: readonly DockerCommand[]
  /** Environment variables by stage (ENV and ARG defaults), the stages they are built on included. */
  readonly variables: readonly ReadonlyMap<string, string>[]
  /** COPY and ADD lines: the stage, the words. */
  readonly copies: readonly { readonly stage: number; readonly words: readonly string[]; readonly line: number; readonly from?: string }[]
}

export function readDockerfile(file: string, text: string): DockerManifest {
  const index = new LineIndex(text)
  const stages: DockerStage[] = []
  const commands: DockerCommand[] = []
  const variables: Map<string, string>[] = []
  const copies: { stage: number; words: readonly string[]; line: number; from?: string }[] = []
  const requirements: ManifestRequirement[] = []
  const indexes: ManifestIndex[] = []
  const includes: ManifestInclude[] = []
  const problems: ManifestProblem[] = []
  const globals = new Map<string, string>()
  let instructions: Instruction[] = []
  let escape = '\\'
  try {
    const parsed = DockerfileParser.parse(text)
    instructions = parsed.getInstructions()
    escape = parsed.getEscapeCharacter() || '\\'
  } catch {
    problems.push({ range: index.range(0, 0), message: 'this file cannot be read as a Dockerfile' })
  }
  for (const instruction of instructions) {
    const range = instruction.getRange()
    const start = index.offset(range.start)
    const end = index.offset(range.end)
    const body = start + instruction.getInstruction().length
    const stage = stages.length - 1
    switch (instruction.getKeyword()) {
      case 'FROM': {
        const from = fromOf(text.slice(body, end), body)
        if (!from) {
          problems.push({ range: index.range(start, end), message: 'FROM needs an image' })
          break
        }
        const image = expand(from.image, globals)
        const base = stages.findLast((earlier) => earlier.name === image)
        stages.push({ image, imageRange: index.range(from.start, from.end), line: range.start.line, ...(from.name === undefined ? {} : { name: from.name }), ...(base?.name === undefined ? {} : { base: base.name }) })
        variables.push(new Map(base ? variables[stages.indexOf(base)] : []))
        break
      }
      case 'ARG': case 'ENV': {
        const target = variables.at(-1) ?? globals
        for (const [name, value] of assignments(text.slice(body, end), instruction.getKeyword())) target.set(name, expand(value, new Map([...globals, ...target])))
        break
      }
      case 'COPY': case 'ADD': {
        const words = shellCommands(text, body, end, escape).flatMap((command) => command.words.map((word) => word.text))
        const from = words.find((word) => word.startsWith('--from='))?.slice(7)
        copies.push({ stage, words: words.filter((word) => !word.startsWith('--')), line: range.start.line, ...(from === undefined ? {} : { from }) })
        break
      }
      case 'RUN': readRun(start, end, body, stage)
    }
  }
  return { file, kind: 'dockerfile', requirements, indexes, includes, problems, stages, commands, variables, copies }

  function readRun(start: number, end: number, body: number, stage: number): void {
    const hasCacheMount = /--mount=\S*type=cache/.test(text.slice(body, end))
    for (const shell of shellCommands(text, body, end, escape)) {
      const install = installCommand(shell) ?? execForm(shell, body, end)
      if (!install) continue
      const number = commands.length
      commands.push({ ...install, stage, range: index.range(install.start, install.end), instruction: index.range(start, end), hasCacheMount, insertAt: index.range(install.verbEnd, install.verbEnd), isExec: /^\s*\[/.test(text.slice(body, end).replace(/^\s*(?:--\S+\s+)*/, '')) })
      readCommand(install, number, commands.at(-1)!.range)
    }
  }

  /** `RUN ["pip", "install", "torch"]` */
  function execForm(shell: ReturnType<typeof shellCommands>[number], body: number, end: number): InstallCommand | undefined {
    if (!/^\s*\[/.test(text.slice(body, end))) return undefined
    const words = shell.words.map((word) => ({ ...word, text: word.text.replace(/^\[|[\],]+$/g, '') })).filter((word) => word.text !== '')
    return installCommand({ ...shell, words })
  }

  function readCommand(install: InstallCommand, command: number, range: Range): void {
    for (const option of install.options) {
      const at = index.range(option.start, option.end)
      if (install.tool === 'conda') {
        if (option.name === '-c' || option.name === '--channel') indexes.push({ role: 'channel', url: option.value, name: option.value, range: at, command })
        continue
      }
      switch (option.name) {
        case '-i': case '--index-url': case '--default-index': indexes.push({ role: 'index', url: option.value, range: at, command }); break
        case '--extra-index-url': case '--index': indexes.push({ role: 'extra', url: option.value, range: at, command }); break
        case '-f': case '--find-links': indexes.push({ role: 'links', url: option.value, range: at, command }); break
        case '-r': case '--requirement': includes.push({ path: option.value, role: 'requirements', range: at, command }); break
        case '-c': case '--constraint': includes.push({ path: option.value, role: 'constraints', range: at, command })
      }
    }
    for (const word of install.arguments) {
      if (install.tool === 'conda') {
        const read = condaItem(word.text, word.start + (text[word.start] === '"' || text[word.start] === "'" ? 1 : 0), index, command)
        if (read && install.verb !== 'env') requirements.push({ ...read, range: index.range(word.start, word.end), ...removalIn(command, word) })
        continue
      }
      if (install.tool === 'uv-pip' && install.verb === 'sync') includes.push({ path: word.text, role: 'requirements', range, command })
      else if (install.tool === 'pip' || install.tool === 'uv-pip' || install.verb === 'add') {
        const quoted = text[word.start] === '"' || text[word.start] === "'" ? 1 : 0
        const read = requirementItem(expand(word.text, variables[commands[command]!.stage] ?? globals), word.start + quoted, index, { idiom: 'command', group: 'main', dev: false, command })
        if (!('message' in read)) requirements.push({ ...read, range: index.range(word.start, word.end), ...removalIn(command, word) })
      }
    }
  }

  function removalIn(command: number, { start, end }: { readonly start: number; readonly end: number }): { readonly removal?: Range } {
    return commands[command]!.isExec ? {} : { removal: removalOf(start, end) }
  }

  /** The word with the blank before it, so that what is left is still one command. */
  function removalOf(start: number, end: number): Range {
    let from = start
    while (text[from - 1] === ' ' || text[from - 1] === '\t') from -= 1
    // Alone on a continued line: the continuation goes with it.
    const rest = /^[ \t]*\\[ \t]*\r?\n/.exec(text.slice(end, end + 80))
    if (text[from - 1] === '\n' && rest) return index.range(from, end + rest[0].length)
    return index.range(from, end)
  }
}

function fromOf(text: string, offset: number): { readonly image: string; readonly start: number; readonly end: number; readonly name?: string } | undefined {
  const parts = /^(\s+(?:--\S+\s+)*)(\S+)(?:\s+[Aa][Ss]\s+(\S+))?/.exec(text)
  if (!parts) return undefined
  const start = offset + parts[1]!.length
  return { image: parts[2]!, start, end: start + parts[2]!.length, ...(parts[3] === undefined ? {} : { name: parts[3] }) }
}

function* assignments(text: string, keyword: string): Generator<[string, string]> {
  const pairs = [...text.matchAll(/([A-Za-z_]\w*)=("[^"]*"|'[^']*'|[^\s\\]*)/g)]
  for (const [, name, value] of pairs) yield [name!, value!.replace(/^["']|["']$/g, '')]
  const spaced = keyword === 'ENV' && pairs.length === 0 ? /^\s+([A-Za-z_]\w*)\s+(.+)$/.exec(text) : undefined
  if (spaced) yield [spaced[1]!, spaced[2]!.trim()]
}

/** Longer than any version, index or path that a line has. */
const maxExpanded = 1 << 12

/** `$NAME`, `${NAME}` and `${NAME:-default}` where the value is known; everything else stays as written. */
function expand(text: string, values: ReadonlyMap<string, string>): string {
  // Values that hold one another double with each line: past any real length nothing more is put in.
  let length = text.length
  return text.replace(/\$(?:\{([A-Za-z_]\w*)(?::-([^}]*))?\}|([A-Za-z_]\w*))/g, (whole, braced: string | undefined, fallback: string | undefined, bare: string | undefined) => {
    const value = values.get(braced ?? bare ?? '') ?? fallback ?? whole
    length += value.length
    return length > maxExpanded ? whole : value
  })
}
