/** The figures of one model that a reader sees together: counts, the file it saves to, and that file after each recipe. */

import type { Figure } from '../measure/figure.ts'
import { countModel, type ModelCounts } from '../model/counts.ts'
import type { ModelTree } from '../model/layer-tree.ts'
import { runRecipes } from '../quantize/registry.ts'
import type { RecipeId, RecipeResult } from '../quantize/recipe.ts'
import { stateDictFileBytes } from '../serialize/state-dict.ts'

export interface ModelSizes {
  readonly counts: ModelCounts
  /** The bytes of `torch.save(model.state_dict(), 'model.pt')`. */
  readonly fileBytes: Figure
  readonly recipes: readonly RecipeResult[]
}

/** The file name that sizes are given for where the source names none. */
const fileName = 'model.pt'

const known = new WeakMap<ModelTree, Map<string, ModelSizes>>()

export function modelSizes(model: ModelTree, torchVersion: string): ModelSizes {
  let byVersion = known.get(model)
  if (!byVersion) known.set(model, byVersion = new Map())
  let sizes = byVersion.get(torchVersion)
  if (!sizes) {
    const context = { torchVersion, fileName }
    byVersion.set(torchVersion, sizes = { counts: countModel(model), fileBytes: stateDictFileBytes(model, context), recipes: runRecipes(model, context) })
  }
  return sizes
}

/** Recipes in the words of a lens or a table row. */
export const recipeNames: Readonly<Record<RecipeId, string>> = {
  'dynamic-int8': 'dynamic int8',
  'static-int8': 'static int8',
  'torchao-int8-weight': 'torchao int8 weights',
  'torchao-int8-dynamic': 'torchao int8 dynamic',
  'float16': 'float16',
  'bfloat16': 'bfloat16',
}

/** A recipe whose bytes are known and that makes the file smaller. */
export interface UsefulRecipe {
  readonly names: readonly string[]
  readonly fileBytes: Figure
}

/** The recipes that make the file smaller, largest saving first; recipes that come to the same bytes share a row. */
export function usefulRecipes(sizes: ModelSizes): readonly UsefulRecipe[] {
  const rows = new Map<number, { names: string[]; fileBytes: Figure }>()
  for (const { recipe, api, fileBytes, saving } of sizes.recipes) {
    if (api === null || fileBytes.value === null || saving.value === null || saving.value <= 0) continue
    const row = rows.get(fileBytes.value)
    if (row) row.names.push(recipeNames[recipe])
    else rows.set(fileBytes.value, { names: [recipeNames[recipe]], fileBytes })
  }
  return [...rows].sort(([a], [b]) => a - b).map(([, row]) => row)
}
