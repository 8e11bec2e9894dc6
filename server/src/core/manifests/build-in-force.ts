/**
 * Which build of torch a requirement will get: the CPU one, a CUDA one, or what PyPI serves. Follows indexes, links, bound
 * sources, local versions and, for requirement files, the Dockerfiles that install them. What it cannot tell is `unknown`.
 */

import { evaluateMarker } from '../packages/marker.ts'
import { markerEnvironment } from '../packages/python-target.ts'
import { localPart, variantOfLocal } from '../packages/torch-variant.ts'
import { pinnedVersion } from '../packages/torch-releases.ts'
import type { DockerManifest } from './dockerfile.ts'
import { isPyPi, torchIndexVariant } from './index-url.ts'
import type { Manifest, ManifestIndex, ManifestRequirement } from './manifest.ts'
import { folderOf, joinPath } from './read-manifest.ts'

export interface BuildInForce {
  /** `cpu`, `cu130`, `rocm6.4`; `default` for what PyPI serves; `unknown` when another index decides. */
  readonly variant: string
  /** The line that decides, where there is one. */
  readonly index?: ManifestIndex
  /** It only wins while no newer version stands on PyPI. */
  readonly mayLose?: boolean
}

const LINUX = markerEnvironment({ system: 'linux', machine: 'x86_64' })

/** Whether the requirement is asked for on Linux x86_64; unknown variables count as asked for. */
export function appliesToLinux(requirement: ManifestRequirement): boolean {
  return evaluateMarker(requirement.marker, LINUX) !== false
}

/** Answers about a requirement by its manifest alone: a Dockerfile of thousands of commands asks for the first one again and again. */
const alone = new WeakMap<ManifestRequirement, BuildInForce>()

export function buildInForce(manifest: Manifest, requirement: ManifestRequirement, beside: readonly Manifest[]): BuildInForce {
  const known = beside.length === 0 ? alone.get(requirement) : undefined
  if (known) return known
  const build = decideBuild(manifest, requirement, beside)
  if (beside.length === 0) alone.set(requirement, build)
  return build
}

function decideBuild(manifest: Manifest, requirement: ManifestRequirement, beside: readonly Manifest[]): BuildInForce {
  const local = localPart(pinnedVersion(requirement.specifier) ?? pinnedVersion(constraintOf(manifest, requirement, beside) ?? '') ?? '')
  if (local !== undefined) return { variant: variantOfLocal(local) ?? 'unknown' }
  if (requirement.url !== undefined) return { variant: torchIndexVariant(requirement.url) ?? 'unknown' }
  if (requirement.idiom === 'conda') return condaBuild(manifest, requirement)
  if (requirement.source !== undefined) {
    const bound = manifest.indexes.find((index) => index.name === requirement.source)
    if (bound) return ofIndex(bound)
    return ofWorkspace(requirement.source, beside) ?? { variant: 'unknown' }
  }
  const scope = manifest.indexes.filter((index) => index.command === requirement.command && !(index.explicit ?? false))
  const decided = ofScope(manifest, requirement, scope)
  if (decided) return decided
  if (manifest.kind === 'dockerfile') return ofEarlierCommand(manifest as DockerManifest, requirement) ?? ofDockerEnvironment(manifest as DockerManifest, requirement) ?? { variant: 'default' }
  if (manifest.kind === 'pyproject') {
    const shared = ofWorkspaceRoot(requirement, beside)
    if (shared) return shared
  }
  const included = ofIncludes(manifest, requirement, beside)
  if (included) return included
  for (const other of beside) {
    const found = other.kind === 'dockerfile' ? ofInstallingCommand(other as DockerManifest, manifest, requirement) : undefined
    if (found) return found
  }
  return { variant: 'default' }
}

/** pip takes the indexes of every file of one installation: of those that include this one, and of what they include. */
function ofIncludes(manifest: Manifest, requirement: ManifestRequirement, beside: readonly Manifest[]): BuildInForce | undefined {
  if (manifest.kind !== 'requirements') return undefined
  const includes = (one: Manifest, other: Manifest): boolean => one.includes.some(({ path, command }) => command === undefined && joinPath(folderOf(one.file), path) === other.file)
  const joined = new Set([manifest])
  for (const one of joined) for (const other of beside) if (/^(?:requirements|constraints)$/.test(other.kind) && (includes(one, other) || includes(other, one))) joined.add(other)
  joined.delete(manifest)
  const builds = [...joined].map((one) => ofScope(one, requirement, one.indexes)).filter((build) => build !== undefined)
  // Installed in more than one way it may be any of them.
  return builds.every(({ variant }) => variant === builds[0]?.variant) ? builds[0] : { variant: 'unknown' }
}

/** What the root of a uv workspace says for its members: the sources that it binds, and its indexes. */
function ofWorkspaceRoot(requirement: ManifestRequirement, beside: readonly Manifest[]): BuildInForce | undefined {
  const root = beside.find(({ workspaceSources }) => workspaceSources !== undefined)
  if (!root) return undefined
  const name = root.workspaceSources!.get(requirement.key)
  if (name !== undefined) return ofWorkspace(name, beside) ?? { variant: 'unknown' }
  return ofScope(root, requirement, root.indexes.filter((index) => !(index.explicit ?? false)))
}

/** A member may name an index that the root of its workspace defines. */
function ofWorkspace(name: string, beside: readonly Manifest[]): BuildInForce | undefined {
  for (const { workspaceSources, indexes } of beside) {
    const bound = workspaceSources && indexes.find((index) => index.name === name)
    if (bound) return ofIndex(bound)
  }
  return undefined
}

