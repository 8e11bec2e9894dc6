import * as fs from 'node:fs'
import * as os from 'node:os'
import * as path from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { readEnvironment } from '../../server/src/core/packages/environment.ts'
import { reportEnvironment } from '../../server/src/core/packages/measured.ts'
import { createDiskFiles } from '../../server/src/host/disk-files.ts'
import { discoverEnvironment } from '../../server/src/host/environments.ts'
import { measureExactly, measureFast } from '../../server/src/host/measure-environment.ts'
import { sharedElsewhere, walkFolder, type MetLinks } from '../../server/src/host/walk.ts'
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

  it('goes on to the system for a venv that shares it, and through links to one that lies elsewhere', () => {
    const base = `${root}/base`
    fs.mkdirSync(`${base}/bin`, { recursive: true })
    fs.mkdirSync(`${base}/lib/python3.11/site-packages/numpy`, { recursive: true })
    fs.writeFileSync(`${base}/bin/python3.11`, '')
    fs.symlinkSync('python3.11', `${base}/bin/python3`)
    const venv = `${root}/shared/.venv`
    fs.mkdirSync(`${venv}/lib/python3.11/site-packages/torch`, { recursive: true })
    fs.writeFileSync(`${venv}/pyvenv.cfg`, `home = ${base}/bin\ninclude-system-site-packages = true\nversion = 3.11.4\n`)
    fs.mkdirSync(`${root}/linked`)
    fs.symlinkSync(venv, `${root}/linked/.venv`)
    for (const folder of ['shared', 'linked']) {
      const prefix = `${root}/${folder}/.venv`
      expect(discoverEnvironment(files, { startFolders: [`${root}/${folder}`], machine })).toMatchObject({ location: { sitePackages: [`${prefix}/lib/python3.11/site-packages`, `${base}/lib/python3.11/site-packages`] } })
    }
  })
  it.each([
    ['Poetry', '.cache/pypoetry/virtualenvs/my-app-Ab3dEf9h-py3.11'],
    ['Pipenv', '.local/share/virtualenvs/my_app-x1Y2z3W4'],
  ])('finds the environment of %s by the name of the project', (tool, folder) => {
    const home = `${root}/home-${tool}`
    fs.mkdirSync(`${home}/${folder}/lib/python3.11/site-packages/torch`, { recursive: true })
    fs.mkdirSync(`${home}/work/my_app`, { recursive: true })
    expect(discoverEnvironment(files, { startFolders: [`${home}/work/my_app`], machine: { ...machine, home } })).toMatchObject({ location: { sitePackages: [`${home}/${folder}/lib/python3.11/site-packages`] } })
  })
  it('knows a conda environment by its conda-meta', () => {
    const prefix = `${root}/conda/envs/ml`
    fs.mkdirSync(`${prefix}/conda-meta`, { recursive: true })
    fs.mkdirSync(`${prefix}/lib/python3.12/site-packages/torch`, { recursive: true })
    expect(discoverEnvironment(files, { startFolders: [], machine: { ...machine, variables: { PATH: '', CONDA_PREFIX: prefix } } })).toMatchObject({ location: { sitePackages: [`${prefix}/lib/python3.12/site-packages`] } })
  })
})

