/**
 * One environment, read once and asked many times: what an import costs, what torch is installed. Every measure is taken
 * on first use and kept; the holder throws the whole object away when `environmentStamp` changes.
 */

import { estimate, unknown, type Figure } from '../measure/figure.ts'
import type { Files } from '../ports.ts'
import { closureOf } from './closure.ts'
import { readEnvironment, type EnvironmentLocation, type InstalledEnvironment } from './environment.ts'
import { distributionOfImport, importIndex } from './import-packages.ts'
import { fastSize, folderMeter, type FastSize, type MeasureFolder } from './installed-bytes.ts'
import { closureBytes } from './measured.ts'
import { installedTorch, type InstalledTorch } from './torch-variant.ts'

export interface ImportCost {
  readonly name: string
  readonly version: string
  /** The package alone. */
  readonly alone: Figure
  /** With everything it pulls in. */
  readonly together: Figure
  /** Largest first, the package itself included. */
  readonly members: readonly { readonly name: string; readonly version: string; readonly bytes: Figure }[]
  /** Keys of the members, to count what imports share once. */
  readonly keys: readonly string[]
  /** Required but not installed. */
  readonly missing: readonly string[]
}

export class InstalledPackages {
  readonly environment: InstalledEnvironment
  readonly #files: Files
  readonly #measureFolder: MeasureFolder
  readonly #sizes = new Map<string, FastSize>()
  readonly #costs = new Map<string, ImportCost | undefined>()
  #index: ReadonlyMap<string, readonly string[]> | undefined
  #torch: { readonly value: InstalledTorch | undefined } | undefined

  constructor(files: Files, location: EnvironmentLocation, measureFolder: MeasureFolder = folderMeter(files)) {
    this.#files = files
    this.#measureFolder = measureFolder
    this.environment = readEnvironment(files, location)
  }

  /** The installed torch with its variant, or `undefined`. */
  get torch(): InstalledTorch | undefined {
    this.#torch ??= { value: installedTorch(this.#files, this.environment) }
    return this.#torch.value
  }

  /** The key of the distribution that an import such as `torchvision.models` comes from. */
  distributionOf(moduleName: string): string | undefined {
    this.#index ??= this.#isOwnName(moduleName) ? undefined : importIndex(this.#files, this.environment)
    if (!this.#index) return likelyDistribution(moduleName)
    return distributionOfImport(this.#index, moduleName)
  }

  /** A package that installs a folder of its own name, as most do: no index of all packages is needed to find it. */
  #isOwnName(moduleName: string): boolean {
    const root = moduleName.split('.')[0]!
    const distribution = this.environment.distributions.get(root)
    return distribution !== undefined && likelyDistribution(root) === root && (this.environment.entries.get(distribution.sitePackages)?.some(({ name, kind }) => name === root && kind === 'directory') ?? false)
  }

  /** What `import NAME` brings; `undefined` when no installed distribution provides it. */
  importCost(moduleName: string): ImportCost | undefined {
    const key = this.distributionOf(moduleName)
    return key === undefined ? undefined : this.packageCost(key)
  }

  /** What an installed distribution, by key, takes with what it requires. */
  packageCost(key: string): ImportCost | undefined {
    if (this.#costs.has(key)) return this.#costs.get(key)
    const distribution = this.environment.distributions.get(key)
    if (!distribution) return undefined
    const closure = closureOf(this.environment, key)
    const members = closure.keys.map((member) => {
      const { name, version } = this.environment.distributions.get(member)!
      return { name, version, bytes: this.#size(member).bytes }
    }).sort((a, b) => (b.bytes.value ?? 0) - (a.bytes.value ?? 0))
    const cost = {
      name: distribution.name, version: distribution.version, alone: this.#withOutside([key]), together: this.#withOutside(closure.keys), members, keys: closure.keys, missing: closure.missing,
    }
    this.#costs.set(key, cost)
    return cost
  }

  /** Installed bytes of several distributions with what they require; what they share counts once. */
  unionBytes(keys: Iterable<string>): Figure {
    const members = new Set<string>()
    for (const key of keys) for (const member of this.packageCost(key)?.keys ?? []) members.add(member)
    return this.#withOutside([...members])
  }

  /** The fast total of the whole environment, each distribution once. */
  totalBytes(): Figure {
    return this.#withOutside([...this.environment.distributions.keys()])
  }

  #withOutside(keys: readonly string[]): Figure {
    const sizes = keys.map((key) => [key, this.#size(key)] as const)
    const outside = sizes.flatMap(([key, size]) => size.outside.map(({ target, bytes }) => ({ path: target, key, bytes, files: 1 })))
    const total = closureBytes(keys, { packages: new Map(sizes), outside, mode: 'fast', problems: [] })
    if (total.value === null) return unknown(total.reason)
    return total.certainty === 'exact' ? estimate(total.value, 'from RECORD, not measured on disk') : total
  }

  #size(key: string): FastSize {
    let size = this.#sizes.get(key)
    if (!size) {
      size = fastSize(this.#files, this.environment, this.environment.distributions.get(key)!, { sizeless: 'sample', measureFolder: this.#measureFolder })
      this.#sizes.set(key, size)
    }
    return size
  }
}

/** Changes when something was installed or removed: the times of the site-packages folders. */
export function environmentStamp(files: Files, location: EnvironmentLocation): string {
  return location.sitePackages.map((folder) => `${folder}:${String(files.stat(folder)?.modified ?? 0)}`).join('|')
}

/** Distributions of import names that differ from them, for packages that are not installed. */
const PROVIDERS = new Map<string, string>([
  ['PIL', 'pillow'], ['cv2', 'opencv-python'], ['sklearn', 'scikit-learn'], ['skimage', 'scikit-image'], ['yaml', 'pyyaml'], ['bs4', 'beautifulsoup4'],
  ['whisper', 'openai-whisper'], ['pytorch_lightning', 'pytorch-lightning'], ['sentence_transformers', 'sentence-transformers'], ['huggingface_hub', 'huggingface-hub'],
  ['segmentation_models_pytorch', 'segmentation-models-pytorch'], ['functorch', 'torch'], ['torchgen', 'torch'], ['open_clip', 'open-clip-torch'], ['faiss', 'faiss-cpu'],
])

/** The normal form of the distribution that an import name most likely belongs to. */
export function likelyDistribution(moduleName: string): string {
  const root = moduleName.split('.')[0]!
  return PROVIDERS.get(root) ?? root.toLowerCase().replace(/[-_.]+/g, '-')
}
