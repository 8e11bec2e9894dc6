/**
 * Whose file is it: RECORD where there is one, top-level names where there is none (Debian's egg-info). Pure
 * bookkeeping over paths relative to a site-packages folder; the walk that feeds it is the host's.
 */

import type { Files } from '../ports.ts'
import { isFailure } from '../ports.ts'
import { readBytes } from './decode.ts'
import { topLevelNames, type Distribution } from './distribution.ts'
import type { InstalledEnvironment } from './environment.ts'
import { recordPaths } from './record.ts'

const MAX_RECORD = 64 << 20

/** Top-level names of distributions whose metadata states none and that are imported by another name. */
const KNOWN_TOP_LEVEL = new Map<string, readonly string[]>([
  ['pillow', ['PIL']], ['pyyaml', ['yaml', '_yaml']], ['opencv-python', ['cv2']], ['opencv-python-headless', ['cv2']], ['opencv-contrib-python', ['cv2']],
  ['scikit-learn', ['sklearn']], ['scikit-image', ['skimage']], ['beautifulsoup4', ['bs4']], ['python-dateutil', ['dateutil']], ['protobuf', ['google']],
  ['pyjwt', ['jwt']], ['pyopenssl', ['OpenSSL']], ['pygobject', ['gi', 'pygtkcompat']], ['attrs', ['attr', 'attrs']], ['setuptools', ['setuptools', 'pkg_resources', '_distutils_hack']],
  ['pytorch-lightning', ['pytorch_lightning']], ['dbus-python', ['dbus', '_dbus_bindings', '_dbus_glib_bindings']], ['torch', ['torch', 'functorch', 'torchgen']],
])

/** The top-level import names of a distribution: stated by top_level.txt, or those that follow from its name. */
export function importRoots(files: Files, distribution: Distribution): readonly string[] {
  const stated = topLevelNames(files, distribution)
  if (stated.length > 0) return stated
  const known = KNOWN_TOP_LEVEL.get(distribution.key)
  return known ?? [...new Set([distribution.name.replace(/[-.]/g, '_'), distribution.key.replaceAll('-', '_')])]
}

/**
 * The paths, relative to site-packages, that a distribution without RECORD holds: its metadata, the packages and
 * modules of its top-level names, and the bytecode of those modules.
 */
export function topLevelClaims(files: Files, environment: InstalledEnvironment, distribution: Distribution): readonly string[] {
  const info = distribution.folder.slice(distribution.sitePackages.length + 1)
  const roots = importRoots(files, distribution)
  const entries = environment.entries.get(distribution.sitePackages) ?? []
  const claims = [info]
  for (const entry of entries) {
    if (entry.name === info) continue
    const dot = entry.name.indexOf('.')
    if (entry.kind === 'directory') {
      if (roots.includes(entry.name)) claims.push(namespaceShare(files, distribution, entry.name))
    } else if (dot > 0 && roots.includes(entry.name.slice(0, dot)) && MODULE.test(entry.name)) claims.push(entry.name)
  }
  if (entries.some((entry) => entry.name === '__pycache__')) {
    for (const entry of files.list(`${distribution.sitePackages}/__pycache__`) ?? []) {
      const dot = entry.name.indexOf('.')
      if (dot > 0 && roots.includes(entry.name.slice(0, dot))) claims.push(`__pycache__/${entry.name}`)
    }
  }
  return claims
}

const MODULE = /\.(py|so|pyd|pyi|abi3\.so)$/

/** `lazr.uri` holds `lazr/uri` of the folder that it shares with others; a distribution without a dot holds all of its folder. */
function namespaceShare(files: Files, distribution: Distribution, root: string): string {
  if (!distribution.name.startsWith(`${root}.`)) return root
  const own = distribution.name.replaceAll('.', '/')
  return files.list(`${distribution.sitePackages}/${own}`) ? own : root
}

/** Answers whose file a path is. */
export interface Ownership {
  /** `path` is relative to the site-packages folder; the answer is the key of a distribution. */
  ownerOf(path: string): string | undefined
  readonly problems: readonly { readonly path: string; readonly message: string }[]
}

/** Reads every RECORD of one site-packages folder. Of two distributions that name the same file the first one listed holds it. */
export function readOwnership(files: Files, environment: InstalledEnvironment, sitePackages: string): Ownership {
  const byPath = new Map<string, string>()
  const byClaim = new Map<string, string>()
  const problems: { path: string; message: string }[] = []
  for (const distribution of environment.distributions.values()) {
    if (distribution.sitePackages !== sitePackages) continue
    const record = distribution.hasRecord ? readBytes(files, `${distribution.folder}/RECORD`, MAX_RECORD) : undefined
    if (record && !isFailure(record)) {
      const { paths, brokenLines } = recordPaths(record)
      if (brokenLines > 0) problems.push({ path: `${distribution.folder}/RECORD`, message: `${String(brokenLines)} broken ${brokenLines === 1 ? 'line' : 'lines'}; the files they should name count as unowned` })
      for (const path of paths) if (!byPath.has(path)) byPath.set(path, distribution.key)
      continue
    }
    if (record) problems.push({ path: `${distribution.folder}/RECORD`, message: `${record.message}; its files are found by their top-level names` })
    for (const claim of topLevelClaims(files, environment, distribution)) if (!byClaim.has(claim)) byClaim.set(claim, distribution.key)
  }
  return { problems, ownerOf: (path) => byPath.get(path) ?? (byClaim.size === 0 ? undefined : claimed(byClaim, path)) }
}

function claimed(claims: ReadonlyMap<string, string>, path: string): string | undefined {
  let slash = path.indexOf('/')
  // Namespace shares are at most a few folders deep; looking at every prefix stays short.
  while (slash > 0) {
    const owner = claims.get(path.slice(0, slash))
    if (owner !== undefined) return owner
    slash = path.indexOf('/', slash + 1)
  }
  return claims.get(path)
}
