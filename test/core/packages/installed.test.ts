import { describe, expect, it } from 'vitest'
import { closureOf } from '../../../server/src/core/packages/closure.ts'
import { readEnvironment } from '../../../server/src/core/packages/environment.ts'
import { InstalledPackages, likelyDistribution } from '../../../server/src/core/packages/installed-packages.ts'
import { estimateInstall } from '../../../server/src/core/packages/install-estimate.ts'
import { findOrphans } from '../../../server/src/core/packages/orphans.ts'
import { recordPathAt, recordPaths, sumRecord } from '../../../server/src/core/packages/record.ts'
import { torchPartOf } from '../../../server/src/core/packages/torch-parts.ts'
import { installedTorch } from '../../../server/src/core/packages/torch-variant.ts'
import { hasWheelFor, newestAllowed, torchOfCompanion } from '../../../server/src/core/packages/torch-releases.ts'
import { memoryFiles } from '../../support/memory-files.ts'

const bytes = (text: string) => new TextEncoder().encode(text)
const site = '/env/lib/python3.11/site-packages'
const location = { sitePackages: [site], chosenBecause: 'named', target: { system: 'linux', machine: 'x86_64' } } as const

function distribution(name: string, version: string, requires: readonly string[], record: readonly (readonly [string, number | ''])[], more: Record<string, string> = {}): Record<string, string> {
  const info = `${site}/${name}-${version}.dist-info`
  return {
    [`${info}/METADATA`]: `Metadata-Version: 2.1\nName: ${name}\nVersion: ${version}\n${requires.map((line) => `Requires-Dist: ${line}\n`).join('')}\nText\n`,
    [`${info}/RECORD`]: record.map(([path, size]) => `${path},sha256=x,${String(size)}\r\n`).join(''),
    ...Object.fromEntries(Object.entries(more).map(([file, text]) => [file.startsWith('/') ? file : `${info}/${file}`, text])),
  }
}

describe('RECORD', () => {
  it('sums sizes, and tells what has none, lies outside or is broken', () => {
    const record = bytes('../../../bin/torchrun,sha256=a,232\r\ntorch/__init__.py,sha256=b,1000\r\n"torch/a,""b"".py",sha256=c,20\r\ntorch/__pycache__/x.pyc,,\r\nbroken\r\n\r\ntorch-2.dist-info/RECORD,,')
    expect(sumRecord(record)).toMatchObject({ bytes: 1020, files: 4, outsideFiles: 1, outsideBytes: 232, brokenLines: 1 })
    expect(sumRecord(record).bytecode.map((line) => recordPathAt(record, line))).toEqual(['torch/__pycache__/x.pyc'])
    expect(sumRecord(record).sizeless.map((line) => recordPathAt(record, line))).toEqual(['torch-2.dist-info/RECORD'])
    expect(recordPaths(record)).toEqual({ paths: ['torch/__init__.py', 'torch/a,"b".py', 'torch/__pycache__/x.pyc', 'torch-2.dist-info/RECORD'], brokenLines: 1 })
  })
  it('has nothing to say about an empty file', () => {
    expect(sumRecord(bytes(''))).toMatchObject({ bytes: 0, files: 0, brokenLines: 0 })
  })
})

