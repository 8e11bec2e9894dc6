/**
 * 12,000 Python files searched for the use of torch (imports, signs of a GPU), beside ripgrep listing those that hold the
 * word, both on one folder in the same rounds. `TORCH_FOOTPRINT_SOURCES` names a folder of real sources instead of a made one.
 */

import { spawnSync } from 'node:child_process'
import * as fs from 'node:fs'
import * as os from 'node:os'
import * as path from 'node:path'
import { TorchUseState } from '../../server/src/core/footprint/torch-use.ts'
import { createDiskFiles } from '../../server/src/host/disk-files.ts'
import { createSourceReader } from '../../server/src/host/source-reader.ts'
import { percentile, row } from './measure.ts'

const rounds = 15
const count = 12_000
const named = process.env.TORCH_FOOTPRINT_SOURCES
const made = path.join(os.tmpdir(), `torch-footprint-sources-${String(process.pid)}`)
const folder = named ?? made

try {
  if (named === undefined) makeSources(made)
  run()
} finally {
  fs.rmSync(made, { recursive: true, force: true })
}

function run(): void {
  const files = createDiskFiles()
  const reader = createSourceReader()
  const search = (): TorchUseState => new TorchUseState(files, reader, () => undefined)
  const kept = search()
  const answer = kept.of(folder, [])
  const peer = spawnSync('rg', ['--version']).status === 0 ? 'rg' : undefined
  const times = new Map<string, number[]>()
  for (let round = 0; round < rounds; round++) {
    if (peer) time('rg -l torch', () => spawnSync(peer, ['-l', '-t', 'py', 'torch', folder]).status)
    time('searched for the first time', () => search().of(folder, []))
    time('asked again', () => kept.of(folder, []))
    time('one file edited', () => {
      kept.edited(path.join(folder, 'part0/module0.py'))
      kept.of(folder, [])
    })
    time('something on the disk changed', () => {
      kept.recheck()
      kept.of(folder, [])
    })
  }
  console.log(`  ${String(answer.pythonFiles)} Python files; ${String(answer.imports.size)} of the packages asked about are imported; ${String(answer.cuda.length)} signs of a GPU`)
  if (!peer) console.log('  ripgrep is not installed: no ratios')
  const rg = percentile(times.get('rg -l torch') ?? [], 50)
  for (const [what, all] of times) row(`  ${what}`, `${percentile(all, 50).toFixed(1)} ms`, peer ? `${(percentile(all, 50) / rg).toFixed(2)} of ripgrep` : '')

  function time(what: string, work: () => unknown): void {
    const start = performance.now()
    work()
    times.set(what, [...times.get(what) ?? [], performance.now() - start])
  }
}

/** Sources as a large project has them: one in twelve uses torch, on the CPU, so that no search can stop at a first sign. */
function makeSources(root: string): void {
  for (let at = 0; at < count; at++) {
    const target = path.join(root, `part${String(at % 400)}`)
    if (at < 400) fs.mkdirSync(target, { recursive: true })
    const usesTorch = at % 12 === 0
    const head = usesTorch
      ? ['import json', 'import torch', 'from torch import nn', '', 'class Net(nn.Module):', '    def __init__(self, width=64):', '        super().__init__()', '        self.fc = nn.Linear(width, 2)', '', 'device = torch.device("cpu")', 'net = Net().to(device)', '']
      : ['"""Part of a project."""', 'import os', 'import sys', 'from dataclasses import dataclass', 'from .other import value', '']
    const body = Array.from({ length: 4 + (at * 7919) % 120 }, (_, line) => `def function_${String(line)}(first, second=${String(line)}):\n    # adds what is asked for\n    return first + second * ${String(line)}\n`)
    fs.writeFileSync(path.join(target, `module${String(at)}.py`), [...head, ...body].join('\n'))
  }
}
