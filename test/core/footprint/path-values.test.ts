import { expect, test } from 'vitest'
import { createPathReader } from '../../../server/src/core/footprint/path-values.ts'
import { walk } from '../../../server/src/core/syntax/walk.ts'
import type { Expression } from '../../../server/src/core/syntax/ast.ts'
import { startPythonParser } from '../../../server/src/host/python-parser.ts'

const parser = await startPythonParser(import.meta.dirname)

/** What the argument of the first call of `load` in a file `/p/app.py` stands for. */
function pathOf(code: string): string | undefined {
  const source = parser.parse(code)
  let argument: Expression | undefined
  walk(source.body, (node) => { if (node.kind === 'call' && node.callee.kind === 'name' && node.callee.id === 'load') argument ??= node.args[0]?.value })
  const value = createPathReader(source.body, '/p/app.py').read(argument!)
  return value.kind === 'path' ? value.text : undefined
}

test.each([
  ['load("m.pt")', 'm.pt'],
  ['from pathlib import Path\nload(Path("a") / "m.pt")', 'a/m.pt'],
  ['import os\nload(os.path.join("a", "b", "m.pt"))', 'a/b/m.pt'],
  ['from pathlib import Path\nload(Path(__file__).parent / "m.pt")', '/p/m.pt'],
  ['import os\nload(os.path.join(os.path.dirname(__file__), "m.pt"))', '/p/m.pt'],
  ['name = "m"\nload(f"{name}.pt")', 'm.pt'],
  ['folder = "a"\nfile = folder + "/m.pt"\nload(file)', 'a/m.pt'],
  ['def run(path="m.pt"):\n    load(path)', 'm.pt'],
  ['import argparse\np = argparse.ArgumentParser()\np.add_argument("--weights", default="m.pt")\nargs = p.parse_args()\nload(args.weights)', 'm.pt'],
  ['load(unknown)', undefined],
  ['name = "a"\nname = "b"\nload(name + ".pt")', undefined],
  ['import sys\nload(sys.argv[1])', undefined],
  ['for i in range(3):\n    load(f"m{i}.pt")', undefined],
  ['a = b\nb = a\nload(a)', undefined],
])('%s', (code, expected) => { expect(pathOf(code)).toBe(expected) })
