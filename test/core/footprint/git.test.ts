import * as fs from 'node:fs'
import * as path from 'node:path'
import { describe, expect, test } from 'vitest'
import { readGitIndex } from '../../../server/src/core/footprint/git-index.ts'
import { findGitRepository } from '../../../server/src/core/footprint/git-repository.ts'
import { AnalysisHost } from '../../../server/src/core/analysis.ts'
import { startPythonParser } from '../../../server/src/host/python-parser.ts'
import { memoryFiles } from '../../support/memory-files.ts'

const fixture = (name: string): Uint8Array => new Uint8Array(fs.readFileSync(path.resolve(import.meta.dirname, '../../fixtures/git', name)))
const index = fixture('tracked-model.index')
const parser = await startPythonParser(import.meta.dirname)

describe('.git/index', () => {
  test.each(['tracked-model.index', 'version-4.index'])('%s, as git wrote it', (name) => {
    expect(readGitIndex(fixture(name))).toEqual([{ path: 'a.txt', bytes: 3 }, { path: 'model.pt', bytes: 250_000_000 }, { path: 'src/app.py', bytes: 2 }])
  })

  test('broken ones are not read, and never throw', () => {
    for (const name of ['tracked-model.index', 'version-4.index']) {
      const whole = fixture(name)
      for (let length = 0; length < whole.length - 40; length++) expect(readGitIndex(whole.slice(0, length))).toBeUndefined()
      for (let at = 0; at < whole.length; at++) readGitIndex(whole.map((byte, index) => (index === at ? 255 - byte : byte)))
    }
  })

  test('one that names another index is incomplete', () => {
    const link = new Uint8Array([...index.slice(0, -20), 0x6c, 0x69, 0x6e, 0x6b, 0, 0, 0, 0, ...index.slice(-20)])
    expect(readGitIndex(link)).toBeUndefined()
  })
})