describe('installations of unusual shape', () => {
  const folder = `${root}/unusual`
  const read = () => readEnvironment(files, { sitePackages: [folder], chosenBecause: '', target: {} })
  const write = (relative: string, text: string | Buffer) => {
    fs.mkdirSync(path.dirname(`${folder}/${relative}`), { recursive: true })
    fs.writeFileSync(`${folder}/${relative}`, text)
  }
  beforeAll(() => {
    // Two packages in one namespace, one of them without RECORD.
    write('google/cloud/a.py', 'a'.repeat(100))
    write('google_cloud_a-1.dist-info/METADATA', 'Name: google-cloud-a\nVersion: 1\n\n')
    write('google_cloud_a-1.dist-info/RECORD', 'google/cloud/a.py,,100\ngoogle_cloud_a-1.dist-info/METADATA,,\ngoogle_cloud_a-1.dist-info/RECORD,,\n')
    write('google/cloud/b.py', 'b'.repeat(50))
    // An editable install: its sources lie elsewhere.
    write('__editable__.mine-0.1.pth', '/home/me/mine/src\n')
    write('mine-0.1.dist-info/METADATA', 'Name: mine\nVersion: 0.1\nRequires-Dist: google-cloud-a\n\n')
    write('mine-0.1.dist-info/RECORD', '__editable__.mine-0.1.pth,,18\nmine-0.1.dist-info/METADATA,,\nmine-0.1.dist-info/RECORD,,\n')
    // Metadata in Latin-1, a RECORD that is a folder, one with broken lines, one that names what is gone.
    write('latin-2.0.dist-info/METADATA', Buffer.from('Name: latin\nVersion: 2.0\nAuthor: Andr\u00e9\n\n', 'latin1'))
    write('latin-2.0.dist-info/RECORD', 'latin.py,,5\nlatin-2.0.dist-info/METADATA,,\nbroken line\n"quoted, comma.py",,4\n')
    write('latin.py', '12345')
    write('quoted, comma.py', '1234')
    fs.mkdirSync(`${folder}/odd-3.dist-info/RECORD`, { recursive: true })
    write('odd-3.dist-info/METADATA', 'Name: odd\nVersion: 3\n\n')
    write('odd/__init__.py', '123')
    write('gone-4.dist-info/METADATA', 'Name: gone\nVersion: 4\n\n')
    write('gone-4.dist-info/RECORD', 'gone/__init__.py,,77\ngone-4.dist-info/METADATA,,\n')
    write('~orch-1.dist-info/METADATA', 'Name: torch\nVersion: 1\n\n')
    fs.symlinkSync('loop-b', `${folder}/loop-a`)
    fs.symlinkSync('loop-a', `${folder}/loop-b`)
    fs.symlinkSync('.', `${folder}/self`)
  })

  it('are measured to the byte, and what is wrong is named', () => {
    const environment = read()
    const measured = measureExactly(files, environment)
    const report = reportEnvironment(environment, measured, undefined)
    const truth = walked(folder)
    expect([report.total.bytes.value, report.total.files]).toEqual([truth.bytes, truth.files])
    const bytesOf = (key: string) => report.packages.find((one) => one.key === key)?.bytes.value
    const lengthOf = (name: string) => fs.statSync(`${folder}/${name}`).size
    expect(bytesOf('google-cloud-a')).toBe(100 + lengthOf('google_cloud_a-1.dist-info/METADATA') + lengthOf('google_cloud_a-1.dist-info/RECORD'))
    expect(bytesOf('mine')).toBe(18 + lengthOf('mine-0.1.dist-info/METADATA') + lengthOf('mine-0.1.dist-info/RECORD'))
    expect(bytesOf('latin')).toBe(5 + 4 + lengthOf('latin-2.0.dist-info/METADATA'))
    expect(bytesOf('odd')).toBe(3 + lengthOf('odd-3.dist-info/METADATA'))
    expect(bytesOf('gone')).toBe(lengthOf('gone-4.dist-info/METADATA'))
    expect(measured.problems.map(({ path: where, message }) => `${where.slice(folder.length + 1)}: ${message}`).sort()).toEqual([
      'latin-2.0.dist-info/RECORD: 1 broken line; the files they should name count as unowned', 'odd-3.dist-info/RECORD: it is a folder; its files are found by their top-level names',
    ])
    expect(environment.notes.map(({ message }) => message)).toEqual(expect.arrayContaining(['left over from an uninstallation that broke off', 'METADATA is not UTF-8; read as Latin-1']))
  })

  it('count hard links between environments in each of them, once', () => {
    const cache = `${root}/cache`
    fs.mkdirSync(cache)
    const other = `${root}/other-env/x`
    fs.mkdirSync(other, { recursive: true })
    fs.writeFileSync(`${cache}/wheel.so`, 'x'.repeat(1000))
    for (const name of ['x.so', 'y.so']) fs.linkSync(`${cache}/wheel.so`, `${other}/${name}`)
    fs.writeFileSync(`${other}/own.so`, 'z'.repeat(70))
    fs.linkSync(`${other}/own.so`, `${other}/own-again.so`)
    const met: MetLinks = new Map()
    let bytes = 0
    walkFolder(path.dirname(other), (_path, size) => { bytes += size }, met)
    expect(bytes).toBe(1070)
    expect(sharedElsewhere(met)).toEqual({ bytes: 1000, files: 1 })
  })
})
