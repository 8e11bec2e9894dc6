/** Measures an installed environment: exactly, by walking it, or fast, from its RECORD files. Holds nothing between calls. */

import type { Files } from '../core/ports.ts'
import { exact, bounded } from '../core/measure/figure.ts'
import type { EnvironmentProblem, InstalledEnvironment } from '../core/packages/environment.ts'
import { fastSize, type FastOptions } from '../core/packages/installed-bytes.ts'
import type { Measured, OutsideLibrary, SizeAndFiles } from '../core/packages/measured.ts'
import { readOwnership } from '../core/packages/ownership.ts'
import { torchPartOf, type TorchPart } from '../core/packages/torch-parts.ts'
import { measureOnDisk, sharedElsewhere, startWalk, type MetLinks } from './walk.ts'

interface Count {
  bytes: number
  files: number
}

/** Every file of every folder of the environment, attributed to the package that owns it. */
export function measureExactly(files: Files, environment: InstalledEnvironment): Measured {
  const counts = new Map<string, Count>()
  const bytecode = new Map<string, Count>()
  const parts = new Map<string, { part: TorchPart; bytes: number }>()
  const outside = new Map<string, OutsideLibrary>()
  const problems: EnvironmentProblem[] = []
  const unowned: Count = { bytes: 0, files: 0 }
  const seen: MetLinks = new Map()
  for (const sitePackages of environment.sitePackages) {
    const walk = startWalk(sitePackages, seen)
    const ownership = readOwnership(files, environment, sitePackages)
    problems.push(...ownership.problems)
    const walked = walk.finish((path, bytes, kind) => {
      if (kind === 'repeated') return
      const owner = ownership.ownerOf(path)
      if (owner === undefined) {
        add(unowned, bytes)
        const source = path.endsWith('.pyc') ? sourceOf(path) : undefined
        const origin = source === undefined ? undefined : ownership.ownerOf(source)
        if (origin !== undefined) add(countOf(bytecode, origin), bytes)
        return
      }
      add(countOf(counts, owner), bytes)
      if (owner === 'torch') addPart(parts, path, bytes)
    })
    problems.push(...walked.problems)
    for (const link of walked.links) {
      const owner = ownership.ownerOf(link.path)
      if (owner !== undefined && link.kind === 'file') outside.set(link.target, { path: link.target, key: owner, bytes: link.bytes, files: 1 })
    }
  }
  const figure = problems.length === 0 ? exact : (bytes: number) => bounded(bytes, 'a part of the environment could not be read')
  return {
    mode: 'exact',
    packages: new Map([...environment.distributions.keys()].map((key) => [key, { bytes: figure(counts.get(key)?.bytes ?? 0), files: counts.get(key)?.files ?? 0 }])),
    unowned,
    unownedBytecode: bytecode,
    outside: [...outside.values()].sort((a, b) => b.bytes - a.bytes),
    torchParts: parts,
    sharedElsewhere: sharedElsewhere(seen),
    problems,
  }
}

/** From RECORD files; what has no RECORD is measured by its folders. Nothing is known of files that nobody recorded. */
export function measureFast(files: Files, environment: InstalledEnvironment, options: Pick<FastOptions, 'sizeless'>): Measured {
  const problems: EnvironmentProblem[] = []
  const packages = new Map<string, ReturnType<typeof fastSize>>()
  const outside = new Map<string, OutsideLibrary>()
  for (const distribution of environment.distributions.values()) {
    const size = fastSize(files, environment, distribution, { ...options, measureFolder: measureOnDisk })
    if (size.problem !== undefined) problems.push({ path: `${distribution.folder}/RECORD`, message: size.problem })
    packages.set(distribution.key, size)
    for (const { target, bytes } of size.outside) outside.set(target, { path: target, key: distribution.key, bytes, files: 1 })
  }
  return { mode: 'fast', packages, unowned: undefined, unownedBytecode: new Map<string, SizeAndFiles>(), outside: [...outside.values()], torchParts: undefined, sharedElsewhere: undefined, problems }
}

function add(count: Count, bytes: number): void {
  count.bytes += bytes
  count.files += 1
}

function countOf(counts: Map<string, Count>, key: string): Count {
  let count = counts.get(key)
  if (!count) counts.set(key, count = { bytes: 0, files: 0 })
  return count
}

function addPart(parts: Map<string, { part: TorchPart; bytes: number }>, path: string, bytes: number): void {
  const part = torchPartOf(path)
  const known = parts.get(part.part)
  if (known) known.bytes += bytes
  else parts.set(part.part, { part, bytes })
}

/** The source of `pkg/__pycache__/mod.cpython-311.pyc`: `pkg/mod.py`. */
function sourceOf(path: string): string | undefined {
  const parts = /^(.*?)__pycache__\/([^/]+?)\.[^/]*\.pyc$/.exec(path)
  return parts ? `${parts[1]!}${parts[2]!}.py` : undefined
}
