/** Compiled library files, for all evaluators of a process: a library is parsed once, whoever asks. Code is the same wherever it runs. */

import type { Code } from './run/frame.ts'

export class LibraryCodes {
  readonly #codes = new Map<string, { readonly version: string, readonly code: Code }>()

  /** `version` tells texts of one path apart. */
  find(path: string, version: string): Code | undefined {
    const known = this.#codes.get(path)
    return known?.version === version ? known.code : undefined
  }

  keep(path: string, version: string, code: Code): void {
    this.#codes.set(path, { version, code })
  }
}
