import * as fs from 'node:fs'
import * as os from 'node:os'
import * as path from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { readEnvironment } from '../../server/src/core/packages/environment.ts'
import { reportEnvironment } from '../../server/src/core/packages/measured.ts'
import { createDiskFiles } from '../../server/src/host/disk-files.ts'
import { discoverEnvironment } from '../../server/src/host/environments.ts'
import { measureExactly, measureFast } from '../../server/src/host/measure-environment.ts'
import { walkFolder } from '../../server/src/host/walk.ts'
import { makeEnvironment } from '../support/made-environment.ts'

const files = createDiskFiles()
const root = fs.mkdtempSync(path.join(os.tmpdir(), 'footprint-env-'))
const site = `${root}/project/.venv/lib/python3.11/site-packages`
afterAll(() => { fs.rmSync(root, { recursive: true, force: true }) })

beforeAll(() => {
  makeEnvironment(site, [
    { name: 'torch', version: '2.13.0', files: 40, bytes: 900_000, filesWithoutSize: 7, requires: ['sympy'] },
    { name: 'sympy', version: '1.14.0', files: 30, bytes: 200_000 },
    { name: 'nvidia-nccl-cu13', version: '2.29.7', files: 8, bytes: 500_000 },
  ])
  fs.writeFileSync(`${root}/project/.venv/pyvenv.cfg`, 'home = /usr/bin\nversion = 3.11.7\n')
  fs.writeFileSync(`${site}/stray.txt`, 'x'.repeat(321))
  fs.mkdirSync(`${site}/torch/lib/more`, { recursive: true })
  fs.writeFileSync(`${root}/liboutside.so`, 'y'.repeat(4321))
  fs.symlinkSync(`${root}/liboutside.so`, `${site}/torch/lib/liblinked.so`)
  fs.appendFileSync(`${site}/torch-2.13.0.dist-info/RECORD`, 'torch/lib/liblinked.so,,\r\n')
  fs.symlinkSync('..', `${site}/torch/lib/more/loop`)
  fs.symlinkSync('nowhere', `${site}/torch/lib/more/dangling`)
  fs.linkSync(`${site}/stray.txt`, `${site}/torch/lib/more/second-name.txt`)
})

/** The independent walk: every entry that is no folder, by lstat, each inode once. */
function walked(folder: string): { bytes: number; files: number } {
  const seen = new Set<string>()
  let bytes = 0
  let count = 0
  for (const entry of fs.readdirSync(folder, { recursive: true, withFileTypes: true })) {
    const found = fs.lstatSync(path.join(entry.parentPath, entry.name))
    const identity = `${String(found.dev)}:${String(found.ino)}`
    if (found.isDirectory() || seen.has(identity)) continue
    seen.add(identity)
    bytes += found.size
    count += 1
  }
  return { bytes, files: count }
}

describe('the exact measure', () => {
  it('equals a walk by lstat, hard links once, links not followed', () => {
    const environment = readEnvironment(files, { sitePackages: [site], chosenBecause: '', target: {} })
    const report = reportEnvironment(environment, measureExactly(files, environment), undefined)
    const truth = walked(site)
    expect(report.total).toEqual({ bytes: { value: truth.bytes, certainty: 'exact' }, files: truth.files })
    expect(report.packages.reduce((sum, entry) => sum + (entry.bytes.value ?? 0), report.unowned?.bytes.value ?? 0)).toBe(truth.bytes)
    expect(report.packages.find((entry) => entry.key === 'sympy')).toMatchObject({ bytes: { value: 200_000, certainty: 'exact' }, files: 30, requiredBy: ['torch'] })
    expect(report.outside).toEqual([{ path: fs.realpathSync(`${root}/liboutside.so`), bytes: 4321, package: 'torch' }])
    expect(report.unowned?.files).toBe(3)
    expect(report.orphans.map((orphan) => orphan.name)).toEqual(['nvidia-nccl-cu13'])
  })

  it('is met by the fast one within 0.3 %', () => {
    const environment = readEnvironment(files, { sitePackages: [site], chosenBecause: '', target: {} })
    const exactly = measureExactly(files, environment)
    const fast = measureFast(files, environment, { sizeless: 'all' })
    for (const [key, size] of exactly.packages) expect(Math.abs((fast.packages.get(key)?.bytes.value ?? 0) / (size.bytes.value ?? 1) - 1)).toBeLessThan(key === 'torch' ? 0.006 : 0.003)
  })

  it('says what it may not read', () => {
    expect(walkFolder(`${root}/vanished`, () => undefined).problems).toEqual([{ path: `${root}/vanished`, message: 'cannot be listed (ENOENT)' }])
  })
})

describe('discovery', () => {
  const machine = { variables: { PATH: '' }, home: `${root}/home`, platform: 'linux', architecture: 'x64' }

  it('prefers what the user named', () => {
    expect(discoverEnvironment(files, { sitePackages: [site], startFolders: [], machine })).toMatchObject({ location: { sitePackages: [site], chosenBecause: 'named with --site-packages' } })
    expect(discoverEnvironment(files, { sitePackages: [`${root}/none`], startFolders: [], machine })).toMatchObject({ kind: 'failure', message: `${root}/none: does not exist` })
    expect(discoverEnvironment(files, { python: `${root}/none/python`, startFolders: [], machine })).toMatchObject({ kind: 'failure' })
  })
  it('finds .venv from a folder below upward, and says why others were passed over', () => {
    fs.mkdirSync(`${root}/other/lib/python3.12/site-packages`, { recursive: true })
    fs.mkdirSync(`${root}/project/src/deep`, { recursive: true })
    const found = discoverEnvironment(files, { startFolders: [`${root}/project/src/deep`], machine: { ...machine, variables: { PATH: '', VIRTUAL_ENV: `${root}/other` } } })
    expect(found).toMatchObject({ location: { sitePackages: [site], chosenBecause: `${root}/project/.venv (VIRTUAL_ENV holds no torch)` } })
  })
  it('finds the environment of an interpreter without running it', () => {
    fs.mkdirSync(`${root}/project/.venv/bin`, { recursive: true })
    fs.symlinkSync('/usr/bin/env', `${root}/project/.venv/bin/python`)
    expect(discoverEnvironment(files, { python: `${root}/project/.venv/bin/python`, startFolders: [], machine })).toMatchObject({ location: { sitePackages: [site] } })
  })
  it('reads the version files of pyenv', () => {
    fs.mkdirSync(`${root}/home/.pyenv/shims`, { recursive: true })
    fs.writeFileSync(`${root}/home/.pyenv/shims/python3`, '#!/bin/sh\n')
    fs.writeFileSync(`${root}/home/.pyenv/version`, '3.10.1\n')
    fs.mkdirSync(`${root}/home/.pyenv/versions/3.10.1/lib/python3.10/site-packages/torch`, { recursive: true })
    expect(discoverEnvironment(files, { startFolders: [], machine: { ...machine, variables: { PATH: `${root}/home/.pyenv/shims` } } })).toMatchObject({ location: { sitePackages: [`${root}/home/.pyenv/versions/3.10.1/lib/python3.10/site-packages`] } })
  })
})