/** What a constraints file that the manifest names asks of the package: an exact version there is as good as a pin. */
export function constraintOf(manifest: Manifest, { key }: ManifestRequirement, beside: readonly Manifest[]): string | undefined {
  for (const include of manifest.includes) {
    if (include.role !== 'constraints') continue
    const path = joinPath(folderOf(manifest.file), include.path)
    const found = beside.find(({ file }) => file === path)?.requirements.find((one) => one.key === key)
    if (found) return found.specifier
  }
  return undefined
}

function ofIndex(index: ManifestIndex): BuildInForce {
  if (/\$/.test(index.url)) return { variant: 'unknown', index }
  const variant = torchIndexVariant(index.url)
  if (variant === undefined || variant === 'stable-page') return { variant: isPyPi(index.url) ? 'default' : 'unknown', index }
  return { variant, index }
}

function ofScope(manifest: Manifest, requirement: ManifestRequirement, scope: readonly ManifestIndex[]): BuildInForce | undefined {
  const main = scope.find((index) => index.role === 'index')
  const decided = main ? ofIndex(main) : undefined
  if (decided && decided.variant !== 'default') return decided
  const isUv = manifest.tool === 'uv' || manifest.kind === 'dockerfile'
  for (const index of scope) {
    if (index.role !== 'extra') continue
    const extra = ofIndex(index)
    if (extra.variant === 'default') continue
    // uv takes a package from the first index that has it; pip takes the highest version, and +cpu counts as higher than none.
    return manifest.tool === 'uv' || pinnedVersion(requirement.specifier) !== undefined || !isUv && manifest.kind === 'pipfile' ? extra : { ...extra, mayLose: true }
  }
  return undefined
}

function condaBuild(manifest: Manifest, requirement: ManifestRequirement): BuildInForce {
  const scope = manifest.requirements.filter((other) => other.command === requirement.command)
  const names = new Set(scope.map((other) => other.name.toLowerCase()))
  if (names.has('cpuonly') || names.has('pytorch-cpu') || /cpu/.test(requirement.source ?? '')) return { variant: 'cpu' }
  if (names.has('pytorch-cuda') || names.has('cudatoolkit') || names.has('pytorch-gpu') || names.has('cuda-toolkit') || /cuda|gpu/.test(requirement.source ?? '')) return { variant: 'cuda' }
  // conda takes a CUDA build only where it finds a driver.
  return { variant: 'unknown' }
}

/** A package that an earlier command of the stage installed stays as it is. */
function ofEarlierCommand(docker: DockerManifest, requirement: ManifestRequirement): BuildInForce | undefined {
  const stage = docker.commands[requirement.command ?? -1]?.stage
  const earlier = docker.requirements.find((other) => other.key === requirement.key && other.command !== undefined && other.command < (requirement.command ?? 0) && docker.commands[other.command]?.stage === stage)
  if (!earlier) return undefined
  const build = buildInForce(docker, earlier, [])
  return build.variant === 'default' ? undefined : build
}

function ofDockerEnvironment(docker: DockerManifest, requirement: ManifestRequirement): BuildInForce | undefined {
  const command = requirement.command === undefined ? undefined : docker.commands[requirement.command]
  if (!command) return undefined
  const backend = command.options.find((option) => option.name === '--torch-backend')?.value
  const variables = docker.variables[command.stage] ?? new Map<string, string>()
  const named = backend ?? (command.tool === 'uv-pip' ? variables.get('UV_TORCH_BACKEND') : undefined)
  if (named !== undefined) return { variant: named === 'auto' ? 'unknown' : named }
  const names = command.tool === 'pip' ? ['PIP_INDEX_URL', 'PIP_EXTRA_INDEX_URL'] : ['UV_DEFAULT_INDEX', 'UV_INDEX_URL', 'UV_INDEX', 'UV_EXTRA_INDEX_URL']
  for (const name of names) {
    const url = variables.get(name)
    const variant = url === undefined ? undefined : torchIndexVariant(url)
    if (variant !== undefined) return { variant }
    if (url !== undefined && !isPyPi(url)) return { variant: 'unknown' }
  }
  return undefined
}

/** A Dockerfile that installs the requirement file with an index, or that has installed torch before. */
function ofInstallingCommand(docker: DockerManifest, manifest: Manifest, requirement: ManifestRequirement): BuildInForce | undefined {
  for (const include of docker.includes) {
    const command = include.command === undefined ? undefined : docker.commands[include.command]
    if (!command || !isSameFile(docker, include.path, manifest.file)) continue
    const scope = docker.indexes.filter((index) => index.command === include.command)
    const found = ofScope(docker, requirement, scope) ?? ofDockerEnvironment(docker, { ...requirement, command: include.command! })
    if (found) return found
    const earlier = docker.requirements.find((other) => other.key === requirement.key && other.command !== undefined && other.command < include.command! && docker.commands[other.command]?.stage === command.stage)
    if (earlier) return buildInForce(docker, earlier, [])
    const image = docker.stages[command.stage]?.image ?? ''
    if (/pytorch\/pytorch|nvidia|cuda|rocm/.test(image)) return { variant: 'unknown' }
  }
  return undefined
}

/** In an image the file has been copied somewhere: the same name, or the same path from the Dockerfile. */
function isSameFile(docker: DockerManifest, path: string, file: string): boolean {
  return joinPath(folderOf(docker.file), path.replace(/^\//, '')) === file || path.split('/').at(-1) === file.split('/').at(-1)
}
