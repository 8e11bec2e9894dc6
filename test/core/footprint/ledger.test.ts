import { describe, expect, test } from 'vitest'
import { AnalysisHost } from '../../../server/src/core/analysis.ts'
import type { LedgerNode } from '../../../server/src/core/ide/answers.ts'
import type { FootprintSummary } from '../../../server/src/core/ide/footprint.ts'
import { startPythonParser } from '../../../server/src/host/python-parser.ts'
import { memoryFiles } from '../../support/memory-files.ts'

const parser = await startPythonParser(import.meta.dirname)
const site = '/env/lib/python3.12/site-packages'

/** A distribution of one module file with that many bytes. */
function installed(name: string, version: string, bytes: number, requires: readonly string[] = []): [string, string][] {
  const info = `${site}/${name}-${version}.dist-info`
  return [
    [`${info}/METADATA`, `Metadata-Version: 2.1\nName: ${name}\nVersion: ${version}\n${requires.map((one) => `Requires-Dist: ${one}\n`).join('')}`],
    [`${info}/INSTALLER`, 'pip\n'], [`${info}/RECORD`, `${name.replaceAll('-', '_')}/__init__.py,sha256=x,${String(bytes)}\n`], [`${site}/${name.replaceAll('-', '_')}/__init__.py`, ''],
  ]
}

const environment = [
  ...installed('torch', '2.13.0', 1_000_000_000, ['nvidia-cublas-cu12', 'triton']), ...installed('nvidia-cublas-cu12', '12.1', 600_000_000), ...installed('triton', '3.7.1', 200_000_000),
  ...installed('torchvision', '0.28.0', 20_000_000, ['torch', 'pillow']), ...installed('pillow', '11.0', 7_000_000), ...installed('requests', '2.0', 400_000), ...installed('pytest', '8.0', 3_000_000),
  [`${site}/torch/version.py`, "__version__ = '2.13.0+cu130'\ncuda = '13.0'\n"],
] as [string, string][]

function footprintOf(project: Record<string, string | Uint8Array>, settings: unknown = {}, packages: readonly [string, string][] = environment): FootprintSummary {
  const files = new Map<string, string | Uint8Array>([...packages, ...Object.entries(project).map(([name, text]) => [`/project/${name}`, text] as const)])
  const host = new AnalysisHost({
    files: memoryFiles(files), parser, caches: { variables: {}, home: '/home/me' },
    findEnvironment: () => ({ sitePackages: packages.length ? [site] : [], chosenBecause: 'for the test', target: { system: 'linux', machine: 'x86_64', python: '3.12' } }),
    listProject: (folder) => [...files].filter(([path]) => path.startsWith(`${folder}/`)).map(([path, text]) => ({ path, bytes: text.length })),
  })
  host.configure([{ folder: '/project', settings }], undefined)
  return host.footprint()!
}

const rows = (root: LedgerNode, id: string) => Object.fromEntries((root.children.find((group) => group.id === id)?.children ?? []).map(({ name, bytes }) => [name, bytes.value]))

