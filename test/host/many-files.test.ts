import * as fs from 'node:fs'
import * as os from 'node:os'
import * as path from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { sketchTorchUse, torchSearch } from '../../server/src/core/footprint/torch-signs.ts'
import { finishBatches, startBatch, FIELDS } from '../../server/src/host/side-thread.ts'
import { createSourceReader } from '../../server/src/host/source-reader.ts'
import { walkFolder } from '../../server/src/host/walk.ts'

const root = fs.mkdtempSync(path.join(os.tmpdir(), 'many-files-'))
afterAll(() => { fs.rmSync(root, { recursive: true }) })

const sources = [
  'import os\n', 'import torch\n', 'x = 1\n', '', 'import os, triton\n', 'import os, \\\n  triton\n', 'from apex import amp\n', 'from  apex.x import (\n  a)\n', 'important = 1\n', 'x = 1; import wandb\r\n',
  'if x: import vllm\n', 'try: from flash_attn import y\nexcept ImportError: pass\n', 'from .apex import a\n', '# importtriton\n', `from ${'a.'.repeat(140)}apex import z\n`, 'imports = "triton"\n', '\ufeffimport cupy\n',
  'import \\\n cupy\n', 'def f():\n\timport  mlflow\n', 'import os as torchless\n', `${'x = 1\n'.repeat(20_000)}import jupyter\n`,
]

test('the search over many files leaves out only files without a sketch, with a second thread and without', () => {
  const paths = Array.from({ length: 2_000 }, (_, index) => {
    const file = path.join(root, `part${String(index % 7)}`, `file${String(index)}.py`)
    if (index < 7) fs.mkdirSync(path.dirname(file))
    fs.writeFileSync(file, index < 400 ? sources[index % sources.length]! : 'import os\nx = 1\n')
    return file
  })
  const reader = createSourceReader()
  // The second time the thread is there.
  for (let round = 0; round < 2; round++) {
    const { barren, paths: listed } = reader.list(root, [], (name) => name.endsWith('.py'), { ...torchSearch, isWanted: () => true, maxBytes: 1_000_000 })
    expect([...listed].sort()).toEqual([...paths].sort())
    const wrong = [...barren].filter(([file, bytes]) => {
      const text = fs.readFileSync(file, 'latin1')
      return text.length !== bytes || sketchTorchUse(text) !== undefined
    })
    expect(wrong).toEqual([])
    expect(barren.size).toBeGreaterThan(1_650)
  }
})

test('what cannot be read is not left out', () => {
  const question = { kind: 'search', anywhere: 'torch', keyword: 'import', names: ['apex'], maxBytes: 10 } as const
  const large = path.join(root, 'large.py')
  fs.writeFileSync(large, 'import os, sys\n')
  const batch = startBatch(question, [path.join(root, 'missing.py'), large, root])
  finishBatches([batch])
  expect([0, 1, 2].map((index) => batch.results[index * FIELDS])).toEqual([-1, -1, -1])
})

test('a walk counts as lstat does, whatever thread looked', () => {
  const tree = path.join(root, 'tree')
  for (let at = 0; at < 3_000; at++) {
    const folder = path.join(tree, `d${String(at % 50)}`, 'e')
    if (at < 50) fs.mkdirSync(folder, { recursive: true })
    fs.writeFileSync(path.join(folder, `f${String(at)}`), 'x'.repeat(at % 300))
  }
  fs.linkSync(path.join(tree, 'd1/e/f1'), path.join(tree, 'hard'))
  fs.symlinkSync('d2', path.join(tree, 'soft'))
  const expected = new Map<string, number>()
  const inodes = new Set<number>()
  for (const entry of fs.readdirSync(tree, { withFileTypes: true, recursive: true })) {
    const file = path.join(entry.parentPath, entry.name)
    const found = fs.lstatSync(file)
    if (found.isDirectory() || inodes.has(found.ino)) continue
    inodes.add(found.ino)
    expected.set(file, found.size)
  }
  const sum = [...expected.values()].reduce((total, bytes) => total + bytes, 0)
  for (let round = 0; round < 2; round++) {
    const kinds: string[] = []
    let bytes = 0
    walkFolder(tree, (_path, size, kind) => {
      bytes += size
      kinds.push(kind)
    })
    expect(bytes).toBe(sum)
    expect(kinds.filter((kind) => kind === 'repeated')).toHaveLength(1)
    expect(kinds.filter((kind) => kind === 'link')).toHaveLength(1)
    expect(kinds).toHaveLength(3_002)
  }
})
