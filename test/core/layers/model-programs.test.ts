import { readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { beforeAll, describe, expect, it } from 'vitest'
import { createModelSession } from '../../../server/src/core/layers/model-session.ts'
import type { PythonParser } from '../../../server/src/core/syntax/parser.ts'
import { startPythonParser } from '../../../server/src/host/python-parser.ts'
import { disagreement, type Truth } from '../../oracle/models/disagreement.ts'
import { memoryFiles } from './memory-files.ts'

const ORACLES = join(import.meta.dirname, '../../oracle/models')
/** Functions of torch that are not followed (numpy, FFT, fx, lazy layers after a call): honest unknowns. */
const MAY_BE_UNKNOWN = 0.25

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
