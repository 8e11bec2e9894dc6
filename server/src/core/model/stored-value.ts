/** What a weights file holds, as far as a program that loads it can tell: plain data and the shapes of tensors. Shape only. */

export type StoredValue =
  | null | boolean | number | bigint | string
  | { readonly kind: 'float', readonly value: number }
  | { readonly kind: 'list' | 'tuple', readonly items: readonly StoredValue[] }
  | StoredDict
  | { readonly kind: 'tensor', readonly shape: readonly number[], readonly dtype: string }
  /** Anything else: it is there, and nothing is known of it. */
  | { readonly kind: 'other', readonly what: string }

export interface StoredDict {
  readonly kind: 'dict'
  /** An OrderedDict. */
  readonly isOrdered: boolean
  readonly entries: readonly (readonly [key: StoredValue, value: StoredValue])[]
  /** The version of each layer, by its prefix, as `state_dict()._metadata` has them. */
  readonly versions: ReadonlyMap<string, number | null> | undefined
}

/** A file that was found under the path that a program names. */
export interface StoredFile {
  /** Absolute. */
  readonly path: string
  readonly value: StoredValue
}

/** Finds and reads a weights file; undefined where it is not there, not the only candidate, or not understood as a whole. */
export type ReadStored = (path: string) => StoredFile | undefined
