/** Every recipe, in the order in which they are shown, and the one way to run them over a model. */

import { difference, estimate, unknown, type Figure } from '../measure/figure.ts'
import type { ModelTree } from '../model/layer-tree.ts'
import { savedFileBytes } from '../serialize/saved-file-bytes.ts'
import { deviceOf, firstTensor, stateDictFileBytes, underModel } from '../serialize/state-dict.ts'
import type { Recipe, RecipeContext, RecipeId, RecipeOutcome, RecipeResult } from './recipe.ts'
import { dynamicInt8 } from './recipes/dynamic-int8.ts'
import { bfloat16, float16 } from './recipes/half-precision.ts'
import { staticInt8 } from './recipes/static-int8.ts'
import { torchaoInt8Dynamic, torchaoInt8Weight } from './recipes/torchao-int8.ts'

export const RECIPES: readonly Recipe[] = [dynamicInt8, staticInt8, torchaoInt8Weight, torchaoInt8Dynamic, float16, bfloat16]

export function recipeById(id: RecipeId): Recipe {
  return RECIPES.find((recipe) => recipe.id === id)!
}

/** What every recipe makes of a model. */
export function runRecipes(model: ModelTree, context: RecipeContext): readonly RecipeResult[] {
  return RECIPES.map((recipe) => runRecipe(recipe, model, context))
}

/** One recipe's answer: with the certainty that the model allows, and unknown where torch would raise an error. */
export function runRecipe(recipe: Recipe, model: ModelTree, context: RecipeContext): RecipeResult {
  const api = recipe.api(context.torchVersion)
  const outcome = recipe.apply(model, context)
  const device = deviceOf(model)
  const uncopied = firstTensor(model, ({ ownClass }) => ownClass?.isUncopied === true)?.ownClass
  // What is cast in place stays the object that it is.
  const isCast = recipe.id === 'float16' || recipe.id === 'bfloat16'
  const fileBytes = 'missing' in api ? unknown(api.missing) : device === 'cpu' ? uncopied !== undefined && !isCast ? unknown(`tensors of the class ${uncopied.name} may not be copied: that class decides it`) : underModel(model, bytesOf(outcome, context)) : unknown(`the model is on ${device}, where this is not followed`)
  return {
    recipe: recipe.id,
    api: 'missing' in api ? null : api.name,
    converts: outcome.converts,
    leaves: outcome.leaves,
    fileBytes,
    saving: difference(stateDictFileBytes(model, context), fileBytes),
  }
}

function bytesOf(outcome: RecipeOutcome, context: RecipeContext): Figure {
  if (typeof outcome.stateDict === 'string') return unknown(outcome.stateDict)
  const figure = savedFileBytes(outcome.stateDict, context)
  return outcome.doubt !== undefined && figure.certainty === 'exact' ? estimate(figure.value, outcome.doubt) : figure
}