describe('the ledger', () => {
  test('packages that imports and requirements reach, each once, with what they require', () => {
    const { root } = footprintOf({ 'requirements.txt': 'torch==2.13.0\ntorchvision\n', 'app.py': 'import torch\nimport requests\n' })
    expect(rows(root, 'environment')).toEqual({ 'torch': 1_000_000_000, 'nvidia-cublas-cu12': 600_000_000, 'triton': 200_000_000, 'torchvision': 20_000_000, 'pillow': 7_000_000, 'requests': 400_000 })
    expect(root.bytes.value).toBe(1_827_400_000)
  })

  test('what only tests and development requirements reach is not shipped', () => {
    const { root } = footprintOf({ 'requirements-dev.txt': 'pytest\n', 'tests/test_app.py': 'import torch\nimport pytest\n', 'app.py': 'import requests\n' })
    expect(rows(root, 'environment')).toEqual({ requests: 400_000 })
  })

  test('another version than the pinned one is not what is deployed', () => {
    const { root } = footprintOf({ 'requirements.txt': 'torch==2.6.0\n', 'app.py': 'import torch\n' })
    const [torch] = root.children[0]!.children
    expect(torch).toMatchObject({ name: 'torch', bytes: { certainty: 'estimate' }, detail: '2.6.0 not installed here: as PyPI serves it, with what it requires' })
    expect(torch!.bytes.value).toBeGreaterThan(4e9)
    expect(root.children[0]!.children).toHaveLength(1)
  })

  test('the CPU index of the requirement file decides what is not installed', () => {
    const { root } = footprintOf({ 'requirements.txt': '--index-url https://download.pytorch.org/whl/cpu\ntorch==2.13.0\n', 'app.py': 'import torch\n' }, {}, [])
    expect(root.children[0]!.children[0]!.bytes.value).toBeLessThan(9e8)
  })

  test('pretrained weights count, once, from the table, from a cache, or as unknown', () => {
    const code = 'from torchvision.models import resnet18\nfrom transformers import AutoModel\na = resnet18(weights="DEFAULT")\nb = resnet18(weights="DEFAULT")\nc = AutoModel.from_pretrained("me/small")\nd = AutoModel.from_pretrained("me/other")\n'
    const cache = '/home/me/.cache/huggingface/hub/models--me--small'
    const { root } = footprintOf({ 'app.py': code }, {}, [...environment, [`${cache}/refs/main`, 'abc'], [`${cache}/snapshots/abc/model.safetensors`, 'x'.repeat(5000)]])
    expect(rows(root, 'downloads')).toEqual({ 'ResNet18_Weights.IMAGENET1K_V1': expect.closeTo(46_800_000, -5) as number, 'me/small': 5000, 'me/other': null })
  })

  test('nothing at all is exactly nothing', () => {
    expect(footprintOf({ 'readme.md': '' }, {}, []).root).toMatchObject({ bytes: { value: 0, certainty: 'exact' }, children: [] })
  })
})

describe('against a target', () => {
  test('the shortest list of cuts', () => {
    const { target } = footprintOf({ 'requirements.txt': 'torch\ntorchvision\n', 'app.py': 'import torch\nmodel = torch.load("used.pt", weights_only=True)\n', 'used.pt': 'x'.repeat(100), 'old.pt': 'x'.repeat(5_000_000) }, { target: 'custom', targetLimit: 700_000_000 })
    expect(target).toMatchObject({ name: 'custom', limit: 700_000_000, fits: false, cuts: [{ rule: 'cuda-wheel-for-cpu-code', title: 'Take torch from the CPU index: no code here touches a GPU' }, { rule: 'unused-companion' }, { title: 'Leave out old.pt: no deployed code loads it' }], fitsAfter: true })
    const roomy = footprintOf({ 'requirements.txt': 'torch\ntorchvision\n', 'app.py': 'import torch\n' }, { target: 'custom', targetLimit: 1_100_000_000 }).target
    expect(roomy).toMatchObject({ fits: false, cuts: [{ of: 'torch' }], fitsAfter: true })
  })

  test('a checkpoint that no code loads can be left out; where a path is not known it cannot', () => {
    const files = { 'used.pt': 'x'.repeat(100), 'old.pt': 'x'.repeat(5_000_000) }
    const settings = { target: 'custom', targetLimit: 1_000 }
    const titles = (code: string) => footprintOf({ ...files, 'app.py': code }, settings, []).target?.cuts.map(({ title }) => title)
    expect(titles('import torch\nmodel = torch.load("used.pt")\n')).toContain('Leave out old.pt: no deployed code loads it')
    expect(titles('import sys\nimport torch\nmodel = torch.load("used.pt")\nother = torch.load(sys.argv[1])\n')).not.toContain('Leave out old.pt: no deployed code loads it')
  })

  test('a GPU is of no use on Lambda, and is kept where there is one', () => {
    const project = { 'requirements.txt': 'torch\n', 'app.py': 'import torch\nx = torch.zeros(1).cuda()\n' }
    expect(footprintOf(project, { target: 'aws-lambda-zip' }).target?.cuts).toMatchObject([{ title: 'Take torch from the CPU index: there is no GPU on aws-lambda-zip' }])
    expect(footprintOf(project, { target: 'docker-image', targetLimit: 1000 }).target?.cuts).toEqual([])
  })

  test('no target, no verdict', () => {
    expect(footprintOf({ 'app.py': 'import torch\n' }).target).toBeUndefined()
  })
})
