import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import { createModelSession, type ModelSession } from '../../../server/src/core/layers/model-session.ts'
import { startPythonParser } from '../../../server/src/host/python-parser.ts'
import type { PythonParser } from '../../../server/src/core/syntax/parser.ts'
import { disagreement, readLayerOracle } from '../../oracle/layers/compare-layers.ts'
import { memoryFiles } from './memory-files.ts'

const ORACLES = join(import.meta.dirname, '../../oracle/layers')
const FILE = '/work space/case.py'

/** Forms that PyTorch takes and we answer with unknown: a reason each, so that the list can only shrink knowingly. */
const MAY_BE_UNKNOWN = 0.03

let parser: PythonParser
beforeAll(async () => { parser = await startPythonParser(import.meta.dirname) })

describe.each(readdirSync(ORACLES).filter((name) => name.endsWith('.oracle.json.gz')))('%s', (name) => {
  const oracle = readLayerOracle(join(ORACLES, name))
  const texts = new Map<string, string>()
  let session: ModelSession | undefined

  it('every form of every layer has the names, shapes and types of PyTorch, or is unknown', () => {
    session ??= createModelSession({ files: memoryFiles(texts), parser, roots: ['/work space'], sitePackages: [], torchVersion: oracle.torch })
    const wrong: string[] = []
    let unknown = 0
    for (const [source, truth] of oracle.cases) {
      texts.set(FILE, oracle.prelude + source)
      const found = disagreement(session.evaluate({ file: FILE, expression: 'm' }), truth)
      if (found?.startsWith('unknown') === true) unknown += 1
      else if (found !== undefined) wrong.push(`${source}\n    ${found}`)
    }
    expect(wrong).toEqual([])
    expect(unknown / oracle.cases.length).toBeLessThan(MAY_BE_UNKNOWN)
  })
})
