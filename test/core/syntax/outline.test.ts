import { expect, test } from 'vitest'
import { outlineOf } from '../../../server/src/core/syntax/outline.ts'
import { startPythonParser } from '../../../server/src/host/python-parser.ts'

const parser = await startPythonParser(process.cwd())

/** The tree as plain data, with the bodies that are parsed when they are read. */
function plain(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(plain)
  if (typeof value !== 'object' || value === null) return value
  const { deferred, ...rest } = value as { readonly deferred?: unknown, readonly body?: unknown }
  return Object.fromEntries(Object.entries(deferred === undefined ? rest : { ...rest, body: (value as { readonly body: unknown }).body }).map(([key, one]) => [key, plain(one)]))
}

const LONG = '    value = 1 + 2 + 3 + 4 + 5 + 6 + 7 + 8 + 9\n    return value\n'

const SOURCES: Readonly<Record<string, { readonly text: string, readonly hidden: number }>> = {
  'functions and methods': { text: `import a\ndef f(x, y=(1, 2)):\n${LONG}\nclass C(a.B):\n    size = 3\n\n    def g(self):\n        super().g()\n${LONG.replaceAll('    ', '        ')}\n    @property\n    async def h(self) -> int: # why\n${LONG.replaceAll('    ', '        ')}x = f(1)\n`, hidden: 3 },
  'a docstring stays': { text: `def f():\n    """Says "this"\n    and def that():"""\n${LONG}    # behind\nx = 1\n`, hidden: 1 },
  'a docstring and nothing else': { text: 'def f():\n    """A text that is long enough to be hidden, which it is not."""\n\nx = 1\n', hidden: 0 },
  'comments at any column': { text: `def f():\n# left\n${LONG}            # right\n# left\n    while True:\n        pass\n    # last\n\nx = 1\n`, hidden: 1 },
  'brackets, strings and continuations over lines': { text: `def f(a=')', b="#", *, c={'x': [1,\n2]}) -> 'x:':\n    y = (1,\n3) + 2 \\\n  + 4\n    z = '''\ndef g():\n    no\n'''\n    return f'{y:>{z}} {{' + rb"\\"".decode()\nx = '\\'' # '\n`, hidden: 1 },
  'definitions inside definitions': { text: `if x:\n    def f():\n        def g():\n            ${LONG.trim()}\n        return g\n    class A:\n        class B:\n            def h(self):\n                return 'a text that is long enough to be hidden'\nelse:\n    def f():\n        def g():\n            class D:\n                pass\n        return lambda: [1, 2, 3, 4, 5]\n`, hidden: 2 },
  'one line, and several statements of one': { text: 'def f(): return [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14]\nif x: y = 1; z = 2\ndef g(x: int = 3): x = {1: 2}; return x[1:]\n', hidden: 0 },
  'line ends of two characters': { text: `def f():\n${LONG}x = 1\n`.replaceAll('\n', '\r\n'), hidden: 1 },
  'no line end at the end': { text: `def f():\n${LONG}`.trimEnd(), hidden: 1 },
  'characters of two units': { text: `s = '𝒳'\ndef ƒ(β):\n    '𝒳'\n${LONG}t = '𝒳'\n`, hidden: 1 },
}

test.each(Object.entries(SOURCES))('hidden bodies are read as they stand: %s', (_, { text, hidden }) => {
  expect(outlineOf(text)?.bodies.size ?? 0).toBe(hidden)
  expect(plain(parser.parseOutlined(text).body)).toEqual(plain(parser.parse(text).body))
})

test.each([
  `def f():\n\t${LONG.trim()}\n`, `def f():\n${LONG}  x = 1\n`, `def f(:\n${LONG}`, `x = (\ndef f():\n${LONG}`, `x = 'a\ndef f():\n${LONG}`, `x = f"{d["#"]}"\ndef f():\n${LONG}`, `x = """a\ndef f():\n${LONG}`,
])('a text in doubt has no outline: %j', (text) => {
  expect(outlineOf(text)).toBeUndefined()
  expect(plain(parser.parseOutlined(text).body)).toEqual(plain(parser.parse(text).body))
})

test('a text that is broken outside its functions is parsed as a whole', () => {
  const text = `def f():\n${LONG}x = = 1\n`
  expect(plain(parser.parseOutlined(text).body)).toEqual(plain(parser.parse(text).body))
})

test('a body says whether it may use its class, and can be read again', () => {
  const [cls] = parser.parseOutlined(`class C:\n    def f(self):\n        self.x = 1 + 2 + 3 + 4 + 5 + 6 + 7 + 8 + 9\n    def g(self):\n        super().g(1 + 2 + 3 + 4 + 5 + 6 + 7 + 8 + 9)\n`).body
  const [f, g] = cls?.kind === 'class' ? cls.body : []
  if (f?.kind !== 'function' || g?.kind !== 'function') throw new Error('two methods')
  expect([f.deferred?.mentionsClass, g.deferred?.mentionsClass]).toEqual([false, true])
  const { body } = f
  expect(f.body).toBe(body)
  f.deferred?.release()
  expect(f.body).not.toBe(body)
  expect(f.body).toEqual(body)
})
