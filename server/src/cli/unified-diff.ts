/** Two texts as a unified diff that `patch -p1` takes. Meant for small edits: what is equal at both ends is found, the middle is one hunk per run. */

/** Lines around a change. */
const context = 3
/** Middles larger than this are shown as one change instead of being aligned. */
const maxAligned = 4_000_000

export function unifiedDiff(name: string, before: string, after: string): string {
  if (before === after) return ''
  const a = before.split(/(?<=\n)/)
  const b = after.split(/(?<=\n)/)
  let head = 0
  while (head < a.length && head < b.length && a[head] === b[head]) head += 1
  let tail = 0
  while (tail < a.length - head && tail < b.length - head && a[a.length - 1 - tail] === b[b.length - 1 - tail]) tail += 1
  const script = [...a.slice(0, head).map((line) => [' ', line] as const), ...align(a.slice(head, a.length - tail), b.slice(head, b.length - tail)), ...a.slice(a.length - tail).map((line) => [' ', line] as const)]
  return `--- a/${name}\n+++ b/${name}\n${hunks(script).join('')}`
}

type Step = readonly [' ' | '-' | '+', string]

/** The shortest script between two lists of lines, by their longest common subsequence. */
function align(a: readonly string[], b: readonly string[]): readonly Step[] {
  if (a.length * b.length > maxAligned) return [...a.map((line) => ['-', line] as const), ...b.map((line) => ['+', line] as const)]
  const width = b.length + 1
  const common = new Uint32Array((a.length + 1) * width)
  for (let i = a.length - 1; i >= 0; i--) {
    for (let j = b.length - 1; j >= 0; j--) common[i * width + j] = a[i] === b[j] ? common[(i + 1) * width + j + 1]! + 1 : Math.max(common[(i + 1) * width + j]!, common[i * width + j + 1]!)
  }
  const steps: Step[] = []
  let i = 0
  let j = 0
  while (i < a.length || j < b.length) {
    if (i < a.length && j < b.length && a[i] === b[j]) {
      steps.push([' ', a[i]!])
      i += 1
      j += 1
    } else if (i < a.length && (j === b.length || common[(i + 1) * width + j]! >= common[i * width + j + 1]!)) steps.push(['-', a[i++]!])
    else steps.push(['+', b[j++]!])
  }
  return steps
}

function hunks(script: readonly Step[]): string[] {
  const changed = script.flatMap(([kind], index) => (kind === ' ' ? [] : [index]))
  const ranges: { start: number; end: number }[] = []
  for (const index of changed) {
    const last = ranges.at(-1)
    if (last && index - context <= last.end) last.end = Math.min(script.length, index + context + 1)
    else ranges.push({ start: Math.max(0, index - context), end: Math.min(script.length, index + context + 1) })
  }
  return ranges.map(({ start, end }) => {
    const before = script.slice(0, start)
    const inside = script.slice(start, end)
    const count = (steps: readonly Step[], skipped: string): number => steps.filter(([kind]) => kind !== skipped).length
    const at = (skipped: string): string => {
      const lines = count(inside, skipped)
      return `${String(count(before, skipped) + (lines === 0 ? 0 : 1))},${String(lines)}`
    }
    return `@@ -${at('+')} +${at('-')} @@\n${inside.map(([kind, line]) => `${kind}${line}${line.endsWith('\n') ? '' : '\n\\ No newline at end of file\n'}`).join('')}`
  })
}
