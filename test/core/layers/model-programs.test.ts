import { readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { beforeAll, describe, expect, it } from 'vitest'
import { createModelSession } from '../../../server/src/core/layers/model-session.ts'
import { subtreeTotals } from '../../../server/src/core/model/counts.ts'
import type { ModelTree } from '../../../server/src/core/model/layer-tree.ts'
import { stateDictFileBytes } from '../../../server/src/core/serialize/state-dict.ts'
import type { PythonParser } from '../../../server/src/core/syntax/parser.ts'
import { startPythonParser } from '../../../server/src/host/python-parser.ts'
import { memoryFiles } from './memory-files.ts'

const ORACLES = join(import.meta.dirname, '../../oracle/models')
/** Functions of torch that are not followed (numpy, FFT, fx, lazy layers after a call): honest unknowns. */
const MAY_BE_UNKNOWN = 0.25

interface Truth {
  readonly error?: string
  readonly parameters: number
  readonly trainable: number
  readonly buffers: number
  /** Shape and type are null where an entry is no tensor. */
  readonly state: readonly (readonly [name: string, shape: readonly number[] | null, dtype: string | null])[]
  /** Null when torch.save refuses. */
  readonly file: number | null
}

let parser: PythonParser
beforeAll(async () => { parser = await startPythonParser(import.meta.dirname) })

describe.each(readdirSync(ORACLES).filter((name) => name.endsWith('.oracle.json.gz')))('%s', (name) => {
  const oracle = JSON.parse(gunzipSync(readFileSync(join(ORACLES, name))).toString('utf8')) as { torch: string, programs: Record<string, Record<string, Truth>> }

  it('every model has the figures of PyTorch and its file the bytes, or is unknown', () => {
    const wrong: string[] = []
    let unknown = 0
    let models = 0
    for (const [program, truths] of Object.entries(oracle.programs)) {
      const file = `/work space/${program}`
      const files = memoryFiles(new Map([[file, readFileSync(join(ORACLES, 'programs', program), 'utf8')]]))
      const session = createModelSession({ files, parser, roots: ['/work space'], sitePackages: [], torchVersion: oracle.torch })
      for (const [expression, truth] of Object.entries(truths)) {
        models += 1
        const model = session.evaluate({ file, expression })
        if (model.certainty !== 'exact') { unknown += 1; continue }
        const found = disagreement(model, truth, oracle.torch)
        if (found !== undefined) wrong.push(`${program}:${expression}: ${found}`)
      }
    }
    expect(wrong).toEqual([])
    expect(unknown / models).toBeLessThan(MAY_BE_UNKNOWN)
  })
})

function disagreement(model: ModelTree, truth: Truth, torchVersion: string): string | undefined {
  if (truth.error !== undefined) return `PyTorch raises ${truth.error}`
  const { parameters, trainable, bufferElements: buffers } = subtreeTotals(model.root)
  const ours = JSON.stringify({ parameters, trainable, buffers, state: model.stateDict?.map(({ name, tensor }) => [name, tensor.shape, tensor.dtype]) })
  const theirs = JSON.stringify({ parameters: truth.parameters, trainable: truth.trainable, buffers: truth.buffers, state: truth.state.filter(([, shape]) => shape !== null) })
  if (ours !== theirs) return `${ours} instead of ${theirs}`
  const bytes = stateDictFileBytes(model, { torchVersion, fileName: 'model.pt' })
  return bytes.certainty === 'exact' && bytes.value !== truth.file ? `file of ${String(bytes.value)} bytes instead of ${String(truth.file)}` : undefined
}