describe('an environment', () => {
  const tree = {
    '/env/pyvenv.cfg': 'home = /usr/bin\nversion = 3.11.7\n',
    ...distribution('torch', '2.13.0', ['sympy>=1', 'cuda-toolkit[cublas]==13.0.3; platform_system == "Linux"', 'pyyaml; extra == "pyyaml"', 'missing-thing'], [['torch/__init__.py', 1000], ['torch/lib/libtorch_cpu.so', 5000]], {
      [`${site}/torch/version.py`]: "__version__ = '2.13.0+cu130'\ncuda: Optional[str] = '13.0'\n", 'top_level.txt': 'torch\nfunctorch\n', 'REQUESTED': '',
    }),
    ...distribution('torchvision', '0.28.0', ['torch==2.13.0', 'pillow'], [['torchvision/__init__.py', 100]]),
    ...distribution('pillow', '13.0.0', [], [['PIL/Image.py', 50], ['pillow.libs/x.so', 7]]),
    ...distribution('sympy', '1.14.0', ['mpmath'], [['sympy/__init__.py', 10]]),
    ...distribution('mpmath', '1.3.0', [], [['mpmath/__init__.py', 1]]),
    ...distribution('cuda-toolkit', '13.0.3.0', ['nvidia-cublas==13.*; extra == "cublas"', 'nvidia-cufft; extra == "cufft"'], [['x.txt', 2]]),
    ...distribution('nvidia-cublas', '13.1.1.3', [], [['nvidia/cu13/lib/libcublas.so', 300]]),
    ...distribution('nvidia-cufft', '12.0.0.61', [], [['nvidia/cu13/lib/libcufft.so', 400]]),
    ...distribution('nvidia-cublas-cu11', '11.10.3.66', [], [['nvidia/cublas/lib/libcublas.so', 700]]),
  }
  const files = memoryFiles(new Map(Object.entries(tree)))
  const packages = new InstalledPackages(files, location)

  it('knows its Python from its own files', () => {
    expect(packages.environment.target).toMatchObject({ python: '3.11', pythonFull: '3.11.7', system: 'linux' })
    expect(packages.environment.problems).toEqual([])
  })
  it('follows requirements with their markers and extras, shared ones once', () => {
    const closure = closureOf(packages.environment, 'torchvision')
    expect([...closure.keys].sort()).toEqual(['cuda-toolkit', 'mpmath', 'nvidia-cublas', 'pillow', 'sympy', 'torch', 'torchvision'])
    expect(closure.missing).toEqual(['missing-thing'])
    expect(packages.importCost('torch')).toMatchObject({ name: 'torch', alone: { value: 6000 }, together: { value: 6313, certainty: 'estimate' } })
    expect(packages.importCost('torchvision.models')).toMatchObject({ together: { value: 6470 } })
    expect(packages.unionBytes(['torch', 'torchvision']).value).toBe(6470)
  })
  it('finds the distribution of an import by stated names and by RECORD', () => {
    expect(packages.distributionOf('functorch')).toBe('torch')
    expect(packages.distributionOf('PIL')).toBe('pillow')
    expect(packages.importCost('tensorflow')).toBeUndefined()
    expect(likelyDistribution('cv2')).toBe('opencv-python')
  })
  it('names CUDA packages that nothing requires', () => {
    expect(findOrphans(packages.environment, '2.13.0+cu130').map((orphan) => orphan.key)).toEqual(['nvidia-cublas-cu11', 'nvidia-cufft'])
  })
  it('reads version and variant of torch', () => {
    expect(installedTorch(files, packages.environment)).toMatchObject({ version: '2.13.0+cu130', distributionVersion: '2.13.0', variant: 'cu130' })
  })
})

describe('Debian and broken installations', () => {
  const site3 = '/usr/lib/python3/dist-packages'
  const files = memoryFiles(new Map(Object.entries({
    [`${site3}/torch-1.13.0a0+gitunknown.egg-info/PKG-INFO`]: 'Name: torch\nVersion: 1.13.0a0+gitunknown\nProvides-Extra: opt-einsum\n',
    [`${site3}/torch-1.13.0a0+gitunknown.egg-info/top_level.txt`]: 'functorch\ntorch\n',
    [`${site3}/torch-1.13.0a0+gitunknown.egg-info/requires.txt`]: '\n[opt-einsum]\nopt-einsum>=3.3\n',
    [`${site3}/torch/version.py`]: "__version__ = '1.13.0a0'\ncuda = None\n",
    [`${site3}/functorch/__init__.py`]: '12345',
    [`${site3}/sympy-1.11.1.egg-info`]: 'Name: sympy\nVersion: 1.11.1\n',
    [`${site3}/sympy/core.py`]: '123',
    [`${site3}/empty-1.0.dist-info/RECORD`]: '',
    [`${site3}/~orch-2.0.dist-info/METADATA`]: 'Name: torch\n',
    [`${site3}/_ext.cpython-311-x86_64-linux-gnu.so`]: '',
  })))
  const environment = readEnvironment(files, { sitePackages: [site3, '/nowhere'], chosenBecause: '', target: {} })

  it('reads egg-info folders and files', () => {
    expect(environment.distributions.get('sympy')).toMatchObject({ version: '1.11.1', hasRecord: false })
    expect(environment.target).toMatchObject({ python: '3.11', system: 'linux', machine: 'x86_64' })
    expect(installedTorch(files, environment)).toMatchObject({ version: '1.13.0a0', variant: 'distribution' })
    expect(closureOf(environment, 'torch').keys).toEqual(['torch'])
  })
  it('measures what has no RECORD by its folders', () => {
    const packages = new InstalledPackages(files, { sitePackages: [site3], chosenBecause: '', target: {} })
    expect(packages.packageCost('sympy')?.alone.value).toBe('123'.length + 'Name: sympy\nVersion: 1.11.1\n'.length)
  })
  it('says what is wrong and reads the rest', () => {
    expect(environment.problems.map((problem) => problem.message)).toContainEqual(expect.stringContaining('METADATA cannot be read'))
    expect(environment.problems.some((problem) => problem.path === '/nowhere')).toBe(true)
    expect(environment.notes.some((note) => note.path.includes('~orch'))).toBe(true)
    expect(environment.distributions.get('empty')).toMatchObject({ version: '1.0' })
  })
})

