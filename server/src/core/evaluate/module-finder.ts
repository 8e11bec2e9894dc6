/** Where modules are: which file or folder a name means along a search path. Reads no file and runs nothing. */

import type { Files } from '../ports.ts'

export interface FinderOptions {
  readonly files: Files
  readonly roots: readonly string[]
  readonly sitePackages: readonly string[]
  readonly documentText: ((path: string) => string | undefined) | undefined
}

/** A file, a package (with the folders its modules are in), or a namespace package, which has no file. */
export interface Found { readonly file: string | undefined, readonly path: readonly string[] | undefined }

export class ModuleFinder {
  readonly #options: FinderOptions
  /** What stands in folders of libraries. */
  readonly #listed = new Map<string, ReadonlySet<string> | 'cannot be listed'>()

  constructor(options: FinderOptions) {
    this.#options = options
  }

  /** Libraries may have changed. */
  renew(): void { this.#listed.clear() }

  get searchPath(): readonly string[] {
    return [...this.#options.roots, ...this.#options.sitePackages]
  }

  /** The module of a name that has no dots. */
  locate(simple: string, path: readonly string[]): Found | undefined {
    const { files } = this.#options
    let namespace: string[] | undefined
    for (const folder of path) {
      const base = `${folder}/${simple}`
      if (this.#exists(`${base}/__init__.py`)) return { file: `${base}/__init__.py`, path: [base] }
      if (this.#exists(`${base}.py`)) return { file: `${base}.py`, path: undefined }
      if (this.#mayExist(base) && files.stat(base)?.kind === 'directory') (namespace ??= []).push(base)
    }
    return namespace === undefined ? undefined : { file: undefined, path: namespace }
  }

  /** Whether a compiled module of that name stands in one of the folders. */
  isCompiled(simple: string, path: readonly string[]): boolean {
    return path.some((folder) => this.#options.files.list(folder)?.some(({ name }) => name.startsWith(`${simple}.`) && /\.(?:so|pyd)$/.test(name)) === true)
  }

  isLibrary(path: string): boolean {
    return this.#options.sitePackages.some((folder) => path.startsWith(`${folder}/`))
  }

  isWorkspace(path: string): boolean {
    return !this.isLibrary(path) && this.#options.roots.some((folder) => path.startsWith(`${folder}/`))
  }

  #exists(path: string): boolean {
    return this.#options.documentText?.(path) !== undefined || (this.#mayExist(path) && this.#options.files.stat(path)?.kind === 'file')
  }

  /** Below site-packages nothing comes and goes while it is in use: one listing of a folder answers for all names that are not in it. */
  #mayExist(path: string): boolean {
    if (!this.isLibrary(path)) return true
    const slash = path.lastIndexOf('/')
    const folder = path.slice(0, slash)
    let names = this.#listed.get(folder)
    if (names === undefined) {
      const entries = this.#options.files.list(folder)
      names = entries === undefined ? 'cannot be listed' : new Set(entries.map(({ name }) => name))
      this.#listed.set(folder, names)
    }
    return typeof names === 'string' || names.has(path.slice(slash + 1))
  }
}
