import { describe, expect, test } from 'vitest'
import { analysisOf } from '../../support/analysis.ts'

const everything = { start: { line: 0, character: 0 }, end: { line: 100, character: 0 } }
const hints = async (name: string, text: string) => (await analysisOf(new Map([[`/project/${name}`, text]]))).inlayHints(`/project/${name}`, everything).map(({ position, label }) => `${String(position.line + 1)}: ${label}`)

describe('the bytes behind a requirement', () => {
  test('what PyPI serves, and what the CPU index does', async () => {
    const [cuda] = await hints('requirements.txt', 'torch==2.13.0\n')
    const [cpu] = await hints('requirements.txt', '--index-url https://download.pytorch.org/whl/cpu\ntorch==2.13.0\n')
    expect(cuda).toMatch(/^1: about 4\.\d+ GB$/)
    expect(cpu).toMatch(/^2: about 7\d\d MB$/)
  })

  test('a line of another package has none', async () => {
    expect(await hints('requirements.txt', 'numpy==2.0.0\n# torch==2.13.0\n')).toEqual([])
  })

  test('an index that nobody knows leaves the size open', async () => {
    expect((await hints('requirements.txt', '--index-url https://example.com/simple\ntorch==2.13.0\n')).join()).not.toMatch(/\dGB|\d MB/)
  })

  test('in the other manifests as well', async () => {
    expect(await hints('pyproject.toml', '[project]\nname = "a"\nversion = "1"\ndependencies = ["torch==2.13.0"]\n')).toHaveLength(1)
    expect(await hints('Dockerfile', 'FROM python:3.12\nRUN pip install torch==2.13.0\n')).toHaveLength(1)
  })
})
