import * as fs from 'node:fs'
import * as path from 'node:path'
import { fileURLToPath } from 'node:url'
import { beforeAll, describe, expect, it } from 'vitest'
import { CheckpointState } from '../../../server/src/core/checkpoint-state.ts'
import { storedValue } from '../../../server/src/core/footprint/stored-values.ts'
import { analyseFile } from '../../../server/src/core/layers/find-models.ts'
import { createModelSession, type ModelSession } from '../../../server/src/core/layers/model-session.ts'
import { isFailure, type Files } from '../../../server/src/core/ports.ts'
import type { PythonParser } from '../../../server/src/core/syntax/parser.ts'
import { createDiskFiles } from '../../../server/src/host/disk-files.ts'
import { inflate } from '../../../server/src/host/inflate.ts'
import { startPythonParser } from '../../../server/src/host/python-parser.ts'

const folder = fileURLToPath(new URL('../../oracle/state-loading', import.meta.url)).replaceAll('\\', '/')
const file = `${folder}/files/program.py`

interface Recorded { readonly name: string, readonly program: string, readonly raises: boolean, readonly other?: string, readonly missing?: readonly string[], readonly unexpected?: readonly string[], readonly misfits?: readonly string[] }

/** What PyTorch refuses and this project does not see, each for a reason that it has. */
const silent = new Map([
  ['between models', 'no file is at fault'],
  ['parametrized', 'what parametrizations make of old names is not followed'],
  ['spectral norm', 'its hooks are not followed'],
])

let parser: PythonParser
beforeAll(async () => { parser = await startPythonParser(process.cwd()) })

describe.each(fs.readdirSync(path.join(folder, 'results')).filter((name) => name.endsWith('.oracle.json')))('%s', (name) => {
  const { torch, head, programs } = JSON.parse(fs.readFileSync(path.join(folder, 'results', name), 'utf8')) as { torch: string, head: string, programs: readonly Recorded[] }
  let session: ModelSession
  let text = ''
  beforeAll(() => {
    const disk = createDiskFiles()
    const files: Files = { ...disk, readText: (at, max) => (at === file ? text : disk.readText(at, max)), stat: (at) => (at === file ? { kind: 'file', bytes: text.length, modified: 0 } : disk.stat(at)) }
    const checkpoints = new CheckpointState(files, inflate)
    session = createModelSession({
      files, parser, roots: [`${folder}/files`], sitePackages: [], torchVersion: torch, documentText: (at) => (at === file ? text : undefined),
      readStored: (at) => { const reading = checkpoints.of(at, torch); return isFailure(reading) ? undefined : storedValue(reading) },
    })
  })

  it('what does not fit is what PyTorch refuses, name by name', () => {
    const wrong: unknown[] = []
    let seen = 0
    for (const one of programs) {
      text = head + one.program
      const [refused, ...others] = analyseFile(session, file).refused ?? []
      // The rule says no more here than under `if os.path.exists(...)`.
      if (refused?.isUndecided && one.name !== 'only when there') continue
      if (others.length > 0) wrong.push({ name: one.name, refused, others })
      if (!refused) {
        if (one.raises && !silent.has(one.name)) wrong.push({ name: one.name, silent: true, said: one })
        continue
      }
      seen += 1
      const ours = { missing: refused.missing, unexpected: refused.unexpected, misfits: refused.misfits.filter((misfit) => misfit.includes('the file has')).map((misfit) => misfit.split(':')[0]) }
      const theirs = { missing: one.missing ?? [], unexpected: one.unexpected ?? [], misfits: one.misfits ?? [] }
      for (const key of ['missing', 'unexpected', 'misfits'] as const) if (JSON.stringify([...ours[key]].sort()) !== JSON.stringify([...theirs[key]].sort())) wrong.push({ name: one.name, key, ours: ours[key], theirs: theirs[key] })
    }
    expect(wrong).toEqual([])
    expect(seen).toBeGreaterThan(30)
  })
})
