/**
 * The values that can stand in a saved dictionary, as plain data: tensors with their storages, and the few other
 * Python objects that state_dicts hold. The identity of these objects is the identity of the Python objects:
 * one SavedTensor standing in two places is pickled once and recalled. Measures nothing.
 */

import { elementBytes } from '../model/dtypes.ts'

/** A block of memory. Tensors over the same block share one of these. */
export interface SavedStorage {
  readonly bytes: number
}

/** How a quantized tensor keeps its scales. Per-tensor scales are part of the pickle, not of a storage. */
export type Quantizer =
  | { readonly scheme: 'per-tensor', readonly zeroPoint: number }
  | { readonly scheme: 'per-channel', readonly scales: SavedTensor, readonly zeroPoints: SavedTensor, readonly axis: number }

export interface SavedTensor {
  readonly kind: 'tensor'
  readonly shape: readonly number[]
  /** The name in torch, without `torch.`: `float32`, `bfloat16`, `qint8`. */
  readonly dtype: string
  readonly storage: SavedStorage
  /** In elements; 0 when absent. */
  readonly offset?: number
  /** In elements; those of a contiguous tensor when absent. */
  readonly strides?: readonly number[]
  readonly quantizer?: Quantizer
  /** Whether it is on the meta device: only its description is written, and its storage is not. */
  readonly isMeta?: boolean
  /** Whether it is an nn.Parameter: one that was not detached, as in a dictionary made by hand. */
  readonly isParameter?: boolean
}

export type SavedValue =
  | SavedTensor
  | { readonly kind: 'none' }
  | { readonly kind: 'bool' }
  | { readonly kind: 'int', readonly value: number }
  /** A string object of its own. */
  | { readonly kind: 'text', readonly text: string }
  /** A string that Python holds once, such as the name of an attribute. */
  | { readonly kind: 'word', readonly text: string }
  | { readonly kind: 'dtype', readonly dtype: string }
  | { readonly kind: 'tuple', readonly items: readonly SavedValue[] }
  | { readonly kind: 'list', readonly items: readonly SavedValue[] }
  /** An instance made by `cls.__new__` and given its state afterwards. */
  | { readonly kind: 'object', readonly module: string, readonly name: string, readonly state: SavedValue }
  /** An object that is made again by calling a function. */
  | { readonly kind: 'reduce', readonly module: string, readonly name: string, readonly arguments: readonly SavedValue[] }
  /** A class or function, by name. */
  | { readonly kind: 'global', readonly module: string, readonly name: string }
  | { readonly kind: 'dict', readonly items: readonly (readonly [SavedValue, SavedValue])[] }

export interface SavedEntry {
  readonly name: string
  readonly value: SavedValue
}

/** One line of `_metadata`: a layer's path and its class's `_version`. */
export interface SavedVersion {
  readonly path: string
  readonly version: number | null
}

/** What goes into the file. */
export interface SavedDictionary {
  /**
   * `state-dict` is the OrderedDict with `_metadata` that `Module.state_dict()` returns; `ordered` an OrderedDict
   * without it; `plain` a dict.
   */
  readonly form: 'state-dict' | 'ordered' | 'plain'
  readonly entries: readonly SavedEntry[]
  /** `_metadata`, in order; empty in the other forms. */
  readonly versions: readonly SavedVersion[]
}

export function elementCount(shape: readonly number[]): number {
  let count = 1
  for (const length of shape) count *= length
  return count
}

/** Row-major strides as torch gives them: a dimension of length 0 counts as 1. */
export function contiguousStrides(shape: readonly number[]): readonly number[] {
  const strides = new Array<number>(shape.length)
  let stride = 1
  for (let index = shape.length - 1; index >= 0; index -= 1) {
    strides[index] = stride
    stride *= Math.max(shape[index]!, 1)
  }
  return strides
}

/** A contiguous tensor over a storage of its own. The dtype must be one that core/model knows. */
export function freshTensor(shape: readonly number[], dtype: string): SavedTensor {
  return { kind: 'tensor', shape, dtype, storage: { bytes: elementCount(shape) * (elementBytes(dtype) ?? 0) } }
}
