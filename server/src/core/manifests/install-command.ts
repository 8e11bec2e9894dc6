/**
 * Install commands in shell text: pip, uv, conda and their relatives, with the place of every word. Understands words, quotes,
 * continuations and separators; runs nothing and expands no variable.
 */

export interface ShellWord {
  /** Without quotes and continuations. */
  readonly text: string
  readonly start: number
  readonly end: number
}

export interface ShellCommand {
  readonly words: readonly ShellWord[]
  readonly start: number
  readonly end: number
}

export type InstallTool = 'pip' | 'uv-pip' | 'uv' | 'conda' | 'poetry' | 'pipenv' | 'pdm'

export interface InstallCommand {
  readonly tool: InstallTool
  /** `install`, `sync`, `add`, `create`. */
  readonly verb: string
  readonly start: number
  readonly end: number
  /** Past the verb: where an option can be inserted. */
  readonly verbEnd: number
  readonly options: readonly { readonly name: string; readonly value: string; readonly start: number; readonly end: number; readonly valueStart: number }[]
  readonly arguments: readonly ShellWord[]
}

/** Splits shell text into simple commands. `escape` is the character that continues a line: a backslash, or what a Dockerfile says. */
export function shellCommands(text: string, from: number, to: number, escape = '\\'): ShellCommand[] {
  const commands: ShellCommand[] = []
  let words: ShellWord[] = []
  let word = ''
  let wordStart = -1
  let quote = ''
  const endWord = (at: number) => {
    if (wordStart >= 0) words.push({ text: word, start: wordStart, end: at })
    word = ''
    wordStart = -1
  }
  const endCommand = (at: number) => {
    endWord(at)
    if (words.length > 0) commands.push({ words, start: words[0]!.start, end: words.at(-1)!.end })
    words = []
  }
  for (let at = from; at < to; at++) {
    const unit = text[at]!
    if (quote !== '') {
      if (unit === quote) quote = ''
      else word += unit
      continue
    }
    if (unit === escape && /^[ \t]*\r?\n/.test(text.slice(at + 1, at + 40))) {
      endWord(at)
      at = text.indexOf('\n', at)
      // Docker drops comment lines inside a continued instruction.
      for (let comment = /^[ \t]*#[^\n]*\n/.exec(text.slice(at + 1, to)); comment; comment = /^[ \t]*#[^\n]*\n/.exec(text.slice(at + 1, to))) at += comment[0].length
      continue
    }
    if (unit === '\\' && at + 1 < to) {
      if (wordStart < 0) wordStart = at
      word += text[at + 1]!
      at += 1
    } else if (unit === '"' || unit === "'") {
      if (wordStart < 0) wordStart = at
      quote = unit
    } else if (unit === ';' || unit === '|' || unit === '\n' || unit === '(' || unit === ')' || (unit === '&' && text[at - 1] !== '>')) endCommand(at)
    else if (unit === '#' && wordStart < 0) {
      const end = text.indexOf('\n', at)
      endCommand(at)
      at = end < 0 ? to : end
    } else if (unit === ' ' || unit === '\t' || unit === '\r') endWord(at)
    else {
      if (wordStart < 0) wordStart = at
      word += unit
    }
  }
  endCommand(to)
  return commands
}

const PREFIXES = new Set(['sudo', 'exec', 'time', 'env', 'then', 'do', 'else', '{', '!', 'command', 'nice', 'if'])
/** Options with a value in the next word. */
const TAKES_VALUE = new Set([
  '-r', '--requirement', '-c', '--constraint', '-e', '--editable', '-i', '--index-url', '--extra-index-url', '-f', '--find-links', '--index', '--default-index', '--target', '-t', '--prefix', '--root', '--python',
  '--platform', '--python-version', '--implementation', '--abi', '--no-binary', '--only-binary', '--trusted-host', '--timeout', '--retries', '--cache-dir', '--proxy', '--progress-bar', '--torch-backend', '--extra',
  '--group', '--channel', '-n', '--name', '-p', '--file', '--only-group', '--no-group', '--with', '--without', '--only', '--upgrade-strategy', '--report', '--index-strategy', '--cert', '--log', '-d', '--dest',
])
/** conda's `-c` is a channel and takes a value, too. */
const GLUED = /^(-[rceif])(.+)$/

/** Reads a command as an installation; undefined when it is none. */
export function installCommand(command: ShellCommand): InstallCommand | undefined {
  const words = [...command.words]
  while (words[0] && (PREFIXES.has(words[0].text) || /^[A-Za-z_]\w*=/.test(words[0].text) || words[0].text.startsWith('--mount=') || words[0].text.startsWith('--network='))) words.shift()
  const found = toolOf(words)
  if (!found) return undefined
  const { tool, rest } = found
  const verbAt = rest.findIndex((word) => !word.text.startsWith('-'))
  const verb = rest[verbAt]
  if (!verb) return undefined
  const isInstall = tool === 'conda' ? /^(?:install|create|update)$/.test(verb.text) || verb.text === 'env' : /^(?:install|sync|add|download|wheel)$/.test(verb.text)
  if (!isInstall) return undefined
  const options: { name: string; value: string; start: number; end: number; valueStart: number }[] = []
  const plain: ShellWord[] = []
  const following = [...rest.slice(0, verbAt), ...rest.slice(verbAt + 1)]
  for (let at = 0; at < following.length; at++) {
    const word = following[at]!
    if (!word.text.startsWith('-') || word.text === '-') {
      if (!/^[<>]|^\d?>/.test(word.text)) plain.push(word)
      continue
    }
    const equals = word.text.startsWith('--') ? word.text.indexOf('=') : -1
    const glued = GLUED.exec(word.text)
    if (equals > 0) options.push({ name: word.text.slice(0, equals), value: word.text.slice(equals + 1), start: word.start, end: word.end, valueStart: word.start + equals + 1 })
    else if (TAKES_VALUE.has(word.text) && following[at + 1]) {
      at += 1
      options.push({ name: word.text, value: following[at]!.text, start: word.start, end: following[at]!.end, valueStart: following[at]!.start })
    } else if (glued && !word.text.startsWith('--')) options.push({ name: glued[1]!, value: glued[2]!, start: word.start, end: word.end, valueStart: word.start + 2 })
    else options.push({ name: word.text, value: '', start: word.start, end: word.end, valueStart: word.end })
  }
  return { tool, verb: verb.text, start: words[0]!.start, end: command.end, verbEnd: verb.end, options, arguments: plain }
}

function toolOf(words: readonly ShellWord[]): { readonly tool: InstallTool; readonly rest: readonly ShellWord[] } | undefined {
  const [first, second, third] = words
  if (!first) return undefined
  const program = first.text.split('/').at(-1)!
  if (/^pip[\d.]*$/.test(program)) return { tool: 'pip', rest: words.slice(1) }
  if (/^python[\d.]*$/.test(program) && second?.text === '-m' && third?.text === 'pip') return { tool: 'pip', rest: words.slice(3) }
  if (/^(?:conda|mamba|micromamba)$/.test(program)) return { tool: 'conda', rest: words.slice(1) }
  if (program === 'uv') return second?.text === 'pip' ? { tool: 'uv-pip', rest: words.slice(2) } : { tool: 'uv', rest: words.slice(1) }
  if (program === 'poetry' || program === 'pipenv' || program === 'pdm') return { tool: program, rest: words.slice(1) }
  return undefined
}
