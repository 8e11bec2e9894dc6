/**
 * A pinned torch that has no wheel for the Python that the project is for.
 *
 * ## Why
 *
 * pip then answers "could not find a version that satisfies the requirement" on every fresh machine: torch 1.13.1 for Python 3.12 is the classic.
 *
 * ## Examples
 *
 * The Python stands in the base image:
 *
 * ```dockerfile reported
 * FROM python:3.12-slim
 * RUN pip install torch==1.13.1
 * ```
 *
 * ```dockerfile clean
 * FROM python:3.12-slim
 * RUN pip install torch==2.13.0
 * ```
 */

import { satisfies } from '@renovatebot/pep440'
import { hasWheelFor, pinnedVersion, torchOfCompanion, torchReleases } from '../../packages/torch-releases.ts'
import type { DockerManifest } from '../../manifests/dockerfile.ts'
import type { Manifest, ManifestRequirement } from '../../manifests/manifest.ts'
import type { Facts } from '../facts.ts'
import { defineRule } from '../rule.ts'

const PYTHONS = ['3.8', '3.9', '3.10', '3.11', '3.12', '3.13', '3.14']

export const rule = defineRule({
  id: 'pin-without-wheel',
  severity: 'error',
  category: 'install',
  subject: 'manifest',
  fix: 'unsafe',
  messages: {
    none: '{name} {version} has no wheel for Python {python} ({because}){nearest}',
  },
  check(context) {
    const manifest = context.facts.manifest()
    if (!manifest || /lock$/.test(manifest.kind)) return
    for (const requirement of manifest.requirements) {
      if (requirement.key !== 'torch' && requirement.key !== 'torchvision' && requirement.key !== 'torchaudio') continue
      if (requirement.url !== undefined || requirement.idiom === 'conda') continue
      const version = pinnedVersion(requirement.specifier)
      if (version === undefined) continue
      const release = requirement.key === 'torch' ? version.split('+')[0]! : torchOfCompanion(requirement.key, version)?.version
      const python = pythonOf(manifest, requirement, context.facts.manifestsAround(), chosenPython(context.facts) ?? context.facts.installed().packages?.environment.target.python)
      if (release === undefined || !python || hasWheelFor(release, python.version, 'linux') !== false) continue
      const nearest = nearestWith(release, python.version)
      const replacement = nearest && (requirement.key === 'torch' ? nearest.version : nearest[requirement.key])
      const range = requirement.specifierRange
      const text = range && context.text.slice(context.lines.offset(range.start), context.lines.offset(range.end))
      context.report({
        message: 'none',
        data: { name: requirement.name, version, python: python.version, because: python.because, nearest: replacement === undefined ? '' : `; the nearest that has one is ${replacement}` },
        range: requirement.range,
        fixes: range && replacement !== undefined && text?.includes(version) ? [{ title: `Use ${requirement.name} ${replacement}`, safety: 'unsafe', edits: [{ file: context.file, range, newText: text.replace(version.split('+')[0]!, replacement) }] }] : [],
      })
    }
  },
})

/** The one Python that is certain: of the image, the manifest, the project beside it, the environment in use. */
function pythonOf(manifest: Manifest, requirement: ManifestRequirement, around: readonly Manifest[], installed: string | undefined): { readonly version: string; readonly because: string } | undefined {
  if (manifest.kind === 'dockerfile') {
    const docker = manifest as DockerManifest
    const stage = requirement.command === undefined ? undefined : docker.commands[requirement.command]?.stage
    const image = stage === undefined ? undefined : baseImage(docker, stage)
    const version = image && /(?:^|\/)python:(3\.\d+)/.exec(image)?.[1]
    return version ? { version, because: `of ${image}` } : undefined
  }
  for (const one of [manifest, ...around]) {
    if (!one.python) continue
    // A range of Pythons is broken only when none of it has a wheel, which the lowest one decides for old pins.
    const allowed = PYTHONS.filter((python) => satisfies(`${python}.0`, one.python!.specifier) || satisfies(`${python}.99`, one.python!.specifier))
    const lowest = allowed[0]
    if (lowest !== undefined) return { version: lowest, because: `of ${one.file.slice(one.file.lastIndexOf('/') + 1)}` }
  }
  for (const one of around) {
    if (one.kind !== 'dockerfile') continue
    const docker = one as DockerManifest
    const include = docker.includes.find((candidate) => candidate.path.split('/').at(-1) === manifest.file.split('/').at(-1))
    const stage = include?.command === undefined ? undefined : docker.commands[include.command]?.stage
    const image = stage === undefined ? undefined : baseImage(docker, stage)
    const version = image && /(?:^|\/)python:(3\.\d+)/.exec(image)?.[1]
    if (version) return { version, because: `of ${image}` }
  }
  return installed === undefined ? undefined : { version: installed, because: 'of the project' }
}

/** `.python-version` (pyenv, uv) or Heroku's runtime.txt, beside the manifest or at the top. */
function chosenPython({ files, file, roots }: Facts): string | undefined {
  for (const folder of new Set([file.slice(0, file.lastIndexOf('/')), ...roots])) {
    for (const name of ['.python-version', 'runtime.txt']) {
      const text = files.readText(`${folder}/${name}`, 4096)
      const version = typeof text === 'string' ? /^\s*(?:(?:c?python)-)?(3\.\d+)/m.exec(text)?.[1] : undefined
      if (version !== undefined) return version
    }
  }
  return undefined
}

function baseImage(docker: DockerManifest, stage: number): string | undefined {
  let current = docker.stages[stage]
  for (let up = 0; current?.base !== undefined && up < 32; up++) current = docker.stages.find((one) => one.name === current!.base && one !== current)
  return current?.image
}

/** The lowest newer release with a wheel for that Python, else the newest older one. */
function nearestWith(version: string, python: string) {
  const at = torchReleases.findIndex((release) => release.version === version)
  if (at < 0) return undefined
  return torchReleases.slice(0, at).findLast((release) => hasWheelFor(release.version, python, 'linux')) ?? torchReleases.slice(at).find((release) => hasWheelFor(release.version, python, 'linux'))
}
