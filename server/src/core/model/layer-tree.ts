/**
 * A model as plain data: what evaluation of its source leaves behind. Everything that counts, prints, saves or
 * quantizes a model reads these objects; nothing here knows Python, evaluation or PyTorch's layers.
 */

import type { Place } from '../text/range.ts'
import type { Certainty } from '../measure/figure.ts'

/** One tensor object of a model. Two names of one tensor (a tie) share the object, and so its `id`. */
export interface ModelTensor {
  /** Identity of the tensor object, unique within its model. */
  readonly id: number
  /** Identity of the storage; views and re-wrapped tensors share it. */
  readonly storage: number
  /** Elements of the whole storage: more than the shape's product when the tensor is a view of something larger. */
  readonly storageElements: number
  /** Offset into the storage, in elements. */
  readonly storageOffset: number
  readonly shape: readonly number[]
  /** In elements, one per dimension. */
  readonly strides: readonly number[]
  /** Canonical name without `torch.`; see dtypes.ts. */
  readonly dtype: string
  readonly kind: 'parameter' | 'buffer'
  /** `requires_grad`; false for buffers. */
  readonly trainable: boolean
  /** Elements: the product of the shape. */
  readonly count: number
  /** `count` times the element's bytes. */
  readonly bytes: number
  /** The class of a tensor that is not torch's: how it is copied, and what torch.save writes of it, is its own affair. */
  readonly ownClass?: {
    readonly name: string
    /** `state_dict()` holds an object of this class, and torch.save writes that too; of a plain subclass of nn.Parameter it holds a Tensor. */
    readonly isSaved: boolean
    /** Nothing tells whether `copy.deepcopy` works. */
    readonly isUncopied: boolean
  }
  /** `meta`, `cuda`, ...; `cpu` when absent. What torch.save writes of a tensor depends on it. */
  readonly device?: string
  /** The call that made it. */
  readonly place: Place | null
}

/** A tensor under the name that its layer knows it by. */
export interface LayerTensor {
  /** The attribute, without the path: `weight`. */
  readonly name: string
  readonly tensor: ModelTensor
  readonly kind: 'parameter' | 'buffer'
  /** False for a buffer that `state_dict()` leaves out. Parameters are always persistent. */
  readonly persistent: boolean
}

/** One nn.Module instance, at one path. An instance registered twice stands at both paths, with one `id`. */
export interface LayerNode {
  /** Identity of the instance, unique within its model. */
  readonly id: number
  /** The attribute under which its parent holds it: `conv1`, `0`; empty for the root. */
  readonly name: string
  /** Dotted path from the root, as `named_modules()` prints it; empty for the root. */
  readonly path: string
  /** Fully qualified public class name: `torch.nn.Conv2d`, `torchvision.models.resnet.ResNet`, `__main__.Net`. */
  readonly type: string
  /** Qualified names of the class and its bases in method resolution order, `torch.nn.Module` last. */
  readonly ancestry: readonly string[]
  /** `_version` of the class, which `state_dict()._metadata` records; null when the class has none. */
  readonly version: number | null
  /** Plain instance attributes (numbers, booleans, strings, None), such as `in_features`, `batch_first`, `proj_size`. */
  readonly attributes: ReadonlyMap<string, number | boolean | string | null>
  /** The layer's own parameters, then its own buffers, in registration order; entries that are None are left out. */
  readonly tensors: readonly LayerTensor[]
  readonly children: readonly LayerNode[]
  /** The call that constructed it. */
  readonly place: Place | null
}

/** One entry of `state_dict()`, in its order; a tied tensor stands under every name. */
export interface StateDictEntry {
  readonly name: string
  readonly tensor: ModelTensor
  readonly kind: 'parameter' | 'buffer'
  /**
   * How a `state_dict()` of the model's own making holds it, where that may differ from a detached tensor for every
   * name: the identity of the object in the dictionary, and whether that is an nn.Parameter.
   */
  readonly held?: { readonly object: number, readonly isParameter: boolean }
}

/** Why something is not known, and where. */
export interface UnknownReason {
  readonly reason: string
  readonly place: Place | null
}

/** A model, evaluated from its source. With any certainty but `exact` the structure holds what is known of it. */
export interface ModelTree {
  /** The class of the root layer, qualified. */
  readonly type: string
  /** `exact` only when no Unknown reached a shape, a layer, a dtype or a tie. */
  readonly certainty: Certainty
  /** Where the model is constructed or, for a class with its defaults, declared. */
  readonly place: Place | null
  readonly root: LayerNode
  /** What `state_dict()` lists, or null when its names cannot be known. */
  readonly stateDict: readonly StateDictEntry[] | null
  /** What kind of dictionary `state_dict()` returns; an OrderedDict with `_metadata` when absent. */
  readonly stateDictForm?: 'ordered' | 'plain' | 'other'
  /** `state_dict()._metadata`: path and `_version` of every layer, in order. */
  readonly metadata: readonly { readonly path: string, readonly version: number | null }[]
  /** Names of non-tensor entries of `state_dict()` (`get_extra_state`); their bytes are not known. */
  readonly extraState: readonly string[]
  /** Values taken from defaults or from an `assume` comment, each with where it comes from. */
  readonly assuming: readonly string[]
  /** Why it is not exact; empty exactly when `certainty` is `exact`. */
  readonly unknown: readonly UnknownReason[]
}
