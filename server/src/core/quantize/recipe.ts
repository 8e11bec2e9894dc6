/**
 * What a recipe is: a way to make a model smaller, with what it converts, what it leaves and why, and the state_dict
 * afterwards. Owns the shapes of this data only.
 */

import type { Figure } from '../measure/figure.ts'
import type { ModelTree } from '../model/layer-tree.ts'
import type { SavedDictionary } from '../serialize/saved-value.ts'

export type RecipeId = 'dynamic-int8' | 'static-int8' | 'torchao-int8-weight' | 'torchao-int8-dynamic' | 'float16' | 'bfloat16'

/** `torch.backends.quantized.engine`: how packed weights are kept. `x86` stands for fbgemm too. */
export type Engine = 'x86' | 'onednn' | 'qnnpack'

export interface RecipeContext {
  /** The version of torch in force. */
  readonly torchVersion: string
  /** The path given to torch.save. */
  readonly fileName: string
  /** `x86` when absent. */
  readonly engine?: Engine
  /** The version of torchao in force, when one is installed or pinned. */
  readonly torchaoVersion?: string
  /** Quantize Embedding and EmbeddingBag too, with float_qparams_weight_only_qconfig; off when absent. */
  readonly embeddings?: 'quint8'
}

/** Layers of one type that a recipe converts. */
export interface ConvertedLayers {
  readonly type: string
  readonly layers: number
  /** Elements of their parameters, each tensor once. */
  readonly parameters: number
}

/** Layers of one type that hold parameters which a recipe leaves as they are. */
export interface LeftLayers {
  readonly type: string
  readonly parameters: number
  readonly why: string
}

/** What a recipe makes of a model that is taken as exact. */
export interface RecipeOutcome {
  readonly converts: readonly ConvertedLayers[]
  readonly leaves: readonly LeftLayers[]
  /** The state_dict afterwards, or the sentence that says why there is none. */
  readonly stateDict: SavedDictionary | string
  /** Why the bytes are not certain, although the model is. */
  readonly doubt?: string
}

export interface Recipe {
  readonly id: RecipeId
  /** What a person does, in a few words: `quantize_dynamic, int8 weights`. */
  readonly title: string
  /** The dotted name of the call under a version of torch, or the reason why that version has none. */
  readonly api: (torchVersion: string) => { readonly name: string } | { readonly missing: string }
  readonly apply: (model: ModelTree, context: RecipeContext) => RecipeOutcome
}

/** A recipe's answer for one model, as the command line prints it. */
export interface RecipeResult {
  readonly recipe: RecipeId
  /** Null where the version in force does not have it. */
  readonly api: string | null
  readonly converts: readonly ConvertedLayers[]
  readonly leaves: readonly LeftLayers[]
  /** The bytes of `torch.save(model.state_dict(), fileName)` afterwards. */
  readonly fileBytes: Figure
  /** Bytes of the file before minus after; negative where the recipe makes it larger. */
  readonly saving: Figure
}
