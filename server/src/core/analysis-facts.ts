/** Provides the facts about one file, each computed by its owner when it is first asked for. */

import { type Documents, isPython } from './documents.ts'
import type { Facts, TorchInForce } from './rules/facts.ts'
import type { Settings } from './settings/settings.ts'

/** What all files of a snapshot share. */
export interface SharedFacts {
  readonly documents: Documents
  readonly torch: (file: string) => TorchInForce
}

export function createFacts(shared: SharedFacts, file: string, roots: readonly string[], settings: Settings): Facts {
  return {
    file,
    roots,
    settings,
    files: shared.documents.files,
    torch: once(() => shared.torch(file)),
    source: once(() => (isPython(file) ? shared.documents.source(file) : undefined)),
  }
}

/** The function with its first answer kept. */
export function once<Value>(compute: () => Value): () => Value {
  let kept: { readonly value: Value } | undefined
  return () => (kept ??= { value: compute() }).value
}
