import * as fs from 'node:fs'
import { fileURLToPath } from 'node:url'
import { expect, it } from 'vitest'
import { analyseFile } from '../../../server/src/core/layers/find-models.ts'
import { createModelSession } from '../../../server/src/core/layers/model-session.ts'
import { startPythonParser } from '../../../server/src/host/python-parser.ts'
import { memoryFiles } from './memory-files.ts'

const folder = fileURLToPath(new URL('../../oracle/tied-saves/results', import.meta.url))
const parser = await startPythonParser(process.cwd())

interface Recorded { readonly name: string, readonly program: string, readonly refused: boolean, readonly extra: number }

it.each(fs.readdirSync(folder).filter((name) => name.endsWith('.oracle.json')))('%s: what is refused, and what copies cost', (name) => {
  const { torch, head, programs } = JSON.parse(fs.readFileSync(`${folder}/${name}`, 'utf8')) as { torch: string, head: string, programs: readonly Recorded[] }
  const texts = new Map<string, string>()
  const session = createModelSession({ files: memoryFiles(texts), parser, roots: ['/p'], sitePackages: [], torchVersion: torch })
  const ours = programs.map(({ name: title, program }) => {
    texts.set('/p/main.py', head + program)
    const [found, ...others] = analyseFile(session, '/p/main.py').shared ?? []
    expect(others).toEqual([])
    return { name: title, refused: found?.how === 'refused', extra: found?.how === 'twice' ? found.bytes : 0 }
  })
  // "best and last" is the same elements at two times, which only the programmer knows to be equal.
  expect(ours).toEqual(programs.map(({ name: title, refused, extra }) => ({ name: title, refused, extra })))
})
