/** Import name -> installed distribution: top_level.txt, then RECORD and folder names. One index per environment, built once. */

import type { Files } from '../ports.ts'
import { isFailure } from '../ports.ts'
import { readBytes } from './decode.ts'
import { topLevelNames } from './distribution.ts'
import type { InstalledEnvironment } from './environment.ts'
import { importRoots } from './ownership.ts'
import { recordPaths } from './record.ts'

const MAX_RECORD = 64 << 20

/** Import roots (`PIL`, `cv2`, `torch`) to the keys of the distributions that provide them. */
export function importIndex(files: Files, environment: InstalledEnvironment): ReadonlyMap<string, readonly string[]> {
  const index = new Map<string, string[]>()
  for (const distribution of environment.distributions.values()) {
    const stated = topLevelNames(files, distribution)
    const roots = stated.length > 0 ? stated : recordRoots(files, distribution.hasRecord ? `${distribution.folder}/RECORD` : undefined) ?? importRoots(files, distribution)
    for (const root of roots) {
      const known = index.get(root)
      if (!known) index.set(root, [distribution.key])
      else if (!known.includes(distribution.key)) known.push(distribution.key)
    }
  }
  return index
}

/** The distribution that provides `torchvision.models`: by its first name; among several the one of the same name. */
export function distributionOfImport(index: ReadonlyMap<string, readonly string[]>, moduleName: string): string | undefined {
  const root = moduleName.split('.')[0]!
  const keys = index.get(root)
  if (!keys) return undefined
  const same = root.toLowerCase().replace(/[-_.]+/g, '-')
  return keys.find((key) => key === same) ?? keys[0]
}

function recordRoots(files: Files, path: string | undefined): readonly string[] | undefined {
  if (path === undefined) return undefined
  const record = readBytes(files, path, MAX_RECORD)
  if (isFailure(record)) return undefined
  const roots = new Set<string>()
  for (const entry of recordPaths(record).paths) {
    const slash = entry.indexOf('/')
    if (slash < 0) {
      const module = /^([A-Za-z_]\w*)(?:\.[^/]*)?\.(?:py|so|pyd)$/.exec(entry)?.[1]
      if (module) roots.add(module)
    } else {
      const folder = entry.slice(0, slash)
      if (/^[A-Za-z_]\w*$/.test(folder) && folder !== '__pycache__' && /\.(py|so|pyd)$/.test(entry)) roots.add(folder)
    }
  }
  return roots.size === 0 ? undefined : [...roots]
}
