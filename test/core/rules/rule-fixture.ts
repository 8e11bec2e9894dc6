/**
 * Reads and writes rule fixtures: source files whose findings stand in them, below the lines that they are about, as
 * `#    ^^^ warning[rule-id]: text` (or `# <- ...` where the finding starts in the first column). `#- name` starts another file;
 * `# expect: clean` at the top says that nothing may be found; `# torch: 2.6.0` and `# with: name = fixture` set the scene.
 */

import type { Finding } from '../../../server/src/core/ide/answers.ts'

const marker = /^#(?: +\^+| <-) (?:hint|information|warning|error|declined)\[/

export interface FixtureFile {
  readonly name: string
  readonly text: string
}

export interface RuleFixture {
  readonly files: readonly FixtureFile[]
  readonly torch: string | undefined
  /** File name -> path below test/fixtures. */
  readonly beside: ReadonlyMap<string, string>
  readonly isClean: boolean
}

/** The files of a fixture without the markers. The first file takes the fixture's own name. */
export function readFixture(name: string, content: string): RuleFixture {
  const files: { name: string; lines: string[] }[] = [{ name, lines: [] }]
  for (const line of content.split(/(?<=\n)/)) {
    const next = /^#- (\S+)\s*$/.exec(line)
    if (next) files.push({ name: next[1]!, lines: [] })
    else if (!marker.test(line)) files.at(-1)!.lines.push(line)
  }
  return {
    files: files.map((file) => ({ name: file.name, text: file.lines.join('') })),
    torch: /^# torch: (\S+)/m.exec(content)?.[1],
    beside: new Map([...content.matchAll(/^# with: (\S+) = (\S+)/gm)].map((match) => [match[1]!, match[2]!])),
    isClean: /^# expect: clean/m.test(content),
  }
}

/** What a fixture shows besides findings: fixes that are declined. */
export interface Shown {
  readonly severity: string
  readonly rule: string
  readonly message: string
  readonly range: Finding['range']
}

/** The fixture's content with the markers of what was found. */
export function renderFixture(fixture: RuleFixture, shownOf: (file: string) => readonly Shown[]): string {
  return fixture.files.map((file, index) => {
    const shown = shownOf(file.name)
    const lines = file.text.split(/(?<=\n)/).flatMap((line, number) => {
      const end = /\r?\n$/.exec(line)?.[0] ?? '\n'
      const below = shown.filter((one) => one.range.start.line === number).map((one) => toMarker(one, line.trimEnd().length) + end)
      return below.length && !line.endsWith('\n') ? [line + end, ...below] : [line, ...below]
    })
    return (index === 0 ? '' : `#- ${file.name}\n`) + lines.join('')
  }).join('')
}

function toMarker(shown: Shown, lineLength: number): string {
  const { start, end } = shown.range
  const text = `${shown.severity}[${shown.rule}]: ${shown.message}`
  if (start.character === 0) return `# <- ${text}`
  const last = end.line === start.line ? end.character : lineLength
  return `#${' '.repeat(start.character - 1)}${'^'.repeat(Math.max(1, last - start.character))} ${text}`
}
