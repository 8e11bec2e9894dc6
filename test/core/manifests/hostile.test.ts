import { expect, test } from 'vitest'
import { readManifest } from '../../../server/src/core/manifests/read-manifest.ts'

const read = (name: string, text: string) => readManifest(`/p/${name}`, text)!
const keys = (name: string, text: string) => read(name, text).requirements.map(({ key }) => key)

test('variables that double with every line end at some length, and the rest is read', () => {
  const bomb = `FROM python:3.12\nENV A=x\n${'ENV A=$A$A$A$A\n'.repeat(2_000)}RUN pip install torch==2.6.0 $A\n`
  expect(keys('Dockerfile', bomb)).toContain('torch')
  expect(keys('Dockerfile', 'FROM python:3.12\nENV V=2.6.0\nRUN pip install torch==$V\n')).toEqual(['torch'])
})

test('a lock file of 10 MB is read to its end', () => {
  const entry = (name: string) => `[[package]]\nname = "${name}"\nversion = "1.0"\nsource = { registry = "https://pypi.org/simple" }\nwheels = [\n    { url = "https://files.pythonhosted.org/${name}-1.0-py3-none-any.whl", hash = "sha256:${'a'.repeat(64)}", size = 12345 },\n]\n`
  const text = `${Array.from({ length: 40_000 }, (_, index) => entry(`package-${String(index)}`)).join('\n')}\n${entry('torch')}`
  expect(text.length).toBeGreaterThan(10_000_000)
  expect(keys('uv.lock', text).at(-1)).toBe('torch')
})

test.each([
  ['pyproject.toml', '[project\nname = "x"\n[project]\ndependencies = ["torch==2.6.0"]\n'],
  ['pyproject.toml', '[project]\nname = \ndependencies = ["torch==2.6.0", "not a requirement =="]\n'],
  ['pyproject.toml', '[project]\ndependencies = ["torch==2.6.0"]\n[tool.x]\nbroken = [1, 2\n'],
  ['Pipfile', '[packages]\ntorch = "==2.6.0"\n[[source\n'],
  ['requirements.txt', 'torch==2.6.0\n--no-such-option\n==broken\n'],
])('%s with an error keeps what it asks for, and says what is wrong', (name, text) => {
  expect(keys(name, text)).toContain('torch')
  expect(read(name, text).problems.length).toBeGreaterThan(0)
})

test('what is nested without end, or never closed, is a problem and no exception', () => {
  for (const [name, text] of [
    ['pyproject.toml', '['.repeat(200_000)], ['pyproject.toml', `[project]\ndependencies = [${'['.repeat(200_000)}`], ['pyproject.toml', `a = [\n${'"x",'.repeat(100_000)}`],
    ['requirements.txt', `torch ; ${'('.repeat(100_000)}`], ['uv.lock', '[[package]]\nname = "torch\n'.repeat(20_000)],
  ] as const) expect(read(name, text).problems.length, text.slice(0, 30)).toBeGreaterThan(0)
})
