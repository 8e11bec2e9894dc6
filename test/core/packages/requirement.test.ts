import { describe, expect, it } from 'vitest'
import { evaluateMarker, parseMarker } from '../../../server/src/core/packages/marker.ts'
import { markerEnvironment, targetOfTag } from '../../../server/src/core/packages/python-target.ts'
import { isRequirementFailure, normalizeName, parseRequirement } from '../../../server/src/core/packages/requirement.ts'

const linux = markerEnvironment({ python: '3.11', pythonFull: '3.11.7', system: 'linux', machine: 'x86_64' })

describe('requirements', () => {
  it.each([
    ['torch', { key: 'torch', extras: [], specifier: '' }],
    ['Torch_Vision >= 0.15 , < 1', { key: 'torch-vision', extras: [], specifier: '>=0.15,<1' }],
    ['torch (==2.1.0)', { key: 'torch', specifier: '==2.1.0' }],
    ['cuda-toolkit[cublas,cudart]==13.0.3; platform_system == "Linux"', { key: 'cuda-toolkit', extras: ['cublas', 'cudart'], specifier: '==13.0.3', markerText: 'platform_system == "Linux"' }],
    ['torch @ https://example.org/torch-2.1.0+cpu-cp311-cp311-linux_x86_64.whl ; python_version<"3.12"', { key: 'torch', url: 'https://example.org/torch-2.1.0+cpu-cp311-cp311-linux_x86_64.whl', markerText: 'python_version<"3.12"' }],
    ['torch==2.1.0+cpu', { specifier: '==2.1.0+cpu' }],
    ['torch==2.*', { specifier: '==2.*' }],
  ])('reads %s', (text, expected) => {
    expect(parseRequirement(text)).toMatchObject(expected)
  })

  it.each(['', '==1.0', 'torch 2.1', 'torch=>2.1', 'torch[a b', 'torch[!]', 'torch @ ', 'torch; platform_system', 'x'.repeat(20_000)])('refuses %s with a sentence', (text) => {
    const read = parseRequirement(text)
    expect(isRequirementFailure(read) && read.message.length > 5).toBe(true)
  })

  it('normalizes names as PyPI does', () => {
    expect(normalizeName('Foo.-_Bar')).toBe('foo-bar')
  })
})

describe('markers', () => {
  const evaluate = (text: string, extras: string[] = []) => evaluateMarker(parseMarker(text), linux, new Set(extras))

  it.each([
    ['python_version < "3.15" and platform_system == "Linux"', true],
    ['python_version >= "3.9"', true],
    ['python_version < "3.9"', false],
    ["python_version == '3.*'", true],
    ["sys_platform != 'darwin' or platform_machine == 'arm64' and python_version < '3'", true],
    ["(sys_platform != 'linux' or platform_machine == 'arm64') and python_version < '4'", false],
    ["'linux' in sys_platform", true],
    ["'win' not in sys_platform", true],
    ["python_full_version >= '3.11.8'", false],
    ["extra == 'test'", false],
    ["os.name == 'posix'", true],
    ["platform_release >= '5'", undefined],
    ["platform_release >= '5' and sys_platform == 'win32'", false],
  ])('%s is %s', (text, expected) => {
    expect(evaluate(text)).toBe(expected)
  })

  it('knows the extras that were asked for', () => {
    expect(evaluate("extra == 'opt_einsum'", ['opt-einsum'])).toBe(true)
    expect(evaluate("python_version < '4' and extra == 'cublas'", ['cufft', 'cublas'])).toBe(true)
  })

  it.each(['python_version', 'python_version <', '(python_version < "3"', 'python_version < "3")', 'a b c', 'python_version < "3" and', '"'])('refuses %s', (text) => {
    expect(parseMarker(text)).toBeUndefined()
  })

  it('does not recurse', () => {
    const deep = `${'('.repeat(5000)}os_name == 'posix'${')'.repeat(5000)}`
    expect(evaluate(deep)).toBe(true)
  })
})

describe('targets', () => {
  it.each([
    ['cp311-cp311-manylinux_2_28_x86_64', { python: '3.11', system: 'linux', machine: 'x86_64' }],
    ['cp312-cp312-win_amd64', { python: '3.12', system: 'windows', machine: 'AMD64' }],
    ['cp310-abi3-macosx_11_0_arm64', { python: '3.10', system: 'macos', machine: 'arm64' }],
    ['py3-none-any', {}],
  ])('reads the tag %s', (tag, expected) => {
    expect(targetOfTag(tag)).toEqual(expected)
  })
})