describe('releases and estimates', () => {
  it('knows companions and wheels', () => {
    expect(torchOfCompanion('torchvision', '0.14.1')?.version).toBe('1.13.1')
    expect(hasWheelFor('1.13.1', '3.12')).toBe(false)
    expect(hasWheelFor('1.13.1', '3.10')).toBe(true)
    expect(hasWheelFor('9.0.0', '3.10')).toBeUndefined()
    expect(newestAllowed('>=2.0,<2.3')?.version).toBe('2.2.2')
  })
  // Totals of public lock files and pip logs for the same releases, in MB.
  it.each([['1.13.1', 1784], ['2.2.0', 2790], ['2.4.0', 2795], ['2.5.1', 2997], ['2.7.0', 3030], ['2.8.0', 3906], ['2.9.1', 4058], ['2.10.0', 4118], ['2.11.0', 2707], ['2.13.0', 2723], ['2.14.1', 2993]])('estimates the download of %s', (version, megabytes) => {
    const answer = estimateInstall({ key: 'torch', specifier: `==${version}`, platform: 'linux-x86_64' })
    expect(answer?.together.download.certainty).toBe('estimate')
    expect(Math.abs((answer?.together.download.value ?? 0) / 1e6 / megabytes - 1)).toBeLessThan(0.015)
  })
  it('keeps the unknown unknown', () => {
    expect(estimateInstall({ key: 'torch', specifier: '==2.0.1', platform: 'linux-x86_64' })?.together.download).toMatchObject({ value: null, certainty: 'unknown' })
    expect(estimateInstall({ key: 'torch', specifier: '==9.9', platform: 'linux-x86_64' })?.alone.download.certainty).toBe('unknown')
    expect(estimateInstall({ key: 'some-private-thing', specifier: '', platform: 'linux-x86_64' })).toBeUndefined()
  })
  it('gives a CPU wheel no CUDA packages', () => {
    const answer = estimateInstall({ key: 'torch', specifier: '==2.13.0', platform: 'linux-x86_64', variant: 'cpu' })
    expect(answer?.together.installed.value).toBeLessThan(760e6)
    expect(answer?.together.installed.value).toBeGreaterThan(720e6)
  })
})

describe('parts of torch', () => {
  it.each([
    ['torch/lib/libtorch_cpu.so', 'libtorch_cpu'], ['torch/lib/libtorch_cuda.so', 'libtorch_cuda'], ['torch/lib/torch_cuda.dll', 'libtorch_cuda'], ['torch/lib/libcudnn_ops_infer-1a2b.so.8', 'cudnn'],
    ['torch/include/ATen/core.h', 'headers'], ['torch/test/test_api', 'test-binaries'], ['torch/bin/torch_shm_manager', 'shm-manager'], ['torch/bin/protoc', 'tools'],
    ['torch/_inductor/x.py', 'inductor'], ['torch/nn/__pycache__/x.cpython-311.pyc', 'bytecode'], ['torch/_C/__init__.pyi', 'stubs'], ['torch/nn/modules/linear.py', 'python'],
    ['functorch/__init__.py', 'functorch'], ['torch-2.13.0.dist-info/RECORD', 'metadata'], ['torch/lib/libtorchbind_test.so', 'test-libraries'], ['torch/lib/libshm.so', 'libraries'],
  ])('%s is %s', (path, part) => {
    expect(torchPartOf(path).part).toBe(part)
  })
})
