import * as fs from 'node:fs'
import { expect, test } from 'vitest'
import { startPythonParser } from '../../../server/src/host/python-parser.ts'
import type { Node } from '../../../server/src/core/syntax/ast.ts'
import { walk } from '../../../server/src/core/syntax/walk.ts'
import { statement } from '../../support/syntax-dump.ts'

const parser = await startPythonParser(import.meta.dirname)

test('a broken statement does not hide its neighbours', () => {
  const file = parser.parse('import torch\nx = (\ndef f():\n  pass\ny = 2\n')
  expect(file.problems.length).toBeGreaterThan(0)
  expect(file.body[0]).toMatchObject({ kind: 'import' })
  expect(file.body.some((one) => one.kind === 'function' || (one.kind === 'assign'))).toBe(true)
})

test('where the grammar groups otherwise, the tree is that of CPython (test/oracle/syntax/dump.py on corners.py)', () => {
  const folder = new URL('../../oracle/syntax/', import.meta.url)
  const theirs = JSON.parse(fs.readFileSync(new URL('corners.oracle.json', folder), 'utf8')) as unknown[]
  const ours = parser.parse(fs.readFileSync(new URL('corners.py', folder), 'utf8')).body.map(statement)
  expect(ours.length).toBe(theirs.length)
  for (const [i, one] of ours.entries()) expect(one).toEqual(theirs[i])
})

test('what cannot be read leaves no older value behind', () => {
  // CPython reads all of these; the grammar has no bare star before a bracket.
  const file = parser.parse('def f(a):\n    if a:\n        host, *rest = a, *[]\n    else:\n        b = 3\n    return a, *([None] * 4)\nself.x = a, *(b)\n')
  expect(file.body[0]).toMatchObject({ kind: 'function', body: [{ kind: 'if', branches: [{ body: [{ kind: 'assign', targets: [{ id: 'host' }, { id: 'rest' }], value: { kind: 'error' } }] }] }, { kind: 'return', value: { kind: 'error' } }] })
  expect(file.body[1]).toMatchObject({ kind: 'assign', targets: [{ kind: 'attribute', object: { id: 'self' }, name: { id: 'x' } }], value: { kind: 'error' } })
})

test('strings are decoded, f-strings keep their parts', () => {
  const file = parser.parse('a = "x\\n\\x41" r"\\n"\nb = f"{x!r:>{w}} {{}} {y=}"')
  expect(file.body[0]).toMatchObject({ value: { kind: 'string', value: 'x\nA\\n' } })
  expect(file.body[1]).toMatchObject({ value: { kind: 'fstring', parts: [{ conversion: 'r', format: ['>', { value: { id: 'w' } }] }, ' {} ', { debug: 'y=', conversion: 'r' }] } })
})

test('comments are kept, in order, with their offsets', () => {
  const text = '# one\nclass A:  # two\n  # footprint: assume x=3\n  pass\n'
  const file = parser.parse(text)
  expect(file.comments.map((comment) => comment.text)).toEqual(['# one', '# two', '# footprint: assume x=3'])
  for (const comment of file.comments) expect(text.slice(comment.start, comment.end)).toBe(comment.text)
})

test('hostile nesting is bounded', () => {
  const texts = [`f${'()'.repeat(100_000)}`, '['.repeat(200_000), `x = ${'1+'.repeat(100_000)}1`, `${'('.repeat(50_000)}${')'.repeat(50_000)}`, `${'if x:\n '.repeat(1)}${'not '.repeat(100_000)}x`]
  for (const text of texts) {
    const file = parser.parse(text)
    let deepest = 0
    walk(file.body, (_node, ancestors) => { deepest = Math.max(deepest, ancestors.length) })
    expect(deepest).toBeLessThan(500)
    expect(file.problems.length).toBeGreaterThan(0)
  }
})

test('past the budget, top-level torch imports and loads are still found', () => {
  const file = parser.parse(`import torch\n${'a '.repeat(1_500_000)}\nstate = torch.load("x.pt")\nfrom torch import nn as n\n`)
  expect(file.mode).toBe('lexical')
  expect(file.body.map((one) => one.kind)).toEqual(['import', 'expression', 'importFrom'])
})

test('an edited document equals a fresh parse', () => {
  const base = Array.from({ length: 40 }, (_, i) => `def f${i}(a, b=${i}):\n    # c${i}\n    return a + b * ${i}\n\nx${i} = [f${i}(1), "s"]  # t\n`).join('')
  const document = parser.open(base)
  let text = base
  let seed = 7
  const random = (below: number): number => { seed = (seed * 1103515245 + 12345) & 0x7fffffff; return seed % below }
  const pieces = ['x', '(', ')', '\n', '    ', '"', 'def g():\n  pass\n', '#', '1', ' ', '\n\n', '"""', ':', 'class A:\n']
  for (let i = 0; i < 300; i++) {
    const at = random(text.length)
    const removed = random(3) === 0 ? random(12) : 0
    text = text.slice(0, at) + pieces[random(pieces.length)]! + text.slice(at + removed)
    if (i % 5 === 0) text = base
    const edited = document.update(text)
    const fresh = parser.parse(text)
    expect(edited.body).toEqual(fresh.body)
    expect(edited.comments).toEqual(fresh.comments)
    expect(edited.problems.length).toEqual(fresh.problems.length)
  }
  document.close()
})

test('statements above an edit are the same objects', () => {
  const text = 'a = 1\nb = 2\nc = 3\n'
  const document = parser.open(text)
  const before = document.file.body
  const after = document.update('a = 1\nb = 22\nc = 3\n').body
  expect(after[0]).toBe(before[0])
  expect(after[2]).toMatchObject({ kind: 'assign', start: 13 } satisfies Partial<Node>)
  document.close()
})
