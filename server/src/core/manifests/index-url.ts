/** What a package index serves, told from its URL: the PyTorch indexes by variant, PyPI, anything else. */

export const cpuIndexUrl = 'https://download.pytorch.org/whl/cpu'

/** `cpu`, `cu130`, `rocm7.2`, `xpu` of a PyTorch index; `stable-page` of its old page of links; undefined for another index. */
export function torchIndexVariant(url: string): string | undefined {
  const path = /^(?:https?:)?\/\/(?:download(?:-r2)?|d1[\w]*)\.pytorch\.org\/whl\/(.*)$/.exec(url.trim())?.[1]
  if (path === undefined) return undefined
  if (/^(?:[\w.]+\/)?torch_stable\.html/.test(path) || path === '' || /^(?:nightly|test)\/?$/.test(path)) return 'stable-page'
  const variant = path.replace(/^(?:nightly|test|lts\/[\d.]+)\//, '').split('/')[0]!
  return /^(?:cpu|cpu-cxx11-abi|cu\d{2,3}|rocm[\d.]+|xpu)$/.test(variant) ? variant.replace('-cxx11-abi', '') : undefined
}

export function isPyPi(url: string): boolean {
  return /^https?:\/\/(?:pypi\.org|pypi\.python\.org|test\.pypi\.org)\//.test(url.trim())
}

export interface WheelName {
  readonly name: string
  readonly version: string
  /** `cp311`, `py3`. */
  readonly python: string
  readonly platform: string
}

/** Name, version and tags of a wheel's file name, at the end of a path or URL; undefined for anything else. */
export function wheelName(pathOrUrl: string): WheelName | undefined {
  const file = pathOrUrl.split(/[?#]/)[0]!.split('/').at(-1)!.replace(/%2B/gi, '+')
  const parts = /^([A-Za-z0-9_.]+)-([^-]+)(?:-\d[^-]*)?-([^-]+)-[^-]+-([^-]+)\.whl$/.exec(file)
  return parts ? { name: parts[1]!, version: parts[2]!, python: parts[3]!, platform: parts[4]! } : undefined
}
