/** Random edits, as a person makes them, on a file whose parts depend on each other in every way; and whether an analysis that followed them answers as one that has seen no other text. */

import { fileURLToPath } from 'node:url'
import { AnalysisHost } from '../../server/src/core/analysis.ts'
import type { Files } from '../../server/src/core/ports.ts'
import { startPythonParser } from '../../server/src/host/python-parser.ts'
import { memoryFiles } from './memory-files.ts'

const parser = startPythonParser(fileURLToPath(new URL('../..', import.meta.url)))

/** A file with every way in which one part of it may depend on another. */
const main = `import torch
from torch import nn
from parts import Block, WIDTH as OUTER
import parts

WIDTH = 8
SIZES = [4, 8]
registry = {}

def register(cls):
    registry[cls.__name__] = cls
    return cls

def scaled(n, by=2):
    # a comment
    return n * by

class Base(nn.Module):
    factor = 2

    def __init__(self, width=WIDTH):
        super().__init__()
        self.body = self.make(width)

    def make(self, width):
        return nn.Linear(width, scaled(width) * self.factor)

    def forward(self, x):
        y = self.body(x)
        return y + 1

@register
class Wide(Base):
    factor = 3

    def make(self, width):
        layers = [nn.Linear(width, n) for n in SIZES]
        return nn.Sequential(*layers, super().make(width))

@register
class Other(nn.Module):
    def __init__(self, depth=2):
        super().__init__()
        self.blocks = nn.ModuleList([Block(OUTER + i) for i in range(depth)])
        self.head = nn.Linear(parts.WIDTH, 3)
        self.tied = nn.Linear(3, parts.WIDTH)
        self.head.bias = self.tied.bias

    def forward(self, x):
        for block in self.blocks:
            x = block(x)
        return self.head(x)

def build(name='Wide'):
    def inner(cls):
        return cls()
    model = inner(registry[name])
    model.extra = nn.LSTM(WIDTH, 16, num_layers=2)
    return model

def helper(values):
    total = 0
    for value in values:
        total += value
    return total

def evaluate():
    model = Other(depth=1)
    model.load_state_dict(torch.load('other.pt'))
    model.eval()
    return model(torch.zeros(1, 4))

model = Base(width=scaled(4))
model.late = nn.Embedding(10, helper([1, 2, 3]))

if __name__ == '__main__':
    best = build()
    print(best)
`
const parts = `from torch import nn

WIDTH = 5

class Block(nn.Module):
    def __init__(self, n):
        super().__init__()
        self.conv = nn.Conv2d(n, n, 3)
`

const path = '/project/main.py'
const typed = ['1', '2', '0', ' ', '\n', '\n    ', '(', ')', '#', 'x', '.', ', 4', '"', ':', 'self', '\n        self.more = nn.Linear(2, 3)', '\n\ndef late():\n    return Wide(16)\n', '\nWIDTH = 6\n', ' + 1', '# note\n', '\n        super().__init__()']

/** Seeded, so that a failure can be had again. */
function randomly(seed: number): (below: number) => number {
  let state = seed
  return (below) => {
    state = (Math.imul(state, 1103515245) + 12345) & 0x7fffffff
    return (state >>> 8) % below
  }
}

/** One edit as a person makes it: a number changed, something typed, a line taken out or doubled, the last edit undone. */
function edited(text: string, previous: string, random: (below: number) => number): string {
  const kind = random(10)
  if (kind === 0) return previous
  if (kind <= 5) {
    const numbers = [...text.matchAll(/\d+/g)]
    const one = numbers[random(numbers.length)]
    if (one) return `${text.slice(0, one.index)}${String(random(12) + 1)}${text.slice(one.index + one[0].length)}`
  }
  if (kind === 6) {
    const lines = text.split('\n')
    const at = random(lines.length)
    lines.splice(at, 1, ...random(2) === 0 ? [] : [lines[at]!, lines[at]!])
    return lines.join('\n')
  }
  const at = random(text.length + 1)
  return text.slice(0, at) + typed[random(typed.length)]! + text.slice(at + (random(3) === 0 ? random(4) : 0))
}

/** Files whose stamp follows their text. */
function changing(entries: ReadonlyMap<string, string>): Files {
  const files = memoryFiles(entries)
  const stamps = new Map<string, { readonly text: string, readonly stamp: number }>()
  return {
    ...files,
    stat(file) {
      const stat = files.stat(file)
      const text = entries.get(file)
      if (stat === undefined || text === undefined) return stat
      const known = stamps.get(file)
      if (known?.text !== text) stamps.set(file, { text, stamp: (known?.stamp ?? 0) + 1 })
      return { ...stat, modified: stamps.get(file)!.stamp }
    },
  }
}

function answersOf(host: AnalysisHost, text: string): unknown {
  const lines = text.split('\n')
  const hints = host.inlayHints(path, { start: { line: 0, character: 0 }, end: { line: lines.length, character: 0 } })
  const lenses = host.codeLenses(path)
  const places = [...hints.map(({ position }) => position), ...lenses.map(({ range }) => range.start), ...lines.flatMap((line, i) => (i % 7 === 3 ? [{ line: i, character: line.length >> 1 }] : []))]
  return {
    hints: hints.map(({ position, label, tooltip }) => ({ position, label, tooltip })),
    lenses, findings: host.diagnostics(path),
    hovers: places.map((position) => host.hover(path, position)).filter((card) => card !== undefined),
  }
}

const settings = { hints: { minimumBytes: 0 }, lenses: { minimumParameters: 0 } }

/** Two answers that should be one, after an edit that left this text. */
export interface Compared {
  readonly text: string
  readonly followed: unknown
  readonly fresh: unknown
}

/** Makes `edits` edits by each seed and gives both analyses' answers after those that are asked about. */
export async function* followEdits(seeds: readonly number[], edits: number): AsyncGenerator<Compared> {
  const disk = new Map([[path, main], ['/project/parts.py', parts]])
  const followed = new AnalysisHost({ files: changing(new Map([['/project/parts.py', parts]])), parser: await parser })
  const fresh = new AnalysisHost({ files: changing(disk), parser: await parser })
  for (const host of [followed, fresh]) host.configure([{ folder: '/project', settings }], undefined)
  followed.open(path, main)
  followed.open('/project/parts.py', parts)
  // Both have loaded the same library code before: it stays loaded, and what is loaded first inside an undecided branch costs certainty.
  answersOf(followed, main)
  answersOf(fresh, main)
  for (const seed of seeds) {
    const random = randomly(seed)
    let text = main
    let previous = main
    for (let i = 0; i < edits; i++) {
      // Broken texts come and go: a person returns to one that runs.
      const next = i % 8 === 0 ? main : edited(text, previous, random)
      previous = text
      text = next
      if (i % 13 === 12) {
        const other = parts.replace('WIDTH = 5', `WIDTH = ${String(random(9) + 1)}`)
        disk.set('/project/parts.py', other)
        followed.change('/project/parts.py', other)
        fresh.filesChanged(['/project/parts.py'], { contentsOnly: true })
      }
      disk.set(path, text)
      fresh.filesChanged([path], { contentsOnly: true })
      followed.change(path, text)
      // Not every text is asked about: edits come faster than questions.
      if (random(4) === 0) continue
      yield { text, followed: answersOf(followed, text), fresh: answersOf(fresh, text) }
    }
  }
}