describe('a repository', () => {
  const repository = (files: Record<string, string>, folder = '/r') => findGitRepository(memoryFiles(new Map<string, string | Uint8Array>([['/r/.git/index', index], ...Object.entries(files)])), folder)

  test('is found from below, through a file that says where it is, or not at all', () => {
    expect(repository({ '/r/a/b/c.txt': '' }, '/r/a/b')?.top).toBe('/r')
    expect(findGitRepository(memoryFiles(new Map<string, string | Uint8Array>([['/w/.git', 'gitdir: ../main/.git/worktrees/w\n'], ['/w/../main/.git/worktrees/w/index', index]])), '/w')?.tracked).toHaveLength(3)
    expect(findGitRepository(memoryFiles(new Map([['/w/a', '']])), '/w')).toBeUndefined()
  })

  test('knows Git LFS by its attributes: the last word counts, deeper files and names for attributes too', () => {
    const isInLfs = (files: Record<string, string>, name: string) => repository(files)?.isInLfs(name)
    expect(isInLfs({ '/r/.gitattributes': '*.pt filter=lfs diff=lfs merge=lfs -text\n' }, 'deep/in/model.pt')).toBe(true)
    expect(isInLfs({ '/r/.gitattributes': '*.pt filter=lfs\nold.pt -filter\n' }, 'old.pt')).toBe(false)
    expect(isInLfs({ '/r/.gitattributes': '*.pt filter=lfs\n', '/r/raw/.gitattributes': '*.pt !filter\n' }, 'raw/x.pt')).toBe(false)
    expect(isInLfs({ '/r/.gitattributes': '[attr]large filter=lfs -text\n"my models/*.pt" large\n' }, 'my models/x.pt')).toBe(true)
    expect(isInLfs({ '/r/.gitattributes': '*.pt filter=other\n# *.pt filter=lfs\n' }, 'x.pt')).toBe(false)
    expect(isInLfs({}, 'x.pt')).toBe(false)
  })

  test('knows what is ignored', () => {
    const found = repository({ '/r/.gitignore': 'venv/\n', '/r/.git/info/exclude': '*.bin\n', '/r/a/.gitignore': '*.pt\n' })!
    expect(['venv/x', 'x.bin', 'a/x.pt', 'x.pt', 'a/b/x.pt'].map((name) => found.isIgnored(name))).toEqual([true, true, true, false, true])
  })

  test('knows what the user ignores everywhere, by the usual place or the one that settings name', () => {
    const ignored = (files: Record<string, string>, variables: Record<string, string> = {}) =>
      findGitRepository(memoryFiles(new Map<string, string | Uint8Array>([['/r/.git/index', index], ...Object.entries(files)])), '/r', { variables, home: '/home/me' })!.isIgnored('x.pt')
    expect(ignored({ '/home/me/.config/git/ignore': '*.pt\n' })).toBe(true)
    expect(ignored({ '/settings/git/ignore': '*.pt\n' }, { XDG_CONFIG_HOME: '/settings' })).toBe(true)
    expect(ignored({ '/home/me/.gitconfig': '[core]\n\texcludesFile = ~/ignored\n', '/home/me/ignored': '*.pt\n' })).toBe(true)
    expect(ignored({ '/r/.git/config': '[core]\n\texcludesfile = /x/y\n', '/x/y': '*.pt\n', '/home/me/.config/git/ignore': '*.bin\n' })).toBe(true)
    expect(ignored({ '/home/me/.gitconfig': '[core]\nexcludesfile = /x/y\n', '/x/y': '*.log\n', '/home/me/.config/git/ignore': '*.pt\n' })).toBe(false)
    expect(ignored({ '/home/me/.config/git/ignore': '*.pt\n', '/r/.gitignore': '!x.pt\n' })).toBe(false)
  })

  test('a worktree has the ignores of the repository that it belongs to', () => {
    const files = memoryFiles(new Map<string, string | Uint8Array>([
      ['/w/.git', 'gitdir: /main/.git/worktrees/w\n'], ['/main/.git/worktrees/w/index', index], ['/main/.git/worktrees/w/commondir', '../..\n'], ['/main/.git/worktrees/w/../../info/exclude', '*.bin\n'],
    ]))
    expect(findGitRepository(files, '/w')?.isIgnored('x.bin')).toBe(true)
  })
})

describe('committed-large-file', () => {
  const findings = (given: Record<string, string | Uint8Array>, listed: Record<string, number> = {}) => {
    const host = new AnalysisHost({ files: memoryFiles(new Map(Object.entries(given))), parser, listProject: () => Object.entries(listed).map(([name, bytes]) => ({ path: name, bytes })) })
    host.configure([{ folder: '/r', settings: {} }], undefined)
    return host.workspaceFindings('/r')
  }

  test('tracked', () => {
    expect(findings({ '/r/.git/index': index })).toMatchObject([{ rule: 'committed-large-file', file: '/r/model.pt', message: 'Git tracks model.pt with 250 MB: hosts such as GitHub refuse files over 105 MB', refusal: 'Git has to forget it first: `git rm --cached model.pt`', fixes: [] }])
    expect(findings({ '/r/.git/index': index, '/r/.gitattributes': '*.pt filter=lfs\n' })).toEqual([])
    expect(findings({})).toEqual([])
  })

  test('about to be: neither ignored, nor in LFS, nor tracked', () => {
    const git = { '/r/.git/index': index, '/r/.gitattributes': 'model.pt filter=lfs\n*.lfs.pt filter=lfs\n', '/r/.gitignore': '*.log' }
    const found = findings(git, { '/r/new.pt': 200_000_000, '/r/small.pt': 100, '/r/x.lfs.pt': 200_000_000, '/r/model.pt': 250_000_000 })
    expect(found).toMatchObject([{ file: '/r/new.pt', fixes: [{ title: 'Ignore /new.pt', edits: [{ file: '/r/.gitignore', newText: '\n/new.pt\n', range: { start: { line: 0, character: 5 } } }] }] }])
  })
})
