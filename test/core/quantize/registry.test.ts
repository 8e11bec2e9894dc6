import { describe, expect, it } from 'vitest'
import { RECIPES, recipeById, runRecipe, runRecipes } from '../../../server/src/core/quantize/registry.ts'
import type { Engine, RecipeId } from '../../../server/src/core/quantize/recipe.ts'
import type { Figure } from '../../../server/src/core/measure/figure.ts'
import { stateDictFileBytes } from '../../../server/src/core/serialize/state-dict.ts'
import { modelOf, readQuantizeCases } from './oracle.ts'

const { runs, cases } = readQuantizeCases()
const models = new Map(cases.map((row) => [row, modelOf(row)]))
const engines = new Map<string, Engine>([['x86', 'x86'], ['fbgemm', 'x86'], ['onednn', 'onednn'], ['qnnpack', 'qnnpack']])

function figureFor(row: (typeof cases)[number], recipe: string, run: (typeof runs)[number]): Figure {
  const model = models.get(row)!
  const [name, engine = run.engine] = recipe.split('@') as [string, string?]
  const context = {
    torchVersion: run.torch, fileName: 'model.pt', engine: engines.get(engine)!,
    ...(run.torchao === null ? {} : { torchaoVersion: run.torchao }), ...(name === 'embeddings' ? { embeddings: 'quint8' as const } : {}),
  }
  if (name === 'none') return stateDictFileBytes(model, context)
  return runRecipe(recipeById((name === 'embeddings' ? 'dynamic-int8' : name) as RecipeId), model, context).fileBytes
}

interface Compared {
  readonly torch: string
  readonly recipe: string
  readonly label: string
  /** Bytes of the real file, or the name of the error. */
  readonly truth: number | string
  readonly figure: Figure
  /** Whether it holds layers that torch quantizes statically in pieces, differently from release to release. */
  readonly apart: boolean
}

const compared: readonly Compared[] = runs.flatMap((run) => cases.flatMap((row) => Object.entries(row.bytes[run.torch] ?? {})
  // QNNPACK is estimated only, so there is nothing to hold against it.
  .filter(([recipe]) => !recipe.endsWith('@qnnpack'))
  .map(([recipe, truth]): Compared => ({ torch: run.torch, recipe, label: row.case, truth, figure: figureFor(row, recipe, run), apart: row.types.some(([type]) => /\.(LSTM|MultiheadAttention)$/.test(type!)) }))))

describe('recipes against what real PyTorch saved', () => {
  for (const run of runs) {
    it(`torch ${run.torch}: exact means equal to the byte, and an error stays unknown`, () => {
      const wrong = compared
        .filter(({ torch, recipe, truth, figure }) => torch === run.torch && recipe !== 'static-int8'
          && (figure.certainty === 'exact' ? figure.value !== truth : typeof truth === 'number' && figure.certainty === 'unknown'))
        .map(({ recipe, label, truth, figure }) => `${label} ${recipe}: ${String(figure.value)} (${figure.certainty} ${figure.reason ?? ''}) for ${String(truth)}`)
      expect(wrong).toEqual([])
    })
  }

  it('counts nearly every file exactly', () => {
    const files = compared.filter(({ recipe, truth }) => typeof truth === 'number' && recipe !== 'static-int8')
    const exact = files.filter(({ figure }) => figure.certainty === 'exact')
    expect(files.length).toBeGreaterThan(7000)
    expect(exact.length / files.length).toBeGreaterThan(0.99)
  })

  it('estimates static quantization within three per cent of files of some size, recurrent layers and attention aside', () => {
    const files = compared.filter(({ recipe, truth, apart }) => recipe === 'static-int8' && typeof truth === 'number' && truth >= 100_000 && !apart)
    const far = files.filter(({ truth, figure }) => figure.certainty !== 'estimate' || Math.abs(figure.value - Number(truth)) > Number(truth) * 0.03)
    expect(far).toEqual([])
  })
})

describe('runRecipes', () => {
  it('answers every recipe once, in the order of the registry', () => {
    const results = runRecipes(modelOf(cases[0]!), { torchVersion: '2.13.0', fileName: 'model.pt' })
    expect(results.map(({ recipe }) => recipe)).toEqual(RECIPES.map(({ id }) => id))
  })
})
