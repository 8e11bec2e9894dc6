/** Finds the version of the PyTorch that is installed in a folder of packages, from one small file; runs nothing. */

import type { Files } from '../core/ports.ts'

/** torch/version.py has some ten lines. */
const MAX_VERSION_BYTES = 65_536

/** The `__version__` of the first torch among the folders; undefined when none holds one. */
export function installedTorchVersion(files: Files, sitePackages: readonly string[]): string | undefined {
  for (const folder of sitePackages) {
    const text = files.readText(`${folder}/torch/version.py`, MAX_VERSION_BYTES)
    const version = typeof text === 'string' ? /^__version__\s*(?::\s*\w+\s*)?=\s*['"]([^'"\n]{1,64})['"]/m.exec(text)?.[1] : undefined
    if (version !== undefined) return version
  }
  return undefined
}
